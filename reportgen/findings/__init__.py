"""Findings: every number of a report, computed once by `analyse`, frozen, unformatted.

The tree is the one that ``<slug>.json`` publishes (design: the frozen numbers). Differences and
their intervals are improvements: positive is better, whatever the metric's goal. Units are the
metric's own (0.02 accuracy is 0.02, not 2 %); durations are in seconds, money in the currency.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from reportgen.findings.changes import CHANGE_KINDS as CHANGE_KINDS
from reportgen.findings.changes import Change as Change
from reportgen.findings.changes import Changes as Changes
from reportgen.findings.comparison import Comparison as Comparison
from reportgen.findings.comparison import Interval as Interval
from reportgen.findings.comparison import Reason as Reason
from reportgen.findings.comparison import Sureness as Sureness
from reportgen.findings.comparison import Verdict as Verdict
from reportgen.findings.effort import Effort as Effort
from reportgen.findings.history import Period as Period
from reportgen.findings.history import Trend as Trend
from reportgen.findings.importance import Branch as Branch
from reportgen.findings.importance import Importance as Importance
from reportgen.findings.importance import ImportanceMethod as ImportanceMethod
from reportgen.findings.importance import Interaction as Interaction
from reportgen.findings.importance import ParameterShare as ParameterShare
from reportgen.findings.importance import Refusal as Refusal
from reportgen.findings.luck import Collapse as Collapse
from reportgen.findings.luck import Luck as Luck
from reportgen.findings.pace import CurveDoubt as CurveDoubt
from reportgen.findings.pace import Pace as Pace
from reportgen.findings.pace import PaceReason as PaceReason
from reportgen.findings.summaries import AT_BEST as AT_BEST
from reportgen.findings.summaries import LAST_MEAN as LAST_MEAN
from reportgen.findings.tasks import TaskFindings as TaskFindings
from reportgen.findings.tasks import TaskStanding as TaskStanding
from reportgen.findings.trade_off import TradeOff as TradeOff

Goal = Literal["maximize", "minimize"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that was not said and had to be assumed, with the way to say it."""

    what: str
    """``metric``, ``goal``, ``unit``, ``parameters``, ``seed``, ``baseline``, ``summary``, ..."""
    why: str
    """One sentence: what was assumed and from what."""
    change: str
    """How to change it: an option or a line of reportgen.toml."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of the metrics dictionary, resolved: from the configuration or the published table."""

    name: str
    label: str
    unit: str
    """``%`` (stored as a fraction, shown times 100), ``s``, ``ms``, ``MB``, ... or empty."""
    goal: Goal | None
    """None: direction unknown, hence no ranking and no verdict by it."""
    summary: str
    """Which of its values stands for a run: ``last``, ``best``, ``min``, ``max``, ``mean of last k``,
    ``at best OTHER``."""
    target: float | None
    smallest_difference: float | None
    definition: str
    limit: float | None = None
    """A guard-rail: the metric must not be worse than this."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as the tables show it."""

    id: str
    name: str
    experiment: str
    configuration: str
    """Key of its configuration."""
    status: str
    diverged: bool
    """Finished, but the deciding metric is not finite (a finding, never a status of the file)."""
    reason: str
    seed: Any
    started: datetime | None
    duration_s: float | None
    values: Mapping[str, float]
    """The metric's one number by metric name; NaN and infinities kept, absent if never logged."""
    cost: float | None = None
    course: tuple[float, ...] = ()
    """The deciding metric during the run, a few values at even distances with the extremes kept; empty
    where its points were not read."""
    task: str | None = None
    """What it was tried on; None where no task was declared, or it names none."""


@dataclass(frozen=True, slots=True)
class MetricStatistics:
    """A metric over the usable runs of one configuration."""

    mean: float | None
    spread: float | None
    """Standard deviation (n - 1); None below two runs."""
    interval: Interval | None
    """95 % t interval of the mean; None below three runs."""
    n: int


