"""Every limit that a verdict or a choice depends on, in one place; the report's appendix prints them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CONFIDENCE = 0.95
"""Level of the interval of a mean, and of a difference while only one is looked at."""
ALPHA = 0.05
"""A Holm-adjusted p below this is a claim."""
EQUIVALENCE_CONFIDENCE = 0.90
"""Level of the interval that must lie inside plus or minus the smallest difference: two one-sided tests."""
GUARD_CONFIDENCE = 0.95
"""Level of the one-sided bound of a guard-rail."""
MIN_RUNS = 3
"""Usable runs below which there is neither an interval nor a test."""
FAILURE_SHARE = 0.2
"""Share of a candidate's ended runs without a result from which its survivors do not speak for it."""
MIN_PAIRS = 5
"""Pairs of runs with the same seed below which all runs are compared with all, although pairing was declared."""
MIN_FRESH_RUNS = 5
"""Fresh runs with a result from which these alone decide on a configuration."""
LUCK_MIN_CONFIGURATIONS = 3
"""Configurations with a result from which it is said what luck does for the best of them."""
LUCK_MIN_DF = 4
"""Degrees of freedom (runs less configurations) from which the spread of runs is known well enough for that."""
SHRINK_MIN_CONFIGURATIONS = 4
"""Configurations from which means are drawn towards their average; with fewer it need not help."""
COLLAPSE_SPREADS = 3
"""Robust standard deviations from the other repeats within which a run is never called far from them."""
POWER = 0.8
"""Chance of finding the gap that the stated number of runs needed aims at."""
MAX_RUNS_NEEDED = 30
"""Above this no number of runs is stated."""
FLAT_TOLERANCE = 1e-12
"""Range over size of the values up to which repeats count as identical: rounding, not variation."""
MAX_PAIRS = 2000
"""Comparisons for the reader to choose from; above, only those with the baseline and with the best."""
CURVE_CONFIGURATIONS = 8
"""Configurations whose learning curves are read."""
CURVE_MIN_STEPS = 5
"""Steps from which a metric has a learning curve."""
CURVE_MAX_POINTS = 400
"""Points of one learning curve."""
CURVE_MAX_DRAWN_RUNS = 5
"""Runs of a configuration up to which each is drawn by itself; more are a band."""
CURVE_SKEWED = 1.0
"""Skewness of the runs' last values from which a curve shows the median and quartiles. A judgement call."""
CURVE_MIN_TO_SMOOTH = 50
"""Points below which a line is never smoothed."""
CURVE_RESTLESS = 6.0
"""A line is smoothed for the eye if its steps up and down add up to more than this many times its range."""
CURVE_SMOOTHED_OVER = 0.05
"""Share of a line's points that the smoothing averages over."""
CURVE_TAIL = 0.2
"""Share of a curve's steps, at its end, in which it must have gained to be called still improving."""
CURVE_MATTERS = 0.05
"""Share of a curve's whole range that counts as a difference along it, where no smallest one is declared. A
judgement call."""
HISTORY_MIN_WEEKS = 3
"""ISO weeks that the runs must span for a history."""
TREND_MIN_PERIODS = 8
"""Whole periods without a break below which nothing is said about a trend or a usual range."""
STALE_DAYS = 8
"""Whole days since the newest run from which an issue says so. No verdict depends on it."""
TASKS_FOR_TEST = 5
"""Tasks from which ranks are tested; below, wins and losses are counted."""
IQM_MIN_TASKS = 4
"""Tasks from which the mean of the middle half is worked out."""
IQM_FAR = 0.25
"""Share by which mean and middle half may differ before a few tasks are said to drive the mean. A judgement call."""
IMPORTANCE_MIN_CONFIGURATIONS = 20
"""Configurations below which it is not said which setting mattered."""
IMPORTANCE_PER_SETTING = 10
"""Configurations for each setting below which it is not said either."""
IMPORTANCE_MIN_PREDICTED = 0.5
"""Share of the differences that the settings must predict (R squared, left out) before they are ranked."""
IMPORTANCE_FIRST_ONLY = 0.3
"""The same, from which at least the first setting is named."""
IMPORTANCE_STABLE = 0.9
"""Share of resamples in which the first setting must be first."""
IMPORTANCE_RESAMPLES = 50
"""Resamples behind that share and behind the ranges."""
IMPORTANCE_MAX_CONFIGURATIONS = 2000
"""Configurations that a forest looks at; of more, a sample."""

THRESHOLDS: Mapping[str, float] = MappingProxyType(
    {
        "confidence": CONFIDENCE,
        "alpha": ALPHA,
        "equivalence_confidence": EQUIVALENCE_CONFIDENCE,
        "guard_confidence": GUARD_CONFIDENCE,
        "min_runs": float(MIN_RUNS),
        "failure_share": FAILURE_SHARE,
        "min_pairs": float(MIN_PAIRS),
        "min_fresh_runs": float(MIN_FRESH_RUNS),
        "luck_min_configurations": float(LUCK_MIN_CONFIGURATIONS),
        "luck_min_df": float(LUCK_MIN_DF),
        "shrink_min_configurations": float(SHRINK_MIN_CONFIGURATIONS),
        "collapse_spreads": float(COLLAPSE_SPREADS),
        "power": POWER,
        "max_runs_needed": float(MAX_RUNS_NEEDED),
        "flat_tolerance": FLAT_TOLERANCE,
        "max_pairs": float(MAX_PAIRS),
        "curve_configurations": float(CURVE_CONFIGURATIONS),
        "curve_min_steps": float(CURVE_MIN_STEPS),
        "curve_max_points": float(CURVE_MAX_POINTS),
        "curve_max_drawn_runs": float(CURVE_MAX_DRAWN_RUNS),
        "curve_skewed": CURVE_SKEWED,
        "curve_min_to_smooth": float(CURVE_MIN_TO_SMOOTH),
        "curve_restless": CURVE_RESTLESS,
        "curve_smoothed_over": CURVE_SMOOTHED_OVER,
        "curve_tail": CURVE_TAIL,
        "curve_matters": CURVE_MATTERS,
        "history_min_weeks": float(HISTORY_MIN_WEEKS),
        "trend_min_periods": float(TREND_MIN_PERIODS),
        "tasks_for_test": float(TASKS_FOR_TEST),
        "iqm_min_tasks": float(IQM_MIN_TASKS),
        "iqm_far": IQM_FAR,
        "importance_min_configurations": float(IMPORTANCE_MIN_CONFIGURATIONS),
        "importance_per_setting": float(IMPORTANCE_PER_SETTING),
        "importance_min_predicted": IMPORTANCE_MIN_PREDICTED,
        "importance_first_only": IMPORTANCE_FIRST_ONLY,
        "importance_stable": IMPORTANCE_STABLE,
        "importance_resamples": float(IMPORTANCE_RESAMPLES),
        "importance_max_configurations": float(IMPORTANCE_MAX_CONFIGURATIONS),
    }
)
