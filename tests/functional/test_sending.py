"""Issues by mail: a real server on loopback, real runs, a real ledger; only the clock is ours."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from reportgen import pipeline
from reportgen.cli import main
from reportgen.config import Config, read_config
from reportgen.deliver.email import Clock
from tests.fakes.issues import FakeTime
from tests.fakes.mail_server import MailServer, free_port
from tests.functional.conftest import Cli, log_run

MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
"""08:00 in Berlin; the issue is about week 47."""
WEEK = timedelta(weeks=1)
TOML = """\
title = "Digits"
runs = ["runs"]

[metrics.val_accuracy]
goal = "maximize"
primary = true

[outputs]
formats = ["json"]

[email]
to = ["ada@example.com", "Bea <bea@example.com>"]
from = "Reports <reports@example.com>"
failures_to = "ops@example.com"
host = "127.0.0.1"
port = {port}
security = "none"
attach = []

[schedule]
every = "monday 08:00"
timezone = "Europe/Berlin"
"""

NAMED = ("[metrics.val_accuracy]\n", '[metrics.val_accuracy]\nlabel = "Share of right answers"\n')
"""A change of the settings that changes what an issue says."""


def write_config(folder: Path, port: int, *changes: tuple[str, str]) -> Config:
    text = TOML.format(port=port)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / "reportgen.toml").write_text(text)
    return read_config(folder / "reportgen.toml")


def log_week(folder: Path, start: datetime, skill: float) -> None:
    """Log five runs on one day."""
    for seed in range(5):
        started = (start + timedelta(hours=seed)).timestamp()
        log_run(
            folder / "runs",
            {"model": "mlp" if skill > 0.9 else "logreg", "seed": seed},
            {"val_accuracy": skill + seed / 1000},
            started=datetime.fromtimestamp(started, UTC),
        )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of weeks 46, 47 and 48, to be read only."""
    folder = tmp_path_factory.mktemp("weeks")
    log_week(folder, MONDAY - 2 * WEEK + timedelta(days=1), 0.85)
    log_week(folder, MONDAY - WEEK + timedelta(days=1), 0.95)
    log_week(folder, MONDAY + timedelta(days=1), 0.97)
    return folder / "runs"


@pytest.fixture
def home(tmp_path: Path, runs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "runs").symlink_to(runs, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path) as running:
        yield running


def clock(at: datetime) -> Clock:
    return FakeTime(at).clock()


def numbers(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "_numbers.json").read_text())
    return loaded


def test_a_tick_sends_the_issue_that_is_due_once_to_each_reader(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    assert pipeline.tick(config, clock=clock(MONDAY)).state == "done"
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1}
    for later in (timedelta(minutes=15), timedelta(days=2), timedelta(days=6)):
        again = pipeline.tick(config, clock=clock(MONDAY + later))
        assert (again.state, again.is_news) == ("done", False)
    assert len(server.received) == 2
    # only what had begun by the end of the week is in it
    assert numbers(home / "reports" / "issues" / "2026-W47")["runs"]["usable"] == 10
    following = pipeline.tick(config, clock=clock(MONDAY + WEEK))
    assert (following.state, following.period) == ("done", "2026-W48")
    frozen = numbers(home / "reports" / "issues" / "2026-W48")
    assert frozen["runs"]["usable"] == 15
    assert frozen["period"] == "2026-W48"
    assert frozen["changes"]["since"] is not None
    assert len(server.received) == 4


def test_what_cannot_be_sent_now_is_sent_later_from_the_same_frozen_issue(home: Path) -> None:
    """The runs change in between; the mail does not."""
    server = MailServer(home)  # not started yet
    config = write_config(home, server.port)
    first = pipeline.tick(config, clock=clock(MONDAY))
    assert first.state == "retry"
    assert first.is_trouble
    assert first.folder is not None
    before = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    (home / "runs").unlink()
    waiting = pipeline.tick(config, clock=clock(MONDAY + timedelta(seconds=20)))
    assert waiting.state == "waiting"
    with server:
        second = pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=1)))
    assert second.state == "done"
    assert sorted(server.by_recipient) == ["ada@example.com", "bea@example.com"]
    after = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    assert {name: after[name] for name in before} == before