@dataclass(frozen=True, slots=True)
class Configuration:
    """Runs that are equal in every parameter but the seed."""

    key: str
    """Stable short id made from the parameters, such as ``c-1f3a9c``."""
    label: str
    """What people call it: the parameters that tell it apart, ``mlp (hidden 64)``."""
    params: Mapping[str, Any]
    """The parameters that configurations are told apart by (``compare.by``)."""
    run_ids: tuple[str, ...]
    """All of its runs, failed ones included."""
    n: int
    """Usable runs: finished, with a finite value of the primary metric."""
    started: int
    """All runs, whatever became of them."""
    failed: int
    diverged: int
    unfinished: int
    """Interrupted or still running."""
    values: tuple[float, ...]
    """The primary metric, one number a usable run, in order of start."""
    mean: float | None
    spread: float | None
    interval: Interval | None
    interval_method: str
    """``t``, ``t, cut at the end of the scale``, or ``none: one run`` / ``none: two runs`` /
    ``none: no usable run`` / ``none: identical runs`` / ``none: the numbers are too large``."""
    rank: int | None
    """1 is best; None without a usable run or a direction, or on other data than the baseline (or, without
    one, than the best). Equal means share a rank."""
    leading: bool
    """Cannot be told from the best: part of the leading group, which ends, in order of rank, before the
    first configuration that is shown to be worse."""
    baseline: bool
    metrics: Mapping[str, MetricStatistics]
    pruned: int = 0
    """Stopped early on purpose: neither a result nor a failure."""
    without_value: int = 0
    """Finished without any value of the primary metric. This, n, failed, diverged, unfinished, pruned and
    set_aside add up to *started*."""
    set_aside: int = 0
    """Runs of the search with a result that do not count, because enough fresh runs confirm or refute it."""
    search_mean: float | None = None
    """Mean of the runs that are set aside: what the search made of it, flattered by having been picked."""
    shrunken: float | None = None
    """The mean of its search runs, drawn towards the average of all that were tried as far as luck makes
    likely (empirical Bayes); None for the baseline, and where luck cannot be judged."""
    success_interval: Interval | None = None
    """95 % Wilson interval of the chance that a run gives a result; None before one has ended."""
    test_items: int | None = None
    """Items that the one run was tested on, where the primary metric is a share of them."""
    items_interval: Interval | None = None
    """95 % Wilson interval for one run: uncertainty from the test items only, not from training again."""

    @property
    def no_number(self) -> int:
        """Runs that finished without a usable number: it is not finite, or was never logged."""
        return self.diverged + self.without_value


@dataclass(frozen=True, slots=True)
class GuardRail:
    """Whether a configuration keeps a metric's limit, by a one-sided 95 % bound."""

    key: str
    metric: str
    limit: float
    bound: float | None
    state: Literal["kept", "broken", "not_shown"]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One point of a configuration's learning curve over the runs that reach so far."""

    step: float
    mean: float
    """The median where the curve's band is of quartiles."""
    low: float
    high: float
    n: int
    """Runs that are there: fewer than all before the last has begun and after the first has ended."""


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """The primary metric over the steps of one configuration's usable runs."""

    key: str
    metric: str
    points: tuple[CurvePoint, ...]
    runs: int
    band: Literal["runs", "interval", "quartiles"] = "runs"
    """What low and high are: the lowest and highest run, the pointwise t interval of the mean, or quartiles
    around a median."""
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()
    """Each run's own line as (step, value), where there are few enough to be drawn one by one."""
    diverged: int = 0
    """Runs whose values stopped being finite: their lines end there."""
    over: str = "step"
    """What the points' steps are: ``step``, ``time`` in seconds since the run's start, or a metric's name."""
    smoothed: tuple[float, ...] = ()
    """The mean at each point, smoothed for the eye; empty where it is steady enough as it is."""
    doubt: CurveDoubt | None = None
    """Why nothing is said of its course; None where something may be."""
    gained: float | None = None
    """Improvement of the mean over the last fifth of the steps that all runs reach: positive is better."""
    improving: bool = False
    """Ends at its best, and gained enough to matter in the last fifth of its steps."""
    pace: Pace | None = None
    """How soon it got to where another curve ended; None where there is no other."""

    @property
    def whole(self) -> tuple[CurvePoint, ...]:
        """The points that all runs reach."""
        return tuple(
            point
            for point in self.points
            if point.n == self.runs and math.isfinite(point.mean) and math.isfinite(point.step)
        )

    @property
    def last(self) -> CurvePoint | None:
        """The last point that all runs reach, or the very last where they share none."""
        whole = [point for point in self.points if point.n == self.runs]
        return next(reversed(whole or self.points), None)


