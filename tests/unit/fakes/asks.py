"""Requests as tests of the fake of Google write them, on the tab with the id 7."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.google.refusals import ApiError
from tests.fakes.google.world import SheetWorld

Obj = dict[str, Any]
TAB = 7
START = {"sheetId": TAB, "rowIndex": 0, "columnIndex": 0}
ANCHOR = {"overlayPosition": {"anchorCell": {"sheetId": TAB, "rowIndex": 0, "columnIndex": 4}}}


def area(top: int, bottom: int, left: int, right: int) -> Obj:
    rows = {"startRowIndex": top, "endRowIndex": bottom}
    return rows | {"sheetId": TAB, "startColumnIndex": left, "endColumnIndex": right}


def drawn(column: int, rows: int = 5) -> Obj:
    return {"sourceRange": {"sources": [area(0, rows, column, column + 1)]}}


def write(*cells: Obj, fields: str = "userEnteredValue", **where: Obj) -> Obj:
    return {
        "updateCells": {"rows": [{"values": list(cells)}], "fields": fields} | (where or {"start": START})
    }


def look(fields: str, **cell: Any) -> Obj:
    return {"repeatCell": {"range": area(0, 2, 0, 2), "cell": cell, "fields": fields}}


def chart(**spec: Any) -> Obj:
    return {"addChart": {"chart": {"chartId": 3, "spec": spec, "position": ANCHOR}}}


def basic(kind: str = "LINE", **more: Any) -> Obj:
    series = [{"series": drawn(1)} | more.pop("one", {})]
    return chart(basicChart={"chartType": kind, "domains": [{"domain": drawn(0)}], "series": series} | more)


def rule(**more: Any) -> Obj:
    return {"addConditionalFormatRule": {"rule": {"ranges": [area(0, 2, 0, 1)]} | more}}


def when(kind: str, *values: str, **look: Any) -> Obj:
    condition = {"type": kind, "values": [{"userEnteredValue": value} for value in values]}
    return rule(booleanRule={"condition": condition, "format": look})


def banding(**rows: Any) -> Obj:
    return {
        "addBanding": {"bandedRange": {"bandedRangeId": 3, "range": area(0, 5, 0, 2), "rowProperties": rows}}
    }


def tab(fields: str, **properties: Any) -> Obj:
    return {"updateSheetProperties": {"properties": {"sheetId": TAB} | properties, "fields": fields}}


def mark(**more: Any) -> Obj:
    content = {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": TAB}} | more
    return {"createDeveloperMetadata": {"developerMetadata": content}}


def named(name: str = "runs", **more: Any) -> Obj:
    return {"addNamedRange": {"namedRange": {"name": name, "range": area(0, 5, 0, 2)} | more}}


TEXT = {"userEnteredValue": {"stringValue": "some text"}}
WHITE = {"red": 1.0, "green": 1.0, "blue": 1.0}
BOLD = {"textFormat": {"bold": True}}


def refusal(world: SheetWorld, *requests: Obj) -> str:
    """Give the message of a batch that must be refused, and see that nothing of it was done."""
    before = world.read()
    with pytest.raises(ApiError) as caught:
        world.batch(*requests)
    assert caught.value.status == 400
    assert caught.value.body["error"]["status"] == "INVALID_ARGUMENT"
    assert world.read() == before
    return str(caught.value.body["error"]["message"])
