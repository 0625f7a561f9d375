"""A headline's lines are about as long as one another, and as few as ever."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from fontTools.ttLib import TTFont

from reportgen.config import ThemeConfig
from reportgen.document import Label, say
from reportgen.render.html import balance, page_html
from reportgen.render.html.balance import FAMILY, balanced_em
from reportgen.render.templates import builtin_templates
from reportgen.render.theme import load_theme
from tests.fakes.reports import full_report

LONG = "6 set-ups are better than logreg; the first 3 cannot be told apart"


def lines(text: str, em: float) -> list[str]:
    """Break a text as an engine does."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if (balance._width(longer) or 0.0) <= em:
            found[-1] = longer
        else:
            found.append(word)
    return found


def test_widths_are_those_of_the_bundled_font() -> None:
    with TTFont(builtin_templates() / "fonts" / "SourceSerif4_600SemiBold.ttf") as font:
        names, advances = font.getBestCmap(), font["hmtx"].metrics
        assert font["head"].unitsPerEm == 1000
        for character, width in balance._ADVANCES.items():
            expected = 0 if unicodedata.combining(character) else advances[names[ord(character)]][0]
            assert width == expected, character


def test_the_last_line_is_not_left_short() -> None:
    em = balanced_em(LONG, "A4", FAMILY)
    assert em is not None
    assert lines(LONG, em) == ["6 set-ups are better than logreg;", "the first 3 cannot be told apart"]


def test_what_stands_in_brackets_is_not_broken() -> None:
    text = "6 set-ups are better than logreg (C = 1); which is best is not settled"
    em = balanced_em(text, "A4", FAMILY)
    assert em is not None
    assert lines(text, em) == ["6 set-ups are better than logreg (C = 1);", "which is best is not settled"]


def test_a_number_stays_with_its_word() -> None:
    text = "No result: none of the 12 runs gave a usable number"
    em = balanced_em(text, "A4", FAMILY)
    assert em is not None
    assert lines(text, em) == ["No result: none of the 12 runs", "gave a usable number"]


@pytest.mark.parametrize(
    ("text", "paper", "family"),
    [
        ("One line", "A4", FAMILY),
        (LONG, "A4", "Georgia"),
        (f"{LONG} \u540d", "A4", FAMILY),
        ("a" * 200, "Letter", FAMILY),
    ],
)
def test_what_takes_one_line_or_is_not_known_is_left_alone(text: str, paper: str, family: str) -> None:
    assert balanced_em(text, paper, family) is None


def test_it_takes_no_more_lines_than_before() -> None:
    for count in range(8, 40):
        text = " ".join(LONG.split()[n % 12] for n in range(count))
        em = balanced_em(text, "A4", FAMILY)
        if em is not None:
            assert len(lines(text, em)) == len(lines(text, 178.0 / balance._SIZE_MM))


def test_only_paper_is_told_the_width() -> None:
    theme, report = load_theme(ThemeConfig()), full_report()
    assert balanced_em(report.sections[0].title.text, "A4", FAMILY) is None
    assert "<h1>" in page_html(report, theme, "print")
    answer = replace(report.sections[0], title=say(Label(LONG)))
    longer = replace(report, sections=(answer, *report.sections[1:]))
    assert '<h1 style="max-width:' in page_html(longer, theme, "print")
    assert '<h1 style="max-width:' not in page_html(longer, theme, "screen")
