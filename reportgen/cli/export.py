"""``reportgen export``: all runs as one table, for a spreadsheet or a notebook."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from reportgen.cli.interface import DONE, Command
from reportgen.cli.screen import result, say
from reportgen.cli.sources import add_source_arguments, read_source, tell_skipped, writable_target
from reportgen.errors import UsageError

SUFFIXES = (".csv", ".parquet")


def _add_arguments(parser: ArgumentParser) -> None:
    add_source_arguments(parser)
    parser.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="runs.csv or runs.parquet; the ending decides"
    )


def _run(options: Namespace) -> int:
    from reportgen import pipeline

    target: Path = options.to
    if target.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"--to {str(target)!r} ends with {target.suffix!r}", found=f"known are {', '.join(SUFFIXES)}"
        )
    writable_target(target, "--to")
    _, runs = read_source(options)
    tell_skipped(runs)
    pipeline.export(runs, target)
    say(f"{len(runs.runs)} runs")
    result(str(target))
    return DONE


EXPORT = Command("export", "write all runs as one table", _add_arguments, _run)
