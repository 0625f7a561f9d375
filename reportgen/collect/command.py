"""Runs a command as a run: its output passes through, signals reach it, and how it ended is noted.

The command stays in our process group, so that Ctrl-C, Ctrl-Z and ``fg`` reach it from the terminal as
without us. Its input is ours. Where our output is a terminal, it gets one (of its own, so that the bytes
can be passed on), else a pipe.
"""

from __future__ import annotations

import os
import signal
import subprocess
from time import monotonic, sleep
from time import time as clock

from reportgen.collect.append import close_quietly
from reportgen.collect.outer import RUN_VARIABLE
from reportgen.collect.relay import LastLines, Relay
from reportgen.collect.signals import Signals
from reportgen.collect.start import DIRECTORY_VARIABLE
from reportgen.collect.told import read_run
from reportgen.schema import without_credentials

try:
    import pty
    import termios
except ImportError:  # Windows: output goes through pipes
    pty = termios = None  # type: ignore[assignment]  # asked before every use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.collect.rows import Fact
    from reportgen.collect.run import Run

NOT_FOUND = 127
NOT_EXECUTABLE = 126
"""Exit codes of a command that cannot be started, as shells give them."""

_OWN_FAULTS = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSYS", "SIGTRAP", "SIGXFSZ")
"""Signals that a program earns by what it does; all others come from outside and interrupt it."""

_OUTPUT, _ERRORS = 1, 2
_QUIET_S = 0.3
"""Output of what the command left running in the background is waited for until it pauses this long,"""
_LONGEST_WAIT_S = 5.0
"""and at most this long."""
_MAX_REASON_LENGTH = 500


class Ended:
    """How a command ended.

    Args:
        code: Its exit code; 0 if a signal ended it.
        number: The signal that ended it, or 0.
        asked: Name of the signal that asked us, or the terminal's whole group, to end; empty if none did.
        problem: Why it could not be started; empty if it was.
    """

    __slots__ = ("asked", "code", "number", "problem")

    def __init__(self, code: int = 0, number: int = 0, asked: str = "", problem: str = "") -> None:
        self.code = code
        self.number = number
        self.asked = asked
        self.problem = problem

    def status(self, last_line: str) -> tuple[str, str]:
        """Give the run's status and reason.

        Args:
            last_line: The last line of errors that the command has written.
        """
        if self.problem:
            return "failed", self.problem
        if self.number:
            name = signal_name(self.number)
            return "failed" if name in _OWN_FAULTS else "interrupted", name
        if self.code and self.asked:
            return "interrupted", f"{self.asked}, exit code {self.code}"
        if self.code:
            return "failed", f"exit code {self.code}: {last_line}" if last_line else f"exit code {self.code}"
        return "finished", ""


