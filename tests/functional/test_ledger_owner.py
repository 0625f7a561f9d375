"""Whose ledger it is: folders are renamed, moved and copied, and no reader gets anything twice."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reportgen import pipeline
from reportgen.config import read_config
from reportgen.errors import DeliveryError
from tests.fakes.clocks import fake_clocks
from tests.fakes.mail_server import MailServer
from tests.functional.conftest import Cli
from tests.functional.test_sending import MONDAY, WEEK, clock, numbers, runs, write_config

__all__ = ["runs"]
HOUR = timedelta(hours=1)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path / "server") as running:
        yield running


@pytest.fixture
def weekly(tmp_path: Path, runs: Path, server: MailServer) -> Path:
    """A report whose issue of week 47 was sent."""
    folder = tmp_path / "weekly"
    folder.mkdir()
    (folder / "runs").symlink_to(runs, target_is_directory=True)
    pipeline.tick(write_config(folder, server.port), clock=clock(MONDAY))
    assert len(server.received) == 2
    return folder


def test_a_renamed_folder_goes_on_with_its_ledger(weekly: Path, server: MailServer) -> None:
    ids = {mail.message["List-Id"] for mail in server.received}
    folder = weekly.rename(weekly.with_name("digits for the board"))
    config = read_config(folder / "reportgen.toml")
    again = pipeline.tick(config, clock=clock(MONDAY + HOUR))
    assert (again.state, again.is_news, again.job) == ("done", False, "weekly")
    assert pipeline.standing(config, MONDAY + HOUR).past[0].state == "done"
    following = pipeline.tick(config, clock=clock(MONDAY + WEEK))
    assert (following.state, following.period) == ("done", "2026-W48")
    assert numbers(folder / "reports" / "issues" / "2026-W48")["changes"]["since"] is not None
    assert server.by_recipient == {"ada@example.com": 2, "bea@example.com": 2}
    assert {mail.message["List-Id"] for mail in server.received} == ids


def test_a_folder_that_is_renamed_between_two_tries_sends_nothing_twice(
    weekly: Path, server: MailServer
) -> None:
    config = read_config(weekly / "reportgen.toml")
    server.behaviour.rcpt["bea@example.com"] = "451 later"
    assert pipeline.tick(config, clock=clock(MONDAY + WEEK)).state == "retry"
    server.behaviour.rcpt.clear()
    folder = weekly.rename(weekly.with_name("renamed"))
    after = pipeline.tick(read_config(folder / "reportgen.toml"), clock=clock(MONDAY + WEEK + HOUR))
    assert (after.state, after.period) == ("done", "2026-W48")
    assert server.by_recipient == {"ada@example.com": 2, "bea@example.com": 2}


def test_a_copied_folder_sends_nothing_while_the_first_one_is_there(weekly: Path, server: MailServer) -> None:
    copy = weekly.with_name("copy")
    shutil.copytree(weekly, copy, symlinks=True)
    config = read_config(copy / "reportgen.toml")
    with pytest.raises(DeliveryError, match="the folder of issues is a copy") as refused:
        pipeline.tick(config, clock=clock(MONDAY + WEEK))
    assert str(weekly / "reports" / "issues" / "ledger.sqlite") in refused.value.message
    first = pipeline.tick(read_config(weekly / "reportgen.toml"), clock=clock(MONDAY + WEEK))
    assert first.state == "done"
    assert len(server.received) == 4
    shutil.rmtree(weekly)  # now it has moved: what the copy does not know is sent, what it knows is not
    assert not pipeline.tick(config, clock=clock(MONDAY + HOUR)).is_news
    assert len(server.received) == 4


def test_another_report_may_come_where_the_renamed_one_was(weekly: Path, server: MailServer) -> None:
    folder = weekly.rename(weekly.with_name("renamed"))
    weekly.mkdir()
    (weekly / "runs").symlink_to(folder / "runs", target_is_directory=True)
    pipeline.tick(write_config(weekly, server.port), clock=clock(MONDAY))
    assert len(server.received) == 4
    assert not pipeline.tick(read_config(folder / "reportgen.toml"), clock=clock(MONDAY + HOUR)).is_news


def test_a_clock_that_is_installed_anew_names_what_it_leaves_out(
    weekly: Path, server: MailServer, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The old clock had the old path, so nothing was sent since; that is told, and never silent."""
    fake_clocks(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    folder = weekly.rename(weekly.with_name("renamed"))
    hour = (datetime.now(UTC) - timedelta(hours=3)).hour
    write_config(
        folder,
        server.port,
        ('every = "monday 08:00"\ntimezone = "Europe/Berlin"', f'every = "day {hour:02d}:00"'),
    )
    monkeypatch.chdir(folder)
    with closing(sqlite3.connect("reports/issues/ledger.sqlite")) as database, database:
        database.execute("UPDATE period SET due = due - 864000, changed = changed - 864000")
    first = cli("schedule", "install", "--cron", "--yes")
    assert first.code == 0
    told = re.search(
        r"note: (\S+) was due before and is not sent by itself; reportgen send --period (\S+)", first.err
    )
    assert told
    assert told[1] == told[2] > "2026-11-01"
    assert "note:" not in cli("schedule", "install", "--cron", "--yes").err


@pytest.mark.parametrize("kind", ["--cron", "--systemd"])
def test_the_clock_of_the_old_place_is_named_and_can_be_removed(
    weekly: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    clocks = fake_clocks(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{clocks.folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.chdir(weekly)
    assert cli("schedule", "install", kind, "--yes").code == 0
    monkeypatch.chdir(weekly.rename(weekly.with_name("renamed")))
    installed = cli("schedule", "install", kind, "--yes")
    note = f"a clock calls {weekly / 'reportgen.toml'}, which is not there any more; reportgen "
    assert note in installed.err
    assert note in cli("schedule", "show").err
    words = re.search("not there any more; reportgen (.*)", installed.err)
    assert words
    removed = cli(*shlex.split(words[1]))
    assert removed.code == 0
    assert "reportgen-weekly-" in removed.out
    shown = cli("schedule", "show")
    assert "not there any more" not in shown.err
    assert "clock: none" not in shown.out  # that of the new place stays
    assert cli(*shlex.split(words[1])).code == 1


def test_a_renamed_configuration_is_refused_and_told_what_to_do(
    weekly: Path, server: MailServer, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(weekly)
    (weekly / "reportgen.toml").rename(weekly / "digits.toml")
    for words in (("tick",), ("send", "--period", "2026-W48"), ("schedule", "show")):
        told = cli(*words, "--config", "digits.toml")
        assert told.code == 1
        assert "belongs to another report, 'weekly'" in told.error
        assert "its configuration is ../../reportgen, and this one ../../digits" in told.error
        assert "give its configuration the old name and place again" in told.error
    assert len(server.received) == 2


def test_outputs_elsewhere_know_the_folder_by_its_name(weekly: Path, server: MailServer) -> None:
    out = ("[outputs]\n", f'[outputs]\ndirectory = "{weekly.parent / "out"}"\n')
    write_config(weekly, server.port, out)
    pipeline.tick(read_config(weekly / "reportgen.toml"), clock=clock(MONDAY))
    assert len(server.received) == 4
    folder = weekly.rename(weekly.with_name("renamed"))
    with pytest.raises(DeliveryError, match="belongs to another report, 'weekly'"):
        pipeline.tick(read_config(folder / "reportgen.toml"), clock=clock(MONDAY + HOUR))
    folder.rename(weekly)
    assert not pipeline.tick(read_config(weekly / "reportgen.toml"), clock=clock(MONDAY + HOUR)).is_news


def test_a_ledger_that_does_not_say_whose_it_is_learns_it(weekly: Path, server: MailServer) -> None:
    ledger = weekly / "reports" / "issues" / "ledger.sqlite"
    with closing(sqlite3.connect(ledger)) as database:
        database.execute("DROP TABLE report")
    other = weekly.rename(weekly.with_name("other"))
    with pytest.raises(DeliveryError, match="belongs to another report, 'weekly'"):
        pipeline.tick(read_config(other / "reportgen.toml"), clock=clock(MONDAY + HOUR))
    other.rename(weekly)
    assert not pipeline.tick(read_config(weekly / "reportgen.toml"), clock=clock(MONDAY + HOUR)).is_news
    weekly.rename(other)
    assert not pipeline.tick(read_config(other / "reportgen.toml"), clock=clock(MONDAY + HOUR)).is_news
    assert len(server.received) == 2
