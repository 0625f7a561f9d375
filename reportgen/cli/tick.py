"""``reportgen tick``: what is due now, once; a clock calls it again and again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from reportgen.cli.interface import Command
from reportgen.cli.screen import ProgressLine
from reportgen.cli.send import exit_code, tell_result
from reportgen.cli.sources import find_source


def _add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--config", type=Path, metavar="FILE", help="a reportgen.toml (default: that of this folder)")
    add(
        "--json", action="store_true", help="one JSON object on one line of stdout, also where nothing is due"
    )


def _run(options: Namespace) -> int:
    return do_tick(options.config, as_json=options.json)


def do_tick(config_file: Path | None, *, as_json: bool) -> int:
    """Do what is due now; says nothing where nothing was to be done, unless JSON is wanted."""
    from reportgen import pipeline

    config = find_source([], config_file)
    progress = ProgressLine()
    try:
        done = pipeline.tick(config, progress=progress.step)
    finally:
        progress.clear()
    if as_json or done.is_news or done.notes:
        tell_result(done, as_json=as_json)
    return exit_code(done)


TICK = Command("tick", "do what is due now, once; fired by cron, a timer or CI", _add_arguments, _run)
