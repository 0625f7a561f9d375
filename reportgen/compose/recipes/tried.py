"""What was tried: settings and their values, what stayed the same, and which settings mattered."""

from __future__ import annotations

import json
from typing import Any

from reportgen.compose.numbers import pointer, shorten
from reportgen.compose.recipes.dots import shortest
from reportgen.compose.story import Claim, Part, Story
from reportgen.document import (
    INTEGER,
    Axis,
    Block,
    Callout,
    Cell,
    Chart,
    Column,
    Missing,
    NumberFormat,
    Paragraph,
    Point,
    Row,
    Section,
    Sentence,
    Series,
    Table,
    say,
)

MAX_VALUES = 12
"""Values of one setting that a cell lists."""
PRINTED_SETUPS = 30
"""Rows of the settings table on paper; the comparison names the set-ups all the same."""
DASH = "\N{EN DASH}"
_SHARE = NumberFormat("percent")


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
    claims = [Claim("tried", "info", said)]
    mattered = _importance(story)
    if mattered is not None:
        block, claim = mattered
        blocks.append(block)
        claims.append(claim)
    return Part(Section("tried", say("What was tried"), "What was tried", tuple(blocks)), tuple(claims))


def _said(story: Story) -> Sentence:
    frozen = story.frozen
    setups = frozen.count("/counts/configurations", "set-up was", "set-ups were")
    runs = frozen.count("/runs/total", "run", "runs")
    settings = frozen.count("/counts/settings", "setting differs", "settings differ")
    if not story.findings.varied:
        return say(setups, " tried in ", runs, "; no setting was varied.")
    return say(setups, " tried in ", runs, "; ", settings, " between them.")


def value_text(value: Any) -> str:
    """Write a parameter's value as a person would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return f"{value:g}" if isinstance(value, float) else str(value)


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
        more = ", and more" if len(texts) > MAX_VALUES else ""
        rows.append(Row((name, len(texts), shown + more)))
    columns = (
        Column("setting", "Setting"),
        Column("different", "Different values", INTEGER),
        Column("values", "Values tried"),
    )
    return Table("settings_varied", say("Settings that were varied"), columns, tuple(rows))


def _setups(story: Story) -> Table:
    """One row a configuration: its parameters, each in its own column, and its runs."""
    names = story.findings.varied
    parameters = [Column(f"setting_{i}", name, _column_format(story, name)) for i, name in enumerate(names)]
    columns = (
        Column("setup", "Set-up"),
        *parameters,
        Column("started", "Runs started", INTEGER, field="/started"),
        Column("usable", "Runs with a result", INTEGER, field="/n"),
        Column("key", "Short id", detail=True),
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
    note = say("A dash, or the words: the setting does not apply to this set-up.") if gaps else None
    return Table("setups", say("Set-ups and their settings"), columns, rows, note, PRINTED_SETUPS)


def _column_format(story: Story, name: str) -> NumberFormat | None:
    """Format a parameter's column if all of its values are numbers: as they were typed."""
    values = [c.params[name] for c in story.findings.configurations if name in c.params]
    if not values or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return None
    return NumberFormat("general")


def _parameter(params: Any, name: str) -> Cell:
    if name not in params:
        return Missing("does not apply", short=DASH)
    value = params[name]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return value_text(value)


def _constant(story: Story) -> Table:
    rows = tuple(Row((name, value_text(value))) for name, value in story.findings.constant.items())
    columns = (Column("setting", "Setting"), Column("value", "Value"))
    return Table("settings_constant", say("Settings that stayed the same"), columns, rows)


def _importance(story: Story) -> tuple[Block, Claim] | None:
    importance = story.findings.importance
    if not importance.stated or not importance.parameters:
        if not importance.reason or len(story.findings.varied) < 2:
            return None
        reason = say(story.frozen.label("/importance/reason"))
        callout = Callout("Which settings mattered?", (reason,), "neutral")
        return callout, Claim("importance-refused", "info", reason)
    order = sorted(range(len(importance.parameters)), key=lambda i: -importance.parameters[i].share)
    first = pointer("importance", "parameters", order[0])
    name = story.frozen.label(first + "/name")
    settings = story.frozen.number("/counts/settings")
    said = say(name, " made the most difference of the ", settings, " settings varied")
    points = tuple(
        Point(
            parameter.share,
            low=parameter.interval[0] if parameter.interval else None,
            high=parameter.interval[1] if parameter.interval else None,
            label=shorten(parameter.name, 40),
            tone="focus" if place == 0 else "neutral",
        )
        for place, parameter in enumerate(importance.parameters[i] for i in order)
    )
    share = story.frozen.number(first + "/share", _SHARE)
    alt = say("Bar chart of the settings' shares. ", name, " is first with ", share, ".")
    chart = Chart(
        "importance",
        "bars",
        said,
        say("Share of the differences that goes together with each setting, over the values tried."),
        Axis("Share", _SHARE),
        Axis("", INTEGER),
        (Series("Share", points),),
        shortest([alt, say("Bar chart of the settings' shares.")]),
    )
    return chart, Claim("importance", "info", say(said, "."))
