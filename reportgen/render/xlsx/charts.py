"""Native charts: each drawing becomes one chart object that reads the sheet "Chart data"."""

from __future__ import annotations

from typing import Any, Final, Literal

from openpyxl.chart import BarChart, ScatterChart
from openpyxl.chart._chart import ChartBase
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend, LegendEntry
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.series import Series as BarSeries
from openpyxl.chart.series import XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from reportgen.document import excel_format
from reportgen.render.colors import tone_color
from reportgen.render.measure import split_lines, text_width
from reportgen.render.xlsx.chart_parts import (
    Dash,
    Palette,
    categories,
    error_bars,
    finish_name_axis,
    finish_value_axis,
    line,
    marker,
    name_label,
    no_line,
    no_marker,
    numbers,
    series_name,
    value_labels,
)
from reportgen.render.xlsx.chartdata import PlotData
from reportgen.render.xlsx.names import one_line
from reportgen.render.xlsx.plots import Drawing, Plot

TITLE_SIZES: Final = (13.0, 11.5)
PIXELS_PER_CM: Final = 96 / 2.54
_CHARACTER: Final = 7.0
"""Pixels of one unit of text width."""
_LINE_LOOKS: Final[tuple[tuple[str, Dash | None], ...]] = (
    ("focus", None),
    ("ink", "dash"),
    ("other", None),
    ("focus", "sysDot"),
    ("ink", None),
    ("other", "dash"),
    ("focus", "dashDot"),
    ("ink", "sysDot"),
)
_MAX_VALUES: Final = 30
"""Marks that each carry their value."""


def build_chart(drawing: Drawing, data: list[PlotData], palette: Palette, size: tuple[int, int]) -> ChartBase:
    """Make the chart, *size* pixels large."""
    bars = drawing.chart.kind == "bars"
    made: Any = _bar_chart(drawing, data, palette) if bars else _xy_chart(drawing, data, palette)
    width, height = size
    made.width, made.height = width / PIXELS_PER_CM, height / PIXELS_PER_CM
    made.roundedCorners = False
    made.style = None
    made.display_blanks = "gap"
    made.graphical_properties = GraphicalProperties(
        solidFill=palette.rgb("paper"), ln=line(palette.rgb("hairline"), 0.75)
    )
    lines = _title_lines(drawing, width)
    made.title = palette.title(lines, corner=True)
    top = 20 + sum(points * 1.85 for _, points, *_ in lines)
    made.legend = _legend(drawing, palette, width)
    made.layout = _plot_layout(drawing, (width, height), top)
    result: ChartBase = made
    return result


def chart_height(drawing: Drawing) -> int:
    """Give the height in pixels that a chart needs."""
    if drawing.chart.kind == "dot_interval":
        return (
            130
            + 22 * drawing.legend
            + 34 * (len(drawing.chart.series[0].points) + bool(drawing.chart.references))
        )
    if drawing.chart.kind == "bars":
        return 130 + 28 * len(drawing.plots[0].marks)
    return 340 if drawing.chart.width == "half" else 360


def _title_lines(drawing: Drawing, width: int) -> list[tuple[str, float, str, bool]]:
    room = width * 0.8 / _CHARACTER  # LibreOffice breaks titles at four fifths of the chart
    title = one_line(drawing.chart.title.text)
    size = next((s for s in TITLE_SIZES if text_width(title, s, bold=True) <= room), TITLE_SIZES[-1])
    return [(text, size, "ink", True) for text in split_lines(title, room, size, bold=True)[:4]]


def _label_width(text: str) -> float:
    return text_width(one_line(text), 9) * _CHARACTER


def _plot_layout(drawing: Drawing, size: tuple[int, int], top: float) -> Layout:
    """Place the inner plot area: room for the names at its left, and for labels or legend at its right."""
    width, height = size
    names = [
        _label_width(plot.name) for plot in drawing.plots if plot.role == "caption" and plot.label == "l"
    ]
    if drawing.chart.kind == "bars":
        names = [_label_width(mark.label) + 22 for mark in drawing.plots[0].marks]
    left = min(max(names, default=46.0) + 24, width * 0.4)
    # names of points lie inside the plot; those of lines and values lie at its right end
    ends = [
        _label_width(plot.name)
        for plot in drawing.plots
        if plot.label == "r"
        and plot.role != "points"
        and not (plot.role == "caption" and drawing.chart.kind == "scatter")
        and not (plot.role == "reference" and drawing.chart.kind == "dot_interval")
    ]
    aside = _legend_aside(drawing, width)
    if aside:
        ends = [_label_width(plot.name) + 45 for plot in _legend_plots(drawing)]
    right = min(max(ends, default=10.0) + 22, width * 0.35)
    bottom = 54.0 + 22 * (drawing.legend and not aside)
    area = ManualLayout(
        layoutTarget="inner",
        xMode="edge",
        yMode="edge",
        x=left / width,
        y=top / height,
        w=(width - left - right) / width,
        h=max(height - top - bottom, 40) / height,
    )
    return Layout(manualLayout=area)


