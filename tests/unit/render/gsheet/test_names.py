"""A name for people's own formulas names the same column for good, or cells that say #N/A; never another column."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reportgen.document import Cell, Column, KeyFigure, KeyFigures, Label, Report
from reportgen.render.gsheet.identity import CELLS_KEY
from tests.unit.render.gsheet.reports import PERCENT, later, run_row, small_report, wider
from tests.unit.render.gsheet.sheets import Spreadsheet

RUNS = [run_row(number) for number in range(30)]
SECOND = Column("metric_1", "F1", PERCENT, "maximize", field="/values/f1")
MINE = {"sheetId": 77, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}
GONE = "Names without a column"


def with_columns(*columns: Column, value: Cell = 0.5) -> Report:
    return wider(small_report(RUNS), *columns, value=value)


def places(sheet: Spreadsheet) -> dict[str, tuple[str, list[str]]]:
    """Give each name's tab and what the first row of it holds, the row above it in front."""
    found = {}
    for entry in sheet.names:
        area = entry["range"]
        tab = sheet.by_id(area["sheetId"])
        top, column = area["startRowIndex"], area["startColumnIndex"]
        found[entry["name"]] = tab.title, [tab.text(top - 1, column), tab.text(top, column)]
    return found


def ids(sheet: Spreadsheet) -> dict[str, str]:
    return {entry["name"]: entry["namedRangeId"] for entry in sheet.names}


def published(report: Report) -> Spreadsheet:
    sheet = Spreadsheet()
    sheet.publish(report)
    return sheet


def test_the_name_of_a_column_that_is_gone_leads_to_cells_without_a_value() -> None:
    sheet = published(with_columns(SECOND))
    before = ids(sheet)
    assert places(sheet)["reportgen_runs_f1"] == ("All runs", ["F1 (%)", "0.5"])
    plan = sheet.publish(later(with_columns()))
    assert ids(sheet) == before
    assert places(sheet)["reportgen_runs_f1"] == (GONE, ["What it gives", "=NA()"])
    area = next(entry["range"] for entry in sheet.names if entry["name"] == "reportgen_runs_f1")
    assert area["endRowIndex"] - area["startRowIndex"] == len(RUNS)
    tab = sheet.tab(GONE)
    assert [tab.text(row, 1) for row in range(area["startRowIndex"], area["endRowIndex"])] == ["=NA()"] * 30
    assert tab.properties["hidden"]
    assert tab.text(2) == "reportgen_runs_f1"
    assert places(sheet)["reportgen_runs_accuracy"] == ("All runs", ["Accuracy (%)", "0.9"])
    assert "no column at present for the names reportgen_runs_f1: formulas" in " ".join(plan.notes)


def test_it_goes_back_when_the_column_does_and_the_sheet_is_at_rest_meanwhile() -> None:
    sheet = published(with_columns(SECOND))
    before = ids(sheet)
    sheet.publish(later(with_columns()))
    rest = sheet.publish(later(with_columns()))
    assert [list(request) for request in rest.requests] == [["updateCells"]] * 2
    assert rest.edits == ()
    sheet.publish(later(with_columns(SECOND, value=0.7)))
    assert ids(sheet) == before
    assert places(sheet)["reportgen_runs_f1"] == ("All runs", ["F1 (%)", "0.7"])
    assert [text for text in sheet.tab(GONE).column() if text] == ["Every name has its column at present."]
    assert "deleteNamedRange" not in sheet.kinds
    rest = sheet.publish(later(with_columns(SECOND, value=0.7)))
    assert [list(request) for request in rest.requests] == [["updateCells"]] * 2


def test_cells_without_a_value_go_on_as_far_as_the_runs_do() -> None:
    sheet = published(with_columns(SECOND))
    sheet.publish(later(with_columns()))
    sheet.publish(small_report([run_row(number) for number in range(40)]))
    tab = sheet.tab(GONE)
    assert sum(tab.text(row, 1) == "=NA()" for row in range(tab.size[0])) == 40


def test_a_name_that_people_changed_is_known_all_the_same() -> None:
    sheet = published(with_columns(SECOND))
    entry = next(entry for entry in sheet.names if entry["name"] == "reportgen_runs_f1")
    entry["name"] = "our_f1"
    sheet.publish(later(with_columns()))
    assert places(sheet)["our_f1"][0] == GONE
    sheet.publish(later(with_columns(SECOND)))
    assert places(sheet)["our_f1"] == ("All runs", ["F1 (%)", "0.5"])


def test_names_of_people_stay_where_they_are() -> None:
    sheet = published(with_columns(SECOND))
    mine = {"sheetId": sheet.tab("All runs").id, "startRowIndex": 3, "endRowIndex": 9}
    sheet.names.append({"namedRangeId": "x1", "name": "reportgen_runs_mine", "range": dict(mine)})
    led = next(entry for entry in sheet.names if entry["name"] == "reportgen_runs_f1")
    led["range"] = {"sheetId": 77, "startRowIndex": 0, "endRowIndex": 2}
    was = dict(led["range"])
    sheet.publish(later(with_columns()))
    now = {entry["name"]: entry["range"] for entry in sheet.names}
    assert now["reportgen_runs_mine"] == mine
    assert now["reportgen_runs_f1"] == was
    assert GONE not in [tab.title for tab in sheet.tabs]


