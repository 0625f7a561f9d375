"""What may be said of a series of weeks: its usual range, its course, its breaks, and luck."""

from __future__ import annotations

from dataclasses import replace

from reportgen.compose.sentences import by_comma, listed
from reportgen.compose.story import Story
from reportgen.document import Label, Reference, Sentence, join_sentences, phrase, say
from reportgen.language import mark, period_text, tr

_NAMED = 3
"""Weeks that a sentence lists."""


def trend(story: Story) -> Sentence:
    """Say whether the series left its usual range, and whether it got better or worse; empty without one."""
    found = story.findings.trend
    if found.series is None or story.state == "no_direction" or found.low is None:
        return say()
    baseline = story.findings.baseline
    weeks = story.frozen.number("/trend/periods")
    if found.series == "reference" and baseline is not None:
        counted = phrase("{name}, run again in {n} weeks", name=story.name(baseline.key), n=weeks)
    else:
        counted = phrase("The best of the week, over {n} weeks", n=weeks)
    return join_sentences([_range(story, counted), _course(story)])


def _range(story: Story, who: Sentence) -> Sentence:
    formats, outside = story.primary_formats, story.findings.trend.outside
    ends = story.frozen.ends("/trend/low", "/trend/high", formats.value)
    if ends is None and not outside:
        return phrase("{who}, hardly varied.", who=who)
    named = [_week(key) for key in outside[:_NAMED]]
    if ends is None and len(outside) > _NAMED:
        return phrase("{who}, left its usual range in {weeks} and in others.", who=who, weeks=by_comma(named))
    if ends is None:
        return phrase("{who}, left its usual range in {weeks}.", who=who, weeks=listed(named))
    low, high = ends
    if not outside:
        return phrase("{who}, never left its usual range, {low} to {high}.", who=who, low=low, high=high)
    if len(outside) > _NAMED:
        return phrase(
            "{who}, left its usual range, {low} to {high}, in {weeks} and in others.",
            who=who,
            low=low,
            high=high,
            weeks=by_comma(named),
        )
    return phrase(
        "{who}, left its usual range, {low} to {high}, in {weeks}.",
        who=who,
        low=low,
        high=high,
        weeks=listed(named),
    )


def _week(key: str) -> Sentence:
    """Name a week as people say it, not as it stands in the numbers."""
    return say(Label(period_text(key)))


def _course(story: Story) -> Sentence:
    found, formats = story.findings.trend, story.primary_formats
    alpha = story.findings.thresholds.get("alpha", 0.0)
    if found.p_value is None or found.p_value >= alpha or not found.slope or found.slope_interval is None:
        return phrase("No lasting change is shown.")
    better = (found.slope > 0) == (story.metric.goal == "maximize")
    size = story.frozen.number("/trend/size", formats.size)
    ends = story.frozen.ends("/trend/size_low", "/trend/size_high", formats.size)
    if ends is None:
        plainly = mark("It got worse by about {size} a week.")
        if better:
            plainly = mark("It got better by about {size} a week.")
        return phrase(plainly, size=size)
    size, low, high = replace(size, format=ends[1].format), ends[0], replace(ends[1], format=ends[0].format)
    if better:
        template = mark("It got better by about {size} a week (between {low} and {high}).")
    else:
        template = mark("It got worse by about {size} a week (between {low} and {high}).")
    return phrase(template, size=size, low=low, high=high)


def references(story: Story) -> tuple[Reference, ...]:
    """Give the target and the limits of the usual range, as lines across the chart."""
    found, target = story.findings.trend, story.metric.target
    wanted = () if target is None else (Reference(target, tr("target"), "good"),)
    if found.series is None or found.low is None or found.high is None:
        return wanted
    named = ((found.low, tr("usual range, low end")), (found.high, tr("usual range, high end")))
    return (*wanted, *(Reference(value, label, "neutral") for value, label in named))


def breaks(story: Story) -> list[Sentence]:
    """Say in which weeks the series breaks."""
    at = [place for place, period in enumerate(story.findings.history) if period.breaks]
    if not at:
        return []
    named = [_week(story.findings.history[place].name) for place in at[:_NAMED]]
    if len(at) > _NAMED:
        template = mark("Data or conditions changed in {weeks} and in others: the series starts anew there.")
        return [phrase(template, weeks=by_comma(named))]
    template = mark("Data or conditions changed in {weeks}: the series starts anew there.")
    return [phrase(template, weeks=listed(named))]


def luck(story: Story) -> Sentence:
    """Say by how much the best so far would have risen by luck alone; empty where that is not known."""
    place = len(story.findings.history) - 1
    period = story.findings.history[place]
    if story.state == "no_direction" or period.luck is None or period.luck <= 0:
        return say()
    tries = story.frozen.number(f"/history/{place}/tries")
    rise = story.frozen.number(f"/history/{place}/luck", story.primary_formats.size)
    return phrase(
        "With {tries} tries by now, luck alone would have moved the best so far by about {rise}.",
        tries=tries,
        rise=rise,
    )


def so_far(story: Story) -> Sentence:
    """Say that the last week is not over."""
    if not any(period.partial for period in story.findings.history):
        return say()
    return phrase("The last week was not over when this was made: its numbers are so far.")
