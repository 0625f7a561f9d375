"""One file of a run folder: append-only, whole rows, one ``write`` a call, nothing lost on a full disk."""

from __future__ import annotations

import errno
import os
import sys
from collections import deque

from reportgen.errors import RunStorageError

MAX_KEPT_BYTES = 8 * 2**20
"""Rows that cannot be written are kept in memory up to this many bytes a file, then counted as lost."""

_PASSING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EINTR, errno.EAGAIN)
"""Troubles after which the same descriptor may work again; after all others the file is opened anew."""

_OPEN_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)

sync_file = getattr(os, "fdatasync", os.fsync)
"""Force a file's bytes to the disk, by the cheapest call that the system has."""


class RunFolder:
    """The folder of one run: where it is, how strict its writer is, and what trouble there was.

    Args:
        directory: Absolute path; made at the first need if it is not there yet.
        durable: Force every row to the disk.
        strict: Raise trouble instead of telling it once on standard error.
    """

    __slots__ = ("_is_told", "directory", "durable", "files", "is_made", "lost_copies", "strict")

    def __init__(self, directory: str, *, durable: bool = False, strict: bool = False) -> None:
        self.directory = directory
        self.durable = durable
        self.strict = strict
        self.files: list[AppendFile] = []
        self.lost_copies = 0
        """Number of artifacts and data sets that could not be copied or read."""
        self.is_made = False
        self._is_told = False

    def make(self) -> None:
        """Make the folder unless that was done: one that vanishes later is never brought back empty.

        Raises:
            OSError: It cannot be made.
        """
        if not self.is_made:
            os.makedirs(self.directory, exist_ok=True)
            self.is_made = True

    def report(self, error: Exception, path: str) -> None:
        """Tell of trouble, the first time only; raise it if the run is strict.

        Raises:
            RunStorageError: The run is strict.
        """
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        if self.strict:
            raise RunStorageError(
                f"cannot be written ({reason})",
                where=path,
                do="The row is kept in memory and tried again with the next call.",
            ) from error
        if not self._is_told:
            self._is_told = True
            say(
                f"{path} cannot be written ({reason}). Training goes on; "
                "rows are kept in memory and tried again, and the end will tell what is missing."
            )

    def report_lost(self, error: OSError, what: str) -> None:
        """Tell, each time, that something could not be logged at all.

        Raises:
            RunStorageError: The run is strict.
        """
        reason = error.strerror or str(error)
        if self.strict:
            raise RunStorageError(f"could not be logged ({reason})", where=what) from error
        self.lost_copies += 1
        say(f"{what} could not be logged ({reason}). Training goes on.")

    def tell_missing(self, run_id: str, unwritten: int) -> None:
        """Say at the end what could not be logged, if anything.

        Raises:
            RunStorageError: There is something and the run is strict.
        """
        deleted = sum(file.deleted for file in self.files)
        if not unwritten and not self.lost_copies and not deleted:
            return
        text = f"run {run_id} in {self.directory}: {unwritten} log calls could not be written"
        if deleted:
            text += f", {deleted} were written to files that somebody deleted"
        if self.lost_copies:
            text += f", and {self.lost_copies} artifacts or data sets could not be read or copied"
        if self.strict:
            raise RunStorageError(text)
        say(text)

    def open_file(self, name: str, header: str) -> AppendFile:
        """Give the file of this name, which is opened at its first row."""
        file = AppendFile(self, name, header)
        self.files.append(file)
        return file

    def close(self) -> int:
        """Try the rows that wait once more, close all files, and give the number of calls not written."""
        unwritten = 0
        for file in self.files:
            file.check()
            file.drain()
            unwritten += file.unwritten
            file.close()
        return unwritten


