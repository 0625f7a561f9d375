"""A spreadsheet in memory: tabs, cells, and the things that lie on them."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.google import a1
from tests.fakes.google.a1 import Area
from tests.fakes.google.refusals import Refused
from tests.fakes.google.schema import Obj

MAX_CELLS = 10_000_000
MAX_COLUMNS = 18_278
MAX_TABS = 200
MAX_CHARACTERS = 50_000
MAX_METADATA = 30_000
PARTS = (
    "merges",
    "bandedRanges",
    "conditionalFormats",
    "protectedRanges",
    "filterViews",
    "charts",
    "developerMetadata",
)
"""What lies on a tab, by its name in the resource ``Sheet``."""

Cell = tuple[int, int]


def number(value: Any) -> int:
    """Give a number of a message; one that is missing is 0."""
    return int(value or 0)


@dataclass(slots=True)
class Tab:
    """One sheet of a spreadsheet."""

    properties: Obj
    cells: dict[Cell, Obj] = field(default_factory=dict)
    """A cell's data is never changed in place: a snapshot shares it."""
    dimensions: dict[str, dict[int, Obj]] = field(default_factory=lambda: {"ROWS": {}, "COLUMNS": {}})
    parts: dict[str, list[Obj]] = field(default_factory=lambda: {name: [] for name in PARTS})
    basic_filter: Obj | None = None

    @property
    def id(self) -> int:
        """The number that names it for ever."""
        return number(self.properties["sheetId"])

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.properties["title"])

    @property
    def size(self) -> Area:
        """The whole grid."""
        grid = self.properties["gridProperties"]
        return Area(0, grid["rowCount"], 0, grid["columnCount"])

    def copied(self) -> Tab:
        """Give a copy that later changes do not reach."""
        return Tab(
            copy.deepcopy(self.properties),
            dict(self.cells),
            {name: dict(sizes) for name, sizes in self.dimensions.items()},
            copy.deepcopy(self.parts),
            copy.deepcopy(self.basic_filter),
        )

    def area(self, given: Obj) -> Area:
        """Give the bounded rectangle of a GridRange, and refuse one that leaves the grid."""
        size = self.size
        area = Area(
            number(given.get("startRowIndex")),
            number(given.get("endRowIndex", size.bottom)),
            number(given.get("startColumnIndex")),
            number(given.get("endColumnIndex", size.right)),
        )
        if area.top < 0 or area.left < 0 or area.top > area.bottom or area.left > area.right:
            raise Refused(f"The range {given} is not valid: a start lies behind its end")
        if not size.holds(area):
            name = a1.name_of(self.title, area)
            raise Refused(
                f"Range ({name}) exceeds grid limits. Max rows: {size.bottom}, max columns: {size.right}"
            )
        if area.top == area.bottom or area.left == area.right:
            raise Refused(f"The range {given} is empty")
        return area

    def used(self) -> Area:
        """Give the rectangle from A1 that holds every cell with something in it."""
        rows = max((row for row, _ in self.cells), default=-1)
        columns = max((column for _, column in self.cells), default=-1)
        return Area(0, rows + 1, 0, columns + 1)


@dataclass(slots=True)
class Book:
    """One spreadsheet, and who may do what with it."""

    id: str
    properties: Obj
    tabs: list[Tab] = field(default_factory=list)
    named_ranges: list[Obj] = field(default_factory=list)
    metadata: list[Obj] = field(default_factory=list)
    permissions: list[Obj] = field(default_factory=list)
    made_by: str = ""
    """Address of the account that made it through the interface; empty for one that a person made."""
    is_office: bool = False
    """Whether it is an Excel file that somebody uploaded."""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1_700_000_001, 7919))
    """Ids that Google would choose."""

    def snapshot(self) -> tuple[Obj, list[Tab], list[Obj], list[Obj]]:
        """Give everything that a batch may change."""
        tabs = [tab.copied() for tab in self.tabs]
        return (
            copy.deepcopy(self.properties),
            tabs,
            copy.deepcopy(self.named_ranges),
            copy.deepcopy(self.metadata),
        )

    def restore(self, state: tuple[Obj, list[Tab], list[Obj], list[Obj]]) -> None:
        """Take back a batch."""
        self.properties, self.tabs, self.named_ranges, self.metadata = state

    def renumber(self) -> None:
        """Let each tab know its place."""
        for index, tab in enumerate(self.tabs):
            tab.properties["index"] = index

    def tab(self, tab_id: Any) -> Tab:
        """Give the tab of an id; a missing id is 0."""
        for tab in self.tabs:
            if tab.id == number(tab_id):
                return tab
        raise Refused(f"No grid with id: {number(tab_id)}")

    def tab_titled(self, title: str) -> Tab | None:
        """Give the tab of a title; titles are the same whatever their case."""
        return next((tab for tab in self.tabs if tab.title.casefold() == title.casefold()), None)

    def area(self, given: Obj | None) -> tuple[Tab, Area]:
        """Give the tab and the rectangle of a GridRange."""
        tab = self.tab((given or {}).get("sheetId"))
        return tab, tab.area(given or {})

    def find(self, part: str, id_name: str, wanted: Any) -> tuple[list[Obj], int]:
        """Give the list that holds a thing and its place there."""
        for entries in self.all_parts(part):
            for place, entry in enumerate(entries):
                if entry.get(id_name) == wanted:
                    return entries, place
        raise Refused(f"No {part.removesuffix('s')} with id: {wanted}")

    def all_parts(self, part: str) -> list[list[Obj]]:
        """Give the lists of one kind of thing, of every tab."""
        return [tab.parts[part] for tab in self.tabs]

    def new_id(self, part: str, id_name: str, wanted: Any, what: str) -> int:
        """Take the id that a request wants, or choose one."""
        taken = {entry.get(id_name) for entries in self.all_parts(part) for entry in entries}
        if wanted is None:
            return next(number for number in self.numbers if number not in taken)
        if wanted in taken:
            raise Refused(f"{what} with id {wanted} already exists.")
        if wanted < 0:
            raise Refused(f"The id {wanted} must not be negative.")
        return int(wanted)

    def check_size(self) -> None:
        """Refuse a spreadsheet that has become too large."""
        sizes = [tab.size for tab in self.tabs]
        if sum(size.bottom * size.right for size in sizes) > MAX_CELLS:
            raise Refused(
                "This action would increase the number of cells in the workbook above the limit of "
                f"{MAX_CELLS} cells."
            )
        if any(size.right > MAX_COLUMNS for size in sizes):
            raise Refused(f"A sheet cannot have more than {MAX_COLUMNS} columns.")
        if len(self.tabs) > MAX_TABS:
            raise Refused(f"A spreadsheet cannot have more than {MAX_TABS} sheets.")

    def named_area(self, text: str) -> tuple[Tab, Area]:
        """Give what an A1 range or the name of a range means."""
        title, cells = a1.split(text)
        if title is None:
            for entry in self.named_ranges:
                if entry["name"].casefold() == text.casefold():
                    return self.area(entry["range"])
            if tab := self.tab_titled(text):
                return tab, tab.size
            found: Tab | None = self.tabs[0]
        else:
            found = self.tab_titled(title)
        rectangle = a1.bounds(cells) if cells else {}
        if found is None or rectangle is None:
            raise Refused(f"Unable to parse range: {text}")
        return found, found.area(rectangle)
