"""Reads the points of many files at once: bodies joined by equal header, one parser call a buffer.

The parser is pyarrow's, the strictest at hand; whatever it refuses, and whatever it would read
otherwise than the judge (`lines`), is read by the judge. A file is read in pieces of bounded size;
a piece gives one row of numbers (`lines.MERGED_FIELDS`) for each metric, from which those of the
whole run are told exactly.
"""

from __future__ import annotations

import csv
import math
from typing import NamedTuple

import numpy as np

from reportgen import schema
from reportgen.language import message
from reportgen.load.interface import Fault
from reportgen.load.lines import Header, Judged, Points, judge, reduce_points
from reportgen.load.parser import parse_long, parse_wide
from reportgen.load.reduce import Integers, Numbers, count_repeats, reduce_groups

BUFFER_BYTES = 8 << 20
"""Bodies are joined up to this size: the parser's best, and small beside the rest."""


class Piece(NamedTuple):
    """Whole lines of one metrics file."""

    run: int
    """Index of the run in the batch."""
    order: int
    """Place in the run's reading order: file, then piece."""
    name: str
    first_line: int
    body: bytes
    rows: int
    is_shared: bool
    """Whether the run has further pieces, so that the same step may stand in another one."""


class Part(NamedTuple):
    """The numbers of some series, each from one piece."""

    runs: Integers
    orders: Integers
    """Reading order inside the run: file, then column."""
    names: Integers
    """Codes of `PointReader.names`."""
    numbers: Numbers
    """Shape: (series, len(MERGED_FIELDS))."""


class _Places:
    """Where the pieces that are parsed together belong."""

    __slots__ = ("_orders", "_runs", "has_shared")

    def __init__(self, pieces: list[Piece]) -> None:
        self._runs = np.array([piece[0] for piece in pieces], dtype=np.int64)
        self._orders = np.array([piece[1] for piece in pieces], dtype=np.int64) << 32
        self.has_shared = any(piece[6] for piece in pieces)

    def part(self, owners: Integers, columns: Integers, codes: Integers, numbers: Numbers) -> Part:
        """Make a part of some series' numbers; all arrays have the shape (series, ...)."""
        return Part(self._runs[owners], self._orders[owners] + columns, codes, numbers)


class _Group:
    """Pieces with equal header that wait to be parsed together."""

    __slots__ = ("header", "is_uneven", "pieces", "size")

    def __init__(self, header: Header) -> None:
        self.header = header
        self.is_uneven = is_uneven(header)
        self.pieces: list[Piece] = []
        self.size = 0


