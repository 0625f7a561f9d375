"""Connections as they are in the wild: encrypted or not at all, signed in or refused, and never a secret shown."""

from __future__ import annotations

import base64
import itertools
import logging
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from reportgen.config import EmailConfig
from reportgen.deliver.email import Clock, Ledger, send_issue
from reportgen.deliver.email.secrets import PASSWORD_VARIABLE
from reportgen.deliver.email.transport import Fault, Transport, tls_context
from reportgen.errors import DeliveryError, SignInError
from reportgen.issues import Delivery
from tests.fakes.issues import FakeTime, make_body, make_issue, make_settings
from tests.fakes.mail_server import PASSWORD, TOKEN, USER, MailServer, Security, free_port, write_certificate

TO = ("ann@example.com", "bob@example.com")


@pytest.fixture(autouse=True)
def no_secrets_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment nor the keyring of whoever runs the tests is asked."""
    import keyring
    from keyring.backends.null import Keyring

    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]


def send(folder: Path, settings: EmailConfig, clock: Clock | None = None) -> tuple[Delivery, ...]:
    with Ledger(folder / "ledger.sqlite", "weekly") as ledger:
        return send_issue(make_issue(folder), make_body(), TO, settings, ledger, clock or FakeTime().clock())


def printing(text: str) -> tuple[str, ...]:
    """A command that prints a text."""
    return (sys.executable, "-c", f"import sys; sys.stdout.buffer.write({text.encode()!r})")


@pytest.fixture(params=["starttls", "tls"])
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path / "tls", request.param, sign_in=request.param == "starttls") as server:
        yield server


def settings_for(server: MailServer, **changes: Any) -> EmailConfig:
    return make_settings(server.port, security=server._security, cafile=server.cafile, **changes)


def test_mail_goes_out_encrypted_and_signed_in(
    guarded: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    done = send(tmp_path, settings_for(guarded, user=USER))
    assert [entry.state for entry in done] == ["sent", "sent"]
    assert guarded.by_recipient == dict.fromkeys(TO, 1)
    assert guarded.answers.sign_ins == ["PLAIN"]  # one connection for all


def test_a_server_that_nobody_vouches_for_gets_nothing(
    guarded: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    done = send(tmp_path, make_settings(guarded.port, security=guarded._security, user=USER))
    assert [entry.state for entry in done] == ["retry", "retry"]
    assert "certificate" in done[0].detail
    assert "name its file in [email] cafile" in done[0].detail
    assert guarded.answers.sign_ins == []


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    with MailServer(tmp_path / "tls", "tls") as server:
        write_certificate(tmp_path / "other", "mail.elsewhere.example")
        assert server._tls is not None
        server._tls.load_cert_chain(tmp_path / "other" / "ca.pem", tmp_path / "other" / "key.pem")
        done = send(
            tmp_path, make_settings(server.port, security="tls", cafile=tmp_path / "other" / "ca.pem")
        )
    assert [entry.state for entry in done] == ["retry", "retry"]
    assert server.received == []


def test_a_server_without_starttls_gets_neither_password_nor_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it is when somebody between takes the offer out."""
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with MailServer(tmp_path) as server:
        done = send(tmp_path, make_settings(server.port, security="starttls", user=USER))
    assert done[0].state == "retry"
    assert f"127.0.0.1, port {server.port}, cannot be used (STARTTLS" in done[0].detail
    assert "perhaps [email] security = 'tls' with port 465 is meant" in done[0].detail
    assert server.answers.sign_ins == []


def test_a_server_that_does_not_begin_with_tls_is_told_apart(tmp_path: Path) -> None:
    with MailServer(tmp_path) as server:
        done = send(tmp_path, make_settings(server.port, security="tls"))
    assert done[0].state == "retry"
    assert "perhaps [email] security = 'starttls' with port 587 is meant" in done[0].detail


def test_certificates_and_names_are_checked_and_old_tls_is_refused(tmp_path: Path) -> None:
    context = tls_context(make_settings(465))
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    (tmp_path / "no.pem").write_text("no certificate")
    with pytest.raises(DeliveryError, match="certificates cannot be read"):
        tls_context(make_settings(465, cafile=tmp_path / "no.pem"))


