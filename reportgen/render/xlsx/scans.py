"""What each column of a table holds, found before anything is written: column by column, kind by kind."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reportgen.document import Cell, Column, Number, Row, excel_factor
from reportgen.render.measure import number_width, text_width
from reportgen.render.xlsx.cells import PlainRange, is_missing, show_cell
from reportgen.render.xlsx.clean import Note, clean, days_of

MEASURED_ROWS: Final = 2_000
"""Of longer tables, texts are counted instead of measured."""
SEEN: Final = 2_000
"""Characters of a text that decide on its cell's size; a row cannot be high enough for more."""
_DATE_WIDTH: Final = 16.0
_FLAG_WIDTH: Final = 6.0
_GENERAL_WIDTH: Final = 8.0
"""Of a number of six digits with decimals."""


@dataclass(slots=True)
class Scan:
    """What one column holds."""

    numbers: int = 0
    low: float = 0.0
    high: float = 0.0
    distinct: bool = False
    fractions: bool = False
    dates: bool = False
    texts: bool = False
    own_units: bool = False
    """Whether numbers are followed by units of their own."""
    width: float = 0.0
    _first: float | None = None

    def add(self, values: Sequence[float]) -> None:
        """Take in finite numbers, as the sheet holds them."""
        if not values:
            return
        low, high = min(values), max(values)
        self._first = values[0] if self._first is None else self._first
        self.numbers += len(values)
        self.distinct = self.distinct or low != high or low != self._first
        self.low, self.high = min(self.low, low), max(self.high, high)
        self.fractions = self.fractions or any(value % 1 != 0 for value in values)


class Scanner:
    """Measures the columns of one table.

    Args:
        exact: Whether texts are measured; else their characters are counted.
        scale: How much wider the sheet's font is than the one that is measured.
        tell: Takes what had to be changed in a cell.
    """

    def __init__(self, *, exact: bool, scale: float, tell: Callable[[Note], None]) -> None:
        self._exact, self._scale, self._tell = exact, scale, tell

    def scan(self, cells: Sequence[Cell], rows: Sequence[Row], column: Column, plain: PlainRange) -> Scan:
        """Measure one column, given its cells and the rows that they stand in."""
        scan = Scan()
        scan.add(plain.numbers_of(cells))
        if scan.numbers < len(cells):
            self._scan_others(scan, cells, rows, column, plain)
        if scan.numbers:
            self._widen(scan, column)
        return scan

    def _scan_others(
        self, scan: Scan, cells: Sequence[Cell], rows: Sequence[Row], column: Column, plain: PlainRange
    ) -> None:
        """Take in what is no plain number: simple texts and dates of a long table together, the rest one by one."""
        dated = [cell for cell in cells if type(cell) is datetime]
        simple = [] if self._exact else [cell for cell in cells if type(cell) is str and is_simple(cell)]
        if simple:
            scan.texts = True
            scan.width = max(map(len, simple)) * 1.05 * self._scale
        if dated and all(days_of(cell) is not None for cell in dated):
            scan.dates, scan.width = True, max(scan.width, _DATE_WIDTH)
        else:
            dated = []
        counts = Counter(map(type, cells))
        done: set[type] = set()
        if counts[float] + counts[int] == scan.numbers:
            done |= {float, int}
        if dated:
            done.add(datetime)
        if len(simple) == counts[str]:
            done.add(str)
        if done.issuperset(counts):
            return
        for cell, row in zip(cells, rows, strict=True):
            if type(cell) in done or plain.holds(cell) or (simple and type(cell) is str and is_simple(cell)):
                continue
            self._by_hand(cell, scan, column, bold=row.tone == "focus")

    def _widen(self, scan: Scan, column: Column) -> None:
        if column.format:
            factor = excel_factor(column.format)
            ends = (number_width(end / factor, column.format) for end in (scan.low, scan.high))
            scan.width = max(scan.width, *ends)
        else:
            ends = (float(len(f"{end:.6g}")) for end in (scan.low, scan.high))
            scan.width = max(scan.width, *ends, _GENERAL_WIDTH if scan.fractions else 0.0)

    def _by_hand(self, cell: Cell, scan: Scan, column: Column, *, bold: bool) -> None:
        shown = show_cell(cell, column)
        cleaned = clean(shown.value)
        if cleaned.note:
            self._tell(cleaned.note)
        value = cleaned.value
        if cleaned.is_date:
            scan.dates = True
            width = _DATE_WIDTH
        elif isinstance(value, str):
            scan.texts = scan.texts or not is_missing(shown, cleaned)
            width = text_width(value[:SEEN], bold=bold) if self._exact else len(value) * 1.05
            width *= self._scale
        elif isinstance(value, bool):
            width = _FLAG_WIDTH
        else:
            scan.add((value,))
            width = float(len(f"{value:.6g}"))
            if isinstance(cell, Number) and math.isfinite(cell.value):
                width = number_width(cell.value, cell.format) + len(cell.format.unit) + 1
                scan.own_units |= column.format is None and bool(cell.format.heading_unit)
        scan.width = max(scan.width, width)


def is_simple(text: str) -> bool:
    """Tell whether a text goes into the sheet as it is: nothing to clean, and not empty."""
    return text != "" and text.isascii() and text.isprintable()
