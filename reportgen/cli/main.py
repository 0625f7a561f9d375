"""Arguments → command → exit code, and the one place that catches a `ReportgenError`."""

from __future__ import annotations

import os
import sys
from argparse import Action, ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence

from reportgen.cli.build import BUILD
from reportgen.cli.compare import COMPARE
from reportgen.cli.doctor import DOCTOR
from reportgen.cli.explain import EXPLAIN
from reportgen.cli.export import EXPORT
from reportgen.cli.init import INIT
from reportgen.cli.interface import FAILED, INTERRUPTED, WRONG_USAGE
from reportgen.cli.listing import LIST
from reportgen.cli.screen import say
from reportgen.cli.show import SHOW
from reportgen.cli.sync import SYNC
from reportgen.errors import ReportgenError, UsageError

COMMANDS = (BUILD, LIST, SHOW, COMPARE, EXPORT, SYNC, INIT, DOCTOR, EXPLAIN)

_EPILOG = """\
Without an address and without --config, the reportgen.toml of this folder counts, else ./runs.
Exit codes: 0 done, 1 error, 2 wrong usage, 3 built but input skipped (--strict).
"""


def build_parser() -> ArgumentParser:
    """Make the parser with all commands."""
    parser = ArgumentParser(
        prog="reportgen",
        description="From machine-learning runs to a workbook, a PDF and a web page that anyone understands.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        own = commands.add_parser(
            command.name, help=command.summary, description=command.summary, allow_abbrev=False
        )
        command.add_arguments(own)
        own.set_defaults(run=command.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; *arguments* default to those of the process."""
    _let_any_text_out()
    try:
        options = build_parser().parse_args(arguments)
    except SystemExit as stop:  # argparse has printed help, the version, or what is wrong
        return int(stop.code or 0)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except ReportgenError as error:
        say(f"reportgen: error: {error.message}")
        return WRONG_USAGE if isinstance(error, UsageError) else FAILED
    except KeyboardInterrupt:
        say("reportgen: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _give_stdout_up()  # the reader of our output has gone, which is no error of ours to tell
        return FAILED
    except OSError as error:
        say(f"reportgen: error: {error}")
        _give_stdout_up()
        return FAILED
    return code


class _ShowVersion(Action):
    """Looks the version up only when it is asked for: that takes as long as the rest of ``--help``."""

    def __call__(self, parser: ArgumentParser, *_: object) -> None:
        from reportgen import __version__

        print(f"reportgen {__version__}")
        parser.exit()


def _give_stdout_up() -> None:
    """Drop what stdout does not take: Python would complain once more when it closes it."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _let_any_text_out() -> None:
    """Show a character that the terminal cannot encode as its code instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