def test_in_the_clear_only_to_this_machine(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="in the clear"):
        send(tmp_path, make_settings(25, host="mail.example.com"))


def test_a_wrong_password_stops_everything_and_is_not_shown(
    guarded: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "wr0ng-horse")
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SignInError) as caught:
        send(tmp_path, settings_for(guarded, user=USER))
    with Ledger(tmp_path / "ledger.sqlite", "weekly") as ledger:
        states = ledger.deliveries("2026-W47")
    assert [entry.state for entry in states] == ["retry", "retry"]
    shown = caught.value.message + caplog.text + "".join(entry.detail for entry in states)
    hidden = base64.b64encode(f"\0{USER}\0wr0ng-horse".encode()).decode()
    assert "535" in shown
    assert "wr0ng" not in shown
    assert hidden not in shown
    assert len(guarded.answers.sign_ins) <= 2  # not once for every reader
    assert guarded.answers.tries == []


def test_a_token_of_a_command_is_enough(guarded: MailServer, tmp_path: Path) -> None:
    done = send(tmp_path, settings_for(guarded, user=USER, oauth_command=printing(f"{TOKEN}\n")))
    assert [entry.state for entry in done] == ["sent", "sent"]
    assert guarded.answers.sign_ins == ["XOAUTH2"]


def test_a_stale_token_stops_everything_and_is_not_shown(guarded: MailServer, tmp_path: Path) -> None:
    with pytest.raises(SignInError) as caught:
        send(tmp_path, settings_for(guarded, user=USER, oauth_command=printing("stale-token")))
    assert "stale-token" not in caught.value.message
    assert guarded.received == []


def test_a_password_of_a_command(guarded: MailServer, tmp_path: Path) -> None:
    done = send(tmp_path, settings_for(guarded, user=USER, password_command=printing(f"{PASSWORD}\nmore\n")))
    assert [entry.state for entry in done] == ["sent", "sent"]


def test_where_there_is_no_keyring_the_ways_to_give_a_password_are_named(
    guarded: MailServer, tmp_path: Path
) -> None:
    import keyring
    from keyring.backends.fail import Keyring

    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    with pytest.raises(DeliveryError, match=f"no password for '{USER}'.*or password_command"):
        send(tmp_path, settings_for(guarded, user=USER))


def test_a_password_of_the_keyring(guarded: MailServer, tmp_path: Path) -> None:
    import keyring
    from keyring.backend import KeyringBackend

    class Ring(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return PASSWORD if (service, username) == ("reportgen:127.0.0.1", USER) else None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise AssertionError((service, username, password))

    keyring.set_keyring(Ring())  # type: ignore[no-untyped-call]
    done = send(tmp_path, settings_for(guarded, user=USER))
    assert [entry.state for entry in done] == ["sent", "sent"]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ((sys.executable, "-c", "print('s3cret'); raise SystemExit(3)"), "failed with exit code 3"),
        ((sys.executable, "-c", "import sys; print('s3cret', file=sys.stderr)"), "printed no secret"),
        (("no-such-command-anywhere", "s3cret"), "cannot be run"),
    ],
)
def test_a_command_that_gives_no_password_says_why_without_its_output(
    guarded: MailServer, tmp_path: Path, command: tuple[str, ...], told: str
) -> None:
    with pytest.raises(DeliveryError, match=told) as caught:
        send(tmp_path, settings_for(guarded, user=USER, password_command=command))
    assert "s3cret" not in caught.value.message
    assert guarded.received == []


def test_without_any_password_the_message_says_where_to_put_it(guarded: MailServer, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=PASSWORD_VARIABLE):
        send(tmp_path, settings_for(guarded, user=USER))


