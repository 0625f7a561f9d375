"""Does the series go on? What changed in metric, data and code since an earlier issue, and what that breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from reportgen.analyse.earlier import Earlier
from reportgen.config.settings import CompareConfig
from reportgen.findings import Change, Findings
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
    """Name the versions of known data sets that the earlier issue did not have.

    A hash counts before a version, where both issues tell it.
    """
    told = earlier.numbers["quality"]["data"]
    with_hash = earlier.numbers["audience"] == "team"
    before = {_identity(version, with_hash=with_hash) for version in told}
    for version in findings.quality.data:
        known = [entry for entry in told if entry["name"] == version.name]
        if known and _identity(asdict(version), with_hash=with_hash) not in before:
            named = dict.fromkeys(_named(entry) for entry in known)
            yield Change("data", version.name, ", ".join(named), _named(asdict(version)), count=version.runs)


def data_back(earlier: Earlier, findings: Findings) -> Iterator[Change]:
    """Name the versions that the new runs went back to, after those that were new in the earlier issue."""
    with_hash = earlier.numbers["audience"] == "team"
    were_new = {c["key"]: c["after"] for c in earlier.numbers["changes"]["entries"] if c["kind"] == "data"}
    runs = {_identity(v, with_hash=with_hash): v["runs"] for v in earlier.numbers["quality"]["data"]}
    for version in findings.quality.data:
        told = asdict(version)
        known = runs.get(_identity(told, with_hash=with_hash))
        is_other = version.name in were_new and were_new[version.name] != _named(told)
        if known is not None and is_other and version.runs > known:
            yield Change(
                "data_again",
                version.name,
                were_new[version.name],
                _named(told),
                count=version.runs - known,
            )


def _identity(version: Mapping[str, Any], *, with_hash: bool) -> tuple[str, str, str]:
    told = (version["sha256"] if with_hash else "") or version["version"] or str(version["rows"] or "")
    return version["name"], str(told), version["split"]


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
    others = {change.key for change in changes if change.kind == "data"}
    if compare.on_mismatch != "warn" and others - _continued(earlier, findings):
        found.append("data")
    if "code" in compare.same and any(change.kind == "code" for change in changes):
        found.append("code")
    return tuple(found)


def _continued(earlier: Earlier, findings: Findings) -> set[str]:
    """Name the data sets of which a version of the earlier issue is still in this report."""
    with_hash = earlier.numbers["audience"] == "team"
    before = {_identity(entry, with_hash=with_hash) for entry in earlier.numbers["quality"]["data"]}
    return {v.name for v in findings.quality.data if _identity(asdict(v), with_hash=with_hash) in before}
