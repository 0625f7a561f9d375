"""Learning curves: aligned inside each run, never beyond its end, with the band that the number of runs allows."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from reportgen.analyse import curves
from reportgen.analyse.configurations import Group
from reportgen.analyse.curves import average, learning_curves, single_courses, smooth
from reportgen.analyse.statistics import Floats
from reportgen.errors import UnknownMetricError
from reportgen.findings import LearningCurve
from tests.fakes.runsets import TableCurves, make_run


def line(steps: list[float], values: list[float]) -> tuple[Floats, Floats]:
    return np.array(steps), np.array(values)


def curve_of(series: list[list[float]]) -> LearningCurve | None:
    runs = [make_run(n, {}, {"loss": values}) for n, values in enumerate(series)]
    table = TableCurves({(run.id, "loss"): values for run, values in zip(runs, series, strict=True)})
    group = Group("k", "a", {}, tuple(range(len(runs))))
    return next(iter(learning_curves(runs, [(group, range(len(runs)))], "loss", table).curves), None)


def test_a_run_counts_from_its_first_step_to_its_last_and_never_beyond() -> None:
    points, band = average([line([0, 2, 4], [0.0, 2.0, 4.0]), line([1, 3, 9], [3.0, 3.0, 3.0])])
    assert band == "runs"
    assert [(p.step, p.mean, p.low, p.high, p.n) for p in points] == [
        (0.0, 0.0, 0.0, 0.0, 1),
        (1.0, 2.0, 1.0, 3.0, 2),
        (2.0, 2.5, 2.0, 3.0, 2),
        (3.0, 3.0, 3.0, 3.0, 2),
        (4.0, 3.5, 3.0, 4.0, 2),
        (9.0, 3.0, 3.0, 3.0, 1),
    ]


def test_a_long_line_is_bounded() -> None:
    steps = [float(n) for n in range(5000)]
    assert len(average([line(steps, [0.5] * 5000)])[0]) == 400


def test_more_than_five_runs_have_the_t_interval_of_their_mean() -> None:
    ends = [1.0, 1.1, 0.9, 1.2, 0.8, 1.05]
    points, band = average([line([0, 1], [0.0, end]) for end in ends])
    assert band == "interval"
    sample = stats.ttest_1samp(ends, 0.0).confidence_interval(0.95)
    assert (points[-1].low, points[-1].high) == pytest.approx((sample.low, sample.high))
    assert points[0].low == points[0].high == 0.0


def test_skewed_runs_have_a_median_and_quartiles() -> None:
    ends = [1.0, 1.0, 1.1, 1.0, 1.0, 9.0]
    points, band = average([line([0, 1], [0.0, end]) for end in ends])
    assert band == "quartiles"
    assert (points[-1].mean, points[-1].low, points[-1].high) == tuple(np.percentile(ends, [50, 25, 75]))


def test_few_runs_are_kept_one_by_one_and_one_that_diverged_ends_there() -> None:
    found = curve_of([[5.0, 4.0, 3.0, 2.0, 1.0, 0.5], [5.0, 4.5, 4.0, 3.5, 3.0, math.nan]])
    assert found is not None
    assert [len(each) for each in found.lines] == [6, 5]
    assert (found.diverged, found.points[-1].n, found.points[-1].mean) == (1, 1, 0.5)


def test_a_curve_without_a_finite_value_is_none() -> None:
    assert curve_of([[math.nan] * 6, [1.0] * 6]) is None
    assert curve_of([[1.0, 2.0]]) is None


def test_a_restless_line_is_smoothed_without_a_start_at_zero() -> None:
    noise = np.random.default_rng(1).normal(5.0, 1.0, 200)
    smoothed = smooth(noise.tolist())
    assert smoothed[0] == noise[0]
    assert np.std(smoothed[50:]) < 0.5 * np.std(noise)
    assert np.mean(smoothed) == pytest.approx(5.0, abs=0.3)
    assert smooth(np.linspace(0, 1, 200).tolist()) == ()
    assert smooth([0.0, 1.0] * 10) == ()


def test_curves_may_be_drawn_over_time_or_over_another_metric() -> None:
    runs = [
        make_run(
            n, {}, {"loss": [5.0, 4.0, 3.0, 2.0, 1.0], "samples": [10.0 * (n + 1) * s for s in range(5)]}
        )
        for n in range(2)
    ]
    table = TableCurves(
        {(run.id, "loss"): [5.0, 4.0, 3.0, 2.0, 1.0] for run in runs}
        | {(run.id, "samples"): [10.0 * (n + 1) * s for s in range(5)] for n, run in enumerate(runs)}
    )
    chosen = [(Group("k", "a", {}, (0, 1)), (0, 1))]
    (over,) = learning_curves(runs, chosen, "loss", table, "samples").curves
    assert (over.over, over.points[-1].step, over.points[-1].n) == ("samples", 80.0, 1)
    assert next(p.mean for p in over.points if p.step == 40.0) == 2.0  # 1 after forty samples, and 3
    (timed,) = learning_curves(runs, chosen, "loss", table, "time").curves
    assert timed.over == "time"
    with pytest.raises(UnknownMetricError, match=r"compare\.curves_over"):
        learning_curves(runs, chosen, "loss", table, "tokens")


def test_every_run_with_enough_steps_has_a_course_unless_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    series = {0: [5.0, 4.0, 3.0, 2.0, math.nan], 1: [1.0, 2.0], 2: [float(n) for n in range(100)]}
    runs = [make_run(n, {}, {"loss": values}) for n, values in series.items()]
    table = TableCurves({(run.id, "loss"): values for run, values in zip(runs, series.values(), strict=True)})
    found = single_courses(runs, "loss", table)
    assert found[runs[0].id] == (5.0, 4.0, 3.0, 2.0)
    assert runs[1].id not in found
    assert (found[runs[2].id][0], found[runs[2].id][-1]) == (0.0, 99.0)
    monkeypatch.setattr(curves, "COURSE_RUNS", 1)
    assert single_courses(runs, "loss", table) == {}


def test_reading_the_analysis_in_loads_no_statistics_library() -> None:
    """It is 40 MB, and most reports need four functions of a smaller one."""
    code = "import reportgen.analyse, sys; sys.exit('scipy.stats' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
