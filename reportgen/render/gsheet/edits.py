"""What people changed in our tabs: fingerprints of rows and columns, kept with the tab, tell the cells.

The values that were written are not kept, which would be a second copy of everything. A row's and a
column's fingerprint that both differ name the cell; where the report is the same as before, the cell's
earlier value is known as well.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reportgen.render.gsheet.values import Value, cell_name, typed
from reportgen.spreadsheet import SheetEdit

MARK: Final = 3
"""Characters of one fingerprint: 18 bits."""
MOST_MARKS: Final = 2_000
"""Fingerprints of rows that are kept of one tab: Google keeps 30,000 characters. Of longer tabs one stands for
several rows."""
MOST_EDITS: Final = 200
_SHOWN: Final = 80
"""Characters of a value that an edit tells."""

Grid = Sequence[Sequence[Mapping[str, Any] | None]]
"""What cells hold, as the interface gives it."""


@dataclass(frozen=True, slots=True)
class Edits:
    """What was found in one tab."""

    cells: tuple[SheetEdit, ...] = ()
    more: int = 0
    """Further ones that are not listed."""
    moved: bool = False
    """Whether all rows, or all columns, are as they were, in another order or with others between them."""
    reach: tuple[int, int] = (0, 0)
    """How many rows and columns what was written reaches over now."""


def fingerprints(grid: Sequence[Sequence[Value]], left_out: Collection[tuple[int, int]]) -> dict[str, Any]:
    """Give what is kept of a tab's values: size, and fingerprints of rows and columns."""
    rows, columns = len(grid), max(map(len, grid), default=0)
    return _marks([[typed(value) for value in row] for row in grid], (rows, columns), left_out)


