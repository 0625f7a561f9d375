"""What luck alone does to the best of many, and to single repeats.

The model behind line and shrunken estimate: true levels of the configurations are spread normally, and
single runs vary normally around them with one spread for all. Everything is in closed form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyse.comparison import Sample
from reportgen.analyse.configurations import Group
from reportgen.analyse.results import Results
from reportgen.analyse.statistics import Booleans, Floats, Integers, Moments, scale_of
from reportgen.analyse.thresholds import (
    ALPHA,
    COLLAPSE_SPREADS,
    LUCK_MIN_CONFIGURATIONS,
    LUCK_MIN_DF,
    MIN_RUNS,
    SHRINK_MIN_CONFIGURATIONS,
)
from reportgen.findings import Collapse, Luck
from reportgen.runs import Run

_GRID = 4001
"""Points of the quadrature; the error is below 1e-6 standard errors."""


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """The average of all configurations, the spread of true levels, and each mean drawn towards the average.

    Shape: ``means`` (configurations,), NaN for those that are no candidates.
    """

    average: float
    between: float
    within: float
    means: Floats


def expected_best(errors: Floats) -> float:
    """Give the mean of the largest of independent normal values around zero with these standard errors.

    Equal errors give the error times the mean of the largest standard normal value: 1.54 for 10 of
    them, 2.51 for 100 (Tippett 1925). By quadrature of the distribution of the largest.
    """
    sizes, counts = np.unique(errors, return_counts=True)
    top = float(sizes[-1])
    if top == 0.0 or len(errors) < 2:
        return 0.0
    from scipy import special

    x = np.linspace(-9.0, 9.0, _GRID)
    log_below = np.zeros(x.shape)
    for size, count in zip(sizes, counts, strict=True):
        steps = np.where(x >= 0.0, 0.0, -np.inf) if size == 0.0 else special.log_ndtr(x * top / size)
        log_below = log_below + count * steps
    below = np.exp(log_below)
    positive = x >= 0.0
    rise = np.trapezoid(1.0 - below[positive], x[positive])
    return top * float(rise - np.trapezoid(below[x <= 0.0], x[x <= 0.0]))


def pooled_spread(sample: Moments, which: Booleans) -> tuple[float, int]:
    """Pool the standard deviations of the configurations with two runs or more; with its degrees of freedom.

    NaN without any.
    """
    repeated = np.flatnonzero(which & (sample.n >= 2))
    df = int(np.sum(sample.n[repeated] - 1))
    if df == 0:
        return float("nan"), 0
    size = scale_of(sample.spread[repeated])
    with np.errstate(over="ignore"):
        share = (sample.n[repeated] - 1) / df
        return float(np.sqrt(np.sum(share * (sample.spread[repeated] / size) ** 2)) * size), df


def shrink(sample: Moments, which: Booleans) -> Shrinkage:
    """Draw the means of the chosen configurations towards their average, as far as luck makes likely.

    Each mean becomes ``average + B (mean - average)`` with ``B = t2 / (t2 + s2 / n)``: s2 is the pooled
    variance of runs, t2 that of true levels by the method of moments (with equal n and t2 above zero the
    same as restricted maximum likelihood), and the average weighs each mean by ``1 / (t2 + s2 / n)``.

    Source: Searle, Casella, McCulloch 1992, Variance Components, ch. 3; Robinson 1991 on the predictor.
    """
    chosen = np.flatnonzero(which & (sample.n >= 1))
    n, means = sample.n[chosen].astype(np.float64), sample.mean[chosen]
    within, df = pooled_spread(sample, which)
    if len(chosen) < 2 or df == 0:
        return Shrinkage(float("nan"), float("nan"), within, np.full(len(sample.n), np.nan))
    size = scale_of(np.append(means, within))
    scaled, noise, total = means / size, (within / size) ** 2, float(np.sum(n))
    center = float(np.sum(n * scaled) / total)
    among = float(np.sum(n * (scaled - center) ** 2)) / (len(chosen) - 1)
    typical = (total - float(np.sum(n**2)) / total) / (len(chosen) - 1)
    between = max(0.0, (among - noise) / typical)
    variance = between + noise / n
    weights = 1.0 / variance if np.all(variance > 0.0) else np.ones(len(n))
    average = float(np.sum(weights * scaled) / np.sum(weights))
    kept = between / variance if np.all(variance > 0.0) else np.ones(len(n))
    shrunken = np.full(len(sample.n), np.nan)
    shrunken[chosen] = (average + kept * (scaled - average)) * size
    return Shrinkage(average * size, float(np.sqrt(between)) * size, within, shrunken)


def judge_luck(
    sample: Sample, groups: Sequence[Group], candidates: Booleans, baseline: int | None
) -> tuple[Luck | None, Floats]:
    """Say how far luck alone would lift the best of the candidates, and what is left of each mean.

    The spread of runs comes from all configurations with repeats. Where only the baseline has enough of
    them, it is borrowed for the line, and no mean is shrunken.

    Args:
        sample: The deciding metric over the search runs; its direction is known.
        groups: The configurations.
        candidates: Which may be compared; the baseline, which nobody picked, is left out of them here.
        baseline: The baseline's number.

    Shape: the second part (configurations,), NaN where nothing can be said.
    """
    moments = sample.moments
    nothing = np.full(len(groups), np.nan)
    tried = candidates & (moments.n >= 1)
    if baseline is not None:
        tried = tried & (np.arange(len(groups)) != baseline)
    places = np.flatnonzero(tried)
    if len(places) < LUCK_MIN_CONFIGURATIONS:
        return None, nothing
    _, own_df = pooled_spread(moments, tried)
    known = tried if baseline is None else tried | (np.arange(len(groups)) == baseline)
    spread, df = pooled_spread(moments, known)
    if df < LUCK_MIN_DF or not np.isfinite(spread) or spread == 0.0:
        return None, nothing
    enough = own_df >= LUCK_MIN_DF and len(places) >= SHRINK_MIN_CONFIGURATIONS
    shrunken = shrink(moments, tried) if own_df else None
    n, means = moments.n[places], moments.mean[places]
    size = scale_of(means)
    average = float(np.sum(n * (means / size)) / np.sum(n)) * size if shrunken is None else shrunken.average
    expected = expected_best(spread / np.sqrt(n))
    best = int(places[np.argmax(means * sample.sign)])
    lead = max(0.0, (float(moments.mean[best]) - average) * sample.sign)
    told = (average, expected, lead, average + sample.sign * expected)
    if not np.all(np.isfinite(told)):
        return None, nothing
    source = "repeats" if own_df else "baseline"
    luck = Luck(
        tried=len(places),
        key=groups[best].key,
        average=average,
        spread=spread,
        source="repeats" if source == "repeats" else "baseline",
        expected=expected,
        line=told[3],
        lead=lead,
    )
    return luck, shrunken.means if enough and shrunken is not None else nothing


def find_collapses(sample: Sample, groups: Sequence[Group], runs: Sequence[Run]) -> tuple[Collapse, ...]:
    """Name the runs that lie far from the other repeats of their configuration.

    A run is measured from the mean of the others, in robust standard deviations: the larger of the
    others' own and the typical one of all configurations (median). It must lie beyond three of them,
    and farther than one in twenty reports of healthy runs would show anywhere, and be odd among its own
    repeats too. (Three alone flags one healthy group of five in five: so few runs tell their own spread
    badly.)
    """
    results, moments = sample.results, sample.moments
    chosen = moments.n >= MIN_RUNS
    kept = np.flatnonzero(chosen[results.group]).astype(np.int64)
    if kept.size == 0:
        return ()
    distance, others_mean = _distances(results, moments, kept, chosen)
    improved = np.where(results.values[kept] > others_mean, sample.sign, -sample.sign)
    return tuple(
        Collapse(
            run_id=runs[int(results.runs[kept[i]])].id,
            key=groups[int(results.group[kept[i]])].key,
            value=float(results.values[kept[i]]),
            side="better" if improved[i] > 0 else "worse",
            others=int(moments.n[results.group[kept[i]]]) - 1,
            others_mean=float(others_mean[i]),
        )
        for i in np.flatnonzero(distance > 1.0)
    )


def _distances(results: Results, sample: Moments, kept: Integers, chosen: Booleans) -> tuple[Floats, Floats]:
    """Measure each result from the others of its group, in units of what would be too far."""
    from scipy import special

    group = results.group[kept]
    n = sample.n[group].astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        away = results.values[kept] - sample.mean[group]
        others_mean = sample.mean[group] - away / (n - 1)
        gap = np.abs(away) * n / (n - 1)
        # variance of the others, from that of all: (n - 1) s2 - away2 n / (n - 1), over n - 2
        rest = np.maximum(0.0, (n - 1) * sample.spread[group] ** 2 - away**2 * n / (n - 1)) / (n - 2)
        own = np.sqrt(rest)
        typical, freedom = _typical_spread(sample, chosen)
        reach = np.sqrt(1 + 1 / (n - 1))
        df = np.where(typical > own, freedom, np.maximum(n - 2, 1.0))
        among_all = -special.stdtrit(df, ALPHA / 2 / len(kept)) * reach * np.maximum(own, typical)
        among_own = -special.stdtrit(np.maximum(n - 2, 1.0), ALPHA / 2) * reach * own
        allowed = np.maximum(np.maximum(among_all, among_own), COLLAPSE_SPREADS * np.maximum(own, typical))
        distance = np.where(allowed > 0, gap / allowed, 0.0)
    return np.nan_to_num(distance, nan=0.0), others_mean


def _typical_spread(sample: Moments, chosen: Booleans) -> tuple[float, float]:
    """Give the median of the configurations' spreads, made consistent, and its worth in degrees of freedom.

    The median of many variances is worth about 0.6 of their degrees of freedom; with fewer than five
    configurations there is no typical spread.
    """
    from scipy import special

    spread, n = sample.spread[chosen], sample.n[chosen]
    if len(spread) < 5:
        return 0.0, 1.0
    df = (n - 1).astype(np.float64)
    middle = np.sqrt(special.chdtri(df, 0.5) / df)
    return float(np.median(spread / middle)), 0.6 * float(np.sum(df))
