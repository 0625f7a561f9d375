"""scikit-learn: a search as runs with folds as repeats; a run of every fit."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - makes HalvingGridSearchCV importable
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import f1_score, make_scorer, mean_absolute_error
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from reportgen.errors import LoggingError
from reportgen.integrations.sklearn import autolog, log_search
from tests.integrations.conftest import ROOT, ReadRun

Runs = Callable[[], list[ReadRun]]
FEATURES, LABELS = load_iris(return_X_y=True)
pytestmark = pytest.mark.filterwarnings("ignore")  # what the library warns of is its own


def test_each_candidate_and_fold_is_a_run_with_its_own_score(log_directory: Path, runs: Runs) -> None:
    search = GridSearchCV(
        DecisionTreeClassifier(random_state=0), {"max_depth": [1, 3]}, cv=3, return_train_score=True
    )
    search.fit(FEATURES, LABELS)
    ids = log_search(search, "trees", tags={"purpose": "test"})
    by_id = {run.directory.name: run for run in runs()}
    assert list(by_id) != []
    for place, depth in enumerate([1, 3]):
        for fold in range(3):
            run = by_id[ids[place * 3 + fold]]
            assert run.params == {"model": "DecisionTreeClassifier", "max_depth": depth, "fold": fold}
            assert run.values("accuracy") == [search.cv_results_[f"split{fold}_test_score"][place]]
            assert run.values("train_accuracy") == [search.cv_results_[f"split{fold}_train_score"][place]]
            assert run.tags["best_candidate"] == (place == search.best_index_)
            assert run.tags["purpose"] == "test"
            assert run.status == "finished"
    assert len({run.facts["run", "group"] for run in runs()}) == 1


def test_the_report_takes_folds_for_repeats_without_configuration(log_directory: Path) -> None:
    search = GridSearchCV(SVC(random_state=0), {"C": [0.001, 1.0]}, cv=4).fit(FEATURES, LABELS)
    log_search(search, "svc")
    command = [sys.executable, "-m", "reportgen", "build", str(log_directory / "svc"), "--format", "json"]
    subprocess.run(
        command,
        cwd=log_directory.parent,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
    )
    (path,) = (log_directory.parent / "reports").glob("*.json")
    text = path.read_text(encoding="utf-8")
    assert "Runs that differ only in fold are repeats" in text
    cells = json.dumps(json.loads(text))
    assert "Set-ups tried" in cells


@pytest.mark.parametrize(
    ("scoring", "metrics"),
    [
        ("neg_log_loss", {"neg_log_loss"}),
        (["accuracy", "f1_macro"], {"accuracy", "f1_macro"}),
        (make_scorer(f1_score, average="macro"), {"f1_score"}),
        (make_scorer(mean_absolute_error, greater_is_better=False), {"neg_mean_absolute_error"}),
    ],
)
def test_scores_are_called_by_what_they_measure(
    log_directory: Path, runs: Runs, scoring: Any, metrics: set[str]
) -> None:
    refit = "accuracy" if isinstance(scoring, list) else True
    search = GridSearchCV(LogisticRegression(max_iter=300), {"C": [1.0]}, scoring=scoring, refit=refit, cv=2)
    log_search(search.fit(FEATURES, LABELS), "scores")
    assert {name for run in runs() for name in run.points} == metrics


def test_a_fold_whose_fit_raises_is_failed(log_directory: Path, runs: Runs) -> None:
    search = GridSearchCV(SVC(), {"C": [1.0, -1.0]}, cv=2).fit(FEATURES, LABELS)
    log_search(search, "bad")
    assert [(run.params["C"], run.status) for run in sorted(runs(), key=lambda run: -run.params["C"])] == [
        (1.0, "finished"),
        (1.0, "finished"),
        (-1.0, "failed"),
        (-1.0, "failed"),
    ]


def test_a_halving_search_tells_with_how_much_data(log_directory: Path, runs: Runs) -> None:
    search = HalvingGridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, 2, 3]}, cv=2, random_state=0)
    log_search(search.fit(FEATURES, LABELS), "halving")
    assert len({run.params["n_resources"] for run in runs()}) == search.n_iterations_ > 1


def test_a_search_that_is_not_fitted_is_refused(log_directory: Path) -> None:
    with pytest.raises(LoggingError, match="after fit"):
        log_search(GridSearchCV(SVC(), {"C": [1]}), "x")


def test_a_fit_is_a_run_with_the_changed_parameters_and_scores(log_directory: Path, runs: Runs) -> None:
    model = make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=5, random_state=1, n_jobs=2))
    with autolog("fits", params={"seed": 1}) as log:
        model.fit(training := FEATURES[::2], LABELS[::2])
        score = model.score(FEATURES[1::2], LABELS[1::2])
        model.score(training, LABELS[::2])
    (run,) = runs()
    assert log.runs == [run.directory.name]
    assert run.params == {
        "model": "StandardScaler + RandomForestClassifier",
        "randomforestclassifier__n_estimators": 5,
        "randomforestclassifier__random_state": 1,
        "randomforestclassifier__n_jobs": 2,
        "seed": 1,
    }
    assert run.values("accuracy") == [score]
    assert run.values("train_accuracy")[0] > 0.9
    assert run.values("fit_seconds")[0] > 0
    assert run.status == "finished"


def test_the_loss_curve_of_a_network_is_logged(log_directory: Path, runs: Runs) -> None:
    with autolog("fits", train_score=False):
        model = MLPClassifier((4,), max_iter=7, random_state=0).fit(FEATURES, LABELS)
    (run,) = runs()
    assert run.values("loss") == model.loss_curve_
    assert run.steps("loss") == [str(step) for step in range(7)]
    assert "train_accuracy" not in run.points


def test_a_fit_that_raises_is_a_failed_run(log_directory: Path, runs: Runs) -> None:
    bad = FEATURES.copy()
    bad[0, 0] = np.nan
    with autolog("fits"):
        with pytest.raises(ValueError, match="NaN"):
            Ridge().fit(bad, LABELS)
        with pytest.raises(ValueError, match="All the 2 fits failed"):
            GridSearchCV(SVC(), {"C": [-1]}, cv=2).fit(FEATURES, LABELS)
    first, second = runs()
    assert {first.status, second.status} == {"failed"}
    assert first.reason.startswith("ValueError: Input X contains NaN")


def test_searches_and_cross_validations_inside_the_block_are_runs_of_folds(
    log_directory: Path, runs: Runs
) -> None:
    with autolog("fits") as log:
        GridSearchCV(SVC(), {"C": [0.1, 1.0]}, cv=2).fit(FEATURES, LABELS)
        scores = cross_val_score(Ridge(), *load_diabetes(return_X_y=True), cv=3)
    assert len(log.runs) == len(runs()) == 4 + 3
    assert [run.values("r2")[0] for run in runs() if run.params["model"] == "Ridge"] == list(scores)


def test_classes_that_come_later_are_seen_and_everything_is_put_back(log_directory: Path, runs: Runs) -> None:
    before = (
        Ridge.__dict__["fit"],
        ClassifierMixin.__dict__["score"],
        BaseEstimator.__dict__.get("__init_subclass__"),
    )
    with autolog("fits"):

        class Constant(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped
            def fit(self, X: Any, y: Any) -> Constant:  # noqa: ARG002, N803 - scikit-learn's names
                self.classes_ = np.unique(y)
                return self

            def predict(self, X: Any) -> Any:  # noqa: N803 - scikit-learn's name
                return np.zeros(len(X))

        Constant().fit(FEATURES, LABELS)
        StandardScaler().fit(FEATURES)
    after = (
        Ridge.__dict__["fit"],
        ClassifierMixin.__dict__["score"],
        BaseEstimator.__dict__.get("__init_subclass__"),
    )
    assert after == before
    Constant().fit(FEATURES, LABELS)
    (run,) = runs()
    assert run.params["model"] == "Constant"
    assert run.values("train_accuracy") == [pytest.approx(1 / 3)]


def test_fits_in_other_threads_are_left_alone(log_directory: Path, runs: Runs) -> None:
    with autolog("fits"):
        thread = threading.Thread(target=lambda: Ridge().fit(FEATURES, LABELS))
        thread.start()
        thread.join()
    assert runs() == []
