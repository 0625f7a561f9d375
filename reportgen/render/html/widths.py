"""How wide columns must be on paper, and which fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reportgen.document import Badge, Cell, Column, Label, Missing, Row
from reportgen.render.html.cells import cell_view

EM_MM = 9 * 25.4 / 72
DENSE = 7.5 / 9
MOST_COLUMNS = 8
"""With more, columns of detail are left out on paper."""
_PADDING_MM = 3.4
_WIDEST_WORD_MM, _WIDEST_TEXT_MM = 43.0, 58.0
_ROW_NAME_MM = 22.0
_BAR_MM = (30.0, 42.0)
_NARROW = set("iljtfrI.,:;'|!()[]  ")


@dataclass(frozen=True, slots=True)
class Room:
    """Width of a column in millimetres: below *least* words break, *ease* holds all on one line."""

    least: float
    ease: float


def column_rooms(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[Room, ...]:
    """Say how much width each column needs."""
    return tuple(_room(column, number, rows) for number, column in enumerate(columns))


def choose_columns(
    columns: Sequence[Column], rooms: Sequence[Room], width: float
) -> tuple[tuple[int, ...], bool]:
    """Choose the columns to print, by number, and whether in smaller type.

    Columns of detail go first, the last of them before the others; then the type gets smaller.
    """
    chosen = list(range(len(columns)))
    details = [number for number in chosen if columns[number].detail and number > 0]
    if len(columns) > MOST_COLUMNS:
        chosen = [number for number in chosen if number not in details]
        details = []
    while details and sum(rooms[number].least for number in chosen) > width:
        chosen.remove(details.pop())
    return tuple(chosen), sum(rooms[number].least for number in chosen) > width


def split_columns(
    chosen: tuple[int, ...], rooms: Sequence[Room], width: float, *, dense: bool
) -> tuple[tuple[int, ...], ...]:
    """Split columns into groups that fit the width; each begins with the first column, the row's head."""
    if not chosen:
        return ((),)
    scale = DENSE if dense else 1.0
    first, groups = chosen[0], [[chosen[0]]]
    used = rooms[first].least * scale
    for number in chosen[1:]:
        need = rooms[number].least * scale
        if used + need > width and len(groups[-1]) > 1:
            groups.append([first])
            used = rooms[first].least * scale
        groups[-1].append(number)
        used += need
    return tuple(tuple(group) for group in groups)


def share_width(rooms: Sequence[Room], width: float = 178.0) -> list[float]:
    """Give each column its percent of the width: what it needs, then what it would like."""
    least, ease = sum(room.least for room in rooms), sum(room.ease for room in rooms)
    if ease <= width or ease <= least:
        return [100 * room.ease / ease for room in rooms]
    share = max((width - least) / (ease - least), 0.0)
    widths = [room.least + (room.ease - room.least) * share for room in rooms]
    return [100 * part / sum(widths) for part in widths]


def text_em(text: str) -> float:
    """Estimate the width of a text in em of the page's font, rather more than less."""
    return sum(_character_em(character) for character in text)


def _character_em(character: str) -> float:
    if character in _NARROW:
        return 0.31
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.64 if character.isupper() or character in "mwMW%@—" else 0.52


def _room(column: Column, number: int, rows: Sequence[Row]) -> Room:
    unit = column.format.heading_unit if column.format else ""
    least, ease = _text_room(f"{column.heading} ({unit})" if unit else column.heading)
    ease = min(ease, least * 1.6)
    for row in rows:
        cell_least, cell_ease = _cell_room(row.cells[number], column, row)
        if number == 0 and row.sub:
            cell_ease = max(cell_ease, text_em(row.sub) * EM_MM * 0.85)
        if number == 0:
            # the row's name is looked for: short ones stay on one line
            cell_least = max(cell_least, min(cell_ease, _ROW_NAME_MM))
        elif column.format is None and cell_ease <= _ROW_NAME_MM:
            cell_least = cell_ease
        least, ease = max(least, cell_least), max(ease, cell_ease)
    if column.bar:
        return Room(*_BAR_MM)
    least = min(least, _WIDEST_WORD_MM)
    return Room(least + _PADDING_MM, min(max(ease, least), _WIDEST_TEXT_MM) + _PADDING_MM)


def _cell_room(cell: Cell, column: Column, row: Row) -> tuple[float, float]:
    view = cell_view(cell, column, row, None)
    if isinstance(cell, (str, Label, Missing, datetime)) and not isinstance(cell, bool):
        return _text_room(view.text)
    width = text_em(f"{view.sign} {view.text}" if isinstance(cell, Badge) else view.text) * EM_MM
    return (width + 2.6, width + 2.6) if isinstance(cell, Badge) else (width, width)


def _text_room(text: str) -> tuple[float, float]:
    longest = max((text_em(word) for word in text.split(" ")), default=0.0)
    return longest * EM_MM, text_em(text) * EM_MM
