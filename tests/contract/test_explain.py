"""The library calls that `reportgen explain` prints give the numbers of the report."""

from __future__ import annotations

import json
import math
import random
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config import CompareConfig, Config, CostConfig, MetricConfig
from reportgen.explain import Explanation, Tree, explain_number, numeric_pointers
from reportgen.runs import Run
from tests.conftest import BuiltSample
from tests.fakes.runsets import START, make_run, make_runset

_ROUGH = re.compile(r"/luck/(expected|line|share)$")
"""Made by a quadrature that is good to a millionth of a standard error."""


def run_code(explanation: Explanation) -> float:
    """Do what a person would: paste the lines into Python."""
    names: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # samples whose repeats are nearly the same
        exec("\n".join(explanation.recipe.code), names)  # noqa: S102 - this is what the lines are for
    return float(names["result"])


def check(tree: Tree, pointers: Iterator[str]) -> set[str]:
    """Run all lines; give the kinds of pointers that have some."""
    kinds = set()
    for pointer in pointers:
        explanation = explain_number(tree, pointer)
        assert explanation.recipe.what, pointer
        if explanation.recipe.code:
            made, tolerance = run_code(explanation), 1e-5 if _ROUGH.search(pointer) else 1e-8
            assert math.isclose(made, explanation.value, rel_tol=tolerance, abs_tol=1e-12), (pointer, made)
            kinds.add(re.sub(r"/\d+", "/#", pointer))
    return kinds


def wanted(numbers: Mapping[str, Any]) -> Iterator[str]:
    """All numbers but the curves' points, the runs' own, and most of the pairs."""
    for pointer in numeric_pointers(numbers):
        parts = pointer.split("/")
        repeated = parts[1] == "configurations" and parts[3] == "comparison"  # as under /comparisons
        if (
            not repeated
            and not pointer.startswith(("/rows/", "/document/"))
            and not re.match(r"/curves/\d+/(points|last)/", pointer)
            and (not pointer.startswith("/pairs/") or int(parts[2]) % 101 == 0)
        ):
            yield pointer


def test_every_call_of_a_sample_gives_its_number(built_sample: BuiltSample) -> None:
    numbers = json.loads(built_sample.files["json"].read_text("utf-8"))
    kinds = check(Tree(numbers), wanted(numbers))
    assert len(kinds) > 50
    if numbers["curves"]:
        assert {
            "/curves/#/gained",
            "/curves/#/pace/step",
            "/curves/#/pace/near",
            "/course/ends_apart",
        } <= kinds


def spread(middle: float, size: float, count: int, seed: int) -> list[float]:
    source = random.Random(seed)  # noqa: S311 - repeatable test values, no secret
    return [source.gauss(middle, size) for _ in range(count)]


def sweep() -> tuple[list[Run], Config]:
    """Unequal numbers of runs, failures, a search that is confirmed, limits, prices, a metric with a true zero."""
    runs: list[Run] = []

    def add(model: str, values: list[float], **facts: Any) -> None:
        for seed, value in enumerate(values):
            metrics = {"accuracy": value, "latency_ms": 20 + 30 * value + seed % 3}
            runs.append(make_run(len(runs), {"model": model, "seed": seed}, metrics, **facts))

    add("old", spread(0.80, 0.01, 7, 1))
    for place, (middle, count) in enumerate(((0.81, 3), (0.805, 4), (0.83, 5), (0.86, 3), (0.70, 6))):
        add(f"new-{place}", spread(middle, 0.012, count, place + 2))
    runs += [
        make_run(len(runs) + k, {"model": "new-1", "seed": 9 + k}, {}, status="failed") for k in range(2)
    ]
    add("picked", spread(0.88, 0.01, 3, 20))
    add("picked", spread(0.85, 0.01, 5, 21), tags={"purpose": "confirmation"})
    metrics = {
        "accuracy": MetricConfig("accuracy", goal="maximize", primary=True, smallest_difference=0.01),
        "latency_ms": MetricConfig("latency_ms", limit=46.0),
    }
    cost = CostConfig("EUR", {"default": 1.8})
    return runs, Config(metrics=metrics, compare=CompareConfig(baseline={"model": "old"}), cost=cost)


def paired() -> tuple[list[Run], Config]:
    """Runs that share their split by the seed; low is good."""
    runs: list[Run] = []
    for place, model in enumerate(("old", "new", "newer")):
        for seed, split in enumerate(spread(0.5, 0.1, 7, 3)):
            loss = split * (1 - place / 12) + spread(0, 0.01, 1, seed + 50 * place)[0]
            runs.append(make_run(len(runs), {"model": model, "seed": seed}, {"val_loss": loss}))
    compare = CompareConfig(baseline={"model": "old"}, paired=True)
    return runs, Config(
        metrics={"val_loss": MetricConfig("val_loss", goal="minimize", primary=True)}, compare=compare
    )


def tasks() -> tuple[list[Run], Config]:
    runs: list[Run] = []
    for place, model in enumerate(("old", "new", "newest")):
        for number in range(7):
            for seed in range(2):
                value = 0.5 + number / 20 + place / 40 + spread(0, 0.02, 1, 31 * number + 7 * place + seed)[0]
                params = {"model": model, "task": f"t{number}", "seed": seed}
                runs.append(make_run(len(runs), params, {"accuracy": value}))
    return runs, Config(compare=CompareConfig(baseline={"model": "old"}, task="task"))


