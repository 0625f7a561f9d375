from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries as boundaries

from reportgen.config import ThemeConfig
from reportgen.document import (
    INTEGER,
    Badge,
    Cell,
    Column,
    Label,
    Missing,
    Number,
    NumberFormat,
    Paragraph,
    Report,
    Row,
    Section,
    Sentence,
    Table,
    say,
)
from reportgen.render.measure import text_width
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer, tables
from reportgen.render.xlsx.tables import split_table
from tests.fakes.reports import MILLISECONDS, PERCENT, POINTS, meta
from tests.fakes.workbooks import printed_width


def sheet_with(
    tmp_path: Path, columns: tuple[Column, ...], rows: tuple[Row, ...], note: Sentence | None = None
) -> Any:
    """Render one table and read its sheet back."""
    return workbook_with(tmp_path, columns, rows, note)["Runs"]


def workbook_with(
    tmp_path: Path, columns: tuple[Column, ...], rows: tuple[Row, ...], note: Sentence | None = None
) -> Any:
    table = Table("listed", say("Every run"), columns, rows, note=note)
    answer = Section("answer", say("The answer"), "Summary", (Paragraph(say("Text.")),))
    report = Report(meta(), (answer, Section("runs", say("Every run"), "Runs", (table,))), {})
    target = tmp_path / "report.xlsx"
    XlsxRenderer().render(report, load_theme(ThemeConfig()), target)
    return load_workbook(target)


def body(sheet: Any) -> list[list[Any]]:
    """The cells of the sheet's only table, header first."""
    (table,) = sheet.tables.values()
    return [list(row) for row in sheet[table.ref]]


def one_cell(tmp_path: Path, cell: Cell, column: Column) -> Any:
    return body(sheet_with(tmp_path, (column,), (Row((cell,)),)))[1][0]


@pytest.mark.parametrize(
    ("cell", "column", "value", "code"),
    [
        (0.931234567890123, Column("a", "A", PERCENT), 0.931234567890123, "#,##0.0%"),
        (0.02, Column("a", "A", POINTS), 2.0, "+#,##0.0;-#,##0.0;#,##0.0"),
        (7, Column("a", "A", INTEGER), 7, "#,##0"),
        (0.00001, Column("a", "A"), 0.00001, "General"),
        (Number(1.84, MILLISECONDS, ""), Column("a", "A"), 1.84, '#,##0.0" ms"'),
        (Number(1.84, MILLISECONDS, ""), Column("a", "A", MILLISECONDS), 1.84, "#,##0.0"),
        (True, Column("a", "A"), True, "General"),
        ("=1+1", Column("a", "A"), "=1+1", "General"),
        (Label("#N/A"), Column("a", "A"), "#N/A", "General"),
        (Badge("better", "good", "▲"), Column("a", "A"), "▲ better", "General"),
        (Missing("not measured"), Column("a", "A", PERCENT), "not measured", "General"),
        (float("nan"), Column("a", "A", PERCENT), "not a number", "General"),
        ("", Column("a", "A"), "empty", "General"),
        (2**60, Column("a", "A", INTEGER), str(2**60), "General"),
        (10**400, Column("a", "A", PERCENT), str(10**400), "General"),
        (
            datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
            Column("a", "A"),
            datetime(2026, 1, 2, 3, 4, tzinfo=UTC).replace(tzinfo=None),
            "yyyy-mm-dd hh:mm",
        ),
    ],
)
def test_every_kind_of_cell_is_typed(
    tmp_path: Path, cell: Cell, column: Column, value: object, code: str
) -> None:
    found = one_cell(tmp_path, cell, column)
    assert found.value == value
    assert type(found.value) is type(value)
    assert found.number_format == code
    assert found.data_type != "f"
    assert found.data_type != "e"


def test_text_that_begins_like_a_formula_stays_text_when_edited(tmp_path: Path) -> None:
    assert one_cell(tmp_path, "=cmd()", Column("a", "A")).quotePrefix
    assert not one_cell(tmp_path, "plain", Column("a", "A")).quotePrefix


