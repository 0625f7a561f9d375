"""Learning curves: the deciding metric over the steps, as the mean of a configuration's usable runs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportgen.analyse.configurations import Group
from reportgen.analyse.statistics import Floats
from reportgen.analyse.thresholds import (
    CONFIDENCE,
    CURVE_CONFIGURATIONS,
    CURVE_MAX_DRAWN_RUNS,
    CURVE_MAX_POINTS,
    CURVE_MIN_STEPS,
    CURVE_MIN_TO_SMOOTH,
    CURVE_RESTLESS,
    CURVE_SKEWED,
    CURVE_SMOOTHED_OVER,
)
from reportgen.errors import UnknownMetricError
from reportgen.findings import CurvePoint, LearningCurve
from reportgen.runs import Curve, CurveReader, Run

Band = Literal["runs", "interval", "quartiles"]
STEP, TIME = "step", "time"
COURSE_RUNS = 500
"""Up to so many runs, those outside of the chart have a course too: reading one takes about a millisecond."""
COURSE_POINTS = 24
"""Of a run's own small chart: more could not be told apart in a cell."""


class CurvesRead(NamedTuple):
    """What the points of some runs gave."""

    curves: tuple[LearningCurve, ...] = ()
    courses: Mapping[str, tuple[float, ...]] = MappingProxyType({})
    """A few values of each run's own line, by run id."""
    left_out: int = 0
    """Number of configurations with a curve that was not read."""


def choose_configurations(order: Sequence[int], leading: Sequence[bool], baseline: int | None) -> list[int]:
    """Choose among *order* whose curves are read: the best, the baseline, the leaders, the next best."""
    first = [*order[:1], *(index for index in order if index == baseline)]
    wanted = [*first, *(index for index in order if leading[index]), *order]
    return list(dict.fromkeys(wanted))[:CURVE_CONFIGURATIONS]


def has_curve(runs: Sequence[Run], metric: str) -> bool:
    """Tell whether all of these usable runs have enough steps of a metric for a curve."""
    return bool(runs) and all(run.metrics[metric].points >= CURVE_MIN_STEPS for run in runs)


def learning_curves(
    runs: Sequence[Run],
    chosen: Sequence[tuple[Group, Sequence[int]]],
    metric: str,
    reader: CurveReader,
    over: str = STEP,
) -> CurvesRead:
    """Read and average the curves of the *chosen* configurations, given with their usable runs.

    A configuration whose curve has fewer than five steps has none.

    Args:
        runs: All runs.
        chosen: Configurations, each with the places of its usable runs.
        metric: What is drawn.
        reader: Gives the points.
        over: What it is drawn over: ``step``, ``time`` since the run's start in seconds, or a metric.

    Raises:
        UnknownMetricError: *over* is a metric that none of these runs has.
    """
    wanted = [runs[index].id for _, usable in chosen for index in usable]
    if not wanted:
        return CurvesRead()
    by_run: dict[str, list[Curve]] = defaultdict(list)
    for curve in reader.read(wanted, [metric], max_points=CURVE_MAX_POINTS):
        by_run[curve.run_id].append(curve)
    places = _places(runs, wanted, reader, over)
    made = []
    for group, usable in chosen:
        curves = [curve for index in usable for curve in by_run.get(runs[index].id, ())]
        moved = [replace(curve, steps=places(curve)) for curve in curves]
        found = _learning_curve(group.key, metric, moved)
        made += [] if found is None else [replace(found, over=over)]
    lines = {run_id: _finite(curves[0]) for run_id, curves in by_run.items()}
    return CurvesRead(tuple(made), {run_id: course(y) for run_id, (_, y) in lines.items() if y.size})


def single_courses(runs: Sequence[Run], metric: str, reader: CurveReader) -> dict[str, tuple[float, ...]]:
    """Read a few values of every run's own line, by run id; nothing where there are too many runs to read."""
    wanted = [
        run.id for run in runs if metric in run.metrics and run.metrics[metric].points >= CURVE_MIN_STEPS
    ]
    if len(wanted) > COURSE_RUNS:
        return {}
    lines = {
        curve.run_id: _finite(curve)[1]
        for curve in reader.read(wanted, [metric], max_points=CURVE_MAX_POINTS)
    }
    return {run_id: course(values) for run_id, values in lines.items() if values.size}


def course(values: Floats) -> tuple[float, ...]:
    """Thin a run's values to a few at even distances, the first, last, least and largest among them."""
    if values.size <= COURSE_POINTS:
        return tuple(values.tolist())
    even = np.linspace(0, values.size - 1, COURSE_POINTS - 2).round().astype(np.int64)
    kept = np.union1d(even, [values.argmin(), values.argmax()])
    return tuple(values[kept].tolist())


def _places(
    runs: Sequence[Run], wanted: Sequence[str], reader: CurveReader, over: str
) -> Callable[[Curve], tuple[float, ...]]:
    """Give what tells where the points of a curve lie on the axis asked for."""
    if over == STEP:
        return lambda curve: curve.steps
    if over == TIME:
        starts = {run.id: run.started.timestamp() for run in runs if run.started is not None}
        return lambda curve: tuple(t - starts.get(curve.run_id, curve.times[0]) for t in curve.times)
    read = {
        curve.run_id: _finite(curve) for curve in reader.read(wanted, [over], max_points=CURVE_MAX_POINTS)
    }
    if not read:
        raise UnknownMetricError(
            f"no run has the metric {over!r}",
            where="compare.curves_over",
            do="Name a metric that the runs logged beside their steps, or write step or time.",
        )

    def along(curve: Curve) -> tuple[float, ...]:
        steps, values = read.get(curve.run_id, (np.zeros(0), np.zeros(0)))
        if not steps.size:
            return (math.nan,) * len(curve.steps)  # a run that does not tell has no place on this axis
        return tuple(np.interp(curve.steps, steps, values, left=math.nan, right=math.nan).tolist())

    return along


