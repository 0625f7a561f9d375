"""Time and money over all runs, and how the runs were made."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from reportgen.analyse.outcomes import Outcome
from reportgen.config.settings import CostConfig
from reportgen.findings import Comparison, Effort, Environment
from reportgen.runs import Run

MACHINE_TAG = "machine"
DEFAULT_PRICE = "default"


def measure_effort(
    runs: Sequence[Run], outcomes: Sequence[Outcome], cost: CostConfig
) -> tuple[Effort, tuple[float | None, ...]]:
    """Add up durations and prices, failed runs included; the second part is each run's own cost."""
    durations = [run.duration_s for run in runs if run.duration_s is not None]
    costs = tuple(_cost(run, cost) for run in runs)
    priced = [entry for entry in costs if entry is not None]
    usable = sum(outcome == "usable" for outcome in outcomes)
    machines = Counter(machine for run in runs if (machine := machine_of(run)))
    effort = Effort(
        total_s=math.fsum(durations) if durations else None,
        metered_runs=len(durations),
        median_s=statistics.median(durations) if durations else None,
        currency=cost.currency,
        total_cost=math.fsum(priced) if priced else None,
        priced_runs=len(priced),
        least_s=min(durations, default=None),
        most_s=max(durations, default=None),
        per_usable_s=math.fsum(durations) / usable if durations and usable else None,
        cost_per_usable=math.fsum(priced) / usable if priced and usable else None,
        machines=tuple(sorted(machines.items(), key=lambda item: (-item[1], item[0]))),
    )
    return effort, costs


def cost_of_gain(effort: Effort, comparisons: Sequence[Comparison], unit: str) -> Effort:
    """Add what a unit of the gain cost to find: all runs' cost over the first gain that is shown.

    Without a configuration that is shown to be better nothing was gained, and nothing is added.
    """
    better = next((entry for entry in comparisons if entry.verdict == "better"), None)
    if better is None or not better.difference or effort.total_cost is None:
        return effort
    units = better.difference * (100.0 if unit == "%" else 1.0)
    return replace(effort, cost_per_gain=effort.total_cost / units, gained_by=better.key)


def machine_of(run: Run) -> str:
    """Name the kind of machine: the tag ``machine``, else processor and graphics card, else the host.

    Empty where the run tells none of them.
    """
    if run.tags.get(MACHINE_TAG) is not None:
        return str(run.tags[MACHINE_TAG])
    parts = [str(run.env[part]) for part in ("cpu", "gpu") if run.env.get(part)]
    return ", ".join(parts) or str(run.env.get("host") or "")


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
