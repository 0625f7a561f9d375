"""From values to an axis: its ends, and where its ticks are with their texts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from reportgen.document import Axis, NumberFormat, format_number
from reportgen.language import localised_digits, mark, tr, with_minus
from reportgen.render.charts.dates import date_ticks
from reportgen.render.charts.fonts import text_width

TICK_PT = 7.5
_LARGEST, _SMALLEST = 1e300, 1e-300
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_LARGE = ((1e9, mark("{number}bn")), (1e6, mark("{number}M")))

Tick = tuple[float, str]
Ends = Literal["room", "exact", "zero"]


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis, ready to be drawn."""

    low: float
    high: float
    log: bool
    ticks: tuple[Tick, ...]

    def place(self, value: float) -> float:
        """Give where on the axis a value lies: 0 at its low end, 1 at its high end."""
        if self.log:
            start = math.log(self.low)
            return (math.log(max(drawable(value), _SMALLEST)) - start) / (math.log(self.high) - start)
        return (drawable(value) - self.low) / (self.high - self.low)

    @property
    def widest(self) -> float:
        """Width of the widest tick text, in millimetres."""
        return max((text_width(text, TICK_PT) for _, text in self.ticks), default=0.0)


def drawable(value: float) -> float:
    """Keep differences of two values finite."""
    return min(max(float(value), -_LARGEST), _LARGEST)


def make_scale(
    values: Iterable[float], axis: Axis, length_mm: float, *, upright: bool = False, ends: Ends = "room"
) -> Scale:
    """Choose ends and ticks for an axis.

    Args:
        values: Everything that must lie on it.
        axis: Its format; logarithmic only where every value is above zero.
        length_mm: How long it is drawn: ticks must not crowd.
        upright: A vertical axis, where the height of texts counts and not their width.
        ends: ``room`` leaves some beyond the values, ``exact`` none, ``zero`` has zero on it, at its
            end where it can: for bars.
    """
    numbers = [drawable(value) for value in values]
    log = axis.log and ends != "zero" and min(numbers) > 0
    if log:
        low, high = _log_ends(min(numbers), max(numbers), ends)
    else:
        low, high = _linear_ends([*numbers, 0.0] if ends == "zero" else numbers, axis.format, ends)
    ticks: tuple[Tick, ...] = ()
    for count in (6, 5, 4, 3, 2):
        ticks = _ticks(low, high, axis, count, log=log)
        need = 6.0 if upright else max((text_width(text, TICK_PT) for _, text in ticks), default=0.0) + 2.4
        if need * len(ticks) <= length_mm:
            break
    return Scale(low, high, log, ticks)


def axis_title(axis: Axis, scale: Scale) -> str:
    """Give the text at an axis: label, unit in brackets, and that it is logarithmic."""
    unit = "" if axis.dates or axis.format.style == "percent" else axis.format.heading_unit
    if axis.dates:
        unit = "UTC"
    title = f"{axis.label} ({unit})" if unit and axis.label else axis.label or unit
    return tr("{title}, log scale", title=title) if scale.log and title else title


def _linear_ends(numbers: list[float], how: NumberFormat, ends: Ends) -> tuple[float, float]:
    low, high = min(numbers), max(numbers)
    span = high - low
    if span <= max(abs(low), abs(high)) * 1e-9 or span < 1e-290:
        around = max(abs(low) * 0.05, 0.5 / how.factor if abs(low) < 1e-280 else 0.0)
        return low - around, high + around
    if ends == "exact":
        return low, high
    pad = span * 0.04
    start, end = low - pad, high + pad
    if ends == "zero":
        return (0.0 if low == 0 else start), (0.0 if high == 0 else end)
    # room beyond the possible would suggest values there
    if low >= 0 > start:
        start = 0.0
    if how.style == "percent" and high <= 1 < end:
        end = 1.0
    return start, end


def _log_ends(low: float, high: float, ends: Ends) -> tuple[float, float]:
    low, high = max(low, _SMALLEST), max(high, _SMALLEST)
    apart = math.log(high) - math.log(low)
    if apart < 0.01:
        return low / 2, high * 2
    pad = 1.0 if ends == "exact" else math.exp(apart * 0.05)
    return max(low / pad, 1e-305), min(high * pad, 1e305)


def _ticks(low: float, high: float, axis: Axis, count: int, *, log: bool) -> tuple[Tick, ...]:
    if axis.dates and not log:
        dated = date_ticks(low, high, count)
        if dated:
            return dated
    if log:
        places = _log_places(low, high, count)
        if len(places) > 1:
            return tuple(
                (place, _text(place, axis.format, _decimals(place, axis.format))) for place in places
            )
    return _linear_ticks(low, high, axis.format, count)


def _linear_ticks(low: float, high: float, how: NumberFormat, count: int) -> tuple[Tick, ...]:
    span = (high - low) * how.factor
    raw = span / count
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(m * magnitude for m in _STEPS if m * magnitude >= raw * 0.999)
    if how.style != "general" and step == 2.5 * magnitude and _step_decimals(step) > how.decimals:
        step = 5.0 * magnitude  # quarters would have a decimal more than the values have
    if how.style == "number" and how.decimals == 0 and not how.unit and span >= 2:
        step = max(step, 1.0) if step != 2.5 else 5.0
    decimals = _step_decimals(step)
    first = math.ceil(low * how.factor / step - 1e-9)
    last = math.floor(high * how.factor / step + 1e-9)
    # far from zero the steps of floats are coarse: a tick may come out beyond an end
    places = [min(max(k * step / how.factor, low), high) for k in range(first, min(last, first + 20) + 1)]
    largest = max(abs(low), abs(high)) * how.factor
    return tuple((place, _text(place, how, decimals, largest)) for place in places)


def _step_decimals(step: float) -> int:
    """Give the decimals that multiples of a step need."""
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9))
    return decimals if math.isclose(step * 10**decimals, round(step * 10**decimals)) else decimals + 1


def _log_places(low: float, high: float, count: int) -> list[float]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for steps in ((1, 2, 5), (1, 3), (1,)):
        places = [m * 10.0**e for e in range(first, last + 1) for m in steps]
        inside = [place for place in places if low <= place <= high]
        if len(inside) <= count:
            return inside
    stride = math.ceil(len(inside) / count)
    return inside[::stride]


def _decimals(value: float, how: NumberFormat) -> int:
    shown = abs(value * how.factor)
    return max(0, math.ceil(-math.log10(shown) - 1e-9)) if shown else 0


def _text(value: float, how: NumberFormat, decimals: int, largest: float = 0.0) -> str:
    """Give a tick's text; an axis with large values counts all of them in millions or billions."""
    shown = value * how.factor
    if abs(shown) < 10.0**-9 * max(largest, 10.0 ** -max(decimals, 0)):
        shown = value = 0.0
    if shown and (abs(shown) >= 1e13 or decimals > 5):
        return localised_digits(with_minus(f"{shown:.3g}"))
    for size, said in _LARGE:
        if shown and max(abs(shown), largest) >= size and how.style == "number":
            short = shown / size
            return tr(said, number=localised_digits(with_minus(f"{short:.6g}")))
    tick = replace(how, decimals=decimals)
    return format_number(value, tick, with_unit=how.style == "percent")
