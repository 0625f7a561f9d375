"""A table of the report as one sheet: heading above, then an Excel table to the end of the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn

from reportgen.document import (
    Cell,
    Column,
    Missing,
    Row,
    Table,
)
from reportgen.language import mark, tr
from reportgen.render.measure import BODY_SIZE, ROW_HEIGHT, row_height, split_lines, text_width
from reportgen.render.xlsx.canvas import Canvas
from reportgen.render.xlsx.cells import PlainRange
from reportgen.render.xlsx.clean import escape
from reportgen.render.xlsx.fragments import Fragments
from reportgen.render.xlsx.headings import HEADING_GAP, best_size, wide_enough
from reportgen.render.xlsx.names import one_line, unique_headers
from reportgen.render.xlsx.rows import MAX_COLUMNS, MAX_ROWS, PlacedCell, Ready, area, row_xml
from reportgen.render.xlsx.scans import MEASURED_ROWS, Scan, Scanner
from reportgen.render.xlsx.styles import Look

HEAD_ROWS: Final = 40
"""Room kept above a table that is split at the sheet's limit."""
WIDEST: Final = 60.0
FIRST_WIDEST: Final = 42.0
NARROWEST: Final = 9.0
HEADING_WIDEST: Final = 40.0
FILTER_HEIGHT: Final = 16.0
"""Points kept free below the heading's words for the filter's button."""
MAX_HEADING: Final = 160
"""Characters of a heading, so that the unit behind it always fits."""
SUB_HEADING: Final = mark("Remark")
FEWEST_FILTERED: Final = 10
"""Rows from which on a table has filter buttons."""
_HEADER: Final = Look(bold=True, wrap=True, fill="tint", line="secondary")


def split_table(table: Table) -> Iterator[Table]:
    """Split a table that is larger than a sheet: columns first (the first one repeated), then rows."""
    columns, rows = table.columns, table.rows
    width, height = MAX_COLUMNS - 1, MAX_ROWS - HEAD_ROWS
    if len(columns) <= width and len(rows) <= height:
        yield table
        return
    for left in range(1, max(len(columns), 2), width - 1):
        picked = (0, *range(left, min(left + width - 1, len(columns))))
        for top in range(0, max(len(rows), 1), height):
            yield replace(
                table,
                columns=tuple(columns[index] for index in picked),
                rows=tuple(
                    replace(row, cells=tuple(row.cells[index] for index in picked))
                    for row in rows[top : top + height]
                ),
            )