@dataclass(frozen=True, slots=True)
class RunCounts:
    """Where every run went; total = usable + diverged + without value + failed + interrupted + ..."""

    total: int
    by_status: Mapping[str, int]
    diverged: int
    without_value: int
    """Finished without any value of the primary metric."""
    usable: int
    excluded: tuple[tuple[str, str], ...]
    """(run id, reason): by --exclude, by filters, and runs that only started others; not in *total*."""
    skipped: tuple[tuple[str, str], ...]
    """(address, reason): could not be read; not in *total*."""
    points: int
    success_interval: Interval | None = None
    """95 % Wilson interval of the chance that a run gives a result; None before one has ended."""
    set_aside: int = 0
    """Of the usable: runs of the search that do not count, because fresh runs of their set-up do."""
    planned: int | None = None
    """Size of the sweep where the runs or the grid tell it: "12 of 40 so far"."""


@dataclass(frozen=True, slots=True)
class DataVersion:
    """One data set version and the number of runs that used it."""

    name: str
    version: str
    sha256: str
    source: str
    split: str
    rows: int | None
    runs: int


@dataclass(frozen=True, slots=True)
class CodeVersion:
    """One code version and the number of runs made with it."""

    commit: str
    branch: str
    dirty: bool | None
    entry_point: str
    runs: int


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A fact in which configurations differ from the one compared with, or which they do not tell."""

    place: str
    """``data``, ``split``, ``tag``, ``code`` or ``task``."""
    name: str
    kind: Literal["different", "unknown"]
    configurations: int
    compared: bool
    """Compared all the same, as the user asked."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What is wrong or mixed in the input, so that the reader hears of it."""

    notes: tuple[tuple[str, str, int], ...]
    """(run id, sentence, count) of faults in files that were read all the same."""
    data: tuple[DataVersion, ...]
    runs_without_data: int
    code: tuple[CodeVersion, ...]
    runs_without_code: int
    mixed_data: tuple[str, ...]
    """Names of the data sets that occur in several versions."""
    warnings: tuple[tuple[str, str], ...] = ()
    """(id, sentence): identical repeats, labels that differ in case only, and so on."""
    mixed_splits: tuple[str, ...] = ()
    """Names of the data sets that were split in several ways."""
    mismatches: tuple[Mismatch, ...] = ()
    """Why configurations are not compared with the baseline (without one, with the best)."""


@dataclass(frozen=True, slots=True)
class Environment:
    """How the runs were made: interpreter, platform, packages; values with the number of runs."""

    python: tuple[tuple[str, int], ...] = ()
    platform: tuple[tuple[str, int], ...] = ()
    packages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Findings:
    """All numbers of one report."""

    title: str
    assumed: tuple[Assumption, ...]
    digest: str
    sources: tuple[tuple[str, str, int], ...]
    """(address, kind, number of runs)."""
    runs: RunCounts
    metrics: Mapping[str, Metric]
    """By name, primary first."""
    primary: str | None
    seed: str | None
    varied: tuple[str, ...]
    """Parameters that tell configurations apart."""
    constant: Mapping[str, Any]
    """Parameters with one value in all runs."""
    configurations: tuple[Configuration, ...]
    """Best first; those without a rank last."""
    comparisons: tuple[Comparison, ...]
    pairs: tuple[Comparison, ...]
    guard_rails: tuple[GuardRail, ...]
    importance: Importance
    trade_off: TradeOff
    changes: Changes
    curves: tuple[LearningCurve, ...]
    """Of the first few configurations that have one."""
    history: tuple[Period, ...]
    quality: Quality
    effort: Effort
    environment: Environment
    rows: tuple[RunRow, ...]
    """All runs, by start."""
    newest: datetime | None
    """Time of the newest run's end: the report's data date."""
    thresholds: Mapping[str, float]
    """Every limit that a verdict depends on, by name, printed in the appendix."""
    tasks: TaskFindings = field(default_factory=TaskFindings)
    trend: Trend = field(default_factory=Trend)
    luck: Luck | None = None
    """What luck does for the best of the search; None where that cannot be said."""
    collapses: tuple[Collapse, ...] = ()
    """Usable runs far from the other repeats of their configuration."""
    curves_left_out: int = 0
    """Number of configurations with a learning curve that was not read."""

    def configuration(self, key: str) -> Configuration:
        """Find a configuration by its key (KeyError if there is none)."""
        for candidate in self.configurations:
            if candidate.key == key:
                return candidate
        raise KeyError(key)

    @property
    def baseline(self) -> Configuration | None:
        """The configuration that the others are compared with, if one was named."""
        return next((c for c in self.configurations if c.baseline), None)
