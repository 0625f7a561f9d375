"""Keras on the Torch backend: epochs, validation, early stopping, errors, evaluate."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reportgen
from reportgen.integrations.feed import ABANDONED
from tests.integrations.conftest import ReadRun

TheRun = Callable[[], ReadRun]
pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.filterwarnings("ignore"),  # what the library warns of is its own
]


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch, log_directory: Path) -> tuple[Any, Any, Any]:
    """Keras, a small model that is compiled, and data."""
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    import keras
    import numpy as np

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.125, momentum=0.5), loss="mse", metrics=["mae"])
    return keras, model, np.random.default_rng(1).normal(size=(64, 3))


def test_own_run_has_settings_epochs_and_validation(parts: tuple[Any, Any, Any], the_run: TheRun) -> None:
    from reportgen.integrations.keras import RunCallback

    _, model, data = parts
    callback = RunCallback(experiment="k")
    history = model.fit(
        data, data.sum(1), epochs=4, initial_epoch=1, validation_split=0.25, callbacks=[callback], verbose=0
    ).history
    run = the_run()
    assert run.status == "finished"
    assert run.steps("loss") == ["1", "2", "3"]
    assert run.values("val_mae") == history["val_mae"]
    assert run.values("learning_rate") == [0.125] * 3
    assert len(run.points["epoch_seconds"]) == 3
    assert run.params["model"] == "Sequential"
    assert run.params["model_parameters"] == 4
    assert run.params["loss"] == "mse"
    assert (run.params["optimizer.name"], run.params["optimizer.learning_rate"]) == ("SGD", 0.125)
    assert run.params["optimizer.momentum"] == 0.5
    result = model.evaluate(data, data.sum(1), callbacks=[callback], verbose=0, return_dict=True)
    assert the_run().points["test_loss"] == [("3", result["loss"])]
    assert the_run().status == "finished"


def test_the_learning_rate_follows_a_schedule(parts: tuple[Any, Any, Any], the_run: TheRun) -> None:
    from reportgen.integrations.keras import RunCallback

    keras, model, data = parts
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch: 0.5 / 2**epoch)
    with reportgen.start_run("k") as run:
        model.fit(data, data.sum(1), epochs=3, callbacks=[schedule, RunCallback(run)], verbose=0)
    assert the_run().values("learning_rate") == [0.5, 0.25, 0.125]


def test_early_stopping_is_told(parts: tuple[Any, Any, Any], the_run: TheRun) -> None:
    from reportgen.integrations.keras import RunCallback

    keras, model, data = parts
    stop = keras.callbacks.EarlyStopping("loss", patience=1, min_delta=100.0)
    with reportgen.start_run("k") as run:
        model.fit(data, data.sum(1), epochs=9, callbacks=[RunCallback(run), stop], verbose=0)
    run_read = the_run()
    assert run_read.tags["stopped_early_at_epoch"] == len(run_read.points["loss"]) - 1 < 8


def test_a_training_that_raises_is_failed_in_a_with_block(
    parts: tuple[Any, Any, Any], the_run: TheRun
) -> None:
    from reportgen.integrations.keras import RunCallback

    keras, model, data = parts

    def fail(epoch: int, logs: object) -> None:
        raise MemoryError("out of memory")

    bad = keras.callbacks.LambdaCallback(on_epoch_begin=fail)
    with pytest.raises(MemoryError), RunCallback(experiment="k") as callback:
        model.fit(data, data.sum(1), callbacks=[callback, bad], verbose=0)
    assert (the_run().status, the_run().reason) == ("failed", "MemoryError: out of memory")


def test_a_training_that_raises_and_is_caught_is_not_called_finished(
    parts: tuple[Any, Any, Any], the_run: TheRun
) -> None:
    from reportgen.integrations.keras import RunCallback

    keras, model, data = parts

    def fail(epoch: int, logs: object) -> None:
        raise MemoryError("out of memory")

    callback = RunCallback(experiment="k")
    with pytest.raises(MemoryError):
        model.fit(
            data,
            data.sum(1),
            callbacks=[callback, keras.callbacks.LambdaCallback(on_epoch_end=fail)],
            verbose=0,
        )
    assert the_run().status == "running"
    del callback
    gc.collect()
    assert (the_run().status, the_run().reason) == ("interrupted", ABANDONED)
    assert the_run().steps("loss") == ["0"]
