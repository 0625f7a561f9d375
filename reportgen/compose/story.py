"""What every recipe is given: findings, frozen numbers, formats, and the state that the report is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reportgen.compose.choosing import State, choose, focus_of, state_of, usable_of
from reportgen.compose.freeze import mean_of
from reportgen.compose.numbers import Frozen, pointer
from reportgen.compose.precision import MetricFormats, formats_of, reads_the_same
from reportgen.config.settings import Config
from reportgen.document import Label, Number, NumberFormat, Section, Sentence, told_apart
from reportgen.findings import Comparison, Configuration, Findings, GuardRail, Metric

Level = Literal["answer", "good", "bad", "caution", "info"]

HEADLINE_NAME = 48
"""Characters of a configuration's name in headlines and running text."""
CHART_NAME = 48
"""Characters of a configuration's name in charts and alt texts."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of the report's list of findings, or one of its caveats."""

    id: str
    """Its kind; `explanations.EXPLANATIONS` has a paragraph for it."""
    level: Level
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Part:
    """What a recipe gives: a section and the claims made in it."""

    section: Section
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """Findings with everything that wording them needs."""

    findings: Findings
    config: Config
    frozen: Frozen
    state: State
    formats: Mapping[str, MetricFormats]
    positions: Mapping[str, int]
    """Where each configuration stands in the list, by key."""
    comparisons: tuple[Comparison, ...]
    """Comparisons on the deciding metric, in the order of the configurations."""
    chosen: Configuration | None
    """The configuration that the answer is about (see `choose`)."""
    compared: Mapping[str, Comparison]
    """The comparisons by key."""
    guarded: Mapping[str, tuple[GuardRail, ...]]
    """The guard-rails of each configuration."""
    names: Mapping[str, str]
    """What sentences and charts call each configuration, by key: no two are called alike."""
    metric_names: Mapping[str, str]
    """The same for metrics, by their names."""

    @property
    def public(self) -> bool:
        """Whether people outside may read it."""
        return self.config.audience == "public"

    @property
    def metric(self) -> Metric:
        """The deciding metric.

        Raises:
            KeyError: There is none; the state says so first.
        """
        return self.findings.metrics[self.findings.primary or ""]

    @property
    def metric_name(self) -> Label:
        """The deciding metric as people call it."""
        return self.metric_label(self.metric.name)

    @property
    def primary_formats(self) -> MetricFormats:
        """Formats of the deciding metric."""
        return self.formats[self.metric.name]

    @property
    def top(self) -> str:
        """The word for the good end of the deciding metric."""
        return "lowest" if self.metric.goal == "minimize" else "highest"

    def metric_label(self, name: str) -> Label:
        """Give any metric as people call it."""
        return Label(self.metric_names[name], pointer("metrics", name, "label"))

    def at(self, key: str) -> str:
        """Give the pointer of a configuration."""
        return pointer("configurations", self.positions[key])

    def name(self, key: str) -> Label:
        """Give a configuration as people call it: cut where it is long, everywhere in the same way."""
        return Label(self.names[key], self.at(key) + "/label")

    def mean(self, key: str) -> Number:
        """Give a configuration's mean of the deciding metric."""
        return self.frozen.number(self.at(key) + "/mean", self.primary_formats.value)

    def number(self, key: str, field: str, how: NumberFormat) -> Number:
        """Give any frozen number of a configuration."""
        return self.frozen.number(self.at(key) + field, how)

    def metric_mean(self, key: str, metric: str) -> Number:
        """Give a configuration's mean of any metric."""
        return self.number(key, self.mean_field(metric), self.formats[metric].value)

    def mean_field(self, metric: str) -> str:
        """Give the pointer of a metric's mean inside a configuration."""
        return "/mean" if metric == self.findings.primary else pointer("metrics", metric, "mean")

    def has_mean(self, key: str, metric: str) -> bool:
        """Tell whether a configuration has a finite mean of a metric."""
        return (
            mean_of(self.findings.configurations[self.positions[key]], metric, self.findings.primary)
            is not None
        )

    def comparison(self, key: str) -> Comparison | None:
        """Give a configuration's comparison with the baseline."""
        return self.compared.get(key)

    def rails(self, key: str) -> tuple[GuardRail, ...]:
        """Give a configuration's guard-rails."""
        return self.guarded.get(key, ())

    def breaks_limit(self, key: str) -> bool:
        """Tell whether a configuration breaks a guard-rail for sure."""
        return any(rail.state == "broken" for rail in self.rails(key))

    @property
    def usable(self) -> tuple[Configuration, ...]:
        """Configurations with a result, in the order of the list."""
        return usable_of(self.findings)

    @property
    def repeats_identical(self) -> bool:
        """Whether there are repeated set-ups, and each gave the same number every time."""
        repeated = [c for c in self.usable if c.n > 1]
        return bool(repeated) and all(max(c.values) == min(c.values) for c in repeated)

    @property
    def luck_unknown(self) -> bool:
        """Whether every repeated set-up gave the same number each time, though set-ups differ."""
        return self.repeats_identical and len({c.mean for c in self.usable}) > 1

    @property
    def has_tasks(self) -> bool:
        """Whether set-ups were run on several tasks, so that a set-up's runs are no mere repeats."""
        if self.config.compare.task is None:
            return False
        return len({row.task for row in self.findings.rows if row.task is not None}) > 1

    def unless_tasks(self, template: str, over_tasks: str) -> str:
        """Choose the words of two that fit: the second ones where set-ups were run on several tasks."""
        return over_tasks if self.has_tasks else template

    def gap_never_varies(self, comparison: Comparison) -> bool:
        """Whether nothing varies only within pairs of runs: the runs themselves do."""
        both = (self.findings.configuration(key) for key in (comparison.key, comparison.baseline))
        paired = self.config.compare.paired and comparison.reason == "no_variation"
        return paired and any(len(set(configuration.values)) > 1 for configuration in both)

    @property
    def nothing_finished(self) -> bool:
        """Whether there are runs, and none of them got to its end."""
        runs = self.findings.runs
        return runs.total > 0 and not runs.by_status.get("finished", 0)

    @property
    def is_unfinished(self) -> bool:
        """Whether a planned sweep still lacks runs."""
        runs = self.findings.runs
        done = runs.total - runs.by_status.get("running", 0)
        return runs.planned is not None and done < runs.planned

    @property
    def focus(self) -> str | None:
        """Key of the configuration that stands out in tables and charts; None if none should."""
        return focus_of(self.chosen, self.state)

    def read_alike(self, first: Configuration, second: Configuration) -> bool:
        """Tell whether two means print alike, so that words must not put one first."""
        if first.mean is None or second.mean is None:
            return False
        return reads_the_same(first.mean, second.mean, self.primary_formats.value)


def tell(findings: Findings, config: Config, frozen: Frozen) -> Story:
    """Gather what the recipes need."""
    positions = {c.key: place for place, c in enumerate(findings.configurations)}
    own = [c for c in findings.comparisons if c.metric == findings.primary]
    own.sort(key=lambda c: positions.get(c.key, len(positions)))
    state = state_of(findings)
    guarded: dict[str, tuple[GuardRail, ...]] = {}
    for rail in findings.guard_rails:
        guarded[rail.key] = (*guarded.get(rail.key, ()), rail)
    return Story(
        findings,
        config,
        frozen,
        state,
        formats_of(findings),
        positions,
        tuple(own),
        choose(findings, state),
        {c.key: c for c in own},
        guarded,
        _called({c.key: c.label for c in findings.configurations}, HEADLINE_NAME),
        _called({name: metric.label for name, metric in findings.metrics.items()}, CHART_NAME),
    )


def _called(labels: Mapping[str, str], limit: int) -> Mapping[str, str]:
    cut = told_apart(tuple(labels.values()), lambda text: len(text) <= limit)
    return dict(zip(labels, cut, strict=True))
