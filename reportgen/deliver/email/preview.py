"""A mail as it would leave, for looking at it: nothing is sent."""

from __future__ import annotations

from reportgen.config import EmailConfig
from reportgen.deliver.email.clock import Clock
from reportgen.deliver.email.message import Letter, Sender, message_id, readers
from reportgen.issues import Issue, MailBody


def mail_bytes(issue: Issue, body: MailBody, settings: EmailConfig, job: str) -> bytes:
    """Give the mail of an issue to the first of its readers.

    Raises:
        DeliveryError: Something is missing, or it is too large.
    """
    sender = Sender.of(settings, job)
    recipient = readers(settings.to)[0]
    identity = message_id(issue, job, recipient, sender.address.domain)
    letter = Letter(issue, body, sender, int(settings.max_mb * 1e6))
    return letter.to(recipient, identity, Clock().now())
