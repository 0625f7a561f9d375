"""The rows of a table as runs: one row of `load.table.SCHEMA` each."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, cast

import numpy as np
import pyarrow as pa

from reportgen.language import mark, message
from reportgen.load.arrays import coded_texts, integers, numbers, shared_texts, texts
from reportgen.load.facts import encode_json
from reportgen.load.interface import Fault, RunFolder
from reportgen.load.table import SCHEMA
from reportgen.load.tables.columns import ColumnPlan, Plan, Use, cells_of
from reportgen.load.tables.layout import Layout
from reportgen.load.tables.raw import cell_name
from reportgen.load.tables.values import Read, read_column
from reportgen.runs import MetricSummary, Status

_ID_DIGITS = 8
_STATUS_WORDS: Mapping[str, Status] = {
    **dict.fromkeys(
        ("finished", "done", "ok", "complete", "completed", "success", "succeeded", "yes"), "finished"
    ),
    **dict.fromkeys(
        ("failed", "fail", "failure", "error", "crashed", "crash", "oom", "out of memory", "no"), "failed"
    ),
    **dict.fromkeys(("running", "in progress", "started", "ongoing", "pending", "queued"), "running"),
    **dict.fromkeys(("killed", "interrupted", "aborted", "cancelled", "canceled", "stopped"), "interrupted"),
    **dict.fromkeys(("pruned", "early stopped", "stopped early"), "pruned"),
}
_EXPECTED: Mapping[Use, Literal["number", "date"]] = {"metric": "number", "date": "date"}
_UNREAD: Mapping[Use, str] = {
    "metric": mark("holds {text}, which is no number; it is left out"),
    "date": mark("holds {text}, which cannot be read as a date in one way only; it is left out"),
}
_NO_NUMBER = mark("holds {text}, which is no number as in the rest of the column; it is left out")
_FAILURES = ("fail", "crash", "oom", "out of memory", "error", "killed", "diverge", "cuda")


@dataclass(slots=True)
class RowRun:
    """One row as a run."""

    row: int
    name: str = ""
    started: float = math.nan
    status: Status = "finished"
    reason: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class TableRuns(NamedTuple):
    """All rows of a table, and the file that they came from."""

    file: str
    """Its name without folders."""
    experiment: str
    runs: tuple[RowRun, ...]


def rows_as_runs(layout: Layout, plan: Plan, file: str) -> tuple[RowRun, ...]:
    """Make a run of every row that is one."""
    runs = {row: RowRun(row, f"row {row + 1}") for row in layout.rows}
    for column, said in zip(layout.names, plan.columns, strict=True):
        if said.use != "nothing":
            read = read_column(
                cells_of(layout, column),
                plan.decimal,
                is_percent=said.percent,
                expected=_EXPECTED.get(said.use),
            )
            _take_in(runs, said, read)
            _tell_unread(runs, said, column, read, file)
        for row, run in runs.items():
            if (row, column) in layout.sheet.odd and said.use != "nothing":
                told = layout.sheet.odd[row, column]
                run.faults.append(
                    _fault(
                        file, row, column, said, message("holds {told}; nothing was read from it", told=told)
                    )
                )
    for run in runs.values():
        if run.row in layout.sheet.hidden_rows:
            run.faults.append(
                Fault(
                    "other",
                    file,
                    run.row + 1,
                    1,
                    message(
                        "row {row} is hidden in {file}; it counts all the same", row=run.row + 1, file=file
                    ),
                )
            )
    return tuple(runs.values())


def _take_in(runs: Mapping[int, RowRun], said: ColumnPlan, read: Read) -> None:
    for row, value in read.values.items():
        run = runs[row]
        match said.use:
            case "setting":
                run.params[said.name] = _plain(value)
            case "metric":
                run.metrics[said.name] = float(cast("float", value))
            case "name":
                run.name = str(_plain(value))
            case "date":
                run.started = cast("datetime", value).replace(tzinfo=UTC).timestamp()
            case "status":
                _take_status(run, str(value))
            case "note":
                run.notes.append(str(_plain(value)))
            case "data_version":
                run.data["data"] = {"version": str(_plain(value))}
            case _:
                run.tags[said.name] = _plain(value)


def _take_status(run: RowRun, text: str) -> None:
    status = _STATUS_WORDS.get(text.lower().strip())
    if status is not None:
        run.status = status
        return
    fails = any(word in text.lower() for word in _FAILURES)
    run.status, run.reason = ("failed" if fails else "finished"), text


def _tell_unread(runs: Mapping[int, RowRun], said: ColumnPlan, column: int, read: Read, file: str) -> None:
    """Keep what is no value: a word of failure ends the run, anything else is told."""
    for row, text in read.unread.items():
        run = runs[row]
        if said.use == "metric" and any(word in text.lower() for word in _FAILURES):
            run.status, run.reason = "failed", text
        else:
            told = message(_UNREAD.get(said.use, _NO_NUMBER), text=repr(text))
            run.faults.append(_fault(file, row, column, said, told))


def _fault(file: str, row: int, column: int, said: ColumnPlan, text: str) -> Fault:
    return Fault(
        "other",
        file,
        row + 1,
        1,
        message(
            "{file}, cell {cell} ({heading}) {told}",
            file=file,
            cell=cell_name(row, column),
            heading=said.heading,
            told=text,
        ),
    )


def _plain(value: Any) -> Any:
    return value.isoformat(sep=" ").removesuffix(" 00:00:00") if isinstance(value, datetime) else value


def digest_of_row(table: TableRuns, run: RowRun) -> str:
    """Give a row's SHA-256 by what it says, wherever the file lies."""
    said = [
        table.experiment,
        run.row,
        run.name,
        repr(run.started),
        run.status,
        run.reason,
        run.params,
        run.tags,
    ]
    told = json.dumps([*said, run.notes, run.data, run.metrics, [fault.text for fault in run.faults]])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def runs_table(table: TableRuns, folders: Sequence[RunFolder], places: Iterable[int]) -> pa.Table:
    """Make a table of `SCHEMA`, one row for each of *folders*, which stand at *places* among the runs."""
    runs = [table.runs[place] for place in places]
    digests = [digest_of_row(table, run) for run in runs]
    nothing = [""] * len(runs)
    unknown = [math.nan] * len(runs)
    columns: dict[str, Any] = {
        "location": [folder.location for folder in folders],
        "stamp": digests,
        "digest": digests,
        "problem": nothing,
        "id": [f"row-{run.row + 1}-{digest[:_ID_DIGITS]}" for run, digest in zip(runs, digests, strict=True)],
        "experiment": [table.experiment] * len(runs),
        "name": [run.name for run in runs],
        "group": nothing,
        "parent": nothing,
        "started": [run.started for run in runs],
        "status": [run.status for run in runs],
        "status_time": unknown,
        "reason": [run.reason for run in runs],
        "boot": nothing,
        "first_time": unknown,
        "newest_fact": unknown,
        "newest_point": unknown,
        "facts": [encode_json([run.params, run.tags, run.notes, run.data, {}]) for run in runs],
        "code": ["{}"] * len(runs),
        "env": ["{}"] * len(runs),
        "faults": [encode_json([list(fault) for fault in run.faults]) for run in runs],
        **_metric_columns(runs),
    }
    arrays = []
    for schema_field in SCHEMA:
        values = columns[schema_field.name]
        if isinstance(values, pa.Array):
            arrays.append(values)
        elif pa.types.is_dictionary(schema_field.type):
            arrays.append(shared_texts(values))
        else:
            arrays.append((texts if pa.types.is_string(schema_field.type) else numbers)(values))
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _metric_columns(runs: Sequence[RowRun]) -> dict[str, pa.Array]:
    """Give the columns of lists: every metric has one point without a step."""
    offsets = integers(np.cumsum([0, *(len(run.metrics) for run in runs)]))
    known: dict[str, int] = {}
    codes = [known.setdefault(name, len(known)) for run in runs for name in run.metrics]
    coded = coded_texts(codes, list(known))
    values = np.array([value for run in runs for value in run.metrics.values()], dtype=np.float64)
    finite = np.isfinite(values)
    of_finite, no_step = np.where(finite, values, np.nan), np.full(len(values), np.nan)
    one = np.ones(len(values))
    summary = (one, finite.astype(np.float64), values, values, of_finite, of_finite, *(no_step,) * 3)
    columns = {"metrics": pa.ListArray.from_arrays(offsets, coded, type=SCHEMA.field("metrics").type)}
    for name, column in zip(MetricSummary._fields, summary, strict=True):
        kind = SCHEMA.field(f"metric_{name}").type
        columns[f"metric_{name}"] = pa.ListArray.from_arrays(offsets, numbers(column), type=kind)
    return columns
