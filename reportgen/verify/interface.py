"""What a file claims, what it holds place by place, and in what two files differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reportgen.issues import Edition

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file says it was made from."""

    format: str
    digest: str
    """SHA-256 over everything that was read for it."""
    settings: str
    """Fingerprint of the settings that numbers depend on."""
    built_at: datetime
    version: str
    """Of reportgen."""
    title: str
    period: str
    audience: str
    language: str
    paper: str
    metric: str | None
    """The one that decides."""
    command: str
    """That makes it again; ``withheld`` for other audiences than the team."""
    sources: tuple[str, ...]
    """Addresses of the runs, as they were given; each ``withheld`` for other audiences."""
    edition: Edition | None = None
    """What it says of itself as an issue."""
    since: int | None = None
    """Number of the issue that it says what changed since."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a file holds."""

    key: tuple[str, ...]
    """What tells it apart inside the file; the same thing has the same key in two files."""
    place: str
    """Where it stands, for people: ``Comparison!C7``, ``page 3``, ``/runs/total``."""
    value: Scalar


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which the file and the runs do not agree."""

    what: Literal["number", "text", "only in the file", "missing from the file"]
    place: str
    in_file: Scalar
    from_runs: Scalar
