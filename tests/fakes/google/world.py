"""A spreadsheet and the people who work in it: the same for the fake and for a real one.

A scenario takes a `SheetWorld`, publishes with its environment, and lets people do things meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from tests.fakes.google import a1

Obj = dict[str, Any]
Call = Callable[[str, str, Obj | None], Obj]
"""(verb, path with query, body) → answer, in the name of a person who may edit the spreadsheet."""

PEOPLE_TAB = "Bo's notes"
FORMULA = "=SUM(B2:B3)"


@dataclass(frozen=True, slots=True)
class SheetWorld:
    """One spreadsheet that a person made and shared with the publisher."""

    spreadsheet_id: str
    environment: Mapping[str, str]
    """What a program needs in its environment to reach it."""
    call: Call

    def read(self, fields: str = "*", **query: str) -> Obj:
        """Give the spreadsheet, or the part that a mask names."""
        asked = urlencode({"fields": fields} | query)
        return self.call("GET", f"/v4/spreadsheets/{self.spreadsheet_id}?{asked}", None)

    def batch(self, *requests: Obj) -> list[Obj]:
        """Do something as a person, and give the replies."""
        path = f"/v4/spreadsheets/{self.spreadsheet_id}:batchUpdate"
        replies: list[Obj] = self.call("POST", path, {"requests": list(requests)})["replies"]
        return replies

    def titles(self) -> list[str]:
        """Give the tabs in their order."""
        return [sheet["properties"]["title"] for sheet in self.read("sheets.properties.title")["sheets"]]

    def ours(self) -> list[str]:
        """Give the tabs that a publisher made, in their order."""
        sheets = self.read("sheets(properties.title,developerMetadata.metadataKey)")["sheets"]
        return [sheet["properties"]["title"] for sheet in sheets if _is_ours(sheet)]

    def clear(self) -> None:
        """Leave nothing but one empty tab."""
        whole = self.read("namedRanges.namedRangeId,sheets.properties.sheetId")
        fresh = self.batch({"addSheet": {}})[0]["addSheet"]["properties"]["sheetId"]
        old = [sheet["properties"]["sheetId"] for sheet in whole["sheets"]]
        names = whole.get("namedRanges", [])
        self.batch(
            *({"deleteNamedRange": {"namedRangeId": name["namedRangeId"]}} for name in names),
            *({"deleteSheet": {"sheetId": tab}} for tab in old),
            {
                "updateSheetProperties": {
                    "properties": {"sheetId": fresh, "title": "Sheet1"},
                    "fields": "title",
                }
            },
        )

    def tab_id(self, title: str) -> int:
        """Give the id of a tab."""
        sheets = self.read("sheets.properties(sheetId,title)")["sheets"]
        return next(
            int(sheet["properties"]["sheetId"]) for sheet in sheets if sheet["properties"]["title"] == title
        )

    def grid(self, title: str) -> list[list[Any]]:
        """Give the plain values of a tab, row by row; an empty cell is an empty text."""
        path = f"/v4/spreadsheets/{self.spreadsheet_id}/values/{quote(a1.quoted(title), safe='')}"
        rows: list[list[Any]] = self.call("GET", f"{path}?valueRenderOption=UNFORMATTED_VALUE", None).get(
            "values", []
        )
        return rows

    def cell(self, title: str, cell: str) -> Any:
        """Give one plain value, such as that of ``B7``; an empty text where there is none."""
        place = a1.bounds(cell)
        assert place is not None
        rows, row, column = self.grid(title), place["startRowIndex"], place["startColumnIndex"]
        return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""

    def write(self, title: str, cell: str, value: str | float | bool | None) -> None:
        """Type something into a cell; a text that begins with ``=`` is a formula, None empties it."""
        place = a1.bounds(cell)
        assert place is not None
        start = {"rowIndex": place["startRowIndex"], "columnIndex": place["startColumnIndex"]}
        rows = [{"values": [{"userEnteredValue": _typed(value)}]}]
        where = start | {"sheetId": self.tab_id(title)}
        self.batch({"updateCells": {"start": where, "rows": rows, "fields": "userEnteredValue"}})

    def add_tab(self, title: str, rows: list[list[str | float | bool | None]] | None = None) -> int:
        """Add a tab of a person, with some values."""
        reply = self.batch({"addSheet": {"properties": {"title": title}}})[0]
        tab_id = int(reply["addSheet"]["properties"]["sheetId"])
        if rows:
            data = [{"values": [{"userEnteredValue": _typed(value)} for value in row]} for row in rows]
            start = {"sheetId": tab_id, "rowIndex": 0, "columnIndex": 0}
            self.batch({"updateCells": {"start": start, "rows": data, "fields": "userEnteredValue"}})
        return tab_id

    def rename(self, title: str, new: str) -> None:
        """Call a tab something else."""
        properties = {"sheetId": self.tab_id(title), "title": new}
        self.batch({"updateSheetProperties": {"properties": properties, "fields": "title"}})

    def move(self, title: str, index: int) -> None:
        """Drag a tab; the index is meant before the move."""
        properties = {"sheetId": self.tab_id(title), "index": index}
        self.batch({"updateSheetProperties": {"properties": properties, "fields": "index"}})

    def delete(self, title: str) -> None:
        """Delete a tab."""
        self.batch({"deleteSheet": {"sheetId": self.tab_id(title)}})

    def duplicate(self, title: str, new: str) -> None:
        """Copy a tab by hand."""
        self.batch({"duplicateSheet": {"sourceSheetId": self.tab_id(title), "newSheetName": new}})

    def seed_people(self, title: str = PEOPLE_TAB) -> None:
        """Make a tab as people have it: notes, a formula, a filter view, a name, a rule, a chart, a mark."""
        tab = self.add_tab(title, [["Run", "Score"], ["mine", 1], ["yours", 2.5], ["both", FORMULA]])
        self.batch(*_belongings(tab))

    def people(self) -> Obj:
        """Give everything of the tabs, names and properties that no reportgen made: equal before and after."""
        whole = self.read("properties(title,locale,timeZone),namedRanges,developerMetadata,sheets")
        theirs = [sheet for sheet in whole["sheets"] if not _is_ours(sheet)]
        for place, sheet in enumerate(theirs):
            # where it stands among the tabs is its own only in relation to other tabs of people
            sheet["properties"]["index"] = place
        ids = {sheet["properties"]["sheetId"] for sheet in theirs}
        names = [entry for entry in whole.get("namedRanges", []) if entry["range"].get("sheetId", 0) in ids]
        return {"properties": whole["properties"], "sheets": theirs, "namedRanges": names}

    def structure(self) -> Obj:
        """Give ids, titles, sizes and counts, not values: equal after a second publish of the same."""
        parts = "charts(chartId,position),bandedRanges,protectedRanges,filterViews,conditionalFormats,merges"
        mask = f"namedRanges,sheets(properties,developerMetadata(metadataId,metadataKey),basicFilter,{parts})"
        return self.read(mask)


def _is_ours(sheet: Obj) -> bool:
    return any(entry["metadataKey"] == "reportgen.tab" for entry in sheet.get("developerMetadata", []))


def _typed(value: str | float | bool | None) -> Obj:
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"formulaValue" if value.startswith("=") else "stringValue": value}
    return {"numberValue": value}


def _belongings(tab: int) -> list[Obj]:
    table = {"sheetId": tab, "startRowIndex": 0, "endRowIndex": 4, "startColumnIndex": 0, "endColumnIndex": 2}
    numbers = table | {"startRowIndex": 1, "startColumnIndex": 1}
    note = {"note": "Ask Bo before you change this", "userEnteredFormat": {"textFormat": {"bold": True}}}
    rule = {
        "ranges": [numbers],
        "booleanRule": {
            "condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "2"}]},
            "format": {"backgroundColor": {"green": 0.5}},
        },
    }
    chart = {
        "spec": {
            "title": "Bo's chart",
            "basicChart": {
                "chartType": "COLUMN",
                "headerCount": 1,
                "domains": [{"domain": _column(tab, 0)}],
                "series": [{"series": _column(tab, 1), "targetAxis": "LEFT_AXIS"}],
            },
        },
        "position": {"overlayPosition": {"anchorCell": {"sheetId": tab, "rowIndex": 5, "columnIndex": 0}}},
    }
    metadata = {
        "metadataKey": "someone.else",
        "metadataValue": "theirs",
        "visibility": "DOCUMENT",
        "location": {"sheetId": tab},
    }
    return [
        {
            "repeatCell": {
                "range": table | {"endRowIndex": 1},
                "cell": note,
                "fields": "note,userEnteredFormat.textFormat.bold",
            }
        },
        {"addFilterView": {"filter": {"title": "Mine only", "range": table}}},
        {"addNamedRange": {"namedRange": {"name": "scores_of_bo", "range": numbers}}},
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"addChart": {"chart": chart}},
        {"createDeveloperMetadata": {"developerMetadata": metadata}},
    ]


def _column(tab: int, column: int) -> Obj:
    source = {"sheetId": tab, "startRowIndex": 0, "endRowIndex": 3}
    return {"sourceRange": {"sources": [source | {"startColumnIndex": column, "endColumnIndex": column + 1}]}}
