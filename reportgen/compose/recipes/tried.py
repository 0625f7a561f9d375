"""What was tried: settings and their values, and what stayed the same."""

from __future__ import annotations

import json
from typing import Any

from reportgen.compose.numbers import shorten
from reportgen.compose.story import Claim, Part, Story
from reportgen.document import (
    INTEGER,
    Block,
    Cell,
    Column,
    Missing,
    NumberFormat,
    Paragraph,
    Row,
    Section,
    Sentence,
    Table,
    join_sentences,
    phrase,
    phrases,
)
from reportgen.language import tr, with_minus

MAX_VALUES = 12
"""Values of one setting that a cell lists."""
PRINTED_SETUPS = 15
"""Rows of the settings table on paper; the comparison names the set-ups all the same."""
DASH = "\N{EN DASH}"


def tried(story: Story) -> Part | None:
    """Show what was varied; None without a single parameter."""
    findings = story.findings
    if not findings.varied and not findings.constant:
        return None
    blocks: list[Block] = []
    said = _said(story)
    blocks.append(Paragraph(said))
    if findings.varied:
        blocks.append(_varied(story))
        blocks.append(_setups(story))
    if findings.constant:
        blocks.append(_constant(story))
    claims = (Claim("tried", "info", said),)
    return Part(Section("tried", phrase("What was tried"), tr("What was tried"), tuple(blocks)), claims)


def _said(story: Story) -> Sentence:
    frozen = story.frozen
    setups, total = frozen.number("/counts/configurations"), frozen.number("/runs/total")
    if not total.value:
        return phrase("Nothing was tried: there are no runs.")
    runs = phrases("{n} run", "{n} runs", n=total)
    if not story.findings.varied:
        return phrases(
            "{n} set-up was tried in {runs}; no setting was varied.",
            "{n} set-ups were tried in {runs}; no setting was varied.",
            n=setups,
            runs=runs,
        )
    tried_in = phrases(
        "{n} set-up was tried in {runs}.", "{n} set-ups were tried in {runs}.", n=setups, runs=runs
    )
    fewer = frozen.number("/counts/with_fewer_runs")
    if fewer.value:
        usual = frozen.number("/counts/usual_runs")
        uneven = phrases(
            "Most have {usual} runs, {n} has fewer.",
            "Most have {usual} runs, {n} have fewer.",
            n=fewer,
            usual=usual,
        )
        tried_in = join_sentences([tried_in, uneven])
    if setups.value == 1:
        return tried_in
    settings = frozen.number("/counts/settings")
    differ = phrases("{n} setting differs between them.", "{n} settings differ between them.", n=settings)
    return join_sentences([tried_in, differ])


def value_text(value: Any) -> str:
    """Write a parameter's value as a person would type it."""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if value is None:
        return tr("none")
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, int | float):
        return with_minus(f"{value:.10g}" if isinstance(value, float) else str(value))
    return str(value)


def distinct(values: list[Any]) -> list[Any]:
    """Give the distinct values, numbers by size before everything else by its text."""
    numbers = sorted({v for v in values if isinstance(v, int | float) and not isinstance(v, bool)})
    rest = {value_text(v) for v in values if not isinstance(v, int | float) or isinstance(v, bool)}
    return [*numbers, *sorted(rest)]


def _varied(story: Story) -> Table:
    rows = []
    for name in story.findings.varied:
        values = [c.params[name] for c in story.findings.configurations if name in c.params]
        texts = [value_text(v) for v in distinct(values)]
        shown = ", ".join(shorten(t, 60) for t in texts[:MAX_VALUES])
        if len(texts) > MAX_VALUES:
            shown = tr("{values}, and more", values=shown)
        rows.append(Row((name, len(texts), shown)))
    columns = (
        Column("setting", tr("Setting")),
        Column("different", tr("Different values"), INTEGER),
        Column("values", tr("Values tried")),
    )
    return Table("settings_varied", phrase("Settings that were varied"), columns, tuple(rows))


def _setups(story: Story) -> Table:
    """One row a configuration: its parameters, each in its own column, and its runs."""
    names = story.findings.varied
    parameters = [Column(f"setting_{i}", name, _column_format(story, name)) for i, name in enumerate(names)]
    columns = (
        Column("setup", tr("Set-up")),
        *parameters,
        Column("started", tr("Runs started"), INTEGER, field="/started"),
        Column("usable", tr("Runs with a result"), INTEGER, field="/n"),
        Column("key", tr("Short id"), detail=True),
    )
    rows = tuple(
        Row(
            (
                " ".join(c.label.split()),
                *(_parameter(c.params, name) for name in names),
                c.started,
                c.n,
                c.key,
            ),
            "baseline" if c.baseline else "neutral",
            story.at(c.key),
        )
        for c in story.findings.configurations
    )
    gaps = any(name not in c.params for c in story.findings.configurations for name in names)
    note = (
        phrase("Where a setting does not apply to a set-up, there is a dash, or it says so.")
        if gaps
        else None
    )
    return Table("setups", phrase("Set-ups and their settings"), columns, rows, note, PRINTED_SETUPS)


def _column_format(story: Story, name: str) -> NumberFormat | None:
    """Format a parameter's column if all of its values are numbers: as they were typed."""
    values = [c.params[name] for c in story.findings.configurations if name in c.params]
    if not values or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return None
    return NumberFormat("general")


def _parameter(params: Any, name: str) -> Cell:
    if name not in params:
        return Missing(tr("does not apply"), short=DASH)
    value = params[name]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return value_text(value)


def _constant(story: Story) -> Table:
    rows = tuple(Row((name, value_text(value))) for name, value in story.findings.constant.items())
    columns = (Column("setting", tr("Setting")), Column("value", tr("Value")))
    return Table("settings_constant", phrase("Settings that stayed the same"), columns, rows)
