"""What a chart draws: marks in raw values, axis limits at round numbers, labels where there is room.

Pure geometry: `chartdata` puts the marks into cells, `charts` draws them from there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Final, Literal

from reportgen.document import Axis, Chart, Point, Series, Tone, format_number
from reportgen.language import mark, tr
from reportgen.render.strokes import corners, thin
from reportgen.render.xlsx.geometry import Box, Line, cross, inner, leader_boxes, meet

Role = Literal["points", "line", "edge", "reference", "caption", "leader", "bars"]
"""``caption``: an invisible mark that carries a word, its series's name, to a place in the chart;
``leader``: a thin line from a caption to its mark."""
Side = Literal["", "l", "r", "t", "b"]
Place = tuple[float, float, Side]
"""Where a name stands: shares of the plot's width and height, and the side of that spot."""

MAX_LABELLED: Final = 40
MAX_VALUES: Final = 20
"""Dots that each carry their value."""
MAX_BANDS: Final = 3
"""Lines with a band each that can still be told apart."""
TICKS: Final = 5
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_DAY: Final = 86_400.0
_LARGEST: Final = 1e300
"""Beyond it a scale cannot be computed; such marks lie outside the chart, their cells hold them."""
_LONG: Final = 40
"""Characters of a line's name that fit beside its end in a full-wide chart."""
FEW_TICKS: Final = 3
_SHORT: Final = 18
"""Characters of a reference's label that may stand beside its line."""
_LABEL_HEIGHT: Final = 0.075
_SIDES: Final[tuple[Side, ...]] = ("r", "l", "t", "b")
_FAR: Final = (0.12, 0.18, 0.25, 0.35, 0.5, 0.65)
_DIRECTIONS: Final = (
    *((0.6, -1.0), (-0.6, -1.0), (0.6, 1.0), (-0.6, 1.0)),
    *((0.0, -1.0), (1.0, 0.0), (-1.0, 0.0)),
    *((0.25, -1.0), (-0.25, -1.0), (1.0, -0.5), (-1.0, -0.5), (1.0, 0.5), (-1.0, 0.5)),
)


