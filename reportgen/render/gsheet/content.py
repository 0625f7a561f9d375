"""One tab's content as the interface takes it: values, formats, and the digest that tells whether anything changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from reportgen.render.gsheet.canvas import Area, Canvas
from reportgen.render.gsheet.edits import fingerprints
from reportgen.render.gsheet.identity import digest_of
from reportgen.render.gsheet.looks import cell_format, mask
from reportgen.render.gsheet.rules import condition
from reportgen.render.gsheet.values import Formula, Value, cell_name, typed
from reportgen.render.sheets import sheet_address
from reportgen.render.theme import Theme
from reportgen.spreadsheet import Request

LAYOUT: Final = 1
"""Raised where the same content is to be laid out anew."""
_ROWS_A_RANGE: Final = 1_000
_FEW: Final = 100
"""Formulas that are written one by one."""


def full_grid(canvas: Canvas) -> list[list[Value]]:
    """Give all cells with what people chose and what formulas fill, row by row."""
    grid = canvas.grid()
    for area, _ in canvas.fills:
        for row in range(area.top, area.bottom):
            for column in range(area.left, area.right):
                grid[row][column] = Formula("=")
    return grid


def digest(canvas: Canvas, theme: Theme, font: str) -> str:
    """Give the fingerprint of everything that a tab is to show, what changes by itself left out."""
    grid = canvas.grid()
    for row, column in canvas.left_out:
        grid[row][column] = None
    return digest_of(
        {
            "layout": LAYOUT,
            "font": [font, theme.colors["ink"]],
            "cells": [[typed(value) for value in row] for row in grid],
            "paints": [[area, cell_format(look, theme), mask(look)] for area, look in canvas.paints],
            "charts": [[chart.key, chart.spec] for chart in canvas.charts],
            "rules": [[rule.key, rule.area, condition(rule), rule.format] for rule in canvas.rules],
            "views": [
                [view.key, view.title, view.area, list(view.conditions.items())] for view in canvas.views
            ],
            "names": sorted(
                [*((name, named.area) for name, named in canvas.names.items()), *canvas.moored.items()]
            ),
            "inputs": [[i.row, i.column, i.choices, i.prompt] for i in canvas.inputs],
            "volatile": sorted(canvas.volatile),
            "rest": [canvas.banded, canvas.filter, canvas.fills, canvas.frozen, canvas.fitted, canvas.kind],
        }
    )


def kept_cells(canvas: Canvas, grid: Sequence[Sequence[Value]], more: dict[str, Any]) -> dict[str, Any]:
    """Give what is kept with the tab until the next publication."""
    inputs = [[entry.row, entry.column] for entry in canvas.inputs]
    return {**fingerprints(grid, canvas.left_out), "inputs": inputs, **more}


def refers(canvas: Canvas, others: Sequence[Canvas]) -> bool:
    """Tell whether formulas, drop-downs or charts of a tab read one of the others."""
    if not others:
        return False
    names = [f"{sheet_address(other.title)}!" for other in others if other is not canvas]
    ids = [f"'sheetId': {other.sheet_id}," for other in others if other is not canvas]
    texts = [value.text for value in canvas.cells.values() if isinstance(value, Formula)]
    texts += [formula for _, formula in canvas.fills] + [entry.choices for entry in canvas.inputs]
    charts = [repr(chart.spec) for chart in canvas.charts]
    return any(n in text for n in names for text in texts) or any(i in text for i in ids for text in charts)


def values_request(canvas: Canvas) -> Request:
    """Write all values; formats and notes stay."""
    rows = []
    for row in canvas.grid():
        while row and row[-1] is None:
            row.pop()
        cells = (typed(value) for value in row)
        rows.append({"values": [{} if v is None else {"userEnteredValue": v} for v in cells]} if row else {})
    area = Area(0, 0, canvas.rows, canvas.columns).grid(canvas.sheet_id)
    return {"updateCells": {"range": area, "rows": rows, "fields": "userEnteredValue"}}


def volatile_requests(canvas: Canvas) -> list[Request]:
    """Write the cells that every publication writes."""
    return [_cell_request(canvas, place) for place in sorted(canvas.volatile)]


def _cell_request(canvas: Canvas, place: tuple[int, int]) -> Request:
    row, column = place
    return {
        "updateCells": {
            "range": Area(row, column, row + 1, column + 1).grid(canvas.sheet_id),
            "rows": [{"values": [{"userEnteredValue": typed(canvas.cells.get(place))}]}],
            "fields": "userEnteredValue",
        }
    }


def left_behind(old: tuple[int, int], new: tuple[int, int]) -> list[Area]:
    """Give what was written before, so many rows and columns, and lies outside of the new content.

    What lies outside of both is people's, in the corner between a long old table and a wide new one too.
    """
    found = []
    if old[0] > new[0]:
        found.append(Area(new[0], 0, old[0], max(old[1], 1)))
    if old[1] > new[1]:
        found.append(Area(0, new[1], min(old[0], new[0]), old[1]))
    return [area for area in found if area.bottom > area.top]


def emptied(sheet_id: int, area: Area) -> Request:
    """Empty all values of a range; formats and notes stay."""
    return {"updateCells": {"range": area.grid(sheet_id), "fields": "userEnteredValue"}}


def bulk_ranges(canvas: Canvas) -> list[dict[str, Any]]:
    """Give the values as plain rows, to be written RAW: nothing is read into them; an empty text empties a cell.

    Formulas would stay texts there: their cells are passed over, and `formula_requests` writes them.
    """
    grid, found = canvas.grid(), []
    for top in range(0, len(grid), _ROWS_A_RANGE):
        rows = grid[top : top + _ROWS_A_RANGE]
        area = f"{cell_name(top, 0)}:{cell_name(top + len(rows) - 1, canvas.columns - 1)}"
        found.append(
            {
                "range": f"{sheet_address(canvas.title)}!{area}",
                "majorDimension": "ROWS",
                "values": [[_raw(value) for value in row] for row in rows],
            }
        )
    return found


def _raw(value: Value) -> str | float | bool | None:
    if isinstance(value, Formula):
        return None
    return "" if value is None else value


def formula_requests(canvas: Canvas) -> list[Request]:
    """Write the cells with formulas one by one: a large table has few."""
    formulas = sorted(place for place, value in canvas.cells.items() if isinstance(value, Formula))
    return [_cell_request(canvas, place) for place in formulas]


def fits_bulk(canvas: Canvas) -> bool:
    """Tell whether most of a tab's values can be written as plain rows."""
    formulas = sum(isinstance(value, Formula) for value in canvas.cells.values())
    return canvas.kind != "page" and formulas <= _FEW
