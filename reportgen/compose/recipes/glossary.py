"""Words used in the report, explained once: the metrics, then the report's own words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from reportgen.compose.freeze import is_flattered
from reportgen.compose.recipes.trade_off import weighed
from reportgen.compose.story import Part, Story
from reportgen.compose.wording import DIRECTION, summary_words
from reportgen.document import (
    Block,
    Glossary,
    Paragraph,
    Section,
    Sentence,
    Term,
    block_texts,
    join_sentences,
    phrase,
    used_terms,
)
from reportgen.findings import Metric
from reportgen.language import mark, tr

_SUMMARIES = {
    "last": mark("A run counts by its last value."),
    "best": mark("A run counts by its best value, which is a little flattering."),
    "min": mark("A run counts by its smallest value."),
    "max": mark("A run counts by its largest value."),
}


def glossary(story: Story, absent: tuple[Sentence, ...], told: Sequence[Section]) -> Part:
    """Define the metrics and the words that the sections use, and say what is not there.

    Args:
        story: What the report tells.
        absent: One sentence a section that is left out.
        told: All other sections: a word that none of them has is not explained.
    """
    note = join_sentences(list(absent))
    texts = [note.text]
    for section in told:
        texts += [section.title.text, section.short, *chain.from_iterable(map(block_texts, section.blocks))]
    blocks: list[Block] = [Paragraph(note, "note")] if absent else []
    blocks.append(used_terms(Glossary(tuple(_terms(story))), texts))
    return Part(Section("glossary", phrase("Words used in this report"), tr("Definitions"), tuple(blocks)))


def _terms(story: Story) -> list[Term]:
    """Give all words that a report about these findings might use."""
    entries = [
        Term(metric.label, _metric(metric), (metric.label, story.metric_label(name).text))
        for name, metric in story.findings.metrics.items()
    ]
    entries += [
        _term(tr("Run"), tr("One training from start to end, with all that it logged."), tr("run, runs")),
        *_set_up(story),
    ]
    if any(c.interval for c in story.findings.configurations):
        entries.append(
            _term(
                tr("Range"),
                tr(
                    story.unless_tasks(
                        mark(
                            "Where the true average very likely lies: if we repeated everything many times, "
                            "such a range would hold it nineteen times in twenty."
                        ),
                        mark(
                            "Where the average over more such tasks very likely lies. Of such ranges, nineteen in twenty "
                            "hold it."
                        ),
                    )
                ),
                tr("range, ranges"),
            )
        )
    if any(metric.unit == "%" for metric in story.findings.metrics.values()):
        entries.append(
            _term(
                tr("Point"),
                tr("One percentage point: the step from ten percent to eleven percent."),
                tr("point, points"),
            )
        )
    entries += _verdicts(story)
    if len(weighed(story)) > 1:
        entries.append(
            _term(tr("Front"), tr("Set-ups that no other beats in both quality and cost."), tr("front"))
        )
    return entries


def _term(term: str, definition: str, forms: str) -> Term:
    return Term(term, definition, tuple(form.strip() for form in forms.split(",")))


def _set_up(story: Story) -> list[Term]:
    setting = _term(
        tr("Setting"), tr("A choice made before a run, such as the kind of model."), tr("setting, settings")
    )
    if story.has_tasks:
        said = tr("One combination of settings. Runs of one set-up differ in their task, and by chance.")
        what = tr("One problem that the set-ups were run on, to see whether a lead holds.")
        runs_are = _term(tr("Task"), what, tr("task, tasks"))
    else:
        said = tr("One combination of settings. Runs of one set-up differ in chance only.")
        what = tr("One of several runs of one set-up: how far they differ shows how much chance matters.")
        runs_are = _term(tr("Repeat"), what, tr("repeat, repeats"))
    return [_term(tr("Set-up"), said, tr("set-up, set-ups")), setting, runs_are]


def _metric(metric: Metric) -> str:
    parts = [metric.definition.strip(), tr(DIRECTION[metric.goal]) if metric.goal else ""]
    summary = "best" if is_flattered(metric) else metric.summary
    if summary in _SUMMARIES:
        parts.append(tr(_SUMMARIES[summary]))
    else:
        parts.append(tr("A run counts by this value: {summary}.", summary=summary_words(metric.summary)))
    if metric.unit:
        parts.append(tr("Unit: {unit}.", unit=metric.unit))
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def _verdicts(story: Story) -> list[Term]:
    if not story.comparisons:
        if story.state != "no_baseline":
            return []
        return [
            _term(
                tr("Cannot be told apart"),
                tr(
                    story.unless_tasks(
                        mark("The repeats of each vary more than the gap between them."),
                        mark("The runs of each vary more than the gap between them."),
                    )
                ),
                tr("cannot be told apart"),
            )
        ]
    return [
        _term(
            tr("Better, worse"),
            tr("The gap is larger than chance would make it in all but rare cases."),
            tr("better, worse"),
        ),
        _term(
            tr("About the same"),
            tr("Any difference is smaller than the least that matters in practice."),
            tr("about the same"),
        ),
        _term(
            tr("Not settled"),
            tr("The runs so far do not tell. It does not mean that there is no difference."),
            tr("not settled"),
        ),
    ]
