"""The script of what goes wrong: which call fails how, before or after it was carried out."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "401", "429", "500", "502", "503", "504", "rate", "html", "reset", "hang", "invalid_grant"
]


@dataclass(slots=True)
class Fault:
    """One line of the script."""

    kind: FaultKind
    at: str = "*"
    """Id of a method, such as ``spreadsheets.batchUpdate``, ``files.create`` or ``token``; ``*`` for all calls
    but that for a token."""
    times: int | None = 1
    """How often; None for ever."""
    after: bool = False
    """Carry the call out first: the answer is lost, not the work."""
    retry_after: int | None = None
    """Seconds to put into the header of that name."""
    skip: int = 0
    """How many such calls go well first."""

    def meets(self, method: str) -> bool:
        """Whether the line is about this call; counts it."""
        if self.times == 0 or (self.at != method and not (self.at == "*" and method != "token")):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


class FaultScript:
    """The lines that are left."""

    def __init__(self) -> None:
        self._lines: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Put a line at the end."""
        with self._lock:
            self._lines.append(fault)

    def clear(self) -> None:
        """Let everything go well from here on."""
        with self._lock:
            self._lines.clear()

    def next_for(self, method: str) -> Fault | None:
        """Give the fault that this call meets, if any."""
        with self._lock:
            return next((line for line in self._lines if line.meets(method)), None)
