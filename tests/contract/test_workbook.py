"""What holds for every workbook: all of the report is in it, and Excel's own rules are kept."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook

from reportgen.config import ThemeConfig
from reportgen.document import Callout, Chart, Glossary, KeyFigures, Missing, Number, Paragraph, Report, Table
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from tests.fakes.reports import full_report

# openpyxl says so of bars that grow from zero, which it can carry but not read
pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported")
REPORT = full_report()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "report.xlsx"
    XlsxRenderer().render(REPORT, load_theme(ThemeConfig()), path)
    return path


@pytest.fixture(scope="module")
def workbook(target: Path) -> Any:
    return load_workbook(target)


def all_text(workbook: Any) -> str:
    """Every text of every sheet, a cell a line; running text flows over cells, so lines are joined."""
    lines = [
        str(cell.value)
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    return " ".join(lines)


def expected_texts(report: Report) -> list[str]:
    texts = [section.title.text for section in report.sections]
    for block in report.blocks():
        match block:
            case Paragraph():
                texts.append(block.sentence.text)
            case KeyFigures():
                texts += [item.label for item in block.items]
                texts += [item.value.reason for item in block.items if isinstance(item.value, Missing)]
                texts += [item.note.text for item in block.items if item.note]
                texts += [item.change.sentence.text for item in block.items if item.change]
            case Table():
                texts += [block.title.text, *(column.heading for column in block.columns)]
                texts += [cell for row in block.rows for cell in row.cells if isinstance(cell, str)]
                texts += [row.sub for row in block.rows if row.sub]
            case Chart():
                texts += [block.title.text, block.subtitle.text]
            case Callout():
                texts += [block.title, *(sentence.text for sentence in block.sentences)]
            case Glossary():
                texts += [word for entry in block.entries for word in (entry.term, entry.definition)]
    return texts


def boundaries(area: str) -> tuple[int, int, int, int]:
    """First column, first row, last column and last row."""
    left, top, right, bottom = range_boundaries(area)
    assert left
    assert top
    assert right
    assert bottom
    return left, top, right, bottom


def test_every_sentence_and_word_is_in_the_workbook(workbook: Any) -> None:
    found = all_text(workbook)
    assert [text for text in expected_texts(REPORT) if text not in found] == []


def test_every_number_is_a_number_with_its_format(workbook: Any) -> None:
    found = {
        (round(float(cell.value), 9), "%" in cell.number_format)
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
    }
    for block in REPORT.blocks():
        if isinstance(block, KeyFigures):
            for item in block.items:
                if isinstance(item.value, Number):
                    assert (round(item.value.value, 9), item.value.format.style == "percent") in found
        if isinstance(block, Table):
            for row in block.rows:
                for cell, column in zip(row.cells, block.columns, strict=True):
                    if isinstance(cell, float) and column.format:
                        factor = 100 if column.format.style == "points" else 1
                        assert (round(cell * factor, 9), column.format.style == "percent") in found
        if isinstance(block, Chart) and block.kind != "bars":
            for series in block.series:
                assert all((round(p.x, 9), block.x.format.style == "percent") in found for p in series.points)


def test_the_first_sheet_gives_the_answer(workbook: Any) -> None:
    sheet = workbook.worksheets[0]
    assert sheet.title == "Summary"
    assert sheet["A1"].value == REPORT.sections[0].title.text
    assert workbook.active is sheet
    text = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for fact in (
        REPORT.meta.title,
        REPORT.meta.fingerprint,
        REPORT.meta.owner,
        REPORT.meta.contact,
        "20 runs",
    ):
        assert fact in text
    assert len(sheet._charts) == 2


def test_page_one_holds_the_whole_answer(workbook: Any) -> None:
    """As printed: upright, nothing of the answer behind a page break."""
    sheet = workbook.worksheets[0]
    assert sheet.page_setup.orientation == "portrait"
    assert sheet.page_setup.fitToWidth == 1
    breaks = [mark.id for mark in sheet.row_breaks.brk]
    contents = sheet.tables["tbl_contents"].ref
    first_of_contents = boundaries(contents)[1]
    assert all(mark >= first_of_contents - 1 for mark in breaks)


def test_chart_data_are_marked_off_and_not_printed(workbook: Any) -> None:
    sheet = workbook["Chart data"]
    (table,) = sheet.tables.values()
    _, _, _, last_printed = boundaries(sheet.print_area.rpartition("!")[2].replace("$", ""))
    assert last_printed < boundaries(table.ref)[1]
    assert workbook.worksheets[-1].title in {"Chart data", "Notes"}
    assert sheet.sheet_properties.tabColor is not None


def links_of(sheet: Any) -> set[str]:
    return {cell.hyperlink.location for cell in sheet["A"] if cell.hyperlink}


def test_sheets_are_linked_from_the_contents_and_back(workbook: Any) -> None:
    first, *others = workbook.worksheets
    targets = links_of(first)
    for sheet in others:
        quoted = sheet.title.replace("'", "''")
        assert f"'{quoted}'!A1" in targets
        assert "'Summary'!A1" in links_of(sheet), sheet.title


def test_every_sheet_has_a_title_tables_apart_and_no_merged_cells(workbook: Any) -> None:
    names = []
    for sheet in workbook:
        assert isinstance(sheet["A1"].value, str)
        ends = sorted(boundaries(table.ref)[1::2] for table in sheet.tables.values())
        assert all(first[1] + 1 < second[0] for first, second in pairwise(ends)), "no row between tables"
        filtered = [table for table in sheet.tables.values() if table.autoFilter]
        assert not filtered or len(sheet.tables) == 1, "a filter hides rows of its neighbours too"
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.right.text
        for table in sheet.tables.values():
            names.append(table.displayName.casefold())
            header = next(iter(sheet[table.ref]))
            texts = [cell.value for cell in header]
            assert texts == [column.name for column in table.tableColumns]
            assert len({text.casefold() for text in texts}) == len(texts)
            assert re.fullmatch(r"tbl_\w+", table.displayName)
    assert len(set(names)) == len(names)


def test_tables_have_no_blank_cells(workbook: Any) -> None:
    for sheet in workbook:
        for table in sheet.tables.values():
            blank = [cell.coordinate for row in sheet[table.ref] for cell in row if cell.value in {None, ""}]
            assert blank == []


def test_charts_overlap_nothing(workbook: Any) -> None:
    for sheet in workbook:
        boxes = []
        for chart in sheet._charts:
            start, ext = chart.anchor._from, chart.anchor.ext
            rows = -(-ext.height // 9525 // 20)
            for row in sheet.iter_rows(min_row=start.row + 1, max_row=start.row + rows):
                assert not [cell for cell in row if cell.value is not None], (
                    f"{sheet.title}: text under a chart"
                )
            left = start.col * 1e9 + start.colOff
            boxes.append((start.row, left))
        assert len(set(boxes)) == len(boxes)


def test_another_reader_finds_the_same(workbook: Any, target: Path) -> None:
    other = CalamineWorkbook.from_path(str(target))
    assert other.sheet_names == workbook.sheetnames
    for sheet in workbook:
        rows = other.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, (str, int, float)):
                    assert rows[cell.row - 1][cell.column - 1] == cell.value


@pytest.mark.parametrize(("paper", "code"), [("A4", 9), ("Letter", 1)])
def test_paper_is_what_was_asked_for(tmp_path: Path, paper: str, code: int) -> None:
    XlsxRenderer().render(full_report(paper=paper), load_theme(ThemeConfig()), tmp_path / "a.xlsx")
    assert {sheet.page_setup.paperSize for sheet in load_workbook(tmp_path / "a.xlsx")} == {code}
