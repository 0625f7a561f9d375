"""Headings of columns: broken into lines by the program that shows them, and yet each to be read alone."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from reportgen.render.measure import BODY_SIZE, split_lines, text_width

HEADING_GAP: Final = 1.5
"""Width that keeps a heading apart from the next one: that of an indent."""
SPARE: Final = 1.0
"""Width beside a heading, its cell's own margins aside, that keeps two of them apart."""
HEADING_SIZES: Final = (BODY_SIZE, 11.5, 10.5, 10.0, 12.0, 9.5)
"""Points of a heading whose column has a given width, the best first."""
_DRAWN: Final = (0.93, 0.97, 1.0, 1.03, 1.06)
"""How wide bold text is drawn, as a share of what is measured: letters on paper are wider than on a screen."""


@lru_cache(maxsize=1024)
def spare(heading: str, room: float, scale: float, size: float = BODY_SIZE) -> float:
    """Give the width that a heading leaves free in a cell, wherever a program or a printer breaks it into lines.

    Args:
        heading: Its text.
        room: Width of the cell without an indent, in Excel's unit.
        scale: How much wider the sheet's font is than the one that is measured.
        size: Points of the text.
    """
    whole = text_width(heading, size, bold=True) * scale * _DRAWN[-1]
    if whole <= room - SPARE:
        return room - whole
    free = []
    for drawn in _DRAWN:
        wide = scale * drawn
        lines = split_lines(heading, room / wide, size, bold=True)
        free.append(room - max(text_width(line, size, bold=True) for line in lines) * wide)
    return min(free)


def best_size(heading: str, room: float, scale: float) -> float:
    """Choose a size, near the text's own, in which a heading surely leaves room at its column's side.

    Where the column's width is given, the size decides between one line with room beside it and two.
    An indent at the right would do as well, but LibreOffice leaves it out of a single line.
    """
    return max(HEADING_SIZES, key=lambda size: min(spare(heading, room, scale, size), SPARE))


def wide_enough(heading: str, width: float, indent: int, scale: float, widest: float) -> float:
    """Widen a column, up to *widest*, until its heading leaves room at its side."""
    while width < widest and spare(heading, width - HEADING_GAP * indent, scale) < SPARE:
        width += 0.5
    return width
