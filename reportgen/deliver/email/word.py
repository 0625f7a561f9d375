"""Word to the owner: lines of text about what went wrong, to all of ``failures_to``."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from reportgen.config import EmailConfig
from reportgen.config.addresses import MailAddress
from reportgen.deliver.email.clock import Clock
from reportgen.deliver.email.message import Sender, header_address, readers, subject_line
from reportgen.deliver.email.transport import Fault, Transport
from reportgen.errors import DeliveryError

_LOG = logging.getLogger("reportgen.mail")
_SAME_FOR_ALL = ("unreachable", "sign-in", "sender")


def send_word(settings: EmailConfig, job: str, subject: str, lines: Sequence[str], clock: Clock) -> str:
    """Send some lines to each of ``failures_to``. It never raises.

    Returns:
        What went wrong; empty if nothing did, or if at least one of them has it: those are not told twice
        because another one cannot be told. The log says who that is.
    """
    troubles: list[str] = []
    told = 0
    try:
        sender = Sender.of(settings, job)
        for recipient in readers(settings.failures_to):
            fault = _tell(settings, sender, recipient, (subject, "\n".join(lines)), clock)
            # where the server may have it, a second one would be one too many
            if fault is None or fault.kind == "doubt":
                told += 1
                continue
            troubles.append(fault.detail)
            _LOG.warning("no word to %s: %s", recipient.spec, fault.detail)
            if fault.kind in _SAME_FOR_ALL:
                break
    except DeliveryError as error:
        troubles.append(error.message)
    return "" if told else "; ".join(dict.fromkeys(troubles))


def _tell(
    settings: EmailConfig, sender: Sender, recipient: MailAddress, said: tuple[str, str], clock: Clock
) -> Fault | None:
    mail = _word(sender, recipient, said, clock)
    try:
        transport = Transport(settings, clock)
        try:
            transport.envelope(sender.address.spec, recipient.spec, len(mail))
            transport.content(mail)
        finally:
            transport.quit()
    except Fault as fault:
        return fault
    return None


def _word(sender: Sender, recipient: MailAddress, said: tuple[str, str], clock: Clock) -> bytes:
    subject, text = said
    mail = EmailMessage(SMTP if (sender.address.spec + recipient.spec).isascii() else SMTPUTF8)
    mail["From"] = header_address(sender.address)
    mail["To"] = header_address(recipient)
    mail["Date"] = format_datetime(clock.now())
    told = hashlib.sha256(f"{recipient.key}\n{subject}\n{text}".encode()).hexdigest()[:40]
    mail["Message-ID"] = f"<{told}@{sender.address.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{text}\n", cte="quoted-printable")
    return subject_line(subject) + mail.as_bytes()
