"""``reportgen log``: metrics, parameters, tags, notes, files and the end of a run, from a shell script."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from reportgen.cli.interface import DONE, Command
from reportgen.cli.screen import say
from reportgen.cli.words import moment, named_numbers, named_values, plain_number, split_word
from reportgen.errors import LoggingError, RunStorageError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from reportgen.collect.rows import Fact
    from reportgen.collect.shell import ShellRun
    from reportgen.collect.told import ToldRun

_CLOSING = ("finished", "failed", "interrupted", "pruned")


def _add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("metrics", nargs="*", metavar="NAME=NUMBER", help="metrics, such as loss=0.31")
    add("--step", metavar="N", help="epoch, batch or the like of the metrics")
    add("--time", metavar="TIME", help="of the metrics, if not now: seconds since 1970, or 2026-11-01T08:00Z")
    add("--param", action="append", default=[], metavar="NAME=VALUE", help="a setting (repeatable)")
    add("--tag", action="append", default=[], metavar="NAME=VALUE", help="a word about the run (repeatable)")
    add("--note", action="append", default=[], metavar="TEXT", help="for the reader (repeatable)")
    add(
        "--artifact", action="append", default=[], metavar="FILE", help="copy a file, note a URL (repeatable)"
    )
    add("--kind", metavar="WORD", help="what the artifacts are, such as model or figure")
    add("--dataset", action="append", default=[], metavar="NAME=FILE", help="data that is used (repeatable)")
    add("--version", metavar="TEXT", help="your own name of this state of the data sets")
    add("--split", metavar="TEXT", help="how the data sets were split, or which part they are")
    add("--status", choices=_CLOSING, help="how the run ends")
    add("--reason", metavar="TEXT", help="why it ends so, in one line")
    add("--run", dest="run_name", metavar="RUN", help="a run's folder or id (default: the run around us)")
    add("--directory", metavar="FOLDER", help="the log directory to look for the id in")
    add("--durable", action="store_true", help="wait for the disk")
    add("--strict", action="store_true", help="exit with 1 if it cannot be written")


def _run(options: Namespace) -> int:
    metrics = named_numbers(options.metrics)
    _check(options)
    facts = _facts(options)
    at = None if options.time is None else moment(options.time)
    step = None if options.step is None else plain_number(options.step, "--step")

    from reportgen.collect.shell import ShellRun, find_told_run

    try:
        told = find_told_run(options.run_name, options.directory)
        if told.is_closed and (metrics or options.param or options.dataset or options.status):
            raise _finished(told)
        run = ShellRun(told, durable=options.durable)
        _log_files(run, options)
        run.write_facts(facts)
        if metrics:
            run.log_metrics(metrics, step, time=at)
        if options.status:
            run.tell_end(options.status, options.reason or "")
    except RunStorageError as error:
        if options.strict:
            raise
        say(f"reportgen: {error.message} The script goes on; --strict makes this an error.")
    return DONE


def _check(options: Namespace) -> None:
    """Refuse words that do not fit together.

    Raises:
        UsageError: Nothing is to be logged, or an option says more about what is not given.
    """
    things = (options.metrics, options.param, options.tag, options.note, options.artifact, options.dataset)
    if not any(things) and not options.status:
        raise UsageError(
            "there is nothing to log",
            do="Write what, as in: reportgen log loss=0.31 --step 3 --tag stage=two",
        )
    needs = (
        ("--step", options.step, "a metric", options.metrics),
        ("--time", options.time, "a metric", options.metrics),
        ("--kind", options.kind, "--artifact", options.artifact),
        ("--version", options.version, "--dataset", options.dataset),
        ("--split", options.split, "--dataset", options.dataset),
        ("--reason", options.reason, "--status", options.status),
    )
    for option, value, other, given in needs:
        if value is not None and not given:
            raise UsageError(f"{option} says more about {other}, and none is given")


def _facts(options: Namespace) -> list[Fact]:
    """Give parameters, tags and notes, checked.

    Raises:
        UsageError: A word is no ``NAME=VALUE``.
        LoggingError: A name or value that cannot be logged.
    """
    from reportgen.collect.rows import fact_row, named_facts
    from reportgen.schema import without_credentials

    facts = named_facts("param", named_values(options.param, "--param"))
    facts += named_facts("tag", named_values(options.tag, "--tag"))
    facts += [("note", "", without_credentials(text)) for text in options.note]
    for fact in facts:
        fact_row(0.0, *fact)  # a mistake shows before anything is written
    return facts


def _log_files(run: ShellRun, options: Namespace) -> None:
    """Log data sets and artifacts; a mistake shows before the first file is copied."""
    import os

    data = [split_word(word, "--dataset") for word in options.dataset]
    for path in options.artifact:
        if "://" not in path and not os.path.exists(path):  # noqa: PTH110 - pathlib takes as long as all the rest
            raise LoggingError(
                f"there is no file {path!r}",
                where="--artifact",
                found=f"the current folder is {os.getcwd()!r}",  # noqa: PTH109 - the same
            )
    for name, path in data:
        run.log_dataset(name, path, version=options.version, split=options.split)
    for path in options.artifact:
        run.log_artifact(path, kind=options.kind)


def _finished(told: ToldRun) -> LoggingError:
    return LoggingError(
        f"the run {told.id} is {told.text('status', 'status')}",
        found="its metrics, parameters, data sets and end stand",
        do="Tags, notes and artifacts can still be added.",
    )


LOG = Command("log", "log to a run from a shell script", _add_arguments, _run)
