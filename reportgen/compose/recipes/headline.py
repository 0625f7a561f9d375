"""The headline: the answer in at most fifteen words, one set of words a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reportgen.compose.story import Claim, State, Story
from reportgen.document import Label, Sentence, say
from reportgen.document.text import Span, Words
from reportgen.findings import Configuration

MIN_TO_LEAD = 3
"""Repeats without which a headline puts no set-up before the others."""


def headline(story: Story) -> Claim:
    """State the answer; its words depend on the verdict alone."""
    claim = _HEADLINES[story.state](story)
    if story.is_unfinished and story.state not in ("no_result", "no_metric"):
        return Claim(claim.id, claim.level, _so_far(claim.sentence))
    return claim


def _so_far(sentence: Sentence) -> Sentence:
    """Say that it may still change: "Not settled so far: ..." rather than two colons in a row."""
    first = sentence.spans[0]
    head, colon, rest = first.text.partition(": ") if isinstance(first, Words) else ("", "", "")
    if colon:
        return say(f"{head} so far: {rest}", *sentence.spans[1:])
    return say("So far: ", sentence)


def _answer(kind: str, *parts: str | Span | Sentence) -> Claim:
    return Claim(kind, "answer", say(*parts))


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
    breaks = story.breaks_limit(chosen.key)
    if story.frozen.number("/counts/better").value == 1:
        said = say(story.name(chosen.key), " is better than ", against)
        if not breaks:
            return _answer("better", said)
        broken = next(rail.metric for rail in story.rails(chosen.key) if rail.state == "broken")
        return _answer("better-but-limit", said, ", but breaks the ", story.metric_label(broken), " limit")
    said = say(story.frozen.number("/counts/better"), " set-ups are better than ", against)
    if breaks:
        return _answer("better-but-limit", said, ", but all break a limit")
    return _answer("better", said, _order(story, chosen))


def _order(story: Story, chosen: Configuration) -> Sentence:
    """Say who leads among several better ones; empty where that cannot be said."""
    leading, better = (story.frozen.number(f"/counts/{name}") for name in ("leading", "better"))
    if leading.value > 1 and chosen.leading:
        # "So far" leaves no room; a leading group that is not a part of the better ones would confuse.
        if story.is_unfinished or leading.value >= better.value:
            return say("; which is best is not settled")
        return say("; the first ", leading, " cannot be told apart")
    return say("; ", story.name(chosen.key), " comes first") if comes_first(story, chosen) else say()


def _nothing_better(story: Story) -> Claim:
    chosen, against = _chosen(story), _baseline_name(story)
    kinds = {c.verdict for c in story.comparisons}
    comparison = story.comparison(chosen.key)
    if len(story.comparisons) > 1 or comparison is None:
        ending = " by enough to matter" if "too_small" in kinds else ""
        return _answer("nothing-better", "No set-up is better than ", against, ending)
    name = story.name(chosen.key)
    if comparison.verdict == "worse":
        return _answer("nothing-better", name, " is worse than ", against)
    if comparison.verdict == "too_small":
        return _answer("nothing-better", name, " gains too little over ", against, " to matter")
    return _answer("nothing-better", name, " and ", against, " are about the same")


def _not_settled(story: Story) -> Claim:
    chosen, against = _chosen(story), _baseline_name(story)
    open_ones = [c for c in story.comparisons if c.verdict == "not_settled"]
    single = len(story.comparisons) == 1
    if all(c.reason == "too_few_runs" for c in open_ones):
        rivals = say(story.name(chosen.key)) if single else say("the set-ups")
        return _answer("too-few-runs", "Not settled: too few repeats to compare ", rivals, " with ", against)
    if all(c.reason == "no_variation" for c in open_ones):
        return _never_differ(story, chosen, against, single=single)
    gains = any(c.reason == "size_unclear" for c in open_ones)
    if single:
        name = story.name(chosen.key)
        doubt = " may gain too little over " if gains else " may or may not be better than "
        ending = " to matter" if gains else ""
        return _answer("not-settled", "Not settled: ", name, doubt, against, ending)
    enough = " by enough to matter" if gains else ""
    return _answer("not-settled", "Not settled: no set-up is shown to be better than ", against, enough)


def _never_differ(story: Story, chosen: Configuration, against: Label, *, single: bool) -> Claim:
    if single and len({value for c in story.usable for value in c.values}) == 1:
        name = story.name(chosen.key)
        return _answer(
            "no-variation", "Not settled: ", name, " and ", against, " gave the same number each time"
        )
    return _answer("no-variation", "Not settled: repeats never differ, so luck cannot be judged")


def _not_comparable(story: Story) -> Claim:
    against = _baseline_name(story)
    return _answer("not-comparable", "The set-ups cannot be compared with ", against)


def _no_baseline(story: Story) -> Claim:
    chosen, metric, frozen = _chosen(story), story.metric_name, story.frozen
    leading, everyone = frozen.number("/counts/leading"), frozen.number("/counts/with_result")
    if frozen.number("/counts/with_one_run").value == everyone.value:
        return _answer("too-few-runs", "Not settled: ", everyone, " set-ups, each tried only once")
    if story.luck_unknown:
        return _answer("no-variation", "Not settled: repeats never differ, so luck cannot be judged")
    if leading.value == everyone.value:
        return _answer("leading-group", "Not settled: the ", everyone, " set-ups cannot be told apart")
    if leading.value > 1 or not comes_first(story, chosen):
        group = leading if leading.value > 1 else frozen.number("/counts/joint_first")
        return _answer("leading-group", group, " of ", everyone, " set-ups lead and cannot be told apart")
    highest = say(story.name(chosen.key), f" has the {story.top} ", metric)
    if chosen.n < MIN_TO_LEAD:
        return _answer("too-few-runs", "Not settled: ", highest, ", but too few repeats")
    said = say(highest, " of ", everyone, " set-ups")
    return _answer("one-leader", said)


def _one_setup(story: Story) -> Claim:
    key = _chosen(story).key
    return _answer("one-set-up", story.name(key), " reached ", story.mean(key), " on ", story.metric_name)


def _one_run(story: Story) -> Claim:
    key = _chosen(story).key
    reached = say(story.name(key), " reached ", story.mean(key), " on ", story.metric_name)
    return _answer("one-run", "One run only: ", reached)


def _no_direction(story: Story) -> Claim:
    metric = story.metric_name
    return _answer("no-direction", "No ranking: nobody said whether high or low ", metric, " is good")


def _no_metric(story: Story) -> Claim:
    if not story.findings.runs.total:
        return _answer("no-result", "No result: there are no runs")
    if story.nothing_finished:
        return _no_result(story)
    return _answer("no-metric", "No result: no metric to judge the runs by")


def _no_result(story: Story) -> Claim:
    total = story.frozen.number("/runs/total")
    running = story.frozen.number("/runs/by_status/running")
    if not total.value:
        return _answer("no-result", "No result: there are no runs")
    if running.value == total.value:
        return _answer("no-result", "No result yet: every run is still running")
    if running.value:
        return _answer("no-result", "No result yet: no run has given a usable number")
    if total.value == 1:
        return _answer("no-result", "No result: the one run gave no usable number")
    return _answer("no-result", "No result: none of the ", total, " runs gave a usable number")


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
