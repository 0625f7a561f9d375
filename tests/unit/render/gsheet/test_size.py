"""A large report goes in few calls, and what does not fit is said."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace

import pytest

from reportgen.document import Block, Report, Row, Table
from reportgen.render.gsheet import MOST_BYTES, plan_sheet
from reportgen.render.gsheet.limits import DETAIL_CELLS
from reportgen.spreadsheet import SheetPlan
from tests.unit.render.gsheet.reports import changed_blocks, composed, later, run_row, small_report
from tests.unit.render.gsheet.sheets import THEME, Spreadsheet, tag_of


def long_report(runs: int) -> Report:
    """The usual report with so many runs, each with a course."""
    report = composed("digits")
    rows = report.numbers["rows"]

    def long(block: Block) -> Block:
        if not isinstance(block, Table) or block.id != "runs":
            return block
        found = (block.rows[n % len(block.rows)] for n in range(runs))
        return replace(
            block, rows=tuple(Row((f"run-{n:06d}", *row.cells[1:])) for n, row in enumerate(found))
        )

    course = [0.1 + n / 997 for n in range(24)]
    many = [{**rows[n % len(rows)], "id": f"run-{n:06d}", "course": course} for n in range(runs)]
    return replace(changed_blocks(report, long), numbers={**report.numbers, "rows": many})


def size(part: object) -> int:
    return len(json.dumps(part))


@pytest.fixture(scope="module")
def published() -> tuple[Spreadsheet, SheetPlan]:
    sheet = Spreadsheet()
    return sheet, sheet.publish(long_report(5_000))


def test_5000_runs_go_in_three_writes_of_two_megabytes(published: tuple[Spreadsheet, SheetPlan]) -> None:
    sheet, plan = published
    assert plan.bulk
    assert size(plan.requests) < MOST_BYTES > size(plan.finishing)
    assert size(plan.bulk) < 1.1 * MOST_BYTES
    runs = [text for text in sheet.tab("All runs").column() if text.startswith("run-")]
    assert len(runs) == 5_000
    assert plan.notes == ()
    assert any("more than one call" in word for word in plan.words)


def test_a_tab_is_marked_as_done_by_the_very_last_requests(published: tuple[Spreadsheet, SheetPlan]) -> None:
    _, plan = published
    assert {kind for request in plan.finishing[-20:] for kind in request} == {"updateDeveloperMetadata"}
    opened = [
        r["createDeveloperMetadata"]["developerMetadata"]
        for r in plan.requests
        if "createDeveloperMetadata" in r
    ]
    marks = [
        json.loads(entry["metadataValue"]) for entry in opened if entry["metadataKey"] == "reportgen.tab"
    ]
    assert marks
    assert all(mark["hash"] == "" for mark in marks)


def test_a_small_chart_of_the_newest_runs_is_one_request(published: tuple[Spreadsheet, SheetPlan]) -> None:
    _, plan = published
    formulas = [r for r in plan.finishing if "SPARKLINE" in json.dumps(r) and "repeatCell" in r]
    assert len(formulas) == 1


def test_a_large_report_again_writes_the_time_alone(published: tuple[Spreadsheet, SheetPlan]) -> None:
    sheet, _ = published
    plan = sheet.publish(later(long_report(5_000)))
    assert (len(plan.requests), plan.bulk, plan.finishing) == (2, (), ())
    assert plan.edits == ()


def test_a_large_report_that_shrinks_leaves_no_stale_rows(published: tuple[Spreadsheet, SheetPlan]) -> None:
    sheet = deepcopy(published[0])
    plan = sheet.publish(long_report(4_900))
    assert plan.bulk
    runs = [text for text in sheet.tab("All runs").column() if text.startswith("run-")]
    assert (len(runs), runs[-1]) == (4_900, "run-004899")


def test_what_was_cut_off_between_the_calls_is_written_again() -> None:
    sheet = Spreadsheet()
    report = long_report(4_500)
    sheet.apply(plan_sheet(report, THEME, sheet.state()).requests)
    assert tag_of(sheet.tab("Summary"))["hash"] == ""
    sheet.publish(report)
    assert tag_of(sheet.tab("Summary"))["hash"]
    assert sheet.tab("Summary").text(0) == report.sections[0].title.text
    assert len([text for text in sheet.tab("All runs").column() if text.startswith("run-")]) == 4_500


def test_more_runs_than_fit_are_the_newest_ones_and_the_sheet_says_so() -> None:
    rows = [run_row(number) for number in range(20_000)]
    sheet = Spreadsheet()
    plan = sheet.publish(small_report(rows))
    tab = sheet.tab("All runs")
    runs = [text for text in tab.column() if text.startswith("run-")]
    room = DETAIL_CELLS // 8
    assert len(runs) == min(room, 20_000)
    assert runs[-1] == "run-19999"
    assert tab.text(2) == f"This tab holds the newest {room:,} of 20,000 runs; the workbook holds all."
    assert any("newest" in note for note in plan.notes)


def test_people_s_cells_count_against_the_limit_of_the_spreadsheet() -> None:
    sheet = Spreadsheet()
    sheet.tabs[0].properties["gridProperties"] = {"rowCount": 959_600, "columnCount": 10}
    sheet.publish(small_report([run_row(number) for number in range(2_000)]))
    runs = [text for text in sheet.tab("All runs").column() if text.startswith("run-")]
    assert 0 < len(runs) < 2_000
    assert sum(rows * columns for rows, columns in (tab.size for tab in sheet.tabs)) <= 10_000_000


def test_a_request_in_one_batch_is_what_a_usual_report_takes() -> None:
    plan = Spreadsheet().publish(composed("digits"))
    assert (plan.bulk, plan.finishing) == ((), ())
    assert size(plan.requests) < MOST_BYTES
