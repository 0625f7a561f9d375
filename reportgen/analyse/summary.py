"""The one number by which each metric stands for a run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from reportgen.analyse.dictionary import look_up
from reportgen.findings import AT_BEST, LAST_MEAN, Goal, Metric
from reportgen.runs import Curve, CurveReader, MetricSummary, Run

_BATCH = 200
"""Runs whose curves are held at once."""


def run_values(
    runs: Sequence[Run], metrics: Mapping[str, Metric], curves: CurveReader
) -> tuple[dict[str, float], ...]:
    """Give each run's number for each of its metrics; NaN and infinities kept, absent if never logged.

    ``best``, ``min`` and ``max`` are of the finite values; ``last`` is as it was logged. A mean of the
    last k values is NaN if one of them is. ``at best OTHER`` takes the newest value at or before the
    step at which OTHER was first at its best, and is absent where there is none.
    """
    found: tuple[dict[str, float], ...] = tuple({} for _ in runs)
    plain = {name: metric for name, metric in metrics.items() if not _needs_curve(metric)}
    for values, run in zip(found, runs, strict=True):
        for name, summary in run.metrics.items():
            if name in plain:
                values[name] = _plain_value(summary, plain[name])
    for name, metric in metrics.items():
        if name not in plain:
            other = AT_BEST.fullmatch(metric.summary)
            other_goal = None if other is None else _goal_of(other[1], metrics)
            for index, value in _from_curves(runs, metric, other and other[1], other_goal, curves):
                found[index][name] = value
    return found


def _needs_curve(metric: Metric) -> bool:
    return metric.summary.startswith(("mean of last", "at best"))


def _goal_of(name: str, metrics: Mapping[str, Metric]) -> Goal | None:
    return metrics[name].goal if name in metrics else look_up(name).goal


def _plain_value(summary: MetricSummary, metric: Metric) -> float:
    match metric.summary:
        case "min":
            return summary.min
        case "max":
            return summary.max
        case "best":
            return summary.max if metric.goal == "maximize" else summary.min
        case _:
            return summary.last


def _from_curves(
    runs: Sequence[Run], metric: Metric, other: str | None, other_goal: Goal | None, reader: CurveReader
) -> Iterator[tuple[int, float]]:
    holding = [index for index, run in enumerate(runs) if metric.name in run.metrics]
    wanted = [metric.name] if other is None else list(dict.fromkeys((metric.name, other)))
    for start in range(0, len(holding), _BATCH):
        batch = holding[start : start + _BATCH]
        longest = max(
            runs[index].metrics[name].points
            for index in batch
            for name in wanted
            if name in runs[index].metrics
        )
        read = reader.read([runs[index].id for index in batch], wanted, max_points=longest + 2)
        by_run = {(curve.run_id, curve.metric): curve for curve in read}
        for index in batch:
            curve = by_run.get((runs[index].id, metric.name))
            if curve is None:
                continue
            if other is None:
                yield index, _mean_of_last(curve, metric.summary)
                continue
            value = _at_best(curve, by_run.get((runs[index].id, other)), other_goal)
            if value is not None:
                yield index, value


def _mean_of_last(curve: Curve, summary: str) -> float:
    hit = LAST_MEAN.fullmatch(summary)
    count = int(hit[1]) if hit else 1
    last = curve.values[-count:]
    return math.fsum(last) / len(last) if last and all(map(math.isfinite, last)) else math.nan


def _at_best(curve: Curve, other: Curve | None, goal: Goal | None) -> float | None:
    """Find the newest value at or before the other metric's best step."""
    if other is None or goal is None:
        return None
    finite = [
        (value, step) for value, step in zip(other.values, other.steps, strict=True) if math.isfinite(value)
    ]
    if not finite:
        return math.nan
    pick = max if goal == "maximize" else min
    best = pick(value for value, _ in finite)
    step = next(step for value, step in finite if value == best)
    before = [value for value, at in zip(curve.values, curve.steps, strict=True) if at <= step]
    return before[-1] if before else None
