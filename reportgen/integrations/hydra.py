"""Hydra: a callback that makes a run of each job, its configuration being the parameters.

In the configuration::

    hydra:
      callbacks:
        reportgen:
          _target_: reportgen.integrations.hydra.RunCallback
          experiment: digits

and in the task ``current_run().log_metrics(...)``. Importing this module imports ``hydra``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Unpack

from reportgen.collect import Run, start_run
from reportgen.collect.secrets import redacted_command
from reportgen.errors import LoggingError
from reportgen.integrations.feed import RunOptions, rank
from reportgen.integrations.values import as_number, settings

try:
    from hydra.core.utils import JobStatus
    from hydra.experimental.callback import Callback
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
except ImportError as error:
    from reportgen.integrations.feed import missing_framework

    raise missing_framework("hydra", "hydra-core", error) from error

_open_runs: list[Run] = []


def current_run() -> Run:
    """Give the run of the job that is under way in this process.

    Raises:
        LoggingError: There is none: outside of a job, or the callback is not configured.
    """
    if not _open_runs:
        raise LoggingError(
            "no job of Hydra with a run is under way in this process",
            where="current_run",
            do="Add reportgen.integrations.hydra.RunCallback to hydra.callbacks in the configuration.",
        )
    return _open_runs[-1]


class RunCallback(Callback):  # type: ignore[misc]  # untyped where Hydra is not installed
    """Make a run of each job. The log directory is that of the folder where the command was started.

    Parameters are the resolved configuration, nested ones with dots in their names. The jobs of a sweep are
    one group. What the task returns is logged if it is a number (*metric*) or names and numbers. A task that
    raises makes a failed run. In a distributed training the first process has the run.

    Args:
        experiment: The experiment of the runs; the job's name by default.
        metric: What to call a number that the task returns.
        options: As for :func:`reportgen.start_run`; ``params`` and ``tags`` go into each run.
    """

    def __init__(
        self, experiment: str | None = None, *, metric: str = "objective", **options: Unpack[RunOptions]
    ) -> None:
        self._experiment = experiment
        self._metric = metric
        self._options = options
        self._run: Run | None = None

    def on_job_start(self, config: Any, **kwargs: Any) -> None:
        """Start the run."""
        del kwargs
        if rank() != 0:
            return
        hydra = config.hydra
        options: RunOptions = {"name": _job_name(hydra), **self._options}
        if "MULTIRUN" in str(hydra.mode):
            options.setdefault("group", str(hydra.sweep.dir))
        given = settings(_plain(self._options.get("params")))
        options["params"] = {**settings(_configuration(config)), **given}
        options["tags"] = {**_tags(hydra), **settings(_plain(self._options.get("tags")))}
        start = str(hydra.runtime.cwd)
        wanted = options.get("directory") or os.environ.get("REPORTGEN_DIR") or "runs"
        options["directory"] = os.path.join(start, os.fspath(wanted))  # noqa: PTH118 - text, as Hydra gives it
        self._run = start_run(self._experiment or str(hydra.job.name), **options)
        _open_runs.append(self._run)

    def on_job_end(self, config: Any, job_return: Any, **kwargs: Any) -> None:
        """Log what the task returned, and close the run."""
        del config, kwargs
        run, self._run = self._run, None
        if run is None:
            return
        _open_runs.remove(run)
        if job_return.status == JobStatus.FAILED:
            error = job_return._return_value  # noqa: SLF001 - the public property raises it
            run.__exit__(type(error), error, None)
            return
        self._log_returned(run, job_return.return_value)
        run.finish()

    def _log_returned(self, run: Run, value: object) -> None:
        values = value if isinstance(value, Mapping) else {self._metric: value}
        numbers = {
            str(name): number for name, part in values.items() if (number := as_number(part)) is not None
        }
        if numbers:
            run.log_metrics(numbers)


def _job_name(hydra: Any) -> str:
    name, number = str(hydra.job.name), OmegaConf.select(hydra, "job.num", throw_on_missing=False)
    return name if number is None else f"{name} {number}"


def _configuration(config: Any) -> Any:
    """Give the task's own configuration as plain Python; what cannot be resolved stays as it is written."""
    own = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
    try:
        return OmegaConf.to_container(own, resolve=True)
    except OmegaConfBaseException:
        return OmegaConf.to_container(own, resolve=False)


def _plain(values: Any) -> Any:
    return OmegaConf.to_container(values) if OmegaConf.is_config(values) else values


def _tags(hydra: Any) -> dict[str, object]:
    overrides = redacted_command(list(hydra.overrides.task))
    return settings({"hydra.output_dir": hydra.runtime.output_dir, "hydra.overrides": overrides})
