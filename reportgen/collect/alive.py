"""The lock that tells a running run from a dead one: the kernel drops it when its process ends."""

from __future__ import annotations

import errno
import os
import sys

from reportgen.collect.append import close_quietly
from reportgen.schema import alive_file_name

try:
    import fcntl
except ImportError:  # Windows: no file `alive` is made there, and readers go by the newest row's age
    fcntl = None  # type: ignore[assignment]  # the rest asks for None

_LOCK_RECORD = "hhqqi4x"
"""Linux's ``struct flock`` on machines of 64 bits: kind, whence, start, length, process."""

_held_paths: set[str] = set()
"""Lock files that this process holds: it must not open them again, as closing them drops the lock."""


class AliveLock:
    """A POSIX lock on ``alive``, held by this process as long as the run lives.

    Args:
        path: The lock file.
        fd: Its locked descriptor, or -1 where locks cannot tell.
    """

    __slots__ = ("fd", "path")

    def __init__(self, path: str = "", fd: int = -1) -> None:
        self.path = path
        self.fd = fd

    @property
    def is_real(self) -> bool:
        """Whether a lock is held; false where the system or file system has none."""
        return self.fd >= 0

    def renew(self) -> None:
        """Lock again, in case other code of this process opened and closed the file."""
        if self.fd >= 0:
            try:
                fcntl.lockf(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return  # the file system's lock service is away for a while: the next second tries again

    def release(self) -> None:
        """Let the lock go."""
        if self.fd >= 0:
            fd, self.fd = self.fd, -1
            _held_paths.discard(self.path)
            close_quietly(fd)


def take_lock(directory: str, writer: str = "") -> AliveLock | None:
    """Take the lock of a writer of this run folder.

    Returns:
        The lock; a lock without a descriptor where the system or file system has none; None if
        another process, or another ``Run`` of this one, holds it.

    Raises:
        OSError: The file cannot be made.
    """
    path = os.path.join(os.path.realpath(directory), alive_file_name(writer))
    if fcntl is None:
        return AliveLock()
    if path in _held_paths:
        return None
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        return None if error.errno in (errno.EACCES, errno.EAGAIN) else AliveLock()
    _held_paths.add(path)
    return AliveLock(path, fd)


def take_further_lock(directory: str, host: str) -> tuple[AliveLock, str]:
    """Take the lock of a further writer of this run folder.

    Returns:
        The lock and the writer's name: ``<host>-<pid>``, with a random end where another container
        of the same host name and process number has that one, or no lock could tell.

    Raises:
        OSError: The lock file cannot be made.
    """
    writer = f"{host}-{os.getpid()}"
    while True:
        lock = take_lock(directory, writer) if fcntl is not None else None
        if lock is not None and lock.is_real:
            return lock, writer
        writer = f"{host}-{os.getpid()}x{os.urandom(3).hex()}"
        if lock is not None or fcntl is None:
            return AliveLock(), writer


def holder(directory: str) -> int:
    """Give the number of the process that holds the lock of a run's own writer; 0 for none or unknown.

    Ask of other processes only: closing the file in the writer's own would drop its lock.
    """
    if fcntl is None or sys.platform != "linux":  # elsewhere the record that is asked with looks different
        return 0
    import struct

    try:
        fd = os.open(os.path.join(directory, alive_file_name()), os.O_RDONLY)
    except OSError:
        return 0
    try:
        asked = struct.pack(_LOCK_RECORD, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, _, _, pid = struct.unpack(_LOCK_RECORD, fcntl.fcntl(fd, fcntl.F_GETLK, asked))
    except (OSError, struct.error):
        return 0
    finally:
        os.close(fd)
    return 0 if kind == fcntl.F_UNLCK else pid


def forget_locks() -> None:
    """In a forked child: the locks stayed with the parent."""
    _held_paths.clear()


def host_name() -> str:
    """Give this machine's name."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    import platform

    return platform.node()
