"""One sender at a time: a lock that the kernel drops when its process dies, however it dies."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reportgen.deliver.email.clock import Clock
from reportgen.errors import DeliveryError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_LOOK_AGAIN_S = 0.2


@contextmanager
def only_sender(path: Path, clock: Clock) -> Iterator[None]:
    """Hold the lock file beside a ledger; whoever holds it knows that no other sender lives.

    Raises:
        DeliveryError: Another process holds it for longer than is waited, or it cannot be made.
    """
    try:
        file = path.open("a+b")
    except OSError as error:
        raise DeliveryError(
            f"the lock of the record cannot be made ({error.strerror})",
            where=str(path),
            do="Put the record on a local disk that may be written.",
        ) from error
    with file:
        waited = 0.0
        while not _taken(file, path):
            if waited >= clock.lock_s:
                raise DeliveryError(
                    "another process is sending, and has been for long",
                    where=str(path),
                    do="Wait for it, or end it: what it was sending then counts as unknown.",
                )
            clock.sleep(_LOOK_AGAIN_S)
            waited += _LOOK_AGAIN_S
        try:
            yield
        finally:
            _let_go(file)


def _taken(file: IO[bytes], path: Path) -> bool:
    try:
        return _take(file)
    except OSError as error:
        raise DeliveryError(
            f"the lock of the record cannot be held ({error.strerror})",
            where=str(path),
            do="Put the record on a local disk: some network disks know no locks.",
        ) from error


def _take(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            # flock, not a POSIX lock: it keeps threads of one process apart, too
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _let_go(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)


def who() -> str:
    """Name this process, for people who look into the ledger."""
    return f"{platform.node()}:{os.getpid()}"
