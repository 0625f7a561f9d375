"""What settings share of the differences, against published figures and a plain regression."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from reportgen.analyse.anova import as_grid, fit_grid, noise_of, shares, sums_of_squares
from reportgen.analyse.features import make_features
from reportgen.analyse.forest import shuffled

ISHIGAMI_FIRST = (0.3139, 0.4424, 0.0)
ISHIGAMI_TOTAL = (0.5576, 0.4424, 0.2437)
"""Sobol's indices of Ishigami's function with a = 7, b = 0.1 (Ishigami and Homma 1990; to four digits in
Saltelli et al. 2008, Global Sensitivity Analysis)."""


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def test_shares_on_a_grid_are_the_published_indices_of_ishigamis_function() -> None:
    levels = (16, 16, 96)
    axes = [(np.arange(n) + 0.5) / n * 2.0 * np.pi - np.pi for n in levels]
    grid = ishigami(np.array(list(itertools.product(*axes)))).reshape(levels)
    model = fit_grid(grid)
    found = shares(grid, model, noise_of(grid, model))
    assert [found[(axis,)] for axis in range(3)] == pytest.approx(ISHIGAMI_FIRST, abs=3e-4)
    assert found[(0, 2)] == pytest.approx(0.2437, abs=3e-4)
    assert found[(0, 1)] == pytest.approx(0.0, abs=1e-6)


def test_shuffling_a_setting_loses_twice_its_published_total_index() -> None:
    """With the function itself as the model: the loss is 2 Var S_T, the identity that forests approach."""
    draw = np.random.default_rng(1)
    x = draw.uniform(-np.pi, np.pi, (200_000, 3))
    y = ishigami(x)
    stacked = shuffled(x, [np.array([i]) for i in range(3)], draw)
    errors = ((ishigami(stacked).reshape(4, -1) - y) ** 2).mean(axis=1)
    assert errors[0] == 0.0
    assert errors[1:] / (2.0 * y.var()) == pytest.approx(ISHIGAMI_TOTAL, abs=0.006)


def test_sums_of_squares_of_a_published_factorial() -> None:
    """Box, Hunter and Hunter 1978, ch. 10, pilot plant: temperature, concentration, catalyst; yields in grams.

    Printed effects: temperature 23, concentration -5, catalyst 1.5, temperature with catalyst 10; the sum
    of squares of an effect in a 2^3 design is twice its square.
    """
    yields = {
        (160, 20, "A"): 60.0,
        (180, 20, "A"): 72.0,
        (160, 40, "A"): 54.0,
        (180, 40, "A"): 68.0,
        (160, 20, "B"): 52.0,
        (180, 20, "B"): 83.0,
        (160, 40, "B"): 45.0,
        (180, 40, "B"): 80.0,
    }
    names = ("temperature", "concentration", "catalyst")
    values = {name: [("text", str(key[place])) for key in yields] for place, name in enumerate(names)}
    features = make_features(names, values)
    grid = as_grid(features, np.array(list(yields.values())))
    assert grid is not None
    wanted = [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2)]
    found = sums_of_squares(grid, wanted)
    effects = {(0,): 23.0, (1,): -5.0, (2,): 1.5, (0, 1): 1.5, (0, 2): 10.0, (1, 2): 0.0}
    for effect, size in effects.items():
        assert found[effect] == pytest.approx(2.0 * size**2)


def test_leaving_one_out_in_closed_form_is_leaving_one_out() -> None:
    """The stated R squared against 24 regressions, each without one configuration."""
    draw = np.random.default_rng(3)
    shape = (2, 3, 4)
    grid = draw.normal(size=shape) + np.arange(4) * 0.7
    places = np.array(list(np.ndindex(*shape)))
    design = [np.ones(24)]
    for axis, count in enumerate(shape):
        design += [(places[:, axis] == level).astype(float) for level in range(1, count)]
    additive, y = np.stack(design, axis=1), grid.ravel()
    pairs = [
        (places[:, a] == i) * (places[:, b] == j) * 1.0
        for a, b in itertools.combinations(range(3), 2)
        for i in range(1, shape[a])
        for j in range(1, shape[b])
    ]
    expected = max(_left_out(additive, y), _left_out(np.hstack([additive, np.stack(pairs, axis=1)]), y))
    assert fit_grid(grid).predicted == pytest.approx(expected)


def _left_out(design: np.ndarray, y: np.ndarray) -> float:
    missed, plain = 0.0, 0.0
    for row in range(len(y)):
        rest = np.arange(len(y)) != row
        solved = np.linalg.lstsq(design[rest], y[rest], rcond=None)[0]
        missed += (y[row] - design[row] @ solved) ** 2
        plain += (y[row] - y[rest].mean()) ** 2
    return float(1.0 - missed / plain)
