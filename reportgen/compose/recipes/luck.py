"""What luck does to the answer: the best of many, fresh runs, single runs far off, gains worth a second look."""

from __future__ import annotations

from reportgen.compose.numbers import pointer
from reportgen.compose.precision import reads_the_same
from reportgen.compose.sentences import listed
from reportgen.compose.story import Story
from reportgen.document import Sentence, join_sentences, phrase, phrases, say
from reportgen.findings import Collapse
from reportgen.language import mark

MAX_NAMED = 3
"""Set-ups or runs that a sentence names; more are counted."""


def picked(story: Story) -> Sentence:
    """Say how much of the best one's lead luck alone would give; empty where nothing was picked."""
    chosen, count = story.chosen, story.frozen.number("/counts/with_result")
    if chosen is None or chosen is story.findings.baseline or story.state == "no_direction":
        return say()
    if story.state not in ("better", "no_baseline", "not_settled") or story.repeats_identical:
        return say()
    luck = story.findings.luck
    if luck is None or not is_the_pick(story):
        if count.value < 3:
            return say()
        template = story.unless_tasks(
            mark("The best of {n} set-ups looks a little better than it is: part of any lead is luck."),
            mark("The best of {n} set-ups was picked by these tasks; on others its lead may be smaller."),
        )
        return phrase(template, n=count)
    template = mark("We picked the best of {n} with a result to compare.")
    picking = phrase(template, n=story.frozen.number("/luck/tried"))
    if luck.lead <= luck.expected:
        return join_sentences([picking, phrase("Luck alone would explain its lead over their average.")])
    expected, lead = (
        story.frozen.number(f"/luck/{e}", story.primary_formats.size) for e in ("expected", "lead")
    )
    part = phrase(
        "It lies {lead} ahead of their average; about {expected} would be expected from luck alone.",
        expected=expected,
        lead=lead,
    )
    return join_sentences([picking, part])


def is_the_pick(story: Story) -> bool:
    """Tell whether the answer is about the best of the search, which is passed over if it failed often or breaks a limit."""
    chosen, luck = story.chosen, story.findings.luck
    return chosen is not None and luck is not None and luck.key == chosen.key


def fairer(story: Story) -> Sentence:
    """Give the figure of the best one that allows for luck; empty where it reads like its average."""
    luck = story.findings.luck
    if luck is None or story.state not in ("better", "no_baseline", "not_settled"):
        return say()
    best = story.findings.configuration(luck.key)
    formats = story.primary_formats.value
    if best.shrunken is None or best.mean is None or reads_the_same(best.shrunken, best.mean, formats):
        return say()
    figure = story.number(best.key, "/shrunken", formats)
    return phrase(
        "Allowing for luck, a fairer figure for {name} is {figure}.", name=story.name(best.key), figure=figure
    )


def fresh(story: Story) -> Sentence:
    """Say that fresh runs decide on a set-up, and what the search had made of it; empty without them."""
    chosen = story.chosen
    if chosen is None or chosen.search_mean is None or story.metric.goal is None:
        return say()
    return phrases(
        "{n} fresh run decides on {name}; in the search it had reached {before}.",
        "{n} fresh runs decide on {name}; in the search it had reached {before}.",
        n=story.frozen.number(story.at(chosen.key) + "/n"),
        name=story.name(chosen.key),
        before=story.number(chosen.key, "/search_mean", story.primary_formats.value),
    )


def far_off(story: Story) -> list[Sentence]:
    """Name the runs far from the other repeats of their set-up, one sentence a run, or count them."""
    collapses = story.findings.collapses
    if len(collapses) <= MAX_NAMED:
        return [_far_off(story, place, run) for place, run in enumerate(collapses)]
    worse, better = story.frozen.number("/counts/far_worse"), story.frozen.number("/counts/far_better")
    said = []
    if worse.value:
        said.append(
            phrases(
                "{n} run came out far worse than other repeats of the same set-up; all count.",
                "{n} runs came out far worse than other repeats of the same set-up; all count.",
                n=worse,
            )
        )
    if better.value:
        said.append(
            phrases(
                "{n} run came out far better than other repeats of the same set-up; all count.",
                "{n} runs came out far better than other repeats of the same set-up; all count.",
                n=better,
            )
        )
    return said


def _far_off(story: Story, place: int, run: Collapse) -> Sentence:
    at, how = pointer("collapses", place), story.primary_formats.value
    usual, value = (story.frozen.number(at + end, how) for end in ("/others_mean", "/value"))
    name, others = story.name(run.key), story.frozen.number(at + "/others")
    if run.side == "worse":
        return phrases(
            "One run of {name} came out far worse, at {value} against {usual} for the {n} other run; it is counted.",
            "One run of {name} came out far worse, at {value} against {usual} for the {n} other runs; it is counted.",
            n=others,
            name=name,
            value=value,
            usual=usual,
        )
    return phrases(
        "One run of {name} came out far better, at {value} against {usual} for the {n} other run; it is counted.",
        "One run of {name} came out far better, at {value} against {usual} for the {n} other runs; it is counted.",
        n=others,
        name=name,
        value=value,
        usual=usual,
    )


def second_look(story: Story) -> Sentence:
    """Name the gains that are not settled but stand out; empty without any."""
    found = [c for c in story.comparisons if c.second_look]
    if not found:
        return say()
    if len(found) > MAX_NAMED:
        return phrase("{n} set-ups are worth a second look.", n=story.frozen.number("/counts/second_look"))
    return phrase("Worth a second look: {names}.", names=listed([say(story.name(c.key)) for c in found]))


def paired(story: Story) -> Sentence:
    """Say that runs were compared in pairs, and of which set-ups that was not possible."""
    used = [c for c in story.comparisons if c.pairs]
    if not used or story.findings.seed is None:
        return say()
    seed = story.frozen.label("/seed", 40)
    if len(used) < len(story.comparisons):
        template = story.unless_tasks(
            mark("Where there were enough of them, runs with the same {seed} were compared in pairs."),
            mark(
                "Where there were enough of them, runs on the same task with the same {seed} were compared in pairs."
            ),
        )
    else:
        template = story.unless_tasks(
            mark("Runs with the same {seed} were compared in pairs."),
            mark("Runs on the same task with the same {seed} were compared in pairs."),
        )
    return phrase(template, seed=seed)


def test_items(story: Story) -> Sentence:
    """Say how far off one run may be by its test items alone; empty where their number is not known."""
    chosen = story.chosen
    if chosen is None or chosen.items_interval is None:
        return say()
    at = story.at(chosen.key)
    items = story.frozen.number(at + "/test_items")
    ends = story.frozen.ends(at + "/items_interval/0", at + "/items_interval/1", story.primary_formats.value)
    if ends is None:
        return say()
    template = mark(
        "With {n} test items the figure could be between {low} and {high}; training again could change it further."
    )
    return phrase(template, n=items, low=ends[0], high=ends[1])
