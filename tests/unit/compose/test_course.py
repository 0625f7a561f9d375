"""What titles the curves and the panels of every metric: a record, said in words; else the topic, with the reason."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config import CompareConfig, Config, MetricConfig
from reportgen.document import Chart, Report
from reportgen.findings import Goal
from reportgen.runs import Run
from tests.fakes.runsets import START, TableCurves, make_run, make_runset

Course = Callable[[int, float], float]
STEPS = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Points that are held in memory are logged from here on, a second apart."""
FURTHER = ("seconds", "size")


def to(top: float, pace: float) -> Course:
    """Rise to *top*, most of the way within *pace* steps."""
    return lambda step, noise: top * (1 - math.exp(-(step + 1) / pace)) + noise


def onward(step: int, noise: float) -> float:
    return 0.5 + step / 100 + noise


def report_of(
    courses: Mapping[str, Course],
    *,
    runs: int | Mapping[str, int] = 4,
    baseline: str | None = None,
    least: float | None = 0.02,
    failed: str = "",
    goal: Goal = "maximize",
    further: Mapping[str, Mapping[str, float]] | None = None,
    **compare: Any,
) -> Report:
    source = random.Random(3)  # noqa: S311 - repeatable test values, no secret
    made: list[Run] = []
    table: dict[tuple[str, str], Sequence[float]] = {}
    for model, course in courses.items():
        for seed in range(runs if isinstance(runs, int) else runs[model]):
            noise = source.gauss(0, 0.004)
            values = [course(step, noise) for step in range(STEPS)]
            metrics: dict[str, float | Sequence[float]] = {"accuracy": values}
            metrics |= {name: of[model] + noise for name, of in (further or {}).items()}
            run = make_run(len(made), {"model": model, "seed": seed}, metrics, started=EPOCH)
            table[run.id, "accuracy"] = values
            made.append(run)
    gone = [
        make_run(len(made) + at, {"model": failed, "seed": 90 + at}, {}, status="failed")
        for at in range(4 if failed else 0)
    ]
    named = {"accuracy": MetricConfig("accuracy", goal=goal, primary=True, smallest_difference=least)}
    named |= {name: MetricConfig(name, goal="minimize") for name in further or {}}
    config = Config(
        metrics=named, compare=CompareConfig(baseline={"model": baseline} if baseline else None, **compare)
    )
    found = analyse(make_runset([*made, *gone], TableCurves(table)), config)
    return compose(found, config, built_at=START, version="1")


def chart_of(report: Report, identity: str = "curves") -> Chart:
    return next(b for b in report.blocks() if isinstance(b, Chart) and b.id == identity)


def record_of(report: Report, kind: str = "course") -> dict[str, Any] | None:
    return next((one for one in report.numbers["findings"] if one["id"] == kind), None)


def first_step(report: Report, own: int, other: int) -> float:
    """Work it out anew from the averages that are drawn."""
    lines: list[list[tuple[float, float]]]
    lines = [[(p["step"], p["mean"]) for p in report.numbers["curves"][at]["points"]] for at in (own, other)]
    target = lines[1][-1][1]
    return next(
        step for at, (step, _) in enumerate(lines[0]) if all(mean >= target for _, mean in lines[0][at:])
    )


def test_the_title_says_from_which_step_on_the_baseline_s_end_is_reached() -> None:
    report = report_of({"old": to(0.7, 6), "new": to(0.9, 3)}, baseline="old")
    chart = chart_of(report)
    step = first_step(report, 0, 1)
    assert chart.title.text == f"new reaches by step {step:.0f} what old ends with at step 19"
    assert chart.subtitle.text.startswith("On average over 4 runs each.")
    assert "is not shown" not in chart.subtitle.text
    assert chart.title.text in chart.alt.text
    record = record_of(report)
    assert record is not None
    assert record["text"] == chart.title.text
    assert record["evidence"] == ["/curves/0/pace/step", "/curves/0/pace/end"]
    assert report.numbers["course"]["verdict"] == "better"


def test_sooner_is_not_said_to_be_better_where_that_is_not_shown() -> None:
    report = report_of({"a": to(0.9, 2), "b": to(0.92, 5.5)}, least=None)
    chart = chart_of(report)
    assert report.numbers["course"]["kind"] == "sooner"
    assert report.numbers["course"]["verdict"] != "better"
    assert "Which of the two is better is not shown." in chart.subtitle.text


