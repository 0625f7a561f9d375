"""The frozen numbers: one JSON-able tree that every output shows a part of, and outside checks read."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime
from typing import Any

from reportgen.compose.freeze_changes import freeze_changes
from reportgen.compose.freeze_courses import freeze_course, freeze_curves, freeze_every_metric
from reportgen.compose.freeze_inputs import (
    freeze_effort,
    freeze_inputs,
    freeze_quality,
    freeze_rows,
    freeze_runs,
)
from reportgen.compose.plain import plain
from reportgen.compose.precision import formats_of, reads_the_same
from reportgen.compose.selection import charted, drawn_curves, paneled, short_list
from reportgen.compose.wording import VERDICT_BADGES
from reportgen.config.settings import Config
from reportgen.findings import Comparison, Configuration, Findings, Metric
from reportgen.language import tr

SCHEMA = 1
MUCH_CHEAPER = 0.5
"""Share of the best set-up's cost at which another is worth naming beside it."""
INTERVAL_LEVEL = 0.95
"""Level of every interval of a mean (see `findings.Configuration.interval`)."""


def freeze(
    findings: Findings, config: Config, *, title: str, built_at: datetime, version: str, period: str = ""
) -> dict[str, Any]:
    """Turn findings, of which `for_audience` has left what this audience may see, into the frozen numbers.

    Non-finite numbers become null, times ISO 8601 in UTC with a Z. ``findings`` and ``caveats`` are
    added by `compose`, ``document`` by the JSON renderer.
    """
    comparisons = [_comparison(c) for c in findings.comparisons]
    return {
        "schema": SCHEMA,
        "title": title,
        "built_at": plain(built_at),
        "reportgen": version,
        "period": period or None,
        "audience": config.audience,
        "assumed": [{"what": a.what, "why": a.why, "change": a.change} for a in findings.assumed],
        "decision": None if config.audience == "public" else config.decision,
        "inputs": freeze_inputs(findings, config),
        "runs": freeze_runs(findings),
        "metrics": _metrics(findings),
        "primary": findings.primary,
        "seed": findings.seed,
        "varied": list(findings.varied),
        "constant": plain(findings.constant),
        "configurations": _configurations(findings, comparisons),
        "comparisons": comparisons,
        "pairs": [_comparison(c) for c in findings.pairs],
        "guard_rails": plain(findings.guard_rails),
        "tasks": plain(findings.tasks),
        "importance": plain(findings.importance),
        "trade_off": _trade_off(findings),
        "changes": freeze_changes(findings),
        "curves": freeze_curves(findings),
        "course": freeze_course(findings),
        "every_metric": freeze_every_metric(findings),
        "history": _history(findings),
        "trend": _trend(findings),
        "luck": _luck(findings),
        "luck_line": None if findings.luck is None else plain(findings.luck.line),
        "collapses": plain(findings.collapses),
        "quality": freeze_quality(findings),
        "effort": freeze_effort(findings, config),
        "newest": plain(findings.newest),
        "thresholds": plain(findings.thresholds),
        "interval_level": INTERVAL_LEVEL,
        "verdict_words": {
            verdict: f"{badge.sign} {tr(badge.text)}" for verdict, badge in VERDICT_BADGES.items()
        },
        "counts": _counts(findings),
        "rows": freeze_rows(findings),
    }


def _metrics(findings: Findings) -> dict[str, Any]:
    return {
        name: {key: value for key, value in plain(metric).items() if key != "name"}
        | {"flattered": is_flattered(metric)}
        for name, metric in findings.metrics.items()
    }


