"""Learning curves: the deciding metric over the steps, as the mean of a configuration's usable runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from reportgen.analyse.configurations import Group
from reportgen.analyse.statistics import Floats
from reportgen.analyse.thresholds import CURVE_CONFIGURATIONS, CURVE_MAX_POINTS, CURVE_MIN_STEPS
from reportgen.findings import CurvePoint, LearningCurve
from reportgen.runs import Curve, CurveReader, Run


def choose_configurations(order: Sequence[int], leading: Sequence[bool], baseline: int | None) -> list[int]:
    """Choose among *order* whose curves are read: the best, the baseline, the leaders, the next best."""
    first = [*order[:1], *(index for index in order if index == baseline)]
    wanted = [*first, *(index for index in order if leading[index]), *order]
    return list(dict.fromkeys(wanted))[:CURVE_CONFIGURATIONS]


def has_curve(runs: Sequence[Run], metric: str) -> bool:
    """Tell whether all of these usable runs have enough steps of a metric for a curve."""
    return bool(runs) and all(run.metrics[metric].points >= CURVE_MIN_STEPS for run in runs)


def learning_curves(
    runs: Sequence[Run], chosen: Sequence[tuple[Group, Sequence[int]]], metric: str, reader: CurveReader
) -> tuple[LearningCurve, ...]:
    """Read and average the curves of the *chosen* configurations, given with their usable runs.

    A configuration whose runs have fewer than five steps in common has none.
    """
    wanted = [runs[index].id for _, usable in chosen for index in usable]
    if not wanted:
        return ()
    by_run: dict[str, list[Curve]] = defaultdict(list)
    for curve in reader.read(wanted, [metric], max_points=CURVE_MAX_POINTS):
        by_run[curve.run_id].append(curve)
    made = []
    for group, usable in chosen:
        curves = [curve for index in usable for curve in by_run.get(runs[index].id, ())]
        points = average(curves)
        if len(points) >= CURVE_MIN_STEPS:
            made.append(LearningCurve(group.key, metric, points, len(curves)))
    return tuple(made)


def average(curves: Sequence[Curve]) -> tuple[CurvePoint, ...]:
    """Average curves on the union of their steps, only where every one of them has begun and not ended.

    Between two steps of a run its value is interpolated on a straight line; values that are not finite
    are left out of the line.
    """
    lines = [line for curve in curves if (line := _finite(curve))[0].size]
    if not lines or len(lines) < len(curves):
        return ()
    start = max(steps[0] for steps, _ in lines)
    end = min(steps[-1] for steps, _ in lines)
    grid = np.unique(np.concatenate([steps for steps, _ in lines]))
    grid = grid[(grid >= start) & (grid <= end)]
    if grid.size > CURVE_MAX_POINTS:
        grid = grid[np.unique(np.linspace(0, grid.size - 1, CURVE_MAX_POINTS).round().astype(np.int64))]
    if grid.size == 0:
        return ()
    table = np.stack([np.interp(grid, steps, values) for steps, values in lines])
    low, high = table.min(axis=0), table.max(axis=0)
    mean = np.clip(np.mean(table / len(lines), axis=0) * len(lines), low, high)
    return tuple(
        CurvePoint(float(step), float(middle), float(bottom), float(top), len(lines))
        for step, middle, bottom, top in zip(grid, mean, low, high, strict=True)
    )


def _finite(curve: Curve) -> tuple[Floats, Floats]:
    steps, values = np.asarray(curve.steps, dtype=np.float64), np.asarray(curve.values, dtype=np.float64)
    kept = np.isfinite(values) & np.isfinite(steps)
    steps, values = steps[kept], values[kept]
    order = np.argsort(steps, kind="stable")
    return steps[order], values[order]
