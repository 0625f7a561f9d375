"""Reads all points of some metrics of one run, for curves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from reportgen import schema
from reportgen.load.contents import Contents
from reportgen.load.facts import BOM
from reportgen.load.interface import RunFolder, Series, StoredFile
from reportgen.load.lines import Header, judge
from reportgen.load.parser import parse_long, parse_wide
from reportgen.load.points import is_odd, read_header
from reportgen.load.reduce import Numbers
from reportgen.load.summary import is_run_file

Columns = tuple[Numbers, Numbers, Numbers]
"""Times, steps, values."""


def read_series(folder: RunFolder, metrics: Iterable[str]) -> Mapping[str, Series]:
    """Read all points of some metrics of one run, in order of time.

    Files without any of the metrics are left after their first part.

    Raises:
        OSError: A file is gone or cannot be read.
    """
    wanted = frozenset(metrics)
    contents = Contents([folder])
    found: dict[str, list[Columns]] = {}
    for file in folder.files:
        if not is_run_file(file.name):
            _read_file(contents, folder, file, (wanted, found))
    series = {}
    for name, parts in found.items():
        times, steps, values = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        order = np.argsort(times, kind="stable")
        series[name] = Series(times[order], steps[order], values[order])
    return series


def _read_file(
    contents: Contents,
    folder: RunFolder,
    file: StoredFile,
    request: tuple[frozenset[str], dict[str, list[Columns]]],
) -> None:
    wanted, found = request
    header: Header | None = None
    rest = b""
    for chunk in contents.chunks(folder, file):
        data = rest + chunk if rest else chunk
        start = 0
        if header is None:
            start = data.find(b"\n") + 1
            line = data[:start].removeprefix(BOM).rstrip(b"\n").removesuffix(b"\r")
            header = read_header(line, is_long=schema.is_long_file(file.name))
            if header.problem or not (header.is_long or wanted.intersection(header.names)):
                return
        end = data.rfind(b"\n") + 1
        body, rest = data[start:end], data[max(end, start) :]
        if body:
            for name, columns in _read_body(header, body.replace(b"\r\n", b"\n"), wanted):
                found.setdefault(name, []).append(columns)


def _read_body(header: Header, body: bytes, wanted: frozenset[str]) -> list[tuple[str, Columns]]:
    if is_odd(header, body):
        return _judged(header, body, wanted)
    rows = body.count(b"\n")
    if header.is_long:
        return _long(header, body, rows, wanted)
    at = tuple(place for place, name in enumerate(header.names) if name in wanted)
    table = parse_wide(body, len(header.names), rows, at)
    if table is None:
        return _judged(header, body, wanted)
    parts: list[tuple[str, Columns]] = []
    for place, column in enumerate(at):
        values, valid = table.column(place)
        chosen = slice(None) if valid is None else valid
        parts.append((header.names[column], (table.time[chosen], table.step[chosen], values[chosen])))
    return parts


def _long(header: Header, body: bytes, rows: int, wanted: frozenset[str]) -> list[tuple[str, Columns]]:
    table = parse_long(body, rows)
    if table is None:
        return _judged(header, body, wanted)
    parts: list[tuple[str, Columns]] = []
    for code, name in enumerate(table.names):
        if name in wanted:
            chosen = table.codes == code
            parts.append((name, (table.time[chosen], table.step[chosen], table.values[chosen])))
    return parts


def _judged(header: Header, body: bytes, wanted: frozenset[str]) -> list[tuple[str, Columns]]:
    found = judge(header, body, "", 1)
    return [
        (name, (np.array(points.times), np.array(points.steps), np.array(points.values)))
        for (_, name), points in found.series.items()
        if name in wanted
    ]
