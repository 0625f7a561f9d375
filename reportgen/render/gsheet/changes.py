"""The requests that bring one tab to its content: it is added or kept, never made anew."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from reportgen.language import spoken
from reportgen.render.gsheet.book import Book
from reportgen.render.gsheet.canvas import Area, Canvas
from reportgen.render.gsheet.content import emptied, full_grid, kept_cells, left_behind, values_request
from reportgen.render.gsheet.identity import CELLS_KEY, free_id, tag_text
from reportgen.render.gsheet.looks import cell_format, color_style, mask, reset
from reportgen.render.gsheet.objects import object_requests
from reportgen.render.gsheet.state import FoundTab
from reportgen.spreadsheet import TAB_KEY, Request

SPARE: Final = 1.25
"""A tab that has to grow gets more rows than it needs, so that it need not grow each week."""
LEAST_ROWS: Final = 60
DEFAULT_COLUMN: Final = 100
"""Pixels of a column whose width nobody set."""


@dataclass(slots=True)
class TabChange:
    """What is to be done with one tab."""

    canvas: Canvas
    found: FoundTab | None
    digest: str
    structure: list[Request] = field(default_factory=list)
    """Adds or grows it."""
    values: list[Request] = field(default_factory=list)
    outside: list[Request] = field(default_factory=list)
    """Empties what was written before and is no more: part of *values* too, unless these go another way."""
    looks: list[Request] = field(default_factory=list)
    objects: list[Request] = field(default_factory=list)
    """Charts, names, filters and the like."""
    mark: list[Request] = field(default_factory=list)
    """Says that all of it is done."""
    open_mark: list[Request] = field(default_factory=list)
    """Says that it is not: for a publication in several calls."""


def change_tab(
    book: Book,
    canvas: Canvas,
    found: FoundTab | None,
    digest: str,
    index: int | None,
    reach: tuple[int, int] = (0, 0),
) -> TabChange:
    """Plan the requests of a tab that is new or whose content changed.

    Args:
        book: All tabs of the report.
        canvas: The content.
        found: The tab as it is; None where there is none yet.
        digest: Of the content.
        index: Where a new tab stands.
        reach: Rows and columns that what was written before reaches over now.
    """
    change = TabChange(canvas, found, digest)
    kept = _old_size(found, canvas)
    reach = (min(reach[0], found.rows), min(reach[1], found.columns)) if found else (0, 0)
    old = max(kept[0], reach[0]), max(kept[1], reach[1])
    whole = Area(0, 0, max(old[0], canvas.rows), max(old[1], canvas.columns))
    frozen = canvas.frozen if found is None else _frozen(canvas, found)
    change.structure = [_add(book, canvas, index)] if found is None else _grow(canvas, found, whole, frozen)
    change.structure += _widths(canvas, old[1])
    outside = left_behind(old, (canvas.rows, canvas.columns))
    change.outside = [emptied(canvas.sheet_id, area) for area in outside]
    change.values = [values_request(canvas), *change.outside]
    change.looks = _looks(book, canvas, outside) + _heights(canvas)
    shift = max(reach[0] - kept[0], 0), max(reach[1] - kept[1], 0)
    objects = object_requests(book, canvas, found, shift)
    # of panes that people set, the earlier ones are kept, so that they stay known as theirs
    objects.kept["frozen"] = [
        wanted if chosen == wanted else kept
        for chosen, wanted, kept in zip(frozen, canvas.frozen, _kept_frozen(found), strict=True)
    ]
    change.objects = _validations(canvas, found) + _fills(canvas) + objects.requests
    _marks(book, change, objects.kept, whole)
    return change


def _old_size(found: FoundTab | None, canvas: Canvas) -> tuple[int, int]:
    if found is None:
        return 0, 0
    rows, columns = int(found.cells.get("rows", 0)), int(found.cells.get("columns", 0))
    if not found.cells:  # nothing was kept: all rows may hold something of ours
        rows, columns = found.rows, canvas.columns
    return min(rows, found.rows), min(columns, found.columns)


def _add(book: Book, canvas: Canvas, index: int | None) -> Request:
    grid: dict[str, Any] = {
        "rowCount": max(LEAST_ROWS, int(canvas.rows * SPARE), canvas.rows + 2),
        "columnCount": canvas.columns + 2,
        "frozenRowCount": canvas.frozen[0],
        "frozenColumnCount": canvas.frozen[1],
        "hideGridlines": canvas.kind == "page",
    }
    properties: dict[str, Any] = {"sheetId": canvas.sheet_id, "title": canvas.title, "gridProperties": grid}
    if index is not None:
        properties["index"] = index
    if spoken().direction == "rtl":
        properties["rightToLeft"] = True
    if canvas.kind == "data":
        properties["hidden"] = True
    elif canvas is book.tabs[0]:
        properties["tabColorStyle"] = color_style("focus", book.theme)
    return {"addSheet": {"properties": properties}}


def _kept_frozen(found: FoundTab | None) -> list[int | None]:
    """Give the rows and columns that were frozen by us last; None where nobody kept a record."""
    return list(found.cells.get("frozen", (None, None)) if found else (None, None))


def _frozen(canvas: Canvas, found: FoundTab) -> tuple[int, int]:
    """Choose what stays in sight: what the report wants, except where people froze or freed it themselves."""
    rows, columns = (
        # without a record, what is free was freed by people
        wanted if (held > 0 if kept is None else held == kept) else held
        for held, wanted, kept in zip(found.frozen, canvas.frozen, _kept_frozen(found), strict=True)
    )
    return rows, columns


def _grow(canvas: Canvas, found: FoundTab, whole: Area, frozen: tuple[int, int]) -> list[Request]:
    """Make a tab larger where it has to be, never smaller: what stands further out is people's."""
    grid, names = {}, []
    turned = spoken().direction == "rtl"
    if whole.bottom > found.rows:
        grid["rowCount"] = max(whole.bottom, int(whole.bottom * SPARE))
        names.append("rowCount")
    if whole.right > found.columns:
        grid["columnCount"] = whole.right + 2
        names.append("columnCount")
    for name, held, wanted in zip(("frozenRowCount", "frozenColumnCount"), found.frozen, frozen, strict=True):
        if held != wanted:
            grid[name] = wanted
            names.append(name)
    paths = [f"gridProperties.{name}" for name in names]
    properties: dict[str, Any] = {"sheetId": canvas.sheet_id}
    if grid:
        properties["gridProperties"] = grid
    if turned != found.turned:  # the report is told in another language now
        properties["rightToLeft"] = turned
        paths.append("rightToLeft")
    if not paths:
        return []
    return [{"updateSheetProperties": {"properties": properties, "fields": ",".join(paths)}}]


