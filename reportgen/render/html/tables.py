"""A table as the page shows it: which columns and rows, in how many parts, with which cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from markupsafe import Markup

from reportgen.document import MOST_HELD, Column, NumberFormat, Row, Table, Tone, format_number
from reportgen.language import ntr, tr
from reportgen.render.html.cells import (
    SCREEN_HELD,
    BarScale,
    CellView,
    bar_scale,
    cell_number,
    cell_view,
    sort_number,
)
from reportgen.render.html.data import data_script
from reportgen.render.html.names import has_long_word
from reportgen.render.html.widths import (
    DENSE,
    FULL_MM,
    HALF_MM,
    PAPER_GAP,
    Room,
    choose_columns,
    column_rooms,
    heading_text,
    share_width,
    split_columns,
)
from reportgen.render.shades import share_of
from reportgen.render.sheets import details_last, in_order

MOST_ON_SCREEN = 20_000
"""More would make the page too large to open at once."""
WORDY = 90
"""Letters from which a cell wants a wide column on the screen; the page's script has the same number."""
ONE_LINE = 48
"""Letters of a row's name that stay on one line at a desk."""
SAID = ("verdict", "status")
"""Keys of the columns that say in a word what became of a row."""
MOST_PRINTED = 500
"""A PDF takes a millisecond a cell: longer tables belong into the workbook."""

Medium = Literal["screen", "print"]


@dataclass(frozen=True, slots=True)
class HeadView:
    """One head cell."""

    text: str
    css: str
    width: str
    """Percent of the table, or empty where the browser decides."""


@dataclass(frozen=True, slots=True)
class RowView:
    """One row: its first cell is the row's head."""

    tone: Tone
    sub: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class PartView:
    """A table that fits the page's width; a very wide table becomes several."""

    heads: tuple[HeadView, ...]
    rows: tuple[RowView, ...]
    label: str


@dataclass(frozen=True, slots=True)
class TableView:
    """All of a table, and what of it is not shown here."""

    parts: tuple[PartView, ...]
    dense: bool
    narrow: bool
    """Whether half of the page's width holds all of it on single lines."""
    halves: bool
    """Whether half of the page's width holds it with no more than two lines a row."""
    left_out: tuple[str, ...]
    """Sentences."""
    data: Markup | None = None
    """All rows, for the page's script, where the page itself shows only the first."""


def table_view(table: Table, medium: Medium, wider: float = 1.0, room: float = FULL_MM) -> TableView:
    """Lay out a table for a medium; what does not fit is named, with where to find it.

    Args:
        table: The table.
        medium: Where it is shown.
        wider: How much wider than in the bundled font texts are.
        room: Millimetres that it may be wide on paper.
    """
    if medium == "screen":
        table = as_seen(table)
    most = min(table.print_rows, MOST_PRINTED)
    if medium == "screen" and any(column.bar for column in table.columns):
        most = max(most, MOST_PRINTED)  # bars are drawn in the page itself
    rows = table.rows[:most]
    rooms = column_rooms(table.columns, rows, wider)
    everything = tuple(range(len(table.columns)))
    chosen, dense = choose_columns(table.columns, rooms, room) if medium == "print" else (everything, False)
    groups = split_columns(chosen, rooms, room, dense=dense) if medium == "print" else (chosen,)
    scales = {n: bar_scale(c, [row.cells[n] for row in rows]) for n, c in enumerate(table.columns) if c.bar}
    width = room / DENSE if dense else room  # in the rooms' type
    narrow = sum(of.whole for of in rooms) <= HALF_MM
    halves = sum(of.need(2, 1) for of in rooms) <= HALF_MM
    rooms = rooms if medium == "print" else ()
    parts = tuple(
        _part(table, rows, group, _Look(scales, rooms, width, _part_label(n, len(groups))))
        for n, group in enumerate(groups)
    )
    hidden = [table.columns[number].heading for number in everything if number not in chosen]
    if medium == "print":
        return TableView(parts, dense, narrow, halves, _left_out(table, len(rows), hidden))
    parts = tuple(
        replace(
            part, rows=tuple(_on_screen(view, row, table) for view, row in zip(part.rows, rows, strict=True))
        )
        for part in parts
    )
    data = _all_rows(table) if len(rows) < len(table.rows) and len(table.rows) <= MOST_ON_SCREEN else None
    return TableView(parts, dense, narrow, halves, _left_out(table, len(rows), hidden), data)


