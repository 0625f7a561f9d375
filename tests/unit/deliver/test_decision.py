from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reportgen.config import ScheduleConfig
from reportgen.deliver.database import open_ledger
from reportgen.deliver.schedule import (
    LEASE_S,
    Due,
    PeriodLedger,
    due_of,
    latest_due,
    period_named,
    sweep_period,
)
from reportgen.deliver.schedule.decision import next_wait_s

SCHEDULE = ScheduleConfig("monday 08:00", timezone="Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
"""08:00 in Berlin; the issue is about week 47."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    opened = open_ledger(file)
    yield opened
    opened.close()


@pytest.fixture
def ledger(connection: sqlite3.Connection) -> PeriodLedger:
    return PeriodLedger(connection, "digits", "us")


@pytest.fixture
def other(file: Path) -> Iterator[PeriodLedger]:
    """Another process: its own connection to the same file."""
    opened = open_ledger(file)
    yield PeriodLedger(opened, "digits", "them")
    opened.close()


def state(ledger: PeriodLedger, key: str) -> str:
    record = ledger.record(key)
    assert record is not None
    return record.state


def attempts(ledger: PeriodLedger, key: str) -> int:
    record = ledger.record(key)
    assert record is not None
    return record.attempts


def test_it_is_taken_when_it_is_due_and_not_before(ledger: PeriodLedger) -> None:
    ledger.begin(MONDAY - 6 * DAY)
    second = timedelta(seconds=1)
    assert ledger.take_due(SCHEDULE, MONDAY - second).verdict == "later_one"
    taken = ledger.take_due(SCHEDULE, MONDAY)
    assert (taken.verdict, taken.missed) == ("start", ())
    assert taken.due is not None
    assert (taken.due.period.key, taken.due.at) == ("2026-W47", MONDAY)


def test_what_is_done_is_not_taken_again(ledger: PeriodLedger, other: PeriodLedger) -> None:
    ledger.take_due(SCHEDULE, MONDAY)
    assert ledger.finish("2026-W47", "done", MONDAY + HOUR)
    for later in (HOUR, DAY, 6 * DAY):
        assert ledger.take_due(SCHEDULE, MONDAY + later).verdict == "done"
        assert other.take_due(SCHEDULE, MONDAY + later).verdict == "done"
    assert ledger.take_due(SCHEDULE, MONDAY + 7 * DAY).verdict == "start"


def test_a_double_start_finds_it_taken(ledger: PeriodLedger, other: PeriodLedger) -> None:
    assert ledger.take_due(SCHEDULE, MONDAY).verdict == "start"
    assert other.take_due(SCHEDULE, MONDAY + timedelta(seconds=1)).verdict == "busy"


def test_one_that_says_nothing_any_more_is_taken_over_and_cannot_finish(
    ledger: PeriodLedger, other: PeriodLedger
) -> None:
    ledger.take_due(SCHEDULE, MONDAY)
    assert ledger.renew("2026-W47", MONDAY + timedelta(seconds=LEASE_S / 2))
    still = MONDAY + timedelta(seconds=LEASE_S * 1.4)
    assert other.take_due(SCHEDULE, still).verdict == "busy"
    taken = other.take_due(SCHEDULE, MONDAY + timedelta(seconds=LEASE_S * 1.5))
    assert taken.verdict == "start"
    assert attempts(other, "2026-W47") == 2
    assert not ledger.renew("2026-W47", MONDAY + HOUR)
    assert not ledger.finish("2026-W47", "done", MONDAY + HOUR)
    assert state(ledger, "2026-W47") == "working"
    assert other.finish("2026-W47", "done", MONDAY + HOUR)


def test_it_is_tried_again_with_longer_and_longer_waits_until_it_is_too_late(ledger: PeriodLedger) -> None:
    now, tries = MONDAY, []
    while (taken := ledger.take_due(SCHEDULE, now)).verdict in ("start", "waiting"):
        if taken.verdict == "start":
            tries.append(now)
            ledger.finish("2026-W47", "retry", now, "the mail server does not answer")
        now += timedelta(minutes=1)
    waits = [(b - a) / timedelta(minutes=1) for a, b in pairwise(tries)]
    assert waits[0] <= 2
    assert 4 <= waits[1] <= 7
    assert 12 <= waits[2] <= 19
    assert all(48 <= wait <= 73 for wait in waits[3:])
    assert taken.verdict == "gave_up"
    assert now - MONDAY == timedelta(seconds=SCHEDULE.max_late_s) + timedelta(minutes=1)
    record = ledger.record("2026-W47")
    assert record is not None
    assert (record.state, record.detail) == ("failed", "the mail server does not answer")
    assert ledger.take_due(SCHEDULE, now + HOUR).verdict == "closed"


def test_waits_differ_between_processes_that_failed_together() -> None:
    waits = {next_wait_s(4, f"host/{pid}") for pid in range(50)}
    assert len(waits) > 40
    assert all(2880 <= wait <= 4320 for wait in waits)


def test_a_doubt_is_not_tried_again_by_itself(ledger: PeriodLedger) -> None:
    ledger.take_due(SCHEDULE, MONDAY)
    ledger.finish("2026-W47", "unknown", MONDAY)
    assert ledger.take_due(SCHEDULE, MONDAY + HOUR).verdict == "closed"
    assert ledger.take_due(SCHEDULE, MONDAY + 7 * DAY).verdict == "start"
    assert state(ledger, "2026-W47") == "unknown"


def test_a_slept_over_monday_is_caught_up(ledger: PeriodLedger) -> None:
    ledger.begin(MONDAY - DAY)
    taken = ledger.take_due(SCHEDULE, MONDAY + 2 * DAY)
    assert (taken.verdict, taken.missed) == ("start", ())


def test_too_late_is_recorded_as_missed_and_not_sent(ledger: PeriodLedger) -> None:
    ledger.begin(MONDAY - DAY)
    on_time = MONDAY + timedelta(seconds=SCHEDULE.max_late_s)
    taken = ledger.take_due(SCHEDULE, on_time + timedelta(seconds=1))
    assert (taken.verdict, taken.missed) == ("too_late", ("2026-W47",))
    assert state(ledger, "2026-W47") == "missed"
    assert ledger.take_due(SCHEDULE, on_time + HOUR).verdict == "closed"
    assert ledger.take_due(SCHEDULE, on_time + HOUR).missed == ()


def test_of_several_missed_ones_the_latest_is_sent(ledger: PeriodLedger) -> None:
    ledger.take_due(SCHEDULE, MONDAY - 28 * DAY)
    ledger.finish("2026-W43", "done", MONDAY - 28 * DAY)
    taken = ledger.take_due(SCHEDULE, MONDAY + HOUR)
    assert taken.verdict == "start"
    assert taken.due is not None
    assert taken.due.period.key == "2026-W47"
    assert taken.missed == ("2026-W44", "2026-W45", "2026-W46")
    assert [state(ledger, key) for key in taken.missed] == ["missed"] * 3


def test_what_was_not_sent_to_all_gives_way_to_the_next(ledger: PeriodLedger, other: PeriodLedger) -> None:
    ledger.take_due(SCHEDULE, MONDAY - 7 * DAY)
    ledger.finish("2026-W46", "retry", MONDAY - 7 * DAY, "nobody answers")
    taken = ledger.take_due(SCHEDULE, MONDAY)
    assert (taken.verdict, taken.missed) == ("start", ("2026-W46",))
    record = other.record("2026-W46")
    assert record is not None
    assert record.detail == "a later issue was due before it was sent to all; nobody answers"


def test_one_that_is_still_at_the_older_issue_is_left_alone(
    ledger: PeriodLedger, other: PeriodLedger
) -> None:
    day = ScheduleConfig("day 08:00", timezone="UTC", period="daily")
    before = datetime(2026, 11, 23, 7, 59, 50, tzinfo=UTC)
    assert other.take_due(day, before).verdict == "start"
    assert ledger.take_due(day, before + timedelta(seconds=20)).verdict == "start"
    assert other.finish("2026-11-21", "done", before + timedelta(seconds=30))
    assert ledger.finish("2026-11-22", "done", before + timedelta(seconds=30))


@pytest.mark.parametrize("back", [HOUR, DAY, 20 * DAY])
def test_after_the_clock_was_set_back_nothing_is_sent_twice(ledger: PeriodLedger, back: timedelta) -> None:
    ledger.take_due(SCHEDULE, MONDAY)
    ledger.finish("2026-W47", "done", MONDAY)
    expected = {HOUR: "later_one", DAY: "later_one", 20 * DAY: "clock_behind"}
    assert ledger.take_due(SCHEDULE, MONDAY + HOUR / 2 - back).verdict == expected[back]
    assert [record.period for record in ledger.records()] == ["2026-W47"]
    assert ledger.take_due(SCHEDULE, MONDAY + HOUR).verdict == "done"


def test_a_lease_or_a_wait_from_a_clock_that_was_ahead_holds_nobody_up(
    ledger: PeriodLedger, other: PeriodLedger
) -> None:
    """The clock was a day ahead, and was set back while a process was killed at its work."""
    ledger.take_due(SCHEDULE, MONDAY + DAY + HOUR)
    assert other.take_due(SCHEDULE, MONDAY + HOUR).verdict == "start"


def test_a_clock_that_was_years_ahead_is_told_and_can_be_got_over(ledger: PeriodLedger) -> None:
    ledger.take_due(SCHEDULE, MONDAY - 7 * DAY)
    ledger.finish("2026-W46", "done", MONDAY - 7 * DAY)
    wrong = MONDAY + 1000 * DAY
    assert len(ledger.take_due(SCHEDULE, wrong).missed) > 100
    assert ledger.take_due(SCHEDULE, MONDAY + HOUR).verdict == "clock_behind"
    assert ledger.take_due(SCHEDULE, MONDAY - HOUR).verdict == "done"
    assert ledger.is_ahead(MONDAY)
    ledger.begin(MONDAY - HOUR)
    assert not ledger.is_ahead(MONDAY)
    assert ledger.take_due(SCHEDULE, MONDAY).verdict == "start"
    assert state(ledger, "2026-W46") == "done"


def test_nothing_before_the_schedule_began_is_sent(ledger: PeriodLedger) -> None:
    ledger.begin(MONDAY + 2 * HOUR)
    assert ledger.take_due(SCHEDULE, MONDAY + 3 * HOUR).verdict == "later_one"
    assert ledger.take_due(SCHEDULE, MONDAY + 7 * DAY).verdict == "start"
    assert [record.period for record in ledger.records()] == ["2026-W48"]


def test_two_reports_in_one_ledger_do_not_know_each_other(connection: sqlite3.Connection) -> None:
    for job in ("digits", "prices"):
        assert PeriodLedger(connection, job, "us").take_due(SCHEDULE, MONDAY).verdict == "start"


def test_a_person_may_send_what_is_long_past_and_again_what_ended_badly(ledger: PeriodLedger) -> None:
    period = period_named("2026-W40", "weekly", ZoneInfo("Europe/Berlin"))
    due = Due(period, due_of(SCHEDULE, period))
    assert ledger.take_by_hand(due, MONDAY).verdict == "start"
    assert ledger.take_by_hand(due, MONDAY).verdict == "busy"
    ledger.finish("2026-W40", "failed", MONDAY)
    assert ledger.take_by_hand(due, MONDAY).verdict == "start"
    ledger.finish("2026-W40", "done", MONDAY)
    assert ledger.take_by_hand(due, MONDAY).verdict == "done"
    assert ledger.take_by_hand(due, MONDAY, again=True).verdict == "start"
    # and the one that is due by the calendar is not held up by it
    assert ledger.take_due(SCHEDULE, MONDAY).verdict == "start"


def test_a_sweep_is_late_from_when_it_was_found_and_gives_way_to_the_next(ledger: PeriodLedger) -> None:
    first, second = sweep_period("a" * 64), sweep_period("b" * 64)
    assert ledger.take_sweep(Due(first, MONDAY), MONDAY, 7200.0).verdict == "start"
    ledger.finish(first.key, "retry", MONDAY, not_before=0.0)
    later = MONDAY + HOUR
    ledger.take_sweep(Due(first, later), later, 7200.0)
    assert attempts(ledger, first.key) == 2
    ledger.finish(first.key, "retry", later)
    taken = ledger.take_sweep(Due(second, later), later, 7200.0)
    assert (taken.verdict, taken.missed) == ("start", (first.key,))
    ledger.finish(second.key, "retry", later)
    late = later + 3 * HOUR
    assert ledger.take_sweep(Due(second, late), late, 7200.0).verdict == "gave_up"
    assert state(ledger, second.key) == "failed"


def test_what_went_wrong_is_told_once(ledger: PeriodLedger) -> None:
    ledger.take_due(SCHEDULE, MONDAY)
    ledger.finish("2026-W47", "retry", MONDAY, "no answer")
    assert ledger.untold(2) == []
    assert [record.period for record in ledger.untold(1)] == ["2026-W47"]
    ledger.tell(["2026-W47"], MONDAY)
    assert ledger.untold(1) == []


@pytest.mark.parametrize("clock", ["00:30", "01:45", "02:00", "02:30"])
@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Europe/Berlin", (datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC))),
        ("America/New_York", (datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC))),
        ("Australia/Lord_Howe", (datetime(2026, 4, 4, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC))),
    ],
)
def test_over_a_change_of_the_clock_there_is_one_issue_a_day(
    ledger: PeriodLedger, zone: str, days: tuple[datetime, datetime], clock: str
) -> None:
    """A clock fires every ten minutes for four days around both changes."""
    schedule = ScheduleConfig(f"day {clock}", timezone=zone, period="daily")
    for start in days:
        ledger.begin(start - DAY)
        taken: list[str] = []
        for step in range(4 * 144):
            now = start - DAY + step * timedelta(minutes=10)
            found = ledger.take_due(schedule, now)
            assert found.missed == ()
            if found.verdict == "start" and found.due:
                assert now - found.due.at < timedelta(minutes=10)
                taken.append(found.due.period.key)
                assert ledger.finish(found.due.period.key, "done", now)
        assert len(taken) == len(set(taken))
        first = datetime.fromisoformat(taken[0])
        assert taken == [f"{first + count * DAY:%Y-%m-%d}" for count in range(len(taken))]
        # the day before the change, made on the day of the change, and that day itself
        assert {f"{start:%Y-%m-%d}", f"{start + DAY:%Y-%m-%d}"} <= set(taken)


def test_520_weeks_with_random_downtime(file: Path) -> None:
    """Every period is sent once or reported missed, whatever runs when; processes die at their work too."""
    chance = random.Random(20261123)  # noqa: S311 no secret is made of it
    connection = open_ledger(file)
    connection.execute("PRAGMA synchronous = OFF")  # the machine itself does not fail in here
    now = datetime(2020, 1, 6, 7, tzinfo=UTC)
    end = now + timedelta(weeks=520)
    sent: list[str] = []
    told: list[str] = []
    process = 0
    while now < end:
        process += 1
        ledger = PeriodLedger(connection, "digits", f"host/{process}")
        taken = ledger.take_due(SCHEDULE, now)
        told += taken.missed
        if taken.verdict == "gave_up" and taken.due:
            told.append(taken.due.period.key)
        if taken.verdict == "start" and taken.due:
            assert now - taken.due.at <= timedelta(seconds=SCHEDULE.max_late_s)
            outcome = chance.choices(["done", "retry", "dies"], [6, 3, 1])[0]
            if outcome == "done":
                assert ledger.finish(taken.due.period.key, "done", now)
                sent.append(taken.due.period.key)
            elif outcome == "retry":
                assert ledger.finish(taken.due.period.key, "retry", now, "no answer")
        # twice a day, now and then off for days or weeks, and a clock that is set back a little
        now += chance.choices([12 * HOUR, chance.uniform(1, 30) * DAY, -chance.random() * HOUR], [93, 2, 5])[
            0
        ]
    connection.close()
    first = datetime(2020, 1, 6, 7, tzinfo=UTC)
    expected = []
    at = first
    while (due := latest_due(SCHEDULE, at)) and at < end:
        expected.append(due.period.key)
        at += timedelta(weeks=1)
    assert len(sent) == len(set(sent))
    assert len(told) == len(set(told))
    assert not set(sent) & set(told)
    assert set(sent) | set(told) | {expected[-1], expected[-2]} == set(expected)
    assert len(sent) > 300
    assert len(told) > 30


def _take(file: Path, trial: int, results: Callable[[str], None]) -> None:
    connection = open_ledger(file)
    ledger = PeriodLedger(connection, f"job {trial}", f"host/{os.getpid()}")
    results(ledger.take_due(SCHEDULE, MONDAY).verdict)
    connection.close()


def test_of_eight_processes_at_once_one_takes_it(tmp_path: Path) -> None:
    context = get_context("fork")
    for trial in range(5):
        file = tmp_path / f"ledger-{trial}.sqlite"
        queue = context.SimpleQueue()
        processes = [context.Process(target=_take, args=(file, trial, queue.put)) for _ in range(8)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0] * 8
        verdicts = [queue.get() for _ in processes]
        assert sorted(verdicts) == ["busy"] * 7 + ["start"]
