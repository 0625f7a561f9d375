"""What changed in the results since the issue before: a whole template for each kind and verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from reportgen.compose.freeze_inputs import WITHHELD
from reportgen.compose.numbers import pointer
from reportgen.compose.recipes.since import Entries, Entry, Saying, how_many, not_compared
from reportgen.compose.sentences import listed
from reportgen.document import Label, Number, Sentence, join_sentences, phrase, phrases, say
from reportgen.findings import Verdict
from reportgen.language import mark, period_text

ONE_BY_ONE = 2
"""Entries of a kind up to which each has a sentence of its own."""

NOT_SETTLED: Verdict = "not_settled"

_METRIC_PARTS = {
    "definition": mark("The definition of {metric} changed."),
    "unit": mark("The unit of {metric} changed."),
    "goal": mark("Which direction of {metric} is better changed."),
    "summary": mark("Which value of a run counts as its {metric} changed."),
}
_NEW_LEADER: Mapping[Verdict | None, str] = {
    NOT_SETTLED: mark(
        "{name} leads now, with {after}. Whether it is better than {old}, which led before, is not settled."
    ),
    "about_the_same": mark(
        "{name} leads now, with {after}. It is about the same as {old}, which led before."
    ),
    "too_small": mark(
        "{name} leads now, with {after}. Its gain over {old}, which led before, is too small to matter."
    ),
    "not_comparable": mark(
        "{name} leads now, with {after}. It is not compared with {old}, which led before: conditions differ."
    ),
}
_SIZE_OPEN = mark(
    "{name} leads now, with {after}. It is better than {old}, which led before; whether by enough to matter is not settled."
)
_GONE = mark(
    "{name} leads now, with {after}. {old}, which led before, has no result here to compare it with."
)
_VERDICTS = {
    "better": mark("{name} is now shown to be better than {baseline}."),
    "worse": mark("{name} is now shown to be worse than {baseline}."),
    "about_the_same": mark("{name} is now shown to be about the same as {baseline}."),
    "too_small": mark("The gain of {name} over {baseline} is now shown to be too small to matter."),
    "not_settled": mark("How {name} compares with {baseline} is not settled now."),
    "not_comparable": mark("{name} is no longer compared with {baseline}: conditions differ."),
}


def _deciding_metric(entries: Entries) -> Sentence:
    entry = entries[0]
    if entry.change.before is None or entry.change.after is None:
        return phrase("The deciding metric changed.")
    template = mark("Another metric decides: {after} instead of {before}.")
    changed = phrase(template, after=_metric_of(entry, "after"), before=_metric_of(entry, "before"))
    return join_sentences([changed, not_compared(entry.story)])


def _metric_of(entry: Entry, side: Literal["before", "after"]) -> Label:
    """Name a metric as people call it, where this report knows it."""
    name = getattr(entry.change, side)
    return entry.story.metric_label(name) if name in entry.story.findings.metrics else entry.label(side)


def _metric(entries: Entries) -> Sentence:
    story = entries[0].story
    parts = [phrase(_METRIC_PARTS[e.change.label], metric=story.metric_label(e.change.key)) for e in entries]
    return join_sentences([*parts, not_compared(story)])


def _data(entries: Entries) -> Sentence:
    story = entries[0].story
    changed = join_sentences([_other_data(entry) for entry in entries])
    if story.findings.changes.breaks:
        return join_sentences([changed, not_compared(story)])
    if story.findings.changes.compared_all_the_same:
        return join_sentences([changed, phrase("Part of any difference may come from the data.")])
    return join_sentences([changed, phrase("These results are not compared with those on earlier data.")])


def _other_data(entry: Entry) -> Sentence:
    told, runs = _data_told(entry), entry.number("count")
    if "version" not in told:
        return phrases(
            "{n} run used data that the issue before did not have: another version of {data}.",
            "{n} runs used data that the issue before did not have: another version of {data}.",
            n=runs,
            **told,
        )
    return phrases(
        "{n} run used data that the issue before did not have: version {version} of {data}.",
        "{n} runs used data that the issue before did not have: version {version} of {data}.",
        n=runs,
        **told,
    )


def _data_again(entries: Entries) -> Sentence:
    return join_sentences([_earlier_data(entry) for entry in entries])


def _earlier_data(entry: Entry) -> Sentence:
    told, runs = _data_told(entry), entry.number("count")
    if "version" not in told:
        return phrases(
            "{n} run used an earlier version of {data} again.",
            "{n} runs used an earlier version of {data} again.",
            n=runs,
            **told,
        )
    return phrases(
        "{n} run used version {version} of {data} again.",
        "{n} runs used version {version} of {data} again.",
        n=runs,
        **told,
    )


def _data_told(entry: Entry) -> dict[str, Sentence]:
    """Name the data and, where it has a name that may be read, the version."""
    label = entry.story.frozen.label
    told = {"data": say(label(f"{entry.at}/key", 24))}
    if entry.change.after not in {"", WITHHELD}:
        told["version"] = say(label(f"{entry.at}/after", 24))
    return told


def _baseline(entries: Entries) -> Sentence:
    entry = entries[0]
    if not entry.is_here:
        return phrase("No set-up is named any more that the others are compared with.")
    if entry.change.before is None or not entry.is_named:
        return phrase("The others are now compared with {name}.", name=entry.name)
    template = mark("The others are now compared with {name}, no longer with {before}.")
    return phrase(template, name=entry.name, before=entry.label("label"))


def _first_better(entries: Entries) -> Sentence:
    entry = entries[0]
    n = entry.number("after")
    if n.value == 1:
        template = mark("{name} is shown to be better than {baseline}; in the issue before, nothing was.")
        return phrase(template, name=entry.name, baseline=entry.against)
    template = mark("{n} set-ups are shown to be better than {baseline}; in the issue before, none was.")
    return phrase(template, n=n, baseline=entry.against)


def _none_better(entries: Entries) -> Sentence:
    template = mark("No set-up is shown to be better than {baseline} any more.")
    return phrase(template, baseline=entries[0].against)


def _target_reached(entries: Entries) -> Sentence:
    entry = entries[0]
    template = mark("{name} reached the target of {target} on average, with {after}.")
    return phrase(template, name=entry.name, target=_target_of(entry), after=entry.value("after"))


def _target_lost(entries: Entries) -> Sentence:
    entry = entries[0]
    template = mark("The leading set-up, {name}, misses the target of {target} on average, with {after}.")
    return phrase(template, name=entry.name, target=_target_of(entry), after=entry.value("after"))


def _target_of(entry: Entry) -> Sentence:
    story = entry.story
    place = pointer("metrics", story.metric.name, "target")
    return say(story.frozen.number(place, story.primary_formats.value))


def _target(entries: Entries) -> Sentence:
    entry = entries[0]
    metric = entry.story.metric_name
    if entry.change.after is None:
        return phrase("{metric} has no target any more.", metric=metric)
    if entry.change.before is None:
        return phrase("{metric} has a target now: {after}.", metric=metric, after=entry.value("after"))
    template = mark("The target of {metric} is {after} now, not {before}.")
    return phrase(template, metric=metric, after=entry.value("after"), before=entry.value("before"))


def _new_best(entries: Entries) -> Sentence:
    entry, sizes = entries[0], entries[0].sizes
    if "low" in sizes:
        template = mark(
            "New best: {name}, with {after}. It is better than {old}, which led before, "
            "by {size} (between {low} and {high})."
        )
    else:
        template = mark(
            "New best: {name}, with {after}. It is better than {old}, which led before, by {size}."
        )
    return phrase(template, name=entry.name, after=entry.value("after"), old=entry.against, **sizes)


def _new_leader(entries: Entries) -> Sentence:
    entry = entries[0]
    told: dict[str, Label | Number] = {"name": entry.name, "after": entry.value("after")}
    if not entry.change.against:
        if not entry.change.against_label:
            return phrase("Another set-up leads now: {name}, with {after}.", **told)
        return phrase(_GONE, old=entry.against, **told)
    if entry.change.reason == "size_unclear":
        return phrase(_SIZE_OPEN, old=entry.against, **told)
    said = entry.change.verdict in _NEW_LEADER
    template = _NEW_LEADER[entry.change.verdict if said else NOT_SETTLED]
    return phrase(template, old=entry.against, **told)


def _regression(entries: Entries) -> Sentence:
    if len(entries) > ONE_BY_ONE:
        template = mark("{n} set-ups came out worse when they were run again, such as {name}.")
        return phrase(template, n=how_many(entries), name=entries[0].name)
    plainly = mark("{name}, run again, came out worse than before: {after} against {before}, by {size}.")
    template = mark(
        "{name}, run again, came out worse than before: {after} against {before}, "
        "by {size} (between {low} and {high})."
    )
    return join_sentences([_again(entry, template, plainly) for entry in entries])


def _gain(entries: Entries) -> Sentence:
    if len(entries) > ONE_BY_ONE:
        template = mark("{n} set-ups came out better when they were run again, such as {name}.")
        return phrase(template, n=how_many(entries), name=entries[0].name)
    plainly = mark("{name}, run again, came out better than before: {after} against {before}, by {size}.")
    template = mark(
        "{name}, run again, came out better than before: {after} against {before}, "
        "by {size} (between {low} and {high})."
    )
    return join_sentences([_again(entry, template, plainly) for entry in entries])


def _small_gain(entries: Entries) -> Sentence:
    if len(entries) > ONE_BY_ONE:
        template = mark("{n} set-ups came out a little better when they were run again, such as {name}.")
        return phrase(template, n=how_many(entries), name=entries[0].name)
    return join_sentences([_a_little(entry) for entry in entries])


def _a_little(entry: Entry) -> Sentence:
    template = mark(
        "{name}, run again, came out better than before by {size}, which is too little to matter."
    )
    if entry.change.reason == "size_unclear":
        template = mark(
            "{name}, run again, came out better than before by {size}; whether that is enough to matter is not settled."
        )
    return phrase(template, name=entry.name, size=entry.sizes["size"])


def _again(entry: Entry, template: str, plainly: str) -> Sentence:
    """Say a change with its range, or *plainly* where there is none to tell."""
    sides = {"after": entry.value("after"), "before": entry.value("before")}
    sizes = entry.sizes
    return phrase(template if "low" in sizes else plainly, name=entry.name, **sides, **sizes)


def _steady(entries: Entries) -> Sentence:
    names, story = [say(entry.name) for entry in entries], entries[0].story
    if len(names) == 1:
        template = story.unless_tasks(
            mark("{name}, run again, shows no change beyond the range of its repeats."),
            mark("{name}, run again, shows no change beyond the range of its runs."),
        )
        return phrase(template, name=names[0])
    if len(names) <= ONE_BY_ONE:
        template = story.unless_tasks(
            mark("{names}, run again, show no change beyond the range of their repeats."),
            mark("{names}, run again, show no change beyond the range of their runs."),
        )
        return phrase(template, names=listed(names))
    template = story.unless_tasks(
        mark("{n} set-ups that were run again show no change beyond the range of their repeats."),
        mark("{n} set-ups that were run again show no change beyond the range of their runs."),
    )
    return phrase(template, n=how_many(entries))


def _outside_range(entries: Entries) -> Sentence:
    entry = entries[0]
    story, how = entry.story, entry.story.primary_formats.value
    ends = story.frozen.ends(f"{entry.at}/interval/0", f"{entry.at}/interval/1", how)
    told: dict[str, Label | Number] = {
        "week": Label(period_text(entry.change.key)),  # as said, and not as it stands in the numbers
        "after": entry.value("after"),
    }
    if ends is not None:
        after = replace(entry.value("after"), format=ends[1].format)
        told |= {"after": after, "low": ends[0], "high": ends[1]}
    baseline = story.findings.baseline
    if story.findings.trend.series == "reference" and baseline is not None:
        template = mark("{name} gave {after} in {week}, outside its usual range, {low} to {high}.")
        plainly = mark("{name} gave {after} in {week}, outside its usual range.")
        told["name"] = story.name(baseline.key)
    else:
        template = mark("The best of {week}, {after}, lies outside the usual range, {low} to {high}.")
        plainly = mark("The best of {week}, {after}, lies outside the usual range.")
    return phrase(template if ends else plainly, **told)


def _verdict(entries: Entries) -> Sentence:
    said = []
    for verdict, template in _VERDICTS.items():
        own = [entry for entry in entries if entry.change.after == verdict]
        if not own:
            continue
        named = phrase(template, name=own[0].name, baseline=own[0].against)
        if len(own) > 1:
            n = own[0].story.frozen.number(pointer("changes", "verdicts", verdict))
            others = phrase("The same goes for {n} in all.", n=n)
            named = join_sentences([named, others])
        said.append(named)
    return join_sentences(said)


SAID_OF_RESULTS: Mapping[str, Saying] = {
    "deciding_metric": _deciding_metric,
    "metric": _metric,
    "data": _data,
    "data_again": _data_again,
    "baseline": _baseline,
    "first_better": _first_better,
    "none_better": _none_better,
    "target_reached": _target_reached,
    "target_lost": _target_lost,
    "target": _target,
    "new_best": _new_best,
    "new_leader": _new_leader,
    "regression": _regression,
    "gain": _gain,
    "small_gain": _small_gain,
    "outside_range": _outside_range,
    "verdict": _verdict,
    "steady": _steady,
}
