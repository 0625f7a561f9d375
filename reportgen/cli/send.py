"""``reportgen send``: the issue of a period by e-mail, at most once."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.interface import DONE, FAILED, Command
from reportgen.cli.screen import ProgressLine, result, result_json, say
from reportgen.cli.sources import find_source
from reportgen.errors import UsageError

if TYPE_CHECKING:
    from reportgen.config import Config
    from reportgen.pipeline import IssueResult, Progress

_SAID = {
    "done": "{period}: sent to all readers",
    "retry": "{period}: not sent to all yet",
    "failed": "{period}: not sent to all readers",
    "unknown": "{period}: it is not known whether all readers have it",
    "missed": "{period}: not sent, it was too late",
    "busy": "{period}: another process is sending it just now",
    "waiting": "{period}: the next try is later",
    "nothing_due": "nothing is due",
    "running": "runs are going on, or ended a moment ago",
    "clock_behind": "nothing is sent, since a clock is or was wrong",
    "unchanged": "{period}: nothing has changed since this issue was sent, so no correction was sent",
    "taken_over": "{period}: another process took over, since this one was silent for too long",
}


def _add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--config", type=Path, metavar="FILE", help="a reportgen.toml (default: that of this folder)")
    add("--period", metavar="KEY", help="such as 2026-W46 (default: what was due last)")
    add("--dry-run", action="store_true", help="write the mail and a picture of it, and send nothing")
    add("--correct", action="store_true", help="send a correction of an issue that was sent")
    add("--resend", metavar="ADDRESS", help="once more to a reader whose mail did not surely come in")
    add("--mark-sent", metavar="ADDRESS", help="note that this reader has the mail")
    add("--json", action="store_true", help="one JSON object on stdout instead of paths")


def _run(options: Namespace) -> int:
    _check(options)
    config = find_source([], options.config)
    progress = ProgressLine()
    try:
        if options.dry_run:
            return _preview(options, config, progress.step)
        sent = _send(options, config, progress.step)
    finally:
        progress.clear()
    tell_result(sent, as_json=options.json)
    if sent.state == "retry":
        say(f"to try it again: reportgen send --period {sent.period}")
    return exit_code(sent)


def _check(options: Namespace) -> None:
    asked = [
        name
        for name, value in (
            ("--dry-run", options.dry_run),
            ("--resend", options.resend),
            ("--mark-sent", options.mark_sent),
        )
        if value
    ]
    if len(asked) > 1 or (options.correct and asked and not options.dry_run):
        raise UsageError(
            f"{' and '.join([*asked, *(['--correct'] if options.correct else [])])} do not go together",
            do="Give one of them.",
        )


def _preview(options: Namespace, config: Config, progress: Progress) -> int:
    from reportgen import pipeline

    mail, picture = pipeline.preview(
        config, period=options.period, correct=options.correct, progress=progress
    )
    say("nothing was sent")
    if options.json:
        result_json({"mail": str(mail), "picture": str(picture)})
    else:
        result(str(mail))
        result(str(picture))
    return DONE


def _send(options: Namespace, config: Config, progress: Progress) -> IssueResult:
    from reportgen import pipeline

    if options.mark_sent:
        return pipeline.mark_sent(config, options.mark_sent, period=options.period)
    if options.resend:
        return pipeline.resend(config, options.resend, period=options.period, progress=progress)
    return pipeline.send(config, period=options.period, correct=options.correct, progress=progress)


def tell_result(sent: IssueResult, *, as_json: bool = False, is_quiet: bool = False) -> None:
    """Say what became of an issue: for people on stderr, its folder or the JSON line on stdout.

    Where it *is_quiet*, nothing goes to stdout: another command's results are there.
    """
    from reportgen import pipeline

    if sent.period or sent.is_news:
        said = _SAID[sent.state].format(period=sent.period)
        say(f"{said} (it was before)" if sent.state == "done" and not sent.is_news else said)
    for entry in sent.deliveries:
        if entry.state != "sent" or (sent.is_news and sent.state != "unchanged"):
            detail = f": {entry.detail}" if entry.detail else ""
            say(f"  {entry.recipient}: {entry.state.replace('_', ' ')}{detail}")
    if sent.detail and not sent.deliveries:
        say(f"reportgen: error: {sent.detail}")
    for period in sent.missed:
        if period != sent.period:
            say(f"{period}: missed, a later issue takes its place")
    for note in sent.notes:
        say(f"note: {note}")
    if is_quiet:
        return
    if as_json:
        result_json(pipeline.as_json(sent))
    elif sent.folder is not None:
        result(str(sent.folder))


def exit_code(sent: IssueResult) -> int:
    """Give 1 if the mail did not surely reach all readers."""
    return FAILED if sent.is_trouble else DONE


SEND = Command("send", "send the issue of a period by e-mail, at most once", _add_arguments, _run)
