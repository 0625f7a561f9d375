"""How wide columns must be on paper, and which fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from reportgen.document import Badge, Cell, Column, Label, Missing, Row
from reportgen.render.html.cells import cell_view
from reportgen.render.html.letters import EM_MM, text_em

DENSE = 7.5 / 9
FULL_MM, HALF_MM = 178.0, 86.0
"""Width of an A4 page between its margins, and of one of two columns on it."""
MOST_COLUMNS = 8
"""With more, columns of detail are left out on paper."""
MOST_LINES = 3
"""With more in a row, the type gets smaller."""
_COUNTED = 8
"""Lines of a row that are told apart; more count as many."""
_PADDING_MM = 3.1
_APART_MM = 1.6
_WIDEST_WORD_MM = 43.0
_PROSE_MM = 75.0
"""What is longer is no name."""
_ROW_NAME_MM = 22.0
_BAR_MM = (30.0, 42.0)
_HEAD, _SUB, _BADGE, _SIGN = 0.95, 0.86, 0.97, 0.8
"""Sizes of a heading, a second line and a badge (which is bold) in that of a cell; of a badge's sign in that of
the badge."""
_BADGE_MM = 2.9
PAPER_GAP = "\N{NO-BREAK SPACE}"
"""On paper, no unit stands alone on the last of many lines of a heading."""
_BLANK_MM = 0.2 * EM_MM
_HAIR = 0.2
_HEAD_COSTS = (0.0, 0.5, 1.9, 3.4)
"""What a head of one line, of two and so on costs a reader."""
_LINE_COST, _DENSE_COST = 2.0, 1.3
"""What a further line in the rows costs, and smaller type."""

Words = tuple[float, ...]
"""A text by the widths in millimetres of what no line may end in."""


@dataclass(frozen=True, slots=True)
class Room:
    """Width of a column in millimetres: below *least*, words and settings break."""

    least: float
    rows: tuple[float, ...]
    """In which no row takes more than one line, than two, and so on."""
    heads: tuple[float, ...]
    """The same for the heading."""
    broken: int = 1
    """How many rows take more than one line in the least width."""

    @property
    def whole(self) -> float:
        """Holds all on one line, however long it is."""
        return self.need(1, 1)

    def need(self, lines: int, head: int) -> float:
        """Give the width in which rows and heading take no more lines than these."""
        of_rows = self.rows[min(lines, len(self.rows)) - 1]
        return max(self.least, of_rows, self.heads[min(head, len(self.heads)) - 1])


def column_rooms(columns: Sequence[Column], rows: Sequence[Row], wider: float = 1.0) -> tuple[Room, ...]:
    """Say how much width each column needs.

    Args:
        columns: Of the table.
        rows: Those that are printed.
        wider: How much wider than in the bundled font texts are.
    """
    rooms = [_room(column, number, rows, wider) for number, column in enumerate(columns)]
    for number in range(1, len(columns)):
        before, column = columns[number - 1], columns[number]
        if before.format and not before.bar and column.format is None:
            # figures end where these words begin: print.css keeps them apart
            rooms[number] = _padded(rooms[number], _APART_MM)
    return tuple(rooms)


def heading_text(column: Column, gap: str = " ") -> str:
    """Give a column's heading with its unit, behind a gap where there are several words."""
    unit = column.format.heading_unit if column.format else ""
    return f"{column.heading}{gap if ' ' in column.heading else ' '}({unit})" if unit else column.heading


def _padded(room: Room, by: float) -> Room:
    return replace(
        room,
        least=room.least + by,
        rows=tuple(width + by for width in room.rows),
        heads=tuple(width + by for width in room.heads),
    )


def choose_columns(
    columns: Sequence[Column], rooms: Sequence[Room], width: float
) -> tuple[tuple[int, ...], bool]:
    """Choose the columns to print, by number, and whether in smaller type.

    Columns of detail go first, the last of them before the others; then the type gets smaller, also
    where rows stay on fewer lines by it.
    """
    chosen = list(range(len(columns)))
    details = [number for number in chosen if columns[number].detail and number > 0]
    if len(columns) > MOST_COLUMNS:
        chosen = [number for number in chosen if number not in details]
        details = []
    while details and sum(rooms[number].least for number in chosen) > width:
        chosen.remove(details.pop())
    kept = [rooms[number] for number in chosen]
    return tuple(chosen), _is_better_dense(kept, width)


def _is_better_dense(rooms: Sequence[Room], width: float) -> bool:
    """Tell whether smaller type is worth it: words break else, or rows and heads take enough lines less."""
    if sum(room.least for room in rooms) > width:
        return True
    usual, dense = _fewest_lines(rooms, width), _fewest_lines(rooms, width / DENSE)
    if usual[0] > MOST_LINES:
        return dense[0] < usual[0]
    if any(room.rows[0] > _PROSE_MM for room in rooms):
        return False  # sentences may take several lines
    return _cost(dense) + _DENSE_COST < _cost(usual)


