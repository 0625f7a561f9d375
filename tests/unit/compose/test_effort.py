"""Time and money are totals over all runs; what was gained has a price only after a yes."""

from __future__ import annotations

from typing import Any

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config.settings import CompareConfig, Config, CostConfig
from reportgen.findings import Findings
from tests.fakes.runsets import START, make_run, make_runset

COST = CostConfig("EUR", {"gpu": 6.0, "cpu": 1.2}, "2026-11-01")


def told(gain: float, machine: str = "gpu", audience: Any = "team") -> tuple[Findings, str]:
    """Three runs of two set-ups, a failed run, and one whose time is not known; ten minutes each."""
    runs = [
        make_run(
            place,
            {"model": model, "seed": seed},
            {"accuracy": 0.8 + (gain if model == "new" else 0.0) + seed / 100},
            tags={"machine": machine if model == "new" else "gpu"},
            env={"host": "node-17"},
        )
        for place, (model, seed) in enumerate((m, s) for m in ("old", "new") for s in range(3))
    ]
    runs.append(make_run(6, {"model": "old", "seed": 3}, {}, status="failed", tags={"machine": "gpu"}))
    runs.append(make_run(7, {"model": "old", "seed": 4}, {}, status="failed", duration_s=None))
    config = Config(compare=CompareConfig(baseline={"model": "old"}), cost=COST, audience=audience)
    findings = analyse(make_runset(runs), config)
    report = compose(findings, config, built_at=START, version="1")
    return findings, "\n".join(s.text for s in report.sentences()).replace("\N{NO-BREAK SPACE}", " ")


def test_a_total_that_misses_runs_says_at_least_and_of_how_many() -> None:
    findings, said = told(0.1)
    assert findings.effort.total_s == 7 * 600
    assert "All runs together took at least 70 minutes (1 of 8 runs not metered)." in said
    assert "They cost at least 7.00 EUR." in said
    assert "Prices are those of 2026-11-01." in said


def test_failures_are_paid_for_by_the_results() -> None:
    effort = told(0.1)[0].effort
    assert effort.per_usable_s == 700.0
    assert effort.cost_per_usable == 7.0 / 6
    assert (effort.least_s, effort.most_s) == (600.0, 600.0)


def test_a_gain_has_a_price_only_once_it_is_shown() -> None:
    findings, said = told(0.1)
    assert findings.effort.cost_per_gain is not None
    assert abs(findings.effort.cost_per_gain - 7.0 / 10) < 1e-9
    assert "Each percentage point gained by new cost 0.70 EUR to find" in said
    nothing, unsaid = told(0.001)
    assert (nothing.effort.cost_per_gain, nothing.effort.gained_by) == (None, None)
    assert "to find" not in unsaid


def test_times_of_several_machines_are_not_compared() -> None:
    assert "Times are not compared" not in told(0.1)[1]
    findings, said = told(0.1, "cpu")
    assert findings.effort.machines == (("gpu", 4), ("cpu", 3))
    assert "Times are not compared, for the runs were made on different machines." in said


def test_the_public_is_not_told_machines() -> None:
    runs = [
        make_run(i, {"model": "a", "seed": i}, {"accuracy": 0.5 + i / 10}, env={"host": f"node-{i % 2}"})
        for i in range(4)
    ]
    config = Config(audience="public")
    report = compose(analyse(make_runset(runs), config), config, built_at=START, version="1")
    assert [entry["runs"] for entry in report.numbers["effort"]["machines"]] == [2, 2]
    assert "node-" not in str(report)
