"""Word to the owner about issues as a whole; of single mails the ledger of mails tells by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reportgen.config import Config
from reportgen.language import mark, ntr, retold, speaking, tr

if TYPE_CHECKING:
    from reportgen.deliver.schedule import PeriodRecord
    from reportgen.pipeline.desk import Desk

_TRIES = 4
"""So often it may fail before the owner hears of it: most troubles are over by then."""
_SAID = {
    "missed": mark("{period}: it was not sent."),
    "failed": mark("{period}: it was given up before all had it, tries: {attempts}."),
    "unknown": mark("{period}: it is not known whether all have it, and nobody gets it again by itself."),
    "retry": mark("{period}: it could not be sent to all yet, tries: {attempts}; it is tried further."),
}
_MISSED_BY_SOME = mark("{period}: it was not sent to all.")


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
    with speaking(config.language):
        subject, lines = _word(desk.job, records)
    trouble = send_word(config.email, desk.job, subject, lines, desk.clock)
    if trouble:
        yield f"the owner could not be told of {', '.join(keys)}: {trouble}"
    else:
        desk.periods.tell(keys, desk.now())


def _word(job: str, records: Sequence[PeriodRecord]) -> tuple[str, list[str]]:
    n, last = len(records), records[-1].period
    which = last if n == 1 else tr("{first} to {last}", first=records[0].period, last=last)
    # wherever it was tried at all, some readers may have it
    if any(record.attempts for record in records):
        subject = ntr(
            "Not sent to all: {n} issue of {job}, {which}",
            "Not sent to all: {n} issues of {job}, {which}",
            n, n=n, job=job, which=which,
        )  # fmt: skip
    else:
        subject = ntr(
            "Not sent: {n} issue of {job}, {which}",
            "Not sent: {n} issues of {job}, {which}",
            n, n=n, job=job, which=which,
        )  # fmt: skip
    begun = ntr(
        "Of the report {job}, {n} issue did not surely go out to all readers.",
        "Of the report {job}, {n} issues did not surely go out to all readers.",
        n, n=n, job=repr(job),
    )  # fmt: skip
    now = tr("To send one now: {command}", command=f"reportgen send --period {last}")
    return subject, [begun, "", *map(_line, records), "", now, tr("Readers are told nothing of this.")]


def _line(record: PeriodRecord) -> str:
    said = _MISSED_BY_SOME if record.state == "missed" and record.attempts else _SAID[record.state]
    detail = retold(record.detail)
    detail = detail[:1].upper() + detail[1:]
    end = "" if not detail or detail[-1] in ".!?" else "."
    return f"{tr(said, period=record.period, attempts=record.attempts)} {detail}{end}".rstrip()
