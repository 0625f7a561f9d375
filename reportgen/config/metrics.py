"""The metrics dictionary, ``[metrics.NAME]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast, get_args

from reportgen.config.checking import Table
from reportgen.config.settings import Goal, MetricConfig

_SUMMARY = re.compile(r"last|best|min|max|mean of last [1-9]\d*|at best \S.*")
SUMMARY_FORMS = "'last', 'best', 'min', 'max', 'mean of last 5', 'at best OTHER_METRIC'"


def read_metrics(table: Table) -> Mapping[str, MetricConfig]:
    """Read all entries; at most one of them is primary."""
    metrics: dict[str, MetricConfig] = {}
    primary = ""
    for name in table.names():
        entry = table.table(name)
        metric = _read_metric(name, entry)
        if metric.primary and primary:
            entry.complain("primary", f"is true, but {primary!r} is primary already; only one metric decides")
        primary = primary or (name if metric.primary else "")
        metrics[name] = metric
    return metrics


def is_summary(text: str) -> bool:
    """Tell whether *text* is one of `SUMMARY_FORMS`."""
    return _SUMMARY.fullmatch(text) is not None


def _read_metric(name: str, entry: Table) -> MetricConfig:
    metric = MetricConfig(
        name=name,
        label=entry.text("label"),
        unit=entry.text("unit"),
        goal=cast("Goal | None", entry.choice("goal", get_args(Goal))),
        summary=entry.text("summary"),
        definition=entry.text("definition"),
        target=entry.number("target"),
        smallest_difference=entry.number("smallest_difference", above=0.0),
        limit=entry.number("limit"),
        test_items=_count(entry, "test_items"),
        primary=entry.flag("primary") or False,
    )
    if metric.summary and not is_summary(metric.summary):
        entry.complain("summary", f"is {metric.summary!r}; known are {SUMMARY_FORMS}")
    entry.finish()
    return metric


def _count(entry: Table, key: str) -> int | None:
    number = entry.number(key, above=0.0)
    if number is not None and not number.is_integer():
        entry.complain(key, f"must be a whole number, not {number:g}")
        return None
    return None if number is None else int(number)
