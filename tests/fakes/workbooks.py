"""What tests read from a workbook's sheets."""

from __future__ import annotations

from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries

UNSET_WIDTH = 8.43
"""Of a column whose width nobody set."""


def printed_width(sheet: Any) -> float:
    """Add up the widths of the columns of a sheet's print area, in Excel's unit."""
    _, _, last, _ = range_boundaries(sheet.print_area.rpartition("!")[2])
    known = sheet.column_dimensions
    letters = map(get_column_letter, range(1, (last or 0) + 1))
    return sum(known[letter].width if letter in known else UNSET_WIDTH for letter in letters)
