"""Quality against cost: what is traded, and which set-ups none beats in both."""

from __future__ import annotations

from reportgen.compose.recipes.dots import shortest
from reportgen.compose.recipes.panels import metrics_seen, panels
from reportgen.compose.recipes.setup_table import cell, tone_of
from reportgen.compose.story import Claim, Part, Story
from reportgen.document import (
    Axis,
    Badge,
    Block,
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
    join_sentences,
    phrase,
    phrases,
    say,
)
from reportgen.findings import Configuration
from reportgen.language import mark, tr

FRONT_SHARE = 0.5
"""Share of the set-ups on the front above which a chart shows nothing."""
MAX_METRICS = 3
"""Metrics above which a chart shows nothing."""
OTHER_MACHINES = mark("Times are not compared, for the runs were made on different machines.")
MAX_NAMED = 4
"""Set-ups on the front up to which each has its name in the chart; the table names all."""
LOG_FROM = 30.0
"""Largest over smallest cost from which the axis is logarithmic."""
_BETTER_IS = {
    (True, True): mark("Each dot is a set-up, by its averages. Better is up and to the right."),
    (True, False): mark("Each dot is a set-up, by its averages. Better is up and to the left."),
    (False, True): mark("Each dot is a set-up, by its averages. Better is down and to the right."),
    (False, False): mark("Each dot is a set-up, by its averages. Better is down and to the left."),
}
"""By whether more is better, of the quality and of the cost; a metric without a direction is not weighed."""


def trade_off(story: Story) -> Part | None:
    """Show quality against cost; None without a second metric to trade against."""
    if len(weighed(story)) < 2:
        return None
    quality, cost = story.findings.trade_off.metrics[:2]
    said = _traded(story, quality, cost)
    chart = trade_off_chart(story, "trade_off")
    drawn: list[Block] = [] if chart is None else [chart]
    every = panels(story)
    blocks = (
        Paragraph(said),
        *drawn,
        _table(story),
        Paragraph(_limits(story, drawn=bool(drawn)), "note"),
        *([] if every is None else [every]),
    )
    title = phrase(
        "{quality} against {cost}", quality=story.metric_label(quality), cost=story.metric_label(cost)
    )
    seen = (
        [Claim("front", "info", chart.title)]
        if chart is not None and chart.title != _two_measures(story)
        else []
    )
    ahead = None if every is None else metrics_seen(story)
    counted = [] if ahead is None else [Claim("every-metric", "info", ahead)]
    return Part(
        Section("trade_off", title, tr("Trade-off"), blocks),
        (Claim("trade-off", "info", said), *seen, *counted),
    )


def trade_off_chart(story: Story, identity: str) -> Chart | None:
    """Draw quality against cost; None with less than two dots, and where a table tells more.

    That is with more than three metrics, and where more than half of the set-ups are on the front.
    """
    trade, shown = story.findings.trade_off, weighed(story)
    crowded = len(trade.frontier) > max(MAX_NAMED, FRONT_SHARE * len(shown))
    if len(shown) < 2 or len(trade.metrics) > MAX_METRICS or crowded:
        return None
    few = len(trade.frontier) <= MAX_NAMED
    names = set(trade.frontier) if few else {trade.frontier[0], story.frozen.get("/trade_off/alternative")}
    return _chart(story, identity, shown, names)


def weighed(story: Story) -> list[Configuration]:
    """Give the set-ups that have both; none where nothing is weighed."""
    trade = story.findings.trade_off
    if len(trade.metrics) < 2 or not trade.frontier or story.state in ("no_metric", "no_direction"):
        return []
    return [
        c for c in story.findings.configurations if all(story.has_mean(c.key, n) for n in trade.metrics[:2])
    ]


