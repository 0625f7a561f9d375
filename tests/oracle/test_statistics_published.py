"""The statistical methods against published numbers, typed in from their sources."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.analyse.statistics import half_widths, holm, moments, runs_needed, welch, welch_testable

SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
"""Student 1908: extra hours of sleep with two drugs, ten patients."""


def sleep() -> tuple[np.ndarray, np.ndarray]:
    groups = np.repeat(np.array([0, 1]), 10)
    return groups, np.array(SLEEP_1 + SLEEP_2)


def test_welch_gives_the_published_result_for_the_sleep_data() -> None:
    """Statistic -1.8608, df = 17.776, p = 0.07939, interval -3.365 to 0.205 (the worked example of R's t.test)."""
    groups, values = sleep()
    sample = moments(groups, values, 2)
    one, other = np.array([0]), np.array([1])
    result = welch(sample, one, other, welch_testable(sample, one, other))
    assert result.difference[0] == pytest.approx(0.75 - 2.33)
    assert result.difference[0] / result.error[0] == pytest.approx(-1.8608, abs=5e-5)
    assert result.df[0] == pytest.approx(17.776, abs=5e-4)
    assert result.p[0] == pytest.approx(0.07939, abs=5e-6)


def test_t_interval_gives_the_published_result_for_the_sleep_data() -> None:
    """One drug alone: mean 0.75, interval -0.5298 to 2.0298 (R's t.test of one sample)."""
    groups, values = sleep()
    sample = moments(groups, values, 2)
    half = half_widths(sample, 0.05)
    assert sample.mean[0] - half[0] == pytest.approx(-0.5297804, abs=5e-7)
    assert sample.mean[0] + half[0] == pytest.approx(2.0297804, abs=5e-7)


def test_holm_adjusts_the_textbook_example() -> None:
    """P-values 0.01, 0.04, 0.03, 0.005: the two smallest are rejected at 5 %, the others are not."""
    adjusted, alpha = holm(np.array([0.01, 0.04, 0.03, 0.005]), 4)
    assert adjusted == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert alpha == pytest.approx([0.05 / 3, 0.05 / 2, 0.05 / 2, 0.05 / 4])


def test_holm_counts_what_could_not_be_tested() -> None:
    """Two of four tested: the family stays four, and the untested have no p."""
    adjusted, alpha = holm(np.array([np.nan, 0.01, np.nan, 0.03]), 4)
    assert adjusted[[1, 3]] == pytest.approx([0.04, 0.09])
    assert alpha[[1, 3]] == pytest.approx([0.05 / 4, 0.05 / 3])
    assert np.isnan(adjusted[[0, 2]]).all()


@pytest.mark.parametrize(("effect", "runs"), [(0.8, 26), (1.0, 17), (1.2, 12)])
def test_runs_needed_gives_the_tables_of_cohen(effect: float, runs: int) -> None:
    """Cohen 1988, table 2.4.1: two-sided 5 %, power 80 %."""
    assert runs_needed(np.array([effect]), np.array([0.05])).tolist() == [runs]


def test_runs_needed_is_not_stated_above_thirty() -> None:
    """A medium effect of half a standard deviation needs sixty-four."""
    assert runs_needed(np.array([0.5, np.nan, 0.0]), np.full(3, 0.05)).tolist() == [0, 0, 0]


def test_runs_needed_never_rises_with_the_effect() -> None:
    needed = runs_needed(np.linspace(0.8, 60.0, 300), np.full(300, 1e-5))
    stated = needed[needed > 0]
    assert stated.size > 200
    assert (np.diff(stated) <= 0).all()
