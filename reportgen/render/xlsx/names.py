r"""Names that Excel takes: of sheets, tables and column headings.

Limits and reserved words are Excel's: a sheet's name has at most 31 characters, none of ``[]:*?/\``,
no apostrophe at either end and is not "History"; names are unique whatever their case; a table's
name must not look like a cell (``F1`` is one), which the prefix makes sure of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from reportgen.render.texts import utf16_length
from reportgen.render.xlsx.clean import clean_text

MAX_SHEET_NAME: Final = 31
MAX_HEADER: Final = 255
TABLE_PREFIX: Final = "tbl_"

_SHEET_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_BLANKS: Final = re.compile(r"\s+")
_NOT_IN_TABLE_NAME: Final = re.compile(r"[^A-Za-z0-9_]+")


def one_line(text: str) -> str:
    """Clean a text and put it on one line."""
    return _BLANKS.sub(" ", str(clean_text(text).value)).strip()


class UniqueNames:
    """Gives out names of one kind, each once, case ignored."""

    __slots__ = ("_limit", "_make", "_taken")

    def __init__(self, make: Callable[[str], str], limit: int) -> None:
        self._make, self._limit = make, limit
        self._taken: set[str] = set()

    def claim(self, wanted: str) -> str:
        """Give *wanted*, made fit and unique: "Runs", "Runs 2", "Runs 3"."""
        base = self._make(wanted)
        name, number = _shorten(base, self._limit), 1
        while _folded(name) in self._taken:
            number += 1
            ending = f"_{number}" if self._make is _table_name else f" {number}"
            name = _shorten(base, self._limit - len(ending)) + ending
        self._taken.add(_folded(name))
        return name


def sheet_names() -> UniqueNames:
    """Give out names of sheets."""
    return UniqueNames(_sheet_name, MAX_SHEET_NAME)


def table_names() -> UniqueNames:
    """Give out names of tables."""
    return UniqueNames(_table_name, MAX_HEADER)


def unique_headers(wanted: Iterable[str]) -> list[str]:
    """Make column headings fit for one table: text, not empty, unique whatever the case."""
    names = UniqueNames(_header, MAX_HEADER)
    return [names.claim(heading) for heading in wanted]


def _sheet_name(wanted: str) -> str:
    name = _shorten(_SHEET_FORBIDDEN.sub("-", one_line(wanted)), MAX_SHEET_NAME).strip("' ")
    if not name:
        return "Untitled"
    return "History so far" if name.casefold() == "history" else name  # the name is reserved


def _table_name(wanted: str) -> str:
    return TABLE_PREFIX + (_NOT_IN_TABLE_NAME.sub("_", wanted).strip("_") or "untitled")


def _header(wanted: str) -> str:
    return one_line(wanted) or "Untitled"


def _shorten(name: str, limit: int) -> str:
    if utf16_length(name) <= limit:
        return name
    while utf16_length(name) > limit - 1:
        name = name[:-1]
    return name.rstrip("' ") + "…"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
