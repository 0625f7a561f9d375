"""Runs as they were read: what `load` hands to `analyse`. Raw facts only, nothing judged."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import Any, Literal, NamedTuple, Protocol

Status = Literal["finished", "failed", "interrupted", "running", "pruned"]
STATUSES: tuple[Status, ...] = ("finished", "failed", "interrupted", "running", "pruned")


class MetricSummary(NamedTuple):
    """One metric of one run in numbers; no points are kept.

    ``points`` counts all cells of the metric, the non-finite ones included. ``first`` and ``last``
    are as written (NaN kept), in order of time. ``min`` and ``max`` are of the finite values, NaN
    without any; their steps are those of the first hit (NaN where the step is unknown).
    """

    points: int
    finite: int
    first: float
    last: float
    min: float
    max: float
    min_step: float
    max_step: float
    last_step: float


class Run(NamedTuple):
    """One run: its facts and one summary a metric.

    A tuple, since there may be 100,000: making one takes a tenth of the time of a frozen dataclass.
    """

    id: str
    experiment: str
    name: str
    group: str | None
    parent: str | None
    started: datetime | None
    """UTC, aware; None where the run does not tell."""
    ended: datetime | None
    """Time of the closing status or of the newest row, UTC, aware."""
    status: Status
    reason: str
    """Why it ended as it did (the exception's last line, the signal), empty if nothing is known."""
    params: Mapping[str, Any]
    """Values as logged: str, int, float, bool, None, list or dict."""
    tags: Mapping[str, Any]
    notes: tuple[str, ...]
    code: Mapping[str, Any]
    """``commit``, ``branch``, ``dirty``, ``diff_sha256``, ``entry_point``; what is known of them."""
    env: Mapping[str, Any]
    data: Mapping[str, Mapping[str, Any]]
    """Data sets by name: ``version``, ``sha256``, ``rows``, ``source``, ``split``, ``kind`` and more."""
    artifacts: Mapping[str, Mapping[str, Any]]
    metrics: Mapping[str, MetricSummary]
    address: str
    """Where the run was read from: its folder or URL."""
    duration_s: float | None = None
    """Seconds from start to end; None where either is unknown."""


@dataclass(frozen=True, slots=True)
class SkippedRun:
    """Something that looked like a run, or was named as one, and could not be read."""

    address: str
    reason: str
    """One sentence: what is wrong, with file and line where there is one."""


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """A fault in a run that was read all the same, counted so that the reader hears of it."""

    run_id: str
    kind: Literal["torn_line", "bad_row", "repeated_step", "unknown_kind", "missing_metrics", "other"]
    file: str
    line: int | None
    count: int
    text: str
    """One sentence, such as "metrics.csv: the last line was cut off; it is left out"."""


@dataclass(frozen=True, slots=True)
class Source:
    """One address as given, what was found there, and how many runs it gave."""

    address: str
    kind: str
    """``run folders``, or the name of another tracker's store."""
    runs: int


@dataclass(frozen=True, slots=True)
class TableGuess:
    """How a table kept by hand was read: guessed, or as its mapping file says."""

    address: str
    sheet: str
    """Empty for a CSV file."""
    header_rows: tuple[int, ...]
    """Rows of the headings, counted from 1."""
    columns: Mapping[str, tuple[str, ...]]
    """Headings by what they are used as: ``setting``, ``metric``, ``name``, ``date`` and so on."""
    other_sheets: tuple[str, ...]
    """Sheets that hold something and were not read."""
    doubts: tuple[str, ...]
    """Sentences on what was left out, or could be read in two ways."""
    mapping: str
    """Path of the mapping file, where it can be changed; empty if there is none."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One metric of one run over its steps, in order, thinned where it was longer than asked for.

    Shape: ``steps``, ``values`` and ``times`` have the same length (at most the asked-for number of
    points; minimum, maximum, first and last are always among them).
    """

    run_id: str
    metric: str
    steps: tuple[float, ...]
    values: tuple[float, ...]
    """NaN and infinities as logged."""
    times: tuple[float, ...]
    """Seconds since the Unix epoch, UTC."""
    points: int
    """Number of points before thinning, repeated steps counted once."""


class CurveReader(Protocol):
    """Reads curves only when they are asked for."""

    def read(
        self, run_ids: Sequence[str], metrics: Sequence[str], *, max_points: int = 400
    ) -> tuple[Curve, ...]:
        """Read the curves of these runs and metrics; a run without the metric gives none."""


class NoCurves:
    """A reader for run sets that have no points (tests, imported tables)."""

    def read(
        self, run_ids: Sequence[str], metrics: Sequence[str], *, max_points: int = 400
    ) -> tuple[Curve, ...]:
        """Give no curve at all."""
        del run_ids, metrics, max_points
        return ()


@dataclass(frozen=True, slots=True)
class RunSet:
    """All runs of a report, and all that could not be read."""

    runs: tuple[Run, ...]
    """By start time, then id: the order never depends on the file system's."""
    sources: tuple[Source, ...]
    skipped: tuple[SkippedRun, ...] = ()
    notes: tuple[ReadingNote, ...] = ()
    digest: str = ""
    """SHA-256 over every file read (path inside the run folder, size, contents' summary), hexadecimal."""
    points: int = 0
    """Number of metric values in all runs."""
    curves: CurveReader = field(default_factory=NoCurves, compare=False, repr=False)
    guesses: tuple[TableGuess, ...] = ()
    """One for each table kept by hand."""


class _CallableModule(ModuleType):
    """This module, which can be called: ``reportgen.runs("runs/digits")`` gives a data frame.

    The function that people call in a notebook bears this module's name, and Python keeps only one
    thing under one name: after ``import reportgen.runs`` that is the module.
    """

    def __call__(self, *addresses: str | os.PathLike[str], cache: bool = True) -> Any:
        """Read runs as a data frame; see :func:`reportgen.load.read_table`."""
        return import_module("reportgen.load").read_table(*addresses, cache=cache)


sys.modules[__name__].__class__ = _CallableModule
