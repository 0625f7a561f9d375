"""All runs with their numbers and outcomes, grouped: what every question after grouping reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from reportgen.analyse.comparison import Sample
from reportgen.analyse.configurations import Group
from reportgen.analyse.outcomes import FAILURES, PENDING, Outcome
from reportgen.analyse.results import Results, collect
from reportgen.analyse.statistics import Integers, Moments
from reportgen.findings import Metric
from reportgen.runs import Run


@dataclass(frozen=True, slots=True)
class Table:
    """Runs in order of start, one entry each in *values*, *outcomes* and *seeds*."""

    runs: tuple[Run, ...]
    values: tuple[Mapping[str, float], ...]
    outcomes: tuple[Outcome, ...]
    groups: tuple[Group, ...]
    seeds: Integers | None = None
    """A number for each run's seed, -1 for none; None: runs are not paired by their seeds."""
    fresh: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """Configurations on which fresh runs alone decide, with the places of these runs."""

    def usable(self, group: Group) -> tuple[int, ...]:
        """Give the places of a configuration's usable runs, in order of start."""
        return tuple(index for index in group.members if self.outcomes[index] == "usable")

    def sample(self, metric: Metric) -> Sample:
        """Summarise a metric over the usable runs of every configuration, where it is finite."""
        column = [values.get(metric.name, np.nan) for values in self.values]
        results = self._results(column, self.seeds)
        ended, failed = self.failures()
        return Sample(metric, results, results.moments(), ended, failed)

    def moments_of(self, metric: str) -> Moments:
        """Summarise a metric, whatever its direction, over the usable runs of every configuration."""
        return self._results([values.get(metric, np.nan) for values in self.values], None).moments()

    def durations(self) -> Moments:
        """Summarise the durations of every configuration's usable runs, in seconds."""
        column = [np.nan if run.duration_s is None else run.duration_s for run in self.runs]
        return self._results(column, None).moments()

    def failures(self) -> tuple[Integers, Integers]:
        """Count, per configuration, the runs that have ended, and those of them without a usable number.

        Runs that still go on or were stopped on purpose are in neither; nor, where fresh runs decide,
        are those of the search.

        Shape: (configurations,) each.
        """
        group_of = self.group_of()
        counted = np.ones(len(self.runs), dtype=np.bool_)
        for number, fresh in self.fresh.items():
            counted[[index for index in self.groups[number].members if index not in fresh]] = False
        failed = np.array([outcome in FAILURES for outcome in self.outcomes], dtype=np.bool_)
        ended = np.array([outcome not in PENDING for outcome in self.outcomes], dtype=np.bool_)
        return self._count(group_of[counted & ended]), self._count(group_of[counted & failed])

    def _count(self, numbers: Integers) -> Integers:
        return np.bincount(numbers, minlength=len(self.groups)).astype(np.int64)

    def group_of(self) -> Integers:
        """Give the number of each run's configuration.

        Shape: (runs,).
        """
        numbers = np.repeat(np.arange(len(self.groups)), [len(group.members) for group in self.groups])
        found = np.zeros(len(self.runs), dtype=np.int64)
        found[[index for group in self.groups for index in group.members]] = numbers
        return found

    def _results(self, column: Sequence[float], seeds: Integers | None) -> Results:
        numbers = np.asarray(column, dtype=np.float64)
        usable = np.array([outcome == "usable" for outcome in self.outcomes], dtype=np.bool_)
        kept = np.flatnonzero(usable & np.isfinite(numbers)).astype(np.int64)
        own = None if seeds is None else seeds[kept]
        return collect(kept, self.group_of()[kept], numbers[kept], len(self.groups), own)
