"""Load: addresses in, one `RunSet` out. Run folders are read in bounded batches and cached.

    reading.py     the way of a call: find, cache, read, assemble
    folders.py     finds run folders at an address       interface.py  the ports
    summary.py     reads a batch: facts.py (run*.csv) and points.py (metrics*.csv)
    parser.py      the fast parser;  lines.py: the slow one, which judges;  reduce.py: points to numbers
    table.py       one row a run;  cache.py keeps it;  assembly.py makes runs of it
    curves.py      points on demand (series.py)
    executors.py   where batches are read
    export.py      all runs as CSV or Parquet
    tables/        workbooks and CSV files that people keep by hand

Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.language import in_every_language
from reportgen.load.executors import InProcess, LocalPool
from reportgen.load.folders import RunFolderSource
from reportgen.load.interface import Executor, RunFolder, RunSource
from reportgen.load.tables.source import TableSource
from reportgen.runs import Run, RunSet

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = [
    "Executor",
    "InProcess",
    "LocalPool",
    "RunFolder",
    "RunFolderSource",
    "RunSource",
    "TableSource",
    "load_runs",
    "read_notes",
    "read_table",
    "runs_table",
    "write_table",
]


def load_runs(
    addresses: Sequence[str],
    *,
    cache: bool = True,
    stale_after_s: float = 3600.0,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    sources: Sequence[RunSource] | None = None,
) -> RunSet:
    """Read all runs at some addresses: run folders, folders that hold them, globs, URLs.

    Args:
        addresses: Where to look; a run that several lead to counts once.
        cache: Whether to keep and use what was read before.
        stale_after_s: Seconds without a new row after which a run without a closing status counts
            as interrupted, where locks cannot tell.
        executor: What carries out the reading; default this process. `LocalPool` uses all cores.
        progress: Called with the number of runs done and of all.
        sources: The kinds of store to ask, in this order; default tables kept by hand, then run folders.

    Returns:
        The runs by start and id; what could not be read is in ``skipped`` and ``notes``.

    Raises:
        AddressError: An address leads nowhere or cannot be reached.
        NothingToReportError: There is no readable run at any address.
    """
    from reportgen.load.reading import read_runs

    return read_runs(
        addresses,
        sources or (TableSource(), RunFolderSource()),
        cache=cache,
        stale_after_s=stale_after_s,
        executor=executor,
        progress=progress,
    )


def read_table(*addresses: str | os.PathLike[str], cache: bool = True) -> pd.DataFrame:
    """Read all runs at some addresses into a data frame with one row a run; people call it ``reportgen.runs``.

    Args:
        addresses: Run folders, folders that hold them, globs, URLs; the log directory by default.
        cache: Whether to keep and use what was read before.

    Returns:
        Columns: id, experiment, name, status, started and so on, ``param.<name>``, ``tag.<name>`` and
        ``metric.<name>.<number>`` (last, min, max and so on; see `reportgen.runs.MetricSummary`).

    Raises:
        AddressError: An address leads nowhere or cannot be reached.
        NothingToReportError: There is no readable run at any address.
    """
    places = addresses or (os.environ.get("REPORTGEN_DIR") or "runs",)
    return runs_table(load_runs([os.fspath(place) for place in places], cache=cache))


def runs_table(runs: RunSet | Iterable[Run]) -> pd.DataFrame:
    """Make a data frame with one row a run; see `reportgen.load.export.runs_table`."""
    from reportgen.load import export

    return export.runs_table(runs)


def read_notes(workbook: Path) -> dict[str, str]:
    """Read what readers wrote beside runs in a workbook that reportgen wrote, by run id.

    Raises:
        AddressError: There is no such file, it cannot be read, or it has no such columns.
    """
    from reportgen.load.tables.carried import NOTES, RUN, carried_notes

    return carried_notes(workbook, in_every_language(RUN), in_every_language(NOTES))


def write_table(runs: RunSet | Iterable[Run], target: Path) -> None:
    """Write the table of runs to a ``.csv`` or ``.parquet`` file.

    Raises:
        UsageError: The file's suffix is another one.
        OutputError: The file cannot be written.
    """
    from reportgen.load import export

    export.write_table(runs, target)
