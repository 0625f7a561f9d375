"""Dates as people of the spoken language write them. Times are UTC, or say no zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from reportgen.language.language import ENGLISH
from reportgen.language.speaking import spoken, tr

_NARROW = "\N{NO-BREAK SPACE}"
_FULL_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEK, _DAY, _MONTH = (
    re.compile(form, re.ASCII) for form in (r"(\d{4})-W(\d{2})", r"\d{4}-\d{2}-\d{2}", r"\d{4}-\d{2}")
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_text(day: date) -> str:
    """Write a day: ``21 Nov 2026``."""
    return _written(day, "yMMMd", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def long_day_text(day: date) -> str:
    """Write a day with its month in full: ``21 November 2026``."""
    return _written(day, "yMMMMd", f"{day.day} {_FULL_MONTHS[day.month - 1]} {day.year}")


def day_and_month(day: date) -> str:
    """Write a day without its year: ``21 Nov``."""
    return _written(day, "MMMd", f"{day.day} {_MONTHS[day.month - 1]}")


def month_text(day: date) -> str:
    """Write a month: ``Nov 2026``."""
    return _written(day, "yMMM", f"{_MONTHS[day.month - 1]} {day.year}")


def time_text(time: datetime) -> str:
    """Write a time: ``21 Nov 2026, 17:30 UTC``; a naive one without a zone. It breaks at the comma only."""
    zone = f"{_NARROW}UTC" if time.tzinfo is not None else ""
    if time.tzinfo is not None:
        time = time.astimezone(UTC)
    return f"{day_text(time).replace(' ', _NARROW)}, {time:%H:%M}{zone}"


def period_text(key: str) -> str:
    """Write the key of a period as people say it: ``week 46 of 2026``, ``23 November 2026``, ``Nov 2026``.

    What is no key of a week, day or month stays as it is.
    """
    try:
        if match := _WEEK.fullmatch(key):
            return tr("week {week} of {year}", week=int(match[2]), year=match[1])
        if _DAY.fullmatch(key):
            return long_day_text(date.fromisoformat(key))
        if _MONTH.fullmatch(key):
            return month_text(date.fromisoformat(f"{key}-01"))
    except ValueError:  # the 31st of February
        return key
    return key


def _written(day: date, skeleton: str, english: str) -> str:
    """Write a day by one of CLDR's skeletons; in English as our house does."""
    if spoken() is ENGLISH:
        return english
    from babel.dates import format_skeleton

    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day, tzinfo=UTC)
    return format_skeleton(skeleton, moment, locale=spoken().code)
