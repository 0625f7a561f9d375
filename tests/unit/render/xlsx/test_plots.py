from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.document import INTEGER, Axis, Chart, NumberFormat, Point, Reference, Series, say
from reportgen.render.xlsx.geometry import Line, cross
from reportgen.render.xlsx.plots import (
    Scale,
    draw,
    far_places,
    label_sides,
    place_value,
    round_scale,
)
from tests.fakes.reports import PERCENT, POINTS, charts

VALUE = Axis("Value", INTEGER)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def test_a_record_holds_until_the_next_one() -> None:
    weeks = (Point(1.0, 5.0), Point(2.0, 5.0), Point(3.0, 7.0))
    drawing = draw(
        Chart(
            "a",
            "lines",
            say("A"),
            say(""),
            VALUE,
            VALUE,
            (Series("so far", weeks, style="steps"),),
            alt=say("A"),
        )
    )
    (line,) = [plot for plot in drawing.plots if plot.role == "line"]
    assert [(p.x, p.y) for p in line.marks] == [(1.0, 5.0), (2.0, 5.0), (2.0, 5.0), (3.0, 5.0), (3.0, 7.0)]


def test_lines_cross_only_where_each_has_an_end_on_both_sides_of_the_other() -> None:
    rising: Line = ((0.0, 0.0), (1.0, 1.0))
    assert cross(rising, ((0.0, 1.0), (1.0, 0.0)))
    assert not cross(rising, ((0.6, 0.4), (1.0, 0.0)))
    assert not cross(rising, ((0.0, 0.5), (0.5, 1.0)))


def test_every_important_name_finds_a_place_and_no_two_lines_to_names_cross() -> None:
    crowd = [Point(0.5 + i / 40, 9.7 - i % 3 / 10) for i in range(12)]
    named = [
        Point(1.0, 9.9, label="svm (C = 10)", tone="focus"),
        Point(0.62, 9.9, label="knn (k = 1)", tone="focus"),
        Point(0.55, 9.6, label="logreg (C = 1)", tone="baseline"),
    ]
    x, y = Scale(0.0, 1.2, 0.2), Scale(6.0, 10.0, 1.0)
    found = far_places([*crowd, *named], {}, x, y, 0.022)
    assert set(found) == set(named)
    ends = {p: (p.x / 1.2, (p.y - 6.0) / 4.0) for p in named}
    ties: list[Line] = [(ends[p], place[:2]) for p, place in found.items()]
    assert not any(cross(one, other) for one, other in combinations(ties, 2))


@given(
    st.lists(FINITE, min_size=1), st.sampled_from([INTEGER, PERCENT, POINTS]), st.booleans(), st.booleans()
)
@example([5e-324], PERCENT, False, True)
def test_scales_are_finite_and_in_order(
    values: list[float], how: NumberFormat, log: bool, zero: bool
) -> None:
    scale = round_scale(values, Axis("x", how, log=log), zero=zero)
    assert math.isfinite(scale.low)
    assert math.isfinite(scale.high)
    assert scale.low < scale.high
    assert scale.step > 0


@given(st.lists(st.floats(-1e9, 1e9), min_size=1))
def test_every_value_lies_inside_its_scale(values: list[float]) -> None:
    scale = round_scale(values, VALUE)
    assert scale.low <= min(values)
    assert max(values) <= scale.high


def test_bars_begin_at_zero_and_shares_end_at_one() -> None:
    scale = round_scale([0.31, 0.97], Axis("Share", PERCENT), zero=True)
    assert (scale.low, scale.high) == (0.0, 1.0)
    assert round_scale([-0.5, -0.2], VALUE, zero=True).high == 0.0


def test_log_scales_end_at_powers_of_ten() -> None:
    scale = round_scale([0.2, 12.4], Axis("ms", INTEGER, log=True))
    assert (scale.low, scale.high, scale.log) == (0.1, 100.0, True)
    assert not round_scale([-1.0, 5.0], Axis("ms", INTEGER, log=True)).log


def test_dots_keep_reading_order_and_carry_their_names_and_values() -> None:
    drawing = draw(charts()[0])
    names = [plot for plot in drawing.plots if plot.role == "caption" and plot.label == "l"]
    assert [plot.name for plot in names] == ["MLP, hidden 64", "k-NN, k 3", "Logistic regression"]
    assert [plot.marks[0].y for plot in names] == [3.0, 2.0, 1.0]
    values = [plot.name for plot in drawing.plots if plot.role == "caption" and plot.label == "r"]
    assert values == ["97.3\N{NO-BREAK SPACE}%", "96.9\N{NO-BREAK SPACE}%", "90.1\N{NO-BREAK SPACE}%"]
    assert {plot.tone for plot in drawing.plots if plot.role == "points"} == {"focus", "neutral", "baseline"}


