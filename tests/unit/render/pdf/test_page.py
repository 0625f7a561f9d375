"""Our own pages are parsed as XML and set without the styles of notes; nothing looks different for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
import tinyhtml5  # type: ignore[import-untyped]

from reportgen.config import ThemeConfig
from reportgen.document import Report
from reportgen.render.html import page_html
from reportgen.render.pdf.fit import halves
from reportgen.render.pdf.library import load_weasyprint
from reportgen.render.pdf.page import load_page, parsed
from reportgen.render.pdf.setting import set_pdf
from reportgen.render.theme import load_theme
from tests.fakes.reports import full_report
from tests.unit.render.hostile import hostile_report

THEME = load_theme(ThemeConfig())
FOOTNOTE = "<style>.f {{ float: footnote }}</style><p>Said<span class='f'>{}</span></p>"
PAGE = '<!doctype html>\n<html lang="en"><head><title>T</title></head><body>{}</body></html>'


def parts(element: ET.Element) -> Iterator[tuple[str, dict[str, str], str, str]]:
    """Give what counts of all elements, whatever space stands between them."""
    for node in element.iter():
        attributes = {
            name: " ".join(value.split()) for name, value in node.attrib.items() if "xmlns" not in name
        }
        yield node.tag, attributes, (node.text or "").strip(), (node.tail or "").strip()


@pytest.mark.parametrize("report", [full_report(), hostile_report()], ids=["full", "hostile"])
@pytest.mark.parametrize("alone", [False, True])
def test_a_parser_of_xml_reads_the_same_page(report: Report, alone: bool) -> None:
    html = page_html(report, THEME, "print")
    if alone:
        cut = halves(html)
        assert cut is not None
        html = cut.answer_of(7)
    tree = parsed(html)
    assert tree is not None
    assert list(parts(tree)) == list(parts(tinyhtml5.parse(html, namespace_html_elements=False)))


@pytest.mark.parametrize(
    "html",
    [
        PAGE.format("<p>one<p>two"),
        PAGE.format("a<br>b"),
        PAGE.format("a&nbsp;b"),
        PAGE.format("<style>p::before { content: 'A &amp; B' }</style><p>x</p>"),
        "<html><head><title>T</title></head><body>no doctype</body></html>",
        '<!DOCTYPE html [<!ENTITY a "b">]><html><body>&a;</body></html>',
    ],
)
def test_what_only_html_allows_is_left_to_a_parser_of_html(html: str) -> None:
    assert parsed(html) is None


def test_a_user_s_template_is_parsed_as_html(tmp_path: Path) -> None:
    """HTML puts rows into a body that a style sheet may count on; XML does not."""
    weasyprint = load_weasyprint()
    rows = PAGE.format("<table><tr><td>x</td></tr></table>")
    settings: dict[str, Any] = {"base_url": "file:///", "url_fetcher": None, "media_type": "print"}
    found = [
        load_page(weasyprint, rows, own=own, **settings).etree_element.find(".//tbody") is not None
        for own in (False, True)
    ]
    assert found == [False, True]
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "table.html.j2").write_text("")
    style = "<style>td { visibility: hidden } tbody td { visibility: visible }</style>"
    shown = PAGE.format(f"{style}<table><tr><td>x</td></tr></table>")
    own_theme = load_theme(ThemeConfig(templates=tmp_path))
    assert len(set_pdf(shown, own_theme).content) > len(set_pdf(shown, THEME).content)


def test_notes_are_set_where_a_page_has_them() -> None:
    html = PAGE.format(FOOTNOTE.format("the note"))
    text = pypdfium2.PdfDocument(set_pdf(html, THEME).content)[0].get_textpage().get_text_range()
    assert "1. the note" in text


def test_the_style_without_notes_looks_the_same() -> None:
    lists = PAGE.format(
        "<h2>H</h2><ol><li>first</li></ol><ul><li>second</li></ul><dl><dt>t</dt><dd>d</dd></dl><q>q</q>"
    )
    with_all_styles = lists.replace("<body>", "<body><!-- footnote -->")
    assert set_pdf(lists, THEME) == set_pdf(with_all_styles, THEME)
