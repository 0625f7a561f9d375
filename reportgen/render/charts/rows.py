"""Charts with a row a thing: dots with their range, and bars."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.document import Chart, Point, Tone, format_number
from reportgen.language import tr
from reportgen.render.charts.canvas import LABEL_PT, Box, Canvas, Look, Spot
from reportgen.render.charts.fonts import Weight, fit, text_width
from reportgen.render.charts.hover import row_text
from reportgen.render.charts.labels import names_in_lines, write_across
from reportgen.render.charts.scale import TICK_PT, Scale, axis_title, make_scale
from reportgen.render.ranges import range_text, row_format

ROW_MM = 6.0
TIGHT_MM = 4.2
LOOSE_ROWS = 20
"""More are set closer."""
MOST_ROWS = 40
"""More would not fit a page; the table behind the chart has them all."""
_TOP, _FOOT, _GAP = 5.0, 5.4, 3.0
_HIGHLIGHTED: frozenset[Tone] = frozenset({"focus", "baseline"})
_BEFORE, _FURTHER = "\N{LEFTWARDS ARROW}", "\N{RIGHTWARDS ARROW}"
_MOST_STRETCH = 1.0
"""How far a reference may lie beyond the rows, in widths of theirs: one further off is pointed at from the edge."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the three columns of the chart are."""

    labels: tuple[tuple[str, str], ...]
    """Each a name, and what stands in brackets behind it if that needs a line of its own."""
    values: tuple[str, ...]
    ranges: tuple[str, ...]
    left: float
    right: float
    values_right: float


def rows_height(chart: Chart) -> float:
    """Give the height in millimetres that the chart wants."""
    shown, hidden = _shown(chart)
    pitch = ROW_MM if len(shown) <= LOOSE_ROWS else TIGHT_MM
    title = 3.6 if _has_axis_title(chart) else 0.0
    top = _TOP if chart.references else 1.0
    return top + max(len(shown), 1) * pitch + _FOOT + title + (4.0 if hidden else 0.0)


def draw_rows(canvas: Canvas, chart: Chart) -> None:
    """Draw a ``dot_interval`` or a ``bars`` chart."""
    shown, hidden = _shown(chart)
    columns = _columns(canvas, chart, shown)
    foot = _FOOT + (3.6 if _has_axis_title(chart) else 0.0) + (4.0 if hidden else 0.0)
    top = canvas.height - (_TOP if chart.references else 1.0)
    box = Box(columns.left, foot, columns.right, top)
    values = [v for p in shown for v in (p.x, p.low, p.high) if v is not None]
    values += [reference.value for reference in chart.references if not _is_far(reference.value, values)]
    scale = make_scale(values, chart.x, box.width, ends="zero" if chart.kind == "bars" else "room")
    _ground(canvas, chart, box, scale)
    pitch = box.height / len(shown)
    for number, point in enumerate(shown):
        y = top - (number + 0.5) * pitch
        _row_texts(canvas, columns, number, point, y)
        x = box.left + scale.place(point.x) * box.width
        canvas.spots.append(Spot(x, y, row_text(chart, point)))
        if chart.kind == "bars":
            _bar(canvas, point, y, box, scale)
        elif chart.kind == "dumbbell":
            _dumbbell(canvas, point, y, box, scale)
        else:
            draw_dot(canvas, point, y, box, scale)
    if hidden:
        canvas.small(0.0, 2.2, tr("{n} more in the tables", n=hidden))


def _has_axis_title(chart: Chart) -> bool:
    """Tell whether the axis needs a title: each value has its unit, and the words above may name the measure."""
    named = f"{chart.title.text} {chart.subtitle.text}"
    return bool(chart.x.label) and (chart.x.log or chart.x.label not in named)


def _is_far(reference: float, values: list[float]) -> bool:
    """Tell whether a reference would press the rows into less than half of the width."""
    low, high = min(values), max(values)
    return max(low - reference, reference - high) > _MOST_STRETCH * (high - low) > 0


def _shown(chart: Chart) -> tuple[tuple[Point, ...], int]:
    """Choose the rows to draw, the highlighted ones always, and count the others."""
    shown = chart.series[:1] if chart.kind == "dumbbell" else chart.series  # the second names where rows were
    points = tuple(point for series in shown for point in series.points)
    if len(points) <= MOST_ROWS:
        return points, 0
    special = [number for number, point in enumerate(points) if point.tone in _HIGHLIGHTED][:MOST_ROWS]
    plain = [number for number in range(len(points)) if number not in set(special)]
    kept = sorted(special + plain[: MOST_ROWS - len(special)])
    return tuple(points[number] for number in kept), len(points) - len(kept)


