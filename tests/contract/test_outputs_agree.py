"""JSON, workbook, PDF text and page of each sample carry the same numbers."""

from __future__ import annotations

import json
import math
import re
import warnings
from collections.abc import Iterator

import lxml.html
import openpyxl
import pypdfium2
from jsonschema import Draft202012Validator

from reportgen.document import (
    Badge,
    KeyFigures,
    Label,
    Number,
    NumberFormat,
    Sentence,
    Table,
    excel_factor,
    format_number,
    resolve_pointer,
)
from reportgen.render.html.tables import as_seen
from reportgen.render.json import report_schema
from tests.conftest import BuiltSample


def squeezed(text: str) -> str:
    """Drop all white space, which differs between outputs."""
    return re.sub(r"\s+", "", text)


def holds(text: str, number: str) -> bool:
    """Tell whether a squeezed text holds a number as a whole: 1.5 is not in 11.5 or 1.52."""
    return re.search(rf"(?<![\d.,]){re.escape(number)}(?![\d]|[.,]\d)", text) is not None


def page_of(sample: BuiltSample) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(sample.files["html"].read_text("utf-8"))


def text_of(element: lxml.html.HtmlElement) -> str:
    return squeezed(str(element.text_content()))


def pdf_text(sample: BuiltSample) -> str:
    document = pypdfium2.PdfDocument(sample.files["pdf"])
    try:
        return squeezed("".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()


def key_figures(sample: BuiltSample) -> Iterator[tuple[str, Number]]:
    """All key figures that are numbers, with their labels."""
    for block in sample.report.blocks():
        if isinstance(block, KeyFigures):
            yield from ((item.label, item.value) for item in block.items if isinstance(item.value, Number))


def stated_numbers(sample: BuiltSample) -> Iterator[Number]:
    """All numbers of all sentences and key figures."""
    for sentence in sample.report.sentences():
        yield from sentence.numbers
    yield from (number for _, number in key_figures(sample))


def telling(sample: BuiltSample) -> list[Sentence]:
    """All sentences that state a number."""
    return [sentence for sentence in sample.report.sentences() if sentence.numbers]


def tables(sample: BuiltSample) -> list[Table]:
    return [block for block in sample.report.blocks() if isinstance(block, Table)]


def numeric_cells(table: Table) -> Iterator[tuple[int, int, float, NumberFormat]]:
    """Row, column, value and format of every cell of a table that is a number."""
    for number, row in enumerate(table.rows):
        for place, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
            if column.format is not None and isinstance(cell, int | float) and not isinstance(cell, bool):
                yield number, place, cell, column.format


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


def test_page_says_every_sentence_with_its_numbers(built_sample: BuiltSample) -> None:
    page = page_of(built_sample)
    texts = [
        text_of(element) for element in page.iter("h1", "h2", "p", "li", "dd", "span", "title", "desc", "div")
    ]
    texts += [squeezed(str(text)) for text in page.xpath("//@aria-label | //@alt")]
    whole = "\n".join(texts)
    assert [s.text for s in telling(built_sample) if squeezed(s.text) not in whole] == []
    tiles = [text_of(tile) for tile in page.find_class("tile")]
    for label, number in key_figures(built_sample):
        own = [tile for tile in tiles if tile.startswith(squeezed(label))]
        assert any(holds(tile, squeezed(number.text)) for tile in own), (label, number)


def test_page_shows_every_number_in_its_own_cell(built_sample: BuiltSample) -> None:
    page, compared = page_of(built_sample), 0
    for table in tables(built_sample):
        (body,) = page.get_element_by_id(f"table-{table.id}").iter("tbody")
        cells = [[text_of(cell) for cell in row] for row in body]
        assert len(cells) == min(len(table.rows), table.print_rows)
        # columns for specialists stand behind the others, verdicts in front
        keys = [column.key for column in table.columns]
        order = [keys.index(column.key) for column in as_seen(table).columns]
        for row, place, value, how in numeric_cells(table):
            if row < table.print_rows:
                shown = squeezed(format_number(value, how, with_unit=False))
                there = cells[row][order.index(place)]
                assert holds(there, shown), (table.id, row, place, there, shown)
                compared += 1
    assert compared > 50


def test_pdf_says_every_sentence_with_its_numbers(built_sample: BuiltSample) -> None:
    """Alt texts aside, which stand in the PDF's tags and not in its text."""
    text = unbroken(pdf_text(built_sample))
    alts = {getattr(block, "alt", None) for block in built_sample.report.blocks()}
    spoken = [sentence for sentence in telling(built_sample) if sentence not in alts]
    assert [s.text for s in spoken if unbroken(squeezed(s.text)) not in text] == []


def unbroken(text: str) -> str:
    """Leave out hyphens, which a line's end may add or take."""
    return re.sub("[-\u00ad\u2010\u2011\ufffe\x02]", "", text)


def test_pdf_shows_every_number_in_its_own_row(built_sample: BuiltSample) -> None:
    """What stands between the head of the row and that of the next one."""
    text, compared = unbroken(pdf_text(built_sample)), 0
    for table in tables(built_sample):
        printed = min(len(table.rows), table.print_rows)
        heads = [unbroken(squeezed(cell_text(row.cells[0]))) for row in table.rows[:printed]]
        if len(set(heads)) < len(heads) or not all(heads):
            continue  # rows without a name of their own
        own = rows_of(text, unbroken(squeezed(table.title.text)), heads)
        for row, place, value, how in numeric_cells(table):
            if row < printed and place and not table.columns[place].detail:
                shown = unbroken(squeezed(format_number(value, how, with_unit=False)))
                # the number on a bar is placed by itself, and stands behind the table when its text is read
                region = text if table.columns[place].bar else own[row]
                assert shown in region, (table.id, row, place, own[row], shown)
                compared += 1
    assert compared > 50


def rows_of(text: str, title: str, heads: list[str]) -> list[str]:
    """Cut the text of a table into its rows; a row's last piece may run on into what follows."""
    for start in [match.end() for match in re.finditer(re.escape(title), text)]:
        places, at = [], start
        for head in heads:
            at = text.find(head, at)
            if at < 0:
                break
            places.append(at)
            at += len(head)
        if len(places) == len(heads) and places[0] - start < 600:
            ends = [*places[1:], places[-1] + 600]
            return [text[place:end] for place, end in zip(places, ends, strict=True)]
    raise AssertionError(f"no table {title!r} with rows {heads[:3]}")


def cell_text(cell: object) -> str:
    return cell.text if isinstance(cell, Label | Badge) else str(cell)


def test_workbook_holds_every_number_in_its_own_cell(built_sample: BuiltSample) -> None:
    """All rows, at full precision, as numbers."""
    workbook, compared = opened(built_sample), 0
    places = {name: (sheet, sheet.tables[name].ref) for sheet in workbook for name in sheet.tables}
    for table in tables(built_sample):
        sheet, area = places[f"tbl_{table.id}"]
        _, *rows = sheet[area]
        assert len(rows) == len(table.rows)
        # what is not for paper stands last in the workbook
        order = sorted(range(len(table.columns)), key=lambda index: table.columns[index].detail)
        for row, place, value, how in numeric_cells(table):
            held, meant = rows[row][order.index(place)].value, value * excel_factor(how)
            if math.isfinite(value):
                assert isinstance(held, int | float), (table.id, row, place)
                assert math.isclose(held, meant, rel_tol=1e-12), (table.id, row, place)
                compared += 1
    assert compared > 50


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


def test_negative_numbers_have_a_minus_sign_and_no_hyphen(built_sample: BuiltSample) -> None:
    """In names of set-ups, lists of values, limits and exponents too; what people and programs wrote stays as it is."""
    own = {
        reason
        for row in built_sample.report.numbers["rows"]
        for reason in (row["reason"], row["name"])
        if reason
    }
    workbook = opened(built_sample)
    cells = [
        cell.value
        for sheet in workbook
        if sheet.sheet_state == "visible"
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and not cell.value.startswith("=")
    ]
    page = page_of(built_sample)
    for element in page.xpath("//script | //style"):
        element.text = ""
    texts = [str(text) for text in page.itertext()]
    assert len(texts) > 100
    hyphen = re.compile(r"(?<![\w.\-])-\d|\de-\d")
    found = {text for text in (*cells, *texts) if hyphen.search(text)}
    assert {text for text in found if text not in own} == set()
