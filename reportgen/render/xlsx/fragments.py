"""The cells of a table as XML, each kind by the shortest way: most are plain numbers or known words.

A table of a hundred thousand rows has two million cells; what is worked out for one is kept for all
that are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Literal

from reportgen.document import Badge, Cell, Column, Missing
from reportgen.render.cellformats import DATE_FORMAT
from reportgen.render.colors import tone_color, tone_fill
from reportgen.render.measure import split_lines
from reportgen.render.xlsx.cells import PlainRange, is_missing, show_cell
from reportgen.render.xlsx.clean import clean, days_of, starts_like_formula
from reportgen.render.xlsx.rows import column_letter, value_xml
from reportgen.render.xlsx.scans import SEEN, is_simple
from reportgen.render.xlsx.styles import Look, turns

MOST_KNOWN: Final = 4_096
"""Texts of a column that are kept: a column of names that are all different gains nothing."""
Align = tuple[Literal["left", "right"], int]
_Key = tuple[int, str, str, str, bool, bool]
"""Column, tone of the row, number format, style, whether it is quoted and whether it is turned."""
_Made = tuple[str, int]
"""XML behind the cell's address, and the number of lines that it takes."""


class Fragments:
    """Writes the cells of one table.

    Args:
        columns: Of the table.
        plain: Of each column, the numbers that it shows in its own format.
        aligns: Of each column, the side and the indent.
        wraps: Of each column, the width of text at which it is wrapped; 0 where it is not.
        number: Gives a look its number in the sheet.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        plain: Sequence[PlainRange],
        aligns: Sequence[Align],
        wraps: Sequence[float],
        number: Callable[[Look], int],
    ) -> None:
        self._columns, self._plain, self._aligns, self._wraps = columns, plain, aligns, wraps
        self._number = number
        self._letters = [column_letter(place) for place in range(1, len(columns) + 1)]
        self._styles: dict[_Key, int] = {}
        self._held: dict[str, list[tuple[str, float, float, float, str, dict[Any, _Made]]]] = {}

    def row(self, number: int, cells: Sequence[Cell], tone: str) -> tuple[list[str], int]:
        """Write the cells of one row, whole elements from the left; give the lines that it takes, too."""
        held = self._held.get(tone) or self._open(tone)
        written: list[str] = []
        lines = 1
        for index, (cell, (letter, low, high, factor, head, known)) in enumerate(
            zip(cells, held, strict=True)
        ):
            kind = type(cell)
            if (kind is float or kind is int) and (
                low <= cell <= high or -high <= cell <= -low or cell == 0  # type: ignore[operator]
            ):
                value = cell if kind is int and factor == 1.0 else cell * factor + 0.0  # type: ignore[operator]
                written.append(f'<c r="{letter}{number}"{head}<v>{value!r}</v></c>')
                continue
            if kind is datetime and (days := days_of(cell)) is not None:  # type: ignore[arg-type]
                written.append(f'<c r="{letter}{number}"{self._dated(index, tone)}<v>{days!r}</v></c>')
                continue
            # words for gaps and verdicts are few objects in many rows
            key = (
                cell
                if kind is str or kind is bool
                else id(cell)
                if kind is Missing or kind is Badge
                else None
            )
            made = None if key is None else known.get(key)
            if made is None:
                made = self._make(index, cell, tone)
                if key is not None:
                    if len(known) >= MOST_KNOWN:
                        known.clear()
                    known[key] = made
            written.append(f'<c r="{letter}{number}"{made[0]}')
            lines = max(lines, made[1])
        return written, lines

    def _dated(self, index: int, tone: str) -> str:
        return f' s="{self._style((index, tone, DATE_FORMAT, "", False, False))}">'

    def _open(self, tone: str) -> list[tuple[str, float, float, float, str, dict[Any, _Made]]]:
        found = self._held[tone] = []
        for index, (letter, plain) in enumerate(zip(self._letters, self._plain, strict=True)):
            style = self._style((index, tone, plain.code, "", False, False))
            found.append((letter, plain.low, plain.high, plain.factor, f' s="{style}">', {}))
        return found

    def _make(self, index: int, cell: Cell, tone: str) -> _Made:
        if type(cell) is str and not self._wraps[index] and is_simple(cell) and not starts_like_formula(cell):
            return value_xml(cell, self._style((index, tone, "General", "", False, False))), 1
        shown = show_cell(cell, self._columns[index])
        cleaned = clean(shown.value)
        value = cleaned.value
        style = "missing" if is_missing(shown, cleaned) else shown.style
        quoted = isinstance(value, str) and starts_like_formula(value)
        number = self._style((index, tone, shown.number_format, style, quoted, turns(value)))
        lines = 1
        if self._wraps[index] and isinstance(value, str):
            lines = len(split_lines(value[:SEEN], self._wraps[index]))
        return value_xml(value, number), lines

    def _style(self, key: _Key) -> int:
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._number(self._look(key))
        return style

    def _look(self, key: _Key) -> Look:
        index, tone, code, style, quoted, turned = key
        align, indent = self._aligns[index]
        look = Look(
            number_format=code,
            align=align,
            indent=indent,
            middle=not any(self._wraps),
            wrap=bool(self._wraps[index]),
            line="hairline",
            quoted=quoted,
            turned=turned,
            bold=tone == "focus" and index == 0,
            fill={"focus": "focus_tint", "baseline": "tint"}.get(tone, ""),
        )
        match style:
            case "":
                return look
            case "missing":
                return replace(look, italic=True, bold=False, color="secondary")
            case "neutral" | "baseline" | "focus" | "good" | "bad" | "caution":
                return replace(look, bold=True, color=tone_color(style), fill=tone_fill(style))
            case _:
                raise ValueError(style)
