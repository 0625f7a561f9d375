"""``reportgen sync``: bring runs to another place and back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from reportgen.cli.interface import DONE, FAILED, Command
from reportgen.cli.screen import ProgressLine, result, result_json, say

if TYPE_CHECKING:
    from reportgen.sync import FileOutcome, SyncResult
    from reportgen.sync.interface import Action

_SHOWN = 20
"""Number of conflicts and of failures that are told one by one."""

_WORDS: tuple[tuple[Action, str], ...] = (
    ("same", "there already"),
    ("ahead", "longer at the target"),
    ("conflict", "in conflict"),
    ("failed", "failed"),
)


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="FROM", help="a folder or URL with runs")
    parser.add_argument("target", metavar="TO", help="a folder or URL, such as s3://bucket/runs")
    parser.add_argument("--dry-run", action="store_true", help="say what would be copied, and copy nothing")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")


def _run(options: Namespace) -> int:
    from reportgen import pipeline

    progress = ProgressLine()
    try:
        done = pipeline.sync(options.source, options.target, is_dry=options.dry_run, progress=progress.step)
    finally:
        progress.clear()
    if options.json:
        result_json(_as_json(done))
    else:
        _show(done)
    return DONE if done.is_clean else FAILED


def _show(done: SyncResult) -> None:
    if done.is_dry:
        for outcome in done.of("copied"):
            result(outcome.path)
    _tell("conflict", done.of("conflict"))
    _tell("failed", done.of("failed"))
    say(_summary(done))
    if not done.is_dry:
        result(done.target)


def _tell(word: str, outcomes: tuple[FileOutcome, ...]) -> None:
    for outcome in outcomes[:_SHOWN]:
        say(f"{word}: {outcome.path}: {outcome.reason}")
    if len(outcomes) > _SHOWN:
        say(f"{word}: {len(outcomes) - _SHOWN} more; --json lists all")


def _summary(done: SyncResult) -> str:
    verb = "would be copied" if done.is_dry else "copied"
    parts = [f"{_files(len(done.of('copied')))} {verb} ({_size(done.copied_bytes)})"]
    parts += [f"{len(found)} {words}" for action, words in _WORDS if (found := done.of(action))]
    return f"{done.runs} {'run' if done.runs == 1 else 'runs'}: {', '.join(parts)}"


def _files(number: int) -> str:
    return f"{number} {'file' if number == 1 else 'files'}"


def _size(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"


def _as_json(done: SyncResult) -> dict[str, object]:
    return {
        "source": done.source,
        "target": done.target,
        "dry_run": done.is_dry,
        "runs": done.runs,
        "copied": [{"path": outcome.path, "bytes": outcome.bytes} for outcome in done.of("copied")],
        "copied_bytes": done.copied_bytes,
        "same": len(done.of("same")),
        "ahead": [outcome.path for outcome in done.of("ahead")],
        "conflicts": [{"path": o.path, "reason": o.reason} for o in done.of("conflict")],
        "failed": [{"path": o.path, "reason": o.reason} for o in done.of("failed")],
    }


SYNC = Command("sync", "bring runs to another place, such as an object store, and back", _add_arguments, _run)
