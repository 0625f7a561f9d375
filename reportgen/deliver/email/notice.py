"""Word to the owner about mails that did not come through; to nobody else, and once for each of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from reportgen.config import EmailConfig
from reportgen.deliver.email.clock import Clock
from reportgen.deliver.email.ledger import Ledger
from reportgen.deliver.email.word import send_word
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
    if settings.failures_to:
        count = f"{len(troubles)} mail" + ("" if len(troubles) == 1 else "s")
        subject = f"Not delivered: {count} of {ledger.job}, {period}"
        trouble = send_word(
            settings, ledger.job, subject, _notice_lines(ledger.job, period, count, troubles), clock
        )
        if trouble:
            _LOG.warning("the notice of it could not be sent: %s", trouble)
            return
    ledger.mark_told(period, troubles)


def _notice_lines(job: str, period: str, count: str, troubles: Sequence[Delivery]) -> list[str]:
    lines = [f"Of the report {job!r}, issue {period}, {count} did not surely reach the reader.", ""]
    for entry in troubles:
        when = f"{entry.changed:%Y-%m-%d %H:%M} UTC, try {entry.attempts}"
        lines += [
            f"{entry.recipient}: {entry.state.replace('_', ' ')} ({when})",
            f"  The server or the network said: {entry.detail or 'nothing'}",
            f"  {_HINTS[entry.state].format(period=period, recipient=entry.recipient)}",
            "",
        ]
    return [*lines, "Readers are told nothing of this."]