def _widths(canvas: Canvas, old_columns: int) -> list[Request]:
    """Set the widths of new columns; those that were there have the width that people like."""
    return [
        {
            "updateDimensionProperties": {
                "range": {
                    "sheetId": canvas.sheet_id,
                    "dimension": "COLUMNS",
                    "startIndex": column,
                    "endIndex": column + 1,
                },
                "properties": {"pixelSize": width},
                "fields": "pixelSize",
            }
        }
        for column, width in sorted(canvas.widths.items())
        if column >= old_columns and width != DEFAULT_COLUMN
    ]


def _looks(book: Book, canvas: Canvas, outside: list[Area]) -> list[Request]:
    cell, fields = reset(canvas.plain, book.font, book.theme)
    ours = [Area(0, 0, canvas.rows, canvas.columns), *outside]
    requests: list[Request] = [_repeat(canvas, area, {"userEnteredFormat": cell}, fields) for area in ours]
    requests += [
        _repeat(canvas, area, {"userEnteredFormat": cell_format(look, book.theme)}, mask(look))
        for area, look in canvas.paints
        if mask(look)
    ]
    return requests


def _heights(canvas: Canvas) -> list[Request]:
    """Let rows be as high as large letters and wrapped texts need it."""
    if not canvas.fitted:
        return []
    rows = {"sheetId": canvas.sheet_id, "dimension": "ROWS", "startIndex": 0, "endIndex": canvas.fitted}
    return [{"autoResizeDimensions": {"dimensions": rows}}]


