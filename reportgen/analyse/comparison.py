"""Differences between configurations on one metric: intervals, adjusted p-values, verdicts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyse.comparability import Comparability
from reportgen.analyse.configurations import Group
from reportgen.analyse.ratios import ratio_intervals
from reportgen.analyse.results import Results, beats, pair_by_seed
from reportgen.analyse.statistics import (
    Booleans,
    Differences,
    Floats,
    Integers,
    Moments,
    benjamini_hochberg,
    holm,
    runs_needed,
    t_multiplier,
    welch,
    welch_testable,
    within_pairs,
)
from reportgen.analyse.thresholds import ALPHA, EQUIVALENCE_CONFIDENCE, MIN_PAIRS
from reportgen.analyse.verdicts import (
    GAP_NEVER_VARIES,
    HOPELESS,
    HOPELESS_OVER_TASKS,
    NEXT_STEPS,
    NEXT_STEPS_OVER_TASKS,
    Evidence,
    judge,
    sureness,
    swapped,
)
from reportgen.findings import Comparison, Interval, Metric, Reason

METHOD = "Welch t test, p adjusted by Holm"
PAIRED = "paired t test, p adjusted by Holm"
NO_TEST = "none"


@dataclass(frozen=True, slots=True)
class Sample:
    """One metric over all configurations."""

    metric: Metric
    results: Results
    moments: Moments
    ended: Integers
    """Per configuration: runs that have ended, whatever became of them."""
    failed: Integers
    """Per configuration: those of them without a usable number of the deciding metric."""

    @property
    def sign(self) -> float:
        """Turns a difference into an improvement."""
        return 1.0 if self.metric.goal == "maximize" else -1.0

    @property
    def failure_share(self) -> Floats:
        """Per configuration: ended runs without a usable number, as a share; 0 before one has ended."""
        return self.failed / np.maximum(self.ended, 1)

    @property
    def paired(self) -> bool:
        """Whether the seed was declared to fix more than luck, so that runs may be paired by it."""
        return self.results.seeds.size > 0


@dataclass(frozen=True, slots=True)
class Contrast:
    """Pairs of configurations, tested as one family.

    Shape: (pairs,) each. Differences are improvements of the first over the second; NaN where untested.
    """

    sample: Sample
    first: Integers
    second: Integers
    data_differ: Booleans
    pairs: Integers
    """Complete pairs of runs that were compared; 0 where all runs of both were."""
    spread: Floats
    """What the gap is measured in: the pooled standard deviation of runs, or that of the pairs' differences."""
    flat: Booleans
    """Whether nothing varies, neither within the first nor within the second (or between pairs)."""
    differences: Differences
    adjusted: Floats
    alpha: Floats
    family: int
    over_tasks: bool
    """Whether runs are on several tasks."""


