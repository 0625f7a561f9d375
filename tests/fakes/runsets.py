"""Small sets of runs for tests of what is computed from them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from reportgen.runs import Curve, MetricSummary, Run, RunSet, Source, Status

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""A Monday."""


def summarise(values: Sequence[float]) -> MetricSummary:
    """Summarise a metric's values as a loader does; steps count from 0."""
    finite = [(value, step) for step, value in enumerate(values) if math.isfinite(value)]
    low = min(finite, default=(math.nan, math.nan), key=lambda pair: pair[0])
    high = max(finite, default=(math.nan, math.nan), key=lambda pair: pair[0])
    return MetricSummary(
        points=len(values),
        finite=len(finite),
        first=values[0],
        last=values[-1],
        min=low[0],
        max=high[0],
        min_step=low[1],
        max_step=high[1],
        last_step=len(values) - 1,
    )


def make_run(
    number: int,
    params: Mapping[str, Any] | None = None,
    metrics: Mapping[str, float | Sequence[float]] | None = None,
    *,
    status: Status = "finished",
    **facts: Any,
) -> Run:
    """Make one run, an hour after the one before; *facts* replace fields of `Run`."""
    started = facts.pop("started", START + timedelta(hours=number))
    series = {
        name: value if isinstance(value, Sequence) else [value] for name, value in (metrics or {}).items()
    }
    filled: dict[str, Any] = {
        "id": f"20261116T{number:06d}Z-{number:08x}",
        "experiment": "digits",
        "name": "",
        "group": None,
        "parent": None,
        "ended": started + timedelta(minutes=10) if started else None,
        "reason": "",
        "tags": {},
        "notes": (),
        "code": {},
        "env": {},
        "data": {},
        "artifacts": {},
        "address": f"runs/digits/{number}",
        "duration_s": 600.0,
    }
    filled |= facts
    return Run(
        started=started,
        status=status,
        params=params or {},
        metrics={name: summarise(values) for name, values in series.items()},
        **filled,
    )


@dataclass(frozen=True)
class TableCurves:
    """A reader of curves that are held in memory, by run id and metric; long ones are thinned evenly."""

    table: Mapping[tuple[str, str], Sequence[float]] = field(default_factory=dict)

    def read(
        self, run_ids: Sequence[str], metrics: Sequence[str], *, max_points: int = 400
    ) -> tuple[Curve, ...]:
        """Give the curves in the order asked for; steps and times count from 0."""
        found = []
        for run_id in run_ids:
            for metric in metrics:
                values = self.table.get((run_id, metric))
                if values is not None:
                    stride = 1 if len(values) <= max_points else math.ceil(len(values) / (max_points - 1))
                    kept = sorted({*range(0, len(values), stride), len(values) - 1})
                    steps = tuple(float(step) for step in kept)
                    thinned = tuple(values[step] for step in kept)
                    found.append(Curve(run_id, metric, steps, thinned, steps, len(values)))
        return tuple(found)


def make_runset(runs: Sequence[Run], curves: TableCurves | None = None, **facts: Any) -> RunSet:
    """Put runs into a set, as if read from one address."""
    points = sum(summary.points for run in runs for summary in run.metrics.values())
    return RunSet(
        runs=tuple(runs),
        sources=(Source("runs/digits", "run folders", len(runs)),),
        points=points,
        curves=curves or TableCurves(),
        **facts,
    )


def sweep(results: Mapping[str, Sequence[float | None]], metric: str = "accuracy") -> RunSet:
    """Make a sweep over ``model``: a run with its own seed for each value, a failed run for each None."""
    runs: list[Run] = []
    for model, values in results.items():
        for seed, value in enumerate(values):
            params = {"model": model, "seed": seed}
            if value is None:
                runs.append(make_run(len(runs), params, {}, status="failed", reason="CUDA out of memory"))
            else:
                runs.append(make_run(len(runs), params, {metric: value}))
    return make_runset(runs)
