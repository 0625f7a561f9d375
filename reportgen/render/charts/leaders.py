"""Thin lines from where a curve ends to its label, that neither cross nor begin at one place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, permutations
from typing import Final

from reportgen.render.charts.canvas import Box
from reportgen.render.charts.labels import LINE_MM, spread

Place = tuple[float, float]
BESIDE: Final = 1.3
"""Millimetres from the middle of a mark to its leader."""
_APART: Final = 1.0
"""Least millimetres between the beginnings of leaders of marks that lie on one another."""
_CLEAR: Final = 0.8
"""Millimetres from which two leaders keep clear of each other."""
_FEW: Final = 6
"""Labels up to which every order is tried: that many take a few milliseconds."""
_NEAR: Final = 2.5
"""Marks nearer to each other than this, from left to right, share a column of beginnings."""


def lead_out(ends: Sequence[Place], x: float, box: Box) -> tuple[list[Place], list[float]]:
    """Place the labels of curves in one column, and the beginnings of their leaders.

    Args:
        ends: Where each curve ends, in millimetres.
        x: Where leaders end: left of all labels.
        box: What the curves are drawn in; labels stay within its height.

    Returns:
        Where each leader begins, and the height of each label, both in the order of *ends*. Straight lines
        from the one to the other, at *x*, do not cross.
    """
    begin = _beginnings(ends, box)
    slots = spread([y for _, y in begin], LINE_MM, box.bottom, box.top)
    swapped = len(ends) > 1
    # each swap makes the leaders shorter together, so that it comes to an end
    while swapped:
        swapped = False
        for one, other in combinations(range(len(begin)), 2):
            if _cross(begin[one], (x, slots[one]), begin[other], (x, slots[other])):
                slots[one], slots[other] = slots[other], slots[one]
                swapped = True
    return begin, slots if len(ends) > _FEW else _clearest(begin, slots, x)


def _clearest(begin: Sequence[Place], slots: list[float], x: float) -> list[float]:
    """Choose the order of labels whose leaders keep clearest of one another, and of several that of the least detours."""
    numbers = range(len(begin))
    ends = [(x, slot) for slot in slots]
    near = {
        (one, at, other, place): _nearness(begin[one], ends[at], begin[other], ends[place])
        for one, other in combinations(numbers, 2)
        for at, place in permutations(numbers, 2)
    }
    if not any(near[one, one, other, other] for one, other in combinations(numbers, 2)):
        return slots

    def cost(order: tuple[int, ...]) -> tuple[float, float]:
        meets = sum(near[one, order[one], other, order[other]] for one, other in combinations(numbers, 2))
        return meets, sum(abs(begin[one][1] - slots[at]) for one, at in enumerate(order))

    best = min(permutations(numbers), key=cost)
    return [slots[at] for at in best]


def _nearness(a: Place, b: Place, c: Place, d: Place) -> float:
    """Tell how much two leaders are too near to each other: 1 where they meet, 0 where they are clear."""
    if _cross(a, b, c, d):
        return 1.0
    gap = min(_away(a, c, d), _away(c, a, b))  # labels are apart
    return max(0.0, 1.0 - gap / _CLEAR)


def _away(p: Place, a: Place, b: Place) -> float:
    """Give how far a place lies above or below a stretch, or from the end that it lies beyond."""
    share = min(max((p[0] - a[0]) / (b[0] - a[0]), 0.0), 1.0)
    return math.dist(p, (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))


def _beginnings(ends: Sequence[Place], box: Box) -> list[Place]:
    """Begin each leader beside its mark; where marks lie on one another, a little apart."""
    begin = [(x + BESIDE, y) for x, y in ends]
    order = sorted(range(len(ends)), key=lambda index: ends[index][0])
    column: list[int] = []
    for index in [*order, None]:
        if index is not None and (not column or ends[index][0] - ends[column[0]][0] < _NEAR):
            column.append(index)
            continue
        heights = spread([ends[one][1] for one in column], _APART, box.bottom, box.top)
        right = max(ends[one][0] for one in column) + BESIDE
        for one, height in zip(column, heights, strict=True):
            begin[one] = (right, height)
        column = [] if index is None else [index]
    return begin


def _cross(a: Place, b: Place, c: Place, d: Place) -> bool:
    """Tell whether the stretches a-b and c-d cross, each end of one on another side of the other."""
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Place, b: Place, p: Place) -> float:
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
