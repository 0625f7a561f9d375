"""Every state that a report can be in: its answer takes page one alone, and page and PDF say what the report says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import lxml.html
import pypdfium2
import pytest

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.config.settings import OutputConfig, Paper
from reportgen.document import Callout, Report, Table, format_number
from reportgen.language import speaking
from reportgen.render.html import HtmlRenderer, page_html
from reportgen.render.pdf import PdfRenderer, fit
from reportgen.render.pdf.library import load_weasyprint
from reportgen.render.templates import builtin_templates
from reportgen.render.theme import load_theme
from tests.contract.test_outputs_agree import numeric_cells, squeezed, unbroken
from tests.fakes.findings import STATES
from tests.fakes.setups import START

THEME = load_theme(ThemeConfig())


CONTACT = "models@example.com"
DECISIONS = {
    "digits": "Choose the model for the next release.",
    "crowded": "Choose the model for the next release, and say whether the older scanners are still to be supported "
    "by it after the end of the year.",
}


def report_of(state: str, paper: Paper = "A4", language: str = "en") -> Report:
    config = replace(
        Config(),
        decision=DECISIONS.get(state, ""),
        owner="Model team",
        contact=CONTACT,
        language=language,
        outputs=replace(OutputConfig(), paper=paper),
    )
    return compose(STATES[state](), config, built_at=START, version="0.1.0")


def pages(report: Report, folder: Path) -> list[str]:
    """Make the PDF; give the squeezed text of each page, without hyphens."""
    PdfRenderer().render(report, THEME, folder / "a.pdf")
    document = pypdfium2.PdfDocument(folder / "a.pdf")
    try:
        return [unbroken(squeezed(page.get_textpage().get_text_bounded())) for page in document]
    finally:
        document.close()


LEAST_OF_A_PAGE = 100
"""Letters, blanks aside, that the last page holds before it says whom to ask."""
LONGEST = ("digits", "changed", "long_names", "six_metrics", "many", "open_search", "too_small")
"""States whose answers need most room."""


@pytest.mark.parametrize("state", STATES)
def test_page_and_pdf_say_every_number_and_the_answer_takes_page_one(state: str, tmp_path: Path) -> None:
    report = report_of(state)
    HtmlRenderer().render(report, THEME, tmp_path / "a.html")
    page: lxml.html.HtmlElement = lxml.html.document_fromstring((tmp_path / "a.html").read_text("utf-8"))
    first, *others = pages(report, tmp_path)
    whole, printed = unbroken(squeezed(" ".join(map(str, page.itertext())))), "".join([first, *others])
    alts = {getattr(block, "alt", None) for block in report.blocks()}
    telling = [sentence.text for sentence in report.sentences() if sentence.numbers and sentence not in alts]
    assert telling
    for text in telling:
        said = unbroken(squeezed(text))
        assert said in whole
        # in a PDF a name in a script that this machine has no font for is written out
        assert said in printed or max(text) > "\N{IDEOGRAPHIC SPACE}"
    for table in (block for block in report.blocks() if isinstance(block, Table)):
        for row, place, value, how in numeric_cells(table):
            if row < table.print_rows and not table.columns[place].detail:
                shown = unbroken(squeezed(format_number(value, how, with_unit=False)))
                assert shown in whole
                assert shown in printed
    answer, following = report.sections[:2]
    boxes = [block for block in answer.blocks if isinstance(block, Callout)]
    assert all(unbroken(squeezed(box.title)) in first for box in boxes)
    title = unbroken(squeezed(following.title.text))
    assert title in others[0]
    before_whom_to_ask = others[-1].partition(unbroken(squeezed(CONTACT)))[0]
    assert len(before_whom_to_ask) > LEAST_OF_A_PAGE
    assert first.count(title) == [box.title for box in boxes].count(following.title.text)


@pytest.mark.parametrize(
    ("state", "paper", "language"),
    [*((state, "Letter", "de") for state in LONGEST), ("crowded", "Letter", "en"), ("crowded", "A4", "de")],
)
def test_the_longest_answers_fit_page_one(state: str, paper: Paper, language: str) -> None:
    """All in German on the shorter paper, but for an issue that has as much to say as can be."""
    with speaking(language):
        html = page_html(report_of(state, paper, language), THEME, "print")
    folder = builtin_templates()
    parts = fit.halves(html)
    assert parts is not None
    settings = {"base_url": f"{folder.as_uri()}/", "media_type": "print"}
    weasyprint = load_weasyprint()
    name, *_ = fit._LEVELS[-1]
    alone = fit._set(parts.answer, name)
    assert len(weasyprint.HTML(string=alone, **settings).render().pages) == 1
