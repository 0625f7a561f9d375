"""Tables: one that has a tab for itself, and a small one among the text of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from reportgen.document import Column, Missing, Row, Table
from reportgen.language import mark, tr
from reportgen.render.colors import tone_color
from reportgen.render.gsheet.book import Book
from reportgen.render.gsheet.canvas import Area, Canvas
from reportgen.render.gsheet.cells import Shown, column_code, heading, show_cell
from reportgen.render.gsheet.looks import AUTOMATIC, Look
from reportgen.render.gsheet.values import Value
from reportgen.render.measure import text_width

REMARK: Final = mark("Remark")
EMPTY: Final = mark("Why cells are empty")
STATUS: Final = "status"
HEADER: Final = Look(bold=True, fill="tint", wrap="WRAP", middle=True)
MISSING: Final = Look(italic=True, color="secondary")
MOST_LOOKS: Final = 300
"""Ranges of a table with a look of their own; each is a request."""
MOST_NAMED: Final = 4
"""Columns that the reason for empty cells names; of more it tells the number."""
MEASURED: Final = 500
"""Rows that decide on a column's width."""
_NARROWEST, _WIDEST, _FIRST_WIDEST = 76, 420, 320
_DATE_WIDTH: Final = 140
MOST_WRAPPED: Final = 60
"""Rows of a table whose long texts are wrapped; in a longer one they are cut by the cell, so that rows stay low."""
_PIXELS: Final = 7.3
"""Of one unit of width."""


