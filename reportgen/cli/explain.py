"""``reportgen explain NAME``: what an error or a finding of a report means."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from difflib import get_close_matches

from reportgen.cli.interface import DONE, Command
from reportgen.cli.screen import result
from reportgen.errors import ReportgenError, UsageError

ADVICE = {
    "error": "The message says what happened and where; it is the root of all errors below.",
    "usage": "Look at `reportgen COMMAND --help`; the message names the words that do not fit.",
    "config": "Mend the lines that the message names; docs/configuration.md lists every key.",
    "address": "Check the path. `reportgen ls ADDRESS` shows what is found at an address.",
    "nothing-to-report": "Log at least one run, or widen --where, --since, --experiment and --exclude.",
    "unknown-run": "`reportgen ls` lists the runs; give the whole id, or the path of the run's folder.",
    "unknown-metric": "Take one of the metrics that the message lists, in --metric or in [metrics.NAME].",
    "baseline": "Name more parameters, so that exactly one configuration is left: --baseline 'model=mlp,hidden=64'.",
    "filter": "Write conditions as NAME<VALUE (also <=, >, >=, ==, !=), dates as 2026-11-01, exclusions as RUN=reason.",
    "template": "Mend your own template or theme, or take it away: the shipped one is used where yours is missing.",
    "render": "The other outputs are there. If the message calls it a fault in reportgen, please report it.",
    "missing-library": "`reportgen doctor` names what is missing and the command that installs it.",
    "missing-framework": "Install the framework with the command that the message names, in the training's own environment.",
    "output": "Close the file in other programs, free some space, or choose another folder with --out.",
    "verification": "Name a file that `reportgen build` made, and say where its runs are: reportgen verify FILE --config reportgen.toml.",
    "delivery": "The outputs themselves are there; send them by hand, or mend what the message names.",
    "logging": "Correct the call that the traceback shows: names are texts of 1 to 250 characters, metrics numbers.",
    "run-storage": "Free some space or choose another log directory (REPORTGEN_DIR); without strict=True, training goes on.",
}
"""What to do, by slug: one sentence for every error there is."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="of an error or of a finding; without it all are listed"
    )


def _run(options: Namespace) -> int:
    from reportgen.compose import EXPLANATIONS

    kinds = {kind.slug: kind for kind in error_kinds()}
    if options.name is None:
        for name, text in {**{slug: meaning(kind) for slug, kind in kinds.items()}, **EXPLANATIONS}.items():
            result(f"{name}: {text}")
    elif options.name in kinds:
        result(meaning(kinds[options.name]))
        if options.name in ADVICE:
            result(ADVICE[options.name])
    elif options.name in EXPLANATIONS:
        result(EXPLANATIONS[options.name])
    else:
        near = get_close_matches(options.name, [*kinds, *EXPLANATIONS], n=1)
        raise UsageError(
            f"nothing is called {options.name!r}",
            found=f"nearest is {near[0]!r}" if near else "",
            do="`reportgen explain` lists all.",
        )
    return DONE


def error_kinds(root: type[ReportgenError] = ReportgenError) -> Iterator[type[ReportgenError]]:
    """Give every kind of error, the general ones first."""
    yield root
    for kind in root.__subclasses__():
        yield from error_kinds(kind)


def meaning(kind: type[ReportgenError]) -> str:
    """Give the first sentence of an error's description."""
    return (kind.__doc__ or "").strip().partition("\n")[0].replace("``", "`")


EXPLAIN = Command("explain", "say what an error or a finding means", _add_arguments, _run)
