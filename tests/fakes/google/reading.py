"""What a spreadsheet looks like from outside: the resource, its grid, plain values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.google import a1
from tests.fakes.google.a1 import Area
from tests.fakes.google.book import Book, Cell, Tab
from tests.fakes.google.refusals import NotEmulated, Refused
from tests.fakes.google.requests_objects import matches
from tests.fakes.google.schema import Obj

DEFAULT_FORMAT: Obj = {
    "backgroundColor": {"red": 1, "green": 1, "blue": 1},
    "backgroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}},
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "foregroundColorStyle": {"rgbColor": {}},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
    },
}
PIXELS = {"ROWS": 21, "COLUMNS": 100}
NO_ENGINE = {"errorValue": {"type": "N_A", "message": "The fake computes no formulas."}}
LINK = re.compile(r'=HYPERLINK\("((?:[^"]|"")*)"\s*[,;]\s*"((?:[^"]|"")*)"\)', re.IGNORECASE)
Selection = Sequence[tuple[Tab, Area]]


def resource(book: Book, *, selection: Selection | None = None, grid: bool = False) -> Obj:
    """Give a spreadsheet as ``spreadsheets.get`` does; *selection* leaves out the other tabs."""
    chosen = [(tab, tab.size) for tab in book.tabs] if selection is None else selection
    made: Obj = {
        "spreadsheetId": book.id,
        "properties": book.properties | {"defaultFormat": DEFAULT_FORMAT},
        "sheets": [],
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.id}/edit",
    }
    for tab in book.tabs:
        areas = [area for one, area in chosen if one is tab]
        if areas:
            made["sheets"].append(sheet(tab, areas, grid=grid))
    if book.named_ranges:
        made["namedRanges"] = book.named_ranges
    if book.metadata:
        made["developerMetadata"] = book.metadata
    return made


def sheet(tab: Tab, areas: Sequence[Area], *, grid: bool) -> Obj:
    """Give one tab; a list with nothing in it is left out."""
    made: Obj = {"properties": tab.properties}
    made |= {name: entries for name, entries in tab.parts.items() if entries}
    if tab.basic_filter:
        made["basicFilter"] = tab.basic_filter
    if grid:
        made["data"] = [grid_data(tab, area) for area in areas]
    return made


def grid_data(tab: Tab, area: Area) -> Obj:
    """Give the cells of a rectangle, up to the last one with something in it."""
    used = tab.used()
    bottom, right = min(area.bottom, used.bottom), min(area.right, used.right)
    rows: list[Obj] = []
    for row in range(area.top, bottom):
        cells = [cell_data(tab, (row, column)) for column in range(area.left, right)]
        while cells and not cells[-1]:
            cells.pop()
        rows.append({"values": cells} if cells else {})
    while rows and not rows[-1]:
        rows.pop()
    made: Obj = {"startRow": area.top, "startColumn": area.left}
    if rows:
        made["rowData"] = rows
    for name, kind, first, last in (
        ("rowMetadata", "ROWS", area.top, area.bottom),
        ("columnMetadata", "COLUMNS", area.left, area.right),
    ):
        known = tab.dimensions[kind]
        made[name] = [{"pixelSize": PIXELS[kind]} | known.get(index, {}) for index in range(first, last)]
    return made


def cell_data(tab: Tab, place: Cell) -> Obj:
    """Give one cell with what Google computes for it."""
    kept = tab.cells.get(place, {})
    made = dict(kept)
    if "userEnteredValue" in kept:
        made["effectiveValue"] = effective(kept)
        made["formattedValue"] = formatted(kept)
        if link := LINK.fullmatch(kept["userEnteredValue"].get("formulaValue", "")):
            made["hyperlink"] = link[1].replace('""', '"')
    if "userEnteredFormat" in kept:
        made["effectiveFormat"] = _over(DEFAULT_FORMAT, kept["userEnteredFormat"])
    return made


def _over(below: Obj, above: Obj) -> Obj:
    joined = dict(below)
    for name, value in above.items():
        known = joined.get(name)
        deeper = isinstance(value, dict) and isinstance(known, dict) and "olor" not in name
        joined[name] = _over(known, value) if deeper and known is not None else value
    return joined


def effective(cell: Obj) -> Obj:
    """Give the value of a cell; of formulas only a link's text is known."""
    value: Obj = cell["userEnteredValue"]
    if "formulaValue" not in value:
        return value
    link = LINK.fullmatch(value["formulaValue"])
    return {"stringValue": link[2].replace('""', '"')} if link else NO_ENGINE


