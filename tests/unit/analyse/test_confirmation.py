"""Fresh runs of what a search has picked: from five on, they alone speak for it."""

from __future__ import annotations

import numpy as np

from reportgen.analyse import analyse
from reportgen.config.settings import CompareConfig, Config, MetricConfig
from reportgen.findings import Comparison, Configuration, Findings
from reportgen.runs import Run, Status
from tests.fakes.runsets import make_run, make_runset

SEARCH = {
    "base": [0.900, 0.901, 0.899, 0.902, 0.898],
    "lucky": [0.930, 0.931, 0.929],
    "other": [0.900, 0.90, 0.901],
}


def runs(fresh: dict[str, list[float | None]], model_of_all: str = "") -> list[Run]:
    found = [
        make_run(10 * place + seed, {"model": model, "seed": seed}, {"accuracy": value})
        for place, (model, values) in enumerate(SEARCH.items())
        for seed, value in enumerate(values)
    ]
    for place, (model, results) in enumerate(fresh.items()):
        for seed, result in enumerate(results):
            status: Status = "failed" if result is None else "finished"
            metrics = {} if result is None else {"accuracy": result}
            params = {"model": model, "seed": 100 + seed}
            number = 1000 + 10 * place + seed
            found.append(make_run(number, params, metrics, status=status, tags={"purpose": "confirmation"}))
    return found


def findings_of(fresh: dict[str, list[float | None]]) -> Findings:
    config = Config(
        metrics={"accuracy": MetricConfig("accuracy", primary=True)},
        compare=CompareConfig(baseline={"model": "base"}, importance=False),
    )
    return analyse(make_runset(runs(fresh)), config)


def entry(findings: Findings, label: str) -> tuple[Configuration, Comparison]:
    configuration = next(c for c in findings.configurations if c.label == label)
    return configuration, next(c for c in findings.comparisons if c.key == configuration.key)


def test_five_fresh_runs_decide_alone_and_for_one_comparison() -> None:
    values: list[float | None] = [0.912, 0.914, 0.911, 0.913, 0.915]
    configuration, comparison = entry(findings_of({"lucky": values}), "lucky")
    assert configuration.values == tuple(values)
    assert (configuration.n, configuration.set_aside, configuration.started) == (5, 3, 8)
    assert configuration.search_mean == np.mean(SEARCH["lucky"])
    assert configuration.shrunken is None
    assert (comparison.verdict, comparison.sureness, comparison.family) == ("better", "confirmed", 1)
    assert comparison.p_adjusted == comparison.p_value
    assert comparison.level == 0.95


def test_fresh_runs_that_do_not_show_the_gain_take_it_back() -> None:
    _, comparison = entry(findings_of({"lucky": [0.90, 0.92, 0.88, 0.91, 0.89]}), "lucky")
    assert (comparison.verdict, comparison.sureness) == ("not_settled", "not_settled")


def test_the_rest_of_the_search_is_still_corrected_for_all_that_were_tried() -> None:
    values: list[float | None] = [0.912, 0.914, 0.911, 0.913, 0.915]
    _, comparison = entry(findings_of({"lucky": values}), "other")
    assert comparison.family == 2
    assert comparison.sureness != "confirmed"


def test_four_fresh_runs_count_like_any_other_and_the_report_says_so() -> None:
    findings = findings_of({"lucky": [0.912, 0.914, 0.911, 0.913]})
    configuration, comparison = entry(findings, "lucky")
    assert (configuration.n, configuration.set_aside, configuration.search_mean) == (7, 0, None)
    assert (comparison.family, comparison.sureness) == (2, "in_the_search_runs")
    assert any("fresh" in text for _, text in findings.quality.warnings)


def test_a_failed_fresh_run_is_none_of_the_five() -> None:
    configuration, _ = entry(findings_of({"lucky": [0.912, 0.914, 0.911, 0.913, None]}), "lucky")
    assert (configuration.n, configuration.failed) == (7, 1)


def test_failures_of_the_search_do_not_count_against_the_fresh_runs() -> None:
    values: list[float | None] = [0.912, 0.914, 0.911, 0.913, 0.915]
    made = runs({"lucky": values})
    made += [make_run(500 + i, {"model": "lucky", "seed": 50 + i}, {}, status="failed") for i in range(4)]
    config = Config(
        metrics={"accuracy": MetricConfig("accuracy", primary=True)},
        compare=CompareConfig(baseline={"model": "base"}, importance=False),
    )
    configuration, comparison = entry(analyse(make_runset(made), config), "lucky")
    assert configuration.failed == 4
    assert comparison.verdict == "better"


def test_fresh_runs_of_the_baseline_join_the_others() -> None:
    findings = findings_of({"base": [0.90, 0.901, 0.899, 0.90, 0.90]})
    assert findings.baseline is not None
    assert (findings.baseline.n, findings.baseline.set_aside) == (10, 0)


def test_the_counts_still_add_up_and_no_run_is_lost() -> None:
    findings = findings_of({"lucky": [0.912, 0.914, 0.911, 0.913, 0.915]})
    assert findings.runs.usable == findings.runs.total == 16
    assert findings.runs.set_aside == 3
    assert sum(c.n + c.set_aside for c in findings.configurations) == 16
