"""The answer has page one alone where it fits, by as few layouts as can be, and pages are counted through."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from reportgen.config import ThemeConfig
from reportgen.document import Column, Paragraph, Report, Row, Section, Table, say
from reportgen.render.html import page_html
from reportgen.render.pdf import fit
from reportgen.render.pdf.fit import Halves, halves, lay_out
from reportgen.render.pdf.library import load_weasyprint
from reportgen.render.theme import load_theme
from tests.fakes.reports import full_report

THEME = load_theme(ThemeConfig())
WAYS = {'<body class="print">': "standing"} | {
    f'<body class="print {name}">': name.split()[-1]
    for name in ("close", "tight", "closest", "closest fullest", "flowing")
}
TWO = '<h1>A</h1><section id="section-a" class="section first">A</section><section id="section-b" class="section later">B'


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


def laid_out(html: str, *, own: bool) -> tuple[Any, list[str]]:
    """Lay a page out; tell the layouts that it took."""
    weasyprint, calls = load_weasyprint(), []

    def lay(page: str) -> Any:
        way = next(name for body, name in WAYS.items() if body in page)
        answer, rest = "<table" in page, 'id="section-method"' in page
        calls.append(f"{way} {'all' if answer and rest else 'answer' if answer else 'rest'}")
        return weasyprint.HTML(string=page).render()

    return lay_out(html, lay, own=own), calls


def pages_of_rows(rows: int, *, own: bool = False) -> tuple[int, list[str]]:
    document, calls = laid_out(page_html(report_of(rows), THEME, "print"), own=own)
    return len(document.pages), calls


@pytest.fixture(scope="module")
def layouts() -> dict[int, list[str]]:
    """What it takes to lay out answers of more and more rows."""
    return {rows: pages_of_rows(rows)[1] for rows in range(15, 61)}


def test_the_longer_an_answer_is_the_closer_it_is_set(layouts: dict[int, list[str]]) -> None:
    ways = [calls[-1] for calls in layouts.values()]
    assert [way for way, following in pairwise([*ways, ""]) if way != following] == [
        "standing answer",
        "close answer",
        "tight answer",
        "closest answer",
        "fullest answer",
        "flowing all",
    ]


def test_no_more_is_laid_out_again_than_the_answer(layouts: dict[int, list[str]]) -> None:
    for calls in layouts.values():
        assert calls[0] == "standing rest"
        assert {call.split()[1] for call in calls[1:-1]} <= {"answer"}
        if calls[-1] == "flowing all":
            assert calls[1:] == ["standing answer", "fullest answer", "flowing all"]
        else:
            assert calls[-1].endswith("answer")
            assert len(calls) <= 3, calls


@pytest.mark.parametrize(
    ("way", "saved", "trials"),
    [
        ("close answer", -1e9, ["fullest answer"]),
        ("flowing all", -1e9, ["fullest answer", "flowing all"]),
        ("fullest answer", 1e9, ["close answer", "tight answer", "closest answer", "fullest answer"]),
        (
            "flowing all",
            1e9,
            ["close answer", "tight answer", "closest answer", "fullest answer", "flowing all"],
        ),
    ],
)
def test_a_wrong_reckoning_costs_a_layout_and_loses_no_page(
    way: str, saved: float, trials: list[str], layouts: dict[int, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = next(rows for rows, calls in layouts.items() if calls[-1] == way)
    monkeypatch.setattr(fit, "_saved", lambda *_: saved)
    assert pages_of_rows(rows) == (2, ["standing rest", "standing answer", *trials])


@pytest.mark.parametrize("rows", [20, 60])
def test_what_a_user_s_templates_make_is_laid_out_as_a_whole(rows: int) -> None:
    pages, calls = pages_of_rows(rows, own=True)
    assert pages == 2
    assert calls[-1].endswith(" all")
    assert {call.split()[1] for call in calls[:-1]} == {"answer"}


def test_a_page_is_cut_where_the_second_section_begins() -> None:
    assert halves(TWO) == Halves(
        '<h1>A</h1><section id="section-a" class="section first">A</section></main></div></body></html>',
        '<h1>A</h1><section id="section-a" class="section first"></section><section id="section-b" class="section later">B',
    )


@pytest.mark.parametrize("html", ["<h1>A</h1>", TWO.partition('<section id="section-b')[0]])
def test_a_page_of_one_section_is_not_cut(html: str) -> None:
    assert halves(html) is None
