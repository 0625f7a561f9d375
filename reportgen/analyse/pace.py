"""What the curves say: how soon one's average got to where another's ended, and which still improved.

All of it describes the averages that are drawn, at the points that all repeats of a set-up reach. None of it is
a test; what few or failed repeats could feign is left unsaid.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from reportgen.analyse.thresholds import (
    CURVE_MATTERS,
    CURVE_MIN_STEPS,
    CURVE_TAIL,
    FAILURE_SHARE,
    FLAT_TOLERANCE,
    MIN_RUNS,
)
from reportgen.findings import CurveDoubt, CurvePoint, LearningCurve, Metric, Pace, PaceReason


def judge_curves(
    curves: Sequence[LearningCurve],
    metric: Metric,
    order: Sequence[str],
    baseline: str | None,
    failure_shares: Mapping[str, float],
) -> tuple[LearningCurve, ...]:
    """Add to each curve what can be said of its course.

    Args:
        curves: The curves, in any order.
        metric: What they are of.
        order: Keys of the configurations that may be compared, best first.
        baseline: Key of the baseline.
        failure_shares: By key, the share of its ended runs without a result (0 to 1).

    Returns:
        The curves in their order, each with its doubt, its gain at the end, and its pace (None for a lone
        curve).
    """
    judged = tuple(_judged(curve, metric, failure_shares.get(curve.key, 0.0)) for curve in curves)
    by_key = {curve.key: curve for curve in judged}
    ranked = [by_key[key] for key in order if key in by_key]
    found = []
    for curve in judged:
        others = [other for other in ranked if other.key != curve.key]
        others.sort(key=lambda other: other.key != baseline)
        pace = _pace(curve, others[0], metric) if others else None
        if pace is not None and curve.key not in order and metric.goal is not None:
            pace = replace(pace, reason="not_comparable")
        found.append(replace(curve, pace=pace))
    return tuple(found)


def _judged(curve: LearningCurve, metric: Metric, failure_share: float) -> LearningCurve:
    points = curve.whole
    doubt = _doubt(curve, points, failure_share)
    gained = None if doubt or metric.goal is None else _gained(points, metric)
    improving = gained is not None and _improves(points, gained, metric)
    return replace(curve, doubt=doubt, gained=gained, improving=improving)


def _doubt(curve: LearningCurve, points: Sequence[CurvePoint], failure_share: float) -> CurveDoubt | None:
    if curve.runs < MIN_RUNS:
        return "too_few_runs"
    if curve.diverged or failure_share >= FAILURE_SHARE:
        return "failures"
    if len(points) < CURVE_MIN_STEPS:
        return "few_steps"
    return "restless" if curve.smoothed else None


def _sign(metric: Metric) -> float:
    return -1.0 if metric.goal == "minimize" else 1.0


def _gained(points: Sequence[CurvePoint], metric: Metric) -> float | None:
    """Give the improvement over the last fifth of the steps, from the last point before it."""
    first, last = points[0], points[-1]
    begin = first.step + (1.0 - CURVE_TAIL) * (last.step - first.step)
    before = [point for point in points if point.step <= begin][-1]
    gained = _sign(metric) * (last.mean - before.mean)
    return gained if math.isfinite(gained) else None


def _improves(points: Sequence[CurvePoint], gained: float, metric: Metric) -> bool:
    """Tell whether a curve ends at its best, having gained enough to matter in the last fifth of its steps."""
    best = max(_sign(metric) * point.mean for point in points)
    is_best = _sign(metric) * points[-1].mean >= best
    return is_best and gained >= _matters(points, metric) and gained > 0


def _matters(points: Sequence[CurvePoint], metric: Metric) -> float:
    """Give what counts as a difference along a curve: the declared one, else a share of its range."""
    heights = [point.mean for point in points]
    return metric.smallest_difference or CURVE_MATTERS * (max(heights) - min(heights))


def _pace(curve: LearningCurve, other: LearningCurve, metric: Metric) -> Pace:
    own, theirs = curve.whole, other.whole
    if metric.goal is None or not own or not theirs:
        return Pace(other.key, None, None, None, None, "few_steps" if metric.goal else "no_direction")
    target, end = theirs[-1].mean, theirs[-1].step
    step = _stays(own, target, metric)
    near = _stays(theirs, target, metric, less=_matters(theirs, metric))
    common = sum(theirs[0].step <= point.step <= end for point in own)
    reason: PaceReason | None = curve.doubt or other.doubt
    if reason is None and common < CURVE_MIN_STEPS:
        reason = "few_steps"
    if reason is None:
        reason = _no_sooner(step, near)
    return Pace(other.key, target, end, step, near, reason)


def _no_sooner(step: float | None, near: float | None) -> PaceReason | None:
    if step is None:
        return "not_reached"
    return None if near is not None and step < near else "no_sooner"


def _stays(points: Sequence[CurvePoint], target: float, metric: Metric, less: float = 0.0) -> float | None:
    """Give the first step from which averages stay as good as a target, *less* so much; None if the last is not."""
    sign, found = _sign(metric), None
    slack = less + FLAT_TOLERANCE * max(1.0, abs(target))  # averages that are equal may differ by rounding
    for point in reversed(points):
        if sign * (point.mean - target) < -slack:
            break
        found = point.step
    return found
