"""An issue of a report: the period it is about, and the mail that brings it. Knows no library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from reportgen.config.settings import Rhythm


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time that one issue is about."""

    key: str
    """``2026-W47``, ``2026-11-23``, ``2026-11``, or ``sweep-<first 12 of the digest>``; names its folder."""
    rhythm: Rhythm
    start: datetime | None
    """With its zone; None for a sweep."""
    end: datetime | None
    """The first moment that is not in it, with its zone; None for a sweep."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One numbered issue in the archive."""

    number: int
    period: Period
    folder: Path
    """Holds the frozen numbers, all outputs and what was sent, such as ``reports/issues/2026-W47``."""
    digest: str
    """SHA-256 of the frozen numbers."""
    outputs: tuple[Path, ...]
    corrects: str | None = None
    """Key of the period's issue that was sent before, where this one corrects it."""
    checksums: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each output by its file name, as it was archived."""

    @property
    def key(self) -> str:
        """Name of its folder: the period's key, for a correction with a number behind it (``2026-W47-2``)."""
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Edition:
    """What a report says of itself as an issue."""

    number: int
    """Counts up over the archive, corrections among them."""
    period: Period
    corrects: int | None = None
    """Number of the issue that it corrects."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An issue that is about to be made: its place in the archive is known before its text is written."""

    edition: Edition
    folder: Path
    corrects: str | None = None
    """Key of the issue that it corrects."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail of an issue that left: to whom, under which Message-ID, when."""

    recipient: str
    message_id: str
    at: datetime
    """With its zone."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside the text of a mail."""

    cid: str
    png: bytes
    alt: str
    width: int
    """In CSS pixels; the picture has twice as many."""


@dataclass(frozen=True, slots=True)
class MailBody:
    """What a mail says, made from the report: subject, both texts and the pictures in them."""

    subject: str
    text: str
    html: str
    pictures: tuple[Picture, ...]
    attached: tuple[str, ...] = ()
    """Formats of the issue's outputs that both texts say are attached."""
    lighter: tuple[MailBody, ...] = ()
    """The same mail saying that fewer files are attached, for servers that take small mails only."""


DeliveryState = Literal["waiting", "sending", "sent", "retry", "refused", "unknown", "gave_up"]
"""``unknown``: the server may have it; nobody sends it again but a person who looked."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one reader's mail, as the ledger has it."""

    recipient: str
    state: DeliveryState
    message_id: str
    """Without its angle brackets; the same for every try."""
    attempts: int
    not_before: datetime
    """For ``retry``: when it is tried again."""
    changed: datetime
    detail: str
    """What the server or the network said."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.state in ("sent", "refused", "unknown", "gave_up")
