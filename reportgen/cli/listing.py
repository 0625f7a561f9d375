"""``reportgen ls``: the runs there are, one a line."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence

from reportgen.cli.interface import DONE, Command
from reportgen.cli.screen import (
    GAP,
    result,
    result_json,
    say,
    screen_width,
    show_duration,
    show_time,
    show_value,
    table_lines,
)
from reportgen.cli.sources import add_source_arguments, read_source, tell_skipped
from reportgen.config import Config
from reportgen.runs import Run

_METRIC_WIDTH = 10
"""Room that a metric's column takes at least, when it is decided how many are shown."""
_ID = frozenset({0})
"""The column of ids, which people copy from."""
_FACTS = ("run", "experiment", "name", "status", "started", "duration")


def _add_arguments(parser: ArgumentParser) -> None:
    add_source_arguments(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a run, one a line")


def _run(options: Namespace) -> int:
    config, runs = read_source(options)
    tell_skipped(runs)
    if options.json:
        for run in runs.runs:
            result_json(
                {
                    "id": run.id,
                    "experiment": run.experiment,
                    "name": run.name,
                    "status": run.status,
                    "started": run.started,
                    "duration_s": run.duration_s,
                    "params": run.params,
                    "metrics": {name: summary.last for name, summary in run.metrics.items()},
                    "address": run.address,
                }
            )
    else:
        _show(runs.runs, config)
    return DONE


def _show(runs: Sequence[Run], config: Config) -> None:
    rows = [_FACTS, *(_facts(run) for run in runs)]
    # columns that say nothing are left out: no name given, one experiment
    kept = [index for index, column in enumerate(zip(*rows, strict=True)) if any(column[1:])]
    rows = [tuple(row[index] for index in kept) for row in rows]
    width = screen_width()
    used = max(len(line) for line in table_lines(rows, width, whole=_ID))
    names = _metrics(runs, config)
    shown = names[: max(1, (width - used) // (_METRIC_WIDTH + len(GAP)))]
    values = [tuple(shown), *(tuple(_last(run, name) for name in shown) for run in runs)]
    lines = table_lines(
        [(*facts, *numbers) for facts, numbers in zip(rows, values, strict=True)],
        width,
        right=frozenset(range(len(kept), len(kept) + len(shown))),
        whole=_ID,
    )
    for line in lines:
        result(line)
    if len(names) > len(shown):
        more = len(names) - len(shown)
        say(f"{more} more metric{'s' if more > 1 else ''}: --json shows all")


def _facts(run: Run) -> tuple[str, ...]:
    name = "" if run.name == run.id else run.name
    return (run.id, run.experiment, name, run.status, show_time(run.started), show_duration(run.duration_s))


def _last(run: Run, name: str) -> str:
    return show_value(run.metrics[name].last) if name in run.metrics else ""


def _metrics(runs: Sequence[Run], config: Config) -> list[str]:
    """Order the metrics: those of the configuration first, then by the number of runs that have them."""
    counts = Counter(name for run in runs for name in run.metrics)
    own = sorted(config.metrics.values(), key=lambda metric: not metric.primary)
    first = [metric.name for metric in own if metric.name in counts]
    return [*first, *(name for name, _ in counts.most_common() if name not in first)]


LIST = Command("ls", "list runs with their status and latest values", _add_arguments, _run)
