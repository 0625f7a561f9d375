"""The metrics dictionary, resolved: which metric decides, and goal, unit and summary of each."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reportgen.analyse.assumptions import metric_assumptions
from reportgen.analyse.dictionary import KnownName, label_of, look_up
from reportgen.config.settings import MetricConfig
from reportgen.errors import ConfigError, UnknownMetricError
from reportgen.findings import AT_BEST, LAST_MEAN, Assumption, Goal, Metric
from reportgen.language import mark, message
from reportgen.runs import Run
from reportgen.schema import SYSTEM_METRICS

_PLAIN_SUMMARIES = ("last", "best", "min", "max")
_SPLIT_ORDER = {"validation": 0, "test": 1, "none": 2, "train": 3}
_QUALITY = ("score", "error")
MAX_RIVALS = 3
"""Other measures of quality that could have decided: named up to so many."""
_KIND_ORDER = {"score": 0, "error": 1, "speed": 3, "time": 4, "size": 5, "cost": 6, None: 2}


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All metrics of the report, the deciding one first."""

    metrics: Mapping[str, Metric]
    primary: str | None
    assumed: tuple[Assumption, ...]

    @property
    def goal(self) -> Goal | None:
        """The deciding metric's direction; None where there is neither."""
        return None if self.primary is None else self.metrics[self.primary].goal

    @property
    def unit(self) -> str:
        """The deciding metric's unit; empty where there is none."""
        return "" if self.primary is None else self.metrics[self.primary].unit


def resolve_metrics(
    runs: tuple[Run, ...], configured: Mapping[str, MetricConfig], logged: frozenset[str]
) -> Dictionary:
    """Find the deciding metric and describe every metric of *runs*.

    Args:
        runs: The runs reported on.
        configured: What the user said, by name.
        logged: Names of metrics in all runs that were read, those left out included.

    Raises:
        UnknownMetricError: The user's metric is in no run that was read.
        ConfigError: A summary or limit cannot be applied.
    """
    counts = Counter(name for run in runs for name in run.metrics)
    primary, assumed = _find_primary(runs, configured, counts, logged)
    said = [name for name in configured if name in counts or name == primary]
    known = [name for name in sorted(counts) if look_up(name).kind is not None]
    order = dict.fromkeys([*([primary] if primary else []), *said, *known, *sorted(counts)])
    metrics = {name: _describe(name, configured.get(name), runs, logged) for name in order}
    metrics = _with_unique_labels(metrics)
    more = () if primary is None else metric_assumptions(metrics, primary, configured)
    return Dictionary(metrics, primary, (*assumed, *more))


def _find_primary(
    runs: tuple[Run, ...],
    configured: Mapping[str, MetricConfig],
    counts: Counter[str],
    logged: frozenset[str],
) -> tuple[str | None, tuple[Assumption, ...]]:
    wanted = next((metric.name for metric in configured.values() if metric.primary), None)
    if wanted is not None:
        if wanted not in logged and logged:
            near = difflib.get_close_matches(wanted, sorted(logged), n=3) or sorted(logged)[:10]
            found = "found " + ", ".join(repr(name) for name in near)
            raise UnknownMetricError(
                f"no run has the metric {wanted!r}",
                found=found,
                do="Name one of the metrics that were logged.",
            )
        return wanted, ()
    finished = [run for run in runs if run.status == "finished"] or list(runs)
    shared = Counter(name for run in finished for name in run.metrics) or counts
    least = 2 if len(runs) > 1 else 1
    common = [name for name in shared if shared[name] * 2 > len(finished)]
    candidates = common or [name for name in shared if shared[name] >= least]
    # how busy the machine was decides nothing while there is anything else
    candidates = [name for name in candidates if not name.startswith(SYSTEM_METRICS)] or candidates
    if not candidates:
        return None, (
            Assumption(
                "metric",
                message("No metric is common to the runs, so the report only counts them."),
                "--metric NAME",
            ),
        )
    chosen = min(candidates, key=lambda name: (name not in configured, *_preference(name, shared[name])))
    others = len(candidates) - 1
    rivals = [name for name in sorted(candidates) if name != chosen and look_up(name).kind in _QUALITY]
    why = _why_primary(chosen, rivals if len(rivals) <= MAX_RIVALS else [], is_only=others == 0)
    change = message("--metric NAME, or primary = true under [metrics.NAME]")
    return chosen, (Assumption("metric", why, change),)


