"""Word to the owner about mails that did not come through; to nobody else, and once for each of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from reportgen.config import EmailConfig
from reportgen.deliver.email.clock import Clock
from reportgen.deliver.email.ledger import Ledger
from reportgen.deliver.email.word import send_word
from reportgen.issues import Delivery, Issue
from reportgen.language import mark, ntr, retold, tr

_LOG = logging.getLogger("reportgen.mail")
_SAID = {
    "refused": mark("{recipient}: refused ({time} UTC, try {attempt})"),
    "gave_up": mark("{recipient}: gave up ({time} UTC, try {attempt})"),
    "unknown": mark("{recipient}: unknown ({time} UTC, try {attempt})"),
}
_HINTS = {
    "refused": mark(
        "The server will not take it. Correct the address, or ask who runs the mail server; then: {command}"
    ),
    "gave_up": mark("It was tried for too long. When the server is back: {command}"),
    "unknown": mark(
        "It may have come in, so it is not sent again by itself. Ask the reader; then: {command}, or {other}"
    ),
}


def send_notice(issue: Issue, settings: EmailConfig, ledger: Ledger, clock: Clock) -> None:
    """Tell ``failures_to`` of what went wrong for good since the last notice, and the log in any case.

    A notice that cannot be sent is tried again with the next call; it never raises. It is in the language that
    is spoken.
    """
    period = issue.folder.name
    troubles = ledger.untold(period)
    if not troubles:
        return
    for entry in troubles:
        _LOG.warning("mail of %s to %s: %s (%s)", period, entry.recipient, entry.state, entry.detail)
    if settings.failures_to:
        subject = ntr(
            "Not delivered: {n} mail of {job}, {period}",
            "Not delivered: {n} mails of {job}, {period}",
            len(troubles), n=len(troubles), job=ledger.job, period=period,
        )  # fmt: skip
        lines = list(_notice_lines(ledger.job, period, troubles))
        trouble = send_word(settings, ledger.job, subject, lines, clock)
        if trouble:
            _LOG.warning("the notice of it could not be sent: %s", trouble)
            return
    ledger.mark_told(period, troubles)


def _notice_lines(job: str, period: str, troubles: Sequence[Delivery]) -> Iterator[str]:
    yield ntr(
        "Of the report {job}, issue {period}, {n} mail did not surely reach the reader.",
        "Of the report {job}, issue {period}, {n} mails did not surely reach the reader.",
        len(troubles), n=len(troubles), job=repr(job), period=period,
    )  # fmt: skip
    yield ""
    for entry in troubles:
        time = f"{entry.changed:%Y-%m-%d %H:%M}"
        yield tr(_SAID[entry.state], recipient=entry.recipient, time=time, attempt=entry.attempts)
        said = retold(entry.detail)
        heard = tr("The server or the network said: {said}", said=said) if said else ""
        yield f"  {heard or tr('The server and the network said nothing.')}"
        yield f"  {_hint(period, entry)}"
        yield ""
    yield tr("Readers are told nothing of this.")


def _hint(period: str, entry: Delivery) -> str:
    send, recipient = f"reportgen send --period {period}", entry.recipient
    if entry.state == "unknown":
        marked = f"{send} --mark-sent {recipient}"
        return tr(_HINTS["unknown"], command=marked, other=f"--resend {recipient}")
    return tr(_HINTS[entry.state], command=f"{send} --resend {recipient}")
