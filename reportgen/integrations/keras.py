"""Keras: a callback for ``fit`` and ``evaluate`` that logs the metrics of every epoch.

Keras 3, which ``tf.keras`` is since TensorFlow 2.16. Importing this module imports ``keras``.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Unpack

from reportgen.collect import Run
from reportgen.integrations.feed import RunFeeder, RunOptions, missing_framework
from reportgen.integrations.values import as_number, settings

try:
    import keras
except ImportError as error:
    raise missing_framework("keras", "keras", error) from error

_FLOAT32_DIGITS = 7


class RunCallback(RunFeeder, keras.callbacks.Callback):  # type: ignore[misc]  # untyped where Keras is not installed
    """Log each epoch's metrics, learning rate and duration (``epoch_seconds``), with the epoch as step.

    Validation metrics have Keras's names (``val_loss``). Metrics of an ``evaluate`` of its own are logged as
    ``test_loss`` and so on. Early stopping becomes the tag ``stopped_early_at_epoch``.

    Args:
        run: See :class:`~reportgen.integrations.feed.RunFeeder`.
        experiment: The same.
        options: The same.
    """

    def __init__(
        self, run: Run | None = None, *, experiment: str | None = None, **options: Unpack[RunOptions]
    ) -> None:
        keras.callbacks.Callback.__init__(self)
        RunFeeder.__init__(self, run, experiment=experiment, **options)
        self._is_training = False
        self._began = 0.0
        self._epoch: int | None = None

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Start an own run. One that is still open was cut short."""
        del logs
        self.feed.abandon_unless_entered()
        self._is_training, self._epoch = True, None
        self.feed.begin(self, self._settings)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Start the clock."""
        del epoch, logs
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Log the epoch."""
        values = dict(logs or {})
        rate = self._learning_rate()
        if rate is not None:
            values.setdefault("learning_rate", rate)
        values["epoch_seconds"] = time.perf_counter() - self._began
        self._epoch = epoch
        self.feed.log(values, step=epoch)

    def on_test_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Log an ``evaluate`` that is no part of ``fit``."""
        if not self._is_training and self.run is not None:
            self.feed.log({f"test_{name}": value for name, value in (logs or {}).items()}, step=self._epoch)

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Say whether it stopped early, and close an own run."""
        del logs
        self._is_training = False
        epochs = (self.params or {}).get("epochs")
        if self._epoch is not None and epochs is not None and self._epoch + 1 < epochs:
            self.feed.set_tags({"stopped_early_at_epoch": self._epoch})
        self.feed.end()

    def _learning_rate(self) -> float | None:
        rate = getattr(getattr(self.model, "optimizer", None), "learning_rate", None)
        try:
            return as_number(keras.ops.convert_to_numpy(rate)) if rate is not None else None
        except Exception:  # noqa: BLE001 - an optimizer of somebody's own: no learning rate then
            return None

    def _settings(self) -> dict[str, object]:
        optimizer = getattr(self.model, "optimizer", None)
        config: Mapping[str, Any] = optimizer.get_config() if optimizer is not None else {}
        told = {
            "model": type(self.model).__name__,  # its name is numbered through within a process
            "model_parameters": self.model.count_params() if self.model.built else None,
            "loss": getattr(self.model, "loss", None),
            "epochs": (self.params or {}).get("epochs"),
            "optimizer": {**config, "name": type(optimizer).__name__},
        }
        return {name: _rounded(value) for name, value in settings(told).items() if value is not None}


def _rounded(value: object) -> object:
    """Show a number that Keras keeps in 32 bits as it was given: 0.001, not 0.0010000000474974513."""
    return float(f"{value:.{_FLOAT32_DIGITS}g}") if isinstance(value, float) else value
