"""A cell as the page shows it, and the bar in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from reportgen.document import (
    MOST_HELD,
    Badge,
    Cell,
    Column,
    Label,
    Missing,
    Number,
    Row,
    Tone,
    held_equations,
    held_settings,
)
from reportgen.language import time_text, tr
from reportgen.render.html.letters import EM_MM, text_em
from reportgen.render.html.words import plain_number

SETUPS = "setup"
"""Key of the columns that name set-ups."""
SCREEN_HELD = 0
"""Letters that no-break spaces hold together on the screen: elements do it there, which give way on a phone (see
`names`) and leave plain spaces to what is copied. On paper it is `MOST_HELD`."""
_EM = 0.9 * 100 * EM_MM / 27
"""Percent of the cell that an em takes, on paper, where columns of bars are narrowest."""
_DIGIT = 4.8
"""The same of a bar's number, in bold, for each of its letters."""
_EDGE = 4.0
"""The same of the gap between the zero line and a text."""
_ROOM, _MOST_ROOM = 27.0, 60.0
"""Percent of the cell kept free at an end where a bar's number stands; more for a very long one."""


@dataclass(frozen=True, slots=True)
class BarScale:
    """Where zero is in the cells of a column, in percent of the width, and percent a unit."""

    zero: float
    unit: float


@dataclass(frozen=True, slots=True)
class BarView:
    """A bar from the zero line of its column to its number."""

    before: bool
    """Whether it runs to the left of zero."""
    margin: float
    """Percent of the cell on the other side of zero."""
    width: float
    """Percent of this side."""
    tone: Tone


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell."""

    kind: Literal["text", "badge", "missing", "bar"]
    text: str
    css: str = "words"
    sign: str = ""
    tone: Tone = "neutral"
    bar: BarView | None = None
    whole: str = ""
    """The whole reason of a missing value, where *text* may be a shorter one."""
    left: float | None = None
    """In a column of bars: where the text of a cell without a bar begins, in percent."""
    right: float | None = None
    """The same, for a text that ends at the zero line, in percent from the right."""
    shade: float | None = None
    """In a table of shades: how dark the cell is, 0 to 1."""
    number: float | None = None
    """What the cell is sorted by on the screen, where it holds a number."""


def bar_scale(column: Column, cells: Iterable[Cell]) -> BarScale:
    """Choose one scale for all bars of a column: zero at the left, or inside where values are negative."""
    numbers = [(cell_number(cell), cell) for cell in cells]
    values = [value for value, _ in numbers if value is not None]
    below = max((-value for value in values if value < 0), default=0.0)
    above = max((value for value in values if value > 0), default=0.0)
    most = _MOST_ROOM if not (below and above) else _MOST_ROOM / 2
    low, high = (
        min(max([_ROOM, *(_DIGIT * len(_words_or_digits(cell, column)) for cell in side)]), most)
        for side in (
            [cell for value, cell in numbers if value is not None and value < 0],
            [cell for value, cell in numbers if value is not None and value >= 0],
        )
    )
    before = low if below else 1.0
    span = 100.0 - before - (high if above or not below else 1.0)
    if below + above <= 0:
        return BarScale(before, 0.0)
    signed = column.format is not None and column.format.signed
    share = below / (below + above)
    return BarScale(before + span * share if signed or below else before, span / (below + above))


def cell_number(cell: Cell) -> float | None:
    """Give the finite number that a cell holds, if it holds one."""
    value = cell.value if isinstance(cell, Number) else cell
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < float("inf") else None


def sort_number(cell: Cell) -> float | None:
    """Give what a cell is sorted by: its number, or its time in seconds; a text is sorted by its words."""
    return round(cell.timestamp(), 3) if isinstance(cell, datetime) else cell_number(cell)


def cell_view(
    cell: Cell, column: Column, row: Row, scale: BarScale | None, most: int = MOST_HELD
) -> CellView:
    """Prepare one cell.

    Args:
        cell: What it holds.
        column: Its column.
        row: Its row.
        scale: Given in a column of bars.
        most: Letters of a set-up's setting that no line ends in.
    """
    value = cell_number(cell)
    if scale and value is not None:
        tone = _bar_tone(value, column, row)
        return CellView("bar", _words_or_digits(cell, column), "words", "", tone, _bar(value, scale, tone))
    css = "figure" if column.format and not column.bar else "words"
    match cell:
        case Missing():
            text = held_equations(cell.short or cell.reason, most)
            view = CellView("missing", text, css, whole=held_equations(cell.reason, most))
        case Badge():
            view = CellView("badge", cell.text, css, cell.sign, cell.tone)
        case datetime():
            view = CellView("text", time_text(cell), f"{css} when")
        case _:
            held = held_settings if column.key == SETUPS else held_equations
            view = CellView("text", held(_words_or_digits(cell, column), most), css)
    return _beside_zero(view, scale.zero) if scale else view


def _beside_zero(view: CellView, zero: float) -> CellView:
    """Put a text at the zero line of its column of bars, on the side that has room for it."""
    need = _EDGE + _EM * text_em(view.text)
    if zero + need <= 100.0:
        return replace(view, left=zero)
    return replace(view, right=100.0 - zero) if need <= zero else view


def _words_or_digits(cell: Cell, column: Column) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return tr("yes") if cell else tr("no")
        case Number():
            # a format of its own needs its unit: the heading says another
            return plain_number(cell.value, cell.format) if cell.format == column.format else cell.text
        case int() | float():
            return plain_number(cell, column.format)
        case Label():
            return cell.text
        case _:
            return ""


def _bar(value: float, scale: BarScale, tone: Tone) -> BarView:
    before = value < 0
    side = scale.zero if before else 100.0 - scale.zero
    return BarView(before, 100.0 - side, abs(value) * scale.unit / side * 100.0, tone)


def _bar_tone(value: float, column: Column, row: Row) -> Tone:
    """Colour a bar good or bad by the column's goal, unless the row's verdict says neither."""
    if column.goal is None or not (column.format and column.format.signed) or value == 0:
        return "neutral"
    tone: Tone = "good" if (value > 0) == (column.goal == "maximize") else "bad"
    verdicts = [cell.tone for cell in row.cells if isinstance(cell, Badge)]
    return tone if not verdicts or tone in verdicts else "neutral"
