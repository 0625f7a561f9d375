"""From runs to files: load, analyse, compose, render; and what is asked of one stage alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from reportgen.config import CommandLine, Config
from reportgen.config.command_line import command_words
from reportgen.document import Chart, Report, Table
from reportgen.errors import NothingToReportError, OutputError, UsageError
from reportgen.findings import Findings, Goal
from reportgen.issues import Edition, Period
from reportgen.outputs import Outputs
from reportgen.runs import ReadingNote, Run, RunSet

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
    carry_notes: Path | None = None,
) -> BuildResult:
    """Make the report that *config* asks for.

    Args:
        config: What to report on and how.
        directory: Where the outputs go instead of ``config.outputs.directory``.
        cache: Read and keep what an earlier build has read.
        parallel: Read on all cores where there is much to read. A script that asks for it needs the
            usual ``if __name__ == "__main__":``, since worker processes import it.
        progress: Told of every step.
        carry_notes: An earlier workbook: what readers wrote into its column of notes goes on.

    Raises:
        ReportgenError: The input or the configuration does not allow a report. A single output that
            fails raises nothing: it is in ``outputs.failed``.
    """
    from reportgen.load import read_notes

    notes = {} if carry_notes is None else read_notes(carry_notes)
    runs = load(config, cache=cache, parallel=parallel, progress=progress, keeps_mapping=True)
    wanted = _Wanted(directory or config.outputs.directory, notes)
    return _built(runs, config, wanted, progress or silent)


def build_issue(
    config: Config,
    edition: Edition,
    directory: Path,
    *,
    since: Mapping[str, Any] | None = None,
    built_at: datetime | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Make the outputs of an issue in *directory*: a report that has a number and says what changed.

    Only runs that began before the end of its period count.

    Args:
        config: What to report on and how.
        edition: The issue's number and period.
        directory: Where the outputs go.
        since: Frozen numbers of the issue before.
        built_at: Make it as it would have been then, instead of now.
        progress: Told of every step.

    Raises:
        ReportgenError: As for `build`.
    """
    config = within(edition, config)
    runs = load(config, parallel=True, progress=progress, keeps_mapping=True)
    _refuse_too_early(edition.period, runs, ZoneInfo(config.schedule.timezone))
    return _built(runs, config, _Wanted(directory, {}, since, edition, built_at), progress or silent)


def _refuse_too_early(period: Period, runs: RunSet, zone: ZoneInfo) -> None:
    """Name the first period that has runs, where all of them began after this one.

    Raises:
        NothingToReportError: They did.
    """
    from reportgen.deliver.schedule import period_around

    starts = [run.started.astimezone(zone) for run in runs.runs if run.started is not None]
    if period.end is None or len(starts) < len(runs.runs) or not starts or min(starts) < period.end:
        return
    first = period_around(period.rhythm, min(starts).date(), zone).key
    raise NothingToReportError(
        f"the issue {period.key} ends before the first of {len(starts)} runs began",
        found=f"that was on {min(starts):%Y-%m-%d}, in {first}",
        do=f"`reportgen send --period {first}` sends the first issue that has runs.",
    )


def within(edition: Edition | None, config: Config) -> Config:
    """Let only those runs count that began before the end of an issue's period, and its command say so."""
    end = None if edition is None else edition.period.end
    if end is None or (config.select.until is not None and config.select.until <= end):
        return config
    words = command_words(CommandLine(until=end))
    return replace(config, select=replace(config.select, until=end), said=(*config.said, *words))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What one build makes of its runs."""

    directory: Path
    reader_notes: Mapping[str, str] = field(default_factory=dict)
    since: Mapping[str, Any] | None = None
    edition: Edition | None = None
    built_at: datetime | None = None


def _built(runs: RunSet, config: Config, wanted: _Wanted, tell: Progress) -> BuildResult:
    from reportgen import __version__
    from reportgen.analyse import analyse
    from reportgen.compose import compose

    built_at = wanted.built_at or build_time()
    tell("comparing", 0, 0)
    findings = analyse(runs, config, built_at, wanted.since)
    tell("writing the text", 0, 0)
    made = compose(findings, config, built_at=built_at, version=__version__, edition=wanted.edition)
    made = replace(made, reader_notes=wanted.reader_notes)
    outputs = render(made, config, wanted.directory, tell)
    return BuildResult(outputs, made, findings, runs.notes, _count_skipped(runs))


def report(
    config: Config,
    *,
    cache: bool = True,
    progress: Progress | None = None,
    since: Mapping[str, Any] | None = None,
    edition: Edition | None = None,
) -> Report:
    """Give the report that *config* asks for, without rendering it.

    Args:
        config: What to report on and how.
        cache: Read and keep what an earlier build has read.
        progress: Told of every step.
        since: Frozen numbers of an earlier issue: the report says what changed since.
        edition: Its number and period, if it is an issue: only runs that began before the period's end count.

    Raises:
        ReportgenError: The input or the configuration does not allow a report.
    """
    from reportgen import __version__
    from reportgen.analyse import analyse
    from reportgen.compose import compose

    built_at, config = build_time(), within(edition, config)
    findings = analyse(load(config, cache=cache, parallel=True, progress=progress), config, built_at, since)
    return compose(findings, config, built_at=built_at, version=__version__, edition=edition)


def numbers(config: Config, *, cache: bool = True, progress: Progress | None = None) -> Mapping[str, Any]:
    """Give the frozen numbers of the report that *config* asks for, without rendering it.

    Raises:
        ReportgenError: The input or the configuration does not allow a report.
    """
    return report(config, cache=cache, progress=progress).numbers


def charts(report: Report) -> Mapping[str, Chart | Table]:
    """Give the charts of a report by name, the first of each; a table of shades is one, too."""
    found: dict[str, Chart | Table] = {}
    for block in report.blocks():
        if isinstance(block, Chart) or (isinstance(block, Table) and block.heat):
            found.setdefault(block.id, block)
    return found


def write_chart(chart: Chart | Table, config: Config, target: Path, *, width_mm: float) -> tuple[str, ...]:
    """Write a chart alone to a ``.svg`` or ``.png`` file, in the look that *config* asks for.

    Returns:
        What is wrong with a picture: its letters that no font here has.

    Raises:
        RenderError: The file's name ends in something else, or it cannot be written.
        TemplateError: The theme has a mistake.
    """
    from reportgen.language import speaking
    from reportgen.render import charts as drawing
    from reportgen.render.theme import load_theme

    try:
        with speaking(config.language):
            return drawing.write_chart(chart, load_theme(config.theme), target, width_mm=width_mm)
    except OSError as error:
        raise OutputError(
            f"the chart cannot be written ({error.strerror or error})", where=str(target)
        ) from error


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

    tell = progress or silent
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


def ending(run: Run) -> Mapping[str, Any]:
    """Tell how the command of a run ended that ``reportgen run`` ran: exit code, signal, last output."""
    from reportgen.load.ending import read_ending

    return read_ending(run.address)


def sync(source: str, target: str, *, is_dry: bool = False, progress: Progress | None = None) -> SyncResult:
    """Bring the runs at *source* to *target*: what is new, and what has grown.

    Raises:
        ReportgenError: One of them cannot be reached, or the source holds no runs.
    """
    from reportgen.sync import sync_runs

    tell = progress or silent
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


def render(report: Report, config: Config, directory: Path, tell: Progress) -> Outputs:
    """Render a report in all formats that *config* asks for."""
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


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""
    del what, done, total
