"""The fixed words of verdicts: one set a verdict, so that the data decide the words and nobody else.

The tables hold the English words, marked for the catalogue; `said`, `why` and `tr` say them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from reportgen.document import Badge
from reportgen.findings import AT_BEST, LAST_MEAN, Comparison, Goal, Reason, Verdict
from reportgen.language import mark, tr

VERDICT_BADGES: Mapping[Verdict, Badge] = {
    "better": Badge(mark("better"), "good", "▲"),
    "worse": Badge(mark("worse"), "bad", "▼"),
    "about_the_same": Badge(mark("about the same"), "neutral", "="),
    "too_small": Badge(mark("gain too small"), "neutral", "△"),
    "not_settled": Badge(mark("not settled"), "caution", "?"),
    "not_comparable": Badge(mark("not comparable"), "neutral", "–"),
}
BETTER_BUT = Badge(mark("better, but breaks a limit"), "caution", "!")
BASELINE_BADGE = Badge(mark("compared with"), "baseline", "●")

ANSWERS: Mapping[Verdict, Badge] = {
    "better": Badge(mark("Yes"), "good", "▲"),
    "worse": Badge(mark("No: worse"), "bad", "▼"),
    "about_the_same": Badge(mark("No: about the same"), "neutral", "="),
    "too_small": Badge(mark("No: gain too small"), "neutral", "△"),
    "not_settled": Badge(mark("Not settled"), "caution", "?"),
    "not_comparable": Badge(mark("Cannot be compared"), "neutral", "–"),
}

WHY_VERDICT: Mapping[Verdict, str] = {
    "better": mark("A gap this large would be rare by luck alone."),
    "worse": mark("A shortfall this large would be rare by luck alone."),
    "about_the_same": mark("Any difference is smaller than the least that matters."),
    "too_small": mark("There is a gain, but it is smaller than the least that matters."),
    "not_settled": mark("The runs do not settle it."),
    "not_comparable": mark("The two were not measured under the same conditions."),
}
WHY_CONFIRMED: Mapping[Verdict, str] = {
    "better": mark("Fresh runs confirm it: a gap this large would be rare by luck alone."),
    "worse": mark("Fresh runs show it: a shortfall this large would be rare by luck alone."),
}
ONLY_IN_SEARCH = mark("So far it is seen only in the runs that it was picked by.")
"""Added to a gain that was picked from several."""
WHY_REASON: Mapping[Reason, str] = {
    "too_few_runs": mark("There are too few repeats to tell."),
    "no_variation": mark("All repeats gave the same number, so luck cannot be judged."),
    "failures": mark("Too many of its runs failed to trust the rest."),
    "noise": mark("The runs vary too much to rule out luck."),
    "size_unclear": mark("There is a gain, but it may be too small to matter."),
    "data_differs": mark("The two were not measured on the same data."),
    "conditions_differ": mark("The two were not measured under the same conditions."),
    "unknown_conditions": mark("Nobody logged whether the two were measured under the same conditions."),
}

WHY_OVER_TASKS: Mapping[Reason, str] = {
    "too_few_runs": mark("There are too few runs to tell."),
    "no_variation": mark("All runs gave the same number, so luck cannot be judged."),
}
"""What differs where runs are on several tasks, and so no repeats."""
GAP_VARIES = mark("The gap varies too much from task to task to rule out luck.")
"""The same, for runs that are compared in pairs."""
GAP_NEVER_VARIES = mark("The gap is the same in every pair of runs, so luck cannot be judged.")

RailState = Literal["kept", "broken", "not_shown"]
RAIL_ANSWERS: Mapping[RailState, Badge] = {
    "kept": Badge(mark("Yes"), "good", "▲"),
    "broken": Badge(mark("No"), "bad", "▼"),
    "not_shown": Badge(mark("Not settled"), "caution", "?"),
}
WHY_RAIL: Mapping[RailState, str] = {
    "kept": mark("Its whole range lies inside the limit."),
    "broken": mark("Its whole range lies outside the limit."),
    "not_shown": mark("Its range reaches across the limit, or there are too few repeats."),
}
RAIL_NOT_SHOWN_OVER_TASKS = mark("Its range reaches across the limit, or there are too few runs.")

DIRECTION: Mapping[Goal, str] = {
    "maximize": mark("Higher is better."),
    "minimize": mark("Lower is better."),
}

GOALS: Mapping[str, str] = {"maximize": mark("higher is better"), "minimize": mark("lower is better")}
"""What tables say of a direction."""

_SUMMARIES: Mapping[str, str] = {
    "last": mark("last value"),
    "best": mark("best value"),
    "min": mark("smallest value"),
    "max": mark("largest value"),
}

STATUS_WORDS: Mapping[str, str] = {
    "finished": mark("finished"),
    "failed": mark("failed"),
    "interrupted": mark("interrupted"),
    "running": mark("still running"),
    "pruned": mark("stopped early on purpose"),
}


def summary_words(summary: str) -> str:
    """Say which of its values stands for a run; *summary* is as it stands in the configuration."""
    if summary in _SUMMARIES:
        return tr(_SUMMARIES[summary])
    if match := LAST_MEAN.fullmatch(summary):
        return tr("average of the last {count} values", count=match[1])
    if match := AT_BEST.fullmatch(summary):
        return tr("value where {metric} is best", metric=match[1])
    return summary


def why(comparison: Comparison, *, over_tasks: bool = False) -> str:
    """Say in one plain sentence why a verdict is what it is."""
    if over_tasks and comparison.reason == "noise" and comparison.pairs:
        return tr(GAP_VARIES)
    if comparison.reason:
        plainly = WHY_REASON[comparison.reason]
        return tr(WHY_OVER_TASKS.get(comparison.reason, plainly) if over_tasks else plainly)
    plainly = WHY_VERDICT[comparison.verdict]
    if comparison.sureness == "confirmed":
        return tr(WHY_CONFIRMED.get(comparison.verdict, plainly))
    picked = comparison.verdict == "better" and comparison.family > 1
    return f"{tr(plainly)} {tr(ONLY_IN_SEARCH)}" if picked else tr(plainly)


def said(badge: Badge) -> Badge:
    """Give a badge in the spoken language: those above hold the English text."""
    return replace(badge, text=tr(badge.text))


def badge(comparison: Comparison | None, *, baseline: bool, breaks_limit: bool) -> Badge | None:
    """Give the badge of a row of a comparison table; None where there is nothing to compare."""
    if baseline:
        return said(BASELINE_BADGE)
    if comparison is None:
        return None
    if comparison.verdict == "better" and breaks_limit:
        return said(BETTER_BUT)
    return said(VERDICT_BADGES[comparison.verdict])
