"""Small tables that stand on a page among text and charts: the page's columns, and what fits them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reportgen.document import Block, Column, KeyFigures, Row, Table
from reportgen.render.measure import split_lines
from reportgen.render.xlsx.canvas import TEXT_WIDTH
from reportgen.render.xlsx.cells import show_cell

FEWEST_TILES: Final = 4
MOST_TILES: Final = 6
MOST_ROWS: Final = 20
"""Of a small table; a longer one is data, with a sheet, a filter and a frozen header of its own."""
_MOST_LINES: Final = 3
_PADDING: Final = 2.0


def tile_count(blocks: Iterable[Block]) -> int:
    """Tell for how many key figures side by side a page has to have room."""
    most = max((len(block.items) for block in blocks if isinstance(block, KeyFigures)), default=0)
    return min(max(most, FEWEST_TILES), MOST_TILES)


def grid_widths(tiles: int) -> tuple[float, ...]:
    """Give the widths of a page's columns: one column under the first tile, two under each other one.

    So the first column is wide enough for names, the others for numbers, and nothing is merged.
    """
    tile = TEXT_WIDTH / tiles
    return (tile, *((tile / 2,) * (2 * (tiles - 1))))


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
