"""Every rule finds what it is for in a workbook that openpyxl or LibreOffice could write, and nothing else."""

from __future__ import annotations

import contextlib
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table

from reportgen.check import RULES, check_workbook
from reportgen.cli.main import main
from reportgen.config import ThemeConfig
from reportgen.errors import UsageError
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from tests.fakes.reports import full_report
from tests.unit.render.hostile import hostile_report


def good() -> Workbook:
    workbook = Workbook()
    workbook.properties.title = "Runs"
    sheet = workbook.worksheets[0]
    sheet.title = "Runs"
    for row in (["All runs", None], ["Run", "Accuracy (%)"], ["a", 0.9], ["b", 0.8]):
        sheet.append(row)
    sheet.add_table(Table(displayName="tbl_runs", ref="A2:B4"))
    return workbook


def found(workbook: Workbook, path: Path) -> list[str]:
    workbook.save(path)
    return [fault.rule.name for fault in check_workbook(path)]


def patched(path: Path, part: str, old: str, new: str) -> None:
    """Change a part's text, as other programs write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    assert old in text
    parts[part] = text.replace(old, new).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_a_good_workbook_has_no_fault(tmp_path: Path) -> None:
    assert found(good(), tmp_path / "good.xlsx") == []


def _error_value(book: Workbook) -> None:
    book.worksheets[0]["B3"] = "#N/A"


def _lost_reference(book: Workbook) -> None:
    book.defined_names["target"] = DefinedName("target", attr_text="#REF!")


def _sheet_name(book: Workbook) -> None:
    book.create_sheet("history")["A1"] = "x"


def _table_name(book: Workbook) -> None:
    table = book.worksheets[0].tables.pop("tbl_runs")
    table.displayName = table.name = "mAP50"
    book.worksheets[0].add_table(table)


def _table_size(book: Workbook) -> None:
    book.worksheets[0]["D2"] = "Seed"
    book.worksheets[0].add_table(Table(displayName="tbl_none", ref="D2:D2"))


def _merged_in_table(book: Workbook) -> None:
    book.worksheets[0].merge_cells("A3:A4")


def _merged_twice(book: Workbook) -> None:
    book.worksheets[0].merge_cells("E1:F2")
    book.worksheets[0].merge_cells("F2:G3")


def _long_list(book: Workbook) -> None:
    choices = DataValidation(type="list", formula1='"' + ",".join(["x" * 20] * 20) + '"', sqref="D1")
    book.worksheets[0].add_data_validation(choices)


def _too_far(book: Workbook) -> None:
    book.worksheets[0].cell(1, 16_385, 1)


def _broken_link(book: Workbook) -> None:
    book.worksheets[0]["A1"].hyperlink = Hyperlink("A1", location="'Gone'!A1")


def _odd_link(book: Workbook) -> None:
    book.worksheets[0]["A1"].hyperlink = "file:///C:/secret.xlsx"


def _no_result(book: Workbook) -> None:
    book.worksheets[0]["D1"] = "=1+1"


def _like_a_formula(book: Workbook) -> None:
    cell = book.worksheets[0]["A3"]
    cell.value, cell.data_type = "=cmd", "s"


def _no_alt_text(book: Workbook) -> None:
    chart = BarChart()
    chart.add_data(Reference(book.worksheets[0], 2, 3, 2, 4))
    book.worksheets[0].add_chart(chart, "D2")


def _hidden_sheet(book: Workbook) -> None:
    book.create_sheet("Secret").sheet_state = "veryHidden"


def _hidden_cells(book: Workbook) -> None:
    book.worksheets[0].row_dimensions[3].hidden = True


def _locked(book: Workbook) -> None:
    book.security = WorkbookProtection(lockStructure=True)


def _nothing_in_a1(book: Workbook) -> None:
    book.worksheets[0]["A1"] = None


def _no_repeated_header(book: Workbook) -> None:
    for number in range(70):
        book.worksheets[0].append([f"run {number}", number])
    book.worksheets[0].tables["tbl_runs"].ref = "A2:B74"


def _no_title(book: Workbook) -> None:
    book.properties.title = None


BREAKS: list[Callable[[Workbook], None]] = [
    *(_error_value, _lost_reference, _sheet_name, _table_name, _table_size, _merged_in_table, _merged_twice),
    *(_long_list, _too_far, _broken_link, _odd_link, _no_result, _like_a_formula, _no_alt_text),
    *(_hidden_sheet, _hidden_cells, _locked, _nothing_in_a1, _no_repeated_header, _no_title),
]


@pytest.mark.parametrize("spoil", BREAKS, ids=lambda spoil: spoil.__name__)
def test_a_rule_finds_its_fault_alone(spoil: Callable[[Workbook], None], tmp_path: Path) -> None:
    workbook = good()
    spoil(workbook)
    assert found(workbook, tmp_path / "a.xlsx") == [spoil.__name__.lstrip("_").replace("_", "-")]


@pytest.mark.parametrize(
    ("part", "old", "new", "rule"),
    [
        ("xl/tables/table1.xml", 'name="Accuracy (%)"', 'name="RUN"', "table-header"),
        ("xl/_rels/workbook.xml.rels", "relationships/theme", "relationships/externalLink", "outside-data"),
        ("xl/_rels/workbook.xml.rels", "relationships/theme", "relationships/vbaProject", "macros"),
    ],
)
def test_what_other_programs_write(part: str, old: str, new: str, rule: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    good().save(path)
    patched(path, part, old, new)
    assert [fault.rule.name for fault in check_workbook(path)] == [rule]


def test_every_rule_has_a_test() -> None:
    tested = {spoil.__name__.lstrip("_").replace("_", "-") for spoil in BREAKS}
    assert {rule.name for rule in RULES} == tested | {"table-header", "outside-data", "macros"}


def test_a_fault_names_its_first_place_and_counts_the_others(tmp_path: Path) -> None:
    workbook = good()
    for row in (5, 6, 7):
        workbook.worksheets[0].cell(row, 4, "=1+1")
    workbook.save(tmp_path / "a.xlsx")
    (fault,) = check_workbook(tmp_path / "a.xlsx")
    assert (fault.place, fault.more, fault.detail) == ("Runs!D5", 2, "=1+1")


def test_texts_that_look_like_one_are_no_formula(tmp_path: Path) -> None:
    workbook = good()
    sheet = workbook.worksheets[0]
    for row, text in enumerate(("-", "+", "- not measured", "\N{MINUS SIGN}0.3", "a=b"), start=5):
        sheet.cell(row, 1, text)
    quoted = sheet.cell(10, 1, "=kept")
    quoted.data_type, quoted.quotePrefix = "s", True
    assert found(workbook, tmp_path / "a.xlsx") == []


@pytest.mark.parametrize("report", [full_report(), hostile_report()], ids=["plain", "hostile"])
def test_our_own_workbooks_have_no_fault(report: object, tmp_path: Path) -> None:
    path = tmp_path / "ours.xlsx"
    XlsxRenderer().render(report, load_theme(ThemeConfig()), path)  # type: ignore[arg-type]
    assert check_workbook(path) == ()


def test_the_command_says_what_and_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook = good()
    _error_value(workbook)
    _no_title(workbook)
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    assert main(["check", str(path)]) == 1
    out, err = capsys.readouterr()
    first, second = out.splitlines()
    assert first.startswith(f"{path}: Runs!B3: error: the cell shows an error (#N/A). Mend")
    assert "warning: the workbook has no title" in second
    assert err == f"{path}: 1 error, 1 warning\n"
    assert main(["check", "--json", str(path)]) == 1
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert [(fault["rule"], fault["place"]) for fault in faults] == [
        ("error-value", "Runs!B3"),
        ("no-title", ""),
    ]


def test_warnings_fail_only_when_asked(tmp_path: Path) -> None:
    workbook = good()
    _no_title(workbook)
    workbook.save(tmp_path / "a.xlsx")
    assert main(["check", str(tmp_path / "a.xlsx")]) == 0
    assert main(["check", "--strict", str(tmp_path / "a.xlsx")]) == 1


def test_what_is_no_workbook_is_told_on_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, other = tmp_path / "text.xlsx", tmp_path / "other.xlsx"
    text.write_text("run,accuracy\n")
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "x")
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (32 << 20))
    for path in (text, other, bomb, tmp_path / "gone.xlsx", tmp_path):
        assert main(["check", str(path)]) == 2
        assert re.fullmatch(r"reportgen: error: [^\n]+\n", capsys.readouterr().err)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    good().save(path)
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><worksheet '
    patched(path, "xl/worksheets/sheet1.xml", "<worksheet ", entity)
    patched(path, "xl/worksheets/sheet1.xml", "<sheetData>", "<sheetData><!-- -->")
    patched(path, "xl/worksheets/sheet1.xml", "0.9", "&e;")
    assert "secret" not in repr(check_workbook(path))


PLACES = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6)


def damaged(content: bytes, places: list[tuple[float, int]]) -> bytes:
    result = bytearray(content)
    for share, byte in places:
        result[int(share * len(result))] = byte
    return bytes(result)


def checked(path: Path) -> None:
    with contextlib.suppress(UsageError):  # whatever else is raised fails the test
        check_workbook(path)


@settings(max_examples=40, deadline=None)
@given(PLACES, st.floats(0.5, 1))
def test_a_damaged_file_never_gets_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[float, int]], kept: float
) -> None:
    path = tmp_path_factory.mktemp("damage") / "a.xlsx"
    good().save(path)
    content = damaged(path.read_bytes(), places)
    path.write_bytes(content[: int(kept * len(content))])
    checked(path)


@settings(max_examples=80, deadline=None)
@given(PLACES, st.floats(0, 1, exclude_max=True))
def test_a_damaged_part_never_gets_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[float, int]], which: float
) -> None:
    path = tmp_path_factory.mktemp("damage") / "a.xlsx"
    good().save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chosen = sorted(parts)[int(which * len(parts))]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, damaged(content, places) if name == chosen else content)
    checked(path)
