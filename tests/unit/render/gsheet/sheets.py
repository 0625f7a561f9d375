"""A spreadsheet in memory that takes the plan's requests, strictly: what it does not know or cannot hold is an error."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from reportgen.config import ThemeConfig
from reportgen.document import Report
from reportgen.render.gsheet import STATE_FIELDS, plan_sheet
from reportgen.render.theme import load_theme
from reportgen.spreadsheet import TAB_KEY, SheetPlan, SheetState

THEME = load_theme(ThemeConfig())
PEOPLE = 77


class Tab:
    """One tab."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        self.properties = copy.deepcopy(dict(properties))
        self.cells: dict[tuple[int, int], dict[str, Any]] = {}
        self.formats: list[Mapping[str, Any]] = []
        self.validations: dict[tuple[int, int], Any] = {}
        self.widths: dict[int, int] = {}
        self.parts: dict[str, list[dict[str, Any]]] = {
            key: []
            for key in (
                "developerMetadata", "charts", "bandedRanges", "protectedRanges", "conditionalFormats", "filterViews",
            )
        }  # fmt: skip
        self.filter: dict[str, Any] | None = None

    @property
    def id(self) -> int:
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    @property
    def size(self) -> tuple[int, int]:
        grid = self.properties["gridProperties"]
        return grid["rowCount"], grid["columnCount"]

    def text(self, row: int, column: int = 0) -> str:
        """Give what stands in a cell, as text; rows and columns count from 0."""
        held = self.cells.get((row, column))
        return "" if held is None else str(next(iter(held.values())))

    def column(self, column: int = 0) -> list[str]:
        """Give a column's cells as text."""
        last = max((row for row, _ in self.cells), default=-1)
        return [self.text(row, column) for row in range(last + 1)]

    def find(self, text: str) -> tuple[int, int]:
        """Give the first cell with this text."""
        return min(place for place, held in self.cells.items() if next(iter(held.values())) == text)