def formatted(cell: Obj) -> str:
    """Give the text that people see."""
    value = effective(cell)
    if "numberValue" in value:
        return show_number(value["numberValue"], cell.get("userEnteredFormat", {}).get("numberFormat", {}))
    if "boolValue" in value:
        return "TRUE" if value["boolValue"] else "FALSE"
    return str(value.get("stringValue", "#N/A"))


def show_number(number: float, number_format: Obj) -> str:
    """Give a number in its format; patterns beyond decimals, thousands, percent and dates as they come."""
    kind, pattern = number_format.get("type"), number_format.get("pattern", "")
    if kind in ("DATE", "DATE_TIME", "TIME") and pattern:
        moment = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(seconds=round(number * 86400))
        words = {"yyyy": "%Y", "mm": "%m", "dd": "%d", "hh": "%H", "ss": "%S"}
        minutes = re.sub(r"(?<=:)mm|mm(?=:)", "%M", pattern)
        return moment.strftime(re.sub(r"yyyy|mm|dd|hh|ss", lambda found: words[found[0]], minutes))
    found = re.fullmatch(r'(#,##)?0(?:\.(0+))?(%|"[^"]*")?', pattern)
    if found is None:
        whole = float(number).is_integer() and abs(number) < 1e15
        return str(int(number)) if whole else f"{number:.10g}"
    percent = found[3] == "%"
    places = len(found[2] or "")
    shown = number * 100 if percent else number
    text = f"{shown:,.{places}f}" if found[1] else f"{shown:.{places}f}"
    return text + (found[3] or "").strip('"')


def values(tab: Tab, area: Area, render: str, major: str) -> Obj:
    """Give the plain values of a rectangle as ``values.get`` does: empty ends are left out."""
    used = tab.used()
    rows = []
    for row in range(area.top, min(area.bottom, used.bottom)):
        cells = range(area.left, min(area.right, used.right))
        rows.append([plain(tab.cells.get((row, column), {}), render) for column in cells])
    if major == "COLUMNS":
        rows = [list(column) for column in zip(*rows, strict=True)]
    for entries in rows:
        while entries and entries[-1] == "":
            entries.pop()
    while rows and not rows[-1]:
        rows.pop()
    made: Obj = {"range": a1.name_of(tab.title, area), "majorDimension": major}
    return made | ({"values": rows} if rows else {})


def plain(cell: Obj, render: str = "UNFORMATTED_VALUE") -> Any:
    """Give one cell's value, an empty text for an empty cell."""
    if "userEnteredValue" not in cell:
        return ""
    if render == "FORMATTED_VALUE":
        return formatted(cell)
    if render == "FORMULA" and "formulaValue" in cell["userEnteredValue"]:
        return cell["userEnteredValue"]["formulaValue"]
    value = effective(cell)
    return "#N/A" if "errorValue" in value else next(iter(value.values()))


def chosen_by_ranges(book: Book, ranges: Sequence[str]) -> Selection | None:
    """Give what A1 ranges mean; None for no range at all."""
    return [book.named_area(text) for text in ranges] if ranges else None


def chosen_by_filters(book: Book, filters: Sequence[Obj]) -> Selection:
    """Give what data filters mean."""
    found: list[tuple[Tab, Area]] = []
    for entry in filters:
        if "a1Range" in entry:
            found.append(book.named_area(entry["a1Range"]))
        elif "gridRange" in entry:
            found.append(book.area(entry["gridRange"]))
        else:
            lookup = entry["developerMetadataLookup"]
            if any(matches(known, lookup) for known in book.metadata):
                raise NotEmulated("choosing by metadata of the whole spreadsheet")
            found += [
                (tab, tab.size)
                for tab in book.tabs
                if any(matches(known, lookup) for known in tab.parts["developerMetadata"])
            ]
    if not filters:
        raise Refused("Must specify at least one data filter")
    return found
