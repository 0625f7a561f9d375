"""XGBoost, LightGBM and CatBoost: rounds, several data sets and metrics, early stopping, folds, errors."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reportgen
from reportgen.errors import LoggingError
from tests.integrations.conftest import ReadRun

Runs = Callable[[], list[ReadRun]]
TheRun = Callable[[], ReadRun]
pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.filterwarnings("ignore"),  # what the libraries warn of is their own
]
ROUNDS = [str(number) for number in range(10)]


def make_data() -> tuple[Any, Any]:
    import numpy as np

    inputs = np.random.default_rng(1).normal(size=(200, 3))
    return inputs, (inputs.sum(axis=1) > 0).astype(int)


class Failing:
    """A callback that ends the training by an exception in its fourth round."""

    def __init__(self) -> None:
        self.order, self.before_iteration, self.calls = 5, False, 0  # as LightGBM wants them

    def __call__(self, *arguments: Any) -> bool:
        del arguments
        self.calls += 1
        if self.calls == 4:
            raise MemoryError("out of memory")
        return True


def test_xgboost_own_run_has_settings_rounds_and_the_best_one(log_directory: Path, the_run: TheRun) -> None:
    import xgboost

    from reportgen.integrations.xgboost import RunCallback

    inputs, labels = make_data()
    model = xgboost.XGBClassifier(
        n_estimators=200,
        max_depth=2,
        learning_rate=0.3,
        eval_metric=["logloss", "auc"],
        early_stopping_rounds=3,
        callbacks=[RunCallback(experiment="b")],
    )
    model.fit(
        inputs[:150],
        labels[:150],
        eval_set=[(inputs[:150], labels[:150]), (inputs[150:], labels[150:])],
        verbose=0,
    )
    run = the_run()
    history = model.evals_result()
    assert run.status == "finished"
    assert run.values("validation_1/auc") == history["validation_1"]["auc"]
    assert run.steps("validation_0/logloss") == [
        str(n) for n in range(len(history["validation_0"]["logloss"]))
    ]
    assert run.tags["best_iteration"] == model.best_iteration
    assert run.tags["best_score"] == model.best_score
    assert run.params["objective"] == "binary:logistic"
    assert (run.params["max_depth"], run.params["learning_rate"]) == (2, 0.3)


def test_xgboost_goes_on_counting_and_tells_folds(log_directory: Path, runs: Runs) -> None:
    import xgboost

    from reportgen.integrations.xgboost import RunCallback

    inputs, labels = make_data()
    data, params = xgboost.DMatrix(inputs, labels), {"objective": "binary:logistic", "max_depth": 2}
    first = xgboost.train(params, data, 4)
    with reportgen.start_run("b", params={"part": "on"}) as run:
        callback = RunCallback(run)
        xgboost.train(
            params,
            data,
            3,
            evals=[(data, "train")],
            xgb_model=first,
            callbacks=[callback],
            verbose_eval=False,
        )
    callback = RunCallback(experiment="b")
    table = xgboost.cv(params, data, 5, nfold=3, callbacks=[callback], as_pandas=False)
    on, folds = runs()
    assert on.steps("train/logloss") == ["4", "5", "6"]
    assert folds.values("test/logloss") == table["test-logloss-mean"]
    assert folds.values("test/logloss/std") == table["test-logloss-std"]
    assert folds.params["max_depth"] == 2
    assert folds.status == "finished"


def test_xgboost_in_a_search_makes_a_run_of_each_fit(log_directory: Path, runs: Runs) -> None:
    import xgboost
    from sklearn.model_selection import GridSearchCV

    from reportgen.integrations.xgboost import RunCallback

    model = xgboost.XGBClassifier(n_estimators=3, callbacks=[RunCallback(experiment="b")])
    GridSearchCV(model, {"max_depth": [1, 2]}, cv=2, refit=False).fit(*make_data())
    assert sorted(run.params["max_depth"] for run in runs()) == [1, 1, 2, 2]
    assert {run.status for run in runs()} == {"finished"}


@pytest.mark.parametrize("form", ["run", "experiment"])
def test_xgboost_that_raises_is_failed(log_directory: Path, the_run: TheRun, form: str) -> None:
    import xgboost

    from reportgen.integrations.xgboost import RunCallback

    inputs, labels = make_data()
    failing = Failing()

    class Bad(xgboost.callback.TrainingCallback):  # type: ignore[misc]  # untyped where it is not installed
        def after_iteration(self, *arguments: Any) -> bool:
            return not failing(*arguments)

    def train(callback: Any) -> None:
        data = xgboost.DMatrix(inputs, labels)
        xgboost.train({}, data, 9, evals=[(data, "a")], callbacks=[callback, Bad()], verbose_eval=False)

    def train_in_a_block() -> None:
        if form == "run":
            with reportgen.start_run("b") as run:
                train(RunCallback(run))
        else:
            with RunCallback(experiment="b") as callback:
                train(callback)

    with pytest.raises(MemoryError):
        train_in_a_block()
    assert (the_run().status, the_run().reason) == ("failed", "MemoryError: out of memory")
    assert the_run().steps("a/rmse") == ["0", "1", "2", "3"]


def lightgbm_parts() -> tuple[Any, Any, Any, dict[str, Any]]:
    import lightgbm

    inputs, labels = make_data()
    train = lightgbm.Dataset(inputs[:150], labels[:150], free_raw_data=False)
    valid = lightgbm.Dataset(inputs[150:], labels[150:], reference=train)
    params = {
        "objective": "binary",
        "metric": ["auc", "binary_logloss"],
        "num_leaves": 4,
        "verbose": -1,
        "seed": 1,
    }
    return lightgbm, train, valid, params


def test_lightgbm_own_run_ends_with_the_last_round(log_directory: Path, the_run: TheRun) -> None:
    from reportgen.integrations.lightgbm import RunCallback

    lightgbm, train, valid, params = lightgbm_parts()
    history: dict[str, Any] = {}
    callback = RunCallback(experiment="b")
    callbacks = [callback, lightgbm.record_evaluation(history)]
    lightgbm.train(params, train, 10, valid_sets=[train, valid], callbacks=callbacks)
    run = the_run()
    assert run.status == "finished"
    assert run.steps("valid_1/auc") == ROUNDS
    assert run.values("training/binary_logloss") == list(history["training"]["binary_logloss"])
    assert run.params["num_leaves"] == 4
    assert run.params["seed"] == 1


def test_lightgbm_early_stopping_is_finished_and_tells_the_best_round(
    log_directory: Path, the_run: TheRun
) -> None:
    from reportgen.integrations.lightgbm import RunCallback

    lightgbm, train, valid, params = lightgbm_parts()
    callbacks = [RunCallback(experiment="b"), lightgbm.early_stopping(2, verbose=False)]
    booster = lightgbm.train(params, train, 500, valid_sets=[valid], callbacks=callbacks)
    del callbacks
    gc.collect()
    assert the_run().status == "finished"
    assert len(the_run().points["valid_0/auc"]) < 500
    assert the_run().tags["best_iteration"] == booster.best_iteration - 1


def test_lightgbm_folds_have_mean_and_deviation(log_directory: Path, the_run: TheRun) -> None:
    from reportgen.integrations.lightgbm import RunCallback

    lightgbm, train, _, params = lightgbm_parts()
    table = lightgbm.cv(params, train, 5, nfold=3, callbacks=[RunCallback(experiment="b")])
    assert the_run().values("valid/auc") == table["valid auc-mean"]
    assert the_run().values("valid/auc/std") == table["valid auc-stdv"]
    assert the_run().status == "finished"


def test_lightgbm_estimators_and_a_training_that_raises(log_directory: Path, runs: Runs) -> None:
    import lightgbm

    from reportgen.integrations.lightgbm import RunCallback

    inputs, labels = make_data()
    model = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1)
    model.fit(inputs, labels, eval_set=[(inputs, labels)], callbacks=[RunCallback(experiment="b")])
    with pytest.raises(MemoryError):
        model.fit(
            inputs, labels, eval_set=[(inputs, labels)], callbacks=[RunCallback(experiment="b"), Failing()]
        )
    gc.collect()
    first, second = runs()
    assert first.status == "finished"
    assert len(first.points["training/binary_logloss"]) == 5
    assert second.status == "interrupted"
    assert len(second.points["training/binary_logloss"]) == 3


def test_an_exception_that_ends_the_script_is_the_reason_of_an_own_run(
    run_script: Callable[..., Any], the_run: TheRun
) -> None:
    code = (
        "import numpy, lightgbm\n"
        "from reportgen.integrations.lightgbm import RunCallback\n"
        "def fail(env):\n    raise MemoryError('out of memory')\n"
        "fail.order = 30\n"
        "data = lightgbm.Dataset(numpy.arange(100).reshape(50, 2), numpy.arange(50))\n"
        "lightgbm.train({'verbose': -1}, data, 9, callbacks=[RunCallback(experiment='b'), fail])\n"
    )
    assert run_script(code, check=False).returncode == 1
    assert (the_run().status, the_run().reason) == ("failed", "MemoryError: out of memory")


def test_catboost_logs_learn_and_validation_of_each_iteration(log_directory: Path, the_run: TheRun) -> None:
    from catboost import CatBoostClassifier

    from reportgen.integrations.catboost import RunCallback

    inputs, labels = make_data()
    options = {"iterations": 10, "custom_metric": ["AUC:hints=skip_train~false"], "verbose": False}
    model = CatBoostClassifier(**options, allow_writing_files=False)
    with RunCallback(experiment="b", params={"depth": 6}) as callback:
        model.fit(
            inputs[:100],
            labels[:100],
            eval_set=[(inputs[100:150], labels[100:150]), (inputs[150:], labels[150:])],
            callbacks=[callback],
        )
    run, history = the_run(), model.get_evals_result()
    assert run.status == "finished"
    assert run.steps("learn/Logloss") == ROUNDS
    for data in ("learn", "validation_0", "validation_1"):
        assert run.values(f"{data}/Logloss") == history[data]["Logloss"]
    assert "validation_1/AUC" in run.points


def test_catboost_that_raises_is_failed(log_directory: Path, the_run: TheRun) -> None:
    from catboost import CatBoostClassifier

    from reportgen.integrations.catboost import RunCallback

    failing = Failing()

    class Bad:
        def after_iteration(self, info: Any) -> bool:
            return failing(info)

    def train() -> None:
        with reportgen.start_run("b") as run:
            model = CatBoostClassifier(iterations=9, verbose=False, allow_writing_files=False)
            model.fit(*make_data(), callbacks=[RunCallback(run), Bad()])

    with pytest.raises(Exception, match="out of memory"):
        train()
    assert the_run().status == "failed"
    assert the_run().steps("learn/Logloss") == ["0", "1", "2", "3"]


def test_catboost_refuses_a_run_that_nothing_would_close(log_directory: Path, runs: Runs) -> None:
    from reportgen.integrations.catboost import RunCallback

    with pytest.raises(LoggingError, match="with RunCallback"):
        RunCallback(experiment="b").after_iteration(None)  # type: ignore[arg-type]  # not looked at
    assert runs() == []
