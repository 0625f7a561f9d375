"""Runs of a set-up on several tasks are no repeats, and no sentence calls them so."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config.settings import CompareConfig, Config
from reportgen.document import Report
from reportgen.explain import Tree, explain_number
from reportgen.runs import Run
from tests.fakes.runsets import START, make_run, make_runset
from tests.unit.analyse.test_tasks import suite

OLD = {"model": "old"}
ADVICE = "repeat them on these"
"""The one thing that is rightly said: on the same tasks, further runs would be repeats."""


def told(runs: list[Run], compare: CompareConfig) -> Report:
    config = Config(compare=compare)
    return compose(analyse(make_runset(runs), config), config, built_at=START, version="1")


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from texts(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from texts(entry)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def everything(report: Report) -> list[str]:
    """All that the report says, in sentences, tables, definitions and numbers; names of kinds have no spaces."""
    said = [*(s.text for s in report.sentences()), *texts(report.sections), *texts(report.numbers)]
    return [text for text in said if " " in text]


def noisy(tasks: int) -> list[Run]:
    """The tasks differ in who is ahead: nothing is settled."""
    moved = []
    for place, run in enumerate(suite(tasks)):
        metric = run.metrics["accuracy"]
        value = metric.last + 0.08 * math.sin(7.0 * place)
        moved.append(make_run(place, run.params, {"accuracy": value}))
    return moved


def flat(tasks: int) -> list[Run]:
    """Whatever the task, a set-up gives one number."""
    values = {"old": 0.7, "new": 0.8}
    return [
        make_run(place, run.params, {"accuracy": values.get(str(run.params["model"]), 0.6)})
        for place, run in enumerate(suite(tasks))
    ]


PAIRED = CompareConfig(task="task", baseline=OLD, seed="seed", paired=True)


@pytest.mark.parametrize("runs", [suite(6), noisy(6), suite(2), noisy(3), flat(6)])
@pytest.mark.parametrize(
    "compare", [PAIRED, replace(PAIRED, paired=False), replace(PAIRED, paired=False, baseline=None)]
)
def test_nothing_is_called_a_repeat(runs: list[Run], compare: CompareConfig) -> None:
    for chosen in (runs, [run for run in runs if run.params["model"] == "new"]):
        alone = replace(compare, baseline=None) if len(chosen) < len(runs) else compare
        for seeds in ((0, 1), (0,)):
            kept = [run for run in chosen if run.params["seed"] in seeds]
            said = everything(told(kept, alone))
            found = [text for text in said if "repeat" in text.replace(ADVICE, "").lower()]
            assert not found, (len(kept), alone)


def test_what_to_do_next_is_the_same_in_the_numbers_and_on_page_one() -> None:
    report = told(noisy(6), PAIRED)
    advice = "Run both on more tasks, or repeat them on these: the runs vary more than the gap."
    assert report.numbers["comparisons"][0]["next_step"] == advice
    assert advice in [s.text for s in report.sentences()]


def test_definitions_of_one_task_speak_of_repeats() -> None:
    several, one = (everything(told(suite(n), PAIRED)) for n in (6, 1))
    assert "Runs of one set-up differ in chance only." in " ".join(one)
    assert "Runs of one set-up differ in chance only." not in " ".join(several)
    assert "Runs of one set-up differ in their task, and by chance." in " ".join(several)


def test_where_every_pair_has_the_same_gap_runs_are_not_said_to_be_equal() -> None:
    runs = [
        make_run(2 * seed + place, {"model": model, "seed": seed}, {"accuracy": seed + gap})
        for seed in range(6)
        for place, (model, gap) in enumerate((("old", 0.0), ("new", 0.5)))
    ]
    compare = CompareConfig(baseline=OLD, seed="seed", paired=True)
    report = told(runs, compare)
    said = " ".join(everything(report))
    assert "gave the same number" not in said
    assert (
        report.sections[0].title.text
        == "Not settled: the gap is the same each time, so luck cannot be judged"
    )
    assert "The gap is the same in every pair of runs, so luck cannot be judged." in said
    (entry,) = report.numbers["comparisons"]
    assert entry["next_step"] == "Check what should differ between runs: the gap is the same in every pair."
    rule = explain_number(Tree(report.numbers), "/comparisons/0/verdict")
    assert "the gap is the same in every pair of runs" in str(rule)
    equal = [make_run(n, run.params, {"accuracy": 0.5}) for n, run in enumerate(runs)]
    assert "gave the same number" in " ".join(everything(told(equal, compare)))


def test_a_test_of_pairs_alone_is_not_said_to_be_stricter_for_the_smaller_side() -> None:
    stricter = "Where one side has fewer runs than the other, the test is stricter."
    assert stricter not in " ".join(everything(told(suite(6), PAIRED)))
    assert stricter in " ".join(everything(told(suite(6), replace(PAIRED, paired=False))))
