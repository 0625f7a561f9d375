"""How many items a run was tested on, where its metric is a share of them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from reportgen.analyse.dictionary import look_up
from reportgen.findings import Metric
from reportgen.runs import Run

NAMES: Mapping[str, tuple[str, ...]] = {
    "test": ("n_test", "test_items"),
    "none": ("n_test", "test_items"),
    "validation": ("n_val", "n_validation", "validation_items"),
}
"""Metrics and parameters that tell the number, by the split that the metric's own name tells."""
_SPLIT_WORDS: Mapping[str, tuple[str, ...]] = {
    "test": ("test",),
    "none": ("test",),
    "validation": ("validation", "val", "valid", "dev"),
}
_SHARES = (
    "accuracy",
    "acc",
    "exact_match",
    "error_rate",
    "success_rate",
    "win_rate",
    "hit_rate",
    "pass_rate",
)
"""Ends of names of metrics that count items right or wrong, each once: not precision or recall, whose
items are only a part of all, nor a balanced accuracy, which weighs them."""


def counts_items(metric: Metric) -> bool:
    """Tell whether a metric is the share of test items that came out right (or wrong)."""
    name = metric.name.lower().replace("/", "_").replace("-", "_").replace(" ", "_")
    return look_up(metric.name).fraction and name.endswith(_SHARES) and "balanced" not in name


def items_of(run: Run, metric: Metric) -> int | None:
    """Find the number of items: logged as a metric or parameter, or the rows of the one data set of the split."""
    split = look_up(metric.name).split
    for name in NAMES.get(split, ()):
        told = run.metrics[name].last if name in run.metrics else run.params.get(name)
        if isinstance(told, int | float) and not isinstance(told, bool) and 1 <= told < math.inf:
            return int(told) if told == int(told) else None
    words = _SPLIT_WORDS.get(split, ())
    rows = {
        facts.get("rows")
        for name, facts in run.data.items()
        if str(facts.get("split") or name).lower() in words
    }
    only = rows.pop() if len(rows) == 1 else None
    return only if isinstance(only, int) and not isinstance(only, bool) and only >= 1 else None
