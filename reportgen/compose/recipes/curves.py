"""How the deciding metric developed while the runs went on."""

from __future__ import annotations

import math

from reportgen.compose.recipes.dots import shortest
from reportgen.compose.recipes.setup_table import tone_of
from reportgen.compose.selection import drawn_curves
from reportgen.compose.story import CHART_NAME, Part, Story
from reportgen.document import (
    INTEGER,
    Axis,
    Block,
    Chart,
    Column,
    Paragraph,
    Point,
    Reference,
    Row,
    Section,
    Series,
    Table,
    phrase,
    phrases,
)
from reportgen.findings import CurvePoint, LearningCurve
from reportgen.language import tr

_STEP = INTEGER


def curves(story: Story) -> Part | None:
    """Draw the first few learning curves; None without any."""
    drawn = drawn_curves(story.findings)
    if not drawn or story.state == "no_metric" or max(len(c.points) for c in drawn) < 2:
        return None
    title = phrase("How {metric} developed during the runs", metric=story.metric_name)
    blocks: list[Block] = [_chart(story, drawn)]
    missing = story.frozen.number("/counts/lines_not_drawn")
    if missing.value:
        blocks.append(
            Paragraph(phrase("The curves of {missing} more set-ups are not drawn.", missing=missing), "note")
        )
    blocks.append(_table(story))
    return Part(Section("curves", title, tr("Learning curves"), tuple(blocks)))


def _finite(point: CurvePoint) -> bool:
    return all(math.isfinite(v) for v in (point.step, point.mean, point.low, point.high))


def _chart(story: Story, drawn: tuple[LearningCurve, ...]) -> Chart:
    metric = story.metric
    series = []
    for curve in drawn:
        configuration = story.findings.configuration(curve.key)
        points = tuple(Point(p.step, p.mean, p.low, p.high) for p in curve.points if _finite(p))
        if points:
            series.append(
                Series(story.name(curve.key, CHART_NAME).text, points, tone_of(story, configuration))
            )
    target = (Reference(metric.target, tr("target"), "good"),) if metric.target is not None else ()
    alt = phrases(
        "Line chart of {metric} over the steps of {n} set-up. The last values stand in the table below.",
        "Line chart of {metric} over the steps of {n} set-ups. The last values stand in the table below.",
        n=story.frozen.number("/counts/lines"),
        metric=story.metric_name,
    )
    return Chart(
        "curves",
        "lines",
        phrase("{metric}, step by step", metric=story.metric_name),
        phrase("Lines are averages over repeats, bands reach from the lowest to the highest repeat."),
        Axis(tr("Step"), _STEP),
        Axis(story.metric_name.text, story.primary_formats.value),
        tuple(series),
        shortest([alt, phrase("Line chart.")]),
        target,
    )


def _table(story: Story) -> Table:
    how = story.primary_formats.value
    columns = (
        Column("setup", tr("Set-up")),
        Column("runs", tr("Runs"), INTEGER, field="/runs"),
        Column("step", tr("Last step"), _STEP, field="/last/step"),
        Column("mean", tr("Average at the end"), how, story.metric.goal, field="/last/mean"),
        Column("low", tr("Lowest run"), how, field="/last/low", detail=True),
        Column("high", tr("Highest run"), how, field="/last/high", detail=True),
    )
    rows = []
    for place, curve in enumerate(story.findings.curves):
        if not curve.points or not _finite(curve.points[-1]) or curve.key not in story.positions:
            continue
        last, configuration = curve.points[-1], story.findings.configuration(curve.key)
        cells = (
            " ".join(configuration.label.split()),
            curve.runs,
            float(last.step),
            float(last.mean),
            float(last.low),
            float(last.high),
        )
        rows.append(Row(cells, tone_of(story, configuration), f"/curves/{place}"))
    return Table("curve_ends", phrase("Where the curves end"), columns, tuple(rows))