def signal_name(number: int) -> str:
    """Give a signal's name, such as ``SIGTERM``."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def run_command(run: Run, command: list[str], signals: Signals, *, keeps_output: bool = True) -> Ended:
    """Run a command within a run that was just started, and close the run.

    Args:
        run: The run; open, of this process, its first writer.
        command: Program and arguments.
        signals: What reaches us; blocked since before the run was started.
        keeps_output: Keep the last lines of its output; without it the command writes to our own
            output, and no process stands between it and the terminal.
    """
    begun, started = clock(), monotonic()
    output, errors = LastLines(), LastLines(_MAX_REASON_LENGTH * 4)
    ended = _Child(run, signals, output, errors).run(command, keeps_output=keeps_output)
    duration_s = monotonic() - started
    lines = output.lines()
    last_line = next((line for line in reversed(errors.lines() or lines) if line.strip()), "")
    facts: list[Fact] = [("status", "duration_s", round(duration_s, 3))]
    facts.append(("status", "exit_code", None if ended.number else ended.code))
    facts.append(("status", "signal", signal_name(ended.number) if ended.number else None))
    if lines:
        facts.append(("status", "output", "\n".join(lines)))
    run.write_facts(facts)
    told = read_run(run.real_directory)
    said = told.ending_told_since(begun) if told else None
    status, reason = said or ended.status(last_line.strip())
    run.finish(status, reason=reason[:_MAX_REASON_LENGTH])
    return ended


class _Child:
    """One command while it runs.

    Args:
        run: The run that it makes.
        signals: What reaches us while it runs.
        output: Gets the last lines of all its output.
        errors: Gets those of its standard error.
    """

    def __init__(self, run: Run, signals: Signals, output: LastLines, errors: LastLines) -> None:
        self._run = run
        self._signals = signals
        self._kept = {_OUTPUT: (output,), _ERRORS: (output, errors)}
        self._terminals: dict[int, int] = {}
        """The terminals that we made, by the descriptor of ours that each stands for."""

    def run(self, command: list[str], *, keeps_output: bool) -> Ended:
        """Start it, wait until it has ended and its output has come, and tell how it ended."""
        early = self._signals.asked_too_early()
        if early:
            return Ended(number=early)
        streams = (_OUTPUT,) if _lead_to_the_same() else (_OUTPUT, _ERRORS)  # one keeps the lines in order
        ends = {stream: self._open(stream) for stream in streams} if keeps_output else {}
        try:
            process = self._start(command, {stream: end[1] for stream, end in ends.items()})
        except OSError as error:
            for source, _ in ends.values():
                close_quietly(source)
            return _not_started(command, error)
        finally:
            for _, end in ends.values():
                close_quietly(end)
        relays = [Relay(source, stream, self._kept[stream]) for stream, (source, _) in ends.items()]
        for relay in relays:
            relay.start()
        code = self._signals.pass_on_until_end(process, self._terminals)
        self._drain(relays)
        return Ended(max(code, 0), max(-code, 0), self._signals.asked)

    def _open(self, stream: int) -> tuple[int, int]:
        """Open our end and the command's end of a stream: a terminal where ours is one, else a pipe."""
        if pty is None or not os.isatty(stream):
            return os.pipe()
        ours, theirs = pty.openpty()
        modes = termios.tcgetattr(stream)
        modes[1] &= ~termios.OPOST  # line ends are made by the real terminal
        termios.tcsetattr(theirs, termios.TCSANOW, modes)
        self._terminals[stream] = ours
        self._signals.copy_size(stream, ours)
        return ours, theirs

    def _start(self, command: list[str], ends: Mapping[int, int]) -> subprocess.Popen[bytes]:
        """Start the command, as a shell would: a file without ``#!`` is a script for ``sh``.

        Raises:
            OSError: It cannot be started.
        """
        directory = str(self._run.directory)
        log_directory = os.path.dirname(os.path.dirname(directory))
        environment = {**os.environ, RUN_VARIABLE: directory, DIRECTORY_VARIABLE: log_directory}

        def start(words: list[str]) -> subprocess.Popen[bytes]:
            return subprocess.Popen(  # noqa: S603 - to start the user's command is what we are for
                words,
                stdout=ends.get(_OUTPUT),
                stderr=ends.get(_ERRORS, ends.get(_OUTPUT)),
                env=environment,
                close_fds=False,  # what was opened for the command reaches it; ours are not inherited anyway
                preexec_fn=self._signals.restore if os.name == "posix" else None,  # noqa: PLW1509 - no thread runs yet
            )

        try:
            return start(command)
        except OSError as error:
            import errno
            import shutil

            path = shutil.which(command[0])
            if error.errno != errno.ENOEXEC or path is None:
                raise
            return start(["/bin/sh", path, *command[1:]])

    def _drain(self, relays: list[Relay]) -> None:
        """Wait for the rest of the output: all that a slow reader still has to take, and a moment for late writers."""
        begun = monotonic()
        while any(relay.is_alive() and relay.waits_since(begun) < _QUIET_S for relay in relays):
            if self._signals.is_asked_again():
                return
            if monotonic() > begun + _LONGEST_WAIT_S:
                for relay in relays:
                    relay.must_stop = True
            sleep(0.002)


def _lead_to_the_same() -> bool:
    """Tell whether our output and our errors go to the same terminal, pipe or file."""
    try:
        return os.path.samestat(os.fstat(_OUTPUT), os.fstat(_ERRORS))
    except OSError:  # one of them is closed
        return False


def _not_started(command: list[str], error: OSError) -> Ended:
    is_missing = isinstance(error, FileNotFoundError)
    what = "command not found" if is_missing else f"cannot be started ({error.strerror or error})"
    problem = f"{what}: {without_credentials(command[0])}"
    return Ended(NOT_FOUND if is_missing else NOT_EXECUTABLE, problem=problem)
