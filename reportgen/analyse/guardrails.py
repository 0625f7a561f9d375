"""Does a configuration keep a metric's limit?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from reportgen.analyse.comparison import Sample
from reportgen.analyse.configurations import Group
from reportgen.analyse.statistics import t_multiplier
from reportgen.analyse.thresholds import GUARD_CONFIDENCE, MIN_RUNS
from reportgen.findings import GuardRail


def check_limits(samples: Sequence[Sample], groups: Sequence[Group]) -> Iterator[GuardRail]:
    """Judge every configuration by every limit, with a one-sided 95 % t bound of the mean.

    *Kept*: the bound on the bad side lies inside the limit. *Broken*: the bound on the good side lies
    outside. *Not shown*: anything else, fewer than three usable runs among it. The bound given is the one
    on the bad side. Repeats that are all the same (the size of a model) are their own bound.
    """
    for sample in samples:
        limit = sample.metric.limit
        if limit is None:
            continue
        n, mean, spread = sample.moments.n, sample.moments.mean, sample.moments.spread
        df = np.where(n >= MIN_RUNS, n - 1, np.nan).astype(np.float64)
        with np.errstate(invalid="ignore", over="ignore"):
            half = t_multiplier(2.0 * (1.0 - GUARD_CONFIDENCE), df) * spread / np.sqrt(np.maximum(n, 1))
        for index, group in enumerate(groups):
            bad = float(mean[index] - sample.sign * half[index])
            good = float(mean[index] + sample.sign * half[index])
            if not (math.isfinite(bad) and math.isfinite(good)):
                yield GuardRail(group.key, sample.metric.name, limit, None, "not_shown")
            elif (bad - limit) * sample.sign >= 0:
                yield GuardRail(group.key, sample.metric.name, limit, bad, "kept")
            elif (good - limit) * sample.sign < 0:
                yield GuardRail(group.key, sample.metric.name, limit, bad, "broken")
            else:
                yield GuardRail(group.key, sample.metric.name, limit, bad, "not_shown")
