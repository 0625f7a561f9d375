"""Claim records: for every statement what was asked, what was found, from how many runs, and where it stands.

Titles, sentences, badges and alternative texts say what these records hold; nothing else states a
comparison. A record without a verdict, such as the count of runs, has null there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportgen.compose.numbers import pointer
from reportgen.compose.story import Claim, Story
from reportgen.findings import Comparison
from reportgen.language import mark, tr

_QUESTIONS: Mapping[str, str] = {
    "explanation": mark("By how much, and how sure is that?"),
    "run-counts": mark("What became of the runs?"),
    "verdict-counts": mark("How did each set-up come out?"),
    "tried": mark("What was tried?"),
    "importance": mark("Which settings mattered?"),
    "importance-branch": mark("Which settings mattered?"),
    "importance-refused": mark("Which settings mattered?"),
    "trade-off": mark("What does more quality cost?"),
    "every-metric": mark("Is it better on every metric?"),
    "course": mark("How did results develop during the runs?"),
    "tasks": mark("Which set-up is ahead over all tasks?"),
    "changes": mark("What changed since the issue before?"),
    "trend": mark("Did results leave their usual range?"),
    "limit-kept": mark("Is the limit kept?"),
    "limit-broken": mark("Is the limit kept?"),
    "limit-not-shown": mark("Is the limit kept?"),
}
_ABOUT_THE_ANSWER = ("explanation",)
_ON_ONE_SET_UP = frozenset(
    ("failures", "few-repeats", "picked-from-many", "fresh-runs", "flattered", "far-off", "mismatch")
)
"""Caveats that bear on the comparison that the answer is about."""


def claim_records(story: Story, claims: Sequence[Claim], caveats: Sequence[Claim]) -> list[dict[str, Any]]:
    """Give the record of each claim, in reading order; the first is the answer."""
    own = [caveat.id for caveat in caveats if caveat.id in _ON_ONE_SET_UP]
    return [_record(story, claim, own) for claim in claims]


def _record(story: Story, claim: Claim, caveats: list[str]) -> dict[str, Any]:
    refs = dict.fromkeys(number.ref for number in claim.sentence.numbers)
    is_answer = claim.level == "answer" or claim.id in _ABOUT_THE_ANSWER
    comparison = _comparison(story) if is_answer else None
    found = _nothing() if comparison is None else _compared(story, comparison)
    for ref in found.pop("refs"):
        refs.setdefault(ref)
    return {
        "id": claim.id,
        "level": claim.level,
        "text": claim.sentence.text,
        "question": _question(story, claim, comparison),
        **found,
        "caveats": list(dict.fromkeys(caveats)) if is_answer else [],
        "evidence": list(refs),
    }


def _comparison(story: Story) -> Comparison | None:
    return None if story.chosen is None else story.comparison(story.chosen.key)


def _question(story: Story, claim: Claim, comparison: Comparison | None) -> str:
    if claim.id in _QUESTIONS:
        return tr(_QUESTIONS[claim.id])
    if comparison is not None:
        return tr("Is a set-up better than {baseline}?", baseline=story.name(comparison.baseline).text)
    return tr("Which set-up is best?") if story.findings.configurations else tr("What came out?")


def _nothing() -> dict[str, Any]:
    empty = dict.fromkeys(("verdict", "reason", "estimate", "range", "n", "m", "failures"))
    return {**empty, "refs": ()}


def _compared(story: Story, comparison: Comparison) -> dict[str, Any]:
    """Give what the comparison behind the answer found, and where each number stands."""
    chosen = story.findings.configuration(comparison.key)
    baseline = story.findings.configuration(comparison.baseline)
    return {
        "verdict": comparison.verdict,
        "reason": comparison.reason,
        "estimate": comparison.difference,
        "range": None if comparison.interval is None else list(comparison.interval),
        "n": [chosen.n, baseline.n],
        "m": comparison.family,
        "failures": [chosen.failed + chosen.no_number, baseline.failed + baseline.no_number],
        "refs": [ref for ref in _places(story, comparison) if story.frozen.has(ref)],
    }


def _places(story: Story, comparison: Comparison) -> tuple[str, ...]:
    """Give where the numbers of a comparison may stand."""
    at = pointer("comparisons", story.findings.comparisons.index(comparison))
    ends = (f"{at}/difference", f"{at}/interval/0", f"{at}/interval/1")
    return (*ends, f"{story.at(comparison.key)}/n", f"{story.at(comparison.baseline)}/n")
