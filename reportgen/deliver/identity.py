"""Whose ledger it is: a report keeps it when its folder is renamed, and nobody else gets it, a copy included."""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from reportgen.deliver.database import as_text, writing
from reportgen.errors import DeliveryError

_NO_NAME = re.compile(r"[^a-z0-9]+")
_USUAL = ("reportgen", "pyproject")
"""Stems of configurations that have no name of their own: they are called after their folder."""


@dataclass(frozen=True, slots=True)
class Nameplate:
    """By what a report is told from others that might use its folder of issues."""

    name: str
    """What it is called in a new ledger."""
    seen: str
    """Where its configuration is, seen from the folder of issues: the same after a folder above has been renamed."""

    @classmethod
    def of(cls, config: Path | None, archive: Path) -> Nameplate:
        """Read it off the place of the configuration and the folder of all issues."""
        if config is None:
            return cls("report", "")
        folder, issues = (Path(os.path.normpath(path.absolute())) for path in (config.parent, archive))
        own, real = _own_name(config), config.resolve()
        name = _NO_NAME.sub("-", f"{real.parent.name}-{_own_name(real)}".lower()).strip("-") or "report"
        if issues.is_relative_to(folder):
            up = [".."] * len(issues.relative_to(folder).parts)
            return cls(name, as_text("/".join([*up, own])))
        return cls(name, as_text(f"{folder.resolve().name}/{own}"))


def _own_name(config: Path) -> str:
    return "" if config.stem in _USUAL else config.stem


@dataclass(frozen=True, slots=True)
class _Known:
    """What a ledger says of the report that it belongs to."""

    id: str
    """Drawn by lot when the ledger was made: a copy has it too."""
    job: str
    seen: str
    file: str
    """Where the ledger was when it was used last, absolute."""


def find_job(connection: sqlite3.Connection, file: Path, plate: Nameplate) -> str:
    """Give the name that a report has in its ledger; nothing is written.

    Raises:
        DeliveryError: The ledger belongs to another report, or is a copy of one that is in use.
    """
    known = _known(connection)
    if known is None:
        _refuse_others(connection, file, plate)
        return plate.name
    if known.seen != plate.seen and not _was_moved(known, plate):
        raise _foreign(
            file, known.job, f"its configuration is {_shown(known.seen)}, and this one {_shown(plate.seen)}"
        )
    if _is_copy(known, file):
        raise DeliveryError(
            f"the folder of issues is a copy: the report {known.job!r} goes on elsewhere, and would be sent twice",
            where=str(file.parent),
            found=f"the other one is {known.file}",
            do="Remove this folder of issues to begin a report of its own, or the other one to go on here.",
        )
    return known.job


def take_job(connection: sqlite3.Connection, file: Path, plate: Nameplate) -> str:
    """Give the name that a report has in its ledger, and write into the ledger whose it is.

    Raises:
        DeliveryError: As for `find_job`, or it cannot be written.
    """
    place = as_text(str(file.absolute()))
    known = _known(connection)
    if known is not None and (known.seen, known.file) == (plate.seen, place):
        return known.job
    with writing(connection):
        job = find_job(connection, file, plate)
        connection.execute(
            "INSERT INTO report (only_one, id, job, seen, file) VALUES (1, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET seen = excluded.seen, file = excluded.file",
            (secrets.token_hex(8), job, plate.seen, place),
        )
    return job


def _known(connection: sqlite3.Connection) -> _Known | None:
    row = connection.execute("SELECT id, job, seen, file FROM report").fetchone()
    return None if row is None else _Known(*row)


def _refuse_others(connection: sqlite3.Connection, file: Path, plate: Nameplate) -> None:
    """Refuse a ledger that does not say whose it is, where its rows are another report's."""
    row = connection.execute(
        "SELECT job FROM (SELECT job FROM period UNION SELECT job FROM delivery) WHERE job <> ? ORDER BY job",
        (plate.name,),
    ).fetchone()
    if row is not None:
        raise _foreign(file, row[0], f"this one is called {plate.name!r}, after its configuration")


def _was_moved(known: _Known, plate: Nameplate) -> bool:
    """Tell whether the folder of issues went elsewhere, by the name of the report's own: ``directory`` was changed."""
    try:
        return known.job == plate.name and not Path(known.file).exists()
    except OSError:  # a place that may not be looked at: it may still be in use there
        return False


def _shown(seen: str) -> str:
    """Give a place for people; a configuration without a name of its own has the usual one."""
    return f"{seen}reportgen" if seen.endswith("/") else seen or "none"


def _foreign(file: Path, job: str, found: str) -> DeliveryError:
    return DeliveryError(
        f"the folder of issues belongs to another report, {job!r}",
        where=str(file.parent),
        found=found,
        do="If it is the same report, give its configuration the old name and place again: with another one, all that was "
        "sent would count as not sent. Else give each report a folder of its own: directory = ... under [outputs].",
    )


def _is_copy(known: _Known, file: Path) -> bool:
    """Tell whether the ledger is still where it was used last, too; what was renamed or moved is not."""
    other = Path(known.file)
    try:
        if not other.is_file() or other.samefile(file):
            return False
    except OSError:  # a place that may not be looked at: this report has moved away from it
        return False
    try:
        with closing(sqlite3.connect(f"{other.as_uri()}?mode=ro", uri=True)) as connection:
            found = _known(connection)
    except sqlite3.OperationalError as error:
        # without the table it is another one; where it cannot be read, it may be the same
        return "no such table" not in str(error)
    except sqlite3.DatabaseError:
        return False  # something else is there now
    return found is not None and found.id == known.id
