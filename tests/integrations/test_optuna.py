"""Optuna: a trial is a run, whatever becomes of it, in several threads too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integrations.conftest import ReadRun

Runs = Callable[[], list[ReadRun]]
pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.filterwarnings("ignore"),  # what the library warns of is its own
]


def objective(trial: Any) -> float:
    """Trial 1 is pruned, trial 2 raises, the others return."""
    import optuna

    rate: float = trial.suggest_float("lr", 0.1, 0.2)
    trial.set_user_attr("host", "local")
    for step in range(3):
        trial.report(rate + step, step * 10)
        if trial.number == 1 and step == 1:
            raise optuna.TrialPruned
    if trial.number == 2:
        raise ValueError("no convergence")
    return rate * 2


def by_trial(runs: Runs) -> dict[int, ReadRun]:
    return {run.tags["trial"]: run for run in runs()}


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_each_trial_is_a_run_with_its_status(log_directory: Path, runs: Runs, n_jobs: int) -> None:
    import optuna

    from reportgen.integrations.optuna import RunCallback

    study = optuna.create_study(study_name="s", direction="maximize")
    callback = RunCallback("search", metric="accuracy", params={"model": "line"}, tags={"purpose": "test"})
    study.optimize(objective, n_trials=20, n_jobs=n_jobs, catch=(ValueError,), callbacks=[callback])
    found = by_trial(runs)
    assert sorted(found) == list(range(20))
    for trial in study.trials:
        run = found[trial.number]
        assert run.status == {1: "pruned", 2: "failed"}.get(trial.number, "finished")
        assert run.params == {"lr": trial.params["lr"], "model": "line"}
        assert run.tags == {"study": "s", "trial": trial.number, "host": "local", "purpose": "test"}
        assert run.facts["run", "name"] == f"trial {trial.number}"
        assert run.facts["run", "group"] == "s"
        assert run.steps("intermediate_value") == [str(step) for step in trial.intermediate_values]
        if run.status == "finished":
            assert run.values("accuracy") == [trial.value]
        else:
            assert "accuracy" not in run.points
        started = trial.datetime_start
        assert started is not None
        assert run.facts["run", "started"] == pytest.approx(started.timestamp())
    assert "objective raised" in found[2].reason


def test_several_values_have_names(log_directory: Path, runs: Runs) -> None:
    import optuna

    from reportgen.integrations.optuna import RunCallback

    def two(trial: Any) -> tuple[float, float]:
        return trial.suggest_float("x", 0, 1), 2.0

    study = optuna.create_study(directions=["minimize", "maximize"])
    study.optimize(two, n_trials=1, callbacks=[RunCallback("search")])
    study.set_metric_names(["loss", "accuracy"])
    study.optimize(two, n_trials=1, callbacks=[RunCallback("search")])
    assert [set(by_trial(runs)[number].points) for number in range(2)] == [
        {"value_0", "value_1"},
        {"loss", "accuracy"},
    ]


def test_a_trial_that_ends_the_study_is_written_afterwards_and_none_twice(
    log_directory: Path, runs: Runs
) -> None:
    import optuna

    from reportgen.integrations.optuna import RunCallback

    study, callback = optuna.create_study(), RunCallback("search")
    with pytest.raises(ValueError, match="no convergence"):
        study.optimize(objective, n_trials=9, callbacks=[callback])
    assert len(runs()) == 2
    callback.log_missing(study)
    callback.log_missing(study)
    assert [run.status for run in by_trial(runs).values()] == ["finished", "pruned", "failed"]


def test_a_run_inside_the_objective_sees_everything(log_directory: Path, runs: Runs) -> None:
    import optuna

    from reportgen.integrations.optuna import trial_run

    def live(trial: Any) -> float:
        with trial_run(trial, "search", params={"model": "line"}) as run:
            run.log_metrics({"loss": 0.5}, step=trial.number)
            return objective(trial)

    study = optuna.create_study(study_name="s")
    with pytest.raises(ValueError, match="no convergence"):
        study.optimize(live, n_trials=9)
    found = by_trial(runs)
    assert [found[number].status for number in range(3)] == ["finished", "pruned", "failed"]
    assert found[2].reason == "ValueError: no convergence"
    for trial in study.trials:
        assert found[trial.number].params == {"model": "line", "lr": trial.params["lr"]}
        assert found[trial.number].steps("loss") == [str(trial.number)]
