"""Run: what a training script calls. Each call is one ``write`` of whole rows."""

from __future__ import annotations

import os
from threading import RLock
from time import monotonic
from time import time as clock

from reportgen.collect import exits, ranks
from reportgen.collect.alive import AliveLock, take_further_lock
from reportgen.collect.append import RunFolder, say
from reportgen.collect.extras import RunExtras
from reportgen.collect.keeping import Keeping
from reportgen.collect.points import PointFiles
from reportgen.collect.rows import checked_text, epoch_seconds, fact_row, named_facts
from reportgen.collect.tails import cut_torn_tail, newest_time
from reportgen.errors import LoggingError
from reportgen.schema import LIVE_DIRECTORIES, RUN_HEADER, STATUSES, run_file_name, without_credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from reportgen.collect.rows import Fact

CLOSING_STATUSES = tuple(status for status in STATUSES if status != "running")

_OPEN, _FORKED, _CLOSED = 0, 1, 2
_CHECK_EVERY_S = 1.0


class Run(RunExtras, Keeping):
    """One run that is being logged; :func:`reportgen.start_run` gives it.

    Use it in a ``with`` block, which closes it with the right status. All methods may be called from
    several threads. A process that was forked off may go on logging: it gets files of its own.

    Args:
        folder: The run folder.
        experiment: The folder's parent.
        writer: Empty for the run's own writer, else the name that its files bear.
        lock: The lock that says that this process lives.
        host: This machine's name as it may appear in file names.
    """

    def __init__(self, folder: RunFolder, experiment: str, writer: str, lock: AliveLock, host: str) -> None:
        self.id = os.path.basename(folder.directory)
        """Unique between machines; sorts by time."""
        self.experiment = experiment
        self.real_directory = os.path.realpath(folder.directory)
        self.signalled = ""
        self.is_rank = False  # of a distributed job, whose other ranks write this run too
        self.tells_start = not writer  # which machine and code it is; of a job also the rank that came first
        self._folder = folder
        self._writer = writer
        self._lock = lock
        self._host = host
        self._mutex = RLock()  # a signal handler may close the run in the middle of a call
        self._state = _OPEN
        self._has_forked = False
        self.has_own_start = False  # it is a record of an earlier run: its end is that of its newest metrics
        self._newest_given = 0.0
        self._newest = 0.0
        self._next_check = clock() + _CHECK_EVERY_S
        self._next_beat = monotonic() + _CHECK_EVERY_S
        self._open_files()

    def __repr__(self) -> str:
        """Show id and folder."""
        return f"<Run {self.id} in {self._folder.directory}>"

    def __enter__(self) -> Self:
        """Give the run itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the run with the status that the way out of the block says."""
        status, reason = exits.outcome(error)
        if error is not None and self.signalled:
            status, reason = "interrupted", self.signalled
        self.finish(status, reason=reason)

    @property
    def is_further_writer(self) -> bool:
        """Whether another process writes this run too, and this one has files of its own."""
        return bool(self._writer)

    @property
    def is_open(self) -> bool:
        """Whether it can be logged to."""
        return self._state != _CLOSED

    @property
    def directory(self) -> Path:
        """The run folder, absolute."""
        from pathlib import Path  # twice as long to import as the logger's start takes

        return Path(self._folder.directory)

    def log_metrics(
        self, values: Mapping[str, object], step: float | None = None, *, time: float | datetime | None = None
    ) -> None:
        """Log one number for each of these metrics; when the call returns, the kernel has the row.

        Args:
            values: Numbers by name: Python's, NumPy's or Torch's of one element; nan and infinities too.
            step: Epoch, batch or the like; None where there is none.
            time: Seconds since 1970 (UTC) or a ``datetime`` with a time zone, for records that are
                entered later; now by default.

        Raises:
            LoggingError: A bad name, value, step or time, or the run is finished.
            RunStorageError: The row cannot be written; with ``strict=True`` only.
        """
        with self._mutex:
            if self._state:
                self._wake("log_metrics")
            at = clock()
            if not self._newest <= at < self._next_check:
                at = self._check(at)
            self._newest = at
            if time is not None:
                at = epoch_seconds(time, "log_metrics")
                self._newest_given = max(self._newest_given, at)
            self._points.add(values, step, at)

    def log_metric(
        self, name: str, value: object, step: float | None = None, *, time: float | datetime | None = None
    ) -> None:
        """Log one number; see :meth:`log_metrics`, which is cheaper for several of one step."""
        self.log_metrics({name: value}, step, time=time)

    def log_params(self, values: Mapping[str, object]) -> None:
        """Log parameters, as in ``{"lr": 0.1, "layers": [64, 64]}``; of a repeated name the latest counts.

        Values of names that look like secrets are written as ``[redacted]``.

        Raises:
            LoggingError: A bad name or value, or the run is finished.
            RunStorageError: The rows cannot be written; with ``strict=True`` only.
        """
        self.write_facts(named_facts("param", values))

    def log_param(self, name: str, value: object) -> None:
        """Log one parameter; see :meth:`log_params`."""
        self.log_params({name: value})

    def set_tags(self, values: Mapping[str, object]) -> None:
        """Set tags: words about the run that are no settings of it, as in ``{"purpose": "ablation"}``.

        Raises:
            LoggingError: A bad name or value, or the run is finished.
            RunStorageError: The rows cannot be written; with ``strict=True`` only.
        """
        self.write_facts(named_facts("tag", values))

    def note(self, text: str) -> None:
        """Add a note for the reader; all notes are kept, in order.

        Raises:
            LoggingError: It is no text, or the run is finished.
            RunStorageError: The row cannot be written; with ``strict=True`` only.
        """
        self.write_facts([("note", "", without_credentials(checked_text(text, "note")))])

    def finish(
        self, status: str = "finished", *, reason: str = "", time: float | datetime | None = None
    ) -> None:
        """Close the run; a second call does nothing.

        Args:
            status: ``finished``, ``failed``, ``interrupted`` or ``pruned``.
            reason: Why it ended so, in one line.
            time: When it ended, for records that are entered later; by default now, or the time of the
                newest metrics if the run was given its own start and the metrics their own times.

        Raises:
            LoggingError: An unknown status.
            RunStorageError: Something is not on the disk; with ``strict=True`` only.
        """
        if status not in CLOSING_STATUSES:
            raise LoggingError(
                f"{status!r} is no closing status",
                where="finish",
                found=f"known are {', '.join(CLOSING_STATUSES)}",
            )
        reason = checked_text(reason, "finish reason")
        self._stop_system_metrics()
        with self._mutex:
            if self._state == _CLOSED:
                return
            at = self._end_time() if time is None else epoch_seconds(time, "finish")
            try:
                if self._state == _OPEN:
                    self._write_status(status, reason, at)
            finally:
                unwritten = self._shut()
        self._folder.tell_missing(self.id, unwritten)

    def close_quietly(self, status: str, reason: str) -> None:
        """Close the run while the process ends: trouble is told, never raised."""
        if self.signalled:
            status, reason = "interrupted", self.signalled
        try:
            self.finish(status, reason=reason)
        except Exception as error:  # noqa: BLE001 - the process is ending; nobody could catch it
            say(str(error))

    def write_facts(self, facts: Iterable[Fact], *, at: float | None = None) -> None:
        """Write facts in one ``write``: all of them or, after a mistake in one, none.

        Raises:
            LoggingError: A value that cannot be written, or the run is finished.
            RunStorageError: The rows cannot be written and the run is strict.
        """
        moment = self.now() if at is None else at
        rows = "".join([fact_row(moment, *fact) for fact in facts])
        self.write_rows(rows)

    def write_rows(self, rows: str) -> None:
        """Write ready rows of ``run.csv`` in one ``write``.

        Raises:
            LoggingError: The run is finished.
            RunStorageError: The rows cannot be written and the run is strict.
        """
        with self._mutex:
            if self._state:
                self._wake("logging")
            if rows:
                self._facts.append(rows.encode())

    def become_further_writer(self) -> None:
        """In a forked child: leave the parent's files alone; the first call opens files of our own."""
        self._mutex = RLock()  # the parent's may be held by a thread that does not exist here
        for file in self._folder.files:
            file.fd = -1  # the descriptors end with this process; rows that wait are the parent's
        made = self._folder.is_made
        self._folder = RunFolder(
            self._folder.directory, durable=self._folder.durable, strict=self._folder.strict
        )
        self._folder.is_made = made
        self._lock = AliveLock()
        self._system = None  # its thread stayed with the parent
        self._has_forked = True
        if self._state == _OPEN:
            self._state = _FORKED

    def _open_files(self) -> None:
        header = ",".join(RUN_HEADER) + "\n"
        self._facts = self._folder.open_file(run_file_name(self._writer), header)
        self._points = PointFiles(self._folder, self._writer)

    def adopt_files(self) -> None:
        """Go on with the files that an earlier life of this writer left, each cut at its last whole row.

        Raises:
            OSError: They cannot be read or cut.
        """
        cut_torn_tail(self._facts.path, has_newlines_in_cells=True)
        self._points.adopt()
        self._newest = newest_time(self._folder.directory, clock())

    def _wake_if_needed(self, call: str) -> None:
        with self._mutex:
            if self._state:
                self._wake(call)

    def _wake(self, call: str) -> None:
        """Deal with a call on a run that is finished, or that a forked child goes on with."""
        if self._state == _CLOSED:
            raise LoggingError(
                f"the run {self.id} is finished",
                where=call,
                do=f"Log before finish(), or go on with start_run({self.experiment!r}, resume={self.id!r}).",
            )
        self._state = _OPEN
        LIVE_DIRECTORIES.add(self.real_directory)
        try:
            self._lock, self._writer = take_further_lock(self._folder.directory, self._host)
            self._open_files()
            self.adopt_files()
        except OSError as error:
            self._writer = f"{self._host}-{os.getpid()}x{os.urandom(3).hex()}"
            self._open_files()
            self._folder.report(error, self._folder.directory)

    def _check(self, now: float) -> float:
        """Once a second: is the folder still there, and the lock still ours? Give the time of the next row."""
        if monotonic() >= self._next_beat:
            self._next_beat = monotonic() + _CHECK_EVERY_S
            self._next_check = now + _CHECK_EVERY_S
            self._lock.renew()
            for file in self._folder.files:
                file.check()
        return max(now, self._newest)

    def _end_time(self) -> float:
        return self._newest_given if self.has_own_start and self._newest_given else self.now()

    def now(self) -> float:
        """Give the time, but never one before the newest row's: the clock may have been set back."""
        self._newest = max(clock(), self._newest)
        return self._newest

    def _write_status(self, status: str, reason: str, at: float) -> None:
        """Write how it ended; of a further writer only what went wrong: the first one closes the run."""
        if self._has_forked:
            return
        if self.is_rank:
            status, reason = ranks.end_of_rank(self._folder.directory, self._writer, status, reason)
        elif self._writer and status == "finished":
            status = ""
        if not status:
            return
        facts: list[Fact] = [("status", "status", status)]
        if reason:
            facts.append(("status", "reason", without_credentials(reason)))
        self.write_facts(facts, at=at)

    def _shut(self) -> int:
        """Let go of files, lock and hooks, whatever happens; give the number of calls not written."""
        self._state = _CLOSED
        try:
            return self._folder.close()
        finally:
            self._lock.release()
            exits.unwatch(self)