def test_headers_carry_the_unit_and_the_time_zone(tmp_path: Path) -> None:
    east = timezone(timedelta(hours=2))
    columns = (
        Column("a", "F1", PERCENT),
        Column("b", "f1", PERCENT),
        Column("c", "Started"),
        Column("d", "", POINTS),
    )
    sheet = sheet_with(tmp_path, columns, (Row((0.1, 0.2, datetime(2026, 1, 2, 1, 0, tzinfo=east), 0.1)),))
    header, first = body(sheet)
    assert [cell.value for cell in header] == ["F1 (%)", "f1 (%) 2", "Started (UTC)", "(points)"]
    assert first[2].value == datetime(2026, 1, 1, 23, 0, tzinfo=UTC).replace(tzinfo=None)
    (table,) = sheet.tables.values()
    assert [column.name for column in table.tableColumns] == [cell.value for cell in header]


def test_the_table_is_framed_for_reading_and_printing(tmp_path: Path) -> None:
    rows = tuple(Row((f"row {number}", number)) for number in range(12))
    sheet = sheet_with(tmp_path, (Column("a", "A"), Column("b", "B", INTEGER)), rows)
    (table,) = sheet.tables.values()
    top = int(table.ref.split(":")[0][1:])
    assert sheet.freeze_panes == f"B{top + 1}"
    assert sheet.print_title_rows == f"${top}:${top}"
    assert table.autoFilter.ref == table.ref
    assert sheet.max_row == top + 12, "nothing may lie below a table"
    header = sheet[top]
    assert [cell.alignment.horizontal for cell in header] == ["left", "right"]
    assert all(cell.alignment.wrap_text for cell in header)
    assert not sheet.merged_cells.ranges
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToWidth == 1
    assert sheet["A1"].value == "Every run"
    assert sheet["A2"].value.startswith("One table: 12 rows, 2 columns.")


def test_the_workbook_prints_reasons_in_full(tmp_path: Path) -> None:
    cell = one_cell(tmp_path, Missing("does not apply", "–"), Column("a", "A", INTEGER))
    assert cell.value == "does not apply"


def test_a_table_taken_in_at_a_glance_has_no_filter_and_a_low_header(tmp_path: Path) -> None:
    sheet = sheet_with(tmp_path, (Column("a", "A"),), (Row(("x",)), Row(("y",))))
    (table,) = sheet.tables.values()
    assert table.autoFilter is None
    assert sheet.row_dimensions[int(table.ref.split(":")[0][1:])].height < 20


def test_decimals_without_a_unit_say_so_in_the_header(tmp_path: Path) -> None:
    columns = (
        Column("loss", "Loss", NumberFormat("number", 3)),
        Column("p", "p-value (0 to 1)", NumberFormat("number", 4)),
        Column("rate", "rate", NumberFormat("general")),
        Column("runs", "Runs", INTEGER),
        Column("depth", "depth", NumberFormat("general")),
        Column("ms", "Latency", MILLISECONDS),
    )
    header, *_ = body(sheet_with(tmp_path, columns, (Row((0.25, 0.01, 0.0003, 3, 6, 1.5)),)))
    assert [cell.value for cell in header] == [
        "Loss (no unit)",
        "p-value (0 to 1)",
        "rate (setting)",
        "Runs",
        "depth",
        "Latency (ms)",
    ]


def test_numbers_with_units_of_their_own_do_not_stand_under_no_unit(tmp_path: Path) -> None:
    seconds, hours = (Number(1.5, NumberFormat("number", 1, unit=unit), "") for unit in ("s", "h"))
    sheet = sheet_with(
        tmp_path, (Column("a", "What"), Column("b", "Spent")), (Row(("x", seconds)), Row(("y", hours)))
    )
    header, first, second = body(sheet)
    assert header[1].value == "Spent (unit beside each)"
    assert [cell[1].number_format for cell in (first, second)] == ['#,##0.0" s"', '#,##0.0" h"']


