"""``reportgen init``: a first ``reportgen.toml``, from what the runs tell."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.cli.interface import DONE, Command
from reportgen.cli.screen import result, say
from reportgen.cli.sources import log_directory, tell_skipped, writable_target
from reportgen.config import CONFIG_FILE, Config
from reportgen.config.toml import inline_table, toml_key, toml_value
from reportgen.errors import OutputError, UsageError
from reportgen.runs import Run, RunSet

if TYPE_CHECKING:
    from reportgen.analyse import Draft
    from reportgen.findings import Metric

_MOST_METRICS = 30
"""That get an entry; who logs more does not want to fill them all in."""
_MOST_CANDIDATES = 5
_MOST_PARAMETERS = 8
"""That are named in one line."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "addresses", nargs="*", metavar="ADDRESS", help="where the runs are (default: ./runs)"
    )
    parser.add_argument(
        "--to",
        type=Path,
        default=Path(CONFIG_FILE),
        metavar="FILE",
        help=f"what to write (default: {CONFIG_FILE})",
    )
    parser.add_argument("--no-cache", action="store_true", help="read every file anew, and keep nothing")


def _run(options: Namespace) -> int:
    from reportgen import pipeline

    target: Path = options.to
    _check_target(target)
    addresses = options.addresses or [str(log_directory())]
    if not options.addresses and not log_directory().is_dir():
        raise UsageError(
            f"no runs were named, and there is no folder {addresses[0]!r}",
            do="Say where the runs are: reportgen init path/to/runs",
        )
    runs = pipeline.load(Config(runs=tuple(addresses)), cache=not options.no_cache)
    tell_skipped(runs)
    text = draft_text(
        pipeline.draft(runs), runs, [_seen_from(target.parent, address) for address in addresses]
    )
    _write_new(target, text)
    say(f"written from {len(runs.runs)} runs; look it through, then: reportgen build --config {target}")
    result(str(target))
    return DONE


def _check_target(target: Path) -> None:
    writable_target(target, "--to")
    if target.suffix != ".toml" or target.name == "pyproject.toml":
        raise UsageError(f"--to {str(target)!r} is no name for a configuration", do=f"Call it {CONFIG_FILE}.")
    if target.exists():
        raise _is_there(target)


def _is_there(target: Path) -> UsageError:
    return UsageError(
        "the file is there already, and init never overwrites one",
        where=str(target),
        do="Write elsewhere with --to FILE, or take that file away.",
    )


def _write_new(target: Path, text: str) -> None:
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise _is_there(target) from error
    except OSError as error:
        raise OutputError(f"could not be written ({error.strerror})", where=str(target)) from error


def _seen_from(folder: Path, address: str) -> str:
    """An address in the file is relative to the file's folder."""
    if "://" in address or Path(address).is_absolute():
        return address
    with suppress(ValueError):  # on another drive there is no way from here to there
        return os.path.relpath(address, folder).replace(os.sep, "/")
    return str(Path(address).absolute())


_DELIVERY = """\
# The report by mail, each week (docs/weekly-mail.md). Look at it first: reportgen send --dry-run
# [email]
# to = ["ada@example.com"]
# from = "Reports <reports@example.com>"
# host = "smtp.example.com"
# user = "reports"    # the password: in the variable REPORTGEN_SMTP_PASSWORD, never here

# [schedule]
# every = "monday 08:00"
# timezone = "Europe/Berlin"

# A shared Google Sheet that is kept current: `reportgen publish --setup` writes [sheet] here.""".splitlines()


def draft_text(draft: Draft, runs: RunSet, addresses: Sequence[str]) -> str:
    """Write the whole file."""
    shown = draft.metrics[:_MOST_METRICS]
    lines = [
        f"# Written by `reportgen init` from {len(runs.runs)} runs. All keys: docs/configuration.md",
        "# Lines that begin with # say nothing yet: fill them in and take the # away.",
        "",
        f"title = {toml_value(draft.title)}",
        f"runs = {toml_value(addresses)}",
        'audience = "team"    # executive | team | public',
        '# owner = "Model team"',
        '# contact = "models@example.com"',
        '# decision = "What is asked of the reader, and by when"',
        "",
        "# The metrics dictionary: headings, units, directions and words of all outputs come from here.",
    ]
    for metric in shown:
        lines += ["", *_metric_lines(metric, primary=metric.name == draft.primary)]
    if len(draft.metrics) > len(shown):
        lines += ["", f"# The runs have {len(draft.metrics) - len(shown)} more metrics, which need no entry."]
    lines += ["", "[compare]", *_compare_lines(draft, runs.runs)]
    lines += [
        "",
        "[outputs]",
        'directory = "reports"',
        'formats = ["xlsx", "pdf", "html", "json"]',
        'paper = "A4"    # or Letter',
        "",
        *_DELIVERY,
    ]
    return "\n".join(lines) + "\n"


def _metric_lines(metric: Metric, *, primary: bool) -> Iterator[str]:
    yield f"[metrics.{toml_key(metric.name)}]"
    if primary:
        yield "primary = true    # this metric decides"
    yield f"label = {toml_value(metric.label)}"
    yield f"unit = {toml_value(metric.unit)}" if metric.unit else '# unit = "%"    # or s, ms, MB, ...'
    if metric.goal:
        yield f"goal = {toml_value(metric.goal)}"
    else:
        yield '# goal = "maximize"    # or minimize; the name does not tell, and without it nothing is ranked by it'
    yield f"summary = {toml_value(metric.summary)}    # or best, min, max, mean of last 5, at best OTHER_METRIC"
    if metric.definition:
        yield f"definition = {toml_value(metric.definition)}"
    else:
        yield '# definition = "One sentence for readers who do not know it."'
    if primary:
        yield "# target = 1.0    # the value to be reached"
        yield "# smallest_difference = 0.01    # the least that matters in practice, in the metric's own unit"


def _compare_lines(draft: Draft, runs: Sequence[Run]) -> Iterator[str]:
    if draft.varied:
        yield "# What tells configurations apart; left out, it is every parameter that varies, seeds aside."
        # a shortened list would group other runs together once the # is taken away
        few = len(draft.varied) <= _MOST_PARAMETERS
        yield (
            f"# by = {toml_value(draft.varied)}"
            if few
            else f"# by = []    # {len(draft.varied)} parameters vary"
        )
    if draft.seed:
        yield f"seed = {toml_value(draft.seed)}    # only repeats a run"
    if draft.baseline is not None and (text := _as_toml(draft.baseline)):
        yield f"baseline = {text}"
        return
    candidates = _candidates(draft.varied, runs)
    if candidates:
        yield "# The runs do not tell which configuration is the baseline. Name one to compare the others with it:"
        yield from (f"# baseline = {text}" for text in candidates[:_MOST_CANDIDATES])


def _candidates(varied: Sequence[str], runs: Sequence[Run]) -> list[str]:
    """Give each configuration's parameters once, in order of the runs."""
    found = (_as_toml({name: run.params[name] for name in varied if name in run.params}) for run in runs)
    return [text for text in dict.fromkeys(found) if text]


def _as_toml(params: Mapping[str, Any]) -> str:
    """Write parameters that TOML can hold; empty if it cannot, or if there are none."""
    with suppress(ValueError):
        return inline_table(params) if params else ""
    return ""


INIT = Command("init", "write a first reportgen.toml from some runs", _add_arguments, _run)
