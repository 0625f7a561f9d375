"""The luck line, means drawn together, and runs far from the other repeats."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.analyse import analyse
from reportgen.config.settings import CompareConfig, Config, MetricConfig
from reportgen.findings import Findings
from tests.fakes.runsets import sweep


def findings_of(
    results: dict[str, list[float]], goal: str = "maximize", baseline: str | None = "m0"
) -> Findings:
    metric = MetricConfig("score", goal="maximize" if goal == "maximize" else "minimize", primary=True)
    against = None if baseline is None else {"model": baseline}
    config = Config(metrics={"score": metric}, compare=CompareConfig(baseline=against, importance=False))
    return analyse(sweep(results, "score"), config)


def equals(count: int, repeats: int, seed: int = 1) -> dict[str, list[float]]:
    draw = np.random.default_rng(seed)
    return {f"m{k}": draw.normal(50, 1, repeats).tolist() for k in range(count)}


def test_the_line_is_the_pooled_spread_times_the_mean_of_the_largest_over_root_n() -> None:
    results = equals(11, 5)
    luck = findings_of(results).luck
    assert luck is not None
    pooled = np.sqrt(np.mean([np.var(values, ddof=1) for values in results.values()]))
    assert (luck.tried, luck.source) == (10, "repeats")
    assert luck.expected == pytest.approx(1.53875 * pooled / np.sqrt(5), rel=1e-5)
    average = np.mean([np.mean(values) for name, values in results.items() if name != "m0"])
    assert luck.average == pytest.approx(average)
    assert luck.line == pytest.approx(average + luck.expected)


def test_turning_the_direction_turns_the_line() -> None:
    up, down = findings_of(equals(11, 5)).luck, findings_of(equals(11, 5), "minimize").luck
    assert up is not None
    assert down is not None
    assert up.line + down.line == pytest.approx(2 * up.average)
    assert up.key != down.key
    assert min(up.lead, down.lead) > 0


def test_single_runs_borrow_the_spread_of_the_baseline_for_the_line_only() -> None:
    results = equals(20, 1) | {"m0": [50.0, 51.0, 49.0, 50.5, 49.5]}
    findings = findings_of(results)
    assert findings.luck is not None
    assert findings.luck.source == "baseline"
    assert findings.luck.spread == pytest.approx(np.std(results["m0"], ddof=1))
    assert all(c.shrunken is None for c in findings.configurations)
    assert all(c.verdict == "not_settled" for c in findings.comparisons)


@pytest.mark.parametrize(
    "results",
    [equals(20, 1), equals(2, 9), {f"m{k}": [float(k)] * 5 for k in range(6)}],
    ids=["no repeats", "one candidate", "no variation"],
)
def test_nothing_is_said_where_luck_cannot_be_judged(results: dict[str, list[float]]) -> None:
    findings = findings_of(results)
    assert findings.luck is None
    assert all(c.shrunken is None for c in findings.configurations)


def test_equals_are_drawn_nearly_together_and_real_differences_are_left() -> None:
    found = findings_of(equals(41, 3))
    shrunken = [c.shrunken for c in found.configurations if c.shrunken is not None]
    assert len(shrunken) == 40
    assert np.std(shrunken) < 0.3 * np.std([c.mean or 0.0 for c in found.configurations if not c.baseline])
    apart = findings_of({f"m{k}": [10.0 * k, 10.0 * k + 0.1, 10.0 * k - 0.1] for k in range(6)})
    for c in apart.configurations:
        if not c.baseline:
            assert c.shrunken == pytest.approx(c.mean, abs=0.01)


def test_a_collapse_is_named_and_counted_and_never_left_out() -> None:
    results = {"m0": [0.90, 0.91, 0.89, 0.90, 0.905], "m1": [0.90, 0.91, 0.52, 0.905, 0.895]}
    findings = findings_of(results)
    assert len(findings.collapses) == 1
    collapse = findings.collapses[0]
    assert (collapse.value, collapse.side, collapse.others) == (0.52, "worse", 4)
    assert collapse.others_mean == pytest.approx(np.mean([0.90, 0.91, 0.905, 0.895]))
    other = next(c for c in findings.configurations if c.label == "m1")
    assert collapse.run_id in other.run_ids
    assert other.n == 5
    assert findings_of(results, "minimize").collapses[0].side == "better"


def test_healthy_runs_are_hardly_ever_called_far_off() -> None:
    flagged = sum(bool(findings_of(equals(10, 5, seed)).collapses) for seed in range(60))
    assert flagged <= 6
