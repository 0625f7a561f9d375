"""Facts about the machine and the program that a run is written by. Nothing here may break the run."""

from __future__ import annotations

import os
import sys

from reportgen.collect.alive import host_name
from reportgen.collect.gpu import GpuQuestion
from reportgen.collect.secrets import redacted_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from reportgen.collect.rows import Fact


def captured_facts(directory: str, parts: frozenset[str], command: list[str] | None = None) -> list[Fact]:
    """Gather the facts of kinds ``code`` and ``env``; what cannot be found out is left out.

    Args:
        directory: The run folder, which gets ``code.diff``.
        parts: Which of :data:`reportgen.collect.start.CAPTURE_PARTS` to find out.
        command: What is run, if it is not this very program; then this one's Python tells nothing.
    """
    code: dict[str, object] = {}
    env: dict[str, object] = {}
    gpu = _attempt(GpuQuestion) if "gpu" in parts else None  # it answers while the rest is found out
    if "git" in parts:
        code.update(dict.fromkeys(("commit", "branch", "dirty", "diff_sha256")))
        code.update(
            _attempt(lambda: _code(directory if "diff" in parts else "", is_here=command is not None)) or {}
        )
    if "command" in parts:
        code["entry_point"] = _attempt(lambda: command_text(command) if command else entry_point())
        notebook = _attempt(_notebook)
        if notebook:
            code["notebook"] = notebook
    if "machine" in parts:
        env.update(platform=_attempt(_platform), cpu=_attempt(_cpu), memory_bytes=_attempt(_memory))
    if command is None:
        env.update(_interpreter(parts))
    if "user" in parts:
        env.update(host=_attempt(host_name), user=_attempt(_user))
    if gpu is not None:
        env["gpu"] = _attempt(gpu.answer)
    facts: list[Fact] = [("code", name, value) for name, value in code.items()]
    return facts + [("env", name, value) for name, value in env.items() if value]


def interpreter_facts(parts: frozenset[str]) -> list[Fact]:
    """Gather what this process's Python is, for a run that another program has started."""
    return [("env", name, value) for name, value in _interpreter(parts).items() if value]


def _interpreter(parts: frozenset[str]) -> dict[str, object]:
    facts: dict[str, object] = {"python": sys.version.split()[0]} if "machine" in parts else {}
    if "packages" in parts:
        facts["packages"] = _attempt(_packages)
    return facts


def entry_point() -> str:
    """Give what was started, with its arguments, without secrets and without the home folder's name."""
    if _is_in_notebook():
        return "notebook"
    words = redacted_command(list(sys.argv[1:]))
    script = sys.argv[0] if sys.argv else ""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    if spec is not None and script not in ("", "-c"):
        head = ["-m", spec.name.removesuffix(".__main__")]
    elif script in ("", "-c"):
        head = ["python -c" if script else "interactive"]
    else:
        head = [_short_path(script)]
    return _joined(head, words)


def command_text(command: list[str]) -> str:
    """Give a command line without secrets and without the home folder's name."""
    return _joined([], redacted_command(command))


def _joined(head: list[str], words: list[str]) -> str:
    import shlex

    text = " ".join([*head, *(shlex.quote(word) for word in words)])
    home = os.path.expanduser("~")
    return text.replace(home + os.sep, "~" + os.sep) if len(home) > 1 else text


def _short_path(script: str) -> str:
    """Give a script's path from the current folder if it lies in it, else its name."""
    relative = os.path.relpath(script)
    return os.path.basename(script) if relative.startswith(os.pardir) else relative.replace(os.sep, "/")


def _attempt(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except Exception:  # noqa: BLE001 - facts about the machine are welcome, the training is what matters
        return None


def _code(directory: str, *, is_here: bool) -> dict[str, object]:
    """Give the facts of the script's repository, or of the current folder's."""
    from reportgen.collect.git import code_facts

    script = sys.argv[0] if sys.argv and not is_here else ""
    folder = os.path.dirname(os.path.abspath(script)) if os.path.isfile(script) else os.getcwd()
    return code_facts(directory, folder) or code_facts(directory, os.getcwd())


def _platform() -> str:
    if hasattr(os, "uname"):
        system = os.uname()
        return f"{system.sysname} {system.release} {system.machine}"
    import platform

    return platform.platform()


def _cpu() -> str:
    name = ""
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            name = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "")
    if not name:
        import platform

        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"


def _memory() -> int:
    """Give the machine's memory in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _packages() -> dict[str, str]:
    """Give the versions of all installed packages, from the names of the folders that describe them."""
    found: dict[str, str] = {}
    for folder in sys.path:
        if not os.path.isdir(folder):
            continue
        for entry in os.listdir(folder):
            stem, suffix = os.path.splitext(entry)
            if suffix in (".dist-info", ".egg-info"):
                name, dash, rest = stem.partition("-")
                if dash:  # an egg's goes on with the version of Python: name-1.0-py3.11
                    key = name.lower().replace("_", "-").replace(".", "-")
                    found.setdefault(key, rest.partition("-")[0])
    return dict(sorted(found.items()))


def _is_in_notebook() -> bool:
    if "ipykernel" not in sys.modules:  # spares every script the import below
        return False
    from reportgen.collect.notebook import is_in_notebook

    return is_in_notebook()


def _notebook() -> str:
    """Give the name of the notebook that is run; empty outside of one or where its server does not tell."""
    if not _is_in_notebook():
        return ""
    from reportgen.collect.notebook import notebook_name

    return notebook_name()


def _user() -> str:
    import getpass

    return getpass.getuser()
