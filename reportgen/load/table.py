"""The table that reading gives and the cache keeps: one row a run, its metrics as lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from reportgen.language import message
from reportgen.load.arrays import coded_texts, integers, numbers, shared_texts, texts
from reportgen.load.facts import encode_json
from reportgen.load.interface import Fault, RunFolder, merge_faults
from reportgen.load.lines import MERGED_FIELDS
from reportgen.load.points import PointReader
from reportgen.load.reduce import merge_parts
from reportgen.runs import MetricSummary

_TEXT = pa.string()
_SHARED_TEXT = pa.dictionary(pa.int32(), pa.string())
_NUMBER = pa.float64()


def _list_of(element: pa.DataType) -> pa.DataType:
    return pa.list_(pa.field("element", element))  # the name that Parquet gives it


SCHEMA = pa.schema(
    [
        ("location", _TEXT),
        ("stamp", _TEXT),
        ("digest", _TEXT),
        ("problem", _TEXT),
        ("id", _TEXT),
        ("experiment", _SHARED_TEXT),
        ("name", _TEXT),
        ("group", _SHARED_TEXT),
        ("parent", _SHARED_TEXT),
        ("started", _NUMBER),
        ("status", _SHARED_TEXT),
        ("status_time", _NUMBER),
        ("reason", _SHARED_TEXT),
        ("boot", _SHARED_TEXT),
        ("first_time", _NUMBER),
        ("newest_fact", _NUMBER),
        ("newest_point", _NUMBER),
        ("facts", _TEXT),
        ("code", _SHARED_TEXT),
        ("env", _SHARED_TEXT),
        ("faults", _SHARED_TEXT),
        ("metrics", _list_of(_SHARED_TEXT)),
        *((f"metric_{field}", _list_of(_NUMBER)) for field in MetricSummary._fields),
    ]
)
"""``facts``, ``code``, ``env`` and ``faults`` are JSON; times are seconds since the epoch, NaN if unknown."""


class RunRow(NamedTuple):
    """What the run files of one folder say."""

    folder: RunFolder
    stamp: str
    """See `stamp_of`; empty where reading failed for a reason that may pass."""
    digest: str
    problem: str
    scalars: tuple[Any, ...]
    """The columns from ``id`` to ``newest_fact``, in the order of `SCHEMA`."""
    facts: str
    code: str
    env: str
    faults: list[Fault]


SCALARS = tuple(SCHEMA.names[SCHEMA.names.index("id") : SCHEMA.names.index("newest_fact") + 1])
NO_SCALARS = tuple("" if SCHEMA.field(name).type != _NUMBER else float("nan") for name in SCALARS)


def stamp_of(folder: RunFolder) -> str:
    """Give the text that changes whenever a file of the run does; empty if the store cannot tell."""
    text = "|".join([f"{name}:{size}:{stamp}" for name, size, stamp in folder.files])
    return "" if text.endswith(":") or ":|" in text else text  # a file without a stamp


def build_table(rows: Sequence[RunRow], points: PointReader) -> pa.Table:
    """Put what was read of a batch in a table, in the order of the batch."""
    faults, metric_columns = _metric_columns(rows, points)
    columns: dict[str, Any] = {
        "location": [row.folder.location for row in rows],
        "stamp": [row.stamp for row in rows],
        "digest": [row.digest for row in rows],
        "problem": [row.problem for row in rows],
        "newest_point": [points.newest.get(at, float("nan")) for at in range(len(rows))],
        "facts": [row.facts for row in rows],
        "code": [row.code for row in rows],
        "env": [row.env for row in rows],
        "faults": faults,
        **dict(zip(SCALARS, zip(*[row.scalars for row in rows], strict=True), strict=True)),
    }
    arrays = []
    for field in SCHEMA:
        if field.name in metric_columns:
            arrays.append(metric_columns[field.name])
        elif field.type == _SHARED_TEXT:
            arrays.append(shared_texts(columns[field.name]))
        else:
            make = texts if field.type == _TEXT else numbers
            arrays.append(make(columns[field.name]))
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _metric_columns(rows: Sequence[RunRow], points: PointReader) -> tuple[list[str], dict[str, Any]]:
    """Give each run's faults as JSON, and the columns of lists."""
    runs, names, numbers_found = _merged(points)
    repeats = (
        np.bincount(runs, weights=numbers_found[:, -1], minlength=len(rows))
        if len(runs)
        else np.zeros(len(rows))
    )
    faults = []
    for at, row in enumerate(rows):
        found = row.faults + points.faults.get(at, [])
        count = int(repeats[at])
        if count:
            text = message(
                "{n} values were logged again for a step that had one; curves show the latest", n=count
            )
            found = [*found, Fault("repeated_step", "metrics.csv", None, count, text)]
        faults.append(encode_json(merge_faults(found)) if found else "[]")
    offsets = integers(np.searchsorted(runs, np.arange(len(rows) + 1)))
    coded = coded_texts(names, list(points.names))
    columns = {"metrics": pa.ListArray.from_arrays(offsets, coded, type=_list_of(_SHARED_TEXT))}
    for at, field in enumerate(MetricSummary._fields):
        values = numbers(numbers_found[:, at])
        columns[f"metric_{field}"] = pa.ListArray.from_arrays(offsets, values, type=_list_of(_NUMBER))
    return faults, columns


def _merged(points: PointReader) -> tuple[Any, Any, Any]:
    """Give run, name and numbers of each series, by run and reading order, parts put together."""
    if not points.parts:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros((0, len(MERGED_FIELDS)))
    runs = np.concatenate([part.runs for part in points.parts])
    order = np.lexsort((np.concatenate([part.orders for part in points.parts]), runs))
    runs = runs[order]
    names = np.concatenate([part.names for part in points.parts])[order]
    values = np.concatenate([part.numbers for part in points.parts])[order]
    key = runs * len(points.names) + names
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    if len(first) == len(key):
        return runs, names, values
    members: dict[int, list[int]] = {}
    for at in np.flatnonzero(np.bincount(which)[which] > 1).tolist():
        members.setdefault(int(which[at]), []).append(at)
    for at_all in members.values():
        head = at_all[0]
        steps = points.steps.get((int(runs[head]), int(names[head])), [])
        values[head] = merge_parts(values[at_all], steps or [np.zeros(0)])
    kept = np.sort(first)
    return runs[kept], names[kept], values[kept]
