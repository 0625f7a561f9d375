"""Whatever a log holds comes into a cell as what it is, or as an empty cell and a word."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.document import Label, Missing, Paragraph, say
from reportgen.render.gsheet.values import MAX_TEXT, clean, column_letter, typed
from tests.unit.render.gsheet.reports import later, run_row, section, small_report
from tests.unit.render.gsheet.sheets import Spreadsheet
from tests.unit.render.hostile import hostile_report

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ("=IMPORTXML(A1)", {"stringValue": "=IMPORTXML(A1)"}),
        ("+1", {"stringValue": "+1"}),
        ("12.5", {"stringValue": "12.5"}),
        ("TRUE", {"stringValue": "TRUE"}),
        ("\N{ROCKET}", {"stringValue": "\N{ROCKET}"}),
        ("a\x00b\udc80", {"stringValue": "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"}),
        ("", None),
        (None, None),
        (math.nan, None),
        (math.inf, None),
        (-math.inf, None),
        (-0.0, {"numberValue": 0.0}),
        (2**53, {"numberValue": 2**53}),
        (2**60, {"stringValue": str(2**60)}),
        (-(2**60), {"stringValue": str(-(2**60))}),
        (True, {"boolValue": True}),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), {"numberValue": 46349 + 0.5 / 24}),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), {"numberValue": 46204 + 14 / 24}),
        (datetime(1, 1, 1, tzinfo=UTC), {"stringValue": "0001-01-01 00:53:28"}),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), {"stringValue": "9999-12-31 23:59:00+00:00"}),
    ],
)
def test_a_value_keeps_its_kind(value: object, held: Any) -> None:
    found = typed(clean(value, BERLIN).value)
    if held and "numberValue" in held:
        assert found is not None
        assert found["numberValue"] == pytest.approx(held["numberValue"])
    else:
        assert found == held


@pytest.mark.parametrize(("value", "word"), [(math.nan, "not a number"), (-math.inf, "minus infinite")])
def test_what_is_no_number_has_a_word(value: float, word: str) -> None:
    assert clean(value, UTC).word == word


@given(st.text(max_size=200) | st.text(alphabet="a\N{ROCKET}", min_size=1).map(lambda t: t * 3000))
def test_every_text_fits_a_cell(text: str) -> None:
    held = clean(text, UTC).value or ""
    assert isinstance(held, str)
    assert len(held.encode("utf-16-le")) // 2 <= MAX_TEXT


def test_a_text_that_is_too_long_says_that_it_was_cut() -> None:
    held = clean("x" * 60_000, UTC).value
    assert isinstance(held, str)
    assert len(held) == MAX_TEXT
    assert held.endswith("[cut: the text is longer than a cell can hold]")


def test_columns_have_the_letters_of_the_sheet() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_number_that_is_none_leaves_its_cell_empty_and_is_said_in_the_status() -> None:
    rows = [
        run_row(0),
        run_row(1, value=math.nan),
        run_row(2, value=Missing("not logged")),
        run_row(3, value=math.inf),
    ]
    sheet = Spreadsheet()
    sheet.publish(small_report(rows))
    tab = sheet.tab("All runs")
    first, _ = tab.find("run-00000")
    assert (first, 3) in tab.cells
    assert not {(first + n, 3) for n in (1, 2, 3)} & tab.cells.keys()
    assert [tab.text(first + n, 2) for n in range(4)] == [
        "● finished",
        "● finished, not a number",
        "● finished",
        "● finished, infinite",
    ]
    why = next(
        column for (row, column), held in tab.cells.items() if held == {"stringValue": "Why cells are empty"}
    )
    assert tab.text(first + 2, why) == "not logged: Accuracy (%)"


def test_dates_stand_in_the_zone_of_the_spreadsheet_and_the_heading_says_so() -> None:
    sheet = Spreadsheet(zone="America/New_York")
    sheet.publish(small_report([run_row(0)]))
    tab = sheet.tab("All runs")
    row, column = tab.find("Started (America/New_York)")
    assert tab.cells[row + 1, column]["numberValue"] == pytest.approx(46346 + 18.5 / 24)
    code = [f for f in tab.formats if "yyyy-mm-dd hh:mm" in repr(f)]
    assert code[0]["cell"]["userEnteredFormat"]["numberFormat"] == {
        "type": "DATE_TIME",
        "pattern": "yyyy-mm-dd hh:mm",
    }


def test_a_report_full_of_hostile_texts_is_published_and_known_again() -> None:
    sheet = Spreadsheet()
    people = sheet.people()
    sheet.publish(hostile_report())
    plan = sheet.publish(later(hostile_report()))
    assert [list(request) for request in plan.requests] == [["updateCells"]] * 2
    assert plan.edits == ()
    assert sheet.people() == people


def test_a_tab_with_the_strangest_name_is_read_and_linked() -> None:
    name = 'Bo\'s "x"!A1:B2'
    report = small_report([run_row(0)], section("tried", name, Paragraph(say(Label("=1+1")))))
    sheet = Spreadsheet()
    sheet.publish(report)
    assert sheet.tab(name).text(3) == "=1+1"
    assert "stringValue" in sheet.tab(name).cells[3, 0]
    links = [held["formulaValue"] for held in sheet.tab("Summary").cells.values() if "formulaValue" in held]
    assert any(text.endswith('"Bo\'s ""x""!A1:B2")') for text in links)
