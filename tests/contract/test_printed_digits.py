"""Every number that page and PDF print is the frozen number of the JSON file, rounded: read from the files alone.

Nothing of how reportgen formats is used here: digits are compared as decimals with the value that the file's
pointer leads to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import lxml.html
import pypdfium2
import pytest

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.render.html import HtmlRenderer
from reportgen.render.json import JsonRenderer
from reportgen.render.theme import load_theme
from tests.conftest import BuiltSample
from tests.fakes.findings import STATES
from tests.fakes.setups import START

NUMBER = re.compile(r"(?<![\w.,])[\N{MINUS SIGN}+-]?\d(?:,?\d)*(?:\.\d+)?(?:e[\N{MINUS SIGN}+-]?\d+)?(?!\w)")
SCALES = {"percent": 100, "points": 100}


def frozen(content: Any, pointer: str) -> Any:
    """Follow a JSON pointer."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        content = content[int(name)] if isinstance(content, list) else content[name]
    return content


def is_rounded(text: str, value: float, style: str) -> bool:
    """Tell whether a text begins with a value, rounded to as many decimals as the text has."""
    found = NUMBER.search(text)
    if found is None:
        return False
    shown = Decimal(found[0].replace(",", "").replace("\N{MINUS SIGN}", "-"))
    half = Decimal("0.5000001").scaleb(int(shown.as_tuple().exponent))
    return abs(shown - Decimal(repr(value)) * SCALES.get(style, 1)) <= half


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def of_type(kind: str, content: Any) -> Iterator[dict[str, Any]]:
    """Give all parts of the document of a type."""
    if isinstance(content, dict):
        if content.get("type") == kind:
            yield content
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from of_type(kind, part)


def wrong_words(content: dict[str, Any]) -> list[str]:
    """Give the numbers in sentences that are not what they refer to, or not printed as it is."""
    spans = [span for span in of_type("number", content["document"]) if is_number(span["value"])]
    assert spans
    referred = [frozen(content, span["ref"]) if span["ref"] else span["value"] for span in spans]
    return [
        f"{span['text']} for {value} at {span['ref']}"
        for span, value in zip(spans, referred, strict=True)
        if value != span["value"] or not is_rounded(span["text"], value, span["format"]["style"])
    ]


def printed_cells(table: dict[str, Any], page: Any) -> Iterator[tuple[str, str, str, float, float | None]]:
    """Give place, style, text, value and sort key of each number of a table, in the page and for its script."""
    block = page.get_element_by_id(f"table-{table['id']}")
    columns = table["columns"]
    heads = ["".join(head.itertext()) for head in block.xpath(".//thead/tr/th")]
    order: list[int] = []  # columns as they stand on the page
    for head in heads:
        order.append(
            next(
                n for n, column in enumerate(columns) if n not in order and head.startswith(column["heading"])
            )
        )
    shown = block.xpath(".//tbody/tr")
    data = [json.loads(script.text) for script in block.xpath('.//script[@class="rows"]')]
    for number, row in enumerate(table["rows"]):
        for place, cell in enumerate(row["cells"]):
            value = cell["value"] if isinstance(cell, dict) and cell["type"] == "number" else cell
            if not is_number(value):
                continue
            name = f"{table['id']} {number} {columns[place]['key']}"
            how = (cell if isinstance(cell, dict) else columns[place])["format"] or {"style": ""}
            if number < len(shown):
                element = shown[number][order.index(place)]
                by = element.get("data-v")
                yield (
                    name,
                    how["style"],
                    "".join(element.itertext()),
                    value,
                    None if by is None else float(by),
                )
            for rows in data:
                text, by = rows[number]["cells"][order.index(place)]
                yield name, how["style"], text, value, by


def wrong_cells(content: dict[str, Any], page: Any) -> list[str]:
    found = []
    for table in of_type("table", content["document"]):
        fields = {column["key"]: column["field"] for column in table["columns"]}
        for name, style, text, value, by in printed_cells(table, page):
            row, key = name.split(" ", 2)[1:]
            ref = table["rows"][int(row)]["ref"]
            kept = frozen(content, ref + fields[key]) if ref and fields[key] else value
            if kept != value or by != value or not is_rounded(text, value, style):
                found.append(f"{name}: {text!r} for {value}, frozen {kept}, sorted by {by}")
    return found


def wrong_marks(content: dict[str, Any], page: Any) -> list[str]:
    """Give what marks in charts tell that is none of their chart's values; numbers in names are left out."""
    found = []
    for figure in page.xpath("//figure"):
        name = figure.get("id").removeprefix("chart-")
        charts = [
            block
            for section in content["document"]["sections"]
            for block in section["blocks"]
            if block.get("id") in {name, re.sub(r"-\d+$", "", name)} and "series" in block
        ]
        assert charts, name
        values = [
            Decimal(repr(value)) * scale
            for chart in charts
            for point in of_type("point", chart)
            for value in (point["x"], point["y"], point["low"], point["high"])
            if is_number(value)
            for scale in (1, 100)
        ]
        names = {axis["label"] for chart in charts for axis in of_type("axis", chart)}
        for told in figure.xpath('.//*[local-name()="circle"]/*[local-name()="title"]/text()'):
            said = told.rpartition(": ")[2]
            for label in sorted(filter(None, names), key=len, reverse=True):
                said = said.replace(label, "")
            for text in NUMBER.findall(re.sub(r"\d+ [A-Z][a-z]{2} \d{4}", "", said)):
                shown = Decimal(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))
                half = Decimal("0.5000001").scaleb(int(shown.as_tuple().exponent))
                if not any(abs(shown - value) <= half for value in values):
                    found.append(f"{name}: {told}")
    return found


def read(folder: dict[str, Path]) -> tuple[dict[str, Any], Any]:
    content: dict[str, Any] = json.loads(folder["json"].read_text("utf-8"))
    return content, lxml.html.document_fromstring(folder["html"].read_text("utf-8"))


def test_the_page_prints_frozen_numbers(built_sample: BuiltSample) -> None:
    content, page = read(built_sample.files)
    assert wrong_words(content) == []
    assert wrong_cells(content, page) == []
    assert wrong_marks(content, page) == []


def test_the_pdf_prints_no_number_that_the_page_has_not(built_sample: BuiltSample) -> None:
    _, page = read(built_sample.files)
    known = set(NUMBER.findall(" ".join(page.itertext())))
    with pypdfium2.PdfDocument(built_sample.files["pdf"]) as paper:
        text = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in paper)
        pages = {str(number) for number in range(1, len(paper) + 1)}
    printed = NUMBER.findall(text)
    assert len(printed) > 300
    assert set(printed) - known - pages == set()


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_state_prints_frozen_numbers(state: str, tmp_path: Path) -> None:
    report, theme = (
        compose(STATES[state](), Config(), built_at=START, version="1"),
        load_theme(ThemeConfig()),
    )
    files = {"json": tmp_path / "a.json", "html": tmp_path / "a.html"}
    JsonRenderer().render(report, theme, files["json"])
    HtmlRenderer().render(report, theme, files["html"])
    content, page = read(files)
    assert wrong_words(content) == []
    assert wrong_cells(content, page) == []
    assert wrong_marks(content, page) == []
