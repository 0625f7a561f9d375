"""One process at a time, for what is short: a lock on a folder, which leaves no file behind."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_PATIENCE_S = 60.0
_LOOK_AGAIN_S = 0.05


@contextmanager
def in_turn(folder: Path) -> Iterator[None]:
    """Wait until no other process is in a block for the same folder; none does where there are no such locks.

    Raises:
        TimeoutError: Another one is in it for too long.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        yield
        return
    try:
        until = time.monotonic() + _PATIENCE_S
        while not _take(handle):
            if time.monotonic() > until:
                raise TimeoutError(f"another process is at work in {folder}")
            time.sleep(_LOOK_AGAIN_S)
        yield
    finally:
        os.close(handle)  # which lets go


def _take(handle: int) -> bool:
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a network disk without locks
    return True
