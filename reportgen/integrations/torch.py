"""PyTorch: what a training loop of one's own needs to log well. Importing this module does not import Torch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from reportgen.collect import Run
from reportgen.integrations.feed import rank
from reportgen.integrations.values import metric_name, settings


class TrainingLog:
    """Means over the batches of an epoch, the learning rate and the epoch's duration, a row an epoch.

    Values are added up where they are, so that no batch waits for the graphics card; they are read once an
    epoch. In a distributed training the first process logs, the means being those of its own batches.

    Args:
        run: The run to log to.
        optimizer: Its learning rate is logged: ``learning_rate``, or with several groups of parameters
            ``learning_rate/0`` and so on.

    Example::

        log = TrainingLog(run, optimizer)
        for epoch in log.epochs(10):
            for inputs, labels in batches:
                ...
                log.add({"loss": loss}, count=len(inputs))
            log.add({"val_accuracy": accuracy})
    """

    def __init__(self, run: Run, optimizer: Any = None) -> None:
        self._run = run
        self._optimizer = optimizer
        self._means: dict[str, Any] = {}
        self._counts: dict[str, float] = {}

    def epochs(self, stop: int, *, start: int = 0) -> Iterator[int]:
        """Count epochs and log each one when its turn is over, also when the loop is left by ``break``.

        Args:
            stop: The number of epochs in all.
            start: The first epoch of a training that goes on.
        """
        for epoch in range(start, stop):
            began = time.perf_counter()
            try:
                yield epoch
            except GeneratorExit:  # left by break (or by an exception): what there is of it counts
                self.log_epoch(epoch, began)
                raise
            self.log_epoch(epoch, began)

    def add(self, values: dict[str, Any], *, count: float = 1) -> None:
        """Take values into the means of this epoch.

        Args:
            values: Numbers or tensors of one element, such as the mean loss of a batch.
            count: How much they count: the size of the batch.
        """
        for name, value in values.items():
            number = value.detach() if hasattr(value, "detach") else value
            before = self._counts.get(name, 0.0)
            self._counts[name] = before + count
            if before:
                self._means[name] = self._means[name] + (number - self._means[name]) * (
                    count / self._counts[name]
                )
            else:
                self._means[name] = number

    def log_epoch(self, epoch: int, began: float | None = None) -> None:
        """Log what was added since the last time.

        Args:
            epoch: The step.
            began: When it began, as ``time.perf_counter`` gave it; for ``epoch_seconds``.
        """
        values, self._means, self._counts = dict(self._means), {}, {}
        if not values or rank() != 0:
            return
        if began is not None:
            values["epoch_seconds"] = time.perf_counter() - began
        self._run.log_metrics({**values, **self._learning_rates()}, step=epoch)

    def _learning_rates(self) -> dict[str, float]:
        groups: list[dict[str, Any]] = getattr(self._optimizer, "param_groups", [])
        if len(groups) == 1:
            return {"learning_rate": float(groups[0]["lr"])}
        return {metric_name("learning_rate", place): float(group["lr"]) for place, group in enumerate(groups)}


def parameters_of(model: Any, optimizer: Any = None) -> dict[str, object]:
    """Tell the settings of a model and an optimizer, for ``start_run(params=...)``.

    Args:
        model: A module: its class and its number of parameters that are trained.
        optimizer: Its class and the settings of its first group of parameters.
    """
    told: dict[str, object] = {
        "model": type(model).__name__,
        "model_parameters": sum(part.numel() for part in model.parameters() if part.requires_grad),
    }
    if optimizer is not None:
        group = {name: value for name, value in optimizer.param_groups[0].items() if name != "params"}
        usual = {name: value for name, value in group.items() if value is not None}
        told["optimizer"] = {"name": type(optimizer).__name__, **usual}
    return settings(told)
