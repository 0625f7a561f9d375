"""Which settings mattered: stated where results follow from settings, refused in words where not."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config.settings import CompareConfig, Config
from reportgen.findings import Importance
from reportgen.runs import Run
from tests.fakes.runsets import START, make_run, make_runset

Settings = Mapping[str, Any]


@pytest.fixture(autouse=True, scope="module")
def scikit_learn() -> None:
    """Load it, so that forests grow in this process and no other one is started for each."""
    import sklearn  # noqa: F401 - loaded


def runs_of(settings: Sequence[Settings], result: Callable[[Settings], float], seeds: int = 2) -> list[Run]:
    """One run a setting and seed; the result may draw noise of its own."""
    runs: list[Run] = []
    for chosen in settings:
        for seed in range(seeds):
            runs.append(make_run(len(runs), {**chosen, "seed": seed}, {"accuracy": result(chosen)}))
    return runs


def importance_of(settings: Sequence[Settings], result: Callable[[Settings], float]) -> Importance:
    return analyse(make_runset(runs_of(settings, result)), Config()).importance


def words_of(runs: list[Run], config: Config | None = None) -> str:
    config = config or Config()
    report = compose(analyse(make_runset(runs), config), config, built_at=START, version="1")
    return "\n".join(s.text for s in report.sentences()).replace("\N{NO-BREAK SPACE}", " ")


def random_settings(count: int, seed: int = 1) -> list[Settings]:
    draw = np.random.default_rng(seed)
    return [
        {
            "lr": float(10 ** draw.uniform(-4, -1)),
            "depth": int(draw.integers(2, 9)),
            "model": str(draw.choice(["mlp", "forest", "knn"])),
        }
        for _ in range(count)
    ]


def test_the_setting_that_decides_is_first_on_random_settings() -> None:
    noise = np.random.default_rng(2)
    found = importance_of(
        random_settings(60), lambda s: 0.8 + 0.05 * np.log10(s["lr"]) + noise.normal(0, 0.005)
    )
    assert (found.stated, found.method, found.reason) == (True, "random forest", None)
    first = found.parameters[0]
    assert first.name == "lr"
    assert first.share > 0.7
    assert first.interval is not None
    assert first.interval[0] <= first.share <= first.interval[1]
    assert first.low is not None
    assert first.high is not None
    assert 1e-4 <= first.low < first.high <= 0.1
    assert sum(parameter.share for parameter in found.parameters) == pytest.approx(found.predicted, abs=1e-6)


def test_a_text_setting_counts_as_one_whatever_the_number_of_its_values() -> None:
    noise, worth = np.random.default_rng(3), {"mlp": 0.9, "forest": 0.8, "knn": 0.6}
    found = importance_of(random_settings(60), lambda s: worth[s["model"]] + noise.normal(0, 0.01))
    assert found.parameters[0].name == "model"
    assert {parameter.name for parameter in found.parameters} == {"lr", "depth", "model"}
    assert found.parameters[0].low is None


def test_a_full_grid_is_judged_by_sums_of_squares() -> None:
    noise = np.random.default_rng(4)
    found = importance_of(GRID_30, lambda s: 0.5 + 0.02 * s["depth"] + noise.normal(0, 0.005))
    assert (found.stated, found.method, found.parameters[0].name) == (True, "analysis of variance", "depth")


GRID_30: list[Settings] = [
    {"lr": lr, "depth": depth, "norm": norm}
    for lr, depth, norm in itertools.product((0.001, 0.01, 0.1), (2, 4, 6, 8), ("batch", "layer", "none"))
]


def test_settings_that_matter_together_only_are_said_to() -> None:
    noise = np.random.default_rng(5)
    sign = {"batch": 1.0, "layer": 0.0, "none": -1.0}
    place = {0.001: -1.0, 0.01: 0.0, 0.1: 1.0}
    settings = GRID_30

    def result(s: Settings) -> float:
        return 0.5 + 0.1 * sign[s["norm"]] * place[s["lr"]] + 0.02 * place[s["lr"]] + noise.normal(0, 0.005)

    found = importance_of(settings, result)
    assert found.stated
    assert set(found.interactions[0].names) == {"lr", "norm"}
    assert found.interactions[0].share > found.parameters[0].share
    assert "made the most difference, but only in combination" in words_of(runs_of(settings, result))


@pytest.mark.parametrize("count", [24, 40, 80])
def test_noise_is_refused(count: int) -> None:
    noise = np.random.default_rng(count)
    found = importance_of(random_settings(count, seed=count), lambda _: noise.normal(0.8, 0.02))
    assert (found.stated, found.parameters) == (False, ())
    assert found.reason in ("too_few", "not_predictable")


def test_few_set_ups_are_refused_in_the_promised_words() -> None:
    said = words_of(runs_of(random_settings(24), lambda s: 0.8 + 0.01 * s["depth"]))
    expected = (
        "We cannot say which setting mattered: 24 set-ups are too few to predict results from settings."
    )
    assert expected in said


def test_what_decides_is_said_with_the_values_tried() -> None:
    said = words_of(runs_of(random_settings(60), lambda s: 0.5 + 0.05 * s["depth"]))
    assert "depth made the most difference of the 3 settings varied." in said
    assert "depth was tried from 2 to 8." in said


def test_results_that_never_differ_are_no_ground() -> None:
    assert importance_of(random_settings(40), lambda _: 0.9).reason == "no_variation"


def test_settings_that_always_change_together_are_one() -> None:
    settings = [{**s, "width": s["depth"] * 16} for s in random_settings(60)]
    found = importance_of(settings, lambda s: 0.5 + 0.05 * s["depth"])
    assert found.settings == 3
    assert (found.parameters[0].name, found.parameters[0].along) == ("depth", ("width",))


def test_a_setting_of_some_set_ups_only_is_judged_among_those() -> None:
    draw = np.random.default_rng(6)
    trees = [{"model": "forest", "depth": int(d), "lr": 0.0} for d in range(2, 7)]
    mlps = [
        {"model": "mlp", "depth": int(draw.integers(1, 6)), "lr": 0.0, "hidden": int(h)}
        for h in draw.permutation(np.arange(16, 56))
    ]
    settings: list[Settings] = [*trees, *mlps]
    found = importance_of(settings, lambda s: 0.5 + s.get("hidden", 0) / 200 + draw.normal(0, 0.002))
    branch = found.branches[0]
    assert (branch.where, branch.applies) == ((("model", "mlp"),), ("hidden",))
    assert branch.importance.stated
    assert branch.importance.parameters[0].name == "hidden"
    assert "hidden" not in {parameter.name for parameter in found.parameters}


def test_it_can_be_switched_off() -> None:
    runs = make_runset(runs_of(random_settings(60), lambda s: 0.1 * s["depth"]))
    found = analyse(runs, Config(compare=CompareConfig(importance=False))).importance
    assert (found.stated, found.reason) == (False, "off")


def test_the_same_runs_give_the_same_shares() -> None:
    runs = make_runset(runs_of(random_settings(40), lambda s: 0.1 * s["depth"] + s["lr"]))
    assert analyse(runs, Config()).importance == analyse(runs, Config()).importance


def test_more_set_ups_than_the_limit_are_sampled_and_counted() -> None:
    draw = np.random.default_rng(8)
    settings: list[Settings] = [{"a": float(a), "b": float(b)} for a, b in draw.random((2100, 2))]
    found = analyse(make_runset(runs_of(settings, lambda s: s["a"], seeds=1)), Config()).importance
    assert (found.configurations, found.available, found.stated) == (2000, 2100, True)


def test_scikit_learn_is_not_loaded_where_it_is_not_needed() -> None:
    code = (
        "import sys\n"
        "from reportgen.analyse import analyse\n"
        "from reportgen.config.settings import Config\n"
        "from tests.fakes.runsets import sweep\n"
        "analyse(sweep({'a': [0.1, 0.2, 0.3], 'b': [0.2, 0.3, 0.4]}), Config())\n"
        "print('sklearn' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_a_search_found_holds_where_it_looked_and_a_full_grid_needs_no_such_word() -> None:
    caution = "this holds only near what was tried"
    searched = runs_of(random_settings(60), lambda s: 0.8 + 0.05 * math.log10(s["lr"]))
    assert caution in words_of(searched)
    grid = [{"lr": lr, "depth": depth} for lr in (0.1, 0.01, 0.001, 0.0001, 1.0) for depth in (1, 2, 3, 4)]
    told = words_of(runs_of(grid, lambda s: 0.8 + 0.05 * math.log10(s["lr"]) + 0.001 * s["depth"]))
    assert "made the most difference" in told
    assert caution not in told
