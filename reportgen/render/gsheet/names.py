"""Named ranges for people's own formulas: which of them are ours, and where those go whose column is no more.

A name of ours that the report no longer fills is not left on its old cells, where another column may stand by
now, and not deleted either: Google then writes the loss into every formula that used it, in people's own tabs,
and no later publication could mend them. It is led to cells that say #N/A. What looks a value up, sums or
averages then says #N/A too, and nothing but counts gives a number: of no results. Where the column comes back,
the name goes back to it by its id, and the formulas were never touched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from reportgen.document import Column
from reportgen.language import mark, tr
from reportgen.render.gsheet.book import Book
from reportgen.render.gsheet.canvas import Area, Canvas
from reportgen.render.gsheet.identity import name_id
from reportgen.render.gsheet.looks import Look

GONE: Final = mark("Names without a column")
KEY: Final = "gone_names"
_TOP: Final = 2
"""First row of the cells without a value, counted from 0."""
_MOST_TOLD: Final = 5
_BY_METRIC: Final = ("/values/", "/metrics/")
"""How fields of the frozen numbers begin that hold the name of their metric."""
_NUMBERED: Final = re.compile(r"_\d+$")


def origin_of(column: Column) -> str:
    """Give the fingerprint of what a column holds, whatever its heading says."""
    return hashlib.sha256((column.field or column.key).encode("utf-8", "replace")).hexdigest()[:8]


def is_lasting(column: Column) -> bool:
    """Tell whether a column holds one metric by its own name, whatever place and label it has."""
    return column.field.startswith(_BY_METRIC)


def column_names(book: Book, canvas: Canvas, columns: Sequence[tuple[str, Column]]) -> list[str]:
    """Give each column the name that is wanted for it, or a longer one where that stands for another column.

    It does where two headings come to the same name, and where an earlier publication gave it to the other.
    """
    found: list[str] = []
    for wanted, column in columns:
        origin = origin_of(column)
        held = book.inventory.origins.get(book.range_name(canvas, wanted)[0]) or origin
        found.append(wanted if held == origin and wanted not in found else f"{wanted}_{origin}")
    return found


def lead_away(book: Book) -> None:
    """Lead the names of ours that nothing fills to cells that say so, on a hidden tab of their own."""
    used = {book.range_name(canvas, wanted)[0] for canvas in book.tabs for wanted in canvas.names}
    gone = {own: key for own, key in _ours(book) if own not in used}
    _follow_labels(book, gone)
    if not gone and KEY not in book.inventory.tabs:
        return
    heights = {canvas.key: _height(canvas) for canvas in book.tabs}
    canvas = book.tab(KEY, tr(GONE), "data")
    if not gone:
        canvas.put(0, 0, tr("Every name has its column at present."))
        return
    canvas.put(
        0,
        0,
        tr(
            "The report has no column for these names at present, so formulas with them say #N/A. "
            "A name goes back to its column when there is one again."
        ),
    )
    canvas.put_row(1, (tr("Name"), tr("What it gives")), Look(bold=True))
    for own, key in gone.items():
        rows = heights.get(key) or book.inventory.names[own].rows
        canvas.moored[own] = Area(_TOP, 1, _TOP + rows, 2)
    for row, own in enumerate(gone, _TOP):
        canvas.put(row, 0, book.inventory.names[own].name)
    # as far as any name reaches: SUMIF goes on below a range that is shorter than the one it compares
    tallest = max(*heights.values(), *(area.bottom - _TOP for area in canvas.moored.values()))
    canvas.reach(_TOP + tallest, 2)
    canvas.fills.append((Area(_TOP, 1, _TOP + tallest, 2), "=NA()"))
    book.notes.append(_told([book.inventory.names[own].name for own in gone]))


def _follow_labels(book: Book, gone: dict[str, str]) -> None:
    """Take names out of *gone* whose metric is there under another label: they go on naming its column."""
    lasting = {
        named.origin: (canvas, named.area)
        for canvas in book.tabs
        for named in canvas.names.values()
        if named.lasting
    }
    for own in list(gone):
        origin = book.inventory.origins.get(own, "")
        if origin in lasting:
            canvas, area = lasting[origin]
            canvas.moored[own] = area
            del gone[own]


def _ours(book: Book) -> Iterator[tuple[str, str]]:
    """Give the id of each name that we made, and the key of the tab of ours that it lies on.

    One that people led to a tab of their own is theirs. Earlier versions kept no list: there a name is ours where
    its id is worked out from it.
    """
    inventory = book.inventory
    tabs = {found.sheet_id: key for key, found in inventory.tabs.items()}
    for own, held in inventory.names.items():
        plain = (held.name, _NUMBERED.sub("", held.name))
        if held.sheet_id in tabs and (
            own in inventory.origins
            or any(own == name_id(book.report, key, text) for key in tabs.values() for text in plain)
        ):
            yield own, tabs[held.sheet_id]


def _height(canvas: Canvas) -> int:
    """Give the rows that the names of columns reach over."""
    areas = [named.area for named in canvas.names.values()]
    return max((area.bottom - area.top for area in areas if area.right - area.left == 1), default=0)


def _told(names: Sequence[str]) -> str:
    told = ", ".join(names[:_MOST_TOLD])
    more = f" and {len(names) - _MOST_TOLD} more" if len(names) > _MOST_TOLD else ""
    return f"The report has no column at present for the names {told}{more}: formulas with them say #N/A."
