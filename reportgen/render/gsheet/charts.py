"""Native charts, and the hidden tab with the numbers that they read.

What the interface cannot draw is worked out here: a range is two series of small marks, a band two thin
lines, a limit a dashed line of two points, a logarithmic scale a column of powers of ten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reportgen.document import Axis, Chart, Point, Series, told_apart
from reportgen.language import mark, tr
from reportgen.render.cellformats import number_format
from reportgen.render.gsheet.book import Book, address
from reportgen.render.gsheet.canvas import Area, Canvas, PlacedChart
from reportgen.render.gsheet.cells import DAY_FORMAT
from reportgen.render.gsheet.chartspecs import (
    Block,
    Dash,
    Drawn,
    Kind,
    axis_title,
    chart_spec,
    ends,
    on_axis,
    takes_log,
)
from reportgen.render.gsheet.looks import Look
from reportgen.render.gsheet.values import Formula, Value, clean_text, column_letter, one_line
from reportgen.render.left_out import left_out
from reportgen.render.strokes import corners, thin

CHART_DATA: Final = mark("Chart data")
MOST_POINTS: Final = 150
"""Of one line: more do not show."""
MAX_BANDS: Final = 3
MAX_LABELLED: Final = 40
_LONGEST_NAME: Final = 30
"""Characters of a name on an axis or in a legend."""
_FIRST: Final = 5
"""First row behind the options of sparklines."""
_VARIANTS: Final[tuple[tuple[str, Dash], ...]] = (
    ("ink", "SOLID"),
    ("other", "SOLID"),
    ("ink", "MEDIUM_DASHED"),
    ("other", "MEDIUM_DASHED"),
    ("ink", "DOTTED"),
    ("other", "DOTTED"),
)
"""Looks of lines without a meaning of their own."""


@dataclass(slots=True)
class Data:
    """The cells of one chart while they are gathered."""

    headings: list[str]
    codes: list[str]
    rows: list[list[Value]] = field(default_factory=list)

    def column(self, heading: str, code: str) -> int:
        """Add a column."""
        self.headings.append(clean_text(one_line(heading)) or " ")
        self.codes.append(code)
        return len(self.headings) - 1

    def add(self, values: Mapping[int, Value]) -> None:
        """Add a row with values in some columns."""
        row: list[Value] = [None] * len(self.headings)
        for column, value in values.items():
            row[column] = value
        self.rows.append(row)


class Charts:
    """Makes charts and gathers what they read."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._canvas: Canvas | None = None
        self._row = _FIRST

    def place(self, canvas: Canvas, chart: Chart, row: int, column: int, width: int) -> int:
        """Put a chart onto a tab; give its height in pixels."""
        match chart.kind:
            case "bars":
                spec = self._bars(chart)
            case "lines":
                spec = self._lines(chart)
            case "scatter":
                spec = self._scatter(chart)
            case _:
                spec = self._rows(chart)
        height = 340 if chart.width == "half" else 400
        canvas.charts.append(PlacedChart(chart.id, spec, row, column, (width, height)))
        canvas.reach(row + 1, column + 1)
        return height

    def trend(self, values: Sequence[float]) -> Formula:
        """Make a small line in a cell, oldest value first."""
        data = self._data()
        data.put_row(self._row, (tr("Small line"), *values))
        row = self._row + 1
        self._row += 2
        cells = address(data, f"$B${row}:${column_letter(len(values))}${row}")
        return Formula(f"=SPARKLINE({cells};{address(data, '$A$2:$B$3')})")

    def _data(self) -> Canvas:
        if self._canvas is None:
            self._canvas = self._book.tab("chart_data", tr(CHART_DATA), "data")
            self._canvas.put(0, 0, tr("The charts read these rows: please do not sort or delete them."))
            options = (("charttype", "line"), ("color", self._book.theme.colors["focus"]))
            for row, pair in enumerate(options, 1):
                self._canvas.put_row(row, pair)
        return self._canvas

    def _block(self, chart: Chart, data: Data) -> Block:
        """Write a chart's cells below those of the one before."""
        canvas, top = self._data(), self._row + 1
        canvas.put(self._row, 0, one_line(chart.title.text), Look(bold=True))
        canvas.put_row(top, data.headings, Look(bold=True))
        for number, row in enumerate(data.rows, top + 1):
            for column, value in enumerate(row):
                if value is not None:
                    canvas.put(number, column, value)
        bottom = top + 1 + len(data.rows)
        for column, code in enumerate(data.codes):
            if code:
                canvas.paint(Area(top + 1, column, bottom, column + 1), Look(code=code))
        canvas.reach(bottom, len(data.headings))
        self._row = bottom + 1
        return Block(canvas.sheet_id, top, bottom)

    def _spec(
        self, chart: Chart, kind: Kind, data: Data, series: Sequence[Drawn], axes: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        return chart_spec(self._book, chart, kind, self._block(chart, data), series, axes)

    def _rows(self, chart: Chart) -> dict[str, Any]:
        """Draw a value for each name, its range as marks below and above, limits as lines across."""
        axis, points = chart.x, chart.series[0].points
        code, held = _code(axis), chart.series[0].label or tr("Average")
        data = Data([tr("Set-up")], [""])
        if chart.kind == "dumbbell":
            other = chart.series[1].label if len(chart.series) > 1 else tr("Compared with")
            columns = [data.column(other, code), data.column(held, code)]
            values = [[point.low, point.x] for point in points]
        else:
            columns = [data.column(held, code)]
            values = [[point.x] for point in points]
            if any(point.low is not None for point in points):
                columns.append(data.column(tr("{name}, lower end of range", name=held), code))
                columns.append(data.column(tr("{name}, upper end of range", name=held), code))
                values = [[point.x, point.low, point.high] for point in points]
        lines = [data.column(reference.label, code) for reference in chart.references]
        for name, found in zip(_short([point.label for point in points]), values, strict=True):
            cells: dict[int, Value] = {0: name}
            cells |= {c: on_axis(v, axis) for c, v in zip(columns, found, strict=True) if v is not None}
            cells |= {c: on_axis(ref.value, axis) for c, ref in zip(lines, chart.references, strict=True)}
            data.add(cells)
        tones = {place: _color(p) for place, p in enumerate(points) if p.tone != "neutral"}
        main = columns[-1] if chart.kind == "dumbbell" else columns[0]
        series = [
            Drawn(column, "focus", dot=9, tones=tones)
            if column == main
            else Drawn(column, "other", dot=5 if chart.kind != "dumbbell" else 9, shape="DIAMOND")
            for column in columns
        ]
        series += [
            Drawn(column, _tone(ref.tone), width=2, dash="MEDIUM_DASHED")
            for column, ref in zip(lines, chart.references, strict=True)
        ]
        found_values = [v for row in data.rows for v in row[1:] if isinstance(v, float)]
        window = ends(found_values, percent=axis.format.style == "percent")
        axes: list[Mapping[str, Any]] = [
            {"position": "BOTTOM_AXIS", "title": ""},
            {"position": "LEFT_AXIS", "title": axis_title(axis), "window": window, "value": True},
        ]
        return self._spec(chart, "LINE", data, series, axes)

    def _bars(self, chart: Chart) -> dict[str, Any]:
        axis = chart.x
        data = Data([tr("Name")], [""])
        column = data.column(chart.series[0].label or axis_title(axis) or tr("Value"), _code(axis))
        marks = (
            *chart.series[0].points,
            *(Point(r.value, label=r.label, tone=r.tone) for r in chart.references),
        )
        for name, point in zip(_short([point.label for point in marks]), marks, strict=True):
            data.add({0: name, column: on_axis(point.x, axis)})
        tones = {place: _color(p) for place, p in enumerate(marks) if p.tone != "neutral"}
        axes: list[Mapping[str, Any]] = [
            {"position": "LEFT_AXIS", "title": ""},
            {"position": "BOTTOM_AXIS", "title": axis_title(axis), "value": True},
        ]
        return self._spec(chart, "BAR", data, [Drawn(column, "focus", tones=tones)], axes)

    def _lines(self, chart: Chart) -> dict[str, Any]:
        """Draw lines, each with rows of its own, so that a gap stays a gap and steps stay steps."""
        data = Data([axis_title(chart.x) or tr("Step")], [_code(chart.x)])
        shown = [one for one in chart.series if one.style != "faint"]
        faint = [one for one in chart.series if one.style == "faint"]
        points = [point for one in chart.series for point in one.points]
        y_log = takes_log(chart.y, [point.y for point in points])
        groups = _groups(shown)
        banded = [
            name for name, found in groups.items() if any(p.low is not None for s in found for p in s.points)
        ]
        code = "" if y_log else _code(chart.y)
        series: list[Drawn] = []
        plain = 0
        if faint:  # one series, so that they are drawn behind all others and take one line of the legend
            column = data.column(tr("Single runs"), code)
            for one in faint:
                self._add_line(chart, data, one, (column, []), y_log=y_log)
            series.append(Drawn(column, "hairline", 1))
        for key, found, name in zip(groups, groups.values(), _short(list(groups)), strict=True):
            tone, dashed = found[0].tone, found[0].style == "dashed"
            look: tuple[str, Dash] = (_tone(tone), "SOLID")
            color, dash = look if tone != "neutral" else _VARIANTS[plain % len(_VARIANTS)]
            plain += tone == "neutral"
            column = data.column(name, code)
            edges = []
            if key in banded and len(banded) <= MAX_BANDS:
                edges = [
                    data.column(tr("{name}, lower end of range", name=name), code),
                    data.column(tr("{name}, upper end of range", name=name), code),
                ]
            for one in found:
                self._add_line(chart, data, one, (column, edges), y_log=y_log)
            lone = all(len(one.points) == 1 for one in found)
            series.append(Drawn(column, color, 2, "MEDIUM_DASHED" if dashed else dash, dot=6 if lone else 0))
            series += [Drawn(edge, color, 1, "DOTTED") for edge in edges]
        xs = [on_axis(point.x, chart.x) for point in points]
        for reference in chart.references:
            column = data.column(reference.label, code)
            height = on_axis(reference.value, chart.y, log=y_log and reference.value > 0)
            for x in (min(xs), max(xs)):
                data.add({0: x, column: height})
            series.append(Drawn(column, _tone(reference.tone), 2, "MEDIUM_DASHED"))
        axes: list[Mapping[str, Any]] = [
            {"position": "BOTTOM_AXIS", "title": axis_title(chart.x)},
            {"position": "LEFT_AXIS", "title": axis_title(chart.y, log=y_log), "value": True},
        ]
        return self._spec(chart, "SCATTER", data, series, axes)

    def _add_line(
        self, chart: Chart, data: Data, one: Series, columns: tuple[int, list[int]], *, y_log: bool
    ) -> None:
        column, edges = columns
        if data.rows:
            data.add({})  # an empty row parts a stretch from the one before
        for point in corners(thin(one.points, MOST_POINTS), one):
            cells: dict[int, Value] = {
                0: on_axis(point.x, chart.x),
                column: on_axis(point.y, chart.y, log=y_log),
            }
            if edges and point.low is not None and point.high is not None:
                ends_of = (point.low, point.high)
                cells |= {
                    edge: on_axis(end, chart.y, log=y_log)
                    for edge, end in zip(edges, ends_of, strict=True)
                    if end > 0 or not y_log
                }
            data.add(cells)

    def _scatter(self, chart: Chart) -> dict[str, Any]:
        points = [point for one in chart.series for point in one.points]
        x_log, y_log = takes_log(chart.x, [p.x for p in points]), takes_log(chart.y, [p.y for p in points])
        data = Data([axis_title(chart.x, log=x_log)], ["" if x_log else _code(chart.x)])
        code, series = "" if y_log else _code(chart.y), []
        few = len(points) <= MAX_LABELLED // 3
        for one in chart.series:
            column = data.column(one.label or axis_title(chart.y), code)
            names = data.column(tr("Names"), "")
            labelled = (one.tone != "neutral" or few) and len(one.points) <= MAX_LABELLED
            for point in one.points:
                cells: dict[int, Value] = {
                    0: on_axis(point.x, chart.x, log=x_log),
                    column: on_axis(point.y, chart.y, log=y_log),
                    names: one_line(point.label) or None,
                }
                data.add(cells)
            series.append(Drawn(column, _tone(one.tone), dot=8, labels=names if labelled else None))
        xs = [row[0] for row in data.rows if isinstance(row[0], (int, float))]
        for reference in chart.references:
            column = data.column(reference.label, code)
            for x in (min(xs), max(xs)):
                data.add({0: x, column: on_axis(reference.value, chart.y, log=y_log and reference.value > 0)})
            series.append(Drawn(column, _tone(reference.tone), 2, "MEDIUM_DASHED"))
        axes: list[Mapping[str, Any]] = [
            {"position": "BOTTOM_AXIS", "title": axis_title(chart.x, log=x_log), "value": True},
            {"position": "LEFT_AXIS", "title": axis_title(chart.y, log=y_log), "value": True},
        ]
        return self._spec(chart, "SCATTER", data, series, axes)


def _short(names: Sequence[str]) -> tuple[str, ...]:
    """Cut names for axes and legends, of which Google would cut off the ends, where names differ."""
    return told_apart([one_line(name) for name in names], lambda text: len(text) <= _LONGEST_NAME)


def remarks(chart: Chart) -> tuple[str, ...]:
    """Say what is drawn otherwise here than elsewhere."""
    said = list(left_out(chart, most_bands=MAX_BANDS, draws_thin=True))
    points = [point for one in chart.series for point in one.points]
    if chart.kind == "dot_interval" and any(point.low is not None for point in points):
        said.append(tr("Here the ends of a range are marked by small diamonds."))
    logs = chart.kind == "scatter" and takes_log(chart.x, [point.x for point in points])
    if logs or (chart.kind in {"scatter", "lines"} and takes_log(chart.y, [point.y for point in points])):
        said.append(tr("An axis in powers of ten: a step of one is ten times as much."))
    return tuple(said)


def _groups(series: Sequence[Series]) -> dict[str, list[Series]]:
    """Put stretches without a name to the named line that looks like them, by the name of the line."""
    found: dict[str, list[Series]] = {}
    for one in series:
        like = [s.label for s in series if s.label and s.tone == one.tone]
        same = [s.label for s in series if s.label and (s.tone, s.style) == (one.tone, one.style)]
        name = one.label or next(iter(same), "")
        if not name:
            name = tr("{name}, fewer runs", name=like[0]) if like else " "
        elif one.label and name in found and found[name][0].style != one.style:
            name = tr("{name}, fewer runs", name=name)
        found.setdefault(name, []).append(one)
    return found


def _code(axis: Axis) -> str:
    if axis.dates:
        return DAY_FORMAT
    return "" if axis.format.style == "general" else number_format(1.0 / axis.format.factor, axis.format)


def _color(point: Point) -> str:
    return _tone(point.tone)


def _tone(tone: str) -> str:
    return {"neutral": "other", "baseline": "ink"}.get(tone, tone)