def test_a_wide_table_is_printed_one_page_wide_and_says_what_is_not(tmp_path: Path) -> None:
    columns = (
        Column("a", "Set-up"),
        *(Column(f"c{i}", f"Measurement number {i}", INTEGER) for i in range(40)),
    )
    sheet = sheet_with(tmp_path, columns, (Row(("x", *range(40))),))
    assert sheet.page_setup.fitToWidth == 1
    printed = boundaries(sheet.print_area.rpartition("!")[2])[2]
    assert printed is not None
    assert 5 < printed < 41
    assert f"On paper: the first {printed} columns." in sheet["A2"].value
    narrow = sheet_with(tmp_path, columns[:3], (Row(("x", 1, 2)),))
    assert narrow.page_setup.fitToWidth == 1
    assert not narrow.print_area
    assert "On paper" not in narrow["A2"].value


def test_columns_for_specialists_stand_last_and_stay_off_paper_where_there_is_no_room(tmp_path: Path) -> None:
    columns = [
        Column("a", "Set-up"),
        *(Column(f"c{i}", f"Measurement number {i}", INTEGER) for i in range(30)),
    ]
    columns[2:4] = [replace(column, detail=True) for column in columns[2:4]]
    columns[6:30] = [replace(column, detail=True) for column in columns[6:30]]
    sheet = sheet_with(tmp_path, tuple(columns), (Row(("x", *range(30))),))
    header, values = body(sheet)
    kept = [column for column in columns if not column.detail]
    assert [cell.value for cell in header][: len(kept)] == [column.heading for column in kept]
    assert [cell.value for cell in values][:5] == ["x", 0, 3, 4, 29]  # each value went with its column
    assert boundaries(sheet.print_area.rpartition("!")[2])[2] == len(kept)


def test_no_text_above_a_table_is_wider_than_what_is_printed(tmp_path: Path) -> None:
    columns = (
        Column("a", "Set-up"),
        Column("n", "Runs", INTEGER),
        *(Column(f"c{i}", f"Measurement number {i}", INTEGER, detail=True) for i in range(30)),
    )
    long = say("Many words that tell how the table below was made. " * 6)
    sheet = sheet_with(tmp_path, columns, (Row(("x" * 40, *range(31))),), note=long)
    header = body(sheet)[0][0]
    above = [cell.value for cell in sheet["A"][: header.row - 1] if cell.value]
    assert " ".join(long.text.split()) in " ".join(above)
    assert max(map(text_width, above)) <= printed_width(sheet)


def test_a_word_for_a_broken_number_leaves_its_column_one_of_numbers(tmp_path: Path) -> None:
    sheet = sheet_with(tmp_path, (Column("a", "A", PERCENT),), (Row((0.1,)), Row((float("nan"),))))
    header, number, word = body(sheet)
    assert [line[0].alignment.horizontal for line in (header, number, word)] == ["right"] * 3
    assert word[0].font.italic


def test_a_table_without_rows_says_so(tmp_path: Path) -> None:
    assert [cell.value for cell in body(sheet_with(tmp_path, (Column("a", "A"),), ()))[1]] == ["no rows"]


def test_second_lines_get_a_column_of_their_own(tmp_path: Path) -> None:
    sheet = sheet_with(tmp_path, (Column("a", "A"),), (Row(("x",), sub="recommended"), Row(("y",))))
    assert [[cell.value for cell in row] for row in body(sheet)] == [
        ["A", "Remark"],
        ["x", "recommended"],
        ["y", "none"],
    ]


def test_long_text_is_wrapped_and_its_row_high_enough(tmp_path: Path) -> None:
    sheet = sheet_with(tmp_path, (Column("a", "A"), Column("b", "B")), (Row(("x", "many words " * 40)),))
    cell = body(sheet)[1][1]
    assert cell.alignment.wrap_text
    assert sheet.row_dimensions[cell.row].height > 60
    assert sheet.column_dimensions["B"].width <= tables.WIDEST


@pytest.mark.parametrize(("goal", "bottom"), [("maximize", None), ("minimize", True)])
def test_the_best_value_is_marked_the_way_the_metric_goes(
    tmp_path: Path, goal: Any, bottom: bool | None
) -> None:
    column = Column("a", "A", PERCENT, goal=goal)
    sheet = sheet_with(tmp_path, (Column("n", "N"), column), (Row(("x", 0.1)), Row(("y", 0.2))))
    (rules,) = (entry.rules for entry in sheet.conditional_formatting)
    assert [(rule.type, rule.bottom) for rule in rules] == [("top10", bottom)]
    assert "Bold green" in sheet["A2"].value


