"""Small multiples: the same rows on several metrics, a panel each, every panel on its own scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from reportgen.document import Chart, Series, format_number
from reportgen.render.charts.canvas import LABEL_PT, Box, Canvas, Look, Spot
from reportgen.render.charts.fonts import fit, fit_apart, text_width, wrapped
from reportgen.render.charts.hover import row_text
from reportgen.render.charts.rows import draw_dot
from reportgen.render.charts.scale import TICK_PT, make_scale

ROW_MM: Final = 5.4
LINE_MM: Final = 3.6
MOST_LINES: Final = 2
"""Of a panel's title."""
FOOT_MM: Final = 5.6
GAP_MM: Final = 5.0
SIDE_BY_SIDE_MM: Final = 120.0
"""A narrower sheet has the panels below one another."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the panels stand on a sheet."""

    across: bool
    names: float
    """Width of the column of names."""
    width: float
    """Of one panel."""
    heads: tuple[list[str], ...]
    """Lines of each panel's title."""

    @property
    def head(self) -> float:
        """Height that the highest title takes."""
        return LINE_MM * max(map(len, self.heads)) + 2.4


def _layout(chart: Chart, width_mm: float) -> _Layout:
    across, count = width_mm >= SIDE_BY_SIDE_MM, len(chart.series)
    points = [point for series in chart.series for point in series.points]
    room = max(text_width(p.label, LABEL_PT, "bold") for p in points)
    room = min(room * 1.06 + 0.5, width_mm * 0.3)
    width = (width_mm - room - GAP_MM * count) / count if across else width_mm - room - GAP_MM
    heads = tuple(_head(chart, series, width) for series in chart.series)
    return _Layout(across, room, width, heads)


def _head(chart: Chart, series: Series, width: float) -> list[str]:
    unit = (series.axis or chart.x).format.heading_unit
    lines = wrapped(f"{series.label} ({unit})" if unit else series.label, width, LABEL_PT, bold=True)
    return [*lines[:1], " ".join(lines[1:])] if len(lines) > MOST_LINES else lines


def multiples_height(chart: Chart, width_mm: float) -> float:
    """Give the height in millimetres that the panels take at a width."""
    rows = max(len(series.points) for series in chart.series)
    layout = _layout(chart, width_mm)
    one = layout.head + ROW_MM * rows + FOOT_MM
    return one if layout.across else one * len(chart.series)


def draw_multiples(canvas: Canvas, chart: Chart) -> None:
    """Draw a ``multiples`` chart; where panels stand side by side, the names stand once."""
    layout = _layout(chart, canvas.width)
    height = canvas.height if layout.across else canvas.height / len(chart.series)
    for place, (series, head) in enumerate(zip(chart.series, layout.heads, strict=True)):
        left = layout.names + GAP_MM + (place * (layout.width + GAP_MM) if layout.across else 0.0)
        top = canvas.height - (0.0 if layout.across else place * height)
        box = Box(left, top - height + FOOT_MM, left + layout.width, top - layout.head)
        if place == 0 or not layout.across:
            _names(canvas, series, box, layout.names)
        for number, line in enumerate(reversed(head)):
            y = box.top + 2.4 + number * LINE_MM
            canvas.text(left, y, fit(line, layout.width, LABEL_PT, "bold"), look=Look(None, "bold"))
        _panel(canvas, chart, series, box)


def _rows(series: Series, box: Box) -> list[float]:
    pitch = box.height / len(series.points)
    return [box.top - (number + 0.5) * pitch for number in range(len(series.points))]


def _names(canvas: Canvas, series: Series, box: Box, room: float) -> None:
    names = fit_apart([point.label for point in series.points], room, LABEL_PT, "bold")
    for point, name, y in zip(series.points, names, _rows(series, box), strict=True):
        look = Look(canvas.ink(point.tone), "bold" if point.tone == "focus" else "normal")
        canvas.text(0.0, y, name, look=look)


def _panel(canvas: Canvas, chart: Chart, series: Series, box: Box) -> None:
    axis = series.axis or chart.x
    values = [format_number(point.x, axis.format, with_unit=False) for point in series.points]
    written = max(text_width(text, TICK_PT) for text in values) * 1.06 + 1.5
    plot = Box(box.left, box.bottom, max(box.right - written, box.left + box.width * 0.4), box.top)
    found = [v for p in series.points for v in (p.x, p.low, p.high) if v is not None]
    scale = make_scale(found, axis, plot.width, ends="room")
    ticks = scale.ticks if len(scale.ticks) <= 3 else (scale.ticks[0], scale.ticks[-1])
    for value, text in ticks:
        x = plot.left + scale.place(value) * plot.width
        canvas.rule((x, plot.bottom), (x, plot.top))
        canvas.small(x, plot.bottom - 2.6, text, "center")
    for point, y, shown in zip(series.points, _rows(series, box), values, strict=True):
        draw_dot(canvas, point, y, plot, scale)
        canvas.small(box.right, y, shown, "right")
        x = plot.left + scale.place(point.x) * plot.width
        canvas.spots.append(Spot(x, y, row_text(replace(chart, x=axis), point)))
