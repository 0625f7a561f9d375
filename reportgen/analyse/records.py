"""The records of findings about single configurations and runs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyse.comparison import Sample
from reportgen.analyse.dictionary import look_up
from reportgen.analyse.items import counts_items, items_of
from reportgen.analyse.parameters import Parameters
from reportgen.analyse.statistics import Booleans, Floats, Moments, half_widths, wilson
from reportgen.analyse.table import Table
from reportgen.analyse.thresholds import CONFIDENCE
from reportgen.analyse.values import ABSENT, Canonical, show
from reportgen.findings import Configuration, Interval, Metric, MetricStatistics, RunRow

_NO_INTERVAL = {0: "none: no usable run", 1: "none: one run", 2: "none: two runs"}
_IDENTICAL = "none: identical runs"
_NOTHING = MetricStatistics(None, None, None, 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the configurations stand; entries in the order of the groups."""

    ranks: Sequence[int | None]
    leading: Booleans
    baseline: int | None
    shrunken: Floats | None = None
    """Means of the search runs, drawn towards their average; NaN where that cannot be done."""
    search: Moments | None = None
    """The deciding metric over the search runs, where some are set aside for fresh ones."""
    items: int | None = None
    """Test items, where the user tells their number."""


def statistics_of(sample: Sample) -> tuple[MetricStatistics, ...]:
    """Write out a metric's mean, spread and 95 % t interval for every configuration.

    An interval ends where the metric's scale ends: no accuracy or F1 lies above 1, no time below 0.
    """
    half = half_widths(sample.moments, 1.0 - CONFIDENCE)
    ends = scale_ends(sample.metric, sample.moments.mean)
    columns = zip(
        sample.moments.n.tolist(),
        sample.moments.mean.tolist(),
        sample.moments.spread.tolist(),
        half.tolist(),
        strict=True,
    )
    return tuple(
        MetricStatistics(
            mean=mean if math.isfinite(mean) else None,
            spread=spread if math.isfinite(spread) else None,
            interval=_interval(mean, width, ends),
            n=n,
        )
        for n, mean, spread, width in columns
    )


def scale_ends(metric: Metric, means: Floats) -> Interval:
    """Give the ends of a metric's scale: 0 and 1 for a share, 0 for a time or size, else none.

    A score such as F1 counts as a share where no configuration's mean lies beyond 1: some log it times 100.
    """
    known = look_up(metric.name)
    if known.fraction and metric.unit == "%":
        return 0.0, 1.0
    if known.share and not np.any((means < 0) | (means > 1)):
        return 0.0, 1.0
    return (0.0 if known.never_negative else -math.inf), math.inf


def _interval(mean: float, width: float, ends: Interval) -> Interval | None:
    """Cut the interval where the scale ends, unless the mean itself lies beyond."""
    low, high = mean - width, mean + width
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    if ends[0] <= mean <= ends[1]:
        return max(low, ends[0]), min(high, ends[1])
    return low, high


def configuration_records(
    table: Table, samples: Mapping[str, Sample], primary: str | None, standing: Standing
) -> tuple[Configuration, ...]:
    """Write out every configuration, in the order of the groups."""
    columns = {name: statistics_of(sample) for name, sample in samples.items()}
    flat = (
        samples[primary].moments.flat if primary is not None else np.zeros(len(table.groups), dtype=np.bool_)
    )
    chances = _chances(table)
    items = _items(table, samples, primary, standing)
    records = []
    for number, group in enumerate(table.groups):
        counts = Counter([table.outcomes[index] for index in group.members])
        own = columns[primary][number] if primary is not None else _NOTHING
        tested, items_interval = items.get(number, (None, None))
        records.append(
            Configuration(
                key=group.key,
                label=group.label,
                params=group.params,
                run_ids=tuple([table.runs[index].id for index in group.members]),
                n=own.n,
                started=len(group.members),
                failed=counts["failed"],
                diverged=counts["diverged"],
                unfinished=counts["interrupted"] + counts["running"],
                values=()
                if primary is None
                else tuple([table.values[i][primary] for i in table.usable(group)]),
                mean=own.mean,
                spread=own.spread,
                interval=own.interval,
                interval_method=_interval_method(own, flat=bool(flat[number])),
                rank=standing.ranks[number],
                leading=bool(standing.leading[number]),
                baseline=number == standing.baseline,
                metrics={name: column[number] for name, column in columns.items() if column[number].n},
                pruned=counts["pruned"],
                without_value=counts["without_value"],
                set_aside=counts["set_aside"],
                search_mean=_known(None if standing.search is None else standing.search.mean, number)
                if number in table.fresh
                else None,
                shrunken=None if number in table.fresh else _known(standing.shrunken, number),
                success_interval=chances[number],
                test_items=tested,
                items_interval=items_interval,
            )
        )
    return tuple(records)


def _known(column: Floats | None, number: int) -> float | None:
    value = math.nan if column is None else float(column[number])
    return value if math.isfinite(value) else None


def _chances(table: Table) -> list[Interval | None]:
    """Give each configuration's Wilson interval of the chance that a run gives a result."""
    ended, failed = table.failures()
    low, high = wilson((ended - failed).astype(np.float64), ended.astype(np.float64))
    return [
        (least, most) if count else None
        for least, most, count in zip(low.tolist(), high.tolist(), ended.tolist(), strict=True)
    ]


def _items(
    table: Table, samples: Mapping[str, Sample], primary: str | None, standing: Standing
) -> dict[int, tuple[int, Interval]]:
    """Give single runs the Wilson interval from their test items, where the metric counts items."""
    if primary is None or (standing.items is None and not counts_items(samples[primary].metric)):
        return {}
    sample, found = samples[primary], {}
    for number in np.flatnonzero(sample.moments.n == 1).tolist():
        run = table.runs[table.usable(table.groups[number])[0]]
        tested = standing.items or items_of(run, sample.metric)
        share = float(sample.moments.mean[number])
        if tested is not None and 0.0 <= share <= 1.0:
            low, high = wilson(np.array([share * tested]), np.array([float(tested)]))
            found[number] = tested, (float(low[0]), float(high[0]))
    return found


def _interval_method(own: MetricStatistics, *, flat: bool) -> str:
    if own.interval is not None and own.mean is not None:
        below, above = own.mean - own.interval[0], own.interval[1] - own.mean
        return (
            "t"
            if math.isclose(below, above, rel_tol=1e-6, abs_tol=1e-300)
            else "t, cut at the end of the scale"
        )
    return _NO_INTERVAL.get(own.n, _IDENTICAL if flat else "none: the numbers are too large")


def run_rows(
    table: Table,
    parameters: Parameters,
    costs: Sequence[float | None],
    courses: Mapping[str, tuple[float, ...]],
    tasks: Sequence[Canonical] | None = None,
) -> tuple[RunRow, ...]:
    """Write out every run, in order of start; *courses* by run id, where points were read, *tasks* as declared."""
    key_of = {index: group.key for group in table.groups for index in group.members}
    return tuple(
        RunRow(
            id=run.id,
            name=run.name,
            experiment=run.experiment,
            configuration=key_of[index],
            status=run.status,
            diverged=table.outcomes[index] == "diverged",
            reason=run.reason,
            seed=None if parameters.seed is None else run.params.get(parameters.seed),
            started=run.started,
            duration_s=run.duration_s,
            values=table.values[index],
            cost=costs[index],
            course=courses.get(run.id, ()),
            task=None if tasks is None or tasks[index] == ABSENT else show(tasks[index][1]),
        )
        for index, run in enumerate(table.runs)
    )
