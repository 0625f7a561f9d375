"""Arrow arrays from numbers and texts and back, by their buffers.

``pyarrow.array`` and ``to_numpy`` import pandas to look for its types: half a second that reading
runs can do without.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def numbers(values: Iterable[float] | NDArray[np.float64]) -> pa.Array:
    """Make an array of 64-bit floats."""
    array = np.ascontiguousarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.float64)
    return pa.Array.from_buffers(pa.float64(), len(array), [None, pa.py_buffer(array)])


def integers(values: Iterable[int] | NDArray[np.int64]) -> pa.Array:
    """Make an array of 32-bit integers."""
    array = np.ascontiguousarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.int32)
    return pa.Array.from_buffers(pa.int32(), len(array), [None, pa.py_buffer(array)])


def texts(values: Sequence[str]) -> pa.Array:
    """Make an array of texts."""
    joined = "".join(values)
    sizes = map(len, values if joined.isascii() else [value.encode() for value in values])
    offsets = np.zeros(len(values) + 1, dtype=np.int32)
    np.cumsum(np.fromiter(sizes, dtype=np.int64, count=len(values)), out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(joined.encode())]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def shared_texts(values: Iterable[str]) -> pa.DictionaryArray:
    """Make an array of texts that many rows have in common."""
    codes: dict[str, int] = {}
    indices = [codes.setdefault(value, len(codes)) for value in values]
    return coded_texts(indices, list(codes))


def coded_texts(indices: Iterable[int] | NDArray[np.int64], known: Sequence[str]) -> pa.DictionaryArray:
    """Make an array of texts that are given by their places among the known ones."""
    return pa.DictionaryArray.from_arrays(integers(indices), texts(known))


def float_cells(array: pa.Array) -> tuple[NDArray[np.float64], NDArray[np.bool_] | None]:
    """Give the numbers of an array, NaN where a cell is empty, and which are not (None if all)."""
    validity, data = array.buffers()
    values = np.frombuffer(data, dtype=np.float64, count=array.offset + len(array))[array.offset :]
    if not array.null_count:
        return values, None
    bits = np.frombuffer(validity, dtype=np.uint8)
    valid = np.unpackbits(bits, bitorder="little")[array.offset : array.offset + len(array)].astype(np.bool_)
    return np.where(valid, values, np.nan), valid


def code_cells(array: pa.DictionaryArray) -> NDArray[np.int64]:
    """Give the codes of an array of coded texts without empty cells."""
    indices = array.indices
    data = np.frombuffer(indices.buffers()[1], dtype=np.int32, count=indices.offset + len(indices))
    return data[indices.offset :].astype(np.int64)
