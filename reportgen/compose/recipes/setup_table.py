"""The table of set-ups: short on page one, with every column in the comparison."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from reportgen.compose.numbers import pointer
from reportgen.compose.story import Story
from reportgen.compose.wording import badge
from reportgen.document import Cell, Column, Missing, Number, NumberFormat, Row, Tone, range_format
from reportgen.findings import Configuration
from reportgen.language import tr

Read = Callable[[Configuration], Cell]


@dataclass(frozen=True, slots=True)
class Field:
    """A column and how its cell is read from a configuration."""

    column: Column
    read: Read


PRINTED_METRICS = 2
"""Metrics beside the deciding one that have a column on paper too."""
RATIO = NumberFormat("percent", 1, signed=True)
LEVEL = NumberFormat("percent", 1)
P_VALUE = NumberFormat("number", 4)


def cell(value: float | None, missing: Missing) -> Cell:
    """Give a number, or the reason why there is none."""
    if value is None or not math.isfinite(value):
        return missing
    return float(value)


def end_cell(
    ends: tuple[float, float] | None, end: int, how: NumberFormat, ref: str, missing: Missing
) -> Cell:
    """Give one end of a range: with finer digits than its column where both would read alike there.

    Args:
        ends: The range; without one the cell says *missing*.
        end: 0 for the lower end, 1 for the upper one.
        how: Format of the column.
        ref: Where this end stands in the frozen numbers.
        missing: Why there is no range.
    """
    if ends is None or not all(map(math.isfinite, ends)) or ends[0] == ends[1]:
        return cell(ends[end] if ends else None, missing)
    finer = range_format(*ends, how)
    if finer is None:
        return Missing(tr("hardly any range"))
    return float(ends[end]) if finer == how else Number(float(ends[end]), replace(finer, bare=True), ref)


def setup_column(story: Story | None = None) -> Field:
    """The name column; with *story*, very long names are cut as in its charts."""
    column = Column("setup", tr("Set-up"))
    if story is None:
        return Field(column, lambda c: " ".join(c.label.split()))
    return Field(column, lambda c: story.name(c.key).text)


def result_columns(story: Story) -> list[Field]:
    """The deciding metric's mean, and the gap to the baseline where there is one."""
    metric, formats = story.metric, story.primary_formats
    mean = Column("mean", story.metric_name.text, formats.value, goal=metric.goal, field="/mean")
    fields = [Field(mean, lambda c: cell(c.mean, _no_mean(c)))]
    if story.comparisons:
        gap = Column(
            "difference",
            tr("Difference"),
            formats.difference,
            "maximize",
            bar=True,
            field="/comparison/difference",
        )
        fields.append(Field(gap, lambda c: _compared(story, c, "difference")))
    return fields


def verdict_column(story: Story) -> list[Field]:
    """The verdict in a word with its sign; none where nothing is compared."""
    if not story.comparisons:
        return []
    return [Field(Column("verdict", tr("Verdict")), lambda c: _verdict(story, c))]


def repeats_column(story: Story, *, detail: bool = False) -> Field:
    """How many runs gave a result; over several tasks they are no repeats."""
    heading = tr("Runs") if story.has_tasks else tr("Repeats")
    column = Column("repeats", heading, NumberFormat(), field="/n", detail=detail)
    return Field(column, lambda c: c.n)


def metric_columns(story: Story, names: Sequence[str]) -> list[Field]:
    """One column of means for each further metric; all but the first ones may be left out on paper."""
    return [_metric_column(story, name, place) for place, name in enumerate(names)]


def _metric_column(story: Story, name: str, place: int) -> Field:
    metric, how = story.findings.metrics[name], story.formats[name].value
    column = Column(
        f"metric_{place}",
        story.metric_label(name).text,
        how,
        metric.goal,
        field=pointer("metrics", name, "mean"),
        detail=place >= PRINTED_METRICS,
    )

    def read(configuration: Configuration) -> Cell:
        statistics = configuration.metrics.get(name)
        return cell(statistics.mean if statistics else None, Missing(tr("not measured")))

    return Field(column, read)


def range_columns(story: Story) -> list[Field]:
    """The range of the mean, and the spread of single runs."""
    how = story.primary_formats.value
    return [
        Field(Column("low", tr("Range from"), how, field="/interval/0"), lambda c: _end(story, c, 0)),
        Field(Column("high", tr("Range to"), how, field="/interval/1"), lambda c: _end(story, c, 1)),
        Field(
            Column("spread", tr("Spread of runs"), story.primary_formats.size, field="/spread", detail=True),
            lambda c: cell(c.spread, _no_range(c)),
        ),
    ]


