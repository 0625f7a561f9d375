"""Labels that must not lie on one another."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.document import held_settings, told_apart
from reportgen.render.charts.canvas import LABEL_PT, Box, Canvas, Look
from reportgen.render.charts.fonts import clean, fit_apart, text_width, wrapped
from reportgen.render.charts.scale import TICK_PT

_BETWEEN = 2.0
LINE_MM = 3.6
"""Height of one line of labels."""


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places apart until neighbours are at least *gap* from each other, as little as needed.

    Args:
        wanted: Where each would like to be, in any order.
        gap: Least distance; made smaller where they would not fit otherwise.
        low: None may be lower.
        high: None may be higher.

    Returns:
        A place for each, in the order of *wanted*; who was higher stays higher.

    Source:
        Pool adjacent violators: least squares under an order.
    """
    if not wanted:
        return []
    if len(wanted) > 1:
        gap = min(gap, (high - low) / (len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    # subtracting k gaps from the k-th turns "a gap apart" into "in order"
    pools: list[tuple[float, int]] = []
    for rank, index in enumerate(order):
        total, size = wanted[index] - rank * gap, 1
        while pools and pools[-1][0] / pools[-1][1] > total / size:
            before = pools.pop()
            total, size = total + before[0], size + before[1]
        pools.append((total, size))
    flat = [total / size for total, size in pools for _ in range(size)]
    top = high - (len(wanted) - 1) * gap
    placed = [0.0] * len(wanted)
    for rank, index in enumerate(order):
        placed[index] = min(max(flat[rank], low), top) + rank * gap
    return placed


def names_in_lines(
    names: Sequence[str], room: float, *, two_lines: bool = True
) -> tuple[tuple[str, str], ...]:
    """Write names, long ones in two lines if they may, and cut so that no two of them read alike.

    Args:
        names: What is shown together.
        room: Millimetres that a line may be wide; the second is set smaller.
        two_lines: Whether there is room for a second line.

    Returns:
        Both lines of each, the second empty where one is enough.
    """

    def fits(name: str) -> bool:
        # in bold, which one of them is: what fits so fits in any case
        first, second = _lines(name, room, two_lines=two_lines)
        return text_width(first, LABEL_PT, "bold") <= room and text_width(second, TICK_PT) <= room

    cut = told_apart([clean(name) for name in names], fits)
    return tuple(_lines(name, room, two_lines=two_lines) for name in cut)


def _lines(name: str, room: float, *, two_lines: bool) -> tuple[str, str]:
    """Break a name that is too long for one line before its brackets, else between its settings or words."""
    if not two_lines or text_width(name, LABEL_PT, "bold") <= room:
        return name, ""
    head, bracket, rest = name.partition(" (")
    if bracket and rest.endswith(")"):
        return head, rest[:-1]
    lines = wrapped(held_settings(name), room, LABEL_PT, bold=True)
    first, *others = (line.replace("\N{NO-BREAK SPACE}", " ") for line in lines)
    return first, " ".join(others)


def write_across(canvas: Canvas, labels: Sequence[tuple[float, str, str]], y: float) -> None:
    """Write small labels, each centred on its x if it can be, side by side in one row.

    Args:
        canvas: Where to.
        labels: Wanted x, text and colour of each.
        y: Height of the row.
    """
    room = (canvas.width / max(len(labels), 1) - _BETWEEN) / 1.1
    placed = []
    right = 0.0
    ordered = sorted(labels)
    texts = fit_apart([text for _, text, _ in ordered], room, TICK_PT)
    for (x, _, color), shown in zip(ordered, texts, strict=True):
        # a browser without the bundled font takes a wider one
        width = text_width(shown, TICK_PT) * 1.1
        left = max(x - width / 2, right)
        placed.append((left, width, shown, color))
        right = left + width + _BETWEEN
    right = canvas.width
    for left, width, shown, color in reversed(placed):
        start = min(left, right - width)
        canvas.text(start, y, shown, look=Look(color, size=TICK_PT))
        right = start - _BETWEEN


def find_room(
    spot: tuple[float, float], size: tuple[float, float], taken: Sequence[Box], within: Box
) -> Box | None:
    """Find a free place for a label near its mark: beside it first, then above, below, further away.

    Args:
        spot: Where the mark is.
        size: Width and height of the label.
        taken: Boxes that it must not meet.
        within: It must lie in this box.
    """
    (x, y), (width, height) = spot, size
    for away in (2.0, 3.5, 6.0, 9.0, 13.0, 18.0):
        middle, over, under = y - height / 2, y + away * 0.6, y - away * 0.6 - height
        for left, bottom in (
            (x + away, middle),
            (x - away - width, middle),
            (x - width / 2, over),
            (x - width / 2, under),
            # at the edge of a chart a label ends or begins above or below its mark
            (x + 1.2 - width, over),
            (x + 1.2 - width, under),
            (x - 1.2, over),
            (x - 1.2, under),
            (x + away, over - 1),
            (x - away - width, over - 1),
            (x + away, under + 1),
            (x - away - width, under + 1),
        ):
            box = Box(left, bottom, left + width, bottom + height)
            inside = (
                box.left >= within.left
                and box.right <= within.right
                and box.bottom >= within.bottom
                and box.top <= within.top
            )
            if inside and not any(box.meets(other) for other in taken):
                return box
    return None
