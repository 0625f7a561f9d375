"""What the fake of Google refuses of things that lie on a tab: rules, banding, names, filters, charts."""

from __future__ import annotations

import pytest

from tests.fakes.google.world import SheetWorld
from tests.unit.fakes.asks import (
    BOLD,
    TAB,
    WHITE,
    Obj,
    area,
    banding,
    basic,
    chart,
    drawn,
    mark,
    named,
    refusal,
    rule,
    when,
)


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
def test_rules_of_what_lies_on_a_tab(small: SheetWorld, request_: Obj, words: str) -> None:
    assert words in refusal(small, request_)


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
def test_rules_of_charts(small: SheetWorld, request_: Obj, words: str) -> None:
    assert words in refusal(small, request_)


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
def test_an_id_is_given_once(small: SheetWorld, request_: Obj) -> None:
    small.batch(request_)
    assert refusal(small, request_)


def test_an_anchor_lies_in_the_grid(small: SheetWorld) -> None:
    far = {"overlayPosition": {"anchorCell": {"sheetId": TAB, "rowIndex": 20, "columnIndex": 0}}}
    request = chart(pieChart={"domain": drawn(0), "series": drawn(1)})
    request["addChart"]["chart"]["position"] = far
    assert "outside of the grid" in refusal(small, request)
