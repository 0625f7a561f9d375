"""Boxes and lines of a plot, in shares of its width and height."""

from __future__ import annotations

from typing import Final

Spot = tuple[float, float]
Line = tuple[Spot, Spot]
Box = tuple[float, float, float, float]
"""Left, lower, right and upper end."""
_LEADER_STEPS: Final = 12


def meet(one: Box, other: Box) -> bool:
    """Tell whether two boxes share any area."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def cross(one: Line, other: Line) -> bool:
    """Tell whether two lines cross: the ends of each lie on different sides of the other."""

    def side(line: Line, spot: Spot) -> float:
        (x, y), (end_x, end_y) = line
        return (end_x - x) * (spot[1] - y) - (end_y - y) * (spot[0] - x)

    return all(side(line, a) * side(line, b) < 0 for line, (a, b) in ((one, other), (other, one)))


def inner(box: Box) -> Box:
    """Give the part of a name's box that surely holds letters: a line may come close to it."""
    return (box[0] + 0.02, box[1] + 0.02, box[2] - 0.02, box[3] - 0.02)


def leader_boxes(start: Spot, place: tuple[float, float, str]) -> list[Box]:
    """Cover a line from a point to its name by small boxes, for other names to keep clear of."""
    steps = [step / _LEADER_STEPS for step in range(1, _LEADER_STEPS)]
    spots = [(start[0] + s * (place[0] - start[0]), start[1] + s * (place[1] - start[1])) for s in steps]
    return [(across - 0.005, up - 0.005, across + 0.005, up + 0.005) for across, up in spots]
