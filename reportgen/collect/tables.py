"""The hash of a table or an array: the same for the same values, whichever library holds them.

The canonical form is written down in ``docs/format.md``. In short: each column is a name, a type and
up to three streams (values, lengths, which rows are there), all independent of memory layout,
chunks and library; the table's hash is that of its columns' hashes. Libraries are used through what
their objects offer and never imported.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from sys import byteorder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

TABLE_FORM = "reportgen table 1"
ARRAY_FORM = "reportgen array 1"

MAX_SCHEMA_COLUMNS = 1000
"""Names and types are logged of this many columns; of a wider table the first ones."""

_ROWS_AT_ONCE = 1 << 16
_CODES = {"int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I"}
_CODES |= {"int64": "q", "uint64": "Q", "float32": "f", "float64": "d"}


class UnhashableError(ValueError):
    """A column holds values that have no canonical form."""


class Piece:
    """Some rows of a column in the canonical form.

    Args:
        rows: Number of rows.
        data: Fixed-width values, little-endian and without gaps, or texts one after the other.
        valid: One byte a row, 0 where the value is missing; None if none is.
        lengths: For texts: 8 bytes a row, little-endian.
    """

    __slots__ = ("data", "lengths", "rows", "valid")

    def __init__(
        self, rows: int, data: bytes, valid: bytes | None = None, lengths: bytes | None = None
    ) -> None:
        self.rows = rows
        self.data = data
        self.valid = valid
        self.lengths = lengths


class Column:
    """One column that can be read piece by piece.

    Args:
        name: As text.
        kind: The canonical type, such as ``int64``, ``string`` or ``timestamp[us]``.
        pieces: Its rows in order, cut anywhere.
    """

    __slots__ = ("kind", "name", "pieces")

    def __init__(self, name: str, kind: str, pieces: Iterable[Piece]) -> None:
        self.name = name
        self.kind = kind
        self.pieces = pieces

    def digest(self) -> list[object]:
        """Give what identifies the column: name, type, rows, missing rows, and a SHA-256 a stream."""
        data, lengths, valid = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
        rows = missing = 0
        has_lengths = False
        for piece in self.pieces:
            gaps = piece.valid.count(0) if piece.valid is not None else 0
            if gaps and not missing:  # up to here no row was missing
                valid.update(b"\1" * rows)
            missing += gaps
            rows += piece.rows
            if missing:
                valid.update(piece.valid if piece.valid is not None else b"\1" * piece.rows)
            data.update(piece.data)
            if piece.lengths is not None:
                has_lengths = True
                lengths.update(piece.lengths)
        return [
            self.name,
            self.kind,
            rows,
            missing,
            data.hexdigest(),
            lengths.hexdigest() if has_lengths else "",
            valid.hexdigest() if missing else "",
        ]


def table_facts(columns: Iterable[Column], rows: int) -> dict[str, object]:
    """Describe a table: kind, sha256, rows, columns, schema.

    Raises:
        UnhashableError: A column holds values that have no canonical form.
    """
    whole = hashlib.sha256(f"{TABLE_FORM}\n{rows}\n".encode())
    schema: dict[str, str] = {}
    count = 0
    for column in columns:
        whole.update(json_line(column.digest()))
        count += 1
        if len(schema) < MAX_SCHEMA_COLUMNS:
            schema.setdefault(column.name, column.kind)
    return {"kind": "table", "sha256": whole.hexdigest(), "rows": rows, "columns": count, "schema": schema}


def array_facts(values: Any) -> dict[str, object]:
    """Describe an array of NumPy: kind, sha256, rows, bytes, schema with type and shape.

    The order in memory does not count. A structured array is a table.

    Raises:
        UnhashableError: It holds objects that have no canonical form.
    """
    if values.dtype.names:
        flat = values.reshape(-1)
        return table_facts([numpy_column(name, flat[name]) for name in values.dtype.names], len(flat))
    column = numpy_column("", values.reshape(-1))  # in C order, whatever the order in memory
    shape = [int(length) for length in values.shape]
    whole = hashlib.sha256(f"{ARRAY_FORM}\n".encode())
    whole.update(json_line([shape, column.digest()]))
    facts: dict[str, object] = {"kind": "array", "sha256": whole.hexdigest()}
    if shape:
        facts["rows"] = shape[0]
    if len(shape) == 2:
        facts["columns"] = shape[1]
    return {**facts, "bytes": int(values.nbytes), "schema": {"type": column.kind, "shape": shape}}


def json_line(value: object) -> bytes:
    """Write a value as one line of JSON, the same on every system."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def numpy_column(name: str, values: Any) -> Column:
    """Read a one-dimensional array of NumPy."""
    dtype = values.dtype
    if dtype.kind in "iufbc" and dtype.itemsize <= (16 if dtype.kind == "c" else 8):
        return Column(name, "bool" if dtype.kind == "b" else dtype.name, _fixed_pieces(values))
    if dtype.kind in "Mm":
        unit = str(dtype).partition("[")[2].rstrip("]") or "generic"
        kind = "timestamp" if dtype.kind == "M" else "duration"
        return Column(name, f"{kind}[{unit}]", _time_pieces(values))
    return list_column(name, values.tolist())


