"""The project week by week: how many runs, and the best that each week gave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from reportgen.analyse.configurations import Group
from reportgen.analyse.outcomes import Outcome
from reportgen.analyse.thresholds import HISTORY_MIN_WEEKS
from reportgen.findings import Goal, Period
from reportgen.runs import Run

_WEEK = timedelta(days=7)
_MAX_EMPTY = 104
"""Weeks up to which those without a run are listed too; above, a wrong clock is the likelier reason."""


def weekly_history(
    runs: Sequence[Run],
    groups: Sequence[Group],
    outcomes: Sequence[Outcome],
    numbers: Sequence[float],
    goal: Goal | None,
) -> tuple[Period, ...]:
    """Group runs by the ISO week (UTC) in which they ended; empty where they span fewer than three.

    Args:
        runs: All runs.
        groups: Their configurations.
        outcomes: What became of each run.
        numbers: Each run's number for the deciding metric; NaN if it has none.
        goal: Its direction; without one no week has a best.
    """
    weeks = [_week(run) for run in runs]
    known = sorted({week for week in weeks if week is not None})
    if not known or (known[-1] - known[0]) / _WEEK + 1 < HISTORY_MIN_WEEKS:
        return ()
    span = round((known[-1] - known[0]) / _WEEK) + 1
    listed = [known[0] + _WEEK * i for i in range(span)] if span <= _MAX_EMPTY else known
    configuration = {index: group for group in groups for index in group.members}
    by_week: dict[datetime, list[int]] = defaultdict(list)
    for index, week in enumerate(weeks):
        if week is not None:
            by_week[week].append(index)
    periods: list[Period] = []
    so_far: float | None = None
    for week in listed:
        usable = [index for index in by_week[week] if outcomes[index] == "usable"]
        best = None if goal is None else _best(usable, configuration, numbers, goal)
        if best is not None:
            pick = max if goal == "maximize" else min
            so_far = best[1] if so_far is None else pick(so_far, best[1])
        key, mean = best or (None, None)
        name = f"{week.isocalendar().year}-W{week.isocalendar().week:02d}"
        periods.append(Period(name, week, len(by_week[week]), len(usable), key, mean, so_far))
    return tuple(periods)


def _week(run: Run) -> datetime | None:
    """Give the Monday, 00:00 UTC, of the week in which a run ended (began, where the end is unknown)."""
    moment = run.ended or run.started
    if moment is None:
        return None
    day = (moment.astimezone(UTC) if moment.tzinfo else moment).replace(
        hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC
    )
    return day - timedelta(days=day.weekday())


def _best(
    usable: Sequence[int], configuration: dict[int, Group], numbers: Sequence[float], goal: Goal
) -> tuple[str, float] | None:
    values: dict[str, list[float]] = defaultdict(list)
    for index in usable:
        values[configuration[index].key].append(numbers[index])
    means = sorted((sum(entry) / len(entry), key) for key, entry in values.items())
    if not means:
        return None
    mean, key = means[0] if goal == "minimize" else max(means, key=lambda item: item[0])
    return key, mean
