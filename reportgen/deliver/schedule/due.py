"""When issues are due, and which period each is about: cron's rules, in the zone of the schedule.

At a change of the clock it goes as with Debian's cron: what is due in the hour that does not exist is due
right after it, and what is due in the hour that comes twice is due once, the first time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from cronsim import CronSim

from reportgen.config import ScheduleConfig
from reportgen.deliver.schedule.periods import period_around, period_before
from reportgen.issues import Period

_LONGEST_WAIT = timedelta(days=40)
"""After its end, in which the issue of a period is looked for."""
_LONGEST_SEARCH = timedelta(days=3660)
"""Back in time, for issues that were missed."""


@dataclass(frozen=True, slots=True)
class Due:
    """The issue of a period, and when it is due."""

    period: Period
    at: datetime
    """UTC."""


def dues_after(schedule: ScheduleConfig, moment: datetime) -> Iterator[datetime]:
    """Give the times (UTC) after *moment* at which something is due; none without ``every`` and ``cron``."""
    expression = schedule.expression
    if expression is None:
        return
    # cron's minutes, so that seconds of ours do not matter
    for due in CronSim(expression, moment.astimezone(ZoneInfo(schedule.timezone))):
        at = due.astimezone(UTC)
        if at > moment:
            yield at


def latest_due(schedule: ScheduleConfig, now: datetime) -> Due | None:
    """Give what was due last at *now*, the moment itself included; None where there is nothing yet."""
    if schedule.by_sweep:
        return None
    times = _latest_times(schedule, now)
    return None if times is None else Due(_period_of(schedule, *times), times[0])


def latest_time(schedule: ScheduleConfig, now: datetime) -> datetime | None:
    """Give the last time (UTC) that the schedule names, *now* included."""
    times = _latest_times(schedule, now)
    return None if times is None else times[0]


def next_issues(schedule: ScheduleConfig, now: datetime, count: int) -> list[Due]:
    """Give the next issues and when they are due, a period once; none for sweeps, which have no time."""
    if schedule.by_sweep:
        return []
    latest = latest_due(schedule, now)
    known = set() if latest is None else {latest.period.key}
    found: list[Due] = []
    for at, following in pairwise(dues_after(schedule, now)):
        period = _period_of(schedule, at, following)
        if period.key not in known:
            known.add(period.key)
            found.append(Due(period, at))
        if len(found) == count:
            break
    return found


def dues_between(schedule: ScheduleConfig, after: datetime, until: datetime) -> list[Due]:
    """Give what was due after *after* and before *until*, a period once; ten years back at most."""
    found: dict[str, Due] = {}
    for at, following in pairwise(dues_after(schedule, max(after, until - _LONGEST_SEARCH))):
        if at >= until:
            break
        period = _period_of(schedule, at, following)
        found.setdefault(period.key, Due(period, at))
    return list(found.values())


def due_of(schedule: ScheduleConfig, period: Period) -> datetime:
    """Give the time (UTC) at which the issue of a period is due first; its end where no time is said."""
    if period.start is None or period.end is None:
        raise ValueError(period.key)
    last = period.end + _LONGEST_WAIT
    for at, following in pairwise(dues_after(schedule, period.start - timedelta(minutes=1))):
        if at > last:
            break
        if _period_of(schedule, at, following).key == period.key:
            return at
    return period.end.astimezone(UTC)


def current_period(schedule: ScheduleConfig, now: datetime) -> Period:
    """Give the period whose issue was due last; without a time of day, the one that ended last.

    Raises:
        ValueError: A sweep is known by its runs only.
    """
    due = latest_due(schedule, now)
    if due is not None:
        return due.period
    zone = ZoneInfo(schedule.timezone)
    return period_before(period_around(schedule.period, now.astimezone(zone).date(), zone))


def _latest_times(schedule: ScheduleConfig, now: datetime) -> tuple[datetime, datetime] | None:
    """Give the last time and the one that follows it."""
    expression = schedule.expression
    if expression is None:
        return None
    before = next(CronSim(expression, now.astimezone(ZoneInfo(schedule.timezone)), reverse=True), None)
    if before is None:
        return None
    # in an hour that comes twice, backwards leads too far; forwards each is found in its order
    pairs = pairwise(_with_first(schedule, before.astimezone(UTC)))
    return next(((at, following) for at, following in pairs if following > now), None)


def _with_first(schedule: ScheduleConfig, first: datetime) -> Iterator[datetime]:
    yield first
    yield from dues_after(schedule, first)


def _period_of(schedule: ScheduleConfig, at: datetime, following: datetime) -> Period:
    """Say what an issue is about: the period that ended last, or the one that is as good as over.

    The latter holds for the last time in a period, if that is in its second half: Friday 17:00 is about
    the week of that Friday, Monday 08:00 about the week before.
    """
    zone = ZoneInfo(schedule.timezone)
    around = period_around(schedule.period, at.astimezone(zone).date(), zone)
    if around.start is None or around.end is None:
        raise ValueError(schedule.period)
    start, end = around.start.astimezone(UTC), around.end.astimezone(UTC)
    is_last = following >= end and at - start >= (end - start) / 2
    return around if is_last else period_before(around)
