"""One run and a known number of test items: Wilson's range, from the items alone."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.analyse import analyse
from reportgen.config.settings import Config, MetricConfig
from reportgen.findings import Configuration
from tests.fakes.runsets import make_run, make_runset


def configuration(metrics: dict[str, float], said: MetricConfig, **facts: Any) -> Configuration:
    params = facts.pop("params", {})
    runs = [make_run(0, {"model": "a", **params}, metrics, **facts)]
    return analyse(make_runset(runs), Config(metrics={said.name: said})).configurations[0]


TEST = MetricConfig("test_accuracy", primary=True)


def test_items_logged_as_a_metric_give_the_interval_of_newcombe() -> None:
    found = configuration({"test_accuracy": 81 / 263, "n_test": 263}, TEST)
    assert found.test_items == 263
    assert found.items_interval == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert found.interval is None


@pytest.mark.parametrize(
    "facts",
    [
        {"params": {"n_test": 263}},
        {"data": {"digits": {"rows": 263, "split": "test"}}},
        {"data": {"test": {"rows": 263}, "train": {"rows": 999, "split": "train"}}},
    ],
    ids=["a parameter", "a data set of the split", "a data set named like the split"],
)
def test_items_are_found(facts: dict[str, Any]) -> None:
    assert configuration({"test_accuracy": 81 / 263}, TEST, **facts).test_items == 263


def test_items_may_be_configured() -> None:
    said = MetricConfig("test_precision", primary=True, test_items=263)
    assert configuration({"test_precision": 0.5}, said).test_items == 263


@pytest.mark.parametrize(
    ("metric", "facts"),
    [
        ("val_accuracy", {"data": {"digits": {"rows": 263, "split": "test"}}}),
        ("test_precision", {"params": {"n_test": 263}}),
        ("test_balanced_accuracy", {"params": {"n_test": 263}}),
        ("test_loss", {"params": {"n_test": 263}}),
        ("test_accuracy", {"params": {"n_test": 26.5}}),
        ("test_accuracy", {"params": {"n_test": float("inf")}}),
        ("test_accuracy", {"data": {"x": {"rows": 5, "split": "test"}, "y": {"rows": 6, "split": "test"}}}),
        ("test_accuracy", {}),
    ],
    ids=[
        "other split",
        "precision",
        "balanced",
        "loss",
        "no whole number",
        "infinite",
        "two test sets",
        "unknown",
    ],
)
def test_no_range_is_made_up(metric: str, facts: dict[str, Any]) -> None:
    found = configuration({metric: 0.5}, MetricConfig(metric, primary=True), **facts)
    assert (found.test_items, found.items_interval) == (None, None)


def test_two_runs_have_none_for_items_are_not_all_that_varies() -> None:
    runs = [make_run(i, {"model": "a", "seed": i}, {"test_accuracy": 0.5, "n_test": 263}) for i in range(2)]
    found = analyse(make_runset(runs), Config(metrics={"test_accuracy": TEST})).configurations[0]
    assert found.items_interval is None


def test_three_results_of_three_runs_are_compatible_with_a_chance_of_44_percent() -> None:
    runs = [make_run(i, {"model": "a", "seed": i}, {"test_accuracy": 0.5}) for i in range(3)]
    found = analyse(make_runset(runs), Config(metrics={"test_accuracy": TEST}))
    assert found.runs.success_interval == pytest.approx((0.44, 1.0), abs=0.002)
    assert found.configurations[0].success_interval == found.runs.success_interval
