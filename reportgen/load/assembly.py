"""Makes runs of the rows of a table, and a run set of the runs."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from reportgen.language import message
from reportgen.load.arrays import code_cells, float_cells, integers
from reportgen.load.interface import RunFolder
from reportgen.load.liveness import is_running, was_here
from reportgen.load.summaries import SummaryBatch
from reportgen.runs import ReadingNote, Run, SkippedRun

_from_timestamp = datetime.fromtimestamp

LATER_ENTRY_S = 60.0
"""A run that says it started this much before its first row was written down is entered later."""


class ReadRun(NamedTuple):
    """One run with what decides between copies of it."""

    run: Run
    folder: RunFolder
    digest: str
    newest: float
    notes: tuple[ReadingNote, ...]
    points: int
    """Number of all its metric values."""


# as their `_make`, without a Python call for each
_new_run = partial(tuple.__new__, Run)
_new_read = partial(tuple.__new__, ReadRun)


class Assembled(NamedTuple):
    """All rows of a table, made into runs or reasons."""

    runs: list[ReadRun]
    skipped: list[SkippedRun]
    digests: list[str]
    """Of the folders that were skipped."""


def assemble(table: pa.Table, folders: Sequence[RunFolder], *, stale_before: float) -> Assembled:
    """Make runs of a table's rows, column by column: there may be 100,000.

    Args:
        table: Rows of `table.SCHEMA`.
        folders: The folder of each row.
        stale_before: A run without a closing status, where locks cannot tell, counts as dead if its
            newest row is older than this (seconds since the epoch).
    """
    problems, digests = (_values(table.column(name)) for name in ("problem", "digest"))
    skipped: list[SkippedRun] = []
    skipped_digests: list[str] = []
    if any(problems):
        good = [at for at, problem in enumerate(problems) if not problem]
        bad = [at for at, problem in enumerate(problems) if problem]
        skipped = [SkippedRun(folders[at].address, problems[at]) for at in bad]
        skipped_digests = [digests[at] for at in bad]
        table = table.unify_dictionaries().take(integers(good))
        folders, digests = [folders[at] for at in good], [digests[at] for at in good]
    columns, newest = _run_columns(table, folders, stale_before)
    batches = list(map(SummaryBatch, table.to_batches()))
    columns["metrics"] = [metrics for batch in batches for metrics in batch.runs()]
    points = [count for batch in batches for count in batch.points()]
    runs = list(map(_new_run, zip(*[columns[name] for name in Run._fields], strict=True)))
    faults = _decoded(table.column("faults"))
    notes = [
        tuple([_note(run.id, values) for values in fault]) if fault else ()
        for run, fault in zip(runs, faults, strict=True)
    ]
    reads = list(map(_new_read, zip(runs, folders, digests, newest, notes, points, strict=True)))
    return Assembled(reads, skipped, skipped_digests)


def _run_columns(
    table: pa.Table, folders: Sequence[RunFolder], stale_before: float
) -> tuple[dict[str, Iterable[Any]], list[float]]:
    """Give the values of each field of all runs, metrics aside, and the time of each run's newest row (NaN without)."""
    facts = json.loads(f"[{','.join(table.column('facts').to_pylist())}]")  # one call is faster than many
    params, tags, notes, data, artifacts = zip(*facts, strict=True) if facts else ((),) * 5
    code, env = (_decoded(table.column(name)) for name in ("code", "env"))
    newest_fact, newest_point = _times(table, "newest_fact"), _times(table, "newest_point")
    newest = np.where((newest_fact >= newest_point) | np.isnan(newest_point), newest_fact, newest_point)
    status = _values(table.column("status"))
    is_closed = np.array([text != "" for text in status], dtype=np.bool_)
    boots = _values(table.column("boot"))
    for at in np.flatnonzero(~is_closed).tolist():
        is_here = was_here(boots[at], str(env[at].get("host") or ""))
        folder = folders[at]
        running = is_running(
            folder.location,
            folder.alive,
            is_here=is_here,
            newest=float(newest[at]),
            stale_before=stale_before,
        )
        status[at] = "running" if running else "interrupted"
    ended = np.where(is_closed, _times(table, "status_time"), newest)
    started = _times(table, "started")
    with np.errstate(invalid="ignore"):  # a start may be given as infinite
        # then the rows' own times tell when it ended, not those of writing
        is_later = _times(table, "first_time") - started > LATER_ENTRY_S
        ended = np.where(is_later, newest_point, ended)
        duration = (ended - started).tolist()
    columns: dict[str, Iterable[Any]] = {
        "id": _values(table.column("id")),
        "experiment": _values(table.column("experiment")),
        "name": _values(table.column("name")),
        "group": [text or None for text in _values(table.column("group"))],
        "parent": [text or None for text in _values(table.column("parent"))],
        "started": map(_moment, started.tolist()),
        "ended": map(_moment, ended.tolist()),
        "status": status,
        "reason": _values(table.column("reason")),
        "params": params,
        "tags": tags,
        "notes": map(tuple, notes),
        "code": code,
        "env": env,
        "data": map(_mappings, data) if any(data) else data,
        "artifacts": map(_mappings, artifacts) if any(artifacts) else artifacts,
        "address": [folder.address for folder in folders],
        "duration_s": [seconds if 0 <= seconds < math.inf else None for seconds in duration],
    }
    return columns, newest.tolist()


