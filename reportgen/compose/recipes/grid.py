"""Two settings against each other: one table of all results, shaded by how good they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from reportgen.compose.numbers import shorten
from reportgen.compose.recipes.tried import distinct, value_text
from reportgen.compose.story import Story
from reportgen.document import Cell, Column, Label, Missing, NumberFormat, Row, Table, phrase, told_apart
from reportgen.findings import Configuration
from reportgen.language import mark, tr

FEWEST: Final = 2
MOST: Final = 10
"""Values of a setting; more columns would not fit a page."""
COVERED: Final = 0.75
"""Share of the grid's cells that must have been tried: a table of gaps shows nothing."""
NAME: Final = 24


def grid(story: Story) -> Table | None:
    """Show every set-up where exactly two settings were varied on a grid; None where they were not."""
    findings = story.findings
    if len(findings.varied) != 2 or story.metric.goal is None:
        return None
    values = {
        name: distinct([c.params[name] for c in findings.configurations if name in c.params])
        for name in findings.varied
    }
    down, across = sorted(findings.varied, key=lambda name: -len(values[name]))
    if not all(FEWEST <= len(found) <= MOST for found in values.values()):
        return None
    tried: dict[tuple[str, str], list[Configuration]] = {}
    for configuration in findings.configurations:
        key = tuple(value_text(configuration.params.get(name)) for name in (down, across))
        tried.setdefault((key[0], key[1]), []).append(configuration)
    size = len(values[down]) * len(values[across])
    if len(tried) < COVERED * size or any(len(found) > 1 for found in tried.values()):
        return None
    columns = (
        Column("down", shorten(down, NAME)),
        *(
            Column(f"value_{place}", name, _format(story))
            for place, name in enumerate(_named(across, values[across]))
        ),
    )
    rows = tuple(
        Row((name, *(_result(story, tried, one, other) for other in values[across])))
        for name, one in zip(_named(down, values[down]), values[down], strict=True)
    )
    title = phrase("{metric} by both settings", metric=story.metric_name)
    unit = story.primary_formats.value.heading_unit
    if unit:
        template = story.unless_tasks(
            mark("Averages of repeats, in {unit}. The darker, the better."),
            mark("Averages of all runs, in {unit}. The darker, the better."),
        )
        note = phrase(template, unit=Label(unit))
    else:
        template = story.unless_tasks(
            mark("Averages of repeats. The darker, the better."),
            mark("Averages of all runs. The darker, the better."),
        )
        note = phrase(template)
    return Table("settings_grid", title, columns, rows, note, heat=story.metric.goal)


def _named(name: str, values: Sequence[Any]) -> list[str]:
    """Name each value with its setting before it."""
    texts = told_apart([value_text(value) for value in values], lambda text: len(text) <= NAME)
    return [f"{shorten(name, NAME)} {text}" for text in texts]


def _result(story: Story, tried: dict[tuple[str, str], list[Configuration]], one: Any, other: Any) -> Cell:
    found = tried.get((value_text(one), value_text(other)))
    if not found:
        return Missing(tr("not tried"))
    if found[0].mean is None:
        return Missing(tr("no result"))
    return story.frozen.number(f"{story.at(found[0].key)}/mean", _format(story))


def _format(story: Story) -> NumberFormat:
    """Say no unit: behind the value of a setting it would look like that setting's."""
    return story.primary_formats.low
