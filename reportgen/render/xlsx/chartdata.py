"""The sheet "Chart data": one table with every mark of every chart, where the native charts read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from reportgen.document import (
    Axis,
    Cell,
    Column,
    Missing,
    Number,
    NumberFormat,
    Point,
    Row,
    Table,
    excel_factor,
    phrase,
)
from reportgen.language import mark, tr
from reportgen.render.cellformats import DAY_FORMAT, number_format
from reportgen.render.sheets import sheet_address
from reportgen.render.xlsx.clean import clean
from reportgen.render.xlsx.names import one_line
from reportgen.render.xlsx.plots import Drawing, Plot

CHART_DATA_SHEET: Final = mark("Chart data")
HEADER_ROW: Final = 5
_COLUMNS: Final = (
    ("chart", mark("Chart")),
    ("series", mark("Series")),
    ("name", mark("Name")),
    ("across", mark("Across (unit of the axis)")),
    ("up", mark("Up (unit of the axis)")),
    ("minus", mark("Range below (unit of the axis)")),
    ("plus", mark("Range above (unit of the axis)")),
)
_POSITION: Final = NumberFormat(decimals=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS_TO_EPOCH: Final = 25_569
"""From 1899-12-30, from where a workbook counts, to 1970-01-01."""
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Strip:
    """One column's cells of one plot, and what they hold: the chart keeps a copy for quick viewers."""

    ref: str
    values: tuple[float | str, ...]
    code: str = "General"


@dataclass(frozen=True, slots=True)
class PlotData:
    """Where one plot's marks lie."""

    plot: Plot
    name: Strip
    names: Strip
    x: Strip
    y: Strip
    minus: Strip | None
    plus: Strip | None


class ChartData:
    """Gathers the rows of the sheet, chart by chart."""

    __slots__ = ("_rows", "sheet")

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self._rows: list[Row] = []

    def __bool__(self) -> bool:
        return bool(self._rows)

    def table(self) -> Table:
        """Give all rows as one table."""
        columns = tuple(Column(key, tr(heading)) for key, heading in _COLUMNS)
        return Table("chart_data", phrase("The numbers behind the charts"), columns, tuple(self._rows))

    def add(self, drawing: Drawing) -> list[PlotData]:
        """Add a chart's marks; give where they lie."""
        return [self._add_plot(drawing, plot) for plot in drawing.plots]

    def _add_plot(self, drawing: Drawing, plot: Plot) -> PlotData:
        chart = drawing.chart
        horizontal = chart.kind in {"dot_interval", "bars"}
        up = Axis("", _POSITION) if horizontal else chart.y
        spread = chart.x if horizontal else chart.y
        first = HEADER_ROW + 1 + len(self._rows)
        ranged = plot.role in {"points", "bars"} and any(point.low is not None for point in plot.marks)
        title = one_line(chart.title.text)
        for point in plot.marks:
            minus, plus = _ranges(point, horizontal=horizontal) if ranged else (None, None)
            cells: tuple[Cell, ...] = (
                title,
                plot.name or Missing(tr("none")),
                point.label or Missing(tr("none")),
                _cell(point.x, chart.x),
                _cell(point.y, up) if plot.role != "bars" else Missing(tr("none")),
                Missing(tr("none")) if minus is None else _cell(minus, spread),
                Missing(tr("none")) if plus is None else _cell(plus, spread),
            )
            self._rows.append(Row(cells))
        pairs = [_ranges(point, horizontal=horizontal) for point in plot.marks] if ranged else []
        return PlotData(
            plot,
            Strip(self._ref("B", first, 1), (str(clean(plot.name).value),)),
            Strip(
                self._ref("C", first, len(plot.marks)), tuple(str(clean(m.label).value) for m in plot.marks)
            ),
            self._strip("D", first, [point.x for point in plot.marks], chart.x),
            self._strip("E", first, [point.y for point in plot.marks], up),
            self._strip("F", first, [minus for minus, _ in pairs], spread) if ranged else None,
            self._strip("G", first, [plus for _, plus in pairs], spread) if ranged else None,
        )

    def _strip(self, column: str, first: int, values: list[float], axis: Axis) -> Strip:
        code = DAY_FORMAT if axis.dates else number_format(1.0, axis.format)
        return Strip(
            self._ref(column, first, len(values)), tuple(cell_value(value, axis) for value in values), code
        )

    def _ref(self, column: str, first: int, count: int) -> str:
        last = f":${column}${first + count - 1}" if count > 1 else ""
        return f"{sheet_address(self.sheet)}!${column}${first}{last}"


def cell_value(value: float, axis: Axis) -> float:
    """Give the number that a cell holds for a value of this axis: dates count days, points are times 100."""
    if axis.dates:
        return value / _DAY + _DAYS_TO_EPOCH
    return value * excel_factor(axis.format)


def _cell(value: float, axis: Axis) -> Cell:
    if not axis.dates:
        return Number(value, axis.format, "")
    try:
        return _EPOCH + timedelta(seconds=value)
    except OverflowError:
        return Missing("beyond the calendar")


def _ranges(mark: Point, *, horizontal: bool) -> tuple[float, float]:
    middle = mark.x if horizontal else mark.y
    low, high = (middle if end is None else end for end in (mark.low, mark.high))
    return max(middle - low, 0.0), max(high - middle, 0.0)
