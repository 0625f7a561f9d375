"""What is said of the course of curves: of the averages drawn, and nothing that few or failed runs could feign."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.analyse.pace import judge_curves
from reportgen.findings import CurvePoint, LearningCurve, Metric

UP = Metric("m", "M", "", "maximize", "last", None, None, "")


def curve(
    key: str, means: Sequence[float], *, runs: int = 3, first: int = 1, every: int = 1
) -> LearningCurve:
    points = (CurvePoint(float(first + every * at), y, y, y, runs) for at, y in enumerate(means))
    return LearningCurve(key, "m", tuple(points), runs)


RISING = [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.9, 0.9]
SLOW = [0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.52, 0.54, 0.6]


def judged(
    *curves: LearningCurve,
    metric: Metric = UP,
    baseline: str | None = None,
    shares: dict[str, float] | None = None,
    order: str = "",
) -> dict[str, LearningCurve]:
    keys = list(order) or [one.key for one in curves]
    found = judge_curves(curves, metric, keys, baseline, shares or {})
    assert [one.key for one in found] == [one.key for one in curves]
    return {one.key: one for one in found}


def test_the_first_step_from_which_an_average_stays_as_good_as_the_end_of_another() -> None:
    pace = judged(curve("a", RISING), curve("b", SLOW))["a"].pace
    assert pace is not None
    assert (pace.against, pace.target, pace.end, pace.step, pace.near) == ("b", 0.6, 10.0, 4.0, 10.0)
    assert pace.reason is None


def test_to_touch_it_and_fall_back_is_not_to_reach_it() -> None:
    dip = [0.1, 0.7, 0.5, 0.55, 0.7, 0.8, 0.8, 0.8, 0.8, 0.8]
    pace = judged(curve("a", dip), curve("b", SLOW))["a"].pace
    assert pace is not None
    assert pace.step == 5.0


def test_the_other_is_the_baseline_and_else_the_best_of_the_others() -> None:
    found = judged(curve("a", RISING), curve("b", SLOW), curve("c", SLOW), baseline="c")
    assert [one.pace.against for one in found.values() if one.pace] == ["c", "c", "a"]
    found = judged(curve("b", SLOW), curve("a", RISING), curve("c", SLOW), order="abc")
    assert {key: one.pace.against for key, one in found.items() if one.pace} == {"a": "b", "b": "a", "c": "a"}
    assert judged(curve("a", RISING))["a"].pace is None


def test_who_was_near_its_end_before_that_is_not_overtaken() -> None:
    flat = [0.1, 0.58, 0.6, 0.59, 0.6, 0.59, 0.6, 0.59, 0.6, 0.6]
    near = replace(UP, smallest_difference=0.05)
    pace = judged(curve("a", RISING), curve("b", flat), metric=near)["a"].pace
    assert pace is not None
    assert (pace.step, pace.near, pace.reason) == (4.0, 2.0, "no_sooner")


@pytest.mark.parametrize(
    ("own", "other", "reason"),
    [
        (curve("a", SLOW), curve("b", RISING), "not_reached"),
        (curve("a", RISING, runs=2), curve("b", SLOW), "too_few_runs"),
        (curve("a", RISING), curve("b", SLOW, runs=1), "too_few_runs"),
        (replace(curve("a", RISING), diverged=1), curve("b", SLOW), "failures"),
        (replace(curve("a", RISING), smoothed=tuple(RISING)), curve("b", SLOW), "restless"),
        (curve("a", RISING[:4]), curve("b", SLOW), "few_steps"),
        (curve("a", RISING, every=4), curve("b", SLOW), "few_steps"),
        (curve("a", RISING, first=20), curve("b", SLOW), "few_steps"),
    ],
)
def test_what_hinders_a_finding_is_told(own: LearningCurve, other: LearningCurve, reason: str) -> None:
    pace = judged(own, other)["a"].pace
    assert pace is not None
    assert pace.reason == reason


def test_runs_that_failed_are_no_survivors_to_speak_of() -> None:
    found = judged(curve("a", RISING), curve("b", SLOW), shares={"b": 0.2})
    assert found["b"].doubt == "failures"
    assert found["a"].pace is not None
    assert found["a"].pace.reason == "failures"


def test_set_ups_on_other_data_are_not_held_against_the_rest() -> None:
    found = judged(curve("a", RISING), curve("b", SLOW), curve("x", SLOW), order="ab", baseline="b")
    assert found["x"].pace is not None
    assert found["x"].pace.reason == "not_comparable"
    assert found["a"].pace is not None
    assert found["a"].pace.reason is None


def test_without_a_direction_nothing_is_said() -> None:
    found = judged(curve("a", RISING), curve("b", SLOW), metric=replace(UP, goal=None))["a"]
    assert (found.gained, found.improving, found.pace and found.pace.reason) == (None, False, "no_direction")


def test_repeats_that_are_gone_do_not_count() -> None:
    made = curve("b", SLOW)
    gone = replace(made, points=(*made.points[:-1], replace(made.points[-1], n=1, mean=0.0)))
    pace = judged(curve("a", RISING), gone)["a"].pace
    assert pace is not None
    assert (pace.target, pace.end) == (0.54, 9.0)


def test_other_intervals_are_met_at_the_first_point_that_is_there() -> None:
    pace = judged(curve("a", RISING, every=2), curve("b", SLOW, every=3))["a"].pace
    assert pace is not None
    assert (pace.step, pace.end, pace.reason) == (7.0, 28.0, None)


@pytest.mark.parametrize(
    ("means", "least", "improving"),
    [
        (SLOW, None, True),
        (RISING, None, False),  # level at the end
        ([*SLOW[:-1], 0.53], None, False),  # not at its best
        (SLOW, 0.05, True),
        (SLOW, 0.2, False),  # not by enough to matter
        ([0.5] * 8, None, False),
    ],
)
def test_still_improving_is_at_its_best_after_a_gain_that_matters(
    means: list[float], least: float | None, improving: bool
) -> None:
    found = judged(curve("a", means), metric=replace(UP, smallest_difference=least))["a"]
    assert found.improving is improving
    if means is SLOW:
        assert found.gained == pytest.approx(0.6 - 0.52)


heights = st.lists(st.integers(-20, 20).map(lambda n: n / 8), min_size=1, max_size=25)


def by_hand(own: LearningCurve, other: LearningCurve, sign: float) -> float | None:
    """Try every step in turn."""
    target = other.points[-1].mean
    for at, point in enumerate(own.points):
        if all(sign * later.mean >= sign * target for later in own.points[at:]):
            return point.step
    return None


@settings(max_examples=200, deadline=None)
@given(heights, heights, st.integers(0, 5), st.integers(1, 3), st.sampled_from((None, 0.25)))
def test_any_curves_give_what_trying_every_step_gives_and_mirror(
    one: list[float], two: list[float], first: int, every: int, least: float | None
) -> None:
    made = (curve("a", one, first=first, every=every), curve("b", two))
    metric = replace(UP, smallest_difference=least)
    found = judged(*made, metric=metric)
    for own, other in (("a", "b"), ("b", "a")):
        pace = found[own].pace
        assert pace is not None
        assert pace.step == by_hand(found[own], found[other], 1.0)
        assert (pace.target, pace.end) == (found[other].points[-1].mean, found[other].points[-1].step)
        if pace.reason is None:
            assert pace.step is not None
            assert pace.near is not None
            assert pace.step < pace.near <= (pace.end or 0.0)
    turned = [
        replace(c, points=tuple(replace(p, mean=-p.mean, low=-p.high, high=-p.low) for p in c.points))
        for c in made
    ]
    mirrored = judged(*turned, metric=replace(metric, goal="minimize"))
    for key, own_curve in found.items():
        other_curve = mirrored[key]
        assert (own_curve.gained, own_curve.improving) == (other_curve.gained, other_curve.improving)
        assert own_curve.pace is not None
        assert other_curve.pace is not None
        assert replace(own_curve.pace, target=None) == replace(other_curve.pace, target=None)
        assert other_curve.pace.target == -(own_curve.pace.target or 0.0)


def test_a_value_that_is_not_finite_is_no_point() -> None:
    made = curve("b", SLOW)
    holed = replace(made, points=(*made.points, CurvePoint(11.0, math.nan, math.nan, math.nan, 3)))
    pace = judged(curve("a", RISING), holed)["a"].pace
    assert pace is not None
    assert pace.end == 10.0
