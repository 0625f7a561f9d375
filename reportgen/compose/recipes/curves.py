"""How the deciding metric developed while the runs went on."""

from __future__ import annotations

import math
from dataclasses import replace

from reportgen.compose.numbers import pointer
from reportgen.compose.recipes.course import course_seen, not_shown, over_runs
from reportgen.compose.recipes.dots import shortest
from reportgen.compose.recipes.setup_table import end_cell
from reportgen.compose.selection import drawn_curves, highlighted_curve
from reportgen.compose.story import Claim, Part, Story
from reportgen.document import (
    INTEGER,
    Axis,
    Block,
    Cell,
    Chart,
    Column,
    Label,
    Missing,
    NumberFormat,
    Paragraph,
    Point,
    Reference,
    Row,
    Section,
    Sentence,
    Series,
    Table,
    Tone,
    join_sentences,
    phrase,
    phrases,
    say,
)
from reportgen.findings import CurvePoint, LearningCurve
from reportgen.language import mark, tr

_STEP = INTEGER


def curves(story: Story) -> Part | None:
    """Draw the first few learning curves; None without any."""
    drawn = drawn_curves(story.findings)
    if not drawn or story.state == "no_metric" or max(len(c.points) for c in drawn) < 2:
        return None
    title = phrase("How {metric} developed during the runs", metric=story.metric_name)
    chart = _chart(story, drawn)
    blocks: list[Block] = [chart]
    notes = _notes(story)
    if notes.spans:
        blocks.append(Paragraph(notes, "note"))
    blocks.append(_table(story))
    seen = course_seen(story, chart.x)
    claims = () if seen is None else (Claim("course", "info", seen),)
    return Part(Section("curves", title, tr("Curves"), tuple(blocks)), claims)


def _finite(point: CurvePoint) -> bool:
    return all(math.isfinite(v) for v in (point.step, point.mean, point.low, point.high))


def _chart(story: Story, drawn: tuple[LearningCurve, ...]) -> Chart:
    metric = story.metric
    series = [line for curve in drawn for line in _lines(story, curve)]
    target = (Reference(metric.target, tr("target"), "good"),) if metric.target is not None else ()
    axis = _axis(story, drawn[0].over)
    seen = course_seen(story, axis)
    alt = phrases(
        "Line chart of {metric} during the runs of {n} set-up. The last values stand in the table below.",
        "Line chart of {metric} during the runs of {n} set-ups. The last values stand in the table below.",
        n=story.frozen.number("/counts/lines"),
        metric=story.metric_name,
    )
    kind = phrase("Line chart.")
    told = [] if seen is None else [join_sentences([begin, say(seen, ".")]) for begin in (alt, kind)]
    return Chart(
        "curves",
        "lines",
        seen or _title(story, drawn[0].over),
        _subtitle(drawn, over_tasks=story.has_tasks) if seen is None else _subtitle_of(story, drawn),
        axis,
        Axis(story.metric_name.text, story.primary_formats.value),
        tuple(series),
        shortest([*told, alt, kind]),
        target,
    )


def _axis(story: Story, over: str) -> Axis:
    if over == "step":
        return Axis(tr("Step"), _STEP)
    if over == "time":
        return Axis(tr("Time since the start"), NumberFormat(unit="s"))
    if over in story.findings.metrics:
        return Axis(story.metric_label(over).text, story.formats[over].value)
    return Axis(over, NumberFormat("general"))


def _title(story: Story, over: str) -> Sentence:
    if over == "step":
        return phrase("{metric}, step by step", metric=story.metric_name)
    if over == "time":
        return phrase("{metric} over the time of the runs", metric=story.metric_name)
    return phrase("{metric} over {other}", metric=story.metric_name, other=Label(_axis(story, over).label))


def _lines(story: Story, curve: LearningCurve) -> list[Series]:
    """Give the lines of one set-up: single repeats behind, the average, dashed where some have ended."""
    tone = _tone(story, curve.key)
    name = story.name(curve.key).text
    found = [Series(name, tuple(Point(x, y) for x, y in line), tone, "faint") for line in curve.lines]
    if len(curve.lines) == 1:
        found = []
    values = curve.smoothed or tuple(point.mean for point in curve.points)
    points = [
        Point(p.step, value, p.low, p.high)
        for p, value in zip(curve.points, values, strict=True)
        if _finite(p)
    ]
    whole = [at for at, p in enumerate(curve.points) if _finite(p) and p.n == curve.runs]
    if curve.smoothed:
        raw = tuple(Point(p.step, p.mean) for p in curve.points if _finite(p))
        found.append(Series("", raw, tone, "faint"))
    if not points:
        return []
    last = whole[-1] if whole else len(points) - 1
    found.append(Series(name, tuple(points[: last + 1]), tone))
    if last + 1 < len(points):
        found.append(
            Series("", tuple(replace(p, low=None, high=None) for p in points[last:]), tone, "dashed")
        )
    return found


