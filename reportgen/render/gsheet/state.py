"""What was read of the spreadsheet, sorted into ours and everybody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reportgen.render.gsheet.canvas import Area
from reportgen.render.gsheet.identity import CELLS_KEY, object_id, read_tag
from reportgen.spreadsheet import TAB_KEY, SheetState

STATE_FIELDS: Final = (
    "properties(title,timeZone),namedRanges(namedRangeId,name,range),developerMetadata(metadataId),"
    "sheets(properties(sheetId,title,index,rightToLeft,gridProperties),"
    "developerMetadata(metadataId,metadataKey,metadataValue),charts(chartId,position),"
    "bandedRanges(bandedRangeId,range),protectedRanges(protectedRangeId),"
    "conditionalFormats(booleanRule(condition(values(userEnteredValue)))),basicFilter(range),"
    "filterViews(filterViewId),slicers(slicerId),tables(tableId,range))"
)
"""Field mask of the one ``spreadsheets.get``."""


@dataclass(frozen=True, slots=True)
class FoundTab:
    """A tab of this report that is there."""

    sheet_id: int
    title: str
    rows: int
    columns: int
    frozen: tuple[int, int]
    """Rows and columns that stay in sight."""
    turned: bool
    """Whether its first column stands at the right."""
    digest: str
    """Of the content that was written last; empty where that was not finished."""
    tag_id: int
    cells_id: int | None
    cells: Mapping[str, Any]
    """The fingerprints of its cells, and what else was kept of the last publication."""
    charts: Mapping[int, tuple[int, int]]
    """Row and column of each chart's anchor, people's own charts among them."""
    bands: Mapping[int, Area]
    protections: frozenset[int]
    rules: tuple[str, ...]
    """The conditions of all conditional formats, in their order."""
    views: frozenset[int]
    filter: Area | None
    """Where the one filter that everybody sees lies."""
    tables: tuple[Area, ...]
    """Tables that people made there: they own filter and banding."""


@dataclass(frozen=True, slots=True)
class FoundName:
    """A named range that is there, whoever made it."""

    name: str
    sheet_id: int
    """Of the tab that it lies on."""
    rows: int


@dataclass(slots=True)
class Inventory:
    """The spreadsheet, as far as a plan has to know it."""

    zone: tzinfo
    zone_name: str
    tabs: dict[str, FoundTab]
    """Tabs of this report by key."""
    titles: set[str] = field(default_factory=set)
    """Of all tabs, in one case."""
    names: dict[str, FoundName] = field(default_factory=dict)
    """All named ranges by id."""
    origins: dict[str, str] = field(default_factory=dict)
    """Id of each named range that is known to be ours → fingerprint of what it stood for; empty where not known."""
    taken: set[int] = field(default_factory=set)
    """All ids, ours among them."""
    others_cells: int = 0
    """Cells of the tabs that are not this report's: they count towards the limit of the spreadsheet."""
    order: list[int] = field(default_factory=list)
    """Ids of all tabs from left to right."""
    copies: list[str] = field(default_factory=list)
    """Titles of tabs with a mark of a tab that is there twice."""
    other_reports: set[str] = field(default_factory=set)


def read_state(state: SheetState, report: str) -> Inventory:
    """Sort what was read."""
    properties = state.spreadsheet.get("properties", {})
    name = str(properties.get("timeZone") or "Etc/GMT")
    zone = _zone(name)
    found = Inventory(zone or UTC, name if zone else "UTC", {})
    for entry in state.spreadsheet.get("namedRanges", ()):
        area = entry.get("range", {})
        rows = max(int(area.get("endRowIndex", 1)) - int(area.get("startRowIndex", 0)), 1)
        found.names[str(entry.get("namedRangeId"))] = FoundName(
            str(entry.get("name")), int(area.get("sheetId", 0)), rows
        )
    found.taken.update(_ids(state.spreadsheet.get("developerMetadata", ()), "metadataId"))
    sheets = sorted(
        state.spreadsheet.get("sheets", ()), key=lambda s: s.get("properties", {}).get("index", 0)
    )
    for sheet in sheets:
        _read_sheet(sheet, report, found)
    for tab in found.tabs.values():
        found.origins |= tab.cells.get("names", {})
    return found


