"""How a run ends when nobody calls ``finish``: exceptions, SIGTERM, ``sys.exit``, the end of Python, fork.

Nothing here is installed before the first run starts, and all of it is taken out again when the
last one has finished.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading

from reportgen.collect.alive import forget_locks
from reportgen.schema import LIVE_DIRECTORIES, without_credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import NoReturn

    from reportgen.collect.run import Run

_MAX_REASON_LENGTH = 500

_open_runs: list[Run] = []


class _Hooks:
    """What is installed while runs are open, and what was there before."""

    mutex = threading.RLock()  # runs may start and finish in several threads, and in a signal handler
    is_registered = False
    has_exit = False
    """Stays true while somebody else's wrapper stands around ours: to install it again would make a loop."""
    has_handler = False
    exit_before: Callable[..., NoReturn] | None = None
    handler_before: object = None
    error_before: object = None
    exit_call: tuple[object, FrameType, int] | None = None
    """The last ``sys.exit``: its code, the outermost frame, and the place in that frame."""


def watch(run: Run) -> None:
    """See to it that this run is closed with the right status, however the process ends."""
    with _Hooks.mutex:
        LIVE_DIRECTORIES.add(run.real_directory)
        if not _Hooks.is_registered:
            _Hooks.is_registered = True
            atexit.register(_close_at_exit)
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(after_in_child=_forget_in_child)
        if not _open_runs:
            _Hooks.error_before = last_error()
            _Hooks.exit_call = None
            if not _Hooks.has_exit:
                _Hooks.exit_before, sys.exit, _Hooks.has_exit = sys.exit, _exit, True
        _open_runs.append(run)
        if _is_main_thread() and not _Hooks.has_handler:
            before = signal.getsignal(signal.SIGTERM)
            if before is not None and before != signal.SIG_IGN:  # what ignores SIGTERM goes on ignoring it
                _Hooks.handler_before, _Hooks.has_handler = before, True
                signal.signal(signal.SIGTERM, _on_terminate)


def unwatch(run: Run) -> None:
    """Let a finished run go; after the last one take the hooks out, unless others chained to them."""
    with _Hooks.mutex:
        if run in _open_runs:
            _open_runs.remove(run)
        if not any(other.real_directory == run.real_directory for other in _open_runs):
            LIVE_DIRECTORIES.discard(run.real_directory)
        if _open_runs:
            return
        if sys.exit is _exit and _Hooks.exit_before is not None:
            sys.exit, _Hooks.has_exit = _Hooks.exit_before, False
        if _is_main_thread() and signal.getsignal(signal.SIGTERM) is _on_terminate:
            signal.signal(signal.SIGTERM, _Hooks.handler_before)  # type: ignore[arg-type]  # getsignal gave it
            _Hooks.has_handler = False


def open_runs() -> tuple[Run, ...]:
    """Give the runs of this process that are open."""
    return tuple(_open_runs)


def outcome(error: BaseException | None) -> tuple[str, str]:
    """Give the status and the reason of a run that this exception ended."""
    if error is None:
        return "finished", ""
    if isinstance(error, KeyboardInterrupt):
        return "interrupted", "KeyboardInterrupt"
    if isinstance(error, GeneratorExit):
        return "interrupted", "GeneratorExit"
    if isinstance(error, SystemExit):
        return _outcome_of_code(error.code)
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else _full_name(kind)
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # noqa: BLE001 - an exception that cannot be shown still ended the run
        lines = []
    return "failed", _tidy(f"{name}: {lines[0]}" if lines else name)


def _outcome_of_code(code: object) -> tuple[str, str]:
    if code is None or code == 0:
        return "finished", ""
    return "failed", _tidy(f"exit code {code}" if isinstance(code, int) else f"sys.exit: {code}")


def _full_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _tidy(reason: str) -> str:
    text = without_credentials(reason).replace("\0", "").encode("utf-8", "replace").decode()
    return text[:_MAX_REASON_LENGTH]


def _is_main_thread() -> bool:
    return threading.get_ident() == threading.main_thread().ident


def last_error() -> object:
    """Give the exception that Python printed last, which is the one that ended the main module."""
    return getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)


def _exit(code: object = None, /) -> NoReturn:
    """Stand in for ``sys.exit``: note where it was called, then exit as ever."""
    if _is_main_thread():
        frame = sys._getframe()  # noqa: SLF001 - the only way to the outermost frame
        while frame.f_back is not None:
            frame = frame.f_back
        _Hooks.exit_call = (code, frame, frame.f_lasti)
    if _Hooks.exit_before is None:
        raise SystemExit(code)
    _Hooks.exit_before(code)


def _end_of_process() -> tuple[str, str]:
    """Tell how the main module ended: by an exception, by ``sys.exit``, or just so.

    A ``sys.exit`` that somebody caught does not count: the main module has moved on since, so that
    its frame stands elsewhere than at the call.
    """
    error = last_error()
    is_interactive = hasattr(sys, "ps1")  # there the last exception ended a line, not the process
    if isinstance(error, BaseException) and error is not _Hooks.error_before and not is_interactive:
        return outcome(error)
    if _Hooks.exit_call is not None:
        code, frame, place = _Hooks.exit_call
        if frame.f_lasti == place:
            return _outcome_of_code(code)
    return "finished", ""


def _close_at_exit() -> None:
    status, reason = _end_of_process()
    for run in tuple(_open_runs):  # closing takes it out of the list
        run.close_quietly(status, reason)


def _on_terminate(number: int, frame: FrameType | None) -> None:
    """On SIGTERM do what would have been done without us, and close the runs if that ends the process."""
    before = _Hooks.handler_before
    if callable(before):
        for run in _open_runs:
            run.signalled = "SIGTERM"
        before(number, frame)  # may raise, for example SystemExit: then the mark stays
        for run in _open_runs:
            run.signalled = ""  # handled (a checkpoint was asked for, say): the training goes on
        return
    for run in tuple(_open_runs):  # closing takes it out of the list
        run.close_quietly("interrupted", "SIGTERM")
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.raise_signal(signal.SIGTERM)


def _forget_in_child() -> None:
    """In a forked child: the parent's runs are not ours to close, and its locks stayed with it."""
    _Hooks.mutex = threading.RLock()  # the parent's may be held by a thread that does not exist here
    forget_locks()
    LIVE_DIRECTORIES.clear()
    runs = list(_open_runs)
    _open_runs.clear()
    for run in runs:
        run.become_further_writer()
