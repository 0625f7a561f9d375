"""A table as the page shows it: which columns and rows, in how many parts, with which cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.document import Column, NumberFormat, Row, Table, Tone, format_number
from reportgen.language import ntr, tr
from reportgen.render.html.cells import BarScale, CellView, bar_scale, cell_view
from reportgen.render.html.widths import DENSE, Room, choose_columns, column_rooms, share_width, split_columns

PRINT_MM = 178.0
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
    left_out: tuple[str, ...]
    """Sentences."""


def table_view(table: Table, medium: Medium) -> TableView:
    """Lay out a table for a medium; what does not fit is named, with where to find it."""
    most = min(table.print_rows, MOST_PRINTED) if medium == "print" else table.print_rows
    rows = table.rows[:most]
    rooms = column_rooms(table.columns, rows)
    everything = tuple(range(len(table.columns)))
    chosen, dense = (
        choose_columns(table.columns, rooms, PRINT_MM) if medium == "print" else (everything, False)
    )
    groups = split_columns(chosen, rooms, PRINT_MM, dense=dense) if medium == "print" else (chosen,)
    scales = {n: bar_scale(c, [row.cells[n] for row in rows]) for n, c in enumerate(table.columns) if c.bar}
    width = PRINT_MM / DENSE if dense else PRINT_MM  # in the rooms' type
    rooms = rooms if medium == "print" else ()
    parts = tuple(
        _part(table, rows, group, _Look(scales, rooms, width, _part_label(n, len(groups))))
        for n, group in enumerate(groups)
    )
    hidden = [table.columns[number].heading for number in everything if number not in chosen]
    return TableView(parts, dense, _left_out(table, len(rows), hidden))


@dataclass(frozen=True, slots=True)
class _Look:
    scales: dict[int, BarScale]
    rooms: tuple[Room, ...]
    width: float
    label: str


def _part(table: Table, rows: Sequence[Row], group: tuple[int, ...], look: _Look) -> PartView:
    rooms = [look.rooms[number] for number in group] if look.rooms else []
    widths = share_width(rooms, look.width) if rooms else [0.0] * len(group)
    heads = tuple(
        HeadView(
            _heading(table.columns[number]), _css(table.columns[number]), f"{width:.2f}%" if width else ""
        )
        for number, width in zip(group, widths, strict=True)
    )
    return PartView(heads, tuple(_row(table, row, group, look) for row in rows), look.label)


def _row(table: Table, row: Row, group: tuple[int, ...], look: _Look) -> RowView:
    cells = tuple(
        cell_view(row.cells[number], table.columns[number], row, look.scales.get(number)) for number in group
    )
    return RowView(row.tone, row.sub, cells)


def _heading(column: Column) -> str:
    unit = column.format.heading_unit if column.format else ""
    return f"{column.heading} ({unit})" if unit else column.heading


def _css(column: Column) -> str:
    if column.bar:
        return "bar"
    return "figure" if column.format else "words"


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