def contrast(
    sample: Sample, first: Integers, second: Integers, comparability: Comparability, family: int
) -> Contrast:
    """Test pairs of configurations, adjusted for *family* comparisons (untested ones included).

    Welch's test of all runs; where the seed was declared to pair them and there are enough complete
    pairs, the t test of their differences.
    """
    moments, data_differ = sample.moments, comparability.differ(first, second)
    testable = welch_testable(moments, first, second) & ~data_differ
    raw = welch(moments, first, second, testable)
    with np.errstate(over="ignore", invalid="ignore"):
        spread = np.hypot(moments.spread[first], moments.spread[second]) / math.sqrt(2.0)
    flat, pairs = moments.flat[first] & moments.flat[second], np.zeros(len(first), dtype=np.int64)
    if sample.paired:
        within = pair_by_seed(sample.results, first, second)
        used = within.n >= MIN_PAIRS
        paired = within_pairs(within, used & ~within.flat & ~data_differ)
        raw = Differences(
            *(
                np.where(used, new, old)
                for new, old in (
                    (paired.difference, raw.difference),
                    (paired.error, raw.error),
                    (paired.df, raw.df),
                    (paired.p, raw.p),
                )
            )
        )
        pairs, flat = np.where(used, within.n, 0), np.where(used, within.flat, flat)
        spread = np.where(used, within.spread, spread)
    improved = Differences(raw.difference * sample.sign, raw.error, raw.df, raw.p)
    adjusted, alpha = holm(improved.p, family)
    return Contrast(
        sample,
        first,
        second,
        data_differ,
        pairs,
        spread,
        flat,
        improved,
        adjusted,
        alpha,
        family,
        comparability.over_tasks,
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Everything about the pairs that is computed for all of them at once.

    Shape: (pairs,) each, or two of it.
    """

    interval: tuple[Floats, Floats]
    equivalence: tuple[Floats, Floats]
    ratio: Floats
    ratio_interval: tuple[Floats, Floats]
    beats: Floats
    beats_with_failures: Floats
    stands_out: Booleans


def _columns(tested: Contrast) -> _Columns:
    sample, raw = tested.sample, tested.differences
    first, second = tested.first, tested.second
    interval = _intervals(raw, tested.alpha)
    ratio, low, high = ratio_intervals(
        sample.metric, sample.results, (first, second), tested.alpha, tested.pairs > 0
    )
    with np.errstate(invalid="ignore"):  # words and ranges must not contradict each other
        same = ((interval[0] > 0) | (interval[1] < 0)) == ((low > 1) | (high < 1))
        found = benjamini_hochberg(raw.p, tested.family) < ALPHA
    won, won_with_failures = beats(sample.results, sample.sign, sample.failed, first, second)
    return _Columns(
        interval=interval,
        equivalence=_intervals(raw, np.full(raw.p.shape, 1.0 - EQUIVALENCE_CONFIDENCE)),
        ratio=ratio,
        ratio_interval=(np.where(same, low, np.nan), np.where(same, high, np.nan)),
        beats=won,
        beats_with_failures=won_with_failures,
        stands_out=found & (raw.difference > 0),
    )


def comparisons_of(
    tested: Contrast, groups: Sequence[Group], *, confirmed: bool = False
) -> Iterator[Comparison]:
    """Write out each pair with its verdict, its reason and the next step.

    *confirmed* says that fresh runs alone stand for the first of each pair.
    """
    columns = _columns(tested)
    evidence = list(_evidence(tested, columns))
    judged = [judge(entry) for entry in evidence]
    needed = _needed(tested, [reason for _, reason in judged]).tolist()
    raw, sample = tested.differences, tested.sample
    for i, (first, second) in enumerate(zip(tested.first.tolist(), tested.second.tolist(), strict=True)):
        differ, (verdict, reason) = bool(tested.data_differ[i]), judged[i]
        difference = None if differ else _number(raw.difference[i])
        p_value = _number(raw.p[i])
        method = NO_TEST if p_value is None else PAIRED if tested.pairs[i] else METHOD
        yield Comparison(
            key=groups[first].key,
            metric=sample.metric.name,
            baseline=groups[second].key,
            difference=difference,
            relative=_relative(difference, float(sample.moments.mean[second])),
            interval=_pair(columns.interval, i),
            level=None if p_value is None else 1.0 - float(tested.alpha[i]),
            p_value=p_value,
            p_adjusted=_number(tested.adjusted[i]),
            method=method,
            verdict=verdict,
            reason=reason,
            next_step=_next_step(tested, i, reason, needed[i]),
            other_way=judge(swapped(evidence[i]))[0],
            n_needed=needed[i] or None,
            family=tested.family,
            sureness=sureness(verdict, confirmed=confirmed),
            pairs=None if p_value is None else int(tested.pairs[i]) or None,
            ratio=None if differ else _number(columns.ratio[i]),
            ratio_interval=_pair(columns.ratio_interval, i),
            equivalence_interval=None
            if sample.metric.smallest_difference is None
            else _pair(columns.equivalence, i),
            beats=None if differ else _number(columns.beats[i]),
            beats_with_failures=None if differ else _number(columns.beats_with_failures[i]),
            second_look=reason == "noise" and bool(columns.stands_out[i]),
        )


def _evidence(tested: Contrast, columns: _Columns) -> Iterator[Evidence]:
    sample, raw = tested.sample, tested.differences
    n, shares, failed = sample.moments.n, sample.failure_share, sample.failed
    (low, high), (low_90, high_90) = columns.interval, columns.equivalence
    for i, (first, second) in enumerate(zip(tested.first.tolist(), tested.second.tolist(), strict=True)):
        yield Evidence(
            data_differ=bool(tested.data_differ[i]),
            n=int(n[first]),
            n_reference=int(n[second]),
            flat=bool(tested.flat[i]),
            failure_share=float(shares[first]),
            failure_share_reference=float(shares[second]),
            difference=float(raw.difference[i]),
            p_adjusted=float(tested.adjusted[i]),
            interval=(float(low[i]), float(high[i])),
            equivalence_interval=(float(low_90[i]), float(high_90[i])),
            smallest_difference=sample.metric.smallest_difference,
            beats_with_failures=float(columns.beats_with_failures[i])
            if failed[first] or failed[second]
            else math.nan,
        )


def _intervals(raw: Differences, alpha: Floats) -> tuple[Floats, Floats]:
    with np.errstate(invalid="ignore", over="ignore"):
        half = t_multiplier(alpha, raw.df) * raw.error
        return raw.difference - half, raw.difference + half


def _needed(tested: Contrast, reasons: Sequence[Reason | None]) -> Integers:
    """Runs a side (or pairs) that would show the gap seen, or the smallest that matters if that is larger.

    Where only the size is open, those that would tell the gap seen from the smallest that matters. Zero
    where nothing is open that more runs would settle, or too many would be needed.
    """
    sample, smallest = tested.sample, tested.sample.metric.smallest_difference or 0.0
    noise = np.array([reason == "noise" for reason in reasons], dtype=np.bool_)
    size = np.array([reason == "size_unclear" for reason in reasons], dtype=np.bool_)
    open_ones = np.flatnonzero((noise | size) & ~np.isnan(tested.alpha))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        seen = np.abs(tested.differences.difference[open_ones])
        gap = np.where(size[open_ones], smallest - seen, np.maximum(seen, smallest))
        effect = gap / tested.spread[open_ones]
    paired = tested.pairs[open_ones] > 0
    found = runs_needed(effect, tested.alpha[open_ones], paired)
    n = sample.moments.n
    already = np.minimum(n[tested.first[open_ones]], n[tested.second[open_ones]])
    already = np.where(paired, tested.pairs[open_ones], already)
    needed = np.zeros(len(reasons), dtype=np.int64)
    needed[open_ones] = np.where(found > 0, np.maximum(found, already + 1), 0)
    return needed


def _next_step(tested: Contrast, place: int, reason: Reason | None, n_needed: int) -> str:
    if reason is None:
        return ""
    first, second, flat = tested.first[place], tested.second[place], tested.sample.moments.flat
    if reason == "no_variation" and not (flat[first] and flat[second]):
        return GAP_NEVER_VARIES
    if reason == "noise" and not n_needed and math.isfinite(tested.differences.difference[place]):
        return HOPELESS_OVER_TASKS if tested.over_tasks else HOPELESS
    return (NEXT_STEPS_OVER_TASKS if tested.over_tasks else NEXT_STEPS)[reason]


def _number(value: float) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _pair(ends: tuple[Floats, Floats], place: int) -> Interval | None:
    low, high = float(ends[0][place]), float(ends[1][place])
    return (low, high) if math.isfinite(low) and math.isfinite(high) else None


def _relative(difference: float | None, reference: float) -> float | None:
    if difference is None or not math.isfinite(reference) or reference <= 0:
        return None
    return _number(difference / reference)
