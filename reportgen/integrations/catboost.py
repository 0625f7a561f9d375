"""CatBoost: a callback for ``fit``, of the Python estimators on the CPU.

Nothing of CatBoost is imported: its callbacks are plain objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from reportgen.errors import LoggingError
from reportgen.integrations.feed import RunFeeder
from reportgen.integrations.values import metric_name


class IterationInfo(Protocol):
    """What CatBoost hands to a callback."""

    iteration: int
    metrics: Mapping[str, Mapping[str, Sequence[float]]]


class RunCallback(RunFeeder):
    """Log each iteration's metrics as ``<data>/<metric>``, such as ``validation/RMSE``.

    CatBoost tells a callback neither its settings nor how a training ends. So hand a run over, or let a
    ``with`` block close the callback's own: ``with RunCallback(experiment="trees") as callback:``.

    Args:
        run: See :class:`~reportgen.integrations.feed.RunFeeder`.
        experiment: The same.
        options: The same.
    """

    def after_iteration(self, info: IterationInfo) -> bool:
        """Log the iteration (the step, from 0); always asks to go on.

        Raises:
            LoggingError: An own run without a ``with`` block, which nothing would close.
        """
        if self.feed.is_own and not self.feed.is_entered:
            raise LoggingError(
                "CatBoost does not tell callbacks when a training ends, so nothing would close this run",
                where="RunCallback",
                do='Write "with RunCallback(experiment=...) as callback:" around fit, or hand over a run.',
            )
        values = {
            metric_name(data, metric): history[-1]
            for data, metrics in info.metrics.items()
            for metric, history in metrics.items()
            if len(history)
        }
        self.feed.log(values, step=info.iteration - 1)
        return True
