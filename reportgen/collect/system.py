"""How busy the machine is, every few seconds, in a thread that ends with the run."""

from __future__ import annotations

import os
import threading
from time import monotonic, process_time
from time import time as clock

from reportgen.collect.gpu import GpuQuestion, has_devices
from reportgen.collect.points import PointFiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from reportgen.collect.append import RunFolder

_JOIN_S = 5.0
_MIB = 2**20


class SystemMetrics:
    """Samples processor, memory and NVIDIA's devices; has files of its own in the run folder.

    Args:
        folder: The run folder.
        writer: Names the files: ``metrics.<writer>.csv``.
        every: Seconds between samples.
    """

    def __init__(self, folder: RunFolder, writer: str, every: float) -> None:
        self._points = PointFiles(folder, writer)
        self._every = every
        self._has_gpu = has_devices()
        self._busy = _processor_ticks()
        self._own = process_time()
        self._at = monotonic()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, name="reportgen-system-metrics", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take a last sample and end the thread."""
        self._end.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(_JOIN_S)

    def _work(self) -> None:
        try:
            while not self._end.wait(self._every):
                self._points.add(self._sample(), None, clock())
            self._points.add(self._sample(), None, clock())
        except Exception as error:  # noqa: BLE001 - it runs beside the training, where nobody could catch it
            from reportgen.collect.append import say

            say(f"system metrics are no longer logged ({error})")

    def _sample(self) -> dict[str, float]:
        """Give what was measured since the last sample, and the memory of this moment."""
        values: dict[str, float] = {}
        now, own, busy = monotonic(), process_time(), _processor_ticks()
        elapsed = max(now - self._at, 1e-9)
        values["system/process_cpu_percent"] = round(100 * (own - self._own) / elapsed, 2)
        if busy[1] > self._busy[1]:
            share = (busy[0] - self._busy[0]) / (busy[1] - self._busy[1])
            values["system/cpu_percent"] = round(100 * share, 2)
        self._at, self._own, self._busy = now, own, busy
        values.update(_memory())
        if self._has_gpu:
            for index, load, memory in _triples(GpuQuestion("index,utilization.gpu,memory.used").rows()):
                values[f"system/gpu{index}_percent"] = load
                values[f"system/gpu{index}_memory_bytes"] = memory * _MIB
        return values


def _triples(rows: list[list[str]]) -> list[tuple[str, float, float]]:
    """Read the devices' answers; a device that does not tell is left out."""
    found: list[tuple[str, float, float]] = []
    for row in rows:
        try:
            index, load, memory = row
            found.append((index, float(load), float(memory)))
        except ValueError:
            continue
    return found


def _processor_ticks() -> tuple[float, float]:
    """Give the ticks that the processors were busy, and all ticks, since boot; zeros if nobody tells."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [float(word) for word in file.readline().split()[1:9]]
    except (OSError, ValueError):
        return 0.0, 0.0
    idle = sum(ticks[3:5])  # idle, and waiting for a disk
    return sum(ticks) - idle, sum(ticks)


def _memory() -> dict[str, float]:
    """Give the memory that is in use, on the machine and by this process, in bytes."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            sizes = {line.partition(":")[0]: line.split()[1] for line in file}
        used = (int(sizes["MemTotal"]) - int(sizes["MemAvailable"])) * 1024
        with open("/proc/self/statm", encoding="ascii") as file:
            own = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, KeyError, IndexError, ValueError):
        return {}
    return {"system/memory_used_bytes": float(used), "system/process_memory_bytes": float(own)}
