"""What changed since an earlier issue: like is compared with like, or not at all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from reportgen.analyse.earlier import Earlier, match, mean_in
from reportgen.analyse.reruns import compare_reruns
from reportgen.analyse.series import (
    code_changes,
    compares_all_data,
    data_back,
    data_changes,
    metric_changes,
    series_breaks,
)
from reportgen.analyse.thresholds import FLAT_TOLERANCE, STALE_DAYS
from reportgen.config.settings import CompareConfig
from reportgen.findings import CHANGE_KINDS, Change, Changes, Comparison, Configuration, Findings, Metric
from reportgen.language import with_minus

_DAY = timedelta(days=1)
_BAD_ENDS = ("failed", "interrupted")


def find_changes(
    since: Mapping[str, Any], findings: Findings, compare: CompareConfig, now: datetime | None = None
) -> Changes:
    """Say what differs from an earlier issue.

    Values before and after are set side by side only where metric, data and (if it has to be the same) code
    stayed the same. A new leader is called better only where its comparison with the one before, among the
    runs of this report, says so.

    Args:
        since: Frozen numbers of the earlier issue.
        findings: Those of today, without changes.
        compare: What has to be the same before anything is compared.
        now: Time of the report, by which the newest run may be stale.

    Raises:
        UsageError: *since* is no report's frozen numbers, or of another format.
    """
    earlier = Earlier(since)
    matched = match(earlier, findings)
    series = [*metric_changes(earlier, findings), *data_changes(earlier, findings)]
    series += [*data_back(earlier, findings), *code_changes(earlier, findings)]
    breaks = series_breaks(series, earlier, findings, compare)
    entries = [*series, *_set_ups(earlier, findings, matched, is_broken=bool(breaks))]
    entries += [
        *_runs(earlier, findings),
        *_effort(earlier, findings),
        *_baseline(earlier, findings, matched),
    ]
    if not breaks:
        entries += [*_leader(earlier, findings, matched), *_verdicts(findings, matched)]
        entries += [*_answer(earlier, findings, matched), *_target(earlier, findings)]
        entries += _outside(earlier, findings)
    if not breaks and not any(entry.kind == "data" for entry in series):
        entries += compare_reruns(earlier, findings, matched)
    entries.sort(key=lambda entry: CHANGE_KINDS.index(entry.kind))  # stable: best first within a kind
    return Changes(
        since=earlier.since,
        entries=tuple(entries),
        number=earlier.number,
        made=earlier.made,
        breaks=breaks,
        compared_all_the_same=compares_all_data(compare),
        leader="" if breaks else _same_leader(earlier, findings, matched),
        newest_age_days=_stale(
            findings, now, is_without_new=not any(e.kind == "runs_added" for e in entries)
        ),
    )


def _set_ups(
    earlier: Earlier, findings: Findings, matched: Mapping[str, Mapping[str, Any]], *, is_broken: bool
) -> Iterator[Change]:
    """Name the configurations that came, went, or are called otherwise."""
    said_alike = earlier.numbers["audience"] != "public"  # there names are letters, by rank
    for configuration in findings.configurations:
        before = matched.get(configuration.key)
        if before is None:
            yield Change("new", configuration.key, None, _mean(configuration), count=configuration.started)
        elif said_alike and with_minus(before["label"]) != with_minus(configuration.label):
            # an issue made by an earlier version may have a hyphen where a minus sign belongs
            yield Change(
                "renamed", configuration.key, before["label"], configuration.label, label=before["label"]
            )
    kept = {before["key"] for before in matched.values()}
    for before in earlier.configurations:
        if before["key"] not in kept:
            value = None if is_broken else mean_in(before)
            yield Change("vanished", before["key"], value, None, label=before["label"] if said_alike else "")


def _runs(earlier: Earlier, findings: Findings) -> Iterator[Change]:
    """Count the runs that came, went, and gave no result."""
    told, now = earlier.numbers["runs"], findings.runs
    before, after = told["total"], now.total
    if earlier.tells_runs():
        ids = {row.id for row in findings.rows}
        added, removed = len(ids - earlier.run_ids), len(earlier.run_ids - ids)
    else:
        added, removed = max(after - before, 0), max(before - after, 0)
    if added:
        yield Change("runs_added", "", before, after, count=added)
    if removed:
        yield Change("runs_removed", "", before, after, count=removed)
    bad_before = sum(told["by_status"].get(end, 0) for end in _BAD_ENDS) + told["no_number"]
    bad_after = sum(now.by_status.get(end, 0) for end in _BAD_ENDS) + now.diverged + now.without_value
    if bad_after > bad_before:
        count = bad_after - bad_before
        yield Change(
            "failures",
            "",
            bad_before,
            bad_after,
            count=count,
            of_added=earlier.tells_runs() and count == _bad_added(earlier, findings),
        )


def _bad_added(earlier: Earlier, findings: Findings) -> int:
    """Count the runs without a result that the earlier issue did not have."""
    primary = findings.primary or ""
    return sum(
        row.status in _BAD_ENDS
        or (row.status == "finished" and not math.isfinite(row.values.get(primary, math.nan)))
        for row in findings.rows
        if row.id not in earlier.run_ids
    )


def _effort(earlier: Earlier, findings: Findings) -> Iterator[Change]:
    """Give what all runs together took, where it is another amount of the same currency."""
    before, after = earlier.numbers["effort"], findings.effort
    if None not in (before["total_s"], after.total_s) and before["total_s"] != after.total_s:
        yield Change("time", "", before["total_s"], after.total_s)
    if before["currency"] != after.currency or None in (before["total_cost"], after.total_cost):
        return
    if before["total_cost"] != after.total_cost:
        yield Change("cost", "", before["total_cost"], after.total_cost)


def _baseline(
    earlier: Earlier, findings: Findings, matched: Mapping[str, Mapping[str, Any]]
) -> Iterator[Change]:
    before, after = earlier.baseline, findings.baseline
    key = "" if after is None else after.key
    if (before or {}).get("key") != matched.get(key, {"key": key or None})["key"]:
        label = "" if before is None else before["label"]
        yield Change("baseline", key, label or None, after.label if after else None, label=label)


def _leader(
    earlier: Earlier, findings: Findings, matched: Mapping[str, Mapping[str, Any]]
) -> Iterator[Change]:
    """Name another leader, with what the runs say of it against the one before."""
    before, after = earlier.leader, _leader_of(findings)
    if before is None or after is None or _same_leader(earlier, findings, matched):
        return
    old = next((key for key, record in matched.items() if record["key"] == before["key"]), "")
    found = _between(findings, after.key, old)
    change = Change(
        "new_leader", after.key, mean_in(before), _mean(after), against=old, against_label=before["label"]
    )
    if found is None:
        yield change
        return
    is_turned = found.key != after.key
    verdict = found.other_way if is_turned else found.verdict
    low, high = found.interval or (None, None)
    interval = found.interval
    if is_turned and low is not None and high is not None:
        interval = (-high, -low)
    yield Change(
        "new_best" if verdict == "better" else "new_leader",
        after.key,
        change.before,
        change.after,
        against=old,
        against_label=before["label"],
        verdict=verdict,
        reason=found.reason,
        difference=-found.difference if is_turned and found.difference is not None else found.difference,
        interval=interval,
    )


def _between(findings: Findings, first: str, second: str) -> Comparison | None:
    """Find the comparison of two configurations by the deciding metric, whichever way round it stands."""
    wanted = {first, second}
    for comparison in (*findings.comparisons, *findings.pairs):
        if comparison.metric == findings.primary and {comparison.key, comparison.baseline} == wanted:
            return comparison
    return None


def _leader_of(findings: Findings) -> Configuration | None:
    """Give the first of those with rank 1."""
    return next((c for c in findings.configurations if c.rank == 1), None)


def _same_leader(earlier: Earlier, findings: Findings, matched: Mapping[str, Mapping[str, Any]]) -> str:
    """Give the key of the leader, where the one before is still (or still among the) first; else nothing."""
    before = earlier.leader
    firsts = (c.key for c in findings.configurations if c.rank == 1)
    return next((key for key in firsts if before and matched.get(key, {}).get("key") == before["key"]), "")


def _verdicts(findings: Findings, matched: Mapping[str, Mapping[str, Any]]) -> Iterator[Change]:
    """Name the configurations whose comparison with the same baseline came out otherwise than before."""
    for comparison in findings.comparisons:
        before = (matched.get(comparison.key) or {}).get("comparison")
        reference = matched.get(comparison.baseline)
        if before is None or reference is None or comparison.metric != findings.primary:
            continue
        same_sides = before["metric"] == comparison.metric and before["baseline"] == reference["key"]
        if same_sides and before["verdict"] != comparison.verdict:
            yield Change(
                "verdict",
                comparison.key,
                before["verdict"],
                comparison.verdict,
                against=comparison.baseline,
                verdict=comparison.verdict,
                reason=comparison.reason,
                difference=comparison.difference,
                interval=comparison.interval,
            )


def _answer(
    earlier: Earlier, findings: Findings, matched: Mapping[str, Mapping[str, Any]]
) -> Iterator[Change]:
    """Say whether set-ups are better than the baseline now, where none was before; or the other way round."""
    baseline = findings.baseline
    same = (
        baseline and earlier.baseline and matched.get(baseline.key, {}).get("key") == earlier.baseline["key"]
    )
    if baseline is None or not same:
        return
    own = [entry for entry in findings.comparisons if entry.metric == findings.primary]
    told = [entry for entry in earlier.numbers["comparisons"] if entry["metric"] == findings.primary]
    after = [entry.key for entry in own if entry.verdict == "better"]
    before = sum(entry["verdict"] == "better" for entry in told)
    if bool(before) != bool(after):
        kind, key = ("first_better", after[0]) if after else ("none_better", "")
        yield Change(kind, key, before, len(after), against=baseline.key)


def _target(earlier: Earlier, findings: Findings) -> Iterator[Change]:
    """Say whether the leader's mean reached the target, or no longer does."""
    metric, leader = findings.metrics.get(findings.primary or ""), _leader_of(findings)
    if metric is None:
        return
    told = earlier.numbers["metrics"][metric.name]["target"]
    if told != metric.target:
        yield Change("target", metric.name, told, metric.target)
    before, after = mean_in(earlier.leader), None if leader is None else _mean(leader)
    if metric.target is None or metric.goal is None or leader is None or before is None or after is None:
        return
    was, now = _reaches(metric, before), _reaches(metric, after)
    if was != now:
        yield Change("target_reached" if now else "target_lost", leader.key, before, after)


