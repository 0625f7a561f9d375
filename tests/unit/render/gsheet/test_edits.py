"""What people change in our tabs is found, named, and written over only with that said."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest

from reportgen.document import say
from reportgen.render.gsheet.edits import MOST_MARKS, find_edits, fingerprints
from reportgen.render.gsheet.values import Formula, Value, typed
from tests.unit.render.gsheet.reports import composed, later, run_row, small_report
from tests.unit.render.gsheet.sheets import Spreadsheet, Tab

RUNS = [run_row(number) for number in range(12)]


def published() -> Spreadsheet:
    sheet = Spreadsheet()
    sheet.publish(small_report(RUNS))
    return sheet


def test_a_changed_cell_is_named_with_both_values_and_written_over() -> None:
    sheet = published()
    tab = sheet.tab("All runs")
    row, _ = tab.find("run-00003")
    tab.cells[row, 1] = {"stringValue": "my own name"}
    plan = sheet.publish(later(small_report(RUNS)))
    (edit,) = plan.edits
    assert (edit.tab, edit.cell, edit.written, edit.found) == (
        "All runs",
        f"B{row + 1}",
        "set-up a",
        "my own name",
    )
    assert tab.text(row, 1) == "set-up a"
    assert any("over what people changed" in word for word in plan.words)
    assert sheet.publish(later(small_report(RUNS))).edits == ()


def test_an_emptied_cell_is_an_edit_too() -> None:
    sheet = published()
    tab = sheet.tab("All runs")
    row, _ = tab.find("run-00005")
    del tab.cells[row, 3]
    (edit,) = sheet.publish(small_report(RUNS)).edits
    assert (edit.cell, edit.written, edit.found) == (f"D{row + 1}", "0.905", "empty")


def test_a_number_made_a_text_is_an_edit() -> None:
    sheet = published()
    tab = sheet.tab("All runs")
    row, _ = tab.find("run-00005")
    tab.cells[row, 3] = {"stringValue": "0.905"}
    assert len(sheet.publish(small_report(RUNS)).edits) == 1


def test_a_changed_cell_is_found_although_the_report_changed_as_well() -> None:
    sheet = published()
    tab = sheet.tab("All runs")
    row, _ = tab.find("run-00003")
    tab.cells[row, 1] = {"stringValue": "my own name"}
    more = small_report(
        [replace(RUNS[0], cells=("run-00000", "b", *RUNS[0].cells[2:])), *RUNS[1:], run_row(50)]
    )
    (edit,) = sheet.publish(more).edits
    assert (edit.cell, edit.written, edit.found) == (f"B{row + 1}", "not known", "my own name")


def test_what_somebody_wrote_below_is_told_before_a_run_takes_its_place() -> None:
    sheet = published()
    tab = sheet.tab("All runs")
    tab.cells[tab.find("run-00011")[0] + 1, 0] = {"stringValue": "do not forget"}
    assert sheet.publish(later(small_report(RUNS))).edits == ()
    (edit,) = sheet.publish(small_report([*RUNS, run_row(50)])).edits
    assert (edit.written, edit.found) == ("empty", "do not forget")


def test_sorted_rows_are_no_edit_and_stay_until_there_is_news() -> None:
    sheet = published()
    tab = sheet.tab("All runs")
    first, second = tab.find("run-00000")[0], tab.find("run-00001")[0]
    for column in range(5):
        one, two = tab.cells[first, column], tab.cells[second, column]
        tab.cells[first, column], tab.cells[second, column] = two, one
    plan = sheet.publish(later(small_report(RUNS)))
    assert plan.edits == ()
    assert any("moved by hand" in note for note in plan.notes)
    assert tab.text(first) == "run-00001"
    sheet.publish(small_report(RUNS[:11]))
    assert tab.text(first) == "run-00000"


def moved_down(tab: Tab, first: int) -> None:
    """Put an empty row in before the row *first*."""
    tab.cells = {(row + (row >= first), column): held for (row, column), held in tab.cells.items()}


def test_a_row_that_people_put_between_is_told_and_ours_stand_once_afterwards() -> None:
    sheet = published()
    tab = sheet.tab("All runs")
    row = tab.find("run-00004")[0]
    moved_down(tab, row)
    assert sheet.publish(later(small_report(RUNS))).edits == ()
    tab.cells[row, 0] = {"stringValue": "why so bad?"}
    (edit,) = sheet.publish(later(small_report(RUNS))).edits
    assert (edit.cell, edit.written, edit.found) == (f"A{row + 1}", "empty", "why so bad?")
    runs = [text for text in tab.column() if text.startswith("run-")]
    assert runs == [f"run-{number:05d}" for number in range(12)]


@pytest.mark.parametrize("lines", [(4, None), (None, 1)])
def test_a_row_or_column_that_was_deleted_is_one_edit_and_comes_back(
    lines: tuple[int | None, int | None],
) -> None:
    sheet = published()
    tab = sheet.tab("All runs")
    before = dict(tab.cells)
    top = tab.find("run-00000")[0]
    if lines[0] is not None:
        gone = top + lines[0]
        tab.cells = {(r - (r > gone), c): held for (r, c), held in before.items() if r != gone}
        wanted = (f"A{gone + 1}", "run-00004")
    else:
        tab.cells = {(r, c - (c > 1)): held for (r, c), held in before.items() if c != 1}
        wanted = ("B2", before[1, 1]["stringValue"][:79] + "\N{HORIZONTAL ELLIPSIS}")
    (edit,) = sheet.publish(later(small_report(RUNS))).edits
    assert (edit.cell, edit.written, edit.found) == (*wanted, "empty")
    assert tab.cells == before


@pytest.mark.parametrize("title", ["Summary", "Comparison"])
def test_a_page_with_a_row_put_between_is_put_back_at_once_and_stands_once(title: str) -> None:
    sheet = Spreadsheet()
    sheet.publish(composed("digits"))
    tab = sheet.tab(title)
    before, charts = dict(tab.cells), deepcopy(tab.parts["charts"])
    moved_down(tab, 1)
    for chart in tab.parts["charts"]:
        chart["position"]["overlayPosition"]["anchorCell"]["rowIndex"] += 1
    tab.cells[1, 0] = {"stringValue": "see my note"}
    plan = sheet.publish(composed("digits"))
    assert [(edit.cell, edit.found) for edit in plan.edits] == [("A2", "see my note")]
    assert tab.cells == before
    assert [chart["position"] for chart in tab.parts["charts"]] == [chart["position"] for chart in charts]


def test_rows_that_formulas_read_by_their_place_are_put_back_at_once() -> None:
    sheet = Spreadsheet()
    sheet.publish(composed("digits"))
    tab = sheet.tab("Live data")
    before = dict(tab.cells)
    for column in range(tab.size[1]):  # somebody sorts what is hidden
        one, two = tab.cells.get((6, column)), tab.cells.get((7, column))
        for row, held in ((7, one), (6, two)):
            if held is None:
                tab.cells.pop((row, column), None)
            else:
                tab.cells[row, column] = held
    assert tab.cells != before
    sheet.publish(later(composed("digits")))
    assert tab.cells == before


def test_a_note_in_an_empty_row_is_an_edit_and_moves_nothing() -> None:
    sheet = Spreadsheet()
    sheet.publish(composed("digits"))
    tab = sheet.tab("Summary")
    row = next(n for n, text in enumerate(tab.column()) if not text and n > 3)
    last = max(row for row, _ in tab.cells)
    tab.cells[row, 3] = {"stringValue": "in between"}
    tab.cells[last + 4, 0] = {"stringValue": "one of mine"}
    tab.cells[last + 8, 0] = {"stringValue": "another"}
    plan = sheet.publish(later(composed("digits")))
    assert [edit.found for edit in plan.edits] == ["in between"]
    assert not any("by hand" in note for note in plan.notes)
    assert tab.text(last + 4) == "one of mine"


def test_a_column_that_people_put_between_is_told_and_ours_stand_once_afterwards() -> None:
    sheet = published()
    tab = sheet.tab("All runs")
    tab.cells = {(row, column + (column >= 2)): held for (row, column), held in tab.cells.items()}
    tab.cells[tab.find("run-00004")[0], 2] = {"stringValue": "mine"}
    (edit,) = sheet.publish(small_report(RUNS)).edits
    assert edit.found == "mine"
    header = tab.find("Run")[0]
    assert [tab.text(header, column) for column in range(2, 7)] == [
        "Status",
        "Accuracy (%)",
        "Started (Europe/Berlin)",
        "",
        "",
    ]


def other_choice(sheet: Spreadsheet) -> str:
    """Give a set-up that can be picked and is not."""
    data, tab = sheet.tab("Live data"), sheet.tab("Comparison")
    listed = data.column()[data.find("Can be compared with")[0] + 1 :]
    picked = tab.text(tab.find("Compared with")[0], 1)
    return next(name for name in listed[: listed.index("")] if name != picked)


def test_the_time_and_what_people_chose_are_no_edits() -> None:
    sheet = Spreadsheet()
    sheet.publish(composed("breaks_limit"))
    tab, choice = sheet.tab("Comparison"), other_choice(sheet)
    place = tab.find("Compared with")[0], 1
    tab.cells[place] = {"stringValue": choice}
    plan = sheet.publish(later(composed("breaks_limit")))
    assert plan.edits == ()
    assert len(plan.requests) == 2
    assert tab.text(*place) == choice


def test_a_choice_outlives_news_and_what_is_no_choice_is_put_right() -> None:
    sheet = Spreadsheet()
    sheet.publish(composed("breaks_limit"))
    tab, choice = sheet.tab("Comparison"), other_choice(sheet)
    first = tab.text(tab.find("Compared with")[0], 1)
    tab.cells[tab.find("Compared with")[0], 1] = {"stringValue": choice}
    report = composed("breaks_limit")
    news = replace(report, sections=tuple(replace(s, title=say("News")) for s in report.sections))
    sheet.publish(news)
    assert tab.text(0) == "News"
    assert tab.text(tab.find("Compared with")[0], 1) == choice
    tab.cells[tab.find("Compared with")[0], 1] = {"stringValue": "no such set-up"}
    sheet.publish(news)
    assert tab.text(tab.find("Compared with")[0], 1) == first


def test_formulas_that_the_sheet_spells_anew_are_no_edit_and_a_value_in_their_place_is() -> None:
    sheet = Spreadsheet()
    sheet.publish(composed("digits"))
    tab = sheet.tab("Comparison")
    for place, held in tab.cells.items():
        if "formulaValue" in held:
            tab.cells[place] = {"formulaValue": held["formulaValue"].replace(";", ",").upper()}
    assert sheet.publish(later(composed("digits"))).edits == ()
    place = next(place for place, held in tab.cells.items() if "formulaValue" in held and place[0] > 10)
    tab.cells[place] = {"numberValue": 1}
    assert len(sheet.publish(later(composed("digits"))).edits) == 1


def test_without_the_values_nothing_is_looked_for() -> None:
    sheet = published()
    sheet.tab("All runs").cells[sheet.tab("All runs").find("run-00001")[0], 1] = {"stringValue": "x"}
    assert sheet.publish(later(small_report(RUNS)), edits=False).edits == ()


@pytest.mark.parametrize("rows", [10, MOST_MARKS + 1, 3 * MOST_MARKS])
def test_one_edit_in_a_long_tab_is_one_edit(rows: int) -> None:
    grid: list[list[Value]] = [[f"r{row}", row / 7, Formula("=A1"), None] for row in range(rows)]
    kept = fingerprints(grid, ())
    assert len(kept["r"]) <= 3 * MOST_MARKS
    found = [[typed(value) for value in row] for row in grid]
    assert find_edits("t", kept, found, grid, same=True).cells == ()
    found[rows - 2][1] = {"numberValue": 5}
    (edit,) = find_edits("t", kept, found, grid, same=True).cells
    assert (edit.cell, edit.found) == (f"B{rows - 1}", "5")


def test_many_edits_are_counted_and_not_all_listed() -> None:
    grid: list[list[Value]] = [[row * 10 + column for column in range(10)] for row in range(50)]
    kept = fingerprints(grid, ())
    found = [[{"stringValue": "x"} for _ in row] for row in grid]
    result = find_edits("t", kept, found, grid, same=True)
    assert (len(result.cells), result.more) == (200, 300)
