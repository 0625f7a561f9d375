"""The explanation under the headline: one sentence with the numbers, and how wide they may be off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.compose.numbers import pointer
from reportgen.compose.recipes.caveats import MIN_FOR_RANGE
from reportgen.compose.recipes.luck import test_items
from reportgen.compose.sentences import run_counts
from reportgen.compose.story import Story
from reportgen.document import Label, Number, NumberFormat, Sentence, join_sentences, phrase, phrases, say
from reportgen.findings import Comparison, Configuration
from reportgen.language import mark

_ALIKE = mark("{name} and {baseline} both reached {mean} on {metric}.")
_APART = mark("{name} reached {mean} on {metric} against {other}.")
_GAPS = {
    ("better", True): mark("{name} and {baseline} both reached {mean} on {metric}, {gap} better."),
    ("worse", True): mark("{name} and {baseline} both reached {mean} on {metric}, {gap} worse."),
    ("better", False): mark("{name} reached {mean} on {metric} against {other}, {gap} better."),
    ("worse", False): mark("{name} reached {mean} on {metric} against {other}, {gap} worse."),
}
_GAPS_WITH_RANGE = {
    ("better", True): mark(
        "{name} and {baseline} both reached {mean} on {metric}, {gap} better (between {low} and {high})."
    ),
    ("worse", True): mark(
        "{name} and {baseline} both reached {mean} on {metric}, {gap} worse (between {low} and {high})."
    ),
    ("better", False): mark(
        "{name} reached {mean} on {metric} against {other}, {gap} better (between {low} and {high})."
    ),
    ("worse", False): mark(
        "{name} reached {mean} on {metric} against {other}, {gap} worse (between {low} and {high})."
    ),
}


def lead(story: Story) -> Sentence:
    """Explain the answer with numbers and their range."""
    chosen = story.chosen
    if story.state in ("no_metric", "no_result") or chosen is None:
        return say() if story.state == "no_metric" else run_counts(story)
    if story.state == "one_run":
        varies = phrase("One run cannot tell how much the result varies.")
        return join_sentences([varies, test_items(story)])
    if story.state == "no_direction":
        return spread_of_all(story)
    if story.state == "one_setup":
        return join_sentences([alone(story, chosen)])
    comparison = story.comparison(chosen.key)
    if comparison is None or story.findings.baseline is None:
        return group_lead(story, chosen)
    return against(story, chosen, comparison)


def reached(story: Story, configuration: Configuration) -> dict[str, Label | Number]:
    """Give the parts of a sentence on what a configuration reached: ``name``, ``mean``, ``metric``."""
    key = configuration.key
    return {"name": story.name(key), "mean": story.mean(key), "metric": story.metric_name}


def ends_of(story: Story, configuration: Configuration) -> dict[str, Number]:
    """Give a mean and the ends of its range as ``mean``, ``low`` and ``high``; empty without a range to tell."""
    at = story.at(configuration.key)
    if configuration.interval is None:
        return {}
    ends = story.frozen.ends(f"{at}/interval/0", f"{at}/interval/1", story.primary_formats.value)
    if ends is None:
        return {}
    mean = replace(story.mean(configuration.key), format=ends[1].format)
    return {"mean": mean, "low": ends[0], "high": ends[1]}


def alone(story: Story, configuration: Configuration) -> Sentence:
    """Say one configuration's result with its range, or why there is none."""
    if configuration.n == 1:
        varies = phrase("That is one run: it cannot tell how much the result varies.")
        return join_sentences([varies, test_items(story)])
    n, mean = story.frozen.number(story.at(configuration.key) + "/n"), story.mean(configuration.key)
    ends = ends_of(story, configuration)
    if ends:
        template = story.unless_tasks(
            mark(
                "The average of {n} repeats is {mean}; its true value very likely lies from {low} to {high}."
            ),
            mark(
                "The average of {n} runs on several tasks is {mean}; over more such tasks it very likely "
                "lies from {low} to {high}."
            ),
        )
        return phrase(template, n=n, **ends)
    if configuration.interval is not None:
        template = story.unless_tasks(
            mark("The average of {n} repeats is {mean}, and they hardly vary."),
            mark("The average of {n} runs on several tasks is {mean}, and they hardly vary."),
        )
    elif configuration.n >= MIN_FOR_RANGE:
        template = story.unless_tasks(
            mark("All {n} repeats gave {mean}, so there is no range."),
            mark("All {n} runs on several tasks gave {mean}, so there is no range."),
        )
    else:
        template = story.unless_tasks(
            mark("The average of {n} repeats is {mean}; that is too few for a range."),
            mark("The average of {n} runs on several tasks is {mean}; that is too few for a range."),
        )
    return phrase(template, n=n, mean=mean)


