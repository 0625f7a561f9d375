"""Findings built from the values of set-ups, for tests.

Numbers are computed from the setups' values by the plain formulas (t interval, Welch, Holm), so that
changing the values changes everything that rests on them.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scipy import stats

from reportgen.findings import (
    Changes,
    Comparison,
    Configuration,
    Effort,
    Environment,
    Findings,
    Importance,
    Interval,
    Metric,
    MetricStatistics,
    Quality,
    Reason,
    RunCounts,
    RunRow,
    TradeOff,
    Verdict,
)

START = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
ACCURACY = Metric(
    "val_accuracy", "Accuracy", "%", "maximize", "best", 0.99, None, "Share of images recognised correctly."
)
SECONDS = Metric("fit_seconds", "Training time", "s", "minimize", "last", None, None, "Time to train once.")
LATENCY = Metric("predict_ms", "Latency", "ms", "minimize", "last", None, None, "Time to answer.", 5.0)


@dataclass(frozen=True)
class Setup:
    """One configuration to build: parameters, one value a usable run, and runs that failed."""

    params: Mapping[str, Any]
    values: tuple[float, ...]
    failed: int = 0
    diverged: int = 0
    running: int = 0
    further: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    label: str = ""

    @property
    def name(self) -> str:
        """Its label: the values of its parameters."""
        return self.label or ", ".join(str(v) if k == "model" else f"{k} {v}" for k, v in self.params.items())


OTHER_WAY: dict[Verdict, Verdict] = {"better": "worse", "worse": "better", "too_small": "worse"}
"""The verdict on the second of a pair, where no smallest difference makes it another one."""


def interval_of(values: Sequence[float]) -> Interval | None:
    """The 95 % t interval of the mean; None below three values."""
    if len(values) < 3:
        return None
    half = float(stats.t.ppf(0.975, len(values) - 1)) * statistics.stdev(values) / math.sqrt(len(values))
    return statistics.mean(values) - half, statistics.mean(values) + half


def statistics_of(values: Sequence[float]) -> MetricStatistics:
    """Mean, spread, interval."""
    if not values:
        return MetricStatistics(None, None, None, 0)
    spread = statistics.stdev(values) if len(values) > 1 else None
    return MetricStatistics(statistics.mean(values), spread, interval_of(values), len(values))


def compare(
    key: str,
    base_key: str,
    metric: Metric,
    ours: Sequence[float],
    theirs: Sequence[float],
    level: float = 0.95,
) -> Comparison:
    """Welch's comparison with one candidate; positive is better."""
    sign = -1.0 if metric.goal == "minimize" else 1.0
    if not ours or not theirs:
        return _few(key, base_key, metric, None)
    difference = sign * (statistics.mean(ours) - statistics.mean(theirs))
    if min(len(ours), len(theirs)) < 3:
        return _few(key, base_key, metric, difference)
    test = stats.ttest_ind(ours, theirs, equal_var=False)
    ends = sorted(sign * end for end in test.confidence_interval(level))
    p_value = float(test.pvalue)
    verdict: Verdict = "not_settled"
    reason: Reason | None = "noise"
    if p_value < 0.05:
        verdict, reason = ("better" if difference > 0 else "worse"), None
    relative = difference / statistics.mean(theirs) if statistics.mean(theirs) > 0 else None
    step = "" if reason is None else "Run each set-up 9 more times."
    return Comparison(
        key, metric.name, base_key, difference, relative, (float(ends[0]), float(ends[1])), level, p_value,
        p_value, "Welch t", verdict, reason, step, OTHER_WAY.get(verdict, verdict),
        sureness="not_settled" if reason else "in_the_search_runs",
    )  # fmt: skip


def _few(key: str, base_key: str, metric: Metric, difference: float | None) -> Comparison:
    return Comparison(
        key, metric.name, base_key, difference, None, None, None, None, None, "none", "not_settled",
        "too_few_runs", "Run each set-up at least 3 times.", "not_settled",
    )  # fmt: skip


