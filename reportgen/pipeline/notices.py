"""Word to the owner about issues as a whole; of single mails the ledger of mails tells by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reportgen.config import Config

if TYPE_CHECKING:
    from reportgen.deliver.schedule import PeriodRecord
    from reportgen.pipeline.desk import Desk

_TRIES = 4
"""So often it may fail before the owner hears of it: most troubles are over by then."""
_SAID = {
    "missed": "{period}: it was not sent{to_all}. {detail}",
    "failed": "{period}: it was given up before all had it, tries: {attempts}. {detail}",
    "unknown": "{period}: it is not known whether all have it, and nobody gets it again by itself. {detail}",
    "retry": "{period}: it could not be sent to all yet, tries: {attempts}; it is tried further. {detail}",
}


def tell_owner(desk: Desk, config: Config) -> Iterator[str]:
    """Send one mail on all issues that went wrong since the last one; yields what a person here should know."""
    from reportgen.deliver.email import send_word

    records = sorted(desk.periods.untold(_TRIES), key=lambda record: record.due)
    if not records:
        return
    keys = [record.period for record in records]
    if not config.email.failures_to:
        yield f"nobody was told of {', '.join(keys)}: there is no failures_to under [email]"
        desk.periods.tell(keys, desk.now())
        return
    count = "1 issue" if len(records) == 1 else f"{len(records)} issues"
    which = keys[0] if len(keys) == 1 else f"{keys[0]} to {keys[-1]}"
    subject = f"Not sent{_to_all(records)}: {count} of {desk.job}, {which}"
    lines = [f"Of the report {desk.job!r}, {count} did not surely go out to all readers.", ""]
    lines += [_line(record) for record in records]
    lines += ["", f"To send one now: reportgen send --period {keys[-1]}", "Readers are told nothing of this."]
    trouble = send_word(config.email, desk.job, subject, lines, desk.clock)
    if trouble:
        yield f"the owner could not be told of {', '.join(keys)}: {trouble}"
    else:
        desk.periods.tell(keys, desk.now())


def _line(record: PeriodRecord) -> str:
    detail = record.detail[:1].upper() + record.detail[1:]
    end = "" if not detail or detail[-1] in ".!?" else "."
    values = {"period": record.period, "attempts": record.attempts, "detail": detail + end}
    return _SAID[record.state].format(**values, to_all=_to_all([record])).rstrip()


def _to_all(records: Sequence[PeriodRecord]) -> str:
    """Leave open that some readers have it, wherever it was tried at all."""
    return " to all" if any(record.attempts for record in records) else ""
