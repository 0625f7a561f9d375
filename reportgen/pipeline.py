"""The six calls in order: the only file that knows all stages. It prints nothing and decides nothing.

Stages are imported when they are called, so that listing runs loads no renderer and ``--help`` loads
nothing at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.config import Config
from reportgen.document import Report
from reportgen.errors import UsageError
from reportgen.findings import Findings, Goal
from reportgen.outputs import Outputs
from reportgen.runs import ReadingNote, RunSet

if TYPE_CHECKING:
    from reportgen.analyse import Draft
    from reportgen.sync import SyncResult

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is (0: not known)."""

_SKIPPING = ("bad_row", "missing_metrics")
"""Kinds of reading notes that mean that something the run had logged is not in the report."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """One finished build."""

    outputs: Outputs
    report: Report
    findings: Findings
    notes: tuple[ReadingNote, ...]
    """Faults in runs that were read all the same."""
    input_skipped: int
    """Number of runs, and of rows in other runs, that could not be read."""

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        return self.report.sections[0].title.text


def build(
    config: Config,
    *,
    directory: Path | None = None,
    cache: bool = True,
    parallel: bool = False,
    progress: Progress | None = None,
) -> BuildResult:
    """Make the report that *config* asks for.

    Args:
        config: What to report on and how.
        directory: Where the outputs go instead of ``config.outputs.directory``.
        cache: Read and keep what an earlier build has read.
        parallel: Read on all cores where there is much to read. A script that asks for it needs the
            usual ``if __name__ == "__main__":``, since worker processes import it.
        progress: Told of every step.

    Raises:
        ReportgenError: The input or the configuration does not allow a report. A single output that
            fails raises nothing: it is in ``outputs.failed``.
    """
    from reportgen import __version__
    from reportgen.analyse import analyse
    from reportgen.compose import compose

    tell = progress or _silent
    built_at = build_time()
    runs = load(config, cache=cache, parallel=parallel, progress=progress, keeps_mapping=True)
    tell("comparing", 0, 0)
    findings = analyse(runs, config, built_at)
    tell("writing the text", 0, 0)
    report = compose(findings, config, built_at=built_at, version=__version__)
    outputs = _render(report, config, directory or config.outputs.directory, tell)
    return BuildResult(outputs, report, findings, runs.notes, _count_skipped(runs))


def load(
    config: Config,
    *,
    cache: bool = True,
    parallel: bool = False,
    progress: Progress | None = None,
    keeps_mapping: bool = False,
) -> RunSet:
    """Read the runs at the addresses of *config*; arguments as for `build`.

    With *keeps_mapping* the guess how a table kept by hand is to be read is written beside it.

    Raises:
        AddressError: An address leads nowhere.
        NothingToReportError: There is no readable run at any of them.
    """
    from reportgen.load import LocalPool, RunFolderSource, TableSource, load_runs

    tell = progress or _silent
    return load_runs(
        config.runs,
        cache=cache,
        stale_after_s=config.stale_after_s,
        executor=LocalPool() if parallel else None,
        progress=lambda done, total: tell("reading runs", done, total),
        sources=(TableSource(partial(_knows, frozenset(config.metrics)), keeps_mapping), RunFolderSource()),
    )


def _knows(configured: frozenset[str], name: str) -> tuple[bool, bool]:
    """Tell whether a metric is called so, and whether such a one is a share of something."""
    from reportgen.analyse.dictionary import look_up

    known = look_up(name)
    return known.kind is not None or name in configured, known.fraction or known.share


def export(runs: RunSet, target: Path) -> None:
    """Write one row a run to a ``.csv`` or ``.parquet`` file.

    Raises:
        OutputError: It cannot be written.
    """
    from reportgen.load import write_table

    write_table(runs, target)


def sync(source: str, target: str, *, is_dry: bool = False, progress: Progress | None = None) -> SyncResult:
    """Bring the runs at *source* to *target*: what is new, and what has grown.

    Raises:
        ReportgenError: One of them cannot be reached, or the source holds no runs.
    """
    from reportgen.sync import sync_runs

    tell = progress or _silent
    tell("looking at both sides", 0, 0)
    return sync_runs(
        source, target, is_dry=is_dry, progress=lambda done, total: tell("bringing runs", done, total)
    )


def draft(runs: RunSet) -> Draft:
    """Say what a first ``reportgen.toml`` for these runs would hold."""
    from reportgen.analyse import draft_config

    return draft_config(runs)


def better_direction(metric: str, config: Config) -> Goal | None:
    """Say which direction of a metric is better: by the configuration, else by its name; None if unknown."""
    from reportgen.analyse.dictionary import look_up

    own = config.metrics.get(metric)
    return own.goal if own and own.goal else look_up(metric).goal


def build_time() -> datetime:
    """Give the time that the report is dated with: SOURCE_DATE_EPOCH if it is set, else now (UTC).

    Raises:
        UsageError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    stated = os.environ.get("SOURCE_DATE_EPOCH")
    if not stated:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(stated), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"SOURCE_DATE_EPOCH is {stated!r}", do="Set it to whole seconds since 1970, or unset it."
        ) from error


def _render(report: Report, config: Config, directory: Path, tell: Progress) -> Outputs:
    from reportgen.render import render_outputs

    formats = config.outputs.formats
    return render_outputs(
        report,
        formats,
        directory,
        config.theme,
        progress=lambda name: tell(f"making {name}", formats.index(name), len(formats)),
    )


def _count_skipped(runs: RunSet) -> int:
    return len(runs.skipped) + sum(note.count for note in runs.notes if note.kind in _SKIPPING)


def _silent(what: str, done: int, total: int) -> None:
    del what, done, total
