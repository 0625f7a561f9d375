"""A report in a language that is written from right to left begins at the right, in every output.

Numbers and Latin names in it run from left to right all the same, and so do the axes of charts.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from openpyxl import load_workbook
from PIL import Image

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.document import Chart, Report
from reportgen.language import speaking
from reportgen.language.catalogue import read_language
from reportgen.render import render_outputs
from reportgen.render.charts import write_chart
from reportgen.render.charts.fonts import in_order
from reportgen.render.email import render_mail
from reportgen.render.html.words import isolated
from reportgen.render.theme import load_theme
from tests.fakes.findings import STATES
from tests.fakes.right_to_left import hebrew, hebrew_installed
from tests.fakes.setups import START
from tests.unit.render.gsheet.sheets import Spreadsheet

THEME = load_theme(ThemeConfig())
OWNER = "Model team"


def composed(language: str) -> Report:
    config = replace(Config(), owner=OWNER, language=language)
    return compose(STATES["digits"](), config, built_at=START, version="0.1.0")


@pytest.fixture(scope="module", autouse=True)
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with hebrew_installed(tmp_path_factory.mktemp("language")):
        yield


@pytest.fixture(scope="module")
def report() -> Report:
    return composed("he")


@pytest.fixture(scope="module")
def outputs(report: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = render_outputs(report, ["html", "pdf", "xlsx"], tmp_path_factory.mktemp("rtl"), ThemeConfig())
    return {output.format: output.path for output in made.made}


def words_of(path: Path, page: int) -> list[tuple[str, float]]:
    """Give the rectangles of a page's text: what stands there, and its left end in points."""
    document = pypdfium2.PdfDocument(path)
    text = document[page].get_textpage()
    boxes = [text.get_rect(number) for number in range(text.count_rects())]
    found = [(text.get_text_bounded(*box).strip(), box[0]) for box in boxes]
    document.close()
    return found


def test_the_direction_is_that_of_the_language() -> None:
    assert [read_language(code).direction for code in ("he", "en")] == ["rtl", "ltr"]


def test_the_page_has_the_direction(outputs: dict[str, Path]) -> None:
    page = outputs["html"].read_text("utf-8")
    assert '<html lang="he" dir="rtl">' in page


def test_english_keeps_its_direction(tmp_path: Path) -> None:
    made = render_outputs(composed("en"), ["html", "xlsx"], tmp_path, ThemeConfig())
    paths = {output.format: output.path for output in made.made}
    assert '<html lang="en" dir="ltr">' in paths["html"].read_text("utf-8")
    with zipfile.ZipFile(paths["xlsx"]) as book:
        assert b"rightToLeft" not in book.read("xl/worksheets/sheet1.xml")


def test_no_style_is_tied_to_a_side() -> None:
    """Left and right stand in no style sheet and block but where the reason is said."""
    folder = Path(__file__).parents[2] / "templates"
    tied = re.compile(r"(?<!-)\b(?:left|right)\s*:|-(?:left|right)\s*:|text-align:\s*(?:left|right)")
    found = [
        line.strip()
        for path in [*folder.glob("*.css"), *folder.glob("blocks/*.j2"), folder / "report.html.j2"]
        for line in path.read_text("utf-8").splitlines()
        if tied.search(line)
    ]
    assert found == [".figure { text-align: right; }"]


def test_numbers_and_names_are_kept_from_left_to_right(outputs: dict[str, Path]) -> None:
    page = outputs["html"].read_text("utf-8")
    assert re.search(r'<span class="num"><bdi dir="ltr">[\d.]+\N{NO-BREAK SPACE}%</bdi></span>', page)
    assert re.search(r'<bdi dir="ltr">[-+−]\d+\.\d</bdi>', page), "a signed number in a cell"
    with speaking("he"):
        assert str(isolated("mlp (hidden 64)")) == '<bdi dir="ltr">mlp (hidden 64)</bdi>'
        assert str(isolated(hebrew("a name"))).startswith('<bdi dir="rtl">')
    assert str(isolated("mlp (hidden 64)")) == "mlp (hidden 64)"


def test_tables_tiles_and_pairs_are_mirrored_on_paper(outputs: dict[str, Path], tmp_path: Path) -> None:
    english = render_outputs(composed("en"), ["pdf"], tmp_path, ThemeConfig()).made[0].path
    for path, order in ((outputs["pdf"], -1), (english, 1)):
        places = words_of(path, 0)
        first, last = (_place(places, heading) for heading in ("Repeats", "Verdict"))
        assert (last - first) * order > 20, "columns of the table"
        first, last = (_place(places, label) for label in ("Latency", "Training time"))
        assert (last - first) * order > 100, "tiles"
        owner = next(x for text, x in words_of(path, 1) if OWNER in text)
        assert (595 / 2 - owner) * order > 100, "running head"


