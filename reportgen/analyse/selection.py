"""Which of the runs are reported on, and why each of the others is not."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from reportgen.analyse.conditions import Condition, parse_condition
from reportgen.config.settings import SelectConfig
from reportgen.errors import FilterError, NothingToReportError, UnknownRunError
from reportgen.language import message
from reportgen.runs import Run, RunSet


@dataclass(frozen=True, slots=True)
class Selection:
    """The runs that are kept, and every other one with the reason."""

    runs: RunSet
    excluded: tuple[tuple[str, str], ...]
    """(run id, reason), in the order of the runs."""
    only_started_others: int = 0
    """Number of the excluded that nobody asked to leave out: they hold other runs and no number of their own."""


def select_runs(runs: RunSet, select: SelectConfig) -> Selection:
    """Keep the runs that every filter lets through.

    Runs that began on *until* or later are no part of it at all. A run that several filters would leave out is
    named with the first of: the user's own reason, experiment, start, conditions in order. A run that only
    started others (a search, say) is none that could have given a result: it is left out too.

    Raises:
        FilterError: A condition cannot be read, or names something that no run has.
        UnknownRunError: ``exclude`` names no run, or a prefix of several.
        NothingToReportError: No run is left.
    """
    if not runs.runs:
        skipped = f"{len(runs.skipped)} could not be read" if runs.skipped else ""
        raise NothingToReportError(
            "there are no runs to report on", found=skipped, do="Check the addresses, or log a run first."
        )
    by_user = _resolve_excluded(runs, select.exclude)
    runs = _begun(runs, select.until)
    _check_experiments(runs, select.experiments)
    conditions = tuple(parse_condition(text, runs) for text in select.where)
    parents = {run.parent for run in runs.runs if run.parent}
    kept: list[Run] = []
    excluded: list[tuple[str, str]] = []
    only_started_others = 0
    for run in runs.runs:
        reason = by_user.get(run.id) or _reason(run, select, conditions)
        if reason:
            excluded.append((run.id, reason))
        elif run.id in parents and not run.metrics:
            excluded.append((run.id, _holder_reason(run)))
            only_started_others += 1
        else:
            kept.append(run)
    if not kept:
        raise _nothing_left(excluded)
    return Selection(_restricted(runs, kept), tuple(excluded), only_started_others)


def _begun(runs: RunSet, until: datetime | None) -> RunSet:
    """Leave out runs that began later without a word: the report is as if it had been made before."""
    if until is None:
        return runs
    begun = [run for run in runs.runs if run.started is None or _aware(run.started) < _aware(until)]
    if not begun:
        raise NothingToReportError(
            f"no run began before {_moment(_aware(until))}",
            found=f"{len(runs.runs)} began later",
            do="Choose a later date.",
        )
    return _restricted(runs, begun)


def _holder_reason(run: Run) -> str:
    """Say why a run that holds others is left out, and how it ended unless that was well."""
    if run.status == "finished":
        return message("it only started other runs and has no metrics of its own")
    told = f"{run.status} ({run.reason})" if run.reason else run.status
    return message("it only started other runs and has no metrics of its own; status: {status}", status=told)


def _reason(run: Run, select: SelectConfig, conditions: tuple[Condition, ...]) -> str:
    """Say why a run is left out; empty if it is kept."""
    if select.experiments and run.experiment not in select.experiments:
        return message("experiment {name} was not asked for", name=run.experiment)
    if select.since is not None:
        since = _aware(select.since)
        if run.started is None:
            return message("its start is not known, so it may be before {date}", date=_moment(since))
        if _aware(run.started) < since:
            return message("started before {date}", date=_moment(since))
    if select.until is not None and run.started is None:
        return message(
            "its start is not known, so it may be after {date}", date=_moment(_aware(select.until))
        )
    failing = next((condition for condition in conditions if not condition.holds(run)), None)
    return "" if failing is None else message("filter {condition}", condition=failing.text)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moment(moment: datetime) -> str:
    whole_day = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.strftime("%Y-%m-%d") if whole_day else moment.strftime("%Y-%m-%d %H:%M")


def _resolve_excluded(runs: RunSet, exclude: Mapping[str, str]) -> dict[str, str]:
    ids = [run.id for run in runs.runs]
    known = set(ids)
    resolved: dict[str, str] = {}
    for name, reason in exclude.items():
        hits = [name] if name in known else [entry for entry in ids if name and entry.startswith(name)]
        if len(hits) != 1:
            raise _unknown_run(name, hits, ids)
        resolved[hits[0]] = reason.strip() or message("left out on request")
    return resolved


def _unknown_run(name: str, hits: list[str], ids: list[str]) -> UnknownRunError:
    where = f"--exclude {name!r}"
    if hits:
        return UnknownRunError(
            f"{len(hits)} runs begin like this",
            where=where,
            found=_some(sorted(hits)),
            do="Write more of the id.",
        )
    near = difflib.get_close_matches(name, ids, n=3, cutoff=0.3) or sorted(ids)
    return UnknownRunError(
        f"there is no run {name!r}", where=where, found=f"nearest are {_some(near)}", do="Give a run's id."
    )


def _check_experiments(runs: RunSet, wanted: tuple[str, ...]) -> None:
    known = sorted({run.experiment for run in runs.runs})
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3) or known
            raise FilterError(
                f"there is no experiment {name!r}", where="--experiment", found=f"found {_some(near)}"
            )


def _some(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown


def _nothing_left(excluded: list[tuple[str, str]]) -> NothingToReportError:
    reasons = Counter(reason for _, reason in excluded).most_common(5)
    told = "; ".join(f"{count} by: {reason}" for reason, count in reasons)
    return NothingToReportError(
        f"none of the {len(excluded)} runs is left after filtering", found=told, do="Loosen or drop a filter."
    )


def _restricted(runs: RunSet, kept: list[Run]) -> RunSet:
    if len(kept) == len(runs.runs):
        return runs
    ids = {run.id for run in kept}
    return replace(
        runs,
        runs=tuple(kept),
        notes=tuple(note for note in runs.notes if note.run_id in ids),
        points=sum(summary.points for run in kept for summary in run.metrics.values()),
    )
