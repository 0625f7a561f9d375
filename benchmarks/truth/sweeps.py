"""Made-up sweeps of which the truth is known: in which nothing is better, and with a planted gain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reportgen.analyse import analyse
from reportgen.config.settings import CompareConfig, Config, MetricConfig
from reportgen.findings import Findings
from reportgen.runs import Run
from tests.fakes.runsets import make_run, make_runset

Draw = np.random.Generator
Results = Mapping[str, list[float | None]]
"""One number a run by configuration, None for a failed run; ``m0`` is the baseline."""
FAIR_LEVEL = 50.0


@dataclass(frozen=True)
class Shape:
    """How large a sweep is and how its runs vary."""

    configurations: int
    repeats: int
    baseline_repeats: int | None = None
    spread: Callable[[Draw, int], np.ndarray] = lambda draw, count: np.ones(count)  # noqa: ARG005 - equal for all
    noise: Callable[[Draw, int], np.ndarray] = lambda draw, count: draw.normal(size=count)
    fails: Callable[[Draw, np.ndarray, bool], np.ndarray] | None = None
    """Which runs fail, from their values (in standard deviations) and whether it is the baseline."""
    shared: float = 0.0
    """Standard deviation of what runs with the same seed have in common."""
    goal: str = "maximize"
    compare: Mapping[str, Any] = field(default_factory=dict)


def draw_results(draw: Draw, shape: Shape, gains: Mapping[int, float] | None = None) -> Results:
    """Draw one sweep; *gains* are in standard deviations, by number of the configuration."""
    spreads = shape.spread(draw, shape.configurations)
    most = max(shape.repeats, shape.baseline_repeats or 0)
    common = shape.shared * draw.normal(size=most)
    found: dict[str, list[float | None]] = {}
    for number in range(shape.configurations):
        count = (shape.baseline_repeats if number == 0 else None) or shape.repeats
        raw = shape.noise(draw, count)
        values = FAIR_LEVEL + raw * spreads[number] + common[:count] + (gains or {}).get(number, 0.0)
        failed = np.zeros(count, dtype=bool) if shape.fails is None else shape.fails(draw, raw, number == 0)
        found[f"m{number}"] = [None if bad else float(v) for v, bad in zip(values, failed, strict=True)]
    return found


def runs_of(results: Results, first_seed: int = 0, **facts: Any) -> list[Run]:
    """Make the runs of a sweep."""
    runs: list[Run] = []
    for model, values in results.items():
        for seed, value in enumerate(values, start=first_seed):
            params, number = {"model": model, "seed": seed}, len(runs) + 100_000 * first_seed
            if value is None:
                runs.append(make_run(number, params, {}, status="failed", **facts))
            else:
                runs.append(make_run(number, params, {"accuracy": value}, **facts))
    return runs


def report(runs: list[Run], shape: Shape, *, baseline: bool = True) -> Findings:
    """Analyse a sweep by the whole path that a report takes."""
    goal = "maximize" if shape.goal == "maximize" else "minimize"
    metric = MetricConfig("accuracy", goal=goal, primary=True, unit="")  # type: ignore[arg-type]
    against = {"model": "m0"} if baseline else None
    compare = CompareConfig(baseline=against, importance=False, **shape.compare)
    return analyse(make_runset(runs), Config(metrics={"accuracy": metric}, compare=compare))


def claims_a_gain(findings: Findings) -> bool:
    """Tell whether a report says of anything that it is better."""
    return any(entry.verdict in ("better", "too_small") for entry in findings.comparisons)
