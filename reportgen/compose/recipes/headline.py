"""The headline: the answer in at most fifteen words, one set of words a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reportgen.compose.choosing import State
from reportgen.compose.story import Claim, Story
from reportgen.document import Label, Number, Sentence, phrase, phrases
from reportgen.findings import Configuration
from reportgen.language import mark

MIN_TO_LEAD = 3
"""Repeats without which a headline puts no set-up before the others."""


def headline(story: Story) -> Claim:
    """State the answer; its words depend on the verdict alone."""
    return _HEADLINES[story.state](story)


def _answer(story: Story, kind: str, said: Sentence) -> Claim:
    """Make the answer a claim, which may still change where a planned search is not over."""
    if not story.is_unfinished or kind in ("no-result", "no-metric"):
        return Claim(kind, "answer", said)
    return Claim(kind, "answer", phrase("So far: {answer}", answer=said))


def _open(story: Story, kind: str, why: Sentence) -> Claim:
    """Say that nothing is settled, and why: two colons in a row would be hard to read."""
    if story.is_unfinished:
        return Claim(kind, "answer", phrase("Not settled so far: {why}", why=why))
    return Claim(kind, "answer", phrase("Not settled: {why}", why=why))


def _baseline_name(story: Story) -> Label:
    baseline = story.findings.baseline
    if baseline is None:
        raise KeyError("baseline")
    return story.name(baseline.key)


def _chosen(story: Story) -> Configuration:
    chosen = story.chosen
    if chosen is None:
        raise KeyError("chosen")
    return chosen


def comes_first(story: Story, chosen: Configuration) -> bool:
    """Tell whether words may put a configuration before all others: it is first and reads so."""
    return chosen.rank == 1 and story.frozen.number("/counts/joint_first").value == 1


def _better(story: Story) -> Claim:
    chosen, against = _chosen(story), _baseline_name(story)
    name, breaks = story.name(chosen.key), story.breaks_limit(chosen.key)
    better = story.frozen.number("/counts/better")
    if better.value == 1:
        if not breaks:
            said = phrase("{name} is better than {baseline}", name=name, baseline=against)
            return _answer(story, "better", said)
        broken = next(rail.metric for rail in story.rails(chosen.key) if rail.state == "broken")
        said = phrase(
            "{name} is better than {baseline}, but breaks the {metric} limit",
            name=name,
            baseline=against,
            metric=story.metric_label(broken),
        )
        return _answer(story, "better-but-limit", said)
    if breaks:
        said = phrase(
            "{n} set-ups are better than {baseline}, but all break a limit", n=better, baseline=against
        )
        return _answer(story, "better-but-limit", said)
    return _answer(story, "better", _several_better(story, chosen, better, against))


def _several_better(story: Story, chosen: Configuration, better: Number, against: Label) -> Sentence:
    """Say how many are better, and who leads among them where that can be said."""
    leading = story.frozen.number("/counts/leading")
    if leading.value > 1 and chosen.leading:
        # "So far" leaves no room; a leading group that is not a part of the better ones would confuse.
        if story.is_unfinished or leading.value >= better.value:
            template = mark("{n} set-ups are better than {baseline}; which is best is not settled")
            return phrase(template, n=better, baseline=against)
        return phrase(
            "{n} set-ups are better than {baseline}; the first {leading} cannot be told apart",
            n=better,
            baseline=against,
            leading=leading,
        )
    if comes_first(story, chosen):
        return phrase(
            "{n} set-ups are better than {baseline}; {name} comes first",
            n=better,
            baseline=against,
            name=story.name(chosen.key),
        )
    return phrase("{n} set-ups are better than {baseline}", n=better, baseline=against)


def _nothing_better(story: Story) -> Claim:
    chosen, against = _chosen(story), _baseline_name(story)
    kinds = {c.verdict for c in story.comparisons}
    comparison = story.comparison(chosen.key)
    name = story.name(chosen.key)
    if len(story.comparisons) > 1 or comparison is None:
        if "too_small" in kinds:
            said = phrase("No set-up is better than {baseline} by enough to matter", baseline=against)
        else:
            said = phrase("No set-up is better than {baseline}", baseline=against)
    elif comparison.verdict == "worse":
        said = phrase("{name} is worse than {baseline}", name=name, baseline=against)
    elif comparison.verdict == "too_small":
        said = phrase("{name} gains too little over {baseline} to matter", name=name, baseline=against)
    else:
        said = phrase("{name} and {baseline} are about the same", name=name, baseline=against)
    return _answer(story, "nothing-better", said)


def _not_settled(story: Story) -> Claim:
    chosen, against = _chosen(story), _baseline_name(story)
    name = story.name(chosen.key)
    open_ones = [c for c in story.comparisons if c.verdict == "not_settled"]
    single = len(story.comparisons) == 1
    if story.findings.baseline is not None and story.findings.baseline.mean is None:
        return _open(
            story, "too-few-runs", phrase("{baseline} gave no result to compare with", baseline=against)
        )
    if all(c.reason == "too_few_runs" for c in open_ones):
        return _open(story, "too-few-runs", _too_few(story, name, against, single=single))
    if all(c.reason == "no_variation" for c in open_ones):
        return _never_differ(story, chosen, against, single=single)
    gains = any(c.reason == "size_unclear" for c in open_ones)
    if single and gains:
        why = phrase("{name} may gain too little over {baseline} to matter", name=name, baseline=against)
    elif single:
        why = phrase("{name} may or may not be better than {baseline}", name=name, baseline=against)
    elif gains:
        why = phrase("no set-up is shown to be better than {baseline} by enough to matter", baseline=against)
    else:
        why = phrase("no set-up is shown to be better than {baseline}", baseline=against)
    return _open(story, "not-settled", why)


def _too_few(story: Story, name: Label, against: Label, *, single: bool) -> Sentence:
    if single:
        template = story.unless_tasks(
            mark("too few repeats to compare {name} with {baseline}"),
            mark("too few runs to compare {name} with {baseline}"),
        )
        return phrase(template, name=name, baseline=against)
    template = story.unless_tasks(
        mark("too few repeats to compare the set-ups with {baseline}"),
        mark("too few runs to compare the set-ups with {baseline}"),
    )
    return phrase(template, baseline=against)


def _never_differ(story: Story, chosen: Configuration, against: Label, *, single: bool) -> Claim:
    if any(story.gap_never_varies(comparison) for comparison in story.comparisons):
        template = mark("the gap is the same each time, so luck cannot be judged")
        return _open(story, "no-variation", phrase(template))
    if single and len({value for c in story.usable for value in c.values}) == 1:
        template = mark("{name} and {baseline} gave the same number each time")
        same = phrase(template, name=story.name(chosen.key), baseline=against)
        return _open(story, "no-variation", same)
    return _luck_unknown(story)


def _luck_unknown(story: Story) -> Claim:
    template = story.unless_tasks(
        mark("repeats never differ, so luck cannot be judged"),
        mark("runs never differ, so luck cannot be judged"),
    )
    return _open(story, "no-variation", phrase(template))


def _not_comparable(story: Story) -> Claim:
    said = phrase("The set-ups cannot be compared with {baseline}", baseline=_baseline_name(story))
    return _answer(story, "not-comparable", said)


def _no_baseline(story: Story) -> Claim:
    chosen, frozen = _chosen(story), story.frozen
    leading, everyone = frozen.number("/counts/leading"), frozen.number("/counts/with_result")
    if frozen.number("/counts/with_one_run").value == everyone.value:
        return _open(story, "too-few-runs", phrase("{n} set-ups, each tried only once", n=everyone))
    if story.luck_unknown:
        return _luck_unknown(story)
    if leading.value == everyone.value:
        return _open(story, "leading-group", phrase("the {n} set-ups cannot be told apart", n=everyone))
    if leading.value > 1 or not comes_first(story, chosen):
        group = leading if leading.value > 1 else frozen.number("/counts/joint_first")
        said = phrase("{group} of {n} set-ups lead and cannot be told apart", group=group, n=everyone)
        return _answer(story, "leading-group", said)
    return _one_leader(story, chosen, everyone)


def _one_leader(story: Story, chosen: Configuration, everyone: Number) -> Claim:
    name, metric = story.name(chosen.key), story.metric_name
    lowest = story.metric.goal == "minimize"
    if chosen.n < MIN_TO_LEAD:
        if lowest:
            template = story.unless_tasks(
                mark("{name} has the lowest {metric}, but too few repeats"),
                mark("{name} has the lowest {metric}, but too few runs"),
            )
        else:
            template = story.unless_tasks(
                mark("{name} has the highest {metric}, but too few repeats"),
                mark("{name} has the highest {metric}, but too few runs"),
            )
        return _open(story, "too-few-runs", phrase(template, name=name, metric=metric))
    if lowest:
        said = phrase("{name} has the lowest {metric} of {n} set-ups", name=name, metric=metric, n=everyone)
    else:
        said = phrase("{name} has the highest {metric} of {n} set-ups", name=name, metric=metric, n=everyone)
    return _answer(story, "one-leader", said)


def _reached(story: Story) -> dict[str, Label | Number]:
    key = _chosen(story).key
    return {"name": story.name(key), "mean": story.mean(key), "metric": story.metric_name}


def _one_setup(story: Story) -> Claim:
    return _answer(story, "one-set-up", phrase("{name} reached {mean} on {metric}", **_reached(story)))


def _one_run(story: Story) -> Claim:
    if story.findings.runs.total > 1:
        said = phrase("Only one run gave a result: {name} reached {mean} on {metric}", **_reached(story))
    elif story.is_unfinished:
        said = phrase("One run only so far: {name} reached {mean} on {metric}", **_reached(story))
    else:
        said = phrase("One run only: {name} reached {mean} on {metric}", **_reached(story))
    return Claim("one-run", "answer", said)


def _no_direction(story: Story) -> Claim:
    template = mark("No ranking: nobody said whether high or low {metric} is good")
    return _answer(story, "no-direction", phrase(template, metric=story.metric_name))


def _no_metric(story: Story) -> Claim:
    if not story.findings.runs.total:
        return _answer(story, "no-result", phrase("No result: there are no runs"))
    if story.nothing_finished:
        return _no_result(story)
    return _answer(story, "no-metric", phrase("No result: no metric to judge the runs by"))


def _no_result(story: Story) -> Claim:
    total = story.frozen.number("/runs/total")
    running = story.frozen.number("/runs/by_status/running")
    if not total.value:
        said = phrase("No result: there are no runs")
    elif running.value == total.value:
        said = phrase("No result yet: every run is still running")
    elif running.value:
        said = phrase("No result yet: no run has given a usable number")
    else:
        said = phrases(
            "No result: the one run gave no usable number",
            "No result: none of the {n} runs gave a usable number",
            n=total,
        )
    return _answer(story, "no-result", said)


_HEADLINES: Mapping[State, Callable[[Story], Claim]] = {
    "better": _better,
    "nothing_better": _nothing_better,
    "not_settled": _not_settled,
    "not_comparable": _not_comparable,
    "no_baseline": _no_baseline,
    "one_setup": _one_setup,
    "one_run": _one_run,
    "no_direction": _no_direction,
    "no_metric": _no_metric,
    "no_result": _no_result,
}
