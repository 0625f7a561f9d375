"""The one gate through which every value comes into the sheet: typed, never parsed by the sheet.

A text stays a text, whatever it begins with; a number that a cell cannot hold is an empty cell and a word
beside it, so that averages and charts of the column go on working.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple

from reportgen.language import tr
from reportgen.render.texts import line_feeds, utf16_length, without_forbidden

MAX_TEXT: Final = 50_000
"""Characters that a cell holds."""
EXACT: Final = 2**53
"""Whole numbers beyond it lose digits: they are kept as text."""
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number has no zone
_FIRST_YEAR: Final = 1900
_BLANKS: Final = re.compile(r"\s+")


class Formula(NamedTuple):
    """A formula of ours, with its sign.

    Arguments are parted by semicolons, which every locale of the sheet takes, and no formula holds a
    decimal number or a list in braces, which are written differently from locale to locale.
    """

    text: str


Value = str | float | bool | Formula | None
"""What a cell holds; None for an empty one."""


class Clean(NamedTuple):
    """A value that a cell can hold, and the word for it where there is none."""

    value: Value
    word: str = ""


def clean(value: object, zone: tzinfo) -> Clean:
    """Turn any value into one that a cell can hold; moments become serial numbers in the zone of the sheet."""
    match value:
        case None | bool() | Formula():
            return Clean(value)
        case float() if not math.isfinite(value):
            word = tr("not a number") if math.isnan(value) else tr("infinite")
            return Clean(None, word if not value < 0 else tr("minus infinite"))
        case float():
            return Clean(float(value) + 0.0)
        case int():
            return Clean(value) if -EXACT <= value <= EXACT else Clean(str(value))
        case datetime():
            return Clean(serial(value, zone))
        case _:
            return Clean(clean_text(str(value)) or None)


def clean_text(text: str) -> str:
    """Put a mark for every character that no cell holds, and cut what is too long, saying so."""
    text = without_forbidden(line_feeds(text))
    if len(text) <= MAX_TEXT // 2 or utf16_length(text) <= MAX_TEXT:
        return text
    ending = f" \N{HORIZONTAL ELLIPSIS} [{tr('cut: the text is longer than a cell can hold')}]"
    room = MAX_TEXT - len(ending)
    text = text[:room]
    while (excess := utf16_length(text) - room) > 0:
        text = text[: -max(1, excess // 2)]
    return text + ending


def one_line(text: str) -> str:
    """Clean a text and put it on one line."""
    return _BLANKS.sub(" ", clean_text(text)).strip()


def serial(moment: datetime, zone: tzinfo) -> float | str:
    """Count a moment's days since the end of 1899 as the sheet's zone has it; one without a zone stays as it is."""
    try:
        local = moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return moment.isoformat(" ")
    if local.year < _FIRST_YEAR:
        return local.isoformat(" ")
    return (local - _EPOCH) / timedelta(days=1)


def is_day(moment: datetime) -> bool:
    """Tell whether a moment means a whole day, which no zone may move."""
    at = moment if moment.tzinfo is None else moment.astimezone(UTC)
    return at.hour == at.minute == at.second == at.microsecond == 0


def typed(value: Value) -> dict[str, Any] | None:
    """Give a value as the interface takes it."""
    match value:
        case None:
            return None
        case bool():
            return {"boolValue": value}
        case Formula():
            return {"formulaValue": value.text}
        case str():
            return {"stringValue": value}
        case _:
            return {"numberValue": value}


def quoted(text: str) -> str:
    """Give a text as a formula holds it."""
    return '"' + text.replace('"', '""') + '"'


def column_letter(column: int) -> str:
    """Name a column: 0 is A."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def cell_name(row: int, column: int) -> str:
    """Name a cell: row 0, column 0 is A1."""
    return f"{column_letter(column)}{row + 1}"
