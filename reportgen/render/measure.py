"""How much room text takes: column widths, lines, row heights. Excel has no automatic fit on opening.

The unit of width is Excel's: one digit of the default font (7 pixels at 11 points), plus 5 pixels
of padding a column.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from reportgen.document import NumberFormat, format_number

BODY_SIZE: Final = 11
"""Points of normal text."""
ROW_HEIGHT: Final = 15.0
"""Points of a row of normal text."""
PIXELS_PER_ROW: Final = 20
"""Of a row of `ROW_HEIGHT`."""

_GROUPS: Final = (
    # widths in digits of Calibri
    (0.47, "ijlI.,:;'|!()[]` \N{NO-BREAK SPACE}"),
    (0.63, 'ft-/\\"*r{}'),
    (0.80, "cszJ?_"),
    (0.90, "kvxyaLFgST"),
    (1.42, "wMmW@%—…"),
)
_WIDTHS: Final = {character: width for width, characters in _GROUPS for character in characters}
TURNED: Final = frozenset({"R", "AL"})
"""Kinds of letters that run from right to left."""
_FONT_SCALES: Final = {
    "calibri": 1.0,
    "carlito": 1.0,
    "cambria": 1.06,
    "times new roman": 1.03,
    "arial": 1.13,
    "helvetica": 1.13,
    "liberation sans": 1.13,
    "segoe ui": 1.13,
    "georgia": 1.16,
    "verdana": 1.3,
}
"""How much wider than in Calibri a text is."""
_UNKNOWN_FONT: Final = 1.15


def font_scale(family: str) -> float:
    """Tell how much wider than in Calibri texts of a font are: better too much room than a cut word."""
    return _FONT_SCALES.get(family.strip().casefold(), _UNKNOWN_FONT)


@lru_cache(maxsize=4096)
def _character_width(character: str) -> float:
    known = _WIDTHS.get(character)
    if known is not None:
        return known
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 2.0
    if unicodedata.bidirectional(character) in TURNED:
        return 0.0 if unicodedata.combining(character) else 1.08
    return 1.2 if character.isupper() or not character.isalnum() else 1.04


def text_width(text: str, size: float = BODY_SIZE, *, bold: bool = False) -> float:
    """Estimate the width of one line of text in Excel's unit."""
    plain = sum(map(_character_width, text))
    return plain * size / BODY_SIZE * (1.07 if bold else 1.0)


def pixels(width: float) -> int:
    """Convert a column's width to pixels."""
    return int(width * 7 + 5)


def split_lines(text: str, width: float, size: float = BODY_SIZE, *, bold: bool = False) -> list[str]:
    """Split text into lines that fit into *width*; words longer than a line are broken."""
    scale = text_width("0", size, bold=bold) / text_width("0")
    room = width / scale
    return [line for paragraph in text.split("\n") for line in _paragraph_lines(paragraph, room)]


def largest_size(text: str, width: float, sizes: Sequence[int]) -> int:
    """Choose the first of some sizes in which a bold text stays on one line of this width, or the last."""
    return next((size for size in sizes if text_width(text, size, bold=True) <= width), sizes[-1])


def _paragraph_lines(text: str, room: float) -> Iterator[str]:
    blank = _character_width(" ")
    line: list[str] = []
    used = 0.0
    for word in text.split(" "):
        needed = text_width(word)
        if line and used + blank + needed > room:
            yield " ".join(line)
            line, used = [], 0.0
        if needed > room:
            *full, word = _broken(word, room)  # noqa: PLW2901 - the rest of the word goes on
            yield from full
            needed = text_width(word)
        used += needed + (blank if line else 0.0)
        line.append(word)
    yield " ".join(line)


def _broken(word: str, room: float) -> Iterator[str]:
    start, used = 0, 0.0
    for index, character in enumerate(word):
        needed = _character_width(character)
        if index > start and used + needed > room:
            yield word[start:index]
            start, used = index, 0.0
        used += needed
    yield word[start:]


def is_turned(text: str) -> bool:
    """Tell whether a text has letters that run from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(letter) in TURNED for letter in text)


def row_height(lines: int, size: float = BODY_SIZE) -> float:
    """Give the height in points of a row that holds so many lines."""
    return math.ceil(min(lines * size * 1.36, 400.0) * 4) / 4


def number_width(value: float, how: NumberFormat) -> float:
    """Estimate the width of a number without formatting it: digits, commas, sign and percent sign."""
    if how.style == "general":
        return float(len(format_number(value, how)))
    shown = abs(value * how.factor)
    whole = 1 if shown < 10 else int(math.log10(min(shown, 1e300))) + 1
    commas = (whole - 1) // 3 if how.grouped else 0
    decimals = how.decimals + 1 if how.decimals else 0
    return whole + commas * 0.5 + decimals + (value < 0 or how.signed) + 1.5 * (how.style == "percent")