def _times(table: pa.Table, name: str) -> NDArray[np.float64]:
    chunks = [float_cells(chunk)[0] for chunk in table.column(name).chunks]
    return np.concatenate(chunks) if chunks else np.zeros(0)


def _moment(seconds: float) -> datetime | None:
    if seconds != seconds:  # noqa: PLR0124 - NaN; math.isnan takes three times as long
        return None
    try:
        return _from_timestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _mappings(values: dict[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Give facts that must be mappings; what else was written there is kept under ``value``."""
    if not values:
        return values
    return {name: part if isinstance(part, dict) else {"value": part} for name, part in values.items()}


def _note(run_id: str, fault: list[Any]) -> ReadingNote:
    kind, file, line, count, text = fault
    return ReadingNote(run_id, kind, file, line, count, text)


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Give the cells of a column as Python values, the quickest way for its type."""
    if pa.types.is_floating(column.type):
        return [value for chunk in column.chunks for value in float_cells(chunk)[0].tolist()]
    if not pa.types.is_dictionary(column.type):
        return list(column.to_pylist())
    values: list[Any] = []
    for chunk in column.chunks:
        values += map(chunk.dictionary.to_pylist().__getitem__, code_cells(chunk).tolist())
    return values


def _decoded(column: pa.ChunkedArray) -> list[Any]:
    """Decode the JSON of a column, equal texts once."""
    values: list[Any] = []
    for chunk in column.chunks:
        known = json.loads(f"[{','.join(chunk.dictionary.to_pylist())}]")
        values += map(known.__getitem__, code_cells(chunk).tolist())
    return values


def without_copies(found: Sequence[ReadRun]) -> tuple[list[ReadRun], list[SkippedRun], list[ReadingNote]]:
    """Keep each run id once.

    Two folders with one id are copies of one run, taken at different times if they differ: counting
    both would count the run twice. The one whose rows go furthest is kept (of equals the one that
    was found first), the other is skipped with a reason, or noted if it is the same to the byte.
    """
    kept: dict[str, ReadRun] = {}
    skipped: list[SkippedRun] = []
    notes: list[ReadingNote] = []
    for read in found:
        other = kept.setdefault(read.run.id, read)
        if other is read:
            continue
        if read.digest == other.digest:
            text = message(
                "{address} is a copy of {other}; the run is counted once",
                address=read.folder.address,
                other=other.folder.address,
            )
            notes.append(ReadingNote(read.run.id, "other", "run.csv", None, 1, text))
            continue
        if read.newest > other.newest:
            kept[read.run.id] = read
            read, other = other, read  # noqa: PLW2901 - from here on `read` is the one that goes
        reason = message(
            "run id {id} is also that of {other}, with other contents; the folder with the newest rows is read",
            id=read.run.id,
            other=other.folder.address,
        )
        skipped.append(SkippedRun(read.folder.address, reason))
    return list(kept.values()), skipped, notes


def in_order(reads: Iterable[ReadRun]) -> list[ReadRun]:
    """Put runs in order of start, then id; those without a start come last."""
    late = datetime.max.replace(tzinfo=UTC)
    key: Callable[[ReadRun], Any] = lambda read: (read.run.started or late, read.run.id)  # noqa: E731
    return sorted(reads, key=key)


def digest_of(digests: Iterable[str]) -> str:
    """Give one SHA-256 for many, whatever their order."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()
