"""How much of a long table goes into the sheet: a spreadsheet holds ten million cells, and a call so many bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from reportgen.document import Table
from reportgen.errors import RenderError
from reportgen.render.gsheet.book import Book

MOST_CELLS: Final = 10_000_000
"""Of a spreadsheet, empty ones among them."""
DETAIL_CELLS: Final = 120_000
"""Of one table: as many as a few calls carry."""
_RESERVE: Final = 400_000
"""Cells kept free for all tabs but the one that is capped."""
_GROWTH: Final = 1.3
RUNS: Final = "runs"


@dataclass(frozen=True, slots=True)
class Capped:
    """A table that fits, and how many rows there are in all."""

    table: Table
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether rows were left out."""
        return self.total > len(self.table.rows)


def cap_rows(book: Book, table: Table) -> Capped:
    """Keep the newest runs, or the first rows of another table, as many as have room.

    Raises:
        RenderError: People's own tabs leave no room at all.
    """
    left = MOST_CELLS - book.inventory.others_cells - _RESERVE
    width = len(table.columns) + 3
    room = min(DETAIL_CELLS // width, int(left / width / _GROWTH))
    if room < 1:
        raise RenderError(
            "the spreadsheet is full",
            where="sheet",
            found=f"its other tabs hold {book.inventory.others_cells:,} of the {MOST_CELLS:,} cells",
            do="Make a new spreadsheet for the report, or take rows and columns away that nobody uses.",
        )
    total = len(table.rows)
    if total <= room:
        return Capped(table, total)
    rows = table.rows[-room:] if table.id == RUNS else table.rows[:room]
    which = "newest" if table.id == RUNS else "first"
    book.notes.append(
        f"The sheet holds the {which} {room:,} of {total:,} rows of {table.title.text!r}; the workbook holds all."
    )
    return Capped(replace(table, rows=rows), total)