class PointReader:
    """Takes in the metrics files of one batch and puts their series in numbers."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self.names: dict[str, int] = {}
        self.parts: list[Part] = []
        self.faults: dict[int, list[Fault]] = {}
        """By run."""
        self.newest: dict[int, float] = {}
        """Time of each run's newest row."""
        self.steps: dict[tuple[int, int], list[Numbers]] = {}
        """By run and name: the known steps of each piece, for runs of several pieces."""
        self._groups: dict[tuple[bytes, bool], _Group] = {}
        self._headers: dict[tuple[bytes, bool], Header] = {}

    def header(self, line: bytes, *, is_long: bool) -> Header:
        """Read the first line of a metrics file (without its line end)."""
        key = (line, is_long)
        if key not in self._headers:
            self._headers[key] = read_header(line, is_long=is_long)
        return self._headers[key]

    def add(self, line: bytes, header: Header, piece: Piece) -> None:
        """Take in a piece of a file that begins with this line."""
        if not piece.rows:
            return
        key = (line, header.is_long)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(header)
        if group.is_uneven or has_odd_bytes(piece.body):
            piece = piece._replace(body=piece.body.replace(b"\r\n", b"\n"))
            if group.is_uneven or has_odd_bytes(piece.body):
                self._judge(header, piece)
                return
        group.pieces.append(piece)
        group.size += len(piece.body)
        if group.size >= BUFFER_BYTES:
            self._read(group.header, group.pieces)
            group.pieces, group.size = [], 0

    def finish(self) -> None:
        """Parse what still waits."""
        for group in self._groups.values():
            if group.pieces:
                self._read(group.header, group.pieces)
        self._groups.clear()

    def _read(self, header: Header, pieces: list[Piece]) -> None:
        """Parse pieces together; if the parser refuses, each alone; if it refuses that, line by line."""
        body = b"".join([piece.body for piece in pieces])
        rows = np.fromiter((piece.rows for piece in pieces), dtype=np.int64, count=len(pieces))
        is_done = (self._read_long if header.is_long else self._read_wide)(header, pieces, body, rows)
        if is_done:
            return
        if len(pieces) == 1:
            self._judge(header, pieces[0])
            return
        for piece in pieces:
            self._read(header, [piece])

    def _read_wide(self, header: Header, pieces: list[Piece], body: bytes, rows: Integers) -> bool:
        table = parse_wide(body, len(header.names), int(rows.sum()))
        if table is None:
            return False
        starts = np.cumsum(rows) - rows
        if table.has_falling_times(starts):
            table.sort_by_time(np.repeat(np.arange(len(pieces)), rows))
        self._note_newest(pieces, table.time[starts + rows - 1])
        is_rising = table.has_rising_steps(starts)
        owner = np.arange(len(pieces))
        place = _Places(pieces)
        for column, name in enumerate(header.names):
            values, valid = table.column(column)
            time, step, at, sizes, owners = table.time, table.step, starts, rows, owner
            if valid is not None:
                values, time, step = values[valid], time[valid], step[valid]
                sizes = np.add.reduceat(valid, starts, dtype=np.int64)
                owners = np.flatnonzero(sizes)
                sizes = sizes[owners]
                at = np.cumsum(sizes) - sizes
            if not len(values):
                continue
            numbers = reduce_groups(values, time, step, at, sizes)
            if not is_rising:
                numbers[:, -1] = count_repeats(step, sizes)
            code = np.full(len(owners), self._code(name))
            self.parts.append(place.part(owners, np.full(len(owners), column), code, numbers))
            if place.has_shared:
                self._keep_steps(pieces, owners, [name] * len(owners), (step, at, sizes))
        return True

    def _read_long(self, header: Header, pieces: list[Piece], body: bytes, rows: Integers) -> bool:
        del header
        table = parse_long(body, int(rows.sum()))
        if table is None:
            return False
        owner = np.repeat(np.arange(len(pieces)), rows)
        newest = np.maximum.reduceat(table.time, np.cumsum(rows) - rows)
        self._note_newest(pieces, newest)
        key = owner * len(table.names) + table.codes
        order = np.lexsort((table.time, key))
        key = key[order]
        at = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
        sizes = np.diff(np.append(at, len(key)))
        step = table.step[order]
        numbers = reduce_groups(table.values[order], table.time[order], step, at, sizes)
        numbers[:, -1] = count_repeats(step, sizes)
        owners, codes = np.divmod(key[at], len(table.names))
        first_row = np.minimum.reduceat(order, at)
        rank = np.empty(len(at), dtype=np.int64)  # a name's place among those of its piece
        rank[np.argsort(first_row)] = np.arange(len(at))
        named = [(table.names[code], int(place)) for code, place in zip(codes, rank, strict=True)]
        self._keep(pieces, owners, named, numbers)
        self._keep_steps(pieces, owners, [name for name, _ in named], (step, at, sizes))
        return True

    def _judge(self, header: Header, piece: Piece) -> None:
        found: Judged = judge(header, piece.body, piece.name, piece.first_line)
        if found.faults:
            self.faults.setdefault(piece.run, []).extend(found.faults)
        if not math.isnan(found.newest):
            self._note_newest([piece], np.array([found.newest]))
        if not found.series:
            return
        named = [
            (name, place if header.is_long else column) for place, (column, name) in enumerate(found.series)
        ]
        numbers = np.array([reduce_points(points) for points in found.series.values()])
        owners = np.zeros(len(named), dtype=np.int64)
        self._keep([piece], owners, named, numbers)
        self._keep_judged_steps(piece, found.series)

    def _note_newest(self, pieces: list[Piece], times: Numbers) -> None:
        for piece, time in zip(pieces, times.tolist(), strict=True):
            if not self.newest.get(piece.run, -np.inf) >= time:
                self.newest[piece.run] = time

    def _keep(
        self, pieces: list[Piece], owners: Integers, named: list[tuple[str, int]], numbers: Numbers
    ) -> None:
        """Keep series of any names, each with its column or its place among the names of its piece."""
        codes = np.array([self._code(name) for name, _ in named], dtype=np.int64)
        columns = np.array([column for _, column in named], dtype=np.int64)
        self.parts.append(_Places(pieces).part(owners, columns, codes, numbers))

    def _code(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names))

    def _keep_steps(
        self,
        pieces: list[Piece],
        owners: Integers,
        names: list[str],
        grouped: tuple[Numbers, Integers, Integers],
    ) -> None:
        step, starts, sizes = grouped
        for at, owner in enumerate(owners.tolist()):
            piece = pieces[owner]
            if piece.is_shared:
                found = step[starts[at] : starts[at] + sizes[at]]
                key = (piece.run, self.names[names[at]])
                self.steps.setdefault(key, []).append(found[~np.isnan(found)])

    def _keep_judged_steps(self, piece: Piece, series: dict[tuple[int, str], Points]) -> None:
        if piece.is_shared:
            for (_, name), points in series.items():
                found = np.array(points.steps, dtype=np.float64)
                key = (piece.run, self.names[name])
                self.steps.setdefault(key, []).append(found[~np.isnan(found)])


def is_odd(header: Header, body: bytes) -> bool:
    """Tell whether only the judge may read it."""
    return is_uneven(header) or has_odd_bytes(body)


def is_uneven(header: Header) -> bool:
    """Tell whether columns of a wide file have no name, or the same one."""
    return not header.is_long and (not all(header.names) or len(set(header.names)) < len(header.names))


def has_odd_bytes(body: bytes) -> bool:
    """Tell whether the parser might read a body otherwise than the judge.

    Quotes and lone carriage returns end cells and rows elsewhere; the parser takes ``nan(1)`` for a number.
    """
    return b'"' in body or b"\r" in body or b"(" in body


def read_header(line: bytes, *, is_long: bool) -> Header:
    """Read the first line of a metrics file; a long file by name with another header is read as a wide one."""
    try:
        cells = next(csv.reader([line.decode("utf-8")], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        cells = []
    if is_long and tuple(cells) == schema.LONG_HEADER:
        return Header((), is_long=True, problem="")
    width = len(schema.WIDE_KEY)
    if tuple(cells[:width]) != schema.WIDE_KEY:
        shown = line[:40].decode("utf-8", errors="replace")
        expected = ",".join(schema.WIDE_KEY)
        return Header(
            (),
            is_long=False,
            problem=message(
                "begins with {found}, not with '{expected},'", found=repr(shown), expected=expected
            ),
        )
    return Header(tuple(cells[width:]), is_long=False, problem="")