def spread_of_all(story: Story) -> Sentence:
    """Say between which results all configurations lie, without an order."""
    ordered = sorted(story.usable, key=lambda c: c.mean or 0.0)
    first, last = ordered[0], ordered[-1]
    metric, high = story.metric_name, story.mean(last.key)
    if first is last or story.read_alike(first, last):
        return phrase("The set-ups reached {mean} on {metric}.", mean=story.mean(first.key), metric=metric)
    low = story.number(first.key, "/mean", story.primary_formats.low)
    return phrase("On {metric} the set-ups lie from {low} to {high}.", metric=metric, low=low, high=high)


def group_lead(story: Story, chosen: Configuration) -> Sentence:
    """Explain a leading group, or a leader, where there is nothing to compare with."""
    joint = story.frozen.number("/counts/joint_first")
    parts, ends = reached(story, chosen), ends_of(story, chosen)
    if joint.value > 1:
        first = _joint_first(story, joint, parts)
    elif ends:
        template = story.unless_tasks(
            mark("{name} reached {mean} on {metric}; its true value very likely lies from {low} to {high}."),
            mark(
                "{name} reached {mean} on {metric}; over more such tasks it very likely lies from {low} to {high}."
            ),
        )
        first = phrase(template, **{**parts, **ends})
    else:
        first = phrase("{name} reached {mean} on {metric}.", **parts)
    if story.frozen.number("/counts/leading").value < 2 or story.repeats_identical:
        return first
    if chosen.n < MIN_FOR_RANGE:  # how much they vary is not known
        few = story.unless_tasks(
            mark("There are too few repeats to tell the leading set-ups apart."),
            mark("There are too few runs to tell the leading set-ups apart."),
        )
        why = phrase(few)
    else:
        why = phrase("The runs vary too much to tell the leading set-ups apart.")
    return join_sentences([first, why])


def _joint_first(story: Story, joint: Number, parts: Mapping[str, Label | Number]) -> Sentence:
    mean, metric = parts["mean"], parts["metric"]
    if joint.value == story.frozen.number("/counts/with_result").value:
        if joint.value == 2:
            return phrase("Both set-ups reached {mean} on {metric}.", mean=mean, metric=metric)
        return phrase("All {n} set-ups reached {mean} on {metric}.", n=joint, mean=mean, metric=metric)
    if joint.value == 2:
        return phrase("The first {n} both reached {mean} on {metric}.", n=joint, mean=mean, metric=metric)
    return phrase("The first {n} all reached {mean} on {metric}.", n=joint, mean=mean, metric=metric)


def against(story: Story, chosen: Configuration, comparison: Comparison) -> Sentence:
    """Explain a configuration against the baseline: both means, the gap and its range."""
    if comparison.verdict == "not_comparable":
        return phrase("They were not measured under the same conditions, so a gap would mean nothing.")
    baseline = story.findings.configuration(comparison.baseline)
    if baseline.mean is None:  # the headline says so
        return spread_of_all(story)
    limits = some_break(story) if story.state == "better" else say()
    told = [_against(story, chosen, comparison), change(story, comparison), doubt(story, comparison)]
    return join_sentences([*told, limits])


def _against(story: Story, chosen: Configuration, comparison: Comparison) -> Sentence:
    """Say both means, with the size of the gap where it is settled."""
    baseline = story.findings.configuration(comparison.baseline)
    parts = {**reached(story, chosen), "baseline": story.name(baseline.key)}
    alike = story.read_alike(chosen, baseline)
    if not alike:
        parts["other"] = story.mean(baseline.key)
    kind = {"better": "better", "worse": "worse", "too_small": "better"}.get(comparison.verdict, "")
    if not kind or comparison.difference is None:
        return phrase(_ALIKE if alike else _APART, **parts)
    gap = _part(story, comparison, "size")
    ends = None if comparison.interval is None else _gap_ends(story, comparison)
    if ends is None:
        return phrase(_GAPS[kind, alike], gap=gap, **parts)
    low, high = ends
    parts |= {"gap": replace(gap, format=high.format), "low": low, "high": replace(high, format=low.format)}
    return phrase(_GAPS_WITH_RANGE[kind, alike], **parts)


