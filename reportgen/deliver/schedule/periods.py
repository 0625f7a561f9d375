"""Periods by the calendar: their keys, where they begin and end, and which one follows which."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from reportgen.config.settings import Rhythm
from reportgen.errors import UsageError
from reportgen.issues import Period

SWEEP: Final = "every sweep"
_FORMS: dict[Rhythm, tuple[re.Pattern[str], str]] = {
    "weekly": (re.compile(r"(\d{4})-W(\d{2})"), "2026-W46"),
    "daily": (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), "2026-11-23"),
    "monthly": (re.compile(r"(\d{4})-(\d{2})"), "2026-11"),
    SWEEP: (re.compile(r"sweep-([0-9a-f]{12})"), "sweep-0123456789ab"),
}


def period_around(rhythm: Rhythm, day: date, zone: ZoneInfo) -> Period:
    """Give the week (from Monday, as ISO 8601 counts), day or month that a day lies in.

    Raises:
        ValueError: A sweep has no place in the calendar.
    """
    match rhythm:
        case "weekly":
            year, week, weekday = day.isocalendar()
            first = day - timedelta(days=weekday - 1)
            key, after = f"{year}-W{week:02d}", first + timedelta(days=7)
        case "daily":
            first, key, after = day, day.isoformat(), day + timedelta(days=1)
        case "monthly":
            first = day.replace(day=1)
            key, after = f"{day:%Y-%m}", (first + timedelta(days=32)).replace(day=1)
        case _:
            raise ValueError(rhythm)
    return Period(key, rhythm, _midnight(first, zone), _midnight(after, zone))


def period_before(period: Period) -> Period:
    """Give the one that ended where this one begins.

    Raises:
        ValueError: A sweep has no place in the calendar.
    """
    if period.start is None or not isinstance(period.start.tzinfo, ZoneInfo):
        raise ValueError(period.key)
    return period_around(period.rhythm, period.start.date() - timedelta(days=1), period.start.tzinfo)


def period_named(key: str, rhythm: Rhythm, zone: ZoneInfo) -> Period:
    """Give the period that a key such as ``2026-W46`` names.

    Raises:
        UsageError: There is no such period, or the schedule has periods of another kind.
    """
    pattern, example = _FORMS[rhythm]
    match = pattern.fullmatch(key)
    if match is None:
        raise UsageError(
            f"{key!r} names no period of a {rhythm} report", do=f"Write it as {example}, or leave it out."
        )
    if rhythm == SWEEP:
        return sweep_period(match[1])
    try:
        period = period_around(rhythm, _first_day(key, rhythm), zone)
    except (ValueError, OverflowError):
        raise UsageError(f"there is no {key!r} in the calendar", do=f"Write it as {example}.") from None
    return period


def sweep_period(digest: str) -> Period:
    """Give the period of all runs with this digest, in hexadecimal."""
    return Period(f"sweep-{digest[:12]}", SWEEP, None, None)


def _first_day(key: str, rhythm: Rhythm) -> date:
    if rhythm == "weekly":
        return date.fromisocalendar(int(key[:4]), int(key[6:]), 1)
    return date.fromisoformat(key if rhythm == "daily" else f"{key}-01")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