@dataclass(frozen=True, slots=True)
class Plot:
    """Marks that are drawn alike: one series of the native chart."""

    name: str
    role: Role
    marks: tuple[Point, ...]
    tone: Tone = "neutral"
    label: Side = ""
    """Where the plot's name stands beside its last mark; empty for no direct label."""
    variant: int = 0
    """Number of a line without a tone: a legend can only tell lines apart that look different."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Limits of an axis in the axis's raw unit, and the distance of its ticks."""

    low: float
    high: float
    step: float
    log: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart, ready to be drawn."""

    chart: Chart
    plots: tuple[Plot, ...]
    x: Scale
    y: Scale
    legend: bool
    """Names stand in a legend, since direct labels would collide."""


def draw(chart: Chart) -> Drawing:
    """Lay a chart out."""
    match chart.kind:
        case "dot_interval":
            return _dots(chart)
        case "dumbbell":
            from reportgen.render.xlsx.dumbbells import draw_dumbbell

            return draw_dumbbell(chart)
        case "multiples":
            raise ValueError("a workbook has a chart for each panel: see apart")
        case "bars":
            return _bars(chart)
        case "lines":
            return _lines(chart)
        case "scatter":
            return _scatter(chart)


def round_scale(values: Iterable[float], axis: Axis, *, zero: bool = False, ticks: int = TICKS) -> Scale:
    """Find limits at round numbers around the values; *zero*: bars, which begin there."""
    found = [*values, *([0.0] if zero else [])]
    low, high = min(found), max(found)
    if axis.log and 1 / _LARGEST < low <= high < _LARGEST:
        first = math.floor(math.log10(low))
        last = max(math.ceil(math.log10(high)), first + 1)
        return Scale(10.0**first, 10.0**last, 10.0, log=True)
    if max(-low, high) > _LARGEST:
        return Scale(-_LARGEST, _LARGEST, _LARGEST)
    factor = axis.format.factor / (_DAY if axis.dates else 1.0)
    ends = (low * factor, high * factor)
    # the pad is never so small that two limits could become the same number
    pad = max((ends[1] - ends[0]) * 0.06, max(map(abs, ends)) * 1e-9) if ends[1] > ends[0] else 0.0
    pad = pad or abs(ends[1]) * 0.1
    if pad < 1 / _LARGEST:  # zero, or so small that floats have no digits left for limits around it
        pad = 1.0
    step = _step((ends[1] - ends[0] + 2 * pad) / ticks)
    low, high = math.floor((ends[0] - pad) / step) * step, math.ceil((ends[1] + pad) / step) * step
    if ends[0] >= 0 > low:
        low = 0.0
    if zero and low < 0 and ends[1] <= 0 < high:
        high = 0.0
    if axis.format.style == "percent" and ends[1] <= 100 < high:
        high = 100.0
    return Scale(low / factor, high / factor, step / factor)


def _step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * 0.999)


def _extent(points: Iterable[Point], *, of_x: bool) -> list[float]:
    found: list[float] = []
    for point in points:
        found.append(point.x if of_x else point.y)
        found.extend(value for value in (point.low, point.high) if value is not None)
    return found


def _dots(chart: Chart) -> Drawing:
    points = chart.series[0].points
    count = len(points)
    references = [reference.value for reference in chart.references]
    ticks = FEW_TICKS if chart.width == "half" else TICKS
    x = round_scale([*_extent(points, of_x=True), *references], replace(chart.x, log=False), ticks=ticks)
    beside = len(references) == 1 and len(chart.references[0].label) <= _SHORT
    y = Scale(0.4, count + (1.1 if beside else 0.6), 1.0, hidden=True)
    rows = [replace(point, y=float(count - index)) for index, point in enumerate(points)]
    plots = [
        Plot(chart.series[0].label, "points", tuple(row for row in rows if row.tone == tone), tone)
        for tone in dict.fromkeys(row.tone for row in rows)
    ]
    plots += [
        Plot(
            ref.label,
            "reference",
            (Point(ref.value, y.low), Point(ref.value, y.high)),
            ref.tone,
            "r" if beside else "",
        )
        for ref in chart.references
    ]
    # programs differ in what they write beside a mark; all of them can write its series's name
    plots += [Plot(row.label, "caption", (Point(x.low, row.y),), row.tone, "l") for row in rows]
    if count <= MAX_VALUES:
        plots += [
            Plot(format_number(row.x, chart.x.format), "caption", (Point(x.high, row.y),), row.tone, "r")
            for row in rows
        ]
    return Drawing(chart, tuple(plots), x, y, legend=bool(references) and not beside)


def _bars(chart: Chart) -> Drawing:
    points = chart.series[0].points
    # a line across horizontal bars is not drawn alike by all programs: a reference is a bar of its own
    marks = (*points, *(Point(ref.value, label=ref.label, tone=ref.tone) for ref in chart.references))
    ticks = FEW_TICKS if chart.width == "half" else TICKS
    x = round_scale(_extent(marks, of_x=True), replace(chart.x, log=False), zero=True, ticks=ticks)
    y = Scale(0.0, float(len(marks)), 1.0)
    return Drawing(chart, (Plot(chart.series[0].label, "bars", marks, "focus"),), x, y, legend=False)


def _lines(chart: Chart) -> Drawing:
    series = [
        replace(one, points=corners(thin(one.points), one)) for one in chart.series if one.style != "faint"
    ]
    banded = [one for one in series if any(p.low is not None and p.high is not None for p in one.points)]
    points = [point for one in series for point in one.points]
    drawn = points if len(banded) <= MAX_BANDS else [replace(p, low=None, high=None) for p in points]
    x = _tight([point.x for point in points], chart)
    y = round_scale([*_extent(drawn, of_x=False), *(ref.value for ref in chart.references)], chart.y)
    focus = any(one.tone == "focus" for one in series)
    plain = [one for one in series if one.tone == "neutral" and one.label]
    variants = {id(one): number for number, one in enumerate(plain, 2 if focus else 1)}
    # a stretch without a name looks like the named one that it belongs to
    looks = {one.style: variants[id(one)] for one in plain}
    variants |= {
        id(one): looks.get(one.style, 0) for one in series if one.tone == "neutral" and not one.label
    }
    plots = [
        replace(plot, variant=variants.get(id(one), 0))
        for one in banded
        if len(banded) <= MAX_BANDS
        for plot in _edges(one)
    ]
    for one in series:
        role: Role = "edge" if one.style == "dashed" else "line"
        side: Side = "r" if one.label else ""
        plots.append(Plot(one.label, role, one.points, one.tone, side, variants.get(id(one), 0)))
    plots += [
        Plot(ref.label, "reference", (Point(x.low, ref.value), Point(x.high, ref.value)), ref.tone, "r")
        for ref in chart.references
    ]
    ends = sorted(_share(p.marks[-1].y, y) for p in plots if p.label)
    crowded = any(after - before < 0.06 for before, after in pairwise(ends))
    longest = max(len(plot.name) for plot in plots if plot.label)
    crowded = crowded or longest > (_LONG // 2 if chart.width == "half" else _LONG)
    if crowded:
        plots = [replace(plot, label="") for plot in plots]
    return Drawing(chart, tuple(plots), x, y, legend=crowded)


def _tight(values: list[float], chart: Chart) -> Scale:
    """Begin at a round number where that wastes little, and end with the last value."""
    scale = round_scale(values, chart.x, ticks=FEW_TICKS if chart.width == "half" else TICKS)
    low, high = min(values), max(values)
    if scale.log or low == high or scale.high == _LARGEST:
        return scale
    begin = max(scale.low, math.floor(low / scale.step) * scale.step)
    return replace(scale, low=begin if low - begin < (high - low) * 0.1 else low, high=high)


def _edges(series: Series) -> list[Plot]:
    both = [point for point in series.points if point.low is not None and point.high is not None]
    return [
        Plot(
            tr(words, name=series.label),
            "edge",
            tuple(
                Point(p.x, low if is_low else high)
                for p in both
                for low, high in [(p.low or 0.0, p.high or 0.0)]
            ),
            series.tone,
        )
        for is_low, words in (
            (True, mark("{name}, lower end of range")),
            (False, mark("{name}, upper end of range")),
        )
    ]


def _scatter(chart: Chart) -> Drawing:
    points = [point for series in chart.series for point in series.points]
    references = [reference.value for reference in chart.references]
    x = round_scale([point.x for point in points], chart.x)
    y = round_scale([*_extent(points, of_x=False), *references], chart.y)
    plots = [
        Plot(ref.label, "reference", (Point(x.low, ref.value), Point(x.high, ref.value)), ref.tone, "r")
        for ref in chart.references
    ]
    character = 0.010 if chart.width == "full" else 0.022
    sides = label_sides(points, x, y, character) if len(points) <= MAX_LABELLED else {}
    unlabelled = 0
    far = far_places(points, sides, x, y, character)
    plots += [plot for point, place in far.items() for plot in _caption(point, place, x, y)]
    for series in chart.series:
        rest = [point for point in series.points if point not in sides]
        unlabelled += bool(rest)
        if rest:
            plots.append(Plot(series.label, "points", tuple(rest), series.tone))
        plots += [
            Plot(point.label, "points", (point,), _tone(point, series), sides[point])
            for point in series.points
            if point in sides
        ]
    return Drawing(chart, tuple(plots), x, y, legend=unlabelled > 1 or (unlabelled == 1 and not sides))


def _caption(point: Point, place: Place, x: Scale, y: Scale) -> tuple[Plot, Plot]:
    """Write a point's name at a free place, with a line from there to the point."""
    spot = Point(place_value(place[0], x), place_value(place[1], y))
    return (
        Plot(point.label, "leader", (point, spot), "neutral"),
        Plot(point.label, "caption", (spot,), point.tone, place[2]),
    )


