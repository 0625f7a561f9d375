"""What the cells of one column say: numbers in one notation, dates in one order.

A value that is not understood is never dropped silently: it is in ``unread``, and the report counts it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from reportgen.language import mark, message
from reportgen.load.tables.raw import Raw

Value = str | float | int | bool | datetime
Decimal = Literal[".", ","]

_MISSING = frozenset(
    (
        "n/a",
        "na",
        "n.a.",
        "none",
        "null",
        "-",
        "--",
        "\N{EN DASH}",
        "\N{EM DASH}",
        "?",
        "tbd",
        "missing",
        "#n/a",
    )
)
_NON_FINITE = {"nan": math.nan, "inf": math.inf, "+inf": math.inf, "-inf": -math.inf, "infinity": math.inf}
_NUMBER = {
    ".": re.compile(r"[+-]?(?:[0-9]{1,3}(?:[,\s'][0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"),
    ",": re.compile(r"[+-]?(?:[0-9]{1,3}(?:[.\s'][0-9]{3})+|[0-9]+)?(?:,[0-9]+)?(?:[eE][+-]?[0-9]+)?"),
}
_AMBIGUOUS = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")
_WITH_UNIT = re.compile(r"(?P<number>.*[0-9])\s*(?P<unit>%|[A-Za-zµ€$]{1,6})")
_DATE_FORMATS = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d", "%d.%m.%Y", "%d.%m.%y",
    "%d.%m.%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y",
)  # fmt: skip
_TWO_ORDERS = mark(
    "its dates can be read with the day first or with the month first; they are kept as they stand"
)
MOSTLY = 0.7
"""A column of which so much is numbers is one of numbers; the rest of its cells is told as not understood."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One column's cells below the header, by row of the file; rows that are empty there are left out."""

    raw: Mapping[int, Raw]
    percent: frozenset[int] = frozenset()
    """Rows whose number the file shows in percent: it is a fraction already."""


@dataclass(frozen=True, slots=True)
class Read:
    """A column, understood."""

    kind: Literal["number", "date", "flag", "text", "empty"]
    values: Mapping[int, Value]
    unread: Mapping[int, str]
    """Cells that are no such value, with what they say."""
    in_percent: bool = False
    """Whether its numbers were written in percent; *values* then are fractions."""
    unit: str = ""
    """The unit behind its numbers, where all that have one agree."""
    doubt: str = ""
    """One sentence on what had to be guessed about its notation."""


def decimal_of(columns: Iterable[Cells]) -> tuple[Decimal, bool]:
    """Find which sign stands before the decimals in a table, and whether its texts show that for sure."""
    texts = [str(raw) for cells in columns for raw in cells.raw.values() if isinstance(raw, str)]
    bare = [_without_unit(text)[0] for text in texts]
    points = sum(1 for text in bare if _is_only(text, "."))
    commas = sum(1 for text in bare if _is_only(text, ","))
    return ("," if commas > points else "."), points != commas


def _is_only(text: str, decimal: Decimal) -> bool:
    """Tell whether a text is a number with decimals in this notation and in no other."""
    other: Decimal = "," if decimal == "." else "."
    shows = decimal in text and not _AMBIGUOUS.fullmatch(text)
    return shows and bool(_NUMBER[decimal].fullmatch(text)) and not _NUMBER[other].fullmatch(text)


def read_column(
    cells: Cells,
    decimal: Decimal,
    *,
    is_percent: bool = False,
    is_sure: bool = True,
    expected: Literal["number", "date"] | None = None,
) -> Read:
    """Understand a column.

    Args:
        cells: What stands there.
        decimal: The table's sign before decimals.
        is_percent: The heading says percent.
        is_sure: Whether *decimal* is known and not guessed.
        expected: What somebody said that it holds; what is none of it then is in ``unread``.
    """
    rest = {
        row: raw
        for row, raw in cells.raw.items()
        if raw is not None and not (isinstance(raw, str) and raw.lower() in _MISSING)
    }
    if not rest:
        return Read("empty", {}, {})
    if all(isinstance(raw, bool) for raw in rest.values()) and expected != "date":
        return Read("flag", {row: bool(raw) for row, raw in rest.items()}, {})
    as_date = _dated(rest, is_wanted=expected == "date") if expected != "number" else None
    if as_date is not None:
        return as_date
    numbers = {row: number for row, raw in rest.items() if (number := _as_number(raw, decimal)) is not None}
    if expected is None and (len(numbers) < MOSTLY * len(rest) or not numbers):
        return Read("text", _as_texts(rest), {})
    unread = {row: _as_text(raw) for row, raw in rest.items() if row not in numbers}
    read = _numbers(numbers, cells.percent, is_percent=is_percent)
    told = [read.doubt] if read.doubt else []
    if not is_sure and any(isinstance(raw, str) and _AMBIGUOUS.fullmatch(raw) for raw in rest.values()):
        told.append(message("a number such as 1.234 or 1,234 may be written with decimals or with thousands"))
    return replace(read, unread=unread, doubt="; ".join(told))


