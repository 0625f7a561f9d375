"""What the fake of Google refuses, and says about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.google import prose
from tests.fakes.google.fake import FakeGoogle
from tests.fakes.google.methods_drive import METHODS as DRIVE
from tests.fakes.google.methods_sheets import HANDLERS
from tests.fakes.google.methods_sheets import METHODS as SHEETS
from tests.fakes.google.refusals import ApiError
from tests.fakes.google.schema import discovery
from tests.fakes.google.wire import ALWAYS_SENT
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


@pytest.fixture
def world(tmp_path: Path) -> Any:
    """A spreadsheet with a tab of 20 rows and 8 columns; nothing is served."""
    fake = FakeGoogle(tmp_path)
    world = fake.spreadsheet()
    size = {"rowCount": 20, "columnCount": 8, "frozenRowCount": 1}
    small = {"gridProperties": {"rowCount": 5, "columnCount": 5}}
    world.batch(
        {"updateSheetProperties": {"properties": small, "fields": "gridProperties(rowCount,columnCount)"}},
        {"addSheet": {"properties": {"sheetId": TAB, "title": "Runs", "gridProperties": size}}},
    )
    yield world
    fake.proxy.server_close()


def refusal(world: SheetWorld, *requests: Obj) -> str:
    """Give the message of a batch that must be refused, and see that nothing of it was done."""
    before = world.read()
    with pytest.raises(ApiError) as caught:
        world.batch(*requests)
    assert caught.value.status == 400
    assert caught.value.body["error"]["status"] == "INVALID_ARGUMENT"
    assert world.read() == before
    return str(caught.value.body["error"]["message"])


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (
            write({"userEnteredValu": {}}),
            "Unknown name \"userEnteredValu\" at 'requests[0].update_cells.rows[0].values[0]'",
        ),
        ({"addShet": {}}, "Unknown name \"addShet\" at 'requests[0]'"),
        (tab("title", title=7), "'requests[0].update_sheet_properties.properties.title' (TYPE_STRING), 7"),
        (tab("index", index=1.5), "(TYPE_INT32), 1.5"),
        (tab("index", index=2**31), "(TYPE_INT32)"),
        (tab("hidden", hidden=1), "(TYPE_BOOLEAN), 1"),
        ({"mergeCells": {"mergeType": "SOME"}}, "one of MERGE_ALL, MERGE_COLUMNS, MERGE_ROWS"),
        ({"updateCells": {"rows": {}}}, "(an array is wanted)"),
        ({"updateCells": []}, "(a message is wanted)"),
        ({"addSheet": {}, "addChart": {}}, "exactly one kind must be set"),
        ({}, "exactly one kind must be set"),
    ],
)
def test_what_the_description_does_not_allow_is_refused(world: SheetWorld, request_: Obj, words: str) -> None:
    assert words in refusal(world, request_)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (write(TEXT, fields=""), "At least one field must be listed"),
        (write(TEXT, fields="userEnteredValues"), "Invalid field: userEnteredValues"),
        (
            write(TEXT, fields="userEnteredValue.stringValue.x"),
            "Invalid field: userEnteredValue.stringValue.x",
        ),
        (write(TEXT, fields="note("), "Invalid field mask"),
        (write(TEXT, range=area(0, 1, 0, 1), start=START), "Only one of range, start"),
        ({"updateCells": {"rows": [], "fields": "note"}}, "One of range, start must be set"),
        (write({"userEnteredValue": {"stringValue": "a", "numberValue": 1}}), "Only one of"),
        (write({"userEnteredValue": {"formulaValue": "1+1"}}), "must begin with ="),
        (write({"userEnteredValue": {"errorValue": {"type": "N_A"}}}), "read-only"),
        (write({"effectiveValue": {"numberValue": 1}}), "effectiveValue is read-only"),
        (write({"userEnteredValue": {"stringValue": "x" * 50_001}}), "maximum of 50000 characters"),
        (write(*[TEXT] * 9), "Attempting to write column: 8"),
        (write(TEXT, TEXT, range=area(0, 1, 0, 1)), "beyond the last requested column of: 0"),
        (write({**TEXT, "textFormatRuns": [{"startIndex": 9}]}, fields="*"), "start indexes"),
        (
            write({"userEnteredValue": {"numberValue": 1}, "textFormatRuns": [{}]}, fields="*"),
            "only valid on strings",
        ),
        (
            look("note", note="x") | {"repeatCell": {"range": area(0, 21, 0, 1), "fields": "note"}},
            "exceeds grid",
        ),
        ({"repeatCell": {"range": area(5, 4, 0, 1), "fields": "note"}}, "a start lies behind its end"),
        ({"repeatCell": {"range": area(4, 4, 0, 1), "fields": "note"}}, "is empty"),
        ({"repeatCell": {"range": {"sheetId": 99}, "fields": "note"}}, "No grid with id: 99"),
        (
            look("userEnteredFormat.numberFormat", userEnteredFormat={"numberFormat": {"pattern": "0"}}),
            "type must be set",
        ),
        (look("userEnteredFormat", userEnteredFormat={"backgroundColor": {"red": 1.5}}), "[0, 1]"),
    ],
)
def test_rules_of_cells(world: SheetWorld, request_: Obj, words: str) -> None:
    message = refusal(world, request_)
    assert words in message
    assert message.startswith(f"Invalid requests[0].{next(iter(request_))}: ")


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"addSheet": {"properties": {"sheetId": TAB}}}, "Sheet with id 7 already exists"),
        ({"addSheet": {"properties": {"title": "runs"}}}, "already exists. Please enter another name"),
        ({"addSheet": {"properties": {"sheetId": -1}}}, "must not be negative"),
        (
            {"addSheet": {"properties": {"gridProperties": {"rowCount": 400_000, "columnCount": 26}}}},
            "limit of 10000000",
        ),
        (
            {"addSheet": {"properties": {"gridProperties": {"rowCount": 1, "columnCount": 18_279}}}},
            "18278 columns",
        ),
        ({"addSheet": {"properties": {"index": 3}}}, "out of range"),
        (
            {"appendDimension": {"sheetId": TAB, "dimension": "ROWS", "length": 1_300_000}},
            "limit of 10000000",
        ),
        ({"appendDimension": {"sheetId": TAB, "dimension": "ROWS"}}, "length of at least 1"),
        (tab("title", title=""), "1 to 100 characters"),
        (tab("title", title="x" * 101), "1 to 100 characters"),
        (tab("title", title="Sheet1"), "already exists"),
        (tab("gridProperties.frozenRowCount", gridProperties={"frozenRowCount": 20}), "can't freeze all"),
        (tab("gridProperties.rowCount", gridProperties={}), "rowCount must be at least 1"),
        ({"deleteSheet": {"sheetId": 9}}, "No grid with id: 9"),
        (
            {
                "updateDimensionProperties": {
                    "range": {"sheetId": TAB, "dimension": "COLUMNS", "endIndex": 9},
                    "fields": "*",
                }
            },
            "not within the 8 columns",
        ),
        (
            {"updateSpreadsheetProperties": {"properties": {}, "fields": "title"}},
            "A spreadsheet must have a title",
        ),
        ({"mergeCells": {"range": area(0, 2, 0, 2)}}, "frozen and non-frozen"),
    ],
)
def test_rules_of_tabs(world: SheetWorld, request_: Obj, words: str) -> None:
    assert words in refusal(world, request_)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (rule(), "One of booleanRule, gradientRule"),
        (rule(ranges=[], booleanRule={"condition": {"type": "BLANK"}}), "at least one range"),
        (when("BLANK", **BOLD) | {"addConditionalFormatRule": {"rule": {}, "index": 0}}, "must be set"),
        (when("NUMBER_GREATER", **BOLD), "takes 1 to 1 values, got 0"),
        (when("NUMBER_BETWEEN", "1", **BOLD), "takes 2 to 2 values"),
        (when("BLANK", textFormat={"fontSize": 12}), "does not support fontSize"),
        (when("BLANK", horizontalAlignment="LEFT"), "does not support horizontalAlignment"),
        (when("CUSTOM_FORMULA", "A1>0", **BOLD), "must begin with ="),
        (rule(gradientRule={"minpoint": {"color": {}, "type": "MIN"}}), "a minpoint and a maxpoint"),
        (
            rule(
                gradientRule={
                    "minpoint": {"color": {}, "type": "MIN"},
                    "maxpoint": {"color": {}, "type": "NUMBER"},
                }
            ),
            "must have a value",
        ),
        ({"updateConditionalFormatRule": {"index": 0, "newIndex": 1, "sheetId": TAB}}, "at index: 0"),
        ({"deleteConditionalFormatRule": {"index": 0, "sheetId": TAB}}, "No conditional format"),
        (banding(firstBandColor=WHITE), "secondBandColor is required"),
        ({"addBanding": {"bandedRange": {"range": area(0, 2, 0, 2)}}}, "row_properties or column_properties"),
        (named("A1"), "is not valid"),
        (named("two words"), "is not valid"),
        (named(range=area(0, 50, 0, 2)), "exceeds grid limits"),
        (
            {"updateNamedRange": {"namedRange": {"namedRangeId": "x"}, "fields": "name"}},
            "No named range with id: x",
        ),
        (
            {
                "addProtectedRange": {
                    "protectedRange": {"range": area(0, 1, 0, 1), "unprotectedRanges": [area(0, 1, 0, 1)]}
                }
            },
            "only supported on protected sheets",
        ),
        ({"addProtectedRange": {"protectedRange": {}}}, "must have a range"),
        (
            {"addFilterView": {"filter": {"range": area(0, 5, 0, 2), "filterSpecs": [{"columnIndex": 4}]}}},
            "outside of the filter",
        ),
        ({"setBasicFilter": {"filter": {}}}, "must have a range"),
        (mark(metadataKey=""), "must always have a key"),
        (mark(visibility="DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED"), "must always have visibility"),
        (mark(location={}), "One of dimensionRange, sheetId, spreadsheet"),
        (mark(metadataId=-1), "must be positive"),
        (mark(metadataValue="x" * 30_000), "may hold 30000 characters, got 30001"),
        (
            {"setDataValidation": {"range": area(0, 1, 0, 1), "rule": {"strict": True}}},
            "must have a condition",
        ),
    ],
)
def test_rules_of_what_lies_on_a_tab(world: SheetWorld, request_: Obj, words: str) -> None:
    assert words in refusal(world, request_)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (chart(title="Nothing"), "One of basicChart"),
        (chart(pieChart={}, basicChart={}), "Only one of basicChart"),
        (basic(domains=[{"domain": drawn(0)}, {"domain": drawn(2)}]), "single domain"),
        (basic(domains=[{"domain": drawn(0, rows=21)}]), "exceeds grid limits"),
        (basic(domains=[{"domain": {"sourceRange": {"sources": [area(0, 5, 0, 2)]}}}]), "length of 1"),
        (
            basic(domains=[{"domain": {"sourceRange": {"sources": [area(0, 2, 0, 1), area(2, 5, 0, 1)]}}}]),
            "same number of source ranges",
        ),
        (basic(threeDimensional=True), "threeDimensional is not valid for LINE"),
        (basic(axis=[{"position": "LEFT_AXIS"}, {"position": "LEFT_AXIS"}]), "more than one axis"),
        (basic(axis=[{"title": "x"}]), "must have a position"),
        (basic(stackedType="STACKED"), "STACKED is not valid for LINE"),
        (basic("COLUMN", totalDataLabel={"type": "DATA"}), "only supported on stacked charts"),
        (basic("COLUMN", one={"lineStyle": {"width": 2}}), "lineStyle is not valid for COLUMN"),
        (
            basic("COMBO", one={"type": "COLUMN", "pointStyle": {"size": 2}}),
            "pointStyle is not valid for COLUMN",
        ),
        (basic("COMBO", one={"type": "BAR"}), "Only LINE, AREA, COLUMN"),
        (basic("COMBO"), "Only LINE, AREA, COLUMN"),
        (basic(one={"type": "LINE"}), "valid only if the chartType is COMBO"),
        (basic("BAR", one={"targetAxis": "LEFT_AXIS"}), "not a valid minor axis for BAR"),
        (basic(one={"targetAxis": "BOTTOM_AXIS"}), "not a valid minor axis for LINE"),
        (basic(series=[]), "at least one series"),
        (basic(one={"dataLabel": {"type": "CUSTOM"}}), "customLabelData"),
        (chart(titleTextFormat={"underline": True}, pieChart={}), "underline is not supported"),
        (chart(bubbleChart={"domain": drawn(0), "series": drawn(1), "bubbleSizes": drawn(2)}), "group_ids"),
        (
            chart(histogramChart={"series": [{"data": drawn(1)}], "outlierPercentile": 0.7}),
            "between 0.0 and 0.5",
        ),
        (chart(scorecardChart={}), "keyValueData is required"),
        (
            chart(scorecardChart={"keyValueData": drawn(1), "baselineValueData": drawn(2)}),
            "baselineValueFormat",
        ),
        (
            {
                "addChart": {
                    "chart": {"spec": {"pieChart": {"domain": drawn(0), "series": drawn(1)}}, "position": {}}
                }
            },
            "One of newSheet, overlayPosition, sheetId",
        ),
        (
            {"updateChartSpec": {"chartId": 9, "spec": {"orgChart": {"labels": drawn(0)}}}},
            "No chart with id: 9",
        ),
        ({"updateEmbeddedObjectPosition": {"objectId": 9, "fields": "*"}}, "No chart with id: 9"),
    ],
)
def test_rules_of_charts(world: SheetWorld, request_: Obj, words: str) -> None:
    assert words in refusal(world, request_)


@pytest.mark.parametrize(
    "request_",
    [
        chart(pieChart={"domain": drawn(0), "series": drawn(1)}),
        banding(firstBandColor=WHITE, secondBandColor={}),
        named(namedRangeId="one"),
        {"addProtectedRange": {"protectedRange": {"protectedRangeId": 3, "range": {"sheetId": TAB}}}},
        {"addFilterView": {"filter": {"filterViewId": 3, "range": area(0, 5, 0, 2)}}},
        mark(metadataId=3),
    ],
)
def test_an_id_is_given_once(world: SheetWorld, request_: Obj) -> None:
    world.batch(request_)
    assert refusal(world, request_)


def test_an_anchor_lies_in_the_grid(world: SheetWorld) -> None:
    far = {"overlayPosition": {"anchorCell": {"sheetId": TAB, "rowIndex": 20, "columnIndex": 0}}}
    request = chart(pieChart={"domain": drawn(0), "series": drawn(1)})
    request["addChart"]["chart"]["position"] = far
    assert "outside of the grid" in refusal(world, request)


def test_there_are_200_tabs_at_most(world: SheetWorld) -> None:
    small = {"addSheet": {"properties": {"gridProperties": {"rowCount": 1, "columnCount": 1}}}}
    world.batch(*[small] * 198)
    assert "more than 200 sheets" in refusal(world, small)


def test_one_tab_stays_visible(world: SheetWorld) -> None:
    world.batch(tab("hidden", hidden=True))
    first = {"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}}
    assert "can't hide all" in refusal(world, first)
    assert "can't remove all" in refusal(world, {"deleteSheet": {"sheetId": TAB}}, {"deleteSheet": {}})


def test_a_batch_is_done_as_a_whole_or_not_at_all(world: SheetWorld) -> None:
    requests = [
        write(TEXT),
        tab("title", title="New"),
        named(),
        basic(),
        mark(),
        {"deleteSheet": {"sheetId": 99}},
    ]
    assert refusal(world, *requests).startswith("Invalid requests[5].deleteSheet: ")
    world.batch(*requests[:-1])
    assert world.titles() == ["Sheet1", "New"]


def test_a_batch_without_requests_is_refused(world: SheetWorld) -> None:
    assert refusal(world) == "Must specify at least one request."


def test_unknown_parameters_and_masks_of_an_answer_are_refused(world: SheetWorld) -> None:
    for fields, query in (
        ("foo", {}),
        ("sheets(properties.foo)", {}),
        ("sheets(", {}),
        ("*", {"color": "red"}),
    ):
        with pytest.raises(ApiError) as caught:
            world.read(fields, **query)
        assert caught.value.status == 400
        assert json.dumps(caught.value.body).count("fieldViolations") == 1


def test_the_names_in_the_rules_are_names_of_the_interface() -> None:
    """A rule with a slip in its name would never hold."""
    schemas = discovery("sheets").schemas
    assert not {*prose.RULES, *prose.WHOLE_RULES, *prose.UNIONS, *ALWAYS_SENT} - schemas.keys()
    for table in (ALWAYS_SENT, {name: fields for name, (_, fields) in prose.UNIONS.items()}):
        for name, fields in table.items():
            assert set(fields) <= schemas[name]["properties"].keys(), name
    kinds = schemas["Request"]["properties"].keys()
    assert set(HANDLERS) <= kinds
    types = set(schemas["BooleanCondition"]["properties"]["type"]["enum"])
    assert {*prose.CONDITION_VALUES, *prose.DATE_CONDITIONS} <= types
    assert SHEETS.keys() <= {method.id for method in discovery("sheets").methods}
    assert DRIVE.keys() <= {method.id for method in discovery("drive").methods}
