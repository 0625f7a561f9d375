"""The digits sample: 33 configurations, five seeds each, and the runs that went wrong on purpose."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import reportgen
from samples.digit_models import (
    TRAINERS,
    ImageSet,
    LogStep,
    Split,
    accuracy_of,
    latency_ms_of,
    load_images,
    split,
)

SEEDS = (1, 2, 3, 4, 5)
SOURCE = "scikit-learn, load_digits"
SPLIT = "30 % for validation, by seed"
BASELINE: Mapping[str, Any] = {"model": "logreg", "C": 1.0}
STEPLESS = ("logreg", "knn", "svm", "forest")
KILLED: Mapping[str, Any] = {"model": "mlp", "hidden": 128, "learning_rate": 0.0003, "seed": 4}
"""This run is ended by SIGKILL, as the system does to a process that takes too much memory."""
KILLED_AT_EPOCH = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """One run to make: its settings, and where and as of when it is recorded."""

    directory: Path
    """The log directory; the run lands in its folder ``digits``."""
    params: Mapping[str, Any]
    group: str | None = None
    started: datetime | None = None
    """For records entered later: the start that the run is given; its rows follow at the real pace."""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call the run: ``svm, C 10, seed 3``."""
        return ", ".join([self.params["model"], *map(_setting, list(self.params.items())[1:])])


def _setting(item: tuple[str, Any]) -> str:
    name, value = item
    return f"{name} {value}" if isinstance(value, str) else f"{name} {value:g}"


def grid() -> Iterator[dict[str, Any]]:
    """List all configurations, baseline first."""
    yield from ({"model": "logreg", "C": c} for c in (1.0, 0.01, 0.1, 10.0))
    yield from ({"model": "knn", "k": k} for k in (1, 3, 5, 9, 15))
    yield from ({"model": "svm", "C": c} for c in (0.1, 1.0, 10.0))
    for trees in (50, 200):
        yield from ({"model": "forest", "trees": trees, "depth": depth} for depth in (6, 16))
    for rate in (0.05, 0.1, 0.3):
        yield from ({"model": "boosting", "learning_rate": rate, "depth": depth} for depth in (3, 6))
    for hidden in (16, 64, 128):
        for rate in (0.0003, 0.001, 0.01):
            yield {"model": "mlp", "hidden": hidden, "learning_rate": rate}
    yield from ({"model": "plain-network", "hidden": 32, "learning_rate": rate} for rate in (0.05, 0.3))


def mistakes() -> Iterator[dict[str, Any]]:
    """List the runs that cannot work: settings that the library refuses, and a rate that diverges."""
    yield {"model": "svm", "C": 0.0, "seed": 1}
    yield {"model": "svm", "C": 0.0, "seed": 2}
    yield {"model": "knn", "k": 1500, "seed": 1}
    yield {"model": "knn", "k": 1500, "seed": 2}
    yield {"model": "mlp", "hidden": 64, "learning_rate": -0.001, "seed": 1}
    yield {"model": "plain-network", "hidden": 32, "learning_rate": 50.0, "seed": 1}


def make_digits(directory: Path) -> None:
    """Make all runs of the digits sample in ``<directory>/digits``."""
    images = load_images()
    for settings in grid():
        for seed in SEEDS:
            params = {**settings, "seed": seed}
            if params == KILLED:
                make_killed_run(directory)
            else:
                make_run(Plan(directory, params, tags=tags_of(settings)), images)
    for params in mistakes():
        make_run(Plan(directory, params), images)


def tags_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """Mark the baseline, so that a report finds it without any configuration."""
    return {"role": "baseline"} if settings == BASELINE else {}


def make_run(plan: Plan, images: ImageSet) -> None:
    """Train and measure one model, recorded by reportgen; a run that fails is recorded as failed."""
    try:
        _record(plan, images)
    except ValueError as error:
        print(f"failed as planned: {plan.name}: {str(error).splitlines()[0]}", file=sys.stderr)


def _record(plan: Plan, images: ImageSet, kill_at: int | None = None) -> None:
    """Open the run, train, and log what a report needs.

    Raises:
        ValueError: The library refuses the settings; the run is closed as failed.
    """
    params = plan.params
    data = split(images, params["seed"])
    began = time.monotonic()

    def row_time() -> float | None:
        """Time for the next row: the clock's, or the given start plus what has really passed."""
        if plan.started is None:
            return None
        return round(plan.started.timestamp() + time.monotonic() - began, 3)

    with reportgen.start_run(
        "digits",
        name=plan.name,
        params=dict(params),
        tags=dict(plan.tags),
        group=plan.group,
        directory=plan.directory,
        started=plan.started.timestamp() if plan.started else None,
        capture_user=False,
    ) as run:
        run.log_dataset("digits", version=images.version, source=SOURCE, split=SPLIT)

        def log_step(values: Mapping[str, float], step: int) -> None:
            run.log_metrics(values, step=step, time=row_time())
            if step == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            final = _train_and_measure(params, data, log_step)
        except ValueError as error:
            if plan.started:  # else the logger itself writes when and why, as the error leaves the block
                reason = f"{type(error).__name__}: {str(error).splitlines()[0]}"
                run.finish("failed", reason=reason, time=row_time())
            raise
        run.log_metrics(final, time=row_time())


def _train_and_measure(params: Mapping[str, Any], data: Split, log_step: LogStep) -> dict[str, float]:
    """Train one model; gives what is measured once, at the end.

    Raises:
        ValueError: The library refuses the settings.
    """
    model, fit_seconds = TRAINERS[params["model"]](params, data, log_step)
    final = {"val_accuracy": accuracy_of(model, data)} if params["model"] in STEPLESS else {}
    final["fit_seconds"] = round(fit_seconds, 6)
    final["latency_ms"] = round(latency_ms_of(model, data), 4)
    final["model_kb"] = len(pickle.dumps(model)) / 1000
    return final


def record_until_killed(directory: Path) -> None:
    """Train the run that is killed half-way; call it in a process of its own, it does not return."""
    _record(Plan(directory, KILLED), load_images(), kill_at=KILLED_AT_EPOCH)


def make_killed_run(directory: Path) -> None:
    """Train in a process of its own that is really killed in the middle, and check that it was."""
    script = Path(__file__).with_name("make_samples.py")
    command = [sys.executable, str(script), "--out", ".", "--until-killed"]  # no path of this machine
    ended = subprocess.run(command, check=False, cwd=directory)  # noqa: S603 (our own script, no shell)
    assert ended.returncode == -signal.SIGKILL, f"expected SIGKILL, got {ended.returncode}"
