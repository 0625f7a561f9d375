"""What titles of charts rest on: the course of the curves, and the metrics on which a set-up is better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportgen.compose.choosing import focus_in
from reportgen.compose.plain import plain
from reportgen.compose.selection import charted, drawn_curves, highlighted_curve, paneled
from reportgen.findings import Findings, LearningCurve, Metric

_RUNS = ("runs_low", "runs_high")
"""Fewest and most runs of a line that the title tells of."""


def freeze_curves(findings: Findings) -> list[dict[str, Any]]:
    """Freeze every curve that was read, with what can be said of its course."""
    return [
        {
            "key": curve.key,
            "metric": curve.metric,
            "runs": curve.runs,
            "band": curve.band,
            "over": curve.over,
            "diverged": curve.diverged,
            "points": plain(curve.points),
            "last": plain(curve.last),
            "doubt": curve.doubt,
            "gained": plain(curve.gained),
            "improving": curve.improving,
            "pace": plain(curve.pace),
        }
        for curve in findings.curves
    ]


def freeze_course(findings: Findings) -> dict[str, Any]:
    """Freeze what the chart of the curves shows, or the reason why it is titled by its topic.

    The first that holds of: all lines were still improving (``improving``), the highlighted one got sooner to
    where another ended (``sooner``), all end closer than the smallest difference that matters (``close``).
    """
    drawn, curve = drawn_curves(findings), highlighted_curve(findings)
    metric = findings.metrics.get(findings.primary or "")
    if curve is None or metric is None:
        parts = dict.fromkeys(("kind", "place", "key", "against", "verdict", "ends_apart", *_RUNS))
        return {**parts, "reason": "no_curves", "lines": []}
    against = None if curve.pace is None else curve.pace.against
    verdict = _verdict(findings, curve.key, against, findings.primary)
    kind, reason = _kind(drawn, curve, metric, verdict)
    told = [one for one in drawn if kind != "sooner" or one.key in (curve.key, against)]
    ends = (min(one.runs for one in told), max(one.runs for one in told))
    return {
        "kind": kind,
        "reason": reason,
        "lines": [findings.curves.index(one) for one in drawn],
        "place": findings.curves.index(curve),
        "key": curve.key,
        "against": against,
        "verdict": verdict,
        "ends_apart": plain(_ends_apart(drawn)),
        **dict(zip(_RUNS, ends, strict=True)),
    }


def _kind(
    drawn: Sequence[LearningCurve], curve: LearningCurve, metric: Metric, verdict: str | None
) -> tuple[str | None, str | None]:
    if metric.goal is None:
        return None, "no_direction"
    doubt = next((one.doubt for one in drawn if one.doubt), None)
    if doubt is None and all(one.improving for one in drawn):
        return "improving", None
    pace = curve.pace
    if pace is None:
        return None, doubt or "alone"
    opposed = verdict if verdict in ("worse", "not_comparable") else None
    if not (pace.reason or opposed) and any(one.key == pace.against for one in drawn):
        return "sooner", None
    unlike = any(one.pace is None or one.pace.reason == "not_comparable" for one in drawn)
    apart = _ends_apart(drawn)
    if not doubt and not unlike and apart is not None and apart < (metric.smallest_difference or 0.0):
        return "close", None
    return None, pace.reason or opposed or doubt or "no_sooner"


def _ends_apart(drawn: Sequence[LearningCurve]) -> float | None:
    """Give how far the last averages lie apart; None where a curve has no point that all its runs reach."""
    ends = [one.whole[-1].mean for one in drawn if one.whole]
    return max(ends) - min(ends) if len(ends) == len(drawn) > 1 else None


def _verdict(findings: Findings, key: str, against: str | None, metric: str | None) -> str | None:
    """Find the verdict on one configuration against another, that way round."""
    among = (*findings.comparisons, *findings.pairs)
    return next((c.verdict for c in among if (c.key, c.baseline, c.metric) == (key, against, metric)), None)


def freeze_every_metric(findings: Findings) -> dict[str, Any]:
    """Freeze on how many of the metrics drawn the set-up in focus is better, and worse, by the verdicts.

    It is held against the baseline, or without one against the best of the others.
    """
    names, shown = paneled(findings), charted(findings)
    key = focus_in(findings) if names else None
    others = sorted((c for c in shown if c.key != key), key=lambda c: not c.baseline)
    nothing = {"key": None, "against": None, "better": None, "worse": None, "verdicts": None}
    if not names:
        return {"reason": "not_drawn", **nothing}
    if key is None or not others or all(c.key != key for c in shown):
        return {"reason": "no_focus", **nothing}
    against = others[0].key
    verdicts = {name: _verdict(findings, key, against, name) for name in names}
    found = {"key": key, "against": against, "verdicts": verdicts}
    if None in verdicts.values():
        return {"reason": "no_verdict", **nothing, **found}
    if "not_comparable" in verdicts.values():
        return {"reason": "not_comparable", **nothing, **found}
    counted = list(verdicts.values())
    return {"reason": None, **found, "better": counted.count("better"), "worse": counted.count("worse")}