class SheetTable:
    """One table, its cells turned into values."""

    def __init__(self, table: Table, book: Book, *, words: bool) -> None:
        """*words*: whether a word stands where a number is missing; else the cell is empty and a column says why."""
        zone = book.inventory.zone
        self._book, self._words = book, words
        self.columns: tuple[Column, ...] = table.columns
        self.rows: tuple[Row, ...] = table.rows or (Row((Missing(tr("no rows")),) * len(table.columns)),)
        if any(row.sub for row in self.rows):
            self.columns = (*self.columns, Column("remark", tr(REMARK)))
            self.rows = tuple(replace(row, cells=(*row.cells, row.sub)) for row in self.rows)
        self.shown: list[list[Shown]] = [
            [show_cell(cell, column, zone) for cell, column in zip(row.cells, self.columns, strict=True)]
            for row in self.rows
        ]
        self.numeric = [self._is_numeric(index) for index in range(len(self.columns))]
        self.heat = table.heat
        if not words:
            self._explain_empty()
        self.headings = _unique([self._heading(index) for index in range(len(self.columns))])

    def values(self) -> Iterator[list[Value]]:
        """Give the rows as values."""
        for row in self.shown:
            yield [
                shown.word if shown.word and (self._words or not self.numeric[index]) else shown.value
                for index, shown in enumerate(row)
            ]

    def append(self, column: Column, cells: Sequence[Shown]) -> None:
        """Add a column at the end."""
        self.columns = (*self.columns, column)
        self.numeric.append(False)
        self.headings.append(heading(column))
        for row, cell in zip(self.shown, cells, strict=True):
            row.append(cell)

    def numbers(self, index: int) -> list[float]:
        """Give the numbers of a column, as the sheet holds them."""
        cells = (row[index].value for row in self.shown)
        return [v for v in cells if isinstance(v, (int, float)) and not isinstance(v, bool)]

    def area(self, top: int, index: int) -> Area:
        """Give the cells of a column below a header in row *top*."""
        return Area(top + 1, index, top + 1 + len(self.rows), index + 1)

    def write(self, canvas: Canvas, top: int) -> None:
        """Write header and rows, the header into row *top*."""
        bottom, right = top + 1 + len(self.rows), len(self.columns)
        canvas.put_row(top, self.headings)
        canvas.paint(Area(top, 0, top + 1, right), HEADER)
        for number, values in enumerate(self.values(), top + 1):
            for column, value in enumerate(values):
                if value is not None:
                    canvas.cells[number, column] = value
        canvas.reach(bottom, right)
        for index in range(right):
            self._look_of_column(canvas, top, index)
        for number, row in enumerate(self.rows, top + 1):
            if row.tone == "focus":
                canvas.paint(Area(number, 0, number + 1, right), Look(bold=True))

    def widths(self) -> list[int]:
        """Give the pixels that the columns need."""
        rows = list(self.values())[:MEASURED]
        found = []
        for index, title in enumerate(self.headings):
            texts = [_as_text(row[index], self.shown[number][index]) for number, row in enumerate(rows)]
            longest = max((text_width(text) for text in texts), default=0.0)
            word = max(text_width(part, bold=True) for part in title.split(" "))
            whole = text_width(title, bold=True) / 2 + 2
            needed = max(longest, word + 1, min(whole, 24.0)) * self._book.scale * _PIXELS + 18
            widest = _FIRST_WIDEST if index == 0 else _WIDEST
            least = _DATE_WIDTH if self._dated(index) else _NARROWEST
            found.append(int(min(max(needed, least), widest)))
        return found

    def _look_of_column(self, canvas: Canvas, top: int, index: int) -> None:
        area, code = self.area(top, index), self._code(index)
        canvas.paint(area, Look(code=code, align="RIGHT" if self.numeric[index] else "LEFT"))
        if self.numeric[index]:
            canvas.paint(Area(top, index, top + 1, index + 1), Look(align="RIGHT"))
        elif index and self.numeric[index - 1]:
            canvas.paint(Area(top, index, area.bottom, index + 1), Look(apart=True))
        if not self.numeric[index] and not self._words and self._too_long(index):
            canvas.paint(area, Look(wrap="WRAP" if len(self.rows) <= MOST_WRAPPED else "CLIP"))
        own: list[tuple[int, Look]] = []
        for number, row in enumerate(self.shown, top + 1):
            shown = row[index]
            if shown.word and (self._words or not self.numeric[index]):
                own.append((number, MISSING))
            elif shown.tone:
                if (color := tone_color(shown.tone)) != "ink":
                    own.append((number, Look(color=color)))
            elif shown.code != code and shown.value is not None and not isinstance(shown.value, str):
                own.append((number, Look(code=shown.code)))
        if _stretches(own) > MOST_LOOKS:
            # too many to give each its own: the sheet's automatic format shows all of them truly
            own = []
            if self.numeric[index]:
                canvas.paint(area, Look(code=AUTOMATIC))
        for number, look in own:
            canvas.paint(Area(number, index, number + 1, index + 1), look)

    def _too_long(self, index: int) -> bool:
        """Tell whether a column holds texts that do not fit it."""
        room = (_FIRST_WIDEST if index == 0 else _WIDEST) / _PIXELS / self._book.scale - 2
        texts = (row[index].value or row[index].word for row in self.shown[:MEASURED])
        return any(isinstance(text, str) and text_width(text[:400]) > room for text in texts)

    def _code(self, index: int) -> str:
        codes = Counter(row[index].code for row in self.shown if row[index].code != AUTOMATIC)
        plain = column_code(self.columns[index])
        if self.columns[index].format is None and codes:
            return codes.most_common(1)[0][0]
        return plain

    def _is_numeric(self, index: int) -> bool:
        cells = [row[index] for row in self.shown]
        texts = any(isinstance(shown.value, str) for shown in cells)
        numbers = any(isinstance(s.value, (int, float)) and not isinstance(s.value, bool) for s in cells)
        dates = any(isinstance(row.cells[index], datetime) for row in self.rows)
        expected = self.columns[index].format is not None or any(shown.broken for shown in cells)
        return not texts and not dates and (numbers or expected)

    def _dated(self, index: int) -> bool:
        return any(
            isinstance(row.cells[index], datetime) for row in self.rows[:MEASURED] if index < len(row.cells)
        )

    def _explain_empty(self) -> None:
        """Add a column of words where numbers are missing; what is broken is said in the status as well."""
        status = next((n for n, column in enumerate(self.columns) if column.key == STATUS), None)
        names = [heading(column) for column in self.columns]
        texts = []
        for row in self.shown:
            said: dict[str, list[str]] = {}
            for index, shown in enumerate(row):
                if shown.word and self.numeric[index]:
                    said.setdefault(shown.word, []).append(names[index])
            parts = [
                tr("{reason}: {columns}", reason=word, columns=", ".join(of))
                if len(of) <= MOST_NAMED
                else tr("{reason}: {n} columns", reason=word, n=str(len(of)))
                for word, of in said.items()
            ]
            texts.append("; ".join(parts))
            broken = next((shown.word for shown in row if shown.broken), "")
            if status is not None and broken:
                row[status] = replace(row[status], value=f"{row[status].value or ''}, {broken}".lstrip(", "))
        if any(texts):
            self.columns = (*self.columns, Column("empty_cells", tr(EMPTY)))
            self.numeric.append(False)
            for row, text in zip(self.shown, texts, strict=True):
                row.append(Shown(text or None))

    def _heading(self, index: int) -> str:
        column = self.columns[index]
        dated = any(row[index].code.endswith("hh:mm") for row in self.shown)
        fractions = column.format is not None and any(number % 1 for number in self.numbers(index))
        return heading(column, zone=self._book.inventory.zone_name if dated else "", fractions=fractions)


def _stretches(own: Sequence[tuple[int, Look]]) -> int:
    """Count the ranges that looks of single cells come to, those below one another taken together."""
    return sum(
        1 for place, (number, look) in enumerate(own) if place == 0 or own[place - 1] != (number - 1, look)
    )


def _as_text(value: Value, shown: Shown) -> str:
    if isinstance(value, str):
        return max(value[:400].split("\n"), key=len)
    if isinstance(value, float):
        decimals = len(shown.code.split(";")[0].partition(".")[2].rstrip('%" '))
        return f"{value:,.{min(decimals, 8)}f}%" if shown.code != AUTOMATIC else f"{value:.7g}"
    return "" if value is None else f"{value}"


def _unique(headings: Sequence[str]) -> list[str]:
    seen: Counter[str] = Counter()
    found = []
    for name in headings:
        seen[name.casefold()] += 1
        count = seen[name.casefold()]
        found.append(name if count == 1 else f"{name} {count}")
    return found
