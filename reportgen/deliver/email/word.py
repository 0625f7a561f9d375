"""Word to the owner about a whole issue: one that was missed, or that could not be made."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from reportgen.config import EmailConfig
from reportgen.config.addresses import MailAddress
from reportgen.deliver.email.clock import Clock
from reportgen.deliver.email.message import Sender, header_address, readers
from reportgen.deliver.email.transport import Fault, Transport
from reportgen.errors import DeliveryError


def send_word(settings: EmailConfig, job: str, subject: str, lines: Sequence[str], clock: Clock) -> str:
    """Send some lines to ``failures_to``; gives what went wrong, empty if nothing did. It never raises."""
    try:
        sender = Sender.of(settings, job)
        transport = Transport(settings, clock)
        try:
            for recipient in readers(settings.failures_to):
                mail = _word(sender, recipient, (subject, "\n".join(lines)), clock)
                transport.envelope(sender.address.spec, recipient.spec, len(mail))
                transport.content(mail)
        finally:
            transport.quit()
    except Fault as fault:
        # where the server may have it, a second one would be one too many
        return "" if fault.kind == "doubt" else fault.detail
    except DeliveryError as error:
        return error.message
    return ""


def _word(sender: Sender, recipient: MailAddress, said: tuple[str, str], clock: Clock) -> bytes:
    subject, text = said
    mail = EmailMessage(SMTP if (sender.address.spec + recipient.spec).isascii() else SMTPUTF8)
    mail["From"] = header_address(sender.address)
    mail["To"] = header_address(recipient)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(clock.now())
    told = hashlib.sha256(f"{recipient.key}\n{subject}\n{text}".encode()).hexdigest()[:40]
    mail["Message-ID"] = f"<{told}@{sender.address.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{text}\n", cte="quoted-printable")
    content: bytes = mail.as_bytes()
    return content
