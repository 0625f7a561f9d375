"""The mail as bytes: one head a reader, one body for all; the same input gives the same bytes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from reportgen.config import EmailConfig
from reportgen.config.addresses import MailAddress, parse_address
from reportgen.errors import DeliveryError
from reportgen.issues import Issue, MailBody

_KINDS = {
    "pdf": ("application", "pdf"),
    "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_NO_LABEL = re.compile(r"[^a-z0-9]+")
_STEERS = ("Cc", "Cs", "Zl", "Zp")
"""Categories of signs that end a line, or that are none."""
_HEAD_ROOM = 4_000
"""Bytes kept for the head of a mail, which is another for each reader."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What the head of every mail of a job says of us."""

    address: MailAddress
    reply_to: MailAddress | None
    unsubscribe: MailAddress
    list_id: str

    @classmethod
    def of(cls, settings: EmailConfig, job: str) -> Sender:
        """Read it from the settings.

        Raises:
            DeliveryError: Nobody is named as the sender, or no server.
        """
        for key, value in (("from", settings.sender), ("host", settings.host)):
            if not value:
                raise DeliveryError(
                    f"there is no {key!r}", where="[email]", do=f"Add {key} = ... to reportgen.toml."
                )
        address = parse_address(settings.sender)
        reply_to = parse_address(settings.reply_to) if settings.reply_to else None
        unsubscribe = parse_address(settings.unsubscribe) if settings.unsubscribe else reply_to or address
        label = _NO_LABEL.sub("-", job.lower()).strip("-") or "report"
        return cls(address, reply_to, unsubscribe, f"{label}.{address.domain}")


def message_id(issue: Issue, job: str, recipient: MailAddress, domain: str) -> str:
    """Make the Message-ID, without its angle brackets: the same for every try of one issue to one reader."""
    told = f"{job}\n{issue.folder.name}\n{issue.digest}\n{recipient.key}"
    return f"{hashlib.sha256(told.encode()).hexdigest()[:40]}@{domain}"


class Letter:
    """The mail of one issue, put into as many envelopes as there are readers.

    Args:
        issue: Its outputs are attached, as far as the body says so.
        body: What it says.
        sender: Who says it.
        limit: The most bytes that it may have, as it is sent; the largest attachments are left out until it
            fits, and the texts say so.

    Raises:
        DeliveryError: An output that the texts speak of is not there, or even the bare text is too large.
    """

    def __init__(self, issue: Issue, body: MailBody, sender: Sender, limit: int) -> None:
        self.issue, self.sender = issue, sender
        files = {name: _output(issue, name) for name in body.attached}
        # the fewest left out; among these, the largest
        variants = sorted((body, *body.lighter), key=lambda v: (-len(v.attached), _bytes_of(v, files)))
        for variant in variants:
            self.body, self._files = variant, [files[name] for name in variant.attached]
            self.__dict__.pop("_content", None)
            if self.size <= limit:
                return
        raise DeliveryError(
            f"the mail has {self.size / 1e6:.1f} MB even without attachments, and {limit / 1e6:.1f} MB are allowed",
            where="[email] max_mb",
            do="Allow more, or have the pictures in your own template made smaller.",
        )

    @property
    def size(self) -> int:
        """Bytes of one mail, at most."""
        return len(self._content) + _HEAD_ROOM

    def to(self, recipient: MailAddress, identity: str, date: datetime) -> bytes:
        """Give the whole mail to one reader."""
        sender = self.sender
        is_ascii = (sender.address.spec + recipient.spec).isascii()
        head = EmailMessage(SMTP if is_ascii else SMTPUTF8)
        head["From"] = header_address(sender.address)
        head["To"] = header_address(recipient)
        if sender.reply_to:
            head["Reply-To"] = header_address(sender.reply_to)
        head["Date"] = format_datetime(date)
        head["Message-ID"] = f"<{identity}>"
        head["Auto-Submitted"] = "auto-generated"
        head["List-Id"] = f"<{sender.list_id}>"
        if sender.unsubscribe.spec.isascii():
            # signs such as ? and & are allowed in an address, and mean something else in a link (RFC 6068)
            head["List-Unsubscribe"] = f"<mailto:{quote(sender.unsubscribe.spec, '@+')}?subject=unsubscribe>"
        # an empty mail ends its head with an empty line: the head of the content goes before it
        return subject_line(self.body.subject) + head.as_bytes().removesuffix(b"\r\n") + self._content

    @cached_property
    def _content(self) -> bytes:
        """Everything but the head of one reader: from ``MIME-Version`` on."""
        content = EmailMessage(SMTP)
        content.set_content(self.body.text, cte="quoted-printable")
        content.add_alternative(self.body.html, subtype="html", cte="quoted-printable")
        page = content.get_payload()[-1]  # type: ignore[index]  # a list of parts, as just made
        assert isinstance(page, EmailMessage)  # noqa: S101 - so that the type is known
        for picture in self.body.pictures:
            page.add_related(
                picture.png,
                "image",
                "png",
                cid=f"<{picture.cid}>",
                filename=f"{picture.cid.partition('@')[0]}.png",
                disposition="inline",
            )
        for path in self._files:
            kind, subtype = _KINDS[path.suffix.removeprefix(".")]
            content.add_attachment(_read(path), kind, subtype, filename=path.name)
        if not self._files:
            content.make_mixed()
        _set_boundaries(content, self.issue.digest)
        return content.as_bytes()


