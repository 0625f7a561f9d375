"""Sends an issue in a process that may be killed: ``python -m tests.fakes.mail_sender``, one order a line.

An order is JSON: folder, port, readers, die_at. Each is carried out by a fork, which costs no imports; its
number is told at once, and ``ended`` when it has. With *die_at* it kills itself when it asks the time so often:
so it dies between any two steps, also between the server's word and the record of it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reportgen.deliver.email import Clock, Ledger, send_issue
from tests.fakes.issues import make_body, make_issue, make_settings


class MortalTime:
    """The time, until it is asked too often."""

    def __init__(self, die_at: int | None) -> None:
        self.left = die_at

    def now(self) -> datetime:
        """Tell the time, or die."""
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return datetime.now(UTC)


def carry_out(order: dict[str, Any]) -> None:
    """Send once to all that are due."""
    folder, time = Path(order["folder"]), MortalTime(order["die_at"])
    with Ledger(folder / "ledger.sqlite", "weekly") as ledger:
        send_issue(
            make_issue(folder),
            make_body(),
            order["readers"],
            make_settings(order["port"]),
            ledger,
            Clock(now=time.now, lock_s=10.0),
        )


def main() -> None:
    """Take orders until there are no more."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            carry_out(json.loads(line))
            os._exit(0)
        print(pid, flush=True)  # noqa: T201 - the answer to whoever gave the order
        os.waitpid(pid, 0)
        print("ended", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
