"""A1 notation, and the rectangles it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, bounded, half open, counted from 0."""

    top: int
    bottom: int
    left: int
    right: int

    def cells(self) -> list[tuple[int, int]]:
        """Every cell, row by row."""
        return [
            (row, column) for row in range(self.top, self.bottom) for column in range(self.left, self.right)
        ]

    def meets(self, other: Area) -> bool:
        """Whether the two share a cell."""
        rows = self.top < other.bottom and other.top < self.bottom
        return rows and self.left < other.right and other.left < self.right

    def holds(self, other: Area) -> bool:
        """Whether the other lies in this one."""
        rows = self.top <= other.top and other.bottom <= self.bottom
        return rows and self.left <= other.left and other.right <= self.right


def column_name(index: int) -> str:
    """Give the letters of a column: 0 → A, 26 → AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """Give the number of a column: A → 0."""
    index = 0
    for letter in name.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def quoted(title: str) -> str:
    """Give a tab's title as it stands before the exclamation mark."""
    return title if re.fullmatch(r"[A-Za-z_]\w*", title) else "'" + title.replace("'", "''") + "'"


def split(text: str) -> tuple[str | None, str]:
    """Part ``'Bo''s tab'!A1:B2`` into the title and the cells; None for the part without a title."""
    if found := re.fullmatch(r"'((?:[^']|'')+)'(?:!(.*))?", text):
        return found[1].replace("''", "'"), found[2] or ""
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, text)


def bounds(cells: str) -> dict[str, Any] | None:
    """Read ``A1:B2``, ``A:C``, ``3:4``, ``B2`` or ``B2:D`` as a GridRange without a tab; None if it is none."""
    found = re.fullmatch(r"\$?([A-Za-z]{0,3})\$?(\d*)(?::\$?([A-Za-z]{0,3})\$?(\d*))?", cells)
    if not found or not cells:
        return None
    left, top, right, bottom = found.groups()
    single = ":" not in cells
    if single and not (left and top):
        return None
    if not single and not (right or bottom):
        return None
    made: dict[str, Any] = {}
    if top:
        made["startRowIndex"] = int(top) - 1
    if left:
        made["startColumnIndex"] = column_index(left)
    if end := (top if single else bottom):
        made["endRowIndex"] = int(end)
    if end := (left if single else right):
        made["endColumnIndex"] = column_index(end) + 1
    return made


def name_of(title: str, area: Area) -> str:
    """Give a range as Google's answers write it."""
    first = f"{column_name(area.left)}{area.top + 1}"
    last = f"{column_name(area.right - 1)}{area.bottom}"
    return f"{quoted(title)}!{first}" + ("" if first == last else f":{last}")
