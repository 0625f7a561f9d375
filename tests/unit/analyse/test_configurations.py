from __future__ import annotations

from typing import Any

import pytest

from reportgen.analyse import analyse
from reportgen.analyse.configurations import group_runs
from reportgen.analyse.parameters import find_parameters
from reportgen.config.settings import CompareConfig, Config
from reportgen.errors import ConfigError
from reportgen.findings import Findings
from reportgen.runs import Run
from tests.fakes.runsets import make_run, make_runset


def labels(params: list[dict[str, Any]], **compare: Any) -> list[str]:
    runs = tuple(make_run(number, entry) for number, entry in enumerate(params))
    return [group.label for group in group_runs(runs, find_parameters(runs, CompareConfig(**compare), ()))]


def findings(runs: list[Run], **compare: Any) -> Findings:
    return analyse(make_runset(runs), Config(compare=CompareConfig(**compare)))


def test_only_the_seed_may_differ() -> None:
    params = [{"lr": 0.003, "seed": 1}, {"lr": 3e-3, "seed": 2}, {"lr": 0.01, "seed": 1}]
    assert labels(params) == ["lr 0.003", "lr 0.01"]


def test_text_stays_apart_from_numbers_and_absent_from_null() -> None:
    assert len(labels([{"a": "01"}, {"a": 1}, {"a": True}, {"a": None}, {}])) == 5


@pytest.mark.parametrize("name", ["seed", "random_state", "Random-Seed", "trainer.seed", "model/random_seed"])
def test_a_seed_is_found_by_its_name(name: str) -> None:
    runs = tuple(make_run(n, {name: n, "lr": 1}) for n in range(3))
    assert find_parameters(runs, CompareConfig(), ()).seed == name


def test_a_seed_that_varies_goes_before_one_that_does_not_of_the_same_name() -> None:
    runs = tuple(make_run(n, {"data.seed": 0, "seed": n}) for n in range(3))
    assert find_parameters(runs, CompareConfig(), ()).seed == "seed"


def test_folds_are_repeats_also_of_runs_with_one_seed() -> None:
    params = [{"C": c, "fold": fold, "random_state": 0} for c in (0.1, 1.0) for fold in range(3)]
    assert labels(params) == ["C = 0.1", "C = 1"]


def test_the_users_seed_and_by_count() -> None:
    params = [{"fold": n, "lr": 0.1, "note": f"try {n}"} for n in range(3)]
    assert labels(params, seed="fold", by=("lr",)) == ["lr 0.1"]


@pytest.mark.parametrize("compare", [{"seed": "sede"}, {"by": ("sede",)}])
def test_an_unknown_parameter_in_the_configuration_is_refused(compare: dict[str, Any]) -> None:
    runs = [make_run(n, {"seed": n}) for n in range(3)]
    with pytest.raises(ConfigError, match=r"no run has the parameter 'sede'; found 'seed'"):
        findings(runs, **compare)


def test_several_experiments_are_one_more_parameter() -> None:
    found = findings([make_run(0, {"lr": 1}), make_run(1, {"lr": 1}, experiment="other")])
    assert found.varied == ("experiment",)
    assert [c.params for c in found.configurations] == [{"experiment": "digits"}, {"experiment": "other"}]
    assert found.constant == {"lr": 1}


def test_a_parameter_called_experiment_is_kept_apart() -> None:
    found = findings([make_run(0, {"experiment": "x"}), make_run(1, {"experiment": "y"}, experiment="other")])
    assert found.varied == ("experiment of the run", "experiment")


def test_keys_do_not_change_when_other_runs_come() -> None:
    first = [make_run(n, {"lr": 0.1, "hidden": 8, "seed": n}) for n in range(2)]
    more = [*first, make_run(5, {"lr": 0.1, "hidden": 16, "seed": 0}), make_run(6, {"lr": 0.3, "hidden": 8})]
    (alone,) = findings(first).configurations
    assert alone.key in {c.key for c in findings(more).configurations}
    assert alone.label == "digits"


