"""Axes end at sensible places, and their ticks are round and say what they are."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.document import INTEGER, Axis, NumberFormat
from reportgen.language import speaking
from reportgen.render.charts.dates import date_ticks
from reportgen.render.charts.labels import spread
from reportgen.render.charts.scale import Ends, axis_title, make_scale

PERCENT = NumberFormat("percent", 1)
POINTS = NumberFormat("points", 1, signed=True)
SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("values", "how", "ends", "expected"),
    [
        ((0.90, 0.97), PERCENT, "room", [f"{n}{SPACE}%" for n in (90, 92, 94, 96)]),
        ((0, 5), INTEGER, "zero", ["0", "1", "2", "3", "4", "5"]),
        ((0, 1), INTEGER, "zero", ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ((-0.05, 0.07), POINTS, "zero", [f"{MINUS}5.0", f"{MINUS}2.5", "0.0", "+2.5", "+5.0"]),
        ((-1.2e6, 1.2e6), INTEGER, "room", [f"{MINUS}1M", f"{MINUS}0.5M", "0", "0.5M", "1M"]),
        ((0, 3e5), INTEGER, "room", ["0", "100,000", "200,000", "300,000"]),
        ((1e-8, 3e-8), INTEGER, "room", [f"{n}e{MINUS}08" for n in ("1", "1.5", "2", "2.5", "3")]),
    ],
)
def test_ticks_are_round(
    values: tuple[float, ...], how: NumberFormat, ends: Ends, expected: list[str]
) -> None:
    assert [text for _, text in make_scale(values, Axis("A", how), 100, ends=ends).ticks] == expected


def test_an_axis_suggests_no_values_beyond_the_possible() -> None:
    scale = make_scale((0.001, 0.999), Axis("A", PERCENT), 100)
    assert (scale.low, scale.high) == (0.0, 1.0)


def test_bars_begin_at_zero() -> None:
    assert make_scale((3.0, 4.0), Axis("A", INTEGER), 100, ends="zero").low == 0.0


def test_a_logarithmic_axis_is_linear_where_there_is_no_logarithm() -> None:
    scale = make_scale((0.0, 100.0), Axis("A", INTEGER, log=True), 100)
    assert not scale.log
    assert axis_title(Axis("A", INTEGER, log=True), scale) == "A"
    above = make_scale((0.1, 20.0), Axis("A", NumberFormat(unit="ms"), log=True), 100)
    assert [text for _, text in above.ticks] == ["0.1", "0.3", "1", "3", "10"]
    assert axis_title(Axis("A", NumberFormat(unit="ms"), log=True), above) == "A (ms), log scale"


@pytest.mark.parametrize("values", [(1.2e6, 2.9e6), (1.2e9, 2.9e9), (1.2e15, 2.9e15)])
def test_large_ticks_have_the_signs_of_the_language(values: tuple[float, float]) -> None:
    """In German a dot would set thousands apart."""
    with speaking("de"):
        ticks = [text for _, text in make_scale(values, Axis("A", INTEGER), 100).ticks]
    assert any(text.startswith("1,5") for text in ticks)
    assert not any("." in text.removesuffix(".") for text in ticks)


def test_ticks_are_fewer_where_there_is_less_room() -> None:
    long = make_scale((0, 1e5), Axis("A", INTEGER), 120).ticks
    short = make_scale((0, 1e5), Axis("A", INTEGER), 30).ticks
    assert len(short) < len(long)


@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5),
    st.booleans(),
    st.sampled_from(("room", "exact", "zero")),
)
@example([1e172, 5.7e-308], True, "room")
def test_every_value_and_tick_lies_on_the_axis(values: list[float], log: bool, ends: Ends) -> None:
    scale = make_scale(values, Axis("A", INTEGER, log=log), 80, ends=ends)
    for value in values:
        assert -1e-6 <= scale.place(value) <= 1 + 1e-6
    for place, text in scale.ticks:
        assert text
        assert -1e-6 <= scale.place(place) <= 1 + 1e-6


def at(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()  # type: ignore[misc, arg-type]  # year, month, day, ...


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (at(2026, 11, 22, 8), at(2026, 11, 22, 20), ["09:00", "12:00", "15:00", "18:00"]),
        (at(2026, 11, 21, 20), at(2026, 11, 22, 14), ["21:00", "22 Nov", "03:00", "06:00", "09:00", "12:00"]),
        (at(2026, 10, 28), at(2026, 11, 20), ["2 Nov", "9 Nov", "16 Nov"]),
        (at(2026, 1, 15), at(2026, 9, 1), ["Mar 2026", "May 2026", "Jul 2026", "Sep 2026"]),
        (at(2001, 5, 1), at(2026, 5, 1), ["2005", "2010", "2015", "2020", "2025"]),
    ],
)
def test_dates_have_round_ticks(low: float, high: float, expected: list[str]) -> None:
    assert [text for _, text in date_ticks(low, high, 6)] == expected


def test_values_outside_of_the_calendar_are_numbers() -> None:
    assert date_ticks(0, 1e18, 5) == ()
    assert make_scale((0, 1e18), Axis("A", INTEGER, dates=True), 100).ticks


places = st.lists(st.floats(0, 100), min_size=1, max_size=12)


@given(places)
def test_spread_keeps_the_gap_the_order_and_the_ends(wanted: list[float]) -> None:
    placed = spread(wanted, 4.0, 0.0, 100.0)
    ranked = [place for _, place in sorted(zip(wanted, placed, strict=True))]
    assert all(after - before >= 4.0 - 1e-6 for before, after in itertools.pairwise(ranked))
    assert min(placed) >= -1e-6
    assert max(placed) <= 100.0 + 1e-6


def test_spread_moves_nothing_that_is_far_enough_apart() -> None:
    assert spread([50.0, 10.0, 30.0], 4.0, 0.0, 100.0) == [50.0, 10.0, 30.0]
    assert spread([], 4.0, 0.0, 100.0) == []


def test_that_a_scale_is_logarithmic_is_said_in_the_language_of_the_report() -> None:
    axis = Axis("Zeit", NumberFormat("number", 1), log=True)
    scale = make_scale([1.0, 1000.0], axis, 80.0)
    with speaking("de"):
        assert "log scale" not in axis_title(axis, scale)
    assert axis_title(axis, scale) == "Zeit, log scale"
