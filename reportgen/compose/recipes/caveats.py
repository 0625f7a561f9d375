"""Caveats: what could make the answer wrong, each in one or two sentences."""

from __future__ import annotations

from reportgen.compose.freeze import is_flattered
from reportgen.compose.numbers import pointer
from reportgen.compose.recipes.figures import further_metrics
from reportgen.compose.recipes.luck import far_off, fresh, picked, second_look
from reportgen.compose.sentences import by_comma, listed, progress
from reportgen.compose.story import Claim, Story
from reportgen.document import Label, Number, Sentence, phrase, phrases, say
from reportgen.language import mark

MIN_FOR_RANGE = 3
"""Repeats below which there is no range at all."""
FEW_REPEATS = 5
"""Repeats of the set-up in focus below which its range is called rough."""


def caveats(story: Story) -> list[Claim]:
    """List what the reader should keep in mind, the weightiest first."""
    found = [
        ("unfinished", progress(story)),
        ("mixed-data", _mixed_data(story)),
        ("mixed-splits", _mixed_splits(story)),
        ("mixed-code", _mixed_code(story)),
        ("failures", _failures(story)),
        *(("partly-measured", sentence) for sentence in _partly_measured(story)),
        ("few-repeats", _few_repeats(story)),
        ("picked-from-many", picked(story)),
        ("fresh-runs", fresh(story)),
        *(("far-off", sentence) for sentence in far_off(story)),
        ("second-look", second_look(story)),
        ("flattered", _flattered(story)),
        ("skipped", _skipped(story)),
        ("faults", _faults(story)),
        ("data-unknown", _without_data(story)),
        ("code-unknown", _without_code(story)),
        ("uncommitted-code", _uncommitted(story)),
        ("assumed", _assumed(story)),
    ]
    found[1:1] = [("mismatch", sentence) for sentence in mismatches(story)]
    claims = [Claim(name, "caution", sentence) for name, sentence in found if sentence.spans]
    for place, (name, _) in enumerate(story.findings.quality.warnings):
        if name == "code" and story.frozen.number("/quality/runs_with_changes").value:
            continue  # said above, with the number of runs
        claims.append(
            Claim(name, "caution", say(story.frozen.label(pointer("quality", "warnings", place, "text"))))
        )
    return claims


_FACTS = {
    "data": mark("the version of the data set {name}"),
    "split": mark("the split of the data set {name}"),
    "tag": mark("the tag {name}"),
    "code": mark("the version of the code"),
    "task": mark("the tasks"),
}


def mismatches(story: Story) -> list[Sentence]:
    """Say which set-ups are not compared and in what they differ, one sentence a fact."""
    reference = story.findings.baseline or next(iter(story.findings.configurations), None)
    if reference is None or story.state in ("no_metric", "no_result", "no_direction"):
        return []
    said = []
    for place, entry in enumerate(story.findings.quality.mismatches):
        at = pointer("quality", "mismatches", place)
        name = story.frozen.label(at + "/name", 40) if entry.name else ""
        fact = phrase(_FACTS[entry.place], name=name)
        count = story.frozen.number(at + "/configurations")
        if entry.kind == "different":
            said.append(_differs(count, fact, story.name(reference.key), compared=entry.compared))
        else:
            said.append(_does_not_tell(count, fact, compared=entry.compared))
    return said


def _differs(count: Number, fact: Sentence, against: Label, *, compared: bool) -> Sentence:
    if compared:
        return phrases(
            "{n} set-up differs from {name} in {fact}; compared all the same, as asked.",
            "{n} set-ups differ from {name} in {fact}; compared all the same, as asked.",
            n=count,
            name=against,
            fact=fact,
        )
    return phrases(
        "{n} set-up differs from {name} in {fact}, so there is no comparison.",
        "{n} set-ups differ from {name} in {fact}, so there is no comparison.",
        n=count,
        name=against,
        fact=fact,
    )


def _does_not_tell(count: Number, fact: Sentence, *, compared: bool) -> Sentence:
    if compared:
        return phrases(
            "{n} set-up does not tell {fact}; compared all the same, as asked.",
            "{n} set-ups do not tell {fact}; compared all the same, as asked.",
            n=count,
            fact=fact,
        )
    return phrases(
        "{n} set-up does not tell {fact}, so there is no comparison.",
        "{n} set-ups do not tell {fact}, so there is no comparison.",
        n=count,
        fact=fact,
    )


def _mixed_splits(story: Story) -> Sentence:
    names = story.findings.quality.mixed_splits
    if not names:
        return say()
    labels = [
        say(story.frozen.label(pointer("quality", "mixed_splits", i), 40)) for i in range(min(len(names), 3))
    ]
    if len(names) > 3:
        return phrase("The runs split {names} and others in different ways.", names=by_comma(labels))
    return phrase("The runs split {names} in different ways.", names=listed(labels))


