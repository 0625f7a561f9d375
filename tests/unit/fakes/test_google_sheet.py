"""What the fake of Google does with a spreadsheet, and how it answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.google.fake import FakeGoogle
from tests.fakes.google.refusals import ApiError
from tests.fakes.google.world import PEOPLE_TAB, SheetWorld

Obj = dict[str, Any]


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeGoogle]:
    """Nothing is served: people work in the spreadsheet."""
    fake = FakeGoogle(tmp_path)
    yield fake
    fake.proxy.server_close()


@pytest.fixture
def world(fake: FakeGoogle) -> SheetWorld:
    """A spreadsheet with its first tab, whose id is 0."""
    return fake.spreadsheet()


def area(top: int, bottom: int, left: int, right: int, tab: int = 0) -> Obj:
    rows = {"startRowIndex": top, "endRowIndex": bottom}
    return rows | {"sheetId": tab, "startColumnIndex": left, "endColumnIndex": right}


def look(place: Obj, fields: str, **cell: Any) -> Obj:
    return {"repeatCell": {"range": place, "cell": cell, "fields": fields}}


def cells(world: SheetWorld, title: str = "Sheet1") -> list[list[Obj]]:
    """Every cell of a tab as it is kept."""
    kept = "userEnteredValue,userEnteredFormat,note,textFormatRuns,dataValidation"
    data = world.read(f"sheets(properties.title,data.rowData.values({kept}))")
    sheet = next(sheet for sheet in data["sheets"] if sheet["properties"]["title"] == title)
    return [row.get("values", []) for row in sheet["data"][0].get("rowData", [])]


def test_a_new_tab_has_googles_size_and_an_id_of_its_own(world: SheetWorld) -> None:
    first, second = world.batch({"addSheet": {}}, {"addSheet": {"properties": {"sheetId": 5, "index": 0}}})
    properties = first["addSheet"]["properties"]
    assert properties["title"] == "Sheet2"
    assert properties["gridProperties"] == {"rowCount": 1000, "columnCount": 26}
    assert properties["sheetId"] > 0
    assert second["addSheet"]["properties"]["index"] == 0
    assert world.titles() == ["Sheet3", "Sheet1", "Sheet2"]


@pytest.mark.parametrize(
    ("title", "index", "order"),
    [("A", 2, "BAC"), ("A", 3, "BCA"), ("A", 1, "ABC"), ("C", 0, "CAB"), ("B", 1, "ABC")],
)
def test_an_index_is_meant_before_the_move(world: SheetWorld, title: str, index: int, order: str) -> None:
    world.rename("Sheet1", "A")
    world.add_tab("B")
    world.add_tab("C")
    world.move(title, index)
    assert "".join(world.titles()) == order


def test_range_clears_what_the_rows_do_not_cover_and_start_does_not(world: SheetWorld) -> None:
    old = {"rows": [{"values": [{"userEnteredValue": {"stringValue": "old"}, "note": "kept"}] * 2}] * 3}
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    new = {"rows": [{"values": [{"userEnteredValue": {"numberValue": 1}}]}], "fields": "userEnteredValue"}
    world.batch(
        {"updateCells": {"start": start, "fields": "*"} | old}, {"updateCells": {"start": start} | new}
    )
    assert world.grid("Sheet1") == [[1, "old"], ["old", "old"], ["old", "old"]]
    world.batch({"updateCells": {"range": area(0, 2, 0, 2)} | new})
    assert world.grid("Sheet1") == [[1], [], ["old", "old"]]
    assert [[cell.get("note") for cell in row] for row in cells(world)] == [["kept", "kept"]] * 3


def test_a_text_that_looks_like_a_formula_stays_text(world: SheetWorld) -> None:
    rows = [{"values": [{"userEnteredValue": {"stringValue": '=IMPORTXML("x")'}}]}]
    where = {"start": {"sheetId": 0}, "rows": rows, "fields": "userEnteredValue"}
    world.batch({"updateCells": where})
    assert cells(world) == [[{"userEnteredValue": {"stringValue": '=IMPORTXML("x")'}}]]


def test_an_update_writes_the_fields_of_its_mask_only(world: SheetWorld) -> None:
    place = area(0, 1, 0, 1)
    bold = {"textFormat": {"bold": True, "fontSize": 20}, "horizontalAlignment": "CENTER"}
    world.batch(look(place, "userEnteredFormat", userEnteredFormat=bold))
    number = {"numberFormat": {"type": "PERCENT", "pattern": "0.0%"}, "textFormat": {"italic": True}}
    world.batch(look(place, "userEnteredFormat.numberFormat", userEnteredFormat=number))
    (cell,) = cells(world)[0]
    assert cell["userEnteredFormat"] == bold | {"numberFormat": number["numberFormat"]}
    world.batch(look(place, "userEnteredFormat(textFormat.bold,horizontalAlignment)"))
    (cell,) = cells(world)[0]
    assert cell["userEnteredFormat"]["textFormat"] == {"fontSize": 20}
    assert "horizontalAlignment" not in cell["userEnteredFormat"]


@pytest.mark.parametrize("name", ["backgroundColor", "backgroundColorStyle"])
def test_colours_are_floored_to_8_bits_and_have_their_style(world: SheetWorld, name: str) -> None:
    given = {"red": 0.5, "green": 0, "blue": 66 / 255}
    value = given if name == "backgroundColor" else {"rgbColor": given}
    world.batch(look(area(0, 1, 0, 1), f"userEnteredFormat.{name}", userEnteredFormat={name: value}))
    kept = {"red": 0.49803922, "blue": 0.25882354}
    assert cells(world)[0][0]["userEnteredFormat"] == {
        "backgroundColor": kept,
        "backgroundColorStyle": {"rgbColor": kept},
    }


def test_zeros_are_left_out_but_where_they_say_something(world: SheetWorld) -> None:
    world.write("Sheet1", "A1", 0)
    world.write("Sheet1", "B1", value=False)
    world.batch({"setBasicFilter": {"filter": {"range": area(0, 1, 0, 2)}}})
    sheet = world.read("sheets(properties,basicFilter,data(startRow,rowData.values.userEnteredValue))")[
        "sheets"
    ][0]
    assert sheet["properties"]["sheetId"] == 0
    assert sheet["properties"]["index"] == 0
    assert "hidden" not in sheet["properties"]
    assert "sheetId" not in sheet["basicFilter"]["range"]
    assert sheet["basicFilter"]["range"]["startRowIndex"] == 0
    values = [{"userEnteredValue": {"numberValue": 0}}, {"userEnteredValue": {"boolValue": False}}]
    assert sheet["data"] == [{"rowData": [{"values": values}]}]


def test_a_part_of_an_answer_keeps_the_empty_messages_on_its_way(world: SheetWorld) -> None:
    world.add_tab("Second")
    assert world.read("namedRanges") == {}
    assert world.read("sheets.charts(chartId)") == {"sheets": [{}, {}]}
    assert world.read("sheets/properties/title,properties(title)") == {
        "properties": {"title": "Team sheet"},
        "sheets": [{"properties": {"title": "Sheet1"}}, {"properties": {"title": "Second"}}],
    }


def test_cells_come_along_where_the_mask_names_them(world: SheetWorld) -> None:
    world.write("Sheet1", "A1", "x")
    path = f"/v4/spreadsheets/{world.spreadsheet_id}"
    assert "data" not in world.call("GET", path, None)["sheets"][0]
    assert "data" in world.call("GET", f"{path}?includeGridData=true", None)["sheets"][0]
    assert "data" not in world.read("sheets(properties)", includeGridData="true")["sheets"][0]
    assert world.read("sheets.data.rowData.values.formattedValue")["sheets"][0]["data"][0]["rowData"] == [
        {"values": [{"formattedValue": "x"}]}
    ]


def test_ranges_leave_out_the_other_tabs(world: SheetWorld) -> None:
    world.add_tab("Bo's tab", [["a", "b"], ["c", "d"]])
    answer = world.read(
        "sheets(properties.title,data(startColumn,rowData.values.formattedValue))", ranges="'Bo''s tab'!B1:B2"
    )
    assert answer["sheets"] == [
        {
            "properties": {"title": "Bo's tab"},
            "data": [
                {
                    "startColumn": 1,
                    "rowData": [{"values": [{"formattedValue": "b"}]}, {"values": [{"formattedValue": "d"}]}],
                }
            ],
        }
    ]
    with pytest.raises(ApiError, match="Unable to parse range"):
        world.read("*", ranges="Nowhere!A1")


def test_metadata_finds_its_tab_whatever_it_is_called(world: SheetWorld) -> None:
    ours = world.add_tab("Runs", [["loss"]])
    mark = {
        "metadataKey": "reportgen.tab",
        "metadataValue": "{}",
        "visibility": "DOCUMENT",
        "location": {"sheetId": ours},
    }
    world.batch({"createDeveloperMetadata": {"developerMetadata": mark | {"metadataId": 12}}})
    world.rename("Runs", "Renamed")
    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "reportgen.tab"}}]}
    path = f"/v4/spreadsheets/{world.spreadsheet_id}:getByDataFilter"
    mask = "sheets(properties.title,data.rowData.values.userEnteredValue)"
    found = world.call("POST", f"{path}?fields={mask}", lookup)
    value = {"userEnteredValue": {"stringValue": "loss"}}
    assert found == {
        "sheets": [{"properties": {"title": "Renamed"}, "data": [{"rowData": [{"values": [value]}]}]}]
    }
    change = lookup | {"developerMetadata": {"metadataValue": "new"}, "fields": "metadataValue"}
    world.batch({"updateDeveloperMetadata": change})
    assert world.read("sheets.developerMetadata.metadataValue")["sheets"][1] == {
        "developerMetadata": [{"metadataValue": "new"}]
    }
    world.batch({"deleteDeveloperMetadata": {"dataFilter": lookup["dataFilters"][0]}})
    assert world.ours() == []


def test_a_chart_keeps_the_place_that_a_person_gave_it(world: SheetWorld) -> None:
    world.seed_people()
    (chart,) = world.read("sheets.charts")["sheets"][1]["charts"]
    assert chart["position"]["overlayPosition"]["widthPixels"] == 600
    assert chart["spec"]["hiddenDimensionStrategy"] == "SKIP_HIDDEN_ROWS_AND_COLUMNS"
    moved = {"overlayPosition": {"widthPixels": 700, "heightPixels": 1}}
    number = chart["chartId"]
    spec = {name: part for name, part in chart["spec"].items() if name != "title"} | {"title": "New"}
    world.batch(
        {"updateEmbeddedObjectPosition": {"objectId": number, "newPosition": moved, "fields": "widthPixels"}},
        {"updateChartSpec": {"chartId": number, "spec": spec}},
    )
    (after,) = world.read("sheets.charts")["sheets"][1]["charts"]
    assert after["chartId"] == number
    assert after["spec"]["title"] == "New"
    assert after["position"]["overlayPosition"] == chart["position"]["overlayPosition"] | {"widthPixels": 700}


def test_rules_stand_in_an_order(world: SheetWorld) -> None:
    def rule(kind: str) -> Obj:
        look = {"condition": {"type": kind}, "format": {"textFormat": {"bold": True}}}
        return {"ranges": [area(0, 2, 0, 1)], "booleanRule": look}

    world.batch(
        *({"addConditionalFormatRule": {"index": 0, "rule": rule(kind)}} for kind in ("BLANK", "NOT_BLANK"))
    )
    reply = world.batch({"updateConditionalFormatRule": {"index": 1, "rule": rule("TEXT_IS_URL")}})[0]
    assert reply["updateConditionalFormatRule"]["oldRule"]["booleanRule"]["condition"] == {"type": "BLANK"}
    world.batch({"updateConditionalFormatRule": {"index": 1, "newIndex": 0, "sheetId": 0}})
    kinds = world.read("sheets.conditionalFormats.booleanRule.condition.type")["sheets"][0][
        "conditionalFormats"
    ]
    assert [kind["booleanRule"]["condition"]["type"] for kind in kinds] == ["TEXT_IS_URL", "NOT_BLANK"]
    world.batch({"deleteConditionalFormatRule": {"index": 0, "sheetId": 0}})
    assert len(world.read("sheets.conditionalFormats")["sheets"][0]["conditionalFormats"]) == 1


def test_borders_of_a_range_are_its_edges_and_what_is_within(world: SheetWorld) -> None:
    line = {"style": "SOLID"}
    world.batch({"updateBorders": {"range": area(0, 2, 0, 2), "top": line, "innerVertical": line}})
    borders = [[sorted(cell["userEnteredFormat"]["borders"]) for cell in row] for row in cells(world)]
    assert borders == [[["right", "top"], ["left", "top"]], [["right"], ["left"]]]
    world.batch({"updateBorders": {"range": area(0, 2, 0, 2), "innerVertical": {"style": "NONE"}}})
    assert [
        [sorted(cell["userEnteredFormat"].get("borders", {})) for cell in row] for row in cells(world)
    ] == [[["top"], ["top"]]]


def test_merging_keeps_the_first_value(world: SheetWorld) -> None:
    for place in ("A1", "B1", "A2"):
        world.write("Sheet1", place, place)
    world.batch({"mergeCells": {"range": area(0, 1, 0, 2), "mergeType": "MERGE_ALL"}})
    assert world.grid("Sheet1") == [["A1"], ["A2"]]
    with pytest.raises(ApiError, match="select all cells in a merged range"):
        world.batch({"mergeCells": {"range": area(0, 2, 1, 2), "mergeType": "MERGE_ALL"}})
    world.batch({"unmergeCells": {"range": area(0, 5, 0, 5)}})
    assert "merges" not in world.read("sheets.merges")["sheets"][0]


def test_a_protection_that_warns_has_no_editors(fake: FakeGoogle, world: SheetWorld) -> None:
    for number, warns in ((1, True), (2, False)):
        given = {
            "protectedRangeId": number,
            "range": {"sheetId": 0},
            "warningOnly": warns,
            "editors": {"users": ["a@b.example"]},
        }
        world.batch({"addProtectedRange": {"protectedRange": given}})
    first, second = world.read("sheets.protectedRanges")["sheets"][0]["protectedRanges"]
    assert first["editors"] == {}
    assert second["editors"] == {"users": ["a@b.example", fake.person]}


def test_a_filter_has_its_criteria_in_both_forms(world: SheetWorld) -> None:
    hidden = {"hiddenValues": ["failed"]}
    given = {"filterViewId": 4, "title": "ok", "range": area(0, 9, 0, 3)}
    world.batch(
        {"addFilterView": {"filter": given | {"filterSpecs": [{"columnIndex": 0, "filterCriteria": hidden}]}}}
    )
    (view,) = world.read("sheets.filterViews")["sheets"][0]["filterViews"]
    assert view["criteria"] == {"0": hidden}
    assert view["filterSpecs"] == [{"columnIndex": 0, "filterCriteria": hidden}]
    world.batch(
        {"updateFilterView": {"filter": {"filterViewId": 4, "criteria": {"1": hidden}}, "fields": "criteria"}}
    )
    (view,) = world.read("sheets.filterViews")["sheets"][0]["filterViews"]
    assert [*view["criteria"]] == ["1"]


def test_numbers_are_shown_in_their_format(world: SheetWorld) -> None:
    shown = {
        "0.0%": "93.1%",
        "0.000": "0.931",
        "#,##0": "1",
        '0.00" s"': "0.93 s",
        "": "0.931",
    }
    for row, pattern in enumerate(shown):
        number = {"type": "NUMBER", "pattern": pattern}
        value = {"numberValue": 0.931}
        world.batch(
            look(
                area(row, row + 1, 0, 1),
                "*",
                userEnteredValue=value,
                userEnteredFormat={"numberFormat": number},
            )
        )
    path = f"/v4/spreadsheets/{world.spreadsheet_id}/values/Sheet1"
    assert world.call("GET", path, None)["values"] == [[text] for text in shown.values()]


def test_a_formula_is_not_computed_but_a_link_is_known(world: SheetWorld) -> None:
    world.write("Sheet1", "A1", '=HYPERLINK("https://a.example","see ""it""")')
    world.write("Sheet1", "B1", "=1+1")
    assert world.grid("Sheet1") == [['see "it"', "#N/A"]]
    (row,) = world.read("sheets.data.rowData.values(hyperlink,effectiveValue)")["sheets"][0]["data"][0][
        "rowData"
    ]
    assert row["values"][0]["hyperlink"] == "https://a.example"
    assert row["values"][1]["effectiveValue"]["errorValue"]["type"] == "N_A"


