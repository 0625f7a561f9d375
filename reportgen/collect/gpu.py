"""NVIDIA's devices: asked of ``nvidia-smi`` where it is, else read from the driver's files."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen

_PATIENCE_S = 2.0
_DRIVER_FILES = "/proc/driver/nvidia/gpus"


class GpuQuestion:
    """A question to ``nvidia-smi``, which answers while other things are done.

    Args:
        fields: What to ask of each device, as in ``name,memory.total``.
    """

    def __init__(self, fields: str = "name,memory.total,driver_version") -> None:
        self._process: Popen[bytes] | None = None
        program = _program()
        if program:
            import subprocess

            self._process = subprocess.Popen(  # noqa: S603 - fixed words
                [program, f"--query-gpu={fields}", "--format=csv,noheader,nounits"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )

    def rows(self) -> list[list[str]]:
        """Wait for the answer, not for long: one row a device, one cell a field; empty without any."""
        if self._process is None:
            return []
        process, self._process = self._process, None
        import subprocess

        try:
            text = process.communicate(timeout=_PATIENCE_S)[0].decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return []
        if process.returncode:
            return []
        return [[cell.strip() for cell in line.split(",")] for line in text.splitlines() if line.strip()]

    def answer(self) -> list[str]:
        """Describe each device: name, memory, driver."""
        rows = [row for row in self.rows() if len(row) == 3]
        if not rows:
            return _named_by_driver()
        return [f"{name}, {memory} MiB, driver {driver}" for name, memory, driver in rows]


def has_devices() -> bool:
    """Tell whether there is something to ask."""
    return bool(_program())


def _program() -> str:
    """Find ``nvidia-smi`` on the path; empty without it."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for name in ("nvidia-smi", "nvidia-smi.exe"):
            path = os.path.join(folder, name)
            if folder and os.access(path, os.X_OK):
                return path
    return ""


def _named_by_driver() -> list[str]:
    """Read the devices' names from the driver's files."""
    if not os.path.isdir(_DRIVER_FILES):
        return []
    names: list[str] = []
    for device in sorted(os.listdir(_DRIVER_FILES)):
        path = os.path.join(_DRIVER_FILES, device, "information")
        with open(path, encoding="utf-8", errors="replace") as file:
            names += [line.split(":", 1)[1].strip() for line in file if line.startswith("Model:")]
    return names
