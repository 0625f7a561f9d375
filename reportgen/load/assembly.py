"""Makes runs of the rows of a table, and a run set of the runs."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NamedTuple, cast

import numpy as np
import pyarrow as pa

from reportgen.load.arrays import code_cells, float_cells
from reportgen.load.interface import RunFolder
from reportgen.load.liveness import is_running, was_here
from reportgen.load.table import SCALARS
from reportgen.runs import MetricSummary, ReadingNote, Run, SkippedRun, Status

LATER_ENTRY_S = 60.0
"""A run that says it started this much before its first row was written down is entered later."""


class ReadRun(NamedTuple):
    """One run with what decides between copies of it."""

    run: Run
    folder: RunFolder
    digest: str
    newest: float
    notes: tuple[ReadingNote, ...]


class Assembled(NamedTuple):
    """All rows of a table, made into runs or reasons."""

    runs: list[ReadRun]
    skipped: list[SkippedRun]
    digests: list[str]
    """Of the folders that were skipped."""


def assemble(table: pa.Table, folders: Sequence[RunFolder], *, stale_before: float) -> Assembled:
    """Make runs of a table's rows.

    Args:
        table: Rows of `table.SCHEMA`.
        folders: The folder of each row.
        stale_before: A run without a closing status, where locks cannot tell, counts as dead if its
            newest row is older than this (seconds since the epoch).
    """
    metrics = _metrics(table)
    columns = [_values(table.column(name)) for name in ("problem", "digest", "newest_point", *SCALARS)]
    facts = json.loads(f"[{','.join(table.column('facts').to_pylist())}]")  # one call is faster than many
    codes, envs, faults = (_decoded(table.column(name)) for name in ("code", "env", "faults"))
    result = Assembled([], [], [])
    rows = zip(folders, metrics, facts, codes, envs, faults, zip(*columns, strict=True), strict=True)
    for folder, summaries, fact, code, env, fault, (problem, digest, newest_point, *scalars) in rows:
        if problem:
            result.skipped.append(SkippedRun(folder.address, problem))
            result.digests.append(digest)
            continue
        times = _Times(scalars[SCALARS.index("newest_fact")], newest_point, stale_before)
        run = _run(folder, scalars, (*fact, code, env, summaries), times)
        notes = tuple(_note(run.id, values) for values in fault) if fault else ()
        result.runs.append(ReadRun(run, folder, digest, times.newest, notes))
    return result


class _Times(NamedTuple):
    newest_fact: float
    newest_point: float
    stale_before: float

    @property
    def newest(self) -> float:
        """Time of the newest row of any file; NaN without rows."""
        if self.newest_fact >= self.newest_point or math.isnan(self.newest_point):
            return self.newest_fact
        return self.newest_point


def _run(folder: RunFolder, scalars: list[Any], facts: tuple[Any, ...], times: _Times) -> Run:
    (run_id, experiment, name, group, parent, started, status, status_time, reason, boot, first_time, _) = (
        scalars
    )
    params, tags, notes, data, artifacts, code, env, summaries = facts
    if status:
        end = status_time
    else:
        end = times.newest
        here = was_here(boot, str(env.get("host") or ""))
        running = is_running(
            folder.location, folder.alive, is_here=here, newest=end, stale_before=times.stale_before
        )
        status = "running" if running else "interrupted"
    if first_time - started > LATER_ENTRY_S:  # the rows' own times tell when it ended, not those of writing
        end = times.newest_point
    duration = end - started
    return Run(
        id=run_id,
        experiment=experiment,
        name=name,
        group=group or None,
        parent=parent or None,
        started=_moment(started),
        ended=_moment(end),
        status=cast("Status", status),
        reason=reason,
        params=params,
        tags=tags,
        notes=tuple(notes),
        code=code,
        env=env,
        data=_mappings(data),
        artifacts=_mappings(artifacts),
        metrics=summaries,
        address=folder.address,
        duration_s=duration if duration >= 0 else None,
    )


def _moment(seconds: float) -> datetime | None:
    if math.isnan(seconds):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
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


def _metrics(table: pa.Table) -> list[dict[str, MetricSummary]]:
    """Give the summaries of each row by metric."""
    found: list[dict[str, MetricSummary]] = []
    for batch in table.to_batches():
        lists = batch.column("metrics")
        flat = lists.flatten()
        texts = flat.dictionary.to_pylist()
        names = list(map(texts.__getitem__, code_cells(flat).tolist()))
        columns = [batch.column(f"metric_{field}").flatten() for field in MetricSummary._fields]
        numbers = [float_cells(column)[0] for column in columns]
        whole = [column.astype(np.int64).tolist() for column in numbers[:2]]
        rest = [column.tolist() for column in numbers[2:]]
        summaries = list(map(MetricSummary._make, zip(*whole, *rest, strict=True)))
        ends = [0]
        for size in lists.value_lengths().to_pylist():
            ends.append(ends[-1] + size)
        found += [dict(zip(names[a:b], summaries[a:b], strict=True)) for a, b in pairwise(ends)]
    return found


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


def _decoded(column: pa.ChunkedArray) -> Iterable[Any]:
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
            text = f"{read.folder.address} is a copy of {other.folder.address}; the run is counted once"
            notes.append(ReadingNote(read.run.id, "other", "run.csv", None, 1, text))
            continue
        if read.newest > other.newest:
            kept[read.run.id] = read
            read, other = other, read  # noqa: PLW2901 - from here on `read` is the one that goes
        reason = (
            f"run id {read.run.id} is also that of {other.folder.address}, with other contents; "
            "the folder with the newest rows is read"
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