def test_a_server_that_repeats_the_secret_does_not_get_it_into_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with MailServer(tmp_path / "tls", "tls") as server:
        sent = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
        server.behaviour.rcpt["*"] = f"550 no, {PASSWORD}, nor {sent}, and no \x1b[31mcolour"
        done = send(tmp_path, settings_for(server, user=USER))
    assert done[0].state == "refused"
    assert "[redacted]" in done[0].detail
    assert PASSWORD not in done[0].detail
    assert sent not in done[0].detail
    assert done[0].detail.isprintable()


@pytest.mark.parametrize("greets", [False, True])
def test_a_server_that_says_nothing_is_not_waited_for_long(tmp_path: Path, greets: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        held = []

        def serve() -> None:
            connection, _ = silent.accept()
            held.append(connection)
            if greets:
                connection.sendall(b"220 mail.test\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        clock = FakeTime().clock(connect_s=0.3, answer_s=0.3)
        done = send(tmp_path, make_settings(silent.getsockname()[1]), clock)
        thread.join()
        held[0].close()
    assert [entry.state for entry in done] == ["retry", "retry"]
    assert "timed out" in done[0].detail


@pytest.mark.parametrize(
    ("security", "said"),
    [
        ("none", [b"220 mail.test\r\n"]),
        ("none", []),  # not even the greeting comes to an end
        ("starttls", [b"220 mail.test\r\n", b"250-mail.test\r\n250 STARTTLS\r\n", b"220 go on\r\n"]),
        ("tls", []),
    ],
)
def test_a_server_that_answers_letter_by_letter_is_left(
    tmp_path: Path, security: Security, said: list[bytes]
) -> None:
    """Each letter comes in time; the answer does not, and neither does the end of agreeing on TLS."""
    with socket.create_server(("127.0.0.1", 0)) as slow:

        def serve() -> None:
            connection, _ = slow.accept()
            with connection, suppress(OSError):
                for place, words in enumerate(said):
                    connection.sendall(words)
                    if place < len(said) - 1:
                        connection.recv(4096)
                # a record of TLS with 16,384 bytes begins so; to the protocol in the clear they are letters
                for sign in itertools.chain(b"\x16\x03\x03\x40\x00", itertools.repeat(0x32, 300)):
                    connection.sendall(bytes([sign]))
                    time.sleep(0.1)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        began = time.monotonic()
        settings = make_settings(slow.getsockname()[1], security=security)
        done = send(tmp_path, settings, FakeTime().clock(connect_s=0.5, answer_s=0.5))
        assert time.monotonic() - began < 10
        thread.join()
    assert [entry.state for entry in done] == ["retry", "retry"]


def test_a_goodbye_that_comes_letter_by_letter_holds_nothing_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as slow:

        def serve() -> None:
            connection, _ = slow.accept()
            with connection, suppress(OSError):
                connection.sendall(b"220 mail.test\r\n")
                connection.recv(4096)
                connection.sendall(b"250 mail.test\r\n")
                connection.recv(4096)
                for _ in range(300):
                    connection.sendall(b"2")
                    time.sleep(0.1)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        transport = Transport(make_settings(slow.getsockname()[1]), FakeTime().clock(answer_s=0.5))
        began = time.monotonic()
        transport.quit()
        assert time.monotonic() - began < 5
        assert not transport.is_open
        thread.join()


def test_a_server_with_no_way_to_sign_in_stops_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    with MailServer(tmp_path) as server:  # it offers none without encryption
        with pytest.raises(SignInError):
            send(tmp_path, make_settings(server.port, user=USER))
        assert server.received == []


def test_nobody_listens(tmp_path: Path) -> None:
    done = send(tmp_path, make_settings(free_port()))
    assert [entry.state for entry in done] == ["retry", "retry"]
    assert "refused" in done[0].detail


def test_a_name_that_leads_nowhere(tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        Transport(make_settings(25, host="mail.invalid", security="tls"), FakeTime().clock())
    assert caught.value.kind == "unreachable"


def test_what_the_server_can_do_is_known(tmp_path: Path) -> None:
    with MailServer(tmp_path, size=1_000_000) as server:
        transport = Transport(make_settings(server.port), FakeTime().clock())
        assert transport.limit == 1_000_000
        assert transport.takes_utf8
        transport.quit()
        assert not transport.is_open