def weeks() -> tuple[list[Run], Config]:
    """One set-up over ten weeks, and single runs that tell their test items."""
    runs = [
        make_run(week, {"model": "old", "seed": week}, {"test_accuracy": value, "n_test": 500.0}, started=START + timedelta(weeks=week))
        for week, value in enumerate(spread(0.8, 0.02, 10, 8))
    ]  # fmt: skip
    for place in range(4):
        metrics = {"test_accuracy": 0.7 + place / 50, "n_test": 500.0}
        runs.append(make_run(20 + place, {"model": f"single-{place}", "seed": 0}, metrics))
    return runs, Config(compare=CompareConfig(baseline={"model": "old"}))


CASES: Mapping[str, Callable[[], tuple[list[Run], Config]]] = {
    "sweep": sweep,
    "paired": paired,
    "tasks": tasks,
    "weeks": weeks,
}


@cache
def tree_of(case: str) -> Tree:
    runs, config = CASES[case]()
    findings = analyse(make_runset(runs), config)
    numbers = compose(findings, config, built_at=START + timedelta(weeks=30), version="0").numbers
    return Tree(json.loads(json.dumps(numbers)))


MUST_RUN = {
    "sweep": (
        "/configurations/#/mean", "/configurations/#/interval/#", "/configurations/#/spread", "/configurations/#/rank",
        "/configurations/#/shrunken", "/configurations/#/success_interval/#", "/configurations/#/search_mean",
        "/configurations/#/metrics/latency_ms/mean", "/comparisons/#/difference", "/comparisons/#/relative",
        "/comparisons/#/interval/#", "/comparisons/#/p_value", "/comparisons/#/p_adjusted", "/comparisons/#/level",
        "/comparisons/#/n_needed", "/comparisons/#/equivalence_interval/#", "/comparisons/#/beats",
        "/comparisons/#/beats_with_failures", "/pairs/#/ratio", "/pairs/#/ratio_interval/#", "/pairs/#/change",
        "/guard_rails/#/bound", "/luck/expected", "/luck/line", "/luck/spread", "/luck/average", "/luck/lead",
        "/runs/total", "/runs/usable", "/runs/by_status/failed", "/counts/better", "/effort/total_s",
        "/effort/total_cost", "/effort/cost_per_usable", "/effort/hours", "/trade_off/quality_gap",
    ),
    "paired": (
        "/comparisons/#/pairs", "/comparisons/#/p_value", "/comparisons/#/interval/#", "/comparisons/#/difference",
        "/comparisons/#/ratio", "/comparisons/#/ratio_interval/#", "/comparisons/#/beats",
    ),
    "tasks": (
        "/tasks/chi_square", "/tasks/f_statistic", "/tasks/p_value", "/tasks/standings/#/mean_rank",
        "/tasks/standings/#/p_value", "/tasks/standings/#/p_adjusted", "/tasks/standings/#/wins",
    ),
    "weeks": (
        "/trend/center", "/trend/low", "/trend/slope", "/trend/slope_interval/#", "/trend/tau", "/trend/p_value",
        "/configurations/#/items_interval/#",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_calls_of_every_method_give_their_numbers(case: str) -> None:
    tree = tree_of(case)
    pointers = [p for p in numeric_pointers(tree.numbers) if not p.startswith(("/rows/", "/curves/"))]
    kinds = check(tree, iter(pointers))
    assert [kind for kind in MUST_RUN[case] if kind not in kinds] == []


def test_the_runs_that_went_in_are_named_with_their_numbers() -> None:
    tree = tree_of("sweep")
    (given,) = explain_number(tree, "/configurations/0/mean").recipe.given
    rows = {row["id"]: row["values"].get("accuracy") for row in tree.numbers["rows"]}
    assert given.runs
    assert all(rows[run] == value for run, value in given.runs)
    assert given.values == tree.numbers["configurations"][0]["values"]


def test_a_verdict_tells_its_rule() -> None:
    tree = tree_of("sweep")
    place = next(i for i, c in enumerate(tree.numbers["comparisons"]) if c["verdict"] == "better")
    rule = explain_number(tree, f"/comparisons/{place}/verdict").recipe.rule
    assert "is below 0.05" in rule
    assert "gain" in rule


def test_what_is_not_stated_says_so() -> None:
    tree = tree_of("sweep")
    place = next(i for i, c in enumerate(tree.numbers["configurations"]) if c["baseline"])
    explanation = explain_number(tree, f"/configurations/{place}/shrunken")
    assert explanation.value is None
    assert "not stated" in explanation.recipe.what


def test_the_forest_that_is_printed_predicts_what_the_report_says() -> None:
    """With so many settings that a tree looks at a third of them."""
    import numpy as np
    import sklearn.ensemble

    settings = np.random.default_rng(1).uniform(1.0, 2.0, (140, 13))
    means = 0.2 * settings[:, 0] + 0.1 * settings[:, 1]
    runs = [
        make_run(
            number, {f"x{place:02}": float(value) for place, value in enumerate(row)}, {"accuracy": mean}
        )
        for number, (row, mean) in enumerate(zip(settings, means.tolist(), strict=True))
    ]
    tree = Tree(compose(analyse(make_runset(runs), Config()), Config(), built_at=START, version="1").numbers)
    explanation = explain_number(tree, "/importance/predicted")
    words = explanation.recipe.formula.split(";")[0]
    names = {"sklearn": sklearn, "settings": settings, "means": means, "n": 140}
    forest = eval(words, names)  # noqa: S307 - this is what the line is for
    # the order of the rows, and rounding, decide between splits that are nearly as good
    assert math.isclose(forest.oob_score_, explanation.value, abs_tol=0.01)
