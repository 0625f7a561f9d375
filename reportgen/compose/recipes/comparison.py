"""All set-ups with ranges, gaps and verdicts."""

from __future__ import annotations

from collections.abc import Mapping

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
from reportgen.document import (
    Block,
    Paragraph,
    Section,
    Sentence,
    Table,
    join_sentences,
    phrase,
    phrases,
    say,
)
from reportgen.findings import Verdict
from reportgen.language import mark, tr

_ALIKE: Mapping[Verdict, tuple[str, str, str]] = {
    "better": (
        mark("The one set-up compared is better."),
        mark("Both set-ups compared are better."),
        mark("All {n} set-ups compared are better."),
    ),
    "worse": (
        mark("The one set-up compared is worse."),
        mark("Both set-ups compared are worse."),
        mark("All {n} set-ups compared are worse."),
    ),
    "about_the_same": (
        mark("The one set-up compared is about the same as {baseline}."),
        mark("Both set-ups compared are about the same as {baseline}."),
        mark("All {n} set-ups compared are about the same as {baseline}."),
    ),
    "too_small": (
        mark("The one set-up compared gains too little."),
        mark("Both set-ups compared gain too little."),
        mark("All {n} set-ups compared gain too little."),
    ),
    "not_settled": (
        mark("It is not settled for the one set-up compared."),
        mark("It is not settled for either of the two set-ups compared."),
        mark("It is not settled for any of the {n} set-ups compared."),
    ),
    "not_comparable": (
        mark("The other set-up cannot be compared with it."),
        mark("Neither of the other two set-ups can be compared with it."),
        mark("None of the {n} other set-ups can be compared with it."),
    ),
}
"""What is said where all verdicts are the same: of one comparison, of two, of more."""


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
        repeats_column(story),
        *verdict_column(story),
        *metric_columns(story, others),
        *run_columns(story),
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
    if story.state == "no_result":
        return phrase("There is nothing to compare: no run gave a result.")
    if not story.comparisons:
        return _leaders(story)
    parts = _counted(story)
    if len(parts) == 1:
        return _all_alike(story)
    compared = story.frozen.number("/counts/compared")
    return phrase("Of the {n} other set-ups, {parts}.", n=compared, parts=listed(parts))


def _counted(story: Story) -> list[Sentence]:
    """Count each verdict that there is."""
    count = {verdict: story.frozen.number(f"/counts/{verdict}") for verdict in _ALIKE}
    said = {
        "better": phrases("{n} is better", "{n} are better", n=count["better"]),
        "worse": phrases("{n} is worse", "{n} are worse", n=count["worse"]),
        "about_the_same": phrases(
            "{n} is about the same", "{n} are about the same", n=count["about_the_same"]
        ),
        "too_small": phrases("{n} gains too little", "{n} gain too little", n=count["too_small"]),
        "not_settled": phrases("{n} is not settled", "{n} are not settled", n=count["not_settled"]),
        "not_comparable": phrases(
            "{n} cannot be compared", "{n} cannot be compared", n=count["not_comparable"]
        ),
    }
    return [said[verdict] for verdict, number in count.items() if number.value]


def _all_alike(story: Story) -> Sentence:
    """Say the one verdict that all comparisons have: "All 12 set-ups compared are better."."""
    one, two, more = _ALIKE[story.comparisons[0].verdict]
    compared, against = story.frozen.number("/counts/compared"), story.name(story.comparisons[0].baseline)
    if compared.value > 2:
        return phrase(more, n=compared, baseline=against)
    return phrase(one if compared.value == 1 else two, baseline=against)


def _leaders(story: Story) -> Sentence:
    """Name the leading group where it is small enough to be read."""
    leading = [c for c in story.findings.configurations if c.leading]
    if story.state != "no_baseline" or story.luck_unknown or not 1 < len(leading) <= 4:
        return say()
    names = listed([say(story.name(c.key)) for c in leading])
    return phrase("These cannot be told apart: {names}.", names=names)


def _note(story: Story) -> Sentence | None:
    if story.state == "no_result":
        return None
    level = story.frozen.number("/interval_level", story.primary_formats.value.__class__("percent"))
    notes = []
    if any(c.interval for c in story.findings.configurations):
        notes.append(
            phrase(
                story.unless_tasks(
                    mark("Ranges hold the true average with {level} certainty, as far as repeats can tell."),
                    mark("Ranges hold the average over more such tasks with {level} certainty."),
                ),
                level=level,
            )
        )
    if story.comparisons:
        notes.append(phrase("Positive differences are better, whichever way the metric runs."))
        notes.append(paired(story))
        if any(c.interval for c in story.comparisons):
            notes.append(phrase("Ranges of differences are widened for the number of set-ups compared."))
    if story.state == "no_baseline":
        notes.append(phrase("No set-up is named as the one to compare with, so there are no verdicts."))
    return join_sentences([which_number(story), *notes])
