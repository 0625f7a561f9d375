"""Puts many series in numbers at once, and puts parts of a series together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportgen.load.lines import MERGED_FIELDS

Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]

(
    _POINTS, _FINITE, _FIRST, _LAST, _MIN, _MAX, _MIN_STEP, _MAX_STEP, _LAST_STEP,
    _FIRST_TIME, _LAST_TIME, _MIN_TIME, _MAX_TIME, _REPEATS,
) = range(len(MERGED_FIELDS))  # fmt: skip


def reduce_groups(
    values: Numbers, times: Numbers, steps: Numbers, starts: Integers, sizes: Integers
) -> Numbers:
    """Put series that lie one after the other in numbers; repeated steps are left at 0.

    Args:
        values: All values, each series in order of time.
        times: Seconds since the epoch.
        steps: NaN where not logged.
        starts: Where each series begins.
        sizes: Number of points of each, at least 1.

    Shape:
        values, times, steps: (points,); starts, sizes: (series,); result: (series, len(MERGED_FIELDS)).
    """
    ends = starts + sizes - 1
    finite = np.isfinite(values)
    numbers = np.empty((len(starts), len(MERGED_FIELDS)))
    numbers[:, _POINTS] = sizes
    low, high = values, values
    if finite.all():
        numbers[:, _FINITE] = sizes
        is_empty = None
    else:
        counts = np.add.reduceat(finite, starts, dtype=np.int64)
        numbers[:, _FINITE] = counts
        is_empty = counts == 0
        low, high = np.where(finite, values, np.inf), np.where(finite, values, -np.inf)
    lowest = _first_hits(low, np.minimum.reduceat(low, starts), starts, sizes)
    highest = _first_hits(high, np.maximum.reduceat(high, starts), starts, sizes)
    numbers[:, _FIRST], numbers[:, _LAST] = values[starts], values[ends]
    numbers[:, _MIN], numbers[:, _MAX] = values[lowest], values[highest]
    numbers[:, _MIN_STEP], numbers[:, _MAX_STEP] = steps[lowest], steps[highest]
    numbers[:, _LAST_STEP] = steps[ends]
    numbers[:, _FIRST_TIME], numbers[:, _LAST_TIME] = times[starts], times[ends]
    numbers[:, _MIN_TIME], numbers[:, _MAX_TIME] = times[lowest], times[highest]
    numbers[:, _REPEATS] = 0
    if is_empty is not None:
        unknown = [_MIN, _MAX, _MIN_STEP, _MAX_STEP, _MIN_TIME, _MAX_TIME]
        numbers[np.ix_(is_empty, unknown)] = np.nan
    return numbers


def _first_hits(values: Numbers, wanted: Numbers, starts: Integers, sizes: Integers) -> Integers:
    """Give the first index in each series that has the wanted value."""
    hits = np.flatnonzero(values == np.repeat(wanted, sizes))
    first: Integers = hits[np.searchsorted(hits, starts)]
    return first


def count_repeats(steps: Numbers, sizes: Integers) -> Numbers:
    """Count, for series that lie one after the other, the points whose step stands there already."""
    known = ~np.isnan(steps)
    owner = np.repeat(np.arange(len(sizes)), sizes)[known]
    order = np.lexsort((steps[known], owner))
    owner, sorted_steps = owner[order], steps[known][order]
    is_same = (owner[1:] == owner[:-1]) & (sorted_steps[1:] == sorted_steps[:-1])
    repeats: Numbers = np.bincount(owner[1:][is_same], minlength=len(sizes)).astype(np.float64)
    return repeats


def merge_parts(parts: Numbers, steps: list[Numbers]) -> Numbers:
    """Tell the numbers of a series from those of its parts.

    Args:
        parts: In reading order; of two points of the same time the one in the later part is later.
        steps: The known steps of each part.

    Shape:
        parts: (parts, len(MERGED_FIELDS)); result: (len(MERGED_FIELDS),).
    """
    merged: Numbers = parts[0].copy()
    for part in parts[1:]:
        if part[_FIRST_TIME] < merged[_FIRST_TIME]:
            merged[[_FIRST, _FIRST_TIME]] = part[[_FIRST, _FIRST_TIME]]
        if part[_LAST_TIME] >= merged[_LAST_TIME]:
            merged[[_LAST, _LAST_STEP, _LAST_TIME]] = part[[_LAST, _LAST_STEP, _LAST_TIME]]
        low, high = [_MIN, _MIN_STEP, _MIN_TIME], [_MAX, _MAX_STEP, _MAX_TIME]
        if _is_better(-part[_MIN], part[_MIN_TIME], -merged[_MIN], merged[_MIN_TIME]):
            merged[low] = part[low]
        if _is_better(part[_MAX], part[_MAX_TIME], merged[_MAX], merged[_MAX_TIME]):
            merged[high] = part[high]
        merged[[_POINTS, _FINITE]] += part[[_POINTS, _FINITE]]
    known = np.concatenate(steps)
    merged[_REPEATS] = len(known) - len(np.unique(known))
    return merged


def _is_better(value: float, time: float, than: float, than_time: float) -> bool:
    if np.isnan(value):
        return False
    return bool(np.isnan(than) or value > than or (value == than and time < than_time))
