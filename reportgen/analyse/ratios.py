"""Times, sizes, costs and errors as ratios: how many times as much, with a range from their logarithms."""

from __future__ import annotations

import numpy as np

from reportgen.analyse.dictionary import look_up
from reportgen.analyse.results import Results, pair_by_seed
from reportgen.analyse.statistics import (
    Booleans,
    Floats,
    Integers,
    t_multiplier,
    welch,
    welch_testable,
    within_pairs,
)
from reportgen.findings import Metric

_RATIO_KINDS = ("time", "size", "cost", "speed")
_LOSSES = ("loss", "losses", "cross_entropy")


def has_true_zero(metric: Metric) -> bool:
    """Tell whether a metric's ratios mean something: a time, size, cost, speed or loss, no share of a whole."""
    known = look_up(metric.name)
    if known.fraction or metric.unit == "%" or known.negated:
        return False
    if known.kind in _RATIO_KINDS:
        return True
    is_loss = metric.name.lower().replace(" ", "_").endswith(_LOSSES)
    return known.kind == "error" and (known.never_negative or is_loss)


def ratio_intervals(
    metric: Metric, results: Results, pair: tuple[Integers, Integers], alpha: Floats, paired: Booleans
) -> tuple[Floats, Floats, Floats]:
    """Give the ratio of the geometric means, first over second, and its interval at 1 - alpha.

    Welch's interval of the logarithms (of their differences within pairs, where *paired*), exponentiated.
    NaN for a metric without a true zero, and where a value is not above it.

    Shape: (pairs,) each.
    """
    first, second = pair
    nothing = np.full(len(first), np.nan)
    logs = results.logarithms() if has_true_zero(metric) else None
    if logs is None:
        return nothing, nothing, nothing
    sample = logs.moments()
    found = welch(sample, first, second, welch_testable(sample, first, second))
    difference, error, df = found.difference, found.error, found.df
    if np.any(paired):
        within = pair_by_seed(logs, first, second)
        pairs = within_pairs(within, paired & ~within.flat)
        difference = np.where(paired, pairs.difference, difference)
        error, df = np.where(paired, pairs.error, error), np.where(paired, pairs.df, df)
    with np.errstate(invalid="ignore", over="ignore"):
        half = t_multiplier(alpha, df) * error
        return np.exp(difference), np.exp(difference - half), np.exp(difference + half)
