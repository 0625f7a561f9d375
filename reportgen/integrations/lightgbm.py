"""LightGBM: a callback for ``lightgbm.train``, ``lightgbm.cv`` and the scikit-learn estimators.

Nothing of LightGBM is imported: its callbacks are plain callables.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Protocol, Unpack

from reportgen.collect import Run
from reportgen.integrations.feed import ABANDONED, Feed, RunFeeder, RunOptions
from reportgen.integrations.values import metric_name


class CallbackEnv(Protocol):
    """What LightGBM hands to a callback."""

    model: Any
    params: dict[str, Any]
    iteration: int
    begin_iteration: int
    end_iteration: int
    evaluation_result_list: Sequence[Sequence[Any]] | None


class RunCallback(RunFeeder):
    """Log each round's evaluations as ``<data>/<metric>``, such as ``valid_0/auc``, with the round as step.

    Of a cross-validation the mean (``valid/auc``) and the standard deviation over the folds
    (``valid/auc/std``) are logged.

    LightGBM does not tell a callback that early stopping ended a training. A run of the callback's own is
    then closed when the callback goes out of use, with the tag ``best_iteration``; a ``with`` block, here or
    around the run, closes it at once.

    Args:
        run: See :class:`~reportgen.integrations.feed.RunFeeder`.
        experiment: The same.
        options: The same.
    """

    def __init__(
        self, run: Run | None = None, *, experiment: str | None = None, **options: Unpack[RunOptions]
    ) -> None:
        super().__init__(run, experiment=experiment, **options)
        self.order = 20  # before early stopping (30), whose exception ends a round
        self.before_iteration = False
        self.feed: _StoppableFeed = _StoppableFeed(run, experiment, options)

    def __call__(self, env: CallbackEnv) -> None:
        """Log a round; the first one starts an own run, the last one closes it."""
        if env.iteration == env.begin_iteration:
            self.feed.abandon_unless_entered()
            self.feed.begin(self, lambda: env.params)
        _log_round(self.feed, env)
        if env.iteration + 1 == env.end_iteration:
            self.feed.end()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close an own run with the right status."""
        if self.feed.has_open_run:
            _tag_best(self.feed)
        super().__exit__(kind, error, trace)


class _StoppableFeed(Feed):
    """A feed that can tell early stopping from an exception, by what LightGBM left in the model."""

    model: Any = None

    def abandon(self) -> None:
        """Close an own run of which nobody told the end: early stopping leaves the best round."""
        is_stopped = getattr(self.model, "best_iteration", 0) > 0
        if self.has_open_run:
            _tag_best(self)
        self.is_entered = False
        self.end(*(("finished", "") if is_stopped else ("interrupted", ABANDONED)))

    def __deepcopy__(self, memo: dict[int, object]) -> _StoppableFeed:
        """Copy the way to a run, not the run."""
        return _StoppableFeed(self._handed, self.experiment, self.options)


def _tag_best(feed: _StoppableFeed) -> None:
    best = getattr(feed.model, "best_iteration", 0)
    if best > 0:
        feed.set_tags({"best_iteration": best - 1})  # LightGBM counts rounds from 1 here, steps count from 0


def _log_round(feed: _StoppableFeed, env: CallbackEnv) -> None:
    values: dict[str, float] = {}
    for data, metric, value, _is_higher_better, *deviation in env.evaluation_result_list or ():
        values[metric_name(data, metric)] = value
        if deviation and deviation[0] is not None:
            values[metric_name(data, metric, "std")] = deviation[0]
    feed.model = env.model
    feed.log(values, step=env.iteration)
