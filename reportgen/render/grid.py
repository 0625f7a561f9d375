"""The columns of a page in a workbook or an online sheet: room for key figures side by side, and for text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reportgen.document import Block, KeyFigures

TEXT_WIDTH: Final = 128.0
"""Of a page of running text; it flows over the empty cells at its right, so that no cells need merging."""
LINE_WIDTH: Final = TEXT_WIDTH - 4.0
"""Of one line of it: on paper letters are a twentieth wider than on a screen, and the last ones would be cut."""
FEWEST_TILES: Final = 4
MOST_TILES: Final = 6
"""Key figures side by side."""
MOST_ROWS: Final = 20
"""Of a table on a page; a longer one is data, with a sheet, a filter and a frozen header of its own."""
TITLE_SIZES: Final = (18, 15, 13)
"""Points of a page's title, the first that fits."""
BIG_SIZES: Final = (20, 16, 13)
"""Points of a key figure, the first that fits."""


def tile_count(blocks: Iterable[Block]) -> int:
    """Tell for how many key figures side by side a page has to have room."""
    most = max((len(block.items) for block in blocks if isinstance(block, KeyFigures)), default=0)
    return min(max(most, FEWEST_TILES), MOST_TILES)


def grid_widths(tiles: int) -> tuple[float, ...]:
    """Give the widths of a page's columns: one column under the first tile, two under each other one.

    So the first column is wide enough for names, the others for numbers, and nothing is merged.
    """
    tile = TEXT_WIDTH / tiles
    return (tile, *((tile / 2,) * (2 * (tiles - 1))))
