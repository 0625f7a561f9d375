"""The archive of issues: one folder an issue, written once, with the frozen numbers, all outputs and what was sent.

``<archive>/2026-W47/`` holds ``_numbers.json`` (the frozen numbers), ``_issue.json`` (number, period, digests),
``_sent.jsonl`` (a line for each mail that left) and the outputs, among which ``_mail.json`` says what the mail says.
What was due and what was sent is decided by the ledger alone; the lines here are for people, for finding the issue
that a reader saw last, and for knowing who has a mail where the ledger was lost.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from reportgen.deliver.turns import in_turn
from reportgen.errors import ArchiveError
from reportgen.issues import Edition, Issue, Period, Plan, Sent

NUMBERS = "_numbers.json"
"""The underscores keep these apart from any output, whatever the report is called."""
ABOUT = "_issue.json"
SENT = "_sent.jsonl"
FORMAT = 1
_LEFTOVER = re.compile(r"\.[0-9a-f]{8}")
_LONGEST_S = 86400.0
"""No process writes at one issue for longer."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


def plan_issue(
    archive: Path, period: Period, *, correct: bool = False, known_keys: Iterable[str] = ()
) -> Plan:
    """Find the number and the folder of the issue that is to be made.

    Args:
        archive: Folder of all issues, such as ``reports/issues``; need not be there yet.
        period: What the issue is about.
        correct: Make a correction of the period's issue, which was sent.
        known_keys: Keys of issues that were sent, as the ledger has them: none is given twice, also where somebody
            removed a folder.

    Raises:
        ArchiveError: There is an issue of this period and no correction was asked for, or it needs none,
            since it was sent to nobody yet: an issue is never rewritten.
    """
    if not _KEY.fullmatch(period.key):
        raise ArchiveError(f"the period {period.key!r} cannot name a folder", where=str(archive))
    known = list_issues(archive)
    number = max((issue.number for issue in known), default=0) + 1
    own = [issue for issue in known if issue.period.key == period.key]
    if not own:
        if correct:
            raise ArchiveError(
                f"there is no issue of {period.key} to correct",
                where=str(archive),
                do=f"`reportgen send --period {period.key}` sends the first one.",
            )
        return Plan(Edition(number, period), archive / period.key)
    latest, was_sent = own[-1], bool(sent_record(own[-1]))
    if correct and was_sent:
        taken = [*issues_of(known_keys, period), *(issue.key for issue in own)]
        last = max(version_of(key, period.key) for key in taken)
        folder = archive / f"{period.key}-{last + 1}"
        return Plan(Edition(number, period, latest.number), folder, latest.key)
    raise _in_the_way(latest, was_sent=was_sent)


def version_of(key: str, period_key: str) -> int:
    """Tell which issue of a period a key names: 1 the first, 2 and up its corrections, 0 none of that period."""
    if key == period_key:
        return 1
    rest = key.removeprefix(f"{period_key}-")
    return int(rest) if rest != key and rest.isdecimal() and rest.isascii() else 0


def issues_of(keys: Iterable[str], period: Period) -> list[str]:
    """Pick the keys that name issues of a period, the latest last; ``2026-11-23`` is a day, and corrects no month."""
    own = (key for key in keys if period.rhythm != "monthly" or not _DAY.fullmatch(key))
    return sorted(
        filter(lambda key: version_of(key, period.key), own), key=lambda key: version_of(key, period.key)
    )


def _in_the_way(issue: Issue, *, was_sent: bool) -> ArchiveError:
    if was_sent:
        return ArchiveError(
            f"issue {issue.number} was sent already",
            where=str(issue.folder),
            do="An issue that was sent stays as it was: make a correction, which names what it corrects.",
        )
    return ArchiveError(
        f"issue {issue.number} is there, and was sent to nobody",
        where=str(issue.folder),
        do=f"Send it (`reportgen send --period {issue.key}`); a correction is for an issue that was sent.",
    )


