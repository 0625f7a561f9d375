"""What a cell of a table becomes in the sheet: a value, its number format, and the word for what is not there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, assert_never

from reportgen.document import Badge, Cell, Column, Label, Missing, Number, NumberFormat, Tone, excel_factor
from reportgen.language import tr
from reportgen.render.cellformats import DATE_FORMAT, number_format
from reportgen.render.gsheet.looks import AUTOMATIC
from reportgen.render.gsheet.values import Value, clean, is_day, one_line

DAY_FORMAT: Final = "yyyy-mm-dd"
MAX_HEADING: Final = 160


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as it goes into the sheet."""

    value: Value
    code: str = AUTOMATIC
    tone: Tone | None = None
    """Of a badge."""
    word: str = ""
    """Why there is no value: in a column of numbers the cell is empty then."""
    broken: bool = False
    """Whether the value was none that a sheet can hold: not a number, or infinite."""


def show_cell(cell: Cell, column: Column, zone: tzinfo) -> Shown:
    """Turn a cell into a value and its format."""
    match cell:
        case bool():
            shown = Shown(cell)
        case float() | int():
            shown = _number(cell, column.format, zone)
        case Number():
            other = cell.format.heading_unit != (column.format.heading_unit if column.format else "")
            shown = _number(cell.value, cell.format, zone, with_unit=other)
        case Badge():
            shown = Shown(clean(f"{cell.sign} {cell.text}".strip(), zone).value, tone=cell.tone)
        case Missing():
            shown = Shown(None, word=one_line(cell.reason) or tr("no reason given"))
        case Label(text=text) | (str() as text):
            shown = Shown(clean(text, zone).value)
        case datetime():
            if is_day(cell):  # a week's first day is that day everywhere
                shown = Shown(clean(cell.replace(tzinfo=None), zone).value, DAY_FORMAT)
            else:
                shown = Shown(clean(cell, zone).value, DATE_FORMAT)
        case _:
            assert_never(cell)
    return shown


def _number(value: float, how: NumberFormat | None, zone: tzinfo, *, with_unit: bool = False) -> Shown:
    cleaned = clean(value, zone)
    if cleaned.word or isinstance(cleaned.value, str):
        return Shown(cleaned.value, word=cleaned.word, broken=bool(cleaned.word))
    if how is None:
        return Shown(cleaned.value)
    factor = excel_factor(how)
    moved = value if factor == 1.0 else value * factor
    if not math.isfinite(moved):
        return Shown(value)
    if how.style == "general" and not with_unit:
        return Shown(moved)
    return Shown(moved, number_format(value, how, with_unit=with_unit))


def column_code(column: Column) -> str:
    """Give the number format of most of a column's cells."""
    how = column.format
    if how is None or how.style == "general":
        return AUTOMATIC
    return number_format(0.5 / how.factor if how.style == "percent" else 1e6, how)


def heading(column: Column, *, zone: str = "", fractions: bool = False) -> str:
    """Say what a column holds and in which unit; *zone* is that of its dates, if it has any."""
    name = one_line(column.heading)[:MAX_HEADING]
    unit = one_line(column.format.unit_name) if column.format else zone
    if fractions and not unit and "(" not in name:
        # a heading that says nothing leaves a reader to guess whether a unit was forgotten
        unit = tr("setting") if column.format and column.format.style == "general" else tr("no unit")
    return f"{name} ({unit})" if unit else name or tr("Untitled")