def _read_sheet(sheet: Mapping[str, Any], report: str, found: Inventory) -> None:
    properties = sheet.get("properties", {})
    title, sheet_id = str(properties.get("title", "")), int(properties.get("sheetId", 0))
    found.titles.add(title.casefold())
    found.taken.add(sheet_id)
    found.order.append(sheet_id)
    for part, key in _ID_KEYS.items():
        found.taken.update(_ids(sheet.get(part, ()), key))
    marks = [entry for entry in sheet.get("developerMetadata", ()) if entry.get("metadataKey") == TAB_KEY]
    tags = [(entry, read_tag(entry.get("metadataValue"))) for entry in marks]
    own = next(((entry, tag) for entry, tag in tags if tag.get("report") == report), None)
    grid = properties.get("gridProperties", {})
    if own is None:
        found.other_reports |= {str(tag["report"]) for _, tag in tags if tag.get("report")}
        found.others_cells += int(grid.get("rowCount", 0)) * int(grid.get("columnCount", 0))
        return
    key = str(own[1].get("tab", ""))
    made = _found_tab(sheet, own[0], own[1])
    rival = found.tabs.get(key)
    if rival is not None:
        # a tab that somebody duplicated may carry the mark as well: the one with our id is ours
        if made.sheet_id != object_id(report, key, "tab"):
            rival, made = made, rival
        found.copies.append(rival.title)
        found.others_cells += rival.rows * rival.columns
    found.tabs[key] = made


def _found_tab(sheet: Mapping[str, Any], mark: Mapping[str, Any], tag: Mapping[str, Any]) -> FoundTab:
    properties = sheet["properties"]
    grid = properties.get("gridProperties", {})
    kept = next(
        (entry for entry in sheet.get("developerMetadata", ()) if entry.get("metadataKey") == CELLS_KEY), None
    )
    conditions = (
        entry.get("booleanRule", {}).get("condition", {}).get("values", ())
        for entry in sheet.get("conditionalFormats", ())
    )
    return FoundTab(
        sheet_id=int(properties.get("sheetId", 0)),
        title=str(properties.get("title", "")),
        rows=int(grid.get("rowCount", 0)),
        columns=int(grid.get("columnCount", 0)),
        frozen=(int(grid.get("frozenRowCount", 0)), int(grid.get("frozenColumnCount", 0))),
        turned=bool(properties.get("rightToLeft", False)),
        digest=str(tag.get("hash", "")),
        tag_id=int(mark["metadataId"]),
        cells_id=None if kept is None else int(kept["metadataId"]),
        cells={} if kept is None else read_tag(kept.get("metadataValue")),
        charts={int(entry["chartId"]): _anchor(entry) for entry in sheet.get("charts", ())},
        bands={
            int(e["bandedRangeId"]): _area(e.get("range", {}), grid) for e in sheet.get("bandedRanges", ())
        },
        protections=frozenset(_ids(sheet.get("protectedRanges", ()), "protectedRangeId")),
        rules=tuple(" ".join(str(v.get("userEnteredValue", "")) for v in values) for values in conditions),
        views=frozenset(_ids(sheet.get("filterViews", ()), "filterViewId")),
        filter=_area(sheet["basicFilter"].get("range", {}), grid) if "basicFilter" in sheet else None,
        tables=tuple(_area(entry.get("range", {}), grid) for entry in sheet.get("tables", ())),
    )


_ID_KEYS: Final = {
    "developerMetadata": "metadataId",
    "charts": "chartId",
    "bandedRanges": "bandedRangeId",
    "protectedRanges": "protectedRangeId",
    "filterViews": "filterViewId",
    "slicers": "slicerId",
}


def _ids(entries: Any, key: str) -> list[int]:
    return [int(entry[key]) for entry in entries if key in entry]


def _anchor(chart: Mapping[str, Any]) -> tuple[int, int]:
    cell = chart.get("position", {}).get("overlayPosition", {}).get("anchorCell", {})
    return int(cell.get("rowIndex", 0)), int(cell.get("columnIndex", 0))


def _area(found: Mapping[str, Any], grid: Mapping[str, Any]) -> Area:
    return Area(
        int(found.get("startRowIndex", 0)),
        int(found.get("startColumnIndex", 0)),
        int(found.get("endRowIndex", grid.get("rowCount", 0))),
        int(found.get("endColumnIndex", grid.get("columnCount", 0))),
    )


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
