"""Signals between a command that we run and whoever sends them: passed on once, and obeyed together.

While the command runs, signals are blocked in this process and taken one by one, with the word of the
kernel on who sent them: what the terminal sends (Ctrl-C, Ctrl-Z) has reached the command already, as it
is in the same process group; what somebody sends to this process alone is passed on.

They must be blocked before this process starts its first thread: a signal goes to any thread that does not
block it, and would be lost there.
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable, Mapping
    from types import TracebackType
    from typing import Self

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
"""Signals that ask a program to end."""
_STOPPING = ("SIGTSTP", "SIGTTIN", "SIGTTOU")
_OTHERS = ("SIGUSR1", "SIGUSR2", "SIGCONT", "SIGWINCH")
_LOOK_EVERY_S = 2.0
"""A word of the command's end that did not reach us costs no more than this."""
_CAN_BLOCK = hasattr(signal, "pthread_sigmask")
"""False on Windows, where Ctrl-C reaches both of us and there is nothing else to pass on."""


class Signals:
    """What reaches this process while the command runs; use it in a ``with`` block around that.

    Signals that were ignored when we were started (``nohup``) stay so, for both of us.
    """

    def __init__(self) -> None:
        self.asked = ""
        """Name of the last signal that asked to end; empty if none did."""
        self._blocked: set[int] = set()
        self._mask: Iterable[int] = ()
        self._handlers: dict[int, object] = {}

    def __enter__(self) -> Self:
        """Block them."""
        if not _CAN_BLOCK:
            self._handlers[signal.SIGINT] = signal.signal(signal.SIGINT, lambda *_: None)
            return self
        for name in (*_ENDING, *_STOPPING, *_OTHERS):
            number = getattr(signal, name)
            if signal.getsignal(number) != signal.SIG_IGN:
                self._blocked.add(number)
        self._blocked.add(signal.SIGCHLD)
        # what is ignored by default need not be kept for one who blocks it, unless it has a handler
        for number in (signal.SIGCHLD, signal.SIGWINCH):
            self._handlers[number] = signal.signal(number, lambda *_: None) or signal.SIG_DFL
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, self._blocked)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let them through again; those that came late and could not be passed on are forgotten."""
        if _CAN_BLOCK:
            while late := signal.sigpending() & self._blocked:
                signal.sigwait(late)
            self.restore()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # signal.signal gave it

    def restore(self) -> None:
        """Let them through as before, here or in the forked child."""
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)

    def pass_on_until_end(self, process: subprocess.Popen[bytes], terminals: Mapping[int, int]) -> int:
        """Wait for the command's end and give its exit code, or the signal that ended it as -N.

        Args:
            process: The command.
            terminals: The terminals that were made for it, by the descriptor that each stands for.
        """
        if not _CAN_BLOCK:
            return process.wait()
        is_stopped, wants_stop = False, False
        while True:
            number, is_from_terminal = self._next()
            if number == signal.SIGCHLD:
                pid, status = os.waitpid(process.pid, os.WNOHANG | os.WUNTRACED)
                if pid and os.WIFSTOPPED(status):
                    is_stopped = True
                elif pid:
                    process.returncode = os.waitstatus_to_exitcode(status)
                    self._note_late()
                    return process.returncode
            else:
                name = signal.Signals(number).name
                wants_stop = name in _STOPPING or (wants_stop and name != "SIGCONT")
                is_stopped &= name != "SIGCONT"
                self._pass_on(process.pid, name, terminals, is_there=is_from_terminal)
            if is_stopped and wants_stop:
                is_stopped = wants_stop = False
                os.kill(os.getpid(), signal.SIGSTOP)  # until SIGCONT, so that the shell has the terminal back

    def asked_too_early(self) -> int:
        """Give the signal that asked to end before there was a command to pass it on to; 0 if none did."""
        self._note_late()
        return getattr(signal, self.asked) if self.asked else 0

    def is_asked_again(self) -> bool:
        """Tell whether somebody asks us to end while we only wait for output."""
        return _CAN_BLOCK and bool(signal.sigpending() & {getattr(signal, name) for name in _ENDING})

    def copy_size(self, stream: int, terminal: int) -> None:
        """Give a terminal that we made the width and height of the one that it stands for."""
        import fcntl
        import termios

        try:
            size = fcntl.ioctl(stream, termios.TIOCGWINSZ, bytes(8))
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)
        except OSError:
            return  # the real one is gone: the command will hear of it when it writes

    def _next(self) -> tuple[int, bool]:
        """Wait for the next signal; tell which, and whether the terminal has sent it to the whole group."""
        if sys.platform == "linux":
            told = signal.sigtimedwait(self._blocked, _LOOK_EVERY_S)
            return (told.si_signo, told.si_code > 0) if told else (signal.SIGCHLD, False)
        number = signal.sigwait(self._blocked)
        return number, signal.Signals(number).name in (*_ENDING, *_STOPPING) and _is_in_foreground()

    def _pass_on(self, pid: int, name: str, terminals: Mapping[int, int], *, is_there: bool) -> None:
        if name in _ENDING:
            self.asked = name
        if name == "SIGWINCH":
            for stream, terminal in terminals.items():
                self.copy_size(stream, terminal)
            is_there = not terminals  # else it has looked at the old size
        if not is_there:
            os.kill(pid, getattr(signal, name))  # it has not been waited for, so the number is still its own

    def _note_late(self) -> None:
        """Take in what has come by now, such as the Ctrl-C that ended the command."""
        while _CAN_BLOCK and (late := signal.sigpending() & self._blocked):
            name = signal.Signals(signal.sigwait(late)).name
            if name in _ENDING:
                self.asked = name


def _is_in_foreground() -> bool:
    """Tell whether the terminal sends its signals to our process group."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
