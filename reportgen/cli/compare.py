"""``reportgen compare RUN RUN``: what differs between two runs, and which way."""

from __future__ import annotations

import math
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from reportgen.cli.interface import DONE, Command
from reportgen.cli.screen import result, result_json, screen_width, show_value, table_lines
from reportgen.cli.sources import add_run_arguments, find_named_run, settings_for
from reportgen.config import Config
from reportgen.runs import Run

_ABSENT = "—"


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("first", metavar="RUN", help="a run's id, the start of it, its name, or its folder")
    parser.add_argument("second", metavar="RUN", help="the run that is compared with it")
    add_run_arguments(parser)


def _run(options: Namespace) -> int:
    first, second = (find_named_run(name, options) for name in (options.first, options.second))
    params = differing(first.params, second.params)
    metrics = compare_metrics(first, second, settings_for(options))
    if options.json:
        result_json({"runs": [first.id, second.id], "params": params, "metrics": metrics})
        return DONE
    _show(
        "parameters that differ",
        first,
        second,
        [(name, _cell(pair, "first"), _cell(pair, "second")) for name, pair in params.items()],
    )
    rows = [
        (name, _cell(found, "first"), _cell(found, "second"), found["words"])
        for name, found in metrics.items()
    ]
    _show("metrics that differ (last values)", first, second, rows)
    return DONE


def differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give both values of every name that is not the same on both sides; what is absent has no entry.

    Types count: 1, 1.0 and true are three values.
    """
    found: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys((*first, *second)):
        sides = (("first", first), ("second", second))
        values = {side: of[name] for side, of in sides if name in of}
        if len(values) < 2 or repr(values["first"]) != repr(values["second"]):
            found[name] = values
    return found


def compare_metrics(first: Run, second: Run, config: Config) -> dict[str, dict[str, Any]]:
    """Compare the last values: the difference, and in words what it means for the second run."""
    from reportgen.pipeline import better_direction

    found: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys((*first.metrics, *second.metrics)):
        sides = (("first", first), ("second", second))
        values = {side: run.metrics[name].last for side, run in sides if name in run.metrics}
        difference = values["second"] - values["first"] if len(values) == 2 else None
        if difference == 0:
            continue
        goal = better_direction(name, config)
        words = difference_words(difference, goal)
        found[name] = {**values, "difference": difference, "goal": goal, "words": words}
    return found


def difference_words(difference: float | None, goal: str | None) -> str:
    """Say what a difference (not zero) means for the second run: better, worse, or only higher or lower."""
    if difference is None or not math.isfinite(difference):
        return "cannot be compared"
    if goal is None:
        word = "higher" if difference > 0 else "lower"
    else:
        word = "better" if (difference > 0) == (goal == "maximize") else "worse"
    return f"{abs(difference):.4g} {word}"


def _show(title: str, first: Run, second: Run, rows: Sequence[tuple[str, ...]]) -> None:
    if not rows:
        result(f"{title}: none")
        return
    result(title)
    heading = ("  name", first.id, second.id, *(["second run"] if len(rows[0]) > 3 else []))
    for line in table_lines([heading, *((f"  {row[0]}", *row[1:]) for row in rows)], screen_width()):
        result(line)


def _cell(values: Mapping[str, Any], side: str) -> str:
    return show_value(values[side]) if side in values else _ABSENT


COMPARE = Command("compare", "show what differs between two runs", _add_arguments, _run)
