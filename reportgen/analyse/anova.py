"""Full grids: sums of squares of settings and of pairs of them, by plain marginal means.

A full grid has every combination of the settings' values exactly once (one mean a configuration), so
the sums of squares do not depend on an order and add up to the total.

Source: Fisher's analysis of variance for crossed factors; for a function on a grid the shares are
Sobol's indices. Leaving one out in closed form: Allen's PRESS, 1974.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyse.features import Feature
from reportgen.analyse.statistics import Floats

Effect = tuple[int, ...]
"""Numbers of the settings that act together: one, or two."""


@dataclass(frozen=True, slots=True)
class GridModel:
    """Main effects, with or without those of pairs, fitted to a full grid."""

    effects: tuple[Effect, ...]
    fitted: Floats
    residual_df: int
    predicted: float
    """R squared for configurations left out one by one."""


def as_grid(features: Sequence[Feature], results: Floats) -> Floats | None:
    """Lay results out as a grid; None unless every combination of values occurs exactly once.

    Shape: results (configurations,); the grid has one axis a feature.
    """
    shape = tuple(feature.count for feature in features)
    if not shape or math.prod(shape) != results.size:
        return None
    place = np.ravel_multi_index([feature.levels for feature in features], shape)
    if len(np.unique(place)) != results.size:
        return None
    grid = np.empty(results.size)
    grid[place] = results
    return grid.reshape(shape)


def effects_of(grid: Floats, wanted: Sequence[Effect]) -> dict[Effect, Floats]:
    """Give each effect as deviations, broadcastable to the grid; those of pairs are beyond the main ones."""
    axes = range(grid.ndim)
    mean = grid.mean()
    found: dict[Effect, Floats] = {}
    for effect in sorted(wanted, key=len):
        rest = tuple(axis for axis in axes if axis not in effect)
        margin = np.asarray(grid.mean(axis=rest, keepdims=True) if rest else grid) - mean
        for smaller in itertools.combinations(effect, len(effect) - 1):
            if smaller:
                margin = margin - (found[smaller] if smaller in found else _main(grid, smaller))
        found[effect] = margin
    return found


def _main(grid: Floats, effect: Effect) -> Floats:
    rest = tuple(axis for axis in range(grid.ndim) if axis not in effect)
    return np.asarray(grid.mean(axis=rest, keepdims=True) - grid.mean())


def sums_of_squares(grid: Floats, wanted: Sequence[Effect]) -> dict[Effect, float]:
    """Give each effect's sum of squares over the whole grid."""
    return {
        effect: float(np.sum(margin**2)) * grid.size / margin.size
        for effect, margin in effects_of(grid, wanted).items()
    }


def degrees_of_freedom(shape: Sequence[int], effect: Effect) -> int:
    """Count an effect's degrees of freedom."""
    return math.prod(shape[axis] - 1 for axis in effect)


def fit_grid(grid: Floats) -> GridModel:
    """Fit main effects alone, and from three settings on also pairs; keep what predicts better."""
    mains = [(axis,) for axis in range(grid.ndim)]
    models = [_fit(grid, mains)]
    if grid.ndim > 2:
        models.append(_fit(grid, [*mains, *itertools.combinations(range(grid.ndim), 2)]))
    return max(models, key=lambda model: model.predicted)


def _fit(grid: Floats, effects: Sequence[Effect]) -> GridModel:
    fitted = np.full(grid.shape, grid.mean())
    for margin in effects_of(grid, effects).values():
        fitted = fitted + margin
    used = 1 + sum(degrees_of_freedom(grid.shape, effect) for effect in effects)
    residual_df = grid.size - used
    total = float(np.sum((grid - grid.mean()) ** 2))
    if residual_df < 1 or total == 0.0:
        return GridModel(tuple(effects), fitted, residual_df, -math.inf)
    # A grid gives every configuration the same leverage, used / size; the plain mean has 1 / size.
    left_out = float(np.sum((grid - fitted) ** 2)) / (1.0 - used / grid.size) ** 2
    plain = total / (1.0 - 1.0 / grid.size) ** 2
    return GridModel(tuple(effects), fitted, residual_df, 1.0 - left_out / plain)


def shares(grid: Floats, model: GridModel, noise: float) -> Mapping[Effect, float]:
    """Give each effect's share of the variance, less what *noise* alone (a variance) would put there."""
    total = float(np.sum((grid - grid.mean()) ** 2))
    squares = sums_of_squares(grid, model.effects)
    return {
        effect: max(0.0, square - degrees_of_freedom(grid.shape, effect) * noise) / total
        for effect, square in squares.items()
    }


def noise_of(grid: Floats, model: GridModel) -> float:
    """Estimate the variance that the model leaves unexplained."""
    return float(np.sum((grid - model.fitted) ** 2)) / model.residual_df


def resampled_shares(
    grid: Floats, model: GridModel, times: int, draw: np.random.Generator
) -> list[Mapping[Effect, float]]:
    """Give the shares in grids made of the fit and of residuals drawn again (scaled to their true size)."""
    residuals = (grid - model.fitted).ravel() * math.sqrt(grid.size / model.residual_df)
    noise = noise_of(grid, model)
    found = []
    for _ in range(times):
        again = model.fitted + draw.choice(residuals, grid.size).reshape(grid.shape)
        found.append(shares(again, model, 2.0 * noise))  # the fit's own noise and the new one
    return found
