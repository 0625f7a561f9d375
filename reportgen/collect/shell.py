"""What ``reportgen log`` writes: files that all of its processes of a run share, whole rows in one ``write``."""

from __future__ import annotations

import errno
import os
from time import sleep
from time import time as clock

from reportgen.collect.alive import AliveLock
from reportgen.collect.append import AppendFile, RunFolder, sync_file
from reportgen.collect.outer import RUN_VARIABLE
from reportgen.collect.rows import checked_name, metric_number, step_cell
from reportgen.collect.run import Run
from reportgen.collect.start import DEFAULT_DIRECTORY, DIRECTORY_VARIABLE
from reportgen.collect.tails import cut_torn_tail
from reportgen.collect.told import ToldRun, read_run
from reportgen.errors import LoggingError, RunStorageError
from reportgen.schema import (
    LONG_HEADER,
    RUN_FILE,
    RUN_HEADER,
    SHELL_METRICS_FILE,
    SHELL_RUN_FILE,
    format_float,
    quote_cell,
)

try:
    import fcntl
except ImportError:  # Windows: two first calls at the very same moment may both write a header
    fcntl = None  # type: ignore[assignment]  # the rest asks for None

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SHELL_WRITER = "shell"
_LONGEST_WAIT_S = 10.0
"""Another process holds a file for less than a millisecond; one that was stopped in there is not waited for."""


class SharedFile(AppendFile):
    """A file that many processes append to, each by one ``write`` of whole rows.

    A lock is held around it, so that one process writes the header, and what a process that was
    killed or a full disk has left of a row is cut off before the next one.
    """

    __slots__ = ()

    def append(self, rows: bytes) -> None:
        """Hand whole rows to the kernel in one ``write``: all of them or none.

        Raises:
            RunStorageError: That did not work.
        """
        try:
            fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
            try:
                _lock(fd)
                cut_torn_tail(self.path, has_newlines_in_cells=self.path.endswith(SHELL_RUN_FILE))
                size = os.fstat(fd).st_size
                whole = rows if size else self._header + rows
                if os.write(fd, whole) < len(whole):
                    os.ftruncate(fd, size)
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                if self.folder.durable:
                    sync_file(fd)
            finally:
                os.close(fd)
        except OSError as error:
            raise RunStorageError(
                f"cannot be written ({error.strerror or error})", where=self.path, do="Nothing was logged."
            ) from error


class _SharedPoints:
    """The file of points that all ``reportgen log`` processes of a run share."""

    def __init__(self, folder: RunFolder) -> None:
        self._file = SharedFile(folder, SHELL_METRICS_FILE, ",".join(LONG_HEADER) + "\n")

    def add(self, values: Mapping[str, object], step: object, at: float) -> None:
        """Write one row for each value, all in one ``write``; see :meth:`PointFiles.add`."""
        head = f"{at:.3f},{step_cell(step)},"
        rows = [
            f"{head}{quote_cell(checked_name(name, 'metric'))},{format_float(metric_number(name, value))}\n"
            for name, value in values.items()
        ]
        if rows:
            self._file.append("".join(rows).encode())


class ShellRun(Run):
    """A run as ``reportgen log`` sees it: one call, then it is let go; it has no life of its own.

    Args:
        told: The run as its folder tells it.
        durable: Force every row to the disk.
    """

    def __init__(self, told: ToldRun, *, durable: bool = False) -> None:
        folder = RunFolder(told.directory, durable=durable, strict=True)
        folder.is_made = True
        super().__init__(folder, told.experiment, SHELL_WRITER, AliveLock(), "")

    def _open_files(self) -> None:
        self._facts = SharedFile(self._folder, SHELL_RUN_FILE, ",".join(RUN_HEADER) + "\n")
        self._points = _SharedPoints(self._folder)  # type: ignore[assignment]  # has what Run asks of it

    def tell_end(self, status: str, reason: str) -> None:
        """Say how the run ended; who has started it closes it, and takes this word for it.

        Raises:
            RunStorageError: It cannot be written.
        """
        self.write_facts([("status", "status", status), ("status", "reason", reason or None)], at=clock())


def _lock(fd: int) -> None:
    """Keep the other processes away until the descriptor is closed; go on without where there are no locks."""
    if fcntl is None:
        return
    waited = 0.0
    while waited < _LONGEST_WAIT_S:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sleep(0.001)
            waited += 0.001
        except OSError:
            return
        else:
            return


def find_told_run(name: str | None, directory: str | None = None) -> ToldRun:
    """Find the run to log to.

    Args:
        name: A run folder, or a run's id or the unique start of one; the run around us by default.
        directory: The log directory to look for ids in.

    Raises:
        LoggingError: There is none, or several fit.
        RunStorageError: The folder of the run around us is gone or cannot be read.
    """
    if name is None:
        return _told_around_us()
    if os.path.exists(os.path.join(name, RUN_FILE)):
        return _must_tell(os.path.abspath(name))
    home = directory or os.environ.get(DIRECTORY_VARIABLE) or DEFAULT_DIRECTORY
    found: list[str] = []
    for experiment in _folders(home):
        found += [path for path in _folders(experiment) if os.path.basename(path).startswith(name)]
    found = [path for path in found if os.path.exists(os.path.join(path, RUN_FILE))]
    exact = [path for path in found if os.path.basename(path) == name]
    if len(exact or found) != 1:
        some = ", ".join(os.path.basename(path) for path in found[:3])
        raise LoggingError(
            f"{name!r} fits {len(found)} runs"
            if found
            else f"there is no run {name!r} in {os.path.abspath(home)}",
            where="--run",
            found=f"such as {some}" if found else "",
            do="Give a run's folder, or its id and --directory.",
        )
    return _must_tell(os.path.abspath((exact or found)[0]))


def _told_around_us() -> ToldRun:
    directory = os.environ.get(RUN_VARIABLE)
    if not directory:
        raise LoggingError(
            f"there is no run to log to: {RUN_VARIABLE} is not set, and no --run is given",
            do="Call it in a script that was started by `reportgen run --experiment NAME -- SCRIPT`, "
            "or name a run: --run FOLDER_OR_ID.",
        )
    told = read_run(directory)
    if told is None:
        raise RunStorageError(
            f"{directory!r} is no run folder, or cannot be read", where=RUN_VARIABLE, do="Nothing was logged."
        )
    return told


def _must_tell(directory: str) -> ToldRun:
    told = read_run(directory)
    if told is None:
        raise LoggingError(f"{directory!r} cannot be read", where="--run")
    return told


def _folders(path: str) -> list[str]:
    try:
        with os.scandir(path) as entries:
            return sorted(entry.path for entry in entries if entry.name[0] != "." and entry.is_dir())
    except OSError:
        return []
