"""``reportgen schedule`` with programs that behave like those of a system, and ``run --then-build``."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.clocks import Clocks, fake_clocks
from tests.fakes.mail_server import MailServer, free_port
from tests.functional.conftest import Cli, log_run, log_study

TOML = """\
title = "Digits"
runs = ["runs"]

[outputs]
formats = ["json"]

[email]
to = "ada@example.com"
from = "reports@example.com"
host = "127.0.0.1"
port = {port}
security = "none"
attach = []

[schedule]
every = "monday 08:00"
timezone = "America/New_York"
"""


class _Terminal(io.StringIO):
    """A terminal at which somebody types an answer."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def home(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(here / "config"))
    (here / "reportgen.toml").write_text(TOML.format(port=free_port()))
    (here / "runs").mkdir()
    return here


@pytest.fixture
def clocks(home: Path, monkeypatch: pytest.MonkeyPatch) -> Clocks:
    made = fake_clocks(home / "bin")
    monkeypatch.setenv("PATH", f"{made.folder}{os.pathsep}{os.environ['PATH']}")
    return made


@pytest.fixture
def server(home: Path) -> Iterator[MailServer]:
    with MailServer(home) as running:
        text = (home / "reportgen.toml").read_text()
        (home / "reportgen.toml").write_text(re.sub(r"port = \d+", f"port = {running.port}", text))
        yield running


def test_install_shows_the_next_three_issues_in_local_time_and_utc_before_it_writes(
    clocks: Clocks, cli: Cli
) -> None:
    refused = cli("schedule", "install", "--cron")
    assert refused.code == 2
    assert "nobody can be asked here" in refused.error
    nexts = [line for line in refused.err.splitlines() if line.startswith("next: ")]
    assert len(nexts) == 3
    for line in nexts:
        assert re.fullmatch(
            r"next: \d{4}-W\d\d at Monday \d{4}-\d\d-\d\d 08:00 America/New_York"
            r" \(\d{4}-\d\d-\d\d 1[23]:00 UTC\)",
            line,
        )
    assert "*/15 * * * *" in refused.err
    assert not clocks.table.exists()


@pytest.mark.parametrize(
    ("typed", "is_written"), [("y\n", True), ("\n", False), ("no\n", False), ("", False)]
)
def test_install_asks_at_a_terminal(
    clocks: Clocks, cli: Cli, monkeypatch: pytest.MonkeyPatch, typed: str, is_written: bool
) -> None:
    monkeypatch.setattr("sys.stdin", _Terminal(typed))
    answer = cli("schedule", "install", "--cron")
    assert answer.code == 0
    assert clocks.table.exists() == is_written
    assert ("nothing was changed" in answer.err) != is_written


def test_a_timer_comes_and_goes(clocks: Clocks, home: Path, cli: Cli) -> None:
    installed = cli("schedule", "install", "--yes")  # systemd is there, so it is taken
    assert installed.code == 0
    service, timer = map(Path, installed.out.split())
    assert timer.parent == home / "config" / "systemd" / "user"
    assert f'"tick" "--config" "{home}/reportgen.toml"' in service.read_text()
    assert "enable-linger" in installed.err
    shown = json.loads(cli("schedule", "show", "--json").out)
    assert shown["clocks"] == ["timer of systemd (user)"]
    assert [len(shown[name]) for name in ("next", "last")] == [3, 0]
    removed = cli("schedule", "uninstall")
    assert removed.out.split() == [str(service), str(timer)]
    assert list(timer.parent.iterdir()) == []
    assert "no clock of ours" in cli("schedule", "uninstall").err
    assert cli("schedule", "show").out.splitlines()[-1].startswith("clock: none")


def test_nothing_that_was_due_before_the_clock_came_is_sent(clocks: Clocks, cli: Cli) -> None:
    assert cli("schedule", "install", "--cron", "--yes").code == 0
    tick = cli("tick", "--json")
    assert tick.code == 0
    assert json.loads(tick.out)["state"] == "nothing_due"


def test_a_clock_that_is_written_again_skips_nothing(clocks: Clocks, home: Path, cli: Cli) -> None:
    import sqlite3

    def start() -> float:
        with sqlite3.connect(home / "reports" / "issues" / "ledger.sqlite") as ledger:
            (found,) = ledger.execute("SELECT due FROM period").fetchone()
        ledger.close()
        return float(found)

    cli("schedule", "install", "--cron", "--yes")
    before = start()
    cli("schedule", "install", "--cron", "--yes")
    assert start() == before
    cli("schedule", "uninstall")
    cli("schedule", "install", "--cron", "--yes")
    assert start() > before


