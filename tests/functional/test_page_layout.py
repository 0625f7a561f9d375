"""Where lines of the web page end, and what of it is seen at once: on a telephone, a tablet and a desk."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.document import Column, Row, Section, Table, say
from reportgen.render.html import HtmlRenderer
from reportgen.render.html.names import held
from reportgen.render.theme import load_theme
from tests.conftest import BuiltSample
from tests.fakes.browser import opened
from tests.fakes.findings import STATES
from tests.fakes.reports import full_report
from tests.fakes.setups import START
from tests.unit.render.hostile import hostile_report

pytestmark = pytest.mark.heavy

BROKEN = r"""() => {
  const broken = [], walker = document.createTreeWalker(document.querySelector(".page"), NodeFilter.SHOW_ELEMENT);
  for (let element = walker.currentNode; element; element = walker.nextNode()) {
    if (!element.matches("h1, h2, p, li, th, td") || !element.checkVisibility()) continue;
    const nodes = [], texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) nodes.push(texts.currentNode);
    const at = (place) => {
      for (const node of nodes) {
        if (place < node.length) return [node, place];
        place -= node.length;
      }
      return [nodes[nodes.length - 1], nodes[nodes.length - 1].length];
    };
    const text = nodes.map((node) => node.data).join("");
    for (const found of text.matchAll(element.matches(".first h1") && innerWidth > 700 ? /\([^()]*\)[,;]?/g : /\(?\b\w = [\d.]+[),;]*/g)) {
      const range = document.createRange();
      range.setStart(...at(found.index));
      range.setEnd(...at(found.index + found[0].length));
      const tops = new Set(Array.from(range.getClientRects(), (box) => Math.round(box.bottom)));
      if (tops.size > 1) broken.push(found[0] + " in " + text.trim().slice(0, 60));
    }
  }
  return broken;
}"""

CUT = """() => Array.from(document.querySelectorAll(".scroll")).flatMap((scroll) => {
  const edge = scroll.getBoundingClientRect();
  return Array.from(scroll.querySelectorAll(".badge"))
    .filter((badge) => badge.checkVisibility())
    .map((badge) => [badge.textContent, badge.getBoundingClientRect()])
    .filter(([, box]) => box.left < edge.right && box.right > edge.right + 1)
    .map(([text, box]) => text + ": " + (box.right - edge.right) + " px in " + scroll.getAttribute("aria-label"));
})"""

LINES = """(selector) => Array.from(document.querySelectorAll(selector), (cell) => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return [cell.textContent.trim(), new Set(Array.from(range.getClientRects(), (box) => Math.round(box.bottom))).size];
}).filter(([, lines]) => lines > 1)"""


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_line_ends_inside_of_a_setting(
    built_sample: BuiltSample, browser: Any, width: int, scripts: bool
) -> None:
    """In the answer, in sentences and in tables: "C = 1" and what closes a bracket behind it stay together."""
    page, _ = opened(
        browser,
        built_sample.files["html"],
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
    )
    assert page.evaluate(BROKEN) == []
    page.context.close()


@pytest.mark.parametrize("width", [360, 390])
def test_a_telephone_shows_every_verdict_whole(built_sample: BuiltSample, browser: Any, width: int) -> None:
    page, _ = opened(browser, built_sample.files["html"], viewport={"width": width, "height": 800})
    assert page.evaluate(CUT) == []
    page.context.close()


@pytest.mark.parametrize("width", [768, 1440])
def test_the_table_of_page_one_needs_no_scrolling(
    built_sample: BuiltSample, browser: Any, width: int
) -> None:
    page, _ = opened(browser, built_sample.files["html"], viewport={"width": width, "height": 900})
    box = "document.querySelector('#table-page_one_setups .scroll')"
    assert page.evaluate(f"{box}.scrollWidth - {box}.clientWidth") <= 1
    page.context.close()


def test_at_a_desk_ids_versions_and_names_take_one_line(built_sample: BuiltSample, browser: Any) -> None:
    page, _ = opened(browser, built_sample.files["html"])
    for selector in (
        "#table-runs tbody th",
        "#table-data td:nth-child(2)",
        "#table-comparison tbody th",
        "#table-page_one_setups tbody th",
    ):
        assert page.locator(selector).count()
        assert page.evaluate(LINES, selector) == []
    page.context.close()


def test_at_a_desk_the_contents_stay_in_sight_beside_wide_tables(
    built_sample: BuiltSample, browser: Any
) -> None:
    page, _ = opened(browser, built_sample.files["html"])
    main = page.locator("main").bounding_box()
    assert main["width"] >= 1000
    page.evaluate("window.scrollTo(0, 4000)")
    box = page.locator(".contents").bounding_box()
    assert 0 <= box["y"] < 100
    assert box["x"] + box["width"] <= main["x"]
    page.context.close()


def test_rows_put_up_by_the_script_are_those_of_the_page(built_sample: BuiltSample, browser: Any) -> None:
    """The script breaks names where the page does; both say it in the same words."""
    cells = "Array.from(document.querySelectorAll('#table-runs tbody tr')).slice(0, 12).map((row) => row.cells[1].innerHTML.trim().replace(/<.?bdi>/g, ''))"
    plain, _ = opened(browser, built_sample.files["html"], java_script_enabled=False)
    page, _ = opened(browser, built_sample.files["html"])
    found = page.evaluate(cells)
    assert found == plain.evaluate(cells)
    assert any('class="held' in cell for cell in found)
    page.context.close()
    plain.context.close()


@pytest.mark.parametrize("width", [320, 360])
def test_names_that_are_held_together_never_make_the_page_scroll(
    browser: Any, tmp_path: Path, width: int
) -> None:
    HtmlRenderer().render(hostile_report(), load_theme(ThemeConfig()), tmp_path / "a.html")
    page, _ = opened(browser, tmp_path / "a.html", viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_printed_from_a_browser_no_number_and_no_heading_is_broken(
    built_sample: BuiltSample, browser: Any
) -> None:
    """On A4 between its margins, 178 mm wide."""
    page, _ = opened(browser, built_sample.files["html"], viewport={"width": 673, "height": 1000})
    page.emulate_media(media="print")
    assert page.locator("td.figure").count()
    assert page.evaluate(LINES, "td.figure:not(.missing)") == []
    words = "getComputedStyle(document.querySelector('thead th')).overflowWrap"
    assert page.evaluate(words) == "normal"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).textWrap") == "balance"
    page.context.close()


def test_in_the_dark_the_better_of_two_shades_is_the_darker_one_too(browser: Any, tmp_path: Path) -> None:
    """The note above the table says "The darker, the better."."""
    report = compose(STATES["grid"](), Config(), built_at=START, version="1")
    HtmlRenderer().render(report, load_theme(ThemeConfig()), tmp_path / "a.html")
    lights = """Array.from(document.querySelectorAll(".shade"), (cell) => {
      const context = new OffscreenCanvas(1, 1).getContext("2d");
      context.fillStyle = getComputedStyle(cell).backgroundColor;
      context.fillRect(0, 0, 1, 1);
      const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
      return [parseFloat(cell.textContent), red + green + blue];
    })"""
    for scheme in ("light", "dark"):
        page, _ = opened(browser, tmp_path / "a.html", color_scheme=scheme)
        shades = sorted(page.evaluate(lights))
        assert shades[0][1] > shades[-1][1], scheme
        page.context.close()


def test_the_script_holds_any_name_together_as_the_page_does(browser: Any, tmp_path: Path) -> None:
    """Both have the rules: of names made of all that matters to them, none may differ."""
    source = random.Random(1)  # noqa: S311 - repeatable test values, no secret
    pieces = (
        *(
            "mlp",
            "(",
            ")",
            "C = 1",
            "gamma 0.1",
            ", ",
            " ",
            "learning rate 0.001",
            "a-b",
            "Is ",
            " better than ",
        ),
        *("?", "MMMMM", "scanner A", "\N{HORIZONTAL ELLIPSIS}", "x=1", " = ", "20261122T232533Z-51a6edcb"),
        *(
            "\N{ROMAN NUMERAL ONE}",
            "\N{MINUS SIGN}3",
            "\u6a21",
            "and so on and on until nobody knows the beginning",
        ),
    )
    names = ["".join(source.choices(pieces, k=source.randint(1, 9))) for _ in range(100)]
    table = Table(
        "names", say("Names"), (Column("name", "Name"),), tuple(Row((n,)) for n in names), print_rows=3
    )
    report = replace(full_report(), sections=(Section("answer", say("All"), "All", (table,)),))
    HtmlRenderer().render(report, load_theme(ThemeConfig()), tmp_path / "a.html")
    page, _ = opened(browser, tmp_path / "a.html")
    cells = page.evaluate(
        "Array.from(document.querySelectorAll('#table-names tbody th > bdi'), (e) => e.innerHTML)"
    )
    assert cells == [str(held(name)) for name in names]
    page.context.close()
