"""What files of tables tell cheaply: rows, columns and their types, from CSV, JSON lines, NumPy and Parquet."""

from __future__ import annotations

import os

from reportgen.collect.tables import MAX_SCHEMA_COLUMNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MAX_COUNTED_BYTES = 16 * 2**20
"""The rows of a text file are counted up to this size; above it the count would hold the training up."""


def file_facts(path: str) -> dict[str, object]:
    """Give ``rows``, ``columns`` and ``schema`` of a file, those that can be told.

    A file that is not what its name says tells nothing: that is for the training to notice.
    """
    suffix = os.path.splitext(path)[1].lower()
    reader = _READERS.get(suffix)
    if reader is None:
        return {}
    try:
        return reader(path)
    except (OSError, ValueError, IndexError, KeyError, TypeError, SyntaxError, RecursionError):
        return {}


def _csv_facts(path: str, delimiter: str = ",") -> dict[str, object]:
    import csv

    facts: dict[str, object] = {}
    is_small = os.path.getsize(path) <= MAX_COUNTED_BYTES
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            header = next(reader, [])
            facts["columns"] = len(header)
            facts["schema"] = dict.fromkeys(header[:MAX_SCHEMA_COLUMNS], "text")
            if is_small:
                facts["rows"] = sum(1 for record in reader if record)
    except csv.Error:
        return {}
    return facts


def _tsv_facts(path: str) -> dict[str, object]:
    return _csv_facts(path, "\t")


def _json_lines_facts(path: str) -> dict[str, object]:
    if os.path.getsize(path) > MAX_COUNTED_BYTES:
        return {}
    with open(path, "rb") as file:
        return {"rows": sum(1 for line in file if line.strip())}


def _npy_facts(path: str) -> dict[str, object]:
    """Read the header of a ``.npy`` file (NumPy's format 1 to 3)."""
    import ast

    with open(path, "rb") as file:
        start = file.read(8)
        if start[:6] != b"\x93NUMPY":
            return {}
        length = int.from_bytes(file.read(2 if start[6] == 1 else 4), "little")
        header = ast.literal_eval(file.read(min(length, 1 << 16)).decode("latin-1"))
    shape = list(header["shape"])
    facts: dict[str, object] = {"schema": {"type": str(header["descr"]), "shape": shape}}
    if shape:
        facts["rows"] = shape[0]
    if len(shape) == 2:
        facts["columns"] = shape[1]
    return facts


def _parquet_facts(path: str) -> dict[str, object]:
    from reportgen.collect import parquet

    rows, columns = parquet.footer(path)
    names = dict(columns[:MAX_SCHEMA_COLUMNS])
    return {"rows": rows, "columns": len(columns), "schema": names}


_READERS: dict[str, Callable[[str], dict[str, object]]] = {
    ".csv": _csv_facts,
    ".tsv": _tsv_facts,
    ".jsonl": _json_lines_facts,
    ".ndjson": _json_lines_facts,
    ".npy": _npy_facts,
    ".parquet": _parquet_facts,
}
