"""Boxes and lines of a plot, in shares of its width and height."""

from __future__ import annotations

Spot = tuple[float, float]
Line = tuple[Spot, Spot]
Box = tuple[float, float, float, float]
"""Left, lower, right and upper end."""


def meet(one: Box, other: Box) -> bool:
    """Tell whether two boxes share any area."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def cross(one: Line, other: Line) -> bool:
    """Tell whether two lines cross: the ends of each lie on different sides of the other."""

    def side(line: Line, spot: Spot) -> float:
        (x, y), (end_x, end_y) = line
        return (end_x - x) * (spot[1] - y) - (end_y - y) * (spot[0] - x)

    return all(side(line, a) * side(line, b) < 0 for line, (a, b) in ((one, other), (other, one)))
