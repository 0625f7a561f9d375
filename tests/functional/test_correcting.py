"""A correction is sent where it says something that the readers do not have, and only there."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reportgen import pipeline
from tests.fakes.mail_server import MailServer
from tests.functional.conftest import Cli
from tests.functional.test_sending import (
    MONDAY,
    NAMED,
    WEEK,
    clock,
    home,
    log_week,
    runs,
    server,
    write_config,
)

__all__ = ["home", "runs", "server"]
HOUR = timedelta(hours=1)
KEY = "2026-W47"
UNCHANGED = f"{KEY}: nothing has changed since this issue was sent, so no correction was sent"


def made_at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))


def rows(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "reports" / "issues" / "ledger.sqlite")) as database:
        return [key for (key,) in database.execute("SELECT period FROM period ORDER BY period")]


@pytest.mark.parametrize("formats", ['formats = ["json"]', 'formats = ["json", "pdf", "xlsx", "html"]'])
def test_a_correction_that_would_say_the_same_is_not_sent(
    home: Path, server: MailServer, cli: Cli, formats: str
) -> None:
    config = write_config(home, server.port, ('formats = ["json"]', formats))
    pipeline.tick(config, clock=clock(MONDAY))
    for _ in range(2):
        answer = cli("send", "--period", KEY, "--correct")
        assert (answer.code, answer.out) == (0, f"reports/issues/{KEY}\n")
        assert answer.err.splitlines()[-1].endswith(UNCHANGED)
    told = json.loads(cli("send", "--period", KEY, "--correct", "--json").out)
    assert (told["state"], told["period"]) == ("unchanged", KEY)
    assert cli("send", "--period", KEY, "--correct", "--dry-run").code == 0  # looking is free
    assert len(server.received) == 2
    assert rows(home) == [KEY]  # nothing is left that a clock would go on with
    assert not pipeline.tick(config, clock=clock(MONDAY + HOUR)).is_news


def test_a_second_correction_is_held_against_the_first(home: Path, server: MailServer, cli: Cli) -> None:
    config = write_config(home, server.port)
    pipeline.tick(config, clock=clock(MONDAY))
    write_config(home, server.port, NAMED)
    assert cli("send", "--period", KEY, "--correct").out == f"reports/issues/{KEY}-2\n"
    assert len(server.received) == 4
    same = cli("send", "--period", KEY, "--correct")
    assert f"{KEY}-2: nothing has changed" in same.err
    assert len(server.received) == 4
    write_config(home, server.port)  # back to what the first issue said, which is not what the readers have
    assert cli("send", "--period", KEY, "--correct").out == f"reports/issues/{KEY}-3\n"
    assert len(server.received) == 6


def test_runs_that_came_later_are_a_correction(home: Path, server: MailServer, cli: Cli) -> None:
    (home / "runs").unlink()
    log_week(home, MONDAY - WEEK + timedelta(days=1), 0.85)
    pipeline.tick(write_config(home, server.port), clock=clock(MONDAY))
    assert UNCHANGED in cli("send", "--period", KEY, "--correct").err
    log_week(home, MONDAY - WEEK + timedelta(days=2), 0.95)
    assert cli("send", "--period", KEY, "--correct").code == 0
    assert len(server.received) == 4


def test_another_look_and_another_mail_are_a_correction(home: Path, server: MailServer, cli: Cli) -> None:
    page = ('formats = ["json"]', 'formats = ["html"]')
    pipeline.tick(write_config(home, server.port, page), clock=clock(MONDAY))
    colours = ("[email]\n", '[theme]\ncolors = { focus = "#5b2a86" }\n\n[email]\n')
    write_config(home, server.port, page, colours)
    assert cli("send", "--period", KEY, "--correct").out == f"reports/issues/{KEY}-2\n"
    write_config(home, server.port, page, colours, ("[email]\n", '[email]\nsubject = "Digits, weekly"\n'))
    assert f"{KEY}-2: nothing has changed" in cli("send", "--period", KEY, "--correct").err
    write_config(home, server.port, page, colours, ("attach = []", 'attach = ["pdf"]'))
    assert cli("send", "--period", KEY, "--correct").out == f"reports/issues/{KEY}-3\n"


def test_an_issue_that_was_sent_early_can_be_corrected_on_any_later_day(
    home: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said what there was so far; that nothing came since is news."""
    config = write_config(home, server.port)
    friday = MONDAY - timedelta(days=3)
    made_at(friday, monkeypatch)
    pipeline.send(config, period=KEY, clock=clock(friday))
    made_at(friday + HOUR, monkeypatch)
    at_once = pipeline.send(config, period=KEY, correct=True, clock=clock(friday + HOUR))
    assert (at_once.state, len(server.received)) == ("unchanged", 2)
    for days, key in ((1, f"{KEY}-2"), (3, f"{KEY}-3")):
        made_at(friday + timedelta(days=days), monkeypatch)
        sent = pipeline.send(config, period=KEY, correct=True, clock=clock(friday + timedelta(days=days)))
        assert (sent.state, sent.period) == ("done", key)
    made_at(MONDAY + 2 * WEEK, monkeypatch)  # that week is over, and what is said of it stays
    late = pipeline.send(config, period=KEY, correct=True, clock=clock(MONDAY + 2 * WEEK))
    assert (late.state, len(server.received)) == ("unchanged", 6)


