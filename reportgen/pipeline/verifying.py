"""A delivered file against the runs: its report is made again, and every difference named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from reportgen.config import CommandLine, Config, merge_command_line
from reportgen.config.fingerprint import settings_digest
from reportgen.document import Report
from reportgen.errors import AddressError, VerificationError
from reportgen.findings import Findings
from reportgen.pipeline.making import archive_of
from reportgen.pipeline.reports import Progress, load, render, silent, within

if TYPE_CHECKING:
    from reportgen.verify import Claim, Difference

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

    tell = progress or silent
    config, notes = as_claimed(config, claim)
    since, config = _since(delivered, claim, config), within(claim.edition, config)
    runs = load(config, cache=False, parallel=True, progress=progress)
    tell("comparing", 0, 0)
    findings = analyse(runs, config, claim.built_at, since)
    if findings.primary != claim.metric and claim.metric is not None:
        notes.append(f"the file is about {claim.metric}, by these settings it is {findings.primary}")
        config = merge_command_line(config, CommandLine(metric=claim.metric))
        findings = analyse(runs, config, claim.built_at, since)
    if claim.version != __version__:
        notes.append(f"the file was made by reportgen {claim.version}, and is made again by {__version__}")
    report = replace(_as_delivered(findings, config, claim, notes), reader_notes=_notes_in(delivered, claim))
    with TemporaryDirectory(prefix="reportgen-") as folder:
        outputs = replace(config.outputs, formats=(claim.format,))
        made = render(report, replace(config, outputs=outputs), Path(folder), tell)
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


def _since(delivered: Path, claim: Claim, config: Config) -> Mapping[str, Any] | None:
    """Find the numbers of the issue that a file says what changed since: in its archive, or in the usual one."""
    from reportgen.deliver.archive import list_issues, read_numbers

    if claim.since is None:
        return None
    archives = dict.fromkeys((delivered.absolute().parent.parent, archive_of(config)))
    for archive in archives:
        for issue in list_issues(archive):
            if issue.number == claim.since:
                return read_numbers(issue)
    raise VerificationError(
        f"the file says what changed since issue {claim.since}, whose numbers are not here",
        where=str(delivered),
        found=f"looked in {', '.join(map(str, archives))}",
        do="Verify the file where it lies in the archive of issues.",
    )


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
    facts: dict[str, Any] = {
        "built_at": claim.built_at,
        "version": claim.version,
        "period": claim.period,
        "edition": claim.edition,
    }
    report = compose(findings, settings, **facts)
    if report.meta.title == claim.title:
        return report
    notes.append(f"the title of the file is {claim.title!r}, by these settings it is {report.meta.title!r}")
    return compose(findings, replace(settings, title=claim.title), **facts)
