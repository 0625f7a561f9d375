"""The chart of page one: a dot a set-up, with the range of its mean."""

from __future__ import annotations

from reportgen.compose.recipes.caveats import MIN_FOR_RANGE
from reportgen.compose.recipes.setup_table import tone_of
from reportgen.compose.selection import charted
from reportgen.compose.sentences import listed, which_number
from reportgen.compose.story import Story
from reportgen.compose.wording import DIRECTION
from reportgen.document import (
    INTEGER,
    Axis,
    Chart,
    NumberFormat,
    Point,
    Reference,
    Sentence,
    Series,
    join_sentences,
    phrase,
    phrases,
    say,
)
from reportgen.findings import Configuration
from reportgen.language import mark, tr

MAX_ALT = 250
"""Characters of an alternative text."""


def dot_chart(story: Story, identity: str, title: Sentence) -> Chart | None:
    """Draw the first configurations and the baseline; None without a value."""
    shown = charted(story.findings)
    if not shown or story.findings.primary is None:
        return None
    formats = story.primary_formats
    points = tuple(_point(story, configuration) for configuration in shown)
    return Chart(
        identity,
        "dot_interval",
        title,
        _subtitle(story, shown),
        Axis(story.metric_name.text, formats.value),
        Axis("", INTEGER),
        (Series(story.metric_name.text, points),),
        _alt(story, shown),
        tuple(_references(story)),
    )


def _point(story: Story, configuration: Configuration) -> Point:
    low, high = configuration.interval or (None, None)
    label = story.name(configuration.key).text
    return Point(
        configuration.mean or 0.0, low=low, high=high, label=label, tone=tone_of(story, configuration)
    )


def _subtitle(story: Story, shown: tuple[Configuration, ...]) -> Sentence:
    drawn = phrase("Average {metric}.", metric=story.metric_name)
    if story.metric.goal:
        drawn = join_sentences([drawn, phrase(DIRECTION[story.metric.goal])])
    if not any(c.interval for c in shown):
        return join_sentences([drawn, _no_ranges(story, shown), which_number(story)])
    level = story.frozen.number("/interval_level", NumberFormat("percent"))
    return join_sentences([drawn, phrase("Bars show the {level} range.", level=level), which_number(story)])


def _no_ranges(story: Story, shown: tuple[Configuration, ...]) -> Sentence:
    """Say why no range is drawn: repeats are too few, or the same, or both."""
    enough = [c for c in shown if c.n >= MIN_FOR_RANGE]
    if not enough:
        few = mark("There are too few repeats for ranges."), mark("There are too few runs for ranges.")
        return phrase(story.unless_tasks(*few))
    if len(enough) == len(shown) and all(min(c.values) == max(c.values) for c in shown):
        same = (
            mark("Repeats never differ, so there are no ranges."),
            mark("Runs never differ, so there are no ranges."),
        )
        return phrase(story.unless_tasks(*same))
    return phrase("There are no ranges.")


def _references(story: Story) -> list[Reference]:
    references = []
    baseline = story.findings.baseline
    if baseline is not None and baseline.mean is not None:
        references.append(Reference(baseline.mean, story.name(baseline.key).text))
    if story.metric.target is not None:
        references.append(Reference(story.metric.target, tr("target"), "good"))
    return references


def _alt(story: Story, shown: tuple[Configuration, ...]) -> Sentence:
    metric, count = story.metric_name, story.frozen.number("/counts/charted")
    drawn = phrases(
        "Dot chart of {metric} for {n} set-up.",
        "Dot chart of {metric} for {n} set-ups.",
        n=count,
        metric=metric,
    )
    spoken = [c for c in shown if c.key == story.focus or c.baseline]
    values = [phrase("{name} at {mean}", name=story.name(c.key), mean=story.mean(c.key)) for c in spoken]
    where = phrase("The numbers stand in the comparison table.")
    named = [join_sentences([drawn, say(listed(values), "."), where])] if values else []
    return shortest([*named, join_sentences([drawn, where]), phrase("Dot chart.")])


def shortest(candidates: list[Sentence]) -> Sentence:
    """Take the first alternative text that is not too long; the last fits always."""
    return next((c for c in candidates if len(c.text) <= MAX_ALT), candidates[-1])
