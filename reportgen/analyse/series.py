"""Does the series go on? What changed in metric, data and code since an earlier issue, and what that breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from reportgen.analyse.earlier import Earlier
from reportgen.config.settings import CompareConfig
from reportgen.findings import Change, DataVersion, Findings
from reportgen.findings.changes import Break

_DEFINING = ("definition", "unit", "goal", "summary")
"""Fields of a metric that say what its numbers mean."""


def metric_changes(earlier: Earlier, findings: Findings) -> Iterator[Change]:
    """Name what is otherwise about the deciding metric."""
    before, after = earlier.numbers["primary"], findings.primary
    if before != after:
        yield Change("deciding_metric", after or "", before, after)
        return
    if after is None:
        return
    told, metric = earlier.numbers["metrics"][after], findings.metrics[after]
    for field in _DEFINING:
        if told[field] != getattr(metric, field):
            yield Change("metric", after, told[field], getattr(metric, field), label=field)


def data_changes(earlier: Earlier, findings: Findings) -> Iterator[Change]:
    """Name the versions of known data sets that the earlier issue did not have."""
    told = earlier.numbers["quality"]["data"]
    for version in findings.quality.data:
        known = [entry for entry in told if entry["name"] == version.name]
        if known and not _same_as(earlier, version):
            named = dict.fromkeys(_named(entry) for entry in known)
            yield Change("data", version.name, ", ".join(named), _named(asdict(version)), count=version.runs)


def data_back(earlier: Earlier, findings: Findings) -> Iterator[Change]:
    """Name the versions that the new runs went back to, after those that were new in the earlier issue."""
    entries = earlier.numbers["changes"]["entries"]
    were_new = [(entry["key"], entry["after"]) for entry in entries if entry["kind"] == "data"]
    for version in findings.quality.data:
        known = _same_as(earlier, version)
        added = version.runs - sum(entry["runs"] for entry in known)
        now = _named(asdict(version))
        news = dict.fromkeys(after for key, after in were_new if key == version.name)
        # without a name of its own, an earlier issue for others holds no word that could be compared
        is_told = bool(version.version) or earlier.numbers["audience"] == "team"
        if is_told and known and added > 0 and news and now not in news:
            yield Change("data_again", version.name, ", ".join(news), now, count=added)


def _same_as(earlier: Earlier, version: DataVersion) -> list[Mapping[str, Any]]:
    """Find the entries of the earlier issue that are the same data, or do not tell otherwise.

    A hash counts before a version, where both tell it, as in any comparison of runs.
    """
    with_hash = earlier.numbers["audience"] == "team"
    facts = ("sha256", "version", "rows") if with_hash else ("version", "rows")
    now = asdict(version)
    found = []
    for entry in earlier.numbers["quality"]["data"]:
        told = next((fact for fact in facts if entry[fact] and now[fact]), None)
        if entry["name"] == version.name and (told is None or entry[told] == now[told]):
            found.append(entry)
    return found


def _named(version: Mapping[str, Any]) -> str:
    """Call a version what people call it: its name, else the first characters of its fingerprint."""
    return str(version["version"] or version["sha256"][:8])


def code_changes(earlier: Earlier, findings: Findings) -> Iterator[Change]:
    """Name the newest code version that the earlier issue did not have, with the runs that used such ones."""
    told = [entry["commit"] for entry in earlier.numbers["quality"]["code"] if entry["commit"]]
    if not told or earlier.numbers["audience"] != "team":
        return
    added = [version for version in findings.quality.code if version.commit and version.commit not in told]
    if added:
        runs = sum(version.runs for version in added)
        yield Change("code", "", told[-1], added[-1].commit, count=runs)


def series_breaks(
    changes: Sequence[Change], earlier: Earlier, findings: Findings, compare: CompareConfig
) -> tuple[Break, ...]:
    """Say what keeps results before and after from being compared at all.

    Other data break the series where no run on the data before is left; where some are, these go on, and
    the new runs are not compared with them. Code does so only where it has to be the same.
    """
    found: list[Break] = []
    if any(change.kind in ("deciding_metric", "metric") for change in changes):
        found.append("metric")
    continued = {version.name for version in findings.quality.data if _same_as(earlier, version)}
    others = {change.key for change in changes if change.kind == "data"}
    if not compares_all_data(compare) and others - continued:
        found.append("data")
    if "code" in compare.same and any(change.kind == "code" for change in changes):
        found.append("code")
    return tuple(found)


def compares_all_data(compare: CompareConfig) -> bool:
    """Tell whether runs on other data are compared all the same: as asked, or since each task has its own."""
    return compare.on_mismatch == "warn" or compare.task is not None
