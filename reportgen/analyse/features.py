"""The settings of configurations as columns that a model can be fitted to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyse.statistics import Floats, Integers
from reportgen.analyse.values import ABSENT, Canonical

LOG_RATIO = 100.0
"""Largest over smallest value from which a positive number was probably sampled in logarithms."""
MAX_LEVELS = 50
"""Values of a text setting that are told apart; the rarer ones count as one."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One parameter over the configurations."""

    name: str
    levels: Integers
    """Which of its distinct values each configuration has. Shape: (configurations,)."""
    count: int
    """Number of distinct values."""
    numbers: Floats | None
    """The values themselves, where all are finite numbers. Shape: (configurations,)."""
    along: tuple[str, ...] = ()
    """Parameters that change exactly with it."""

    @property
    def ends(self) -> tuple[float, float] | tuple[None, None]:
        """Smallest and largest value tried, of numbers."""
        if self.numbers is None:
            return None, None
        return float(self.numbers.min()), float(self.numbers.max())

    def columns(self) -> Floats:
        """Write it out for a model: one column of numbers, or one for each value of a text.

        Shape: (configurations, columns).
        """
        if self.numbers is not None:
            low, high = self.numbers.min(), self.numbers.max()
            wide = low > 0 and high / low >= LOG_RATIO
            return np.asarray(np.log(self.numbers) if wide else self.numbers)[:, np.newaxis]
        if self.count == 2:
            return self.levels.astype(np.float64)[:, np.newaxis]
        times = np.bincount(self.levels, minlength=self.count)
        told_apart = np.argsort(-times, kind="stable")[:MAX_LEVELS]
        return np.asarray(self.levels[:, np.newaxis] == told_apart[np.newaxis, :], dtype=np.float64)


def make_features(names: Sequence[str], values: Mapping[str, Sequence[Canonical]]) -> tuple[Feature, ...]:
    """Turn parameters into features; constant ones are dropped, those that change together are merged.

    Args:
        names: The parameters, in their order.
        values: For each name, one value a configuration.
    """
    found: list[Feature] = []
    for name in names:
        feature = _feature(name, values[name])
        if feature.count < 2:
            continue
        same = next((place for place, other in enumerate(found) if _together(other, feature)), None)
        if same is None:
            found.append(feature)
        else:
            found[same] = replace(found[same], along=(*found[same].along, name))
    return tuple(found)


def _together(first: Feature, second: Feature) -> bool:
    """Tell whether two features change exactly together.

    Where every configuration has a value of its own in both, any two settings would: numbers then count
    only if they rise and fall together.
    """
    if first.count != second.count or not np.array_equal(first.levels, second.levels):
        return False
    if first.count < len(first.levels):
        return True
    if first.numbers is None or second.numbers is None:
        return False
    order = np.argsort(first.numbers, kind="stable")
    steps = np.diff(second.numbers[order])
    return bool((steps > 0).all() or (steps < 0).all())


def _feature(name: str, column: Sequence[Canonical]) -> Feature:
    """Number the values in the order in which they occur, so that equal partitions have equal levels."""
    numbering: dict[Canonical, int] = {}
    levels = np.array([numbering.setdefault(value, len(numbering)) for value in column], dtype=np.int64)
    numbers = [_finite(value) for value in numbering]
    as_numbers = None
    if all(number is not None for number in numbers):
        as_numbers = np.array(numbers, dtype=np.float64)[levels]
    return Feature(name, levels, len(numbering), as_numbers)


def _finite(value: Canonical) -> float | None:
    kind, content = value
    if kind != "number" or isinstance(content, str):
        return None
    try:
        number = float(content)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def matrix_of(features: Sequence[Feature]) -> tuple[Floats, Integers]:
    """Write features side by side, and say how many columns each has.

    Shape: (configurations, columns), (features,).
    """
    blocks = [feature.columns() for feature in features]
    return np.hstack(blocks), np.array([block.shape[1] for block in blocks], dtype=np.int64)


def applies_everywhere(column: Sequence[Canonical]) -> bool:
    """Tell whether every configuration has the parameter."""
    return ABSENT not in column
