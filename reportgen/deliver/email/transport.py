"""One connection to the mail server, step by step, so that it is always known how far a mail has come."""

from __future__ import annotations

import base64
import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Callable
from typing import Literal, TypeVar

from reportgen.config import EmailConfig
from reportgen.config.email import is_loopback
from reportgen.deliver.email.clock import Clock
from reportgen.deliver.email.secrets import hide, mail_password, mail_token, oauth_words, plain_words
from reportgen.deliver.email.wire import PlainClient, TlsClient, Wire
from reportgen.errors import DeliveryError
from reportgen.language import message

_Result = TypeVar("_Result")
Kind = Literal["unreachable", "network", "later", "refused", "sender", "sign-in", "doubt"]
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_SIGN_IN = (530, 534, 535, 538)
"""Answers that ask for another way to sign in, or say that this one was wrong."""
_SHOWN = 300
_SLOWEST = 25_000.0
"""Bytes a second: a line that is slower is taken for broken."""
_STEPS = 5.0
"""So many times the patience for one answer, a server may take for the few answers of one step."""


class Fault(Exception):  # noqa: N818 - one word for what the ledger is told
    """A mail did not go, or perhaps it did.

    Kinds: ``unreachable``: not sent, and no connection can be had; ``network``: not sent, and the connection is
    gone; ``later``: not sent, try again; ``refused``: not
    sent, and it will not be; ``sender``: the same for every reader; ``sign-in``: the same until somebody mends
    it; ``doubt``: the connection was lost before the server said whether it has the mail.
    """

    def __init__(self, kind: Kind, detail: str) -> None:
        """Keep what the ledger is told."""
        super().__init__(detail)
        self.kind, self.detail = kind, detail


