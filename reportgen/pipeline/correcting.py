"""Whether a correction has anything to say: readers are not written to twice about the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reportgen.config import Config
from reportgen.errors import ArchiveError
from reportgen.issues import Edition, Issue, Period, Plan
from reportgen.pipeline.making import archive_of, latest_issue, make
from reportgen.pipeline.reports import Progress, build_time


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a correction would bring beyond the issue that readers have."""

    same: Issue | None = None
    """The issue that they have, where the correction would bring nothing."""
    notes: tuple[str, ...] = ()
    """Why it could not be compared; then it counts as something new."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What an issue in the archive says of itself."""

    edition: Edition
    built_at: datetime
    partial: bool
    addresses: tuple[str, ...]


def compare_with_sent(
    config: Config, period: Period, known_keys: Iterable[str], progress: Progress | None
) -> Comparison:
    """Hold what a correction would say against what the latest issue of the period said.

    That issue is made again, as of its own time: where all numbers and files come out as they are in the archive,
    nothing has changed that a reader could see. An issue about a period that was not over speaks of its own day, so
    on a later day a correction always says something else.

    Args:
        config: What to report on and how, as it is now.
        period: What the issue is about.
        known_keys: Keys of issues that were sent, as the ledger has them.
        progress: Told of every step.

    Raises:
        ReportgenError: The issue cannot be made, so neither can its correction.
    """
    from reportgen.deliver.archive import is_as_archived, issues_of, read_numbers, sent_record, version_of

    latest = latest_issue(config, period)
    if latest is None or not sent_record(latest):
        return Comparison()
    version = version_of(latest.key, period.key)
    gone = [key for key in issues_of(known_keys, period) if version_of(key, period.key) > version]
    if gone:
        return Comparison(notes=(f"{gone[-1]} is not in {archive_of(config)} any more, {_UNSEEN}",))
    try:
        told = _told(read_numbers(latest), latest)
    except ArchiveError as error:
        return Comparison(notes=(f"{error.message}; {_UNSEEN}",))
    if told is None:
        return Comparison(notes=(f"{latest.key} does not say when it was made, {_UNSEEN}",))
    if told.partial and _is_other_day(told, build_time()):
        return Comparison()
    with TemporaryDirectory(prefix="reportgen-") as scratch:
        plan = Plan(told.edition, latest.folder, latest.corrects)
        built, _, files = make(_naming(config, told), plan, Path(scratch), progress, told.built_at)
        is_same = is_as_archived(latest, built.report.numbers, files)
    return Comparison(latest if is_same else None)


_UNSEEN = "so it was not looked whether anything has changed"


def _told(numbers: Mapping[str, Any], issue: Issue) -> _Told | None:
    try:
        about = numbers["issue"]
        edition = Edition(issue.number, issue.period, about["corrects"])
        addresses = tuple(str(source["address"]) for source in numbers["inputs"]["sources"])
        return _Told(edition, datetime.fromisoformat(numbers["built_at"]), bool(about["partial"]), addresses)
    except (KeyError, TypeError, ValueError):  # of a version that kept less
        return None


def _naming(config: Config, told: _Told) -> Config:
    """Call the same places by the same names: a clock names the configuration by its whole path, a person does not."""
    names = {Path(address).resolve(): address for address in told.addresses}
    return replace(config, runs=tuple(names.get(Path(address).resolve(), address) for address in config.runs))


def _is_other_day(told: _Told, now: datetime) -> bool:
    end = told.edition.period.end
    return now.date() != told.built_at.date() or (end is not None and now >= end)
