"""How sure are we: the questions behind the answer, each with yes, no or not settled, and why."""

from __future__ import annotations

from reportgen.compose.recipes.headline import MIN_TO_LEAD
from reportgen.compose.story import Story
from reportgen.compose.wording import (
    ANSWERS,
    GAP_NEVER_VARIES,
    RAIL_ANSWERS,
    RAIL_NOT_SHOWN_OVER_TASKS,
    WHY_OVER_TASKS,
    WHY_RAIL,
    WHY_REASON,
    said,
    why,
)
from reportgen.document import Column, Row, Table, phrase
from reportgen.findings import Configuration, Verdict
from reportgen.language import tr

MAX_COMPARED = 3
"""Comparisons asked about on page one."""


def how_sure(story: Story) -> Table | None:
    """Ask what a reader would ask; None where there is nothing to be sure of."""
    rows = _compared_rows(story) + _group_rows(story)
    chosen = story.chosen
    if chosen is not None:
        rows += _rail_rows(story, chosen)
    if not rows:
        return None
    headings = {"question": tr("Question"), "answer": tr("Answer"), "why": tr("Why")}
    columns = tuple(Column(key, heading) for key, heading in headings.items())
    return Table("how_sure", phrase("How sure are we?"), columns, tuple(rows))


def _name(story: Story, key: str) -> str:
    return story.name(key).text


def _compared_rows(story: Story) -> list[Row]:
    """The comparison that the answer is about first, then those next in the list."""
    chosen = story.chosen
    compared = [c for c in story.comparisons if c.difference is not None or c.verdict != "not_settled"]
    compared = compared or list(story.comparisons)
    ordered = sorted(compared, key=lambda c: chosen is None or c.key != chosen.key)
    if story.state in ("no_direction", "one_run", "no_result", "no_metric"):
        return []
    few = all(c.reason == "too_few_runs" for c in ordered)
    most = 1 if story.state == "better" or few else MAX_COMPARED
    return [
        Row(
            (
                tr(
                    "Is {name} better than {baseline}?",
                    name=_name(story, c.key),
                    baseline=_name(story, c.baseline),
                ),
                said(ANSWERS[c.verdict]),
                tr(GAP_NEVER_VARIES) if story.gap_never_varies(c) else why(c, over_tasks=story.has_tasks),
            ),
            ref=story.at(c.key),
        )
        for c in ordered[:most]
    ]


def _group_rows(story: Story) -> list[Row]:
    if story.state not in ("no_baseline", "better") or story.chosen is None:
        return []
    few = story.frozen.number("/counts/with_result").value < 3 and story.comparisons
    if few or (story.chosen.rank != 1 and not story.chosen.leading):
        return []
    question = tr("Is {name} ahead of all others?", name=_name(story, story.chosen.key))
    verdict, why_so = _is_ahead(story, story.chosen)
    return [Row((question, said(ANSWERS[verdict]), why_so))]


def _is_ahead(story: Story, chosen: Configuration) -> tuple[Verdict, str]:
    """Tell whether the first one is ahead of all others, and why."""
    reasons = WHY_OVER_TASKS if story.has_tasks else WHY_REASON
    if chosen.n < MIN_TO_LEAD:
        return "not_settled", tr(reasons["too_few_runs"])
    if story.frozen.number("/counts/leading").value == 1:
        if _some_on_other_data(story, chosen.key):
            return "not_settled", tr("Some of the others were not measured on the same data.")
        return "better", tr("A lead this large would be rare by luck alone.")
    if story.repeats_identical:
        return "not_settled", tr(reasons["no_variation"])
    return "not_settled", tr("The runs vary too much to tell the first ones apart.")


def _some_on_other_data(story: Story, key: str) -> bool:
    pairs = (*story.findings.pairs, *story.findings.comparisons)
    return any(pair.verdict == "not_comparable" and key in (pair.key, pair.baseline) for pair in pairs)


def _rail_rows(story: Story, chosen: Configuration) -> list[Row]:
    return [
        Row(
            (
                tr(
                    "Does {name} keep the {metric} limit?",
                    name=_name(story, chosen.key),
                    metric=story.metric_label(rail.metric).text,
                ),
                said(RAIL_ANSWERS[rail.state]),
                tr(
                    story.unless_tasks(WHY_RAIL["not_shown"], RAIL_NOT_SHOWN_OVER_TASKS)
                    if rail.state == "not_shown"
                    else WHY_RAIL[rail.state]
                ),
            ),
            ref=story.at(chosen.key),
        )
        for rail in story.rails(chosen.key)
    ]
