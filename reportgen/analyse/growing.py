"""Grows forests in a process of its own, so that the memory of scikit-learn is gone when they are grown.

Its 110 MB would stay until the last output is made. Where scikit-learn is loaded anyway, it is used in this
process; so it is where no process can be started or it brings no answer: slower, and the same to the last bit.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from reportgen.analyse.forest import Ground, Grown, grow, pack, unpack_grown

TIME_LIMIT_S = 600.0
"""For a process that hangs: the largest sweep, of 2,000 configurations and 200 settings, takes a minute."""

_START = (
    "import json, os, runpy, sys, threading, time\n"
    "def watch(caller):\n"
    "    while os.getppid() == caller: time.sleep(0.5)\n"
    "    os._exit(1)\n"
    "threading.Thread(target=watch, args=(os.getppid(),), daemon=True).start()\n"
    "told = json.loads(sys.stdin.buffer.readline())\n"
    "sys.path[:], sys.dont_write_bytecode, sys.pycache_prefix = told['path'], *told['bytecode']\n"
    "runpy.run_path(told['script'], run_name='__main__')\n"
)
"""Ends with the process that asks, and finds libraries where that does, whatever it would look up by itself."""


def grow_forests(grounds: Sequence[Ground]) -> list[Grown]:
    """Grow all forests that an analysis needs; one process does for all of them."""
    grown = None
    if grounds and "sklearn" not in sys.modules and _is_python():
        grown = _grown_apart(grounds)
    return [grow(ground) for ground in grounds] if grown is None else grown


def _is_python() -> bool:
    """Tell whether our interpreter can be started, and is no program that Python is built into."""
    name = Path(sys.executable or "").name.lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)


def _grown_apart(grounds: Sequence[Ground]) -> list[Grown] | None:
    """Ask a process; None where it cannot be started, fails, hangs or answers something else."""
    told = {
        "path": [entry for entry in sys.path if isinstance(entry, str)],
        "bytecode": [sys.dont_write_bytecode, sys.pycache_prefix],
        "script": str(Path(__file__).with_name("forest.py")),
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-c", _START],
            input=json.dumps(told).encode() + b"\n" + pack(grounds),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIME_LIMIT_S,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return unpack_grown(done.stdout, grounds)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
