"""Reads points line by line: slow, for odd files, and the judge of the fast way.

What this file accepts is the language of metrics files. The fast way must accept the same, or
hand the file over: else a file's result would depend on its neighbours in the batch. No number and
no metric's name can hold a line end, so each physical line is a row, and a stray quote costs its
own line only.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from typing import NamedTuple

from reportgen.language import message
from reportgen.load.interface import Fault

MERGED_FIELDS = (
    "points",
    "finite",
    "first",
    "last",
    "min",
    "max",
    "min_step",
    "max_step",
    "last_step",
    "first_time",
    "last_time",
    "min_time",
    "max_time",
    "repeats",
)
"""A part of a series in numbers; from the parts those of the whole can be told exactly."""


class Header(NamedTuple):
    """The first line of a metrics file."""

    names: tuple[str, ...]
    """The metrics' names, by column; of the long form none."""
    is_long: bool
    problem: str
    """Why the file cannot be read; empty where it can."""


class Points(NamedTuple):
    """Points of one metric in the order of the file."""

    times: list[float]
    steps: list[float]
    values: list[float]


class Judged(NamedTuple):
    """What a piece of a metrics file holds."""

    series: dict[tuple[int, str], Points]
    """By column (0 in the long form) and name, in order of appearance."""
    faults: list[Fault]
    newest: float
    """Time of the newest row; NaN without rows."""


def number(text: str) -> float:
    """Read a number as all our parsers do: ASCII, surrounded by blanks at most.

    Raises:
        ValueError: It is none.
    """
    text = text.strip(" \t")
    if "_" in text or not text.isascii() or not text.isprintable():
        raise ValueError(f"no number: {text[:40]!r}")
    return float(text)


def judge(header: Header, body: bytes, file: str, first_line: int) -> Judged:
    """Read whole lines of a metrics file, one by one.

    Args:
        header: The file's first line.
        body: Lines after it, each ended.
        file: The file's name, for faults.
        first_line: Number of the body's first line in the file.
    """
    series: dict[tuple[int, str], Points] = {}
    faults: list[Fault] = []
    newest = math.nan
    width = 4 if header.is_long else len(header.names) + 2
    for line, cells in _rows(body, file, first_line, faults):
        if len(cells) != width:
            _bad(
                faults,
                file,
                line,
                message(
                    "{expected} cells expected, {found} found; the row is left out",
                    expected=width,
                    found=len(cells),
                ),
            )
            continue
        try:
            time = number(cells[0])
        except ValueError:
            time = math.nan
        if not math.isfinite(time):
            _bad(
                faults,
                file,
                line,
                message("{text} is no time; the row is left out", text=repr(cells[0][:40])),
            )
            continue
        newest = time if math.isnan(newest) else max(newest, time)
        step = _step(cells[1], file, line, faults)
        if header.is_long:
            named = [(0, cells[2], cells[3] if cells[3].strip(" \t") else "(nothing)")]
        else:
            named = [(at, name, cells[at + 2]) for at, name in enumerate(header.names)]
        _add_cells(series, named, (time, step), (file, line, faults))
    return Judged(series, faults, newest)


def _rows(body: bytes, file: str, first_line: int, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    for line, raw in enumerate(body.split(b"\n"), start=first_line):
        if not raw or raw == b"\r":
            continue
        try:
            text = raw.decode("utf-8").removesuffix("\r")
            yield line, next(csv.reader([text], strict=True)) if '"' in text else text.split(",")
        except UnicodeDecodeError:
            _bad(faults, file, line, message("not UTF-8; the row is left out"))
        except (csv.Error, StopIteration):
            _bad(faults, file, line, message("its quotes do not fit; the row is left out"))


def _step(text: str, file: str, line: int, faults: list[Fault]) -> float:
    if not text.strip(" \t"):
        return math.nan
    try:
        step = number(text)
    except ValueError:
        step = math.nan
    if math.isfinite(step):
        return step
    _bad(
        faults,
        file,
        line,
        message("{text} is no step; the values are kept without one", text=repr(text[:40])),
    )
    return math.nan


def _add_cells(
    series: dict[tuple[int, str], Points],
    named: list[tuple[int, str, str]],
    at: tuple[float, float],
    where: tuple[str, int, list[Fault]],
) -> None:
    time, step = at
    file, line, faults = where
    for column, name, text in named:
        if not text.strip(" \t"):
            continue
        try:
            value = number(text)
        except ValueError:
            _bad(
                faults,
                file,
                line,
                message(
                    "{text} is no number for {name}; it is left out",
                    text=repr(text[:40]),
                    name=repr(name[:60]),
                ),
            )
            continue
        if not name:
            _bad(faults, file, line, message("a value without a metric's name; it is left out"))
            continue
        points = series.setdefault((column, name), Points([], [], []))
        points.times.append(time)
        points.steps.append(step)
        points.values.append(value)


def _bad(faults: list[Fault], file: str, line: int, text: str) -> None:
    faults.append(
        Fault(
            "bad_row",
            file,
            line,
            1,
            message("{file}, line {line}: {problem}", file=file, line=line, problem=text),
        )
    )


def reduce_points(points: Points) -> tuple[float, ...]:
    """Put the points of one series in numbers, in the order of `MERGED_FIELDS`."""
    order = sorted(range(len(points.times)), key=points.times.__getitem__)
    finite = [at for at in order if math.isfinite(points.values[at])]
    first, last = order[0], order[-1]
    low = min(finite, key=points.values.__getitem__, default=None)
    high = max(finite, key=points.values.__getitem__, default=None)
    known = [step for step in points.steps if not math.isnan(step)]

    def at(values: list[float], index: int | None) -> float:
        return math.nan if index is None else values[index]

    return (
        float(len(order)),
        float(len(finite)),
        points.values[first],
        points.values[last],
        at(points.values, low),
        at(points.values, high),
        at(points.steps, low),
        at(points.steps, high),
        points.steps[last],
        points.times[first],
        points.times[last],
        at(points.times, low),
        at(points.times, high),
        float(len(known) - len(set(known))),
    )
