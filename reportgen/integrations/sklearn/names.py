"""What models and scores of scikit-learn are called, and which parameters of a model are told."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any


def model_name(estimator: Any) -> str:
    """Name a model by its class; a pipeline by the classes of its steps."""
    steps = getattr(estimator, "steps", None)
    if isinstance(steps, list):
        return " + ".join(model_name(step) for _, step in steps if step not in (None, "passthrough"))
    return type(estimator).__name__


def own_score(estimator: Any) -> str:
    """Say what a model's ``score`` measures: ``accuracy``, ``r2``, or no more than ``score``."""
    from sklearn.base import ClassifierMixin, RegressorMixin

    steps = getattr(estimator, "steps", None)
    kind = type(steps[-1][1] if isinstance(steps, list) and steps else estimator)
    measure = inspect.unwrap(getattr(kind, "score", own_score))
    if measure is inspect.unwrap(ClassifierMixin.score):
        return "accuracy"
    return "r2" if measure is inspect.unwrap(RegressorMixin.score) else "score"


def search_score(search: Any, name: str) -> str:
    """Name a score of a search: ``score`` stands for its only scorer, or for the model's own measure."""
    if name != "score":
        return name
    scoring = search.scoring
    if scoring is None:
        return own_score(search.estimator)
    if isinstance(scoring, str):
        return scoring
    measure = getattr(getattr(scoring, "_score_func", scoring), "__name__", name)
    return f"neg_{measure}" if getattr(scoring, "_sign", 1) < 0 else str(measure)


def changed_parameters(estimator: Any, prefix: str = "") -> dict[str, object]:
    """Tell the parameters that are not the class's own defaults, those of the models inside included.

    What is left at its default is told by the version of scikit-learn, which every run has; told one by one
    it would make runs of two classes differ in dozens of parameters.
    """
    defaults = {
        name: one.default for name, one in inspect.signature(type(estimator).__init__).parameters.items()
    }
    told: dict[str, object] = {}
    for name, value in estimator.get_params(deep=False).items():
        inside = list(_models_inside(name, value))
        for key, model in inside:
            if name != "steps":  # those of a pipeline are in the name of the model
                told[prefix + key] = type(model).__name__
            told.update(changed_parameters(model, f"{prefix}{key}__"))
        if not inside and not _is_default(value, defaults.get(name, inspect.Parameter.empty)):
            told[prefix + name] = value
    return told


def _models_inside(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Give the models that a parameter holds: itself, or the named ones of a list (steps, transformers)."""
    if _is_model(value):
        yield name, value
    elif isinstance(value, list):
        for entry in value:
            if isinstance(entry, tuple) and len(entry) >= 2 and _is_model(entry[1]):
                yield str(entry[0]), entry[1]


def _is_model(value: object) -> bool:
    return hasattr(value, "get_params") and not isinstance(value, type)


def _is_default(value: Any, default: Any) -> bool:
    if default is inspect.Parameter.empty:
        return value is None  # LightGBM's and XGBoost's way to say that the library decides
    try:
        return bool(
            value is default
            or (type(value) is type(default) and (value == default or repr(value) == repr(default) == "nan"))
        )
    except Exception:  # noqa: BLE001 - arrays and the like, which no default is
        return False
