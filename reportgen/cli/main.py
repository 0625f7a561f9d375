"""Arguments → command → exit code, and the one place that catches a `ReportgenError`."""

from __future__ import annotations

import os
import sys
from argparse import Action, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module

from reportgen.cli.interface import FAILED, INTERRUPTED, WRONG_USAGE, Command
from reportgen.cli.screen import say
from reportgen.errors import ReportgenError, UsageError

COMMANDS = {
    "build": "reportgen.cli.build:BUILD",
    "publish": "reportgen.cli.publish:PUBLISH",
    "send": "reportgen.cli.send:SEND",
    "tick": "reportgen.cli.tick:TICK",
    "schedule": "reportgen.cli.schedule:SCHEDULE",
    "ls": "reportgen.cli.listing:LIST",
    "show": "reportgen.cli.show:SHOW",
    "compare": "reportgen.cli.compare:COMPARE",
    "export": "reportgen.cli.export:EXPORT",
    "sync": "reportgen.cli.sync:SYNC",
    "run": "reportgen.cli.run:RUN",
    "log": "reportgen.cli.log:LOG",
    "init": "reportgen.cli.init:INIT",
    "doctor": "reportgen.cli.doctor:DOCTOR",
    "verify": "reportgen.cli.verify:VERIFY",
    "chart": "reportgen.cli.chart:CHART",
    "templates": "reportgen.cli.templates:TEMPLATES",
    "check": "reportgen.cli.check:CHECK",
    "explain": "reportgen.cli.explain:EXPLAIN",
}
"""Where each command lives. Only the one that is called is loaded: a script may call ``log`` in a loop."""

_EPILOG = """\
Without an address and without --config, the reportgen.toml of this folder counts, else ./runs.
Exit codes: 0 done, 1 error, 2 wrong usage, 3 built but input skipped (--strict).
"""


def load_command(name: str) -> Command:
    """Give the command of this name."""
    module, _, constant = COMMANDS[name].partition(":")
    command: Command = getattr(import_module(module), constant)
    return command


def build_parser(names: Sequence[str] = tuple(COMMANDS)) -> ArgumentParser:
    """Make the parser with these commands."""
    parser = ArgumentParser(
        prog="reportgen",
        description="From machine-learning runs to a workbook, a PDF, a web page, a shared sheet and a mail that anyone understands.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in map(load_command, names):
        own = commands.add_parser(
            command.name, help=command.summary, description=command.summary, allow_abbrev=False
        )
        command.add_arguments(own)
        own.set_defaults(run=command.run, help_text=own.format_help)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; *arguments* default to those of the process."""
    _open_what_is_closed()
    _let_any_text_out()
    words = sys.argv[1:] if arguments is None else list(arguments)
    names = words[:1] if words[:1] and words[0] in COMMANDS else tuple(COMMANDS)
    try:
        options, unknown = build_parser(names).parse_known_args(words)
    except SystemExit as stop:  # argparse has printed help, the version, or what is wrong
        return int(stop.code or 0)
    try:
        if unknown:
            raise _not_known(unknown, options)
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


def _not_known(words: Sequence[str], options: Namespace) -> UsageError:
    """Say which word a command does not take, and the option that was probably meant."""
    import re  # for a mistake alone, as difflib is: starting up has to be quick
    from difflib import get_close_matches

    word = next((word for word in words if word.startswith("-")), words[0]).partition("=")[0]
    known = dict.fromkeys(re.findall(r"--[a-z][a-z-]*", options.help_text()))
    near = get_close_matches(word, known, n=1) if word.startswith("-") else []
    what = "has no option" if word.startswith("-") else "does not know what to do with"
    return UsageError(
        f"{options.command} {what} {word!r}",
        found=f"nearest is {near[0]!r}" if near else "",
        do=f"`reportgen {options.command} --help` lists all options.",
    )


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


def _open_what_is_closed() -> None:
    """Let nobody read and nobody be told where a stream is closed (``>&-``), as if it were ``/dev/null``."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - until the process ends


def _let_any_text_out() -> None:
    """Show a character that the terminal cannot encode as its code instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
