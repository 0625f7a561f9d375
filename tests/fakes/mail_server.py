"""A real mail server on loopback that can be told to misbehave."""

from __future__ import annotations

# ruff: noqa: ARG002, N802 - names and arguments are those by which the library calls
import asyncio
import base64
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

Security = Literal["starttls", "tls", "none"]
USER, PASSWORD, TOKEN = "reports", "s3cr\u00e9t-horse", "ya29.token"


@dataclass(frozen=True, slots=True)
class Received:
    """One mail that the server took, whether it said so or not."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail as a mail program reads it."""
        return message_from_bytes(self.content, policy=policy.default)


@dataclass(slots=True)
class Behaviour:
    """What the server does; all by the recipient's address, ``*`` is anybody."""

    rcpt: dict[str, str] = field(default_factory=dict)
    """Answers to RCPT TO."""
    mail: str = ""
    """The answer to MAIL FROM."""
    data: dict[str, str] = field(default_factory=dict)
    """Answers to the text of the mail."""
    lose: set[str] = field(default_factory=set)
    """Takes the mail, and breaks the connection instead of saying so."""
    break_off: set[str] = field(default_factory=set)
    """Breaks the connection when the text begins."""
    slow_s: float = 0.0
    """Waits before it says that it has a mail."""
    on: Callable[[str, str], None] | None = None
    """Told of ``rcpt``, ``data`` (all of it is here), ``taken`` (250 was said)."""

    def tell(self, event: str, recipient: str) -> None:
        """Tell whoever listens."""
        if self.on:
            self.on(event, recipient)


class _Server(SMTP):
    """The part of a session that needs more than a handler may do."""

    behaviour: Behaviour

    async def smtp_DATA(self, arg: str | None) -> None:
        assert self.envelope is not None
        recipient = (self.envelope.rcpt_tos or [""])[0]
        if recipient in self.behaviour.break_off:
            await self.push("354 go on")
            cast("asyncio.Transport", self.transport).abort()
            return
        await super().smtp_DATA(arg)
        if self.transport is not None:
            self.behaviour.tell("taken", recipient)


class _Handler:
    """Answers by the behaviour, and keeps what came."""

    def __init__(self, behaviour: Behaviour, received: list[Received]) -> None:
        self.behaviour, self.received = behaviour, received
        self.tries: list[str] = []
        self.sign_ins: list[str] = []

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.behaviour.mail:
            return self.behaviour.mail
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.tries.append(address)
        self.behaviour.tell("rcpt", address)
        answer = self.behaviour.rcpt.get(address) or self.behaviour.rcpt.get("*")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        recipient = envelope.rcpt_tos[0]
        answer = self.behaviour.data.get(recipient) or self.behaviour.data.get("*")
        if answer:
            return answer
        self.received.append(Received(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        self.behaviour.tell("data", recipient)
        await asyncio.sleep(self.behaviour.slow_s)
        if recipient in self.behaviour.lose:
            server.transport.abort()
        return "250 OK"

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
        told = base64.b64decode(args[1]).decode() if len(args) > 1 else ""
        self.sign_ins.append("XOAUTH2")
        if told == f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01":
            return AuthResult(success=True)
        await server.challenge_auth(base64.b64encode(b'{"status":"401"}').decode(), encode_to_b64=False)
        return AuthResult(success=False, handled=False)

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.sign_ins.append(mechanism)
        is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        # with handled=True the library would wait for an answer that nobody gives
        return AuthResult(success=is_right, handled=False)


class MailServer(Controller):
    """The server, in a thread of its own; use it in a ``with`` block.

    Args:
        folder: For the certificate.
        security: As in ``[email]``.
        sign_in: Whether it takes mails only from those who signed in.
        size: The largest mail; None announces no limit.
        utf8: Whether addresses may have letters beyond ASCII.
        port: A free one where none is given.
    """

    def __init__(
        self,
        folder: Path,
        security: Security = "none",
        *,
        sign_in: bool = False,
        size: int | None = None,
        utf8: bool = True,
        port: int = 0,
    ) -> None:
        self.behaviour, self.received = Behaviour(), cast("list[Received]", [])
        self.answers = _Handler(self.behaviour, self.received)
        self._security, self._sign_in, self._size, self._utf8 = security, sign_in, size, utf8
        self.cafile = folder / "ca.pem"
        self._tls = _server_context(folder) if security != "none" else None
        super().__init__(
            self.answers,
            hostname="127.0.0.1",
            port=port or free_port(),
            ssl_context=self._tls if security == "tls" else None,
            ready_timeout=30.0,
        )

    def factory(self) -> SMTP:
        """Make the server's end of one connection."""
        server = _Server(
            self.answers,
            hostname="mail.test",
            enable_SMTPUTF8=self._utf8,
            data_size_limit=self._size,
            tls_context=self._tls if self._security == "starttls" else None,
            require_starttls=self._security == "starttls",
            auth_required=self._sign_in,
            auth_require_tls=self._security != "tls",
            authenticator=self.answers.authenticate,
            timeout=60.0,
        )
        server.behaviour = self.behaviour
        return server

    @property
    def by_recipient(self) -> dict[str, int]:
        """How many mails came for each."""
        counts: dict[str, int] = {}
        for mail in self.received:
            for recipient in mail.recipients:
                counts[recipient] = counts.get(recipient, 0) + 1
        return counts

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _server_context(folder: Path) -> ssl.SSLContext:
    write_certificate(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context


def write_certificate(folder: Path, *names: str) -> None:
    """Write a certificate for this machine (or other *names*) and its key; it vouches for itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    hosts: list[x509.GeneralName] = [x509.DNSName(entry) for entry in names or ("localhost",)]
    if not names:
        hosts.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
