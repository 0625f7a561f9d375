"""JSON, workbook, PDF text and page of each sample carry the same numbers."""

from __future__ import annotations

import html
import json
import math
import re
import warnings
from collections.abc import Iterator

import openpyxl
import pypdfium2
from jsonschema import Draft202012Validator

from reportgen.document import KeyFigures, Number, Table, excel_factor, format_number, resolve_pointer
from reportgen.render.json import report_schema
from tests.conftest import BuiltSample


def squeezed(text: str) -> str:
    """Drop all white space, which differs between outputs."""
    return re.sub(r"\s+", "", text)


def page_text(sample: BuiltSample) -> str:
    source = sample.files["html"].read_text("utf-8")
    source = re.sub(r"<(style|script|title)\b.*?</\1>", " ", source, flags=re.DOTALL)
    return squeezed(html.unescape(re.sub(r"<[^>]+>", " ", source)))


def pdf_text(sample: BuiltSample) -> str:
    document = pypdfium2.PdfDocument(sample.files["pdf"])
    try:
        return squeezed("".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()


def stated_numbers(sample: BuiltSample) -> Iterator[Number]:
    """All numbers of all sentences and key figures."""
    for sentence in sample.report.sentences():
        yield from sentence.numbers
    for block in sample.report.blocks():
        if isinstance(block, KeyFigures):
            yield from (item.value for item in block.items if isinstance(item.value, Number))


def tables(sample: BuiltSample) -> list[Table]:
    return [block for block in sample.report.blocks() if isinstance(block, Table)]


def printed_numbers(table: Table, *, detail: bool) -> Iterator[str]:
    """The texts of a table's numeric cells, as far as PDF and page print its rows."""
    for row in table.rows[: table.print_rows]:
        for column, cell in zip(table.columns, row.cells, strict=True):
            wanted = column.format is not None and (detail or not column.detail)
            if wanted and isinstance(cell, int | float) and not isinstance(cell, bool):
                assert column.format is not None
                yield squeezed(format_number(cell, column.format, with_unit=False))


def opened(sample: BuiltSample) -> openpyxl.Workbook:
    """Open the workbook; openpyxl warns of the data bars' extension, which it does not know."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* extension is not supported")
        return openpyxl.load_workbook(sample.files["xlsx"])


def test_every_stated_number_is_the_frozen_number(built_sample: BuiltSample) -> None:
    published = json.loads(built_sample.files["json"].read_text("utf-8"))
    numbers = list(stated_numbers(built_sample))
    assert len(numbers) > 20
    wrong = [
        n for n in numbers if not math.isclose(resolve_pointer(published, n.ref), n.value, rel_tol=1e-12)
    ]
    assert wrong == []


def test_table_cells_are_the_frozen_numbers(built_sample: BuiltSample) -> None:
    published = json.loads(built_sample.files["json"].read_text("utf-8"))
    compared = 0
    for table in tables(built_sample):
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if row.ref and column.field and isinstance(cell, float):
                    assert resolve_pointer(published, row.ref + column.field) == cell, (table.id, column.key)
                    compared += 1
    assert compared > 10


def test_page_shows_every_number(built_sample: BuiltSample) -> None:
    text = page_text(built_sample)
    missing = [n.text for n in stated_numbers(built_sample) if squeezed(n.text) not in text]
    assert missing == []
    for table in tables(built_sample):
        assert [shown for shown in printed_numbers(table, detail=True) if shown not in text] == [], table.id


def test_pdf_shows_every_number(built_sample: BuiltSample) -> None:
    """Alt texts aside, which stand in the PDF's tags and not in its text."""
    text = pdf_text(built_sample)
    alts = {getattr(block, "alt", None) for block in built_sample.report.blocks()}
    spoken = [
        number
        for sentence in built_sample.report.sentences()
        if sentence not in alts
        for number in sentence.numbers
    ]
    assert [n.text for n in spoken if squeezed(n.text) not in text] == []
    for table in tables(built_sample):
        assert [shown for shown in printed_numbers(table, detail=False) if shown not in text] == [], table.id


def test_workbook_holds_every_number_of_every_table(built_sample: BuiltSample) -> None:
    """All rows, at full precision, as numbers."""
    workbook = opened(built_sample)
    held = {
        float(f"{cell.value:.12g}")
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    }
    for table in tables(built_sample):
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if column.format and isinstance(cell, float) and math.isfinite(cell):
                    assert float(f"{cell * excel_factor(column.format):.12g}") in held, (table.id, column.key)


def test_the_json_of_a_real_build_fits_the_published_schema(built_sample: BuiltSample) -> None:
    content = json.loads(built_sample.files["json"].read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(report_schema()).iter_errors(content)] == []


def test_workbook_states_the_answer_first(built_sample: BuiltSample) -> None:
    workbook = opened(built_sample)
    assert workbook.worksheets[0]["A1"].value == built_sample.report.sections[0].title.text


def test_page_one_holds_the_whole_answer(built_sample: BuiltSample) -> None:
    """The suggested next step is on it, and the next section begins on the second page."""
    document = pypdfium2.PdfDocument(built_sample.files["pdf"])
    try:
        first, second = (document[page].get_textpage().get_text_bounded() for page in (0, 1))
    finally:
        document.close()
    answer, comparison = built_sample.report.sections[:2]
    assert squeezed(answer.title.text) in squeezed(first)
    assert "Suggested next step" in first
    assert squeezed(comparison.title.text) in squeezed(second)