def _in_legend(plot: Plot, drawing: Drawing) -> bool:
    if not plot.name:
        return False
    named_elsewhere = plot.label or plot.role in {"edge", "caption", "leader"}
    return not named_elsewhere and not (drawing.chart.kind == "dot_interval" and plot.role == "points")


def _legend_plots(drawing: Drawing) -> list[Plot]:
    return [plot for plot in drawing.plots if drawing.legend and _in_legend(plot, drawing)]


def _legend_aside(drawing: Drawing, width: int) -> bool:
    """Tell whether the legend needs the side, since its entries do not fit into one line below."""
    return sum(_label_width(plot.name) + 50 for plot in _legend_plots(drawing)) > width - 40


def _legend(drawing: Drawing, palette: Palette, width: int) -> Legend | None:
    if not drawing.legend:
        return None
    legend = Legend()
    legend.position = "r" if _legend_aside(drawing, width) else "b"
    legend.overlay = False
    legend.txPr = palette.text(9, "ink")
    legend.legendEntry = [
        LegendEntry(idx=index, delete=True)
        for index, plot in enumerate(drawing.plots)
        if not _in_legend(plot, drawing)
    ]
    return legend


def _xy_chart(drawing: Drawing, data: list[PlotData], palette: Palette) -> ScatterChart:
    made: Any = ScatterChart()  # Any: the stubs take its axis for one of names
    made.scatterStyle = "lineMarker"
    chart = drawing.chart
    finish_value_axis(made.x_axis, chart.x, drawing.x, palette, grid=chart.kind == "dot_interval")
    finish_value_axis(made.y_axis, chart.y, drawing.y, palette, grid=chart.kind != "dot_interval")
    made.x_axis.axPos = "b"
    for one in data:
        made.series.append(_xy_series(one, drawing, palette))
    result: ScatterChart = made
    return result


def _xy_series(one: PlotData, drawing: Drawing, palette: Palette) -> XYSeries:
    plot = one.plot
    series: Any = XYSeries(xVal=categories(one.x), yVal=numbers(one.y), tx=series_name(one.name))
    series.smooth = False
    color = palette.tone(plot.tone)
    series.marker, stroke = no_marker(), no_line()
    match plot.role:
        case "points":
            series.marker = marker(plot.tone, palette)
            if one.minus and one.plus:
                direction: Literal["x", "y"] = "x" if drawing.chart.kind == "dot_interval" else "y"
                series.errBars = error_bars(one.minus, one.plus, direction, palette.rgb("other"))
        case "line":
            stroke = _line_look(plot, drawing, palette)
            if len(plot.marks) == 1:  # a line of one point would not be seen
                series.marker = marker(plot.tone, palette)
        case "edge":
            stroke = line(color, 0.75, "sysDot")
        case "reference":
            stroke = line(color, 1.25, "dash")
        case "leader":
            stroke = line(palette.rgb("other"), 0.75)
        case "caption" | "bars":
            pass
    series.graphicalProperties = GraphicalProperties(ln=stroke)
    if plot.label and plot.name:
        bold = plot.tone == "focus"
        words = tone_color(plot.tone) if plot.role != "caption" else "ink"
        series.dLbls = name_label(len(plot.marks) - 1, plot.label, palette, words, bold=bold)
    made: XYSeries = series
    return made


def _line_look(plot: Plot, drawing: Drawing, palette: Palette) -> LineProperties:
    """Choose a line's colour and dashes; those without a tone differ where a legend names them."""
    if plot.tone != "neutral" or not (drawing.legend and plot.variant):
        return line(palette.tone(plot.tone), 2.25 if plot.tone != "neutral" else 1.5)
    color, dash = _LINE_LOOKS[(plot.variant - 1) % len(_LINE_LOOKS)]
    return line(palette.rgb(color), 1.75, dash)


def _bar_chart(drawing: Drawing, data: list[PlotData], palette: Palette) -> BarChart:
    made = BarChart()
    made.type, made.grouping, made.gapWidth = "bar", "clustered", 45
    chart, one = drawing.chart, data[0]
    finish_name_axis(made.x_axis, chart.y, palette)
    finish_value_axis(made.y_axis, chart.x, drawing.x, palette, grid=True)
    made.y_axis.crosses = "max"  # the names run from the top; so the axis of values lies at the bottom
    made.x_axis.axPos, made.y_axis.axPos = "l", "b"
    made.y_axis.tickLblPos, made.x_axis.tickLblPos = "nextTo", "low"
    made.x_axis.crosses = "autoZero"
    series: Any = BarSeries(val=numbers(one.x), cat=categories(one.names), tx=series_name(one.name))
    series.graphicalProperties = GraphicalProperties(solidFill=palette.tone(one.plot.tone))
    series.invertIfNegative = False
    series.dPt = [
        DataPoint(
            idx=index,
            invertIfNegative=False,
            spPr=GraphicalProperties(solidFill=palette.tone(mark.tone)),
        )
        for index, mark in enumerate(one.plot.marks)
    ]
    if one.minus and one.plus:
        series.errBars = error_bars(one.minus, one.plus, None, palette.rgb("ink"))
    elif len(one.plot.marks) <= _MAX_VALUES:
        series.dLbls = value_labels("showVal", "outEnd", excel_format(chart.x.format), palette)
    made.series.append(series)
    return made
