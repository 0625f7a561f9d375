"""``reportgen explain NAME``: what an error or a finding means, and how a number was made."""

from __future__ import annotations

import shlex
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.interface import DONE, Command
from reportgen.cli.provenance import find_tree, nearby, tell
from reportgen.cli.screen import result
from reportgen.cli.sources import add_source_arguments
from reportgen.errors import ReportgenError, UsageError

if TYPE_CHECKING:
    from reportgen.explain import Tree

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
    "output": "Close the file in other programs, free some space, or choose another folder: --out, or directory under [outputs].",
    "verification": "Name a file that `reportgen build` made, and say where its runs are: reportgen verify FILE --config reportgen.toml.",
    "delivery": "The outputs themselves are there; send them by hand, or mend what the message names.",
    "schedule": "`reportgen schedule show` says when what is due; the message says what hinders the clock.",
    "archive": "An issue that was sent stays as it was: make a correction. One that was edited: take it from a backup.",
    "sign-in": "Mail: check user, and the password or token, under [email]. Google: `reportgen publish --setup` names the step that is missing.",
    "sheet": "The message says whether anything was written; `reportgen publish --setup` tests the access, and publishing again is always safe.",
    "sheet-edited": "Move what people wrote to a tab of their own, or publish without --keep-edits to write over it.",
    "logging": "Correct the call that the traceback shows: names are texts of 1 to 250 characters, metrics numbers.",
    "run-storage": "Free some space or choose another log directory (REPORTGEN_DIR); without strict=True, training goes on.",
}
"""What to do, by slug: one sentence for every error there is."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="an error, a finding, or the JSON pointer of a number, such as /comparisons/0/p_adjusted; "
        "without it all errors and findings are listed",
    )
    add_source_arguments(parser)
    parser.add_argument(
        "--from", dest="from_file", type=Path, metavar="FILE", help="a report's JSON, instead of the runs"
    )


def _run(options: Namespace) -> int:
    from reportgen.compose import EXPLANATIONS

    kinds = {kind.slug: kind for kind in error_kinds()}
    name = options.name
    if name is None:
        for known, text in {**{slug: meaning(kind) for slug, kind in kinds.items()}, **EXPLANATIONS}.items():
            result(f"{known}: {text}")
    elif name in kinds:
        result(meaning(kinds[name]))
        if name in ADVICE:
            result(ADVICE[name])
    else:
        tree = find_tree(options)
        told = [] if tree is None else tell(tree, name)
        if not told and name not in EXPLANATIONS:
            raise _unknown(name, tree, [*kinds, *EXPLANATIONS], from_runs=options.from_file is None)
        for line in [EXPLANATIONS[name], *told] if name in EXPLANATIONS else told:
            result(line)
    return DONE


def _unknown(name: str, tree: Tree | None, known: list[str], *, from_runs: bool) -> UsageError:
    if name.startswith("/"):
        if tree is None:
            return UsageError(
                f"{name!r} is a number of a report, and there are no runs here",
                do="Say which: reportgen explain POINTER ADDRESS, or --from reports/NAME.json.",
            )
        # a report may have been built with options, such as --baseline, that explain does not take
        file = shlex.join(["reportgen", "explain", name, "--from", "reports/NAME.json"])
        do = f"If a report has it, name its file, or the --config of its build: {file}" if from_runs else ""
        return UsageError(f"the report has nothing at {name!r}", found=nearby(tree, name), do=do)
    known = known + ([] if tree is None else [entry["id"] for entry in tree.numbers["findings"]])
    near = get_close_matches(name, dict.fromkeys(known), n=3)
    return UsageError(
        f"nothing is called {name!r}",
        found=f"nearest is {', '.join(map(repr, near))}" if near else "",
        do="`reportgen explain` lists all.",
    )


def error_kinds(root: type[ReportgenError] = ReportgenError) -> Iterator[type[ReportgenError]]:
    """Give every kind of error, the general ones first."""
    yield root
    for kind in root.__subclasses__():
        yield from error_kinds(kind)


def meaning(kind: type[ReportgenError]) -> str:
    """Give the first sentence of an error's description."""
    return (kind.__doc__ or "").strip().partition("\n")[0].replace("``", "`")


EXPLAIN = Command(
    "explain", "say what an error or a finding means, and how a number was made", _add_arguments, _run
)
