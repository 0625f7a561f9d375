"""What luck does to the answer: the best of many, fresh runs, single runs far off, gains worth a second look."""

from __future__ import annotations

from reportgen.compose.numbers import pointer
from reportgen.compose.precision import reads_the_same
from reportgen.compose.sentences import listed
from reportgen.compose.story import Story
from reportgen.document import Sentence, join_sentences, say
from reportgen.findings import Collapse

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
    if luck is None:
        if count.value < 3:
            return say()
        flattered = " set-ups looks a little better than it is: part of any lead is luck."
        return say("The best of ", count, flattered)
    picking = say("We picked the best of ", story.frozen.number("/luck/tried"), ".")
    if luck.lead <= luck.expected:
        return join_sentences([picking, say("Luck alone would explain its lead over their average.")])
    expected = story.frozen.number("/luck/expected", story.primary_formats.size)
    over = " of its lead over their average would be expected from luck alone."
    return join_sentences([picking, say("About ", expected, over)])


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
    return say("Allowing for luck, a fairer figure for ", story.name(best.key), " is ", figure, ".")


def fresh(story: Story) -> Sentence:
    """Say that fresh runs decide on a set-up, and what the search had made of it; empty without them."""
    chosen = story.chosen
    if chosen is None or chosen.search_mean is None or story.metric.goal is None:
        return say()
    runs = story.frozen.count(story.at(chosen.key) + "/n", "fresh run decides", "fresh runs decide")
    before = story.number(chosen.key, "/search_mean", story.primary_formats.value)
    return say(runs, " on ", story.name(chosen.key), "; in the search it had reached ", before, ".")


def far_off(story: Story) -> list[Sentence]:
    """Name the runs far from the other repeats of their set-up, one sentence a run, or count them."""
    collapses = story.findings.collapses
    if len(collapses) <= MAX_NAMED:
        return [_far_off(story, place, run) for place, run in enumerate(collapses)]
    said = []
    for ref, where in (("/counts/far_worse", "worse"), ("/counts/far_better", "better")):
        if story.frozen.number(ref).value:
            runs = story.frozen.count(ref, "run", "runs")
            said.append(say(runs, f" came out far {where} than other repeats of the same set-up; all count."))
    return said


def _far_off(story: Story, place: int, run: Collapse) -> Sentence:
    at, how = pointer("collapses", place), story.primary_formats.value
    others = story.frozen.count(at + "/others", "other run", "other runs")
    usual, value = (story.frozen.number(at + end, how) for end in ("/others_mean", "/value"))
    said = say("One run of ", story.name(run.key), f" came out far {run.side}, at ", value)
    return say(said, " against ", usual, " for the ", others, "; it is counted.")


def second_look(story: Story) -> Sentence:
    """Name the gains that are not settled but stand out; empty without any."""
    found = [c for c in story.comparisons if c.second_look]
    if not found:
        return say()
    if len(found) > MAX_NAMED:
        return say(story.frozen.number("/counts/second_look"), " set-ups are worth a second look.")
    return say("Worth a second look: ", listed([say(story.name(c.key)) for c in found]), ".")


def paired(story: Story) -> Sentence:
    """Say that runs were compared in pairs, and of which set-ups that was not possible."""
    used = [c for c in story.comparisons if c.pairs]
    if not used or story.findings.seed is None:
        return say()
    some = "Where there were enough of them, runs" if len(used) < len(story.comparisons) else "Runs"
    return say(f"{some} with the same ", story.frozen.label("/seed", 40), " were compared in pairs.")


def test_items(story: Story) -> Sentence:
    """Say how far off one run may be by its test items alone; empty where their number is not known."""
    chosen = story.chosen
    if chosen is None or chosen.items_interval is None:
        return say()
    at, formats = story.at(chosen.key), story.primary_formats
    items = story.frozen.number(at + "/test_items")
    low = story.frozen.number(at + "/items_interval/0", formats.low)
    high = story.frozen.number(at + "/items_interval/1", formats.value)
    sized = say("With ", items, " test items the figure could be between ", low, " and ", high)
    return say(sized, "; training again could change it further.")
