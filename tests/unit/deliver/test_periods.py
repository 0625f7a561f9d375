from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st

from reportgen.config import ScheduleConfig
from reportgen.config.cron import cron_mistake
from reportgen.config.settings import Rhythm
from reportgen.deliver.schedule import (
    current_period,
    due_of,
    dues_after,
    latest_due,
    period_around,
    period_before,
    period_named,
    sweep_period,
)
from reportgen.errors import UsageError

BERLIN = ZoneInfo("Europe/Berlin")
CHANGES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 10, 4), date(2026, 4, 5)),  # by half an hour
}
"""Of each zone: the day that the clock is put forward on, and the one that it is put back on."""


@pytest.mark.parametrize(
    ("rhythm", "day", "key", "first", "after"),
    [
        ("weekly", date(2026, 11, 22), "2026-W47", date(2026, 11, 16), date(2026, 11, 23)),
        ("weekly", date(2027, 1, 3), "2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
        ("weekly", date(2024, 12, 30), "2025-W01", date(2024, 12, 30), date(2025, 1, 6)),
        ("daily", date(2026, 11, 23), "2026-11-23", date(2026, 11, 23), date(2026, 11, 24)),
        ("monthly", date(2026, 2, 28), "2026-02", date(2026, 2, 1), date(2026, 3, 1)),
        ("monthly", date(2026, 12, 31), "2026-12", date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_is_one_of_the_calendar_from_midnight_to_midnight(
    rhythm: Rhythm, day: date, key: str, first: date, after: date
) -> None:
    period = period_around(rhythm, day, BERLIN)
    assert period.key == key
    assert period.start == datetime(first.year, first.month, first.day, tzinfo=BERLIN)
    assert period.end == datetime(after.year, after.month, after.day, tzinfo=BERLIN)
    assert period_named(key, rhythm, BERLIN) == period


def test_a_week_with_a_change_of_the_clock_is_an_hour_longer_or_shorter() -> None:
    for key, hours in (("2026-W13", 167), ("2026-W43", 169), ("2026-W44", 168)):
        period = period_named(key, "weekly", BERLIN)
        assert period.start is not None
        assert period.end is not None
        assert period.end.astimezone(UTC) - period.start.astimezone(UTC) == timedelta(hours=hours)


@given(
    day=st.dates(date(1990, 1, 1), date(2100, 1, 1)), rhythm=st.sampled_from(["weekly", "daily", "monthly"])
)
def test_periods_follow_one_another_without_a_gap(day: date, rhythm: Rhythm) -> None:
    period = period_around(rhythm, day, BERLIN)
    before = period_before(period)
    assert before.end == period.start
    assert before.key < period.key
    assert period.start is not None
    assert period.end is not None
    assert period.start.date() <= day < period.end.date()


@pytest.mark.parametrize(
    ("key", "rhythm", "told"),
    [
        ("2026-W54", "weekly", "there is no '2026-W54' in the calendar"),
        ("2026-13", "monthly", "there is no '2026-13' in the calendar"),
        ("2026-02-30", "daily", "there is no '2026-02-30' in the calendar"),
        ("2026-46", "weekly", "'2026-46' names no period of a weekly report. Write it as 2026-W46"),
        ("2026-W46", "monthly", "names no period of a monthly report. Write it as 2026-11"),
        ("0000-W01", "weekly", "there is no '0000-W01'"),
        ("9999-12-31", "daily", "there is no '9999-12-31'"),
        ("../../etc", "daily", "names no period"),
        ("sweep-xyz", "every sweep", "names no period of a every sweep report"),
    ],
)
def test_what_is_no_period_is_refused_with_an_example(key: str, rhythm: Rhythm, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        period_named(key, rhythm, BERLIN)
    assert told in caught.value.message


def test_a_sweep_is_named_by_its_runs() -> None:
    period = sweep_period("ab" * 32)
    assert period.key == "sweep-abababababab"
    assert period_named(period.key, "every sweep", BERLIN) == period


@pytest.mark.parametrize(
    ("schedule", "now", "key"),
    [
        # the week that ended on Sunday, all week long
        (ScheduleConfig("monday 08:00"), datetime(2026, 11, 23, 8, tzinfo=UTC), "2026-W47"),
        (ScheduleConfig("monday 08:00"), datetime(2026, 11, 23, 7, 59, 59, tzinfo=UTC), "2026-W46"),
        (ScheduleConfig("monday 08:00"), datetime(2026, 11, 29, 23, tzinfo=UTC), "2026-W47"),
        # on Friday the week is as good as over
        (ScheduleConfig("friday 17:00"), datetime(2026, 11, 27, 17, tzinfo=UTC), "2026-W48"),
        (ScheduleConfig("friday 17:00"), datetime(2026, 11, 27, 16, tzinfo=UTC), "2026-W47"),
        (ScheduleConfig("day 08:00", period="daily"), datetime(2026, 11, 23, 9, tzinfo=UTC), "2026-11-22"),
        (ScheduleConfig("day 18:00", period="daily"), datetime(2026, 11, 23, 19, tzinfo=UTC), "2026-11-23"),
        (ScheduleConfig(cron="0 8 1 * *", period="monthly"), datetime(2026, 11, 23, tzinfo=UTC), "2026-10"),
        # every Monday, but one issue a month: not before the month is as good as over
        (ScheduleConfig("monday 08:00", period="monthly"), datetime(2026, 11, 16, 9, tzinfo=UTC), "2026-10"),
        (ScheduleConfig("monday 08:00", period="monthly"), datetime(2026, 11, 30, 9, tzinfo=UTC), "2026-11"),
        (ScheduleConfig("monday 08:00", period="monthly"), datetime(2026, 12, 7, 9, tzinfo=UTC), "2026-11"),
    ],
)
def test_an_issue_is_about_what_ended_last_or_is_as_good_as_over(
    schedule: ScheduleConfig, now: datetime, key: str
) -> None:
    due = latest_due(schedule, now)
    assert due is not None
    assert due.period.key == key
    assert due_of(schedule, due.period) <= due.at
    assert current_period(schedule, now) == due.period


def test_without_a_time_of_day_the_period_is_the_one_that_ended_last() -> None:
    now = datetime(2026, 11, 25, 21, tzinfo=UTC)
    assert latest_due(ScheduleConfig(), now) is None
    assert current_period(ScheduleConfig(), now).key == "2026-W47"
    assert current_period(ScheduleConfig(period="monthly"), now).key == "2026-10"
    # in Sydney it is the 26th already
    assert (
        current_period(ScheduleConfig(period="daily", timezone="Australia/Sydney"), now).key == "2026-11-25"
    )


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize(
    "clock", ["00:00", "01:00", "01:30", "01:45", "02:00", "02:15", "02:30", "03:00", "23:45"]
)
def test_at_both_changes_of_the_clock_each_day_has_one_due_time(zone: str, clock: str) -> None:
    """The clock is stepped by a quarter of an hour over both changes; what is found due never goes back."""
    schedule = ScheduleConfig(every=f"day {clock}", timezone=zone, period="daily")
    hour, minute = map(int, clock.split(":"))
    for change in CHANGES[zone]:
        now = datetime(change.year, change.month, change.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        now, end = now - timedelta(days=1), now + timedelta(days=2)
        seen: list[datetime] = []
        while now < end:
            due = latest_due(schedule, now)
            assert due is not None
            assert due.at <= now
            assert not seen or due.at >= seen[-1]
            if not seen or due.at != seen[-1]:
                assert not seen or now - due.at < timedelta(minutes=15)  # at once
                seen.append(due.at)
            now += timedelta(minutes=15)
        local = [at.astimezone(ZoneInfo(zone)) for at in seen]
        days = [at.date() for at in local]
        assert days == [days[0] + timedelta(days=count) for count in range(len(days))]
        assert len(days) >= 3
        for at in local:
            wall = at.replace(hour=hour, minute=minute, fold=0)
            if wall.astimezone(UTC).astimezone(ZoneInfo(zone)) == wall and wall.utcoffset() == at.utcoffset():
                assert (at.hour, at.minute) == (hour, minute)
            else:  # a time that does not exist: right after the gap
                assert at.date() == change
                before = (at.astimezone(UTC) - timedelta(minutes=1)).astimezone(ZoneInfo(zone))
                assert before.utcoffset() != at.utcoffset()


@pytest.mark.parametrize(
    ("zone", "clock", "day", "expected"),
    [
        ("Europe/Berlin", "02:30", date(2026, 3, 29), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("Europe/Berlin", "02:30", date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("America/New_York", "02:30", date(2026, 3, 8), datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        ("America/New_York", "01:30", date(2026, 11, 1), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", "02:15", date(2026, 10, 4), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", "01:45", date(2026, 4, 5), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
    ],
)
def test_a_time_that_is_skipped_or_comes_twice_is_due_at_a_known_moment(
    zone: str, clock: str, day: date, expected: datetime
) -> None:
    schedule = ScheduleConfig(every=f"day {clock}", timezone=zone, period="daily")
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    dues = [
        at
        for at in islice(dues_after(schedule, start - timedelta(minutes=1)), 3)
        if at < start + timedelta(days=1)
    ]
    assert dues == [expected]


FIELD = st.sampled_from(
    ["*", "*/7", "0", "5", "1-4", "1-6/2", "2,4", "7", "3/2", "12", "31", "0-7", "MON", "feb", "60"]
)


@given(st.tuples(FIELD, FIELD, FIELD, FIELD, FIELD))
def test_what_passes_as_a_cron_expression_is_one_for_the_clock(fields: tuple[str, ...]) -> None:
    expression = " ".join(fields)
    if cron_mistake(expression) is None:
        assert next(iter(CronSim(expression, datetime(2026, 1, 1, tzinfo=UTC))))
