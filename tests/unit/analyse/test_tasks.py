"""Configurations compared over several tasks: by ranks, or by counting where there are few."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config.settings import CompareConfig, Config, Goal, MetricConfig
from reportgen.document import Chart, Table
from reportgen.errors import ConfigError
from reportgen.findings import Findings
from reportgen.render.xlsx.plots import draw
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


def test_pairs_are_made_on_each_task_and_what_tasks_have_in_common_cancels() -> None:
    compare = CompareConfig(task="task", baseline={"model": "old"}, seed="seed", paired=True)
    found = analyse(make_runset(suite(6)), Config(compare=compare))
    new = next(c for c in found.comparisons if c.key.startswith("c-") and c.difference and c.difference > 0)
    assert new.pairs == 12, "six tasks, two seeds"
    assert new.interval is not None
    assert new.interval[1] - new.interval[0] < 0.02, "the tasks lie 0.25 apart"
    assert new.verdict == "better"
    assert not any("same seed" in text for _, text in found.quality.warnings)


def test_without_a_task_nothing_is_said_about_tasks() -> None:
    findings = analyse(make_runset(suite(2)), Config())
    assert findings.tasks.standings == ()


def moves(tasks: int, goal: Goal = "maximize") -> Chart:
    config = Config(
        compare=CompareConfig(task="task", baseline={"model": "old"}),
        metrics={"accuracy": MetricConfig("accuracy", primary=True, goal=goal)},
    )
    report = compose(analyse(make_runset(suite(tasks)), config), config, built_at=START, version="1")
    return next(b for b in report.blocks() if isinstance(b, Chart) and b.id == "task_moves")


def test_every_task_is_drawn_from_the_one_in_use_to_the_best_the_largest_gain_first() -> None:
    chart = moves(6)
    assert [series.label for series in chart.series] == ["new", "old"]
    points = chart.series[0].points
    assert sorted(point.label for point in points) == [f"t{n}" for n in range(6)]
    gains = [point.x - (point.low or 0.0) for point in points]
    assert gains == sorted(gains, reverse=True)
    assert all((point.tone == "focus") == (gain > 0) for point, gain in zip(points, gains, strict=True))
    assert chart.title.text == "new is ahead of old in 6 of 6 tasks"
    assert chart.alt.text == "Dot chart: new is ahead of old in 6 of 6 tasks."


def test_where_lower_is_better_the_best_lies_below() -> None:
    chart = moves(6, "minimize")
    assert [series.label for series in chart.series] == ["bad", "old"]
    drops = [point.x - (point.low or 0.0) for point in chart.series[0].points]
    assert drops == sorted(drops)
    assert all(point.tone == "focus" for point in chart.series[0].points if point.x < (point.low or 0.0))


def test_the_native_chart_has_both_marks_of_every_task_and_a_line_between() -> None:
    chart = moves(6)
    drawing = draw(chart)
    began = next(plot for plot in drawing.plots if plot.name == "old")
    assert sorted(mark.x for mark in began.marks) == sorted(
        point.low for point in chart.series[0].points if point.low
    )
    ended = [mark for plot in drawing.plots if plot.name == "new" for mark in plot.marks]
    assert sorted(mark.x for mark in ended) == sorted(point.x for point in chart.series[0].points)
    leaders = [plot for plot in drawing.plots if plot.role == "leader"]
    assert len(leaders) == 6
    assert all(plot.marks[0].y == plot.marks[1].y for plot in leaders)


def test_runs_say_their_task() -> None:
    compare = CompareConfig(task="task", baseline={"model": "old"}, seed="seed", paired=True)
    config = Config(compare=compare)
    report = compose(analyse(make_runset(suite(6)), config), config, built_at=START, version="1")
    runs = next(b for b in report.blocks() if isinstance(b, Table) and b.id == "runs")
    place = [column.heading for column in runs.columns].index("Task")
    assert {row.cells[place] for row in runs.rows} == {f"t{n}" for n in range(6)}
    assert {row["task"] for row in report.numbers["rows"]} == {f"t{n}" for n in range(6)}


def test_nobody_is_called_ahead_where_wins_and_losses_are_as_many() -> None:
    runs = list[Run]()
    for task, lift in enumerate((0.1, -0.1)):
        for model, value in (("old", 0.5), ("new", 0.5 + lift)):
            runs.append(make_run(len(runs), {"model": model, "task": task, "seed": 0}, {"accuracy": value}))
    config = Config(compare=CompareConfig(task="task", baseline={"model": "old"}))
    report = compose(analyse(make_runset(runs), config), config, built_at=START, version="1")
    chart = next(b for b in report.blocks() if isinstance(b, Chart) and b.id == "task_moves")
    assert chart.title.text == "new and old, task by task"


def test_runs_on_several_tasks_tell_nothing_of_luck() -> None:
    """They differ by the task: what luck lifts, and what lies far off, cannot be told from it."""
    several, said = judged(suite(6), {"model": "old"})
    assert several.luck is None
    assert several.collapses == ()
    assert all(c.shrunken is None for c in several.configurations)
    assert "luck alone" not in said
    # one easy task out of many would lie far off, were it a repeat
    odd = [
        make_run(len(several.rows) + n, {"model": m, "seed": 0, "task": "easy"}, {"accuracy": 40.0})
        for n, m in enumerate(LIFT)
    ]
    found, _ = judged(suite(6) + odd, {"model": "old"})
    assert found.collapses == ()
    alone, _ = judged([run for run in suite(6) if run.params["task"] == "t0"], {"model": "old"})
    assert alone.tasks.tasks == ("t0",)
    assert all(c.n == 2 for c in alone.configurations)


def test_runs_on_several_tasks_are_not_called_repeats() -> None:
    config = Config(compare=CompareConfig(task="task", baseline={"model": "old"}))
    headings = []
    for runs in (suite(6), [run for run in suite(6) if run.params["task"] == "t0"]):
        report = compose(analyse(make_runset(runs), config), config, built_at=START, version="1")
        table = next(
            b for b in report.sections[0].blocks if isinstance(b, Table) and b.id == "page_one_setups"
        )
        headings.append([column.heading for column in table.columns if column.key == "repeats"])
    assert headings == [["Runs"], ["Repeats"]]
