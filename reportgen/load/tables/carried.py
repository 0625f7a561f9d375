"""Notes that readers wrote into a delivered workbook, by run: they go on in the next one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from reportgen.errors import AddressError
from reportgen.load.tables.opening import open_table
from reportgen.load.tables.raw import Sheet

RUN, NOTES = "Run", "Notes"
"""Headings of the two columns, in English; a workbook may have them in another language."""


def carried_notes(path: Path, runs: Collection[str], notes: Collection[str]) -> dict[str, str]:
    """Read the notes that stand beside runs, those that are empty left out; nothing else of the file is used.

    Args:
        path: A workbook that reportgen wrote and people filled in.
        runs: What the column of runs may be called.
        notes: What the column of notes may be called.

    Raises:
        AddressError: There is no such file, it cannot be read, or no sheet of it has both columns.
    """
    found: dict[str, str] = {}
    has_columns = False
    for sheet in open_table(str(path)):
        for row in range(sheet.top, sheet.height):
            heads = sheet.row(row)
            places = [_place(heads, names) for names in (runs, notes)]
            if None not in places:
                has_columns = True
                found |= _below(sheet, row, *[place for place in places if place is not None])
                break
    if not has_columns:
        raise AddressError(
            "no sheet has a column of runs and one of notes",
            where=str(path),
            do=f"Give a workbook that reportgen wrote, with its columns {RUN!r} and {NOTES!r}.",
        )
    return found


def _place(heads: Sequence[object], names: Collection[str]) -> int | None:
    return next((place for place, head in enumerate(heads) if head in names), None)


def _below(sheet: Sheet, row: int, run: int, note: int) -> dict[str, str]:
    rows = range(row + 1, sheet.height)
    pairs = ((sheet.at(at, run), sheet.at(at, note)) for at in rows)
    return {str(name): str(text) for name, text in pairs if name is not None and text not in (None, "")}