class Spreadsheet:
    """The whole of it; a tab of people's own is there from the beginning."""

    def __init__(self, zone: str = "Europe/Berlin", titles: Sequence[str] = ("Our notes",)) -> None:
        self.zone = zone
        self.tabs: list[Tab] = []
        self.names: list[dict[str, Any]] = []
        self.kinds: list[str] = []
        for number, title in enumerate(titles):
            grid = {"rowCount": 50, "columnCount": 8}
            tab = Tab({"sheetId": PEOPLE + number, "title": title, "gridProperties": grid})
            tab.cells[0, 0] = {"stringValue": "hands off"}
            self.tabs.append(tab)

    def publish(self, report: Report, *, edits: bool = True) -> SheetPlan:
        """Read, plan and carry out."""
        plan = plan_sheet(report, THEME, self.state(edits=edits))
        json.dumps([plan.requests, plan.bulk, plan.finishing], allow_nan=False)
        self.apply(plan.requests)
        for entry in plan.bulk:
            self._write_raw(entry)
        self.apply(plan.finishing)
        return plan

    def state(self, *, edits: bool = True) -> SheetState:
        """Give what the two calls read."""
        sheets = []
        for index, tab in enumerate(self.tabs):
            entry: dict[str, Any] = {"properties": {**tab.properties, "index": index}}
            entry |= {key: copy.deepcopy(found) for key, found in tab.parts.items() if found}
            if tab.filter:
                entry["basicFilter"] = tab.filter
            sheets.append(entry)
        whole = {
            "properties": {"title": "t", "timeZone": self.zone},
            "sheets": sheets,
            "namedRanges": self.names,
        }
        assert set(re.findall(r"\w+", STATE_FIELDS)) >= {key for entry in sheets for key in entry}
        return SheetState(copy.deepcopy(whole), self._grids() if edits else None)

    def _grids(self) -> Any:
        grids = {}
        for tab in self.tabs:
            if not any(entry["metadataKey"] == TAB_KEY for entry in tab.parts["developerMetadata"]):
                continue
            last = max((row for row, _ in tab.cells), default=-1)
            wide = max((column for _, column in tab.cells), default=-1)
            grids[tab.id] = tuple(
                tuple(tab.cells.get((row, column)) for column in range(wide + 1)) for row in range(last + 1)
            )
        return grids

    def tab(self, title: str) -> Tab:
        """Find a tab by title."""
        return next(tab for tab in self.tabs if tab.title == title)

    def by_id(self, sheet_id: int) -> Tab:
        """Find a tab by id."""
        return next(tab for tab in self.tabs if tab.id == sheet_id)

    def people(self) -> str:
        """Give everything of people's tabs in one text, to be compared."""
        own = [tab for tab in self.tabs if PEOPLE <= tab.id < PEOPLE + 10]
        return repr([(tab.properties, tab.cells, tab.parts, tab.filter, tab.widths) for tab in own])

    def structure(self) -> str:
        """Give ids, titles, sizes and counts, which a second publication must not change."""
        tabs = [
            (
                tab.properties,
                tab.filter,
                [[sorted(e.items(), key=str) for e in found] for found in tab.parts.values()],
            )
            for tab in self.tabs
        ]
        return repr((tabs, sorted(map(str, self.names))))

    # requests

    def apply(self, requests: Sequence[Mapping[str, Any]]) -> None:
        """Carry out a batch."""
        for request in requests:
            ((kind, body),) = request.items()
            self.kinds.append(kind)
            getattr(self, "_" + re.sub("([A-Z])", r"_\1", kind).lower())(body)

    def _at(self, area: Mapping[str, Any]) -> tuple[Tab, range, range]:
        tab = self.by_id(area["sheetId"])
        rows = range(area.get("startRowIndex", 0), area.get("endRowIndex", tab.size[0]))
        columns = range(area.get("startColumnIndex", 0), area.get("endColumnIndex", tab.size[1]))
        assert len(rows) > 0 < len(columns), area
        assert rows.stop <= tab.size[0], (area, tab.size)
        assert columns.stop <= tab.size[1], (area, tab.size)
        return tab, rows, columns

    def _add_sheet(self, body: Mapping[str, Any]) -> None:
        properties = dict(body["properties"])
        assert properties["sheetId"] not in {tab.id for tab in self.tabs}
        assert properties["title"].casefold() not in {tab.title.casefold() for tab in self.tabs}
        assert 0 < len(properties["title"]) <= 100
        self.tabs.insert(properties.pop("index", len(self.tabs)), Tab(properties))

    def _update_sheet_properties(self, body: Mapping[str, Any]) -> None:
        tab, grid = self.by_id(body["properties"]["sheetId"]), body["properties"].get("gridProperties", {})
        fields = set(body["fields"].split(","))
        assert fields == {f"gridProperties.{name}" for name in grid} | (fields & {"rightToLeft"})
        if "rightToLeft" in fields:
            tab.properties["rightToLeft"] = body["properties"]["rightToLeft"]
        assert grid.get("rowCount", tab.size[0]) >= tab.size[0]
        tab.properties["gridProperties"].update(grid)

    def _update_cells(self, body: Mapping[str, Any]) -> None:
        tab, rows, columns = self._at(body["range"])
        assert body["fields"] == "userEnteredValue"
        given = body.get("rows", [])
        assert len(given) <= len(rows)
        for offset, row in enumerate(rows):
            values = given[offset].get("values", []) if offset < len(given) else []
            assert len(values) <= len(columns)
            for place, column in enumerate(columns):
                held = values[place].get("userEnteredValue") if place < len(values) else None
                self._put(tab, (row, column), held)

    def _put(self, tab: Tab, place: tuple[int, int], held: Mapping[str, Any] | None) -> None:
        if not held:
            tab.cells.pop(place, None)
            return
        ((kind, value),) = held.items()
        assert kind in {"stringValue", "numberValue", "boolValue", "formulaValue"}
        if kind == "stringValue":
            assert len(value) <= 50_000
            value.encode()
        if kind == "formulaValue":
            assert value.startswith("=")
            plain = re.sub(r"""("[^"]*"|'[^']*')""", "", value)
            assert not re.search(r"[,{}]|\d\.\d", plain), value  # would be read otherwise in another locale
        tab.cells[place] = {kind: value}

    def _write_raw(self, entry: Mapping[str, Any]) -> None:
        title, _, area = entry["range"].rpartition("!")
        tab = self.tab(title[1:-1].replace("''", "'"))
        found = re.fullmatch(r"A(\d+):[A-Z]+(\d+)", area)
        assert found
        assert int(found[2]) <= tab.size[0]
        for row, values in enumerate(entry["values"], int(found[1]) - 1):
            for column, value in enumerate(values):
                if value is None:
                    continue  # passed over, as Google does
                kind = "boolValue" if isinstance(value, bool) else "numberValue"
                held = {"stringValue": value} if isinstance(value, str) else {kind: value}
                self._put(tab, (row, column), held if value != "" else None)

    def _repeat_cell(self, body: Mapping[str, Any]) -> None:
        tab, rows, columns = self._at(body["range"])
        if body["fields"] == "userEnteredValue":
            for row in rows:
                for column in columns:
                    self._put(tab, (row, column), body["cell"]["userEnteredValue"])
            return
        assert all(path.startswith("userEnteredFormat.") for path in body["fields"].split(",")), body[
            "fields"
        ]
        tab.formats.append(body)

    def _update_dimension_properties(self, body: Mapping[str, Any]) -> None:
        tab = self.by_id(body["range"]["sheetId"])
        for column in range(body["range"]["startIndex"], body["range"]["endIndex"]):
            tab.widths[column] = body["properties"]["pixelSize"]

    def _auto_resize_dimensions(self, body: Mapping[str, Any]) -> None:
        rows = body["dimensions"]
        assert rows["dimension"] == "ROWS"
        assert 0 < rows["endIndex"] <= self.by_id(rows["sheetId"]).size[0]

    def _set_data_validation(self, body: Mapping[str, Any]) -> None:
        tab, rows, columns = self._at(body["range"])
        for row in rows:
            for column in columns:
                tab.validations[row, column] = body.get("rule")

    def _add(self, part: str, key: str, entry: Mapping[str, Any], tab: Tab) -> None:
        assert entry[key] not in {e[key] for t in self.tabs for e in t.parts[part]}
        tab.parts[part].append(copy.deepcopy(dict(entry)))

    def _entry(self, part: str, key: str, value: int) -> dict[str, Any]:
        return next(e for t in self.tabs for e in t.parts[part] if e[key] == value)

    def _add_banding(self, body: Mapping[str, Any]) -> None:
        tab, _, _ = self._at(body["bandedRange"]["range"])
        self._add("bandedRanges", "bandedRangeId", body["bandedRange"], tab)

    def _update_banding(self, body: Mapping[str, Any]) -> None:
        self._at(body["bandedRange"]["range"])
        self._entry("bandedRanges", "bandedRangeId", body["bandedRange"]["bandedRangeId"]).update(
            body["bandedRange"]
        )

    def _delete_banding(self, body: Mapping[str, Any]) -> None:
        for tab in self.tabs:
            found = tab.parts["bandedRanges"]
            tab.parts["bandedRanges"] = [e for e in found if e["bandedRangeId"] != body["bandedRangeId"]]

    def _add_protected_range(self, body: Mapping[str, Any]) -> None:
        entry = body["protectedRange"]
        assert entry["warningOnly"] is True
        self._add("protectedRanges", "protectedRangeId", entry, self.by_id(entry["range"]["sheetId"]))

    def _update_protected_range(self, body: Mapping[str, Any]) -> None:
        entry = body["protectedRange"]
        self._entry("protectedRanges", "protectedRangeId", entry["protectedRangeId"]).update(entry)

    def _add_conditional_format_rule(self, body: Mapping[str, Any]) -> None:
        tab, _, _ = self._at(body["rule"]["ranges"][0])
        assert body["index"] <= len(tab.parts["conditionalFormats"])
        tab.parts["conditionalFormats"].insert(body["index"], dict(body["rule"]))

    def _update_conditional_format_rule(self, body: Mapping[str, Any]) -> None:
        self.by_id(body["sheetId"]).parts["conditionalFormats"][body["index"]] = dict(body["rule"])

    def _delete_conditional_format_rule(self, body: Mapping[str, Any]) -> None:
        del self.by_id(body["sheetId"]).parts["conditionalFormats"][body["index"]]

    def _set_basic_filter(self, body: Mapping[str, Any]) -> None:
        tab, _, _ = self._at(body["filter"]["range"])
        tab.filter = dict(body["filter"])

    def _clear_basic_filter(self, body: Mapping[str, Any]) -> None:
        tab = self.by_id(body["sheetId"])
        assert tab.filter is not None
        tab.filter = None

    def _add_filter_view(self, body: Mapping[str, Any]) -> None:
        tab, _, _ = self._at(body["filter"]["range"])
        self._add("filterViews", "filterViewId", body["filter"], tab)

    def _update_filter_view(self, body: Mapping[str, Any]) -> None:
        entry = self._entry("filterViews", "filterViewId", body["filter"]["filterViewId"])
        entry.update({k: v for k, v in body["filter"].items() if k in body["fields"].split(",")})

    def _add_named_range(self, body: Mapping[str, Any]) -> None:
        entry = dict(body["namedRange"])
        self._at(entry["range"])
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,249}", entry["name"])
        assert entry["name"].lower() not in {e["name"].lower() for e in self.names}
        assert entry["namedRangeId"] not in {e["namedRangeId"] for e in self.names}
        self.names.append(entry)

    def _update_named_range(self, body: Mapping[str, Any]) -> None:
        self._at(body["namedRange"]["range"])
        wanted = body["namedRange"]["namedRangeId"]
        next(e for e in self.names if e["namedRangeId"] == wanted)["range"] = body["namedRange"]["range"]

    def _check_spec(self, spec: Mapping[str, Any]) -> None:
        assert spec["altText"]
        assert spec["title"]
        for text in re.findall(r"\{'sheetId'[^}]*\}", repr(spec)):
            _, rows, columns = self._at(json.loads(text.replace("'", '"')))
            assert len(columns) == 1
            assert len(rows) >= 2

    def _add_chart(self, body: Mapping[str, Any]) -> None:
        self._check_spec(body["chart"]["spec"])
        anchor = body["chart"]["position"]["overlayPosition"]["anchorCell"]
        tab = self.by_id(anchor["sheetId"])
        assert anchor["rowIndex"] < tab.size[0]
        self._add("charts", "chartId", body["chart"], tab)

    def _update_chart_spec(self, body: Mapping[str, Any]) -> None:
        self._check_spec(body["spec"])
        self._entry("charts", "chartId", body["chartId"])["spec"] = body["spec"]

    def _update_embedded_object_position(self, body: Mapping[str, Any]) -> None:
        entry = self._entry("charts", "chartId", body["objectId"])
        entry["position"]["overlayPosition"].update(body["newPosition"]["overlayPosition"])

    def _delete_embedded_object(self, body: Mapping[str, Any]) -> None:
        for tab in self.tabs:
            tab.parts["charts"] = [e for e in tab.parts["charts"] if e["chartId"] != body["objectId"]]

    def _create_developer_metadata(self, body: Mapping[str, Any]) -> None:
        entry = body["developerMetadata"]
        assert entry["visibility"] == "DOCUMENT"
        assert len(entry["metadataKey"] + entry["metadataValue"]) <= 30_000
        self._add("developerMetadata", "metadataId", entry, self.by_id(entry["location"]["sheetId"]))

    def _update_developer_metadata(self, body: Mapping[str, Any]) -> None:
        wanted = body["dataFilters"][0]["developerMetadataLookup"]["metadataId"]
        entry = self._entry("developerMetadata", "metadataId", wanted)
        entry["metadataValue"] = body["developerMetadata"]["metadataValue"]


def tag_of(tab: Tab) -> dict[str, Any]:
    """Give the mark of a tab."""
    found = next(e for e in tab.parts["developerMetadata"] if e["metadataKey"] == TAB_KEY)
    loaded: dict[str, Any] = json.loads(found["metadataValue"])
    return loaded
