"""``reportgen build``: runs in, a workbook, a PDF, a web page and JSON out."""

from __future__ import annotations

import webbrowser
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from reportgen.cli.interface import DONE, FAILED, INPUT_SKIPPED, Command
from reportgen.cli.screen import ProgressLine, result, result_json, say
from reportgen.cli.sources import add_source_arguments, find_source
from reportgen.config import CommandLine, Config, merge_command_line
from reportgen.config.command_line import parse_exclusions, parse_formats, parse_pairs, parse_since
from reportgen.config.settings import Audience, Goal, Paper
from reportgen.errors import UsageError

if TYPE_CHECKING:
    from reportgen.outputs import FailedOutput
    from reportgen.pipeline import BuildResult

_MOST_LINES = 10
"""Of skipped runs and of notes on the screen."""


def _add_arguments(parser: ArgumentParser) -> None:
    add_source_arguments(parser)
    add = parser.add_argument
    add("--out", type=Path, metavar="FOLDER", help="where the outputs go (default: reports)")
    add("--format", metavar="LIST", help="which outputs, by comma: xlsx,pdf,html,json (default: all)")
    add("--metric", metavar="NAME", help="the metric that decides")
    add("--goal", choices=get_args(Goal), help="its better direction")
    add("--baseline", metavar="PAIRS", help="compare with this configuration, such as 'model=logreg'")
    add("--title", metavar="TEXT", help="of the report; the file names are made from it")
    add("--audience", choices=get_args(Audience), help="what is shown and what is held back")
    add("--paper", choices=get_args(Paper), help="size of the PDF's pages")
    add("--experiment", action="append", default=[], metavar="NAME", help="only its runs (repeatable)")
    add(
        "--where",
        action="append",
        default=[],
        metavar="CONDITION",
        help="only runs with 'lr<0.1' (repeatable)",
    )
    add("--since", metavar="DATE", help="only runs started then or later, such as 2026-11-01 (UTC)")
    add("--until", metavar="DATE", help="only runs started before then, such as 2026-11-08 (UTC)")
    add(
        "--exclude",
        action="append",
        default=[],
        metavar="RUN=REASON",
        help="leave a run out, say why (repeatable)",
    )
    add(
        "--carry-notes",
        type=Path,
        metavar="OLD.xlsx",
        help="carry over what readers wrote into the column of notes of an earlier workbook",
    )
    add("--strict", action="store_true", help="exit with 3 if part of the input had to be skipped")
    add("--open", action="store_true", help="show the page when it is done")
    add("--send", action="store_true", help="then send the issue of this period, as `reportgen send` does")
    add("--json", action="store_true", help="one JSON object on stdout instead of the paths")


def _run(options: Namespace) -> int:
    from reportgen import pipeline

    if options.send and options.out is not None:
        raise UsageError(
            "--send and --out do not go together: what was sent is recorded in the folder of the outputs",
            do="Leave --out away, or set [outputs] directory.",
        )
    words = command_line(options)
    config = merge_command_line(find_source(options.addresses, options.config), words)
    progress = ProgressLine()
    try:
        built = pipeline.build(
            config,
            cache=not options.no_cache,
            parallel=True,
            progress=progress.step,
            carry_notes=options.carry_notes,
        )
    finally:
        progress.clear()
    _tell(built, config)
    if options.carry_notes is not None:
        _tell_notes(built, options.carry_notes)
    if options.json:
        result_json(_as_json(built))
    else:
        for output in built.outputs.made:
            result(str(output.path))
    if options.open:
        _open(built)
    is_sent = not options.send or _send(config)
    if built.outputs.failed or not is_sent:
        return FAILED
    return INPUT_SKIPPED if options.strict and built.input_skipped else DONE


def _send(config: Config) -> bool:
    """Send the issue of this period; False if it did not surely reach all readers."""
    from reportgen import pipeline
    from reportgen.cli.send import tell_result

    sent = pipeline.send(config)
    tell_result(sent, is_quiet=True)
    return not sent.is_trouble


def command_line(options: Namespace) -> CommandLine:
    """Gather what the options of ``reportgen build`` say about the report."""
    return CommandLine(
        addresses=tuple(options.addresses),
        title=options.title,
        audience=options.audience,
        metric=options.metric,
        goal=options.goal,
        baseline=parse_pairs(options.baseline, "--baseline") if options.baseline is not None else None,
        experiments=tuple(options.experiment),
        where=tuple(options.where),
        since=parse_since(options.since) if options.since is not None else None,
        until=parse_since(options.until, "--until") if options.until is not None else None,
        exclude=parse_exclusions(options.exclude),
        out=options.out,
        formats=parse_formats(options.format) if options.format is not None else (),
        paper=options.paper,
    )