def holm(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Correct the verdicts for the number of comparisons."""
    tested = sorted((c for c in comparisons if c.p_value is not None), key=lambda c: c.p_value or 0.0)
    adjusted: dict[str, float] = {}
    worst = 0.0
    for place, comparison in enumerate(tested):
        worst = min(1.0, max(worst, (comparison.p_value or 0.0) * (len(tested) - place)))
        adjusted[comparison.key] = worst
    done = []
    for comparison in comparisons:
        p_adjusted = adjusted.get(comparison.key)
        changed = replace(comparison, p_adjusted=p_adjusted)
        if p_adjusted is not None and p_adjusted >= 0.05:
            changed = replace(
                changed,
                verdict="not_settled",
                reason="noise",
                next_step="Run each set-up 9 more times.",
                other_way="not_settled",
                sureness="not_settled",
            )
        done.append(changed)
    return tuple(done)


def _widened(
    comparison: Comparison, tried: int, metric: Metric, ours: Sequence[float], theirs: Sequence[float]
) -> Interval | None:
    """The range at the level of the strictest step, so that an unsettled one reaches across zero."""
    return compare("", "", metric, ours, theirs, 1 - 0.05 / tried).interval if comparison.p_adjusted else None


def build(
    setups: Sequence[Setup],
    *,
    primary: Metric | None = ACCURACY,
    further: Sequence[Metric] = (),
    baseline: int | None = 0,
    **changes: Any,
) -> Findings:
    """Make the findings of these setups; keyword arguments replace any field at the end."""
    order = _order(setups, primary)
    configurations = [_configuration(i, s, setups, order, primary, baseline) for i, s in enumerate(setups)]
    ranked = tuple(configurations[i] for i in order)
    comparisons: tuple[Comparison, ...] = ()
    pairs: list[Comparison] = []
    if baseline is not None and primary is not None and primary.goal is not None:
        base, key = setups[baseline], f"c-{baseline}"
        rivals = [i for i in order if i != baseline]
        first = holm([compare(f"c-{i}", key, primary, setups[i].values, base.values) for i in rivals])
        comparisons = tuple(
            replace(c, interval=_widened(c, len(first), primary, setups[i].values, base.values))
            for i, c in zip(rivals, first, strict=True)
        )
        for metric in further:
            pairs += [
                compare(f"c-{i}", key, metric, setups[i].further[metric.name], base.further[metric.name])
                for i in rivals
            ]
    metrics = {m.name: m for m in (*([primary] if primary else []), *further)}
    rows = tuple(_rows(setups, primary))
    return replace(
        _frame(setups, rows, primary),
        metrics=metrics,
        configurations=ranked,
        comparisons=comparisons,
        pairs=(*comparisons, *pairs),
        **changes,
    )


def _order(setups: Sequence[Setup], primary: Metric | None) -> list[int]:
    places = list(range(len(setups)))
    if primary is None or primary.goal is None:
        return places
    sign = 1 if primary.goal == "minimize" else -1
    return sorted(
        places, key=lambda i: sign * statistics.mean(setups[i].values) if setups[i].values else math.inf
    )


def _configuration(
    place: int,
    setup: Setup,
    setups: Sequence[Setup],
    order: Sequence[int],
    primary: Metric | None,
    baseline: int | None,
) -> Configuration:
    values = setup.values if primary else ()
    of = statistics_of(values)
    ranked = primary is not None and primary.goal is not None and bool(values)
    best = setups[order[0]].values
    leading = False
    if ranked and primary is not None:
        against = compare("a", "b", primary, values, best)
        leading = place == order[0] or against.verdict == "not_settled"
    words = {0: "none: no usable run", 1: "none: one run", 2: "none: two runs"}
    further = {name: statistics_of(v) for name, v in setup.further.items()}
    own = {primary.name: of} if primary and values else {}
    started = len(setup.values) + setup.failed + setup.diverged + setup.running
    return Configuration(
        key=f"c-{place}", label=setup.name, params=setup.params,
        run_ids=tuple(f"r-{place}-{i}" for i in range(started)), n=len(values), started=started,
        failed=setup.failed, diverged=setup.diverged, unfinished=setup.running, values=tuple(values),
        mean=of.mean, spread=of.spread, interval=of.interval,
        interval_method=words.get(len(values), "t"), rank=order.index(place) + 1 if ranked else None,
        leading=leading, baseline=place == baseline, metrics={**own, **further},
    )  # fmt: skip


def _rows(setups: Sequence[Setup], primary: Metric | None) -> list[RunRow]:
    rows: list[RunRow] = []
    for place, setup in enumerate(setups):
        outcomes: list[tuple[str, bool, float | None]] = [("finished", False, v) for v in setup.values]
        outcomes += [("failed", False, None)] * setup.failed
        outcomes += [("finished", True, math.nan)] * setup.diverged
        outcomes += [("running", False, None)] * setup.running
        for number, (status, diverged, value) in enumerate(outcomes):
            values = {} if value is None or primary is None else {primary.name: value}
            for name, numbers in setup.further.items():
                if status == "finished" and number < len(numbers):
                    values[name] = numbers[number]
            started = START + timedelta(minutes=len(rows))
            reason = "MemoryError: /home/alice/data is too large" if status == "failed" else ""
            rows.append(
                RunRow(
                    f"r-{place}-{number}",
                    setup.name,
                    "digits",
                    f"c-{place}",
                    status,
                    diverged,
                    reason,
                    number,
                    started,
                    12.5,
                    values,
                )
            )
    return rows


def _frame(setups: Sequence[Setup], rows: Sequence[RunRow], primary: Metric | None) -> Findings:
    total, diverged = len(rows), sum(s.diverged for s in setups)
    by_status = {status: sum(r.status == status for r in rows) for status in {r.status for r in rows}}
    usable = sum(len(s.values) for s in setups) if primary else 0
    without = 0 if primary else by_status.get("finished", 0) - diverged
    return Findings(
        title="digits: results", assumed=(), digest="7c1f09ab" * 8, sources=(("runs/digits", "run folders", total),),
        runs=RunCounts(total, by_status, diverged, without, usable, (), (), total * 40),
        metrics={}, primary=primary.name if primary else None, seed="seed",
        varied=tuple(dict.fromkeys(name for s in setups for name in s.params)), constant={"epochs": 20},
        configurations=(), comparisons=(), pairs=(), guard_rails=(),
        importance=Importance(False, "too_few", configurations=len(setups), available=len(setups), settings=2),
        trade_off=TradeOff((), ()), changes=Changes(), curves=(), history=(),
        quality=Quality((), (), 0, (), 0, ()),
        effort=Effort(12.5 * total, total, 12.5), environment=Environment((("3.11.9", total),)),
        rows=tuple(rows), newest=START + timedelta(hours=9), thresholds={"alpha": 0.05, "fewest_runs": 3.0},
    )  # fmt: skip