def test_other_numbers_of_runs_are_told() -> None:
    report = report_of({"old": to(0.7, 6), "new": to(0.9, 3)}, runs={"old": 5, "new": 3}, baseline="old")
    assert chart_of(report).subtitle.text.startswith("On average over 3 to 5 runs each.")


def test_medians_are_not_called_averages() -> None:
    """Of many runs with one far off, lines are medians."""
    seen = iter(range(9 * STEPS))

    def skewed(step: int, noise: float) -> float:
        far = 0.3 if next(seen) < STEPS else 0.0
        return to(0.9, 3)(step, noise) - far

    report = report_of({"new": skewed, "old": to(0.7, 6)}, runs=8, baseline="old")
    assert {c["band"] for c in report.numbers["curves"]} == {"interval", "quartiles"}
    said = chart_of(report).subtitle.text
    assert said.startswith("Over 8 runs each.")
    assert "On average" not in said


@pytest.mark.parametrize(
    ("courses", "said"),
    [
        ({"a": onward}, "digits was still improving when its runs stopped"),
        (
            {"a": onward, "b": lambda s, n: onward(s, n) - 0.2},
            "Both set-ups drawn were still improving when their runs stopped",
        ),
        (
            {"a": onward, "b": lambda s, n: onward(s, n) - 0.2, "c": lambda s, n: onward(s, n) - 0.3},
            "All 3 set-ups drawn were still improving when their runs stopped",
        ),
    ],
)
def test_curves_that_still_rise_are_told_first(courses: Mapping[str, Course], said: str) -> None:
    assert chart_of(report_of(courses)).title.text == said


def test_ends_closer_than_what_matters_are_told() -> None:
    same = {"a": to(0.9, 3), "b": to(0.895, 3)}
    assert (
        chart_of(report_of(same)).title.text
        == "Both set-ups drawn end within 2.0\N{NO-BREAK SPACE}points of each other"
    )
    three = {**same, "c": to(0.893, 3)}
    assert (
        chart_of(report_of(three)).title.text
        == "All 3 set-ups drawn end within 2.0\N{NO-BREAK SPACE}points of one another"
    )
    assert report_of(same, least=None).numbers["course"]["kind"] is None


@pytest.mark.parametrize(
    ("courses", "options", "reason"),
    [
        ({"old": to(0.7, 6), "new": to(0.9, 3)}, {"runs": 2}, "too_few_runs"),
        ({"old": to(0.7, 6), "new": to(0.9, 3)}, {"runs": 1}, "too_few_runs"),
        ({"old": to(0.7, 6), "new": to(0.9, 3)}, {"failed": "new"}, "failures"),
        ({"old": to(0.9, 3), "new": to(0.7, 3)}, {"baseline": "old"}, "not_reached"),
        ({"a": to(0.9, 3)}, {}, "alone"),
    ],
)
def test_without_a_finding_the_topic_is_the_title_and_the_record_says_why(
    courses: Mapping[str, Course], options: dict[str, Any], reason: str
) -> None:
    report = report_of(courses, **options)
    assert chart_of(report).title.text == "Accuracy, step by step"
    assert (report.numbers["course"]["kind"], report.numbers["course"]["reason"]) == (None, reason)
    assert record_of(report) is None


levels = st.lists(st.integers(0, 16).map(lambda n: n / 16), min_size=STEPS, max_size=STEPS)