def test_keys_stay_apart_among_very_many() -> None:
    runs = tuple(make_run(n, {"lr": n}) for n in range(8000))
    groups = group_runs(runs, find_parameters(runs, CompareConfig(), ()))
    assert len({group.key for group in groups}) == 8000
    assert max(len(group.key) for group in groups) > len("c-123456")


def test_labels_are_short_human_and_unique() -> None:
    params: list[dict[str, Any]] = [
        {"model": "mlp", "hidden_units": 64, "augment": True},
        {"model": "mlp", "hidden_units": 64, "augment": False},
        {"model": "logreg"},
        {"model": "none", "hidden_units": None},
        {"model": ""},
        {"model": "x" * 90, "hidden_units": 1},
        {"model": "x" * 90, "hidden_units": 2},
        {"model": "a\nb"},
    ]
    found = labels(params)
    assert {
        "mlp (hidden units 64, augment true)",
        "logreg",
        "model none, hidden units none",
        "model empty",
        "a b",
    } <= set(found)
    assert len(set(found)) == len(params)
    assert all(len(label) <= 75 for label in found)


def test_close_numbers_are_written_in_full() -> None:
    assert labels([{"lr": 0.00030001}, {"lr": 0.00030002}, {"lr": 0.5}]) == [
        "lr 0.00030001",
        "lr 0.00030002",
        "lr 0.5",
    ]


def test_conditional_parameters_name_only_what_is_there() -> None:
    params: list[dict[str, Any]] = [
        {"model": "svm", "C": 1.0}, {"model": "svm", "C": 10.0}, {"model": "knn", "k": 3},
        {"model": "forest", "trees": 50, "depth": 4}, {"model": "mlp", "hidden": 8, "rate": 0.1},
    ]  # fmt: skip
    assert labels(params) == [
        "forest (trees 50, depth 4)",
        "knn (k = 3)",
        "mlp (hidden 8, rate 0.1)",
        "svm (C = 1)",
        "svm (C = 10)",
    ]


def test_a_lone_letter_says_which_parameter_it_belongs_to() -> None:
    params = [{"model": "svm", "C": 10, "scanner": "A"}, {"model": "A", "C": 1, "scanner": "B"}]
    assert labels(params) == ["model A, C = 1, scanner B", "svm (C = 10, scanner A)"]


def test_long_texts_are_cut_in_the_middle_so_that_every_parameter_stays_in_the_label() -> None:
    params = [
        {"optimizer": optimizer, "schedule": schedule, "lr": lr}
        for optimizer in ("adamw_with_decoupled_weight_decay", "stochastic_gradient_descent_nesterov")
        for schedule in ("cosine_annealing_with_warm_restarts", "linear_warmup_then_inverse_square_root")
        for lr in (1e-5, 0.01)
    ]
    found = labels(params)
    assert len(set(found)) == len(params)
    assert all(len(label) <= 48 for label in found)
    assert sum("adamw" in label and "cosine" in label for label in found) == 2
    assert [label.rpartition(" (")[2] for label in found] == ["lr 0.01)", "lr 1e\N{MINUS SIGN}05)"] * 4


def test_three_hundred_parameters_do_not_explode_a_label() -> None:
    runs = [
        make_run(n, {f"p{i}": (n if i < 200 else i) for i in range(300)}, {"accuracy": 0.5}, name="same")
        for n in range(6)
    ]
    found = findings(runs)
    assert len(found.varied) == 200
    assert len(found.constant) == 100
    assert [c.label for c in found.configurations] == sorted(c.key for c in found.configurations)


def test_many_parameters_fall_back_to_the_run_name_or_to_what_is_unusual() -> None:
    usual = {f"p{i}": 0 for i in range(5)}
    params = [usual | {f"p{i}": 1} for i in range(5)] + [{f"p{i}": 2 for i in range(5)}]
    runs = tuple(
        make_run(n, {**entry, "seed": s}, name="big one" if entry["p0"] == 2 else "")
        for n, entry in enumerate(params)
        for s in (0, 1)
    )
    found = [group.label for group in group_runs(runs, find_parameters(runs, CompareConfig(), ()))]
    assert found == ["big one", "p0 1", "p1 1", "p2 1", "p3 1", "p4 1"]