def write_issue(plan: Plan, numbers: Mapping[str, Any], outputs: Sequence[Path]) -> Issue:
    """Put an issue into the archive, whole or not at all.

    Args:
        plan: From `plan_issue`.
        numbers: The frozen numbers of its report.
        outputs: Its files, which are copied.

    Raises:
        ArchiveError: Something is at its place, its number was taken meanwhile, or it cannot be written.
    """
    archive = plan.folder.parent
    temporary = archive / f".{plan.folder.name}.{secrets.token_hex(4)}"
    try:
        with _explained(plan.folder):
            _remove_leftovers(plan.folder)
            temporary.mkdir(parents=True)
            data = _frozen(numbers)
            _write(temporary / NUMBERS, data)
            checksums = {output.name: _copy(output, temporary / output.name) for output in outputs}
            digest = hashlib.sha256(data).hexdigest()
            _write(temporary / ABOUT, _about(plan, digest, checksums))
            _flush_folder(temporary)
            with in_turn(archive):  # else two could take one number
                _put_in_place(plan, temporary)
            _flush_folder(archive)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return read_issue(plan.folder)


def _remove_leftovers(folder: Path) -> None:
    """Remove what processes left that died in the middle of writing this issue, and surely are at it no more."""
    for path in folder.parent.glob(f".{folder.name}.*"):
        if _LEFTOVER.fullmatch(path.name.removeprefix(f".{folder.name}")) and _age_s(path) > _LONGEST_S:
            shutil.rmtree(path, ignore_errors=True)


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:  # it has found its place, or was removed
        return 0.0


def is_as_archived(issue: Issue, numbers: Mapping[str, Any], outputs: Sequence[Path]) -> bool:
    """Tell whether an issue that was made anew has the same numbers and files, byte for byte."""
    made = {output.name: hashlib.sha256(output.read_bytes()).hexdigest() for output in outputs}
    return hashlib.sha256(_frozen(numbers)).hexdigest() == issue.digest and made == dict(issue.checksums)


def _frozen(numbers: Mapping[str, Any]) -> bytes:
    content = json.dumps(numbers, ensure_ascii=False, allow_nan=False, indent=1)
    return f"{content}\n".encode("utf-8", "backslashreplace")


def _about(plan: Plan, digest: str, checksums: Mapping[str, str]) -> bytes:
    period = plan.edition.period
    about = {
        "format": FORMAT,
        "number": plan.edition.number,
        "period": {
            "key": period.key,
            "rhythm": period.rhythm,
            "start": None if period.start is None else period.start.isoformat(),
            "end": None if period.end is None else period.end.isoformat(),
        },
        "corrects": plan.corrects,
        "numbers_sha256": digest,
        "outputs_sha256": dict(checksums),
    }
    return (json.dumps(about, indent=1) + "\n").encode()


def _put_in_place(plan: Plan, temporary: Path) -> None:
    """Rename the finished folder to its place, which must be free."""
    taken = [i for i in list_issues(plan.folder.parent) if i.number == plan.edition.number]
    if any(issue.folder.name != plan.folder.name for issue in taken):
        raise ArchiveError(
            f"number {plan.edition.number} was taken by {taken[0].key} meanwhile",
            where=str(plan.folder),
            do="Make the issue again.",
        )
    temporary.rename(plan.folder)  # fails where there is a folder with anything in it


def list_issues(archive: Path) -> tuple[Issue, ...]:
    """List all issues by number; what they hold is not checked (`read_issue` does that).

    Raises:
        ArchiveError: A folder's note of what it is cannot be read.
    """
    if not archive.is_dir():
        return ()
    with _explained(archive):
        folders = [path.parent for path in archive.glob(f"*/{ABOUT}") if not path.parent.name.startswith(".")]
    return tuple(sorted((_read(folder) for folder in folders), key=lambda issue: (issue.number, issue.key)))


def read_issue(folder: Path) -> Issue:
    """Read an issue, and check that it is as it was archived.

    Raises:
        ArchiveError: There is none, or somebody changed or removed one of its files.
    """
    issue = _read(folder)
    expected = {NUMBERS: issue.digest, **issue.checksums}
    for name, digest in expected.items():
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except FileNotFoundError:
            found = ""
        except OSError as error:
            raise _unreadable(folder / name, error) from error
        if found != digest:
            raise ArchiveError(
                f"the file of issue {issue.number} is {'not as it was archived' if found else 'not there any more'}",
                where=str(folder / name),
                do="Take it from a backup. Nothing is compared with an issue that was changed.",
            )
    return issue


def read_numbers(issue: Issue) -> Mapping[str, Any]:
    """Give the frozen numbers of an issue.

    Raises:
        ArchiveError: They are not there, or not as they were archived.
    """
    read_issue(issue.folder)
    numbers: Mapping[str, Any] = json.loads((issue.folder / NUMBERS).read_bytes())
    return numbers


