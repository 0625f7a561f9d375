"""The leading set-ups on every metric, one small panel each with its own scale."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.compose.recipes.dots import shortest
from reportgen.compose.recipes.setup_table import tone_of
from reportgen.compose.selection import charted, paneled
from reportgen.compose.sentences import listed
from reportgen.compose.story import Story
from reportgen.document import (
    INTEGER,
    Axis,
    Chart,
    Label,
    Number,
    Point,
    Sentence,
    Series,
    join_sentences,
    phrase,
    phrases,
    say,
)
from reportgen.findings import Configuration
from reportgen.language import mark

MOST_NAMED = 2
"""Metrics without a panel that are named; more are counted."""


def panels(story: Story) -> Chart | None:
    """Draw them; None where fewer than three metrics were measured for every set-up shown."""
    names = paneled(story.findings)
    if not names:
        return None
    series = tuple(
        Series(
            story.metric_label(name).text,
            tuple(_point(story, configuration, name) for configuration in charted(story.findings)),
            axis=Axis(story.metric_label(name).text, story.formats[name].value),
        )
        for name in names
    )
    seen = metrics_seen(story)
    alt = phrase(
        "Small dot charts of the leading set-ups on {n} metrics. The numbers stand in the comparison table.",
        n=story.frozen.number("/counts/panels"),
    )
    kind = phrase("Small dot charts.")
    told = [] if seen is None else [join_sentences([begin, say(seen, ".")]) for begin in (alt, kind)]
    return Chart(
        "every_metric",
        "multiples",
        seen or phrase("The leading set-ups on every metric"),
        join_sentences([_subtitle(seen), *_not_drawn(story, names)]),
        Axis("", INTEGER),
        Axis("", INTEGER),
        series,
        shortest([*told, alt, kind]),
    )


def metrics_seen(story: Story) -> Sentence | None:  # noqa: PLR0911 - one a case
    """Say on how many metrics the set-up in focus is better, and worse, by the verdicts; None without them."""
    frozen = story.frozen
    if frozen.get("/every_metric/reason") is not None:
        return None
    name, other = (story.name(frozen.get(f"/every_metric/{side}")) for side in ("key", "against"))
    better, worse, n = (
        frozen.number(at) for at in ("/every_metric/better", "/every_metric/worse", "/counts/panels")
    )
    parts: dict[str, Label | Number] = {"name": name, "other": other, "n": n}
    if better.value == n.value:
        return phrase("{name} is better than {other} on all {n} metrics shown", **parts)
    if worse.value == n.value:
        return phrase("{name} is worse than {other} on all {n} metrics shown", **parts)
    parts |= {"better": better, "worse": worse}
    if better.value and worse.value:
        template = mark(
            "{name} is better than {other} on {better} of the {n} metrics shown, and worse on {worse}"
        )
        return phrase(template, **parts)
    if better.value:
        return phrase("{name} is better than {other} on {better} of the {n} metrics shown", **parts)
    if worse.value:
        template = mark("{name} is better than {other} on no metric shown, and worse on {worse} of {n}")
        return phrase(template, **parts)
    return phrase("{name} is not shown to be better or worse than {other} on any metric", **parts)


def _subtitle(seen: Sentence | None) -> Sentence:
    drawn = phrase("Averages, each metric on its own scale. Bars show ranges where there are any.")
    if seen is None:
        return drawn
    return join_sentences([drawn, phrase("Better and worse mean by more than chance.")])


def _not_drawn(story: Story, names: Sequence[str]) -> list[Sentence]:
    """Say which metrics and how many set-ups have no place in the chart, and where they are."""
    setups, metrics = (story.frozen.number(f"/counts/{count}") for count in ("not_charted", "without_panel"))
    absent = [say(story.metric_label(name)) for name in story.findings.metrics if name not in names]
    if len(absent) > MOST_NAMED:
        absent = [phrases("{n} more metric", "{n} more metrics", n=metrics)]
    if setups.value:
        absent.append(phrases("{n} more set-up", "{n} more set-ups", n=setups))
    if not absent:
        return []
    return [
        phrase("Not drawn: {what}.", what=listed(absent)),
        phrase("All numbers stand in the comparison in the workbook and on the web page."),
    ]


def _point(story: Story, configuration: Configuration, name: str) -> Point:
    if name == story.findings.primary:
        mean, interval = configuration.mean, configuration.interval
    else:
        mean, interval = configuration.metrics[name].mean, configuration.metrics[name].interval
    low, high = interval or (None, None)
    label = story.name(configuration.key).text
    return Point(mean or 0.0, low=low, high=high, label=label, tone=tone_of(story, configuration))
