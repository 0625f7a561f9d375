"""Tells a running run from a dead one, where the run itself has not said how it ended."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from contextlib import suppress

from reportgen import schema
from reportgen.load.contents import is_url

try:
    import fcntl
except ImportError:  # Windows has none: the age of the newest row decides
    fcntl = None  # type: ignore[assignment]  # asked before every use


def is_running(
    location: str, alive: Sequence[str], *, is_here: bool, newest: float, stale_before: float
) -> bool:
    """Tell whether a run without a closing status is still running.

    A lock on a file ``alive*`` that its writer holds says yes. That none is held says no only if the
    writer's machine is this one; else the age of the newest row decides.

    Args:
        location: The run's folder or URL.
        alive: Names of its lock files.
        is_here: Whether its writer is known to run, or have run, on this machine.
        newest: Time of the newest row, seconds since the epoch; NaN without rows.
        stale_before: A run whose newest row is older than this counts as dead.
    """
    if not is_url(location):
        if os.path.realpath(location) in schema.LIVE_DIRECTORIES:
            return True  # this very process writes it: opening its lock file would drop the lock
        held = [_is_held(f"{location}{os.sep}{name}") for name in alive]
        if any(held):
            return True
        if held and None not in held and is_here:
            return False
    return newest >= stale_before


def was_here(boot: str, host: str) -> bool:
    """Tell whether a run's writer is known to have been on this machine.

    Args:
        boot: The mark of the machine's life that the run was started in; empty if unknown.
        host: Name of the machine; empty if unknown.
    """
    return (boot != "" and boot == schema.boot_mark()) or (host != "" and host == platform.node())


def _is_held(path: str) -> bool | None:
    """Tell whether another process holds the lock of a file; None if this system cannot tell."""
    if fcntl is None:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except PermissionError:  # some systems say "held" in this way
        return True
    except OSError:
        return None
    else:
        return False
    finally:
        with suppress(OSError):
            os.close(descriptor)
