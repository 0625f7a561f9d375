"""One configuration against another: the difference, its range, the verdict and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["better", "worse", "about_the_same", "too_small", "not_settled", "not_comparable"]
Reason = Literal[
    "too_few_runs",
    "no_variation",
    "failures",
    "noise",
    "size_unclear",
    "data_differs",
    "conditions_differ",
    "unknown_conditions",
]
Interval = tuple[float, float]
Sureness = Literal["confirmed", "in_the_search_runs", "not_settled"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One configuration against the baseline (or another), on one metric."""

    key: str
    metric: str
    baseline: str
    """Key of the configuration compared with."""
    difference: float | None
    """Improvement of the mean: positive is better. Of the pairs' mean, where *pairs* is given."""
    relative: float | None
    """Difference over the baseline's mean; None where that is not above zero."""
    interval: Interval | None
    """Of the difference, at *level*."""
    level: float | None
    """That of the comparison's own Holm step, so that range and verdict cannot contradict each other."""
    p_value: float | None
    p_adjusted: float | None
    method: str
    verdict: Verdict
    reason: Reason | None
    next_step: str
    """What would settle it, one plain sentence without digits; empty when settled."""
    other_way: Verdict
    """Of the second against the first, by the same rules: a loss too small to matter is no gain."""
    n_needed: int | None = None
    """Usable runs a side that would probably settle it; None where that cannot be said or is more
    than the threshold ``max_runs_needed``."""
    family: int = 1
    """Number of comparisons that the p-value is adjusted for."""
    sureness: Sureness = "not_settled"
    """Follows from the verdict and from what it rests on: fresh runs, or those of the search."""
    pairs: int | None = None
    """Pairs of runs with the same seed, where these were compared; None for all runs against all."""
    ratio: float | None = None
    """Geometric mean over the baseline's, for times, sizes, costs and errors with a true zero: 0.8 of a
    time is a fifth less."""
    ratio_interval: Interval | None = None
    """Of the ratio, at *level*; None where it and *interval* would disagree on whether there is a gap."""
    equivalence_interval: Interval | None = None
    """90 % interval of the difference, on which "about the same" rests; None without a smallest difference."""
    beats: float | None = None
    """Share of all pairings of one usable run with one of the baseline's that it wins; a tie counts half."""
    beats_with_failures: float | None = None
    """The same, where a failed run loses against every result."""
    second_look: bool = False
    """Not settled, but among the gains that stand out when one in twenty may be a false alarm
    (Benjamini and Hochberg)."""