def _tell_notes(built: BuildResult, old: Path) -> None:
    """Say how many notes were carried over, and what became of those that have no run here."""
    notes = built.report.reader_notes
    if "runs" not in {section.id for section in built.report.sections}:
        say(f"the notes of {old} ({len(notes)}) are not in this report: its readers get no table of runs")
        return
    known = {row.id for row in built.findings.rows}
    others = sum(run not in known for run in notes)
    kept = f"; {others} on runs that are not in this report, kept on a sheet of their own" if others else ""
    say(f"{len(notes)} {'note' if len(notes) == 1 else 'notes'} carried over from {old}{kept}")


def _tell(built: BuildResult, config: Config) -> None:
    """Say on stderr what the report says, from what, and what was assumed."""
    counts = built.findings.runs
    say(built.headline)
    parts = [f"{counts.usable} of {counts.total} runs counted"]
    parts += [
        f"{number} {status}" for status, number in counts.by_status.items() if number and status != "finished"
    ]
    parts += [f"{number} {word}" for number, word in _losses(built) if number]
    if counts.planned is not None and counts.planned > counts.total:
        parts.append(f"{counts.planned} planned")
    say("; ".join(parts))
    for assumed in built.findings.assumed:
        say(
            f"assumed: {assumed.why} To change it: {assumed.change}"
            if assumed.change
            else f"assumed: {assumed.why}"
        )
    _say_some([f"warning: {text}" for _, text in built.findings.quality.warnings])
    _say_some([f"skipped: {address}: {reason}" for address, reason in counts.skipped])
    _say_some([f"note: {note.run_id}: {note.text}" for note in built.notes])
    for made in built.outputs.made:
        _say_some([f"warning: {made.format}: {text}" for text in made.warnings])
    for line in _failures(built):
        say(line)
    if config.path:
        say(f"settings: {config.path}")


def _failures(built: BuildResult) -> list[str]:
    """Say what was not made and why, a reason that several outputs share once: they go to one folder."""
    reasons: dict[tuple[str, str, str, str], list[FailedOutput]] = {}
    for failed in built.outputs.failed:
        error, path = failed.error, failed.path
        where = str(path.parent) if error.where == str(path) else error.where
        reasons.setdefault((error.what, where, error.found, error.do), []).append(failed)
    lines = []
    for (what, where, found, do), alike in reasons.items():
        names = [failed.format for failed in alike]
        if len(alike) > 1:
            message = type(alike[0].error)(what, where=where, found=found, do=do).message
            lines.append(
                f"reportgen: error: {', '.join(names[:-1])} and {names[-1]} were not made: {message}"
            )
        else:
            lines.append(f"reportgen: error: {names[0]} was not made: {alike[0].error.message}")
    return lines


def _say_some(lines: list[str]) -> None:
    """Say the first lines; the report and --json hold all of them."""
    for line in lines[:_MOST_LINES]:
        say(line)
    if len(lines) > _MOST_LINES:
        say(f"... and {len(lines) - _MOST_LINES} more like this, all listed in the report")


def _losses(built: BuildResult) -> list[tuple[int, str]]:
    counts = built.findings.runs
    return [
        (counts.diverged, "diverged"),
        (counts.without_value, "without a value of the deciding metric"),
        (len(counts.excluded), "left out"),
        (len(counts.skipped), "could not be read"),
    ]


def _as_json(built: BuildResult) -> dict[str, Any]:
    findings = built.findings
    return {
        "title": built.report.meta.title,
        "headline": built.headline,
        "primary": findings.primary,
        "outputs": [
            {"format": made.format, "path": str(made.path), "warnings": list(made.warnings)}
            for made in built.outputs.made
        ],
        "failed": [
            {
                "format": failed.format,
                "path": str(failed.path),
                "error": failed.error.slug,
                "text": failed.error.message,
            }
            for failed in built.outputs.failed
        ],
        "runs": {
            "total": findings.runs.total,
            "usable": findings.runs.usable,
            "by_status": findings.runs.by_status,
            "diverged": findings.runs.diverged,
        },
        "excluded": [{"id": run, "reason": reason} for run, reason in findings.runs.excluded],
        "skipped": [{"address": address, "reason": reason} for address, reason in findings.runs.skipped],
        "assumed": [
            {"what": assumed.what, "why": assumed.why, "change": assumed.change}
            for assumed in findings.assumed
        ],
        "warnings": [text for _, text in findings.quality.warnings],
        "notes": [
            {"run": note.run_id, "file": note.file, "line": note.line, "count": note.count, "text": note.text}
            for note in built.notes
        ],
    }


def _open(built: BuildResult) -> None:
    """Show the page, or the first output where there is no page."""
    made = sorted(built.outputs.made, key=lambda output: output.format != "html")
    if made and not webbrowser.open(made[0].path.resolve().as_uri()):
        say(f"--open: no program was found to show {made[0].path}")


BUILD = Command("build", "make the report of some runs", _add_arguments, _run)
