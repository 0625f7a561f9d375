"""Word to the owner about mails that did not come through; to nobody else, and once for each of them."""

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
from reportgen.deliver.email.ledger import Ledger
from reportgen.deliver.email.message import Sender, header_address, readers, subject_line
from reportgen.deliver.email.transport import Fault, Transport
from reportgen.errors import DeliveryError
from reportgen.issues import Delivery, Issue

_LOG = logging.getLogger("reportgen.mail")
_HINTS = {
    "refused": "The server will not take it. Correct the address, or ask who runs the mail server; then: "
    "reportgen send --period {period} --resend {recipient}",
    "gave_up": "It was tried for too long. When the server is back: "
    "reportgen send --period {period} --resend {recipient}",
    "unknown": "It may have come in, so it is not sent again by itself. Ask the reader; then: "
    "reportgen send --period {period} --mark-sent {recipient}, or --resend {recipient}",
}


def send_notice(issue: Issue, settings: EmailConfig, ledger: Ledger, clock: Clock) -> None:
    """Tell ``failures_to`` of what went wrong for good since the last notice, and the log in any case.

    A notice that cannot be sent is tried again with the next call; it never raises.
    """
    period = issue.folder.name
    troubles = ledger.untold(period)
    if not troubles:
        return
    for entry in troubles:
        _LOG.warning("mail of %s to %s: %s (%s)", period, entry.recipient, entry.state, entry.detail)
    if not settings.failures_to:
        ledger.mark_told(period, troubles)
        return
    sender = Sender.of(settings, ledger.job)
    try:
        transport = Transport(settings, clock)
        try:
            for recipient in readers(settings.failures_to):
                mail = notice_mail(ledger.job, period, troubles, (sender, recipient), clock)
                transport.envelope(sender.address.spec, recipient.spec, len(mail))
                transport.content(mail)
        finally:
            transport.quit()
    except (Fault, DeliveryError) as error:
        _LOG.warning("the notice of it could not be sent: %s", error)
        if not (isinstance(error, Fault) and error.kind == "doubt"):
            return
    ledger.mark_told(period, troubles)


def notice_mail(
    job: str, period: str, troubles: Sequence[Delivery], ends: tuple[Sender, MailAddress], clock: Clock
) -> bytes:
    """Write the notice; *ends* are its sender and who gets it."""
    sender, recipient = ends
    mail = EmailMessage(SMTP if (sender.address.spec + recipient.spec).isascii() else SMTPUTF8)
    mail["From"] = header_address(sender.address)
    mail["To"] = header_address(recipient)
    count = f"{len(troubles)} mail" + ("" if len(troubles) == 1 else "s")
    mail["Date"] = format_datetime(clock.now())
    told = "\n".join((job, period, recipient.key, *(f"{t.recipient} {t.state}" for t in troubles)))
    mail["Message-ID"] = f"<{hashlib.sha256(told.encode()).hexdigest()[:40]}@{sender.address.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    lines = [f"Of the report {job!r}, issue {period}, {count} did not surely reach the reader.", ""]
    for entry in troubles:
        when = f"{entry.changed:%Y-%m-%d %H:%M} UTC, try {entry.attempts}"
        lines += [
            f"{entry.recipient}: {entry.state.replace('_', ' ')} ({when})",
            f"  The server or the network said: {entry.detail or 'nothing'}",
            f"  {_HINTS[entry.state].format(period=period, recipient=entry.recipient)}",
            "",
        ]
    lines += ["Readers are told nothing of this."]
    mail.set_content("\n".join(lines) + "\n", cte="quoted-printable")
    return subject_line(f"Not delivered: {count} of {job}, {period}") + mail.as_bytes()
