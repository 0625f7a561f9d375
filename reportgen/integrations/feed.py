"""Where a callback logs to: a run that was handed over, or a run of its own that it starts and closes."""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TypedDict, Unpack

from reportgen.collect import Run, start_run
from reportgen.errors import LoggingError, MissingFrameworkError
from reportgen.integrations.values import settings, split_numbers

ABANDONED = "the training ended before its end was reached: the framework does not tell why"

_MAX_SAME_NAMES = 1000
"""Number of files of one name that a run takes from a framework."""

_RANK_VARIABLES = ("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "LOCAL_RANK")


class RunOptions(TypedDict, total=False):
    """What :func:`reportgen.start_run` takes besides the experiment, for a run of the callback's own."""

    name: str | None
    params: Mapping[str, object] | None
    tags: Mapping[str, object] | None
    group: str | None
    parent: str | None
    directory: str | os.PathLike[str] | None
    resume: str | None
    durable: bool
    capture: bool
    capture_user: bool
    strict: bool


def missing_framework(library: str, package: str, error: ImportError) -> MissingFrameworkError:
    """Make the error that says which library an integration needs, and how to install it."""
    return MissingFrameworkError(
        f"{library} cannot be imported ({error})",
        where=f"reportgen.integrations.{library}",
        do=f"Install it: pip install {package}",
    )


def rank() -> int:
    """Tell which of the processes of a distributed training this is; 0 where there is only one."""
    distributed = getattr(sys.modules.get("torch"), "distributed", None)
    if distributed is not None and distributed.is_available() and distributed.is_initialized():
        return int(distributed.get_rank())
    for name in _RANK_VARIABLES:
        text = os.environ.get(name, "")
        if text.isdecimal():
            return int(text)
    return 0


class Feed:
    """A run to log to, whoever's it is. In all processes but the first of a training it logs nothing.

    Args:
        run: A run that was handed over: it is not started, not closed, and gets no parameters.
        experiment: Instead, the experiment of a run of its own.
        options: The rest of what that run is started with.

    Raises:
        LoggingError: Neither or both of *run* and *experiment* are given.
    """

    def __init__(self, run: Run | None, experiment: str | None, options: RunOptions) -> None:
        if (run is None) == (experiment is None) or (run is not None and options):
            raise LoggingError(
                "give either a run, or an experiment and what else its run is to have",
                where="the callback",
                do='Write RunCallback(run) or RunCallback(experiment="digits", params={...}).',
            )
        self.experiment = experiment
        self.options = options
        self.is_entered = False
        """A ``with`` block closes the run: the end of a training does not."""
        self._handed = run
        self._own: Run | None = None
        self._closed: Run | None = None
        self._ended = ("finished", "")
        self._left_out: set[str] = set()
        self._is_first = True
        self._has_begun = False

    def __deepcopy__(self, memo: dict[int, object]) -> Feed:
        """Copy the way to a run, not the run: frameworks copy callbacks for each of several trainings."""
        return Feed(self._handed, self.experiment, self.options)

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process; only as the way to a run of its own."""
        if self._handed is not None:
            raise LoggingError(
                "a run cannot be handed to another process",
                where="the callback",
                do='Let the callback start its own: RunCallback(experiment="digits").',
            )
        return Feed, (None, self.experiment, self.options)

    @property
    def is_own(self) -> bool:
        """Whether the callback starts and closes the run itself."""
        return self._handed is None

    @property
    def wants_settings(self) -> bool:
        """Whether the framework's settings become parameters: of an own run without parameters given."""
        return self._own is not None and not self.options.get("params")

    @property
    def run(self) -> Run | None:
        """The run: the one handed over, or the own one, also after its end; None before it starts."""
        return self._handed or self._own or self._closed

    def begin(self, owner: object, tell: Callable[[], object] | None = None) -> None:
        """Start an own run, if none is open.

        Args:
            owner: The callback; when it goes and nobody closed the run, the training was cut short.
            tell: Gives the framework's settings.
        """
        self._is_first = rank() == 0
        if self._handed is not None or not self._is_first:
            return
        if self._own is None:
            self._left_out.clear()
            self._own = start_run(str(self.experiment), **self.options)
        if not self._has_begun:
            self._has_begun = True
            weakref.finalize(owner, self.abandon).atexit = False  # at exit the logger knows more
        if tell is not None and self.wants_settings:
            self.log_params(tell())

    def go_on(self, owner: object) -> None:
        """Start an own run, or open it again if it is closed, until its next end."""
        if self._own is None and self._closed is not None:
            self._own, self._has_begun = self._reopen(self._closed), True
            weakref.finalize(owner, self.abandon).atexit = False
        else:
            self.begin(owner)

    def log(self, values: Mapping[Any, Any], step: float | None = None) -> None:
        """Log what is a number of these; what is none is told in a note, once."""
        numbers, others = split_numbers(values)
        new = {name: kind for name, kind in others.items() if name not in self._left_out}
        if not self._is_first or not (numbers or new):
            return
        with self._opened() as run:
            if numbers:
                run.log_metrics(numbers, step=step)
            if new:
                self._left_out.update(new)
                named = ", ".join(f"{name} ({kind})" for name, kind in new.items())
                run.note(f"Left out of the metrics, because it is no single number: {named}.")

    def log_params(self, values: object) -> None:
        """Log settings as parameters."""
        plain = settings(values)
        if self._is_first and plain:
            with self._opened() as run:
                run.log_params(plain)

    def set_tags(self, values: Mapping[str, object]) -> None:
        """Set tags."""
        plain = settings(values)
        if self._is_first and plain:
            with self._opened() as run:
                run.set_tags(plain)

    def log_artifact(self, path: str, *, kind: str) -> None:
        """Copy a file into the run, if it is there.

        The framework chose the file's name: characters that no name may have become ``_``, and where
        other content has the name already it gets a number.
        """
        if not (self._is_first and os.path.isfile(path)):  # noqa: PTH113 - a path as the framework gives it
            return
        plain = "".join("_" if char in '<>:"|?*' else char for char in os.path.basename(path))  # noqa: PTH119 - the same
        stem, suffix = os.path.splitext(plain)  # noqa: PTH122 - the same
        with self._opened() as run:
            for number in range(2, _MAX_SAME_NAMES):
                try:
                    run.log_artifact(path, name=plain, kind=kind)
                except LoggingError:
                    plain = f"{stem}-{number}{suffix}"
                else:
                    return
            run.log_artifact(path, name=plain, kind=kind)

    def end(self, status: str = "finished", reason: str = "") -> None:
        """Close an own run, unless a ``with`` block will."""
        if self._own is not None and not self.is_entered:
            self._closed, self._own, self._ended = self._own, None, (status, reason)
            self._has_begun = False
            self._closed.finish(status, reason=reason)

    def leave(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close an own run with the status that this exception, or none, stands for."""
        self.is_entered = False
        if self._own is not None:
            self._closed, self._own, self._ended = self._own, None, _end_of(error)
            self._has_begun = False
            self._closed.__exit__(kind, error, trace)

    @property
    def has_open_run(self) -> bool:
        """Whether an own run is open."""
        return self._own is not None

    def abandon_unless_entered(self) -> None:
        """At the start of a training: the one before that is still under way was cut short."""
        if self._has_begun and not self.is_entered:
            self.abandon()

    def abandon(self) -> None:
        """Close an own run of which nobody told the end."""
        self.is_entered = False
        self.end("interrupted", ABANDONED)

    @contextmanager
    def _opened(self) -> Iterator[Run]:
        """Give the run; one that is closed already (``evaluate`` after ``fit``) is opened for the block."""
        run = self._handed or self._own
        if run is None and self._closed is None:
            run = self._own = start_run(str(self.experiment), **self.options)
        if run is not None:
            yield run
        elif self._closed is not None:
            again = self._reopen(self._closed)
            try:
                yield again
            finally:
                status, reason = self._ended
                again.finish(status, reason=reason)

    def _reopen(self, closed: Run) -> Run:
        return start_run(
            closed.experiment,
            resume=closed.id,
            directory=closed.directory.parent.parent,
            durable=self.options.get("durable", False),
            strict=self.options.get("strict", False),
            capture=False,
        )


def _end_of(error: BaseException | None) -> tuple[str, str]:
    """Say the status of a run that is opened once more after this exception had closed it."""
    if error is None:
        return "finished", ""
    status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
    return status, f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")


class RunFeeder:
    """What all callbacks share.

    Args:
        run: The run to log to. The callback leaves its parameters and its end to you: start it in a
            ``with`` block, which closes it with the right status, whatever the training raises.
        experiment: Instead, the experiment of a run that the callback starts at the beginning of a
            training and closes at its end. As a ``with`` block (``with RunCallback(experiment=...) as
            callback:``) it closes also what an exception ended.
        options: As for :func:`reportgen.start_run`. Without ``params`` the framework's settings are logged.

    Raises:
        LoggingError: Neither or both of *run* and *experiment* are given.
    """

    def __init__(
        self, run: Run | None = None, *, experiment: str | None = None, **options: Unpack[RunOptions]
    ) -> None:
        self.feed = Feed(run, experiment, options)

    @property
    def run(self) -> Run | None:
        """The run that is logged to; None before an own one starts."""
        return self.feed.run

    def finish(self, status: str = "finished", reason: str = "") -> None:
        """Close an own run now."""
        self.feed.is_entered = False
        self.feed.end(status, reason)

    def __enter__(self) -> Self:
        """Start an own run; the end of the block closes it."""
        self.feed.begin(self)
        self.feed.is_entered = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close an own run with the right status."""
        self.feed.leave(kind, error, trace)