def _reaches(metric: Metric, value: float) -> bool:
    target = metric.target or 0.0
    if math.isclose(value, target, rel_tol=FLAT_TOLERANCE):  # a mean of shares may miss it by rounding alone
        return True
    return value < target if metric.goal == "minimize" else value > target


def _outside(earlier: Earlier, findings: Findings) -> Iterator[Change]:
    """Name the last whole period, where it lies outside of the usual range and nobody heard of it yet."""
    trend = findings.trend
    whole = [period for period in findings.history if not period.partial]
    if trend.series is None or trend.low is None or trend.high is None or not whole:
        return
    last = whole[-1]
    value = last.reference if trend.series == "reference" else last.best_mean
    known = (earlier.numbers.get("trend") or {}).get("outside", ())
    if last.name in trend.outside and last.name not in known and value is not None:
        yield Change("outside_range", last.name, trend.center, value, interval=(trend.low, trend.high))


def _stale(findings: Findings, now: datetime | None, *, is_without_new: bool) -> int | None:
    """Give the age of the newest run in whole days, where nothing came since or it is more than a week old."""
    if now is None or findings.newest is None:
        return None
    days = (now - findings.newest) // _DAY
    return days if days >= (1 if is_without_new else STALE_DAYS) else None


def _mean(configuration: Configuration) -> float | None:
    mean = configuration.mean
    return mean if mean is not None and math.isfinite(mean) else None
