"""At the edges of sending: lost records, clocks that lie, several who are told, and people in between."""

from __future__ import annotations

import os
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reportgen import pipeline
from reportgen.errors import DeliveryError
from tests.fakes.mail_server import MailServer
from tests.functional.conftest import Cli
from tests.functional.test_sending import MONDAY, WEEK, clock, home, runs, server, write_config

__all__ = ["home", "runs", "server"]
HOUR = timedelta(hours=1)


def test_a_lost_ledger_knows_a_reader_however_the_address_is_written(home: Path, server: MailServer) -> None:
    pipeline.tick(write_config(home, server.port), clock=clock(MONDAY))
    for path in (home / "reports" / "issues").glob("ledger.sqlite*"):
        path.unlink()
    config = write_config(home, server.port, ("ada@example.com", "Ada@Example.com"))
    again = pipeline.tick(config, clock=clock(MONDAY + HOUR))
    assert again.state == "done"
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1}


def test_an_older_ledger_from_a_backup_sends_nothing_twice(home: Path) -> None:
    server = MailServer(home)
    config = write_config(home, server.port)
    assert pipeline.tick(config, clock=clock(MONDAY)).state == "retry"
    ledger = home / "reports" / "issues" / "ledger.sqlite"
    older = ledger.read_bytes()
    with server:
        assert pipeline.tick(config, clock=clock(MONDAY + HOUR)).state == "done"
        ledger.write_bytes(older)
        assert pipeline.tick(config, clock=clock(MONDAY + 2 * HOUR)).state == "done"
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1}


def test_an_issue_sent_early_by_hand_does_not_stand_in_the_way_of_the_one_that_is_due(
    home: Path, server: MailServer
) -> None:
    config = write_config(home, server.port)
    pipeline.tick(config, clock=clock(MONDAY - WEEK))
    early = pipeline.send(config, period="2026-W48", clock=clock(MONDAY - HOUR))
    assert early.state == "done"
    due = pipeline.tick(config, clock=clock(MONDAY))
    assert (due.period, due.state) == ("2026-W47", "done")
    assert pipeline.tick(config, clock=clock(MONDAY + WEEK)).state == "done"
    assert server.by_recipient == {"ada@example.com": 3, "bea@example.com": 3}


def test_what_a_person_sent_late_is_tried_again_by_the_clock(home: Path) -> None:
    """Lateness counts from when it was asked for, also where nothing later was due yet."""
    late = MONDAY + timedelta(days=5)
    server = MailServer(home)
    config = write_config(home, server.port)
    assert pipeline.send(config, period="2026-W47", clock=clock(late)).state == "retry"
    with server:
        done = pipeline.tick(config, clock=clock(late + HOUR))
    assert (done.period, done.state) == ("2026-W47", "done")
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1}


def test_a_clock_that_was_ahead_keeps_no_mail_waiting(home: Path) -> None:
    server = MailServer(home)
    config = write_config(home, server.port)
    assert pipeline.tick(config, clock=clock(MONDAY)).state == "retry"
    database = sqlite3.connect(home / "reports" / "issues" / "ledger.sqlite")
    ahead = (MONDAY + timedelta(days=300)).timestamp()
    with database:
        database.execute("UPDATE delivery SET not_before = ?", (ahead,))
        database.execute("UPDATE period SET not_before = ?", (ahead,))
    database.close()
    with server:
        assert pipeline.tick(config, clock=clock(MONDAY + HOUR)).state == "done"


def test_one_owner_who_cannot_be_reached_costs_the_others_nothing(home: Path, server: MailServer) -> None:
    config = write_config(
        home,
        server.port,
        ('failures_to = "ops@example.com"', 'failures_to = ["gone@example.com", "ops@example.com"]'),
    )
    server.behaviour.rcpt["gone@example.com"] = "550 no such user"
    pipeline.tick(config, clock=clock(MONDAY - 3 * WEEK))  # nothing to report yet
    for minutes in (0, 15, 30):
        pipeline.tick(config, clock=clock(MONDAY + timedelta(minutes=minutes)))
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1, "ops@example.com": 1}


