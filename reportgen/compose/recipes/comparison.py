"""All set-ups with ranges, gaps and verdicts."""

from __future__ import annotations

from reportgen.compose.recipes.luck import fairer, fresh, paired, picked, second_look
from reportgen.compose.recipes.setup_table import (
    gap_columns,
    metric_columns,
    range_columns,
    repeats_column,
    result_columns,
    rows_of,
    run_columns,
    setup_column,
    verdict_column,
)
from reportgen.compose.sentences import listed, which_number
from reportgen.compose.story import Claim, Part, Story
from reportgen.document import Block, Paragraph, Section, Sentence, Table, join_sentences, phrase, say
from reportgen.language import tr

_VERDICTS = (
    ("better", "is better", "are better"),
    ("worse", "is worse", "are worse"),
    ("about_the_same", "is about the same", "are about the same"),
    ("too_small", "gains too little", "gain too little"),
    ("not_settled", "is not settled", "are not settled"),
    ("not_comparable", "cannot be compared", "cannot be compared"),
)


def comparison(story: Story) -> Part | None:
    """Show every set-up; None without a metric to show them by."""
    if story.state == "no_metric" or not story.findings.configurations:
        return None
    others = [name for name in story.findings.metrics if name != story.findings.primary]
    fields = [
        setup_column(),
        *result_columns(story),
        *range_columns(story),
        *gap_columns(story),
        repeats_column(),
        *verdict_column(story),
        *metric_columns(story, others),
        *run_columns(),
    ]
    table = Table(
        "comparison",
        phrase("Every set-up, best first") if story.state != "no_direction" else phrase("Every set-up"),
        tuple(field.column for field in fields),
        rows_of(story, story.findings.configurations, fields),
        _note(story),
    )
    said = verdict_counts(story)
    blocks: list[Block] = [Paragraph(said)] if said.spans else []
    lucky = join_sentences([picked(story), fairer(story), fresh(story), second_look(story)])
    if lucky.spans:
        blocks.append(Paragraph(lucky))
    claims = (Claim("verdict-counts", "info", said),) if said.spans else ()
    return Part(Section("comparison", _title(story), tr("Comparison"), (*blocks, table)), claims)


def _title(story: Story) -> Sentence:
    baseline = story.findings.baseline
    if baseline is not None and story.comparisons:
        return phrase("Every set-up against {baseline}", baseline=story.name(baseline.key))
    return phrase("Every set-up side by side")


def verdict_counts(story: Story) -> Sentence:
    """Count the verdicts: "3 are better, 1 is worse and 2 are not settled."."""
    if not story.comparisons:
        return _leaders(story)
    parts = [
        story.frozen.count(f"/counts/{verdict}", one, many)
        for verdict, one, many in _VERDICTS
        if story.frozen.number(f"/counts/{verdict}").value
    ]
    if len(parts) == 1:
        return _all_alike(story)
    compared = story.frozen.count("/counts/compared", "set-up", "set-ups")
    return say("Of ", compared, " compared, ", listed(parts), ".")


def _all_alike(story: Story) -> Sentence:
    """Say the one verdict that all comparisons have: "All 12 set-ups compared are better."."""
    verdict = story.comparisons[0].verdict
    one, many = next((one, many) for name, one, many in _VERDICTS if name == verdict)
    compared = story.frozen.number("/counts/compared")
    if compared.value == 1:
        return say(f"The one set-up compared {one}.")
    return say("Both" if compared.value == 2 else say("All ", compared), f" set-ups compared {many}.")


def _leaders(story: Story) -> Sentence:
    """Name the leading group where it is small enough to be read."""
    leading = [c for c in story.findings.configurations if c.leading]
    if story.state != "no_baseline" or story.luck_unknown or not 1 < len(leading) <= 4:
        return say()
    names = listed([say(story.name(c.key)) for c in leading])
    return phrase("These cannot be told apart: {names}.", names=names)


def _note(story: Story) -> Sentence:
    level = story.frozen.number("/interval_level", story.primary_formats.value.__class__("percent"))
    notes = [
        phrase(
            "Ranges hold the true average with {level} certainty, as far as repeats can tell.", level=level
        )
    ]
    if story.comparisons:
        notes.append(phrase("Positive differences are better, whichever way the metric runs."))
        notes.append(paired(story))
        notes.append(phrase("Ranges of differences are widened for the number of set-ups compared."))
    if story.state == "no_baseline":
        notes.append(phrase("No set-up is named as the one to compare with, so there are no verdicts."))
    return join_sentences([which_number(story), *notes])
