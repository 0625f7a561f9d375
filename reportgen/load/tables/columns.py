"""What each column of a table is: a setting, a metric, the date, a remark. Guessed from heading and values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from reportgen.language import message
from reportgen.load.tables.layout import Layout
from reportgen.load.tables.values import Cells, Decimal, Read, decimal_of, read_column

Use = Literal["setting", "metric", "name", "date", "status", "note", "data_version", "tag", "nothing"]
USES: tuple[Use, ...] = get_args(Use)

Knows = Callable[[str], tuple[bool, bool]]
"""Tells of a name whether a metric is called so, and whether that metric is a share of something."""

_BY_HEADING: Mapping[str, Use] = {
    **dict.fromkeys(
        (
            "run",
            "run name",
            "run id",
            "name",
            "id",
            "nr",
            "no",
            "trial",
            "experiment name",
            "experiment id",
            "#",
        ),
        "name",
    ),
    **dict.fromkeys(
        ("date", "day", "when", "started", "start", "start date", "run date", "timestamp"), "date"
    ),
    **dict.fromkeys(("status", "state", "outcome"), "status"),
    **dict.fromkeys(("note", "notes", "comment", "comments", "remark", "remarks"), "note"),
    **dict.fromkeys(("data version", "dataset version", "data set version"), "data_version"),
    **dict.fromkeys(
        ("who", "by", "user", "owner", "author", "person", "host", "machine", "link", "url"), "tag"
    ),
}
_UNIT = re.compile(r"(?P<name>.*\S)\s*[\[(](?P<unit>[^\])]{1,12})[\])]")
_PERCENT_WORDS = ("%", "percent", "pct")
_WORDS_OF_PERCENT = re.compile(r"(?P<name>.*\S)[\s_]+(%|percent|pct)", re.IGNORECASE)
_UNIT_WORDS = frozenset(
    (
        "s",
        "sec",
        "secs",
        "seconds",
        "ms",
        "us",
        "min",
        "minutes",
        "h",
        "hours",
        "mb",
        "gb",
        "kb",
        "bytes",
        "usd",
        "eur",
        "kwh",
    )
)
"""Units that a metric's name may end in."""
_MANY = 8
"""More different numbers than this, in most rows another one, are measured and not set."""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How one column is read."""

    heading: str
    use: Use
    name: str
    """Of the metric or the setting; the heading without its unit."""
    percent: bool = False
    """Whether the numbers are written in percent."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is read: what the mapping file keeps."""

    sheet: str
    header_rows: tuple[int, ...]
    """Counted from 1, as spreadsheets do."""
    decimal: Decimal
    columns: tuple[ColumnPlan, ...]
    doubts: tuple[str, ...] = ()
    """Sentences on what had to be guessed about notations."""


def cells_of(layout: Layout, column: int) -> Cells:
    """Give a column's filled cells in the rows that are runs."""
    sheet = layout.sheet
    raw = {row: value for row in layout.rows if (value := sheet.at(row, column)) is not None}
    return Cells(raw, frozenset(row for row in raw if (row, column) in sheet.percent))


def guess_plan(layout: Layout, knows: Knows) -> Plan:
    """Guess how a table is to be read."""
    cells = {column: cells_of(layout, column) for column in layout.names}
    decimal, is_sure = decimal_of(cells.values())
    columns, doubts = [], []
    for column, heading in layout.names.items():
        name, unit, is_percent = split_heading(heading)
        read = read_column(cells[column], decimal, is_percent=is_percent, is_sure=is_sure)
        plan = _plan(heading, name, unit, read, knows)
        columns.append(plan)
        if read.doubt:
            doubts.append(message("Column {heading}: {why}.", heading=repr(heading), why=read.doubt))
    used = [plan for plan in columns if plan.use == "name"]
    if len(used) > 1:  # the first one names the runs, the others are kept beside it
        columns = [replace(p, use="tag") if p in used[1:] else p for p in columns]
    rows = (layout.header + 1,) if layout.groups is None else (layout.groups + 1, layout.header + 1)
    return Plan(layout.sheet.name, rows, decimal, tuple(columns), tuple(doubts))


def split_heading(heading: str) -> tuple[str, str, bool]:
    """Cut the unit off a heading: ``Latency (ms)`` → Latency, ms; and tell whether it says percent."""
    flat = heading.replace(" / ", " ")
    match = _UNIT.fullmatch(flat)
    if match is not None:
        return match["name"], match["unit"], match["unit"].strip().lower() in _PERCENT_WORDS
    match = _WORDS_OF_PERCENT.fullmatch(flat)
    return (match["name"], "%", True) if match is not None else (flat, "", False)


def _plan(heading: str, name: str, unit: str, read: Read, knows: Knows) -> ColumnPlan:
    use = _BY_HEADING.get(name.lower().strip(" ."))
    if use == "date" and read.kind != "date":
        use = "tag"
    if use is not None:
        return ColumnPlan(heading, use, name)
    match read.kind:
        case "empty":
            return ColumnPlan(heading, "nothing", name)
        case "date":
            return ColumnPlan(heading, "tag", name)
        case "number":
            return _plan_of_numbers(heading, name, unit or read.unit, read, knows)
        case _:
            return ColumnPlan(heading, "tag" if _all_differ(read) else "setting", name)


def _plan_of_numbers(heading: str, name: str, unit: str, read: Read, knows: Knows) -> ColumnPlan:
    is_unit = unit.lower() in _UNIT_WORDS
    is_metric, is_share = knows(f"{name} {unit}" if is_unit else name)
    if is_metric or _is_measured(read):
        if read.in_percent and not is_share:  # shown as it is written: only shares are spoken of in percent
            return ColumnPlan(heading, "metric", f"{name} (%)", percent=False)
        return ColumnPlan(
            heading, "metric", f"{name} {unit}" if is_unit else _named(name, unit), read.in_percent
        )
    return ColumnPlan(heading, "setting", _named(name, unit))


def _named(name: str, unit: str) -> str:
    return name if not unit or unit.strip().lower() in _PERCENT_WORDS else f"{name} ({unit})"


def _all_differ(read: Read) -> bool:
    return len(read.values) > 2 and len(set(read.values.values())) == len(read.values)


def _is_measured(read: Read) -> bool:
    """Tell whether numbers look like results: nearly every row has another one, and they are not whole."""
    different = len(set(read.values.values()))
    are_whole = all(isinstance(value, int) for value in read.values.values())
    return not are_whole and different > _MANY and different > 0.8 * len(read.values)
