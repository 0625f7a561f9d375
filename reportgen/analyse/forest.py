"""Any other set of configurations: a random forest, and what it loses when a setting is shuffled.

The only module that imports scikit-learn. As a script (`growing` runs it) it reads on stdin what forests are
grown on, and writes on stdout what they found; it needs numpy and scikit-learn, and nothing else of ours.

Source: Breiman 2001, Random forests; grouped permutation after Gregorutti, Michel, Saint-Pierre 2015.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:  # the script does without the package
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


class Plan(NamedTuple):
    """How forests are grown; of plain values."""

    seed: int
    """Of the first forest."""
    draws: Mapping[str, Any]
    """State of the generator that draws all that follows."""
    least: float
    """Share of the differences that must be predicted (R squared), else there are no resamples."""
    resamples: int


class Ground(NamedTuple):
    """What forests are grown on."""

    plan: Plan
    matrix: Floats
    """Shape: (configurations, columns)."""
    results: Floats
    """Shape: (configurations,)."""
    widths: Integers
    """Columns of each setting, which stand side by side. Shape: (settings,)."""


class Grown(NamedTuple):
    """What forests found."""

    predicted: float
    """R squared for rows left out."""
    losses: Floats
    """What shuffling a setting loses. Shape: (resamples, settings); no rows where too little is predicted."""


def grow(ground: Ground) -> Grown:
    """Grow a forest, and if it predicts enough, one on each resample."""
    plan, matrix, results, widths = ground
    predicted = out_of_bag_r2(matrix, results, plan.seed)
    if not predicted >= plan.least:
        return Grown(predicted, np.zeros((0, len(widths))))
    draw = np.random.default_rng()
    draw.bit_generator.state = dict(plan.draws)
    columns = np.split(np.arange(matrix.shape[1]), np.cumsum(widths)[:-1])
    return Grown(predicted, resampled_losses(matrix, results, columns, plan.resamples, draw))


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


def pack(grounds: Iterable[Ground]) -> bytes:
    """Write what forests are grown on: a line of JSON, then the arrays as NumPy writes them."""
    grounds = tuple(grounds)
    told = json.dumps([ground.plan for ground in grounds]).encode()
    return told + b"\n" + _written(array for ground in grounds for array in ground[1:])


def unpack(data: bytes) -> tuple[Ground, ...]:
    """Read what `pack` wrote."""
    told, _, rest = data.partition(b"\n")
    plans, arrays = json.loads(told), io.BytesIO(rest)
    return tuple(Ground(Plan(*plan), *(_read(arrays) for _ in range(3))) for plan in plans)


def pack_grown(grown: Iterable[Grown]) -> bytes:
    """Write what forests found, bit for bit."""
    return _written(array for found in grown for array in (np.float64(found.predicted), found.losses))


def unpack_grown(data: bytes, grounds: Sequence[Ground]) -> list[Grown]:
    """Read what `pack_grown` wrote.

    Raises:
        ValueError: It is something else, or not all of what was asked.
    """
    stream = io.BytesIO(data)
    try:
        found = [Grown(float(_read(stream)), _read(stream)) for _ in grounds]
    except (OSError, EOFError, TypeError) as error:
        raise ValueError("that is no answer") from error
    for (predicted, losses), (plan, *_, widths) in zip(found, grounds, strict=True):
        rows = plan.resamples if predicted >= plan.least else 0
        if losses.shape != (rows, len(widths)) or losses.dtype != np.float64:
            raise ValueError("that is another question's answer")
    if stream.read(1):
        raise ValueError("there is more than the answer")
    return found


def _written(arrays: Iterable[Any]) -> bytes:
    stream = io.BytesIO()
    for array in arrays:
        np.save(stream, array, allow_pickle=False)
    return stream.getvalue()


def _read(stream: io.BytesIO) -> Any:
    return np.load(stream, allow_pickle=False)


class _NoPandas:
    """Makes pandas look as if it were not installed.

    scikit-learn loads it, a quarter of its memory and time, only to recognise frames. In a process of our
    own there are none; in one that we share, whoever needs pandas would go without.
    """

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        """Refuse pandas, and leave all else to others."""
        del path, target
        if name == "pandas":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def main() -> None:
    """Answer what stands on stdin."""
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)  # what a library prints is no answer
        sys.meta_path.insert(0, _NoPandas)
        answer.write(pack_grown(grow(ground) for ground in unpack(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
