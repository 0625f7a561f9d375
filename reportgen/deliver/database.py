"""The ledger's file: whose it is, what was due, and what was sent to whom. SQLite, on a local disk."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.errors import DeliveryError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS period (
  job TEXT NOT NULL, period TEXT NOT NULL, state TEXT NOT NULL, owner TEXT NOT NULL DEFAULT '',
  lease_until REAL NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0,
  due REAL NOT NULL DEFAULT 0, changed REAL NOT NULL, detail TEXT NOT NULL DEFAULT '',
  told REAL NOT NULL DEFAULT 0, by_hand REAL NOT NULL DEFAULT 0, PRIMARY KEY (job, period)
) STRICT;
CREATE TABLE IF NOT EXISTS delivery (
  job TEXT NOT NULL, period TEXT NOT NULL, recipient TEXT NOT NULL, state TEXT NOT NULL,
  message_id TEXT NOT NULL, digest TEXT NOT NULL, owner TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0, changed REAL NOT NULL,
  detail TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '', first_tried REAL NOT NULL DEFAULT 0,
  told INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (job, period, recipient)
) STRICT;
CREATE TABLE IF NOT EXISTS report (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1), id TEXT NOT NULL, job TEXT NOT NULL, seen TEXT NOT NULL,
  file TEXT NOT NULL
) STRICT;
"""
_BUSY_S = 30.0


def open_ledger(path: Path) -> sqlite3.Connection:
    """Open the ledger, and make it where there is none: WAL, and full syncs, since a promise rests on it.

    Transactions are begun by hand (`writing`): none is open by itself.

    Raises:
        DeliveryError: It cannot be made or read.
    """
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_SCHEMA)
    except (OSError, sqlite3.Error) as error:
        if connection is not None:
            connection.close()
        raise DeliveryError(
            f"the record of what was sent cannot be opened ({error})",
            where=str(path),
            do="Nothing is sent without it. Put it on a local disk that may be written.",
        ) from error
    connection.row_factory = sqlite3.Row
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL; where several processes make the file at once, SQLite itself does not wait its turn."""
    until = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Hold the one right to write: what is read in here is still so when it is written.

    Raises:
        DeliveryError: It cannot be written; nothing of it counts.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    except sqlite3.Error as error:
        raise DeliveryError(
            f"the record of what was sent cannot be written ({error})",
            where=_place(connection),
            do="Nothing more is sent without it. See that its disk is not full, and that no program holds it.",
        ) from error


def as_text(text: str) -> str:
    """Write what is no text, such as bytes in the name of a folder, in signs that a ledger and a mail can hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _place(connection: sqlite3.Connection) -> str:
    try:
        return str(connection.execute("PRAGMA database_list").fetchone()["file"])
    except sqlite3.Error:
        return "the ledger"


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Say in words what goes wrong with the ledger while it is open.

    Raises:
        DeliveryError: It cannot be read or written.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise DeliveryError(
            f"the record of what was sent cannot be used ({error})",
            where=str(path),
            do="Nothing is sent without it. See that its disk works and is not full, or take it from a backup.",
        ) from error
