"""Week by week: usual range and course from eight whole weeks on, breaks, luck and the week that still runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from reportgen.analyse import analyse
from reportgen.analyse.luck import expected_best
from reportgen.analyse.trend import moving_range_limits
from reportgen.compose import compose
from reportgen.config.settings import CompareConfig, Config
from reportgen.findings import Findings
from reportgen.runs import Run
from tests.fakes.runsets import START, make_run, make_runset

WEEK = timedelta(weeks=1)


def weekly(
    levels: Sequence[float], facts: Sequence[dict[str, Any]] | None = None, *, reference: bool = True
) -> list[Run]:
    """Each week three repeats of the baseline at that level, and of a candidate that is new each week."""
    runs, draw = list[Run](), np.random.default_rng(2)
    for week, level in enumerate(levels):
        models = ["old", f"new {week}"] if reference else [f"new {week}"]
        for model in models:
            for seed in range(3):
                value = level + (0.02 if model != "old" else 0.0) + draw.normal(0, 0.002)
                more = facts[week] if facts else {}
                params = {"model": model, "seed": seed}
                runs.append(
                    make_run(len(runs), params, {"accuracy": value}, started=START + week * WEEK, **more)
                )
    return runs


def told(
    runs: list[Run], now: datetime | None = None, same: tuple[str, ...] = (), *, baseline: bool = True
) -> tuple[Findings, str]:
    wanted = {"model": "old"} if baseline else None
    config = Config(compare=CompareConfig(baseline=wanted, same=same, importance=False))
    findings = analyse(make_runset(runs), config, now)
    report = compose(findings, config, built_at=START, version="1")
    history = next(section for section in report.sections if section.id == "history")
    said = "\n".join(s.text for s in report.sentences()).replace("\N{NO-BREAK SPACE}", " ")
    assert history
    return findings, said


def test_below_eight_weeks_nothing_is_said_about_a_trend() -> None:
    findings, said = told(weekly([0.8 + i / 50 for i in range(7)]))
    assert findings.trend.series is None
    assert "usual range" not in said
    assert "got better" not in said


def test_a_steady_rise_is_told_with_its_size() -> None:
    findings, said = told(weekly([0.70 + i / 50 for i in range(9)]))
    trend = findings.trend
    assert (trend.series, trend.periods) == ("reference", 9)
    assert trend.slope == pytest.approx(0.02, abs=0.001)
    assert trend.slope_interval is not None
    assert trend.slope_interval[0] < 0.02 < trend.slope_interval[1]
    # one digit more than elsewhere: the range would read "2.0 to 2.0"
    assert re.search(r"It got better by about 2\.0\d points a week \(between 1\.9\d and 2\.0\d\)\.", said)


def test_a_flat_series_shows_no_change_and_one_bad_week_is_outside() -> None:
    _, said = told(weekly([0.8] * 10))
    assert "old, run again in 10 weeks, never left its usual range" in said
    assert "No lasting change is shown." in said
    findings, said = told(weekly([0.8] * 6 + [0.6] + [0.8] * 5))
    assert findings.trend.outside == ("2026-W53",)
    assert "in week 53 of 2026." in said


def test_changed_data_break_the_series() -> None:
    facts: list[dict[str, Any]] = [
        {"data": {"digits": {"version": "v1" if i < 5 else "v2"}}} for i in range(10)
    ]
    findings, said = told(weekly([0.8] * 10, facts))
    assert [p.breaks for p in findings.history] == [False] * 5 + [True] + [False] * 4
    assert findings.history[5].changed == ("data",)
    assert findings.history[5].best_so_far == findings.history[5].best_mean
    assert findings.trend.series is None
    assert "Data or conditions changed in week 52 of 2026: the series starts anew there." in said


def test_new_code_is_marked_and_breaks_only_where_code_must_be_the_same() -> None:
    facts: list[dict[str, Any]] = [{"code": {"commit": f"c{i}"}} for i in range(9)]
    findings, _ = told(weekly([0.8] * 9, facts))
    assert findings.history[1].changed == ("code",)
    assert not any(p.breaks for p in findings.history)
    strict = CompareConfig(same=("code",), importance=False)
    assert any(
        p.breaks for p in analyse(make_runset(weekly([0.8] * 9, facts)), Config(compare=strict)).history
    )


def test_the_week_that_still_runs_is_so_far_and_not_judged() -> None:
    runs = weekly([0.8] * 9)
    findings, said = told(runs, START + 8 * WEEK + timedelta(days=2))
    assert [p.partial for p in findings.history] == [False] * 8 + [True]
    assert findings.trend.periods == 8
    assert "The last week was not over when this was made: its numbers are so far." in said


def test_the_rise_by_luck_is_that_of_the_largest_of_so_many_tries() -> None:
    findings, said = told(weekly([0.8] * 5, reference=False), baseline=False)
    last = findings.history[-1]
    squares = [(c.spread or 0.0) ** 2 for c in findings.configurations]
    noise = np.sqrt(np.mean(squares) / 3)
    assert last.tries == 5
    assert last.luck == pytest.approx(noise * expected_best(np.ones(5)))
    assert "With 5 tries by now, luck alone would have moved the best so far by about" in said


@pytest.mark.parametrize(
    ("count", "expected"), [(1, 0.0), (2, 0.5642), (10, 1.5388), (20, 1.8675), (100, 2.5076)]
)
def test_expected_best_is_tippetts(count: int, expected: float) -> None:
    assert expected_best(np.ones(count)) == pytest.approx(expected, abs=5e-5)


def test_limits_of_a_worked_chart_of_individuals() -> None:
    """NIST/SEMATECH e-Handbook, 6.3.2.2: mean 50.81, mean moving range 1.8778, limits 55.8041 and 45.8159."""
    flow = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
    center, low, high = moving_range_limits(flow)
    assert center == pytest.approx(50.81)
    assert (low, high) == pytest.approx((45.8159, 55.8041), abs=0.002)