def gap_columns(story: Story) -> list[Field]:
    """The range of the gap, its relative size, and what the verdict rests on."""
    if not story.comparisons:
        return []
    how = story.primary_formats.difference
    numbers = (
        ("difference_low", tr("Difference from"), how, "interval/0", True),
        ("difference_high", tr("Difference to"), how, "interval/1", True),
        ("relative", tr("Relative difference"), RATIO, "relative", True),
        ("level", tr("Level of the range"), LEVEL, "level", True),
        ("p_value", tr("p-value"), P_VALUE, "p_value", True),
        ("p_adjusted", tr("Adjusted p-value"), P_VALUE, "p_adjusted", True),
    )
    return [
        Field(
            Column(key, heading, how_shown, field=f"/comparison/{path}", detail=detail),
            lambda c, path=path: _compared(story, c, path),  # type: ignore[misc]
        )
        for key, heading, how_shown, path, detail in numbers
    ]


def run_columns(story: Story) -> list[Field]:
    """What became of each configuration's runs, so that with the repeats they add up to those started.

    The last two kinds are rare: they have a column where there are such runs.
    """
    counts = [
        ("started", tr("Runs started"), "started"),
        ("failed", tr("Failed"), "failed"),
        ("diverged", tr("No usable number"), "no_number"),
        ("unfinished", tr("Unfinished"), "unfinished"),
    ]
    if any(c.pruned for c in story.findings.configurations):
        counts.append(("pruned", tr("Stopped early on purpose"), "pruned"))
    if any(c.set_aside for c in story.findings.configurations):
        counts.append(("set_aside", tr("Search runs set aside"), "set_aside"))
    return [
        Field(
            Column(key, heading, NumberFormat(), field=f"/{name}", detail=True),
            lambda c, name=name: int(getattr(c, name)),  # type: ignore[misc]
        )
        for key, heading, name in counts
    ]


def rows_of(
    story: Story, configurations: Sequence[Configuration], fields: Sequence[Field]
) -> tuple[Row, ...]:
    """Make the rows; the one that the answer is about and the baseline stand out."""
    return tuple(
        Row(tuple(field.read(c) for field in fields), tone_of(story, c), story.at(c.key))
        for c in configurations
    )


def tone_of(story: Story, configuration: Configuration) -> Tone:
    """Tell what a configuration is in the answer."""
    if configuration.baseline:
        return "baseline"
    if story.state == "no_baseline" and story.focus is not None:
        return "focus" if configuration.leading or configuration.key == story.focus else "neutral"
    return "focus" if configuration.key == story.focus else "neutral"


def _no_mean(configuration: Configuration) -> Missing:
    return Missing(tr("no result")) if configuration.started else Missing(tr("not run"))


def _no_range(configuration: Configuration) -> Missing:
    return {0: Missing(tr("no result")), 1: Missing(tr("one run")), 2: Missing(tr("two runs"))}.get(
        configuration.n, Missing(tr("no range"))
    )


def _end(story: Story, configuration: Configuration, end: int) -> Cell:
    how, ref = story.primary_formats.value, f"{story.at(configuration.key)}/interval/{end}"
    return end_cell(configuration.interval, end, how, ref, _no_range(configuration))


def _compared(story: Story, configuration: Configuration, path: str) -> Cell:
    if configuration.baseline:
        return Missing(tr("compared with"))
    comparison = story.comparison(configuration.key)
    if comparison is not None and comparison.verdict == "not_comparable":
        return Missing(tr("not comparable"))
    name, _, end = path.partition("/")
    value = getattr(comparison, name) if comparison else None
    if configuration.n == 0:
        missing = Missing(tr("no result"))
    elif not end:
        missing = Missing(tr("none"))
    else:
        few = comparison is None or comparison.reason == "too_few_runs"
        missing = Missing(tr("too few runs") if few else tr("no range"))
    if not end:
        return cell(value, missing)
    ref = f"{story.at(configuration.key)}/comparison/{path}"
    return end_cell(value, int(end), story.primary_formats.difference, ref, missing)


def _verdict(story: Story, configuration: Configuration) -> Cell:
    found = badge(
        story.comparison(configuration.key),
        baseline=configuration.baseline,
        breaks_limit=story.breaks_limit(configuration.key),
    )
    return found or Missing(tr("not compared"))