def test_the_order_of_owners_does_not_matter_for_notices(home: Path, server: MailServer) -> None:
    config = write_config(
        home,
        server.port,
        ('failures_to = "ops@example.com"', 'failures_to = ["ops@example.com", "gone@example.com"]'),
    )
    server.behaviour.rcpt.update({"gone@example.com": "550 no such user", "ada@example.com": "550 no"})
    server.behaviour.rcpt["bea@example.com"] = "451 later"
    for hours in range(5):
        pipeline.tick(config, clock=clock(MONDAY + hours * timedelta(hours=2)))
    subjects = [mail.message["Subject"] for mail in server.received]
    assert len([subject for subject in subjects if "1 mail of" in subject]) == 1


def test_a_notice_that_could_not_be_sent_is_made_up_for(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    server.behaviour.rcpt.update({"ada@example.com": "550 no such user", "ops@example.com": "451 later"})
    assert pipeline.tick(config, clock=clock(MONDAY)).state == "failed"
    assert server.by_recipient == {"bea@example.com": 1}
    del server.behaviour.rcpt["ops@example.com"]
    for hours in (1, 2):
        pipeline.tick(config, clock=clock(MONDAY + hours * HOUR))
    assert server.by_recipient == {"bea@example.com": 1, "ops@example.com": 1}


def test_once_more_to_one_reader_brings_an_old_issue_to_nobody_else(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    server.behaviour.lose.add("bea@example.com")
    assert pipeline.tick(config, clock=clock(MONDAY)).state == "unknown"
    server.behaviour.lose.clear()
    config = write_config(home, server.port, ('"ada@example.com"', '"ada@example.com", "new@example.com"'))
    done = pipeline.resend(config, "bea@example.com", period="2026-W47", clock=clock(MONDAY + HOUR))
    assert done.state == "done"
    assert "new@example.com" not in server.by_recipient


def test_a_ledger_that_is_no_database_any_more_is_told_in_words(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    pipeline.tick(config, clock=clock(MONDAY))
    ledger = home / "reports" / "issues" / "ledger.sqlite"
    content = bytearray(ledger.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 4096] = b"\xff" * 4096
    ledger.write_bytes(content)
    with pytest.raises(DeliveryError, match="record of what was sent"):
        pipeline.tick(config, clock=clock(MONDAY + HOUR))


def test_the_word_to_the_owner_does_not_say_that_nobody_has_it(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    server.behaviour.rcpt["bea@example.com"] = "451 later"
    for hours in range(5):
        pipeline.tick(config, clock=clock(MONDAY + hours * timedelta(hours=2)))
    told = server.received[-1].message
    assert server.by_recipient["ada@example.com"] == 1
    assert "not sent to all" in told["Subject"].lower()
    assert not re.search("did not go out|could not be sent in", told.get_content())


def test_an_issue_is_done_when_all_have_it_who_are_readers_now(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    server.behaviour.rcpt["bea@example.com"] = "451 later"
    assert pipeline.tick(config, clock=clock(MONDAY)).state == "retry"
    config = write_config(home, server.port, (', "Bea <bea@example.com>"', ""))
    assert pipeline.tick(config, clock=clock(MONDAY + HOUR)).state == "done"
    assert server.by_recipient == {"ada@example.com": 1}


def test_once_more_while_another_process_is_at_it_changes_nothing(
    home: Path, server: MailServer, cli: Cli
) -> None:
    config = write_config(home, server.port)
    server.behaviour.lose.add("bea@example.com")
    pipeline.tick(config, clock=clock(MONDAY))
    until = (datetime.now(UTC) + timedelta(minutes=5)).timestamp()
    database = sqlite3.connect(home / "reports" / "issues" / "ledger.sqlite")
    with database:
        database.execute("UPDATE period SET state = 'working', owner = 'other', lease_until = ?", (until,))
    told = cli("send", "--period", "2026-W47", "--resend", "bea@example.com")
    assert told.code == 1
    assert "another process" in told.err
    (state,) = database.execute("SELECT state FROM delivery WHERE recipient = 'bea@example.com'").fetchone()
    database.close()
    assert state == "unknown"


def test_the_owner_is_told_in_the_language_of_the_report(home: Path, server: MailServer) -> None:
    """What the server said stays as it was; what the ledger kept in English is said again."""
    config = write_config(home, server.port, ('title = "Digits"\n', 'title = "Digits"\nlanguage = "de"\n'))
    server.behaviour.rcpt["ada@example.com"] = "550 no such user"
    server.behaviour.lose.add("bea@example.com")
    pipeline.tick(config, clock=clock(MONDAY))
    pipeline.tick(config, clock=clock(MONDAY + WEEK + timedelta(days=4)))
    mails, issues = [mail.message for mail in server.received if mail.recipients == ("ops@example.com",)]
    assert mails["Subject"].startswith("Nicht zugestellt: 2 Mails von ")
    text = mails.get_content()
    assert "ada@example.com: abgelehnt (2026-11-23 07:00 UTC, Versuch 1)" in text
    assert "Der Server oder das Netz sagte: 550 no such user" in text
    assert "bea@example.com: unbekannt" in text
    assert (
        "reportgen send --period 2026-W47 --mark-sent bea@example.com oder --resend bea@example.com" in text
    )
    assert issues["Subject"].startswith("Nicht verschickt: 1 Ausgabe von ")
    told = issues.get_content()
    assert "2026-W48: nicht verschickt. Es war zu spät, als bemerkt wurde, dass sie fällig ist." in told
    assert "Um jetzt eine zu verschicken: reportgen send --period 2026-W48" in told
    for english in ("Readers", " was ", "reader", " issue"):
        assert english not in (text + told).replace("reportgen", "")


def test_a_disk_without_room_for_making_it_puts_an_issue_off(
    home: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write_config(home, server.port)
    monkeypatch.setattr("tempfile.tempdir", str(home / "nowhere"))
    hindered = pipeline.tick(config, clock=clock(MONDAY))
    assert (hindered.state, hindered.period) == ("retry", "2026-W47")
    assert "nowhere" in hindered.detail
    monkeypatch.setattr("tempfile.tempdir", None)
    assert pipeline.tick(config, clock=clock(MONDAY + HOUR)).state == "done"
    assert server.by_recipient == {"ada@example.com": 1, "bea@example.com": 1}


def test_the_owner_hears_of_an_issue_that_a_mistake_of_ours_keeps_from_going_out(
    home: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    config = write_config(home, server.port)
    monkeypatch.setattr("reportgen.render.email.render_mail", fail)
    for hours in range(6):
        with pytest.raises(ZeroDivisionError):
            pipeline.tick(config, clock=clock(MONDAY + 2 * hours * HOUR))
    assert server.by_recipient == {"ops@example.com": 1}
    assert "It was broken off (ZeroDivisionError)." in server.received[0].message.get_content()


def test_a_damaged_archive_is_told_and_left_for_the_next_try(home: Path, server: MailServer) -> None:
    config = write_config(home, server.port)
    pipeline.tick(config, clock=clock(MONDAY))
    server.behaviour.rcpt["bea@example.com"] = "451 later"
    pipeline.send(config, period="2026-W46", clock=clock(MONDAY + HOUR))
    server.behaviour.rcpt.clear()
    about = home / "reports" / "issues" / "2026-W46" / "_issue.json"
    whole = about.read_bytes()
    about.write_bytes(b"{")
    hindered = pipeline.tick(config, clock=clock(MONDAY + 2 * HOUR))
    assert (hindered.state, hindered.period) == ("retry", "2026-W46")
    assert "does not say which issue it is" in hindered.detail
    about.write_bytes(whole)
    assert pipeline.tick(config, clock=clock(MONDAY + 4 * HOUR)).state == "done"
    assert server.by_recipient == {"ada@example.com": 2, "bea@example.com": 2}


def test_a_path_that_is_no_text_is_kept_and_told_in_signs_that_are(
    tmp_path: Path, server: MailServer
) -> None:
    """Folders may have names that no encoding knows; what hinders an issue often names a path."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/week\xff"))
    folder.mkdir()
    config = write_config(folder, server.port)  # there are no runs
    for hours in range(5):
        hindered = pipeline.tick(config, clock=clock(MONDAY + 2 * hours * HOUR))
        assert hindered.state == "retry"
    assert server.by_recipient == {"ops@example.com": 1}
    assert "week\\udcff" in server.received[0].message.get_content()
    assert pipeline.standing(config, MONDAY + 12 * HOUR).past[0].detail
