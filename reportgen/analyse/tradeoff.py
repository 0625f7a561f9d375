"""Quality against time, size or cost: which configurations does none beat in everything?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyse.comparison import Sample
from reportgen.analyse.dictionary import COST_KINDS, look_up
from reportgen.analyse.effort import machine_of
from reportgen.analyse.statistics import Booleans, Floats, Moments, half_widths
from reportgen.analyse.table import Table
from reportgen.analyse.thresholds import CONFIDENCE
from reportgen.errors import UnknownMetricError
from reportgen.findings import Metric, TradeOff
from reportgen.runs import Run

DURATION = "duration_s"
"""Stands in for a metric where no cost was logged: how long a run took."""
_NO_TRADE_OFF = TradeOff((), ())
_SERVING_WORDS = ("latency", "inference", "predict", "cost")
"""Cost to use, which interests more people than cost to train."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One metric that is weighed. *higher*: more of it is better."""

    name: str
    higher: bool
    moments: Moments


def weigh(
    table: Table,
    metrics: Mapping[str, Metric],
    samples: Mapping[str, Sample],
    wanted: Sequence[str],
    configured: Sequence[str],
    comparable: Booleans,
) -> TradeOff:
    """Weigh the deciding metric (the first of *metrics*) against those *wanted*, else against one cost.

    Times from different machines are not weighed.

    Raises:
        UnknownMetricError: A wanted metric was not logged, or has no direction.
    """
    primary = next(iter(metrics.values()))
    usable = [run for run, outcome in zip(table.runs, table.outcomes, strict=True) if outcome == "usable"]
    machines = {machine_of(run) for run in usable} - {""}
    for name in wanted:
        if name not in metrics or metrics[name].goal is None:
            known = ", ".join(repr(n) for n, metric in metrics.items() if metric.goal is not None)
            raise UnknownMetricError(
                f"{name!r} cannot be weighed", where="compare.trade_off", found=f"with a direction: {known}"
            )
    chosen = [name for name in dict.fromkeys(wanted) if name != primary.name]
    if not chosen:
        times = len(machines) < 2
        cost = cost_metric(metrics, primary.name, configured, times=times)
        chosen = [] if cost is None else [cost]
        timed = not times and cost_metric(metrics, primary.name, configured, times=True) != cost
    else:
        timed = len(machines) > 1 and any(look_up(name).kind == "time" for name in chosen)
        chosen = [name for name in chosen if not timed or look_up(name).kind != "time"]
    if primary.goal is None:
        return _NO_TRADE_OFF
    criteria = [_criterion(samples[name]) for name in (primary.name, *chosen)]
    if not chosen and comparable_durations(usable):
        criteria.append(Criterion(DURATION, higher=False, moments=table.durations()))
    if len(criteria) < 2:
        return TradeOff((), (), other_machines=timed)
    return trade_off(criteria, [group.key for group in table.groups], comparable, other_machines=timed)


def _criterion(sample: Sample) -> Criterion:
    return Criterion(sample.metric.name, higher=sample.metric.goal == "maximize", moments=sample.moments)


def cost_metric(
    metrics: Mapping[str, Metric], primary: str, configured: Sequence[str], *, times: bool
) -> str | None:
    """Choose what quality is traded against: a time, size or cost of which less is better.

    Metrics of the user's own dictionary come first, then cost in use before cost of making. Times are
    left out unless *times* says that they may be compared.
    """
    candidates = [
        (
            name not in configured,
            not any(word in name.lower() for word in _SERVING_WORDS),
            look_up(name).order,
            name,
        )
        for name, metric in metrics.items()
        if name != primary
        and metric.goal == "minimize"
        and look_up(name).kind in COST_KINDS
        and (times or look_up(name).kind != "time")
    ]
    return min(candidates)[-1] if candidates else None


def comparable_durations(runs: Sequence[Run]) -> bool:
    """Tell whether these runs' durations may be compared: all known, all from one machine."""
    machines = {(machine_of(run), str(run.env.get("host", ""))) for run in runs}
    return len(machines) == 1 and machines != {("", "")} and all(run.duration_s is not None for run in runs)


def trade_off(
    criteria: Sequence[Criterion], keys: Sequence[str], comparable: Booleans, *, other_machines: bool = False
) -> TradeOff:
    """Find the Pareto frontier on the means, and what cannot be told from it; equal points are all on it.

    A configuration that is not *comparable*, having run on other data, is a point but never on the front
    or near it. *Near*: for some point of the front, the 95 % ranges overlap in every metric. A mean
    without a range counts as a range of no width.

    Shape: comparable and the moments (configurations,).
    """
    signs = np.array([1.0 if criterion.higher else -1.0 for criterion in criteria])
    means = np.stack([criterion.moments.mean for criterion in criteria], axis=1)
    halves = np.stack([half_widths(criterion.moments, 1.0 - CONFIDENCE) for criterion in criteria], axis=1)
    halves = np.nan_to_num(halves, nan=0.0)
    known = ~np.isnan(means).any(axis=1)
    missing = tuple(keys[i] for i in np.flatnonzero(~known).tolist())
    places = np.flatnonzero(known)
    if places.size < 2:
        return _NO_TRADE_OFF
    oriented = means[places] * signs
    order = places[np.lexsort((places, *(-oriented[:, ::-1].T)))].tolist()
    front = _front(means * signs, [place for place in order if comparable[place]])
    on_front = set(front)
    near = [
        place
        for place in order
        if comparable[place] and place not in on_front and _overlaps(means, halves, place, front)
    ]
    return TradeOff(
        metrics=tuple(criterion.name for criterion in criteria),
        frontier=tuple(keys[place] for place in front),
        points=tuple((keys[p], float(means[p, 0]), float(means[p, 1])) for p in order),
        near=tuple(keys[place] for place in near),
        missing=missing,
        other_machines=other_machines,
    )


def _front(oriented: Floats, order: Sequence[int]) -> list[int]:
    """Keep what nothing before it beats: in this order, whatever beats a point comes before it."""
    front: list[int] = []
    kept = np.empty((0, oriented.shape[1]))
    for place in order:
        own = oriented[place]
        beaten = (kept >= own).all(axis=1) & (kept > own).any(axis=1)
        if not beaten.any():
            front.append(place)
            kept = np.vstack([kept, own])
    return front


def _overlaps(means: Floats, halves: Floats, place: int, front: Sequence[int]) -> bool:
    gaps = np.abs(means[list(front)] - means[place])
    return bool((gaps <= halves[list(front)] + halves[place]).all(axis=1).any())