def _fixed_pieces(values: Any) -> Iterator[Piece]:
    for start in range(0, len(values), _ROWS_AT_ONCE):
        part = values[start : start + _ROWS_AT_ONCE]
        yield Piece(len(part), fixed_bytes(part))


def _time_pieces(values: Any) -> Iterator[Piece]:
    for start in range(0, len(values), _ROWS_AT_ONCE):
        part = values[start : start + _ROWS_AT_ONCE]
        is_there = part == part  # noqa: PLR0124 - only "not a time" differs from itself
        numbers = part.astype("<i8")
        numbers[~is_there] = 0
        yield Piece(len(part), numbers.tobytes(), is_there.tobytes())


def fixed_bytes(values: Any) -> bytes:
    """Give an array's numbers little-endian and without gaps; each "not a number" is the same one."""
    if values.dtype.kind in "fc":
        is_nan = values != values  # noqa: PLR0124 - only "not a number" differs from itself
        if is_nan.any():
            values = values.copy()
            values[is_nan] = float("nan")
    data: bytes = values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes()
    return data


def number_piece(kind: str, values: list[Any]) -> Piece:
    """Encode numbers or truth values from a list; None is a missing one.

    Raises:
        OverflowError: A whole number does not fit.
    """
    valid = None
    if None in values:
        valid = bytes([value is not None for value in values])
        gap = float("nan") if kind.startswith("float") else 0
        values = [gap if value is None else value for value in values]
    if kind == "bool":
        return Piece(len(values), bytes(map(bool, values)), valid)
    if kind.startswith("float"):
        valid = None  # a missing number is "not a number"
        values = [value if value == value else float("nan") for value in values]  # noqa: PLR0124 - the same
    numbers = array(_CODES[kind], values)
    if byteorder == "big":
        numbers.byteswap()
    return Piece(len(values), numbers.tobytes(), valid)


def text_pieces(values: Iterable[list[Any]], encode: Any) -> Iterator[Piece]:
    """Encode values of any length from lists; None is a missing one."""
    for part in values:
        encoded = [b"" if value is None else encode(value) for value in part]
        lengths = array("q", map(len, encoded))
        if byteorder == "big":
            lengths.byteswap()
        valid = bytes([value is not None for value in part]) if None in part else None
        yield Piece(len(part), b"".join(encoded), valid, lengths.tobytes())


def in_parts(values: list[Any]) -> Iterator[list[Any]]:
    """Cut a list into parts of bounded size."""
    for start in range(0, len(values), _ROWS_AT_ONCE):
        yield values[start : start + _ROWS_AT_ONCE]


def list_column(name: str, values: list[Any], kind: str = "") -> Column:
    """Read a column from Python's objects, whose type is found out unless it is given.

    Raises:
        UnhashableError: There are values without a canonical form.
    """
    from reportgen.collect import objects

    plain = objects.without_missing(values)
    kind = kind or objects.kind_of(plain)
    if kind in _CODES or kind == "bool":
        return Column(name, kind, (number_piece(kind, part) for part in in_parts(plain)))
    plain = objects.as_numbers(plain, kind)
    if kind == "date":
        return Column(name, kind, (number_piece("int32", part) for part in in_parts(plain)))
    if kind.startswith(("timestamp", "duration")):
        return Column(name, kind, (number_piece("int64", part) for part in in_parts(plain)))
    return Column(name, kind, text_pieces(in_parts(plain), objects.encoder(name, kind)))
