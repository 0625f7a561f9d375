"""The project week by week: how many runs, the best that each week gave, and what changed in between."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from reportgen.analyse.facts import Fact, value_of
from reportgen.analyse.luck import expected_best, pooled_spread
from reportgen.analyse.table import Table
from reportgen.analyse.thresholds import HISTORY_MIN_WEEKS
from reportgen.analyse.values import ABSENT, Canonical
from reportgen.findings import Goal, Period
from reportgen.runs import Run

_WEEK = timedelta(days=7)
_MAX_EMPTY = 104
"""Weeks up to which those without a run are listed too; above, a wrong clock is the likelier reason."""


@dataclass(frozen=True, slots=True)
class Series:
    """What a history is made of."""

    table: Table
    primary: str | None
    goal: Goal | None
    """Without one no week has a best."""
    baseline: int | None
    """Number of the baseline's group."""
    same: tuple[Fact, ...] = ()
    """Facts that must not change within a series."""


def weekly_history(series: Series, now: datetime | None = None) -> tuple[Period, ...]:
    """Group runs by the ISO week (UTC) in which they ended; empty where they span fewer than three.

    Args:
        series: The runs and what is measured.
        now: Time of the report: a week that holds it is partial.
    """
    table = series.table
    weeks = [_week(run) for run in table.runs]
    known = sorted({week for week in weeks if week is not None})
    if not known or (known[-1] - known[0]) / _WEEK + 1 < HISTORY_MIN_WEEKS:
        return ()
    span = round((known[-1] - known[0]) / _WEEK) + 1
    listed = [known[0] + _WEEK * i for i in range(span)] if span <= _MAX_EMPTY else known
    by_week: dict[datetime, list[int]] = defaultdict(list)
    for index, week in enumerate(weeks):
        if week is not None:
            by_week[week].append(index)
    group_of = {index: group.key for group in table.groups for index in group.members}
    periods = [_period(series, group_of, week, by_week[week]) for week in listed]
    periods = _with_changes(series, periods, [by_week[week] for week in listed])
    periods = _with_luck(series, periods)
    return tuple(replace(p, partial=now is not None and p.start <= now < p.start + _WEEK) for p in periods)


def _period(series: Series, group_of: Mapping[int, str], week: datetime, members: Sequence[int]) -> Period:
    means = _means(series, group_of, members)
    best = None
    if series.goal is not None and means:
        ordered = sorted((mean, key) for key, mean in means.items())
        best = ordered[0] if series.goal == "minimize" else max(ordered, key=lambda item: item[0])
    baseline = None if series.baseline is None else series.table.groups[series.baseline].key
    name = f"{week.isocalendar().year}-W{week.isocalendar().week:02d}"
    return Period(
        name=name,
        start=week,
        runs=len(members),
        usable=sum(series.table.outcomes[index] == "usable" for index in members),
        best_key=None if best is None else best[1],
        best_mean=None if best is None else best[0],
        best_so_far=None,
        tries=len(means),  # of this week; added up below
        reference=None if baseline is None else means.get(baseline),
    )


def _means(series: Series, group_of: Mapping[int, str], members: Sequence[int]) -> dict[str, float]:
    """Average each configuration's usable runs of one week."""
    table, values = series.table, defaultdict[str, list[float]](list)
    for index in members:
        if series.primary is not None and table.outcomes[index] == "usable":
            values[group_of[index]].append(table.values[index][series.primary])
    return {key: math.fsum(found) / len(found) for key, found in values.items()}


def _with_changes(
    series: Series, periods: Sequence[Period], members: Sequence[Sequence[int]]
) -> list[Period]:
    """Mark what differs from the week before that has usable runs, and where the series breaks."""
    breaking = {"data", *(fact.text for fact in series.same)}
    before: dict[str, frozenset[Canonical]] = {}
    marked = []
    for period, indices in zip(periods, members, strict=True):
        runs = [series.table.runs[i] for i in indices if series.table.outcomes[i] == "usable"]
        now = _conditions(runs, series.same)
        changed = tuple(name for name in now if name in before and before[name] != now[name])
        marked.append(replace(period, changed=changed, breaks=any(name in breaking for name in changed)))
        before |= now
    return marked


def _conditions(runs: Sequence[Run], same: Sequence[Fact]) -> dict[str, frozenset[Canonical]]:
    """Collect what the usable runs of a week tell of data and code, and of the facts to be the same.

    A new version of the code is marked; it breaks the series only where code has to be the same.
    """
    found: dict[str, set[Canonical]] = defaultdict(set)
    for run in runs:
        for name in run.data:
            value = value_of(run, Fact("data", name))
            if value != ABSENT:
                found["data"].add(("data", (name, value)))
        commit = run.code.get("commit")
        if commit:
            found["code"].add(("commit", str(commit)))
        for fact in same:
            value = value_of(run, fact)
            if value != ABSENT and fact.place != "data":
                found[fact.text].add(value)
    return {name: frozenset(values) for name, values in found.items()}


def _with_luck(series: Series, periods: Sequence[Period]) -> list[Period]:
    """Carry the best so far on, from the last break, with the tries behind it and the rise by luck."""
    noise = _noise_of_a_mean(series, periods)
    so_far: float | None = None
    tries, first_tries, found = 0, 0, []
    pick = min if series.goal == "minimize" else max
    for period in periods:
        if period.breaks:
            so_far, tries, first_tries = None, 0, 0
        if period.best_mean is not None:
            so_far = period.best_mean if so_far is None else pick(so_far, period.best_mean)
        tries += period.tries
        first_tries = first_tries or tries
        luck = None
        if noise is not None and first_tries:
            luck = expected_best(np.full(tries, noise)) - expected_best(np.full(first_tries, noise))
        found.append(replace(period, best_so_far=so_far, tries=tries, luck=luck))
    return found


def _noise_of_a_mean(series: Series, periods: Sequence[Period]) -> float | None:
    """Estimate how much a week's mean of one configuration varies by chance: pooled spread over root n."""
    if series.primary is None:
        return None
    moments = series.table.moments_of(series.primary)
    spread, df = pooled_spread(moments, np.ones(len(moments.n), dtype=np.bool_))
    usable, tries = sum(period.usable for period in periods), sum(period.tries for period in periods)
    return spread / math.sqrt(usable / tries) if df and usable and math.isfinite(spread) else None


def _week(run: Run) -> datetime | None:
    """Give the Monday, 00:00 UTC, of the week in which a run ended (began, where the end is unknown)."""
    moment = run.ended or run.started
    if moment is None:
        return None
    day = (moment.astimezone(UTC) if moment.tzinfo else moment).replace(
        hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC
    )
    return day - timedelta(days=day.weekday())
