"""The part of the frozen numbers that tells where the runs came from and what became of them."""

from __future__ import annotations

import shlex
from datetime import datetime
from typing import Any

from reportgen.compose.plain import plain
from reportgen.config.command_line import CommandLine, command_words
from reportgen.config.fingerprint import settings_digest
from reportgen.config.settings import Config
from reportgen.findings import Findings, RunRow
from reportgen.issues import Edition
from reportgen.language import mark
from reportgen.runs import STATUSES

WITHHELD = mark("withheld")
"""Stands for what a reader outside the team does not get: addresses, code, hosts, free text of failures."""


def freeze_inputs(findings: Findings, config: Config) -> dict[str, Any]:
    """Freeze sources, environment and the command that makes this report again."""
    environment = findings.environment
    return {
        "digest": findings.digest,
        "settings": settings_digest(config),
        "sources": [
            {"address": address, "kind": kind, "runs": runs} for address, kind, runs in findings.sources
        ],
        "command": _command(findings, config) if config.audience == "team" else WITHHELD,
        "python": [{"version": name, "runs": runs} for name, runs in environment.python],
        "platform": [{"name": name, "runs": runs} for name, runs in environment.platform],
        "packages": plain(environment.packages),
    }


def _command(findings: Findings, config: Config) -> str:
    """Give the command: the file and what was said beside it, or all of it where there is no file.

    The file is named as it was said from the folder of the call; of an absolute path the name alone is
    given, since its folders are those of a machine.
    """
    if config.path is not None:
        file = config.path.name if config.path.is_absolute() else config.path.as_posix()
        return shlex.join(["reportgen", "build", "--config", file, *config.said])
    primary, select = config.primary, config.select
    asked = CommandLine(
        addresses=tuple(address for address, _, _ in findings.sources),
        title=config.title,
        audience=config.audience if config.audience != "team" else None,
        metric=primary.name if primary else None,
        goal=primary.goal if primary else None,
        baseline=config.compare.baseline,
        experiments=select.experiments,
        where=select.where,
        since=select.since,
        until=select.until,
        exclude=select.exclude,
    )
    return shlex.join(["reportgen", "build", *command_words(asked)])


def freeze_edition(edition: Edition, built_at: datetime) -> dict[str, Any]:
    """Freeze what an issue says of itself."""
    period = edition.period
    return {
        "number": edition.number,
        "corrects": edition.corrects,
        "rhythm": period.rhythm,
        "start": plain(period.start),
        "end": plain(period.end),
        "partial": period.end is not None and built_at < period.end,
    }


def freeze_runs(findings: Findings) -> dict[str, Any]:
    """Freeze where every run went."""
    runs = findings.runs
    by_status: dict[str, int] = dict.fromkeys(STATUSES, 0)
    by_status.update({status: int(count) for status, count in runs.by_status.items()})
    missing = None if runs.planned is None else runs.planned - runs.total
    return {
        "total": runs.total,
        "by_status": by_status,
        "diverged": runs.diverged,
        "excluded": [{"id": run, "reason": reason} for run, reason in runs.excluded],
        "skipped": [{"address": address, "reason": reason} for address, reason in runs.skipped],
        "points": runs.points,
        "usable": runs.usable,
        "without_value": runs.without_value,
        "no_number": runs.diverged + runs.without_value,
        "without_result": runs.total - runs.usable,
        "planned": runs.planned,
        "not_started": missing if missing is not None and missing > 0 else None,
    }


TIME_UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}


def freeze_effort(findings: Findings, config: Config) -> dict[str, Any]:
    """Freeze time and money, each time in every unit that a sentence may choose."""
    effort, total = findings.effort, findings.runs.total
    times = {"": effort.total_s, "median_": effort.median_s, "per_usable_": effort.per_usable_s}
    times |= {"least_": effort.least_s, "most_": effort.most_s}
    units = {
        f"{name}{unit}": None if time is None else plain(time / seconds)
        for name, time in times.items()
        for unit, seconds in TIME_UNITS.items()
    }
    return {
        **plain(effort),
        **units,
        "machines": [{"name": name, "runs": runs} for name, runs in effort.machines],
        "machine_kinds": len(effort.machines),
        "not_metered": total - effort.metered_runs,
        "not_priced": total - effort.priced_runs,
        "as_of": config.cost.as_of or None,
    }


def freeze_quality(findings: Findings) -> dict[str, Any]:
    """Freeze what is wrong or mixed in the input."""
    quality = findings.quality
    return {
        "notes": [{"run": run, "text": text, "count": count} for run, text, count in quality.notes],
        "note_count": sum(count for _, _, count in quality.notes),
        "data": plain(quality.data),
        "runs_without_data": quality.runs_without_data,
        "code": plain(quality.code),
        "code_versions": len(quality.code),
        "runs_without_code": quality.runs_without_code,
        "runs_with_changes": sum(c.runs for c in quality.code if c.dirty),
        "mixed_data": list(quality.mixed_data),
        "mixed_splits": list(quality.mixed_splits),
        "mismatches": plain(quality.mismatches),
        "warnings": [{"id": name, "text": text} for name, text in quality.warnings],
    }


def freeze_rows(findings: Findings) -> list[dict[str, Any]]:
    """Freeze all runs, one object each, with the name of their configuration."""
    labels = {c.key: c.label for c in findings.configurations}
    return [_row(row, labels.get(row.configuration, "")) for row in findings.rows]


def _row(row: RunRow, label: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "experiment": row.experiment,
        "configuration": row.configuration,
        "label": label,
        "status": row.status,
        "diverged": row.diverged,
        "reason": row.reason,
        "seed": plain(row.seed),
        **({} if row.task is None else {"task": row.task}),
        "started": plain(row.started),
        "duration_s": plain(row.duration_s),
        "values": plain(row.values),
        "cost": plain(row.cost),
        "course": list(row.course),
    }
