"""Which file a row of metrics goes to: wide files by set of names, then the long one."""

from __future__ import annotations

import os
from operator import itemgetter

from reportgen.collect.append import AppendFile, RunFolder
from reportgen.collect.rows import checked_name, metric_number, step_cell
from reportgen.collect.tails import cut_torn_tail
from reportgen.errors import LoggingError
from reportgen.schema import (
    LONG_HEADER,
    MAX_WIDE_FILES,
    WIDE_KEY,
    long_file_name,
    quote_cell,
    wide_file_name,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

_MAX_REMEMBERED_LAYOUTS = 1000
"""Sets of names whose place is remembered; a training that invents names for ever must not fill memory."""

_FLOAT_TEXT = float.__repr__


class Table:
    """One wide file: its metrics, in the order of its columns."""

    __slots__ = ("columns", "file")

    def __init__(self, columns: tuple[str, ...], file: AppendFile) -> None:
        self.columns = columns
        self.file = file


class Layout:
    """Where the values of one set of names go.

    Args:
        file: The file.
        pick: Puts a call's cells (and one empty cell after them) in the order of the file's columns;
            None where they are in order.
        prefixes: For the long file, each name's cell; None for a wide one.
    """

    __slots__ = ("file", "pick", "prefixes")

    def __init__(
        self,
        file: AppendFile,
        pick: Callable[[list[str]], tuple[str, ...]] | None = None,
        prefixes: tuple[str, ...] | None = None,
    ) -> None:
        self.file = file
        self.pick = pick
        self.prefixes = prefixes


class PointFiles:
    """The files of points of one writer.

    Args:
        folder: The run folder.
        writer: Empty for the run's own writer; ``<host>-<pid>`` for a further one.
    """

    __slots__ = ("_folder", "_layouts", "_long", "_tables", "_writer")

    def __init__(self, folder: RunFolder, writer: str = "") -> None:
        self._folder = folder
        self._writer = writer
        self._tables: dict[int, Table] = {}
        self._long: AppendFile | None = None
        self._layouts: dict[tuple[object, ...], Layout] = {}

    def add(self, values: Mapping[str, Any], step: object, at: float) -> None:
        """Write one row.

        Args:
            values: One number for each metric.
            step: A whole or fractional number, or None.
            at: Seconds since the Unix epoch, UTC.

        Raises:
            LoggingError: A bad name, value or step.
            RunStorageError: The row cannot be written and the run is strict.
        """
        try:
            cells = list(map(_FLOAT_TEXT, values.values()))  # others than floats are dealt with below
        except (TypeError, AttributeError):
            cells = _cells_of_any(values)
        if not cells:
            return  # a row without a value would be no row
        layout = self._layouts.get(tuple(values)) or self._lay_out(values)
        if type(step) is not int:
            step = step_cell(step)
        if layout.pick is not None:
            cells.append("")
            row = f"{at:.3f},{step},{','.join(layout.pick(cells))}\n"
        elif layout.prefixes is None:
            row = f"{at:.3f},{step},{','.join(cells)}\n"
        else:
            head = f"{at:.3f},{step},"
            row = "".join(
                [f"{head}{name},{cell}\n" for name, cell in zip(layout.prefixes, cells, strict=True)]
            )
        layout.file.append(row.encode())

    def adopt(self) -> None:
        """Go on with the files that an earlier life of this run left, each cut at its last whole row.

        Raises:
            OSError: They cannot be read or cut.
        """
        directory = self._folder.directory
        for number in range(1, MAX_WIDE_FILES + 1):
            path = os.path.join(directory, wide_file_name(number, self._writer))
            cut_torn_tail(path, has_newlines_in_cells=False)
            header = _read_header(path)
            if header:
                self._new_table(number, header[len(WIDE_KEY) :])
        path = os.path.join(directory, long_file_name(self._writer))
        cut_torn_tail(path, has_newlines_in_cells=False)

    def _lay_out(self, values: Mapping[str, object]) -> Layout:
        """Find the first file that has all of the names, or open the next one."""
        if len(self._layouts) >= _MAX_REMEMBERED_LAYOUTS:
            self._layouts.clear()
        names = tuple(checked_name(name, "metric") for name in values)
        layout = self._layouts[tuple(values)] = self._find_layout(names)
        return layout

    def _find_layout(self, names: tuple[str, ...]) -> Layout:
        wanted = set(names)
        for number in sorted(self._tables):
            table = self._tables[number]
            if table.columns == names:
                return Layout(table.file)
            if wanted <= set(table.columns):
                places = {name: place for place, name in enumerate(names)}
                pick = itemgetter(*(places.get(column, len(names)) for column in table.columns))
                return Layout(table.file, pick)
        for number in range(1, MAX_WIDE_FILES + 1):
            if number not in self._tables:
                table = self._new_table(number, names)
                if table.columns == names:
                    return Layout(table.file)
        if self._long is None:
            header = ",".join(LONG_HEADER) + "\n"
            self._long = self._folder.open_file(long_file_name(self._writer), header)
        return Layout(self._long, prefixes=tuple(quote_cell(name) for name in names))

    def _new_table(self, number: int, columns: tuple[str, ...]) -> Table:
        header = ",".join((*WIDE_KEY, *(quote_cell(name) for name in columns))) + "\n"
        file = self._folder.open_file(wide_file_name(number, self._writer), header)
        # a signal handler that logs new names just now may have taken the number: then that one has it
        return self._tables.setdefault(number, Table(columns, file))


def _cells_of_any(values: object) -> list[str]:
    """Write the values of a call that are not all Python floats."""
    items = getattr(values, "items", None)
    if items is None:
        raise LoggingError(
            f"expected names and numbers, not {type(values).__name__}",
            where="log_metrics",
            do='Give a dict such as {"loss": 0.31}.',
        )
    return [_FLOAT_TEXT(metric_number(name, value)) for name, value in items()]


def _read_header(path: str) -> tuple[str, ...]:
    """Read the first line of a file of points; empty without the file or a header in it."""
    import csv

    try:
        with open(path, encoding="utf-8", newline="") as file:
            return tuple(next(csv.reader(file), ()))
    except FileNotFoundError:
        return ()
