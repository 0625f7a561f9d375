"""The explanation under the headline: one sentence with the numbers, and how wide they may be off."""

from __future__ import annotations

from reportgen.compose.numbers import pointer
from reportgen.compose.recipes.luck import test_items
from reportgen.compose.sentences import listed, run_counts
from reportgen.compose.story import Story
from reportgen.document import Number, NumberFormat, Sentence, join_sentences, say
from reportgen.findings import Comparison, Configuration


def lead(story: Story) -> Sentence:
    """Explain the answer with numbers and their range."""
    chosen = story.chosen
    if story.state in ("no_metric", "no_result") or chosen is None:
        return say() if story.state == "no_metric" else run_counts(story)
    if story.state == "one_run":
        return join_sentences([say("One run cannot tell how much the result varies."), test_items(story)])
    if story.state == "no_direction":
        return spread_of_all(story)
    if story.state == "one_setup":
        return join_sentences([alone(story, chosen)])
    comparison = story.comparison(chosen.key)
    if comparison is None or story.findings.baseline is None:
        return group_lead(story, chosen)
    return against(story, chosen, comparison)


def range_of(story: Story, configuration: Configuration) -> Sentence:
    """Say the range of a mean, ``from 97.0 to 97.6 %``; empty without one."""
    if configuration.interval is None:
        return say()
    formats = story.primary_formats
    low = story.number(configuration.key, "/interval/0", formats.low)
    high = story.number(configuration.key, "/interval/1", formats.value)
    return say("from ", low, " to ", high)


def alone(story: Story, configuration: Configuration) -> Sentence:
    """Say one configuration's result with its range, or why there is none."""
    n = story.frozen.number(story.at(configuration.key) + "/n")
    reach = range_of(story, configuration)
    mean = story.mean(configuration.key)
    if reach.spans:
        return say(
            "The average of ", n, " repeats is ", mean, "; its true value very likely lies ", reach, "."
        )
    if configuration.n == 1:
        varies = say("That is one run: it cannot tell how much the result varies.")
        return join_sentences([varies, test_items(story)])
    return say("The average of ", n, " repeats is ", mean, "; that is too few for a range.")


def spread_of_all(story: Story) -> Sentence:
    """Say between which results all configurations lie, without an order."""
    ordered = sorted(story.usable, key=lambda c: c.mean or 0.0)
    first, last = ordered[0], ordered[-1]
    if first is last or story.read_alike(first, last):
        return say("The set-ups reached ", story.mean(first.key), " on ", story.metric_name, ".")
    low = story.number(first.key, "/mean", story.primary_formats.low)
    return say("On ", story.metric_name, " the set-ups lie from ", low, " to ", story.mean(last.key), ".")


def group_lead(story: Story, chosen: Configuration) -> Sentence:
    """Explain a leading group, or a leader, where there is nothing to compare with."""
    joint = story.frozen.number("/counts/joint_first")
    reach = range_of(story, chosen)
    if joint.value > 1:
        everyone = joint.value == story.frozen.number("/counts/with_result").value
        group = say("All ", joint, " set-ups") if everyone else say("The first ", joint, " all")
        if joint.value == 2:
            group = say("Both set-ups") if everyone else say("The first ", joint, " both")
        first = say(group, " reached ", story.mean(chosen.key), " on ", story.metric_name)
    else:
        first = say(story.name(chosen.key), " reached ", story.mean(chosen.key), " on ", story.metric_name)
    if reach.spans and joint.value == 1:
        first = say(first, "; its true value very likely lies ", reach)
    sentences = [say(first, ".")]
    if story.frozen.number("/counts/leading").value > 1 and not story.repeats_identical:
        sentences.append(say("The runs vary too much to tell the leading set-ups apart."))
    return join_sentences(sentences)