def as_seen(table: Table) -> Table:
    """Put columns in the order of the screen: those for specialists last, what is said of a row in front.

    That is right behind its bar, or among the first three: a telephone shows no more at once.
    """
    table = details_last(table)
    keys = [column.key for column in table.columns]
    said = next((place for place, key in enumerate(keys) if key in SAID), 0)
    bars = [place for place, column in enumerate(table.columns) if column.bar]
    wanted = bars[0] + 1 if bars else 2
    if said <= wanted:
        return table
    order = [place for place in range(len(keys)) if place != said]
    return in_order(table, [*order[:wanted], said, *order[wanted:]])


def _on_screen(view: RowView, row: Row, table: Table) -> RowView:
    """Give each cell of a row the number that it is sorted by, and say which a browser need not print."""
    cells = [
        replace(cell, number=sort_number(given), css=_screen_css(cell, column))
        for cell, given, column in zip(view.cells, row.cells, table.columns, strict=True)
    ]
    if len(cells[0].text) <= ONE_LINE:
        cells[0] = replace(cells[0], css=f"{cells[0].css} line")
    return replace(view, cells=tuple(cells))


def _screen_css(cell: CellView, column: Column) -> str:
    long = " long" if len(cell.text) > WORDY else ""
    loose = " loose" if has_long_word(cell.text) else ""
    return f"{cell.css}{' detail' if column.detail else ''}{long}{loose}"


def _all_rows(table: Table) -> Markup:
    """Write all rows for the page's script, each cell as the page would show it."""
    rows = []
    for row in table.rows:
        cells: list[Any] = []
        for cell, column in zip(row.cells, table.columns, strict=True):
            view, number = cell_view(cell, column, row, None, SCREEN_HELD), sort_number(cell)
            match view.kind:
                case "badge":
                    cells.append({"kind": "badge", "sign": view.sign, "text": view.text, "tone": view.tone})
                case "missing":
                    cells.append({"kind": "missing", "text": view.text})
                case _:
                    cells.append(view.text if number is None else [view.text, number])
        rows.append({"tone": row.tone, "cells": cells})
    return data_script(rows, "rows")


@dataclass(frozen=True, slots=True)
class _Look:
    scales: dict[int, BarScale]
    rooms: tuple[Room, ...]
    width: float
    label: str


def _part(table: Table, rows: Sequence[Row], group: tuple[int, ...], look: _Look) -> PartView:
    rooms = [look.rooms[number] for number in group] if look.rooms else []
    gap = PAPER_GAP if rooms else " "
    widths = share_width(rooms, look.width) if rooms else [0.0] * len(group)
    heads = tuple(
        HeadView(
            heading_text(table.columns[number], gap),
            _css(table.columns[number]),
            f"{width:.2f}%" if width else "",
        )
        for number, width in zip(group, widths, strict=True)
    )
    return PartView(heads, tuple(_row(table, row, group, look) for row in rows), look.label)


def _row(table: Table, row: Row, group: tuple[int, ...], look: _Look) -> RowView:
    most = MOST_HELD if look.rooms else SCREEN_HELD
    cells = tuple(
        cell_view(row.cells[number], table.columns[number], row, look.scales.get(number), most)
        for number in group
    )
    if table.heat:
        cells = tuple(
            replace(cell, shade=_shade(cell_number(row.cells[number]), table))
            for cell, number in zip(cells, group, strict=True)
        )
    return RowView(row.tone, row.sub, cells)


def _shade(value: float | None, table: Table) -> float | None:
    numbers = [n for row in table.rows for cell in row.cells if (n := cell_number(cell)) is not None]
    return share_of(value, numbers, table.heat) if table.heat else None


def _css(column: Column) -> str:
    kind = "bar" if column.bar else "figure" if column.format else "words"
    return f"{kind} detail" if column.detail else kind


def _part_label(number: int, parts: int) -> str:
    return tr("part {number} of {parts}", number=number + 1, parts=parts) if parts > 1 else ""


def _left_out(table: Table, shown: int, hidden: list[str]) -> tuple[str, ...]:
    sentences = []
    rest = len(table.rows) - shown
    if rest:
        counted = format_number(rest, NumberFormat(grouped=True))
        sentences.append(
            ntr(
                "{n} more row is in the workbook and the JSON file.",
                "{n} more rows are in the workbook and the JSON file.",
                rest,
                n=counted,
            )
        )
    if hidden:
        sentences.append(
            ntr(
                "Column left out here for space: {names}; see the workbook or web page.",
                "Columns left out here for space: {names}; see the workbook or web page.",
                len(hidden),
                names=", ".join(hidden),
            )
        )
    return tuple(sentences)
