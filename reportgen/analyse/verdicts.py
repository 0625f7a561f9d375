"""The verdict on one difference: fixed rules in a fixed order, decided before anybody looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from reportgen.analyse.thresholds import ALPHA, FAILURE_SHARE, MIN_RUNS
from reportgen.findings import Interval, Reason, Sureness, Verdict
from reportgen.language import mark


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict is made from. Differences are improvements: positive is better."""

    data_differ: bool
    n: int
    n_reference: int
    flat: bool
    """All repeats are the same on both sides."""
    failure_share: float
    """Share of the candidate's ended runs that gave no result."""
    failure_share_reference: float
    difference: float
    p_adjusted: float
    interval: Interval
    """At the level of the comparison's own Holm step."""
    equivalence_interval: Interval
    """At 90 %."""
    smallest_difference: float | None
    beats_with_failures: float = float("nan")
    """Share of pairings that the candidate wins when a failed run loses against every result; NaN where
    no run failed."""


def swapped(evidence: Evidence) -> Evidence:
    """Give the evidence on the second against the first."""
    (low, high), (low_90, high_90) = evidence.interval, evidence.equivalence_interval
    return replace(
        evidence,
        n=evidence.n_reference,
        n_reference=evidence.n,
        failure_share=evidence.failure_share_reference,
        failure_share_reference=evidence.failure_share,
        difference=-evidence.difference,
        interval=(-high, -low),
        equivalence_interval=(-high_90, -low_90),
        beats_with_failures=1.0 - evidence.beats_with_failures,
    )


def judge(evidence: Evidence) -> tuple[Verdict, Reason | None]:
    """Apply the rules; the first that fits decides.

    "Too small" wants the interval *that is shown* to lie below the smallest difference that matters: at
    several candidates it is wider than the 95 % interval, so words and range cannot contradict each other.
    """
    obstacle = _obstacle(evidence)
    if obstacle is not None:
        return ("not_comparable" if obstacle == "data_differs" else "not_settled"), obstacle
    delta, claimed = evidence.smallest_difference, evidence.p_adjusted < ALPHA
    if claimed and _failures_disagree(evidence):
        return "not_settled", "failures"
    if claimed and evidence.difference < 0:
        return "worse", None
    if claimed and evidence.difference > 0:
        return _size(evidence.difference, evidence.interval, delta)
    if delta is not None:
        low, high = evidence.equivalence_interval
        if not claimed and -delta < low and high < delta:
            return "about_the_same", None
    return "not_settled", "noise"


def _failures_disagree(evidence: Evidence) -> bool:
    """Tell whether the gap among results points the other way once failures count as the worst of all."""
    won = evidence.beats_with_failures
    return (won < 0.5) if evidence.difference > 0 else (won > 0.5)


def _size(difference: float, interval: Interval, delta: float | None) -> tuple[Verdict, Reason | None]:
    """Judge a gain that is real by whether it is worth having."""
    if delta is None or difference >= delta:
        return "better", None
    return ("too_small", None) if interval[1] < delta else ("not_settled", "size_unclear")


def _obstacle(evidence: Evidence) -> Reason | None:
    """Say what forbids any verdict, if anything does."""
    if evidence.data_differ:
        return "data_differs"
    if evidence.n < MIN_RUNS or evidence.n_reference < MIN_RUNS:
        return "too_few_runs"
    if evidence.flat:
        return "no_variation"
    share = evidence.failure_share
    if share >= FAILURE_SHARE and share > evidence.failure_share_reference:
        return "failures"
    return None


def sureness(verdict: Verdict, *, confirmed: bool) -> Sureness:
    """Say how sure a verdict is: by what it rests on, and by no other scale."""
    if verdict in ("not_settled", "not_comparable"):
        return "not_settled"
    return "confirmed" if confirmed else "in_the_search_runs"


NEXT_STEPS: Mapping[Reason, str] = MappingProxyType(
    {
        "too_few_runs": mark("Repeat both until each has at least three usable runs."),
        "no_variation": mark("Check what should differ between repeats: every repeat gave the same number."),
        "failures": mark("Find out why so many of its runs gave no result, then run them again."),
        "noise": mark("Repeat both more often: the runs vary more than the gap."),
        "size_unclear": mark("Repeat both more often: the gain is real, but it may be too small to matter."),
        "data_differs": mark("Run both on the same data."),
    }
)
"""What would settle it; without digits, as a number in words needs a finding behind it."""
HOPELESS = mark(
    "More repeats alone would hardly settle it: look for a larger gain or a steadier measurement."
)
GAP_NEVER_VARIES = mark("Check what should differ between runs: the gap is the same in every pair.")
"""Where runs were compared in pairs: they may vary all the same."""
NEXT_STEPS_OVER_TASKS: Mapping[Reason, str] = MappingProxyType(
    {
        **NEXT_STEPS,
        "too_few_runs": mark("Run both on more tasks, until each has at least three usable runs."),
        "no_variation": mark("Check what should differ between runs: every run gave the same number."),
        "noise": mark("Run both on more tasks, or repeat them on these: the runs vary more than the gap."),
        "size_unclear": mark(
            "Run both on more tasks, or repeat them on these: the gain is real, but it may be too small to matter."
        ),
    }
)
"""The same where runs are on several tasks, and so no repeats."""
HOPELESS_OVER_TASKS = mark(
    "More runs alone would hardly settle it: look for a gain that is larger, or that holds on more of the tasks."
)
