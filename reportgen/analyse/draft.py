"""What a first ``reportgen.toml`` for these runs would hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.analyse.assembly import default_title, in_order
from reportgen.analyse.baseline import find_baseline
from reportgen.analyse.configurations import group_runs
from reportgen.analyse.metrics import resolve_metrics
from reportgen.analyse.parameters import find_parameters
from reportgen.config.settings import CompareConfig
from reportgen.errors import NothingToReportError
from reportgen.findings import Metric
from reportgen.runs import RunSet


@dataclass(frozen=True, slots=True)
class Draft:
    """Guesses for a user to confirm; whatever is not known is None or empty."""

    title: str
    primary: str | None
    metrics: tuple[Metric, ...]
    """The deciding one first; ``goal`` is None where the name does not tell."""
    varied: tuple[str, ...]
    seed: str | None
    baseline: Mapping[str, Any] | None
    """Parameter values of the one configuration that is called a baseline."""


def draft_config(runs: RunSet) -> Draft:
    """Guess what can be guessed from the runs alone.

    Raises:
        NothingToReportError: There are no runs.
    """
    if not runs.runs:
        raise NothingToReportError("there are no runs to look at", do="Log a run first.")
    ordered = in_order(runs.runs)
    logged = frozenset(name for run in ordered for name in run.metrics)
    dictionary = resolve_metrics(ordered, {}, logged)
    parameters = find_parameters(ordered, CompareConfig(), ())
    groups = group_runs(ordered, parameters)
    baseline, _ = find_baseline(ordered, groups, parameters, None)
    return Draft(
        title=default_title(ordered),
        primary=dictionary.primary,
        metrics=tuple(dictionary.metrics.values()),
        varied=parameters.varied,
        seed=parameters.seed,
        baseline=None if baseline is None else dict(groups[baseline].params),
    )
