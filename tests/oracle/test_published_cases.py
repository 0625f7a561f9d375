"""Published cases, recomputed by the methods of this package to the digits that their sources print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from reportgen.analyse.luck import Shrinkage, expected_best, shrink
from reportgen.analyse.results import Results, beats, collect, pair_by_seed, pairings_won
from reportgen.analyse.statistics import (
    Differences,
    _power,
    benjamini_hochberg,
    holm,
    runs_needed,
    t_multiplier,
    welch,
    wilson,
    within_pairs,
)
from tests.oracle import published as given

FIRST, SECOND, YES = np.array([0]), np.array([1]), np.array([True])


def results(*groups: Sequence[float]) -> Results:
    values = np.concatenate([np.asarray(group, dtype=np.float64) for group in groups])
    group = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return collect(np.arange(len(values)), group, values, len(groups), None)


def unpaired(first: Sequence[float], second: Sequence[float]) -> Differences:
    return welch(results(first, second).moments(), FIRST, SECOND, YES)


def paired(first: Sequence[float], second: Sequence[float]) -> Differences:
    seeds = np.tile(np.arange(len(first)), 2)
    return within_pairs(pair_by_seed(replace(results(first, second), seeds=seeds), FIRST, SECOND), YES)


def interval(found: Differences) -> tuple[float, float]:
    half = float(t_multiplier(0.05, found.df)[0] * found.error[0])
    return float(found.difference[0]) - half, float(found.difference[0]) + half


def test_student_sleep_in_pairs() -> None:
    """Statistic -4.0621, df 9, p 0.002833, interval -2.4598858 to -0.7001142 (R, t.test, paired)."""
    found = paired(given.SLEEP_1, given.SLEEP_2)
    assert found.difference[0] / found.error[0] == pytest.approx(-4.0621, abs=5e-5)
    assert found.df[0] == 9
    assert found.p[0] == pytest.approx(0.002833, abs=5e-7)
    assert interval(found) == pytest.approx((-2.4598858, -0.7001142), abs=5e-8)


def test_darwin_maize_in_pairs() -> None:
    """Mean gap 20.933 eighths of an inch, t 2.148, p just under 5 % (Fisher 1935); interval 0.0039 to 5.2294."""
    found = paired(given.MAIZE_CROSSED, given.MAIZE_SELFED)
    assert found.difference[0] * 8 == pytest.approx(20.933, abs=5e-4)
    assert found.difference[0] / found.error[0] == pytest.approx(2.148, abs=5e-4)
    assert found.p[0] == pytest.approx(0.0497, abs=5e-5)
    assert interval(found) == pytest.approx((0.0039, 5.2294), abs=5e-5)


def test_cars_by_transmission() -> None:
    """Statistic -3.7671, df 18.332, p 0.001374, interval -11.280194 to -3.209684 (R, t.test)."""
    found = unpaired(given.CARS_AUTOMATIC, given.CARS_MANUAL)
    assert found.difference[0] / found.error[0] == pytest.approx(-3.7671, abs=5e-5)
    assert found.df[0] == pytest.approx(18.332, abs=5e-4)
    assert found.p[0] == pytest.approx(0.001374, abs=5e-7)
    assert interval(found) == pytest.approx((-11.280194, -3.209684), abs=5e-7)


def test_tooth_growth() -> None:
    """Statistic 1.9153, df 55.309, p 0.06063, interval -0.1710156 to 7.5710156 (R, t.test)."""
    found = unpaired(given.TOOTH_JUICE, given.TOOTH_ACID)
    assert found.difference[0] / found.error[0] == pytest.approx(1.9153, abs=5e-5)
    assert found.df[0] == pytest.approx(55.309, abs=5e-4)
    assert found.p[0] == pytest.approx(0.06063, abs=5e-6)
    assert interval(found) == pytest.approx((-0.1710156, 7.5710156), abs=5e-8)


def test_plant_growth() -> None:
    """Statistic 1.1913, df 16.524, p 0.2504, interval -0.2875162 to 1.0295162 (R, t.test)."""
    found = unpaired(given.PLANTS_CONTROL, given.PLANTS_TREATED)
    assert found.difference[0] / found.error[0] == pytest.approx(1.1913, abs=5e-5)
    assert found.df[0] == pytest.approx(16.524, abs=5e-4)
    assert found.p[0] == pytest.approx(0.2504, abs=5e-5)
    assert interval(found) == pytest.approx((-0.2875162, 1.0295162), abs=5e-8)


def test_the_nile_before_and_after_1898() -> None:
    """Means 1097.75 and 849.97 (Cobb 1978: 1098 and 850), overall 919.35 with standard deviation 169.23."""
    before_after = results(given.NILE[:28], given.NILE[28:]).moments()
    assert before_after.mean == pytest.approx([1097.75, 849.97], abs=5e-3)
    whole = results(given.NILE).moments()
    assert whole.mean[0] == pytest.approx(919.35, abs=5e-7)
    assert whole.spread[0] == pytest.approx(169.23, abs=5e-3)


def test_pairings_of_hollander_and_wolfe() -> None:
    """W = 35 of 50 (R, wilcox.test); no ties."""
    found = results(given.MEMBRANE_TERM, given.MEMBRANE_EARLY)
    assert pairings_won(found, 1.0, FIRST, SECOND)[0] == 35
    share, _ = beats(found, 1.0, np.array([0, 0]), FIRST, SECOND)
    assert share[0] == pytest.approx(0.7)


def test_pairings_with_ties() -> None:
    """W = 42 for the cars (R, wilcox.test of mtcars); turned round it is the rest of all 19 times 13."""
    found = results(given.CARS_AUTOMATIC, given.CARS_MANUAL)
    assert pairings_won(found, 1.0, FIRST, SECOND)[0] == 42
    assert pairings_won(found, 1.0, SECOND, FIRST)[0] == 19 * 13 - 42


def test_benjamini_and_hochberg() -> None:
    """Their procedure rejects four of fifteen at 5 %, Bonferroni's three."""
    p = np.array(given.HEART_P)
    adjusted = benjamini_hochberg(p, 15)
    assert (adjusted <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert (p * 15 <= 0.05).sum() == 3


def test_holm_on_the_same_p_values() -> None:
    """Three, like Bonferroni (Benjamini and Hochberg 1995 on Hochberg's procedure, which rejects as many)."""
    adjusted, _ = holm(np.array(given.HEART_P), 15)
    assert (adjusted <= 0.05).sum() == 3
    assert adjusted[:3] == pytest.approx([0.0015, 0.0056, 0.0247])


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_of_newcombe(successes: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, Two-sided confidence intervals for the single proportion, table I, method 3."""
    found = wilson(np.array([float(successes)]), np.array([float(n)]))
    assert (found[0][0], found[1][0]) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("count", "mean"),
    [(2, 0.56419), (3, 0.84628), (4, 1.02938), (5, 1.16296), (10, 1.53875), (20, 1.86748), (50, 2.24907), (100, 2.50759)],
)  # fmt: skip
def test_means_of_the_largest_of_normal_values(count: int, mean: float) -> None:
    """Harter 1961, Expected values of normal order statistics, table 1."""
    assert expected_best(np.ones(count)) == pytest.approx(mean, abs=5e-6)
    assert expected_best(np.full(count, 0.3)) == pytest.approx(0.3 * mean, abs=5e-6)


def test_the_largest_of_two_unequal_normal_values() -> None:
    """Clark 1961: of two values around zero, sqrt((a2 + b2) / 2 pi); here of 3 and 4."""
    assert expected_best(np.array([3.0, 4.0])) == pytest.approx(5.0 / np.sqrt(2.0 * np.pi), abs=1e-5)


def shrunken(groups: Sequence[Sequence[float]]) -> Shrinkage:
    return shrink(results(*groups).moments(), np.ones(len(groups), dtype=np.bool_))


def test_rails_drawn_towards_their_average() -> None:
    """Pinheiro and Bates 2000, sec. 1.1: 66.5, 24.80547 and 4.020779; predictors as R's nlme prints them."""
    found = shrunken(given.RAILS)
    assert found.average == pytest.approx(66.5, abs=1e-9)
    assert found.between == pytest.approx(24.80547, abs=5e-6)
    assert found.within == pytest.approx(4.020779, abs=5e-7)
    wanted = [-12.39148, -34.53091, 18.00894, 29.24388, -16.35675, 16.02631]
    assert found.means - found.average == pytest.approx(wanted, abs=5e-6)


def test_batches_of_dyestuff_drawn_towards_their_average() -> None:
    """Bates et al. 2015 (lme4), restricted likelihood: 1527.50, 42.001 and 49.510, and the predictors."""
    found = shrunken(given.DYESTUFF)
    assert found.average == pytest.approx(1527.50, abs=5e-3)
    assert found.between == pytest.approx(42.001, abs=5e-4)
    assert found.within == pytest.approx(49.510, abs=5e-4)
    wanted = [-17.60685, 0.39126, 28.56223, -23.08454, 56.73319, -44.99529]
    assert found.means - found.average == pytest.approx(wanted, abs=5e-6)


def test_power_of_twenty_a_side() -> None:
    """R, power.t.test(n = 20, delta = 1): power = 0.8689528."""
    found = _power(np.array([1.0]), np.array([20]), np.array([0.05]), None)
    assert found[0] == pytest.approx(0.8689528, abs=5e-8)


@pytest.mark.parametrize(("effect", "pairs"), [(0.8, 15), (1.0, 10), (1.5, 6)])
def test_pairs_needed(effect: float, pairs: int) -> None:
    """Cohen 1988 by the exact formula: R, power.t.test(type = "paired"), 14.30, 9.94 and 5.8 rounded up."""
    assert runs_needed(np.array([effect]), np.array([0.05]), YES).tolist() == [pairs]


@pytest.mark.parametrize(("df", "multiplier"), [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (19, 2.093)])
def test_student_table(df: int, multiplier: float) -> None:
    """Fisher 1925, Statistical Methods for Research Workers, table IV, at 5 %."""
    assert t_multiplier(0.05, np.array([float(df)]))[0] == pytest.approx(multiplier, abs=5e-4)