def _tone(point: Point, series: Series) -> Tone:
    return point.tone if point.tone != "neutral" else series.tone


def label_sides(points: Sequence[Point], x: Scale, y: Scale, character: float) -> dict[Point, Side]:
    """Find a side for each point's name where it meets no other name and no other point.

    *character* is the width of one character as a share of the plot's.
    """
    important = sorted((p for p in points if p.label), key=lambda point: point.tone == "neutral")
    boxes = _marks(points, x, y)
    sides: dict[Point, Side] = {}
    for point in important:
        across, up = _share(point.x, x), _share(point.y, y)
        for side in _SIDES:
            box = _box(across, up, side, character * len(point.label))
            if _free(box, boxes):
                boxes.append(box)
                sides[point] = side
                break
    return sides


def far_places(
    points: Sequence[Point], sides: dict[Point, Side], x: Scale, y: Scale, character: float
) -> dict[Point, Place]:
    """Find the nearest free place for each name that has no room beside its point.

    The important ones choose first, unless more names find a place the other way round.
    """
    if len(points) > MAX_LABELLED:
        return {}
    order = sorted((p for p in points if p.label and p not in sides), key=lambda p: p.tone == "neutral")
    found = [_far_places(names, points, sides, (x, y), character) for names in (order, order[::-1])]
    return max(found, key=len)