def _repeat(canvas: Canvas, area: Area, cell: dict[str, Any], fields: str) -> Request:
    return {"repeatCell": {"range": area.grid(canvas.sheet_id), "cell": cell, "fields": fields}}


def _fills(canvas: Canvas) -> list[Request]:
    return [
        _repeat(canvas, area, {"userEnteredValue": {"formulaValue": formula}}, "userEnteredValue")
        for area, formula in canvas.fills
    ]


def _validations(canvas: Canvas, found: FoundTab | None) -> list[Request]:
    places = {(entry.row, entry.column) for entry in canvas.inputs}
    before = [] if found is None else found.cells.get("inputs", ())
    requests: list[Request] = [
        {"setDataValidation": {"range": Area(row, column, row + 1, column + 1).grid(canvas.sheet_id)}}
        for row, column in before
        if (row, column) not in places
    ]
    for entry in canvas.inputs:
        rule = {
            "condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": f"={entry.choices}"}]},
            "inputMessage": entry.prompt,
            "strict": True,
            "showCustomUi": True,
        }
        area = Area(entry.row, entry.column, entry.row + 1, entry.column + 1)
        requests.append({"setDataValidation": {"range": area.grid(canvas.sheet_id), "rule": rule}})
    return requests


def _marks(book: Book, change: TabChange, kept: dict[str, Any], whole: Area) -> None:
    canvas, found = change.canvas, change.found
    grid = full_grid(canvas)
    cells = json.dumps(kept_cells(canvas, grid, kept), separators=(",", ":"))
    tag = partial(tag_text, book.report, canvas.key)
    taken = book.inventory.taken
    tag_id = found.tag_id if found else free_id(book.report, canvas.key, "mark", taken)
    cells_id = found.cells_id if found else None
    open_cells = json.dumps({"rows": whole.bottom, "columns": whole.right, **kept}, separators=(",", ":"))
    if found is None:
        change.open_mark.append(_create(canvas, TAB_KEY, tag_id, tag("")))
        change.mark.append(_create(canvas, TAB_KEY, tag_id, tag(change.digest)))
    else:
        change.open_mark.append(_update(tag_id, tag("")))
        change.mark.append(_update(tag_id, tag(change.digest)))
    if cells_id is None:
        cells_id = free_id(book.report, canvas.key, "cells", taken)
        change.open_mark.append(_create(canvas, CELLS_KEY, cells_id, open_cells))
        change.mark.insert(0, _create(canvas, CELLS_KEY, cells_id, cells))
    else:
        change.open_mark.append(_update(cells_id, open_cells))
        change.mark.insert(0, _update(cells_id, cells))


def closing_marks(change: TabChange) -> list[Request]:
    """Give the marks for a tab whose open marks are there already."""
    return [_as_update(request) for request in change.mark]


def _as_update(request: Request) -> Request:
    made = request.get("createDeveloperMetadata")
    if made is None:
        return request
    entry = made["developerMetadata"]
    return _update(entry["metadataId"], entry["metadataValue"])


def _create(canvas: Canvas, key: str, metadata_id: int, value: str) -> Request:
    entry = {
        "metadataId": metadata_id,
        "metadataKey": key,
        "metadataValue": value,
        "visibility": "DOCUMENT",  # what only the signed-in project sees is lost with another sign-in
        "location": {"sheetId": canvas.sheet_id},
    }
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


def _update(metadata_id: int, value: str) -> Request:
    return {
        "updateDeveloperMetadata": {
            "dataFilters": [{"developerMetadataLookup": {"metadataId": metadata_id}}],
            "developerMetadata": {"metadataValue": value},
            "fields": "metadataValue",
        }
    }
