"""Small charts beside the runs that show the course of each, and the hidden tab that they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reportgen.document import Column, Report
from reportgen.language import mark, tr
from reportgen.render.gsheet.book import Book, address
from reportgen.render.gsheet.canvas import Area, Canvas
from reportgen.render.gsheet.cells import Shown
from reportgen.render.gsheet.looks import Look
from reportgen.render.gsheet.tables import SheetTable
from reportgen.render.gsheet.values import column_letter

COURSES: Final = mark("Courses")
KEY: Final = "course"
MOST_RUNS: Final = 500
"""Newest runs that have a small chart: each takes a row of points."""
_TOP: Final = 4
"""First row of points, counted from 0; above it stand the options of the charts."""


class Courses:
    """Reads the courses out of the frozen numbers and puts them where the small charts read."""

    def __init__(self, book: Book, report: Report) -> None:
        self._book = book
        rows: Sequence[Mapping[str, Any]] = report.numbers.get("rows", ())
        self._points = {str(row["id"]): tuple(row["course"]) for row in rows if row.get("course")}
        self._data: Canvas | None = None
        self._first = 0
        """Place of the first run that is drawn."""

    def add(self, table: SheetTable) -> Canvas | None:
        """Add a column to the table of runs, and the tab of points with a row for each run that is drawn."""
        runs = [str(row.cells[0]) for row in table.rows]
        drawn = [run for run in runs if run in self._points][-MOST_RUNS:]
        if not drawn:
            return None
        canvas = self._book.tab("courses", tr(COURSES), "data")
        canvas.put_row(0, (tr("The small charts beside the runs read these rows."),))
        options = (("charttype", "column"), ("color", self._book.theme.colors["other"]))
        for number, pair in enumerate(options, 1):
            canvas.put_row(number, pair)
        for number, run in enumerate(drawn, _TOP):
            # a small chart shows no more digits, and a large sheet has to go through few calls
            canvas.put_row(number, (run, *(float(f"{v:.5g}") for v in self._points[run])))
        self._data, self._first = canvas, runs.index(drawn[0])
        table.append(Column(KEY, tr("Course over the run")), [Shown(None)] * len(runs))
        return canvas

    def fill(self, canvas: Canvas, table: SheetTable, top: int) -> None:
        """Put the small charts into their column: one formula that goes on row by row and looks up the run beside it."""
        if self._data is None:
            return
        index = next(n for n, column in enumerate(table.columns) if column.key == KEY)
        first, last = _TOP + 1, self._data.rows
        points = address(self._data, f"$B${first}:${column_letter(max(self._data.columns - 1, 1))}${last}")
        runs = address(self._data, f"$A${first}:$A${last}")
        begin = top + 1 + self._first
        # by the run's name, not by the row: whoever sorts the runs moves the formulas along with them
        row = f"INDEX({points};MATCH($A{begin + 1};{runs};0);0)"
        options = address(self._data, "$A$2:$B$3")
        formula = f'=IF(COUNT({row})=0;"";SPARKLINE({row};{options}))'
        area = table.area(top, index)
        canvas.fills.append((Area(begin, index, area.bottom, index + 1), formula))
        canvas.paint(area, Look(code="General"))
        canvas.widths[index] = 150
