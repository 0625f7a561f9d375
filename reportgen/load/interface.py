"""The ports of `load`: where runs come from, and what carries out the reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol, TypeVar

from reportgen.runs import SkippedRun, TableGuess

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

Batch = TypeVar("Batch")
Result = TypeVar("Result")


class StoredFile(NamedTuple):
    """One file of a run folder as the store lists it."""

    name: str
    size: int
    """Bytes."""
    stamp: str
    """Changes whenever the contents do (modification time, version tag); empty where unknown."""


class RunFolder(NamedTuple):
    """A place that holds one run: enough to read it on any machine that reaches it."""

    address: str
    """For people: the address as it was given, and the way from there."""
    location: str
    """Absolute real path or URL: the same run has the same location whatever address led there."""
    files: tuple[StoredFile, ...]
    """The files that carry facts and points, in reading order."""
    alive: tuple[str, ...]
    """Names of the lock files that tell a running run from a dead one."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What stands at one address."""

    folders: tuple[RunFolder, ...]
    skipped: tuple[SkippedRun, ...]
    looked_at: int
    """Number of folders that were looked at."""
    cache_root: str
    """The log directory that the cache belongs to: absolute path or URL; empty where none is kept."""
    guesses: tuple[TableGuess, ...] = ()


class Series(NamedTuple):
    """All points of one metric of one run, in no particular order.

    Shape: three arrays of the same length; a step that was not logged is NaN.
    """

    times: Numbers
    steps: Numbers
    values: Numbers


class RunSource(Protocol):
    """One kind of store that runs can be read from."""

    kind: ClassVar[str]
    """What the reader of a report is told, such as ``run folders``."""

    def accepts(self, address: str) -> bool:
        """Tell whether this source is the one to ask for the address."""

    def discover(self, address: str) -> Discovery:
        """List the runs at an address without reading them.

        Raises:
            AddressError: The address leads nowhere or cannot be reached.
        """

    def summarise(self, folders: Sequence[RunFolder]) -> pa.Table:
        """Read a batch of runs into a table with one row a run (see ``table.SCHEMA``).

        Pure and picklable: it may run in another process or on another machine.
        """

    def series(self, folder: RunFolder, metrics: Iterable[str]) -> Mapping[str, Series]:
        """Read all points of some metrics of one run."""


class Executor(Protocol):
    """Carries out the reading of batches, here or elsewhere."""

    def map(self, function: Callable[[Batch], Result], batches: Sequence[Batch]) -> Iterator[Result]:
        """Give each batch's result, in the order of the batches."""


class Fault(NamedTuple):
    """Something wrong in a file of a run that was read all the same."""

    kind: str
    """A kind of `runs.ReadingNote`."""
    file: str
    line: int | None
    """First line concerned, counted from 1."""
    times: int
    """How often."""
    text: str


def merge_faults(faults: Iterable[Fault]) -> list[Fault]:
    """Make one fault of all of the same kind in the same file: the first line's text, the sum of counts.

    They come by file and line, in whatever order they were met.
    """
    merged: dict[tuple[str, str, str], Fault] = {}
    for fault in sorted(faults, key=_place):
        key = (fault.kind, fault.file, fault.text if fault.kind == "other" else "")
        known = merged.get(key)
        merged[key] = fault if known is None else known._replace(times=known.times + fault.times)
    return list(merged.values())


def _place(fault: Fault) -> tuple[str, int, str, str]:
    return fault.file.removesuffix(".csv"), fault.line or 0, fault.kind, fault.text
