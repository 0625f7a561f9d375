"""A publication makes what is missing, writes what changed, and touches nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from reportgen.document import Column, Paragraph, Report, Row, Table, say
from reportgen.errors import RenderError
from reportgen.render.gsheet import plan_sheet
from reportgen.render.gsheet.identity import object_id
from tests.unit.render.gsheet.reports import composed, later, run_row, section, small_report
from tests.unit.render.gsheet.sheets import PEOPLE, THEME, Spreadsheet, Tab, tag_of

RUNS = [run_row(number) for number in range(30)]
SLUG = "digit-recognition"


def published(report: Report) -> Spreadsheet:
    sheet = Spreadsheet()
    sheet.publish(report)
    return sheet


def extra(text: str = "Something.") -> Report:
    return small_report(RUNS, section("trade_off", "Trade-off", Paragraph(say(text))))


def test_the_answer_is_what_one_sees_first(digits: Report) -> None:
    sheet = published(digits)
    first = sheet.tabs[0]
    assert first.title == "Summary"
    assert first.text(0) == digits.sections[0].title.text
    assert first.text(1).startswith(digits.meta.title)
    assert first.properties["gridProperties"]["hideGridlines"]


def test_tabs_stand_in_the_order_of_the_report_and_those_of_people_behind(digits: Report) -> None:
    shown = [tab.title for tab in published(digits).tabs if not tab.properties.get("hidden")]
    wanted = [part.short for part in digits.sections]
    assert [title for title in shown if title in wanted] == wanted
    assert shown[-1] == "Our notes"


def test_helper_tabs_are_hidden(digits: Report) -> None:
    hidden = {tab.title for tab in published(digits).tabs if tab.properties.get("hidden")}
    assert hidden == {"Chart data", "Live data", "All verdicts", "Courses"} & hidden
    assert {"Chart data", "Live data", "All verdicts"} <= hidden


def test_the_link_opens_the_first_tab(digits: Report) -> None:
    sheet = Spreadsheet()
    plan = sheet.publish(digits)
    assert plan.first_tab == sheet.tab("Summary").id


def test_ids_come_from_the_keys_alone() -> None:
    one, two = published(small_report(RUNS)), published(small_report(RUNS[:3], answer="Otherwise"))
    ids = [tab.id for tab in one.tabs]
    assert ids == [tab.id for tab in two.tabs]
    assert one.tab("Summary").id == object_id(SLUG, "answer", "tab")
    digest = int(hashlib.sha256(b"a\0b\0c").hexdigest(), 16)
    assert object_id("a", "b", "c") == int(f"{digest:0256b}"[:31], 2)


def test_an_id_that_somebody_has_is_worked_out_anew() -> None:
    sheet = Spreadsheet()
    sheet.tabs[0].properties["sheetId"] = object_id(SLUG, "answer", "tab")
    sheet.publish(small_report(RUNS))
    assert sheet.tab("Summary").id == object_id(SLUG, "answer", "tab", 1)
    again = sheet.publish(later(small_report(RUNS)))
    assert "addSheet" not in {kind for request in again.requests for kind in request}


@pytest.mark.parametrize("state", ["digits", "no_baseline", "all_failed", "strange_values", "nothing_at_all"])
def test_the_same_report_again_writes_the_time_alone(state: str) -> None:
    report = composed(state)
    sheet = published(report)
    before, people = sheet.structure(), sheet.people()
    plan = sheet.publish(later(report))
    assert [list(request) for request in plan.requests] == [["updateCells"]] * 2
    assert sheet.structure() == before
    assert sheet.people() == people
    assert plan.edits == ()


def test_the_time_is_that_of_the_spreadsheet_with_its_zone() -> None:
    sheet = Spreadsheet(zone="Asia/Kolkata")
    sheet.publish(small_report(RUNS))
    first = sheet.tab("Summary")
    assert first.text(2).startswith("As of 22 Nov 2026, 13:30 (Asia/Kolkata).")
    row, _ = first.find("Made on (Asia/Kolkata)")
    assert first.cells[row, 1]["numberValue"] == pytest.approx(46348 + 13.5 / 24)
    assert next(e["range"]["startRowIndex"] for e in sheet.names if e["name"] == "reportgen_as_of") == row
    sheet.publish(later(small_report(RUNS)))
    assert first.text(2).startswith("As of 22 Nov 2026, 14:30 (Asia/Kolkata).")


def test_a_zone_that_nobody_knows_is_said_to_be_utc() -> None:
    sheet = Spreadsheet(zone="Mars/Olympus")
    sheet.publish(small_report(RUNS))
    assert "08:00 (UTC)" in sheet.tab("Summary").text(2)


def test_a_tab_without_news_is_not_written() -> None:
    sheet = published(extra("Something."))
    plan = sheet.publish(later(extra("Something else.")))
    written = {r["updateCells"]["range"]["sheetId"] for r in plan.requests if "updateCells" in r}
    assert written == {sheet.tab("Trade-off").id, sheet.tab("Summary").id}
    assert sheet.tab("Trade-off").text(3) == "Something else."
    assert "Bring the tab 'Trade-off' up to date (5 rows)." in plan.words
    assert "Leave 2 tabs as they are." in plan.words


def test_another_look_is_written_although_the_values_are_the_same() -> None:
    sheet = published(small_report(RUNS))
    theme = replace(THEME, colors={**THEME.colors, "focus": "#123456"})
    plan = plan_sheet(small_report(RUNS), theme, sheet.state())
    assert any("repeatCell" in request for request in plan.requests)


def test_a_shrinking_report_loses_stale_rows_and_the_tab_no_row() -> None:
    sheet = published(small_report(RUNS))
    tab = sheet.tab("All runs")
    size = tab.size
    tab.cells[len(RUNS) + 20, 0] = {"stringValue": "a remark far below"}
    tab.cells[4, 9] = {"stringValue": "a column of one's own"}
    sheet.publish(small_report(RUNS[:5]))
    runs = [text for text in tab.column() if text.startswith("run-")]
    assert runs == [f"run-{number:05d}" for number in range(5)]
    assert tab.size == size
    assert tab.text(len(RUNS) + 20) == "a remark far below"
    assert tab.text(4, 9) == "a column of one's own"
    assert not {kind for kind in sheet.kinds if kind.startswith("delete")}


def test_what_people_wrote_beside_new_rows_stays_when_the_table_gets_longer_and_narrower() -> None:
    def report(rows: int, columns: int) -> Report:
        headings = tuple(Column(f"c{n}", f"C{n}") for n in range(columns))
        cells = tuple(Row((f"r{row}",) * columns) for row in range(rows))
        return small_report(RUNS, section("tried", "Tried", Table("t", say("T"), headings, cells)))

    sheet = published(report(25, 9))
    tab = sheet.tab("Tried")
    tab.cells[35, 8] = {"stringValue": "far out"}
    plan = sheet.publish(report(50, 3))
    assert tab.text(35, 8) == "far out"
    assert plan.edits == ()
    assert [
        place for place, held in tab.cells.items() if place[1] > 2 and held["stringValue"] != "far out"
    ] == []


def test_a_growing_report_makes_the_tab_larger_with_room_to_spare() -> None:
    sheet = published(small_report(RUNS))
    tab = sheet.tab("All runs")
    sheet.publish(small_report([run_row(number) for number in range(400)]))
    grown = tab.size
    assert grown[0] > 400
    sheet.publish(small_report([run_row(number) for number in range(410)]))
    assert tab.size == grown


def test_a_tab_that_was_renamed_and_moved_is_written_where_it_is() -> None:
    sheet = published(extra())
    tab = sheet.tab("All runs")
    tab.properties["title"] = "Läufe (Anna)"
    sheet.tabs.remove(tab)
    sheet.tabs.append(tab)
    sheet.publish(small_report(RUNS[:2]))
    assert [one.title for one in sheet.tabs].count("All runs") == 0
    assert sheet.tabs[-1] is tab
    assert tab.title == "Läufe (Anna)"
    assert [text for text in tab.column() if text.startswith("run-")] == ["run-00000", "run-00001"]
    links = [held.get("formulaValue", "") for held in sheet.tab("Summary").cells.values()]
    assert any("Läufe (Anna)" in text for text in links)


def test_a_deleted_tab_is_made_again_in_its_place() -> None:
    sheet = published(extra())
    gone = sheet.tab("Trade-off")
    sheet.tabs.remove(gone)
    plan = sheet.publish(extra())
    assert [tab.title for tab in sheet.tabs] == ["Summary", "Trade-off", "All runs", "Our notes"]
    assert sheet.tab("Trade-off").id == gone.id
    assert "Make the tab 'Trade-off' (5 rows)." in plan.words


def test_a_title_that_is_taken_is_left_to_its_owner() -> None:
    sheet = Spreadsheet(titles=("all RUNS", "Summary", "Summary (2)"))
    people = sheet.people()
    sheet.publish(small_report(RUNS))
    assert [tab.title for tab in sheet.tabs[:2]] == ["Summary (3)", "All runs (2)"]
    assert sheet.people() == people


def test_a_long_title_is_cut_before_its_number() -> None:
    name = "n" * 150
    sheet = Spreadsheet(titles=("n" * 100,))
    sheet.publish(small_report(RUNS, section("tried", name, Paragraph(say("x")))))
    assert sheet.tabs[1].title == "n" * 96 + " (2)"


def test_tabs_are_known_by_their_mark_and_nothing_else() -> None:
    sheet = published(small_report(RUNS))
    tag = tag_of(sheet.tab("All runs"))
    assert tag.keys() == {"report", "tab", "v", "hash"}
    assert (tag["report"], tag["tab"], tag["v"]) == (SLUG, "runs", 1)
    sheet.tab("All runs").parts["developerMetadata"].clear()
    sheet.publish(small_report(RUNS))
    assert [tab.title for tab in sheet.tabs].count("All runs (2)") == 1


def test_a_part_that_is_no_more_leaves_one_line() -> None:
    sheet = published(composed("digits"))
    tab = sheet.tab("Trade-off")
    assert tab.parts["charts"]
    report = composed("digits")
    without = replace(report, sections=tuple(s for s in report.sections if s.id != "trade_off"))
    plan = sheet.publish(without)
    assert tab in sheet.tabs
    assert [text for text in tab.column() if text] == [
        "Nothing stands here at present: the report has no such part. It comes back here when there is one again."
    ]
    assert tab.parts["charts"] == []
    assert any("Trade-off" in note for note in plan.notes)
    assert sheet.publish(later(without)).requests[0].keys() == {"updateCells"}
    sheet.publish(report)
    assert tab.parts["charts"]
    assert len([text for text in tab.column() if text]) > 5


def test_a_table_that_had_a_tab_keeps_it_when_it_is_small() -> None:
    def report(rows: int) -> Report:
        table = Table("t", say("A table"), (Column("a", "A"),), tuple(Row((f"r{n}",)) for n in range(rows)))
        return small_report(RUNS, section("tried", "Tried", Paragraph(say("Text.")), table, table_of_one()))

    sheet = published(report(30))
    sheet.publish(report(3))
    assert [text for text in sheet.tab("A table").column() if text.startswith("r")] == ["r0", "r1", "r2"]
    assert published(report(3)).tab("Tried").find("r2")


def table_of_one() -> Table:
    return Table("u", say("Another"), (Column("a", "A"),), (Row(("z",)),))


def test_two_reports_share_a_spreadsheet() -> None:
    sheet = published(small_report(RUNS))
    before = [tab.id for tab in sheet.tabs]
    plan = sheet.publish(small_report(RUNS[:3], slug="another"))
    assert set(before) < {tab.id for tab in sheet.tabs}
    assert any(SLUG in note for note in plan.notes)
    assert len(sheet.tab("All runs").column()) > len(sheet.tab("All runs (2)").column())
    names = [entry["name"] for entry in sheet.names]
    assert {"reportgen_runs", "reportgen_runs_2"} <= set(names)


def test_a_tab_that_somebody_duplicated_stays_a_copy() -> None:
    sheet = published(small_report(RUNS))
    tab = sheet.tab("All runs")
    copy = Tab({**tab.properties, "sheetId": 5, "title": "Copy of All runs"})
    copy.cells = dict(tab.cells)
    copy.parts["developerMetadata"] = [
        dict(e, metadataId=n) for n, e in enumerate(tab.parts["developerMetadata"], 1)
    ]
    sheet.tabs.insert(0, copy)
    cells = dict(copy.cells)
    plan = sheet.publish(small_report(RUNS[:2]))
    assert copy.cells == cells
    assert any("Copy of All runs" in note for note in plan.notes)


def test_what_was_left_half_published_is_written_again() -> None:
    sheet = published(small_report(RUNS))
    tab = sheet.tab("All runs")
    mark = tab.parts["developerMetadata"][0]
    mark["metadataValue"] = mark["metadataValue"].replace(tag_of(tab)["hash"], "")
    tab.cells.clear()
    sheet.publish(small_report(RUNS))
    assert sum(text.startswith("run-") for text in tab.column()) == len(RUNS)


def test_a_chart_that_was_taken_away_comes_back(digits: Report) -> None:
    sheet = published(digits)
    tab = sheet.tab("Trade-off")
    before = {entry["chartId"] for entry in tab.parts["charts"]}
    tab.parts["charts"].clear()
    sheet.publish(later(digits))
    assert {entry["chartId"] for entry in tab.parts["charts"]} == before


@pytest.mark.parametrize(
    ("gone", "reader", "other"),
    [
        ("Chart data", "Trade-off", "All runs"),
        ("Live data", "Comparison", "Method"),
        ("Comparison", "Live data", "Method"),
    ],
)
def test_what_reads_a_tab_that_was_deleted_is_written_anew(
    digits: Report, gone: str, reader: str, other: str
) -> None:
    sheet = published(digits)
    sheet.tabs.remove(sheet.tab(gone))
    plan = sheet.publish(later(digits))
    words = " ".join(plan.words)
    assert f"{gone!r}" in words
    assert f"{reader!r}" in words
    assert f"{other!r}" not in words


def test_people_s_rules_charts_and_filters_in_our_tabs_stay() -> None:
    sheet = published(small_report(RUNS))
    tab = sheet.tab("All runs")
    grid = {
        "sheetId": tab.id,
        "startRowIndex": 0,
        "endRowIndex": 5,
        "startColumnIndex": 0,
        "endColumnIndex": 2,
    }
    rule = {"ranges": [grid], "booleanRule": {"condition": {"values": [{"userEnteredValue": "=A1=1"}]}}}
    tab.parts["conditionalFormats"].insert(0, rule)
    tab.parts["charts"].append({"chartId": 9, "position": {}})
    tab.filter = {"range": grid, "mine": True}
    sheet.publish(small_report(RUNS[:9]))
    assert tab.parts["conditionalFormats"][0] == rule
    assert sum("reportgen:" in repr(one) for one in tab.parts["conditionalFormats"]) == 1
    assert tab.parts["charts"] == [{"chartId": 9, "position": {}}]
    assert tab.filter == {"range": grid, "mine": True}


def test_stripes_and_tables_of_people_are_not_written_over() -> None:
    sheet = published(small_report(RUNS))
    tab = sheet.tab("All runs")
    grid = {
        "sheetId": tab.id,
        "startRowIndex": 4,
        "endRowIndex": 9,
        "startColumnIndex": 0,
        "endColumnIndex": 2,
    }
    tab.parts["bandedRanges"] = [{"bandedRangeId": 3, "range": grid}]
    sheet.kinds.clear()
    sheet.publish(small_report(RUNS[:20]))
    assert tab.parts["bandedRanges"] == [{"bandedRangeId": 3, "range": grid}]
    assert "addBanding" not in sheet.kinds


def test_another_report_under_the_same_name_keeps_every_tab(digits: Report) -> None:
    sheet = published(digits)
    ids = {tab.id for tab in sheet.tabs}
    sheet.kinds.clear()
    sheet.publish(later(composed("grid"), slug=digits.meta.slug))
    assert ids <= {tab.id for tab in sheet.tabs}
    assert PEOPLE in ids
    assert not set(sheet.kinds) & {
        "deleteSheet",
        "deleteDimension",
        "deleteNamedRange",
        "deleteProtectedRange",
    }


def test_whatever_report_follows_another_the_sheet_comes_to_rest() -> None:
    sheet = Spreadsheet()
    people = sheet.people()
    states = (
        "nothing_at_all",
        "digits",
        "all_failed",
        "grid",
        "no_metric",
        "strange_values",
        "one_run",
        "picked",
    )
    for state in (*states, *reversed(states)):
        report = later(composed(state), slug="one")
        assert sheet.publish(report).edits == ()
        plan = sheet.publish(later(report))
        assert {kind for request in plan.requests for kind in request} == {"updateCells"}
        assert len(plan.requests) == 2
    assert sheet.people() == people


def test_a_spreadsheet_without_room_is_said_to_be_full() -> None:
    sheet = Spreadsheet()
    sheet.tabs[0].properties["gridProperties"] = {"rowCount": 999_000, "columnCount": 10}
    with pytest.raises(RenderError, match="the spreadsheet is full"):
        sheet.publish(small_report(RUNS))


def test_a_new_title_keeps_the_tabs_of_a_report_that_has_a_name() -> None:
    report = small_report(RUNS)
    sheet = Spreadsheet()
    sheet.publish(report)
    before = [tab.id for tab in sheet.tabs]
    renamed = replace(report, meta=replace(report.meta, title="Week 48", slug="week-48"))
    plan = plan_sheet(renamed, THEME, sheet.state())
    assert f'[sheet] report = "{SLUG}" keeps its tabs' in " ".join(plan.notes)
    assert any("addSheet" in request for request in plan.requests)
    kept = plan_sheet(renamed, THEME, sheet.state(), key=SLUG)
    assert not any("addSheet" in request for request in kept.requests)
    assert kept.requests
    sheet.apply(kept.requests)
    assert [tab.id for tab in sheet.tabs] == before
