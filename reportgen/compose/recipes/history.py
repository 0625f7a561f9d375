"""The project over the weeks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

from reportgen.compose.recipes.dots import shortest
from reportgen.compose.recipes.weeks import breaks as _breaks
from reportgen.compose.recipes.weeks import luck, trend
from reportgen.compose.recipes.weeks import references as _references
from reportgen.compose.recipes.weeks import so_far as _so_far
from reportgen.compose.story import Claim, Part, Story
from reportgen.document import (
    INTEGER,
    Axis,
    Block,
    Cell,
    Chart,
    Column,
    Missing,
    Paragraph,
    Point,
    Row,
    Section,
    Sentence,
    Series,
    Table,
    Tone,
    join_sentences,
    phrase,
)
from reportgen.findings import Period
from reportgen.language import mark, period_text, tr

_FEWEST_AGAIN = 2
"""Weeks with runs of the set-up in use that make a line."""


def history(story: Story) -> Part | None:
    """Show the weeks; None where there is one only."""
    findings = story.findings
    blocks: list[Block] = []
    claims: tuple[Claim, ...] = ()
    if len(findings.history) > 1 and story.state != "no_metric":
        blocks += _weeks(story)
        course = trend(story)
        if course.spans:
            blocks.append(Paragraph(course))
            claims = (Claim("trend", "info", course),)
    if not blocks:
        return None
    return Part(Section("history", phrase("The results over time"), tr("Over time"), tuple(blocks)), claims)


def _weeks(story: Story) -> list[Block]:
    weeks = story.findings.history
    how = story.primary_formats.value
    # a record holds until the next one: it does not rise in between
    series = (
        *_lines(weeks, "best_mean", tr("Best of the week"), "plain"),
        *_lines(weeks, "best_so_far", tr("Best so far"), "steps"),
        *_run_again(story),
    )
    blocks: list[Block] = []
    if series:
        counted = story.frozen.number("/counts/weeks")
        template = mark(
            "Line chart of the best {metric} in each of {n} weeks. The numbers stand in the table below."
        )
        alt = phrase(template, metric=story.metric_name, n=counted)
        blocks.append(
            Chart(
                "weeks_chart",
                "lines",
                _title(story),
                phrase("Average of the best set-up among the runs of each week."),
                Axis(tr("Week"), INTEGER, dates=True),
                Axis(story.metric_name.text, how),
                series,
                references=_references(story),
                alt=shortest([alt, phrase("Line chart.")]),
            )
        )
    caution = phrase(
        "The weeks tried different set-ups, and a best result can only rise with more tries. "
        "So this is a record, not a trend."
    )
    if story.findings.quality.mixed_data and not any(week.breaks for week in weeks):
        changed = phrase("The data changed in between, so weeks before and after do not compare.")
        caution = join_sentences([caution, changed])
    notes = join_sentences([caution, *_breaks(story), luck(story), _so_far(story)])
    return [*blocks, Paragraph(notes, "note"), _table(story)]


def _title(story: Story) -> Sentence:
    """Say where the weeks have led; of weeks that do not compare none is the best."""
    weeks, place = story.findings.history, len(story.findings.history) - 1
    is_one = not story.findings.quality.mixed_data and not any(week.breaks for week in weeks)
    if story.state == "no_direction" or not is_one or weeks[place].best_so_far is None:
        return phrase("Best {metric} by week", metric=story.metric_name)
    return phrase(
        "Best {metric} by week: {best} so far",
        metric=story.metric_name,
        best=story.frozen.number(f"/history/{place}/best_so_far", story.primary_formats.value),
    )


def _run_again(story: Story) -> Iterator[Series]:
    """Give the course of the set-up in use, where it was run again: the usual range is its own."""
    baseline, weeks = story.findings.baseline, story.findings.history
    if baseline is None or sum(week.reference is not None for week in weeks) < _FEWEST_AGAIN:
        return
    yield from _lines(weeks, "reference", story.name(baseline.key).text, "plain", "baseline")


def _lines(
    weeks: tuple[Period, ...],
    field: str,
    label: str,
    style: Literal["plain", "steps"],
    own_tone: Tone | None = None,
) -> Iterator[Series]:
    """Give one line for each stretch of weeks that may be compared; the last one has the label."""
    stretches: list[list[Period]] = []
    for week in weeks:
        if week.breaks or not stretches:
            stretches.append([])
        stretches[-1].append(week)
    drawn = [points for stretch in stretches if (points := tuple(_points(stretch, field)))]
    for place, points in enumerate(drawn, 1):
        tone: Tone = own_tone or ("focus" if style == "plain" else "neutral")
        yield Series(label if place == len(drawn) else "", points, tone, style)


def _points(weeks: Sequence[Period], field: str) -> list[Point]:
    found = []
    for week in weeks:
        value = getattr(week, field)
        if value is not None and math.isfinite(value):
            found.append(Point(week.start.timestamp(), value))
    return found


def _table(story: Story) -> Table:
    how = story.primary_formats.value
    labels = {c.key: c.label for c in story.findings.configurations}
    columns = (
        Column("week", tr("Week")),
        Column("start", tr("Starts")),
        Column("runs", tr("Runs"), INTEGER, field="/runs"),
        Column("usable", tr("With a result"), INTEGER, field="/usable"),
        Column("best", tr("Best of the week"), how, story.metric.goal, field="/best_mean"),
        Column("setup", tr("Its set-up")),
        Column("best_so_far", tr("Best so far"), how, story.metric.goal, field="/best_so_far"),
        Column("tries", tr("Tries so far"), INTEGER, field="/tries", detail=True),
        Column("changed", tr("Changed since"), detail=True),
    )
    rows = tuple(
        Row(
            (
                tr("{week}, so far", week=period_text(week.name)) if week.partial else period_text(week.name),
                week.start,
                week.runs,
                week.usable,
                _number(week.best_mean),
                labels.get(week.best_key or "", Missing(tr("no result"))),
                _number(week.best_so_far),
                week.tries,
                ", ".join(week.changed) or Missing(tr("nothing")),
            ),
            ref=f"/history/{place}",
        )
        for place, week in enumerate(story.findings.history)
    )
    return Table("weeks", phrase("Week by week"), columns, rows)


def _number(value: float | None) -> Cell:
    return Missing(tr("no result")) if value is None or not math.isfinite(value) else float(value)
