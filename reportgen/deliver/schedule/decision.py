"""What to do about the issue that was due last: pure, from what the ledger says."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reportgen.deliver.retries import LONGEST_WAIT_S, wait_s

State = Literal["working", "retry", "done", "failed", "unknown", "missed"]
"""Of a period: being made or sent; to be tried again; sent to all; given up, or refused by some; sent to
somebody or not, nobody knows; not sent since it was too late, or since a later one was due."""

Verdict = Literal[
    "start",
    "nothing_due",
    "done",
    "closed",
    "busy",
    "waiting",
    "later_one",
    "clock_behind",
    "too_late",
    "gave_up",
]
"""Make and send it; nothing is due yet; it was sent; it ended otherwise and is not tried again by itself;
somebody is at it; the time for another try has not come; a later issue is in the ledger, or the schedule
begins later; the same, and the ledger was written long after now: one of the two times is wrong; too late for
a first try; too late for another one."""

LEASE_S = 600.0
"""So long a process may be silent before another one takes over."""


@dataclass(frozen=True, slots=True)
class PeriodRecord:
    """What the ledger holds on one period; times are seconds since the Unix epoch."""

    period: str
    state: State
    owner: str
    lease_until: float
    attempts: int
    not_before: float
    due: float
    changed: float
    detail: str
    told: float
    """When the owner of the report was told that it did not work; 0 if not."""
    by_hand: float
    """When a person asked for it last; 0 where only the schedule did."""


def decide(
    due: datetime, record: PeriodRecord | None, newest_due: float, now: datetime, max_late_s: float
) -> Verdict:
    """Say what to do about an issue.

    Args:
        due: When it is due; not after *now*.
        record: What the ledger holds on it.
        newest_due: The latest due time in the ledger, whatever period it belongs to; 0 if it is empty.
        now: The time by the clock, which may have been set.
        max_late_s: It is not sent by itself when it is later than this.
    """
    at, late_s = due.timestamp(), now.timestamp() - due.timestamp()
    if record is None:
        if newest_due >= at:
            return "later_one"
        return "too_late" if late_s > max_late_s else "start"
    if record.state == "done":
        return "done"
    if record.state in ("failed", "unknown", "missed"):
        return "closed"
    return _go_on(record, now.timestamp(), late_s, max_late_s)


def is_held(record: PeriodRecord, now_s: float) -> bool:
    """Tell whether somebody is at it: a lease longer than there are any comes from a clock set back."""
    return record.state == "working" and now_s < record.lease_until <= now_s + LEASE_S


def next_wait_s(attempts: int, owner: str) -> float:
    """Give the seconds until the next try, not the same for all that failed together."""
    share = zlib.crc32(f"{owner} {attempts}".encode()) / 2**32
    return wait_s(attempts, 2 * share - 1)


def _go_on(record: PeriodRecord, now_s: float, late_s: float, max_late_s: float) -> Verdict:
    if is_held(record, now_s):
        return "busy"
    if late_s > max_late_s:
        return "gave_up"
    is_early = now_s < record.not_before <= now_s + LONGEST_WAIT_S
    return "waiting" if is_early else "start"
