"""Configurations compared over several tasks: by ranks, or by counting where there are few."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config.settings import CompareConfig, Config
from reportgen.errors import ConfigError
from reportgen.findings import Findings
from reportgen.runs import Run
from tests.fakes.runsets import START, make_run, make_runset

LIFT = {"old": 0.0, "new": 0.05, "bad": -0.05}


def suite(tasks: int, *, skip: tuple[str, str] = ("", ""), as_tag: bool = False) -> list[Run]:
    """Three models on some tasks of very different difficulty, two runs each, every task its own data."""
    draw, runs = np.random.default_rng(1), list[Run]()
    for task in range(tasks):
        for model, lift in LIFT.items():
            for seed in range(2):
                name = f"t{task}"
                if (model, name) == skip:
                    continue
                facts: dict[str, Any] = {"data": {"train": {"version": name}}}
                params: dict[str, Any] = {"model": model, "seed": seed}
                if as_tag:
                    facts["tags"] = {"task": name}
                else:
                    params["task"] = name
                value = 0.3 + 0.05 * task + lift + draw.normal(0, 0.005)
                runs.append(make_run(len(runs), params, {"accuracy": value}, **facts))
    return runs


def judged(runs: list[Run], baseline: Mapping[str, Any] | None = None) -> tuple[Findings, str]:
    config = Config(compare=CompareConfig(task="task", baseline=baseline))
    findings = analyse(make_runset(runs), config)
    report = compose(findings, config, built_at=START, version="1")
    return findings, "\n".join(s.text for s in report.sentences()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("as_tag", [False, True])
def test_the_task_tells_no_configurations_apart(as_tag: bool) -> None:
    found, _ = judged(suite(6, as_tag=as_tag), {"model": "old"})
    assert {c.label for c in found.configurations} == {"old", "new", "bad"}
    assert all(c.verdict != "not_comparable" for c in found.comparisons)
    assert found.tasks.tasks == tuple(f"t{i}" for i in range(6))


def test_from_five_tasks_on_ranks_are_tested() -> None:
    found, said = judged(suite(12), {"model": "old"})
    labels = {c.key: c.label for c in found.configurations}
    assert [labels[s.key] for s in found.tasks.standings] == ["new", "old", "bad"]
    first = found.tasks.standings[0]
    assert (first.mean_rank, first.wins, first.ties, first.losses, first.verdict) == (1.0, 12, 0, 0, "better")
    assert "Over 12 tasks, new ranks better than old: 1.00 against 2.00 on average." in said
    assert "nothing about by how much" in said


def test_below_five_tasks_wins_are_counted() -> None:
    found, said = judged(suite(3), {"model": "old"})
    assert found.tasks.p_value is None
    assert [s.verdict for s in found.tasks.standings] == [None, None, None]
    expected = (
        "Over 3 tasks, new was ahead of old in 3, level in 0 and behind in 0: too few tasks for a test."
    )
    assert expected in said


def test_equal_set_ups_are_not_called_better() -> None:
    draw, runs = np.random.default_rng(4), list[Run]()
    for task in range(9):
        for model in ("old", "new", "other"):
            params = {"model": model, "task": task, "seed": 0}
            runs.append(make_run(len(runs), params, {"accuracy": 0.5 + draw.normal(0, 0.02)}))
    assert "Over 9 tasks, no set-up is shown to rank better than old." in judged(runs, {"model": "old"})[1]


def test_a_set_up_that_missed_a_task_is_neither_ranked_nor_compared() -> None:
    found, said = judged(suite(6, skip=("new", "t5")), {"model": "old"})
    new = next(c for c in found.configurations if c.label == "new")
    assert found.tasks.incomplete == (new.key,)
    assert next(c for c in found.comparisons if c.key == new.key).reason == "conditions_differ"
    assert "1 set-up has no result on some task, and no rank." in said


def test_an_unknown_task_is_an_error() -> None:
    with pytest.raises(ConfigError, match="'tusk'"):
        analyse(make_runset(suite(2)), Config(compare=CompareConfig(task="tusk")))


def test_without_a_task_nothing_is_said_about_tasks() -> None:
    findings = analyse(make_runset(suite(2)), Config())
    assert findings.tasks.standings == ()
