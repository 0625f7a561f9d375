"""The one place that calls the CSV parser: joined bodies in, columns out, or nothing if it is in doubt."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from reportgen.load.arrays import code_cells, float_cells
from reportgen.load.reduce import Integers, Numbers

_PARSE = pa_csv.ParseOptions(
    quote_char=False,
    double_quote=False,
    escape_char=False,
    newlines_in_values=False,
    ignore_empty_lines=False,
)


class WideTable:
    """Rows of wide files that lie one after the other.

    ``time`` and ``step`` have the shape (rows,); a step that was not logged is NaN.
    """

    __slots__ = ("_columns", "_order", "step", "time")

    def __init__(self, time: Numbers, step: Numbers, columns: list[Any]) -> None:
        """Keep the parsed columns as they are."""
        self.time, self.step = time, step
        self._columns = columns
        self._order: Integers | None = None

    def has_falling_times(self, starts: Integers) -> bool:
        """Tell whether the rows of some file are not in order of time."""
        falls = np.diff(self.time) < 0
        falls[starts[1:] - 1] = False
        return bool(falls.any())

    def sort_by_time(self, owner: Integers) -> None:
        """Put each file's rows in order of time; rows of the same time stay as they are."""
        self._order = np.lexsort((self.time, owner))
        self.time, self.step = self.time[self._order], self.step[self._order]

    def has_rising_steps(self, starts: Integers) -> bool:
        """Tell whether no step can stand twice in a file: each is above the one before."""
        rises = np.diff(self.step) > 0
        rises[starts[1:] - 1] = True
        return bool(rises.all())

    def column(self, index: int) -> tuple[Numbers, NDArray[np.bool_] | None]:
        """Give a metric's cells, and which of them are not blank (None if all)."""
        values, valid = float_cells(self._columns[index])
        if self._order is not None:
            values = values[self._order]
            valid = None if valid is None else valid[self._order]
        return values, valid


class LongTable(NamedTuple):
    """Rows of long files that lie one after the other; all arrays have the shape (rows,)."""

    time: Numbers
    step: Numbers
    codes: Integers
    names: list[str]
    values: Numbers


def parse_wide(body: bytes, metrics: int, rows: int, wanted: tuple[int, ...] = ()) -> WideTable | None:
    """Parse joined bodies of wide files.

    Args:
        body: Whole lines without quotes and carriage returns.
        metrics: Number of metrics' columns.
        rows: Number of lines.
        wanted: Columns of metrics to give; default all.

    Returns:
        The columns, or None where a line is not just as it should be.
    """
    chosen = wanted or tuple(range(metrics))
    columns = _parse(body, rows, _wide_options(metrics, chosen))
    if columns is None:
        return None
    time, step = _time_and_step(columns)
    return None if time is None or step is None else WideTable(time, step, columns[2:])


def parse_long(body: bytes, rows: int) -> LongTable | None:
    """Parse joined bodies of long files, with the same conditions as `parse_wide`."""
    columns = _parse(body, rows, _long_options())
    if columns is None:
        return None
    time, step = _time_and_step(columns)
    name, value = columns[2], columns[3]
    if time is None or step is None or value.null_count:
        return None
    names = name.dictionary.to_pylist()
    if "" in names:
        return None
    return LongTable(time, step, code_cells(name), names, float_cells(value)[0])


def _time_and_step(columns: list[Any]) -> tuple[Numbers | None, Numbers | None]:
    """Give both, or None for the one that the judge has to look at."""
    if columns[0].null_count:
        return None, None
    time, step = float_cells(columns[0])[0], float_cells(columns[1])[0]
    is_step_fine = len(step) - int(np.count_nonzero(np.isfinite(step))) == columns[1].null_count
    return (time if np.isfinite(time).all() else None), (step if is_step_fine else None)


def _parse(body: bytes, rows: int, options: Any) -> list[Any] | None:
    names, convert = options
    read = pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(body) + 1)
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(body), read_options=read, parse_options=_PARSE, convert_options=convert
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != rows:
        return None
    table = table.combine_chunks()
    return [column.chunk(0) for column in table.columns]


@lru_cache(maxsize=64)
def _wide_options(metrics: int, wanted: tuple[int, ...]) -> tuple[list[str], Any]:
    names = [str(at) for at in range(metrics + 2)]
    convert = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.float64()),
        include_columns=["0", "1", *(str(at + 2) for at in wanted)],
        null_values=[""],
        strings_can_be_null=False,
    )
    return names, convert


@lru_cache(maxsize=1)
def _long_options() -> tuple[list[str], Any]:
    number, text = pa.float64(), pa.dictionary(pa.int32(), pa.string())
    convert = pa_csv.ConvertOptions(
        column_types={"time": number, "step": number, "name": text, "value": number},
        null_values=[""],
        strings_can_be_null=False,
    )
    return ["time", "step", "name", "value"], convert
