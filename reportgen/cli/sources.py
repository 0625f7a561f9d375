"""Where the runs are: addresses and ``--config`` from the command line, or what lies in this folder."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from reportgen.cli.screen import ProgressLine, say
from reportgen.config import CONFIG_FILE, Config, find_config, read_config
from reportgen.errors import UnknownRunError, UsageError
from reportgen.runs import Run, RunSet

_NEAR = 5
"""Number of run ids that an error shows."""


def add_source_arguments(parser: ArgumentParser) -> None:
    """Add addresses, ``--config`` and ``--no-cache``."""
    parser.add_argument(
        "addresses",
        nargs="*",
        metavar="ADDRESS",
        help="a run folder, a folder that holds some at any depth, a glob or a URL",
    )
    add_config_arguments(parser)


def add_config_arguments(parser: ArgumentParser) -> None:
    """Add ``--config`` and ``--no-cache``."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="a reportgen.toml")
    parser.add_argument("--no-cache", action="store_true", help="read every file anew, and keep nothing")


def log_directory() -> Path:
    """Give the folder that the logger writes to by default."""
    return Path(os.environ.get("REPORTGEN_DIR") or "runs")


def find_source(addresses: list[str], config_file: Path | None) -> Config:
    """Say which runs are meant, and with which settings.

    Raises:
        UsageError: Nothing was named, and this folder holds neither a configuration nor runs.
        ConfigError: The configuration has mistakes.
    """
    here = find_config(Path())
    if config_file is None and addresses:
        if here:
            say(f"{here} of this folder is not used, since runs were named; add --config {here} to use it")
        return Config(runs=tuple(addresses))
    config_file = config_file or here
    config = read_config(config_file) if config_file else Config()
    if addresses:
        return replace(config, runs=tuple(addresses))
    if config.runs:
        return config
    beside = config_file.parent / "runs" if config_file else log_directory()
    if not beside.is_dir():
        place = f"{config_file} names no runs" if config_file else f"there is no {CONFIG_FILE} here"
        raise UsageError(
            f"no runs were named, {place}, and there is no folder {str(beside)!r}",
            do="Say where the runs are, such as: reportgen build path/to/runs",
        )
    return replace(config, runs=(str(beside),))


def read_source(options: Namespace) -> tuple[Config, RunSet]:
    """Find and read the runs that a command's options name."""
    from reportgen import pipeline

    config = find_source(options.addresses, options.config)
    progress = ProgressLine()
    try:
        return config, pipeline.load(
            config, cache=not options.no_cache, parallel=True, progress=progress.step
        )
    finally:
        progress.clear()


def find_run(runs: RunSet, text: str) -> Run:
    """Find a run by its id, by the unique start of its id, or by its name.

    Raises:
        UnknownRunError: None or several fit.
    """
    fits = [run for run in runs.runs if run.id == text]
    fits = fits or [run for run in runs.runs if run.id.startswith(text)]
    fits = fits or [run for run in runs.runs if run.name == text]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise UnknownRunError(
            f"{text!r} fits {len(fits)} runs",
            found=_named(fits),
            do="Give more of the id, or the run's folder.",
        )
    raise UnknownRunError(
        f"no run {text!r} among {len(runs.runs)}",
        found=_named(list(runs.runs)) if runs.runs else "",
        do="`reportgen ls` lists them; --in ADDRESS looks elsewhere.",
    )


def find_named_run(text: str, options: Namespace) -> Run:
    """Find a run by its folder, or by id among the runs of ``--in``, the configuration or ``./runs``.

    Raises:
        UnknownRunError: None or several fit.
    """
    from reportgen import pipeline

    if (Path(text) / "run.csv").is_file() or "://" in text:
        runs = pipeline.load(Config(runs=(text,)), cache=False)
        if len(runs.runs) != 1:
            reason = f"; {runs.skipped[0].reason}" if runs.skipped else ""
            raise UnknownRunError(
                f"{text!r} holds {len(runs.runs)} runs{reason}", do="Name one run's folder."
            )
        return runs.runs[0]
    try:
        config = find_source(options.where_to_look, options.config)
    except UsageError as error:
        raise UsageError(
            error.what, do="Name the run's folder, or say where to look with --in ADDRESS."
        ) from error
    return find_run(pipeline.load(config, cache=not options.no_cache), text)


def settings_for(options: Namespace) -> Config:
    """Give the settings that apply to runs named one by one: of ``--config``, else of this folder."""
    config_file = options.config or find_config(Path())
    return read_config(config_file) if config_file else Config()


def add_run_arguments(parser: ArgumentParser) -> None:
    """Add ``--in`` and what every command that names runs takes."""
    parser.add_argument(
        "--in",
        dest="where_to_look",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="where to look for the run (default: as for build)",
    )
    add_config_arguments(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")


def tell_skipped(runs: RunSet) -> None:
    """Say on stderr what could not be read."""
    for skipped in runs.skipped:
        say(f"skipped: {skipped.address}: {skipped.reason}")


def _named(runs: list[Run]) -> str:
    names = ", ".join(repr(run.id) for run in runs[:_NEAR])
    return f"found {names}" + (f" and {len(runs) - _NEAR} more" if len(runs) > _NEAR else "")


def writable_target(target: Path, option: str) -> None:
    """Refuse a target whose folder is not there or that is a folder itself.

    Raises:
        UsageError: It cannot be written there; *option* is the one that named it.
    """
    if target.is_dir():
        raise UsageError(f"{option} {str(target)!r} is a folder", do="Name a file in it.")
    if not target.parent.is_dir():
        raise UsageError(
            f"the folder {str(target.parent)!r} does not exist", do="Make it, or choose another."
        )
