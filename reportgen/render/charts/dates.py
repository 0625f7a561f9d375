"""Ticks of an axis of dates: round hours, days, months or years in UTC."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from reportgen.language import day_and_month, month_text

_EVEN = (1, 5, 15, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 1209600)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
_DAY_S = 86400


def date_ticks(low: float, high: float, count: int) -> tuple[tuple[float, str], ...]:
    """Give at most about *count* ticks between two times.

    Args:
        low: Seconds since the Unix epoch, UTC.
        high: The same.
        count: How many there is room for.

    Returns:
        Place and text of each tick; nothing where the values are no dates of the calendar.
    """
    try:
        start, end = datetime.fromtimestamp(low, UTC), datetime.fromtimestamp(high, UTC)
    except (OverflowError, OSError, ValueError):
        return ()
    for step in _EVEN:
        if (high - low) / step <= count:
            return tuple((t.timestamp(), _text(t, step)) for t in _even(start, end, step))
    months = (end.year - start.year) * 12 + end.month - start.month
    step = next((m for m in _MONTHS if months / m <= count), 6000)
    return tuple(
        (t.timestamp(), f"{t:%Y}" if step >= 12 else month_text(t)) for t in _monthly(start, end, step)
    )


def _even(start: datetime, end: datetime, step: int) -> Iterator[datetime]:
    # weeks begin on Mondays: the epoch was a Thursday
    shift = 4 * _DAY_S if step % (7 * _DAY_S) == 0 else 0
    first = -((-start.timestamp() + shift) // step) * step + shift
    for number in itertools.count():
        place = first + number * step
        if place > end.timestamp():
            return
        yield datetime.fromtimestamp(place, UTC)


def _monthly(start: datetime, end: datetime, step: int) -> Iterator[datetime]:
    month = start.year * 12 + start.month - 1
    month += -month % step
    while month // 12 <= end.year:
        place = datetime(max(month // 12, 1), month % 12 + 1, 1, tzinfo=UTC)
        if place > end:
            return
        if place >= start - timedelta(seconds=1):
            yield place
        month += step


def _text(time: datetime, step: int) -> str:
    if step >= _DAY_S:
        return day_and_month(time)
    clock = f"{time:%H:%M:%S}" if step < 60 else f"{time:%H:%M}"
    return day_and_month(time) if clock in {"00:00", "00:00:00"} else clock
