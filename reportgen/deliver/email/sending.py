"""From an issue to its readers, each at most once; and word to the owner of what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reportgen.config import EmailConfig
from reportgen.config.addresses import MailAddress
from reportgen.deliver.email.clock import Clock
from reportgen.deliver.email.ledger import Ledger, Outcome
from reportgen.deliver.email.message import Letter, Sender, message_id, readers
from reportgen.deliver.email.notice import send_notice
from reportgen.deliver.email.transport import Fault, Transport
from reportgen.errors import SignInError
from reportgen.issues import Delivery, Issue, MailBody

_MOST_BREAKS = 3
"""Connections that may break one after another before the server counts as out of reach."""


def send_issue(
    issue: Issue,
    body: MailBody,
    recipients: Sequence[str],
    settings: EmailConfig,
    ledger: Ledger,
    clock: Clock | None = None,
) -> tuple[Delivery, ...]:
    """Try once for each reader whose mail is due; nobody gets a second one, whoever calls this how often.

    Args:
        issue: What is sent; its folder's name is the period in the ledger.
        body: The mail.
        recipients: Addresses, as in ``[email] to``.
        settings: The server and the rest of ``[email]``.
        ledger: Keeps what happened.
        clock: Tells the time and waits; the system's where none is given.

    Returns:
        What became of each mail. ``retry`` and ``waiting`` are tried by the next call from ``not_before`` on.

    Raises:
        SignInError: The server does not let us in; nothing more was tried.
        DeliveryError: Something is missing, or another process is sending for long.
    """
    clock = clock or Clock()
    sender, wanted = Sender.of(settings, ledger.job), readers(recipients)
    round_ = _Round(issue, body, sender, settings, ledger, clock)
    with ledger.only_sender(clock):
        identities = [(a, message_id(issue, ledger.job, a, sender.address.domain)) for a in wanted]
        ledger.enrol(round_.period, issue.digest, identities, clock.timestamp())
        due = set(ledger.due(round_.period, clock.timestamp()))
        try:
            round_.run([entry for entry in identities if entry[0].key in due])
        finally:
            round_.close()
        send_notice(issue, settings, ledger, clock)
    return ledger.deliveries(round_.period)


@dataclass(slots=True)
class _Round:
    """One try for each of the readers, over one connection as long as it holds."""

    issue: Issue
    body: MailBody
    sender: Sender
    settings: EmailConfig
    ledger: Ledger
    clock: Clock
    transport: Transport | None = field(default=None, init=False)
    letter: Letter | None = field(default=None, init=False)

    @property
    def period(self) -> str:
        return self.issue.folder.name

    def close(self) -> None:
        if self.transport and self.transport.is_open:
            self.transport.quit()

    def run(self, entries: Sequence[tuple[MailAddress, str]]) -> None:
        breaks = 0
        for place, (recipient, identity) in enumerate(entries):
            try:
                self._send(recipient, identity)
            except Fault as fault:
                keys = [address.key for address, _ in entries[place:]]
                if self._settle_fault(fault, keys):
                    return
                breaks = breaks + 1 if fault.kind in ("network", "doubt") else 0
                if breaks >= _MOST_BREAKS:
                    self._later(keys[1:], fault.detail)
                    return
            else:
                breaks = 0

    def _send(self, recipient: MailAddress, identity: str) -> None:
        """Bring one mail to the server.

        Raises:
            Fault: It has it not, or perhaps.
        """
        was_open = self.transport is not None and self.transport.is_open
        try:
            self._address(recipient)
        except Fault as fault:
            # a connection that stood idle may be gone without harm: a fresh one has one chance
            if fault.kind != "network" or not was_open:
                raise
            self._address(recipient)
        transport, letter = self._ready()
        mail = letter.to(recipient, identity, self.clock.now())
        if not self.ledger.claim(self.period, recipient.key, self.clock.timestamp()):
            transport.reset()
            return
        transport.content(mail)
        self._settle([recipient.key], Outcome("sent"))

    def _address(self, recipient: MailAddress) -> None:
        transport, letter = self._ready()
        transport.envelope(self.sender.address.spec, recipient.spec, letter.size)

    def _ready(self) -> tuple[Transport, Letter]:
        if self.transport is None or not self.transport.is_open:
            self.transport = Transport(self.settings, self.clock)
        if self.letter is None:
            limit = min(int(self.settings.max_mb * 1e6), self.transport.limit or 1 << 62)
            self.letter = Letter(self.issue, self.body, self.sender, limit)
        return self.transport, self.letter

    def _settle_fault(self, fault: Fault, keys: Sequence[str]) -> bool:
        """Write what a fault means for the first of *keys*, or for all; true where the round is over."""
        match fault.kind:
            case "refused":
                self._settle(keys[:1], Outcome("refused", fault.detail))
            case "doubt":
                self._settle(keys[:1], Outcome("unknown", fault.detail))
            case "later" | "network":
                self._later(keys[:1], fault.detail)
            case "unreachable":
                self._later(keys, fault.detail)
            case "sender":
                self._settle(keys, Outcome("refused", fault.detail))
            case "sign-in":
                self._later(keys, fault.detail)
                raise SignInError(
                    f"nothing was sent: {fault.detail}",
                    where=self.settings.host,
                    do="Check [email] user and the password or token; `reportgen send` then tries again at once.",
                ) from fault
        return fault.kind in ("unreachable", "sender")

    def _settle(self, keys: Sequence[str], outcome: Outcome) -> None:
        self.ledger.settle(self.period, keys, outcome, self.clock.timestamp())

    def _later(self, keys: Sequence[str], detail: str) -> None:
        """Set the next try, or give up those that were tried for too long."""
        now = self.clock.timestamp()
        for key in keys:
            attempts, first = self.ledger.tries(self.period, key)
            given_up = first and now - first >= self.clock.give_up_s
            if given_up:
                outcome = Outcome("gave_up", detail)
            else:
                outcome = Outcome("retry", detail, self.clock.next_try(attempts + 1))
            self._settle([key], outcome)