def _dated(rest: Mapping[int, Raw], *, is_wanted: bool) -> Read | None:
    """Read a column of dates; None where it holds none and nobody said that it does."""
    readings = _as_dates(rest)
    if len(readings) == 1:
        return Read("date", readings[0], {})
    if is_wanted:  # cell by cell: what can be read in one way only
        of_cells = {row: _as_dates({row: raw}) for row, raw in rest.items()}
        dates = {row: found[0][row] for row, found in of_cells.items() if len(found) == 1}
        return Read("date", dates, {row: _as_text(raw) for row, raw in rest.items() if row not in dates})
    return Read("text", _as_texts(rest), {}, doubt=message(_TWO_ORDERS)) if readings else None


def _numbers(
    numbers: Mapping[int, tuple[float, str]],
    shown_in_percent: frozenset[int],
    *,
    is_percent: bool,
) -> Read:
    units = {unit for _, unit in numbers.values() if unit not in ("", "%")}
    written = {row for row, (_, unit) in numbers.items() if unit == "%"}
    in_percent = is_percent or bool(written) or bool(shown_in_percent)
    values, doubtful = {}, 0
    for row, (number, unit) in numbers.items():
        if row in shown_in_percent or not in_percent:
            values[row] = number
        elif unit == "%" or is_percent:
            values[row] = number / 100
        else:  # a bare number in a column where others are in percent
            values[row] = number / 100 if abs(number) > 1 else number
            doubtful += 1
    told = ""
    if doubtful:
        told = message(
            "some of its numbers have a percent sign and others none; those above 1 are taken as percent"
        )
    whole = all(number == int(number) for number in values.values() if math.isfinite(number))
    kept: dict[int, Value] = {
        row: int(number) if whole and math.isfinite(number) and not in_percent else number
        for row, number in values.items()
    }
    unit = units.pop() if len(units) == 1 else ""
    return Read("number", kept, {}, in_percent, unit, told)


def _as_number(raw: Raw, decimal: Decimal) -> tuple[float, str] | None:
    """Give a number and the unit behind it; None for what is none."""
    match raw:
        case bool() | None | datetime():
            return None
        case int() | float():
            return float(raw), ""
        case timedelta():
            return raw.total_seconds(), "s"
        case str():
            return _parsed(raw, decimal)


def _parsed(raw: str, decimal: Decimal) -> tuple[float, str] | None:
    if raw.lower() in _NON_FINITE:
        return _NON_FINITE[raw.lower()], ""
    text, unit = _without_unit(raw.replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", " "))
    if not text.strip("+-.,") or not _NUMBER[decimal].fullmatch(text):
        return None
    plain = re.sub(r"[\s']", "", text)
    plain = plain.replace(",", "") if decimal == "." else plain.replace(".", "").replace(",", ".")
    return float(plain), unit


def _without_unit(text: str) -> tuple[str, str]:
    match = _WITH_UNIT.fullmatch(text)
    return (match["number"], match["unit"]) if match else (text, "")


def _as_dates(rest: Mapping[int, Raw]) -> list[dict[int, Value]]:
    """Read all cells as dates, in every way that fits all of them and gives other dates."""
    texts = {row: raw for row, raw in rest.items() if isinstance(raw, str)}
    times: dict[int, Value] = {row: raw for row, raw in rest.items() if isinstance(raw, datetime)}
    if len(texts) + len(times) < len(rest):
        return []
    if not texts:
        return [times]
    readings: list[dict[int, Value]] = []
    for form in _DATE_FORMATS:
        read = _all_dates(texts.values(), form)
        reading = {**times, **dict(zip(texts, read, strict=True))} if read else {}
        if reading and reading not in readings:
            readings.append(reading)
    return readings


def _all_dates(texts: Iterable[str], form: str) -> Sequence[datetime]:
    try:
        return [datetime.strptime(text, form) for text in texts]  # noqa: DTZ007 - the file tells no zone
    except ValueError:
        return ()


def _as_texts(rest: Mapping[int, Raw]) -> dict[int, Value]:
    return {row: _as_text(raw) for row, raw in rest.items()}


def _as_text(raw: Raw) -> str:
    match raw:
        case float() if raw == int(raw):
            return str(int(raw))
        case datetime():
            return raw.isoformat(sep=" ").removesuffix(" 00:00:00")
        case _:
            return str(raw)
