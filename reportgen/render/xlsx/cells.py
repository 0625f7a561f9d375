"""What a cell of a table becomes in the sheet: a value, its number format, and how it is set apart."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from reportgen.document import Badge, Cell, Column, Label, Missing, Number, NumberFormat, excel_factor
from reportgen.language import tr
from reportgen.render.cellformats import DATE_FORMAT, number_format
from reportgen.render.xlsx.clean import EXACT, Clean, Note

NOTES_KEY = "reader_notes"
"""Key of the column that readers fill in."""
COURSE_KEY = "course"
"""Key of the column with a small chart of each run's course."""
_LEFT_BLANK = (NOTES_KEY, COURSE_KEY)


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as it goes into the sheet; *value* still has to pass the gate."""

    value: object
    number_format: str = "General"
    style: str = ""
    """``missing``, a tone of a badge, or empty."""


def is_missing(shown: Shown, cleaned: Clean) -> bool:
    """Tell whether a word stands for a value that is not there: one for a broken number is such a word too."""
    return cleaned.note is Note.NOT_FINITE or shown.style == "missing"


@dataclass(frozen=True, slots=True)
class PlainRange:
    """The sizes of numbers that a column shows in its own format: all but the odd one, found quickly.

    They count without their sign, and 0 is always among them.
    """

    low: float
    high: float
    factor: float
    code: str

    @classmethod
    def of(cls, column: Column) -> PlainRange:
        """Give the range of a column; it is empty where each number has its own."""
        how = column.format
        if how is None:
            return cls(0.0, EXACT, 1.0, "General")
        if how.style == "general":
            return cls(math.inf, -math.inf, 1.0, "0")
        low = 10.0**-how.decimals / how.factor
        high = 0.98 if how.style == "percent" else 1e9
        return cls(low, high, excel_factor(how), number_format(high, how))

    def holds(self, cell: object) -> bool:
        """Tell whether a cell is such a number."""
        return type(cell) in (float, int) and (self.low <= abs(cell) <= self.high or cell == 0)  # type: ignore[arg-type]

    def numbers_of(self, cells: Iterable[object]) -> list[float]:
        """Give those of the cells that are such numbers, as the sheet holds them."""
        low, high, factor = self.low, self.high, self.factor
        numbers = [cell for cell in cells if type(cell) is float or type(cell) is int]
        return [n * factor for n in numbers if low <= n <= high or -high <= n <= -low or n == 0]


def show_cell(cell: Cell, column: Column) -> Shown:
    """Turn a cell into a value and its format."""
    shown = Shown(cell, DATE_FORMAT if isinstance(cell, datetime) else "General")
    match cell:
        case bool():
            pass
        case float() | int():
            shown = _number(cell, column.format)
        case Number():
            other = cell.format.heading_unit != (column.format.heading_unit if column.format else "")
            shown = _number(cell.value, cell.format, with_unit=other)
        case Badge():
            shown = Shown(f"{cell.sign} {cell.text}".strip() or tr("none"), style=cell.tone)
        case Missing():
            shown = Shown(cell.reason or tr("no reason given"), style="missing")
        case Label(text=text) | (str() as text):
            # where people are to write nothing stands; anywhere else nothing needs a word
            blank = text or column.key in _LEFT_BLANK
            shown = Shown(text) if blank else Shown(tr("empty"), style="missing")
        case datetime():
            pass
        case _:
            assert_never(cell)
    return shown


def _number(value: float, how: NumberFormat | None, *, with_unit: bool = False) -> Shown:
    if how is None or abs(value) > EXACT or not math.isfinite(value):
        return Shown(value)
    factor = excel_factor(how)
    return Shown(value if factor == 1.0 else value * factor, number_format(value, how, with_unit=with_unit))
