"""Requests about the spreadsheet and its tabs: properties, order, size, rows and columns."""

from __future__ import annotations

import copy

from tests.fakes.google import masks
from tests.fakes.google.batch import Batch, Handler
from tests.fakes.google.book import Book, Tab, number
from tests.fakes.google.refusals import NotEmulated, Refused
from tests.fakes.google.schema import Obj

ROWS, COLUMNS = 1000, 26
MAX_TITLE = 100


def add_sheet(batch: Batch, request: Obj) -> Obj:
    """Add a tab, at the end or at an index."""
    book = batch.book
    wanted = batch.kept("SheetProperties", request.get("properties", {}))
    if wanted.get("sheetType", "GRID") != "GRID":
        raise NotEmulated(f"a sheet of type {wanted['sheetType']}")
    tab_id = wanted.get("sheetId")
    taken = {tab.id for tab in book.tabs}
    if tab_id is None:
        tab_id = next(number for number in book.numbers if number not in taken)
    if tab_id in taken:
        raise Refused(f"Sheet with id {tab_id} already exists.")
    if tab_id < 0:
        raise Refused("sheetId must not be negative")
    title = wanted.get("title") or _free_title(book)
    grid = {"rowCount": ROWS, "columnCount": COLUMNS} | wanted.get("gridProperties", {})
    properties = wanted | {"sheetId": tab_id, "title": title, "sheetType": "GRID", "gridProperties": grid}
    place = wanted.get("index", len(book.tabs))
    _check_title(book, title, None)
    _check_grid(grid)
    if not 0 <= place <= len(book.tabs):
        raise Refused(f"Sheet index {place} is out of range")
    book.tabs.insert(place, Tab(properties))
    book.renumber()
    book.check_size()
    return {"properties": copy.deepcopy(properties)}


def _free_title(book: Book) -> str:
    count = len(book.tabs) + 1
    while book.tab_titled(f"Sheet{count}"):
        count += 1
    return f"Sheet{count}"