def _far_places(
    order: Sequence[Point],
    points: Sequence[Point],
    sides: dict[Point, Side],
    scales: tuple[Scale, Scale],
    character: float,
) -> dict[Point, Place]:
    x, y = scales
    words = [_box(_share(p.x, x), _share(p.y, y), s, character * len(p.label)) for p, s in sides.items()]
    marks = _marks(points, x, y)
    leaders: list[Box] = []
    ties: list[Line] = []
    found: dict[Point, Place] = {}
    for point in order:
        across, up = _share(point.x, x), _share(point.y, y)
        options: list[tuple[Place, Box, list[Box]]] = []
        for away, (right, above) in product(_FAR, _DIRECTIONS):
            side: Side = "r" if right >= 0 else "l"
            place = (across + right * away, up + above * away, side)
            left, bottom, end, top = _box(*place, character * len(point.label))
            box = (min(left, place[0]), bottom, max(end, place[0]), top)
            leader = leader_boxes((across, up), place)
            clear = not any(meet(step, inner(word)) for step in leader for word in words)
            if clear and _free(box, [*marks, *words, *leaders]):
                options.append((place, box, leader))
        if options:
            ends = (across, up)
            # lines that cross are hard to follow, but better than a mark without its name
            lone = [o for o in options if not any(cross((ends, o[0][:2]), tie) for tie in ties)]
            place, box, leader = (lone or options)[0]
            words.append(box)
            leaders += leader
            ties.append((ends, place[:2]))
            found[point] = place
    return found


def _marks(points: Sequence[Point], x: Scale, y: Scale) -> list[Box]:
    places = [(_share(p.x, x), _share(p.y, y)) for p in points]
    return [(across - 0.01, up - 0.02, across + 0.01, up + 0.02) for across, up in places]


def _box(across: float, up: float, side: Side, width: float) -> Box:
    left = {"l": across - 0.015 - width, "r": across + 0.015}.get(side, across - width / 2)
    bottom = {"t": up + 0.03, "b": up - 0.03 - _LABEL_HEIGHT}.get(side, up - _LABEL_HEIGHT / 2)
    return (left, bottom, left + width, bottom + _LABEL_HEIGHT)


def _free(box: Box, boxes: Iterable[Box]) -> bool:
    """Tell whether a name lies inside the plot and meets nothing."""
    inside = box[0] >= -0.02 and box[1] >= 0 and box[2] <= 1.04 and box[3] <= 1.03
    return inside and not any(meet(box, other) for other in boxes)


def place_value(share: float, scale: Scale) -> float:
    """Give the value at a share of the axis: 0 is its low end, 1 its high one."""
    if scale.log:
        ends = math.log(scale.low), math.log(scale.high)
        return math.exp(ends[0] + share * (ends[1] - ends[0]))
    return scale.low + share * (scale.high - scale.low)


def _share(value: float, scale: Scale) -> float:
    if scale.log:
        return math.log(value / scale.low) / math.log(scale.high / scale.low) if value > 0 else 0.0
    return value / (scale.high - scale.low) - scale.low / (scale.high - scale.low)