def test_what_follows_a_pair_of_charts_follows_at_once(outputs: dict[str, Path], tmp_path: Path) -> None:
    english = render_outputs(composed("en"), ["pdf"], tmp_path, ThemeConfig()).made[0].path
    gaps = []
    for path in (outputs["pdf"], english):
        document = pypdfium2.PdfDocument(path)
        text = document[0].get_textpage()
        boxes = [text.get_rect(number) for number in range(text.count_rects())]
        heading = hebrew("How sure are we")
        names = {"How sure are we", heading, heading[::-1]}
        top = next(box[3] for box in boxes if text.get_text_bounded(*box).strip(" ?") in names)
        gaps.append(min(box[1] - top for box in boxes if box[1] > top))
        document.close()
    assert gaps[0] < gaps[1] + 10


def _place(places: list[tuple[str, float]], english: str) -> float:
    """Find where a text begins that stands alone, in any of its forms."""
    turned = hebrew(english)
    return next(x for text, x in places if text in {english, turned, turned[::-1]})


def test_every_sheet_of_the_workbook_begins_at_the_right(outputs: dict[str, Path]) -> None:
    with zipfile.ZipFile(outputs["xlsx"]) as book:
        sheets = [name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
        views = [re.search(rb"<sheetView [^>]*>", book.read(name)) for name in sheets]
        styles = book.read("xl/styles.xml")
    assert sheets
    assert all(view is not None and b'rightToLeft="1"' in view.group() for view in views)
    assert b'horizontal="left"' not in styles


@pytest.mark.filterwarnings("ignore:.* extension is not supported")
def test_a_sentence_of_the_workbook_reads_from_the_right_whatever_it_begins_with(
    outputs: dict[str, Path],
) -> None:
    """Else the full stop of a sentence that begins with a Latin name stands where the sentence begins."""
    book = load_workbook(outputs["xlsx"])
    texts = [
        (cell.value, cell.alignment.readingOrder)
        for sheet in book.worksheets[:4]
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.data_type == "s"
    ]
    letters = re.compile("[א-ת]")
    orders = {bool(letters.search(text)): set[float]() for text, _ in texts}
    for text, order in texts:
        orders[bool(letters.search(text))].add(order)
    assert orders == {True: {2}, False: {0}}


def test_titles_of_charts_in_the_workbook_have_no_place_at_the_left(
    outputs: dict[str, Path], tmp_path: Path
) -> None:
    english = render_outputs(composed("en"), ["xlsx"], tmp_path, ThemeConfig()).made[0].path
    placed = []
    for path in (outputs["xlsx"], english):
        with zipfile.ZipFile(path) as book:
            parts = [
                book.read(name).decode() for name in book.namelist() if name.startswith("xl/charts/chart")
            ]
        placed.append(["<manualLayout" in part.split("</title>", 1)[0] for part in parts])
    assert not any(placed[0])
    assert any(placed[1])


def test_the_mail_begins_at_the_right(report: Report) -> None:
    html = render_mail(report, THEME).html
    assert re.search(r'<html lang="he" dir="rtl"', html)
    assert "border-right:4px solid" in html
    assert "border-left" not in html


def test_charts_keep_their_axes_and_the_order_of_numbers(outputs: dict[str, Path], tmp_path: Path) -> None:
    assert ".drawing svg, .spark { direction: ltr; }" in outputs["html"].read_text("utf-8")
    mark = "\N{LEFT-TO-RIGHT MARK}"
    assert in_order(f"{hebrew('limit')} −12.5\N{NO-BREAK SPACE}%") == (
        f"{hebrew('limit')} {mark}−12.5\N{NO-BREAK SPACE}%{mark}"
    )


def test_tabs_of_the_sheet_begin_at_the_right_and_turn_with_the_language(report: Report) -> None:
    sheet = Spreadsheet()
    sheet.publish(report)
    ours = [tab for tab in sheet.tabs if tab.title != "Our notes"]
    assert all(tab.properties.get("rightToLeft") for tab in ours)
    sheet.publish(composed("en"))
    turned: list[Any] = [tab.title for tab in sheet.tabs if tab.properties.get("rightToLeft")]
    assert turned == []


def test_a_chart_alone_has_its_title_at_the_right(report: Report, tmp_path: Path) -> None:
    chart = next(block for block in report.blocks() if isinstance(block, Chart))
    edges = []
    for code in ("he", "en"):
        with speaking(code):
            write_chart(chart, THEME, tmp_path / f"{code}.png", width_mm=178)
        picture = np.asarray(Image.open(tmp_path / f"{code}.png").convert("L"))
        head = np.argwhere((picture < 100)[: picture.shape[0] // 8].any(axis=0))
        edges.append((int(head.min()), picture.shape[1] - int(head.max())))
    assert edges[0][1] < 60 < edges[0][0]
    assert edges[1][0] < 60 < edges[1][1]
