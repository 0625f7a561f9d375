"""Lines over the weeks: what does not compare is not joined."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import Chart, Paragraph, Report, Table
from reportgen.findings import Trend
from tests.fakes.findings import digits
from tests.fakes.setups import START


def chart_of(breaks: frozenset[int] = frozenset(), *, mixed_data: tuple[str, ...] = ()) -> Chart:
    made = digits()
    made = replace(made, quality=replace(made.quality, mixed_data=mixed_data))
    weeks = tuple(replace(week, breaks=place in breaks) for place, week in enumerate(made.history))
    report = compose(replace(made, history=weeks), Config(), built_at=START, version="1")
    return next(b for b in report.blocks() if isinstance(b, Chart) and b.id == "weeks_chart")


def test_weeks_that_compare_are_one_line_each() -> None:
    series = chart_of().series
    assert [(one.label, one.style, len(one.points)) for one in series] == [
        ("Best of the week", "plain", 4),
        ("Best so far", "steps", 4),
    ]


def test_the_set_up_in_use_has_a_line_where_it_was_run_again_and_limits_and_target_have_theirs() -> None:
    made = digits()
    weeks = tuple(replace(week, reference=0.9 + n / 1000) for n, week in enumerate(made.history))
    trend = Trend(series="reference", periods=8, low=0.88, high=0.93, center=0.9)
    metric = replace(made.metrics[made.primary or ""], target=0.97)
    found = replace(
        made,
        history=weeks,
        trend=trend,
        metrics={**made.metrics, metric.name: metric},
        quality=replace(made.quality, mixed_data=()),
    )
    report = compose(found, Config(), built_at=START, version="1")
    chart = next(b for b in report.blocks() if isinstance(b, Chart) and b.id == "weeks_chart")
    again = chart.series[-1]
    assert (again.label, again.tone, again.style) == ("logreg", "baseline", "plain")
    assert [point.y for point in again.points] == [week.reference for week in weeks]
    assert [(line.value, line.tone) for line in chart.references] == [
        (0.97, "good"),
        (0.88, "neutral"),
        (0.93, "neutral"),
    ]
    assert re.fullmatch(r"Best Accuracy by week: \d\d\.\d\N{NO-BREAK SPACE}% so far", chart.title.text)


def test_a_break_parts_the_lines_and_the_last_stretch_has_the_name() -> None:
    series = chart_of(frozenset({2})).series
    assert [(one.label, one.style, len(one.points)) for one in series] == [
        ("", "plain", 2),
        ("Best of the week", "plain", 2),
        ("", "steps", 2),
        ("Best so far", "steps", 2),
    ]
    assert {one.tone for one in series if one.style == "plain"} == {"focus"}


def told(report: Report) -> str:
    section = next(section for section in report.sections if section.id == "history")
    return " ".join(block.sentence.text for block in section.blocks if isinstance(block, Paragraph))


def test_weeks_are_said_in_words_wherever_they_stand() -> None:
    made = digits()
    weeks = tuple(
        replace(week, breaks=place == 1, partial=place == 3) for place, week in enumerate(made.history)
    )
    trend = Trend("best", 4, center=0.965, low=0.96, high=0.97, outside=("2026-W44", "2026-W46"))
    report = compose(replace(made, history=weeks, trend=trend), Config(), built_at=START, version="1")
    table = next(b for b in report.blocks() if isinstance(b, Table) and b.id == "weeks")
    assert [row.cells[0] for row in table.rows] == [
        "week 43 of 2026",
        "week 44 of 2026",
        "week 45 of 2026",
        "week 46 of 2026, so far",
    ]
    assert "Data or conditions changed in week 44 of 2026:" in told(report)
    assert "in week 44 of 2026 and week 46 of 2026." in told(report)


@pytest.mark.parametrize(
    ("breaks", "mixed_data", "title"),
    [
        (frozenset(), (), r"Best Accuracy by week: .* so far"),
        (frozenset({2}), (), "Best Accuracy by week"),
        (frozenset(), ("train",), "Best Accuracy by week"),
    ],
)
def test_the_best_so_far_is_not_told_of_weeks_that_do_not_compare(
    breaks: frozenset[int], mixed_data: tuple[str, ...], title: str
) -> None:
    assert re.fullmatch(title, chart_of(breaks, mixed_data=mixed_data).title.text)


def test_a_usual_range_without_width_is_not_told_by_two_equal_ends() -> None:
    made = digits()
    trend = Trend("best", 4, center=0.965, low=0.965, high=0.9650001, outside=("2026-W44",))
    said = told(compose(replace(made, trend=trend), Config(), built_at=START, version="1"))
    assert "over 4 weeks, left its usual range in week 44 of 2026." in said.replace("\N{NO-BREAK SPACE}", " ")
