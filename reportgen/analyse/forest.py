"""Any other set of configurations: a random forest, and what it loses when a setting is shuffled.

The only module that imports scikit-learn; it is loaded when a forest is grown, and not before.

Source: Breiman 2001, Random forests; grouped permutation after Gregorutti, Michel, Saint-Pierre 2015.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.analyse.features import Feature
from reportgen.analyse.statistics import Floats, Integers

TREES = 200
RESAMPLED_TREES = 40
TREE_ROWS = 1000
RESAMPLED_ROWS = 400
"""Configurations that a tree of a resample sees at most: the order of the settings needs no more."""
MANY_SETTINGS = 12
"""Columns from which a tree looks at a third of them for each split, as its inventor advises."""
SHUFFLED_ROWS = 12_000
"""Rows predicted for one resample, all settings together."""


def matrix_of(features: Sequence[Feature]) -> tuple[Floats, list[Integers]]:
    """Write features side by side, and say which columns belong to each.

    Shape: (configurations, columns); the columns of a text setting are shuffled together.
    """
    blocks = [feature.columns() for feature in features]
    ends = np.cumsum([block.shape[1] for block in blocks])
    columns = [np.arange(end - block.shape[1], end) for block, end in zip(blocks, ends, strict=True)]
    return np.hstack(blocks), columns


def out_of_bag_r2(matrix: Floats, results: Floats, seed: int) -> float:
    """Give R squared of a forest's predictions, each by the trees that have not seen the row."""
    from sklearn.ensemble import RandomForestRegressor

    forest = RandomForestRegressor(
        TREES,
        oob_score=True,
        max_samples=min(len(results), TREE_ROWS),
        max_features=_columns_a_split(matrix),
        random_state=seed,
    )
    forest.fit(matrix, results)
    return float(forest.oob_score_)


def resampled_losses(
    matrix: Floats, results: Floats, columns: Sequence[Integers], times: int, draw: np.random.Generator
) -> Floats:
    """Grow a forest on each resample, and measure on the rows left out what shuffling each setting loses.

    Rows that were drawn are never measured on: a forest remembers them.

    Shape: (resamples, settings), in squared units of the results.
    """
    from sklearn.ensemble import RandomForestRegressor

    count = len(results)
    losses = np.zeros((times, len(columns)))
    for number in range(times):
        drawn = draw.integers(0, count, count)
        outside = np.setdiff1d(np.arange(count), drawn)
        most = max(20, SHUFFLED_ROWS // (len(columns) + 1))
        if outside.size > most:
            outside = draw.choice(outside, most, replace=False)
        forest = RandomForestRegressor(
            RESAMPLED_TREES,
            max_samples=min(count, RESAMPLED_ROWS),
            max_features=_columns_a_split(matrix),
            random_state=int(draw.integers(2**31)),
        )
        forest.fit(matrix[drawn], results[drawn])
        predicted = forest.predict(shuffled(matrix[outside], columns, draw))
        errors = ((predicted.reshape(len(columns) + 1, -1) - results[outside]) ** 2).mean(axis=1)
        losses[number] = errors[1:] - errors[0]
    return losses


def _columns_a_split(matrix: Floats) -> float:
    return 1.0 if matrix.shape[1] < MANY_SETTINGS else 1.0 / 3.0


def shuffled(rows: Floats, columns: Sequence[Integers], draw: np.random.Generator) -> Floats:
    """Stack the rows as they are, then once a setting with its columns shuffled."""
    stacked = [rows]
    for own in columns:
        changed = rows.copy()
        changed[:, own] = rows[np.ix_(draw.permutation(len(rows)), own)]
        stacked.append(changed)
    return np.vstack(stacked)
