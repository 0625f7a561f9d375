"""Optuna: a trial is a run.

Two ways: :class:`RunCallback` writes each trial when it is over; :func:`trial_run` opens the run inside the
objective, for logging while it trains. Nothing of Optuna is imported before it is used.
"""

from __future__ import annotations

import datetime as dt
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Unpack

from reportgen.collect import Run, start_run
from reportgen.integrations.feed import RunOptions
from reportgen.integrations.values import metric_name, settings

INTERMEDIATE = "intermediate_value"
"""The metric of what a trial reports on its way; its steps are those of ``trial.report``."""

_FAILED = "the objective raised or returned no number; Optuna does not keep what it was"
_STATUSES = {"COMPLETE": "finished", "PRUNED": "pruned", "FAIL": "failed"}


class RunCallback:
    """Write each trial as a run when it is over: parameters, values, what it reported, attributes, times.

    Safe with ``n_jobs``. Optuna does not call callbacks for a trial whose exception leaves ``optimize``: give
    ``catch=(Exception,)``, or use :func:`trial_run`, or :meth:`log_missing` afterwards.

    Args:
        experiment: The experiment of the runs.
        metric: The name of the value that is optimised, or one for each of several; by default the study's
            own ``metric_names``, else ``value`` (``value_0``, ...).
        options: As for :func:`reportgen.start_run`; ``params`` and ``tags`` go into each run.
    """

    def __init__(
        self, experiment: str, *, metric: str | Sequence[str] | None = None, **options: Unpack[RunOptions]
    ) -> None:
        self._experiment = experiment
        self._metric = metric
        self._options = options
        self._mutex = threading.Lock()
        self._written: set[tuple[str, int]] = set()

    def __call__(self, study: Any, trial: Any) -> None:
        """Write one trial, once."""
        status = _STATUSES.get(trial.state.name)
        with self._mutex:
            if status is None or (study.study_name, trial.number) in self._written:
                return
            self._written.add((study.study_name, trial.number))
        options = _options_of(study.study_name, trial, self._options)
        started, ended = _aware(trial.datetime_start), _aware(trial.datetime_complete)
        run = start_run(self._experiment, started=started or ended, **options)
        for step in sorted(trial.intermediate_values):
            run.log_metrics({INTERMEDIATE: trial.intermediate_values[step]}, step=step, time=ended)
        values = _values_of(study, trial, self._metric) if status == "finished" else {}
        if values:
            run.log_metrics(values, time=ended)
        run.finish(status, reason=_FAILED if status == "failed" else "", time=ended)

    def log_missing(self, study: Any) -> None:
        """Write the trials of a study that are over and that this callback has not written yet."""
        for trial in study.get_trials(deepcopy=False):
            self(study, trial)


@contextmanager
def trial_run(trial: Any, experiment: str, **options: Unpack[RunOptions]) -> Iterator[Run]:
    """Open the run of a trial inside the objective; the way out of the block gives its status.

    ``TrialPruned`` is *pruned*, another exception *failed*. The parameters that were suggested by the end of
    the block are logged then.

    Args:
        trial: The trial that Optuna hands to the objective.
        experiment: The experiment of the run.
        options: As for :func:`reportgen.start_run`.
    """
    name = trial.study.study_name
    with start_run(experiment, **_options_of(name, trial, options)) as run:
        try:
            yield run
        finally:
            run.log_params(settings(trial.params))
            error = sys.exception()
            if _is_pruned(error):
                run.finish("pruned", reason=str(error).partition("\n")[0])


def _is_pruned(error: BaseException | None) -> bool:
    pruned: Any = getattr(sys.modules.get("optuna"), "TrialPruned", None)
    return pruned is not None and isinstance(error, pruned)


def _options_of(study_name: str, trial: Any, given: RunOptions) -> RunOptions:
    """Add to what was given what the trial tells; what was given counts more."""
    tags: Mapping[str, object] = {"study": study_name, "trial": trial.number, **settings(trial.user_attrs)}
    options: RunOptions = {"name": f"trial {trial.number}", "group": study_name, **given}
    options["params"] = {**settings(trial.params), **(given.get("params") or {})}
    options["tags"] = {**tags, **(given.get("tags") or {})}
    return options


def _values_of(study: Any, trial: Any, metric: str | Sequence[str] | None) -> dict[str, float]:
    values = trial.values or []
    given = [metric] if isinstance(metric, str) else list(metric or study.metric_names or ())
    usual = ["value"] if len(values) == 1 else [f"value_{place}" for place in range(len(values))]
    names = [metric_name(name) for name in given] if len(given) == len(values) else usual
    return dict(zip(names, values, strict=True))


def _aware(time: dt.datetime | None) -> dt.datetime | None:
    """Give a time that Optuna keeps without its zone, the local one, with it."""
    return time.astimezone() if time is not None else None
