"""What became of each run, and the counts that must add up."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from reportgen.analyse.selection import Selection
from reportgen.analyse.statistics import wilson
from reportgen.findings import RunCounts
from reportgen.runs import STATUSES, Run

Outcome = Literal[
    "usable", "set_aside", "diverged", "without_value", "failed", "interrupted", "running", "pruned"
]
FAILURES: tuple[Outcome, ...] = ("failed", "diverged", "without_value", "interrupted")
"""Ended without a usable number: these count against a candidate."""
PENDING: tuple[Outcome, ...] = ("running", "pruned")
"""Neither a result nor a failure: still going, or stopped early on purpose."""
PLANNED_TAGS = ("sweep_size", "planned_runs")


def judge_runs(
    runs: Sequence[Run], values: Sequence[Mapping[str, float]], primary: str | None
) -> tuple[Outcome, ...]:
    """Say what became of each run, by its status and its number for the deciding metric."""
    return tuple(_outcome(run, entry, primary) for run, entry in zip(runs, values, strict=True))


def _outcome(run: Run, values: Mapping[str, float], primary: str | None) -> Outcome:
    if run.status != "finished":
        return run.status
    if primary is None or primary not in values:
        return "without_value"
    return "usable" if math.isfinite(values[primary]) else "diverged"


def count_runs(selection: Selection, outcomes: Sequence[Outcome]) -> RunCounts:
    """Count where every run went; the sum of all outcomes is the total."""
    runs = selection.runs
    counts = Counter(outcomes)
    gave = counts["usable"] + counts["set_aside"]
    ended = sum(count for outcome, count in counts.items() if outcome not in PENDING)
    low, high = wilson(np.array([float(gave)]), np.array([float(ended)]))
    statuses = Counter(run.status for run in runs.runs)
    return RunCounts(
        total=len(runs.runs),
        by_status={status: statuses[status] for status in STATUSES},
        diverged=counts["diverged"],
        without_value=counts["without_value"],
        usable=gave,
        excluded=selection.excluded,
        skipped=tuple((entry.address, entry.reason) for entry in runs.skipped),
        points=runs.points,
        success_interval=(float(low[0]), float(high[0])) if ended else None,
        set_aside=counts["set_aside"],
        planned=_planned(runs.runs) if len(selection.excluded) == selection.only_started_others else None,
    )


def _planned(runs: Sequence[Run]) -> int | None:
    """Add up the sweep sizes that the runs' tags tell; None unless every experiment tells its own."""
    sizes: dict[str, int] = {}
    for run in runs:
        told = [run.tags[tag] for tag in PLANNED_TAGS if type(run.tags.get(tag)) is int]
        sizes[run.experiment] = max([sizes.get(run.experiment, 0), *told])
    total = sum(sizes.values())
    return total if all(sizes.values()) and total >= len(runs) else None
