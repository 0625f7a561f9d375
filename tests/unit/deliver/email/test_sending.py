"""Sending at most once: what becomes of each reader's mail when the server or the network misbehaves."""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen.deliver.email import Clock, Ledger, send_issue
from reportgen.errors import DeliveryError
from reportgen.issues import Delivery, MailBody
from tests.fakes.issues import NOW, FakeTime, make_body, make_issue, make_settings
from tests.fakes.mail_server import MailServer, free_port

ANN, BOB, CAT = "ann@example.com", "bob@example.com", "cat@example.com"
TO = (ANN, BOB, CAT)
OWNER = "owner@example.com"


class Desk:
    """Everything that one sender has at hand."""

    def __init__(self, folder: Path, server: MailServer) -> None:
        self.folder, self.server, self.time = folder, server, FakeTime()
        self.issue, self.body = make_issue(folder), make_body()
        self.to: tuple[str, ...] = TO
        self.settings = make_settings(server.port)

    def ledger(self) -> Ledger:
        return Ledger(self.folder / "ledger.sqlite", "weekly")

    def send(self, **clock: Any) -> dict[str, Delivery]:
        with self.ledger() as ledger:
            done = send_issue(self.issue, self.body, self.to, self.settings, ledger, self.time.clock(**clock))
        return {entry.recipient: entry for entry in done}

    def states(self, **clock: Any) -> dict[str, str]:
        return {name: entry.state for name, entry in self.send(**clock).items()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with MailServer(tmp_path) as server:
        yield Desk(tmp_path, server)


def test_each_reader_gets_one_mail_and_a_second_call_sends_nothing(desk: Desk) -> None:
    done = desk.send()
    assert {name: entry.state for name, entry in done.items()} == dict.fromkeys(TO, "sent")
    assert desk.states() == dict.fromkeys(TO, "sent")
    assert desk.server.by_recipient == dict.fromkeys(TO, 1)
    for mail in desk.server.received:
        assert mail.recipients == (mail.message["To"].addresses[0].addr_spec,)
        assert mail.message["Message-ID"] == f"<{done[mail.recipients[0]].message_id}>"
    others = [name for name in TO if name != ANN]
    assert not any(name in str(desk.server.received[0].content) for name in others)


def test_the_next_issue_is_another_mail(desk: Desk) -> None:
    desk.send()
    desk.issue = make_issue(desk.folder, "2026-W48")
    assert desk.states() == dict.fromkeys(TO, "sent")
    assert desk.server.by_recipient == dict.fromkeys(TO, 2)


def test_the_same_period_is_not_sent_again_when_its_numbers_change(desk: Desk) -> None:
    desk.send()
    desk.issue = replace(desk.issue, digest="f" * 64)
    assert desk.states() == dict.fromkeys(TO, "sent")
    assert desk.server.by_recipient == dict.fromkeys(TO, 1)


def test_a_reader_who_joins_gets_it_and_one_who_leaves_is_left_alone(desk: Desk) -> None:
    desk.server.behaviour.rcpt[BOB] = "450 later"
    desk.to = (ANN, BOB)
    assert desk.states() == {ANN: "sent", BOB: "retry"}
    with desk.ledger() as ledger:
        (waiting,) = (entry for entry in ledger.deliveries("2026-W47") if entry.recipient == BOB)
    assert "450 later" in waiting.detail
    desk.to = (ANN, CAT)
    desk.time.time += timedelta(hours=1)
    desk.server.behaviour.rcpt.clear()
    assert desk.states() == {ANN: "sent", BOB: "gave_up", CAT: "sent"}
    assert desk.server.by_recipient == {ANN: 1, CAT: 1}


def test_a_temporary_no_is_tried_again_after_1_5_15_and_60_minutes(desk: Desk) -> None:
    desk.to = (ANN, BOB)
    desk.server.behaviour.rcpt[BOB] = "450 4.2.0 greylisted"
    waits = []
    for _ in range(6):
        entry = desk.send()[BOB]
        assert entry.state == "retry"
        assert "greylisted" in entry.detail
        waits.append((entry.not_before - desk.time.time).total_seconds() / 60)
        before = len(desk.server.answers.tries)
        desk.time.time = entry.not_before - timedelta(seconds=1)
        desk.send()
        assert len(desk.server.answers.tries) == before  # not before its time
        desk.time.time = entry.not_before
    assert waits == pytest.approx([1.1, 5.5, 16.5, 66.0, 66.0, 66.0])  # a tenth more by the jitter
    desk.server.behaviour.rcpt.clear()
    assert desk.states() == {ANN: "sent", BOB: "sent"}
    assert desk.server.by_recipient == {ANN: 1, BOB: 1}


def test_it_is_given_up_after_three_days(desk: Desk) -> None:
    desk.to = (ANN,)
    desk.server.behaviour.data["*"] = "451 4.3.0 try later"
    entry = desk.send()[ANN]
    while entry.state == "retry":
        desk.time.time = entry.not_before
        entry = desk.send()[ANN]
    assert entry.state == "gave_up"
    assert timedelta(days=3) <= desk.time.time - NOW < timedelta(days=3, hours=2)
    assert desk.server.received == []


def test_a_lasting_no_is_not_tried_again_and_harms_nobody_else(desk: Desk) -> None:
    desk.server.behaviour.rcpt[BOB] = "550 5.1.1 no such mailbox"
    desk.server.behaviour.data[CAT] = "554 5.7.1 looks like spam"
    done = desk.send()
    assert {name: entry.state for name, entry in done.items()} == {
        ANN: "sent",
        BOB: "refused",
        CAT: "refused",
    }
    assert "no such mailbox" in done[BOB].detail
    assert "spam" in done[CAT].detail
    desk.time.time += timedelta(days=1)
    tries = len(desk.server.answers.tries)
    desk.send()
    assert len(desk.server.answers.tries) == tries


def test_a_sender_who_is_refused_is_refused_for_all(desk: Desk) -> None:
    desk.server.behaviour.mail = "550 5.7.1 not you"
    assert desk.states() == dict.fromkeys(TO, "refused")
    assert desk.server.answers.tries == []


def test_a_connection_that_breaks_after_the_text_leaves_a_doubt_that_nobody_resolves_alone(
    desk: Desk,
) -> None:
    desk.server.behaviour.lose.add(BOB)
    done = desk.send()
    assert {name: entry.state for name, entry in done.items()} == {ANN: "sent", BOB: "unknown", CAT: "sent"}
    assert "after the text" in done[BOB].detail
    desk.server.behaviour.lose.clear()
    desk.time.time += timedelta(days=2)
    assert desk.states()[BOB] == "unknown"
    assert desk.server.by_recipient == dict.fromkeys(TO, 1)  # the server had it


def test_a_server_that_is_slow_with_its_word_leaves_a_doubt(desk: Desk) -> None:
    desk.to = (ANN,)
    desk.server.behaviour.slow_s = 1.5
    assert desk.states(data_s=0.3) == {ANN: "unknown"}


def test_a_slow_server_is_waited_for(desk: Desk) -> None:
    desk.server.behaviour.slow_s = 0.3
    assert desk.states(data_s=5.0) == dict.fromkeys(TO, "sent")


def test_a_connection_that_breaks_before_the_end_of_the_text_is_no_doubt(desk: Desk) -> None:
    """The end of the mail never went out, so the server cannot have it."""
    desk.issue = make_issue(desk.folder, pdf=3_000_000)
    desk.server.behaviour.break_off.add(BOB)
    done = desk.send()
    assert {name: entry.state for name, entry in done.items()} == {ANN: "sent", BOB: "retry", CAT: "sent"}
    desk.server.behaviour.break_off.clear()
    desk.time.time = done[BOB].not_before
    assert desk.states() == dict.fromkeys(TO, "sent")
    assert desk.server.by_recipient == dict.fromkeys(TO, 1)


def test_a_server_that_breaks_off_again_and_again_is_left_alone(desk: Desk) -> None:
    desk.issue = make_issue(desk.folder, pdf=3_000_000)
    desk.to = tuple(f"r{number}@example.com" for number in range(9))
    desk.server.behaviour.break_off |= set(desk.to)
    assert set(desk.states().values()) == {"retry"}
    assert len(desk.server.answers.tries) == 3


def test_a_server_that_says_nothing_after_every_text_does_not_make_all_doubtful(desk: Desk) -> None:
    desk.to = tuple(f"r{number}@example.com" for number in range(9))
    desk.server.behaviour.lose |= set(desk.to)
    states = list(desk.states().values())
    assert (states.count("unknown"), states.count("retry")) == (3, 6)
    assert len(desk.server.received) == 3


def test_a_word_that_cannot_be_understood_leaves_a_doubt(desk: Desk) -> None:
    desk.to = (ANN,)
    desk.server.behaviour.data[ANN] = "well, yes"
    assert desk.states() == {ANN: "unknown"}


def test_a_server_out_of_reach_is_tried_once_for_all(desk: Desk) -> None:
    desk.settings = make_settings(free_port())
    assert desk.states() == dict.fromkeys(TO, "retry")
    desk.settings = make_settings(desk.server.port)
    desk.time.time += timedelta(minutes=2)
    assert desk.states() == dict.fromkeys(TO, "sent")


def test_what_waits_can_be_hastened(desk: Desk) -> None:
    desk.settings = make_settings(free_port())
    desk.send()
    desk.settings = make_settings(desk.server.port)
    with desk.ledger() as ledger:
        ledger.hasten("2026-W47")
    assert desk.states() == dict.fromkeys(TO, "sent")


def test_the_limit_of_the_server_counts(tmp_path: Path) -> None:
    with MailServer(tmp_path, size=200_000) as server:
        desk = Desk(tmp_path, server)
        desk.issue = make_issue(tmp_path, pdf=400_000, xlsx=50_000)
        desk.body = make_body(("pdf", "xlsx"))
        assert desk.states() == dict.fromkeys(TO, "sent")
        names = [part.get_filename() for part in server.received[0].message.iter_attachments()]
    assert names == ["wöchentlich.xlsx"]


def test_the_limit_of_the_settings_counts(desk: Desk) -> None:
    desk.issue = make_issue(desk.folder, pdf=2_000_000)
    desk.settings = make_settings(desk.server.port, max_mb=0.5)
    desk.send()
    assert list(desk.server.received[0].message.iter_attachments()) == []
    assert all(len(mail.content) < 500_000 for mail in desk.server.received)


def test_addresses_in_other_scripts_arrive(desk: Desk) -> None:
    desk.to = ("Jörg <jörg@bücher.example>",)
    assert desk.states() == {"jörg@xn--bcher-kva.example": "sent"}
    assert desk.server.received[0].recipients == ("jörg@xn--bcher-kva.example",)


def test_a_server_for_ascii_only_is_not_bothered_with_other_addresses(tmp_path: Path) -> None:
    with MailServer(tmp_path, utf8=False) as server:
        desk = Desk(tmp_path, server)
        desk.to = ("jörg@example.com", ANN)
        done = desk.send()
    assert {name: entry.state for name, entry in done.items()} == {"jörg@example.com": "refused", ANN: "sent"}
    assert "beyond ASCII" in done["jörg@example.com"].detail


def test_a_record_that_cannot_be_written_stops_the_sending(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing goes out that could not be recorded before."""
    with desk.ledger() as ledger, desk.ledger() as other:
        other._connection.execute("BEGIN IMMEDIATE")
        ledger._connection.execute("PRAGMA busy_timeout = 100")
        with pytest.raises(DeliveryError, match=r"ledger\.sqlite: the record .* cannot be written .*locked"):
            send_issue(desk.issue, desk.body, desk.to, desk.settings, ledger, desk.time.clock())
        other._connection.execute("ROLLBACK")
    assert desk.server.answers.tries == []


def test_two_senders_at_once_send_once(desk: Desk) -> None:
    desk.to = tuple(f"r{number}@example.com" for number in range(12))
    failures: list[BaseException] = []

    def send() -> None:
        try:
            with desk.ledger() as ledger:
                send_issue(desk.issue, desk.body, desk.to, desk.settings, ledger, Clock(lock_s=60.0))
        except BaseException as error:  # noqa: BLE001 - told below
            failures.append(error)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert desk.server.by_recipient == dict.fromkeys(desk.to, 1)


def test_a_second_sender_does_not_wait_for_ever(desk: Desk) -> None:
    with (
        desk.ledger() as ledger,
        ledger.only_sender(desk.time.clock()),
        pytest.raises(DeliveryError, match="another process is sending"),
    ):
        desk.send(lock_s=1.0)
    assert desk.server.received == []


def test_a_living_sender_is_not_taken_for_a_dead_one(desk: Desk) -> None:
    """Nothing is decided over its head while it waits for the server's word."""
    desk.to = (ANN,)
    in_doubt = threading.Event()
    go_on = threading.Event()

    def listen(event: str, recipient: str) -> None:
        if event == "data":
            in_doubt.set()
            go_on.wait(20)

    desk.server.behaviour.on = listen
    thread = threading.Thread(target=desk.send, kwargs={"data_s": 30.0})
    thread.start()
    assert in_doubt.wait(20)
    with desk.ledger() as ledger:
        assert not ledger.sweep(NOW.timestamp())
        assert [entry.state for entry in ledger.deliveries("2026-W47")] == ["sending"]
        with pytest.raises(DeliveryError, match="just being sent"):
            ledger.resend("2026-W47", ANN, NOW.timestamp())
    go_on.set()
    thread.join()
    assert desk.states() == {ANN: "sent"}


def test_a_person_decides_what_is_unknown(desk: Desk) -> None:
    desk.to = (ANN, BOB)
    desk.server.behaviour.lose |= {ANN, BOB}
    desk.send()
    desk.server.behaviour.lose.clear()
    with desk.ledger() as ledger:
        assert ledger.mark_sent("2026-W47", ANN, NOW.timestamp()).state == "sent"
        assert ledger.resend("2026-W47", BOB.upper(), NOW.timestamp()).state == "waiting"
    done = desk.send()
    assert {name: entry.state for name, entry in done.items()} == {ANN: "sent", BOB: "sent"}
    assert desk.server.by_recipient == {ANN: 1, BOB: 2}
    first, second = (mail.message["Message-ID"] for mail in desk.server.received if mail.recipients == (BOB,))
    assert first == second  # so that a mail program can show the two as one


def test_an_address_may_be_named_as_its_owner_writes_it(desk: Desk) -> None:
    desk.to = ("jörg@bücher.example",)
    desk.server.behaviour.lose.add("jörg@xn--bcher-kva.example")
    desk.send()
    with desk.ledger() as ledger:
        assert ledger.mark_sent("2026-W47", "Jörg <JÖRG@Bücher.example>", NOW.timestamp()).state == "sent"


def test_what_was_sent_is_never_sent_again_not_even_by_hand(desk: Desk) -> None:
    desk.send()
    with desk.ledger() as ledger:
        with pytest.raises(DeliveryError, match="was sent"):
            ledger.resend("2026-W47", ANN, NOW.timestamp())
        with pytest.raises(DeliveryError, match=r"no mail to eve@example\.com.*recorded are ann@"):
            ledger.mark_sent("2026-W47", "eve@example.com", NOW.timestamp())


def test_the_owner_is_told_once_and_readers_never(desk: Desk) -> None:
    desk.settings = make_settings(desk.server.port, failures_to=(OWNER,))
    desk.server.behaviour.rcpt[BOB] = "550 5.1.1 no such mailbox"
    desk.server.behaviour.lose.add(CAT)
    desk.send()
    desk.send()
    notices = [mail for mail in desk.server.received if mail.recipients == (OWNER,)]
    assert len(notices) == 1
    body = notices[0].message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "bob@example.com: refused" in text
    assert "no such mailbox" in text
    assert "cat@example.com: unknown" in text
    assert "--mark-sent cat@example.com" in text
    assert ANN not in text
    assert notices[0].message["Auto-Submitted"] == "auto-generated"
    assert list(notices[0].message.iter_attachments()) == []
    assert desk.server.by_recipient == {ANN: 1, CAT: 1, OWNER: 1}


def test_a_notice_that_cannot_be_sent_is_tried_again(desk: Desk) -> None:
    desk.settings = make_settings(desk.server.port, failures_to=(OWNER,))
    desk.server.behaviour.rcpt |= {BOB: "550 no", OWNER: "450 later"}
    desk.send()
    assert OWNER not in desk.server.by_recipient
    del desk.server.behaviour.rcpt[OWNER]
    desk.send()
    assert desk.server.by_recipient[OWNER] == 1


def test_troubles_are_in_the_log_in_any_case(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.server.behaviour.rcpt[BOB] = "550 no such mailbox"
    desk.send()
    assert "no such mailbox" in caplog.text
    caplog.clear()
    desk.send()
    assert caplog.text == ""


def test_a_mail_that_cannot_be_written_leaves_all_waiting(desk: Desk) -> None:
    desk.issue.outputs[0].unlink()
    with pytest.raises(DeliveryError, match="cannot be read"):
        desk.send()
    with desk.ledger() as ledger:
        assert {entry.state for entry in ledger.deliveries("2026-W47")} == {"waiting"}


def test_without_readers_nothing_is_done(desk: Desk) -> None:
    desk.to = ()
    assert desk.states() == {}
    assert desk.server.answers.tries == []


def test_a_correction_is_sent_as_an_issue_of_its_own(desk: Desk) -> None:
    desk.send()
    desk.issue = replace(make_issue(desk.folder, "2026-W47-2"), corrects="2026-W47")
    assert desk.states() == dict.fromkeys(TO, "sent")
    assert desk.server.by_recipient == dict.fromkeys(TO, 2)


def test_jobs_do_not_know_one_another(desk: Desk) -> None:
    desk.send()
    with Ledger(desk.folder / "ledger.sqlite", "daily") as ledger:
        done = send_issue(desk.issue, desk.body, (ANN,), desk.settings, ledger, desk.time.clock())
    assert [entry.state for entry in done] == ["sent"]
    assert desk.server.by_recipient[ANN] == 2


def test_a_body_for_no_attachments_needs_none(desk: Desk) -> None:
    desk.body = MailBody("Subject", "text\n", "<p>text</p>", ())
    assert desk.states() == dict.fromkeys(TO, "sent")
    kinds = [part.get_content_type() for part in desk.server.received[0].message.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html"]


@pytest.mark.skipif(sys.platform == "win32", reason="its locks are others")
def test_a_disk_without_locks_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(DeliveryError, match=r"lock of the record cannot be held .*network disks"):
        desk.send()
    assert desk.server.received == []
