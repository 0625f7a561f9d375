"""Sends the issue of a report by mail: one message a reader, never two by itself, every doubt kept and shown."""

from __future__ import annotations

from reportgen.deliver.email.clock import Clock
from reportgen.deliver.email.ledger import Ledger
from reportgen.deliver.email.preview import mail_bytes
from reportgen.deliver.email.sending import send_issue
from reportgen.deliver.email.word import send_word

__all__ = ["Clock", "Ledger", "mail_bytes", "send_issue", "send_word"]