def subject_line(subject: str) -> bytes:
    """Give the header of a subject.

    The newer part of the library folds long ones so that a space more comes back, or leaves the first line empty.

    Raises:
        ValueError: It would end its line, and so bring in another header.
    """
    if any(unicodedata.category(sign) in _STEERS for sign in subject):
        raise ValueError(f"the subject {subject!r} is not one line of text")
    if subject.isascii() and "=?" not in subject:
        return f"Subject: {subject}\r\n".encode("ascii")
    words = Header(subject, "utf-8", header_name="Subject", maxlinelen=76).encode(linesep="\r\n")
    return f"Subject: {words}\r\n".encode("ascii")


def header_address(address: MailAddress) -> Address:
    """Give an address for a header; what could break out of one is refused by the library."""
    return Address(display_name=address.name, username=address.local, domain=address.domain)


def readers(texts: Iterable[str]) -> tuple[MailAddress, ...]:
    """Read the addresses, each mailbox once.

    Raises:
        DeliveryError: One of them is none.
    """
    found: dict[str, MailAddress] = {}
    for text in texts:
        try:
            address = parse_address(text)
        except ValueError as error:
            raise DeliveryError(str(error), where="[email] to") from None
        found.setdefault(address.key, address)
    return tuple(found.values())


def _output(issue: Issue, name: str) -> Path:
    for path in issue.outputs:
        if path.suffix == f".{name}":
            return path
    raise DeliveryError(
        f"the {name} that is to be attached was not made",
        where=str(issue.folder),
        found=f"made were {', '.join(path.name for path in issue.outputs) or 'none'}",
        do=f"Have it made, or take {name!r} out of [email] attach.",
    )


def _bytes_of(body: MailBody, files: dict[str, Path]) -> int:
    try:
        return sum(files[name].stat().st_size for name in body.attached)
    except OSError as error:
        raise _unreadable(error) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> DeliveryError:
    return DeliveryError(
        f"an attachment cannot be read ({error.strerror})",
        where=str(error.filename),
        do="Make the issue again.",
    )


def _set_boundaries(message: EmailMessage, digest: str) -> None:
    """Give the parts borders of our own: the library's are drawn by lot."""
    parts: Sequence[EmailMessage] = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        mark = hashlib.sha256(f"{digest} {number}".encode()).hexdigest()[:24]
        part.set_boundary(f"=_{mark}_=")
