"""Commands and scripts started as people start them: from a shell, in a folder of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reportgen.load import load_runs
from reportgen.runs import Run

PATIENCE_S = 30.0


class Shell:
    """A folder in which commands run; their log directory is ``runs`` in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        programs = Path(sys.executable).parent
        self.environment = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"}

    def script(self, name: str, text: str) -> Path:
        """Write a script that can be started."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def start(self, *words: str, **more: Any) -> subprocess.Popen[bytes]:
        """Start ``reportgen`` with these words."""
        return self.start_program("reportgen", *words, **more)

    def start_program(self, *words: str, **more: Any) -> subprocess.Popen[bytes]:
        """Start any program."""
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        return subprocess.Popen(words, cwd=self.folder, env=self.environment, **{**pipes, **more})

    def call(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Run ``reportgen`` with these words to its end."""
        process = self.start(*words)
        out, err = process.communicate(timeout=PATIENCE_S)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def wrap(self, *command: str, options: tuple[str, ...] = ("--no-capture",)) -> Any:
        """Run a command by ``reportgen run``."""
        return self.call("run", "--experiment", "e", *options, "--", *command)

    def runs(self) -> list[Run]:
        """All runs, in order of start."""
        found = load_runs([str(self.folder / "runs")], cache=False)
        assert (found.skipped, found.notes) == ((), ())
        return list(found.runs)

    def runs_without_notes(self) -> list[Run]:
        """All runs, of which steps may repeat."""
        return list(load_runs([str(self.folder / "runs")], cache=False).runs)

    def run(self) -> Run:
        """The only run."""
        (run,) = self.runs()
        return run

    def run_folder(self) -> Path:
        """The folder of the only run."""
        (path,) = (self.folder / "runs").glob("*/*/run.csv")
        return path.parent


def wait_until(is_so: Callable[[], object]) -> None:
    """Wait until something is so, but not for ever."""
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text("utf-8")
