from __future__ import annotations

import pytest

from reportgen.document import NumberFormat
from reportgen.render.measure import font_scale, number_width, row_height, split_lines, text_width


def test_digits_are_the_unit_of_width() -> None:
    assert text_width("0123456789") == pytest.approx(10, rel=0.05)
    assert text_width("漢字") == 4
    assert text_width("abc", bold=True) > text_width("abc")
    assert text_width("abc", 22) == 2 * text_width("abc")


def test_lines_fit_and_keep_every_word() -> None:
    text = "the quick brown fox jumps over the lazy dog " * 5
    lines = split_lines(text, 30)
    assert " ".join(lines) == text
    assert all(text_width(line) <= 30 for line in lines)


def test_a_word_longer_than_a_line_is_broken_and_nothing_is_lost() -> None:
    lines = split_lines("x" * 500, 20)
    assert "".join(lines) == "x" * 500
    assert all(text_width(line) <= 20 for line in lines)


def test_line_feeds_begin_new_lines() -> None:
    assert split_lines("a\n\nb", 20) == ["a", "", "b"]


def test_rows_never_exceed_the_limit_of_a_row() -> None:
    assert row_height(1) == 15.0
    assert row_height(10_000) <= 409


@pytest.mark.parametrize(
    ("value", "how", "least"),
    [
        (0.931, NumberFormat("percent", 1), 5),
        (-0.0214, NumberFormat("points", 1, signed=True), 4),
        (1234567.0, NumberFormat(decimals=2), 11),
        (0.0, NumberFormat(), 1),
        (1e300, NumberFormat(), 300),
    ],
)
def test_numbers_have_room_for_all_their_digits(value: float, how: NumberFormat, least: int) -> None:
    assert number_width(value, how) >= least


def test_a_very_long_word_is_split_in_linear_time() -> None:
    lines = split_lines("y" * 1_000_000, 100)
    assert sum(map(len, lines)) == 1_000_000


def test_fonts_wider_than_calibri_are_known_and_unknown_ones_taken_for_wide() -> None:
    assert font_scale("Calibri") == 1.0
    assert font_scale(" arial ") > 1.0
    assert font_scale("House Sans") > font_scale("Calibri")
