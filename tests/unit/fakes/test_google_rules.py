"""What the fake of Google refuses, and says about it."""

from __future__ import annotations

import json

import pytest

from tests.fakes.google import prose
from tests.fakes.google.methods_drive import METHODS as DRIVE
from tests.fakes.google.methods_sheets import HANDLERS
from tests.fakes.google.methods_sheets import METHODS as SHEETS
from tests.fakes.google.refusals import ApiError
from tests.fakes.google.schema import discovery
from tests.fakes.google.wire import ALWAYS_SENT
from tests.fakes.google.world import SheetWorld
from tests.unit.fakes.asks import (
    START,
    TAB,
    TEXT,
    Obj,
    area,
    basic,
    look,
    mark,
    named,
    refusal,
    tab,
    write,
)


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
def test_what_the_description_does_not_allow_is_refused(small: SheetWorld, request_: Obj, words: str) -> None:
    assert words in refusal(small, request_)


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
def test_rules_of_cells(small: SheetWorld, request_: Obj, words: str) -> None:
    message = refusal(small, request_)
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
def test_rules_of_tabs(small: SheetWorld, request_: Obj, words: str) -> None:
    assert words in refusal(small, request_)


def test_there_are_200_tabs_at_most(small: SheetWorld) -> None:
    tiny = {"addSheet": {"properties": {"gridProperties": {"rowCount": 1, "columnCount": 1}}}}
    small.batch(*[tiny] * 198)
    assert "more than 200 sheets" in refusal(small, tiny)


def test_one_tab_stays_visible(small: SheetWorld) -> None:
    small.batch(tab("hidden", hidden=True))
    first = {"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}}
    assert "can't hide all" in refusal(small, first)
    assert "can't remove all" in refusal(small, {"deleteSheet": {"sheetId": TAB}}, {"deleteSheet": {}})


def test_a_batch_is_done_as_a_whole_or_not_at_all(small: SheetWorld) -> None:
    requests = [
        write(TEXT),
        tab("title", title="New"),
        named(),
        basic(),
        mark(),
        {"deleteSheet": {"sheetId": 99}},
    ]
    assert refusal(small, *requests).startswith("Invalid requests[5].deleteSheet: ")
    small.batch(*requests[:-1])
    assert small.titles() == ["Sheet1", "New"]


def test_a_batch_without_requests_is_refused(small: SheetWorld) -> None:
    assert refusal(small) == "Must specify at least one request."


def test_unknown_parameters_and_masks_of_an_answer_are_refused(small: SheetWorld) -> None:
    for fields, query in (
        ("foo", {}),
        ("sheets(properties.foo)", {}),
        ("sheets(", {}),
        ("*", {"color": "red"}),
    ):
        with pytest.raises(ApiError) as caught:
            small.read(fields, **query)
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