def against(story: Story, chosen: Configuration, comparison: Comparison) -> Sentence:
    """Explain a configuration against the baseline: both means, the gap and its range."""
    if comparison.verdict == "not_comparable":
        return say("They were not measured under the same conditions, so a gap would mean nothing.")
    baseline = story.findings.configuration(comparison.baseline)
    if baseline.mean is None:
        name = story.name(baseline.key)
        return say(name, " gave no result, so there is nothing to compare with.")
    if story.read_alike(chosen, baseline):
        both = listed([say(story.name(chosen.key)), say(story.name(baseline.key))])
        said = say(both, " both reached ", story.mean(chosen.key), " on ", story.metric_name)
    else:
        reached = say(story.name(chosen.key), " reached ", story.mean(chosen.key))
        said = say(reached, " on ", story.metric_name, " against ", story.mean(baseline.key))
    limits = some_break(story) if story.state == "better" else say()
    told = [say(said, gap(story, comparison), "."), change(story, comparison), doubt(story, comparison)]
    return join_sentences([*told, limits])


def some_break(story: Story) -> Sentence:
    """Say how many of the better set-ups break a limit, where not all do; empty for none."""
    breaking, better = (story.frozen.number(f"/counts/{name}") for name in ("better_but_limit", "better"))
    if not 0 < breaking.value < better.value:
        return say()
    verb = " breaks a limit." if breaking.value == 1 else " break a limit."
    return say(breaking, " of the ", better, " better set-ups", verb)


def _part(story: Story, comparison: Comparison, field: str, *, bare: bool = False) -> Number:
    formats = story.primary_formats
    place = story.findings.comparisons.index(comparison)
    return story.frozen.number(
        pointer("comparisons", place, field), formats.size_low if bare else formats.size
    )


def gap(story: Story, comparison: Comparison) -> Sentence:
    """Say the size of a settled gap, ``, 2.3 points better (between 1.7 and 2.9)``; else nothing."""
    direction = {"better": " better", "worse": " worse", "too_small": " better"}.get(comparison.verdict)
    if direction is None or comparison.difference is None:
        return say()
    size = say(", ", _part(story, comparison, "size"), direction)
    if comparison.interval is None:
        return size
    low, high = (_part(story, comparison, end, bare=True) for end in ("size_low", "size_high"))
    return say(size, " (between ", low, " and ", high, ")")


def change(story: Story, comparison: Comparison) -> Sentence:
    """Say a settled gap of a time, cost or loss in percent: "That is 20 % less (between 15 and 24 %)."."""
    if comparison.verdict not in ("better", "worse") or comparison.ratio_interval is None:
        return say()
    place, how = story.findings.comparisons.index(comparison), NumberFormat("percent")
    size, low, high = (
        story.frozen.number(pointer("comparisons", place, field), how)
        for field in ("change", "change_low", "change_high")
    )
    direction = " less" if (comparison.ratio or 1.0) < 1.0 else " more"
    return say("That is ", size, direction, " (between ", low, " and ", high, ").")


def few_survived(story: Story, comparison: Comparison) -> Sentence:
    """Say why the average of a set-up whose runs often failed does not count: no range of the gap holds."""
    usable, started = (story.frozen.number(f"{story.at(comparison.key)}/{end}") for end in ("n", "started"))
    runs = say("Only ", usable, " of ", started, " runs of ", story.name(comparison.key))
    return say(runs, " gave a result, which may flatter it.")


def doubt(story: Story, comparison: Comparison) -> Sentence:
    """Say how far off an unsettled gap may be; empty for a settled one or without a range."""
    if comparison.verdict == "about_the_same":
        least = pointer("metrics", comparison.metric, "smallest_difference")
        if not story.frozen.has(least):
            return say()
        return say("Any difference is under ", story.frozen.number(least, story.primary_formats.size), ".")
    if comparison.reason == "failures":
        return few_survived(story, comparison)
    if comparison.verdict != "not_settled" or comparison.interval is None or not comparison.difference:
        return say()
    low, high = comparison.interval
    forward, backward = "size_high", "worst_case"
    if comparison.difference < 0:
        forward, backward = backward, forward
    if low < 0 < high:
        worse, better = _part(story, comparison, backward, bare=True), _part(story, comparison, forward)
        return say("The true gap may lie anywhere from ", worse, " worse to ", better, " better.")
    ends = _part(story, comparison, "size_low", bare=True), _part(story, comparison, "size_high")
    word = " better." if low >= 0 else " worse."
    return say("The true gap may lie anywhere from ", ends[0], " to ", ends[1], word)
