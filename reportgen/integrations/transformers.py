"""Hugging Face Transformers: a callback for the ``Trainer``.

Importing this module imports ``transformers``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Unpack

from reportgen.collect import Run
from reportgen.integrations.feed import RunFeeder, RunOptions, missing_framework
from reportgen.integrations.values import settings

try:
    from transformers import TrainerCallback
except ImportError as error:
    raise missing_framework("transformers", "transformers", error) from error

_ALWAYS_TOLD = (
    "learning_rate",
    "num_train_epochs",
    "per_device_train_batch_size",
    "gradient_accumulation_steps",
    "weight_decay",
    "warmup_steps",
    "lr_scheduler_type",
    "optim",
    "seed",
)
_NEVER_TOLD = ("output_dir", "logging_dir", "run_name", "report_to", "local_rank")
"""They say where something goes, not how it is trained: they would make equal runs differ."""


class RunCallback(RunFeeder, TrainerCallback):  # type: ignore[misc]  # untyped where it is not installed
    """Log what the ``Trainer`` logs, with the update step as step: losses, learning rate, ``eval_loss``, ...

    Only the first process of a distributed training logs. What ``predict`` measures is logged too, and what
    ``evaluate`` does after the training, although an own run is closed by then. The best checkpoint becomes
    the tags ``best_metric`` and ``best_step``; of a hyperparameter search each trial is a run.

    Args:
        run: See :class:`~reportgen.integrations.feed.RunFeeder`.
        experiment: The same.
        options: The same; ``resume`` goes on with the run of a training that goes on from a checkpoint.
    """

    def __init__(
        self, run: Run | None = None, *, experiment: str | None = None, **options: Unpack[RunOptions]
    ) -> None:
        RunFeeder.__init__(self, run, experiment=experiment, **options)

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Start an own run. One that is still open was cut short."""
        del control
        if state.is_world_process_zero:
            self.feed.abandon_unless_entered()
            self.feed.begin(self, lambda: _settings(args, kwargs.get("model")))
            if self.feed.is_own and state.trial_params:
                self.feed.log_params(state.trial_params)

    def on_log(
        self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        """Log what the ``Trainer`` logs."""
        del args, control, kwargs
        if state.is_world_process_zero:
            self.feed.log(logs or {}, step=state.global_step)

    def on_predict(
        self, args: Any, state: Any, control: Any, metrics: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        """Log what ``predict`` measures."""
        del args, control, kwargs
        if state.is_world_process_zero:
            self.feed.log(metrics or {}, step=state.global_step)

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Note the best checkpoint, and close an own run."""
        del args, control, kwargs
        if not state.is_world_process_zero:
            return
        if state.best_metric is not None:
            step = getattr(state, "best_global_step", None)
            self.feed.set_tags({"best_metric": state.best_metric, "best_step": step})
        self.feed.end()


def _settings(args: Any, model: Any) -> dict[str, object]:
    """Tell the model and the arguments that matter always, and of the others those that are not as usual."""
    config = getattr(model, "config", None)
    told: dict[str, object] = {
        "model": getattr(config, "name_or_path", "")
        or getattr(config, "model_type", "")
        or type(model).__name__
    }
    if hasattr(model, "num_parameters"):
        told["model_parameters"] = model.num_parameters()
    for field in dataclasses.fields(args):
        value = getattr(args, field.name)
        is_simple = isinstance(value, (bool, int, float, str)) and isinstance(
            field.default, (bool, int, float, str, type(None))
        )
        if field.name in _ALWAYS_TOLD or (is_simple and value != field.default):
            told[field.name] = value
    return {name: value for name, value in settings(told).items() if name not in _NEVER_TOLD}
