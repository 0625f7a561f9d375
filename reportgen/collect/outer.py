"""The run around this process: what ``REPORTGEN_RUN`` names, and whether to go on with it.

``reportgen run`` sets the variable for the command that it starts. A training script in there that
starts a run of the same experiment goes on with that one, so that one run appears and not two.
"""

from __future__ import annotations

import os

from reportgen.collect.append import say
from reportgen.collect.rows import plain_value
from reportgen.schema import RUN_FILE, encode_value

try:
    import fcntl
except ImportError:  # Windows: two processes that start at the same moment are not kept apart
    fcntl = None  # type: ignore[assignment]  # the rest asks for None

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.collect.rows import Fact
    from reportgen.collect.told import ToldRun

RUN_VARIABLE = "REPORTGEN_RUN"
"""Names the folder of the run that ``reportgen run`` has started around this process."""

_taken: set[str] = set()
"""Outer runs that this process, or the one that it was forked from, has gone on with already."""


class OuterRun:
    """The run that this process was started in.

    Args:
        directory: Its folder, absolute; empty if there is none.
        run_id: Its id.
    """

    __slots__ = ("_fd", "directory", "goes_on", "id")

    def __init__(self, directory: str = "", run_id: str = "") -> None:
        self.directory = directory
        self.id = run_id
        self.goes_on = False
        """Whether the run that is started now is this one."""
        self._fd = -1

    @property
    def parent_facts(self) -> list[Fact]:
        """What a run that is started in this one, and is another, says of it."""
        return [] if self.goes_on or not self.id else [("run", "parent", self.id)]

    def take(self, home: str, experiment: str, facts: Sequence[Fact], *, is_named: bool) -> None:
        """See whether a run that is started now is this one, and if so claim it until :meth:`release`.

        It is, the first time in a process, if the experiment is the same, the run is still open, and
        nothing that it knows of name, group and parameters is contradicted: several workers of a
        search each start a run of their own.

        Args:
            home: The experiment's folder.
            experiment: The experiment of the run to be started.
            facts: What is known of it: its name, group, parameters.
            is_named: Whether the caller named the log directory; then it must be this run's.
        """
        if not self.directory or self.directory in _taken:
            return
        if is_named and os.path.realpath(home) != os.path.dirname(os.path.realpath(self.directory)):
            return
        from reportgen.collect.told import read_run

        self._lock()
        told = read_run(self.directory)
        if told is None or told.is_closed or told.experiment != experiment or _contradict(told, facts):
            self.release()
            return
        _taken.add(self.directory)
        self.goes_on = True

    def release(self) -> None:
        """Let other processes look at what this one has told of the run."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def _lock(self) -> None:
        """Keep processes that start at the same moment apart, where the file system has locks."""
        if fcntl is None:
            return
        try:
            self._fd = os.open(os.path.join(self.directory, RUN_FILE), os.O_RDWR)
            fcntl.flock(self._fd, fcntl.LOCK_EX)  # a POSIX lock would go when the file is read
        except OSError:
            self.release()


def _contradict(told: ToldRun, facts: Sequence[Fact]) -> bool:
    return any(
        told.contradicts(kind, name, encode_value(plain_value(value)))
        for kind, name, value in facts
        if kind in ("run", "param")
    )


def look_around(resume: object = None, parent: object = None) -> OuterRun:
    """Give the run that this process was started in; an empty one outside of any.

    Args:
        resume: The run that the caller wants to go on with instead, if any.
        parent: The parent that the caller names instead, if any.
    """
    directory = os.environ.get(RUN_VARIABLE)
    if not directory or resume is not None or parent is not None:
        return OuterRun()
    from reportgen.collect.told import read_run  # most runs have none around them

    told = read_run(directory)
    if told is None:
        say(f"{RUN_VARIABLE} is {directory!r}, which is no run folder; the run that starts now has no parent")
        return OuterRun()
    return OuterRun(directory, told.id)
