"""Pairs by seed, ratios, failures as the worst of all, runs needed, and a second look."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from reportgen.analyse import analyse
from reportgen.analyse.verdicts import judge
from reportgen.config.settings import CompareConfig, Config, MetricConfig
from reportgen.errors import ConfigError
from reportgen.findings import Comparison, Findings
from tests.fakes.runsets import make_run, make_runset, sweep
from tests.unit.analyse.test_verdicts import CLEAR

Values = dict[str, list[float | None]]


def findings_of(results: Values, metric: str = "score", *, paired: bool = False, **said: object) -> Findings:
    low = metric == "loss" or metric.endswith("_s")
    described = MetricConfig(metric, goal="minimize" if low else "maximize", primary=True, **said)  # type: ignore[arg-type]
    compare = CompareConfig(baseline={"model": "a"}, paired=paired, importance=False)
    return analyse(sweep(results, metric), Config(metrics={metric: described}, compare=compare))


def only(findings: Findings) -> Comparison:
    assert len(findings.comparisons) == 1
    return findings.comparisons[0]


def shared_luck(count: int) -> Values:
    draw = np.random.default_rng(3)
    common = draw.normal(0, 5, count)
    return {
        "a": (50 + common + draw.normal(0, 0.2, count)).tolist(),
        "b": (51 + common + draw.normal(0, 0.2, count)).tolist(),
    }


def test_declared_pairs_are_compared_seed_by_seed() -> None:
    results = shared_luck(6)
    found = only(findings_of(results, paired=True))
    wanted = stats.ttest_rel(results["b"], results["a"])  # type: ignore[arg-type]
    assert found.pairs == 6
    assert found.method.startswith("paired")
    assert found.p_value == pytest.approx(wanted.pvalue, rel=1e-9)
    ends = wanted.confidence_interval(0.95)
    assert found.interval == pytest.approx((ends.low, ends.high), rel=1e-9)
    assert found.verdict == "better"


def test_pairs_are_never_made_undeclared() -> None:
    found = only(findings_of(shared_luck(6)))
    assert found.pairs is None
    assert found.verdict == "not_settled"


def test_four_complete_pairs_are_too_few_and_all_runs_are_compared() -> None:
    results = shared_luck(6)
    results["b"][1] = results["b"][4] = None
    found = only(findings_of(results, paired=True))
    assert found.pairs is None
    assert found.method.startswith("Welch")


def test_pairs_need_a_seed() -> None:
    runs = [make_run(i, {"model": "ab"[i % 2]}, {"score": i}) for i in range(8)]
    config = Config(compare=CompareConfig(paired=True))
    with pytest.raises(ConfigError, match="seed"):
        analyse(make_runset(runs), config)


def test_a_time_is_told_as_a_ratio_too() -> None:
    results: Values = {"a": [250.0, 255.0, 245.0, 251.0], "b": [200.0, 203.0, 198.0, 202.0]}
    found = only(findings_of(results, "fit_s"))
    logs = stats.ttest_ind(np.log(results["b"]), np.log(results["a"]), equal_var=False)  # type: ignore[arg-type]
    ends = logs.confidence_interval(0.95)
    assert found.ratio == pytest.approx(np.exp(np.mean(np.log(results["b"])) - np.mean(np.log(results["a"]))))  # type: ignore[arg-type]
    assert found.ratio_interval == pytest.approx((np.exp(ends.low), np.exp(ends.high)), rel=1e-9)


def test_an_accuracy_and_a_loss_below_zero_have_no_ratio() -> None:
    assert only(findings_of({"a": [0.8, 0.81, 0.82], "b": [0.9, 0.91, 0.92]}, "accuracy")).ratio is None
    assert only(findings_of({"a": [0.8, 0.81, 0.82], "b": [0.1, -0.01, 0.02]}, "loss")).ratio is None
    assert only(findings_of({"a": [0.8, 0.81, 0.82], "b": [0.1, 0.11, 0.12]}, "loss")).ratio is not None


def test_ratio_and_difference_never_disagree_on_a_gap() -> None:
    draw = np.random.default_rng(5)
    told = 0
    for _ in range(40):
        results: Values = {k: np.exp(draw.normal(0.4 * (k == "b"), 0.5, 5)).tolist() for k in "ab"}
        found = only(findings_of(results, "fit_s"))
        assert found.interval is not None
        if found.ratio_interval is not None:
            told += 1
            apart = not found.ratio_interval[0] <= 1 <= found.ratio_interval[1]
            assert apart == (not found.interval[0] <= 0 <= found.interval[1])
    assert told > 20


def test_pairings_count_failures_as_the_worst() -> None:
    results: Values = {"a": [1.0, 2.0, 3.0, 4.0], "b": [5.0, 6.0, 2.0, None]}
    found = only(findings_of(results))
    assert found.beats == pytest.approx((4 + 4 + 1.5) / 12)
    assert found.beats_with_failures == pytest.approx((4 + 4 + 1.5) / 16)


def test_a_gain_among_survivors_is_not_settled_where_failures_turn_it_round() -> None:
    gain = replace(CLEAR, failure_share=0.4, failure_share_reference=0.4)
    assert judge(replace(gain, beats_with_failures=0.45)) == ("not_settled", "failures")
    assert judge(replace(gain, beats_with_failures=0.55)) == ("better", None)
    loss = replace(gain, difference=-0.02, interval=(-0.03, -0.01))
    assert judge(replace(loss, beats_with_failures=0.55)) == ("not_settled", "failures")
    assert judge(replace(loss, beats_with_failures=0.45)) == ("worse", None)


def test_an_unclear_size_tells_the_runs_that_would_settle_it() -> None:
    draw = np.random.default_rng(1)
    results: Values = {"a": draw.normal(50, 0.5, 8).tolist(), "b": draw.normal(51.4, 0.5, 8).tolist()}
    seen = only(findings_of(results)).difference
    assert seen is not None
    found = only(findings_of(results, smallest_difference=seen + 0.3))
    assert (found.verdict, found.reason) == ("not_settled", "size_unclear")
    assert found.n_needed is not None
    assert found.n_needed > 8


def test_a_second_look_is_a_gain_that_holm_leaves_open() -> None:
    draw = np.random.default_rng(2)
    results: Values = {"a": draw.normal(0, 1, 6).tolist()}
    results |= {f"b{k}": draw.normal(3.0, 1, 6).tolist() for k in range(12)}
    results |= {f"c{k}": draw.normal(1.9, 1, 6).tolist() for k in range(12)}
    found = findings_of(results).comparisons
    looked = [entry for entry in found if entry.second_look]
    assert looked
    for entry in looked:
        assert (entry.verdict, entry.reason) == ("not_settled", "noise")
        assert entry.difference is not None
        assert entry.difference > 0


def test_about_the_same_shows_the_range_it_rests_on() -> None:
    draw = np.random.default_rng(4)
    results: Values = {k: draw.normal(50, 0.1, 8).tolist() for k in "ab"}
    found = only(findings_of(results, smallest_difference=1.0))
    assert found.verdict == "about_the_same"
    assert found.equivalence_interval is not None
    assert -1 < found.equivalence_interval[0] < found.equivalence_interval[1] < 1
    assert only(findings_of(results)).equivalence_interval is None