def _limits(story: Story, *, drawn: bool) -> Sentence:
    """Say what the front does not tell: closeness, missing numbers, times that were left out."""
    trade, frozen = story.findings.trade_off, story.frozen
    said = [phrase("The places follow the averages.")]
    if trade.near:
        said.append(
            phrases(
                "{n} set-up is near the front: the runs cannot tell it from those there.",
                "{n} set-ups are near the front: the runs cannot tell them from those there.",
                n=frozen.number("/trade_off/near_size"),
            )
        )
    if trade.missing:
        said.append(
            phrases(
                "{n} set-up lacks one of the numbers and cannot be placed.",
                "{n} set-ups lack one of the numbers and cannot be placed.",
                n=frozen.number("/trade_off/missing_size"),
            )
        )
    if trade.other_machines:
        said.append(phrase(OTHER_MACHINES))
    if not drawn:
        said.append(phrase("There is no chart, for too many set-ups or metrics would share it."))
    return join_sentences(said)


def _traded(story: Story, quality: str, cost: str) -> Sentence:
    """Say what more quality costs: the best set-up against the best that is much cheaper."""
    front, frozen = story.findings.trade_off.frontier, story.frozen
    if len(front) == 1:
        template = mark("{name} has the best average of both {quality} and {cost}.")
        if _unplaced(story) or not _best_in_both(story):
            template = mark(
                "Of the set-ups that can be compared in both, {name} has the best average of {quality} and of {cost}."
            )
        return phrase(
            template,
            name=story.name(front[0]),
            quality=story.metric_label(quality),
            cost=story.metric_label(cost),
        )
    other = story.findings.configuration(frozen.get("/trade_off/alternative"))
    count = frozen.number("/trade_off/frontier_size")
    sentences = [
        phrase("{count} set-ups are on the front: by the averages, none beats them in both.", count=count)
    ]
    sentences += [_both(story, key, quality, cost) for key in (front[0], other.key)]
    if story.findings.configuration(front[0]).leading and other.leading:
        sentences.append(
            phrase("The runs cannot tell the two apart on {quality}.", quality=story.metric_label(quality))
        )
    sentences.append(_price(story, quality, cost))
    return join_sentences(sentences)


def _both(story: Story, key: str, quality: str, cost: str) -> Sentence:
    return phrase(
        "{name} reached {quality} at {cost}.",
        name=story.name(key),
        quality=story.metric_mean(key, quality),
        cost=story.metric_mean(key, cost),
    )


def _price(story: Story, quality: str, cost: str) -> Sentence:
    """Say how many times the cost goes with how much more quality; empty where that has no meaning."""
    frozen, ratio = story.frozen, "/trade_off/cost_ratio"
    if story.findings.metrics[cost].goal != "minimize" or not frozen.has(ratio):
        return say()
    size = frozen.number("/trade_off/quality_gap", story.formats[quality].size)
    times = frozen.number(ratio, NumberFormat("number", 0 if frozen.number(ratio).value >= 10 else 1))
    return phrase(
        "On average the gap is {size} on {quality}, for {times} times the {cost}.",
        size=size,
        quality=story.metric_label(quality),
        times=times,
        cost=story.metric_label(cost),
    )


def _chart(story: Story, identity: str, shown: list[Configuration], names: set[str]) -> Chart:
    quality, cost = story.findings.trade_off.metrics[:2]
    front = set(story.findings.trade_off.frontier)
    front_points: list[Point] = []
    others: list[Point] = []
    costs = []
    for configuration in shown:
        x = story.metric_mean(configuration.key, cost).value
        tone = tone_of(story, configuration)
        on_front = configuration.key in front
        named = configuration.key in names or tone != "neutral"
        label = story.name(configuration.key).text if named else ""
        y = story.metric_mean(configuration.key, quality).value
        (front_points if on_front else others).append(Point(x, y, label=label, tone=tone))
        costs.append(x)
    groups = (
        Series(tr("On the front"), tuple(front_points), "focus"),
        Series(tr("Others"), tuple(others), "neutral"),
    )
    series = tuple(group for group in groups if group.points)
    log = min(costs) > 0 and max(costs) / min(costs) >= LOG_FROM
    alt = phrase(
        "Scatter chart of {quality} against {cost}. {name} has the best {quality} of those that none beats in both.",
        quality=story.metric_label(quality),
        cost=story.metric_label(cost),
        name=story.name(story.findings.trade_off.frontier[0]),
    )
    return Chart(
        identity,
        "scatter",
        _seen(story),
        _subtitle(story, quality, cost),
        Axis(story.metric_label(cost).text, story.formats[cost].value, log=log),
        Axis(story.metric_label(quality).text, story.formats[quality].value),
        series,
        shortest([alt, phrase("Scatter chart of quality against cost.")]),
    )


