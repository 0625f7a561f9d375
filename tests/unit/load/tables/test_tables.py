"""Experiments kept by hand in a workbook or a CSV file: what is read, what is told, what is refused."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.analyse.dictionary import look_up
from reportgen.errors import AddressError, ConfigError
from reportgen.load import TableSource, load_runs
from reportgen.load.tables import opening
from reportgen.runs import RunSet

HEADINGS = ["Run", "Date", "Model", "Seed", "Accuracy (%)", "Loss", "Accuracy (%)", "Latency (ms)", "Remarks"]
DAY = datetime(2026, 11, 2, tzinfo=UTC).replace(tzinfo=None)  # a spreadsheet tells no zone
ROWS = [
    ["a", DAY + timedelta(0), "mlp", 1, 91.5, 0.31, "90,5%", 14, None],
    ["b", DAY + timedelta(1), "mlp", 2, 92.0, 0.29, "91,0 %", "~14", "first with the new split"],
    ["c", DAY + timedelta(2), "svm", 1, "crashed (OOM)", "n/a", "-", None, None],
    ["d", DAY + timedelta(3), "svm", 2, 90.0, 0.35, "89,0%", 12, None],
    ["e", DAY + timedelta(4), "svm", 3, 90.5, 0.34, "89,5%", 12, None],
]


def knows(name: str) -> tuple[bool, bool]:
    known = look_up(name)
    return known.kind is not None, known.fraction


def read(path: Path, *, keeps: bool = False) -> RunSet:
    return load_runs([str(path)], sources=(TableSource(knows, keeps),))


def told(runs: RunSet) -> list[str]:
    return [note.text for note in runs.notes]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[tuple[Worksheet, Path]]:
    """A sheet as people keep it; it is saved where the path says when the test has changed it."""
    workbook = Workbook()
    first: Any = workbook.active
    first.append(["All our experiments", "see the other sheet"])
    sheet = workbook.create_sheet("Runs")
    sheet["A1"] = "Digit model, all tries"
    sheet.merge_cells("A1:I1")
    sheet.append(["Please add a row for every run"])
    sheet.append(["", "", "", "", "Validation", "", "Test", "", ""])
    sheet.merge_cells("E3:F3")
    sheet.merge_cells("G3:H3")
    for row in (HEADINGS, *ROWS):
        sheet.append(row)
    return sheet, tmp_path / "experiments.xlsx"  # type: ignore[return-value]


def save(book: tuple[Worksheet, Path]) -> Path:
    workbook: Any = book[0].parent
    workbook.save(book[1])
    return book[1]


def test_a_sheet_as_people_keep_it_is_read_with_nothing_dropped(book: Any) -> None:
    sheet, _ = book
    sheet.append([])
    sheet.append(["Mean", None, None, None, "=AVERAGE(E5:E9)"])
    sheet["F9"] = "=1/0"
    sheet.row_dimensions[8].hidden = True
    runs = read(save(book))
    assert [(run.name, run.status, run.reason) for run in runs.runs] == [
        ("a", "finished", ""),
        ("b", "finished", ""),
        ("c", "failed", "crashed (OOM)"),
        ("d", "finished", ""),
        ("e", "finished", ""),
    ]
    first, second = runs.runs[:2]
    assert first.params == {"Model": "mlp", "Seed": 1}
    assert {name: summary.last for name, summary in first.metrics.items()} == {
        "Validation Accuracy": 0.915,
        "Validation Loss": 0.31,
        "Test Accuracy": pytest.approx(0.905),
        "Test Latency ms": 14.0,
    }
    assert (first.started, second.notes) == (datetime(2026, 11, 2, tzinfo=UTC), ("first with the new split",))
    assert told(runs) == [
        ("experiments.xlsx, cell H6 (Test / Latency (ms)) holds '~14', which is no number; it is left out"),
        "row 8 is hidden in experiments.xlsx; it counts all the same",
        (
            "experiments.xlsx, cell F9 (Validation / Loss) holds a formula without a stored result; open the file in a "
            "spreadsheet program and save it; nothing was read from it"
        ),
    ]
    (guess,) = runs.guesses
    assert (guess.sheet, guess.header_rows, guess.other_sheets) == ("Runs", (3, 4), ("Sheet",))
    assert guess.doubts == ("Row 11 is no run: it sums up other rows (Mean).",)


def test_percent_is_known_by_the_format_of_a_cell(book: Any) -> None:
    sheet, _ = book
    sheet["E4"] = "Accuracy"
    for row, value in ((5, 0.915), (6, 0.92), (8, 0.9)):
        sheet.cell(row, 5, value).number_format = "0.0%"
    runs = read(save(book))
    found = [run.metrics["Validation Accuracy"].last for run in runs.runs if run.metrics]
    assert found == [0.915, 0.92, 0.9, 0.905]  # the last is 90.5 without a percent sign
    assert any(
        "some of its numbers have a percent sign and others none" in text for text in runs.guesses[0].doubts
    )


def test_the_guess_is_kept_beside_the_file_and_followed(book: Any) -> None:
    path = save(book)
    before = read(path, keeps=True)
    mapping = path.with_name("experiments.columns.toml")
    text = mapping.read_text("utf-8")
    assert before.guesses[0].mapping == str(mapping)
    assert (
        '"Validation / Accuracy (%)" = { use = "metric", name = "Validation Accuracy", percent = true }'
        in text
    )
    again = read(path, keeps=True)
    assert (repr(again.runs), again.digest) == (repr(before.runs), before.digest)  # NaN is unequal to itself
    mapping.write_text(
        text.replace('"Test / Latency (ms)" = { use = "metric"', '"Test / Latency (ms)" = { use = "tag"')
    )
    changed = read(path, keeps=True)
    assert changed.runs[0].tags == {"Test Latency ms": 14}
    assert changed.digest != before.digest


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('use = "name"', 'use = "nam"', "columns.Run: must be such as"),
        ("Model =", "Modell =", "columns.Modell: the table has no such column; it has Model"),
        ('sheet = "Runs"', 'sheet = "Run"', "sheet: there is no sheet 'Run'; there are 'Sheet', 'Runs'"),
        ("header_rows = [3, 4]", "header_rows = [400]", "header_rows: the sheet has only 9 rows"),
        ("header_rows = [3, 4]", "header_rows = 4", "must be one or two row numbers, not 4"),
        ('decimal = ","', 'decimal = ";"', "decimal: must be '.' or ',', not ';'"),
        ("[columns]", "[columns", "the mapping file cannot be read"),
        ("percent = true }", "percnt = true }", "has the unknown key 'percnt'"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_its_key(
    book: Any, old: str, new: str, complaint: str
) -> None:
    path = save(book)
    read(path, keeps=True)
    mapping = path.with_name("experiments.columns.toml")
    text = mapping.read_text("utf-8")
    assert old in text
    mapping.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigError, match=r"experiments\.columns\.toml") as caught:
        read(path)
    assert complaint in str(caught.value)


CSVS = {
    "comma": b"model,lr,seed,accuracy\nmlp,0.1,1,0.93\nmlp,0.1,2,0.94\nsvm,0.01,1,0.90\n",
    "semicolons and decimal commas": b"model;lr;seed;accuracy\nmlp;0,1;1;0,93\nmlp;0,1;2;0,94\nsvm;0,01;1;0,90\n",
    "from a Windows spreadsheet": "model;lr;seed;accuracy;größe\nmlp;0,1;1;0,93;ä\nmlp;0,1;2;0,94;ä\nsvm;0,01;1;0,90;ä\n".encode(
        "cp1252"
    ),
    "marked as UTF-8": "\ufeffmodel\tlr\tseed\taccuracy\r\nmlp\t0.1\t1\t0.93\r\nmlp\t0.1\t2\t0.94\r\nsvm\t0.01\t1\t0.90\r\n".encode(),
}


@pytest.mark.parametrize("data", CSVS.values(), ids=CSVS)
def test_csv_files_of_all_sorts_say_the_same(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "runs-by-hand.csv"
    path.write_bytes(data)
    runs = read(path).runs
    found = [
        (run.params["model"], run.params["lr"], run.params["seed"], run.metrics["accuracy"].last)
        for run in runs
    ]
    assert found == [("mlp", 0.1, 1, 0.93), ("mlp", 0.1, 2, 0.94), ("svm", 0.01, 1, 0.9)]
    assert {run.experiment for run in runs} == {"runs-by-hand"}


def test_what_a_number_is_in_a_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "model,accuracy,status,started,host\nm,nan,done,2026-11-02,a\nm,0.91,failed,2026-11-03,b\n"
        "m,0.92,in progress,2026-11-04,c\nm,inf,weird,2026-11-05,d\n"
    )
    runs = read(path).runs
    assert [run.status for run in runs] == ["finished", "failed", "running", "finished"]
    assert [math.isfinite(run.metrics["accuracy"].last) for run in runs] == [False, True, True, False]
    assert (runs[0].metrics["accuracy"].finite, runs[3].reason, runs[0].tags) == (0, "weird", {"host": "a"})


def test_a_second_table_and_a_remark_are_told_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "model,seed,accuracy\nm,1,0.9\nm,2,0.91\n* accuracy on the old split,,\n\nmodel,layers,size\nm,3,7\nn,4,8\n"
    )
    runs = read(path)
    assert len(runs.runs) == 2
    assert runs.guesses[0].doubts == (
        "Row 4 is no run: it holds a remark only (* accuracy on the old split).",
        "Row 6 is no run: another table begins here; only the first one of a sheet is read.",
    )


def test_traps_are_refused_before_they_cost_anything(tmp_path: Path) -> None:
    far = tmp_path / "far.xlsx"
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet["A1"], sheet["XFD1048576"] = 1, 2
    workbook.save(far)
    with pytest.raises(AddressError, match=r"far\.xlsx: this file cannot be read: "):
        read(far)
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (30 << 20))
    with pytest.raises(AddressError, match="bytes unpack to 31,457,280, which no table kept by hand does"):
        read(bomb)
    broken = tmp_path / "broken.xls"
    broken.write_bytes(b"no workbook at all")
    with pytest.raises(AddressError, match=r"broken\.xls: this file cannot be read: "):
        read(broken)


def test_reading_that_takes_too_long_is_ended(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "TIME_LIMIT_S", 0.01)
    with pytest.raises(AddressError, match=r"reading it took more than 0\.01 seconds"):
        read(save(book))


def declared(path: Path, **uses: str) -> RunSet:
    """Read a table again after its mapping file was changed."""
    read(path, keeps=True)
    mapping = path.with_suffix(".columns.toml")
    lines = mapping.read_text("utf-8").splitlines()
    for heading, use in uses.items():
        lines = [
            f'{heading} = {{ use = "{use}" }}' if line.startswith(f"{heading} =") else line for line in lines
        ]
    mapping.write_text("\n".join(lines), "utf-8")
    return read(path)


def test_what_a_column_is_said_to_hold_and_does_not_is_told_cell_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text("Model,Score,Day\na,0.5,2026-11-02\nb,good,soon\nc,bad,2026-11-04\nd,0.7,03/04/2026\n")
    runs = declared(path, Score="metric", Day="date")
    assert [summary.last for run in runs.runs for summary in run.metrics.values()] == [0.5, 0.7]
    assert sorted(run.started.day for run in runs.runs if run.started) == [2, 4]
    assert sorted(told(runs)) == [
        f"runs.csv, cell {cell} ({heading}) holds {text!r}, which {why}; it is left out"
        for heading, cell, text, why in [
            ("Score", "B3", "good", "is no number"),
            ("Score", "B4", "bad", "is no number"),
            ("Day", "C3", "soon", "cannot be read as a date in one way only"),
            ("Day", "C5", "03/04/2026", "cannot be read as a date in one way only"),
        ]
    ]


def test_what_can_be_read_in_two_ways_is_said_and_only_then(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text('Model,Rows,Day\na,"1,234",03/04/2026\nb,"2,345",05/04/2026\n')
    assert read(path).guesses[0].doubts == (
        "Column 'Rows': a number such as 1.234 or 1,234 may be written with decimals or with thousands.",
        (
            "Column 'Day': its dates can be read with the day first or with the month first; they are kept as "
            "they stand."
        ),
    )
    path.write_text('Model,Rows,Loss,Day\na,"1,234",0.31,13/04/2026\nb,"2,345",0.29,05/04/2026\n')
    runs = read(path)  # points stand before decimals elsewhere, and there is no thirteenth month
    assert runs.guesses[0].doubts == ()
    assert [run.started for run in runs.runs] == [datetime(2026, 4, day, tzinfo=UTC) for day in (5, 13)]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("none.csv", None, "there is no such file"),
        ("empty.csv", "", "no table of experiments was found in this file"),
        ("words.csv", "a,b\nc,d\ne,f\n", "no table of experiments was found in this file"),
        ("binary.csv", "a\x00b", "this is no CSV file: it holds binary data"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, text: str | None, complaint: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(AddressError, match=complaint):
        read(tmp_path / name)


def test_a_file_inside_of_a_run_names_the_runs_folder(tmp_path: Path) -> None:
    for name in ("run.csv", "metrics.csv"):
        (tmp_path / name).write_text("time,kind,name,type,value\n")
    with pytest.raises(AddressError, match=f"inside of a run, not a run. Give the run's folder, {tmp_path}"):
        load_runs([str(tmp_path / "metrics.csv")])


def test_two_tables_and_run_folders_make_one_report(tmp_path: Path, book: Any) -> None:
    other = tmp_path / "more.csv"
    other.write_text("Model,Seed,Validation Accuracy\nmlp,7,0.93\nmlp,8,0.94\n")
    runs = load_runs([str(save(book)), str(other)], sources=(TableSource(knows),))
    assert [(source.kind, source.runs) for source in runs.sources] == [
        ("a table kept by hand", 5),
        ("a table kept by hand", 2),
    ]
    assert len({run.id for run in runs.runs}) == 7


@pytest.mark.heavy
@pytest.mark.parametrize("suffix", ["ods", "xls", "xlsx"])
def test_libreoffice_files_of_all_kinds_give_the_same_runs(book: Any, suffix: str, tmp_path: Path) -> None:
    import subprocess

    path, out = save(book), tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", suffix, "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    runs, same = read(path).runs, read(out / f"experiments.{suffix}").runs
    assert [(run.name, run.params, run.status) for run in same] == [
        (run.name, run.params, run.status) for run in runs
    ]
    assert [{name: m.last for name, m in run.metrics.items()} for run in same] == [
        {name: m.last for name, m in run.metrics.items()} for run in runs
    ]
