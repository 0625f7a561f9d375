"""What to do next: always marked as a suggestion, never more than the evidence carries."""

from __future__ import annotations

from collections import Counter

from reportgen.compose.numbers import pointer
from reportgen.compose.recipes.headline import MIN_TO_LEAD
from reportgen.compose.recipes.luck import is_the_pick, picked
from reportgen.compose.story import Story
from reportgen.document import Callout, Sentence, join_sentences, phrase, say
from reportgen.findings import Comparison
from reportgen.language import mark, tr

REASON_LENGTH = 120
"""Characters of an error message on page one."""


def decision(story: Story) -> Callout | None:
    """Print the decision that the owner asks for, as written."""
    text = story.config.decision
    if not text or story.public:
        return None
    return Callout(tr("Decision needed"), (say(story.frozen.label("/decision")),), "focus")


def next_step(story: Story) -> Callout:
    """Suggest the cheapest step that would make the answer surer."""
    return Callout(tr("Suggested next step"), tuple(s for s in _steps(story) if s.spans), "neutral")


def _steps(story: Story) -> list[Sentence]:
    state, chosen = story.state, story.chosen
    if state == "better" and chosen is not None:
        return _after_better(story)
    if state in ("not_settled", "not_comparable"):
        return [_from_comparison(story) or phrase(_FIXED[state])]
    if state == "nothing_better":
        return [phrase("Keep {baseline} for now.", baseline=_baseline(story))]
    if state == "no_baseline":
        return [
            _among_leaders(story),
            phrase("Name the set-up in use today, and the report compares all others with it."),
        ]
    return [_missing_results(story) or phrase(_FIXED[state])]


def _among_leaders(story: Story) -> Sentence:
    if story.repeats_identical:
        template = story.unless_tasks(
            mark("Check what should differ between repeats: every repeat gave the same number."),
            mark("Check what should differ between runs: every run gave the same number."),
        )
        return phrase(template)
    chosen, alone = story.chosen, story.frozen.number("/counts/leading").value == 1
    if alone and chosen is not None and chosen.n < MIN_TO_LEAD:
        template = mark("Repeat {name} until it has at least three runs with a result.")
        return phrase(template, name=story.name(chosen.key))
    if alone:
        return say()
    return phrase(
        story.unless_tasks(
            mark("Repeat the leading set-ups to tell them apart."),
            mark("Run the leading set-ups on more tasks to tell them apart."),
        )
    )


_FIXED = {
    "no_metric": mark("Log a metric in the runs, or name one that they have, and build the report again."),
    "not_settled": mark("Repeat the leading set-ups and compare again."),
    "not_comparable": mark("Run the set-ups again under the same conditions, on the same data."),
    "one_run": mark("Repeat the run a few times to see how much the result varies."),
    "no_direction": mark(
        "Say whether high or low is good, by the goal of the metric, and the report ranks the set-ups."
    ),
    "one_setup": mark("Run a second set-up, so that there is something to compare with."),
}


def _missing_results(story: Story) -> Sentence | None:
    """Say what to do about runs without a result where one result, or none, is all there is; None where all gave one."""
    state, runs = story.state, story.findings.runs
    if state == "no_result" or (state == "no_metric" and story.nothing_finished):
        return _without_result(story)
    if state == "one_setup" and len(story.findings.configurations) > 1:
        look = mark(
            "Look at why the other set-ups gave no result, in the section on data quality, and start them again."
        )
    elif state == "one_run" and runs.total > 1:
        look = mark(
            "Look at why the other runs gave no result, in the section on data quality, and start them again."
        )
    else:
        return None
    return phrase(_WAIT) if runs.by_status.get("running", 0) else phrase(look)


_WAIT = mark("Wait until the runs have ended, and build the report again.")


def _without_result(story: Story) -> Sentence:
    if not story.findings.runs.total:
        return phrase("Give the address of a folder that holds runs, and build the report again.")
    if story.findings.runs.by_status.get("running", 0):
        return phrase(_WAIT)
    look = phrase("Look at why the runs ended, in the section on data quality, and start them again.")
    return join_sentences([_most_frequent_reason(story), look])


def _most_frequent_reason(story: Story) -> Sentence:
    """Say which reason most runs gave; empty without one, and for the public."""
    reasons = [row.reason for row in story.findings.rows]
    counted = Counter(reason for reason in reasons if reason)
    if story.public or not counted:
        return say()
    (reason, times), *_ = counted.most_common(1)
    label = story.frozen.label(pointer("rows", reasons.index(reason), "reason"), REASON_LENGTH)
    if times == len(reasons):
        return phrase("The reason given: {reason}.", reason=label)
    return phrase("The reason given most often: {reason}.", reason=label)


def _after_better(story: Story) -> list[Sentence]:
    chosen = story.chosen
    if chosen is None:
        return []
    name = story.name(chosen.key)
    if story.breaks_limit(chosen.key):
        return [phrase("Bring {name} inside its limit, or decide whether the limit may move.", name=name)]
    if story.frozen.number("/counts/compared").value == 1:
        return [phrase("Use {name}, and watch that the gain holds in practice.", name=name)]
    comparison = story.comparison(chosen.key)
    if comparison is not None and comparison.sureness == "confirmed":
        template = mark("Use {name}: fresh runs confirm that it is better than {baseline}.")
        return [phrase(template, name=name, baseline=_baseline(story))]
    flattered = picked(story) if story.findings.luck is None or is_the_pick(story) else say()
    if not flattered.spans:
        counted = "/counts/with_result" if story.findings.luck is None else "/luck/tried"
        picked_from = story.frozen.number(counted)
        flattered = phrase("It was picked from {n} set-ups, which flatters it.", n=picked_from)
    template = story.unless_tasks(
        mark("Repeat {name} with fresh runs before it replaces {baseline}."),
        mark("Try {name} on fresh tasks before it replaces {baseline}."),
    )
    return [phrase(template, name=name, baseline=_baseline(story)), flattered]


def _baseline(story: Story) -> Sentence:
    baseline = story.findings.baseline
    return say(story.name(baseline.key)) if baseline else phrase("the present set-up")


def _from_comparison(story: Story) -> Sentence | None:
    chosen = story.chosen
    comparison = story.comparison(chosen.key) if chosen else None
    if comparison is None or not comparison.next_step:
        return None
    place = story.findings.comparisons.index(comparison)
    advice = say(story.frozen.label(pointer("comparisons", place, "next_step")))
    return join_sentences([advice, _runs_needed(story, place, comparison)])


def _runs_needed(story: Story, place: int, comparison: Comparison) -> Sentence:
    """Say how many runs would probably settle it; empty where that is not known."""
    if comparison.n_needed is None or story.has_tasks:  # of tasks or of repeats? It is not known which vary
        return say()
    needed = story.frozen.number(pointer("comparisons", place, "n_needed"))
    if comparison.pairs:
        return phrase("About {n} pairs of runs would probably do.", n=needed)
    return phrase("About {n} runs of each would probably do.", n=needed)
