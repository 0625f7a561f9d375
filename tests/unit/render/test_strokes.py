"""A line that is thinned keeps what a reader looks for: its ends and its extremes."""

from __future__ import annotations

import math

from reportgen.document import Point
from reportgen.render.strokes import MAX_POINTS, thin


def test_thinning_keeps_ends_and_extremes() -> None:
    points = [Point(float(i), math.sin(i / 50)) for i in range(10_000)]
    points[777] = Point(777.0, 99.0)
    points[4_321] = Point(4_321.0, -99.0)
    kept = thin(points)
    assert len(kept) <= MAX_POINTS
    assert {points[0], points[-1], points[777], points[4_321]} <= set(kept)
    assert list(kept) == sorted(kept, key=lambda point: point.x)


def test_few_points_are_not_thinned() -> None:
    points = [Point(float(i)) for i in range(MAX_POINTS)]
    assert thin(points) == tuple(points)