def test_a_correction_of_the_issue_before_is_one_for_this_issue_too(
    home: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changed since is said against other numbers then."""
    made_at(MONDAY + HOUR, monkeypatch)
    config = write_config(home, server.port)
    pipeline.send(config, period="2026-W46", clock=clock(MONDAY - WEEK))
    pipeline.send(config, period=KEY, clock=clock(MONDAY))
    other = write_config(home, server.port, ('goal = "maximize"\n', 'goal = "maximize"\nsummary = "max"\n'))
    pipeline.send(other, period="2026-W46", correct=True, clock=clock(MONDAY + HOUR))
    assert len(server.received) == 6
    sent = pipeline.send(config, period=KEY, correct=True, clock=clock(MONDAY + HOUR))
    assert (sent.state, sent.period) == ("done", f"{KEY}-2")


def test_what_cannot_be_compared_is_sent_and_told(home: Path, server: MailServer, cli: Cli) -> None:
    pipeline.tick(write_config(home, server.port), clock=clock(MONDAY))
    numbers = home / "reports" / "issues" / KEY / "_numbers.json"
    numbers.write_bytes(numbers.read_bytes() + b"\n")
    sent = cli("send", "--period", KEY, "--correct")
    assert (sent.code, sent.out) == (0, f"reports/issues/{KEY}-2\n")
    assert "not as it was archived" in sent.err
    assert "so it was not looked whether anything has changed" in sent.err
    shutil.rmtree(home / "reports" / "issues" / f"{KEY}-2")
    again = cli("send", "--period", KEY, "--correct")  # the readers have one that is not here any more
    assert (again.code, again.out) == (0, f"reports/issues/{KEY}-3\n")
    assert f"{KEY}-2 is not in" in again.err
    assert len(server.received) == 6


def test_numbers_that_say_too_little_are_no_hindrance(home: Path, server: MailServer, cli: Cli) -> None:
    pipeline.tick(write_config(home, server.port), clock=clock(MONDAY))
    folder = home / "reports" / "issues" / KEY
    (folder / "_numbers.json").write_text("{}\n")
    about = json.loads((folder / "_issue.json").read_text())
    about["numbers_sha256"] = hashlib.sha256(b"{}\n").hexdigest()
    (folder / "_issue.json").write_text(json.dumps(about))
    sent = cli("send", "--period", KEY, "--correct")
    assert (sent.code, sent.out) == (0, f"reports/issues/{KEY}-2\n")
    assert "does not say when it was made" in sent.err


def test_a_reader_in_doubt_is_named_where_nothing_has_changed(
    home: Path, server: MailServer, cli: Cli
) -> None:
    server.behaviour.lose.add("bea@example.com")
    pipeline.tick(write_config(home, server.port), clock=clock(MONDAY))
    answer = cli("send", "--period", KEY, "--correct")
    assert answer.code == 1  # not surely sent to all
    assert "bea@example.com: unknown" in answer.err
    assert "ada@example.com" not in answer.err


def test_a_correction_that_a_clock_goes_on_with_is_held_against_the_issue_too(
    home: Path, server: MailServer
) -> None:
    config = write_config(home, server.port)
    pipeline.tick(config, clock=clock(MONDAY))
    (home / "runs").rename(home / "away")
    failed = pipeline.send(config, period=KEY, correct=True, clock=clock(MONDAY + HOUR))
    assert (failed.state, failed.period) == ("retry", f"{KEY}-2")  # what hinders it is told, and kept
    assert failed.detail
    (home / "away").rename(home / "runs")
    later = pipeline.tick(config, clock=clock(MONDAY + 2 * HOUR))
    assert (later.state, later.period, len(server.received)) == ("unchanged", KEY, 2)
    assert rows(home) == [KEY]
