"""The rows of periods in the ledger: who is at which issue, and how it ended."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reportgen.config import ScheduleConfig
from reportgen.deliver.database import as_text, writing
from reportgen.deliver.schedule.decision import (
    LEASE_S,
    PeriodRecord,
    State,
    Verdict,
    decide,
    is_held,
    next_wait_s,
)
from reportgen.deliver.schedule.due import Due, dues_between, latest_due
from reportgen.language import message

_AHEAD_S = 86400.0
"""A ledger that was written so long after now tells that a clock is wrong, and not only mended a little."""
_START = ""
"""Key of the row that says since when the schedule counts."""
_COLUMNS = "period, state, owner, lease_until, attempts, not_before, due, changed, detail, told, by_hand"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was decided, and written into the ledger with it."""

    verdict: Verdict
    due: Due | None
    missed: tuple[str, ...] = ()
    """Keys of the periods that were found to be missed."""


class PeriodLedger:
    """The periods of one job in the ledger.

    Args:
        connection: To the ledger, from `open_ledger`.
        job: Name of the report in it.
        owner: Name of this process: one at a time is at an issue.
    """

    def __init__(self, connection: sqlite3.Connection, job: str, owner: str) -> None:
        self._connection, self._job, self._owner = connection, job, owner

    def take_due(self, schedule: ScheduleConfig, now: datetime) -> Taken:
        """Find what is due at *now* and take it, so that no other process does; record what was missed."""
        due = latest_due(schedule, now)
        if due is None:
            return Taken("nothing_due", None)
        with writing(self._connection):
            return self._take_in_turn(due, schedule, now)

    def take_sweep(self, due: Due, now: datetime, max_late_s: float) -> Taken:
        """Take the issue of all runs as they are: due since it was found first; one before gives way to it."""
        with writing(self._connection):
            record = self.record(due.period.key)
            at = datetime.fromtimestamp(record.due, UTC) if record else due.at
            found = Due(due.period, at)
            missed = self._close_older(found, now)
            verdict = decide(at, record, 0.0, now, max_late_s)
            if verdict == "start":
                self._claim(found, record, now)
            elif verdict == "gave_up" and record:
                self._end(record.period, "failed", now, record.detail)
            return Taken(verdict, found, tuple(missed))

    def take_by_hand(self, due: Due, now: datetime, *, again: bool = False) -> Taken:
        """Take the issue of a period because a person wants it, however late and however it ended.

        Args:
            due: The issue.
            now: The time by the clock.
            again: Also if it was sent to all: somebody may be left who is to get it once more.
        """
        with writing(self._connection):
            record = self.record(due.period.key)
            if self.is_busy(due.period.key, now):
                return Taken("busy", due)
            if record is not None and record.state == "done" and not again:
                return Taken("done", due)
            self._claim(due, record, now, by_hand=now.timestamp())
            return Taken("start", due)

    def take_open(self, now: datetime, max_late_s: float) -> str | None:
        """Take an issue that a person asked for and that is not sent to all yet; gives its key.

        None where there is none whose next try has come.
        """
        with writing(self._connection):
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM period WHERE job = ? AND by_hand > 0"  # noqa: S608
                " AND state IN ('working', 'retry') ORDER BY due",
                (self._job,),
            )
            for record in [PeriodRecord(*row) for row in rows]:
                asked = datetime.fromtimestamp(record.by_hand, UTC)
                verdict = decide(asked, record, 0.0, now, max_late_s)
                if verdict == "gave_up":
                    self._end(record.period, "failed", now, record.detail)
                elif verdict == "start":
                    self._reclaim(record, now)
                    return record.period
            return None

    def is_busy(self, key: str, now: datetime) -> bool:
        """Tell whether a process is at an issue."""
        record = self.record(key)
        return record is not None and is_held(record, now.timestamp())

    def record(self, key: str) -> PeriodRecord | None:
        """Give what the ledger holds on a period; None if nothing."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM period WHERE job = ? AND period = ?",  # noqa: S608 constant columns
            (self._job, key),
        ).fetchone()
        return None if row is None else PeriodRecord(*row)

    def records(self) -> list[PeriodRecord]:
        """Give all periods of the job, the latest first."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM period WHERE job = ? AND period <> ? ORDER BY due DESC, changed DESC",  # noqa: S608
            (self._job, _START),
        )
        return [PeriodRecord(*row) for row in rows]

    def newest_due(self) -> float:
        """Give the latest due time there is, or when the schedule began; seconds since the epoch, 0 for none.

        What a person asked for before it was due does not count: what is due before it still is.
        """
        (newest,) = self._connection.execute(
            "SELECT coalesce(max(due), 0) FROM period WHERE job = ? AND NOT (by_hand > 0 AND by_hand < due)",
            (self._job,),
        ).fetchone()
        return float(newest)

    def last_written(self) -> datetime:
        """Give the latest time by any clock at which something was written into the ledger."""
        (latest,) = self._connection.execute(
            "SELECT coalesce(max(changed), 0) FROM period WHERE job = ?", (self._job,)
        ).fetchone()
        return datetime.fromtimestamp(latest, UTC)

    def is_ahead(self, now: datetime) -> bool:
        """Tell whether the ledger was written long after now: then, or now, the clock is wrong."""
        return self.last_written().timestamp() > now.timestamp() + _AHEAD_S

    def begin(self, now: datetime) -> None:
        """Let the schedule count from *now*: nothing that was due before is sent by itself.

        What a clock that was ahead has left behind is no hindrance any more; what was sent stays sent.
        """
        moment = now.timestamp()
        with writing(self._connection) as ledger:
            ledger.execute(
                "DELETE FROM period WHERE job = ? AND state = 'missed' AND changed > ?", (self._job, moment)
            )
            ledger.execute(
                "UPDATE period SET due = min(due, ?), changed = ? WHERE job = ? AND changed > ?",
                (moment, moment, self._job, moment),
            )
            ledger.execute(
                "INSERT INTO period (job, period, state, due, changed) VALUES (?, ?, 'done', ?, ?)"
                " ON CONFLICT DO UPDATE SET due = excluded.due, changed = excluded.changed",
                (self._job, _START, moment, moment),
            )

    def renew(self, key: str, now: datetime) -> bool:
        """Say that this process is still at it; False if another one has taken over."""
        changed = self._connection.execute(
            "UPDATE period SET lease_until = ? WHERE job = ? AND period = ? AND owner = ? AND state = 'working'",
            (now.timestamp() + LEASE_S, self._job, key, self._owner),
        )
        return changed.rowcount == 1

    def finish(
        self, key: str, state: State, now: datetime, detail: str = "", *, not_before: float | None = None
    ) -> bool:
        """Write how it ended; False, and nothing is written, if another process has taken over.

        Args:
            key: The period.
            state: How it ended.
            now: The time by the clock.
            detail: What went wrong.
            not_before: When it is to be tried again, where that is known better than here.
        """
        changed = self._connection.execute(
            "UPDATE period SET state = ?, changed = ?, detail = ?, lease_until = 0,"
            " not_before = coalesce(?, not_before)"
            " WHERE job = ? AND period = ? AND owner = ? AND state = 'working'",
            (state, now.timestamp(), as_text(detail), not_before, self._job, key, self._owner),
        )
        return changed.rowcount == 1

    def drop(self, key: str) -> None:
        """Forget an issue that this process has taken, and of which there is nothing to be made."""
        self._connection.execute(
            "DELETE FROM period WHERE job = ? AND period = ? AND owner = ? AND state = 'working'",
            (self._job, key, self._owner),
        )

    def untold(self, least_attempts: int) -> list[PeriodRecord]:
        """Give what went wrong and was not told to the owner: for good, or in so many tries."""
        return [
            record
            for record in self.records()
            if record.told == 0
            and (
                record.state in ("missed", "failed", "unknown")
                or (record.state == "retry" and record.attempts >= least_attempts)
            )
        ]

    def restate(self, key: str, state: State, now: datetime) -> None:
        """Write the state of a period that nobody is at, after a person has settled a doubt."""
        with writing(self._connection):
            self._connection.execute(
                "UPDATE period SET state = ?, changed = ?, detail = '' WHERE job = ? AND period = ?"
                " AND state <> 'working'",
                (state, now.timestamp(), self._job, key),
            )

    def tell(self, keys: Sequence[str], now: datetime) -> None:
        """Write that the owner of the report was told of these periods."""
        with writing(self._connection):
            self._connection.executemany(
                "UPDATE period SET told = ? WHERE job = ? AND period = ?",
                [(now.timestamp(), self._job, key) for key in keys],
            )

    def _take_in_turn(self, due: Due, schedule: ScheduleConfig, now: datetime) -> Taken:
        newest = self.newest_due()
        record = self.record(due.period.key)
        missed = self._close_older(due, now)
        if 0 < newest < due.at.timestamp():
            missed += self._record_missed(
                dues_between(schedule, datetime.fromtimestamp(newest, UTC), due.at), due, now
            )
        asked = due.at if record is None else max(due.at, datetime.fromtimestamp(record.by_hand, UTC))
        verdict = decide(asked, record, newest, now, schedule.max_late_s)
        if verdict in ("later_one", "closed") and self.is_ahead(now):
            verdict = "clock_behind"
        elif verdict == "start":
            self._claim(due, record, now)
        elif verdict == "too_late":
            self._insert(due, "missed", now, message("it was too late when it was found to be due"))
            missed.append(due.period.key)
        elif verdict == "gave_up" and record:
            self._end(record.period, "failed", now, record.detail)
        return Taken(verdict, due, tuple(missed))

    def _close_older(self, due: Due, now: datetime) -> list[str]:
        """Close what is not sent to all and was due before: a later issue takes its place."""
        closed = []
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM period WHERE job = ? AND period <> ? AND due < ?"  # noqa: S608
            " AND state IN ('working', 'retry') AND by_hand = 0 ORDER BY due",
            (self._job, due.period.key, due.at.timestamp()),
        )
        for record in [PeriodRecord(*row) for row in rows]:
            if not is_held(record, now.timestamp()):
                detail = (
                    message("a later issue was due before it was sent to all; {why}", why=record.detail)
                    if record.detail
                    else message("a later issue was due before it was sent to all")
                )
                self._end(record.period, "missed", now, detail)
                closed.append(record.period)
        return closed

    def _record_missed(self, entries: Iterable[Due], due: Due, now: datetime) -> list[str]:
        """Record what was due before *due* and was never begun."""
        missed = []
        for entry in entries:
            if entry.period.key != due.period.key and self.record(entry.period.key) is None:
                self._insert(entry, "missed", now, message("nothing ran while it was due"))
                missed.append(entry.period.key)
        return missed

    def _claim(self, due: Due, record: PeriodRecord | None, now: datetime, *, by_hand: float = 0.0) -> None:
        if record is None:
            self._insert(due, "retry", now, "")
        self._connection.execute(
            "UPDATE period SET by_hand = max(by_hand, ?) WHERE job = ? AND period = ?",
            (by_hand, self._job, due.period.key),
        )
        self._reclaim(record or self._known(due.period.key), now)

    def _reclaim(self, record: PeriodRecord, now: datetime) -> None:
        attempts = record.attempts + 1
        lease_until = (now + timedelta(seconds=LEASE_S)).timestamp()
        not_before = now.timestamp() + next_wait_s(attempts, self._owner)
        self._connection.execute(
            "UPDATE period SET state = 'working', owner = ?, lease_until = ?, attempts = ?, not_before = ?,"
            " changed = ? WHERE job = ? AND period = ?",
            (self._owner, lease_until, attempts, not_before, now.timestamp(), self._job, record.period),
        )

    def _known(self, key: str) -> PeriodRecord:
        record = self.record(key)
        if record is None:
            raise KeyError(key)
        return record

    def _insert(self, due: Due, state: State, now: datetime, detail: str) -> None:
        self._connection.execute(
            "INSERT INTO period (job, period, state, due, changed, detail) VALUES (?, ?, ?, ?, ?, ?)",
            (self._job, due.period.key, state, due.at.timestamp(), now.timestamp(), detail),
        )

    def _end(self, key: str, state: State, now: datetime, detail: str) -> None:
        self._connection.execute(
            "UPDATE period SET state = ?, changed = ?, detail = ?, lease_until = 0 WHERE job = ? AND period = ?",
            (state, now.timestamp(), as_text(detail), self._job, key),
        )
