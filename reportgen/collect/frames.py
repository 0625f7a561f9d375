"""Tables of pandas, Polars and PyArrow as canonical columns, through what their objects offer."""

from __future__ import annotations

import sys

from reportgen.collect.objects import encoder, without_missing
from reportgen.collect.tables import (
    Column,
    Piece,
    array_facts,
    fixed_bytes,
    in_parts,
    list_column,
    number_piece,
    numpy_column,
    table_facts,
    text_pieces,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

_ARROW_NAMES = {"double": "float64", "float": "float32", "halffloat": "float16", "bool": "bool"}
_NUMBERS = {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
_NUMBERS |= {"float16", "float32", "float64", "bool"}
_TEXTS = {"string", "large_string", "string_view", "utf8", "large_utf8"}
_BYTES = {"binary", "large_binary", "binary_view"}
_ROWS_AT_ONCE = 1 << 16


def is_table(data: Any) -> bool:
    """Tell whether something is a table or an array that :func:`data_facts` can read."""
    return (
        hasattr(data, "iloc")
        or hasattr(data, "get_columns")
        or hasattr(data, "to_physical")
        or (hasattr(data, "column_names") and hasattr(data, "schema"))
        or hasattr(data, "__array__")
        or (isinstance(data, dict) and all(isinstance(part, (list, tuple)) for part in data.values()))
    )


def data_facts(data: Any) -> dict[str, object]:
    """Describe a table or an array: kind, sha256, rows, columns, schema, and bytes where they are known.

    Raises:
        UnhashableError: A column holds values that have no canonical form.
    """
    if hasattr(data, "iloc"):
        frame = data if hasattr(data, "columns") else data.to_frame()
        size = int(frame.memory_usage(index=False).sum())
        return _sized(table_facts(_pandas_columns(frame), len(frame)), size)
    if hasattr(data, "to_physical"):
        data = data.to_frame()
    if hasattr(data, "get_columns"):
        columns = [_polars_column(series) for series in data.get_columns()]
        return _sized(table_facts(columns, data.height), int(data.estimated_size()))
    if hasattr(data, "column_names") and hasattr(data, "schema"):
        parts = zip(data.column_names, data.columns, strict=True)
        columns = [_arrow_column(name, values) for name, values in parts]
        return _sized(table_facts(columns, data.num_rows), int(data.nbytes))
    if isinstance(data, dict):
        lists = {str(name): list(values) for name, values in data.items()}
        rows = max(map(len, lists.values()), default=0)
        return table_facts([list_column(name, values) for name, values in lists.items()], rows)
    detach = getattr(data, "detach", None)  # a tensor of Torch: away from the graph and the device
    if detach is not None:
        data = detach().cpu()
    return array_facts(data if hasattr(data, "tobytes") and hasattr(data, "dtype") else data.__array__())


def _sized(facts: dict[str, object], size: int) -> dict[str, object]:
    return {**facts, "bytes": size}


def index_columns(frame: Any) -> list[tuple[str, Any]]:
    """Give the levels of a pandas index that hold data: all but unnamed row numbers."""
    index = frame.index
    levels = [index.get_level_values(at) for at in range(index.nlevels)]
    if len(levels) == 1 and index.name is None and getattr(index.dtype, "kind", "") in "iu":
        return []
    single = len(levels) == 1
    return [
        (str(level.name) if level.name is not None else "index" if single else f"level_{at}", level)
        for at, level in enumerate(levels)
    ]


def _pandas_columns(frame: Any) -> Iterator[Column]:
    for name, level in index_columns(frame):
        yield _pandas_column(name, level.to_series())
    for at, name in enumerate(frame.columns):
        yield _pandas_column(str(name), frame.iloc[:, at])


def _pandas_column(name: str, series: Any) -> Column:
    dtype = series.dtype
    if hasattr(dtype, "pyarrow_dtype"):
        return _arrow_column(name, series.array.__arrow_array__())
    if hasattr(dtype, "byteorder") and dtype.kind in "iufbMm":
        return numpy_column(name, series.to_numpy())
    if hasattr(dtype, "tz") and hasattr(dtype, "unit"):
        column = numpy_column(name, series.to_numpy(dtype=f"datetime64[{dtype.unit}]"))
        return Column(name, f"timestamp[{dtype.unit}, {dtype.tz}]", column.pieces)
    if hasattr(dtype, "numpy_dtype"):  # integers, floats and truth values with a mask
        return _masked_column(name, series, dtype.numpy_dtype)
    return _object_column(name, series)


def _object_column(name: str, series: Any) -> Column:
    """Read a column of pandas that has no numbers in memory."""
    dtype = series.dtype
    if hasattr(dtype, "categories") and hasattr(dtype, "ordered"):
        values = list_column(name, series.astype(object).tolist())
        return Column(name, f"category<{values.kind}>", values.pieces)
    if dtype.name in ("str", "string"):
        return _text_column(name, "string", _pandas_slices(series))
    return list_column(name, series.astype(object).tolist())


def _pandas_slices(series: Any) -> Iterator[list[Any]]:
    for start in range(0, len(series), _ROWS_AT_ONCE):
        yield without_missing(series.iloc[start : start + _ROWS_AT_ONCE].astype(object).tolist())


def _masked_column(name: str, series: Any, dtype: Any) -> Column:
    gap = float("nan") if dtype.kind == "f" else 0
    values = numpy_column(name, series.to_numpy(dtype=dtype, na_value=gap))
    if dtype.kind == "f":
        return values
    return Column(name, values.kind, _with_gaps(values.pieces, series.notna().to_numpy(dtype=bool)))


def _with_gaps(pieces: Iterable[Piece], valid: Any) -> Iterator[Piece]:
    start = 0
    for piece in pieces:
        piece.valid = valid[start : start + piece.rows].tobytes()
        start += piece.rows
        yield piece


def _polars_column(series: Any) -> Column:
    dtype = str(series.dtype)
    word = dtype.partition("(")[0].lower()
    if word in ("boolean", "bool"):
        word = "bool"
    if word in _NUMBERS:
        return Column(series.name, word, _polars_pieces(series, word))
    if word in ("datetime", "duration"):
        zone = getattr(series.dtype, "time_zone", None)
        unit = series.dtype.time_unit
        kind = "duration" if word == "duration" else "timestamp"
        type_name = f"{kind}[{unit}, {zone}]" if zone else f"{kind}[{unit}]"
        return Column(series.name, type_name, _polars_pieces(series.to_physical(), "int64"))
    if word == "date":
        return Column(series.name, "date", _polars_pieces(series.to_physical(), "int32"))
    if word in ("string", "utf8", "binary"):
        kind = "binary" if word == "binary" else "string"
        return _text_column(series.name, kind, _slices(series))
    if word in ("categorical", "enum"):
        return _text_column(series.name, "string", _slices(series), "category<string>")
    return list_column(series.name, series.to_list(), "" if word in ("time", "decimal", "null") else "json")


def _slices(series: Any) -> Iterator[list[Any]]:
    for start in range(0, len(series), _ROWS_AT_ONCE):
        yield series[start : start + _ROWS_AT_ONCE].to_list()


def _text_column(name: str, kind: str, parts: Iterable[list[Any]], shown: str = "") -> Column:
    return Column(name, shown or kind, text_pieces(parts, encoder(name, kind)))


def _polars_pieces(series: Any, kind: str) -> Iterator[Piece]:
    gap: Any = float("nan") if kind.startswith("float") else False if kind == "bool" else 0
    for start in range(0, len(series), _ROWS_AT_ONCE):
        part = series[start : start + _ROWS_AT_ONCE]
        if sys.modules.get("numpy") is None:  # Polars works without it, and cannot be asked
            yield number_piece(kind, part.to_list())
            continue
        numbers = part.fill_null(gap).to_numpy()
        valid = None
        if part.null_count() and not kind.startswith("float"):
            valid = bytes(part.is_not_null().to_list())
        yield Piece(len(part), fixed_bytes(numbers), valid)


def _arrow_column(name: str, values: Any) -> Column:
    dtype = str(values.type)
    word = _ARROW_NAMES.get(dtype, dtype)
    chunks = getattr(values, "chunks", None)
    parts = [values] if chunks is None else chunks
    if word in _NUMBERS:
        return Column(name, word, _arrow_pieces(parts, word))
    if word.startswith(("timestamp", "duration")):
        kind = word.replace(", tz=", ", ")
        return Column(name, kind, _arrow_pieces([part.cast("int64") for part in parts], "int64"))
    if word == "date32[day]":
        return Column(name, "date", _arrow_pieces([part.cast("int32") for part in parts], "int32"))
    if word in _TEXTS or word in _BYTES:
        kind = "string" if word in _TEXTS else "binary"
        return _text_column(name, kind, _lists(parts))
    if word.startswith("dictionary"):
        decoded = _arrow_column(name, values.cast(values.type.value_type))
        return Column(name, f"category<{decoded.kind}>", decoded.pieces)
    is_scalar = word.startswith(("time", "date", "decimal", "null"))
    return list_column(name, values.to_pylist(), "" if is_scalar else "json")


def _lists(parts: Iterable[Any]) -> Iterator[list[Any]]:
    for part in parts:
        for start in range(0, len(part), _ROWS_AT_ONCE):
            yield part[start : start + _ROWS_AT_ONCE].to_pylist()


def _arrow_pieces(parts: Iterable[Any], kind: str) -> Iterator[Piece]:
    gap: Any = float("nan") if kind.startswith("float") else False if kind == "bool" else 0
    for chunk in parts:
        for start in range(0, len(chunk), _ROWS_AT_ONCE):
            part = chunk[start : start + _ROWS_AT_ONCE]
            try:
                numbers = part.fill_null(gap).to_numpy(zero_copy_only=False)
            except ImportError:  # PyArrow works without NumPy
                yield from (number_piece(kind, values) for values in in_parts(part.to_pylist()))
                continue
            valid = None
            if part.null_count and not kind.startswith("float"):
                valid = bytes(part.is_valid().to_pylist())
            yield Piece(len(part), fixed_bytes(numbers), valid)
