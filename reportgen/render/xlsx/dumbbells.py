"""Two marks a row with a line between them, laid out for a native chart."""

from __future__ import annotations

from dataclasses import replace

from reportgen.document import Chart, format_number
from reportgen.document import Point as Mark
from reportgen.render.xlsx.plots import FEW_TICKS, MAX_VALUES, TICKS, Drawing, Plot, Scale, round_scale


def draw_dumbbell(chart: Chart) -> Drawing:
    """Lay a dumbbell chart out, as rows of dots without ranges: programs know no such chart of their own."""
    points = chart.series[0].points
    ends = [end for point in points for end in (point.x, point.low) if end is not None]
    ticks = FEW_TICKS if chart.width == "half" else TICKS
    x = round_scale(ends, replace(chart.x, log=False), ticks=ticks)
    y = Scale(0.4, len(points) + 0.6, 1.0, hidden=True)
    rows = [
        replace(point, y=float(len(points) - place), low=None, high=None)
        for place, point in enumerate(points)
    ]
    starts = [point.low for point in points]
    plots = [
        Plot("", "leader", (Mark(start, row.y), Mark(row.x, row.y)), "neutral")
        for row, start in zip(rows, starts, strict=True)
        if start is not None and start != row.x
    ]
    began = tuple(
        Mark(start, row.y, label=row.label, tone="baseline")
        for row, start in zip(rows, starts, strict=True)
        if start is not None
    )
    plots.append(Plot(chart.series[1].label, "points", began, "baseline"))
    plots += [
        Plot(chart.series[0].label, "points", tuple(row for row in rows if row.tone == tone), tone)
        for tone in dict.fromkeys(row.tone for row in rows)
    ]
    plots += [Plot(row.label, "caption", (Mark(x.low, row.y),), row.tone, "l") for row in rows]
    if len(rows) <= MAX_VALUES:
        plots += [
            Plot(format_number(row.x, chart.x.format), "caption", (Mark(x.high, row.y),), row.tone, "r")
            for row in rows
        ]
    return Drawing(replace(chart, kind="dot_interval"), tuple(plots), x, y, legend=False)
