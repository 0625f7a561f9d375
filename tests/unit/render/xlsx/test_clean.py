from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from reportgen.render.texts import utf16_length
from reportgen.render.xlsx.clean import (
    CUT_MARK,
    EXACT,
    MAX_TEXT,
    Note,
    clean,
    escape,
    starts_like_formula,
)


@pytest.mark.parametrize(
    ("value", "word"),
    [(float("nan"), "not a number"), (float("inf"), "infinite"), (float("-inf"), "minus infinite")],
)
def test_numbers_that_are_none_become_words(value: float, word: str) -> None:
    assert clean(value) == (word, Note.NOT_FINITE, False)


@pytest.mark.parametrize("value", [-7, EXACT, 0.1, 1e-300, "", "01", "#N/A", "=1+1", "\ttab"])
def test_what_a_cell_can_hold_stays_as_it_is(value: object) -> None:
    cleaned = clean(value)
    assert cleaned.value == value
    assert type(cleaned.value) is type(value)
    assert cleaned.note is None


def test_truth_is_no_number() -> None:
    assert clean(True).value is True


def test_integers_that_a_cell_would_round_become_text() -> None:
    assert clean(EXACT + 1) == (str(EXACT + 1), Note.BIG_INTEGER, False)
    assert clean(-(10**400)).value == str(-(10**400))


def test_negative_zero_is_zero() -> None:
    assert str(clean(-0.0).value) == "0.0"


def test_dates_become_days_in_utc() -> None:
    there = timezone(timedelta(hours=5))
    cleaned = clean(datetime(2026, 11, 22, 5, 0, tzinfo=there))
    assert cleaned.is_date
    assert cleaned.value == 46348.0


@pytest.mark.parametrize("year", [1, 1850, 1899])
def test_dates_that_a_workbook_cannot_count_stay_text(year: int) -> None:
    cleaned = clean(datetime(year, 6, 1, tzinfo=UTC))
    assert cleaned.value == f"{year:04d}-06-01 00:00:00"
    assert cleaned.note is Note.EARLY_DATE


def test_the_last_moment_of_the_calendar_in_a_western_zone_does_not_overflow() -> None:
    late = datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))
    assert clean(late).note is Note.EARLY_DATE


@pytest.mark.parametrize("bad", ["\x00", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_forbidden_characters_become_a_visible_mark(bad: str) -> None:
    assert clean(f"a{bad}b") == ("a\N{REPLACEMENT CHARACTER}b", Note.FORBIDDEN, False)


def test_line_ends_become_line_feeds() -> None:
    assert clean("a\r\nb\rc").value == "a\nb\nc"


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000, "_x0041_" * 5_000])
def test_too_long_text_is_cut_and_says_so(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.note is Note.TOO_LONG
    assert isinstance(cleaned.value, str)
    assert cleaned.value.endswith(CUT_MARK)
    assert MAX_TEXT - 50 < utf16_length(escape(cleaned.value)) <= MAX_TEXT


def test_the_longest_text_that_fits_is_not_cut() -> None:
    assert clean("x" * MAX_TEXT) == ("x" * MAX_TEXT, None, False)


def test_an_escape_in_the_data_is_escaped_itself() -> None:
    assert escape("_x0041_ _x00zz_ a_x") == "_x005F_x0041_ _x00zz_ a_x"


@pytest.mark.parametrize(
    ("text", "like"), [("=1", True), ("+a", True), ("-a", True), ("@a", True), ("a=", False)]
)
def test_what_looks_like_a_formula(text: str, like: bool) -> None:
    assert starts_like_formula(text) is like
