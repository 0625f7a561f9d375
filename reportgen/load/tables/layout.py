"""Which sheet holds the experiments, in which row its headings stand, and which rows are runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reportgen.language import message
from reportgen.load.tables.raw import Raw, Sheet, column_name

_LOOKED_AT = 50
"""Rows in which the headings are looked for."""
_BELOW = 12
"""Rows below a heading that show what its columns hold."""
_LEAST_TEXTS = 0.6
"""Share of a row's filled cells that must be distinct short texts for it to be the headings."""
_SHORT = 60
_WHOLE_WIDTH = 0.8
"""A merged cell over so much of the table is its title, and no group of columns."""
_TOTALS = re.compile(
    r"(mean|average|avg\.?|total|sum|median|minimum|maximum|min|max|std\.?( dev\.?)?|best|worst)\s*([:(]|of ).*"
    r"|(mean|average|avg\.?|total|sum|median|minimum|maximum|min|max|std\.?( dev\.?)?|best|worst)",
    re.IGNORECASE,
)
_NUMBER_LIKE = re.compile(r"[~<>+-]?\s*[0-9][0-9.,\s']*\s*(%|[A-Za-zµ€$]{0,4})")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table of experiments lies."""

    sheet: Sheet
    header: int
    """Row of the headings, counted from 0."""
    groups: int | None
    """Row above it that names groups of columns; None without one."""
    names: dict[int, str]
    """Heading of each column that has one, group first: "Validation / Accuracy (%)"."""
    rows: tuple[int, ...]
    """Rows that are runs."""
    left_out: dict[int, str] = field(default_factory=dict)
    """Rows below the headings that are none, with the reason."""


def find_layout(sheets: Sequence[Sheet]) -> Layout | None:
    """Find the table of experiments: on the sheet whose headings look most like some."""
    scored = [(*best, sheet) for sheet in sheets if (best := _best_header(sheet)) is not None]
    if not scored:
        return None
    _, header, sheet = max(scored, key=lambda entry: entry[0])  # the first of equals
    return layout_at(sheet, header)


def layout_at(sheet: Sheet, header: int, groups: int | None = None, *, look_above: bool = True) -> Layout:
    """Lay a sheet out whose headings stand in a known row."""
    names = {column: str(value) for column, value in enumerate(sheet.row(header)) if value is not None}
    spans = _groups(sheet, header - 1, names) if look_above and groups is None else {}
    if groups is not None:
        spans = _groups(sheet, groups, names)
    joined = {
        column: f"{spans[column]} / {name}" if column in spans else name for column, name in names.items()
    }
    rows, left_out = _data_rows(sheet, header, list(names))
    return Layout(sheet, header, header - 1 if spans else None, _unique(joined), rows, left_out)


def _best_header(sheet: Sheet) -> tuple[float, int] | None:
    scored = [
        (score, -row)
        for row in range(sheet.top, min(sheet.height, sheet.top + _LOOKED_AT))
        if (score := _score(sheet, row)) > 0
    ]
    if not scored:
        return None
    score, row = max(scored)
    return score, -row


def _score(sheet: Sheet, row: int) -> float:
    """Tell how much a row looks like headings: distinct short texts above columns of something else."""
    filled = {column: value for column, value in enumerate(sheet.row(row)) if value is not None}
    texts = {c: v for c, v in filled.items() if isinstance(v, str) and len(v) <= _SHORT and not _is_value(v)}
    distinct = len(set(texts.values()))
    if len(filled) < 2 or distinct < _LEAST_TEXTS * len(filled):
        return 0.0
    below = [
        r
        for r in range(row + 1, min(sheet.height, row + 1 + _BELOW))
        if any(v is not None for v in sheet.row(r))
    ]
    with_values = sum(1 for column in texts if any(_is_value(sheet.at(r, column)) for r in below))
    filled_below = sum(1 for column in texts if any(sheet.at(r, column) is not None for r in below))
    if not with_values:
        return 0.0
    return distinct / len(filled) * (with_values + 0.1 * filled_below) * min(1.0, len(below) / 3)


def _is_value(value: Raw) -> bool:
    """Tell whether a cell holds something that no heading does: a number, a date, a flag."""
    match value:
        case str():
            return bool(_NUMBER_LIKE.fullmatch(value))
        case bool() | int() | float() | datetime() | timedelta():
            return True
        case _:
            return False


def _groups(sheet: Sheet, row: int, names: dict[int, str]) -> dict[int, str]:
    """Find which columns a row above the headings names together."""
    texts = (
        {column: str(v) for column, v in enumerate(sheet.row(row)) if isinstance(v, str)} if row >= 0 else {}
    )
    if not texts or not names:
        return {}
    width = max(names) - min(names) + 1
    spans: dict[int, str] = {}
    if sheet.merged is not None:
        for top, first, bottom, last in sheet.merged:
            if top <= row <= bottom and first in texts and 1 < last - first + 1 < _WHOLE_WIDTH * width:
                spans |= {column: texts[first] for column in range(first, last + 1) if column in names}
        return spans
    return _groups_by_need(texts, names)


def _groups_by_need(texts: dict[int, str], names: dict[int, str]) -> dict[int, str]:
    """Find groups where the format tells of no merged cells: headings that are there twice need some.

    A group goes on to the next one; the last is as wide as the one before it, or ends at the last
    heading that is there twice.
    """
    twice = [column for column, name in names.items() if list(names.values()).count(name) > 1]
    starts = sorted(texts)
    if not twice:
        return {}
    before = starts[-1] - starts[-2] if len(starts) > 1 else 1
    ends = [*starts[1:], max(starts[-1] + before, max(twice) + 1)]
    spans: dict[int, str] = {}
    for first, end in zip(starts, ends, strict=True):
        spans |= {column: texts[first] for column in range(first, end) if column in names}
    return spans


def _data_rows(sheet: Sheet, header: int, columns: list[int]) -> tuple[tuple[int, ...], dict[int, str]]:
    rows: list[int] = []
    left_out: dict[int, str] = {}
    after_gap = False
    for row in range(header + 1, sheet.height):
        filled = {column: value for column in columns if (value := sheet.at(row, column)) is not None}
        if not filled:
            after_gap = True
            continue
        first = filled[min(filled)]
        if after_gap and rows and len(filled) > 1 and _score(sheet, row) > 0:
            left_out[row] = message("another table begins here; only the first one of a sheet is read")
            break
        if isinstance(first, str) and _TOTALS.fullmatch(first) and (after_gap or len(filled) < len(columns)):
            left_out[row] = message("it sums up other rows ({text})", text=first)
        elif len(filled) == 1 and isinstance(first, str) and len(columns) > 2:
            left_out[row] = message("it holds a remark only ({text})", text=first[:_SHORT])
        else:
            rows.append(row)
    return tuple(rows), left_out


def _unique(names: dict[int, str]) -> dict[int, str]:
    """Tell columns of the same heading apart by their letter."""
    counts: dict[str, int] = {}
    for name in names.values():
        counts[name] = counts.get(name, 0) + 1
    return {
        column: name if counts[name] == 1 else f"{name} (column {column_name(column)})"
        for column, name in names.items()
    }