def _seen(story: Story) -> Sentence:
    """Title the chart by whether one set-up is best in both, where these two measures are all that made it."""
    trade = story.findings.trade_off
    if len(trade.metrics) == 2 and not _unplaced(story):
        best = _best_in_both(story)
        if [c.key for c in best] == list(trade.frontier):
            if len(best) == 1:
                return phrase("{name} has the best average in both", name=story.name(best[0].key))
        elif not best:
            return phrase("No set-up has the best average in both")
    return _two_measures(story)


def _best_in_both(story: Story) -> list[Configuration]:
    """Give the set-ups that none is ahead of in either measure, those on other data and machines included."""
    metrics, shown = story.findings.trade_off.metrics[:2], weighed(story)
    signs = [-1.0 if story.findings.metrics[name].goal == "minimize" else 1.0 for name in metrics]
    places = [
        tuple(sign * story.metric_mean(c.key, name).value for sign, name in zip(signs, metrics, strict=True))
        for c in shown
    ]
    best = tuple(map(max, zip(*places, strict=True)))
    return [c for c, place in zip(shown, places, strict=True) if place == best]


def _unplaced(story: Story) -> bool:
    """Tell whether a set-up has one of the two numbers only: it may be the best in that one."""
    metrics = story.findings.trade_off.metrics[:2]
    return any(any(story.has_mean(key, n) for n in metrics) for key in story.findings.trade_off.missing)


def _two_measures(story: Story) -> Sentence:
    quality, cost = story.findings.trade_off.metrics[:2]
    return phrase(
        "{quality} and {cost} of each set-up",
        quality=story.metric_label(quality),
        cost=story.metric_label(cost),
    )


def _subtitle(story: Story, quality: str, cost: str) -> Sentence:
    up, right = (story.findings.metrics[name].goal == "maximize" for name in (quality, cost))
    both = phrase(
        "{quality} against {cost}.", quality=story.metric_label(quality), cost=story.metric_label(cost)
    )
    return join_sentences([both, phrase(_BETTER_IS[up, right])])


def _table(story: Story) -> Table:
    """List the front, then what is near it, with every metric weighed."""
    trade, metrics = story.findings.trade_off, story.findings.metrics
    columns = (
        Column("setup", tr("Set-up")),
        *(
            Column(
                f"metric_{place}",
                story.metric_label(n).text,
                story.formats[n].value,
                metrics[n].goal,
                field=story.mean_field(n),
            )
            for place, n in enumerate(trade.metrics)
        ),
        Column("place", tr("Place")),
    )
    places = [(key, Badge(tr("on the front"), "neutral", "●")) for key in trade.frontier]
    places += [(key, Badge(tr("near the front"), "neutral", "○")) for key in trade.near]
    rows = []
    for key, place in places:
        configuration = story.findings.configuration(key)
        means = [
            cell(
                story.metric_mean(key, n).value if story.has_mean(key, n) else None, Missing(tr("no result"))
            )
            for n in trade.metrics
        ]
        name = " ".join(configuration.label.split())
        rows.append(Row((name, *means, place), tone_of(story, configuration), story.at(key)))
    return Table(
        "front", phrase("Set-ups that none beats in everything, and those near them"), columns, tuple(rows)
    )
