"""A headline of several lines gets lines of about the same length, on paper: browsers do it by themselves."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from reportgen.render.html.widths import FULL_MM

FAMILY = "Source Serif 4"
_ASCII = (
    "228 314 423 544 538 949 739 206 384 384 458 548 307 335 307 364 547 547 547 547 547 547 547 547 547 547 307 307 "
    "548 548 548 430 867 712 668 663 744 634 610 725 809 387 394 726 616 930 757 742 637 742 707 560 650 757 706 1020 "
    "678 667 592 356 364 356 548 528 400 554 630 527 623 540 374 573 650 336 313 615 337 961 652 590 632 613 475 475 "
    "368 640 581 850 585 592 497 365 301 365 548"
)
"""Thousandths of an em that characters take in its semi-bold, from the blank to the tilde: no font is read for them."""
_OTHERS = {
    "\N{EN DASH}": 528,
    "\N{EM DASH}": 828,
    "\N{HORIZONTAL ELLIPSIS}": 853,
    "\N{RIGHT SINGLE QUOTATION MARK}": 236,
    "\N{MINUS SIGN}": 548,
    "\N{NO-BREAK SPACE}": 228,
    "\N{NARROW NO-BREAK SPACE}": 125,
    "\N{LATIN SMALL LETTER SHARP S}": 656,
    "\N{COMBINING DIAERESIS}": 0,
    "\N{COMBINING ACUTE ACCENT}": 0,
    "\N{COMBINING GRAVE ACCENT}": 0,
}
_ADVANCES = {chr(32 + place): int(width) for place, width in enumerate(_ASCII.split())} | _OTHERS
_SIZE_MM = 2.2 * 9.5 * 25.4 / 72
"""Of one em of the headline, as the style sheets have it."""
_PAPER_MM = {"A4": FULL_MM, "Letter": 183.9}
_STEPS = 60
_SLACK = 1.015
"""Nothing is cut off where the width of a word is a little more than reckoned."""


def balanced_em(text: str, paper: str, family: str) -> float | None:
    """Give the width in em that sets a headline in as many lines as ever, with the last one not left short.

    Args:
        text: The headline.
        paper: The size of the sheet.
        family: The headline's font; widths are known of the bundled one.

    Returns:
        None where it takes one line, or where its width is not known.
    """
    words = text.split(" ")
    widths = [_width(word) for word in words]
    known = [width for width in widths if width is not None]
    if family != FAMILY or len(known) < len(words):
        return None
    full = _PAPER_MM.get(paper, FULL_MM) / _SIZE_MM
    breaks = len(_breaks(known, full))
    if not breaks or max(known) > full:
        return None
    least = sum(known) / (breaks + 1)
    rooms = [least + (full - least) * step / _STEPS for step in range(_STEPS + 1)]
    fitting = [room for room in rooms if len(_breaks(known, room)) == breaks]
    whole = (room for room in fitting if not any(_splits(words, at) for at in _breaks(known, room)))
    return min(next(whole, fitting[0]) * _SLACK, full)


def _breaks(words: list[float], room: float) -> list[int]:
    """Give the words that begin a further line, where each line is as full as can be."""
    blank = _ADVANCES[" "] / 1000
    found, used = [], -blank
    for number, word in enumerate(words):
        if used + blank + word > room and used > 0:
            found.append(number)
            used = -blank
        used += blank + word
    return found


def _splits(words: list[str], at: int) -> bool:
    """Tell whether a line that begins with a word would break a name at its brackets, or part number and word."""
    before = " ".join(words[:at])
    in_name = before.count("(") > before.count(")") or words[at].startswith("(")
    return in_name or before[-1:].isdigit() or words[at][:1].isdigit()


@lru_cache(maxsize=1024)
def _width(text: str) -> float | None:
    """Give a text's width in em; None where it has a character whose width is not known."""
    widths = [_ADVANCES.get(character) for character in unicodedata.normalize("NFD", text)]
    known = [width for width in widths if width is not None]
    return sum(known) / 1000 if len(known) == len(widths) else None
