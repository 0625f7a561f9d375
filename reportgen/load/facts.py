"""Reads the facts of runs (``run*.csv``), many small files at once.

A row that another run of the batch has too (the same machine, packages, commit, parameter value) is
decoded once: that is most of them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from reportgen import schema
from reportgen.language import message
from reportgen.load.interface import Fault

BOM = b"\xef\xbb\xbf"
_HEADER = ",".join(schema.RUN_HEADER)
_KINDS = frozenset(schema.KINDS)
MEMBER_KINDS = frozenset({"param", "tag", "data", "artifact"})
"""Kinds that the table keeps as JSON objects of each run."""
_TOLD_APART = frozenset({"note", "status"})
_OWN_NAMES = frozenset({"id", "name", "started"})
_NO_TIME = 1e300  # a whole number may be too large for a float
_encode = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
_CLOSED = frozenset(schema.STATUSES) - {"running"}
_QUOTED_CELL = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_PLAIN_CELL = re.compile(r'[^",]*')


class Fact(NamedTuple):
    """One row without its time; `ordinal` is the same for equal rows of a batch."""

    kind: str
    name: str
    value: Any
    ordinal: int
    json: str
    """Name and value as a member of a JSON object, for the kinds in `MEMBER_KINDS`; else empty."""


_new_fact = partial(tuple.__new__, Fact)  # a third of the time of calling it


class RunFacts:
    """The facts of one run: of each (kind, name) the latest, of notes all."""

    __slots__ = ("first_time", "latest", "newest_time", "notes", "reason", "status", "status_time")

    def __init__(self) -> None:
        """Start with nothing known."""
        self.latest: dict[str, dict[str, Fact]] = {kind: {} for kind in _KINDS}
        self.notes: list[str] = []
        self.status = ""
        self.status_time = math.nan
        self.reason = ""
        self.first_time = math.nan
        self.newest_time = math.nan

    def fill(self, time: float, facts: Iterable[Fact]) -> None:
        """Take in facts of one time, in the order of the rows; later calls count over earlier ones."""
        latest = self.latest
        for fact in facts:
            kind = fact[0]
            latest[kind][fact[1]] = fact
            if kind in _TOLD_APART:
                if kind == "note":
                    self.notes.append(fact.value if isinstance(fact.value, str) else str(fact.value))
                else:
                    self._add_status(time, fact.name, fact.value)

    def of_kind(self, kind: str) -> dict[str, Any]:
        """Give the values of a kind by name."""
        return {name: fact[2] for name, fact in self.latest[kind].items()}

    def object_of(self, kind: str) -> str:
        """Give the values of a kind in `MEMBER_KINDS` as a JSON object."""
        latest = self.latest[kind]
        return f"{{{','.join([fact[4] for fact in latest.values()])}}}" if latest else "{}"

    def ordinals(self, kind: str) -> tuple[int, ...]:
        """Give what is the same for all runs of a batch that have the same facts of a kind."""
        return tuple([fact[3] for fact in self.latest[kind].values()])

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
        fact = self.latest["run"].get("started")
        value = None if fact is None else fact.value
        if isinstance(value, bool) or value is None:
            return math.nan
        if isinstance(value, (int, float)):
            return float(value) if abs(value) < _NO_TIME else math.nan
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            return math.nan
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


Stretch = tuple[float, Sequence[Fact]]
"""A time, and rows of that time that stand one after the other."""


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
        stretches: list[Stretch] = []
        foreign = []
        for name, data in files:
            try:
                stretches += self._rows(name, data, faults)
            except NotRunFileError as error:
                foreign.append(
                    Fault("other", name, 1, 1, message("{problem}; it is left out", problem=error))
                )
        if files and len(foreign) == len(files):
            raise NotRunFileError(foreign[0].text.removesuffix("; it is left out"))
        faults += foreign
        if len(files) > 1:
            stretches.sort(key=lambda stretch: stretch[0])
        facts = RunFacts()
        for time, found in stretches:
            facts.fill(time, found)
        if stretches:
            times = [time for time, _ in stretches]
            facts.first_time, facts.newest_time = min(times), max(times)
        return facts

    def _rows(self, name: str, data: bytes, faults: list[Fault]) -> list[Stretch]:
        """Give the rows of one file that can be read."""
        text = _decode(name, data.removeprefix(BOM), faults)
        if not text:
            return []
        header, newline, body = text.partition("\n")
        header = header.removesuffix("\r")
        if header != _HEADER and not (not newline and _HEADER.startswith(header)):
            raise NotRunFileError(
                message(
                    "{file} begins with {found}, not with {expected}",
                    file=name,
                    found=repr(header[:60]),
                    expected=repr(_HEADER),
                )
            )
        end = body.rfind("\n") + 1
        if body[end:] or not newline:
            line = text.count("\n") + 1
            faults.append(Fault("torn_line", name, line, 1, _torn_text(name, line)))
        body = body[:end]
        return self._quick_body(body) or self._body(name, body.split("\n"), faults)

    def _quick_body(self, body: str) -> list[Stretch]:
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
        known = self._known
        facts: list[Any] = list(map(known.get, tails))
        for at in [at for at, fact in enumerate(facts) if fact is None]:
            tail = tails[at]
            if "\n" in tail or "\r" in tail or ('"' in tail and tail.count('"') % 2):
                return []
            facts[at] = found = self._remember(tail)
            if type(found) is str:
                return []
        later: list[Fault] = []
        rest = self._body("", f"{prefix}{last}".split("\n"), later)
        return [] if later else [(time, facts), *rest]

    def _remember(self, tail: str) -> Fact | str:
        """Decode a row; remember a good one (what a bad one is depends on the lines after it).

        A run's id, name and start are its own: keeping them only takes memory.
        """
        fact = _fact(tail, len(self._known))
        if type(fact) is Fact and not (fact[0] == "run" and fact[1] in _OWN_NAMES):
            self._known[tail] = fact
        return fact

    def _body(self, name: str, lines: list[str], faults: list[Fault]) -> list[Stretch]:
        """Read the lines after the header; a row that was seen before needs no second look at its cells."""
        known = self._known
        rows: list[Stretch] = []
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
                rows.append((time, (problem,)))
            at += taken
        return rows


def encode_json(value: Any) -> str:
    """Write facts as JSON that reads back the same, NaN and infinities included."""
    if type(value) is int or (type(value) is float and math.isfinite(value)):
        return repr(value)  # what the encoder does, without its start
    return _encode(value)


def _time(text: str) -> float:
    """Read a time; NaN where it is none."""
    try:
        time = float(text)
    except ValueError:
        return math.nan
    return time if math.isfinite(time) else math.nan


def _row_fault(name: str, line: int, problem: str) -> Fault:
    if problem.startswith("unknown kind"):
        return Fault(
            "unknown_kind",
            name,
            line,
            1,
            message("{file}, line {line}: {problem}; it is left out", file=name, line=line, problem=problem),
        )
    return Fault(
        "bad_row",
        name,
        line,
        1,
        message("{file}, line {line}: {problem}; the row is left out", file=name, line=line, problem=problem),
    )


def _fact(tail: str, ordinal: int) -> Fact | str:
    cells = split_cells(tail) if '"' in tail else tail.split(",")
    if not cells:
        return message("its quotes do not fit")
    if len(cells) != len(schema.RUN_HEADER) - 1:
        expected = len(schema.RUN_HEADER)
        return message("{expected} cells expected, {found} found", expected=expected, found=len(cells) + 1)
    kind, name, value_type, text = cells
    if kind not in _KINDS:
        return message("unknown kind {kind}", kind=repr(kind[:40]))
    try:
        value = text if value_type == "str" else schema.decode_value(value_type, text)
        member = f"{encode_json(name)}:{encode_json(value)}" if kind in MEMBER_KINDS else ""
    except (ValueError, RecursionError) as error:
        return f"{kind} {name[:40]!r}: {str(error)[:120]}"
    return _new_fact((kind, name, value, ordinal, member))


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
        text = message(
            "{file}, line {line}: not UTF-8; unreadable characters are shown as �", file=name, line=line
        )
        faults.append(Fault("other", name, line, 1, text))
        return data.decode("utf-8", errors="replace")


def _torn_text(name: str, line: int) -> str:
    return message("{file}, line {line}: the last line was cut off; it is left out", file=name, line=line)
