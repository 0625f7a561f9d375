"""Which configurations are shown where space is short."""

from __future__ import annotations

import math
from collections.abc import Sequence

from reportgen.compose.choosing import choose, focus_in, state_of
from reportgen.findings import Configuration, Findings, LearningCurve

CHARTED = 5
"""Dots in the chart, the baseline aside."""
SHORT_ROWS = 6
"""Rows of the table on page one, the baseline's among them."""
LINES = 5
"""Lines in the chart of learning curves."""


def short_list(findings: Findings) -> tuple[Configuration, ...]:
    """The rows of page one: the first of the list, the baseline, and what the answer is about."""
    return _first(findings, findings.configurations, SHORT_ROWS)


def charted(findings: Findings) -> tuple[Configuration, ...]:
    """The dots of the chart: the first with a value, the baseline, and what the answer is about."""
    shown = [c for c in findings.configurations if c.mean is not None and math.isfinite(c.mean)]
    baseline = next((c for c in shown if c.baseline), None)
    return _first(findings, shown, CHARTED + (baseline is not None))


PANELS = (3, 4)
"""Fewest panels of the chart of every metric (two metrics are what the trade-off shows), and most."""


def paneled(findings: Findings) -> tuple[str, ...]:
    """The metrics of the chart of every metric: those that all set-ups of page one's chart have."""
    shown, primary = charted(findings), findings.primary
    if len(shown) < 2 or primary is None:
        return ()
    others = [
        name
        for name in findings.metrics
        if name != primary
        and all((m := c.metrics.get(name)) and m.mean is not None and math.isfinite(m.mean) for c in shown)
    ]
    names = (primary, *others)[: PANELS[1]]
    return names if len(names) >= PANELS[0] else ()


def drawn_curves(findings: Findings) -> tuple[LearningCurve, ...]:
    """The lines of the chart: the first of the list, the baseline's, and that of what the answer is about."""
    by_key = {curve.key: curve for curve in findings.curves if _points(curve)}
    ordered = [c for c in findings.configurations if c.key in by_key]
    return tuple(by_key[c.key] for c in _first(findings, ordered, LINES))


def highlighted_curve(findings: Findings) -> LearningCurve | None:
    """The line that stands out among them: of the set-up that the answer is about, else of the best that has one."""
    drawn, focus, baseline = drawn_curves(findings), focus_in(findings), findings.baseline
    rivals = [curve for curve in drawn if baseline is None or curve.key != baseline.key]
    return next((curve for curve in drawn if curve.key == focus), next(iter(rivals), None))


def _points(curve: LearningCurve) -> bool:
    return any(math.isfinite(point.mean) for point in curve.points)


def _first(findings: Findings, ordered: Sequence[Configuration], limit: int) -> tuple[Configuration, ...]:
    """Give the first in their order; what others are held against or told of has a place among them."""
    chosen = choose(findings, state_of(findings))
    special = {c.key for c in ordered if c.baseline or (chosen is not None and c.key == chosen.key)}
    others = [c.key for c in ordered if c.key not in special][: limit - len(special)]
    kept = special.union(others)
    return tuple(c for c in ordered if c.key in kept)
