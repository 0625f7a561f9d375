"""The statistical methods, over whole columns at once: t interval, Welch, pairs, Holm, Wilson, power.

Everything works on arrays with one entry a configuration or a comparison; NaN means "cannot be said".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reportgen.analyse.thresholds import ALPHA, CONFIDENCE, FLAT_TOLERANCE, MAX_RUNS_NEEDED, MIN_RUNS, POWER

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Moments:
    """Number, mean and standard deviation of each group's values.

    Shape: (groups,) each. ``mean`` is NaN without a value, ``spread`` (n - 1) below two. ``flat`` says
    that all values of the group are the same up to rounding; its spread is then exactly zero.
    """

    n: Integers
    mean: Floats
    spread: Floats
    flat: Booleans


@dataclass(frozen=True, slots=True)
class Differences:
    """First minus second, for pairs of groups.

    Shape: (pairs,) each. ``error`` (standard error), ``df`` and ``p`` are NaN where no test is possible.
    """

    difference: Floats
    error: Floats
    df: Floats
    p: Floats


def moments(groups: Integers, values: Floats, count: int) -> Moments:
    """Summarise finite *values* by group.

    Each group is scaled by a power of two first (exact), so that neither 1e300 nor 1e-300 is lost.

    Shape: groups and values (values,); groups are numbered 0 to count - 1.
    """
    size = np.zeros(count)
    np.maximum.at(size, groups, np.abs(values))
    exponent = np.frexp(size)[1].astype(np.int64)
    scaled = np.ldexp(values, -exponent[groups])
    n = np.bincount(groups, minlength=count).astype(np.int64)
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, groups, scaled)
    np.maximum.at(high, groups, scaled)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = np.bincount(groups, weights=scaled, minlength=count) / n
        flat = (n >= 2) & (high - low <= FLAT_TOLERANCE)
        mean = np.where((n >= 1) & (high == low), low, mean)
        squares = np.bincount(groups, weights=(scaled - mean[groups]) ** 2, minlength=count)
        spread = np.where(n >= 2, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan)
        spread = np.where(flat, 0.0, spread)
        mean, spread = np.ldexp(mean, exponent), np.ldexp(spread, exponent)
    return Moments(n, np.where(n >= 1, mean, np.nan), spread, flat)


def scale_of(values: Floats) -> float:
    """Give a power of two of the size of the largest value, to divide by exactly; 1 for zeros."""
    largest = float(np.max(np.abs(values), initial=0.0))
    return float(np.ldexp(1.0, int(np.frexp(largest)[1]) - 1)) if 0.0 < largest < np.inf else 1.0


def t_multiplier(alpha: Floats | float, df: Floats) -> Floats:
    """Half width, in standard errors, of the two-sided t interval of level 1 - alpha."""
    from scipy import special

    return np.asarray(-special.stdtrit(df, np.asarray(alpha, dtype=np.float64) / 2), dtype=np.float64)


def half_widths(sample: Moments, alpha: float) -> Floats:
    """Half width of each mean's t interval; NaN below three values and where all are the same.

    Source: Student 1908; a t interval keeps its level at three runs, where a bootstrap does not.
    """
    stated = (sample.n >= MIN_RUNS) & ~sample.flat
    df = np.where(stated, sample.n - 1, np.nan)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(t_multiplier(alpha, df) * sample.spread / np.sqrt(np.maximum(sample.n, 1)))


def welch(sample: Moments, first: Integers, second: Integers, testable: Booleans) -> Differences:
    """Compare the means of pairs of groups without assuming equal spreads.

    The degrees of freedom are Satterthwaite's, at most ``(k - 1) (1 + sqrt(k / K))`` for k runs on one side
    and K >= k on the other. With equal numbers that is no limit. With 3 against 30 it is needed: by chance
    three runs lie close together, the formula then takes them for precise, and of 29 candidates that are
    no better one is called better in 22 % of sweeps, in spite of Holm (`benchmarks/truth`).

    Shape: first, second, testable (pairs,); the first two are numbers of groups.
    Source: Welch 1947, Satterthwaite 1946; two-sided p.
    """
    from scipy import special

    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        a = sample.spread[first] / np.sqrt(sample.n[first])
        b = sample.spread[second] / np.sqrt(sample.n[second])
        difference = sample.mean[first] - sample.mean[second]
        error = np.where(testable, np.hypot(a, b), np.nan)
        share = (a / error) ** 2
        rest = (b / error) ** 2
        df = 1.0 / (share**2 / (sample.n[first] - 1) + rest**2 / (sample.n[second] - 1))
        fewer = np.minimum(sample.n[first], sample.n[second])
        more = np.maximum(sample.n[first], sample.n[second])
        df = np.minimum(df, (fewer - 1) * (1.0 + np.sqrt(fewer / more)))
        p = 2.0 * special.stdtr(df, -np.abs(difference / error))
    return Differences(difference, error, df, np.asarray(p, dtype=np.float64))


def within_pairs(pairs: Moments, testable: Booleans) -> Differences:
    """Test the mean of paired differences against zero.

    Shape: (pairs of groups,); *pairs* summarises the differences within each.
    Source: Student 1908; two-sided p.
    """
    from scipy import special

    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        error = np.where(testable, pairs.spread / np.sqrt(pairs.n), np.nan)
        df = np.where(testable, pairs.n - 1, np.nan).astype(np.float64)
        p = 2.0 * special.stdtr(df, -np.abs(pairs.mean / error))
    return Differences(pairs.mean, error, df, np.asarray(p, dtype=np.float64))


def welch_testable(sample: Moments, first: Integers, second: Integers) -> Booleans:
    """Tell which pairs can be tested: three usable runs on both sides, and variation in one of them."""
    enough = (sample.n[first] >= MIN_RUNS) & (sample.n[second] >= MIN_RUNS)
    return np.asarray(enough & ~(sample.flat[first] & sample.flat[second]))


def holm(p: Floats, family: int) -> tuple[Floats, Floats]:
    """Adjust p-values for *family* comparisons, of which the NaN ones could not be tested.

    Gives the adjusted p, and for each comparison the alpha of its own step, ``ALPHA / (family - i + 1)``;
    for all that are not rejected it is the alpha of the first step that fails. Equal p share a step.

    Source: Holm 1979.
    """
    tested = np.flatnonzero(~np.isnan(p))
    adjusted, alpha = np.full(p.shape, np.nan), np.full(p.shape, np.nan)
    if tested.size == 0:
        return adjusted, alpha
    order = tested[np.argsort(p[tested], kind="stable")]
    ordered = p[order]
    step = np.searchsorted(ordered, ordered, side="left")
    weights = (family - step).astype(np.float64)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(weights * ordered))
    rejected = adjusted[order] < ALPHA
    alpha[order] = ALPHA / weights
    if not rejected.all():
        first_failing = int(np.argmin(rejected))
        alpha[order[~rejected]] = ALPHA / weights[first_failing]
    return adjusted, alpha


def benjamini_hochberg(p: Floats, family: int) -> Floats:
    """Adjust p-values so that those below a level hold at most that share of false alarms on average.

    NaN ones could not be tested; they count in *family*, as if nothing had been seen.

    Source: Benjamini and Hochberg 1995.
    """
    tested = np.flatnonzero(~np.isnan(p))
    adjusted = np.full(p.shape, np.nan)
    order = tested[np.argsort(p[tested], kind="stable")][::-1]
    places = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(p[order] * family / places))
    return adjusted


def wilson(successes: Floats, n: Floats, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Give the score interval of a share, without continuity correction; NaN where n is 0.

    *successes* need not be whole: a share times its n will do.

    Source: Wilson 1927; Newcombe 1998, method 3.
    """
    from scipy import special

    z = float(-special.ndtri((1.0 - confidence) / 2.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = successes / n
        half = z * np.sqrt(share * (1.0 - share) / n + z**2 / (4.0 * n**2))
        low, high = ((share + z**2 / (2.0 * n) + side * half) / (1.0 + z**2 / n) for side in (-1.0, 1.0))
    return np.clip(low, 0.0, share), np.clip(high, share, 1.0)


def runs_needed(effect: Floats, alpha: Floats, paired: Booleans | None = None) -> Integers:
    """Runs a side from which a gap of *effect* standard deviations is found with the usual power.

    Two-sided t test with equal spreads, or where *paired* is set of pairs (the effect then is in standard
    deviations of their differences); zero where more than the stated maximum would be needed, or where
    the effect is not known.

    Source: Cohen 1988, ch. 2, through the noncentral t distribution.
    """
    size = np.clip(np.abs(np.nan_to_num(effect, nan=0.0, posinf=10.0)), 0.0, 10.0)
    low = np.full(size.shape, MIN_RUNS, dtype=np.int64)
    high = np.full(size.shape, MAX_RUNS_NEEDED + 1, dtype=np.int64)
    for _ in range(int(MAX_RUNS_NEEDED).bit_length()):
        middle = (low + high) // 2
        enough = _power(size, middle, alpha, paired) >= POWER
        high = np.where(enough, middle, high)
        low = np.where(enough, low, np.minimum(middle + 1, high))
    return np.where(high > MAX_RUNS_NEEDED, 0, high)


def _power(effect: Floats, n: Integers, alpha: Floats, paired: Booleans | None) -> Floats:
    from scipy import special

    sides = np.where(False if paired is None else paired, 1.0, 2.0)
    df = sides * (n - 1)
    centre = effect * np.sqrt(n / sides)
    limit = t_multiplier(alpha, df.astype(np.float64))
    missed = special.nctdtr(df, centre, limit)
    # Far out in a tail the function gives NaN, where it is 0 or 1 for our purpose. The chance to find
    # a gap in the wrong direction is left out: it is nothing where the power is 80 %.
    missed = np.where(np.isnan(missed), limit > centre, missed)
    return np.asarray(1.0 - missed, dtype=np.float64)
