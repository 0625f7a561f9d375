"""The chart of the live comparison: bars that follow what is picked, coloured by the verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from openpyxl.chart import BarChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import Series
from openpyxl.chart.shapes import GraphicalProperties

from reportgen.document import Axis, NumberFormat, Tone
from reportgen.language import ntr, tr
from reportgen.render.xlsx.canvas import Canvas, PlacedChart
from reportgen.render.xlsx.chart_parts import (
    Palette,
    categories,
    finish_name_axis,
    line,
    numbers,
    series_name,
)
from reportgen.render.xlsx.chartdata import Strip
from reportgen.render.xlsx.charts import PIXELS_PER_CM

MOST_BARS: Final = 20
"""More would be too thin to read beside the table; the first ones lead the ranking."""
_WIDTH: Final = 620
AXIS_FORMAT: Final = "+General;-General;0"
_BAR: Final = 24
"""Pixels of height for each bar."""
_AROUND: Final = 150
"""Pixels above and below the bars: title, axis, legend."""
GROUPS: Final[tuple[tuple[Tone, str], ...]] = (
    ("good", "\N{BLACK UP-POINTING TRIANGLE}"),
    ("bad", "\N{BLACK DOWN-POINTING TRIANGLE}"),
    ("neutral", ""),
)
"""Colours, and the sign that the verdict of such a bar begins with; the last takes all the others."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Where the chart reads, and what stands there at first."""

    names: Strip
    groups: tuple[tuple[Strip, Strip], ...]
    """Name and values of each of ``GROUPS``."""


def group_names() -> tuple[str, ...]:
    """Give the names of the three colours, as the legend has them."""
    return tr("better"), tr("worse"), tr("not settled, or no clear gain")


def group_of(verdict: str) -> int:
    """Tell which of ``GROUPS`` a verdict belongs to."""
    return next(place for place, (_, sign) in enumerate(GROUPS) if verdict.startswith(sign))


def add_live_chart(canvas: Canvas, bars: Bars, palette: Palette, anchor: str, shown_of: int) -> None:
    """Put the chart onto the sheet, its upper left corner at *anchor*."""
    made: Any = _chart(bars, palette)
    count = len(bars.names.values)
    height = _AROUND + _BAR * count
    made.width, made.height = _WIDTH / PIXELS_PER_CM, height / PIXELS_PER_CM
    made.roundedCorners = False
    made.style = None
    made.graphical_properties = GraphicalProperties(
        solidFill=palette.rgb("paper"), ln=line(palette.rgb("hairline"), 0.75)
    )
    title = [(tr("Difference from the set-up that is picked"), 13.0, "ink", True)]
    if shown_of > count:
        first = ntr("The first {n} in the table", "The first {n} in the table", count, n=str(count))
        title.append((first, 9.5, "secondary", False))
    made.title = palette.title(title, corner=True)
    made.layout = Layout(
        manualLayout=ManualLayout(
            layoutTarget="inner",
            xMode="edge",
            yMode="edge",
            x=0.36,
            y=62 / height,
            w=0.58,
            h=(height - 62 - 84) / height,
        )
    )
    made.legend = Legend()
    made.legend.position, made.legend.overlay = "b", False
    made.legend.txPr = palette.text(9, "ink")
    canvas.sheet.add_chart(made, anchor)
    alt = tr(
        "Bar chart: by how much each set-up is better than the one that is picked. "
        "The numbers stand in the table beside it."
    )
    canvas.charts.append(PlacedChart(made, alt))


def _chart(bars: Bars, palette: Palette) -> BarChart:
    made: Any = BarChart()  # Any: the stubs lack parts of the axes
    made.type, made.grouping, made.gapWidth, made.overlap = "bar", "clustered", 45, 100
    finish_name_axis(made.x_axis, Axis(tr("Set-up"), NumberFormat()), palette)
    made.x_axis.tickLblPos, made.x_axis.axPos = "low", "l"
    axis = made.y_axis
    axis.delete, axis.axPos, axis.crosses, axis.tickLblPos = False, "b", "max", "nextTo"
    axis.majorTickMark = axis.minorTickMark = "none"
    axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=line(palette.rgb("hairline"), 0.75)))
    axis.spPr = GraphicalProperties(ln=line(palette.rgb("other"), 0.75))
    axis.txPr = palette.text(9, "secondary", upright=True)
    axis.number_format = AXIS_FORMAT
    axis.title = palette.title([(tr("Positive is better (unit of the metric)"), 9, "secondary", False)])
    for (tone, _), (name, values) in zip(GROUPS, bars.groups, strict=True):
        series: Any = Series(val=numbers(values), cat=categories(bars.names), tx=series_name(name))
        series.graphicalProperties = GraphicalProperties(solidFill=palette.tone(tone))
        series.invertIfNegative = False
        made.series.append(series)
    result: BarChart = made
    return result
