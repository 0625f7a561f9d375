"""From addresses to a run set: find, take what the cache knows, read the rest in batches, assemble."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pyarrow as pa

from reportgen.errors import AddressError, NothingToReportError
from reportgen.language import message
from reportgen.load.arrays import integers
from reportgen.load.assembly import Assembled, ReadRun, assemble, digest_of, in_order, without_copies
from reportgen.load.cache import Cache
from reportgen.load.curves import FolderCurves
from reportgen.load.executors import InProcess
from reportgen.load.folders import RunFolderSource
from reportgen.load.interface import Discovery, Executor, RunFolder, RunSource
from reportgen.load.table import SCHEMA
from reportgen.runs import RunSet, SkippedRun, Source

BATCH_BYTES = 32 << 20
BATCH_RUNS = 2000
"""A batch ends at whichever it reaches first: bounded memory, and progress to show."""

Progress = Callable[[int, int], None]


class _Read:
    """What one address gave."""

    __slots__ = ("address", "assembled", "discovery", "source")

    def __init__(self, address: str, source: RunSource, discovery: Discovery) -> None:
        self.address, self.source, self.discovery = address, source, discovery
        self.assembled = Assembled([], [], [])


def read_runs(
    addresses: Sequence[str],
    sources: Sequence[RunSource] = (RunFolderSource(),),
    *,
    cache: bool = True,
    stale_after_s: float = 3600.0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> RunSet:
    """Read all runs at some addresses; see `reportgen.load.load_runs`."""
    with _paused_collection():
        return _read_runs(addresses, sources, (cache, stale_after_s), (executor, progress))


@contextmanager
def _paused_collection() -> Iterator[None]:
    """Keep Python from looking for cyclic garbage: 100,000 new objects, none of it, a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():  # count the new objects as old ones: they stay
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _read_runs(
    addresses: Sequence[str],
    sources: Sequence[RunSource],
    keeping: tuple[bool, float],
    working: tuple[Executor | None, Progress | None],
) -> RunSet:
    cache, stale_after_s = keeping
    executor, progress = working
    started_ns = time.time_ns()
    reads = _discover_all(addresses, sources)
    work = _Work(executor or InProcess(), progress, sum(len(read.discovery.folders) for read in reads))
    stale_before = started_ns / 1e9 - stale_after_s
    for read in reads:
        folders = read.discovery.folders
        table = _read_table(read, work, read_at_ns=started_ns if cache else None)
        read.assembled = assemble(table, folders, stale_before=stale_before)
    return _run_set(reads)


def _discover_all(addresses: Sequence[str], sources: Sequence[RunSource]) -> list[_Read]:
    """Ask the sources; a run that several addresses lead to belongs to the first."""
    if not addresses:
        raise AddressError("no address was given", do="Give a folder with runs, such as 'runs'.")
    seen: set[str] = set()
    reads = []
    for address in dict.fromkeys(addresses):
        source = next((source for source in sources if source.accepts(address)), None)
        if source is None:
            raise AddressError(f"{address!r} is no address", do="Give a folder with runs, such as 'runs'.")
        found = source.discover(address)
        new = found.folders
        if seen:
            new = tuple([folder for folder in new if folder.location not in seen])
        if len(addresses) > 1:
            seen.update([folder.location for folder in new])
        if not found.folders and not found.skipped:
            reason = message("no run folder was found here ({n} folders looked at)", n=found.looked_at)
            found = replace(found, skipped=(SkippedRun(address, reason),))
        reads.append(_Read(address, source, replace(found, folders=new)))
    return reads


class _Work:
    """Carries out the reading and tells how far it is."""

    def __init__(self, executor: Executor, progress: Progress | None, total: int) -> None:
        self._executor, self._progress, self._total = executor, progress, total
        self._done = 0

    def tell(self, runs: int) -> None:
        """Count runs as done."""
        self._done += runs
        if self._progress is not None and runs:
            self._progress(self._done, self._total)

    def read(self, source: RunSource, folders: Sequence[RunFolder]) -> list[pa.Table]:
        """Read folders in batches."""
        tables = []
        for table in self._executor.map(source.summarise, list(_batches(folders))):
            tables.append(table)
            self.tell(table.num_rows)
        return tables


def _batches(folders: Sequence[RunFolder]) -> Iterator[list[RunFolder]]:
    batch: list[RunFolder] = []
    size = 0
    for folder in folders:
        batch.append(folder)
        size += sum([file.size for file in folder.files])
        if size >= BATCH_BYTES or len(batch) >= BATCH_RUNS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read_table(read: _Read, work: _Work, *, read_at_ns: int | None) -> pa.Table:
    """Give the rows of an address's folders, in their order."""
    folders = read.discovery.folders
    if read_at_ns is None or not folders or not read.discovery.cache_root:
        return pa.concat_tables([pa.Table.from_batches([], schema=SCHEMA), *work.read(read.source, folders)])
    store = Cache(read.discovery.cache_root)
    known, changed = store.split(folders)
    work.tell(known.num_rows)
    if not changed:
        return known
    table = pa.concat_tables([known, *work.read(read.source, changed)])
    if known.num_rows:
        new = {folder.location for folder in changed}
        rows = [*(folder for folder in folders if folder.location not in new), *changed]
        place = {folder.location: at for at, folder in enumerate(rows)}
        table = table.unify_dictionaries().take(integers([place[folder.location] for folder in folders]))
    store.save(table, folders, changed, read_at_ns=read_at_ns)
    return table


def _run_set(reads: Sequence[_Read]) -> RunSet:
    found: list[ReadRun] = [read for address in reads for read in address.assembled.runs]
    kept, copies, copy_notes = without_copies(found)
    kept = in_order(kept)
    skipped = [run for address in reads for run in (*address.discovery.skipped, *address.assembled.skipped)]
    skipped = list(dict.fromkeys([*skipped, *copies]))
    if not kept:
        _raise_nothing(reads, skipped)
    sources = tuple(Source(read.address, read.source.kind, len(read.assembled.runs)) for read in reads)
    source_of = {id(run.folder): read.source for read in reads for run in read.assembled.runs}
    return RunSet(
        runs=tuple(read.run for read in kept),
        sources=sources,
        skipped=tuple(skipped),
        notes=(*(note for read in kept for note in read.notes), *copy_notes),
        digest=digest_of(
            [
                *(read.digest for read in kept),
                *(text for address in reads for text in address.assembled.digests),
            ]
        ),
        points=sum([read.points for read in kept]),
        guesses=tuple(guess for read in reads for guess in read.discovery.guesses),
        curves=FolderCurves({read.run.id: (source_of[id(read.folder)], read.folder) for read in kept}),
    )


def _raise_nothing(reads: Sequence[_Read], skipped: Sequence[SkippedRun]) -> None:
    reasons = [f"{run.address}: {run.reason}" for run in skipped[:3]]
    more = f" (and {len(skipped) - 3} more)" if len(skipped) > 3 else ""
    raise NothingToReportError(
        "there are no runs to report on",
        where=", ".join(read.address for read in reads),
        found="; ".join(reasons) + more,
        do="Log a run with reportgen.start_run(...), or give the folder that holds the run folders (a folder with run.csv).",
    )
