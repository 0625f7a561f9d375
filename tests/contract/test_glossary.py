"""The glossary explains what a reader meets, and nothing else: on the page, on paper and in the workbook."""

from __future__ import annotations

import re

import lxml.html
import pytest

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.document import Glossary, Report
from reportgen.render.html import page_html
from reportgen.render.html.page import Medium
from reportgen.render.theme import load_theme
from tests.conftest import BuiltSample
from tests.fakes.findings import STATES
from tests.fakes.setups import START

THEME = load_theme(ThemeConfig())


def explained(page: lxml.html.HtmlElement) -> list[str]:
    return [str(term.text_content()) for term in page.xpath("//p[@class='term']/b")]


def rest_of(page: lxml.html.HtmlElement) -> str:
    """All words that stand on a page but for its glossary."""
    for element in page.xpath("//style | //script[not(@type)] | //div[@class='glossary'] | //head"):
        element.drop_tree()
    return " ".join(" ".join(page.itertext()).split()).casefold()


def forms_of(report: Report) -> dict[str, tuple[str, ...]]:
    return {e.term: e.forms for b in report.blocks() if isinstance(b, Glossary) for e in b.entries}


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_each_word_that_is_explained_is_used_and_each_that_is_used_is_explained(
    built_sample: BuiltSample, medium: Medium
) -> None:
    report = built_sample.report
    page = lxml.html.document_fromstring(page_html(report, THEME, medium))
    terms, text, forms = explained(page), rest_of(page), forms_of(report)
    assert {"Run", "Set-up", "Range"} <= set(terms)
    used = {
        term
        for term, spellings in forms.items()
        if any(re.search(rf"(?<!\w){re.escape(form.casefold())}(?!\w)", text) for form in spellings)
    }
    assert set(terms) == used


def test_a_verdict_that_nothing_has_is_not_explained() -> None:
    settled = compose(STATES["nothing_better"](), Config(), built_at=START, version="1")
    same = compose(STATES["about_the_same"](), Config(), built_at=START, version="1")
    assert not {"Not settled", "About the same", "Front"} & set(forms_of(settled))
    assert "About the same" in forms_of(same)
    assert "Not settled" not in forms_of(same)


def test_paper_explains_no_word_of_rows_that_it_leaves_out(built_sample: BuiltSample) -> None:
    screen, paper = (
        set(explained(lxml.html.document_fromstring(page_html(built_sample.report, THEME, medium))))
        for medium in ("screen", "print")
    )
    assert paper <= screen
    assert screen == set(forms_of(built_sample.report))
