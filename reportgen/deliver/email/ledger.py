"""What was sent to whom: every step is committed before it is done, so that a death in between shows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from reportgen.config.addresses import MailAddress, mailbox_of
from reportgen.deliver.database import as_text, open_ledger, writing
from reportgen.deliver.email.clock import Clock
from reportgen.deliver.email.lock import only_sender, who
from reportgen.deliver.retries import LONGEST_WAIT_S
from reportgen.errors import DeliveryError
from reportgen.issues import Delivery, DeliveryState
from reportgen.language import message

DIED = message("the sender ended while the server was taking the mail")
_OPEN = ("waiting", "retry")
_TROUBLES = ("refused", "unknown", "gave_up")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended."""

    state: DeliveryState
    detail: str = ""
    not_before: float = 0.0


class Ledger:
    """The deliveries of one job.

    Args:
        path: The file of the ledger; it is made where there is none.
        job: Name of the report that is sent again and again, such as its slug.

    Raises:
        DeliveryError: The file cannot be made or read.
    """

    def __init__(self, path: Path, job: str) -> None:
        self.path, self.job = path, job
        self._connection = open_ledger(path)
        self._owner = who()

    def __enter__(self) -> Self:
        """Use it in a ``with`` block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def only_sender(self, clock: Clock) -> AbstractContextManager[None]:
        """Be the only sender that lives, for as long as the block lasts."""
        return only_sender(self.path.with_name(f"{self.path.name}.lock"), clock)

    def deliveries(self, period: str) -> tuple[Delivery, ...]:
        """Give what became of each reader's mail of one issue, by address."""
        rows = self._connection.execute(
            "SELECT * FROM delivery WHERE job = ? AND period = ? ORDER BY recipient", (self.job, period)
        )
        return tuple(_delivery(row) for row in rows)

    def known_keys(self) -> frozenset[str]:
        """Give the keys of all issues that were once to be sent, whether the archive still has them or not."""
        rows = self._connection.execute("SELECT DISTINCT period FROM delivery WHERE job = ?", (self.job,))
        return frozenset(row["period"] for row in rows)

    def enrol(self, period: str, digest: str, wanted: Sequence[tuple[MailAddress, str]], now: float) -> None:
        """Write down who is to get the issue, each with the Message-ID; to be called by the only sender.

        What a dead sender left half done becomes unknown. Who is no reader any more is given up.
        """
        with writing(self._connection) as db:
            self._sweep(db, now)
            keys = {address.key for address, _ in wanted}
            gone = [d for d in self._open(db, period) if d["recipient"] not in keys]
            db.executemany(
                "UPDATE delivery SET state = 'gave_up', detail = 'no reader any more', told = 1, changed = ? "
                "WHERE job = ? AND period = ? AND recipient = ?",
                [(now, self.job, period, row["recipient"]) for row in gone],
            )
            db.executemany(
                "INSERT INTO delivery (job, period, recipient, address, state, message_id, digest, changed) "
                "VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "message_id = excluded.message_id, digest = excluded.digest WHERE state IN ('waiting', 'retry')",
                [
                    (self.job, period, address.key, address.spec, message_id, digest, now)
                    for address, message_id in wanted
                ],
            )

    def sweep(self, now: float) -> bool:
        """Turn what a dead sender left half done into unknown; false where a sender lives, who knows better."""
        try:
            with self.only_sender(Clock(lock_s=0.0)), writing(self._connection) as db:
                self._sweep(db, now)
        except DeliveryError:
            return False
        return True

    def due(self, period: str, now: float) -> tuple[str, ...]:
        """Give the keys of those whose mail is to be tried now."""
        rows = self._open(self._connection, period)
        return tuple(row["recipient"] for row in rows if not now < row["not_before"] <= now + LONGEST_WAIT_S)

    def claim(self, period: str, recipient: str, now: float) -> bool:
        """Write ``sending`` before the text of a mail goes out; false where somebody else was faster."""
        with writing(self._connection) as db:
            changed = db.execute(
                "UPDATE delivery SET state = 'sending', owner = ?, changed = ?, detail = '' "
                "WHERE job = ? AND period = ? AND recipient = ? AND state IN ('waiting', 'retry')",
                (self._owner, now, self.job, period, recipient),
            )
            return changed.rowcount == 1

    def settle(self, period: str, recipients: Iterable[str], outcome: Outcome, now: float) -> None:
        """Write how a try ended; what is no longer open and no longer ours stays as it is."""
        detail = as_text(outcome.detail)
        with writing(self._connection) as db:
            db.executemany(
                "UPDATE delivery SET state = ?, detail = ?, not_before = ?, changed = ?, attempts = attempts + 1, "
                "first_tried = CASE first_tried WHEN 0 THEN ? ELSE first_tried END "
                "WHERE job = ? AND period = ? AND recipient = ? "
                "AND (state IN ('waiting', 'retry') OR (state IN ('sending', 'unknown') AND owner = ?))",
                [
                    (outcome.state, detail, outcome.not_before, now, now, self.job, period, recipient, self._owner)
                    for recipient in recipients
                ],
            )  # fmt: skip

    def trust_notes(self, period: str, recipients: Iterable[str], now: float) -> None:
        """Take for sent what is open here, since notes beside the issue say that these readers have it."""
        self.settle(period, recipients, Outcome("sent", "noted beside the issue"), now)

    def tries(self, period: str, recipient: str) -> tuple[int, float]:
        """Give how often a mail was tried, and when first, in seconds since the epoch (0: never)."""
        row = self._row(period, recipient)
        return int(row["attempts"]), float(row["first_tried"])

    def untold(self, period: str) -> tuple[Delivery, ...]:
        """Give the deliveries that went wrong for good and that no notice has told of."""
        rows = self._connection.execute(
            "SELECT * FROM delivery WHERE job = ? AND period = ? AND told = 0 AND state IN (?, ?, ?) ORDER BY recipient",
            (self.job, period, *_TROUBLES),
        )
        return tuple(_delivery(row) for row in rows)

    def mark_told(self, period: str, deliveries: Iterable[Delivery]) -> None:
        """Keep that a notice told of these."""
        with writing(self._connection) as db:
            db.executemany(
                "UPDATE delivery SET told = 1 WHERE job = ? AND period = ? AND address = ? AND state = ?",
                [(self.job, period, entry.recipient, entry.state) for entry in deliveries],
            )

    def resend(self, period: str, recipient: str, now: float) -> Delivery:
        """Let a mail be sent again, by the word of a person: one that is unknown, refused or given up.

        Raises:
            DeliveryError: There is no such mail, or it was sent, or is just being sent.
        """
        self._decide(period, recipient, "waiting", "to be sent again, by hand", now)
        return _delivery(self._row(period, mailbox_of(recipient)))

    def mark_sent(self, period: str, recipient: str, now: float) -> Delivery:
        """Keep, by the word of a person, that a mail has come in.

        Raises:
            DeliveryError: There is no such mail, or it was sent, or is just being sent.
        """
        self._decide(period, recipient, "sent", "said to have come in, by hand", now)
        return _delivery(self._row(period, mailbox_of(recipient)))

    def hasten(self, period: str) -> None:
        """Let what waits for its next try be due at once."""
        with writing(self._connection) as db:
            db.execute(
                "UPDATE delivery SET not_before = 0 WHERE job = ? AND period = ? AND state IN ('waiting', 'retry')",
                (self.job, period),
            )

    def _decide(self, period: str, recipient: str, state: DeliveryState, detail: str, now: float) -> None:
        key = mailbox_of(recipient)
        self.sweep(now)
        before = self._row(period, key)["state"]
        if before == "sent":
            raise DeliveryError(
                f"the mail to {recipient} was sent", where=period, do="Nothing is to be decided."
            )
        if before == "sending":
            raise DeliveryError(
                f"the mail to {recipient} is just being sent", where=period, do="Wait for that process."
            )
        with writing(self._connection) as db:
            db.execute(
                "UPDATE delivery SET state = ?, detail = ?, not_before = 0, attempts = 0, first_tried = 0, told = 0, "
                "changed = ?, owner = '' WHERE job = ? AND period = ? AND recipient = ? AND state = ?",
                (state, detail, now, self.job, period, key, before),
            )

    def _sweep(self, db: sqlite3.Connection, now: float) -> None:
        db.execute(
            "UPDATE delivery SET state = 'unknown', detail = ?, changed = ? WHERE job = ? AND state = 'sending'",
            (DIED, now, self.job),
        )

    def _open(self, db: sqlite3.Connection, period: str) -> list[sqlite3.Row]:
        return db.execute(
            "SELECT * FROM delivery WHERE job = ? AND period = ? AND state IN (?, ?) ORDER BY rowid",
            (self.job, period, *_OPEN),
        ).fetchall()

    def _row(self, period: str, key: str) -> sqlite3.Row:
        row = self._connection.execute(
            "SELECT * FROM delivery WHERE job = ? AND period = ? AND recipient = ?", (self.job, period, key)
        ).fetchone()
        if row is None:
            known = [entry.recipient for entry in self.deliveries(period)]
            raise DeliveryError(
                f"no mail to {key} is recorded",
                where=period,
                found=f"recorded are {', '.join(known)}" if known else "none is recorded for this period",
                do="Name one of those." if known else "`reportgen schedule show` lists the issues.",
            )
        return cast("sqlite3.Row", row)


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(
        row["address"],
        row["state"],
        row["message_id"],
        row["attempts"],
        datetime.fromtimestamp(row["not_before"], UTC),
        datetime.fromtimestamp(row["changed"], UTC),
        row["detail"],
    )
