"""From a report and what was read of the spreadsheet to all requests that bring it there. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from reportgen.document import Report
from reportgen.language import speaking, tr
from reportgen.render.gsheet.book import Book
from reportgen.render.gsheet.canvas import Canvas
from reportgen.render.gsheet.changes import TabChange, change_tab, closing_marks
from reportgen.render.gsheet.content import (
    bulk_ranges,
    digest,
    fits_bulk,
    formula_requests,
    full_grid,
    refers,
    volatile_requests,
)
from reportgen.render.gsheet.edits import MOST_EDITS, find_edits
from reportgen.render.gsheet.names import lead_away
from reportgen.render.gsheet.objects import missing_objects
from reportgen.render.gsheet.state import FoundTab, Inventory, read_state
from reportgen.render.gsheet.story import write_story
from reportgen.render.theme import Theme
from reportgen.spreadsheet import Request, SheetEdit, SheetPlan, SheetState

MOST_BYTES: Final = 2_000_000
"""Of one call: Google recommends no more."""


def plan_sheet(report: Report, theme: Theme, state: SheetState, *, key: str | None = None) -> SheetPlan:
    """Plan one publication of *report* into the spreadsheet whose *state* was read.

    The same report and the same state give the same plan. A tab whose content is the one that was written
    last is left alone, the time of publication aside. Tabs are the report's by its *key*, the slug of its title
    by default: whoever changes the title keeps the tabs by giving the key.

    Raises:
        RenderError: The spreadsheet is so full of people's own cells that nothing of a report has room.
    """
    with speaking(report.meta.language):
        key = key or report.meta.slug
        inventory = read_state(state, key)
        order = list(inventory.order)
        book = Book(key, inventory, theme)
        write_story(book, report)
        lead_away(book)
        _explain_vanished(book)
        plan = _Planner(book, state, order)
        plan.go()
        return plan.result()


def _explain_vanished(book: Book) -> None:
    """Give each tab whose part is no more in the report one line that says so."""
    wanted = {canvas.key for canvas in book.tabs}
    gone = {key: found for key, found in book.inventory.tabs.items() if key not in wanted}
    for key, found in gone.items():
        canvas = book.tab(key, found.title)
        canvas.put(
            0,
            0,
            tr(
                "Nothing stands here at present: the report has no such part. It comes back here when there is one again."
            ),
        )
    if gone:
        titles = ", ".join(repr(found.title) for found in gone.values())
        book.notes.append(f"The report has nothing to show at present in {titles}: one line there says so.")


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found out about one tab."""

    canvas: Canvas
    found: FoundTab | None
    mark: str
    edited: bool
    writes: bool
    displaced: bool
    """Whether what other tabs read of it may stand elsewhere now."""


