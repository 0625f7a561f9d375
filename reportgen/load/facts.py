"""Reads the facts of runs (``run*.csv``), many small files at once.

A row that another run of the batch has too (the same machine, packages, commit, parameter value) is
decoded once: that is most of them.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from itertools import repeat
from typing import Any, NamedTuple

from reportgen import schema
from reportgen.load.interface import Fault

BOM = b"\xef\xbb\xbf"
_HEADER = ",".join(schema.RUN_HEADER)
_CLOSED = frozenset(schema.STATUSES) - {"running"}
_QUOTED_CELL = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_PLAIN_CELL = re.compile(r'[^",]*')


class Fact(NamedTuple):
    """One row without its time; `ordinal` is the same for equal rows of a batch."""

    kind: str
    name: str
    value: Any
    ordinal: int


class RunFacts:
    """The facts of one run: of each (kind, name) the latest, of notes all."""

    __slots__ = (
        "by_kind",
        "first_time",
        "newest_time",
        "notes",
        "ordinals",
        "reason",
        "status",
        "status_time",
    )

    def __init__(self) -> None:
        """Start with nothing known."""
        self.by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in schema.KINDS}
        self.ordinals: dict[str, list[int]] = {"code": [], "env": []}
        self.notes: list[str] = []
        self.status = ""
        self.status_time = math.nan
        self.reason = ""
        self.first_time = math.nan
        self.newest_time = math.nan

    def fill(self, rows: list[tuple[float, Fact]]) -> None:
        """Take in all rows, in order of time."""
        by_kind, ordinals = self.by_kind, self.ordinals
        for time, (kind, name, value, ordinal) in rows:
            by_kind[kind][name] = value
            if kind in ordinals:
                ordinals[kind].append(ordinal)
            elif kind == "note":
                self.notes.append(value if isinstance(value, str) else str(value))
            elif kind == "status":
                self._add_status(time, name, value)

    def _add_status(self, time: float, name: str, value: Any) -> None:
        if name == "reason":
            self.reason = "" if value is None else str(value)
        elif name == "status":
            self.status = str(value)
            self.status_time = time
            if value == "running":  # a resumed run: the reason of its former end is history
                self.reason = ""

    @property
    def closing_status(self) -> str:
        """The status that the run closed with; empty while it has none."""
        return self.status if self.status in _CLOSED else ""

    @property
    def started(self) -> float:
        """Start in seconds since the epoch; NaN where the run does not tell."""
        value = self.by_kind["run"].get("started")
        if isinstance(value, bool) or value is None:
            return math.nan
        if isinstance(value, (int, float)):
            return float(value)
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            return math.nan
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


class NotRunFileError(ValueError):
    """A file is called like a run file and does not begin like one."""


class FactReader:
    """Reads the run files of one batch."""

    def __init__(self) -> None:
        """Start with no row known."""
        self._known: dict[str, Fact] = {}

    def read(self, files: list[tuple[str, bytes]], faults: list[Fault]) -> RunFacts:
        """Read all run files of one run.

        Args:
            files: Name and bytes of each.
            faults: What is wrong in them is added here.

        Raises:
            NotRunFileError: None of them begins like a run file; it says how the first one begins.
        """
        rows: list[tuple[float, Fact]] = []
        foreign = []
        for name, data in files:
            try:
                rows += self._rows(name, data, faults)
            except NotRunFileError as error:
                foreign.append(Fault("other", name, 1, 1, f"{error}; it is left out"))
        if files and len(foreign) == len(files):
            raise NotRunFileError(foreign[0].text.removesuffix("; it is left out"))
        faults += foreign
        if len(files) > 1:
            rows.sort(key=lambda row: row[0])
        facts = RunFacts()
        facts.fill(rows)
        if rows:
            times = {time for time, _ in rows}
            facts.first_time, facts.newest_time = min(times), max(times)
        return facts

    def _rows(self, name: str, data: bytes, faults: list[Fault]) -> list[tuple[float, Fact]]:
        """Give the rows of one file that can be read."""
        text = _decode(name, data.removeprefix(BOM), faults)
        if not text:
            return []
        header, newline, body = text.partition("\n")
        header = header.removesuffix("\r")
        if header != _HEADER and not (not newline and _HEADER.startswith(header)):
            raise NotRunFileError(f"{name} begins with {header[:60]!r}, not with {_HEADER!r}")
        end = body.rfind("\n") + 1
        if body[end:] or not newline:
            line = text.count("\n") + 1
            faults.append(Fault("torn_line", name, line, 1, _torn_text(name, line)))
        return self._quick_body(body[:end]) or self._body(name, body[:end].split("\n"), faults)

    def _quick_body(self, body: str) -> list[tuple[float, Fact]]:
        """Read a body most of whose rows have the first one's time; nothing if that is not all in order.

        Cut at line ends that this time follows, the pieces are rows without their time: those that
        another run has too cost one look-up each.
        """
        prefix = body[: body.find(",") + 1]
        time = _time(prefix[:-1])
        if math.isnan(time):
            return []
        tails = body[len(prefix) :].split(f"\n{prefix}")
        last = tails.pop()  # with all rows of other times
        facts: list[Any] = list(map(self._known.get, tails))
        for at, tail in enumerate(tails):
            if facts[at] is None:
                if "\n" in tail or "\r" in tail or not tail or tail.count('"') % 2:
                    return []
                facts[at] = self._remember(tail)
                if isinstance(facts[at], str):
                    return []
        later: list[Fault] = []
        rows = [*zip(repeat(time), facts), *self._body("", f"{prefix}{last}".split("\n"), later)]
        return [] if later else rows

    def _remember(self, tail: str) -> Fact | str:
        """Decode a row; only a good one is remembered: what a bad one is depends on the lines after it."""
        fact = _fact(tail, len(self._known))
        if isinstance(fact, Fact):
            self._known[tail] = fact
        return fact

    def _body(self, name: str, lines: list[str], faults: list[Fault]) -> list[tuple[float, Fact]]:
        """Read the lines after the header; a row that was seen before needs no second look at its cells."""
        known = self._known
        rows: list[tuple[float, Fact]] = []
        time_text, time = "", math.nan
        at = 0
        while at < len(lines):
            first, _, tail = lines[at].partition(",")
            fact: Fact | str | None = known.get(tail)
            taken = 1
            if fact is None:
                if lines[at] in ("", "\r"):
                    at += 1
                    continue
                tail, taken = _whole_tail(lines, at, tail)
                fact = known.get(tail) or self._remember(tail)
            if first != time_text:
                time_text, time = first, _time(first)
            problem = f"{first[:40]!r} is no time" if math.isnan(time) else fact
            if isinstance(problem, str):
                faults.append(_row_fault(name, at + 2, problem))
            else:
                rows.append((time, problem))
            at += taken
        return rows


def _time(text: str) -> float:
    """Read a time; NaN where it is none."""
    try:
        time = float(text)
    except ValueError:
        return math.nan
    return time if math.isfinite(time) else math.nan


def _row_fault(name: str, line: int, problem: str) -> Fault:
    if problem.startswith("unknown kind"):
        return Fault("unknown_kind", name, line, 1, f"{name}, line {line}: {problem}; it is left out")
    return Fault("bad_row", name, line, 1, f"{name}, line {line}: {problem}; the row is left out")


def _fact(tail: str, ordinal: int) -> Fact | str:
    cells = split_cells(tail) if '"' in tail else tail.split(",")
    if not cells:
        return "its quotes do not fit"
    if len(cells) != len(schema.RUN_HEADER) - 1:
        return f"{len(schema.RUN_HEADER)} cells expected, {len(cells) + 1} found"
    kind, name, value_type, text = cells
    if kind not in schema.KINDS:
        return f"unknown kind {kind[:40]!r}"
    try:
        return Fact(kind, name, schema.decode_value(value_type, text), ordinal)
    except (ValueError, RecursionError) as error:
        return f"{kind} {name[:40]!r}: {str(error)[:120]}"


def split_cells(row: str) -> list[str]:
    """Split a row by RFC 4180, without the limits of the `csv` module; empty if its quotes do not fit."""
    cells: list[str] = []
    at = 0
    while True:
        is_quoted = row.startswith('"', at)
        match = (_QUOTED_CELL if is_quoted else _PLAIN_CELL).match(row, at)
        if match is None:
            return []
        cells.append(match.group(1).replace('""', '"') if is_quoted else match.group())
        at = match.end()
        if at == len(row):
            return cells
        if row[at] != ",":
            return []
        at += 1


def _whole_tail(lines: list[str], at: int, tail: str) -> tuple[str, int]:
    """Give what follows the time cell of a row, and the number of lines the row has.

    A quoted cell may hold line ends; a stray quote that makes no row costs its own line only.
    """
    if lines[at].count('"') % 2:
        for end in range(at + 1, len(lines)):
            if lines[end].count('"') % 2:
                whole = "\n".join([tail, *lines[at + 1 : end + 1]]).removesuffix("\r")
                if len(split_cells(whole)) == len(schema.RUN_HEADER) - 1:
                    return whole, end + 1 - at
                break
    return tail.removesuffix("\r"), 1


def _decode(name: str, data: bytes, faults: list[Fault]) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = f"{name}, line {line}: not UTF-8; unreadable characters are shown as �"
        faults.append(Fault("other", name, line, 1, text))
        return data.decode("utf-8", errors="replace")


def _torn_text(name: str, line: int) -> str:
    return f"{name}, line {line}: the last line was cut off; it is left out"