class TableSheet:
    """Puts one table onto one sheet, in two passes: one to measure, one to write."""

    __slots__ = (
        "_canvas",
        "_columns",
        "_fixed",
        "_plain",
        "_rows",
        "_scale",
        "_scans",
        "_top",
        "_widths",
        "_wrapped",
        "headers",
        "heat",
    )

    def __init__(self, canvas: Canvas, table: Table, widths: tuple[float, ...] = ()) -> None:
        """Measure the table; *widths*: of the columns of a page, which it then leaves as they are."""
        self._fixed = widths
        self._scale = canvas.styles.text_scale
        self._canvas = canvas
        self.heat = table.heat
        self._columns = table.columns
        self._rows = table.rows or (Row((Missing(tr("no rows")),) * len(table.columns)),)
        if any(row.sub for row in self._rows):
            self._columns = (*self._columns, Column("remark", tr(SUB_HEADING)))
        self._plain = [PlainRange.of(column) for column in self._columns]
        self._scans = self._measure()
        self.headers = unique_headers(map(self._heading, self._columns, self._scans))
        self._widths: list[float] = []
        self._wrapped = [self._set_width(index) for index in range(len(self._columns))]
        self._top = 0

    @property
    def marks_best(self) -> bool:
        """Whether the best value of some column is emphasised."""
        return any(map(self.has_best, range(len(self._columns))))

    def has_best(self, index: int) -> bool:
        """Tell whether a column's best value is emphasised: it has a goal, no sign, and differs."""
        column, scan = self._columns[index], self._scans[index]
        signed = column.format is not None and column.format.signed
        return column.goal is not None and not signed and not column.bar and scan.distinct

    @property
    def rows(self) -> tuple[Row, ...]:
        """Its rows, one at least."""
        return self._rows

    @property
    def widths(self) -> tuple[float, ...]:
        """Widths of the columns."""
        return tuple(self._widths)

    @property
    def filtered(self) -> bool:
        """Whether the header gets filter buttons: a table that one takes in at a glance needs none."""
        return len(self._rows) >= FEWEST_FILTERED

    def write(self, top: int, name: str, *, filters: bool = True) -> None:
        """Write header and rows from row *top* on as the Excel table *name*, the last thing on its sheet."""
        canvas, filters = self._canvas, filters and self.filtered
        last = self._write_header(top, name, filters=filters)
        canvas.body = lambda: (row_xml(*line) for line in self._lines())
        canvas.reach(last, len(self._columns))
        canvas.sheet.freeze_panes = f"B{top + 1}"
        canvas.sheet.print_title_rows = f"{top}:{top}"

    def write_on_page(self, top: int, name: str) -> int:
        """Write the table among other things of a page; give the next free row."""
        canvas = self._canvas
        last = self._write_header(top, name, filters=False)
        flows = not self._wrapped[-1] and self._overflows(len(self._columns) - 1)
        end = len(self._fixed) if flows else len(self._columns)
        canvas.fill(top, range(1, end + 1), _HEADER)
        for number, cells, height in self._lines():
            canvas.cells[number] = [PlacedCell(i, Ready(text), 0) for i, text in enumerate(cells, 1)]
            canvas.heights[number] = height
            canvas.fill(number, range(1, end + 1), Look(line="hairline"))
        canvas.reach(last, end)
        return last + 1

    def page_height(self) -> float:
        """Estimate the height in points of the table on a page."""
        return self._header_height() + sum(height for _, _, height in self._lines())

    def _write_header(self, top: int, name: str, *, filters: bool) -> int:
        """Write the header and declare the table; give its last row."""
        canvas, last_column = self._canvas, len(self._columns)
        self._top = top
        last = top + len(self._rows)
        for index, header in enumerate(self.headers):
            align, indent = self._align(index)
            room = self._widths[index] - HEADING_GAP * indent
            size = best_size(header, room, self._scale) if self._fixed else BODY_SIZE
            canvas.put(top, index + 1, header, replace(_HEADER, align=align, indent=indent, size=size))
        canvas.heights[top] = self._header_height() + FILTER_HEIGHT * filters
        # the columns are given: openpyxl would read the names from cells, which it does not have;
        # escaped like the cells, since Excel repairs a table whose headings are others than its cells
        table = ExcelTable(
            displayName=name,
            name=name,
            ref=area((top, 1), (last, last_column)),
            tableColumns=[TableColumn(id=i, name=escape(header)) for i, header in enumerate(self.headers, 1)],
            autoFilter=AutoFilter(ref=area((top, 1), (last, last_column))) if filters else None,
        )
        canvas.sheet.add_table(table)
        return last

    def column_area(self, index: int) -> str:
        """Name the cells of a column below its header."""
        return area((self._top + 1, index + 1), (self._top + len(self._rows), index + 1))

    def scan(self, index: int) -> tuple[Column, float, float, int]:
        """Give a column with its smallest and largest value (0 included) and its count of numbers."""
        scan = self._scans[index]
        return self._columns[index], scan.low, scan.high, scan.numbers

    def __len__(self) -> int:
        return len(self._columns)

    def _cells(self, row: Row) -> tuple[Cell, ...]:
        if len(row.cells) == len(self._columns):
            return row.cells
        return (*row.cells, row.sub or Missing(tr("none")))

    def _measure(self) -> list[Scan]:
        canvas, rows = self._canvas, [self._cells(row) for row in self._rows]
        scanner = Scanner(
            exact=len(rows) <= MEASURED_ROWS,
            scale=self._scale,
            tell=lambda note: canvas.notes.add(canvas.title, note),
        )
        return [
            scanner.scan([cells[index] for cells in rows], self._rows, column, plain)
            for index, (column, plain) in enumerate(zip(self._columns, self._plain, strict=True))
        ]

    def _heading(self, column: Column, scan: Scan) -> str:
        unit = one_line(column.format.unit_name) if column.format else ""
        if scan.dates and not scan.numbers:
            unit = "UTC"
        heading = one_line(column.heading)[:MAX_HEADING]
        if scan.fractions and not unit and "(" not in heading:
            # a heading that says nothing leaves a reader to guess whether a unit was forgotten
            is_setting = column.format is not None and column.format.style == "general"
            none = tr("unit beside each") if scan.own_units else tr("no unit")
            unit = tr("setting") if is_setting else none
        return f"{heading} ({unit})" if unit else heading

    def _align(self, index: int) -> tuple[Literal["left", "right"], int]:
        """Numbers stand at the right; a text behind a column of numbers keeps a distance from it."""
        scan = self._scans[index]
        return ("right", 0) if scan.numbers and not scan.texts else ("left", min(index, 1))

    def _set_width(self, index: int) -> bool:
        """Set a column's width; tell whether its texts need wrapping."""
        if self._fixed:
            self._widths.append(self._fixed[index])
            return self._overflows(index) and (
                index < len(self._columns) - 1 or index == len(self._fixed) - 1
            )
        widest = FIRST_WIDEST if index == 0 else WIDEST
        needed = self._scans[index].width + 2 + self._align(index)[1]
        width = max(min(needed, widest), self._heading_width(self.headers[index]), NARROWEST)
        indent = self._align(index)[1]
        width = wide_enough(self.headers[index], width, indent, self._scale, HEADING_WIDEST)
        self._canvas.widen(index + 1, width)
        self._widths.append(width)
        return needed > width

    def _heading_width(self, header: str) -> float:
        """Give the least width at which a heading takes two lines, apart from its neighbours."""
        width = (
            max(text_width(word, bold=True) for word in header.split(" ")) * self._scale + 2.5 + HEADING_GAP
        )
        while width < HEADING_WIDEST and len(self._heading_lines(header, width)) > 2:
            width += 0.5
        return min(width, HEADING_WIDEST)

    def _heading_lines(self, header: str, width: float) -> list[str]:
        return split_lines(header, (width - 1.2 - HEADING_GAP) / self._scale, bold=True)

    def _overflows(self, index: int) -> bool:
        return self._scans[index].width + 2 + self._align(index)[1] > self._widths[index]

    def _header_height(self) -> float:
        lines = max(
            len(self._heading_lines(header, self._widths[index])) for index, header in enumerate(self.headers)
        )
        return row_height(lines) + 3

    def _lines(self) -> Iterator[tuple[int, list[str], float]]:
        """Make the rows: number, cells and height of each."""
        wraps = [
            (self._widths[index] - 1.2) / self._scale if wraps else 0.0
            for index, wraps in enumerate(self._wrapped)
        ]
        aligns = [self._align(index) for index in range(len(self._columns))]
        fragments = Fragments(self._columns, self._plain, aligns, wraps, self._canvas.styles.number)
        for number, row in enumerate(self._rows, self._top + 1):
            cells, lines = fragments.row(number, self._cells(row), row.tone)
            yield number, cells, row_height(lines) if lines > 1 else ROW_HEIGHT
