"""Areas of cells, and which names Excel takes."""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
_CELL = re.compile(r"\$?([A-Za-z]{1,4})\$?([0-9]{1,8})")
_NAME = re.compile(r"[^\W\d][\w.\\?]{0,254}|\\[\w.\\?]{0,254}")
_ROW_COLUMN = re.compile(r"[rR]\d*(?:[cC]\d*)?|[cC]\d*")


class Area(NamedTuple):
    """A block of cells, rows and columns from 1, both ends within."""

    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: Area) -> bool:
        """Tell whether they have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


def read_cell(text: str) -> tuple[int, int] | None:
    """Read ``B3`` as (3, 2); None where it is no cell's address."""
    match = _CELL.fullmatch(text)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def read_area(text: str) -> Area | None:
    """Read ``A1:B3``; None where it is no area."""
    first, _, last = text.partition(":")
    start, end = read_cell(first), read_cell(last or first)
    return None if start is None or end is None else Area(*start, *end)


def is_table_name(name: str) -> bool:
    """Tell whether Excel takes the name for a table."""
    cell = read_cell(name)
    like_a_cell = cell is not None and cell[1] <= MAX_COLUMN and cell[0] <= MAX_ROW
    return bool(_NAME.fullmatch(name)) and not like_a_cell and not _ROW_COLUMN.fullmatch(name)


def is_sheet_name(name: str) -> bool:
    """Tell whether Excel takes the name for a sheet."""
    size = len(name.encode("utf-16-le", "surrogatepass")) // 2
    return (
        0 < size <= 31
        and not re.search(r"[\[\]:*?/\\]", name)
        and not name.startswith("'")
        and not name.endswith("'")
        and name.casefold() != "history"
    )