def _mixed_data(story: Story) -> Sentence:
    names = story.findings.quality.mixed_data
    if not names:
        return say()
    labels = [
        say(story.frozen.label(pointer("quality", "mixed_data", i), 40)) for i in range(min(len(names), 3))
    ]
    if len(names) > 3:
        return phrase("The runs used different versions of {names} and others.", names=by_comma(labels))
    return phrase("The runs used different versions of {names}.", names=listed(labels))


def _mixed_code(story: Story) -> Sentence:
    versions = story.frozen.number("/quality/code_versions")
    return (
        phrase("The runs were made with {versions} code versions.", versions=versions)
        if versions.value > 1
        else say()
    )


def _failures(story: Story) -> Sentence:
    chosen = story.chosen
    if chosen is None or story.state in ("no_metric", "no_result") or not chosen.failed + chosen.no_number:
        return say()
    usable = story.frozen.number(story.at(chosen.key) + "/n")
    started = story.frozen.number(story.at(chosen.key) + "/started")
    return phrase(
        "{usable} of {started} runs of {name} gave a result.",
        usable=usable,
        started=started,
        name=story.name(chosen.key),
    )


def _partly_measured(story: Story) -> list[Sentence]:
    """Say which averages of page one leave out runs that count by the deciding metric."""
    chosen = story.chosen
    if chosen is None or story.state in ("no_metric", "no_result"):
        return []
    known = {name: chosen.metrics[name].n for name in further_metrics(story) if name in chosen.metrics}
    return [
        phrase(
            "{metric} of {name} rests on {n} of its {all} runs: the others have no usable number.",
            metric=story.metric_label(metric),
            name=story.name(chosen.key),
            n=story.frozen.number(story.at(chosen.key) + pointer("metrics", metric, "n")),
            all=story.frozen.number(story.at(chosen.key) + "/n"),
        )
        for metric, n in known.items()
        if 0 < n < chosen.n
    ]


def _few_repeats(story: Story) -> Sentence:
    chosen = story.chosen
    if chosen is None or story.state == "no_metric" or not 1 < chosen.n < FEW_REPEATS:
        return say()
    if chosen.interval is not None:
        template = story.unless_tasks(
            mark("{name} has {n} repeats only, so its range is rough."),
            mark("{name} has {n} runs only, so its range is rough."),
        )
    elif chosen.n < MIN_FOR_RANGE:
        template = story.unless_tasks(
            mark("{name} has {n} repeats only: too few for a range."),
            mark("{name} has {n} runs only: too few for a range."),
        )
    else:  # the repeats are all the same, which has a caveat of its own
        return say()
    n = story.frozen.number(story.at(chosen.key) + "/n")
    return phrase(template, name=story.name(chosen.key), n=n)


def _flattered(story: Story) -> Sentence:
    if story.state in ("no_metric", "no_result") or not is_flattered(story.metric):
        return say()
    return phrase(
        "Runs count by their best value of {metric}, and some of that is luck.", metric=story.metric_name
    )


def _skipped(story: Story) -> Sentence:
    if not story.findings.runs.skipped:
        return say()
    skipped = story.frozen.number("/counts/skipped")
    return phrases("{n} folder could not be read.", "{n} folders could not be read.", n=skipped)


def _faults(story: Story) -> Sentence:
    count = story.frozen.number("/quality/note_count")
    if not count.value:
        return say()
    return phrases(
        "{n} faulty place in the files was left out.",
        "{n} faulty places in the files were left out.",
        n=count,
    )


def _without_data(story: Story) -> Sentence:
    count, total = story.frozen.number("/quality/runs_without_data"), story.frozen.number("/runs/total")
    if not count.value:
        return say()
    if count.value == total.value:
        return phrase("The runs do not say which data they used.")
    return phrase("{n} of {total} runs do not say which data they used.", n=count, total=total)


def _without_code(story: Story) -> Sentence:
    count, total = story.frozen.number("/quality/runs_without_code"), story.frozen.number("/runs/total")
    if not count.value:
        return say()
    if count.value == total.value:
        return phrase("The runs do not say which code they used.")
    return phrase("{n} of {total} runs do not say which code they used.", n=count, total=total)


def _uncommitted(story: Story) -> Sentence:
    count = story.frozen.number("/quality/runs_with_changes")
    if not count.value:
        return say()
    return phrases(
        "{n} run was made with code changes that were not committed.",
        "{n} runs were made with code changes that were not committed.",
        n=count,
    )


def _assumed(story: Story) -> Sentence:
    if not story.findings.assumed:
        return say()
    return phrases(
        "{n} choice was left open and had to be assumed.",
        "{n} choices were left open and had to be assumed.",
        n=story.frozen.number("/counts/assumed"),
    )
