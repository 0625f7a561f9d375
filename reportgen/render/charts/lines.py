"""Lines over steps or time, with bands and a label at each line's end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from matplotlib.axes import Axes

from reportgen.document import Chart, Point, Series
from reportgen.render.charts.canvas import DASHES, LABEL_PT, Box, Canvas, Look
from reportgen.render.charts.fonts import WIDER, Weight, fit_apart, text_width
from reportgen.render.charts.frame import draw_frame, frame_box
from reportgen.render.charts.hover import spots
from reportgen.render.charts.labels import LINE_MM
from reportgen.render.charts.leaders import lead_out
from reportgen.render.charts.linelooks import LineLook, line_looks
from reportgen.render.charts.scale import Scale, drawable, make_scale
from reportgen.render.strokes import thin

MOST_BANDS = 4
"""With more lines only the one in focus keeps its band: they would hide one another."""
MOST_TOLD = 60
"""Points of one line that tell their values to a pointer."""
MOST_POINTS = 400
"""Of one line: more cannot be told apart at the width of a page."""


def draw_lines(canvas: Canvas, chart: Chart) -> None:
    """Draw a ``lines`` chart."""
    labelled = _labelled(chart.series, canvas.height)
    room = max((text_width(chart.series[at].label, LABEL_PT, "bold") for at in labelled), default=0.0)
    room = min(room * WIDER + 0.1, canvas.width * 0.36)
    y = make_scale(_heights(chart), chart.y, canvas.height - 14.0, upright=True)
    box = frame_box(canvas, chart, y, right=room + (4.5 if room else 2.0))
    x = make_scale([p.x for s in chart.series for p in s.points], chart.x, box.width, ends="exact")
    draw_frame(canvas, chart, box, x, y)
    axes = canvas.plot(box, x, y)
    banded = sum(series.style == "plain" for series in chart.series) <= MOST_BANDS
    looks = line_looks(canvas, chart.series)
    _faint_lines(axes, chart.series, looks)
    drawn = [at for at, series in enumerate(chart.series) if series.style != "faint"]
    for at in sorted(drawn, key=lambda at: chart.series[at].tone == "focus"):
        series, look = chart.series[at], looks[at]
        points = thin(series.points, MOST_POINTS)
        if not _has_faint(chart, series) and (series.tone == "focus" or banded):
            _band(canvas, axes, points, series)
        _line(axes, points, series, look)
        told = points[:: -(-len(points) // MOST_TOLD)]
        canvas.spots += spots(chart, [replace(point, label=series.label) for point in told], box, (x, y))
    _end_labels(canvas, [(chart.series[at], looks[at]) for at in labelled], box, (x, y), room)


def _has_faint(chart: Chart, series: Series) -> bool:
    """Tell whether single runs are drawn behind this line: then its band would say the same again."""
    return any(other.style == "faint" and other.label == series.label for other in chart.series)


def _heights(chart: Chart) -> list[float]:
    points = [point for series in chart.series for point in series.points]
    values = [v for p in points for v in (p.y, p.low, p.high) if v is not None]
    return values + [reference.value for reference in chart.references]


def _labelled(series: Sequence[Series], height_mm: float) -> list[int]:
    """Choose the lines that get a label: those that mean something first, as many as there is room for."""
    room = int((height_mm - 14.0) // LINE_MM)
    named = [at for at, s in enumerate(series) if s.label and s.points and s.style != "faint"]
    first = sorted(named, key=lambda at: (series[at].tone == "neutral", at))
    return sorted(first[:room])


def _weight(series: Series) -> Weight:
    return "bold" if series.tone == "focus" else "normal"


def _band(canvas: Canvas, axes: Axes, points: Sequence[Point], series: Series) -> None:
    for stretch in _banded(points):
        axes.fill_between(
            [drawable(p.x) for p in stretch],
            [drawable(p.low or 0.0) for p in stretch],
            [drawable(p.high or 0.0) for p in stretch],
            color=canvas.color(series.tone),
            alpha=0.20 if series.tone == "focus" else 0.12,
            linewidth=0,
            clip_on=False,
        )


def _line(axes: Axes, points: Sequence[Point], series: Series, look: LineLook) -> None:
    dashes = DASHES[series.tone] if len(points) > 1 else "-"
    axes.plot(
        [drawable(p.x) for p in points],
        [drawable(p.y) for p in points],
        color=look.color,
        linewidth=look.width,
        linestyle=(0, (1.4, 1.4)) if series.style == "dashed" else dashes,
        drawstyle="steps-post" if series.style == "steps" else "default",
        clip_on=False,
    )
    if series.style == "dashed":
        return
    marked = [points[number] for number in look.marked(len(points))]
    axes.plot(
        [drawable(p.x) for p in marked],
        [drawable(p.y) for p in marked],
        linestyle="none",
        marker=look.marker,
        markersize=look.size * 0.8,
        color=look.color,
        markeredgewidth=0,
        clip_on=False,
    )


def _faint_lines(axes: Axes, series: Sequence[Series], looks: Mapping[int, LineLook]) -> None:
    """Draw what lies behind; all of one look are one path, since each takes its time."""
    gathered: dict[LineLook, list[tuple[float, float]]] = {}
    for at, one in sorted(enumerate(series), key=lambda pair: pair[1].tone == "focus"):
        if one.style == "faint":
            places = gathered.setdefault(looks[at], [])
            places += [(math.nan, math.nan)] if places else []
            places += [(drawable(p.x), drawable(p.y)) for p in thin(one.points, MOST_POINTS)]
    for look, places in gathered.items():
        xs, ys = zip(*places, strict=True)
        axes.plot(xs, ys, color=look.color, alpha=0.35, linewidth=0.5, clip_on=False)


def _banded(points: Sequence[Point]) -> list[list[Point]]:
    """Give the stretches of neighbouring points that have both ends of a band."""
    stretches: list[list[Point]] = [[]]
    for point in points:
        if point.low is not None and point.high is not None:
            stretches[-1].append(point)
        elif stretches[-1]:
            stretches.append([])
    return [stretch for stretch in stretches if len(stretch) > 1]


def _end_labels(
    canvas: Canvas,
    labelled: Sequence[tuple[Series, LineLook]],
    box: Box,
    scales: tuple[Scale, Scale],
    room: float,
) -> None:
    x, y = scales
    ends = [
        (
            box.left + x.place(series.points[-1].x) * box.width,
            box.bottom + y.place(series.points[-1].y) * box.height,
        )
        for series, _ in labelled
    ]
    start = box.right + 3.6
    begun, places = lead_out(ends, start - 0.6, box)
    # in bold, which one of them is: what fits so fits in any case
    texts = fit_apart([series.label for series, _ in labelled], room / WIDER, LABEL_PT, "bold")
    for (series, look), end, begin, place, text in zip(labelled, ends, begun, places, texts, strict=True):
        if abs(place - end[1]) > 1.2 or box.right - end[0] > 2.0:
            canvas.rule(begin, (start - 0.6, place), color=look.color, width=0.4)
        color = canvas.ink(series.tone) if series.tone != "neutral" else canvas.theme.colors["secondary"]
        canvas.text(start, place, text, look=Look(color, _weight(series)))
