"""Sentences that several sections share: counts of runs, effort, guard-rails."""

from __future__ import annotations

from reportgen.compose.freeze import is_flattered
from reportgen.compose.numbers import pointer
from reportgen.compose.precision import duration_format
from reportgen.compose.story import Story
from reportgen.document import NumberFormat, Sentence, join_sentences, say
from reportgen.findings import GuardRail

_OUTCOMES = (
    ("/runs/by_status/failed", "failed", "failed"),
    ("/runs/by_status/interrupted", "was interrupted", "were interrupted"),
    ("/runs/by_status/pruned", "was stopped early on purpose", "were stopped early on purpose"),
    ("/runs/no_number", "gave no usable number", "gave no usable number"),
    ("/runs/by_status/running", "is still running", "are still running"),
)


def listed(parts: list[Sentence], last: str = "and") -> Sentence:
    """Join parts by commas, the last two by *last*."""
    if len(parts) < 2:
        return say(*parts)
    spliced: list[str | Sentence] = [parts[0]]
    for part in parts[1:-1]:
        spliced += [", ", part]
    return say(*spliced, f" {last} ", parts[-1])


def run_counts(story: Story) -> Sentence:
    """Say where every run went: "50 of 55 runs gave a result; 3 failed and 2 are still running."."""
    frozen = story.frozen
    usable, total = frozen.number("/runs/usable"), frozen.number("/runs/total")
    if not total.value:
        return say("There are no runs.")
    if story.state == "no_metric" and not story.nothing_finished:
        return say(frozen.count("/runs/total", "run was", "runs were"), " read.")
    if usable.value == total.value:
        return (
            say("All ", total, " runs gave a result.")
            if total.value > 1
            else say("The one run gave a result.")
        )
    return _partly(story)


def _partly(story: Story) -> Sentence:
    """Say how many runs gave a result, and what became of the others."""
    frozen = story.frozen
    usable, outcomes = frozen.number("/runs/usable"), []
    for ref, one, many in _OUTCOMES:
        if frozen.number(ref).value:
            outcomes.append(frozen.count(ref, one, many))
    if not usable.value:
        return (
            say("No run gave a result: ", listed(outcomes), ".") if outcomes else say("No run gave a result.")
        )
    opening = say(usable, " of ", frozen.count("/runs/total", "run", "runs"), " gave a result")
    if not outcomes:
        return say(opening, ".")
    if len(outcomes) <= 2:
        return say(opening, "; ", listed(outcomes), ".")
    return say(opening, ". Of the other ", frozen.number("/runs/without_result"), ", ", listed(outcomes), ".")


def left_out(story: Story) -> Sentence:
    """Say how many runs are not among the counted; empty if there is none."""
    frozen, parts = story.frozen, []
    if frozen.number("/counts/excluded").value:
        parts.append(say(frozen.count("/counts/excluded", "run", "runs"), " left out"))
    if frozen.number("/counts/skipped").value:
        counted = frozen.count("/counts/skipped", "folder", "folders")
        parts.append(say(counted, " that could not be read"))
    return say("Not counted: ", listed(parts), ".") if parts else say()


def which_number(story: Story) -> Sentence:
    """Say by which of its values a run counts: the footnote wherever the deciding metric is shown."""
    if is_flattered(story.metric):
        return say("Runs count by their best value, which flatters them.")
    fixed = {"last": "last", "min": "smallest", "max": "largest"}.get(story.metric.summary)
    if fixed is not None:
        return say(f"Runs count by their {fixed} value.")
    summary = story.frozen.label(pointer("metrics", story.metric.name, "summary"), 60)
    return say("Runs count by this value: ", summary, ".")


def progress(story: Story) -> Sentence:
    """Say how far an unfinished search is; empty for a finished one."""
    if not story.is_unfinished:
        return say()
    frozen = story.frozen
    total, planned = frozen.number("/runs/total"), frozen.number("/runs/planned")
    if total.value >= planned.value:
        return say("Some of the ", planned, " planned runs are not done yet.")
    return say(total, " of ", planned, " planned runs were started so far.")


def effort(story: Story) -> Sentence:
    """Say what all runs together took in time and money; empty where nothing was measured."""
    known = story.findings.effort
    sentences = []
    if known.total_s is not None and known.metered_runs:
        field, how = duration_format(known.total_s)
        partly = known.metered_runs < story.findings.runs.total
        spent = story.frozen.number(f"/effort/{field}", how)
        who = "All runs together took " if story.findings.runs.total > 1 else "The run took "
        sentences.append(say(who, "at least " if partly else "", spent, _unmetered(story, "metered"), "."))
    if known.total_cost is not None and known.priced_runs:
        partly = known.priced_runs < story.findings.runs.total
        price = story.frozen.number("/effort/total_cost", money(story))
        missing = _unmetered(story, "priced") if known.priced_runs != known.metered_runs else say()
        sentences.append(say("They cost ", "at least " if partly else "", price, missing, "."))
    return join_sentences(sentences)


def _unmetered(story: Story, what: str) -> Sentence:
    """Say of how many runs a total knows nothing: `` (4 of 60 runs not metered)``; empty for none."""
    missing = story.frozen.number(f"/effort/not_{what}")
    if not missing.value:
        return say()
    return say(" (", missing, " of ", story.frozen.count("/runs/total", "run", "runs"), f" not {what})")


def money(story: Story) -> NumberFormat:
    """Give the format of amounts of money."""
    return NumberFormat("number", 2, unit=story.findings.effort.currency)


def limit_sentence(story: Story, rail: GuardRail) -> Sentence:
    """Say whether a configuration keeps a limit, with its mean and the limit."""
    name, metric = story.name(rail.key), story.metric_label(rail.metric)
    limit = story.frozen.number(
        pointer("guard_rails", story.findings.guard_rails.index(rail), "limit"),
        story.formats[rail.metric].value,
    )
    verb = {"kept": " keeps", "broken": " breaks", "not_shown": " is not shown to keep"}[rail.state]
    said = say(name, verb, " the ", metric, " limit of ", limit)
    if not story.has_mean(rail.key, rail.metric):
        return say(said, ".")
    return say(said, ", with ", story.metric_mean(rail.key, rail.metric), " on average.")
