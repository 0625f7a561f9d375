"""How the issues of a report stand: the next ones, the last ones, and whether anything is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from reportgen.config import Config
from reportgen.issues import Delivery
from reportgen.pipeline.desk import LEDGER, job_of, open_desk
from reportgen.pipeline.making import archive_of

if TYPE_CHECKING:
    from reportgen.deliver.email import Ledger
    from reportgen.deliver.schedule import Due, PeriodRecord

_LAST = 5
_NEXT = 3
_GRACE = timedelta(hours=1)
"""A clock fires four times in it."""
_AHEAD = timedelta(days=1)
_WRONG = {
    "working": "",  # it is just being made or sent
    "done": "",
    "retry": "{period} is not sent to all yet: {detail}",
    "failed": "{period} was not sent to all: {detail}",
    "unknown": "of {period} it is not known whether all have it: {detail}",
    "missed": "{period} was not sent to all: {detail}",
}


@dataclass(frozen=True, slots=True)
class PastIssue:
    """An issue in the ledger."""

    period: str
    state: str
    """``done``, ``retry``, ``failed``, ``unknown``, ``missed``, or ``working``."""
    due: datetime
    changed: datetime
    attempts: int
    detail: str
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The next and the last issues of a report."""

    job: str
    coming: tuple[Due, ...]
    past: tuple[PastIssue, ...]
    """The latest first."""
    trouble: str
    """What is wrong with the issue that was due last; empty if nothing is."""
    overdue: str = ""
    """The issue that was due last, where nothing was done about it; empty if that is not so."""

    @property
    def is_done(self) -> bool:
        """Whether the issue that was due last was sent to all."""
        return not self.trouble and (not self.past or self.past[0].state == "done")


def standing(config: Config, now: datetime) -> Standing:
    """Look at the schedule and into the ledger; nothing is written.

    Raises:
        DeliveryError: The ledger cannot be read, or is not this report's.
    """
    from reportgen.deliver.database import explained, open_ledger
    from reportgen.deliver.email import Ledger
    from reportgen.deliver.schedule import PeriodLedger, decide, latest_due, next_issues

    job, file = job_of(config), archive_of(config) / LEDGER
    records: Sequence[PeriodRecord] = ()
    past: tuple[PastIssue, ...] = ()
    since, written = 0.0, now
    if file.exists():
        with explained(file), closing(open_ledger(file)) as connection, Ledger(file, job) as mails:
            periods = PeriodLedger(connection, job, "")
            records, since, written = periods.records(), periods.newest_due(), periods.last_written()
            past = tuple(_past(record, mails) for record in records[:_LAST])
    trouble = _WRONG[past[0].state].format(period=past[0].period, detail=past[0].detail) if past else ""
    if written > now + _AHEAD:
        trouble = behind(written, now)
    due, overdue = latest_due(config.schedule, now), ""
    if due is not None and now - due.at > _GRACE:
        record = next((record for record in records if record.period == due.period.key), None)
        if record is None and decide(due.at, None, since, now, float("inf")) == "start":
            overdue = due.period.key
            trouble = f"{overdue} was due at {due.at:%Y-%m-%d %H:%M} UTC, and nothing has happened"
    coming = tuple(next_issues(config.schedule, now, _NEXT))
    return Standing(job, coming, past, trouble.rstrip(": "), overdue)


def behind(written: datetime, now: datetime) -> str:
    """Say that a clock is wrong, and how to go on."""
    return (
        f"the ledger was written at {written:%Y-%m-%d %H:%M} UTC, and this clock says {now:%Y-%m-%d %H:%M} UTC;"
        " if it is right now, call reportgen schedule install again"
    )


def begin_schedule(config: Config, now: datetime, *, had_one: bool = False) -> None:
    """Let the schedule of a report count from now: what was due before is not sent by itself.

    Args:
        config: The report's.
        now: The time by the clock.
        had_one: Whether it was scheduled already: then nothing is to be done, unless a clock was wrong.

    Raises:
        DeliveryError: The ledger cannot be used.
    """
    with open_desk(config, None) as desk:
        if not had_one or desk.periods.is_ahead(now):
            desk.periods.begin(now)


def _past(record: PeriodRecord, mails: Ledger) -> PastIssue:
    return PastIssue(
        record.period,
        record.state,
        datetime.fromtimestamp(record.due, UTC),
        datetime.fromtimestamp(record.changed, UTC),
        record.attempts,
        record.detail,
        mails.deliveries(record.period),
    )