def test_a_doubt_is_not_sent_again_and_the_owner_is_told(home: Path, server: MailServer, cli: Cli) -> None:
    config = write_config(home, server.port)
    server.behaviour.lose.add("bea@example.com")
    assert pipeline.tick(config, clock=clock(MONDAY)).state == "unknown"
    server.behaviour.lose.clear()
    for hours in (1, 24):
        assert not pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=hours))).is_news
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1, "ops@example.com": 1}
    resent = cli("send", "--period", "2026-W47", "--resend", "bea@example.com", "--json")
    assert resent.code == 0
    assert json.loads(resent.out)["state"] == "done"
    assert server.by_recipient["bea@example.com"] == 2
    again = cli("send", "--period", "2026-W47", "--resend", "bea@example.com")
    assert again.code == 1
    assert "was sent" in again.error


def test_a_person_can_say_that_the_mail_came_in(home: Path, server: MailServer, cli: Cli) -> None:
    config = write_config(home, server.port)
    server.behaviour.lose.add("bea@example.com")
    pipeline.tick(config, clock=clock(MONDAY))
    marked = cli("send", "--period", "2026-W47", "--mark-sent", "bea@example.com")
    assert marked.code == 0
    assert "2026-W47: sent to all readers" in marked.err
    assert server.by_recipient["bea@example.com"] == 1
    assert (home / "reports" / "issues" / "2026-W47" / "_sent.jsonl").read_text().count("\n") == 2


def test_a_refused_address_fails_the_issue_for_that_reader_only(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    server.behaviour.rcpt["ada@example.com"] = "550 no such user"
    done = pipeline.tick(config, clock=clock(MONDAY))
    assert done.state == "failed"
    assert "no such user" in done.detail
    assert server.by_recipient == {"bea@example.com": 1, "ops@example.com": 1}


def test_several_missed_periods_give_one_mail_and_one_word_to_the_owner(
    home: Path, server: MailServer
) -> None:
    config = write_config(home, server.port)
    pipeline.tick(config, clock=clock(MONDAY - 4 * WEEK + timedelta(hours=1)))  # nothing to report then
    found = pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=1)))
    assert (found.state, found.period) == ("done", "2026-W47")
    assert found.missed == ("2026-W43", "2026-W44", "2026-W45", "2026-W46")
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1, "ops@example.com": 1}
    told = server.received[-1].message
    assert told["Subject"].strip() == f"Not sent to all: 4 issues of {found.job}, 2026-W43 to 2026-W46"
    text = told.get_content()
    assert [key for key in found.missed if f"{key}: it was not sent." in text] == list(found.missed[1:])
    assert "2026-W43: it was not sent to all. A later issue" in text
    pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=2)))
    assert len(server.received) == 3


def test_too_late_is_told_and_not_sent(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    late = pipeline.tick(config, clock=clock(MONDAY + timedelta(days=4)))
    assert (late.state, late.missed, late.is_trouble) == ("missed", ("2026-W47",), True)
    assert server.by_recipient == {"ops@example.com": 1}
    assert not pipeline.tick(config, clock=clock(MONDAY + timedelta(days=5))).is_trouble
    assert server.by_recipient == {"ops@example.com": 1}


def test_a_lost_ledger_sends_nothing_twice(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    pipeline.tick(config, clock=clock(MONDAY))
    for path in (home / "reports" / "issues").glob("ledger.sqlite*"):
        path.unlink()
    assert pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=1))).state == "done"
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1}


def test_two_reports_cannot_share_a_folder_of_issues(home: Path, server: MailServer, cli: Cli) -> None:
    config = write_config(home, server.port)
    pipeline.tick(config, clock=clock(MONDAY))
    (home / "reportgen.toml").rename(home / "other.toml")
    told = cli("send", "--config", "other.toml", "--period", "2026-W46")
    assert told.code == 1
    assert "belongs to another report" in told.error
    assert len(server.received) == 2


def test_send_backfills_once(home: Path, server: MailServer, cli: Cli) -> None:
    write_config(home, server.port)
    first = cli("send", "--period", "2026-W46")
    assert (first.code, first.out) == (0, "reports/issues/2026-W46\n")
    assert numbers(home / "reports" / "issues" / "2026-W46")["runs"]["usable"] == 5
    assert len(server.received) == 2
    second = cli("send", "--period", "2026-W46", "--json")
    assert second.code == 0
    assert "(it was before)" in second.err
    assert json.loads(second.out)["state"] == "done"
    assert len(server.received) == 2


