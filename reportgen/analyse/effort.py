"""Time and money over all runs, and how the runs were made."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from reportgen.config.settings import CostConfig
from reportgen.findings import Effort, Environment
from reportgen.runs import Run

MACHINE_TAG = "machine"
DEFAULT_PRICE = "default"


def measure_effort(runs: Sequence[Run], cost: CostConfig) -> tuple[Effort, tuple[float | None, ...]]:
    """Add up durations and prices, failed runs included; the second part is each run's own cost."""
    durations = [run.duration_s for run in runs if run.duration_s is not None]
    costs = tuple(_cost(run, cost) for run in runs)
    priced = [entry for entry in costs if entry is not None]
    effort = Effort(
        total_s=math.fsum(durations) if durations else None,
        metered_runs=len(durations),
        median_s=statistics.median(durations) if durations else None,
        currency=cost.currency,
        total_cost=math.fsum(priced) if priced else None,
        priced_runs=len(priced),
    )
    return effort, costs


def _cost(run: Run, cost: CostConfig) -> float | None:
    price = cost.prices.get(str(run.tags.get(MACHINE_TAG, DEFAULT_PRICE)), cost.prices.get(DEFAULT_PRICE))
    return None if price is None or run.duration_s is None else price * run.duration_s / 3600.0


def describe_environment(runs: Sequence[Run]) -> Environment:
    """Count interpreters and platforms, and list the packages with every version that was used."""
    versions: dict[str, set[str]] = {}
    for run in runs:
        packages: Any = run.env.get("packages")
        if isinstance(packages, Mapping):
            for name, version in packages.items():
                versions.setdefault(str(name), set()).add(str(version))
    return Environment(
        python=_counted(runs, "python"),
        platform=_counted(runs, "platform"),
        packages={name: ", ".join(sorted(found)) for name, found in sorted(versions.items())},
    )


def _counted(runs: Sequence[Run], fact: str) -> tuple[tuple[str, int], ...]:
    counts = Counter(str(run.env[fact]) for run in runs if run.env.get(fact) is not None)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
