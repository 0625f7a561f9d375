"""Requests about cells: values, formats, merges, borders, validation."""

from __future__ import annotations

import re

from tests.fakes.google import masks
from tests.fakes.google.a1 import Area
from tests.fakes.google.batch import Batch, Handler
from tests.fakes.google.book import MAX_CHARACTERS, Cell, Tab, number
from tests.fakes.google.masks import Mask
from tests.fakes.google.refusals import NotEmulated, Refused
from tests.fakes.google.schema import Obj

EDGES = ("top", "bottom", "left", "right")


def check_value(value: Obj) -> None:
    """Refuse a text that is longer than a cell takes."""
    text: str = value.get("stringValue") or value.get("formulaValue") or ""
    if len(text) > MAX_CHARACTERS:
        raise Refused(
            f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell."
        )


def write(tab: Tab, cell: Cell, source: Obj, mask: Mask) -> None:
    """Write the masked fields of one cell; a new value takes the runs of its text with it."""
    before = tab.cells.get(cell, {})
    made = masks.patch(before, source, mask)
    if "userEnteredValue" in mask and "textFormatRuns" not in mask:
        made.pop("textFormatRuns", None)
    if made.get("userEnteredValue") == {} or made.get("userEnteredValue") == {"stringValue": ""}:
        del made["userEnteredValue"]
    if made:
        tab.cells[cell] = made
    else:
        tab.cells.pop(cell, None)


def update_cells(batch: Batch, request: Obj) -> None:
    """Write rows of cells; what *range* covers beyond them loses the masked fields."""
    mask = batch.mask("CellData", request)
    rows = request.get("rows", [])
    if "range" in request:
        tab, area = batch.book.area(request["range"])
    else:
        start = request["start"]
        tab = batch.book.tab(start.get("sheetId"))
        area = Area(
            number(start.get("rowIndex")), tab.size.bottom, number(start.get("columnIndex")), tab.size.right
        )
    written: set[Cell] = set()
    for down, row in enumerate(rows):
        for across, source in enumerate(row.get("values", [])):
            place = (area.top + down, area.left + across)
            if place[0] >= area.bottom:
                raise Refused(
                    f"Attempting to write row: {place[0]}, beyond the last requested row of: {area.bottom - 1}"
                )
            if place[1] >= area.right:
                raise Refused(
                    f"Attempting to write column: {place[1]}, beyond the last requested column of: {area.right - 1}"
                )
            check_value(source.get("userEnteredValue") or {})
            write(tab, place, batch.kept("CellData", source), mask)
            written.add(place)
    if "range" in request:
        inside = (
            cell
            for cell in tab.cells
            if area.top <= cell[0] < area.bottom and area.left <= cell[1] < area.right
        )
        for place in [cell for cell in inside if cell not in written]:
            write(tab, place, {}, mask)


def repeat_cell(batch: Batch, request: Obj) -> None:
    """Write one cell's masked fields into every cell of a range."""
    mask = batch.mask("CellData", request)
    tab, area = batch.book.area(request.get("range"))
    source = batch.kept("CellData", request.get("cell", {}))
    formula = source.get("userEnteredValue", {}).get("formulaValue", "")
    if re.search(r"(?<![$\w])[A-Z]{1,3}\$?\d", formula) and len(area.cells()) > 1:
        raise NotEmulated("a formula with relative references that is repeated")
    check_value(source.get("userEnteredValue", {}))
    for place in area.cells():
        write(tab, place, source, mask)


def set_data_validation(batch: Batch, request: Obj) -> None:
    """Set or clear the rule of every cell of a range."""
    tab, area = batch.book.area(request.get("range"))
    source = (
        {"dataValidation": batch.kept("DataValidationRule", request["rule"])} if "rule" in request else {}
    )
    for place in area.cells():
        write(tab, place, source, {"dataValidation": {}})


def merge_cells(batch: Batch, request: Obj) -> None:
    """Merge a range as a whole, by columns or by rows."""
    tab, area = batch.book.area(request.get("range"))
    kind = request.get("mergeType", "MERGE_ALL")
    pieces = [area]
    if kind == "MERGE_ROWS":
        pieces = [Area(row, row + 1, area.left, area.right) for row in range(area.top, area.bottom)]
    elif kind == "MERGE_COLUMNS":
        pieces = [Area(area.top, area.bottom, column, column + 1) for column in range(area.left, area.right)]
    grid = tab.properties["gridProperties"]
    frozen_rows, frozen_columns = grid.get("frozenRowCount", 0), grid.get("frozenColumnCount", 0)
    if area.top < frozen_rows < area.bottom or area.left < frozen_columns < area.right:
        raise Refused("You can't merge frozen and non-frozen rows or columns")
    for entry in list(tab.parts["merges"]):
        other = tab.area(entry)
        if area.holds(other):
            tab.parts["merges"].remove(entry)
        elif area.meets(other):
            raise Refused("You must select all cells in a merged range to merge or unmerge them.")
    for piece in pieces:
        if len(piece.cells()) > 1:
            tab.parts["merges"].append(as_range(tab, piece))
            for place in piece.cells()[1:]:
                write(tab, place, {}, {"userEnteredValue": {}})


def unmerge_cells(batch: Batch, request: Obj) -> None:
    """Part every merged range inside a range."""
    tab, area = batch.book.area(request.get("range"))
    for entry in list(tab.parts["merges"]):
        other = tab.area(entry)
        if area.holds(other):
            tab.parts["merges"].remove(entry)
        elif area.meets(other):
            raise Refused("You must select all cells in a merged range to merge or unmerge them.")


def as_range(tab: Tab, area: Area) -> Obj:
    """Give a rectangle as a GridRange."""
    return {
        "sheetId": tab.id,
        "startRowIndex": area.top,
        "endRowIndex": area.bottom,
        "startColumnIndex": area.left,
        "endColumnIndex": area.right,
    }


def update_borders(batch: Batch, request: Obj) -> None:
    """Draw the outer and the inner borders of a range; a border that is not named stays."""
    tab, area = batch.book.area(request.get("range"))
    given = batch.kept("UpdateBordersRequest", request)
    for row, column in area.cells():
        edges: Obj = {}
        on_edge = {
            "top": row == area.top,
            "bottom": row == area.bottom - 1,
            "left": column == area.left,
            "right": column == area.right - 1,
        }
        for edge in EDGES:
            inner = "innerHorizontal" if edge in ("top", "bottom") else "innerVertical"
            border = given.get(edge if on_edge[edge] else inner)
            if border is not None:
                edges[edge] = {} if border.get("style") == "NONE" else border
        mask: Mask = {"userEnteredFormat": {"borders": {edge: {} for edge in edges}}}
        if edges:
            kept = {edge: border for edge, border in edges.items() if border}
            write(tab, (row, column), {"userEnteredFormat": {"borders": kept}}, mask)


HANDLERS: dict[str, Handler] = {
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "setDataValidation": set_data_validation,
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
    "updateBorders": update_borders,
}
