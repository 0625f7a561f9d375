"""A sheet as it stands in the file: values by row and column, nothing understood yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Raw = str | float | int | bool | datetime | timedelta | None
"""A cell's value; None where it is empty. An ``.xlsx`` gives its whole numbers as floats."""
Place = tuple[int, int]
"""Row and column, counted from 0 in the file (not in what is filled)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Cells outside of what is filled are empty."""

    name: str
    top: int
    """Row of the first filled cell, counted from 0."""
    left: int
    rows: tuple[tuple[Raw, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] | None = None
    """Merged cells: first row and column, last row and column; None where the format does not tell."""
    percent: frozenset[Place] = frozenset()
    """Cells that the file shows in percent."""
    odd: Mapping[Place, str] = field(default_factory=dict)
    """Cells without a usable value, and what is there instead."""
    hidden_rows: frozenset[int] = frozenset()

    @property
    def width(self) -> int:
        """Number of columns, from the first of the file."""
        return self.left + max((len(row) for row in self.rows), default=0)

    @property
    def height(self) -> int:
        """Number of rows, from the first of the file."""
        return self.top + len(self.rows)

    def at(self, row: int, column: int) -> Raw:
        """Give a cell's value; text without blanks around it, and None for text of blanks alone."""
        inside = row - self.top, column - self.left
        if not (0 <= inside[0] < len(self.rows) and 0 <= inside[1] < len(self.rows[inside[0]])):
            return None
        value = self.rows[inside[0]][inside[1]]
        return " ".join(value.split()) or None if isinstance(value, str) else value

    def row(self, row: int) -> list[Raw]:
        """Give all values of a row, from the first column of the file."""
        return [self.at(row, column) for column in range(self.width)]


def cell_name(row: int, column: int) -> str:
    """Name a cell as spreadsheets do: ``C12``."""
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """Name a column as spreadsheets do: ``A``, ``AB``."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet_from(told: Mapping[str, Any]) -> Sheet:
    """Make a sheet of what `child` wrote."""
    merged = told.get("merged")
    return Sheet(
        told["name"],
        told["top"],
        told["left"],
        tuple(tuple(_value(cell) for cell in row) for row in told["rows"]),
        None if merged is None else tuple((a, b, c, d) for a, b, c, d in merged),
        frozenset((row, column) for row, column in told.get("percent", ())),
        {(row, column): text for row, column, text in told.get("odd", ())},
        frozenset(told.get("hidden_rows", ())),
    )


def _value(cell: Any) -> Raw:
    if isinstance(cell, dict):
        return datetime.fromisoformat(cell["time"]) if "time" in cell else timedelta(seconds=cell["seconds"])
    return None if cell == "" else cell
