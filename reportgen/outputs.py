"""What rendering made: files on disk, and formats that could not be made with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import ReportgenError


@dataclass(frozen=True, slots=True)
class Output:
    """One finished output."""

    format: str
    """Its format's name, such as ``xlsx``."""
    path: Path
    """Where it lies."""
    warnings: tuple[str, ...] = ()
    """What it does not show as it should, such as letters that no installed font has."""


@dataclass(frozen=True, slots=True)
class FailedOutput:
    """An output that could not be made; nothing of it lies at *path*."""

    format: str
    path: Path
    error: ReportgenError


@dataclass(frozen=True, slots=True)
class Outputs:
    """All outputs of one build."""

    made: tuple[Output, ...]
    failed: tuple[FailedOutput, ...]
