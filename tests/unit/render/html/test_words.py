"""Names in any script stand in their own order, whatever is around them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.document import Column, Label, Missing, Number, NumberFormat, Row, Section, Table, say
from reportgen.render.html import Medium, page_html
from reportgen.render.html.words import isolated, prose
from reportgen.render.theme import load_theme
from tests.fakes.findings import STATES
from tests.fakes.reports import full_report
from tests.fakes.setups import START

THEME = load_theme(ThemeConfig())


def test_names_that_run_from_right_to_left_stand_apart_in_cells_heads_and_sentences() -> None:
    hebrew = "\u05e9\u05dc\u05d5\u05dd (hidden 64, lr 0.1)"
    mixed = "mlp (\u0645\u0631\u062d\u0628\u0627 64)"
    table = Table(
        "t",
        say("T"),
        (Column("a", hebrew), Column("b", "Plain")),
        (Row((Label(hebrew), mixed), sub=hebrew), Row(("plain", Missing(hebrew)))),
    )
    section = Section("answer", say(Label(hebrew), " is better than ", Label("plain")), "A", (table,))
    for medium in get_args(Medium):
        html = page_html(replace(full_report(), sections=(section,)), THEME, medium).replace("\xa0", " ")
        right = f'<bdi dir="rtl">{hebrew}</bdi>'
        assert re.search(f'<th scope="col" class="words[^>]*>{re.escape(right)}</th>', html)
        assert f"<h1>{right} is better than <bdi>plain</bdi></h1>" in html
        assert f'<bdi dir="ltr">{mixed}</bdi></td>' in html
        assert f'<span class="sub">{right}</span>' in html
        assert html.count(right) == 5


def test_texts_in_other_scripts_stay_as_they_are() -> None:
    assert isolated("<plain>") == "&lt;plain&gt;"
    assert (
        isolated("\u6a21\u578b \N{GREEK SMALL LETTER ALPHA}") == "\u6a21\u578b \N{GREEK SMALL LETTER ALPHA}"
    )
    assert isolated("7 \u05d0 & 8") == '<bdi dir="rtl">7 \u05d0 &amp; 8</bdi>'


@pytest.mark.parametrize(
    ("value", "how", "is_held"),
    [
        (36.0, NumberFormat(), False),
        (1000.0, NumberFormat(), False),
        (-0.025, NumberFormat("percent", 1), False),
        (2.9, NumberFormat(decimals=1, unit="ms"), False),
        (2.9, NumberFormat(decimals=1, unit="points of 100"), True),
        (2.9, NumberFormat(decimals=1, unit="images/s"), True),
    ],
)
def test_a_number_that_a_line_could_break_is_held_together(
    value: float, how: NumberFormat, *, is_held: bool
) -> None:
    assert ("<span" in prose(say(Number(value, how, "/x")))) is is_held


@pytest.mark.parametrize("state", ["crowded", "grid"])
def test_names_are_held_together_by_elements_on_the_screen_and_by_spaces_on_paper(state: str) -> None:
    """One of the two in each, and what is copied from the page has plain spaces."""
    report = compose(STATES[state](), Config(), built_at=START, version="1")
    names = [c["label"] for c in report.numbers["configurations"]]
    settings = {part for name in names for part in re.findall(r"\w+ (?:= )?[\d.]+", name)}
    assert settings
    screen, paper = (page_html(report, THEME, medium) for medium in ("screen", "print"))
    spaced = {setting.replace(" ", "\xa0") for setting in settings}
    assert 'class="held' in screen
    assert not [setting for setting in spaced if setting in screen]
    assert 'class="held' not in paper
    assert [setting for setting in spaced if setting in paper]
