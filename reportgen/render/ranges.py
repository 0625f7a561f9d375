"""A mark's value and range in words, alike in charts, pages and mails."""

from __future__ import annotations

from reportgen.document import NumberFormat, Point, format_number, range_format
from reportgen.language import tr


def row_format(point: Point, how: NumberFormat) -> NumberFormat:
    """Give the format of a row's value: that of its range, where this one would not be seen otherwise."""
    if point.low is None or point.high is None:
        return how
    return range_format(point.low, point.high, how) or how


def range_text(point: Point, how: NumberFormat) -> str:
    """Write a row's range without its unit; empty without one, or where it is too narrow to be told."""
    if point.low is None or point.high is None:
        return ""
    finer = range_format(point.low, point.high, how)
    if finer is None:
        return ""
    low, high = (format_number(end, finer, with_unit=False) for end in (point.low, point.high))
    return tr("{low} to {high}", low=low, high=high)
