"""The one gate through which every value comes into the workbook.

Excel refuses or repairs files that hold what a log may hold: control characters, lone surrogates,
``nan``, dates before 1900. openpyxl lets most of it through or drops it silently. `clean` turns
every value into one that a cell can hold and says what it changed, so that the reader can be told.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final, NamedTuple

from reportgen.language import mark
from reportgen.render.texts import FORBIDDEN, line_feeds, utf16_length, without_forbidden

MAX_TEXT: Final = 32_767
"""Characters (UTF-16 units) of one cell."""
EXACT: Final = 2**53
"""Largest whole number that a cell holds exactly."""
CUT_MARK: Final = " … [cut]"

_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's dates carry no time zone
_EPOCH_UTC: Final = _EPOCH.replace(tzinfo=UTC)
_FIRST_DAYS: Final = timedelta(days=61)
"""To the first of March 1900: Excel counts a 29 February before it."""
_END_DAYS: Final = timedelta(days=2_958_466)
"""To the end of the year 9999, beyond which a time zone may move a moment."""
_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class Note(Enum):
    """What `clean` had to change; the value is the sentence's end after the number of cells."""

    NOT_FINITE = mark("not a number or infinite: a word stands in the cell")
    FORBIDDEN = mark(
        "held characters that a workbook cannot hold: each is shown as \N{REPLACEMENT CHARACTER}"
    )
    TOO_LONG = mark("longer than a cell can hold: the text is cut and says so")
    EARLY_DATE = mark("a date before March 1900, which a workbook cannot count: kept as text")
    BIG_INTEGER = mark("a whole number too long to be held exactly: kept as text")


class Clean(NamedTuple):
    """A value that a cell can hold, and what was changed to get it."""

    value: str | int | float | bool
    note: Note | None = None
    is_date: bool = False
    """*value* counts days since 1899-12-30, UTC."""


def clean(value: object) -> Clean:
    """Turn any value into one that a cell can hold; what it cannot hold becomes text with a note."""
    match value:
        case bool():
            return Clean(value)
        case float():
            return _clean_float(float(value))
        case int():
            return Clean(value) if -EXACT <= value <= EXACT else Clean(str(value), Note.BIG_INTEGER)
        case datetime():
            return _clean_date(value)
        case _:
            return clean_text(str(value))


def clean_text(text: str) -> Clean:
    """Clean a text: line ends become line feeds, forbidden characters a mark, and too much is cut."""
    note = None
    text = line_feeds(text)
    if FORBIDDEN.search(text):
        text, note = without_forbidden(text), Note.FORBIDDEN
    # a text of a quarter of the limit cannot exceed it, escaped (7 for 1 at most of every 7) or not
    if len(text) > MAX_TEXT // 4 and utf16_length(escape(text)) > MAX_TEXT:
        text, note = _cut(text), Note.TOO_LONG
    return Clean(text, note)


def escape(text: str) -> str:
    """Write ``_x0041_`` so that Excel shows it as it is instead of reading it as one character."""
    return _ESCAPE.sub("_x005F_", text) if "_x" in text else text


def starts_like_formula(text: str) -> bool:
    """Tell whether Excel would read the text as a formula when somebody edits the cell."""
    return text[:1] in {"=", "+", "-", "@"}


def _clean_float(value: float) -> Clean:
    if math.isfinite(value):
        return Clean(value + 0.0)  # a negative zero is shown as 0
    word = "not a number" if math.isnan(value) else "infinite" if value > 0 else "minus infinite"
    return Clean(word, Note.NOT_FINITE)


def days_of(value: datetime) -> float | None:
    """Count a moment's days since 1899-12-30, in UTC; None where a workbook cannot."""
    days = value - (_EPOCH_UTC if value.tzinfo else _EPOCH)
    if not _FIRST_DAYS <= days < _END_DAYS:
        return None
    return days.days + (days.seconds + days.microseconds / 1e6) / 86_400


def _clean_date(value: datetime) -> Clean:
    days = days_of(value)
    if days is not None:
        return Clean(days, is_date=True)
    with suppress(OverflowError):  # the first or last day of the calendar, moved out of it by its time zone
        value = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return Clean(value.isoformat(" "), Note.EARLY_DATE)


def _cut(text: str) -> str:
    room = MAX_TEXT - len(CUT_MARK)
    text = text[:room]
    while (excess := utf16_length(escape(text)) - room) > 0:
        text = text[: -max(1, excess // 8)]
    return text + CUT_MARK


@dataclass(slots=True)
class Notes:
    """How often what was changed, by sheet."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(sheet, sentence) → number of cells."""

    def add(self, sheet: str, note: Note) -> None:
        """Count one cell."""
        self.counts[sheet, note.value] += 1