def test_references_are_lines_of_their_own_and_bars_of_their_own() -> None:
    dots, _, bars, curves = charts()
    for chart in (dots, curves):
        lines = [plot for plot in draw(chart).plots if plot.role == "reference"]
        assert [plot.name for plot in lines] == [reference.label for reference in chart.references]
    target = Reference(4.0, "target", "good")
    with_target = Chart(
        "b", "bars", bars.title, bars.subtitle, bars.x, bars.y, bars.series, bars.alt, (target,)
    )
    assert [mark.label for mark in draw(with_target).plots[0].marks] == ["MLP", "k-NN", "target"]


def lines_ending_at(*ends: float) -> Chart:
    series = tuple(Series(f"line {end}", (Point(0.0, 0.0), Point(1.0, end))) for end in ends)
    return Chart("c", "lines", say("t"), say("s"), VALUE, VALUE, series, say("alt"))


def test_lines_that_end_together_are_named_in_a_legend() -> None:
    assert draw(lines_ending_at(10.0, 10.1)).legend
    apart = draw(lines_ending_at(10.0, 5.0))
    assert not apart.legend
    assert all(plot.label == "r" for plot in apart.plots)


def test_bands_are_drawn_at_both_ends() -> None:
    edges = [plot for plot in draw(charts()[3]).plots if plot.role == "edge"]
    assert len(edges) == 4
    lower, upper = edges[:2]
    assert all(low.y < high.y for low, high in zip(lower.marks, upper.marks, strict=True))


def test_names_of_points_meet_neither_points_nor_one_another() -> None:
    scale = round_scale([0.0, 10.0], VALUE)
    pile = [Point(5.0, 5.0, label=f"name {i}") for i in range(8)]
    sides = label_sides([*pile, Point(1.0, 1.0, label="alone", tone="focus")], scale, scale, 0.02)
    assert sides[Point(1.0, 1.0, label="alone", tone="focus")] == "r"
    assert len(sides) < len(pile)


def crowd() -> Chart:
    points = [Point(5 + x / 10, 5 + y / 10) for x in range(-2, 3) for y in range(-3, 4)]
    named = Point(5.1, 5.1, label="in the middle", tone="focus")
    corners = (Point(0.0, 0.0), Point(10.0, 10.0))
    series = (Series("Others", (*points, *corners, named)),)
    return Chart("d", "scatter", say("t"), say("s"), VALUE, VALUE, series, say("alt"))


def test_a_name_without_room_beside_its_point_stands_apart_with_a_line_to_it() -> None:
    plots = draw(crowd()).plots
    (caption,) = [plot for plot in plots if plot.role == "caption"]
    (leader,) = [plot for plot in plots if plot.role == "leader"]
    assert caption.name == "in the middle"
    start, end = leader.marks
    assert (start.x, start.y) == (5.1, 5.1)
    assert (end.x, end.y) == (caption.marks[0].x, caption.marks[0].y)
    assert any(plot.role == "points" and start in plot.marks for plot in plots)


def test_no_line_to_a_point_runs_through_a_name() -> None:
    scale = Scale(0.0, 10.0, 2.0)
    pile = [Point(5 + x / 10, 5 + y / 10, label=f"name {x} {y}") for x in range(4) for y in range(-1, 2)]
    places = far_places(pile, {}, scale, scale, 0.012)
    assert len(places) > 3
    for point, (across, up, _) in places.items():
        start = point.x / 10, point.y / 10
        for other, (left, height, side) in places.items():
            width = 0.012 * len(other.label)
            begin = left + 0.015 if side == "r" else left - 0.015 - width
            for step in range(1, 12):
                x = start[0] + step / 12 * (across - start[0])
                y = start[1] + step / 12 * (up - start[1])
                inside = begin + 0.02 < x < begin + width - 0.02 and abs(y - height) < 0.017
                assert point == other or not inside


def test_values_found_at_a_share_of_a_scale_lie_there() -> None:
    for log in (False, True):
        scale = Scale(0.1, 1000.0, 10.0, log=log)
        assert place_value(0.0, scale) == pytest.approx(0.1)
        assert place_value(1.0, scale) == pytest.approx(1000.0)
    assert place_value(0.5, Scale(0.1, 1000.0, 10.0, log=True)) == pytest.approx(10.0)


def test_lines_that_only_a_legend_names_look_different() -> None:
    lines = [plot for plot in draw(lines_ending_at(10.0, 10.1, 10.2)).plots if plot.role == "line"]
    assert [plot.variant for plot in lines] == [1, 2, 3]


@pytest.mark.parametrize("index", range(4))
def test_every_value_of_a_chart_is_drawn(index: int) -> None:
    chart = charts()[index]
    drawn = {(mark.x, mark.label) for plot in draw(chart).plots for mark in plot.marks}
    for series in chart.series:
        for point in series.points:
            assert (point.x, point.label) in drawn