def _check_title(book: Book, title: str, own: Tab | None) -> None:
    if not title or len(title) > MAX_TITLE:
        raise Refused(f"The title of a sheet has 1 to {MAX_TITLE} characters, got {len(title)}")
    other = book.tab_titled(title)
    if other is not None and other is not own:
        raise Refused(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _check_grid(grid: Obj) -> None:
    for name, frozen in (("rowCount", "frozenRowCount"), ("columnCount", "frozenColumnCount")):
        if grid[name] < 1:
            raise Refused(f"{name} must be at least 1")
        if grid.get(frozen, 0) < 0 or grid.get(frozen, 0) >= grid[name]:
            raise Refused(
                f"You can't freeze all visible rows or columns: {frozen} {grid[frozen]} of {grid[name]}"
            )


def update_sheet_properties(batch: Batch, request: Obj) -> None:
    """Change what a tab is called, where it stands, how large it is, how it looks."""
    source = request.get("properties", {})
    mask = batch.mask("SheetProperties", request)
    tab = batch.book.tab(source.get("sheetId"))
    fixed = {"sheetId", "sheetType", "dataSourceSheetProperties", "index"}
    fields = {name: below for name, below in mask.items() if name not in fixed}
    before = tab.size
    made = batch.patched("SheetProperties", tab.properties, source, fields)
    made.setdefault("gridProperties", {})
    for name in ("rowCount", "columnCount"):
        made["gridProperties"].setdefault(name, 0)
    _check_title(batch.book, made.get("title", ""), tab)
    _check_grid(made["gridProperties"])
    tab.properties = made
    if not tab.size.holds(before):
        _shrink(tab)
    batch.book.check_size()
    if "index" in mask:
        _move(batch.book, tab, number(source.get("index", len(batch.book.tabs))))
    if all(entry.properties.get("hidden") for entry in batch.book.tabs):
        raise Refused("You can't hide all the sheets in a document.")


def _shrink(tab: Tab) -> None:
    size = tab.size
    for entries in tab.parts.values():
        for entry in entries:
            given = entry.get("range", entry if "startRowIndex" in entry else {})
            if given.get("endRowIndex", 0) > size.bottom or given.get("endColumnIndex", 0) > size.right:
                raise NotEmulated(f"cutting a grid through {given}")
    tab.cells = {
        (row, column): cell
        for (row, column), cell in tab.cells.items()
        if row < size.bottom and column < size.right
    }


def _move(book: Book, tab: Tab, index: int) -> None:
    """Move a tab; the index is meant before the move."""
    place = book.tabs.index(tab)
    if not 0 <= index <= len(book.tabs):
        raise Refused(f"Sheet index {index} is out of range")
    if index in (place, place + 1):
        return
    book.tabs.pop(place)
    book.tabs.insert(index - (index > place), tab)
    book.renumber()


def delete_sheet(batch: Batch, request: Obj) -> None:
    """Delete a tab and all that lies on it."""
    tab = batch.book.tab(request.get("sheetId"))
    if len(batch.book.tabs) == 1:
        raise Refused("You can't remove all the sheets in a document.")
    batch.book.tabs.remove(tab)
    kept = [entry for entry in batch.book.named_ranges if entry["range"].get("sheetId", 0) != tab.id]
    batch.book.named_ranges = kept
    batch.book.renumber()


def duplicate_sheet(batch: Batch, request: Obj) -> Obj:
    """Copy a tab by hand: what lies on it gets new ids, its metadata is copied with it."""
    book = batch.book
    source = book.tab(request.get("sourceSheetId"))
    wanted = {"title": request.get("newSheetName") or f"Copy of {source.title}"}
    for theirs, ours in (("newSheetId", "sheetId"), ("insertSheetIndex", "index")):
        if theirs in request:
            wanted[ours] = request[theirs]
    inherited = {name: value for name, value in source.properties.items() if name not in ("sheetId", "index")}
    reply = add_sheet(batch, {"properties": inherited | {"index": source.properties["index"] + 1} | wanted})
    copied = source.copied()
    made = book.tab(reply["properties"]["sheetId"])
    made.cells, made.dimensions, made.parts = copied.cells, copied.dimensions, copied.parts
    made.basic_filter = copied.basic_filter
    made.parts["charts"] = []
    for entries in made.parts.values():
        for entry in entries:
            for name in entry.keys() & {"bandedRangeId", "protectedRangeId", "filterViewId", "metadataId"}:
                entry[name] = next(book.numbers)
    for holder in (*made.parts.values(), [made.basic_filter or {}]):
        for entry in holder:
            _point_to(entry, made.id)
    return reply


def _point_to(thing: object, tab_id: int) -> None:
    """Let every range of a copied thing lie on the copy."""
    if isinstance(thing, dict):
        if thing.keys() & {"sheetId", "startRowIndex", "endRowIndex"}:
            thing["sheetId"] = tab_id
        for entry in thing.values():
            _point_to(entry, tab_id)
    elif isinstance(thing, list):
        for entry in thing:
            _point_to(entry, tab_id)


def append_dimension(batch: Batch, request: Obj) -> None:
    """Add rows or columns at the end."""
    tab = batch.book.tab(request.get("sheetId"))
    length = request.get("length", 0)
    names = {"ROWS": "rowCount", "COLUMNS": "columnCount"}
    if length < 1 or request.get("dimension") not in names:
        raise Refused("A dimension and a length of at least 1 are required")
    tab.properties["gridProperties"][names[request["dimension"]]] += length
    batch.book.check_size()


def update_dimension_properties(batch: Batch, request: Obj) -> None:
    """Set the size of rows or columns, or hide them."""
    if "dataSourceSheetRange" in request:
        raise NotEmulated("columns of a data source")
    sizes, span = _span(batch, request.get("range", {}))
    mask = batch.mask("DimensionProperties", request)
    for index in span:
        sizes[index] = masks.patch(sizes.get(index, {}), request.get("properties", {}), mask)


def auto_resize_dimensions(batch: Batch, request: Obj) -> None:
    """Make rows or columns as large as what is in them: sizes that were set are gone, and fonts are not known."""
    if "dataSourceSheetDimensions" in request:
        raise NotEmulated("columns of a data source")
    sizes, span = _span(batch, request.get("dimensions", {}))
    for index in span:
        sizes[index] = {name: value for name, value in sizes.get(index, {}).items() if name != "pixelSize"}


def _span(batch: Batch, named: Obj) -> tuple[dict[int, Obj], range]:
    """Give what is kept of the rows or the columns of a tab, and which of them are meant."""
    tab = batch.book.tab(named.get("sheetId"))
    kind = named.get("dimension")
    if kind not in tab.dimensions:
        raise Refused("A dimension is required")
    count = tab.size.bottom if kind == "ROWS" else tab.size.right
    first, last = named.get("startIndex", 0), named.get("endIndex", count)
    if not 0 <= first < last <= count:
        raise Refused(f"The span {first} to {last} is not within the {count} {kind.lower()} of the sheet")
    return tab.dimensions[kind], range(first, last)


def update_spreadsheet_properties(batch: Batch, request: Obj) -> None:
    """Change the title, the locale, the time zone."""
    mask = batch.mask("SpreadsheetProperties", request)
    mask.pop("defaultFormat", None)
    made = batch.patched("SpreadsheetProperties", batch.book.properties, request.get("properties", {}), mask)
    if not made.get("title"):
        raise Refused("A spreadsheet must have a title")
    batch.book.properties = made


HANDLERS: dict[str, Handler] = {
    "addSheet": add_sheet,
    "updateSheetProperties": update_sheet_properties,
    "deleteSheet": delete_sheet,
    "duplicateSheet": duplicate_sheet,
    "appendDimension": append_dimension,
    "updateDimensionProperties": update_dimension_properties,
    "autoResizeDimensions": auto_resize_dimensions,
    "updateSpreadsheetProperties": update_spreadsheet_properties,
}