class AppendFile:
    """A file that rows are appended to; what cannot be written waits in memory, in order.

    Args:
        folder: The run folder that it lies in.
        name: File name inside of the folder.
        header: First line, written in the same ``write`` as the first row of an empty file.
    """

    __slots__ = (
        "_calls",
        "_done",
        "_header",
        "_identity",
        "_is_writing",
        "_needs_header",
        "_waiting",
        "_waiting_bytes",
        "deleted",
        "fd",
        "folder",
        "lost",
        "path",
    )

    def __init__(self, folder: RunFolder, name: str, header: str) -> None:
        self.folder = folder
        self.path = os.path.join(folder.directory, name)
        self.fd = -1
        self.lost = 0
        """Number of calls whose rows no longer fitted into memory."""
        self.deleted = 0
        """Number of calls whose rows were in the file when somebody deleted it."""
        self._calls = 0
        self._header = header.encode()
        self._needs_header = False
        self._is_writing = False
        self._identity = (0, 0)
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._done = 0
        """Bytes of the first waiting row that are in the file already."""

    @property
    def unwritten(self) -> int:
        """Number of calls whose rows are not in the file."""
        return len(self._waiting) + self.lost

    def append(self, rows: bytes) -> None:
        """Hand whole rows to the kernel in one ``write``, or keep them until that works.

        Raises:
            RunStorageError: It did not work and the run is strict.
        """
        if self._is_writing:  # a signal handler that logs in the middle of a write, which goes on with this
            self._keep(rows)
            return
        if self.fd < 0 or self._waiting:
            self._keep(rows)
            self.drain()
            return
        self._is_writing = True
        try:
            written = os.write(self.fd, rows)
            if written == len(rows):
                self._calls += 1
            else:
                self._keep_first(rows, written)
        except OSError as error:
            self._keep_first(rows, 0)
            self._give_up(error)
            return
        finally:
            self._is_writing = False
        if self._waiting:
            self.drain()
        elif self.folder.durable:
            self._sync()

    def drain(self) -> None:
        """Write the rows that wait, each in one ``write``, as far as that works.

        Raises:
            RunStorageError: It did not work and the run is strict.
        """
        if (
            not self._waiting or self._is_writing
        ):  # a signal handler that logs: the outer call goes on with it
            return
        self._is_writing = True
        try:
            if self.fd < 0:
                self._open()
            while self._waiting:
                row = self._header + self._waiting[0] if self._needs_header else self._waiting[0]
                written = os.write(self.fd, row[self._done :])
                if not written:
                    raise OSError(errno.EIO, "nothing was written")  # noqa: TRY301 - the loop must end
                self._done += written
                if self._done == len(row):
                    self._waiting_bytes -= len(self._waiting.popleft())
                    self._calls += 1
                    self._done, self._needs_header = 0, False
        except OSError as error:
            self._give_up(error)
            return
        finally:
            self._is_writing = False
        if self.folder.durable:
            self._sync()

    def check(self) -> None:
        """See whether the file is still in its folder: the kernel writes to a deleted one without a word."""
        if self.fd < 0:
            return
        try:
            is_gone = os.fstat(self.fd).st_nlink == 0
        except OSError as error:
            self._give_up(error)
            return
        if is_gone:
            self.deleted, self._calls = self.deleted + self._calls, 0
            self._give_up(OSError(errno.ENOENT, "the file was deleted while it was written"))

    def close(self) -> None:
        """Let the descriptor go."""
        if self.fd >= 0:
            fd, self.fd = self.fd, -1
            try:
                os.close(fd)
            except OSError as error:  # network file systems tell of lost writes only here
                self.folder.report(error, self.path)

    def _open(self) -> None:
        self.folder.make()
        fd = os.open(self.path, _OPEN_FLAGS, 0o666)
        state = os.fstat(fd)
        identity = (state.st_dev, state.st_ino)
        if identity != self._identity:  # another file than the one that holds a half-written row
            self._done = 0
            self._needs_header = state.st_size == 0
        self._identity = identity
        self.fd = fd
        if self.folder.durable and state.st_size == 0:
            _sync_directory(self.folder.directory)

    def _sync(self) -> None:
        try:
            sync_file(self.fd)
        except OSError as error:
            self.folder.report(error, self.path)

    def _keep(self, rows: bytes) -> None:
        """Let rows wait; those over the cap are counted and let go, but never the first in the line."""
        if self._waiting and self._waiting_bytes + len(rows) > MAX_KEPT_BYTES:
            self.lost += 1
            return
        self._waiting.append(rows)
        self._waiting_bytes += len(rows)

    def _keep_first(self, rows: bytes, done: int) -> None:
        """Let rows wait of which some bytes are in the file: what others have logged meanwhile comes behind."""
        self._waiting.appendleft(rows)
        self._waiting_bytes += len(rows)
        self._done = done

    def _give_up(self, error: OSError) -> None:
        if error.errno not in _PASSING and self.fd >= 0:
            fd, self.fd = self.fd, -1
            close_quietly(fd)
        self.folder.report(error, self.path)


def close_quietly(fd: int) -> None:
    """Close a descriptor that may be broken or gone already."""
    try:
        os.close(fd)
    except OSError:
        return  # either way we are rid of it


def _sync_directory(directory: str) -> None:
    """Force the entry of a new file to the disk, where the system has descriptors of folders."""
    if os.name != "posix":
        return
    fd = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def say(text: str) -> None:
    """Tell the person at the terminal; never a ``warnings`` call, which may be set to raise."""
    try:
        sys.stderr.write(f"reportgen: {text}\n")
    except (AttributeError, OSError, ValueError):
        return  # no standard error (a service), a closed or a full one: training goes on
