"""What a comparison with any set-up is made of: averages, and the verdicts of all pairs worked out before.

No verdict is decided by a formula or a script: sheet and page look up what the analysis found for the two
that are picked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from reportgen.document import NumberFormat, Report, Table
from reportgen.language import tr
from reportgen.render.lookups import unique_names, with_its_unit

COMPARISON: Final = "comparison"
"""The table that compares all set-ups with the baseline, and its section."""
_PLAIN: Final = NumberFormat("number", 3)


@dataclass(frozen=True, slots=True)
class LiveMetric:
    """One metric that can be picked."""

    name: str
    label: str
    """With its unit."""
    factor: float
    """What a stored value is multiplied by to be shown: 100 for a fraction in percent."""
    sign: int
    """1 where higher is better, -1 where lower is."""
    smallest: float | None
    target: float | None
    format: NumberFormat
    """Of its average, as the report's own comparison has it."""

    @property
    def shown(self) -> NumberFormat:
        """The format of an average as the model holds it: a share is already in percent, its unit in the label."""
        return NumberFormat("number", self.format.decimals)


@dataclass(frozen=True, slots=True)
class PairRow:
    """The verdict of one set-up against another, on one metric; places count from 1."""

    metric: int
    against: int
    setup: int
    difference: float | None
    """Positive is better, as shown."""
    verdict: str
    """A word with its sign."""


@dataclass(frozen=True, slots=True)
class LiveModel:
    """Everything that the live sheets hold."""

    setups: tuple[str, ...]
    """Names, best first."""
    choices: tuple[int, ...]
    """Places of those that all others were compared with."""
    metrics: tuple[LiveMetric, ...]
    values: tuple[tuple[float | None, ...], ...]
    """As shown; one row a set-up, one value a metric."""
    pairs: tuple[PairRow, ...]
    baseline: int
    """Place of the one that is picked at first."""

    def verdicts(self) -> dict[tuple[int, int, int], str]:
        """Give the verdicts by metric, compared with, and set-up."""
        return {(pair.metric, pair.against, pair.setup): pair.verdict for pair in self.pairs}


def compared_model(report: Report) -> LiveModel | None:
    """Gather it from the frozen numbers; None where there is nothing to compare."""
    numbers = report.numbers
    configurations = [c for c in numbers.get("configurations", ()) if c.get("mean") is not None]
    metrics = _metrics(numbers, _formats(report))
    if len(configurations) < 2 or not metrics or not numbers.get("pairs"):
        return None
    places = {c["key"]: place for place, c in enumerate(configurations, 1)}
    pairs = tuple(_pairs(numbers, metrics, places))
    if not pairs:
        return None
    # pairs of all with all are worked out up to a limit; above it a few are compared with every other one
    partners = Counter(pair.against for pair in pairs if pair.metric == 1)
    choices = tuple(place for place in places.values() if partners[place] == len(places) - 1)
    if not choices:
        return None
    own = next((places[c["key"]] for c in configurations if c.get("baseline")), choices[0])
    return LiveModel(
        tuple(" ".join(str(c["label"]).split()) for c in configurations),
        choices,
        metrics,
        tuple(tuple(_value(c, metric, numbers) for metric in metrics) for c in configurations),
        pairs,
        own,
    )


def named_model(report: Report, one_line: Callable[[str], str]) -> LiveModel | None:
    """Gather it with names that look-ups of a sheet find, each once; *one_line* makes a text fit for its cells."""
    model = compared_model(report)
    if model is None:
        return None
    labels = unique_names([with_its_unit(one_line(metric.label)) for metric in model.metrics])
    metrics = tuple(replace(m, label=label) for m, label in zip(model.metrics, labels, strict=True))
    return replace(model, setups=unique_names([one_line(name) for name in model.setups]), metrics=metrics)


def _formats(report: Report) -> dict[str, NumberFormat]:
    """Give the formats of the report's own comparison, by the field that a column shows."""
    return {
        column.field: column.format
        for block in report.blocks()
        if isinstance(block, Table) and block.id == COMPARISON
        for column in block.columns
        if column.format is not None
    }


def _metrics(numbers: Mapping[str, Any], formats: Mapping[str, NumberFormat]) -> tuple[LiveMetric, ...]:
    primary = numbers.get("primary")
    named = sorted(numbers.get("metrics", {}).items(), key=lambda entry: entry[0] != primary)
    found = []
    for name, metric in named:
        if metric.get("goal") is None:
            continue
        factor = 100.0 if metric.get("unit") == "%" else 1.0
        unit = f" ({metric['unit'] or tr('no unit')})"
        sign = 1 if metric["goal"] == "maximize" else -1
        limits = [
            None if metric.get(key) is None else metric[key] * factor
            for key in ("smallest_difference", "target")
        ]
        escaped = name.replace("~", "~0").replace("/", "~1")
        how = formats.get("/mean" if name == primary else f"/metrics/{escaped}/mean") or _PLAIN
        label = f"{' '.join(metric['label'].split())}{unit}"
        smallest, target = limits
        found.append(LiveMetric(name, label, factor, sign, smallest, target, how))
    return tuple(found)


def _value(configuration: Mapping[str, Any], metric: LiveMetric, numbers: Mapping[str, Any]) -> float | None:
    if metric.name == numbers.get("primary"):
        value = configuration["mean"]
    else:
        value = (configuration.get("metrics", {}).get(metric.name) or {}).get("mean")
    return None if value is None else float(value) * metric.factor


def _pairs(
    numbers: Mapping[str, Any], metrics: Sequence[LiveMetric], places: Mapping[str, int]
) -> Iterator[PairRow]:
    """Give each pair both ways round; the report's own comparisons first, for their verdicts count."""
    words = numbers.get("verdict_words", {})
    numbered = {metric.name: (place, metric) for place, metric in enumerate(metrics, 1)}
    seen: set[tuple[int, int, int]] = set()
    for pair in (*numbers.get("comparisons", ()), *numbers["pairs"]):
        if pair["metric"] not in numbered or not {pair["key"], pair["baseline"]} <= places.keys():
            continue
        place, metric = numbered[pair["metric"]]
        ends = places[pair["baseline"]], places[pair["key"]]
        if (place, *ends) in seen:
            continue
        seen |= {(place, *ends), (place, *ends[::-1])}
        gap = None if pair["difference"] is None else pair["difference"] * metric.factor
        turned = pair["other_way"]
        yield PairRow(place, *ends, gap, words.get(pair["verdict"], pair["verdict"]))
        yield PairRow(place, *ends[::-1], None if gap is None else -gap, words.get(turned, turned))
