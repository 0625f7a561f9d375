"""The workbook in the programs of people who compute with it: all read the numbers of the JSON output."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import ROOT, BuiltSample

Rows = list[list[Any]]
SHEETJS = ROOT / ".venv" / "sheetjs"
SCRIPT = """
const XLSX = require("xlsx"), book = XLSX.readFile(process.argv[1]);
const rows = name => XLSX.utils.sheet_to_json(book.Sheets[name], {header: 1, raw: true, defval: null});
process.stdout.write(JSON.stringify(Object.fromEntries(book.SheetNames.map(name => [name, rows(name)]))));
"""


def by_openpyxl(path: Path) -> dict[str, Rows]:
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    found = {}
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        found[sheet.title] = [list(row) for row in sheet.iter_rows(values_only=True)]
    book.close()
    return found


def by_calamine(path: Path) -> dict[str, Rows]:
    with CalamineWorkbook.from_path(path) as book:
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }


def by_pandas(engine: Literal["openpyxl", "calamine"]) -> Callable[[Path], dict[str, Rows]]:
    def read(path: Path) -> dict[str, Rows]:
        frames = pd.read_excel(path, sheet_name=None, header=None, engine=engine, keep_default_na=False)
        return {str(name): frame.to_numpy(dtype=object).tolist() for name, frame in frames.items()}

    return read


def by_sheetjs(path: Path) -> dict[str, Rows]:
    node = shutil.which("node")
    assert node, "make test-all installs it"
    done = subprocess.run(
        [node, "-e", SCRIPT, str(path)], cwd=SHEETJS, capture_output=True, text=True, check=True, timeout=60
    )
    found: dict[str, Rows] = json.loads(done.stdout)
    return found


def body(rows: Rows, first: str) -> list[dict[str, Any]]:
    """Find the table whose first heading this is; give its rows by heading."""
    top = next(place for place, row in enumerate(rows) if row[:1] == [first] and row[1] not in (None, ""))
    heads = [str(head) for head in rows[top] if head not in (None, "")]
    return [
        dict(zip(heads, row, strict=False)) for row in rows[top + 1 :] if row[:1] not in ([None], [""], [])
    ]


def agree(found: object, meant: float | None) -> bool:
    """Tell whether a cell holds the number, or a word where there is none."""
    if meant is None or not math.isfinite(meant):
        return isinstance(found, str)
    return isinstance(found, int | float) and math.isclose(found, meant, rel_tol=1e-12)


def numbers_of(content: dict[str, Any]) -> Iterable[tuple[str, str, str, float, dict[str, Any]]]:
    """Give sheet, first heading, column, factor and the numbers by row, as the JSON has them."""
    percent = {name: metric["unit"] == "%" for name, metric in content["metrics"].items()}
    for name, metric in content["metrics"].items():
        unit = metric["unit"] or "no unit"
        heading = f"{metric['label']} ({unit})"
        rows = {row["id"]: row["values"].get(name) for row in content["rows"]}
        yield "All runs", "Run", heading, 1.0, rows
    primary = content["metrics"][content["primary"]]
    unit = "points" if percent[content["primary"]] else primary["unit"] or "no unit"
    factor = 100.0 if unit == "points" else 1.0
    gaps = {entry["key"]: entry["difference"] for entry in content["comparisons"]}
    labels = {c["label"]: gaps.get(c["key"]) for c in content["configurations"]}
    yield "Comparison", "Set-up", f"Difference ({unit})", factor, labels


@pytest.mark.filterwarnings("ignore:.* extension is not supported")  # data bars, unknown to openpyxl
@pytest.mark.parametrize(
    "read",
    [
        pytest.param(by_openpyxl, id="openpyxl"),
        pytest.param(by_calamine, id="calamine"),
        pytest.param(by_pandas("openpyxl"), id="pandas with openpyxl"),
        pytest.param(by_pandas("calamine"), id="pandas with calamine"),
        pytest.param(by_sheetjs, id="SheetJS", marks=pytest.mark.heavy),
    ],
)
def test_other_programs_read_the_numbers_of_the_json(
    built_sample: BuiltSample, read: Callable[[Path], dict[str, Rows]]
) -> None:
    content = json.loads(built_sample.files["json"].read_text("utf-8"))
    sheets, compared = read(built_sample.files["xlsx"]), 0
    for sheet, first, heading, factor, meant in numbers_of(content):
        rows = {str(row[first]): row for row in body(sheets[sheet], first)}
        assert rows.keys() == meant.keys()
        for key, value in meant.items():
            number = None if value is None else value * factor
            assert agree(rows[key][heading], number), (sheet, key, heading, rows[key][heading], number)
            compared += number is not None
    assert compared > 50


@pytest.mark.filterwarnings("ignore:.* extension is not supported")  # the same
def test_formulas_read_as_their_results(built_sample: BuiltSample) -> None:
    """Protected views, previews and pandas show what is stored: no formula is without its result."""
    formulas = openpyxl.load_workbook(built_sample.files["xlsx"])["Live comparison"]
    results = openpyxl.load_workbook(built_sample.files["xlsx"], data_only=True)["Live comparison"]
    cells = [cell for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(cells) > 20
    assert all(results[cell.coordinate].value is not None for cell in cells)