def _configurations(findings: Findings, comparisons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    own = {c["key"]: c for c in comparisons if c["metric"] == findings.primary}
    return [_configuration(c, own.get(c.key)) for c in findings.configurations]


def _configuration(configuration: Configuration, comparison: dict[str, Any] | None) -> dict[str, Any]:
    frozen: dict[str, Any] = plain(configuration)
    return {**frozen, "no_number": configuration.no_number, "comparison": comparison}


def _comparison(comparison: Comparison) -> dict[str, Any]:
    """Freeze a comparison, with the sizes that sentences need where words tell the direction."""
    frozen: dict[str, Any] = plain(comparison)
    difference, interval = frozen["difference"], frozen["interval"]
    frozen["size"] = None if difference is None else abs(difference)
    low, high = interval or (None, None)
    if difference is not None and difference < 0:
        low, high = _minus(high), _minus(low)
    frozen["size_low"], frozen["size_high"] = low, high
    frozen["worst_case"] = _minus(low)
    return frozen | _change(frozen["ratio"], frozen["ratio_interval"])


def _change(ratio: float | None, interval: list[float] | None) -> dict[str, float | None]:
    """Give a ratio as a change of so many percent, whose direction the words tell: 0.8 is 20 % less."""
    if ratio is None or interval is None:
        return {"change": None, "change_low": None, "change_high": None}
    ends = sorted(abs(end - 1.0) for end in interval)
    return {"change": abs(ratio - 1.0), "change_low": ends[0], "change_high": ends[1]}


def is_flattered(metric: Metric) -> bool:
    """Tell whether each run counts by its best value, which is partly luck."""
    best = {"maximize": "max", "minimize": "min"}.get(metric.goal or "")
    return metric.summary in ("best", best)


def _luck(findings: Findings) -> dict[str, Any] | None:
    """Freeze what luck does for the best of the search, and the share of its lead that luck alone would give."""
    luck = findings.luck
    if luck is None:
        return None
    share = min(1.0, luck.expected / luck.lead) if luck.lead > 0 else 1.0
    return {**plain(luck), "share": plain(share)}


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def _trade_off(findings: Findings) -> dict[str, Any]:
    """Freeze the front, and its first set-up against the best that is much cheaper."""
    trade_off = findings.trade_off
    frozen: dict[str, Any] = {
        "metrics": list(trade_off.metrics),
        "frontier": list(trade_off.frontier),
        "frontier_size": len(trade_off.frontier),
        "near": list(trade_off.near),
        "near_size": len(trade_off.near),
        "missing": list(trade_off.missing),
        "missing_size": len(trade_off.missing),
        "other_machines": trade_off.other_machines,
        "alternative": None,
        "quality_gap": None,
        "cost_ratio": None,
    }
    if len(trade_off.metrics) < 2 or len(trade_off.frontier) < 2:
        return frozen
    best, *others = (findings.configuration(key) for key in trade_off.frontier)
    quality, cost = trade_off.metrics[:2]
    most = MUCH_CHEAPER * _real(mean_of(best, cost, findings.primary))
    other = next((c for c in others if _real(mean_of(c, cost, findings.primary)) <= most), others[0])
    frozen["alternative"] = other.key
    tops, costs = ([mean_of(c, name, findings.primary) for c in (best, other)] for name in (quality, cost))
    if None not in tops:
        frozen["quality_gap"] = plain(abs(_real(tops[0]) - _real(tops[1])))
    if None not in costs and min(map(_real, costs)) > 0:
        frozen["cost_ratio"] = plain(max(map(_real, costs)) / min(map(_real, costs)))
    return frozen


def _real(value: float | None) -> float:
    return float("nan") if value is None else value


def mean_of(configuration: Configuration, metric: str, primary: str | None) -> float | None:
    """Give a configuration's mean of any metric; None without one that is finite."""
    statistics = configuration.metrics.get(metric)
    mean = configuration.mean if metric == primary else statistics.mean if statistics else None
    return mean if mean is not None and math.isfinite(mean) else None


def _history(findings: Findings) -> list[dict[str, Any]]:
    labels = {c.key: c.label for c in findings.configurations}
    return [{**plain(p), "best_label": labels.get(p.best_key or "")} for p in findings.history]


def _trend(findings: Findings) -> dict[str, Any]:
    """Freeze the trend, with the sizes of its slope that sentences need where words tell the direction."""
    frozen: dict[str, Any] = plain(findings.trend)
    slope, interval = findings.trend.slope, findings.trend.slope_interval
    low, high = interval or (None, None)
    if slope is not None and slope < 0:
        low, high = _minus(high), _minus(low)
    frozen["size"] = None if slope is None else plain(abs(slope))
    frozen["size_low"], frozen["size_high"] = plain(low), plain(high)
    return frozen


def _counts(findings: Findings) -> dict[str, int]:
    """Count what sentences say about the configurations."""
    usable = [c for c in findings.configurations if c.n > 0]
    verdicts: Counter[str] = Counter(c.verdict for c in findings.comparisons if c.metric == findings.primary)
    reported = ("better", "worse", "about_the_same", "too_small", "not_settled", "not_comparable")
    return {
        "configurations": len(findings.configurations),
        "with_result": len(usable),
        "with_one_run": sum(c.n == 1 for c in usable),
        "leading": sum(c.leading for c in findings.configurations),
        "joint_first": _joint_first(findings),
        "compared": sum(verdicts.values()),
        **{verdict: verdicts[verdict] for verdict in reported},
        "better_but_limit": _better_but_limit(findings),
        "charted": len(charted(findings)),
        "not_charted": len(findings.configurations) - len(charted(findings)),
        "panels": len(paneled(findings)),
        "without_panel": len(findings.metrics) - len(paneled(findings)),
        "not_on_page_one": len(findings.configurations) - len(short_list(findings)),
        "lines": len(drawn_curves(findings)),
        "curves_ending_early": sum(curve.points[-1].n < curve.runs for curve in drawn_curves(findings)),
        "runs_diverged": sum(curve.diverged for curve in drawn_curves(findings)),
        "lines_not_drawn": len(findings.curves) - len(drawn_curves(findings)) + findings.curves_left_out,
        "settings": len(findings.varied),
        "weeks": len(findings.history),
        "tasks": len(findings.tasks.tasks),
        "tasks_incomplete": len(findings.tasks.incomplete),
        "usual_runs": _usual_runs(findings),
        "with_fewer_runs": sum(c.started < _usual_runs(findings) for c in findings.configurations),
        "excluded": len(findings.runs.excluded),
        "skipped": len(findings.runs.skipped),
        "assumed": len(findings.assumed),
        "far_worse": sum(run.side == "worse" for run in findings.collapses),
        "far_better": sum(run.side == "better" for run in findings.collapses),
        "second_look": sum(c.second_look for c in findings.comparisons if c.metric == findings.primary),
    }


def _usual_runs(findings: Findings) -> int:
    """Give the number of runs that most configurations were started with; of equally usual ones the larger."""
    counts = Counter(c.started for c in findings.configurations)
    return max(counts, key=lambda started: (counts[started], started), default=0)


def _better_but_limit(findings: Findings) -> int:
    """Count the configurations that are better, but break a guard-rail for sure."""
    broken = {rail.key for rail in findings.guard_rails if rail.state == "broken"}
    better = {c.key for c in findings.comparisons if c.verdict == "better" and c.metric == findings.primary}
    return len(broken & better)


def _joint_first(findings: Findings) -> int:
    """Count the configurations whose mean prints like the first one's."""
    means = [c.mean for c in findings.configurations if c.mean is not None and math.isfinite(c.mean)]
    if not means or findings.primary is None:
        return 0
    how = formats_of(findings)[findings.primary].value
    return sum(reads_the_same(mean, means[0], how) for mean in means)
