"""Differences between configurations on one metric: intervals, adjusted p-values, verdicts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyse.comparability import Comparability
from reportgen.analyse.configurations import Group
from reportgen.analyse.statistics import (
    Booleans,
    Differences,
    Floats,
    Integers,
    Moments,
    holm,
    runs_needed,
    t_multiplier,
    welch,
    welch_testable,
)
from reportgen.analyse.thresholds import EQUIVALENCE_CONFIDENCE
from reportgen.analyse.verdicts import HOPELESS, NEXT_STEPS, Evidence, judge
from reportgen.findings import Comparison, Interval, Metric, Reason

METHOD = "Welch t test, p adjusted by Holm"
NO_TEST = "none"


@dataclass(frozen=True, slots=True)
class Sample:
    """One metric over all configurations."""

    metric: Metric
    moments: Moments
    failure_share: Floats
    """Per configuration: ended runs without a usable number of the deciding metric."""

    @property
    def sign(self) -> float:
        """Turns a difference into an improvement."""
        return 1.0 if self.metric.goal == "maximize" else -1.0


@dataclass(frozen=True, slots=True)
class Contrast:
    """Pairs of configurations, tested as one family.

    Shape: (pairs,) each. Differences are improvements of the first over the second; NaN where untested.
    """

    sample: Sample
    first: Integers
    second: Integers
    data_differ: Booleans
    differences: Differences
    adjusted: Floats
    alpha: Floats
    family: int


def contrast(
    sample: Sample, first: Integers, second: Integers, comparability: Comparability, family: int
) -> Contrast:
    """Test pairs of configurations, adjusted for *family* comparisons (untested ones included)."""
    data_differ = comparability.differ(first, second)
    testable = welch_testable(sample.moments, first, second) & ~data_differ
    raw = welch(sample.moments, first, second, testable)
    improved = Differences(raw.difference * sample.sign, raw.error, raw.df, raw.p)
    adjusted, alpha = holm(improved.p, family)
    return Contrast(sample, first, second, data_differ, improved, adjusted, alpha, family)


def comparisons_of(tested: Contrast, groups: Sequence[Group]) -> Iterator[Comparison]:
    """Write out each pair with its verdict, its reason and the next step."""
    moments, raw = tested.sample.moments, tested.differences
    low, high = _intervals(raw, tested.alpha)
    low_90, high_90 = _intervals(raw, np.full(raw.p.shape, 1.0 - EQUIVALENCE_CONFIDENCE))
    needed = _needed(tested)
    smallest = tested.sample.metric.smallest_difference
    for i, (first, second) in enumerate(zip(tested.first.tolist(), tested.second.tolist(), strict=True)):
        differ = bool(tested.data_differ[i])
        verdict, reason = judge(
            Evidence(
                data_differ=differ,
                n=int(moments.n[first]),
                n_reference=int(moments.n[second]),
                flat=bool(moments.flat[first] and moments.flat[second]),
                failure_share=float(tested.sample.failure_share[first]),
                failure_share_reference=float(tested.sample.failure_share[second]),
                difference=float(raw.difference[i]),
                p_adjusted=float(tested.adjusted[i]),
                interval=(float(low[i]), float(high[i])),
                equivalence_interval=(float(low_90[i]), float(high_90[i])),
                smallest_difference=smallest,
            )
        )
        difference = None if differ else _number(raw.difference[i])
        p_value = _number(raw.p[i])
        n_needed = int(needed[i]) or None if reason == "noise" else None
        yield Comparison(
            key=groups[first].key,
            metric=tested.sample.metric.name,
            baseline=groups[second].key,
            difference=difference,
            relative=_relative(difference, float(moments.mean[second])),
            interval=_interval(low[i], high[i]),
            level=None if p_value is None else 1.0 - float(tested.alpha[i]),
            p_value=p_value,
            p_adjusted=_number(tested.adjusted[i]),
            method=NO_TEST if p_value is None else METHOD,
            verdict=verdict,
            reason=reason,
            next_step=_next_step(reason, n_needed, difference),
            n_needed=n_needed,
            family=tested.family,
        )


def _intervals(raw: Differences, alpha: Floats) -> tuple[Floats, Floats]:
    with np.errstate(invalid="ignore", over="ignore"):
        half = t_multiplier(alpha, raw.df) * raw.error
        return raw.difference - half, raw.difference + half


def _needed(tested: Contrast) -> Integers:
    """Runs a side that would show the gap seen, or the smallest that matters if that is larger."""
    moments = tested.sample.moments
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        gap = np.abs(tested.differences.difference)
        gap = np.maximum(gap, tested.sample.metric.smallest_difference or 0.0)
        pooled = np.hypot(moments.spread[tested.first], moments.spread[tested.second]) / math.sqrt(2.0)
        effect = np.where(np.isnan(tested.alpha), np.nan, gap / pooled)
    needed = runs_needed(effect, np.where(np.isnan(tested.alpha), 1.0, tested.alpha))
    already = np.minimum(moments.n[tested.first], moments.n[tested.second])
    return np.where(needed > 0, np.maximum(needed, already + 1), 0)


def _next_step(reason: Reason | None, n_needed: int | None, difference: float | None) -> str:
    if reason is None:
        return ""
    if reason == "noise" and n_needed is None and difference is not None:
        return HOPELESS
    return NEXT_STEPS[reason]


def _number(value: float) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _interval(low: float, high: float) -> Interval | None:
    bounds = _number(low), _number(high)
    return None if bounds[0] is None or bounds[1] is None else (bounds[0], bounds[1])


def _relative(difference: float | None, reference: float) -> float | None:
    if difference is None or not math.isfinite(reference) or reference <= 0:
        return None
    return _number(difference / reference)
