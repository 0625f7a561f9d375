"""Whatever is logged, the workbook opens in two independent readers and says the same."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from reportgen.check import check_workbook
from reportgen.config import ThemeConfig
from reportgen.document import Callout, Column, Label, Paragraph, Report, Row, Section, Table, say
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from reportgen.render.xlsx.clean import clean, escape
from tests.fakes.reports import meta

THEME = load_theme(ThemeConfig())
NASTY = st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "#N/A",
        "_x0041_",
        "History",
        "'a'",
        "[x]:*?/\\",
        "F1",
        "R1C1",
        "\ud800",
        "\ufffe",
        "\x00",
        "\r\n",
        " ",
        "",
        "x" * 300,
        "<&>\"'",
        "TRUE",
        "01",
        "1e5",
        "\u202e",
        "漢字",
        "😀" * 20,
    ]
)
TEXT = st.one_of(NASTY, st.text(st.characters(codec=None), max_size=40))
VALUE: st.SearchStrategy[Any] = st.one_of(
    TEXT,
    st.just("x" * 33_000),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.integers(-(10**30), 10**30),
)


def rendered(report: Report) -> bytes:
    with TemporaryDirectory() as folder:
        XlsxRenderer().render(report, THEME, Path(folder) / "a.xlsx")
        return (Path(folder) / "a.xlsx").read_bytes()


def faults_in(content: bytes) -> list[str]:
    """Give what Excel would repair, and what would become a formula or an error in a reader's hands."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(content)
        return [
            f"{fault.rule.name} at {fault.place}: {fault.detail!r}"
            for fault in check_workbook(path)
            if fault.rule.name != "no-title"  # a report may be called by blanks only
        ]


def report_of(names: list[str], columns: list[str], rows: list[list[Any]]) -> Report:
    heads = tuple(Column(f"c{i}", name) for i, name in enumerate(columns))
    body = tuple(Row(tuple(row)) for row in rows)
    table = Table("t", say(Label(names[0])), heads, body)
    text = (Paragraph(say(Label(names[0]))), Callout(names[-1], (say(Label(names[0])),)))
    sections = [Section("answer", say(Label(names[0])), "Summary", text)]
    sections += [Section("s", say(Label(name)), name, (table,)) for name in names]
    return Report(meta(title=names[0], owner=names[-1], contact=names[0]), tuple(sections), {})


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_names_and_values_read_back(data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 4))
    names = data.draw(st.lists(TEXT, min_size=1, max_size=4))
    columns = data.draw(st.lists(TEXT, min_size=width, max_size=width))
    rows = data.draw(st.lists(st.lists(VALUE, min_size=width, max_size=width), min_size=1, max_size=4))
    content = rendered(report_of(names, columns, rows))
    assert faults_in(content) == []
    workbook = load_workbook(BytesIO(content))
    other = CalamineWorkbook.from_filelike(BytesIO(content))
    assert other.sheet_names == workbook.sheetnames
    assert len({name.casefold() for name in workbook.sheetnames}) == len(workbook.sheetnames)
    assert all(0 < len(name.encode("utf-16-le")) // 2 <= 31 for name in workbook.sheetnames)
    for sheet in workbook.worksheets[1 : 1 + len(names)]:
        (table,) = sheet.tables.values()
        header, *body = sheet[table.ref]
        texts = [cell.value for cell in header]
        assert len({text.casefold() for text in texts}) == width
        there = other.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        for row, line in zip(rows, body, strict=True):
            for value, cell in zip(row, line, strict=True):
                check(value, cell, there[cell.row - 1][cell.column - 1])


def check(value: Any, cell: Any, there: Any) -> None:
    """Compare what was logged with what both readers find."""
    assert cell.data_type not in {"f", "e"}
    cleaned = clean(value)
    if value == "":
        assert cell.value == there == "empty"
    elif isinstance(cleaned.value, str):
        # both readers give the escape of an escape as it is written; a spreadsheet shows it undone
        assert cell.value == escape(cleaned.value)
        assert there in {escape(cleaned.value), cleaned.value}
    elif isinstance(value, datetime):
        naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        assert abs(cell.value - naive) < timedelta(seconds=0.01)
    else:
        assert math.isclose(float(cell.value), float(value), rel_tol=1e-15)
        assert math.isclose(float(there), float(value), rel_tol=1e-15)


@given(VALUE)
def test_cleaning_twice_changes_nothing_more(value: Any) -> None:
    once = clean(value)
    if not once.is_date:
        again = clean(once.value)
        assert again.value == once.value
        assert again.note is None
