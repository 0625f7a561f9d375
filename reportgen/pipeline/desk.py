"""The desk where issues leave: the ledger of one report, open for one process."""

from __future__ import annotations

import os
import platform
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from reportgen.config import Config
from reportgen.config.addresses import mailbox_of
from reportgen.errors import DeliveryError
from reportgen.issues import Delivery, Issue, MailBody, Sent
from reportgen.language import speaking
from reportgen.pipeline.making import archive_of

if TYPE_CHECKING:
    import sqlite3

    from reportgen.deliver.email import Clock, Ledger
    from reportgen.deliver.identity import Nameplate
    from reportgen.deliver.schedule import PeriodLedger

LEDGER = "ledger.sqlite"
_RENEWALS = 6
"""Of a lease, before it runs out: so a slow disk does no harm."""
_LONGEST_S = 12 * 3600.0
"""A process that is at an issue for longer than this hangs: another one may take over."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What sending an issue needs."""

    job: str
    file: Path
    settings: Config
    periods: PeriodLedger
    ledger: Ledger
    clock: Clock
    owner: str
    began: float

    def now(self) -> datetime:
        """Read the clock."""
        return self.clock.now()

    def duration_s(self) -> float:
        """Give the seconds since the desk was opened."""
        return monotonic() - self.began

    @contextmanager
    def holding(self, key: str) -> Iterator[None]:
        """Keep the lease of a period while something is done about it."""
        from reportgen.deliver.schedule import LEASE_S

        ended = threading.Event()

        def renew() -> None:
            every = LEASE_S / _RENEWALS
            for _ in range(round(_LONGEST_S / every)):
                if ended.wait(every) or not self._renew(key):
                    return

        thread = threading.Thread(target=renew, name="reportgen-lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _renew(self, key: str) -> bool:
        """Say that this process is still at it; False where another one is. Over a connection of its own thread."""
        from reportgen.deliver.database import explained

        try:
            with explained(self.file), closing(_connect(self.file)) as connection:
                return _periods(connection, self.job, self.owner).renew(key, self.now())
        except DeliveryError:
            return True  # a disk that is full now may not be so at the next time

    def once_more(self, key: str, address: str) -> Desk:
        """Give the desk for an issue that *address* is to get again: whoever came later is sent no old issue."""
        known = {mailbox_of(entry.recipient) for entry in self.ledger.deliveries(key)}
        readers = {mailbox_of(text): text for text in self.settings.email.to if mailbox_of(text) in known}
        readers.setdefault(mailbox_of(address), address)
        email = replace(self.settings.email, to=tuple(readers.values()))
        return replace(self, settings=replace(self.settings, email=email))

    def bring(self, issue: Issue, body: MailBody) -> tuple[Delivery, ...]:
        """Send an issue to its readers, note in its folder who has got it, and give what became of their mails.

        Raises:
            DeliveryError: As for `send_issue`.
        """
        from reportgen.deliver.email import send_issue

        email, key = self.settings.email, issue.folder.name
        # where the ledger was lost, or is an older one again, the notes beside the issue still say who has the mail
        noted = {mailbox_of(sent.recipient) for sent in _noted(issue)}
        self.ledger.trust_notes(key, noted, self.now().timestamp())
        known = {mailbox_of(entry.recipient) for entry in self.ledger.deliveries(key)}
        readers = [text for text in email.to if mailbox_of(text) not in noted - known]
        try:
            with speaking(self.settings.language):  # for the notice to the owner
                deliveries = send_issue(issue, body, readers, email, self.ledger, self.clock)
        finally:
            self.note_sent(issue, self.ledger.deliveries(key))
        return self.to_readers(deliveries)

    def to_readers(self, deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """Leave out who is no reader any more."""
        readers = {mailbox_of(text) for text in self.settings.email.to}
        return tuple(entry for entry in deliveries if mailbox_of(entry.recipient) in readers)

    def note_sent(self, issue: Issue, deliveries: Sequence[Delivery]) -> None:
        """Add to the notes of an issue what they lack."""
        from reportgen.deliver.archive import record_sent

        noted = {mailbox_of(sent.recipient) for sent in _noted(issue)}
        for entry in deliveries:
            if entry.state == "sent" and mailbox_of(entry.recipient) not in noted:
                record_sent(issue, Sent(entry.recipient, entry.message_id, entry.changed))


@contextmanager
def open_desk(config: Config, clock: Clock | None) -> Iterator[Desk]:
    """Open the ledger of a report.

    Raises:
        DeliveryError: It cannot be used, or belongs to another report.
    """
    from reportgen.deliver.database import explained
    from reportgen.deliver.email import Clock, Ledger
    from reportgen.deliver.identity import take_job

    file = archive_of(config) / LEDGER
    owner = f"{platform.node()}:{os.getpid()}:{secrets.token_hex(4)}"
    clock = clock or Clock(give_up_s=config.schedule.max_late_s)
    with explained(file), closing(_connect(file)) as connection:
        job = take_job(connection, file, _nameplate(config))
        with Ledger(file, job) as ledger:
            periods = _periods(connection, job, owner)
            yield Desk(job, file, config, periods, ledger, clock, owner, monotonic())


def job_of(config: Config) -> str:
    """Give the name of a report in its ledger, or the one that it would have; nothing is written.

    Raises:
        DeliveryError: The ledger cannot be read, or is not this report's.
    """
    from reportgen.deliver.database import explained
    from reportgen.deliver.identity import find_job

    file, plate = archive_of(config) / LEDGER, _nameplate(config)
    if not file.exists():
        return plate.name
    with explained(file), closing(_connect(file)) as connection:
        return find_job(connection, file, plate)


def _nameplate(config: Config) -> Nameplate:
    from reportgen.deliver.identity import Nameplate

    return Nameplate.of(config.path, archive_of(config))


def _connect(file: Path) -> sqlite3.Connection:
    from reportgen.deliver.database import open_ledger

    return open_ledger(file)


def _periods(connection: sqlite3.Connection, job: str, owner: str) -> PeriodLedger:
    from reportgen.deliver.schedule import PeriodLedger

    return PeriodLedger(connection, job, owner)


def _noted(issue: Issue) -> tuple[Sent, ...]:
    from reportgen.deliver.archive import sent_record

    return sent_record(issue)
