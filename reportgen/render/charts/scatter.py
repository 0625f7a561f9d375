"""Two measures against each other, a mark a thing, labelled where it lies."""

from __future__ import annotations

from dataclasses import replace

from matplotlib.axes import Axes

from reportgen.document import Chart, Point, Tone
from reportgen.render.charts.canvas import LABEL_PT, MARKERS, Box, Canvas, Look, Side
from reportgen.render.charts.fonts import PT_MM, WIDER, Weight, text_width
from reportgen.render.charts.frame import draw_frame, frame_box
from reportgen.render.charts.hover import spots
from reportgen.render.charts.labels import find_room, names_in_lines
from reportgen.render.charts.scale import TICK_PT, Scale, drawable, make_scale

MOST_MARKERS = 300
"""Above it the plain marks are drawn as one path."""
MOST_LABELS = 24
_RANKS: dict[Tone, int] = {"focus": 0, "neutral": 2}
"""Who gets the best places for labels; among equals the first, which is the better one."""
_HEIGHT = LABEL_PT * PT_MM * 1.15
_SECOND = TICK_PT * PT_MM * 1.15
"""Height of the second line of a label."""


def draw_scatter(canvas: Canvas, chart: Chart) -> None:
    """Draw a ``scatter`` chart."""
    points = _points(chart)
    heights = [point.y for point in points] + [reference.value for reference in chart.references]
    y = make_scale(heights, chart.y, canvas.height - 14.0, upright=True)
    box = frame_box(canvas, chart, y, right=4.0)
    x = make_scale([point.x for point in points], chart.x, box.width)
    draw_frame(canvas, chart, box, x, y)
    axes = canvas.plot(box, x, y)
    _marks(canvas, axes, points)
    if len(points) <= MOST_MARKERS:
        canvas.spots += spots(chart, points, box, (x, y))
    _labels(canvas, points, box, (x, y))


def _points(chart: Chart) -> list[Point]:
    """Give all points with a tone and a label of their own, the plain ones first."""
    points = []
    for series in chart.series:
        for point in series.points:
            tone: Tone = point.tone if point.tone != "neutral" else series.tone
            label = point.label or (series.label if len(series.points) == 1 else "")
            points.append(replace(point, tone=tone, label=label))
    return sorted(points, key=lambda point: (point.tone != "neutral", point.tone == "focus"))


def _marks(canvas: Canvas, axes: Axes, points: list[Point]) -> None:
    many = len(points) > MOST_MARKERS
    for tone, (form, size) in MARKERS.items():
        places = [(drawable(point.x), drawable(point.y)) for point in points if point.tone == tone]
        if not places:
            continue
        if many and len(places) > 50:
            canvas.dots(axes, places, canvas.color(tone), size * 0.5)
            continue
        axes.plot(
            [place[0] for place in places],
            [place[1] for place in places],
            linestyle="none",
            marker=form,
            markersize=size,
            color=canvas.color(tone),
            markeredgewidth=0,
            clip_on=False,
            zorder=4 if tone == "focus" else 3,
        )


def _labels(canvas: Canvas, points: list[Point], box: Box, scales: tuple[Scale, Scale]) -> None:
    """Label the marks that mean something first, then as many others as find room."""
    x, y = scales
    spots = [(box.left + x.place(p.x) * box.width, box.bottom + y.place(p.y) * box.height) for p in points]
    taken = [Box(spot[0] - 1.2, spot[1] - 1.2, spot[0] + 1.2, spot[1] + 1.2) for spot in spots]
    within = Box(box.left, box.bottom + 0.2, canvas.width, canvas.height - 3.4)
    named = sorted(
        (number for number in range(len(points)) if points[number].label),
        key=lambda number: (_RANKS.get(points[number].tone, 1), number),
    )
    told = named[:MOST_LABELS]
    labels = [points[number].label for number in told]
    names = names_in_lines(labels, canvas.width * 0.4)
    shorter = names_in_lines(labels, canvas.width * 0.4, two_lines=False)
    for number, *choices in zip(told, names, shorter, strict=True):
        point, spot = points[number], spots[number]
        weight: Weight = "bold" if point.tone == "focus" else "normal"
        rooms = ((find_room(spot, _size(lines, weight), taken, within), lines) for lines in choices)
        room, (first, second) = next(((room, lines) for room, lines in rooms if room), (None, choices[0]))
        if room is None:
            continue
        taken.append(room)
        _tie(canvas, spot, room)
        canvas.clear(room)
        color = canvas.theme.colors["secondary"] if point.tone == "neutral" else canvas.ink(point.tone)
        before = room.right <= spot[0]
        side: Side = "right" if before else "left"
        x_text = room.right if before else room.left
        canvas.text(x_text, room.top - _HEIGHT / 2, first, side, Look(color, weight))
        if second:
            canvas.small(x_text, room.bottom + _SECOND / 2, second, side)


def _size(lines: tuple[str, str], weight: Weight) -> tuple[float, float]:
    width = max(text_width(lines[0], LABEL_PT, weight), text_width(lines[1], TICK_PT))
    return width * WIDER, _HEIGHT + _SECOND * bool(lines[1])


def _tie(canvas: Canvas, spot: tuple[float, float], room: Box) -> None:
    """Draw a thin line to a label that had to go further away."""
    end = (min(max(spot[0], room.left), room.right), min(max(spot[1], room.bottom), room.top))
    if abs(end[0] - spot[0]) + abs(end[1] - spot[1]) > 3.0:
        canvas.rule(spot, end, color=canvas.theme.colors["other"], width=0.4)