def test_what_people_have_is_seen_whole(world: SheetWorld) -> None:
    """Whatever of it changes shows in the comparison."""
    world.seed_people()
    before = world.people()
    assert world.people() == before
    tab = world.tab_id(PEOPLE_TAB)
    changes = (
        lambda: world.write(PEOPLE_TAB, "B2", 7),
        lambda: world.rename(PEOPLE_TAB, "Other"),
        lambda: world.batch(look(area(1, 2, 0, 1, tab), "note", note="x")),
        lambda: world.batch({"deleteConditionalFormatRule": {"sheetId": tab, "index": 0}}),
        lambda: world.batch(
            {"updateSpreadsheetProperties": {"properties": {"timeZone": "Asia/Tokyo"}, "fields": "timeZone"}}
        ),
        lambda: world.batch({"setBasicFilter": {"filter": {"range": area(0, 4, 0, 2, tab)}}}),
    )
    for change in changes:
        change()
        after = world.people()
        assert after != before
        before = after


def test_what_is_ours_is_not_among_what_people_have(world: SheetWorld) -> None:
    world.seed_people()
    before = world.people()
    ours = world.add_tab("Runs", [["loss"]])
    mark = {"metadataKey": "reportgen.tab", "visibility": "DOCUMENT", "location": {"sheetId": ours}}
    world.batch({"createDeveloperMetadata": {"developerMetadata": mark}})
    world.move("Runs", 0)
    assert world.people() == before


