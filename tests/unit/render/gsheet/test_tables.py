"""Tables: numbers with the formats of the workbook, filters and names for people's own use, rules that are ours."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC

import pytest

from reportgen.document import Badge, Column, Missing, Number, NumberFormat, Report, Row, Table, say
from reportgen.render.gsheet.cells import show_cell
from reportgen.render.gsheet.tables import MOST_LOOKS
from reportgen.render.xlsx.cells import show_cell as in_workbook
from tests.unit.render.gsheet.reports import PERCENT, run_row, section, small_report, wider
from tests.unit.render.gsheet.sheets import Spreadsheet, Tab

RUNS = [run_row(number, failed=number == 3) for number in range(30)]
POINTS = NumberFormat("points", 1, signed=True)


def code_at(tab: Tab, row: int, column: int) -> str:
    """Give the number format that a cell ends with."""
    code = ""
    for request in tab.formats:
        area = request["range"]
        inside = area["startRowIndex"] <= row < area["endRowIndex"]
        if (
            inside
            and area["startColumnIndex"] <= column < area["endColumnIndex"]
            and "numberFormat" in request["fields"]
        ):
            code = request["cell"]["userEnteredFormat"].get("numberFormat", {}).get("pattern", "")
    return code


@pytest.fixture
def runs() -> Tab:
    sheet = Spreadsheet()
    sheet.publish(small_report(RUNS))
    return sheet.tab("All runs")


def test_numbers_are_those_of_the_workbook_with_its_formats(digits: Report) -> None:
    seen = 0
    for table in (block for block in digits.blocks() if isinstance(block, Table)):
        for row in table.rows:
            for cell, column in zip(row.cells, table.columns, strict=True):
                if not isinstance(cell, (int, float, Number)) or isinstance(cell, bool):
                    continue
                ours, theirs = show_cell(cell, column, UTC), in_workbook(cell, column)
                assert ours.value == pytest.approx(theirs.value)
                if column.format is None or column.format.style != "general":
                    assert ours.code == theirs.number_format
                seen += 1
    assert seen > 100


def test_a_percentage_is_a_number_with_a_format(runs: Tab) -> None:
    row, column = runs.find("Accuracy (%)")
    assert runs.cells[row + 1, column] == {"numberValue": 0.9}
    assert code_at(runs, row + 1, column) == "#,##0.0%"


def test_a_value_that_rounds_to_nothing_or_to_all_is_shown_with_more_digits() -> None:
    rows = [run_row(0, value=0.9999), run_row(1, value=0.5), run_row(2, value=0.00001)]
    sheet = Spreadsheet()
    sheet.publish(small_report(rows))
    tab = sheet.tab("All runs")
    row, column = tab.find("Accuracy (%)")
    assert [code_at(tab, row + n, column) for n in (1, 2, 3)] == ["#,##0.00%", "#,##0.0%", "#,##0.000%"]


def test_a_column_full_of_such_values_is_shown_as_the_sheet_shows_numbers() -> None:
    rows = [run_row(n, value=1e-7 if n % 2 else 0.5) for n in range(2 * MOST_LOOKS + 10)]
    sheet = Spreadsheet()
    sheet.publish(small_report(rows))
    tab = sheet.tab("All runs")
    row, column = tab.find("Accuracy (%)")
    assert {code_at(tab, row + n, column) for n in (1, 2)} == {""}
    assert len(tab.formats) < 50


def test_points_are_shown_times_a_hundred_with_their_sign() -> None:
    table = Table("t", say("A table"), (Column("d", "Gap", POINTS),), (Row((0.021,)), Row((-0.004,))))
    sheet = Spreadsheet()
    sheet.publish(small_report(RUNS, section("tried", "Tried", table)))
    tab = sheet.tab("Tried")
    row, _ = tab.find("Gap (points)")
    assert tab.cells[row + 1, 0]["numberValue"] == pytest.approx(2.1)
    assert code_at(tab, row + 1, 0) == "+#,##0.0;-#,##0.0;#,##0.0"


def test_header_and_first_column_stay_in_sight_and_rows_are_striped(runs: Tab) -> None:
    header, _ = runs.find("Run")
    grid = runs.properties["gridProperties"]
    assert (grid["frozenRowCount"], grid["frozenColumnCount"]) == (header + 1, 1)
    (band,) = runs.parts["bandedRanges"]
    assert (band["range"]["startRowIndex"], band["range"]["endRowIndex"]) == (header + 1, header + 31)


def panes(sheet: Spreadsheet) -> list[tuple[int, int]]:
    grids = [tab.properties["gridProperties"] for tab in sheet.tabs if tab.title in {"Summary", "All runs"}]
    return [(grid["frozenRowCount"], grid["frozenColumnCount"]) for grid in grids]


def test_a_report_that_becomes_accessible_sets_free_what_was_frozen_and_freezes_it_when_it_is_no_more() -> (
    None
):
    sheet = Spreadsheet()
    sheet.publish(small_report(RUNS))
    before = panes(sheet)
    sheet.publish(small_report(RUNS, accessible=True))
    assert panes(sheet) == [(0, 0), (0, 0)] != before
    assert sheet.tab("All runs").filter is None
    sheet.publish(small_report(RUNS))
    assert panes(sheet) == before
    assert sheet.tab("All runs").filter is not None


def test_panes_that_people_froze_or_freed_stay_theirs() -> None:
    sheet = Spreadsheet()
    sheet.publish(small_report(RUNS))
    grid = sheet.tab("All runs").properties["gridProperties"]
    rows = grid["frozenRowCount"]
    grid["frozenColumnCount"] = 2
    for _ in range(2):
        sheet.publish(small_report(RUNS, accessible=True))
        assert panes(sheet)[1] == (0, 2)
        sheet.publish(small_report(RUNS))
        assert panes(sheet)[1] == (rows, 2)


def test_an_accessible_report_has_neither_frozen_rows_nor_filters() -> None:
    sheet = Spreadsheet()
    sheet.publish(small_report(RUNS, accessible=True))
    tab = sheet.tab("All runs")
    assert tab.properties["gridProperties"]["frozenRowCount"] == 0
    assert tab.filter is None
    assert tab.parts["filterViews"] == []


def test_the_filter_is_open_below_so_that_new_runs_are_in_it(runs: Tab) -> None:
    assert runs.filter is not None
    header, _ = runs.find("Run")
    assert runs.filter["range"]["startRowIndex"] == header
    assert "endRowIndex" not in runs.filter["range"]


def test_ready_views_show_failed_runs_and_those_of_the_last_days(runs: Tab) -> None:
    views = {view["title"]: view for view in runs.parts["filterViews"]}
    assert views.keys() == {"Failed only", "Last 30 days"}
    (failed,) = views["Failed only"]["filterSpecs"]
    row, status = runs.find("Status")
    word = failed["filterCriteria"]["condition"]["values"][0]["userEnteredValue"]
    assert failed["columnIndex"] == status
    shown = [runs.text(line, 0) for line in range(row + 1, row + 31) if word in runs.text(line, status)]
    assert shown == ["run-00003"]
    (recent,) = views["Last 30 days"]["filterSpecs"]
    row, started = next(
        p for p, h in runs.cells.items() if str(h.get("stringValue", "")).startswith("Started")
    )
    assert recent["columnIndex"] == started
    letter = "ABCDEFG"[started]
    test = recent["filterCriteria"]["condition"]["values"][0]["userEnteredValue"]
    assert test == f"={letter}{row + 2}>=TODAY()-30"


def test_the_filter_goes_with_its_table_and_one_of_people_stays() -> None:
    report = small_report(RUNS)
    sheet = Spreadsheet()
    sheet.publish(report)
    tab = sheet.tab("All runs")
    assert tab.filter is not None
    before = dict(tab.filter["range"])
    sheet.publish(wider(report, Column("metric_1", "F1", PERCENT)))
    assert tab.filter["range"] == before | {"endColumnIndex": before["endColumnIndex"] + 1}
    mine = {"range": before | {"startRowIndex": 9}, "criteria": {"0": {"hiddenValues": ["x"]}}}
    tab.filter = dict(mine)
    sheet.publish(report)
    assert tab.filter == mine


def test_a_view_that_people_renamed_keeps_its_name_and_takes_in_new_runs() -> None:
    sheet = Spreadsheet()
    sheet.publish(small_report(RUNS))
    view = sheet.tab("All runs").parts["filterViews"][0]
    view["title"] = "What broke"
    sheet.publish(small_report([*RUNS, run_row(40)]))
    view = sheet.tab("All runs").parts["filterViews"][0]
    assert view["title"] == "What broke"
    assert view["range"]["endRowIndex"] == sheet.tab("All runs").find("run-00040")[0] + 1


def test_columns_of_the_runs_have_names_that_follow_them() -> None:
    sheet = Spreadsheet()
    sheet.publish(small_report(RUNS))
    sheet.publish(small_report([*RUNS, run_row(40)]))
    tab = sheet.tab("All runs")
    named = {entry["name"]: entry["range"] for entry in sheet.names}
    row, column = tab.find("Accuracy (%)")
    area = named["reportgen_runs_accuracy"]
    assert (area["startRowIndex"], area["endRowIndex"]) == (row + 1, row + 32)
    assert (area["startColumnIndex"], area["endColumnIndex"]) == (column, column + 1)
    assert named["reportgen_runs"]["startRowIndex"] == row


def test_a_name_that_is_taken_gets_a_number_and_one_that_people_changed_stays() -> None:
    sheet = Spreadsheet()
    sheet.names.append({"namedRangeId": "x", "name": "Reportgen_RUNS", "range": {"sheetId": 77}})
    sheet.publish(small_report(RUNS))
    names = {entry["name"]: entry for entry in sheet.names}
    assert "reportgen_runs_2" in names
    names["reportgen_runs_2"]["name"] = "ours"
    sheet.publish(small_report([*RUNS, run_row(40)]))
    assert [entry["name"] for entry in sheet.names].count("ours") == 1
    assert "reportgen_runs_2" not in {entry["name"] for entry in sheet.names}


def test_a_rule_is_known_by_its_own_condition_and_is_always_true_there(runs: Tab) -> None:
    (rule,) = runs.parts["conditionalFormats"]
    text = rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"]
    assert re.fullmatch(r'=AND\(.+;N\("reportgen:runs-metric_0-best"\)=0\)', text)


def test_rules_that_are_no_more_go_and_those_of_people_keep_their_place() -> None:
    sheet = Spreadsheet()
    table = Table(
        "t",
        say("A table"),
        (Column("a", "A", PERCENT, "maximize"), Column("b", "B", PERCENT, "minimize")),
        (Row((0.1, 0.2)), Row((0.3, 0.4))),
    )
    sheet.publish(small_report(RUNS, section("tried", "Tried", table)))
    tab = sheet.tab("Tried")
    grid = {
        "sheetId": tab.id,
        "startRowIndex": 0,
        "endRowIndex": 5,
        "startColumnIndex": 0,
        "endColumnIndex": 2,
    }
    mine = {"ranges": [grid], "booleanRule": {"condition": {"values": [{"userEnteredValue": "=A1=1"}]}}}
    tab.parts["conditionalFormats"].insert(1, mine)
    fewer = replace(table, columns=(table.columns[0], replace(table.columns[1], goal=None)))
    sheet.publish(small_report(RUNS, section("tried", "Tried", fewer)))
    assert len(tab.parts["conditionalFormats"]) == 2
    assert tab.parts["conditionalFormats"][1] == mine
    assert "t-a-best" in repr(tab.parts["conditionalFormats"][0])


def test_a_word_stands_where_a_small_table_has_no_number() -> None:
    table = Table(
        "t",
        say("A table"),
        (Column("a", "A"), Column("b", "B", PERCENT), Column("c", "C")),
        (Row(("x", Missing("not measured"), Badge("better", "good", "▲"))), Row(("y", 0.5, ""))),
    )
    note = small_report(RUNS, section("tried", "Tried", table, table_two()))
    sheet = Spreadsheet()
    sheet.publish(note)
    tab = sheet.tab("Tried")
    row, _ = tab.find("x")
    assert [tab.text(row, column) for column in range(3)] == ["x", "not measured", "▲ better"]


def table_two() -> Table:
    return Table("u", say("Another"), (Column("a", "A"),), (Row(("z",)),))


def test_columns_are_as_wide_as_people_made_them() -> None:
    sheet = Spreadsheet()
    sheet.publish(small_report(RUNS))
    tab = sheet.tab("All runs")
    assert all(width > 40 for width in tab.widths.values())
    tab.widths[0] = 333
    sheet.publish(small_report(RUNS[:20]))
    assert tab.widths[0] == 333


def test_the_small_chart_beside_a_run_looks_up_that_run_however_people_sort() -> None:
    courses = [{"id": f"run-{number:05d}", "course": [0.1, 0.2, number / 10]} for number in (4, 5, 7)]
    sheet = Spreadsheet()
    sheet.publish(replace(small_report(RUNS), numbers={"rows": courses}))
    runs, data = sheet.tab("All runs"), sheet.tab("Courses")
    assert [text for text in data.column() if text.startswith("run-")] == [one["id"] for one in courses]
    first, last = data.find("run-00004")[0] + 1, data.find("run-00007")[0] + 1
    assert data.text(last - 1, 3) == "0.7"
    row, _ = runs.find("run-00004")
    assert runs.text(row, 5) == (
        f"=IF(COUNT(INDEX('Courses'!$B${first}:$D${last};MATCH($A{row + 1};'Courses'!$A${first}:$A${last};0);0))=0;"
        f"\"\";SPARKLINE(INDEX('Courses'!$B${first}:$D${last};"
        f"MATCH($A{row + 1};'Courses'!$A${first}:$A${last};0);0);'Courses'!$A$2:$B$3))"
    )
    assert runs.text(row - 1, 5) == ""
