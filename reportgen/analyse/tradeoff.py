"""Quality against time or cost: which configurations does none beat in both?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reportgen.analyse.configurations import Group
from reportgen.analyse.dictionary import COST_KINDS, look_up
from reportgen.analyse.statistics import Booleans, Floats
from reportgen.findings import Metric, TradeOff
from reportgen.runs import Run

DURATION = "duration_s"
"""Stands in for a metric where no cost was logged: how long a run took."""
_NO_TRADE_OFF = TradeOff((), ())
_SERVING_WORDS = ("latency", "inference", "predict", "cost")
"""Cost to use, which interests more people than cost to train."""


def cost_metric(metrics: Mapping[str, Metric], primary: str, configured: Sequence[str]) -> str | None:
    """Choose what quality is traded against: a time, size or cost of which less is better.

    Metrics of the user's own dictionary come first, then cost in use before cost of making.
    """
    candidates = [
        (
            name not in configured,
            not any(word in name.lower() for word in _SERVING_WORDS),
            look_up(name).order,
            name,
        )
        for name, metric in metrics.items()
        if name != primary and metric.goal == "minimize" and look_up(name).kind in COST_KINDS
    ]
    return min(candidates)[-1] if candidates else None


def comparable_durations(runs: Sequence[Run]) -> bool:
    """Tell whether these runs' durations may be compared: all known, all from one machine."""
    machines = {(str(run.tags.get("machine", "")), str(run.env.get("host", ""))) for run in runs}
    return len(machines) == 1 and machines != {("", "")} and all(run.duration_s is not None for run in runs)


def trade_off(
    primary: Metric,
    cost: str,
    quality_means: Floats,
    cost_means: Floats,
    groups: Sequence[Group],
    comparable: Booleans,
) -> TradeOff:
    """Find the Pareto frontier on the means; equal points are all on it.

    A configuration that is not *comparable*, having run on other data, is a point but never on the front.

    Shape: quality_means, cost_means, comparable (configurations,); NaN where there is none. Less cost is
    better.
    """
    both = np.flatnonzero(~np.isnan(quality_means) & ~np.isnan(cost_means))
    if primary.goal is None or both.size < 2:
        return _NO_TRADE_OFF
    sign = 1.0 if primary.goal == "maximize" else -1.0
    quality, costs = quality_means[both] * sign, cost_means[both]
    order = np.lexsort((both, costs, -quality))
    frontier, cheapest, last_quality = [], np.inf, np.nan
    for place in order.tolist():
        if not comparable[both[place]]:
            continue
        tied = costs[place] == cheapest and quality[place] == last_quality
        if costs[place] < cheapest or tied:
            frontier.append(groups[int(both[place])].key)
            cheapest, last_quality = costs[place], quality[place]
    points = tuple(
        (groups[int(both[place])].key, float(quality_means[both[place]]), float(costs[place]))
        for place in order
    )
    return TradeOff((primary.name, cost), tuple(frontier), points)
