"""A sender that is killed at any point: nobody gets two mails, and no doubt is silent."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reportgen.deliver.email import Ledger
from tests.fakes.mail_server import MailServer

ROOT = Path(__file__).parents[2]
READERS = tuple(f"reader{number}@example.com" for number in range(4))
EVENTS = ("rcpt", "data", "taken")
READINGS = 2 + 3 * len(READERS)
"""How often a sender asks the time that sends to all."""
GAP = 2 + 3 * 2
"""Among these: when the server has said that it has the second mail, and nothing of it is recorded."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@dataclass(frozen=True, slots=True)
class Point:
    """When a sender dies: by its own count of readings, at an event of the server, or after a time."""

    kind: str
    number: int = 0
    after_s: float = 0.0


@dataclass(slots=True)
class Sender:
    """The process that takes orders, and whom it has sending just now."""

    process: subprocess.Popen[str]
    pid: int = 0
    known: threading.Event = field(default_factory=threading.Event)

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def start(self, folder: Path, port: int, die_at: int | None) -> None:
        assert self.process.stdin is not None
        order = {"folder": str(folder), "port": port, "readers": READERS, "die_at": die_at}
        self.known.clear()
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        self.pid = int(self.line())
        self.known.set()

    def wait(self) -> None:
        assert self.line() == "ended"

    def kill(self) -> None:
        self.known.wait(10)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def sender() -> Iterator[Sender]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.mail_sender"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Sender(process)


def killed(sender: Sender, server: MailServer, folder: Path, point: Point) -> None:
    """Send until the point has come."""
    seen: Counter[str] = Counter()

    def listen(event: str, _recipient: str) -> None:
        seen[event] += 1
        if event == point.kind and seen[event] == point.number:
            sender.kill()

    server.behaviour.on = listen
    sender.start(folder, server.port, point.number if point.kind == "clock" else None)
    if point.kind == "time":
        time.sleep(point.after_s)
        sender.kill()
    sender.wait()
    server.behaviour.on = None


def prove(sender: Sender, folder: Path, points: list[Point]) -> Counter[str]:
    """Kill at each point, once or twice, send to the end, and look who got what; give what was seen."""
    lots, seen = random.Random(20261125), Counter[str]()  # noqa: S311 - the same points each time
    with MailServer(folder) as server:
        for number, point in enumerate(points):
            server.received.clear()
            home = folder / str(number)
            home.mkdir()
            killed(sender, server, home, point)
            deaths = 1
            if lots.random() < 0.3:
                killed(sender, server, home, random_point(lots))
                deaths = 2
            for _ in range(2):  # the second time there is nothing left to do
                sender.start(home, server.port, None)
                sender.wait()
            with Ledger(home / "ledger.sqlite", "weekly") as ledger:
                states = {entry.recipient: entry.state for entry in ledger.deliveries("2026-W47")}
            got = server.by_recipient
            assert set(states) == set(READERS), point
            assert set(states.values()) <= {"sent", "unknown"}, point
            assert max(got.values()) == 1, (point, got)
            assert all(got.get(name) == 1 for name in READERS if states[name] == "sent"), (point, states, got)
            doubts = [name for name in READERS if states[name] == "unknown"]
            assert len(doubts) <= deaths, (point, states)
            seen["doubts"] += len(doubts)
            seen["doubts that came in"] += sum(got.get(name, 0) for name in doubts)
    return seen


def random_point(lots: random.Random) -> Point:
    kind = lots.choice(("clock", "clock", "time", *EVENTS))
    return Point(
        kind,
        lots.randint(1, READINGS if kind == "clock" else len(READERS)),
        lots.uniform(0.0, 0.15),
    )


def points(count: int) -> list[Point]:
    """Give the points: some that must be among them, the rest by lot."""
    lots = random.Random(count)  # noqa: S311 - the same points each time
    sure = [Point("clock", GAP), Point("data", 1), Point("taken", 1), Point("rcpt", 2), Point("clock", 1)]
    return sure + [random_point(lots) for _ in range(count - len(sure))]


def test_a_sender_killed_anywhere_sends_nothing_twice_and_hides_nothing(
    sender: Sender, tmp_path: Path
) -> None:
    seen = prove(sender, tmp_path, points(20))
    assert seen["doubts"] >= 2  # it was killed where it matters
    assert seen["doubts that came in"] >= 1


@pytest.mark.heavy
@pytest.mark.timeout(600)
def test_a_sender_killed_at_two_hundred_points(sender: Sender, tmp_path: Path) -> None:
    seen = prove(sender, tmp_path, points(200))
    assert seen["doubts"] >= 20
    assert seen["doubts that came in"] >= 10


def test_an_unharmed_sender_asks_the_time_as_often_as_is_assumed(sender: Sender, tmp_path: Path) -> None:
    """Else the point in the gap would lie somewhere else."""
    with MailServer(tmp_path) as server:
        sender.start(tmp_path, server.port, READINGS + 1)
        sender.wait()
        assert server.by_recipient == dict.fromkeys(READERS, 1)
    with Ledger(tmp_path / "ledger.sqlite", "weekly") as ledger:
        assert {entry.state for entry in ledger.deliveries("2026-W47")} == {"sent"}
    home = tmp_path / "gap"
    home.mkdir()
    with MailServer(tmp_path) as server:
        sender.start(home, server.port, GAP)
        sender.wait()
        assert len(server.received) == 2
    with Ledger(home / "ledger.sqlite", "weekly") as ledger:
        states = [entry.state for entry in ledger.deliveries("2026-W47")]
    assert states == ["sent", "sending", "waiting", "waiting"]
