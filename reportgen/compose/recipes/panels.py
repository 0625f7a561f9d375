"""The leading set-ups on every metric, one small panel each with its own scale."""

from __future__ import annotations

from reportgen.compose.recipes.dots import shortest
from reportgen.compose.recipes.setup_table import tone_of
from reportgen.compose.selection import charted, paneled
from reportgen.compose.story import Story
from reportgen.document import INTEGER, Axis, Chart, Point, Series, phrase
from reportgen.findings import Configuration


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
    alt = phrase(
        "Small dot charts of the leading set-ups on {n} metrics. The numbers stand in the comparison table.",
        n=story.frozen.number("/counts/panels"),
    )
    return Chart(
        "every_metric",
        "multiples",
        phrase("The leading set-ups on every metric"),
        phrase("Averages, each metric on its own scale. Bars show ranges where there are any."),
        Axis("", INTEGER),
        Axis("", INTEGER),
        series,
        shortest([alt, phrase("Small dot charts.")]),
    )


def _point(story: Story, configuration: Configuration, name: str) -> Point:
    if name == story.findings.primary:
        mean, interval = configuration.mean, configuration.interval
    else:
        mean, interval = configuration.metrics[name].mean, configuration.metrics[name].interval
    low, high = interval or (None, None)
    label = story.name(configuration.key).text
    return Point(mean or 0.0, low=low, high=high, label=label, tone=tone_of(story, configuration))