def _why_primary(chosen: str, rivals: list[str], *, is_only: bool) -> str:
    """Say why this metric decides, and which others could have."""
    if is_only:
        return message(
            "The runs are judged by {metric}: it is the only metric that they share.", metric=chosen
        )
    if look_up(chosen).kind is None:
        template = mark(
            "The runs are judged by {metric}: the names of the shared metrics do not tell which one decides."
        )
        return message(template, metric=chosen)
    if rivals:
        return message(
            "The runs are judged by {metric}, not by {others}: of the metrics that most runs share, its name says "
            "most clearly that it measures quality.",
            metric=chosen,
            others=", ".join(rivals),
        )
    return message(
        "The runs are judged by {metric}: of the metrics that most runs share, its name says most clearly that it "
        "measures quality.",
        metric=chosen,
    )


def _preference(name: str, runs: int) -> tuple[int, int, int, int, str]:
    """Order candidates: quality before anything else, validation before training, a score before a loss."""
    known = look_up(name)
    kind = _KIND_ORDER[known.kind]
    quality = 0 if known.kind in _QUALITY else kind
    return (quality, _SPLIT_ORDER[known.split], kind, known.order, f"{-runs:012d}{name}")


def _describe(name: str, said: MetricConfig | None, runs: tuple[Run, ...], logged: frozenset[str]) -> Metric:
    said = said or MetricConfig(name)
    known = look_up(name)
    goal = said.goal or known.goal
    summary = " ".join((said.summary or "last").split())
    _check_summary(name, summary, goal, logged)
    if said.limit is not None and goal is None:
        raise ConfigError(
            "a limit needs a goal", where=f"metrics.{name}", do='Add goal = "maximize" or goal = "minimize".'
        )
    return Metric(
        name=name,
        label=said.label or label_of(name),
        unit=said.unit if said.unit is not None else _unit(name, known, runs),
        goal=goal,
        summary=summary,
        target=said.target,
        smallest_difference=said.smallest_difference,
        definition=said.definition or "",
        limit=said.limit,
    )


def _check_summary(name: str, summary: str, goal: Goal | None, logged: frozenset[str]) -> None:
    where = f"metrics.{name}.summary"
    other = AT_BEST.fullmatch(summary)
    if summary not in _PLAIN_SUMMARIES and other is None and not LAST_MEAN.fullmatch(summary):
        raise ConfigError(
            f"{summary!r} is no summary",
            where=where,
            found="there are last, best, min, max, mean of last 5, at best NAME",
        )
    if summary == "best" and goal is None:
        raise ConfigError(
            "best needs a goal",
            where=where,
            do='Add goal = "maximize" or goal = "minimize", or use min or max.',
        )
    if other is not None and other[1] not in logged and logged:
        near = difflib.get_close_matches(other[1], sorted(logged), n=3) or sorted(logged)[:10]
        found = "found " + ", ".join(repr(entry) for entry in near)
        raise UnknownMetricError(f"no run has the metric {other[1]!r}", where=where, found=found)


def _unit(name: str, known: KnownName, runs: tuple[Run, ...]) -> str:
    if not known.fraction:
        return known.unit
    finite = [run.metrics[name] for run in runs if name in run.metrics and run.metrics[name].finite]
    if finite and all(summary.min >= 0 and summary.max <= 1 for summary in finite):
        return "%"
    return known.unit


def _with_unique_labels(metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    counts = Counter(metric.label for metric in metrics.values())
    return {
        name: metric if counts[metric.label] == 1 else replace(metric, label=f"{metric.label} ({name})")
        for name, metric in metrics.items()
    }