def test_equal_values_have_no_best(tmp_path: Path) -> None:
    column = Column("a", "A", PERCENT, goal="maximize")
    sheet = sheet_with(tmp_path, (column,), (Row((0.1,)), Row((0.1,))))
    assert not list(sheet.conditional_formatting)


@pytest.mark.parametrize(("goal", "gain"), [("maximize", "FF007A5A"), ("minimize", "FFC2410C")])
def test_changes_are_coloured_by_what_is_good(tmp_path: Path, goal: Any, gain: str) -> None:
    column = Column("a", "A", POINTS, goal=goal)
    sheet = sheet_with(tmp_path, (column,), (Row((0.1,)), Row((-0.1,)), Row((Missing("not measured"),))))
    (rules,) = (entry.rules for entry in sheet.conditional_formatting)
    assert rules[0].formula[0].endswith(">0)")
    assert rules[0].formula[0].startswith("AND(ISNUMBER("), "text counts as larger than any number"
    assert rules[0].dxf.font.color.rgb == gain


def test_a_change_is_coloured_only_where_its_verdict_says_so(tmp_path: Path) -> None:
    gain = Column("gain", "Gain", NumberFormat("percent", 1, signed=True), "maximize")
    columns = (Column("setup", "Set-up"), gain, Column("verdict", "Verdict"))
    better, still_open = Badge("better", "good", "▲"), Badge("not settled", "caution", "?")
    sheet = sheet_with(tmp_path, columns, (Row(("a", 0.02, better)), Row(("b", 0.01, still_open))))
    formulas = [r.formula[0] for e in sheet.conditional_formatting for r in e.rules if r.formula]
    assert any('="▲ better"' in f and ">0" in f for f in formulas)
    assert any("<0" in f and "OR(FALSE)" in f for f in formulas)


def test_what_was_changed_is_told(tmp_path: Path) -> None:
    rows = tuple(Row((value,)) for value in (float("nan"), float("inf"), 0.5, float("nan")))
    workbook = workbook_with(tmp_path, (Column("a", "A", PERCENT),), rows)
    noted = [[cell.value for cell in row] for row in body(workbook["Notes"])]
    assert noted[1] == ["Runs", 3, "not a number or infinite: a word stands in the cell"]
    links = [cell.hyperlink.location for cell in workbook["Summary"]["A"] if cell.hyperlink]
    assert links == ["'Runs'!A1", "'Notes'!A1"]


def test_without_changes_there_are_no_notes(tmp_path: Path) -> None:
    assert workbook_with(tmp_path, (Column("a", "A"),), (Row((1,)),)).sheetnames == ["Summary", "Runs"]


def test_a_table_beyond_the_sheet_is_split_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", tables.HEAD_ROWS + 4)
    monkeypatch.setattr(tables, "MAX_COLUMNS", 4)
    columns = tuple(Column(f"c{i}", f"C{i}", INTEGER) for i in range(6))
    rows = tuple(Row(tuple(10 * r + c for c in range(6))) for r in range(9))
    workbook = workbook_with(tmp_path, columns, rows)
    assert workbook.sheetnames == ["Summary", "Runs", *(f"Runs {n}" for n in range(2, 10))]
    found = set()
    for name in workbook.sheetnames[1:]:
        header, *lines = body(workbook[name])
        assert header[0].value == "C0", "every part repeats the first column"
        assert "of 9" in workbook[name]["A2"].value
        found |= {
            (line[0].value, head.value, cell.value)
            for line in lines
            for head, cell in zip(header, line, strict=True)
        }
    assert found == {(10 * r, f"C{c}", 10 * r + c) for r in range(9) for c in range(6)}


def test_a_table_at_the_limit_is_not_split() -> None:
    columns = tuple(Column(f"c{i}", "C") for i in range(16_383))
    table = Table("wide", say("Wide"), columns, (Row(("x",) * 16_383),))
    assert list(split_table(table)) == [table]
    wider = Table(
        "wide", say("Wide"), (*columns, Column("z", "Z"), Column("y", "Y")), (Row(("x",) * 16_385),)
    )
    parts = list(split_table(wider))
    assert [len(part.columns) for part in parts] == [16_383, 3]
