"""What readers write into a delivered workbook goes on in the next one, and nothing of it is lost."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from reportgen.cli import main
from tests.fakes.run_folders import simple_run

NOTES = "Notes"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Build a report of three runs, and give its workbook."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    for name in ("a", "b", "c"):
        simple_run(tmp_path / "runs", name)
    assert main(["build", "runs", "--format", "xlsx", "--title", "Old"]) == 0
    return tmp_path / "reports" / "old.xlsx"


def runs_sheet(path: Path) -> tuple[str, list[list[Any]]]:
    """Give the sheet with the column of notes: its name and its rows from the headings on."""
    with CalamineWorkbook.from_path(path) as workbook:
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for at, row in enumerate(rows):
                if NOTES in row and "Run" in row and "Status" in row:
                    return name, rows[at:]
    raise AssertionError("no sheet has a column of notes")


def notes_of(path: Path) -> dict[object, object]:
    heads, *rows = runs_sheet(path)[1]
    return {row[heads.index("Run")]: row[heads.index(NOTES)] for row in rows}


def write(path: Path, notes: dict[str, str]) -> None:
    """Write notes as a person would, and save the workbook with another program."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl cannot keep
        book = openpyxl.load_workbook(path)
        sheet = book[runs_sheet(path)[0]]
        head = next(
            row for row in sheet.iter_rows() if {cell.value for cell in row} >= {NOTES, "Run", "Status"}
        )
        column = next(place for place, cell in enumerate(head, 1) if cell.value == NOTES)
        for row in sheet.iter_rows(min_row=(head[0].row or 0) + 1):
            if row[0].value in notes:
                cell = row[column - 1]
                cell.value, cell.data_type = notes[str(row[0].value)], "s"
        book.save(path)
        book.close()


def test_notes_are_carried_by_run_and_the_old_file_stays_as_it_is(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert notes_of(built) == {"a": "", "b": "", "c": ""}
    write(built, {"a": "ask Kim", "c": "=SUM(A1)"})
    before = built.read_bytes()
    simple_run(Path("runs"), "d")
    assert main(["build", "runs", "--format", "xlsx", "--title", "New", "--carry-notes", str(built)]) == 0
    assert f"2 notes carried over from {built}" in capsys.readouterr().err
    assert notes_of(Path("reports/new.xlsx")) == {"a": "ask Kim", "b": "", "c": "=SUM(A1)", "d": ""}
    assert built.read_bytes() == before


def test_a_note_on_a_run_that_is_gone_is_kept(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(built, {"a": "ask Kim", "b": "looks odd"})
    arguments = ["--exclude", "a=doubtful", "--title", "New", "--carry-notes", str(built)]
    assert main(["build", "runs", "--format", "xlsx", *arguments]) == 0
    assert (
        "2 notes carried over from " + str(built) + "; 1 on runs that are not in this report"
        in capsys.readouterr().err
    )
    with CalamineWorkbook.from_path(Path("reports/new.xlsx")) as workbook:
        texts = {
            cell
            for name in workbook.sheet_names
            for row in workbook.get_sheet_by_name(name).to_python()
            for cell in row
        }
    assert {"ask Kim", "looks odd", "Notes on runs that are not in this report"} <= texts


def test_notes_in_german_workbooks_are_found_too(built: Path) -> None:
    write(built, {"a": "ask Kim"})
    Path("de.toml").write_text(
        'title = "Neu"\nlanguage = "de"\nruns = ["runs"]\n[outputs]\nformats = ["xlsx"]\n'
    )
    assert main(["build", "--config", "de.toml", "--carry-notes", str(built)]) == 0
    Path("en.toml").write_text('title = "Again"\nruns = ["runs"]\n[outputs]\nformats = ["xlsx"]\n')
    assert main(["build", "--config", "en.toml", "--carry-notes", "reports/neu.xlsx"]) == 0
    assert notes_of(Path("reports/again.xlsx"))["a"] == "ask Kim"


def test_what_readers_wrote_is_no_difference(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(built, {"a": "ask Kim"})
    assert main(["verify", str(built), "runs"]) == 0, capsys.readouterr().out


def test_a_workbook_without_the_columns_is_refused(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = openpyxl.Workbook()
    other.save("other.xlsx")
    arguments = ["build", "runs", "--format", "xlsx", "--carry-notes"]
    assert main([*arguments, "other.xlsx"]) == 1
    assert "no sheet has a column of runs and one of notes" in capsys.readouterr().err
    assert main([*arguments, "none.xlsx"]) == 1
    assert "there is no such file" in capsys.readouterr().err
    assert built.exists()