def _gap_ends(story: Story, comparison: Comparison) -> tuple[Number, Number] | None:
    """Give both ends of the size of a gap; None where they read alike."""
    at = pointer("comparisons", story.findings.comparisons.index(comparison))
    return story.frozen.ends(f"{at}/size_low", f"{at}/size_high", story.primary_formats.size)


def some_break(story: Story) -> Sentence:
    """Say how many of the better set-ups break a limit, where not all do; empty for none."""
    breaking, better = (story.frozen.number(f"/counts/{name}") for name in ("better_but_limit", "better"))
    if not 0 < breaking.value < better.value:
        return say()
    return phrases(
        "{n} of the {better} better set-ups breaks a limit.",
        "{n} of the {better} better set-ups break a limit.",
        n=breaking,
        better=better,
    )


def _part(story: Story, comparison: Comparison, field: str, *, bare: bool = False) -> Number:
    formats = story.primary_formats
    place = story.findings.comparisons.index(comparison)
    return story.frozen.number(
        pointer("comparisons", place, field), formats.size_low if bare else formats.size
    )


def change(story: Story, comparison: Comparison) -> Sentence:
    """Say a settled gap of a time, cost or loss in percent: "That is 20 % less (between 15 and 24 %)."."""
    if comparison.verdict not in ("better", "worse") or comparison.ratio_interval is None:
        return say()
    at, how = pointer("comparisons", story.findings.comparisons.index(comparison)), NumberFormat("percent")
    ends = story.frozen.ends(f"{at}/change_low", f"{at}/change_high", how)
    less = (comparison.ratio or 1.0) < 1.0
    if ends is None:
        size = story.frozen.number(f"{at}/change", how)
        return (
            phrase("That is {size} less.", size=size) if less else phrase("That is {size} more.", size=size)
        )
    high, low = ends[1], replace(ends[0], format=ends[1].format)
    size = story.frozen.number(f"{at}/change", high.format)
    if less:
        return phrase("That is {size} less (between {low} and {high}).", size=size, low=low, high=high)
    return phrase("That is {size} more (between {low} and {high}).", size=size, low=low, high=high)


def few_survived(story: Story, comparison: Comparison) -> Sentence:
    """Say why the average of a set-up whose runs often failed does not count: no range of the gap holds."""
    usable, started = (story.frozen.number(f"{story.at(comparison.key)}/{end}") for end in ("n", "started"))
    return phrase(
        "Only {usable} of {started} runs of {name} gave a result, which may flatter it.",
        usable=usable,
        started=started,
        name=story.name(comparison.key),
    )


def doubt(story: Story, comparison: Comparison) -> Sentence:
    """Say how far off an unsettled gap may be; empty for a settled one or without a range."""
    if comparison.verdict == "about_the_same":
        least = pointer("metrics", comparison.metric, "smallest_difference")
        if not story.frozen.has(least):
            return say()
        under = story.frozen.number(least, story.primary_formats.size)
        return phrase("Any difference is under {least}.", least=under)
    if comparison.reason == "failures":
        return few_survived(story, comparison)
    if comparison.verdict != "not_settled" or comparison.interval is None or not comparison.difference:
        return say()
    return _anywhere(story, comparison, *comparison.interval)


def _anywhere(story: Story, comparison: Comparison, low: float, high: float) -> Sentence:
    """Say from where to where the gap may lie."""
    forward, backward = "size_high", "worst_case"
    if (comparison.difference or 0.0) < 0:
        forward, backward = backward, forward
    if low < 0 < high:
        worst, best = _part(story, comparison, backward, bare=True), _part(story, comparison, forward)
        template = mark("The true gap may lie anywhere from {worst} worse to {best} better.")
        return phrase(template, worst=worst, best=best)
    ends = _gap_ends(story, comparison)
    if ends is None:
        return say()
    least, most = ends
    if low >= 0:
        return phrase("The true gap may lie anywhere from {low} to {high} better.", low=least, high=most)
    return phrase("The true gap may lie anywhere from {low} to {high} worse.", low=least, high=most)
