"""Carries out the reading in this process, or on this machine's other cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from reportgen.load.interface import Batch, Result


class InProcess:
    """Reads one batch after the other in this process."""

    def map(self, function: Callable[[Batch], Result], batches: Sequence[Batch]) -> Iterator[Result]:
        """Give each batch's result, in the order of the batches."""
        return map(function, batches)


class LocalPool:
    """Reads batches on several cores; what a lost worker leaves undone is read in this process.

    Workers are fresh interpreters (a fork would copy the threads of the libraries at hand), so a
    script that uses this needs the usual ``if __name__ == "__main__":``.

    Args:
        workers: Number of processes; default: as many as this process may use cores.
        least_batches: With fewer, starting workers costs more than they save.
    """

    def __init__(self, workers: int | None = None, *, least_batches: int = 6) -> None:
        """Remember the sizes; processes are started by `map`."""
        self._workers = workers or _usable_cores()
        self._least = least_batches

    def map(self, function: Callable[[Batch], Result], batches: Sequence[Batch]) -> Iterator[Result]:
        """Give each batch's result, in the order of the batches."""
        if self._workers < 2 or len(batches) < self._least:
            yield from map(function, batches)
            return
        with ProcessPoolExecutor(self._workers, mp_context=get_context("spawn")) as pool:
            pending = [(batch, _submit(pool, function, batch)) for batch in batches]
            for batch, future in pending:
                yield _result(function, batch, future)


def _submit(
    pool: ProcessPoolExecutor, function: Callable[[Batch], Result], batch: Batch
) -> Future[Result] | None:
    try:
        return pool.submit(function, batch)
    except BrokenProcessPool:
        return None


def _result(function: Callable[[Batch], Result], batch: Batch, future: Future[Result] | None) -> Result:
    if future is None:
        return function(batch)
    try:
        return future.result()
    except BrokenProcessPool:
        return function(batch)


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