def _tone(story: Story, key: str) -> Tone:
    """Tell a line's tone: one stands out, even where the set-up that the answer is about has no curve."""
    highlighted = highlighted_curve(story.findings)
    if story.findings.configuration(key).baseline:
        return "baseline"
    is_focus = highlighted is not None and highlighted.key == key and story.metric.goal is not None
    return "focus" if is_focus else "neutral"


def _subtitle_of(story: Story, drawn: tuple[LearningCurve, ...]) -> Sentence:
    """Say of how many runs the title tells, and what is drawn beside the lines."""
    bands = {curve.band for curve in drawn}
    if bands == {"quartiles"}:
        drawn_too = phrase("Lines are medians, bands hold the middle half of the runs.")
    elif bands == {"interval"}:
        drawn_too = phrase("Bands are the range of the average.")
    elif bands == {"runs"}:
        drawn_too = phrase("Thin lines are single runs.")
    else:
        drawn_too = _subtitle(drawn, over_tasks=story.has_tasks)
    return join_sentences([over_runs(story, drawn), drawn_too, not_shown(story)])


_LINES = {
    "quartiles": mark("Lines are medians over repeats, bands hold the middle half of them."),
    "interval": mark("Lines are averages over repeats, bands are the range of the average."),
    "both": mark(
        "Lines are averages over repeats, or medians where they are skewed. Bands show how far they vary."
    ),
    "runs": mark("Lines are averages over repeats, thin lines single repeats."),
}
_LINES_OVER_TASKS = {
    "quartiles": mark("Lines are medians over all runs, bands hold the middle half of them."),
    "interval": mark("Lines are averages over all runs, bands are the range of the average."),
    "both": mark(
        "Lines are averages over all runs, or medians where they are skewed. Bands show how far they vary."
    ),
    "runs": mark("Lines are averages over all runs, thin lines single runs."),
}


def _subtitle(drawn: tuple[LearningCurve, ...], *, over_tasks: bool) -> Sentence:
    """Say what lines and bands are."""
    bands = {curve.band for curve in drawn if curve.runs > 1}
    if not bands:
        said = [phrase("Each line is one run.")]
    else:
        kind = "both" if len(bands) > 1 else bands.pop()
        said = [phrase((_LINES_OVER_TASKS if over_tasks else _LINES)[kind])]
    if any(curve.smoothed for curve in drawn):
        said.append(phrase("Restless lines are smoothed for the eye; the numbers are not."))
    return join_sentences(said)


def _notes(story: Story) -> Sentence:
    """Say what a reader may wonder at: dashes, jumps, lines that end."""
    early = story.frozen.number("/counts/curves_ending_early")
    diverged = story.frozen.number("/counts/runs_diverged")
    missing = story.frozen.number("/counts/lines_not_drawn")
    said = []
    if story.frozen.get("/course/kind") == "sooner" and story.findings.curves[0].over == "step":
        said.append(phrase("A step need not take as long in one set-up as in another."))
    if early.value:
        said.append(
            phrase(
                story.unless_tasks(
                    mark(
                        "A line is dashed where fewer than all repeats remain; "
                        "a jump there comes from those that ended."
                    ),
                    mark(
                        "A line is dashed where fewer than all runs remain; a jump there comes from those that ended."
                    ),
                )
            )
        )
    if diverged.value:
        said.append(
            phrases(
                "{n} run diverged: it is drawn up to there.",
                "{n} runs diverged: they are drawn up to there.",
                n=diverged,
            )
        )
    if missing.value:
        said.append(
            phrases(
                "The curve of {n} more set-up is not drawn.",
                "The curves of {n} more set-ups are not drawn.",
                n=missing,
            )
        )
    return join_sentences(said)


def _end(story: Story, place: int, end: int) -> Cell:
    last = story.findings.curves[place].last
    ends = (float(last.low), float(last.high)) if last else None
    ref = pointer("curves", place, "last", ("low", "high")[end])
    return end_cell(ends, end, story.primary_formats.value, ref, Missing(tr("none")))


def _table(story: Story) -> Table:
    how, over = story.primary_formats.value, story.findings.curves[0].over
    if all(curve.band == "runs" for curve in story.findings.curves):
        low, high = tr("Lowest run"), tr("Highest run")
    else:
        low, high = tr("Low end of the band"), tr("High end of the band")
    columns = (
        Column("setup", tr("Set-up")),
        Column("runs", tr("Runs"), INTEGER, field="/runs"),
        Column("step", tr("Last point"), _axis(story, over).format, field="/last/step"),
        Column("mean", tr("Average at the end"), how, story.metric.goal, field="/last/mean"),
        Column("low", low, how, field="/last/low", detail=True),
        Column("high", high, how, field="/last/high", detail=True),
    )
    rows = []
    for place, curve in enumerate(story.findings.curves):
        last = curve.last
        if last is None or not _finite(last) or curve.key not in story.positions:
            continue
        configuration = story.findings.configuration(curve.key)
        cells = (
            " ".join(configuration.label.split()),
            curve.runs,
            float(last.step),
            float(last.mean),
            *(_end(story, place, end) for end in (0, 1)),
        )
        rows.append(Row(cells, _tone(story, curve.key), f"/curves/{place}"))
    return Table("curve_ends", phrase("Where the curves end"), columns, tuple(rows))