def _read(folder: Path) -> Issue:
    place = folder / ABOUT
    try:
        about = json.loads(place.read_bytes())
        told = about["period"]
        period = Period(told["key"], told["rhythm"], _moment(told["start"]), _moment(told["end"]))
        checksums = dict(about["outputs_sha256"])
        return Issue(
            number=int(about["number"]),
            period=period,
            folder=folder,
            digest=str(about["numbers_sha256"]),
            outputs=tuple(folder / name for name in checksums),
            corrects=about["corrects"],
            checksums=checksums,
        )
    except FileNotFoundError as error:
        raise ArchiveError(
            "there is no issue", where=str(folder), do="Name the folder of an issue."
        ) from error
    except OSError as error:
        raise _unreadable(place, error) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(
            f"this does not say which issue it is ({type(error).__name__}: {error})",
            where=str(place),
            do="Take it from a backup, or move the folder out of the archive.",
        ) from error


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def record_sent(issue: Issue, sent: Sent) -> None:
    """Note that an issue left to somebody: one line, on disk when this returns.

    A last line that was torn off (no space, no power) is cut away first: it would spoil this one.

    Raises:
        ArchiveError: It cannot be written.
    """
    line = json.dumps(
        {"at": sent.at.isoformat(), "recipient": sent.recipient, "message_id": sent.message_id},
        ensure_ascii=False,
    )
    with _explained(issue.folder / SENT), (issue.folder / SENT).open("a+b", buffering=0) as file:
        file.seek(0)
        known = file.read()
        if not known.endswith(b"\n"):
            file.truncate(known.rfind(b"\n") + 1)
        data = f"{line}\n".encode("utf-8", "backslashreplace")
        if file.write(data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file.fileno())


def sent_record(issue: Issue) -> tuple[Sent, ...]:
    """Give what was noted of an issue's mails, oldest first; a line that was torn off counts as none.

    Raises:
        ArchiveError: A line cannot be read.
    """
    place = issue.folder / SENT
    try:
        lines = place.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise _unreadable(place, error) from error
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            told = json.loads(line)
            found.append(Sent(told["recipient"], told["message_id"], datetime.fromisoformat(told["at"])))
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveError(
                f"line {number} is no record of a mail",
                where=str(place),
                do="Take the file from a backup; it is only ever added to.",
            ) from error
    return tuple(found)


def last_sent(archive: Path, before: Period) -> Issue | None:
    """Give the newest issue of an earlier period that was really sent to somebody, checked; None without one.

    Of a period that was corrected it is the last correction that was sent. A sweep has no dates: there the
    number tells what is earlier.

    Raises:
        ArchiveError: It is not as it was archived.
    """
    own = [issue.number for issue in list_issues(archive) if issue.period.key == before.key]
    first_own = min(own, default=None)
    earlier = [
        issue
        for issue in list_issues(archive)
        if issue.period.key != before.key and _is_earlier(issue, before, first_own) and sent_record(issue)
    ]
    newest = max(earlier, key=_age, default=None)
    return None if newest is None else read_issue(newest.folder)


def _is_earlier(issue: Issue, period: Period, first_own: int | None) -> bool:
    if issue.period.start is not None and period.start is not None:
        return issue.period.start < period.start
    return first_own is None or issue.number < first_own


def _age(issue: Issue) -> tuple[float, int]:
    return (0.0 if issue.period.start is None else issue.period.start.timestamp(), issue.number)


def _copy(source: Path, target: Path) -> str:
    data = source.read_bytes()
    _write(target, data)
    return hashlib.sha256(data).hexdigest()


def _write(target: Path, data: bytes) -> None:
    with target.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # a system that cannot flush a folder keeps the names in its own time
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unreadable(place: Path, error: OSError) -> ArchiveError:
    return ArchiveError(f"it cannot be read ({error.strerror or error})", where=str(place))


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise ArchiveError(
                "something else is in its place, or two of its files have the same name",
                where=str(place),
                do="An issue is never written over another. Look at what is there.",
            ) from error
        raise ArchiveError(
            f"the issue cannot be written or read ({error.strerror or error})",
            where=str(place),
            do="Nothing half-written was left. Free some space, or ask for permission to write there.",
        ) from error
