"""What became of an issue, for the command line and for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reportgen.issues import Delivery

Outcome = Literal["done", "retry", "failed", "unknown"]
IssueState = Literal[
    "done",
    "retry",
    "failed",
    "unknown",
    "missed",
    "busy",
    "waiting",
    "nothing_due",
    "running",
    "taken_over",
    "clock_behind",
    "unchanged",
]
"""Sent to all; to be tried again; given up, or refused by some; perhaps not sent to some; too late; another
process is at it; the next try is later; nothing is due; runs are going on; another process took over; the
ledger was written long after now, so one of the two times is wrong; a correction would say what the readers have."""


@dataclass(frozen=True, slots=True)
class IssueResult:
    """What became of an issue in one go."""

    job: str
    period: str
    """Key of the issue; empty where nothing is due."""
    state: IssueState
    duration_s: float = 0.0
    folder: Path | None = None
    """Where the issue lies, if it was made."""
    deliveries: tuple[Delivery, ...] = ()
    missed: tuple[str, ...] = ()
    """Periods that were found to be missed."""
    detail: str = ""
    """What went wrong."""
    notes: tuple[str, ...] = ()
    """What else a person should know."""
    is_news: bool = False
    """Whether anything was done or decided just now."""

    @property
    def is_trouble(self) -> bool:
        """Whether the mail did not surely reach all readers, or an issue was found to be missed."""
        if self.state == "unchanged":
            return outcome(self.deliveries) != "done"
        return self.state in ("retry", "failed", "unknown", "missed", "taken_over", "clock_behind")


def outcome(deliveries: Sequence[Delivery]) -> Outcome:
    """Say what the mails to all readers mean for the issue."""
    states = {entry.state for entry in deliveries}
    if states & {"waiting", "retry", "sending"}:
        return "retry"
    if "unknown" in states:
        return "unknown"
    return "failed" if states & {"refused", "gave_up"} else "done"


def as_json(result: IssueResult) -> dict[str, Any]:
    """Give a result as what ``--json`` prints."""
    return {
        "job": result.job,
        "period": result.period or None,
        "state": result.state,
        "duration_s": round(result.duration_s, 3),
        "folder": None if result.folder is None else str(result.folder),
        "missed": list(result.missed),
        "detail": result.detail,
        "deliveries": [
            {
                "recipient": entry.recipient,
                "state": entry.state,
                "attempts": entry.attempts,
                "detail": entry.detail,
                "message_id": entry.message_id,
            }
            for entry in result.deliveries
        ],
        "notes": list(result.notes),
    }