@dataclass
class _Planner:
    book: Book
    state: SheetState
    order: list[int]
    """Ids of all tabs from left to right, those that are added among them."""
    changes: list[TabChange] = field(default_factory=list)
    unchanged: list[Canvas] = field(default_factory=list)
    edits: list[SheetEdit] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    reach: dict[str, tuple[int, int]] = field(default_factory=dict)
    """How far what was written reaches now, by tab: people may have put rows between."""

    def go(self) -> None:
        """Decide on each tab."""
        looked = [self._look(canvas) for canvas in self.book.tabs]
        displaced = [one.canvas for one in looked if one.displaced and one.writes]
        place = self._first_place()
        for one in looked:
            canvas, found = one.canvas, one.found
            if found is not None and canvas.kind != "data":
                place = self.order.index(canvas.sheet_id) + 1
            if not one.writes and not refers(canvas, displaced):
                self.unchanged.append(canvas)
                continue
            index = None
            if found is None and canvas.kind != "data":
                index = place
                self.order.insert(place, canvas.sheet_id)
                place += 1
            reach = self.reach.get(canvas.key, (0, 0))
            self.changes.append(change_tab(self.book, canvas, found, one.mark, index, reach))
            self._say(canvas, found, edited=one.edited)

    def _look(self, canvas: Canvas) -> _Looked:
        """Find out what is to be done about a tab."""
        found = self.book.inventory.tabs.get(canvas.key)
        mark = digest(canvas, self.book.theme, self.book.font)
        if found is None:
            # where others are there, it was perhaps deleted by hand, and what read it reads nothing now
            displaced = bool(self.book.inventory.tabs)
            return _Looked(canvas, None, mark, edited=False, writes=True, displaced=displaced)
        stale = self._keep_choices(canvas, found)  # which may be the report's doing: a set-up that is gone
        edited = self._find_edits(canvas, found, mark)
        moved = canvas.key in self.reach
        # tables may stay sorted until there is news; what formulas, charts and the time are placed by may not
        writes = (
            edited or stale or (moved and canvas.kind != "table") or not self._is_whole(canvas, found, mark)
        )
        displaced = edited or stale or moved
        return _Looked(canvas, found, mark, edited=edited, writes=writes, displaced=displaced)

    def _first_place(self) -> int:
        """Choose where the first tab stands: in front, unless ours are there already."""
        ours = {found.sheet_id for found in self.book.inventory.tabs.values()}
        return next((place for place, one in enumerate(self.order) if one in ours), 0)

    def _is_whole(self, canvas: Canvas, found: FoundTab, mark: str) -> bool:
        room = found.rows >= canvas.rows and found.columns >= canvas.columns
        kept = (
            found.cells_id is not None and {"r", "names"} <= found.cells.keys()
        )  # earlier versions had no names
        return found.digest == mark and room and kept and not missing_objects(self.book, canvas, found)

    def _keep_choices(self, canvas: Canvas, found: FoundTab) -> bool:
        """Take over what people chose; give whether a cell holds none of the choices."""
        grid = (self.state.grids or {}).get(canvas.sheet_id)
        if grid is None:
            return False
        broken = False
        for entry, (row, column) in zip(canvas.inputs, found.cells.get("inputs", ()), strict=False):
            held = grid[row][column] if row < len(grid) and column < len(grid[row]) else None
            chosen = (held or {}).get("stringValue")
            if chosen in entry.allowed:
                canvas.cells[entry.row, entry.column] = str(chosen)
            else:
                broken = True
        return broken

    def _find_edits(self, canvas: Canvas, found: FoundTab, mark: str) -> bool:
        grid = (self.state.grids or {}).get(canvas.sheet_id)
        if grid is None or not found.digest:
            return False
        result = find_edits(canvas.title, found.cells, grid, full_grid(canvas), same=found.digest == mark)
        if result.moved:
            self.reach[canvas.key] = result.reach
            when = " when it is next written" if canvas.kind == "table" else ""
            self.book.notes.append(
                f"Rows or columns of {canvas.title!r} were moved by hand; they are put back{when}."
            )
        self.edits += result.cells
        if result.more:
            self.book.notes.append(f"Changed cells in {canvas.title!r} that are not listed: {result.more:,}.")
        return bool(result.cells)

    def _say(self, canvas: Canvas, found: FoundTab | None, *, edited: bool) -> None:
        what = f"the hidden tab {canvas.title!r}" if canvas.kind == "data" else f"the tab {canvas.title!r}"
        rows = "1 row" if canvas.rows == 1 else f"{canvas.rows:,} rows"
        if found is None:
            self.words.append(f"Make {what} ({rows}).")
        elif edited:
            self.words.append(f"Write {what} ({rows}) over what people changed in it.")
        else:
            self.words.append(f"Bring {what} up to date ({rows}).")

    def result(self) -> SheetPlan:
        """Put the plan together."""
        changes, inventory = self.changes, self.book.inventory
        stamps = [request for canvas in self.unchanged for request in volatile_requests(canvas)]
        if self.unchanged:
            count = len(self.unchanged)
            self.words.append("Leave 1 tab as it is." if count == 1 else f"Leave {count} tabs as they are.")
        self.words.append("Write the time of the publication.")
        requests = _in_order(
            [c.structure for c in changes],
            [c.values for c in changes],
            [c.looks for c in changes],
            [c.objects for c in changes],
            [stamps],
            [c.mark for c in changes],
        )
        bulk: tuple[dict[str, object], ...] = ()
        finishing: tuple[Request, ...] = ()
        size = _bytes(requests)
        if size > MOST_BYTES:
            requests, bulk, finishing = _apart(changes, stamps, size)
            self.words.append("It is more than one call takes: values go first, charts and names after them.")
        return SheetPlan(
            tuple(requests),
            bulk,
            finishing,
            tuple(self.words),
            tuple(self.edits[:MOST_EDITS]),
            self.book.tabs[0].sheet_id,
            tuple(self.book.notes + _about_others(inventory)),
        )


def _apart(
    changes: Sequence[TabChange], stamps: list[Request], size: int
) -> tuple[list[Request], tuple[dict[str, object], ...], tuple[Request, ...]]:
    """Give structure, plain values of large tabs, and the rest; the marks close last."""
    bulky: list[TabChange] = []
    for change in sorted(changes, key=lambda c: -len(c.canvas.cells)):
        if size > MOST_BYTES and fits_bulk(change.canvas):
            bulky.append(change)
            size -= _bytes(change.values)
    apart = {c.canvas.key for c in bulky}
    requests = _in_order([c.structure for c in changes], [c.open_mark for c in changes])
    bulk = tuple(entry for c in bulky for entry in bulk_ranges(c.canvas))
    finishing = _in_order(
        [c.outside + formula_requests(c.canvas) if c.canvas.key in apart else c.values for c in changes],
        [c.looks for c in changes],
        [c.objects for c in changes],
        [stamps],
        [closing_marks(c) for c in changes],
    )
    return requests, bulk, tuple(finishing)


def _in_order(*groups: Iterable[Sequence[Request]]) -> list[Request]:
    return [request for group in groups for requests in group for request in requests]


def _bytes(requests: Sequence[Request]) -> int:
    return len(json.dumps(list(requests)))  # spaces and all, as it is sent


def _about_others(inventory: Inventory) -> list[str]:
    notes = [f"The tab {title!r} is a copy of one of ours and is left alone." for title in inventory.copies]
    for name in sorted(inventory.other_reports):
        notes.append(f"The tabs of the report {name!r} in the same spreadsheet are left alone.")
        if not inventory.tabs:
            notes.append(
                f'If that is this report under an earlier title: [sheet] report = "{name}" keeps its tabs.'
            )
    return notes
