"""What a series of periods says: limits of its usual range, and whether it rises or falls."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from reportgen.analyse.statistics import Floats
from reportgen.analyse.thresholds import CONFIDENCE, TREND_MIN_PERIODS
from reportgen.findings import Period, Trend

MOVING_RANGE_FACTOR = 2.66
"""3 / 1.128: three standard deviations, estimated from the mean range of neighbours."""


def moving_range_limits(values: Sequence[float]) -> tuple[float, float, float]:
    """Give the mean and the natural process limits around it.

    Source: Shewhart's chart of individuals and moving ranges; Wheeler 1993, Understanding Variation.
    """
    center = float(np.mean(values))
    half = MOVING_RANGE_FACTOR * float(np.mean([abs(b - a) for a, b in pairwise(values)]))
    return center, center - half, center + half


def describe_trend(history: Sequence[Period]) -> Trend:
    """Judge the periods since the last break; nothing is said below eight whole ones with a number.

    The baseline run again is the better series: the best of a period grows with the number of tries.
    """
    recent: list[Period] = []
    for period in history:
        recent = [period] if period.breaks else [*recent, period]
    whole = [period for period in recent if not period.partial]
    again = [(place, p.name, p.reference) for place, p in enumerate(whole) if p.reference is not None]
    best = [(place, p.name, p.best_mean) for place, p in enumerate(whole) if p.best_mean is not None]
    if len(again) >= TREND_MIN_PERIODS:
        return _trend("reference", again)
    return (
        _trend("best", best) if len(best) >= TREND_MIN_PERIODS else Trend(periods=max(len(again), len(best)))
    )


def _trend(series: str, points: Sequence[tuple[int, str, float]]) -> Trend:
    from scipy import stats

    values: Floats = np.array([value for _, _, value in points])
    places: Floats = np.array([place for place, _, _ in points], dtype=np.float64)
    center, low, high = moving_range_limits(values.tolist())
    slope = stats.theilslopes(values, places, CONFIDENCE)
    flat = bool(np.ptp(values) == 0.0)
    kendall = None if flat else stats.kendalltau(places, values)
    return Trend(
        series="reference" if series == "reference" else "best",
        periods=len(points),
        since=points[0][1],
        center=center,
        low=low,
        high=high,
        outside=tuple(name for _, name, value in points if not low <= value <= high),
        slope=float(slope.slope),
        slope_interval=(float(slope.low_slope), float(slope.high_slope)),
        tau=0.0 if kendall is None else float(kendall.statistic),
        p_value=1.0 if kendall is None else float(kendall.pvalue),
    )