def find_edits(
    tab: str, kept: Mapping[str, Any], found: Grid, wanted: Sequence[Sequence[Value]], *, same: bool
) -> Edits:
    """Find the cells that differ from what was written.

    Args:
        tab: Title of the tab.
        kept: What `fingerprints` gave when it was written.
        found: What stands there now.
        wanted: What the new report puts there.
        same: Whether that is what had been written, too.
    """
    rows, columns = int(kept.get("rows", 0)), int(kept.get("columns", 0))
    if not rows or not columns:
        return Edits()
    left_out = {(int(row), int(column)) for row, column in kept.get("skip", ())}
    new: Grid = [[typed(value) for value in row] for row in wanted]
    now = _marks(found, (rows, columns), left_out)
    if now["r"] == kept.get("r") and now["c"] == kept.get("c"):
        return _beyond(tab, found, new, (rows, columns))
    shifted = _shifted(tab, kept, found, left_out)
    if shifted is not None:
        return shifted
    removed = _removed(kept, found, left_out)
    if removed:
        cells = [_removal(tab, lines, new, (rows, columns), same=same) for lines in removed]
        return Edits(tuple(cells[:MOST_EDITS]), max(len(cells) - MOST_EDITS, 0))
    per = -(-rows // MOST_MARKS)
    cells = []
    changed = [
        column for column, pair in enumerate(_pairs(kept.get("c", ""), now["c"])) if pair[0] != pair[1]
    ]
    for block, pair in enumerate(_pairs(kept.get("r", ""), now["r"])):
        if pair[0] == pair[1]:
            continue
        for row in range(block * per, min((block + 1) * per, rows)):
            for column in changed or range(columns):
                edit = _edit(tab, (row, column), (found, new), same=same)
                if edit is not None and (row, column) not in left_out:
                    cells.append(edit)
    cells += _beyond(tab, found, new, (rows, columns)).cells
    return Edits(tuple(cells[:MOST_EDITS]), max(len(cells) - MOST_EDITS, 0))


def _shifted(
    tab: str, kept: Mapping[str, Any], found: Grid, left_out: Collection[tuple[int, int]]
) -> Edits | None:
    """Find rows or columns that were sorted, or moved by others that people put between; None where it is neither."""
    rows, columns = int(kept["rows"]), int(kept["columns"])
    if rows > MOST_MARKS:
        return None
    tall, wide = max(len(found), rows), max([columns, *map(len, found)])
    by_row = [_mark(row) for row in _texts(found, (tall, columns), ())]
    by_column = [_mark(column) for column in zip(*_texts(found, (rows, wide), ()), strict=True)]
    for marks, key, is_row in ((by_row, "r", True), (by_column, "c", False)):
        across = columns if is_row else rows
        written = _cut(str(kept.get(key, "")))
        # what people choose or every publication writes is not known by its mark, and empty lines are all alike
        unknown = {place[0 if is_row else 1] for place in left_out}
        empty = _mark([""] * (columns if is_row else rows))
        known = {n: one for n, one in enumerate(written) if n not in unknown and one != empty}
        if Counter(known.values()) - Counter(marks) or all(marks[n] == one for n, one in known.items()):
            continue
        ours = _ours(marks, known, unknown)
        last = max(ours) + len(written) - max((*known, *unknown))  # empty lines at the end are ours as well
        strange = [n for n, one in enumerate(marks[:last]) if n not in ours and one != empty]
        places = [(n, m) if is_row else (m, n) for n in strange for m in range(across)]
        cells = tuple(
            SheetEdit(tab, cell_name(*place), _shown(None), _shown(_at(found, place)))
            for place in places
            if _at(found, place)
        )
        reach = (last, columns) if is_row else (rows, last)
        return Edits(cells[:MOST_EDITS], max(len(cells) - MOST_EDITS, 0), moved=True, reach=reach)
    return None


def _removed(
    kept: Mapping[str, Any], found: Grid, left_out: Collection[tuple[int, int]]
) -> list[tuple[int | None, int | None]]:
    """Find rows or columns that were deleted, so that others moved up: by their number as they were written."""
    rows, columns = int(kept["rows"]), int(kept["columns"])
    if rows > MOST_MARKS or left_out:
        return []
    texts = _texts(found, (rows, columns), ())
    for lines, key in ((texts, "r"), (list(zip(*texts, strict=True)), "c")):
        empty = _mark([""] * (columns if key == "r" else rows))
        marks = [_mark(line) for line in lines]
        known = {n: one for n, one in enumerate(_cut(str(kept.get(key, "")))) if one != empty}
        left = [one for one in marks if one != empty]
        gone = _skipped(known, left)
        if gone and any(marks[n] != one for n, one in known.items() if n not in gone):
            return [(n, None) if key == "r" else (None, n) for n in gone]
    return []


def _skipped(known: Mapping[int, str], left: Sequence[str]) -> list[int]:
    """Give the lines that are not among those *left*, which are in the order of the others; else nothing."""
    place, gone = 0, []
    for number, one in known.items():
        if place < len(left) and left[place] == one:
            place += 1
        else:
            gone.append(number)
    return gone if place == len(left) else []


def _removal(
    tab: str, line: tuple[int | None, int | None], wanted: Grid, size: tuple[int, int], *, same: bool
) -> SheetEdit:
    """Tell of a deleted row or column by its first cell that held something."""
    row, column = line
    places = (
        [(row, n) for n in range(size[1])] if row is not None else [(n, column or 0) for n in range(size[0])]
    )
    place = next((one for one in places if same and _at(wanted, one)), places[0])
    return SheetEdit(
        tab, cell_name(*place), _shown(_at(wanted, place)) if same else "not known", _shown(None)
    )


def _ours(marks: Sequence[str], known: Mapping[int, str], unknown: Collection[int]) -> set[int]:
    """Find where lines of ours stand now; those that no mark tells stand beside the same lines as before."""
    wanted = set(known.values())
    ours = {place for place, one in enumerate(marks) if one in wanted}
    for line in sorted(unknown):
        for step in (-1, 1):
            beside = known.get(line + step)
            if beside in marks and 0 <= (place := marks.index(beside) - step) < len(marks):
                ours.add(place)
                break
    return ours


def _beyond(tab: str, found: Grid, wanted: Grid, size: tuple[int, int]) -> Edits:
    """Find what people wrote beside or below ours where the new report needs the room."""
    cells = [
        SheetEdit(tab, cell_name(row, column), _shown(None), _shown(value))
        for row, values in enumerate(found[: len(wanted)])
        for column, value in enumerate(values[: len(wanted[row])])
        if value
        and (row >= size[0] or column >= size[1])
        and _canonical(value) != _canonical(wanted[row][column])
    ]
    return Edits(tuple(cells[:MOST_EDITS]), max(len(cells) - MOST_EDITS, 0))


def _edit(tab: str, place: tuple[int, int], grids: tuple[Grid, Grid], *, same: bool) -> SheetEdit | None:
    now, new = (_at(grid, place) for grid in grids)
    if _canonical(now) == _canonical(new):
        return None
    return SheetEdit(tab, cell_name(*place), _shown(new) if same else "not known", _shown(now))


def _marks(grid: Grid, size: tuple[int, int], left_out: Collection[tuple[int, int]]) -> dict[str, Any]:
    rows, columns = size
    texts = _texts(grid, size, left_out)
    per = -(-rows // MOST_MARKS) if rows else 1
    by_row = (_mark(t for row in texts[top : top + per] for t in row) for top in range(0, rows, per))
    by_column = map(_mark, zip(*texts, strict=True))
    return {
        "rows": rows,
        "columns": columns,
        "r": "".join(by_row),
        "c": "".join(by_column),
        "skip": sorted([row, column] for row, column in left_out),
    }


def _texts(grid: Grid, size: tuple[int, int], left_out: Collection[tuple[int, int]]) -> list[list[str]]:
    rows, columns = size
    texts = [[_canonical(_at(grid, (row, column))) for column in range(columns)] for row in range(rows)]
    for row, column in left_out:
        if row < rows and column < columns:
            texts[row][column] = ""
    return texts


def _mark(texts: Iterable[str]) -> str:
    joined = "\x1f".join(texts).encode("utf-8", "replace")
    return base64.urlsafe_b64encode(hashlib.sha256(joined).digest()).decode("ascii")[:MARK]


def _cut(marks: str) -> list[str]:
    return [marks[at : at + MARK] for at in range(0, len(marks), MARK)]


def _pairs(before: object, after: str) -> list[tuple[str, str]]:
    return list(zip(_cut(str(before)), _cut(after), strict=False))


def _at(grid: Grid, place: tuple[int, int]) -> Mapping[str, Any] | None:
    row, column = place
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else None


def _canonical(value: Mapping[str, Any] | None) -> str:
    """Give a value in one spelling; the sheet spells formulas anew, so that one formula is like another."""
    if not value:
        return ""
    kind, held = next(iter(value.items()))
    if kind == "formulaValue":
        return "="
    return f"{kind[0]}{float(held)!r}" if kind == "numberValue" else f"{kind[0]}{held}"


def _shown(value: Mapping[str, Any] | None) -> str:
    if not value:
        return "empty"
    held = next(iter(value.values()))
    text = f"{held:.15g}" if isinstance(held, float) else str(held)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}\N{HORIZONTAL ELLIPSIS}"
