"""What was not said about the metrics and had to be assumed, and how to say it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from reportgen.config.settings import MetricConfig
from reportgen.config.toml import toml_key
from reportgen.findings import Assumption, Metric
from reportgen.language import mark, message

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
            message(
                "Whether a higher or a lower {metric} is better is not known: nothing is ranked or compared.",
                metric=metric.name,
            ),
            message(
                "--metric {quoted} with --goal maximize or minimize, or goal under {table}",
                quoted=shlex.quote(metric.name),
                table=_table(metric.name),
            ),
        )
    elif said.goal is None:
        higher = mark("Higher is better for {metric}, as its name says.")
        lower = mark("Lower is better for {metric}, as its name says.")
        yield Assumption(
            "goal",
            message(higher if metric.goal == "maximize" else lower, metric=metric.name),
            message(
                "--metric {quoted} with --goal, or goal under {table}",
                quoted=shlex.quote(metric.name),
                table=_table(metric.name),
            ),
        )


def _other_goals(
    metrics: Mapping[str, Metric], primary: str, said: Mapping[str, MetricConfig]
) -> Iterator[Assumption]:
    silent = {
        name: metric.goal
        for name, metric in metrics.items()
        if name != primary and metric.goal is not None and said[name].goal is None
    }
    change = message("goal under [metrics.NAME]")
    up = [name for name, goal in silent.items() if goal == "maximize"]
    down = [name for name, goal in silent.items() if goal == "minimize"]
    if up:
        why = message("Higher counts as better, by their names ({names}).", names=listed_names(up))
        yield Assumption("goal", why, change)
    if down:
        why = message("Lower counts as better, by their names ({names}).", names=listed_names(down))
        yield Assumption("goal", why, change)


def _percent(metrics: Mapping[str, Metric], said: Mapping[str, MetricConfig]) -> Iterator[Assumption]:
    shown = [name for name, metric in metrics.items() if metric.unit == "%" and said[name].unit is None]
    if shown:
        yield Assumption(
            "unit",
            message(
                "Shown in percent, because all values lie between 0 and 1: {names}.",
                names=listed_names(shown),
            ),
            message("unit under [metrics.NAME]"),
        )


def _summary(primary: str, said: MetricConfig) -> Iterator[Assumption]:
    if said.summary is None:
        yield Assumption(
            "summary",
            message("The last value of {metric} stands for a run.", metric=primary),
            message('summary = "best" (or min, max, ...) under {table}', table=_table(primary)),
        )


def _table(metric: str) -> str:
    """Give the head of a metric's table as it is typed, in quotes where TOML wants them."""
    return f"[metrics.{toml_key(metric)}]"


def listed_names(names: Sequence[str]) -> str:
    """List names by comma, a few of many."""
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
