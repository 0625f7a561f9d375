"""All runs with their numbers and outcomes, grouped: what every question after grouping reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyse.comparison import Sample
from reportgen.analyse.configurations import Group
from reportgen.analyse.outcomes import FAILURES, PENDING, Outcome
from reportgen.analyse.statistics import Floats, Moments, moments
from reportgen.findings import Metric
from reportgen.runs import Run


@dataclass(frozen=True, slots=True)
class Table:
    """Runs in order of start, one entry each in *values* and *outcomes*."""

    runs: tuple[Run, ...]
    values: tuple[Mapping[str, float], ...]
    outcomes: tuple[Outcome, ...]
    groups: tuple[Group, ...]

    def usable(self, group: Group) -> tuple[int, ...]:
        """Give the places of a configuration's usable runs, in order of start."""
        return tuple(index for index in group.members if self.outcomes[index] == "usable")

    def sample(self, metric: Metric) -> Sample:
        """Summarise a metric over the usable runs of every configuration, where it is finite."""
        column = [values.get(metric.name, np.nan) for values in self.values]
        return Sample(metric, self._moments(column), self.failure_shares())

    def durations(self) -> Moments:
        """Summarise the durations of every configuration's usable runs, in seconds."""
        return self._moments([np.nan if run.duration_s is None else run.duration_s for run in self.runs])

    def failure_shares(self) -> Floats:
        """Give, per configuration, the share of its ended runs that gave no usable number.

        Runs that still go on or were stopped on purpose are in neither part of the share.

        Shape: (configurations,); zero where no run has ended.
        """
        shares = np.zeros(len(self.groups))
        for number, group in enumerate(self.groups):
            outcomes = [self.outcomes[index] for index in group.members]
            ended = sum(outcome not in PENDING for outcome in outcomes)
            if ended:
                shares[number] = sum(outcome in FAILURES for outcome in outcomes) / ended
        return shares

    def _moments(self, column: Sequence[float]) -> Moments:
        numbers = np.asarray(column, dtype=np.float64)
        usable = np.array([outcome == "usable" for outcome in self.outcomes], dtype=np.bool_)
        kept = np.flatnonzero(usable & np.isfinite(numbers))
        group_of = np.zeros(len(self.runs), dtype=np.int64)
        for number, group in enumerate(self.groups):
            group_of[list(group.members)] = number
        return moments(group_of[kept], numbers[kept], len(self.groups))
