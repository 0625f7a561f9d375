"""The whole path from runs to findings against plain calls of scipy on the same numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reportgen.analyse import analyse
from reportgen.config.settings import CompareConfig, Config, MetricConfig
from reportgen.findings import Findings
from tests.fakes.runsets import sweep


def random_results(seed: int) -> dict[str, list[float]]:
    draw = np.random.default_rng(seed)
    return {
        f"m{k}": (
            draw.normal(0.5 + 0.1 * draw.random(), 0.01 + 0.04 * draw.random(), draw.integers(3, 9))
        ).tolist()
        for k in range(8)
    }


def equal_numbers(seed: int) -> dict[str, list[float]]:
    """Five runs each, with true gaps of none to many standard deviations."""
    draw = np.random.default_rng(100 + seed)
    return {f"m{k}": draw.normal(0.5 + 0.02 * k, 0.01 + 0.02 * draw.random(), 5).tolist() for k in range(8)}


def findings_of(results: dict[str, list[float]], delta: float | None = None) -> Findings:
    metric = MetricConfig("accuracy", smallest_difference=delta, primary=True)
    config = Config(metrics={"accuracy": metric}, compare=CompareConfig(baseline={"model": "m0"}))
    return analyse(sweep(results), config)


@pytest.mark.parametrize("seed", range(5))
def test_means_and_intervals(seed: int) -> None:
    results = random_results(seed)
    for configuration in findings_of(results).configurations:
        values = results[configuration.label]
        assert configuration.values == tuple(values)
        assert configuration.mean == pytest.approx(np.mean(values), rel=1e-12)
        assert configuration.spread == pytest.approx(np.std(values, ddof=1), rel=1e-12)
        wanted = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
        assert configuration.interval == pytest.approx(wanted, rel=1e-9)
        assert configuration.interval_method == "t"
        assert 0 < wanted[0] < wanted[1] < 1


@pytest.mark.parametrize("seed", range(5))
def test_comparisons_with_the_baseline(seed: int) -> None:
    """Welch by scipy; Holm step by step as its inventor describes it, written out here a second time."""
    results = equal_numbers(seed)
    findings = findings_of(results)
    tests = {
        name: stats.ttest_ind(values, results["m0"], equal_var=False)
        for name, values in results.items()
        if name != "m0"
    }
    in_order = sorted(tests, key=lambda name: tests[name].pvalue)
    rejected, levels, failed_level = set(), {}, None
    for step, name in enumerate(in_order):
        alpha = 0.05 / (len(in_order) - step)
        if failed_level is None and tests[name].pvalue < alpha:
            rejected.add(name)
            levels[name] = 1 - alpha
        else:
            failed_level = failed_level or 1 - alpha
            levels[name] = failed_level
    labels = {c.key: c.label for c in findings.configurations}
    assert len(findings.comparisons) == len(tests)
    for entry in findings.comparisons:
        name = labels[entry.key]
        wanted = tests[name]
        interval = wanted.confidence_interval(levels[name])
        assert entry.p_value == pytest.approx(wanted.pvalue, rel=1e-9)
        assert entry.level == pytest.approx(levels[name])
        assert entry.interval == pytest.approx((interval.low, interval.high), rel=1e-8)
        assert entry.difference == pytest.approx(np.mean(results[name]) - np.mean(results["m0"]))
        assert entry.family == len(tests)
        assert entry.p_adjusted is not None
        assert (entry.p_adjusted < 0.05) == (name in rejected)
        assert (name in rejected) == (not interval.low <= 0 <= interval.high)
        assert entry.verdict == (
            "not_settled" if name not in rejected else "better" if wanted.statistic > 0 else "worse"
        )


@pytest.mark.parametrize("seed", range(5))
def test_with_unequal_numbers_of_runs_the_degrees_of_freedom_are_limited(seed: int) -> None:
    results = random_results(seed)
    findings = findings_of(results)
    labels = {c.key: c.label for c in findings.configurations}
    limited = 0
    for entry in findings.comparisons:
        values, reference = results[labels[entry.key]], results["m0"]
        wanted = stats.ttest_ind(values, reference, equal_var=False)
        fewer, more = sorted((len(values), len(reference)))
        df = min(wanted.df, (fewer - 1) * (1 + (fewer / more) ** 0.5))
        limited += df < wanted.df
        assert entry.p_value == pytest.approx(2 * stats.t.sf(abs(wanted.statistic), df), rel=1e-9)
        assert entry.p_value is not None
        assert entry.p_value >= float(wanted.pvalue) * (1 - 1e-12)
    assert limited or seed


def test_a_guard_rail_is_the_one_sided_bound_of_scipy() -> None:
    results = random_results(11)
    limit = 0.55
    metric = MetricConfig("accuracy", limit=limit, primary=True)
    findings = analyse(sweep(results), Config(metrics={"accuracy": metric}))
    labels = {c.key: c.label for c in findings.configurations}
    states = set()
    for rail in findings.guard_rails:
        values = results[labels[rail.key]]
        lower = stats.ttest_1samp(values, 0.0, alternative="greater").confidence_interval(0.95).low
        upper = stats.ttest_1samp(values, 0.0, alternative="less").confidence_interval(0.95).high
        assert rail.bound == pytest.approx(lower)
        assert rail.state == ("kept" if lower >= limit else "broken" if upper < limit else "not_shown")
        states.add(rail.state)
    assert len(states) > 1
