"""The clock of a container: a loop in the foreground that looks again at least once a minute."""

from __future__ import annotations

import select
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from types import FrameType

from reportgen.config import ScheduleConfig
from reportgen.deliver.schedule.due import dues_after

LONGEST_SLEEP_S = 60.0
"""So a machine that slept, or whose clock was set, is noticed within a minute."""


def sleep_s(schedule: ScheduleConfig, now: datetime) -> float:
    """Give how long nothing can become due, a minute at most."""
    following = next(dues_after(schedule, now), None)
    if following is None:
        return LONGEST_SLEEP_S
    return min(LONGEST_SLEEP_S, max(0.0, (following - now).total_seconds()))


def run_loop(
    tick: Callable[[datetime], None],
    schedule: ScheduleConfig,
    now: Callable[[], datetime],
    wait: Callable[[float], bool],
) -> None:
    """Call *tick* again and again.

    Args:
        tick: Does what is due at a time.
        schedule: Says when the next thing is due.
        now: Reads the wall clock.
        wait: Sleeps for some seconds; True if the loop is to end.
    """
    while True:
        tick(now())
        if wait(sleep_s(schedule, now())):
            return


@contextmanager
def stopping() -> Iterator[Callable[[float], bool]]:
    """Give a `wait` for `run_loop` that SIGTERM and SIGINT cut short: the job that is running is finished."""
    asked = False
    # a pair of sockets, not a pipe: Windows can wait for sockets only
    reader, writer = socket.socketpair()
    writer.setblocking(False)

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        del number, frame
        asked = True
        with suppress(BlockingIOError):
            writer.send(b".")

    def wait(seconds: float) -> bool:
        if not asked:
            select.select([reader], [], [], seconds)
        return asked

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield wait
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        reader.close()
        writer.close()
