"""Facts about the machine and the program that a run is written by. Nothing here may break the run."""

from __future__ import annotations

import os
import sys

from reportgen.collect.secrets import redacted_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from reportgen.collect.rows import Fact

_PACKAGES_OF_MODULES = {
    "PIL": "pillow",
    "cv2": "opencv_python",
    "dateutil": "python_dateutil",
    "skimage": "scikit_image",
    "sklearn": "scikit_learn",
    "yaml": "pyyaml",
}
"""Modules whose package has another name; all others are found by their own."""


def captured_facts(directory: str, *, with_user: bool) -> list[Fact]:
    """Gather the facts of kinds ``code`` and ``env``; what cannot be found out is left out.

    Args:
        directory: The run folder, which gets ``code.diff``.
        with_user: Also the names of host and user.
    """
    code: dict[str, object] = dict.fromkeys(("commit", "branch", "dirty", "diff_sha256"))
    code.update(_attempt(lambda: _code(directory)) or {})
    code["entry_point"] = _attempt(entry_point)
    env: dict[str, object] = {
        "python": sys.version.split()[0],
        "platform": _attempt(_platform),
        "cpu": _attempt(_cpu),
        "gpu": _attempt(_gpus),
        "packages": _attempt(_packages),
    }
    if with_user:
        env.update(host=_attempt(host_name), user=_attempt(_user))
    facts: list[Fact] = [("code", name, value) for name, value in code.items()]
    facts += [("env", name, value) for name, value in env.items() if value]
    return facts


def host_name() -> str:
    """Give this machine's name."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    import platform

    return platform.node()


def entry_point() -> str:
    """Give what was started, with its arguments, without secrets and without the home folder's name."""
    if "ipykernel" in sys.modules:
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


def _code(directory: str) -> dict[str, object]:
    from reportgen.collect.git import code_facts

    script = sys.argv[0] if sys.argv else ""
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


def _gpus() -> list[str]:
    """Read the names of NVIDIA's devices from the driver's files: no library is loaded for it."""
    root = "/proc/driver/nvidia/gpus"
    names: list[str] = []
    for device in sorted(os.listdir(root)):
        with open(os.path.join(root, device, "information"), encoding="utf-8", errors="replace") as file:
            names += [line.split(":", 1)[1].strip() for line in file if line.startswith("Model:")]
    return names


def _packages() -> dict[str, str]:
    """Give the versions of the installed packages that are loaded, from the names of their folders."""
    loaded = {name.partition(".")[0] for name in sys.modules}
    wanted = {_PACKAGES_OF_MODULES.get(name, name).lower().replace("-", "_") for name in loaded}
    found: dict[str, str] = {}
    for folder in sys.path:
        if not os.path.isdir(folder):
            continue
        for entry in os.listdir(folder):
            stem, suffix = os.path.splitext(entry)
            package, dash, version = stem.partition("-")
            key = package.lower().replace(".", "_")
            if suffix == ".dist-info" and dash and key in wanted:
                found.setdefault(key.replace("_", "-"), version)
    return dict(sorted(found.items()))


def _user() -> str:
    import getpass

    return getpass.getuser()
