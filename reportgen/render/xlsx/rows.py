"""Cells and rows as the sheet's own XML, written as text: nine times as fast as through openpyxl's cells."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape as escape_xml
from typing import Final, NamedTuple

from openpyxl.utils import get_column_letter

from reportgen.render.xlsx.clean import escape

MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384


class Formula(NamedTuple):
    """A formula without its sign, and the result that is shown until somebody has it worked out again."""

    text: str
    result: str | float


class Ready(NamedTuple):
    """A cell that is XML already, its address included."""

    text: str


class PlacedCell(NamedTuple):
    """A clean value at its column; None draws an empty cell with its format."""

    column: int
    value: str | float | bool | Formula | Ready | None
    style: int


@lru_cache(maxsize=MAX_COLUMNS)
def column_letter(column: int) -> str:
    """Name a column: 1 is A."""
    return get_column_letter(column)


def area(first: tuple[int, int], last: tuple[int, int]) -> str:
    """Name a range by (row, column) of its corners: ``A1:C6``."""
    return f"{column_letter(first[1])}{first[0]}:{column_letter(last[1])}{last[0]}"


def row_xml(row: int, cells: Iterable[str], height: float | None = None) -> str:
    """Write one row; the cells come from left to right, each as XML."""
    size = f' ht="{height:g}" customHeight="1"' if height else ""
    return f'<row r="{row}"{size}>{"".join(cells)}</row>'


def cell_xml(row: int, cell: PlacedCell) -> str:
    """Write one cell."""
    column, value, style = cell
    if isinstance(value, Ready):
        return value.text
    return f'<c r="{column_letter(column)}{row}"{value_xml(value, style)}'


def value_xml(value: str | float | bool | Formula | None, style: int) -> str:  # noqa: FBT001 - a cell may hold one
    """Write a cell from behind its address on. Text is never a formula here: formulas are another element."""
    head = f' s="{style}"'
    match value:
        case None:
            return f"{head}/>"
        case str():
            text = escape_xml(escape(value), quote=False)
            return f'{head} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        case Formula():
            formula = escape_xml(value.text, quote=False)
            if isinstance(value.result, str):
                return f'{head} t="str"><f>{formula}</f><v>{escape_xml(value.result, quote=False)}</v></c>'
            return f"{head}><f>{formula}</f><v>{value.result!r}</v></c>"
        case bool():
            return f'{head} t="b"><v>{value:d}</v></c>'
        case _:
            return f"{head}><v>{value!r}</v></c>"