def _cost(lines: tuple[int, int]) -> float:
    return _LINE_COST * (lines[0] - 1) + _HEAD_COSTS[lines[1] - 1]


def _fewest_lines(rooms: Sequence[Room], width: float) -> tuple[int, int]:
    """Say how many lines rows and headings take at the best widths, or the most that are told apart."""
    ways = [(lines, head) for lines in range(1, _COUNTED + 1) for head in range(1, len(_HEAD_COSTS) + 1)]
    fitting = [way for way in ways if sum(room.need(*way) for room in rooms) <= width]
    return min(fitting, key=_cost, default=ways[-1])


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
    """Give each column its percent of the width: what it needs, and the rest where it spares most lines."""
    lines, head = _fewest_lines(rooms, width)
    widths = [room.need(lines, head) for room in rooms]
    if sum(widths) > width:
        widths = [room.least for room in rooms]
    spare = width - sum(widths)
    fewer = [
        *((less, head) for less in range(lines - 1, 0, -1)),
        *((1, less) for less in range(head - 1, 0, -1)),
    ]
    for way in fewer:
        spare = _spend(spare, widths, rooms, way)
    return [100 * part / sum(widths) for part in widths]


def _spend(spare: float, widths: list[float], rooms: Sequence[Room], way: tuple[int, int]) -> float:
    """Widen columns to what they need, those first that lack least for each row that gains; return what is left."""
    wished = [room.need(*way) for room in rooms]
    for number in sorted(range(len(widths)), key=lambda at: (wished[at] - widths[at]) / rooms[at].broken):
        more = min(max(wished[number] - widths[number], 0.0), max(spare, 0.0))
        widths[number] += more
        spare -= more
    return spare


def _room(column: Column, number: int, rows: Sequence[Row], wider: float) -> Room:
    heading = _words(heading_text(column, PAPER_GAP), wider * _HEAD)
    heads = _wrapped([heading], len(_HEAD_COSTS))
    if column.bar:
        least, ease = _BAR_MM
        return Room(least, (least,), (ease, *(max(least, head + _PADDING_MM) for head in heads[1:])))
    cells = Counter(_cell_words(row.cells[number], column, row, wider) for row in rows)
    texts = set(cells)
    if number == 0:
        texts |= {_words(row.sub, wider * _SUB) for row in rows if row.sub}
    lines = _wrapped(texts, _COUNTED)
    least = max(map(max, [heading, *texts]))
    if number == 0:
        least = max(least, min(lines[0], _ROW_NAME_MM))  # the row's name is looked for
    elif column.format is None and lines[0] <= _ROW_NAME_MM:
        least = max(least, lines[0])
    least = min(least, _WIDEST_WORD_MM)
    broken = sum(count for text, count in cells.items() if _one_line(text) > least)
    return _padded(Room(least, lines, heads, max(broken, 1)), _PADDING_MM)


def _cell_words(cell: Cell, column: Column, row: Row, wider: float) -> Words:
    view = cell_view(cell, column, row, None)
    if isinstance(cell, Badge):
        sign = text_em(f"{view.sign} ") * _SIGN if view.sign else 0.0
        return ((sign + text_em(view.text)) * _BADGE * wider * EM_MM + _BADGE_MM,)
    if isinstance(cell, (str, Label, Missing)):
        return _words(view.text, wider)
    return (text_em(view.text) * wider * EM_MM,)


def _words(text: str, size: float) -> Words:
    return tuple(text_em(word) * size * EM_MM for word in text.split(" ")) or (0.0,)


def _wrapped(texts: Collection[Words], most: int) -> tuple[float, ...]:
    """Give the widths in which each text takes one line at most, two lines, and so on to *most*."""
    longest = sorted(texts, key=_one_line, reverse=True)
    widest_word = max(map(max, longest), default=0.0)
    found: list[float] = []
    for lines in range(1, most + 1):
        width = widest_word
        for text in longest:
            if _lines(text, width) > lines:
                width = _least_width(text, lines, width)
        found.append(width)
    return tuple(found)


def _one_line(text: Words) -> float:
    return sum(text) + _BLANK_MM * (len(text) - 1)


def _lines(text: Words, width: float) -> int:
    """Count the lines that a text takes, each as full as can be."""
    if _one_line(text) <= width:
        return 1
    lines, used = 1, -_BLANK_MM
    for word in text:
        if used + _BLANK_MM + word > width and used > 0:
            lines, used = lines + 1, -_BLANK_MM
        used += _BLANK_MM + word
    return lines


def _least_width(text: Words, lines: int, low: float) -> float:
    """Find the width in which a text takes so many lines, where in *low* it takes more."""
    if lines == 1:
        return _one_line(text)
    high = _one_line(text)
    while high - low > _HAIR:
        middle = (low + high) / 2
        low, high = (middle, high) if _lines(text, middle) > lines else (low, middle)
    return high
