"""Configurations that were run again since an earlier issue: the new runs against those before."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from reportgen.analyse.earlier import Earlier
from reportgen.analyse.statistics import Floats, holm, moments, t_multiplier, welch, welch_testable
from reportgen.analyse.thresholds import EQUIVALENCE_CONFIDENCE, LUCK_MIN_CONFIGURATIONS
from reportgen.analyse.verdicts import Evidence, judge
from reportgen.findings import Change, Findings, Metric, Reason, RunRow, Verdict

_KINDS: Mapping[Verdict, str] = {"worse": "regression", "better": "gain", "too_small": "small_gain"}


def compare_reruns(
    earlier: Earlier, findings: Findings, matched: Mapping[str, Mapping[str, Any]]
) -> Iterator[Change]:
    """Compare the runs since with those before, for each configuration that has enough of both.

    Welch's test, adjusted by Holm for all that can be tested; the verdict follows the rules of every
    other comparison. Those that led among several are left out, unless the others are compared with them:
    they were picked for results that luck had a part in, so a second round falls short without any change.
    """
    metric = findings.metrics.get(findings.primary or "")
    if metric is None or metric.goal is None or not earlier.tells_runs():
        return
    fresh = _fresh_values(earlier, findings)
    several = sum(c["n"] > 0 for c in earlier.configurations) >= LUCK_MIN_CONFIGURATIONS
    keys = [
        key
        for key, before in matched.items()
        if fresh.get(key) and _values(before) and not (several and _was_picked(before))
    ]
    if not keys:
        return
    before = [_values(matched[key]) for key in keys]
    yield from _compared(metric, keys, before, [fresh[key] for key in keys])


def _compared(
    metric: Metric, keys: list[str], before: list[list[float]], after: list[list[float]]
) -> Iterator[Change]:
    count = len(keys)
    values: Floats = np.array([value for sample in (*after, *before) for value in sample])
    places = np.repeat(np.arange(2 * count), [len(sample) for sample in (*after, *before)])
    sample = moments(places, values, 2 * count)
    first, second = np.arange(count), np.arange(count, 2 * count)
    testable = welch_testable(sample, first, second)
    raw = welch(sample, first, second, testable)
    adjusted, alpha = holm(raw.p, int(testable.sum()))
    sign = 1.0 if metric.goal == "maximize" else -1.0
    with np.errstate(invalid="ignore"):
        half = t_multiplier(alpha, raw.df) * raw.error
        half_90 = t_multiplier(1.0 - EQUIVALENCE_CONFIDENCE, raw.df) * raw.error
    for place in np.flatnonzero(testable).tolist():
        difference = sign * float(raw.difference[place])
        interval = (difference - float(half[place]), difference + float(half[place]))
        verdict, reason = judge(
            Evidence(
                data_differ=False,
                n=len(after[place]),
                n_reference=len(before[place]),
                flat=False,
                failure_share=0.0,
                failure_share_reference=0.0,
                difference=difference,
                p_adjusted=float(adjusted[place]),
                interval=interval,
                equivalence_interval=(difference - float(half_90[place]), difference + float(half_90[place])),
                smallest_difference=metric.smallest_difference,
            )
        )
        yield Change(
            kind=_kind(verdict, reason),
            key=keys[place],
            before=float(sample.mean[count + place]),
            after=float(sample.mean[place]),
            verdict=verdict,
            reason=reason,
            difference=difference,
            interval=interval,
            count=len(after[place]),
        )


def _kind(verdict: Verdict, reason: Reason | None) -> str:
    """Name what came of it; a gain that is real but perhaps too small is no standstill."""
    return "small_gain" if reason == "size_unclear" else _KINDS.get(verdict, "steady")


def _was_picked(configuration: Mapping[str, Any]) -> bool:
    return bool(configuration["leading"]) and not configuration["baseline"]


def _fresh_values(earlier: Earlier, findings: Findings) -> dict[str, list[float]]:
    """Collect the usable values of runs that the earlier issue did not have, by configuration."""
    known, name = earlier.run_ids, findings.primary or ""
    confirmed = {c.key for c in findings.configurations if c.set_aside}  # fresh runs stand for themselves
    found: dict[str, list[float]] = defaultdict(list)
    for row in findings.rows:
        value = row.values.get(name, math.nan)
        if (
            row.id not in known
            and row.configuration not in confirmed
            and _is_usable(row)
            and math.isfinite(value)
        ):
            found[row.configuration].append(value)
    return found


def _is_usable(row: RunRow) -> bool:
    return row.status == "finished" and not row.diverged


def _values(configuration: Mapping[str, Any]) -> list[float]:
    return [float(value) for value in configuration["values"] if value is not None]
