"""PyTorch Lightning: a ``Logger`` for its ``Trainer``.

Importing this module imports ``lightning`` (or ``pytorch_lightning``, where that is what the training uses).
"""

from __future__ import annotations

import sys
from typing import Any, Unpack

from reportgen.collect import Run
from reportgen.integrations.feed import RunFeeder, RunOptions, missing_framework
from reportgen.integrations.values import settings

try:
    if "pytorch_lightning" in sys.modules and "lightning.pytorch" not in sys.modules:
        from pytorch_lightning.loggers.logger import Logger
        from pytorch_lightning.utilities import rank_zero_only
    else:
        from lightning.pytorch.loggers.logger import Logger
        from lightning.pytorch.utilities import rank_zero_only
except ImportError as error:
    raise missing_framework("lightning", "lightning", error) from error


class RunLogger(RunFeeder, Logger):  # type: ignore[misc]  # untyped where Lightning is not installed
    """Log what a module logs with ``self.log``, with the trainer's step as step.

    Hyperparameters (``save_hyperparameters``) become parameters, nested ones with dots in their names. Only
    the first process logs. Checkpoints go, unless told otherwise, into the run's own folder. An own run ends
    with ``fit``: as *failed* or *interrupted* if an exception ended it; a ``test`` after it is added.

    Args:
        run: See :class:`~reportgen.integrations.feed.RunFeeder`.
        experiment: The same.
        log_checkpoint: Copy the best checkpoint into the run as an artifact, at the end.
        options: See :class:`~reportgen.integrations.feed.RunFeeder`.
    """

    def __init__(
        self,
        run: Run | None = None,
        *,
        experiment: str | None = None,
        log_checkpoint: bool = False,
        **options: Unpack[RunOptions],
    ) -> None:
        Logger.__init__(self)
        RunFeeder.__init__(self, run, experiment=experiment, **options)
        self._log_checkpoint = log_checkpoint
        self._checkpoints: Any = None

    @property
    def name(self) -> str | None:
        """The experiment."""
        run = self.feed.run
        return run.experiment if run is not None else self.feed.experiment

    @property
    def version(self) -> str | None:
        """The run's id; None in all processes but the first."""
        run = self.experiment
        return run.id if run is not None else None

    @property
    def save_dir(self) -> str | None:
        """The log directory, so that checkpoints lie in the run's folder."""
        run = self.experiment
        return str(run.directory.parent.parent) if run is not None else None

    @property
    def log_dir(self) -> str | None:
        """The run's folder."""
        run = self.experiment
        return str(run.directory) if run is not None else None

    @property
    def experiment(self) -> Run | None:
        """The run itself, started if need be; None in all processes but the first."""
        if rank_zero_only.rank != 0:
            return None
        if self.feed.run is None:
            self.feed.begin(self)
        return self.feed.run

    @rank_zero_only  # type: ignore[untyped-decorator]  # untyped where Lightning is not installed
    def log_hyperparams(self, params: object = None, *args: Any, **kwargs: Any) -> None:
        """Log hyperparameters; parameters that were given to the logger itself stay."""
        del args, kwargs
        given = self.feed.options.get("params") or {}
        self.feed.go_on(self)
        self.feed.log_params({name: value for name, value in settings(params).items() if name not in given})

    @rank_zero_only  # type: ignore[untyped-decorator]  # untyped where Lightning is not installed
    def log_metrics(self, metrics: dict[str, Any], step: int | None = None) -> None:
        """Log metrics."""
        self.feed.go_on(self)
        self.feed.log(metrics, step=step)

    def after_save_checkpoint(self, checkpoint_callback: Any) -> None:
        """Remember who saves checkpoints."""
        self._checkpoints = checkpoint_callback

    @rank_zero_only  # type: ignore[untyped-decorator]  # untyped where Lightning is not installed
    def finalize(self, status: str) -> None:
        """Close an own run: ``success`` is *finished*, else the exception that is under way says how."""
        best = getattr(self._checkpoints, "best_model_path", "")
        if self._log_checkpoint and best:
            self.feed.log_artifact(best, kind="checkpoint")
            self._checkpoints = None
        kind, error, trace = sys.exc_info()
        if status == "success":
            self.feed.end()
        elif error is not None and not self.feed.is_entered:
            self.feed.leave(kind, error, trace)
        else:
            self.feed.end("failed" if status == "failed" else "interrupted", f"Lightning says {status}")