def _learning_curve(key: str, metric: str, curves: Sequence[Curve]) -> LearningCurve | None:
    lines = [line for curve in curves if (line := _finite(curve))[0].size]
    if not lines or len(lines) < len(curves):
        return None
    points, band = average(lines)
    if len(points) < CURVE_MIN_STEPS:
        return None
    few = len(lines) <= CURVE_MAX_DRAWN_RUNS
    return LearningCurve(
        key,
        metric,
        points,
        len(lines),
        band,
        tuple(tuple(zip(x.tolist(), y.tolist(), strict=True)) for x, y in lines) if few else (),
        sum(not math.isfinite(curve.values[-1]) for curve in curves),
        smoothed=smooth([point.mean for point in points]),
    )


def average(lines: Sequence[tuple[Floats, Floats]]) -> tuple[tuple[CurvePoint, ...], Band]:
    """Average lines on the union of their steps; each counts from its first step to its last and never beyond.

    Between two steps of a run its value is interpolated on a straight line. Up to five runs the band
    reaches from the lowest to the highest; with more it is the pointwise 95 % t interval of the mean, or,
    where the runs at the common end are skewed, the quartiles around the median.
    """
    grid = np.unique(np.concatenate([steps for steps, _ in lines]))
    if grid.size > CURVE_MAX_POINTS:
        grid = grid[np.unique(np.linspace(0, grid.size - 1, CURVE_MAX_POINTS).round().astype(np.int64))]
    table = np.stack([np.interp(grid, x, y, left=math.nan, right=math.nan) for x, y in lines])
    present = np.isfinite(table)
    counts = present.sum(axis=0)
    kept = counts > 0
    grid, table, counts = grid[kept], table[:, kept], counts[kept]
    band = _band(lines)
    middle, low, high = _bands(table, counts, band)
    columns = (grid.tolist(), middle.tolist(), low.tolist(), high.tolist(), counts.tolist())
    return tuple(CurvePoint(*row) for row in zip(*columns, strict=True)), band


def _band(lines: Sequence[tuple[Floats, Floats]]) -> Band:
    if len(lines) <= CURVE_MAX_DRAWN_RUNS:
        return "runs"
    ends = np.array([values[-1] for _, values in lines])
    spread = float(np.std(ends))
    if spread <= 1e-12 * max(1.0, float(np.max(np.abs(ends)))):
        return "interval"
    skewness = float(np.mean(((ends - ends.mean()) / spread) ** 3))
    return "quartiles" if abs(skewness) > CURVE_SKEWED else "interval"


def _bands(table: Floats, counts: NDArray[np.int64], band: Band) -> tuple[Floats, Floats, Floats]:
    """Give middle, low and high end at each step, over the runs that are there."""
    if band == "quartiles":
        low, middle, high = np.nanpercentile(table, [25, 50, 75], axis=0)
        return middle, low, high
    low, high = np.nanmin(table, axis=0), np.nanmax(table, axis=0)
    mean = np.clip(
        np.nansum(table / counts, axis=0), low, high
    )  # divided first: sums of large values overflow
    if band == "interval":
        from scipy import special

        several = counts > 1
        spread = np.sqrt(np.nansum((table - mean) ** 2, axis=0) / np.maximum(counts - 1, 1))
        reach = special.stdtrit(np.maximum(counts - 1, 1), 0.5 + CONFIDENCE / 2) * spread / np.sqrt(counts)
        low = np.where(several, mean - reach, mean)
        high = np.where(several, mean + reach, mean)
    return mean, low, high


def smooth(values: Sequence[float]) -> tuple[float, ...]:
    """Smooth a restless line by a debiased exponential moving average; empty where it is steady or short.

    Restless is a line whose steps up and down add up to many times its whole range. The average weighs
    what came before by ``(1 - a) ** age`` and divides by the sum of the weights, so that it does not
    begin at 0 (Kingma and Ba 2015, section 3; ``ewm(adjust=True)`` of pandas is the same).
    """
    line = np.asarray(values, dtype=np.float64)
    if line.size < CURVE_MIN_TO_SMOOTH:
        return ()
    reach = float(line.max() - line.min())
    if reach <= 0 or float(np.abs(np.diff(line)).sum()) < CURVE_RESTLESS * reach:
        return ()
    decay = 1.0 - 2.0 / (CURVE_SMOOTHED_OVER * line.size + 1.0)
    total = weight = 0.0
    smoothed = []
    for value in line.tolist():
        total, weight = decay * total + value, decay * weight + 1.0
        smoothed.append(total / weight)
    return tuple(smoothed)


def _finite(curve: Curve) -> tuple[Floats, Floats]:
    steps, values = np.asarray(curve.steps, dtype=np.float64), np.asarray(curve.values, dtype=np.float64)
    kept = np.isfinite(values) & np.isfinite(steps)
    steps, values = steps[kept], values[kept]
    order = np.argsort(steps, kind="stable")
    return steps[order], values[order]
