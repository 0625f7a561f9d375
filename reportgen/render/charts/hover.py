"""What a page tells where a pointer rests on a mark: its name and its values."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

from reportgen.document import Axis, Chart, Point, format_number
from reportgen.language import day_text
from reportgen.render.charts.canvas import Box, Canvas, Spot
from reportgen.render.charts.fonts import PT_MM, clean
from reportgen.render.charts.scale import Scale
from reportgen.render.ranges import range_text, row_format

_RADIUS_MM = 2.0


def row_text(chart: Chart, point: Point) -> str:
    """Tell a row's name, value and range."""
    value, ends = format_number(point.x, row_format(point, chart.x.format)), range_text(point, chart.x.format)
    return _named(point.label, f"{value} ({ends})" if ends else value)


def spots(chart: Chart, points: Iterable[Point], box: Box, scales: tuple[Scale, Scale]) -> list[Spot]:
    """Place what is told of marks in a plot of two axes."""
    x, y = scales
    found = []
    for point in points:
        if math.isfinite(point.x) and math.isfinite(point.y):
            text = "; ".join(part for part in (_on(chart.y, point.y), _on(chart.x, point.x)) if part)
            place = box.left + x.place(point.x) * box.width, box.bottom + y.place(point.y) * box.height
            found.append(Spot(*place, _named(point.label, text)))
    return found


def hover_elements(canvas: Canvas) -> str:
    """Write the places as elements over the drawing; a browser shows their titles by itself."""
    return "".join(
        f'<circle class="spot" cx="{spot.x / PT_MM:.1f}" cy="{(canvas.height - spot.y) / PT_MM:.1f}" '
        f'r="{_RADIUS_MM / PT_MM:.1f}" fill="none" pointer-events="all"><title>{escape(clean(spot.text))}</title></circle>'
        for spot in canvas.spots
    )


def _named(label: str, text: str) -> str:
    return f"{label}: {text}" if label else text


def _on(axis: Axis, value: float) -> str:
    if axis.dates:
        try:
            shown = day_text(datetime.fromtimestamp(value, UTC))
        except (OverflowError, OSError, ValueError):
            return ""
    else:
        shown = format_number(value, axis.format)
    return f"{axis.label} {shown}".strip()