def _columns(canvas: Canvas, chart: Chart, shown: tuple[Point, ...]) -> _Columns:
    how = chart.x.format
    values = tuple(format_number(point.x, row_format(point, how)) for point in shown)
    ranges = tuple(range_text(point, how) for point in shown)
    widest = max(text_width(point.label, LABEL_PT, "bold") for point in shown)
    label_room = min(widest * 1.06 + 0.5, canvas.width * 0.36)
    two_lines = len(shown) <= LOOSE_ROWS
    labels = names_in_lines([point.label for point in shown], label_room, two_lines=two_lines)
    range_width = max(text_width(text, TICK_PT) for text in ranges) * 1.04
    value_width = max(text_width(text, LABEL_PT, _weight(p)) for text, p in zip(values, shown, strict=True))
    right = canvas.width - range_width - (2.0 if range_width else 0.0)
    if right - value_width - label_room < canvas.width * 0.22:
        # no room for the ranges as text: their bars are drawn all the same
        ranges, right = ("",) * len(shown), canvas.width
    return _Columns(labels, values, ranges, label_room + _GAP, right - value_width * 1.04 - _GAP, right)


def _weight(point: Point) -> Weight:
    return "bold" if point.tone == "focus" else "normal"


def _ground(canvas: Canvas, chart: Chart, box: Box, scale: Scale) -> None:
    for value, text in scale.ticks:
        x = box.left + scale.place(value) * box.width
        canvas.rule((x, box.bottom), (x, box.top))
        canvas.small(x, box.bottom - 2.6, text, "center")
    if _has_axis_title(chart):
        title = axis_title(chart.x, scale)
        canvas.small(box.right, box.bottom - 6.2, fit(title, box.right, TICK_PT), "right")
    above = []
    for reference in chart.references:
        place = scale.place(reference.value)
        x = box.left + min(max(place, 0.0), 1.0) * box.width
        text = f"{reference.label} {format_number(reference.value, chart.x.format)}"
        if place > 1:
            text = f"{text} {_FURTHER}"
        elif place < 0:
            text = f"{_BEFORE} {text}"
        else:
            canvas.rule(
                (x, box.bottom),
                (x, box.top + 0.8),
                color=canvas.ink(reference.tone),
                width=0.9,
                style=(0, (2, 1.6)),
            )
        above.append((x, text, canvas.ink(reference.tone)))
    write_across(canvas, above, box.top + 2.8)


def _row_texts(canvas: Canvas, columns: _Columns, number: int, point: Point, y: float) -> None:
    look = Look(canvas.ink(point.tone), _weight(point))
    name, below = columns.labels[number]
    canvas.text(0.0, y + 1.3 if below else y, name, look=look)
    if below:
        canvas.small(0.0, y - 1.6, below)
    canvas.text(columns.values_right, y, columns.values[number], "right", look)
    canvas.small(canvas.width, y, columns.ranges[number], "right")


def draw_dot(canvas: Canvas, point: Point, y: float, box: Box, scale: Scale) -> None:
    """Draw a row's dot and its range."""

    def across(value: float) -> float:
        return box.left + scale.place(value) * box.width

    if point.low is not None and point.high is not None:
        canvas.stroke(across(point.low), across(point.high), y, canvas.pale(point.tone))
    canvas.mark(across(point.x), y, point.tone)


def _dumbbell(canvas: Canvas, point: Point, y: float, box: Box, scale: Scale) -> None:
    """Draw where a row was and where it is, with a line between."""
    places = [box.left + scale.place(v) * box.width for v in (point.low, point.x) if v is not None]
    canvas.rule((places[0], y), (places[-1], y), color=canvas.pale(point.tone), width=2.4, above=True)
    tones: tuple[Tone, ...] = ("baseline", point.tone) if len(places) > 1 else (point.tone,)
    for place, tone in zip(places, tones, strict=True):
        canvas.mark(place, y, tone)


def _bar(canvas: Canvas, point: Point, y: float, box: Box, scale: Scale) -> None:
    zero, end = (box.left + scale.place(value) * box.width for value in (0.0, point.x))
    thick = min(3.4, box.height * 0.6)
    canvas.bar(zero, end, y, height=thick, color=canvas.color(point.tone))
    canvas.rule((zero, y - thick), (zero, y + thick), color=canvas.theme.colors["ink"], width=0.7, above=True)
    if point.low is not None and point.high is not None:
        low, high = (box.left + scale.place(value) * box.width for value in (point.low, point.high))
        canvas.rule((low, y), (high, y), color=canvas.theme.colors["ink"], width=0.8, above=True)
