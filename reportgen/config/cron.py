"""The five fields of cron, checked: minute, hour, day of the month, month, day of the week."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELDS: tuple[tuple[str, int, int, Sequence[str]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 7, _WEEKDAYS),
)
"""Of each field: what it is, its least and its largest number, and the names that stand for numbers."""
_LONGEST_MONTH = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_TERM = re.compile(r"(?P<from>\*|\w+)(?:-(?P<to>\w+))?(?:/(?P<step>\d{1,3}))?", re.ASCII)


def cron_mistake(text: str) -> str | None:
    """Say what is wrong with an expression, None if nothing is.

    Understood are numbers, names of months and days, ranges, steps and lists of them. What only some
    programs know (``@daily``, ``L``, ``#``, seconds) is refused, so that it means the same everywhere.
    """
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return f"it has {len(fields)} fields instead of 5: minute, hour, day of the month, month, day of the week"
    numbers = []
    for field, (what, least, largest, names) in zip(fields, _FIELDS, strict=True):
        found: set[int] = set()
        for term in field.split(","):
            part = _numbers(term, least, largest, names)
            if part is None:
                return f"{field!r} is no {what} ({least} to {largest})"
            found |= part
        numbers.append(found)
    days, months = numbers[2], numbers[3]
    if fields[4].startswith("*") and min(days) > max(_LONGEST_MONTH.get(month, 31) for month in months):
        return "no month has such a day"
    return None


def _numbers(term: str, least: int, largest: int, names: Sequence[str]) -> set[int] | None:
    match = _TERM.fullmatch(term)
    if not match:
        return None
    step = int(match["step"] or 1)
    if match["from"] == "*":
        first, last = least, largest
        known = match["to"] is None
    else:
        start = _number(match["from"], least, names)
        end = _number(match["to"], least, names) if match["to"] else start
        known = start is not None and end is not None
        first, last = start or 0, end or 0
        if match["step"] and not match["to"]:
            last = largest
    if not known or step == 0 or not least <= first <= last <= largest:
        return None
    return set(range(first, last + 1, step))


def _number(text: str, least: int, names: Sequence[str]) -> int | None:
    if text.upper() in names:
        # months count from 1, days of the week from 0
        return names.index(text.upper()) + least
    return int(text) if text.isdigit() else None
