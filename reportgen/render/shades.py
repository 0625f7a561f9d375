"""Tables of shades: how dark a cell is, the better the darker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

DARKEST: Final = 0.4
"""Share of the focus colour in the best cell: its number can still be read."""


def strength(share: float) -> float:
    """Give the share of the focus colour in a cell that lies so far between worst and best; even the worst has some."""
    return DARKEST * (0.1 + 0.9 * share)


def share_of(
    value: float | None, numbers: Sequence[float], goal: Literal["maximize", "minimize"]
) -> float | None:
    """Place a number between the worst (0) and the best (1) of its table; None without one, or where all are equal."""
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    if value is None or low == high:
        return None
    share = (value - low) / (high - low)
    return share if goal == "maximize" else 1.0 - share
