"""A table with a tab for itself: frozen header, filter, stripes, names for people's own formulas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from reportgen.document import Badge, Column, Paragraph, Report
from reportgen.language import mark, tr
from reportgen.render.gsheet.book import Book, back_link
from reportgen.render.gsheet.canvas import Area, Canvas, FilterView, Named
from reportgen.render.gsheet.courses import Courses
from reportgen.render.gsheet.limits import RUNS, Capped
from reportgen.render.gsheet.looks import Look
from reportgen.render.gsheet.names import column_names, is_lasting, origin_of
from reportgen.render.gsheet.pages import QUIET, paragraph_look, title_look
from reportgen.render.gsheet.rules import add_rules
from reportgen.render.gsheet.tables import EMPTY, MOST_WRAPPED, SheetTable
from reportgen.render.gsheet.values import column_letter, one_line
from reportgen.render.measure import split_lines
from reportgen.render.sizes import grouped, size_text

FEWEST_FILTERED: Final = 10
"""Rows from which on a table has a filter."""
DAYS: Final = 30
_TEXT: Final = 120.0
"""Width of the text above a table."""
_NAMED: Final = ("runs", "comparison")
"""Tables whose columns have names for people's own formulas."""
_FAILED: Final = mark("failed")


class TableTab:
    """Writes tables to tabs of their own."""

    def __init__(self, book: Book, report: Report) -> None:
        self._book, self._report = book, report
        self._courses = Courses(book, report)

    def write(self, canvas: Canvas, capped: Capped, title: str, text: tuple[Paragraph, ...]) -> None:
        """Write what is to be said above, then the table to the end of the tab."""
        table = SheetTable(capped.table, self._book, words=False)
        courses = self._courses.add(table) if capped.table.id == RUNS else None
        for column, width in enumerate(table.widths()):
            canvas.widths[column] = width
        extra = [self._own_columns(canvas, table)] if capped.table.id == RUNS else []
        top = self._head(canvas, table, capped, (one_line(title) or canvas.title, text, extra))
        table.write(canvas, top)
        marks = add_rules(self._book, canvas, table, top, capped.table.id)
        if marks:
            canvas.put(1, 1, f"{canvas.cells[1, 1]} {' '.join(marks)}")
        if courses is not None:
            self._courses.fill(canvas, table, top)
        right, bottom = len(table.columns), top + 1 + len(table.rows)
        canvas.fitted = bottom if len(table.rows) <= MOST_WRAPPED else top + 1
        canvas.frozen = (top + 1, 1)
        if self._report.meta.accessible:  # people who hear it read get stuck in frozen panes and filters
            canvas.frozen = (0, 0)
        elif len(table.rows) >= FEWEST_FILTERED:
            canvas.filter = Area(top, 0, bottom, right)
        canvas.banded.append(Area(top + 1, 0, bottom, right))
        if capped.table.id == RUNS and not self._report.meta.accessible:
            self._views(canvas, table, top)
        if capped.table.id in _NAMED:
            self._names(canvas, table, top, capped.table.id)

    def _head(
        self,
        canvas: Canvas,
        table: SheetTable,
        capped: Capped,
        said: tuple[str, tuple[Paragraph, ...], list[str]],
    ) -> int:
        title, text, extra = said
        canvas.put(0, 0, title, title_look(title, _TEXT / self._book.scale))
        own = one_line(capped.table.title.text)
        size = size_text(len(capped.table.rows), len(table.columns))
        # all of it stays in sight above the rows, so that it takes as few lines as possible
        canvas.put(1, 0, back_link(self._book), Look(color="focus"))
        canvas.put(1, 1, size if own in {title, ""} else f"{own}. {size}", QUIET)
        row = 2
        lines: list[tuple[str, Look]] = []
        if capped.is_cut:
            lines.append((self._cut_text(capped), Look(bold=True, color="caution")))
        lines += [(entry.sentence.text, paragraph_look(entry)) for entry in text]
        if capped.table.note:
            lines.append((capped.table.note.text, Look(italic=True, color="secondary")))
        if any(column.heading == tr(EMPTY) for column in table.columns):
            extra.append(
                tr('A cell is empty where there is no number; the column "Why cells are empty" says why.')
            )
        lines += [(entry, Look(italic=True, color="secondary")) for entry in extra]
        for entry, look in lines:
            for line in split_lines(one_line(entry), _TEXT / self._book.scale):
                canvas.put(row, 0, line, look)
                row += 1
        return row

    def _cut_text(self, capped: Capped) -> str:
        shown, total = grouped(len(capped.table.rows)), grouped(capped.total)
        if capped.table.id == RUNS:
            return tr(
                "This tab holds the newest {n} of {all} runs; the workbook holds all.", n=shown, all=total
            )
        return tr("This tab holds the first {n} of {all} rows; the workbook holds all.", n=shown, all=total)

    def _views(self, canvas: Canvas, table: SheetTable, top: int) -> None:
        """Add ready filters for one's own use: nobody else sees them at work."""
        area = Area(top, 0, top + 1 + len(table.rows), len(table.columns))
        keys = {column.key: index for index, column in enumerate(table.columns)}
        if "status" in keys:
            texts = (
                c.text for row in table.rows for c in row.cells if isinstance(c, Badge) and c.tone == "bad"
            )
            test = _test("TEXT_CONTAINS", next(texts, tr(_FAILED)))
            canvas.views.append(FilterView("failed", tr("Failed only"), area, {keys["status"]: test}))
        if "started" in keys:
            cell = f"{column_letter(keys['started'])}{top + 2}"
            test = _test("CUSTOM_FORMULA", f"={cell}>=TODAY()-{DAYS}")
            title = tr("Last {n} days", n=str(DAYS))
            canvas.views.append(FilterView("recent", title, area, {keys["started"]: test}))

    def _own_columns(self, canvas: Canvas, table: SheetTable) -> str:
        """Say how people bring columns of their own together with the runs."""
        names = self._wanted(canvas, table, RUNS)
        numbers = (name for name, numeric in zip(names, table.numeric, strict=True) if numeric)
        key, value = (self._book.range_name(canvas, n)[1] for n in (names[0], next(numbers, names[-1])))
        formula = f"=XLOOKUP(A2;{key};{value})"
        template = mark(
            "For columns of your own, use a tab of your own: {formula} finds the run that A2 names."
        )
        return tr(template, formula=formula)

    def _names(self, canvas: Canvas, table: SheetTable, top: int, name: str) -> None:
        bottom = top + 1 + len(table.rows)
        canvas.names[f"reportgen_{name}"] = Named(Area(top, 0, bottom, len(table.columns)))
        for index, wanted in enumerate(self._wanted(canvas, table, name)):
            area = Area(top + 1, index, bottom, index + 1)
            column = table.columns[index]
            canvas.names[wanted] = Named(area, origin_of(column), is_lasting(column))

    def _wanted(self, canvas: Canvas, table: SheetTable, name: str) -> list[str]:
        """Give the names of all columns."""
        wanted = [(f"reportgen_{name}_{_ending(column)}", column) for column in table.columns]
        return column_names(self._book, canvas, wanted)


def _ending(column: Column) -> str:
    # a heading without a Latin letter: what it holds names it, for keys of metrics count places
    return _name(column.heading) or f"column_{origin_of(column)}"


def _name(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60]


def _test(kind: str, value: str) -> Mapping[str, Any]:
    return {"type": kind, "values": [{"userEnteredValue": value}]}
