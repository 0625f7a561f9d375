"""Runs as one table, for people who go on with them elsewhere."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from reportgen.errors import OutputError, UsageError
from reportgen.runs import MetricSummary, Run, RunSet

SUFFIXES = (".csv", ".parquet")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_EXACT_INTEGER = 2**53


def runs_table(runs: RunSet | Iterable[Run]) -> pd.DataFrame:
    """Make one row a run: its facts, ``param.*``, ``tag.*``, and ``metric.<name>.<number>``.

    A column has one type: whole numbers, numbers, true or false, or text; where a parameter's
    values differ in type, all of them are written as JSON text.
    """
    all_runs = list(runs.runs if isinstance(runs, RunSet) else runs)
    columns: dict[str, list[Any]] = {
        "id": [run.id for run in all_runs],
        "experiment": [run.experiment for run in all_runs],
        "name": [run.name for run in all_runs],
        "group": [run.group for run in all_runs],
        "parent": [run.parent for run in all_runs],
        "status": [run.status for run in all_runs],
        "reason": [run.reason for run in all_runs],
        "started": [run.started for run in all_runs],
        "ended": [run.ended for run in all_runs],
        "duration_s": [run.duration_s for run in all_runs],
        "commit": [run.code.get("commit") for run in all_runs],
        "notes": ["\n".join(run.notes) for run in all_runs],
        "address": [run.address for run in all_runs],
    }
    for prefix, mappings in (
        ("param", [run.params for run in all_runs]),
        ("tag", [run.tags for run in all_runs]),
    ):
        for name in dict.fromkeys(name for mapping in mappings for name in mapping):
            columns[f"{prefix}.{name}"] = [mapping.get(name) for mapping in mappings]
    for name in dict.fromkeys(name for run in all_runs for name in run.metrics):
        summaries = [run.metrics.get(name) for run in all_runs]
        for at, field in enumerate(MetricSummary._fields):
            columns[f"metric.{name}.{field}"] = [None if part is None else part[at] for part in summaries]
    return pd.DataFrame({name: _typed(name, values) for name, values in columns.items()})


def write_table(runs: RunSet | Iterable[Run], target: Path) -> None:
    """Write the table of runs to a ``.csv`` or ``.parquet`` file, whole or not at all.

    In CSV a text that a spreadsheet would run as a formula gets a leading apostrophe (CWE-1236).

    Raises:
        UsageError: The file's suffix is another one.
        OutputError: The file cannot be written.
    """
    if target.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"cannot tell the format of {target.name!r} from its suffix {target.suffix!r}",
            where="--to",
            found=f"known are {' and '.join(SUFFIXES)}",
            do="Name the file runs.csv or runs.parquet.",
        )
    table = runs_table(runs)
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-", suffix=".tmp")
        os.close(descriptor)
        temporary = Path(name)
        if target.suffix.lower() == ".csv":
            _harmless(table).to_csv(temporary, index=False, lineterminator="\n")
        else:
            table.to_parquet(temporary, index=False)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise OutputError(
            f"the file cannot be written ({error.strerror or error})",
            where=str(target),
            do="Check that the folder exists, that you may write there, and that no program has the file open.",
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _typed(name: str, values: Sequence[Any]) -> pd.Series[Any]:
    """Give a column one type that keeps every value."""
    kinds = {type(value) for value in values if value is not None}
    if name in ("started", "ended"):
        return pd.Series(pd.to_datetime(pd.Series(list(values), dtype="object"), utc=True))
    if kinds == {bool}:
        return pd.Series(pd.array(values, dtype="boolean"))
    if kinds == {int} and all(value is None or -(2**63) <= value < 2**63 for value in values):
        return pd.Series(pd.array(values, dtype="Int64"))
    if kinds and kinds <= {int, float} and float in kinds and all(map(_is_exact, values)):
        return pd.Series([None if value is None else float(value) for value in values], dtype="float64")
    if not kinds <= {str}:
        values = [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]
    return pd.Series(list(values), dtype="str")


def _is_exact(value: float | None) -> bool:
    return not isinstance(value, int) or abs(value) <= _EXACT_INTEGER


def _harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before every text that a spreadsheet would take for a formula."""
    harmless = table.rename(columns=_harmless_cell)
    for name in harmless:
        if harmless[name].dtype == "str":
            harmless[name] = harmless[name].map(_harmless_cell)
    return harmless


def _harmless_cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
