"""The metrics of runs, kept in columns until somebody asks: most readers ask for few of them, or late."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from functools import partial
from itertools import islice

import numpy as np
import pyarrow as pa

from reportgen.load.arrays import code_cells, float_cells
from reportgen.runs import MetricSummary

_new_summary = partial(tuple.__new__, MetricSummary)  # as its `_make`, without a Python call for each


class RunMetrics(Mapping[str, MetricSummary]):
    """The summaries of one run by metric; those of its whole batch are made at the first question.

    Args:
        batch: The batch that the run was read in.
        at: The run's place in it.
    """

    __slots__ = ("_at", "_batch")

    def __init__(self, batch: SummaryBatch, at: int) -> None:
        """Remember where the numbers are."""
        self._batch, self._at = batch, at

    def __getitem__(self, name: str) -> MetricSummary:
        return self._batch.by_run()[self._at][name]

    def __contains__(self, name: object) -> bool:
        return name in self._batch.by_run()[self._at]

    def __iter__(self) -> Iterator[str]:
        return iter(self._batch.by_run()[self._at])

    def __len__(self) -> int:
        return len(self._batch.by_run()[self._at])

    def __repr__(self) -> str:
        return repr(self._batch.by_run()[self._at])

    def items(self) -> ItemsView[str, MetricSummary]:
        """Give names and summaries; a `Mapping`'s own would ask once more for each."""
        return self._batch.by_run()[self._at].items()

    def values(self) -> ValuesView[MetricSummary]:
        """Give the summaries; see `items`."""
        return self._batch.by_run()[self._at].values()


class SummaryBatch:
    """The summaries of one batch of a table of `table.SCHEMA`."""

    __slots__ = ("_by_run", "_columns")

    def __init__(self, batch: pa.RecordBatch) -> None:
        """Keep the columns of the metrics."""
        names = ("metrics", *(f"metric_{field}" for field in MetricSummary._fields))
        self._columns = [batch.column(name) for name in names]
        self._by_run: list[dict[str, MetricSummary]] | None = None

    def runs(self) -> list[RunMetrics]:
        """Give each run's metrics, in the order of the rows."""
        return [RunMetrics(self, at) for at in range(len(self._columns[0]))]

    def points(self) -> list[int]:
        """Give the number of all values of each run."""
        counts = float_cells(self._columns[1].flatten())[0].astype(np.int64)
        ends = np.cumsum([0, *self._columns[0].value_lengths().to_pylist()])
        found: list[int] = np.diff(np.concatenate([[0], np.cumsum(counts)])[ends]).tolist()
        return found

    def by_run(self) -> list[dict[str, MetricSummary]]:
        """Give each run's summaries by metric; made once."""
        if self._by_run is None:
            lists, *columns = self._columns
            flat = lists.flatten()
            names = map(flat.dictionary.to_pylist().__getitem__, code_cells(flat).tolist())
            numbers = [float_cells(column.flatten())[0] for column in columns]
            cells = [*(column.astype(np.int64).tolist() for column in numbers[:2])]
            cells += [column.tolist() for column in numbers[2:]]
            series = zip(names, map(_new_summary, zip(*cells, strict=True)), strict=True)
            self._by_run = [dict(islice(series, count)) for count in lists.value_lengths().to_pylist()]
            self._columns = self._columns[:2]
        return self._by_run