def test_a_tab_that_is_copied_by_hand_carries_its_marks(world: SheetWorld) -> None:
    world.seed_people()
    world.duplicate(PEOPLE_TAB, "Copy")
    assert world.grid("Copy") == world.grid(PEOPLE_TAB)
    first, second = world.read("sheets(developerMetadata,filterViews)")["sheets"][1:]
    assert first["developerMetadata"][0]["metadataKey"] == second["developerMetadata"][0]["metadataKey"]
    assert first["developerMetadata"][0]["metadataId"] != second["developerMetadata"][0]["metadataId"]
    assert second["filterViews"][0]["range"]["sheetId"] == world.tab_id("Copy")


def test_the_answer_may_bring_the_spreadsheet_along(world: SheetWorld) -> None:
    body = {
        "requests": [{"addSheet": {"properties": {"title": "New"}}}],
        "includeSpreadsheetInResponse": True,
    }
    answer = world.call("POST", f"/v4/spreadsheets/{world.spreadsheet_id}:batchUpdate", body)
    assert [sheet["properties"]["title"] for sheet in answer["updatedSpreadsheet"]["sheets"]] == [
        "Sheet1",
        "New",
    ]


def test_a_null_is_a_field_that_is_not_there(world: SheetWorld) -> None:
    world.batch({"addSheet": {"properties": {"title": "New", "sheetId": None}}})
    assert world.titles() == ["Sheet1", "New"]
