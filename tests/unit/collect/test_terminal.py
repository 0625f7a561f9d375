"""``reportgen run`` at a terminal: an interactive bash in a pseudo-terminal, with job control."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.collect.shells import PATIENCE_S, Shell, wait_until

SIZE = (31, 97)
BASH = """
import fcntl, os, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
"""


class Terminal:
    """A person at a terminal: types, and waits for what is to be seen."""

    def __init__(self, shell: Shell) -> None:
        self._fd, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", BASH],
            cwd=shell.folder,
            env={**shell.environment, "PS1": "$ ", "TERM": "dumb"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        self.pid = self._process.pid
        self.resize(SIZE)
        self._seen = ""

    def resize(self, size: tuple[int, int]) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))

    def type(self, text: str) -> None:
        os.write(self._fd, text.encode())

    def see(self, text: str) -> str:
        """Wait for a text; give what came before it."""
        end = time.monotonic() + PATIENCE_S
        while text not in self._seen:
            assert time.monotonic() < end, f"{text!r} is not in {self._seen!r}"
            if select.select([self._fd], [], [], 0.1)[0]:
                self._seen += os.read(self._fd, 65536).decode()
        before, _, self._seen = self._seen.partition(text)
        return before

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._fd)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def terminal(shell: Shell) -> Iterator[Terminal]:
    found = Terminal(shell)
    found.see("$ ")
    yield found
    found.close()


LOOK = """\
import os, signal, time
def show(*words): os.write(1, (" ".join(map(str, words)) + "\\n").encode())  # print must not meet itself
signal.signal(signal.SIGWINCH, lambda *_: show("now", *os.get_terminal_size(1)))
show("tty", *[os.isatty(fd) for fd in (0, 1, 2)], *os.get_terminal_size(1))
while True: time.sleep(0.05)
"""


def test_a_terminal_stays_one_and_keeps_its_size(shell: Shell, terminal: Terminal) -> None:
    shell.script("look.py", LOOK)
    terminal.type("reportgen run --experiment e --no-capture -- python look.py\n")
    terminal.see(f"tty True True True {SIZE[1]} {SIZE[0]}\r\n")
    terminal.resize((20, 50))
    terminal.see("now 50 20\r\n")
    terminal.type("\x03")
    terminal.see("$ ")


def test_ctrl_c_reaches_the_command_once_and_stops_a_loop(shell: Shell, terminal: Terminal) -> None:
    shell.script(
        "slow.sh",
        "trap 'echo caught; sleep 0.3; trap - INT; kill -INT $$' INT\necho up\nwhile :; do sleep 0.05; done",
    )
    terminal.type(
        "for i in 1 2 3; do reportgen run --experiment e --no-capture -- bash slow.sh; done; echo $?,end\n"
    )
    terminal.see("up\r\n")
    terminal.type("\x03")
    assert "up" not in terminal.see("$ ")
    run = shell.run()  # one, not three
    assert (run.status, run.reason) == ("interrupted", "SIGINT")
    terminal.type("echo code=$?\n")
    terminal.see("code=130")


def test_ctrl_z_gives_the_terminal_back_and_fg_goes_on(shell: Shell, terminal: Terminal) -> None:
    terminal.type("reportgen run --experiment e --no-capture -- bash -c 'echo up; read x; echo got $x'\n")
    terminal.see("up\r\n")
    terminal.type("\x1a")
    terminal.see("Stopped")
    terminal.type("echo mine\n")
    terminal.see("\nmine\r\n")
    assert shell.run().status == "running"
    terminal.type("fg\n")
    terminal.see("got $x'\r\n")
    terminal.type("word\n")
    terminal.see("got word\r\n")
    wait_until(lambda: shell.run().status == "finished")


def test_a_hang_up_ends_both(shell: Shell, terminal: Terminal) -> None:
    terminal.type(
        "reportgen run --experiment e --no-capture -- bash -c 'echo up; while :; do sleep 0.05; done'\n"
    )
    terminal.see("up\r\n")
    os.kill(terminal.pid, signal.SIGHUP)  # bash passes it on to its jobs
    wait_until(lambda: shell.run().status != "running")
    assert (shell.run().status, shell.run().reason) == ("interrupted", "SIGHUP")
