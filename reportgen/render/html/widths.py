"""How wide columns must be on paper, and which fit."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.document import Badge, Cell, Column, Label, Missing, Row
from reportgen.render.html.cells import cell_view

EM_MM = 9 * 25.4 / 72
DENSE = 7.5 / 9
FULL_MM, HALF_MM = 178.0, 86.0
"""Width of an A4 page between its margins, and of one of two columns on it."""
MOST_COLUMNS = 8
"""With more, columns of detail are left out on paper."""
MOST_LINES = 2.2
"""With more in a row, the type gets smaller."""
_PADDING_MM = 3.4
_APART_MM = 1.6
_WIDEST_WORD_MM, _WIDEST_TEXT_MM = 43.0, 58.0
_ROW_NAME_MM = 22.0
_BAR_MM = (30.0, 42.0)
_HAIR = 0.1
_NARROW = set("iljtfrI.,:;'|!()[]  ")


@dataclass(frozen=True, slots=True)
class Room:
    """Width of a column in millimetres: below *least* words break, *ease* holds all on one line."""

    least: float
    ease: float
    cells: float = 0.0
    """Holds all but the heading on one line, which may break: there is one of it and many rows."""
    whole: float = 0.0
    """Holds all on one line, however long it is."""


def column_rooms(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[Room, ...]:
    """Say how much width each column needs."""
    rooms = [_room(column, number, rows) for number, column in enumerate(columns)]
    for number in range(1, len(columns)):
        before, column = columns[number - 1], columns[number]
        if before.format and not before.bar and column.format is None:
            # figures end where these words begin: print.css keeps them apart
            rooms[number] = _wider(rooms[number], _APART_MM)
    return tuple(rooms)


def _wider(room: Room, by: float) -> Room:
    return Room(room.least + by, room.ease + by, room.cells + by, room.whole + by)


def choose_columns(
    columns: Sequence[Column], rooms: Sequence[Room], width: float
) -> tuple[tuple[int, ...], bool]:
    """Choose the columns to print, by number, and whether in smaller type.

    Columns of detail go first, the last of them before the others; then the type gets smaller, also
    where rows would need many lines.
    """
    chosen = list(range(len(columns)))
    details = [number for number in chosen if columns[number].detail and number > 0]
    if len(columns) > MOST_COLUMNS:
        chosen = [number for number in chosen if number not in details]
        details = []
    while details and sum(rooms[number].least for number in chosen) > width:
        chosen.remove(details.pop())
    kept = [rooms[number] for number in chosen]
    return tuple(chosen), sum(room.least for room in kept) > width or _lines(kept, width) > MOST_LINES


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


def share_width(rooms: Sequence[Room], width: float = FULL_MM) -> list[float]:
    """Give each column its percent of the width: what it needs, and the rest to those that need most lines."""
    ease = sum(room.ease for room in rooms)
    widths = [room.ease for room in rooms] if ease <= width else _with_fewest_lines(rooms, width)
    _spend(width - sum(widths), widths, [room.whole for room in rooms])
    return [100 * part / sum(widths) for part in widths]


def _with_fewest_lines(rooms: Sequence[Room], width: float) -> list[float]:
    """Let rows have as few lines as the width allows; where there is room to spare, short columns have one."""
    # widths are reckoned a little too wide: a line more for a hair's breadth would be a waste
    lines = math.ceil(_lines(rooms, width) - _HAIR)
    widths = [max(room.least, room.cells / lines) for room in rooms]
    spare = width - sum(widths)
    for wished in ([room.cells for room in rooms], [room.ease for room in rooms]):
        spare = _spend(spare, widths, wished)
    return widths


def _spend(spare: float, widths: list[float], wished: Sequence[float]) -> float:
    """Widen columns to what is wished, those first that lack least; return what is left over."""
    for number in sorted(range(len(widths)), key=lambda at: wished[at] - widths[at]):
        more = min(max(wished[number] - widths[number], 0.0), max(spare, 0.0))
        widths[number] += more
        spare -= more
    return spare


def _lines(rooms: Sequence[Room], width: float) -> float:
    """Say how many lines the fullest row needs at the best widths, about: a column needs `cells` over its width."""
    low, high = 1.0, max([1.0, *(room.cells / room.least for room in rooms)])
    if sum(max(room.least, room.cells) for room in rooms) <= width:
        return low
    for _ in range(30):  # halving finds the number of lines that fills the width
        lines = (low + high) / 2
        is_too_wide = sum(max(room.least, room.cells / lines) for room in rooms) > width
        low, high = (lines, high) if is_too_wide else (low, lines)
    return high


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
    if unicodedata.bidirectional(character) in {"R", "AL"}:
        return 0.64
    return 0.64 if character.isupper() or character in "mwMW%@—" else 0.52


def _room(column: Column, number: int, rows: Sequence[Row]) -> Room:
    unit = column.format.heading_unit if column.format else ""
    least, heading = _text_room(f"{column.heading} ({unit})" if unit else column.heading)
    ease = min(heading, least * 1.6)
    cells = 0.0
    for row in rows:
        cell_least, cell_ease = _cell_room(row.cells[number], column, row)
        if number == 0 and row.sub:
            cell_ease = max(cell_ease, text_em(row.sub) * EM_MM * 0.85)
        if number == 0:
            # the row's name is looked for: short ones stay on one line
            cell_least = max(cell_least, min(cell_ease, _ROW_NAME_MM))
        elif column.format is None and cell_ease <= _ROW_NAME_MM:
            cell_least = cell_ease
        least, cells = max(least, cell_least), max(cells, cell_ease)
    if column.bar:
        return Room(*_BAR_MM)
    whole = max(heading, ease, least, cells)
    least = min(least, _WIDEST_WORD_MM)
    cells = min(cells, _WIDEST_TEXT_MM)
    ease = min(max(ease, least, cells), _WIDEST_TEXT_MM)
    return Room(least + _PADDING_MM, ease + _PADDING_MM, cells + _PADDING_MM, whole + _PADDING_MM)


def _cell_room(cell: Cell, column: Column, row: Row) -> tuple[float, float]:
    view = cell_view(cell, column, row, None)
    if isinstance(cell, (str, Label, Missing)) and not isinstance(cell, bool):
        return _text_room(view.text)
    width = text_em(f"{view.sign} {view.text}" if isinstance(cell, Badge) else view.text) * EM_MM
    return (width + 2.6, width + 2.6) if isinstance(cell, Badge) else (width, width)


def _text_room(text: str) -> tuple[float, float]:
    longest = max((text_em(word) for word in text.split(" ")), default=0.0)
    return longest * EM_MM, text_em(text) * EM_MM
