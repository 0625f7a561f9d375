"""``reportgen show RUN``: everything that is known of one run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import Any

from reportgen.cli.interface import DONE, Command
from reportgen.cli.screen import (
    result,
    result_json,
    screen_width,
    show_duration,
    show_time,
    show_value,
    table_lines,
)
from reportgen.cli.sources import add_run_arguments, find_named_run
from reportgen.runs import MetricSummary, Run


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "run_name", metavar="RUN", help="a run's id, the start of it, its name, or its folder"
    )
    add_run_arguments(parser)


def _run(options: Namespace) -> int:
    from reportgen import pipeline

    run = find_named_run(options.run_name, options)
    ending = dict(pipeline.ending(run))
    output = str(ending.pop("output", None) or "")
    if options.json:
        result_json(_as_json(run) | {"exit_code": None, "signal": None, **ending, "output": output})
        return DONE
    for line in table_lines([*_facts(run), *_ending(ending)], screen_width(), whole=frozenset({0, 1})):
        result(line)
    _show_table("parameters", run.params)
    _show_metrics(run.metrics)
    for title, values in (
        ("tags", run.tags),
        ("data", run.data),
        ("artifacts", run.artifacts),
        ("code", run.code),
        ("environment", run.env),
    ):
        _show_table(title, values)
    for note in run.notes:
        result(f"note: {note}")
    if output:
        result("")
        result("last output")
        for line in output.splitlines():
            result(f"  {line}")
    return DONE


def _ending(ending: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Tell how the run's command ended, where it was one."""
    facts = [("exit code", ending.get("exit_code")), ("signal", ending.get("signal"))]
    return [(name, show_value(value)) for name, value in facts if value is not None]


def _facts(run: Run) -> list[tuple[str, str]]:
    facts = [
        ("run", run.id),
        ("experiment", run.experiment),
        ("name", run.name),
        ("status", f"{run.status}: {run.reason}" if run.reason else run.status),
        ("started (UTC)", show_time(run.started)),
        ("ended (UTC)", show_time(run.ended)),
        ("duration", show_duration(run.duration_s)),
        ("group", run.group or ""),
        ("parent", run.parent or ""),
        ("address", run.address),
    ]
    return [(name, value) for name, value in facts if value]


def _show_table(title: str, values: Mapping[str, Any]) -> None:
    if not values:
        return
    result("")
    result(title)
    for line in table_lines(
        [(f"  {name}", show_value(value)) for name, value in values.items()],
        screen_width(),
        whole=frozenset({0, 1}),
    ):
        result(line)


def _show_metrics(metrics: Mapping[str, MetricSummary]) -> None:
    if not metrics:
        return
    result("")
    result("metrics")
    rows = [("  name", "last", "min", "max", "points", "not finite")]
    rows += [
        (
            f"  {name}",
            show_value(found.last),
            show_value(found.min),
            show_value(found.max),
            str(found.points),
            str(found.points - found.finite or ""),
        )
        for name, found in metrics.items()
    ]
    for line in table_lines(rows, screen_width(), right=frozenset(range(1, 6))):
        result(line)


def _as_json(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "experiment": run.experiment,
        "name": run.name,
        "group": run.group,
        "parent": run.parent,
        "status": run.status,
        "reason": run.reason,
        "started": run.started,
        "ended": run.ended,
        "duration_s": run.duration_s,
        "params": run.params,
        "tags": run.tags,
        "notes": run.notes,
        "metrics": {name: found._asdict() for name, found in run.metrics.items()},
        "data": run.data,
        "artifacts": run.artifacts,
        "code": run.code,
        "env": run.env,
        "address": run.address,
    }


SHOW = Command("show", "show everything that is known of one run", _add_arguments, _run)
