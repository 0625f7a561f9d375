"""The hash of a table is that of its values: whichever library holds them, and however they lie in memory."""

from __future__ import annotations

import datetime as dt
import decimal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import reportgen
from reportgen.collect.frames import data_facts
from reportgen.collect.tables import UnhashableError

ROOT = Path(__file__).parents[3]
NOON = dt.datetime(2026, 1, 1, 12, 0, 0, 1)  # noqa: DTZ001 - a wall-clock time is meant
COLUMNS: dict[str, Any] = {
    "int64": pa.array([1, -2, 2**62, 4], pa.int64()),
    "int8": pa.array([1, -2, 3, 4], pa.int8()),
    "uint32": pa.array([1, 2, 3, 2**32 - 1], pa.uint32()),
    "float64": pa.array([1.5, float("nan"), -0.0, float("inf")], pa.float64()),
    "float32 with gaps": pa.array([1, 2, None, 4], pa.float32()),
    "bool": pa.array([True, False, True, True]),
    "text": pa.array(["a", "é😀", "", "x,\ny"]),
    "text with gaps": pa.array(["a", None, "", "b"]),
    "time": pa.array([NOON, NOON, None, NOON], pa.timestamp("us")),
    "nanoseconds": pa.array([1, 2, 3, 2**60], pa.timestamp("ns")),
    "time in a zone": pa.array([NOON, None, NOON, NOON], pa.timestamp("us", "Europe/Berlin")),
    "duration": pa.array(
        [dt.timedelta(seconds=3), None, dt.timedelta(0), dt.timedelta(1)], pa.duration("us")
    ),
    "date": pa.array([dt.date(2026, 1, 1), None, dt.date(1969, 1, 1), dt.date(2026, 1, 2)], pa.date32()),
    "category": pa.array(["u", None, "v", "u"]).dictionary_encode(),
    "list": pa.array([[1, 2], [], None, [3]], pa.list_(pa.int64())),
    "decimal": pa.array(
        [decimal.Decimal("1.50"), None, decimal.Decimal(0), decimal.Decimal(9)], pa.decimal128(9, 2)
    ),
    "bytes": pa.array([b"a", b"", None, b"\0"]),
    "nothing": pa.nulls(4),
}


def sha256(data: Any) -> object:
    return data_facts(data)["sha256"]


@pytest.mark.parametrize("kind", COLUMNS)
def test_all_libraries_give_the_same_hash_and_type(kind: str) -> None:
    table = pa.table({"x": COLUMNS[kind]})
    forms = [
        table,
        pa.concat_tables([table.slice(0, 1), table.slice(1)]),
        table.slice(0).to_batches()[0],
        pl.from_arrow(table),
        table.to_pandas(),
        table.to_pandas(types_mapper=pd.ArrowDtype),
    ]
    facts = [data_facts(form) for form in forms]
    assert len({str(found["sha256"]) for found in facts}) == 1
    assert len({str(found["schema"]) for found in facts}) == 1
    assert {(found["rows"], found["columns"]) for found in facts} == {(4, 1)}


@pytest.mark.parametrize(
    ("masked", "arrow"),
    [
        (pd.array([1, None, 3], dtype="Int32"), pa.array([1, None, 3], pa.int32())),
        (pd.array([True, None, False], dtype="boolean"), pa.array([True, None, False])),
        (pd.array([1.5, None, 3], dtype="Float64"), pa.array([1.5, None, 3], pa.float64())),
        (pd.array(["a", None], dtype="string"), pa.array(["a", None])),
        (np.array(["a", None], dtype=object), pa.array(["a", None])),
        (np.array([dt.date(2026, 1, 1), None], dtype=object), pa.array([dt.date(2026, 1, 1), None])),
    ],
)
def test_pandas_types_with_gaps_are_as_those_of_arrow(masked: Any, arrow: Any) -> None:
    assert sha256(pd.DataFrame({"x": masked})) == sha256(pa.table({"x": arrow}))


def test_neither_memory_layout_nor_row_numbers_count() -> None:
    frame = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1.0, 2.0, 3.0, 4.0]})
    wide = pd.DataFrame(np.asfortranarray(np.zeros((4, 2))), columns=["p", "q"])
    assert sha256(frame[frame["a"] > 2]) == sha256(pd.DataFrame({"a": [3, 4], "b": [3.0, 4.0]}))
    assert sha256(wide) == sha256(pd.DataFrame({"p": [0.0] * 4, "q": [0.0] * 4}))
    assert sha256(frame.iloc[::-1].iloc[::-1]) == sha256(frame.copy())


def changed_tables() -> list[tuple[str, pd.DataFrame]]:
    base = {"a": [1, 2, 3], "s": ["x", "yz", ""]}
    return [
        ("as it is", pd.DataFrame(base)),
        ("a cell", pd.DataFrame({**base, "a": [1, 2, 4]})),
        ("where one text ends", pd.DataFrame({**base, "s": ["xy", "z", ""]})),
        ("an empty text and a missing one", pd.DataFrame({**base, "s": ["x", "yz", None]})),
        ("a name", pd.DataFrame({"A": base["a"], "s": base["s"]})),
        ("a type", pd.DataFrame(base).astype({"a": "int32"})),
        ("a category", pd.DataFrame(base).astype({"s": "category"})),
        ("the order of rows", pd.DataFrame(base).iloc[[1, 0, 2]]),
        ("the order of columns", pd.DataFrame(base)[["s", "a"]]),
        ("a row less", pd.DataFrame(base).iloc[:2]),
        ("a named index", pd.DataFrame(base).rename_axis("row")),
        ("an index of texts", pd.DataFrame(base, index=["p", "q", "r"])),
        ("another index of texts", pd.DataFrame(base, index=["p", "q", "s"])),
        ("a column more", pd.DataFrame({**base, "t": [0, 0, 0]})),
    ]


