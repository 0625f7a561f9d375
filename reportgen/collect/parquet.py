"""The footer of a Parquet file: how many rows, which columns. Enough of Thrift's compact protocol for that.

Source: the Apache Parquet format, ``parquet.thrift``; Thrift's compact protocol.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MAX_FOOTER_BYTES = 32 * 2**20

_MAGIC = b"PAR1"
_TYPES = ("bool", "int32", "int64", "int96", "float32", "float64", "binary", "fixed_binary")
_CONVERTED = {
    0: "string",
    1: "map",
    3: "list",
    4: "category<string>",
    5: "decimal",
    6: "date",
    7: "time",
    8: "time",
    9: "timestamp[ms]",
    10: "timestamp[us]",
    11: "uint8",
    12: "uint16",
    13: "uint32",
    14: "uint64",
    15: "int8",
    16: "int16",
}

Struct = dict[int, object]


def footer(path: str) -> tuple[int, list[tuple[str, str]]]:
    """Read the number of rows and the columns of the top level, each with its type.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no Parquet file, or its footer is encrypted or too large.
        IndexError, KeyError: Its footer is damaged.
    """
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 8))
        tail = file.read(8)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != _MAGIC or length > min(size - 12, MAX_FOOTER_BYTES):
            raise ValueError("no Parquet file with a plain footer")
        file.seek(size - 8 - length)
        meta = _Reader(file.read(length)).struct()
    rows, elements = meta[3], meta[2]
    if not isinstance(rows, int) or not isinstance(elements, list):
        raise ValueError("no Parquet footer")  # noqa: TRY004 - the file is wrong, not the caller
    return rows, _columns(elements)


def _columns(elements: list[Struct]) -> list[tuple[str, str]]:
    columns: list[tuple[str, str]] = []
    at = 1
    while at < len(elements):
        element = elements[at]
        name = element[4]
        columns.append((name.decode("utf-8", "replace") if isinstance(name, bytes) else "", _kind(element)))
        at = _after(elements, at)
    return columns


def _after(elements: list[Struct], at: int) -> int:
    """Give the place after a column and all that lies below it."""
    pending = 1
    while pending:
        children = elements[at].get(5, 0)
        pending += (children if isinstance(children, int) else 0) - 1
        at += 1
    return at


def _kind(element: Struct) -> str:
    logical, converted, physical = element.get(10), element.get(6), element.get(1)
    if isinstance(logical, dict) and isinstance(stamp := logical.get(8), dict):
        unit = stamp.get(2)
        name = {1: "ms", 2: "us", 3: "ns"}.get(next(iter(unit), 0), "us") if isinstance(unit, dict) else "us"
        return f"timestamp[{name}, UTC]" if stamp.get(1) is True else f"timestamp[{name}]"
    if isinstance(converted, int) and converted in _CONVERTED:
        return _CONVERTED[converted]
    if isinstance(physical, int):
        return _TYPES[physical]
    return "struct"


class _Reader:
    """Reads values of Thrift's compact protocol."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def struct(self) -> Struct:
        """Read fields by number until the stop mark."""
        fields: Struct = {}
        number = 0
        while head := self._byte():
            step = head >> 4
            number = number + step if step else self._signed()
            fields[number] = self._value(head & 15)
        return fields

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def _signed(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _bytes(self, length: int) -> bytes:
        self._at += length
        if self._at > len(self._data):
            raise IndexError("the footer ends too early")
        return self._data[self._at - length : self._at]

    def _value(self, kind: int, *, in_list: bool = False) -> object:
        if kind in (1, 2):  # a truth value is its field's type; only in a list it has a byte of its own
            return self._byte() == 1 if in_list else kind == 1
        readers: dict[int, Callable[[], object]] = {
            3: self._byte,
            4: self._signed,
            5: self._signed,
            6: self._signed,
            7: lambda: self._bytes(8),
            8: lambda: self._bytes(self._varint()),
            9: self._list,
            10: self._list,
            11: self._map,
            12: self.struct,
        }
        return readers[kind]()

    def _list(self) -> list[object]:
        head = self._byte()
        length = head >> 4 if head >> 4 < 15 else self._varint()
        return [self._value(head & 15, in_list=True) for _ in range(length)]

    def _map(self) -> list[tuple[object, object]]:
        length = self._varint()
        kinds = self._byte() if length else 0
        return [
            (self._value(kinds >> 4, in_list=True), self._value(kinds & 15, in_list=True))
            for _ in range(length)
        ]