def as_an_earlier_version_left_it(sheet: Spreadsheet) -> None:
    for tab in sheet.tabs:
        for entry in tab.parts["developerMetadata"]:
            if entry["metadataKey"] == CELLS_KEY:
                kept: dict[str, Any] = json.loads(entry["metadataValue"])
                del kept["names"]
                entry["metadataValue"] = json.dumps(kept)


def test_names_that_an_earlier_version_made_are_known_by_their_ids() -> None:
    sheet = Spreadsheet()
    sheet.names.append({"namedRangeId": "x", "name": "reportgen_runs_f1", "range": dict(MINE)})
    sheet.publish(with_columns(SECOND))
    as_an_earlier_version_left_it(sheet)
    sheet.publish(later(with_columns()))
    assert places(sheet)["reportgen_runs_f1_2"][0] == GONE
    assert sheet.names[0]["range"] == MINE


def test_what_an_earlier_version_left_is_written_once_so_that_its_names_are_kept() -> None:
    sheet = published(with_columns(SECOND))
    as_an_earlier_version_left_it(sheet)
    sheet.publish(later(with_columns(SECOND)))
    next(entry for entry in sheet.names if entry["name"] == "reportgen_runs_f1")["name"] = "our_f1"
    sheet.publish(later(with_columns()))
    assert places(sheet)["our_f1"][0] == GONE


def test_a_name_never_goes_over_to_another_column_with_the_same_heading() -> None:
    lower = Column("metric_2", "F1!", PERCENT, field="/values/f_1")
    sheet = published(with_columns(SECOND))
    sheet.publish(later(with_columns(lower, SECOND)))
    assert places(sheet)["reportgen_runs_f1"][1][0] == "F1 (%)"
    sheet.publish(later(with_columns(replace(lower, heading="F1"))))
    assert places(sheet)["reportgen_runs_f1"][0] == GONE
    others = {name: place for name, place in places(sheet).items() if "_f1_" in name}
    assert [place[1][0] for place in others.values()] == ["F1 (%)"]


def test_a_metric_with_another_label_keeps_its_old_name_too_and_no_other_metric_takes_it() -> None:
    sheet = published(with_columns(SECOND))
    before = ids(sheet)
    other = Column("metric_2", "F1", PERCENT, field="/values/other")
    for report in [with_columns(replace(SECOND, heading="Macro F1"), other)] * 2:
        sheet.publish(later(report))
        assert places(sheet)["reportgen_runs_f1"] == ("All runs", ["Macro F1 (%)", "0.5"])
        assert places(sheet)["reportgen_runs_macro_f1"][1][0] == "Macro F1 (%)"
        assert {place[1][0] for name, place in places(sheet).items() if "_f1_" in name} == {"F1 (%)"}
    assert before.items() <= ids(sheet).items()
    assert not any("addNamedRange" in request for request in sheet.publish(later(report)).requests)
    sheet.publish(later(with_columns(other)))
    assert places(sheet)["reportgen_runs_f1"][0] == GONE


def test_a_heading_without_latin_letters_is_named_by_what_the_column_holds() -> None:
    first = Column("metric_1", "\u7cbe\u5ea6", PERCENT, field="/values/precision")
    second = Column("metric_2", "\u635f\u5931", PERCENT, field="/values/loss")
    sheet = published(with_columns(first, second))
    before = {name: place for name, place in places(sheet).items() if "column" in name}
    assert len(before) == 2
    sheet.publish(later(with_columns(replace(second, key="metric_1"))))
    after = {name: place for name, place in places(sheet).items() if name in before}
    assert sorted(place[1][0] for place in after.values()) == ["What it gives", "\u635f\u5931 (%)"]
    assert all(place[0] == GONE or place == before[name] for name, place in after.items())


def test_names_go_with_their_table_to_another_tab() -> None:
    sheet = published(small_report(RUNS))
    before = ids(sheet)
    figures = KeyFigures((KeyFigure("Set-up", Label("a")),))
    report = small_report(RUNS)
    paged = replace(report.sections[-1], blocks=(figures, *report.sections[-1].blocks))
    sheet.publish(later(replace(report, sections=(*report.sections[:-1], paged))))
    assert ids(sheet) == before
    title, held = places(sheet)["reportgen_runs_accuracy"]
    assert title not in {"All runs", GONE}
    assert held == ["Accuracy (%)", "0.9"]


def test_a_table_that_is_gone_leaves_no_name_on_what_stands_there_now() -> None:
    sheet = published(small_report(RUNS))
    report = small_report(RUNS)
    sheet.publish(later(replace(report, sections=report.sections[:-1])))
    left = {name: place for name, place in places(sheet).items() if name != "reportgen_as_of"}
    assert {place[0] for place in left.values()} == {GONE}
