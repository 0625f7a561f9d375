"""Small charts of each run's course: what they read, and where they stand."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from reportgen.analyse.curves import COURSE_POINTS, course
from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from tests.fakes.findings import digits
from tests.fakes.setups import START

pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported")
COURSES = {0: (0.5, 0.7, 0.9), 2: (0.4, 0.8)}


def render(target: Path) -> None:
    made = digits()
    rows = tuple(replace(row, course=COURSES.get(place, ())) for place, row in enumerate(made.rows))
    report = compose(replace(made, rows=rows), Config(), built_at=START, version="1")
    XlsxRenderer().render(report, load_theme(ThemeConfig()), target)


def pairs(target: Path) -> list[tuple[str, str, str]]:
    """Give the sheet of each small chart, what it reads and its cell."""
    book = openpyxl.load_workbook(target)
    found = []
    with zipfile.ZipFile(target) as archive:
        for number, name in enumerate(book.sheetnames, 1):
            text = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
            for entry in re.findall(r"<x14:sparkline>(.*?)</x14:sparkline>", text):
                read, cell = re.findall(r"<xm:(?:f|sqref)>(.*?)</xm", entry)
                found.append((name, read, cell))
    return found


def test_each_small_chart_reads_its_own_run(tmp_path: Path) -> None:
    render(tmp_path / "a.xlsx")
    book: Any = openpyxl.load_workbook(tmp_path / "a.xlsx")
    found = pairs(tmp_path / "a.xlsx")
    assert len(found) == len(COURSES)
    for (sheet, read, cell), values in zip(found, COURSES.values(), strict=True):
        source, _, area = read.rpartition("!")
        (cells,) = book[source.strip("'")][area]
        run = book[source.strip("'")].cell(cells[0].row, 1).value
        assert [value.value for value in cells] == pytest.approx(values)
        assert book[sheet].cell(book[sheet][cell].row, 1).value == run
        assert not book[sheet][cell].value
    others = [row[0].row for row in book["All runs"]["A6:A200"] if row[0].value]
    column = openpyxl.utils.cell.coordinate_from_string(found[0][2])[0]
    words = {book["All runs"][f"{column}{row}"].value for row in others[2:]}
    assert words == {"", "none drawn"}


def test_without_points_there_is_no_such_column(tmp_path: Path) -> None:
    report = compose(digits(), Config(), built_at=START, version="1")
    XlsxRenderer().render(report, load_theme(ThemeConfig()), tmp_path / "a.xlsx")
    assert pairs(tmp_path / "a.xlsx") == []
    assert "Courses" not in openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames


def test_a_long_course_is_thinned_and_keeps_its_ends_and_extremes() -> None:
    values = np.sin(np.linspace(0.0, 20.0, 1_001))
    values[777], values[333] = 5.0, -5.0
    kept = course(values)
    assert len(kept) <= COURSE_POINTS
    assert {5.0, -5.0, float(values[0]), float(values[-1])} <= set(kept)
    assert course(values[:10]) == tuple(values[:10].tolist())
