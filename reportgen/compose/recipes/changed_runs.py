"""What changed in set-ups and runs since the issue before: a whole template for each kind."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.compose.numbers import pointer
from reportgen.compose.precision import duration_format
from reportgen.compose.recipes.since import Entries, Saying, how_many, not_compared
from reportgen.compose.sentences import listed, money
from reportgen.compose.story import Story
from reportgen.document import Number, Sentence, join_sentences, phrase, phrases, say
from reportgen.language import mark

_NAMED = 3
"""Set-ups that a sentence names."""


def _new(entries: Entries) -> Sentence:
    with_result = [entry for entry in entries if entry.change.after is not None]
    without = [entry for entry in entries if entry.change.after is None]
    return join_sentences([_with_result(with_result), _without_result(without)])


def _with_result(entries: Entries) -> Sentence:
    if not entries:
        return say()
    named = [
        phrase("{name} with {after}", name=entry.name, after=entry.value("after"))
        for entry in entries[:_NAMED]
    ]
    if len(entries) > _NAMED:
        n = entries[0].story.frozen.number("/changes/with_result")
        template = mark("{n} set-ups with a result are new, {name} first among them.")
        return phrase(template, n=n, name=entries[0].name)
    if len(entries) == 1:
        return phrase("New set-up: {names}.", names=named[0])
    return phrase("New set-ups: {names}.", names=listed(named))


def _without_result(entries: Entries) -> Sentence:
    if not entries:
        return say()
    if len(entries) > _NAMED:
        n = entries[0].story.frozen.number("/changes/without_result")
        return phrase("{n} new set-ups gave no result.", n=n)
    names = [say(entry.name) for entry in entries]
    if len(entries) == 1:
        return phrase("New, but without a result: {name}.", name=names[0])
    return phrase("New, but without a result: {names}.", names=listed(names))


def _vanished(entries: Entries) -> Sentence:
    named = [say(entry.name) for entry in entries if entry.change.label]
    n = how_many(entries)
    if not named or len(named) > _NAMED:
        return phrases(
            "{n} set-up of the issue before is not in this report.",
            "{n} set-ups of the issue before are not in this report.",
            n=n,
        )
    return phrase("No longer in this report: {names}.", names=listed(named))


def _renamed(entries: Entries) -> Sentence:
    first = entries[0]
    told = {"before": first.label("before"), "after": first.name}
    if len(entries) == 1:
        return phrase("{before} is called {after} now.", **told)
    template = mark("{n} set-ups have another name now: {before}, for one, is called {after}.")
    return phrase(template, n=how_many(entries), **told)


def _failures(entries: Entries) -> Sentence:
    failed, added = entries[0].number("count"), _added(entries[0].story)
    if added is None or not entries[0].change.of_added:
        return phrases(
            "{n} run more than before gave no result.", "{n} runs more than before gave no result.", n=failed
        )
    if added.value == failed.value:
        return phrases(
            "The {n} run that was added gave no result.",
            "None of the {n} runs that were added gave a result.",
            n=added,
        )
    return phrases(
        "{failed} of the {n} run that was added gave no result.",
        "{failed} of the {n} runs that were added gave no result.",
        n=added,
        failed=failed,
    )


def _added(story: Story) -> Number | None:
    """Give the number of runs since, where there are some."""
    for place, change in enumerate(story.findings.changes.entries):
        if change.kind == "runs_added":
            return story.frozen.number(pointer("changes", "entries", place, "count"))
    return None


def _runs_removed(entries: Entries) -> Sentence:
    return phrases(
        "{n} run of the issue before is not in this report.",
        "{n} runs of the issue before are not in this report.",
        n=entries[0].number("count"),
    )


def _code(entries: Entries) -> Sentence:
    story = entries[0].story
    changed = phrases(
        "{n} run was made with code that the issue before did not have.",
        "{n} runs were made with code that the issue before did not have.",
        n=entries[0].number("count"),
    )
    if "code" in story.findings.changes.breaks:
        return join_sentences([changed, not_compared(story)])
    return join_sentences([changed, phrase("Part of any difference may come from the code.")])


def _runs_added(entries: Entries) -> Sentence:
    return phrases(
        "{n} run was added; {after} are counted now.",
        "{n} runs were added; {after} are counted now.",
        n=entries[0].number("count"),
        after=entries[0].number("after"),
    )


def _time(entries: Entries) -> Sentence:
    field, how = duration_format(entries[0].change.after)
    before, after = (entries[0].number(f"{side}_{field}", how) for side in ("before", "after"))
    template = mark("All runs together took {after}; up to the issue before it was {before}.")
    return phrase(template, after=after, before=before)


def _cost(entries: Entries) -> Sentence:
    before, after = (entries[0].number(side, money(entries[0].story)) for side in ("before", "after"))
    template = mark("All runs together cost {after}; up to the issue before it was {before}.")
    return phrase(template, after=after, before=before)


SAID_OF_SET_UPS: Mapping[str, Saying] = {"new": _new, "vanished": _vanished, "renamed": _renamed}
SAID_OF_RUNS: Mapping[str, Saying] = {
    "runs_added": _runs_added,
    "failures": _failures,
    "runs_removed": _runs_removed,
    "code": _code,
    "time": _time,
    "cost": _cost,
}