def test_an_output_that_the_mail_does_without_is_told_as_missing(
    home: Path, server: MailServer, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportgen.errors import MissingLibraryError

    def fail(*_: object, **__: object) -> None:
        raise MissingLibraryError("no Pango here")

    monkeypatch.setattr("reportgen.render.pdf.PdfRenderer.render", fail)
    write_config(home, server.port, ('formats = ["json"]', 'formats = ["json", "pdf"]'))
    sent = cli("send", "--period", "2026-W47")
    assert sent.code == 0
    assert "note: pdf was not made: no Pango here" in sent.err
    # with the PDF in the mail, there is no mail without it
    write_config(home, server.port, ("attach = []", 'attach = ["pdf"]'))
    lacks = cli("send", "--period", "2026-W46")
    assert lacks.code == 1
    assert "no Pango here" in lacks.error
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1}


def test_a_week_that_is_not_over_can_be_sent_and_says_so(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    sent = pipeline.send(config, period="2026-W47", clock=clock(MONDAY - timedelta(days=3)))
    assert sent.state == "done"
    assert sent.notes == ("2026-W47 is not over; this is its one issue, unless you send a correction",)
    assert not pipeline.tick(config, clock=clock(MONDAY)).is_news


def test_what_a_person_sent_and_a_server_put_off_goes_out_with_a_later_tick(
    home: Path, server: MailServer
) -> None:
    """Many servers take a mail from a stranger at the second try only."""
    config = write_config(home, server.port)
    pipeline.tick(config, clock=clock(MONDAY))
    server.behaviour.rcpt["bea@example.com"] = "450 try again later"
    sent = pipeline.send(config, period="2026-W46", clock=clock(MONDAY + timedelta(hours=1)))
    assert sent.state == "retry"
    server.behaviour.rcpt.clear()
    early = pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=1, seconds=20)))
    assert (early.state, early.is_news) == ("done", False)
    later = pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=1, minutes=15)))
    assert (later.state, later.period, later.is_news) == ("done", "2026-W46", True)
    assert server.by_recipient == {"ada@example.com": 2, "bea@example.com": 2}
    assert not pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=2))).is_news


def test_a_correction_that_could_not_be_made_is_made_with_a_later_tick(
    home: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write_config(home, server.port)
    pipeline.tick(config, clock=clock(MONDAY))
    (home / "runs").rename(home / "away")
    failed = pipeline.send(config, period="2026-W47", correct=True, clock=clock(MONDAY + timedelta(hours=1)))
    assert (failed.state, failed.period) == ("retry", "2026-W47-2")
    (home / "away").rename(home / "runs")
    config = write_config(home, server.port, NAMED)
    later = pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=2)))
    assert (later.state, later.period) == ("done", "2026-W47-2")
    assert len(server.received) == 4


def test_a_correction_is_an_issue_of_its_own_that_says_so(home: Path, server: MailServer, cli: Cli) -> None:
    write_config(home, server.port)
    too_early = cli("send", "--period", "2026-W47", "--correct")
    assert too_early.code == 1
    assert "there is no issue of 2026-W47 to correct" in too_early.error
    assert cli("send", "--period", "2026-W47").code == 0
    before = (home / "reports" / "issues" / "2026-W47" / "_numbers.json").read_bytes()
    write_config(home, server.port, NAMED)
    corrected = cli("send", "--period", "2026-W47", "--correct")
    assert corrected.code == 0
    assert corrected.out == "reports/issues/2026-W47-2\n"
    assert (home / "reports" / "issues" / "2026-W47" / "_numbers.json").read_bytes() == before
    assert len(server.received) == 4
    assert server.received[-1].message["Subject"].strip().startswith("Correction of issue 1")
    assert cli("send", "--period", "2026-W47").code == 0
    assert len(server.received) == 4


