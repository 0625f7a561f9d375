"""The project over the weeks, and what changed since the issue before."""

from __future__ import annotations

import math
from typing import Any

from reportgen.compose.recipes.dots import shortest
from reportgen.compose.recipes.tried import value_text
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
    join_sentences,
    say,
)
from reportgen.findings import Period


def history(story: Story) -> Part | None:
    """Show the weeks and the changes; None where there is one week only and nothing to look back at."""
    findings = story.findings
    blocks: list[Block] = []
    claims: tuple[Claim, ...] = ()
    if findings.changes.since is not None:
        said = _changed(story)
        blocks.append(Paragraph(said))
        claims = (Claim("changes", "info", said),)
        if findings.changes.entries:
            blocks.append(_changes_table(story))
    if len(findings.history) > 1 and story.state != "no_metric":
        blocks += _weeks(story)
        course = trend(story)
        if course.spans:
            blocks.append(Paragraph(course))
            claims = (*claims, Claim("trend", "info", course))
    if not blocks:
        return None
    return Part(Section("history", say("The results over time"), "Over time", tuple(blocks)), claims)


def _changed(story: Story) -> Sentence:
    since = story.frozen.label("/changes/since")
    if not story.findings.changes.entries:
        return say("Nothing changed since ", since, ".")
    return say("The table lists what changed since ", since, ".")


def _changes_table(story: Story) -> Table:
    columns = (
        Column("what", "What"),
        Column("which", "Which"),
        Column("before", "Before"),
        Column("after", "After"),
    )
    labels = {c.key: c.label for c in story.findings.configurations}
    rows = tuple(
        Row((c.kind.replace("_", " "), labels.get(c.key, c.key), _side(c.before), _side(c.after)))
        for c in story.findings.changes.entries
    )
    return Table("changes", say("Changes since the issue before"), columns, rows)


def _side(value: Any) -> Cell:
    return Missing("nothing") if value is None else value_text(value)


def _weeks(story: Story) -> list[Block]:
    weeks = story.findings.history
    how = story.primary_formats.value
    best = tuple(_points(weeks, "best_mean"))
    so_far = tuple(_points(weeks, "best_so_far"))
    named = ((best, "Best of the week", "focus"), (so_far, "Best so far", "neutral"))
    series = tuple(Series(label, points, tone) for points, label, tone in named if points)  # type: ignore[arg-type]
    blocks: list[Block] = []
    if series:
        counted = story.frozen.number("/counts/weeks")
        alt = say("Line chart of the best ", story.metric_name, " in each of ", counted, " weeks.")
        blocks.append(
            Chart(
                "weeks_chart",
                "lines",
                say("Best ", story.metric_name, " by week"),
                say("Average of the best set-up among the runs of each week."),
                Axis("Week", INTEGER, dates=True),
                Axis(story.metric_name.text, how),
                series,
                references=_references(story),
                alt=shortest([say(alt, " The numbers stand in the table below."), say("Line chart.")]),
            )
        )
    caution = say(
        "The weeks tried different set-ups, and a best result can only rise with more tries. "
        "So this is a record, not a trend."
    )
    if story.findings.quality.mixed_data and not any(week.breaks for week in weeks):
        caution = say(caution, " The data changed in between, so weeks before and after do not compare.")
    notes = join_sentences([caution, *_breaks(story), luck(story), _so_far(story)])
    return [*blocks, Paragraph(notes, "note"), _table(story)]


def _points(weeks: tuple[Period, ...], field: str) -> list[Point]:
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
        Column("week", "Week"),
        Column("start", "Starts"),
        Column("runs", "Runs", INTEGER, field="/runs"),
        Column("usable", "With a result", INTEGER, field="/usable"),
        Column("best", "Best of the week", how, story.metric.goal, field="/best_mean"),
        Column("setup", "Its set-up"),
        Column("best_so_far", "Best so far", how, story.metric.goal, field="/best_so_far"),
        Column("tries", "Tries so far", INTEGER, field="/tries", detail=True),
        Column("changed", "Changed since", detail=True),
    )
    rows = tuple(
        Row(
            (
                f"{week.name}, so far" if week.partial else week.name,
                week.start,
                week.runs,
                week.usable,
                _number(week.best_mean),
                labels.get(week.best_key or "", Missing("no result")),
                _number(week.best_so_far),
                week.tries,
                ", ".join(week.changed) or Missing("nothing"),
            ),
            ref=f"/history/{place}",
        )
        for place, week in enumerate(story.findings.history)
    )
    return Table("weeks", say("Week by week"), columns, rows)


def _number(value: float | None) -> Cell:
    return Missing("no result") if value is None or not math.isfinite(value) else float(value)
