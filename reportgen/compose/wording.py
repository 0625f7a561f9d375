"""The fixed words of verdicts: one set a verdict, so that the data decide the words and nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from reportgen.document import Badge
from reportgen.findings import Comparison, Goal, Reason, Verdict

VERDICT_BADGES: Mapping[Verdict, Badge] = {
    "better": Badge("better", "good", "▲"),
    "worse": Badge("worse", "bad", "▼"),
    "about_the_same": Badge("about the same", "neutral", "="),
    "too_small": Badge("gain too small", "neutral", "△"),
    "not_settled": Badge("not settled", "caution", "?"),
    "not_comparable": Badge("not comparable", "neutral", "–"),
}
BETTER_BUT = Badge("better, but breaks a limit", "caution", "!")
BASELINE_BADGE = Badge("compared with", "baseline", "●")

ANSWERS: Mapping[Verdict, Badge] = {
    "better": Badge("Yes", "good", "▲"),
    "worse": Badge("No: worse", "bad", "▼"),
    "about_the_same": Badge("No: about the same", "neutral", "="),
    "too_small": Badge("No: gain too small", "neutral", "△"),
    "not_settled": Badge("Not settled", "caution", "?"),
    "not_comparable": Badge("Cannot be compared", "neutral", "–"),
}

WHY_VERDICT: Mapping[Verdict, str] = {
    "better": "A gap this large would be rare by luck alone.",
    "worse": "A shortfall this large would be rare by luck alone.",
    "about_the_same": "Any difference is smaller than the least that matters.",
    "too_small": "There is a gain, but it is smaller than the least that matters.",
    "not_settled": "The runs do not settle it.",
    "not_comparable": "The two were not measured under the same conditions.",
}
WHY_CONFIRMED: Mapping[Verdict, str] = {
    "better": "Fresh runs confirm it: a gap this large would be rare by luck alone.",
    "worse": "Fresh runs show it: a shortfall this large would be rare by luck alone.",
}
ONLY_IN_SEARCH = "It is seen in the search runs only."
"""Added to a gain that was picked from several."""
WHY_REASON: Mapping[Reason, str] = {
    "too_few_runs": "There are too few repeats to tell.",
    "no_variation": "All repeats gave the same number, so luck cannot be judged.",
    "failures": "Too many of its runs failed to trust the rest.",
    "noise": "The runs vary too much to rule out luck.",
    "size_unclear": "There is a gain, but it may be too small to matter.",
    "data_differs": "The two were not measured on the same data.",
    "conditions_differ": "The two were not measured under the same conditions.",
    "unknown_conditions": "Nobody logged whether the two were measured under the same conditions.",
}

RailState = Literal["kept", "broken", "not_shown"]
RAIL_ANSWERS: Mapping[RailState, Badge] = {
    "kept": Badge("Yes", "good", "▲"),
    "broken": Badge("No", "bad", "▼"),
    "not_shown": Badge("Not settled", "caution", "?"),
}
WHY_RAIL: Mapping[RailState, str] = {
    "kept": "Its whole range lies inside the limit.",
    "broken": "Its whole range lies outside the limit.",
    "not_shown": "Its range reaches across the limit, or there are too few repeats.",
}

DIRECTION: Mapping[Goal, str] = {"maximize": "Higher is better.", "minimize": "Lower is better."}

STATUS_WORDS: Mapping[str, str] = {
    "finished": "finished",
    "failed": "failed",
    "interrupted": "interrupted",
    "running": "still running",
    "pruned": "stopped early on purpose",
}


def why(comparison: Comparison) -> str:
    """Say in one plain sentence why a verdict is what it is."""
    if comparison.reason:
        return WHY_REASON[comparison.reason]
    plainly = WHY_VERDICT[comparison.verdict]
    if comparison.sureness == "confirmed":
        return WHY_CONFIRMED.get(comparison.verdict, plainly)
    picked = comparison.verdict == "better" and comparison.family > 1
    return f"{plainly} {ONLY_IN_SEARCH}" if picked else plainly


def badge(comparison: Comparison | None, *, baseline: bool, breaks_limit: bool) -> Badge | None:
    """Give the badge of a row of a comparison table; None where there is nothing to compare."""
    if baseline:
        return BASELINE_BADGE
    if comparison is None:
        return None
    if comparison.verdict == "better" and breaks_limit:
        return BETTER_BUT
    return VERDICT_BADGES[comparison.verdict]
