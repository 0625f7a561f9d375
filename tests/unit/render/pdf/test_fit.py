"""Whether the answer fits page one is found out by as few layouts as can be, and never by guessing alone."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import Any

import pytest

from reportgen.config import ThemeConfig
from reportgen.document import Column, Paragraph, Report, Row, Section, Table, say
from reportgen.render.html import page_html
from reportgen.render.pdf import fit
from reportgen.render.pdf.fit import answer_alone, lay_out
from reportgen.render.pdf.library import load_weasyprint
from reportgen.render.theme import load_theme
from tests.fakes.reports import full_report

THEME = load_theme(ThemeConfig())
WAYS = {
    '<body class="print">': "standing",
    '<body class="print tight">': "tight",
    '<body class="print flowing">': "flowing",
}


def report_of(rows: int) -> Report:
    """A report whose answer is a table of so many rows and is followed by another section."""
    table = Table(
        "t", say("T"), (Column("a", "A"), Column("b", "B")), tuple(Row(("x", "y")) for _ in range(rows))
    )
    sections = (
        Section("answer", say("A"), "A", (table,)),
        Section("method", say("M"), "M", (Paragraph(say("m")),)),
    )
    return replace(full_report(), sections=sections)


def laid_out(html: str) -> tuple[Any, list[str]]:
    """Lay a page out; tell the layouts that it took."""
    weasyprint, calls = load_weasyprint(), []

    def lay(page: str) -> Any:
        way = next(name for body, name in WAYS.items() if body in page)
        calls.append(f"{way} {'alone' if page.endswith('</main></div></body></html>') else 'all'}")
        return weasyprint.HTML(string=page).render()

    return lay_out(html, lay), calls


def pages_of_rows(rows: int) -> tuple[int, list[str]]:
    document, calls = laid_out(page_html(report_of(rows), THEME, "print"))
    return len(document.pages), calls


@pytest.fixture(scope="module")
def most() -> int:
    """The most rows that fit page one as it is usually set."""
    return bisect_left(range(20, 60), 1, key=lambda rows: pages_of_rows(rows)[1][-1] != "standing all") + 19


def test_an_answer_that_fits_takes_one_trial(most: int) -> None:
    assert pages_of_rows(most) == (2, ["standing alone", "standing all"])


def test_one_that_runs_over_by_little_is_set_closer_at_once(most: int) -> None:
    assert pages_of_rows(most + 1) == (2, ["standing alone", "tight all"])


def test_one_that_is_much_too_long_flows_on(most: int) -> None:
    assert pages_of_rows(most + 20)[1] == ["standing alone", "tight alone", "flowing all"]


@pytest.mark.parametrize(
    ("saved", "more", "calls"),
    [
        (-1e9, 1, ["standing alone", "tight alone", "tight all"]),
        (1e9, 20, ["standing alone", "tight all", "tight alone", "flowing all"]),
    ],
)
def test_a_wrong_reckoning_costs_a_layout_and_changes_no_page(
    most: int, saved: float, more: int, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "_saved", lambda _: saved)
    assert pages_of_rows(most + more) == (2, calls)


def test_the_answer_is_tried_alone_only_where_something_follows() -> None:
    assert (
        answer_alone('<h1>A</h1><section id="section-b" class="section later">B')
        == "<h1>A</h1></main></div></body></html>"
    )
    assert answer_alone("<h1>A</h1>") == ""