def test_whatever_changes_in_a_table_changes_its_hash() -> None:
    hashes = {what: sha256(frame) for what, frame in changed_tables()}
    assert len(set(hashes.values())) == len(hashes)


def test_a_change_far_down_counts_whatever_the_pieces() -> None:
    values = np.arange(200_000)
    other = values.copy()
    other[150_000] = 0
    texts = [str(value) for value in values]
    assert sha256(pd.DataFrame({"a": values})) != sha256(pd.DataFrame({"a": other}))
    gaps = pa.array([None if value == 150_000 else value for value in range(200_000)], pa.int64())
    chunked = pa.chunked_array([gaps[:140_001], gaps[140_001:]])
    assert sha256(pa.table({"a": gaps})) == sha256(pa.table({"a": chunked})) != sha256(pa.table({"a": other}))
    assert sha256(pl.DataFrame({"a": texts})) == sha256(pd.DataFrame({"a": texts}))
    assert sha256(pl.DataFrame({"a": gaps.to_pylist()})) == sha256(pa.table({"a": gaps}))


def test_the_form_is_the_one_that_the_format_describes() -> None:
    """Computed here by the words of docs/format.md, with nothing of ours."""
    import hashlib
    import json

    def digest(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    numbers = (1).to_bytes(8, "little") + (0).to_bytes(8, "little") + (3).to_bytes(8, "little")
    lengths = b"".join(n.to_bytes(8, "little") for n in (1, 2, 0))
    lines = [
        ["n", "int64", 3, 1, digest(numbers), "", digest(b"\1\0\1")],
        ["s", "string", 3, 0, digest("aé".encode()), digest(lengths), ""],
    ]
    text = "reportgen table 1\n3\n" + "".join(
        json.dumps(line, separators=(",", ":")) + "\n" for line in lines
    )
    table = pa.table({"n": pa.array([1, None, 3], pa.int64()), "s": ["a", "é", ""]})
    assert sha256(table) == digest(text.encode())


def test_arrays_are_known_by_type_shape_and_values() -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert sha256(values) == sha256(np.asfortranarray(values)) == sha256(values.astype(">f4"))
    others = [values.reshape(4, 3), values.astype(np.float64), values + 1, values.reshape(-1)]
    assert len({str(sha256(other)) for other in [values, *others]}) == 5
    facts = data_facts(values)
    assert (facts["kind"], facts["rows"], facts["columns"], facts["bytes"]) == ("array", 3, 4, 48)
    assert facts["schema"] == {"type": "float32", "shape": [3, 4]}


@pytest.mark.parametrize(
    "values",
    [
        np.array([1 + 2j, complex("nan")]),
        np.array(["2026-01-01", "NaT"], dtype="datetime64[D]"),
        np.array(["a", "b"]),
        np.array([np.longdouble(1)]),
        np.array(3.5),
        np.zeros((0, 3)),
    ],
    ids=["complex", "days", "texts", "longdouble", "scalar", "empty"],
)
def test_arrays_of_every_type_have_a_hash_or_say_why_not(values: Any) -> None:
    try:
        assert sha256(values) == sha256(values.copy())
    except UnhashableError as error:
        assert "longdouble" in str(error)  # noqa: PT017 - which types fail is the point


def test_a_structured_array_is_a_table() -> None:
    array = np.array([(1, 2.5), (3, 4.5)], dtype=[("a", "i8"), ("b", "f8")])
    assert sha256(array) == sha256(pd.DataFrame({"a": [1, 3], "b": [2.5, 4.5]}))


def test_series_and_plain_columns_are_tables() -> None:
    assert sha256(pd.Series([1, 2], name="a")) == sha256(pl.Series("a", [1, 2])) == sha256({"a": [1, 2]})


def test_a_table_of_unknown_objects_is_told_and_training_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with reportgen.start_run("e", directory=tmp_path, capture=False) as run:
        run.log_dataset("train", pd.DataFrame({"x": [object()]}), version="v1")
    assert "column 'x' holds values of type object; give version=" in capsys.readouterr().err
    assert "v1" in (run.directory / "run.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("library", ["polars", "pyarrow"])
def test_a_library_without_numpy_gives_the_same_hash(library: str) -> None:
    """NumPy is hidden from a fresh interpreter; the values have gaps and are of all simple types."""
    code = (
        "import sys\nsys.modules['numpy'] = None\n"
        f"import {library} as lib\n"
        "from reportgen.collect.frames import data_facts\n"
        "columns = {'i': [1, None, 3], 'f': [1.5, None, float('nan')], 'b': [True, None, False], 's': ['a', None, 'b']}\n"
        f"table = lib.{'DataFrame' if library == 'polars' else 'table'}(columns)\n"
        "print(data_facts(table)['sha256'])\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    here = pl.DataFrame(
        {"i": [1, None, 3], "f": [1.5, None, float("nan")], "b": [True, None, False], "s": ["a", None, "b"]}
    )
    assert answer.stdout.strip() == sha256(here) == sha256(here.to_arrow())
