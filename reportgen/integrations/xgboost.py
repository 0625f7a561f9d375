"""XGBoost: a callback for ``xgboost.train``, ``xgboost.cv`` and the scikit-learn estimators.

Importing this module imports ``xgboost``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Unpack

from reportgen.collect import Run
from reportgen.integrations.feed import RunFeeder, RunOptions, missing_framework
from reportgen.integrations.values import metric_name

try:
    import xgboost
except ImportError as error:
    raise missing_framework("xgboost", "xgboost", error) from error

_FLOAT32_DIGITS = 7


class RunCallback(RunFeeder, xgboost.callback.TrainingCallback):  # type: ignore[misc]  # untyped where it is not installed
    """Log each round's evaluations as ``<data>/<metric>``, such as ``validation_0/rmse``, the round as step.

    Of a cross-validation the mean (``test/rmse``) and the standard deviation over the folds
    (``test/rmse/std``) are logged. Early stopping becomes the tags ``best_iteration`` and ``best_score``.

    Args:
        run: See :class:`~reportgen.integrations.feed.RunFeeder`.
        experiment: The same.
        options: The same.
    """

    def __init__(
        self, run: Run | None = None, *, experiment: str | None = None, **options: Unpack[RunOptions]
    ) -> None:
        xgboost.callback.TrainingCallback.__init__(self)
        RunFeeder.__init__(self, run, experiment=experiment, **options)
        self._rounds_before = 0

    def before_training(self, model: Any) -> Any:
        """Start an own run. One that is still open was cut short."""
        self.feed.abandon_unless_entered()
        self.feed.begin(self, lambda: _settings(model))
        self._rounds_before = model.num_boosted_rounds() if hasattr(model, "num_boosted_rounds") else 0
        return model

    def after_iteration(self, model: Any, epoch: int, evals_log: Mapping[str, Mapping[str, Any]]) -> bool:
        """Log the round; never asks to stop."""
        del model
        values: dict[str, float] = {}
        for data, metrics in evals_log.items():
            for metric, history in metrics.items():
                latest = history[-1]
                if isinstance(latest, tuple):
                    values[metric_name(data, metric)], values[metric_name(data, metric, "std")] = latest
                else:
                    values[metric_name(data, metric)] = latest
        if xgboost.collective.get_rank() == 0:
            self.feed.log(values, step=self._rounds_before + epoch)
        return False

    def after_training(self, model: Any) -> Any:
        """Note the best round, and close an own run."""
        try:
            best = {"best_iteration": int(model.best_iteration), "best_score": float(model.best_score)}
        except (AttributeError, TypeError, ValueError):  # no early stopping
            best = {}
        self.feed.set_tags(best)
        self.feed.end()
        return model


def _settings(model: Any) -> dict[str, object]:
    """Read the parameters out of a booster: those of the objective and of the trees."""
    if not hasattr(model, "save_config"):  # the folds of a cross-validation
        model = model.cvfolds[0].bst
    learner = json.loads(model.save_config())["learner"]
    found: dict[str, object] = {"objective": learner.get("objective", {}).get("name")}
    found["booster"] = learner.get("learner_train_param", {}).get("booster")
    booster = learner.get("gradient_booster", {})
    for part in (booster.get("tree_train_param"), booster.get("updater_train_param"), booster.get("model")):
        found.update((name, _value(text)) for name, text in (part or {}).items() if isinstance(text, str))
    return {name: value for name, value in found.items() if value is not None}


def _value(text: str) -> object:
    """Give a setting, which XGBoost tells as text, its type; numbers have the digits of 32 bits."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(f"{float(text):.{_FLOAT32_DIGITS}g}")
    except ValueError:
        return text
