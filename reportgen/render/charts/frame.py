"""What charts with two axes share: thin horizontal rules, ticks, titles of the axes, reference lines."""

from __future__ import annotations

from reportgen.document import Chart, format_number
from reportgen.render.charts.canvas import Box, Canvas, Look
from reportgen.render.charts.fonts import fit, fit_apart, text_width
from reportgen.render.charts.labels import spread
from reportgen.render.charts.scale import TICK_PT, Scale, axis_title

FOOT_MM = 9.0
HEAD_MM = 6.0


def frame_box(canvas: Canvas, chart: Chart, y: Scale, *, right: float) -> Box:
    """Give the box of the marks: room at the left for ticks, below and above for the axes' titles."""
    foot = FOOT_MM if chart.x.label else FOOT_MM - 4.0
    head = HEAD_MM if chart.y.label else 2.5
    left = min(max(y.widest * 1.06, 3.0) + 2.0, canvas.width * 0.3)
    return Box(left, foot, canvas.width - max(right, 3.0), canvas.height - head)


def draw_frame(canvas: Canvas, chart: Chart, box: Box, x: Scale, y: Scale) -> None:
    """Draw rules, ticks, titles of both axes and reference lines."""
    for value, text in y.ticks:
        height = box.bottom + y.place(value) * box.height
        canvas.rule((box.left, height), (box.right, height))
        canvas.small(box.left - 1.6, height, text, "right")
    canvas.rule(
        (box.left, box.bottom), (box.right, box.bottom), color=canvas.theme.colors["other"], width=0.6
    )
    for value, text in x.ticks:
        canvas.small(box.left + x.place(value) * box.width, box.bottom - 2.8, text, "center")
    if chart.x.label:
        title = fit(axis_title(chart.x, x), box.right, TICK_PT)
        canvas.small(box.right, box.bottom - 6.8, title, "right")
    if chart.y.label:
        canvas.small(0.0, canvas.height - 1.8, fit(axis_title(chart.y, y), canvas.width, TICK_PT))
    _references(canvas, chart, box, y)


def _references(canvas: Canvas, chart: Chart, box: Box, y: Scale) -> None:
    heights = [box.bottom + y.place(reference.value) * box.height for reference in chart.references]
    above = spread([height + 1.7 for height in heights], 3.2, box.bottom + 1.7, box.top + 1.7)
    texts = [f"{one.label} {format_number(one.value, chart.y.format)}" for one in chart.references]
    cut = fit_apart(texts, box.width * 0.6, TICK_PT)
    for reference, height, place, shown in zip(chart.references, heights, above, cut, strict=True):
        canvas.rule(
            (box.left, height),
            (box.right, height),
            color=canvas.ink(reference.tone),
            width=0.9,
            style=(0, (2, 1.6)),
        )
        start = box.left + 1.0
        canvas.clear(Box(start, place - 1.2, start + text_width(shown, TICK_PT), place + 1.3))
        canvas.text(
            start,
            place,
            shown,
            look=Look(canvas.ink(reference.tone), size=TICK_PT),
        )
