"""What a run offers beside logging: seeds, system metrics, its picture in a notebook, the way to a process."""

from __future__ import annotations

import os

from reportgen.errors import LoggingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reportgen.collect.append import RunFolder
    from reportgen.collect.run import Run
    from reportgen.collect.system import SystemMetrics

_SHORTEST_SAMPLING_S = 0.1


class RunExtras:
    """The part of :class:`~reportgen.collect.run.Run` that few calls need and nothing heavy is loaded for."""

    _folder: RunFolder
    _writer: str
    _host: str
    _system: SystemMetrics | None = None
    experiment: str

    if TYPE_CHECKING:

        @property
        def is_open(self) -> bool:
            """Stand for the run's own."""

        def log_params(self, values: Mapping[str, object]) -> None:
            """Stand for the run's own."""

        def _wake_if_needed(self, call: str) -> None: ...

    def seed(self, number: int) -> int:
        """Seed ``random``, and NumPy and Torch if they are loaded, and log the seed as parameter ``seed``.

        Args:
            number: From 0 to 2**32 - 1.

        Returns:
            The seed.

        Raises:
            LoggingError: It is no such number, or the run is finished.
            RunStorageError: The row cannot be written; with ``strict=True`` only.
        """
        from reportgen.collect.seeds import set_seeds

        self._wake_if_needed("seed")
        seed = set_seeds(number)
        self.log_params({"seed": seed})
        return seed

    def log_system_metrics(self, every: float = 10.0) -> None:
        """Log how busy the machine is, in a thread that ends with the run.

        Shares of the processor and memory, of the machine and of this process; of NVIDIA's devices what
        ``nvidia-smi`` says. They are metrics called ``system/...``, in a file of their own.

        Args:
            every: Seconds between samples, at least 0.1.

        Raises:
            LoggingError: It is no such number, or the run is finished.
        """
        is_number = isinstance(every, (int, float)) and not isinstance(every, bool)
        if not is_number or not _SHORTEST_SAMPLING_S <= every < float("inf"):
            raise LoggingError(
                f"{every!r} is no time between samples",
                where="log_system_metrics every",
                do=f"Give a number of seconds, at least {_SHORTEST_SAMPLING_S}.",
            )
        from reportgen.collect.system import SystemMetrics

        self._wake_if_needed("log_system_metrics")
        self._stop_system_metrics()
        writer = f"{self._writer}.system" if self._writer else "system"
        self._system = SystemMetrics(self._folder, writer, float(every))

    def _stop_system_metrics(self) -> None:
        system, self._system = self._system, None
        if system is not None:
            system.stop()

    def _repr_html_(self) -> str:
        """Show status, parameters, latest metrics and folder in a notebook."""
        from reportgen.collect.picture import run_html

        return run_html(self._folder.directory, "running" if self.is_open else "")

    def __reduce__(self) -> tuple[Callable[..., Run], tuple[object, ...]]:
        """Travel to another process: there it goes on as a further writer, as after a fork."""
        folder = self._folder
        return _arrive, (folder.directory, self.experiment, self._host, folder.durable, folder.strict)


def _arrive(directory: str, experiment: str, host: str, durable: bool, strict: bool) -> Run:  # noqa: FBT001 - pickle gives them by place
    """Make a run of what :meth:`RunExtras.__reduce__` packed; its first call opens files of its own."""
    from reportgen.collect.alive import AliveLock
    from reportgen.collect.append import RunFolder
    from reportgen.collect.run import Run

    folder = RunFolder(os.path.abspath(directory), durable=durable, strict=strict)
    folder.is_made = True
    run = Run(folder, experiment, "", AliveLock(), host)
    run.become_further_writer()
    return run