class Transport:
    """A server that was signed in to.

    Raises:
        Fault: It cannot be reached, or does not let us in.
        DeliveryError: The settings lack something.
    """

    def __init__(self, settings: EmailConfig, clock: Clock) -> None:
        """Connect, make it secret, sign in."""
        self._settings, self._clock, self._secret = settings, clock, ""
        if settings.security == "none" and not is_loopback(settings.host):
            raise DeliveryError(
                f"mail to {settings.host!r} would go in the clear",
                where="[email] security",
                do="Write 'starttls' or 'tls'.",
            )
        self._wire = Wire()
        try:
            with self._wire.at_most(_STEPS * self._clock.connect_s):
                self._client = self._guarded(self._connect, "unreachable")
        except BaseException:
            self._wire.close()
            raise
        try:
            with self._wire.at_most(_STEPS * self._clock.answer_s):
                self._guarded(self._secure_and_sign_in, "unreachable")
        except BaseException:
            self.drop()
            raise

    @property
    def limit(self) -> int | None:
        """The largest mail that the server says it takes, in bytes."""
        size = self._client.esmtp_features.get("size", "").split()
        return int(size[0]) if size and size[0].isdecimal() and int(size[0]) else None

    @property
    def takes_utf8(self) -> bool:
        """Whether addresses may have letters beyond ASCII before the @."""
        return self._client.has_extn("smtputf8")

    def envelope(self, sender: str, recipient: str, size: int) -> None:
        """Tell the server who writes to whom.

        Raises:
            Fault: It does not want to, or is gone. Nothing was sent.
        """
        with self._wire.at_most(_STEPS * self._clock.answer_s):
            self._guarded(lambda: self._envelope(sender, recipient, size))

    def content(self, mail: bytes) -> None:
        """Hand over the text of the mail, and hear that the server has it.

        Raises:
            Fault: ``doubt`` where that cannot be known; every other kind where it surely has it not.
        """
        with self._wire.at_most(_STEPS * self._clock.answer_s):
            self._guarded(self._announce)
        quoted = mail.replace(b"\r\n.", b"\r\n..")  # the head comes first, so no mail begins with a dot
        quoted += b".\r\n" if quoted.endswith(b"\r\n") else b"\r\n.\r\n"
        # a server drops what has no end; so what is lost before the last bytes went out was surely not sent
        self._guarded(lambda: self._send_slowly(quoted[:-3]))
        try:
            with self._wire.at_most(self._clock.data_s):
                self._client.send(quoted[-3:])
                code, answer = self._client.getreply()
            self._socket().settimeout(self._clock.answer_s)
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            lost = message("the connection was lost after the text of the mail ({said})", said=_said(error))
            raise Fault("doubt", self._clean(lost)) from None
        if 400 <= code < 600:
            raise self._rejected(code, answer)
        if not 200 <= code < 300:
            self.drop()
            raise Fault("doubt", message("the server's word on the mail cannot be understood"))

    def reset(self) -> None:
        """Forget an envelope.

        Raises:
            Fault: The connection is gone.
        """
        with self._wire.at_most(_STEPS * self._clock.answer_s):
            self._guarded(self._client.rset)

    def quit(self) -> None:
        """Say goodbye."""
        try:
            with self._wire.at_most(self._clock.answer_s):
                self._client.quit()
        except (OSError, smtplib.SMTPException):
            self.drop()

    def drop(self) -> None:
        """Leave without a word."""
        self._client.close()

    @property
    def is_open(self) -> bool:
        """Whether the connection is there, as far as is known."""
        return self._client.sock is not None

    def _connect(self) -> smtplib.SMTP:
        settings, limit = self._settings, self._clock.connect_s
        port = port_of(settings)
        client: smtplib.SMTP
        if settings.security == "tls":
            client = TlsClient(self._wire, settings.host, port, limit, tls_context(settings))
        else:
            client = PlainClient(self._wire, settings.host, port, limit)
        if settings.security == "none":
            peer = (client.sock or _no_socket()).getpeername()[0]
            if not ipaddress.ip_address(peer.partition("%")[0]).is_loopback:
                client.close()
                raise Fault(
                    "network", f"{settings.host} is not this machine, and nothing goes there in the clear"
                )
        (client.sock or _no_socket()).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client

    def _secure_and_sign_in(self) -> None:
        client, settings = self._client, self._settings
        client.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            client.starttls(context=tls_context(settings))
            client.ehlo()
        self._socket().settimeout(self._clock.answer_s)
        if not settings.user:
            return
        try:
            if settings.oauth_command:
                self._secret = mail_token(settings)
                client.auth("XOAUTH2", self._oauth_answer)
            else:
                self._secret = mail_password(settings)
                self._log_in(settings.user, self._secret)
        except smtplib.SMTPAuthenticationError as error:
            kind: Kind = "unreachable" if 400 <= error.smtp_code < 500 else "sign-in"
            raise Fault(kind, self._told(f"the server did not let {settings.user!r} in", error)) from None
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPException as error:
            raise Fault("sign-in", self._told("the server offers no way to sign in", error)) from None

    def _log_in(self, user: str, password: str) -> None:
        if (user + password).isascii():
            self._client.login(user, password)
            return
        # the library knows ASCII only; RFC 4616 says UTF-8
        words = base64.b64encode(plain_words(user, password).encode()).decode("ascii")
        code, answer = self._client.docmd("AUTH", f"PLAIN {words}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, answer)

    def _oauth_answer(self, challenge: bytes | None = None) -> str:
        """Give user and token; to the server's explanation of a refusal, nothing, so that it says no."""
        return "" if challenge else oauth_words(self._settings.user, self._secret)

    def _envelope(self, sender: str, recipient: str, size: int) -> None:
        options = [f"SIZE={size}"] if self._client.has_extn("size") else []
        if not (sender + recipient).isascii():
            if not self.takes_utf8:
                raise Fault("refused", message("the server takes no addresses with letters beyond ASCII"))
            options += ["BODY=8BITMIME", "SMTPUTF8"]
            self._client.command_encoding = "utf-8"
        try:
            code, answer = self._client.mail(sender, options)
            if not 200 <= code < 300:
                fault = self._rejected(code, answer)
                # too large is a matter of this mail, every other word against the sender one of all
                raise Fault("sender", fault.detail) if fault.kind == "refused" and code != 552 else fault
            code, answer = self._client.rcpt(recipient)
            if not 200 <= code < 300:
                fault = self._rejected(code, answer)
                if self.is_open:
                    self._client.rset()  # else the server takes the next mail for a part of this one
                raise fault
        finally:
            self._client.command_encoding = "ascii"

    def _send_slowly(self, mail: bytes) -> None:
        """Send with a limit that grows with the size: the library's is for all of it."""
        self._socket().settimeout(self._clock.data_s + len(mail) / _SLOWEST)
        self._client.send(mail)
        self._socket().settimeout(self._clock.data_s)

    def _announce(self) -> None:
        self._client.putcmd("data")
        code, answer = self._client.getreply()
        if code != 354:
            raise self._rejected(code, answer)

    def _rejected(self, code: int, answer: bytes) -> Fault:
        """Say what an answer means; after 421 the server is gone."""
        if code == 421:
            self.drop()
        detail = self._clean(f"{code} {answer.decode('utf-8', 'replace')}")
        if code in _SIGN_IN:
            return Fault("sign-in", detail)
        return Fault("refused" if 500 <= code < 600 else "later", detail)

    def _guarded(self, step: Callable[[], _Result], kind: Kind = "network") -> _Result:
        """Take a step before the text of a mail: whatever happens in it, nothing was sent."""
        try:
            return step()
        except (OSError, UnicodeError, smtplib.SMTPException) as error:
            if hasattr(self, "_client"):
                self.drop()
            place = {"host": self._settings.host, "port": port_of(self._settings), "said": _said(error)}
            told = (
                message("{host}, port {port}, broke off ({said})", **place)
                if kind == "network"
                else message("{host}, port {port}, cannot be used ({said})", **place)
            )
            raise Fault(kind, _advised(self._clean(told), error)) from None

    def _told(self, what: str, error: BaseException) -> str:
        return self._clean(f"{what} ({_said(error)})")

    def _clean(self, text: str) -> str:
        shown = "".join(
            sign if sign.isprintable() else " " for sign in hide(text, self._settings.user, self._secret)
        )
        return " ".join(shown.split())[:_SHOWN]

    def _socket(self) -> socket.socket:
        return self._client.sock or _no_socket()


def port_of(settings: EmailConfig) -> int:
    """Give the port that counts: the configured one, else the usual one."""
    return settings.port or _PORTS[settings.security]


def _said(error: BaseException) -> str:
    """Give what the server or the network said."""
    if isinstance(error, smtplib.SMTPResponseException):
        raw = error.smtp_error
        return f"{error.smtp_code} {raw.decode('utf-8', 'replace') if isinstance(raw, bytes) else raw}"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _advised(problem: str, error: BaseException) -> str:
    """Add what is probably wrong in ``[email]``, where an error tells it."""
    match error:
        case smtplib.SMTPNotSupportedError():
            return message(
                "{problem}; perhaps [email] security = 'tls' with port 465 is meant", problem=problem
            )
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER"):
            return message(
                "{problem}; the server does not begin with TLS there: perhaps [email] security = 'starttls' with port 587 is meant",
                problem=problem,
            )
        case ssl.SSLCertVerificationError():
            return message(
                "{problem}; where your company signs its own certificates, name its file in [email] cafile",
                problem=problem,
            )
        case socket.gaierror():
            return message("{problem}; is [email] host spelt right, and is there a network?", problem=problem)
        case _:
            return problem


def _no_socket() -> socket.socket:
    raise smtplib.SMTPServerDisconnected("there is no connection")


def tls_context(settings: EmailConfig) -> ssl.SSLContext:
    """Make a context that checks certificates and names, from TLS 1.2 on.

    Raises:
        DeliveryError: The file of certificates cannot be read as such.
    """
    try:
        context = ssl.create_default_context(cafile=settings.cafile)
    except (OSError, ssl.SSLError) as error:
        raise DeliveryError(
            f"the certificates cannot be read ({error})",
            where=str(settings.cafile),
            do="Correct [email] cafile.",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
