"""Which configuration is best, and which cannot be told from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from reportgen.analyse.comparability import Comparability
from reportgen.analyse.comparison import Sample
from reportgen.analyse.statistics import Booleans, Floats, Integers, Moments, holm, welch, welch_testable
from reportgen.analyse.thresholds import ALPHA, MIN_RUNS
from reportgen.findings import Comparison


def rank_means(sample: Sample) -> tuple[int | None, ...]:
    """Rank the configurations by their means, 1 is best; equal means share a rank.

    All None without a direction; None for a configuration without a usable run.
    """
    means = sample.moments.mean
    if sample.metric.goal is None:
        return (None,) * len(means)
    improved = np.sort(-means[~np.isnan(means)] * sample.sign)
    places = np.searchsorted(improved, -means * sample.sign, side="left") + 1
    return tuple(None if np.isnan(mean) else int(place) for mean, place in zip(means, places, strict=True))


def order_by_rank(ranks: Sequence[int | None]) -> list[int]:
    """Order numbers of configurations best first, those without a rank last, in their own order."""
    return sorted(range(len(ranks)), key=lambda index: (ranks[index] is None, ranks[index] or 0, index))


def leading_group(
    sample: Sample, order: Sequence[int], comparability: Comparability, beaten: Collection[int]
) -> Booleans:
    """Tell which configurations lead: the best, and those after it down to the first that is shown worse.

    The best was picked by looking, so the family is *every* pair of configurations, not only those
    with the best (with those alone, up to 20 % of sweeps of equal configurations would lose a leader).
    Where a side has fewer than three usable runs, the spread is borrowed: the largest of all
    configurations that have two or more, so that a setting with one very poor run does not lead. Without
    any repeats nothing can be told apart, and all configurations with a usable run lead.

    Args:
        sample: The deciding metric; its direction is known.
        order: Numbers of the configurations, best first.
        comparability: A configuration on other data than the best is not tested, and does not lead.
        beaten: Numbers of those that the comparison with the baseline shows to be worse than another.

    Shape: (configurations,).
    """
    moments = sample.moments
    best, count = order[0], len(moments.n)
    everyone = np.arange(count, dtype=np.int64)
    reference = np.full(count, best, dtype=np.int64)
    elsewhere = comparability.differ(everyone, reference) & (everyone != best)
    comparable = ~elsewhere & (everyone != best)
    tested = welch(moments, everyone, reference, welch_testable(moments, everyone, reference) & comparable)
    few = comparable & ((moments.n < MIN_RUNS) | (moments.n[best] < MIN_RUNS)) & (moments.n > 0)
    p = np.where(few, _borrowed_p(moments, best), tested.p)
    adjusted, _ = holm(p, max(1, count * (count - 1) // 2))
    worse = np.nan_to_num(adjusted, nan=1.0) < ALPHA
    leading = np.zeros(count, dtype=np.bool_)
    for number in order:
        if elsewhere[number]:
            continue
        if moments.n[number] == 0 or (number != best and (worse[number] or number in beaten)):
            break
        leading[number] = True
    return leading


def _borrowed_p(moments: Moments, best: int) -> Floats:
    """Compare every mean with the best's by the largest spread that any configuration shows.

    With the pooled spread instead, a configuration that varies more than the others was left out of the
    leading group in 29 % of sweeps of equals (30 with two runs each, `benchmarks/truth`).
    """
    from scipy import special

    repeated: Integers = np.flatnonzero(moments.n >= 2)
    df = float(np.sum(moments.n[repeated] - 1))
    if df == 0:
        return np.full(moments.mean.shape, np.nan)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        error = np.max(moments.spread[repeated]) * np.sqrt(1.0 / moments.n + 1.0 / moments.n[best])
        statistic = np.abs(moments.mean - moments.mean[best]) / np.where(error > 0, error, np.nan)
    return np.asarray(2.0 * special.stdtr(df, -statistic), dtype=np.float64)


def beaten_by_baseline_comparison(
    keys: Sequence[str], best: int, comparisons: Sequence[Comparison]
) -> frozenset[int]:
    """List the configurations that the comparison with the baseline keeps out of the leading group.

    Its family is smaller than the leading group's, so it may show a difference that the latter does
    not: a configuration worse than the baseline does not lead, nor does a baseline that the best beats.
    """
    place = {key: index for index, key in enumerate(keys)}
    beaten = {place[entry.key] for entry in comparisons if entry.verdict == "worse"}
    beaten |= {
        place[entry.baseline]
        for entry in comparisons
        if entry.key == keys[best] and entry.verdict in ("better", "too_small")
    }
    return frozenset(beaten)
