"""``reportgen run -- COMMAND``: any program becomes a run."""

from __future__ import annotations

import os
import signal
import sys
from argparse import REMAINDER, ArgumentParser, Namespace

from reportgen.cli.interface import Command
from reportgen.cli.screen import say
from reportgen.cli.words import named_values
from reportgen.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from reportgen.collect import Run


def _add_arguments(parser: ArgumentParser) -> None:
    parser.usage = "reportgen run --experiment NAME [OPTION...] -- COMMAND [ARGUMENT...]"
    add = parser.add_argument
    add("--experiment", required=True, metavar="NAME", help="what the runs to be compared have in common")
    add("--name", metavar="TEXT", help="what people call this run")
    add("--param", action="append", default=[], metavar="NAME=VALUE", help="a setting (repeatable)")
    add("--tag", action="append", default=[], metavar="NAME=VALUE", help="a word about the run (repeatable)")
    add("--note", action="append", default=[], metavar="TEXT", help="for the reader (repeatable)")
    add("--group", metavar="TEXT", help="runs that belong together")
    add("--parent", metavar="ID", help="the run that this one belongs to (default: the run around us)")
    add("--directory", metavar="FOLDER", help="the log directory (default: REPORTGEN_DIR, or runs)")
    add("--resume", metavar="ID", help="go on with this run")
    add("--durable", action="store_true", help="wait for the disk at each row")
    add("--no-capture", action="store_true", help="do not find out about code and machine")
    add("--no-user", action="store_true", help="do not log the names of host and user")
    add(
        "--no-output",
        action="store_true",
        help="keep no output, and do not stand between it and the terminal",
    )
    add("--strict", action="store_true", help="do not start the command if the run cannot be written")
    add(
        "--then-build",
        action="store_true",
        help="build the report of this folder's reportgen.toml when no run of the group is going on any more",
    )
    add("command_words", nargs=REMAINDER, metavar="-- COMMAND", help="what to run, with its arguments")


def _run(options: Namespace) -> int:
    command = options.command_words[1:] if options.command_words[:1] == ["--"] else options.command_words
    if not command:
        raise UsageError(
            "there is no command to run",
            do="Write it behind --, as in: reportgen run --experiment digits -- ./train.sh",
        )
    from reportgen.collect.capture import captured_facts
    from reportgen.collect.command import run_command
    from reportgen.collect.signals import Signals
    from reportgen.collect.start import CAPTURE_PARTS

    with Signals() as signals, _start(options) as run:
        if not options.no_capture:
            parts = frozenset(CAPTURE_PARTS) - ({"user"} if options.no_user else set())
            run.write_facts(captured_facts(run.real_directory, parts, command))
        for text in options.note:
            run.note(text)
        ended = run_command(run, command, signals, keeps_output=not options.no_output)
    if ended.problem:
        say(f"reportgen: error: {ended.problem}")
    if options.then_build:
        from reportgen.cli.after import build_when_last

        build_when_last(options.group)
    return _die_of(ended.number) if ended.number else ended.code


def _start(options: Namespace) -> Run:
    """Start the run: always one of its own, within the run around us if there is one."""
    from reportgen.collect import start_run
    from reportgen.collect.outer import RUN_VARIABLE, look_around

    around = look_around(options.resume, options.parent)
    os.environ.pop(RUN_VARIABLE, None)
    return start_run(
        options.experiment,
        name=options.name,
        params=named_values(options.param, "--param"),
        tags=named_values(options.tag, "--tag"),
        group=options.group,
        parent=options.parent or around.id or None,
        directory=options.directory,
        resume=options.resume,
        durable=options.durable,
        capture=False,  # what is captured here is the command, not this program
        strict=options.strict,
    )


def _die_of(number: int) -> int:
    """End as the command did, so that a loop in a shell stops at Ctrl-C; give the code in case we live on."""
    sys.stdout.flush()
    if os.name == "posix":
        import resource

        resource.setrlimit(
            resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1])
        )  # one is enough
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    return 128 + number


RUN = Command(
    "run", "run a command as a run: exit code, last output and all that it logs", _add_arguments, _run
)
