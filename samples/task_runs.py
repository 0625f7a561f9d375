"""The tasks sample: one kind of model, two of its settings on a grid, seven small tasks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import reportgen

SEED = 1
"""One split of each task: what repeats a set-up here are the tasks."""
C_VALUES = (0.1, 1.0, 10.0, 100.0)
WIDTHS = (0.1, 1.0, 10.0)
"""Of the kernel: scikit-learn's own choice, ``scale``, times this."""
DEFAULT = {"C": 1.0, "gamma": 1.0}
"""What scikit-learn takes unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Task:
    """One data set, and the question that is put to it."""

    name: str
    source: str
    inputs: Any
    """Shape: (things, measurements)."""
    wanted: Any
    """Shape: (things,); the class of each."""

    @property
    def version(self) -> str:
        """A fingerprint of the data."""
        return hashlib.sha256(self.inputs.tobytes() + self.wanted.tobytes()).hexdigest()[:12]


def tasks() -> Iterator[Task]:
    """List the tasks: data that come with scikit-learn, as they are or a harder part of them."""
    for name, load in (("iris", load_iris), ("wine", load_wine), ("cancer", load_breast_cancer)):
        inputs, wanted = load(return_X_y=True)
        yield Task(
            name, f"scikit-learn, load_{'breast_cancer' if name == 'cancer' else name}", inputs, wanted
        )
    inputs, wanted = load_wine(return_X_y=True)
    yield Task("wine, 4 measurements", "scikit-learn, load_wine", inputs[:, :4], wanted)
    inputs, wanted = load_digits(return_X_y=True)
    yield Task("digits", "scikit-learn, load_digits", inputs, wanted)
    for pair in ((3, 8), (4, 9)):
        chosen = np.isin(wanted, pair)
        yield Task(
            f"digits {pair[0]} or {pair[1]}", "scikit-learn, load_digits", inputs[chosen], wanted[chosen]
        )


def make_tasks(directory: Path) -> None:
    """Make all runs of the tasks sample in ``<directory>/tasks``."""
    for task in tasks():
        for c in C_VALUES:
            for width in WIDTHS:
                _record(directory, task, {"C": c, "gamma": width, "task": task.name, "seed": SEED})


def _record(directory: Path, task: Task, params: Mapping[str, Any]) -> None:
    """Train on a fifth of the data, at least 60 things, and measure on the others; the seed decides which."""
    share = max(0.2, 60 / len(task.wanted))
    train_x, val_x, train_y, val_y = train_test_split(
        task.inputs,
        task.wanted,
        train_size=share,
        random_state=params["seed"],
        stratify=task.wanted,
    )
    is_default = all(params[name] == value for name, value in DEFAULT.items())
    with reportgen.start_run(
        "tasks",
        name=f"{task.name}, C {params['C']:g}, gamma {params['gamma']:g}",
        params=dict(params),
        tags={"role": "baseline"} if is_default else {},
        directory=directory,
        capture_user=False,
    ) as run:
        run.log_dataset(
            task.name,
            version=task.version,
            source=task.source,
            split=f"{1 - share:.0%} for validation, by seed".replace("%", " %"),
        )
        width = params["gamma"] / train_x.shape[1]  # "scale", for scaled measurements
        model = make_pipeline(StandardScaler(), SVC(C=params["C"], gamma=width))
        model.fit(train_x, train_y)
        accuracy = float(balanced_accuracy_score(val_y, model.predict(val_x)))
        kept = int(model[-1].n_support_.sum())
        run.log_metrics({"val_accuracy": accuracy, "kept_share": kept / len(train_y)})
