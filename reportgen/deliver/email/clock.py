"""Time as sending knows it: now, waiting, and how long a server may take. Tests put in their own."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from reportgen.deliver.retries import wait_s


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """What tells the time and waits."""

    now: Callable[[], datetime] = _utc_now
    """With a zone."""
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    """Evenly between 0 and 1: senders that failed together do not all come back together."""
    connect_s: float = 20.0
    answer_s: float = 60.0
    """For each answer of the server before the text of the mail."""
    data_s: float = 300.0
    """For its answer to the text: some look through it for long before they take it."""
    give_up_s: float = 3 * 86400.0
    """After the first try."""
    lock_s: float = 120.0
    """How long to wait for another process that is sending."""

    def timestamp(self) -> float:
        """Give now as seconds since the epoch."""
        return self.now().timestamp()

    def next_try(self, attempts: int) -> float:
        """Give the time of the next try after so many, in seconds since the epoch."""
        return self.timestamp() + wait_s(attempts, self.chance())
