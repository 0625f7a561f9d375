"""The points of a line, as many and in such places as a chart needs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from reportgen.document import Point, Series

MAX_POINTS: Final = 200
"""Of one line; more are thinned."""


def thin(points: Sequence[Point], limit: int = MAX_POINTS) -> tuple[Point, ...]:
    """Take at most *limit* points: both ends, and the lowest and highest of every stretch between."""
    if len(points) <= limit:
        return tuple(points)
    buckets = (limit - 2) // 2
    inner = range(1, len(points) - 1)
    kept = {0, len(points) - 1}
    for bucket in range(buckets):
        stretch = inner[bucket * len(inner) // buckets : (bucket + 1) * len(inner) // buckets]
        kept.add(min(stretch, key=lambda index: points[index].y))
        kept.add(max(stretch, key=lambda index: points[index].y))
    return tuple(points[index] for index in sorted(kept))


def corners(points: tuple[Point, ...], series: Series) -> tuple[Point, ...]:
    """Give the corners of a line that goes in steps; a native chart joins points straight."""
    if series.style != "steps":
        return points
    pairs = [(Point(after.x, before.y), after) for before, after in pairwise(points)]
    return (*points[:1], *(point for pair in pairs for point in pair))
