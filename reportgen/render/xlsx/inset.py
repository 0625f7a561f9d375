"""Small tables that stand on a page among text and charts: what fits its columns."""

from __future__ import annotations

from typing import Final

from reportgen.document import Column, Row, Table
from reportgen.render.grid import MOST_ROWS
from reportgen.render.measure import split_lines
from reportgen.render.xlsx.cells import show_cell

_MOST_LINES: Final = 3
_PADDING: Final = 2.0


def fits_page(table: Table, widths: tuple[float, ...]) -> bool:
    """Tell whether a table can stand in a page's columns with no text longer than a few lines.

    The texts of the last column flow on over the page's free columns at its right.
    """
    count = len(table.columns)
    if count > len(widths) or len(table.rows) > MOST_ROWS or any(row.sub for row in table.rows):
        return False
    rooms = [*widths[: count - 1], sum(widths[count - 1 :])]
    lines = [_MOST_LINES] * (count - 1) + [1 if count < len(widths) else _MOST_LINES]
    return all(
        _fits(table.rows, index, column, rooms[index], lines[index])
        for index, column in enumerate(table.columns)
    )


def _fits(rows: tuple[Row, ...], index: int, column: Column, room: float, lines: int) -> bool:
    for row in rows:
        value = show_cell(row.cells[index], column).value
        if isinstance(value, str) and (len(value) > room * lines * 2 or "\n" in value):
            return False
        if isinstance(value, str) and len(split_lines(value, room - _PADDING)) > lines:
            return False
    return True
