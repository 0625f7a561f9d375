"""The regression sample: predicting how a disease progresses, where a lower error is better."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import Lasso, Ridge
from sklearn.metrics import r2_score, root_mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsRegressor

import reportgen

SEEDS = (1, 2, 3, 4, 5)
STAGES = 60


def grid() -> Iterator[dict[str, Any]]:
    """List all configurations, baseline first."""
    yield {"model": "mean"}
    yield from ({"model": "ridge", "alpha": alpha} for alpha in (0.01, 0.1, 1.0))
    yield from ({"model": "lasso", "alpha": alpha} for alpha in (0.01, 0.1, 1.0))
    yield from ({"model": "knn", "k": k} for k in (5, 20))
    yield from ({"model": "forest", "trees": 100, "depth": depth} for depth in (3, 12))
    yield from ({"model": "boosting", "learning_rate": rate, "depth": 2} for rate in (0.05, 0.2))


def untrained(params: Mapping[str, Any]) -> Any:
    """Build the model that the settings ask for."""
    match params["model"]:
        case "mean":
            return DummyRegressor()
        case "ridge":
            return Ridge(alpha=params["alpha"])
        case "lasso":
            return Lasso(alpha=params["alpha"])
        case "knn":
            return KNeighborsRegressor(n_neighbors=params["k"])
        case "forest":
            return RandomForestRegressor(
                n_estimators=params["trees"], max_depth=params["depth"], random_state=params["seed"]
            )
        case _:
            return GradientBoostingRegressor(
                learning_rate=params["learning_rate"],
                max_depth=params["depth"],
                n_estimators=STAGES,
                random_state=params["seed"],
            )


def make_regression(directory: Path) -> None:
    """Make all runs of the regression sample in ``<directory>/regression``."""
    inputs, wanted = load_diabetes(return_X_y=True)
    version = hashlib.sha256(inputs.tobytes() + wanted.tobytes()).hexdigest()[:12]
    for settings in grid():
        for seed in SEEDS:
            _record(directory, {**settings, "seed": seed}, (inputs, wanted), version)


def _record(directory: Path, params: dict[str, Any], data: tuple[Any, Any], version: str) -> None:
    """Train one model on 75 % of the patients and measure it on the others; the seed decides which."""
    train_x, val_x, train_y, val_y = train_test_split(*data, test_size=0.25, random_state=params["seed"])
    settings = [f"{name} {value:g}" for name, value in params.items() if name != "model"]
    with reportgen.start_run(
        "regression",
        name=", ".join([params["model"], *settings]),
        params=params,
        tags={"role": "baseline"} if params["model"] == "mean" else {},
        directory=directory,
        capture_user=False,
    ) as run:
        run.log_dataset(
            "diabetes",
            version=version,
            source="scikit-learn, load_diabetes",
            split="25 % for validation, by seed",
        )
        model = untrained(params)
        began = time.perf_counter()
        model.fit(train_x, train_y)
        fit_seconds = time.perf_counter() - began
        if params["model"] == "boosting":
            for stage, answers in enumerate(model.staged_predict(val_x), start=1):
                run.log_metrics(_quality(val_y, answers), step=stage)
            run.log_metrics({"fit_seconds": round(fit_seconds, 6)})
        else:
            quality = _quality(val_y, model.predict(val_x))
            run.log_metrics({**quality, "fit_seconds": round(fit_seconds, 6)})


def _quality(wanted: Any, answers: Any) -> dict[str, float]:
    """Measure predictions: typical error in points of the progression score, and explained share."""
    return {
        "rmse": float(root_mean_squared_error(wanted, answers)),
        "r2": float(np.asarray(r2_score(wanted, answers))),
    }