def test_a_dry_run_writes_mail_and_picture_and_sends_nothing(
    home: Path, server: MailServer, cli: Cli
) -> None:
    write_config(home, server.port)
    tried = cli("send", "--dry-run", "--period", "2026-W47")
    assert tried.code == 0
    mail, picture = map(Path, tried.out.split())
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert message["To"] == "ada@example.com"
    assert picture.read_bytes().startswith(b"\x89PNG")
    from PIL import Image

    with Image.open(picture) as drawn:
        assert drawn.width == 1280
        assert 600 < drawn.height < 8000
        assert len(drawn.convert("RGB").getcolors(1 << 24) or ()) > 100
    assert server.received == []
    assert not (home / "reports" / "issues").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--period", "2026-W60"), "there is no '2026-W60' in the calendar"),
        (("--period", "2026-11"), "names no period of a weekly report"),
        (("--period", "2099-W01"), "the period 2099-W01 has not begun yet"),
        (("--dry-run", "--resend", "a@example.com"), "--dry-run and --resend do not go together"),
        (("--correct", "--mark-sent", "a@example.com"), "--mark-sent and --correct do not go together"),
    ],
)
def test_words_that_make_no_sense_are_wrong_usage(
    home: Path, cli: Cli, words: tuple[str, ...], told: str
) -> None:
    write_config(home, free_port())
    answer = cli("send", *words)
    assert answer.code == 2
    assert told in answer.error
    assert not (home / "reports" / "issues" / "2026-W47").exists()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('to = ["ada@example.com", "Bea <bea@example.com>"]\n', "", "there is no 'to' under [email]"),
        ('from = "Reports <reports@example.com>"\n', "", "there is no 'from' under [email]"),
        ('host = "127.0.0.1"\n', "", "there is no 'host' under [email]"),
    ],
)
def test_what_the_mail_lacks_is_said_before_anything_is_made(
    home: Path, cli: Cli, before: str, after: str, told: str
) -> None:
    write_config(home, free_port(), (before, after))
    answer = cli("send", "--period", "2026-W47")
    assert answer.code == 1
    assert told in answer.error
    assert not (home / "reports" / "issues" / "2026-W47").exists()


def test_all_that_the_mail_lacks_is_said_at_once(home: Path, cli: Cli) -> None:
    (home / "reportgen.toml").write_text('runs = ["runs"]\n')
    answer = cli("send", "--dry-run")
    assert answer.code == 1
    assert (
        "there is no 'to' and no 'from' and no 'host' under [email]. Add there, such as: to = ["
        in answer.error
    )


def test_an_issue_from_before_the_first_run_names_the_first_that_has_runs(home: Path, cli: Cli) -> None:
    write_config(home, free_port())
    answer = cli("send", "--period", "2026-W40")
    assert answer.code == 1
    assert "the issue 2026-W40 ends before the first of 15 runs began" in answer.error
    assert "that was on 2026-11-10, in 2026-W46. `reportgen send --period 2026-W46` sends" in answer.error


def test_who_mended_the_settings_and_sends_again_does_not_wait(
    home: Path, server: MailServer, cli: Cli
) -> None:
    write_config(home, free_port())
    refused = cli("send", "--period", "2026-W47")
    assert refused.code == 1
    assert "to try it again: reportgen send --period 2026-W47" in refused.err
    write_config(home, server.port)
    assert cli("send", "--period", "2026-W47").code == 0
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1}


def test_what_shows_the_schedule_says_that_there_is_none(home: Path, cli: Cli) -> None:
    write_config(home, free_port(), ('every = "monday 08:00"\n', ""))
    shown = cli("schedule", "show")
    assert shown.code == 0
    assert shown.out.startswith('next: no issue; add [schedule] with every = "monday 08:00"\nclock: ')
    assert 'Add [schedule] with every = "monday 08:00".' in cli("schedule", "install", "--cron").error


def test_without_a_schedule_there_is_no_tick(home: Path, cli: Cli) -> None:
    write_config(home, free_port(), ('every = "monday 08:00"\n', ""))
    answer = cli("tick")
    assert answer.code == 1
    assert "there is no schedule" in answer.error


def test_a_tick_gives_one_json_line_and_is_silent_otherwise(home: Path, server: MailServer, cli: Cli) -> None:
    write_config(home, server.port, ('every = "monday 08:00"', 'every = "day 00:00"\nmax_late = "2 days"'))
    done = cli("tick", "--json")
    assert done.code == 0
    (line,) = done.out.splitlines()
    told = json.loads(line)
    assert told["state"] == "done"
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", told["period"])
    assert told["duration_s"] > 0
    assert [entry["state"] for entry in told["deliveries"]] == ["sent", "sent"]
    assert cli("tick").out == ""
    assert cli("tick").err == ""
    shown = cli("schedule", "show", "--json")
    assert shown.code == 0
    assert json.loads(shown.out)["last"][0]["state"] == "done"


def test_show_exits_with_1_when_the_last_issue_is_not_done(home: Path, server: MailServer, cli: Cli) -> None:
    write_config(home, server.port, ('every = "monday 08:00"', 'every = "day 00:00"'))
    server.behaviour.rcpt["ada@example.com"] = "550 no such user"
    assert cli("tick").code == 1
    shown = cli("schedule", "show", "--json")
    assert shown.code == 1
    told = json.loads(shown.out)
    assert (told["done"], told["last"][0]["state"]) == (False, "failed")
    assert "no such user" in told["trouble"]
    people = cli("schedule", "show")
    assert "1 of 2" in people.out
    assert people.out.startswith("next: ")