def test_a_clock_that_was_ahead_stops_the_schedule_until_it_is_installed_again(
    clocks: Clocks, home: Path, cli: Cli
) -> None:
    from datetime import UTC, datetime, timedelta

    from reportgen import pipeline
    from reportgen.config import read_config
    from tests.fakes.issues import FakeTime

    cli("schedule", "install", "--cron", "--yes")
    ahead = FakeTime(datetime.now(UTC) + timedelta(days=400)).clock()
    pipeline.tick(read_config(home / "reportgen.toml"), clock=ahead)
    for words in (("tick",), ("schedule", "show", "--json")):
        answer = cli(*words)
        assert answer.code == 1
        assert "call reportgen schedule install again" in answer.out + answer.err
    cli("schedule", "install", "--cron", "--yes")
    assert cli("tick").code == 0
    assert "install again" not in cli("schedule", "show").err


def test_a_workflow_is_printed_and_nothing_written(clocks: Clocks, home: Path, cli: Cli) -> None:
    (home / ".git").mkdir()
    before = sorted(path.name for path in home.iterdir())
    printed = cli("schedule", "install", "--github")
    assert printed.code == 0
    lines = printed.out.splitlines()
    assert '      - run: "reportgen tick --json --config reportgen.toml"' in lines
    assert '          path: "reports/issues"' in lines
    assert sorted(path.name for path in home.iterdir()) == before


def test_without_a_schedule_no_clock_is_installed(clocks: Clocks, home: Path, cli: Cli) -> None:
    (home / "reportgen.toml").write_text('runs = ["runs"]\n')
    for action in ("install", "run"):
        answer = cli("schedule", action, "--yes")
        assert answer.code == 1
        assert "there is no schedule" in answer.error
    assert clocks.calls == []


def test_no_clock_is_installed_for_a_report_without_readers(clocks: Clocks, home: Path, cli: Cli) -> None:
    text = (home / "reportgen.toml").read_text()
    (home / "reportgen.toml").write_text(text.replace('to = "ada@example.com"\n', ""))
    answer = cli("schedule", "install", "--cron", "--yes")
    assert answer.code == 1
    assert "there is no 'to' under [email]" in answer.error
    assert not clocks.table.exists()


def test_the_loop_in_the_foreground_sends_and_ends_at_sigterm(home: Path, server: MailServer) -> None:
    """Its runs are of today, so the issue is the sweep's; it is told to end while it sleeps."""
    log_study(home / "runs")
    text = (home / "reportgen.toml").read_text()
    (home / "reportgen.toml").write_text(text.replace('every = "monday 08:00"', 'period = "every sweep"'))
    process = subprocess.Popen(
        [sys.executable, "-m", "reportgen", "schedule", "run", "--json"],
        cwd=home, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        try:
            assert process.stdout is not None
            first = json.loads(process.stdout.readline())
            assert first["state"] == "running"  # the last run ended a moment ago
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
            assert process.stdout.read() == ""
        finally:
            process.kill()


def test_of_a_group_the_run_that_closes_last_builds(home: Path, cli: Cli) -> None:
    import reportgen

    words = ["run", "--experiment", "digits", "--group", "night", "--directory", "runs", "--no-capture"]
    command = ["--then-build", "--", sys.executable, "-m", "reportgen", "log", "val_accuracy=0.9"]
    with reportgen.start_run("digits", group="night", directory=home / "runs", capture=False) as other:
        other.log_metrics({"val_accuracy": 0.8}, step=0)
        early = subprocess.run(
            [sys.executable, "-m", "reportgen", *words, *command],
            cwd=home, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert "no report yet: 1 run is going on" in early.stderr
        assert not (home / "reports").exists()
    last = cli(*words, *command)
    assert last.code == 0
    assert last.out.splitlines()[-1] == "reports/digits.json"
    assert (home / "reports" / "digits.json").exists()


def test_a_report_that_fails_does_not_change_the_exit_code_of_the_command(home: Path, cli: Cli) -> None:
    (home / "reportgen.toml").write_text("title = 3\n")
    log_run(home / "runs", {"a": 1}, {"loss": 1.0})
    words = ["run", "--experiment", "x", "--directory", "runs", "--no-capture", "--then-build", "--"]
    fine = cli(*words, sys.executable, "-c", "pass")
    assert fine.code == 0
    assert "no report was built" in fine.err
    assert cli(*words, sys.executable, "-c", "raise SystemExit(7)").code == 7