@settings(max_examples=40, deadline=None)
@given(levels.map(sorted), levels.map(sorted), st.sampled_from((None, 0.1)))
def test_any_claim_follows_from_the_frozen_points_and_turns_with_the_direction(
    one: list[float], two: list[float], least: float | None
) -> None:
    """Of curves that rise, most of which say something, and of the same upside down."""
    up = {name: lambda at, noise, line=line: line[at] + noise for name, line in (("a", one), ("b", two))}
    down = {name: lambda at, noise, line=line: -line[at] - noise for name, line in (("a", one), ("b", two))}
    report, turned = report_of(up, least=least), report_of(down, least=least, goal="minimize")
    course, numbers = report.numbers["course"], report.numbers["curves"]
    ends = [curve["points"][-1]["mean"] for curve in numbers]
    own = course["place"]
    match course["kind"]:
        case "sooner":
            step = first_step(report, own, 1 - own)
            assert numbers[own]["pace"]["step"] == step
            assert f"by step {step:.0f} what" in chart_of(report).title.text
        case "close":
            assert abs(ends[0] - ends[1]) < (least or 0.0)
        case "improving":
            assert all(curve["gained"] >= (least or 0.0) for curve in numbers)
        case _:
            assert record_of(report) is None
    mirrored = turned.numbers["course"]
    assert {**course, "ends_apart": None} == {**mirrored, "ends_apart": None}
    assert mirrored["ends_apart"] == pytest.approx(course["ends_apart"])
    for curve, other in zip(numbers, turned.numbers["curves"], strict=True):
        assert [curve["pace"][name] for name in ("step", "near", "end", "reason")] == [
            other["pace"][name] for name in ("step", "near", "end", "reason")
        ]


def test_over_time_the_words_are_of_time() -> None:
    report = report_of({"old": to(0.7, 6), "new": to(0.9, 3)}, baseline="old", curves_over="time")
    assert chart_of(report).title.text.startswith("new reaches within ")
    assert "19 s" in chart_of(report).title.text.replace("\N{NO-BREAK SPACE}", " ")


def test_one_line_stands_out_and_the_baseline_has_its_own_tone() -> None:
    courses = {"old": to(0.7, 6), "new": to(0.9, 3), "other": to(0.8, 3)}
    for baseline, tones in (("old", {"new": "focus", "old": "baseline", "other": "neutral"}), (None, None)):
        chart = chart_of(report_of(courses, baseline=baseline))
        found = {s.label: s.tone for s in chart.series if s.style == "plain" and s.label}
        assert list(found.values()).count("focus") == 1
        assert found["new"] == "focus"
        assert tones is None or found == tones


QUICK = {"seconds": {"old": 9.0, "new": 2.0}, "size": {"old": 3.0, "new": 5.0}}
SAME = {name: {"old": 3.0, "new": 3.0} for name in FURTHER}


@pytest.mark.parametrize(
    ("further", "top", "said"),
    [
        (QUICK, 0.9, "new is better than old on 2 of the 3 metrics shown, and worse on 1"),
        (QUICK, 0.5, "new is better than old on 1 of the 3 metrics shown, and worse on 2"),
        (SAME, 0.9, "new is better than old on 1 of the 3 metrics shown"),
        (
            {name: {"old": 9.0, "new": 2.0} for name in FURTHER},
            0.9,
            "new is better than old on all 3 metrics shown",
        ),
        (
            {name: {"old": 2.0, "new": 9.0} for name in FURTHER},
            0.5,
            "new is worse than old on all 3 metrics shown",
        ),
        (SAME, 0.5, "new is better than old on no metric shown, and worse on 1 of 3"),
        (SAME, 0.7, "new is not shown to be better or worse than old on any metric"),
    ],
)
def test_the_panels_count_verdicts(further: Mapping[str, Mapping[str, float]], top: float, said: str) -> None:
    report = report_of(
        {"old": to(0.7, 3), "new": to(top, 3)}, baseline="old", further=further, trade_off=("seconds",)
    )
    chart = chart_of(report, "every_metric")
    assert chart.title.text == said
    record = record_of(report, "every-metric")
    assert record is not None
    assert record["text"] == said
    counted = [c["verdict"] for c in report.numbers["pairs"] if (c["key"], c["baseline"]) == keys(report)]
    assert len(counted) == 3
    found = report.numbers["every_metric"]
    assert (found["better"], found["worse"]) == (counted.count("better"), counted.count("worse"))


def keys(report: Report) -> tuple[str, str]:
    found = report.numbers["every_metric"]
    return found["key"], found["against"]


def test_panels_without_a_verdict_on_each_metric_keep_their_topic() -> None:
    report = report_of({"old": to(0.7, 3), "new": to(0.9, 3)}, runs=1, further=QUICK, trade_off=("seconds",))
    chart = chart_of(report, "every_metric")
    found = report.numbers["every_metric"]
    assert (chart.title.text == "The leading set-ups on every metric") is (found["reason"] is not None)
