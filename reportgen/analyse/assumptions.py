"""What was not said about the metrics and had to be assumed, and how to say it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from reportgen.config.settings import MetricConfig
from reportgen.config.toml import toml_key
from reportgen.findings import Assumption, Metric

_NAMED = 6
"""Names that one sentence lists."""


def metric_assumptions(
    metrics: Mapping[str, Metric], primary: str, configured: Mapping[str, MetricConfig]
) -> tuple[Assumption, ...]:
    """Name every direction, unit and summary that the user did not give."""
    silent = {name: configured.get(name, MetricConfig(name)) for name in metrics}
    return (
        *_primary_goal(metrics[primary], silent[primary]),
        *_other_goals(metrics, primary, silent),
        *_percent(metrics, silent),
        *_summary(primary, silent[primary]),
    )


def _primary_goal(metric: Metric, said: MetricConfig) -> Iterator[Assumption]:
    if metric.goal is None:
        yield Assumption(
            "goal",
            f"Whether a higher or a lower {metric.name} is better is not known: nothing is ranked or compared.",
            f"--metric {shlex.quote(metric.name)} with --goal maximize or minimize, or goal under {_table(metric.name)}",
        )
    elif said.goal is None:
        word = "Higher" if metric.goal == "maximize" else "Lower"
        yield Assumption(
            "goal",
            f"{word} is better for {metric.name}, as its name says.",
            f"--metric {shlex.quote(metric.name)} with --goal, or goal under {_table(metric.name)}",
        )


def _other_goals(
    metrics: Mapping[str, Metric], primary: str, said: Mapping[str, MetricConfig]
) -> Iterator[Assumption]:
    others = [
        f"{'higher' if metric.goal == 'maximize' else 'lower'} {name}"
        for name, metric in metrics.items()
        if name != primary and metric.goal is not None and said[name].goal is None
    ]
    if others:
        yield Assumption(
            "goal", f"Counted as better by their names: {_listed(others)}.", "goal under [metrics.NAME]"
        )


def _percent(metrics: Mapping[str, Metric], said: Mapping[str, MetricConfig]) -> Iterator[Assumption]:
    shown = [name for name, metric in metrics.items() if metric.unit == "%" and said[name].unit is None]
    if shown:
        yield Assumption(
            "unit",
            f"Shown in percent, because all values lie between 0 and 1: {_listed(shown)}.",
            "unit under [metrics.NAME]",
        )


def _summary(primary: str, said: MetricConfig) -> Iterator[Assumption]:
    if said.summary is None:
        yield Assumption(
            "summary",
            f"The last value of {primary} stands for a run.",
            f'summary = "best" (or min, max, ...) under {_table(primary)}',
        )


def _table(metric: str) -> str:
    """Give the head of a metric's table as it is typed, in quotes where TOML wants them."""
    return f"[metrics.{toml_key(metric)}]"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
