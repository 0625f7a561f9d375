"""Every run, one row each."""

from __future__ import annotations

import math
from collections.abc import Mapping

from reportgen.compose.freeze_inputs import WITHHELD
from reportgen.compose.numbers import pointer
from reportgen.compose.recipes.tried import value_text
from reportgen.compose.sentences import money
from reportgen.compose.story import Part, Story
from reportgen.compose.wording import STATUS_WORDS
from reportgen.document import (
    Badge,
    Cell,
    Column,
    Missing,
    NumberFormat,
    Row,
    Section,
    Table,
    Tone,
    phrase,
)
from reportgen.findings import RunRow
from reportgen.language import tr

PRINTED_RUNS = 12
"""Rows on paper and page; the workbook has all of them."""
PRINTED_BESIDE = 1
"""Metrics beside the deciding one that have a column on paper too: the set-ups' names need the room."""
SECONDS = NumberFormat("number", 1, unit="s")
_TONES: dict[str, tuple[Tone, str]] = {
    "finished": ("neutral", "●"),
    "failed": ("bad", "▼"),
    "interrupted": ("caution", "!"),
    "running": ("neutral", "○"),
    "pruned": ("neutral", "–"),
}


def status_badge(row: RunRow) -> Badge:
    """Say what became of a run, a finished one without a usable number included."""
    if row.diverged:
        return Badge(tr("no usable number"), "caution", "!")
    tone, sign = _TONES.get(row.status, ("neutral", "?"))
    return Badge(tr(STATUS_WORDS.get(row.status, row.status)), tone, sign)


def reason_cell(story: Story, row: RunRow) -> Cell:
    """Give the reason why a run ended as it did; withheld from the public."""
    if not row.reason:
        well = row.status == "finished" and not row.diverged
        return Missing(tr("none needed") if well else tr("none given"))
    return tr(WITHHELD) if story.public else row.reason


def runs(story: Story) -> Part | None:
    """Show all runs; None where there is none."""
    if not story.findings.rows:
        return None
    priced = any(row.cost is not None for row in story.findings.rows)
    table = Table(
        "runs",
        phrase("Runs, oldest first"),
        _columns(story, priced=priced),
        _rows(story, priced=priced),
        print_rows=PRINTED_RUNS,
    )
    return Part(Section("runs", phrase("Every run, whatever became of it"), tr("All runs"), (table,)))


def _columns(story: Story, *, priced: bool) -> tuple[Column, ...]:
    metrics = (
        Column(
            f"metric_{place}",
            story.metric_label(name).text,
            story.formats[name].value,
            metric.goal,
            field=pointer("values", name),
            detail=place > PRINTED_BESIDE,
        )
        for place, (name, metric) in enumerate(story.findings.metrics.items())
    )
    cost = (Column("cost", tr("Cost"), money(story), field="/cost"),) if priced else ()
    return (
        Column("run", tr("Run")),
        Column("setup", tr("Set-up")),
        *([Column("task", tr("Task"))] if _has_tasks(story) else []),
        Column("status", tr("Status")),
        *metrics,
        Column("seed", tr("Seed")),
        Column("started", tr("Started")),
        Column("duration", tr("Duration"), SECONDS, field="/duration_s"),
        *cost,
        Column("reason", tr("Reason"), detail=True),
        Column("name", tr("Name"), detail=True),
        Column("experiment", tr("Experiment"), detail=True),
    )


def _has_tasks(story: Story) -> bool:
    return any(row.task is not None for row in story.findings.rows)


def _rows(story: Story, *, priced: bool) -> tuple[Row, ...]:
    labels = {c.key: " ".join(c.label.split()) for c in story.findings.configurations}
    badges = {kind: status_badge(row) for row in story.findings.rows for kind in [(row.status, row.diverged)]}
    names, has_tasks = tuple(story.findings.metrics), _has_tasks(story)
    rows = []
    for place, row in enumerate(story.findings.rows):
        cells: list[Cell] = [
            row.id,
            labels.get(row.configuration, row.configuration),
            *([row.task or Missing(tr("none"))] if has_tasks else []),
            badges[row.status, row.diverged],
            *(_value(row.values, name) for name in names),
            Missing(tr("none")) if row.seed is None else value_text(row.seed),
            row.started or Missing(tr("unknown")),
            _measured(row.duration_s, tr("unknown")),
        ]
        if priced:
            cells.append(_measured(row.cost, tr("no price")))
        cells += [reason_cell(story, row), row.name, row.experiment]
        rows.append(Row(tuple(cells), ref=f"/rows/{place}"))
    return tuple(rows)


def _value(values: Mapping[str, float], name: str) -> Cell:
    value = values.get(name)
    if value is None:
        return Missing(tr("not logged"))
    if math.isnan(value):
        return Missing(tr("not a number"))
    return Missing(tr("infinite")) if math.isinf(value) else float(value)


def _measured(value: float | None, missing: str) -> Cell:
    return Missing(missing) if value is None or not math.isfinite(value) else float(value)