def test_a_sign_of_life_is_given_after_a_success_only(
    home: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    def fetch(address: str) -> str:
        fetched.append(address)
        return "it does not answer"

    monkeypatch.setattr("reportgen.deliver.schedule.ping", fetch)
    health = ('timezone = "Europe/Berlin"', 'timezone = "Europe/Berlin"\nhealth = "http://127.0.0.1/ok"')
    config = write_config(home, server.port, health)
    server.behaviour.rcpt["*"] = "450 not now"
    assert pipeline.tick(config, clock=clock(MONDAY)).state == "retry"
    assert fetched == []
    server.behaviour.rcpt.clear()
    done = pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=1)))
    assert fetched == ["http://127.0.0.1/ok"]
    assert done.notes == ("the sign of life could not be given: it does not answer",)
    pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=2)))
    assert len(fetched) == 1


def test_a_clock_that_does_not_fire_is_seen(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    assert pipeline.standing(config, MONDAY + timedelta(minutes=30)).trouble == ""
    assert "nothing has happened" in pipeline.standing(config, MONDAY + timedelta(hours=2)).trouble
    pipeline.begin_schedule(config, MONDAY + timedelta(hours=2))
    assert pipeline.standing(config, MONDAY + timedelta(hours=3)).trouble == ""


def test_a_sweep_is_sent_when_its_last_run_has_closed(home: Path, server: MailServer, runs: Path) -> None:
    (home / "runs").unlink()
    log_week(home, MONDAY, 0.9)
    config = write_config(home, server.port, ('every = "monday 08:00"', 'period = "every sweep"'))
    now = datetime.now(UTC)
    assert pipeline.tick(config, clock=clock(now)).state == "running"  # the next one may be about to start
    later = now + timedelta(hours=1)
    first = pipeline.tick(config, clock=clock(later))
    assert first.state == "done"
    assert re.fullmatch(r"sweep-[0-9a-f]{12}", first.period)
    assert pipeline.tick(config, clock=clock(later + timedelta(days=9))).is_news is False
    assert len(server.received) == 2
    log_week(home, MONDAY + timedelta(days=1), 0.95)
    second = pipeline.tick(config, clock=clock(later + timedelta(hours=1)))
    assert (second.state, second.period != first.period) == ("done", True)
    assert len(server.received) == 4


TICKS = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from reportgen import pipeline
from reportgen.config import read_config
from reportgen.deliver.email import Clock
import reportgen.render.email, reportgen.load, reportgen.analyse, reportgen.compose  # once, for all forks

now = datetime.fromtimestamp(float(sys.argv[1]), UTC)
for file in sys.argv[2:]:
    children = []
    for _ in range(8):
        child = os.fork()
        if child == 0:
            state = pipeline.tick(read_config(Path(file)), clock=Clock(now=lambda: now)).state
            os._exit({"done": 0, "busy": 10}.get(state, 20))
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    print(*sorted(codes), flush=True)
"""


@pytest.mark.parametrize("trials", [2, pytest.param(8, marks=pytest.mark.heavy)])
def test_eight_processes_at_once_send_one_set_of_mails(home: Path, server: MailServer, trials: int) -> None:
    """Cron, a timer and people, all at the same moment."""
    files = []
    for trial in range(trials):
        folder = home / f"trial-{trial}"
        folder.mkdir()
        (folder / "runs").symlink_to(home / "runs", target_is_directory=True)
        write_config(folder, server.port)
        files.append(str(folder / "reportgen.toml"))
    done = subprocess.run(
        [sys.executable, "-c", TICKS, str(MONDAY.timestamp()), *files],
        cwd=home, capture_output=True, text=True, check=True,
    )  # fmt: skip
    codes = [list(map(int, line.split())) for line in done.stdout.splitlines()]
    assert len(codes) == trials
    # somebody who comes when it is over finds it done
    assert all(set(trial) <= {0, 10} and 0 in trial for trial in codes), done.stdout
    assert server.by_recipient == {"ada@example.com": trials, "bea@example.com": trials}


KILLS = """
import os, random, signal, sys, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from reportgen import pipeline
from reportgen.config import read_config
from reportgen.deliver.email import Clock
import reportgen.render.email, reportgen.load, reportgen.analyse, reportgen.compose  # once, for all forks

chance = random.Random(47)
start = datetime.fromtimestamp(float(sys.argv[1]), UTC)
for file in sys.argv[2:]:
    for attempt in range(7):
        now = start + attempt * timedelta(hours=2)
        child = os.fork()
        if child == 0:
            pipeline.tick(read_config(Path(file)), clock=Clock(now=lambda: now))
            os._exit(0)
        if attempt < 6:
            time.sleep(chance.uniform(0.0, 0.8))
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
"""


@pytest.mark.parametrize("trials", [1, pytest.param(12, marks=pytest.mark.heavy)])
def test_processes_that_are_killed_at_any_moment_send_nothing_twice(
    home: Path, server: MailServer, trials: int
) -> None:
    """Six ticks of each report are killed, the seventh may end: each reader has one mail, or a doubt is told."""
    server.behaviour.slow_s = 0.05
    files = []
    for trial in range(trials):
        folder = home / f"trial-{trial}"
        folder.mkdir()
        (folder / "runs").symlink_to(home / "runs", target_is_directory=True)
        write_config(folder, server.port, ("ada@", f"ada{trial}@"), ("<bea@", f"<bea{trial}@"))
        files.append(folder / "reportgen.toml")
    subprocess.run(
        [sys.executable, "-c", KILLS, str(MONDAY.timestamp()), *map(str, files)],
        cwd=home, capture_output=True, check=True,
    )  # fmt: skip
    counts = {name: count for name, count in server.by_recipient.items() if name != "ops@example.com"}
    assert set(counts.values()) == {1}
    for trial, file in enumerate(files):
        found = pipeline.standing(read_config(file), MONDAY + timedelta(days=1))
        (issue,) = found.past
        states = {entry.recipient: entry.state for entry in issue.deliveries}
        assert set(states.values()) <= {"sent", "unknown"}
        assert {name for name, state in states.items() if state == "sent"} <= set(counts)
        assert len(states) == 2
        assert (issue.state == "done") == (set(states.values()) == {"sent"})
        folder = file.parent / "reports" / "issues"
        assert [path.name for path in folder.iterdir() if path.is_dir() and path.name[0] != "."] == [
            "2026-W47"
        ]
        assert f"ada{trial}@example.com" in states


def test_a_process_that_is_killed_leaves_the_issue_to_the_next(home: Path, server: MailServer) -> None:
    """It dies while the server has the mail: that reader is a doubt, the other one is served."""
    config = write_config(home, server.port)
    server.behaviour.slow_s = 5.0
    moment = MONDAY.timestamp()
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from reportgen import pipeline; from reportgen.config import read_config\n"
        "from reportgen.deliver.email import Clock\n"
        f"now = datetime.fromtimestamp({moment}, UTC)\n"
        "pipeline.tick(read_config(Path('reportgen.toml')), clock=Clock(now=lambda: now))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=home)
    try:
        while not server.received:
            assert process.poll() is None
            time.sleep(0.01)
    finally:
        process.kill()
        process.wait()
    server.behaviour.slow_s = 0.0
    assert pipeline.tick(config, clock=clock(MONDAY + timedelta(minutes=5))).state == "busy"
    after = pipeline.tick(config, clock=clock(MONDAY + timedelta(minutes=15)))
    assert after.state == "unknown"
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1, "ops@example.com": 1}


def test_a_build_can_send_the_issue(home: Path, server: MailServer, cli: Cli) -> None:
    write_config(home, server.port)
    built = cli("build", "--send")
    assert built.code == 0
    assert len(server.received) == 2


def test_nobody_to_tell_is_said_on_the_screen(home: Path, cli: Cli) -> None:
    write_config(
        home,
        free_port(),
        ('failures_to = "ops@example.com"\n', ""),
        ('every = "monday 08:00"', 'cron = "0 8 1 1 *"\nperiod = "daily"'),
    )
    late = cli("tick")
    assert late.code == 1
    assert "nobody was told of" in late.err


def test_main_is_the_command_of_the_module() -> None:
    assert main(["send", "--help"]) == 0


def test_the_ledger_survives_a_correction_of_the_schedule(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    pipeline.tick(config, clock=clock(MONDAY))
    config = write_config(home, server.port, ('every = "monday 08:00"', 'every = "monday 09:00"'))
    assert not pipeline.tick(config, clock=clock(MONDAY + timedelta(hours=2))).is_news
    assert len(server.received) == 2
    with sqlite3.connect(home / "reports" / "issues" / "ledger.sqlite") as ledger:
        assert ledger.execute("SELECT count(*) FROM period").fetchone() == (1,)
    ledger.close()
