"""From runs to files: load, analyse, compose, render; and what is asked of one stage alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from reportgen.config import CommandLine, Config, merge_command_line
from reportgen.config.fingerprint import settings_digest
from reportgen.document import Chart, Report
from reportgen.errors import AddressError, OutputError, UsageError
from reportgen.findings import Findings, Goal
from reportgen.outputs import Outputs
from reportgen.runs import ReadingNote, Run, RunSet

if TYPE_CHECKING:
    from reportgen.analyse import Draft
    from reportgen.sync import SyncResult
    from reportgen.verify import Claim, Difference

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
    from reportgen import __version__
    from reportgen.analyse import analyse
    from reportgen.compose import compose
    from reportgen.load import read_notes

    tell = progress or _silent
    built_at = build_time()
    notes = {} if carry_notes is None else read_notes(carry_notes)
    runs = load(config, cache=cache, parallel=parallel, progress=progress, keeps_mapping=True)
    tell("comparing", 0, 0)
    findings = analyse(runs, config, built_at)
    tell("writing the text", 0, 0)
    report = compose(findings, config, built_at=built_at, version=__version__)
    report = replace(report, reader_notes=notes)
    outputs = _render(report, config, directory or config.outputs.directory, tell)
    return BuildResult(outputs, report, findings, runs.notes, _count_skipped(runs))


def report(config: Config, *, cache: bool = True, progress: Progress | None = None) -> Report:
    """Give the report that *config* asks for, without rendering it.

    Raises:
        ReportgenError: The input or the configuration does not allow a report.
    """
    from reportgen import __version__
    from reportgen.analyse import analyse
    from reportgen.compose import compose

    built_at = build_time()
    findings = analyse(load(config, cache=cache, parallel=True, progress=progress), config, built_at)
    return compose(findings, config, built_at=built_at, version=__version__)


def numbers(config: Config, *, cache: bool = True, progress: Progress | None = None) -> Mapping[str, Any]:
    """Give the frozen numbers of the report that *config* asks for, without rendering it.

    Raises:
        ReportgenError: The input or the configuration does not allow a report.
    """
    return report(config, cache=cache, progress=progress).numbers


def charts(report: Report) -> Mapping[str, Chart]:
    """Give the charts of a report by name, the first of each."""
    found: dict[str, Chart] = {}
    for block in report.blocks():
        if isinstance(block, Chart):
            found.setdefault(block.id, block)
    return found


def write_chart(chart: Chart, config: Config, target: Path, *, width_mm: float) -> None:
    """Write a chart alone to a ``.svg`` or ``.png`` file, in the look that *config* asks for.

    Raises:
        RenderError: The file's name ends in something else, or it cannot be written.
        TemplateError: The theme has a mistake.
    """
    from reportgen.language import speaking
    from reportgen.render import charts as drawing
    from reportgen.render.theme import load_theme

    try:
        with speaking(config.language):
            drawing.write_chart(chart, load_theme(config.theme), target, width_mm=width_mm)
    except OSError as error:
        raise OutputError(
            f"the chart cannot be written ({error.strerror or error})", where=str(target)
        ) from error


Cause = Literal["drifted", "settings", "version", "edited"]
"""The runs are others than those that the file was made from; or the settings are; or reportgen is; or,
where all of these are the same, somebody edited the file."""


@dataclass(frozen=True, slots=True)
class Verification:
    """A delivered file held against the same report, made again."""

    differences: tuple[Difference, ...]
    cause: Cause
    """Why the file differs, where it does: the first of these that holds."""
    notes: tuple[str, ...]
    """What is otherwise than when the file was made, without being a difference."""


def verify(
    delivered: Path, claim: Claim, config: Config, *, progress: Progress | None = None
) -> Verification:
    """Make the report of a delivered file again from the runs, and name every place in which it differs.

    Args:
        delivered: The file.
        claim: What it says it was made from; how it is laid out and for whom is taken from it.
        config: Where the runs are, and with which settings they are read.
        progress: Told of every step.

    Raises:
        ReportgenError: The runs are not there, or the report cannot be made of them.
    """
    from reportgen import __version__
    from reportgen.analyse import analyse
    from reportgen.verify import as_claimed, compare_files

    tell = progress or _silent
    config, notes = as_claimed(config, claim)
    runs = load(config, cache=False, parallel=True, progress=progress)
    tell("comparing", 0, 0)
    findings = analyse(runs, config, claim.built_at)
    if findings.primary != claim.metric and claim.metric is not None:
        notes.append(f"the file is about {claim.metric}, by these settings it is {findings.primary}")
        config = merge_command_line(config, CommandLine(metric=claim.metric))
        findings = analyse(runs, config, claim.built_at)
    if claim.version != __version__:
        notes.append(f"the file was made by reportgen {claim.version}, and is made again by {__version__}")
    report = replace(_as_delivered(findings, config, claim, notes), reader_notes=_notes_in(delivered, claim))
    with TemporaryDirectory(prefix="reportgen-") as folder:
        outputs = replace(config.outputs, formats=(claim.format,))
        made = _render(report, replace(config, outputs=outputs), Path(folder), tell)
        if made.failed:
            raise made.failed[0].error
        found = compare_files(claim.format, delivered, made.made[0].path)
    others = {
        "drifted": runs.digest != claim.digest,
        "settings": settings_digest(config) != claim.settings,
        "version": claim.version != __version__,
    }
    cause: Any = next((name for name, holds in others.items() if holds), "edited")
    return Verification(tuple(found), cause, tuple(notes))


def _notes_in(delivered: Path, claim: Claim) -> dict[str, str]:
    """Give what readers wrote into a delivered workbook: it is theirs, and no difference."""
    from reportgen.load import read_notes

    if claim.format != "xlsx":
        return {}
    try:
        return read_notes(delivered)
    except AddressError:  # a report without a table of runs has no such column
        return {}


def _as_delivered(findings: Findings, config: Config, claim: Claim, notes: list[str]) -> Report:
    """Write the report as the file has it: its time, version, fingerprint, addresses, command and title."""
    from reportgen.compose import compose
    from reportgen.verify import as_commanded

    if len(claim.sources) == len(findings.sources):
        told = zip(claim.sources, findings.sources, strict=True)
        findings = replace(findings, sources=tuple((name, kind, runs) for name, (_, kind, runs) in told))
    findings, settings = replace(findings, digest=claim.digest), as_commanded(config, claim)
    facts: dict[str, Any] = {"built_at": claim.built_at, "version": claim.version, "period": claim.period}
    report = compose(findings, settings, **facts)
    if report.meta.title == claim.title:
        return report
    notes.append(f"the title of the file is {claim.title!r}, by these settings it is {report.meta.title!r}")
    return compose(findings, replace(settings, title=claim.title), **facts)


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
