"""Sentences that several sections share: counts of runs, effort, guard-rails."""

from __future__ import annotations

from reportgen.compose.freeze import is_flattered
from reportgen.compose.numbers import pointer, shorten
from reportgen.compose.precision import duration_format
from reportgen.compose.story import Story
from reportgen.compose.wording import summary_words
from reportgen.document import Label, Number, NumberFormat, Sentence, join_sentences, phrase, phrases, say
from reportgen.findings import GuardRail
from reportgen.language import mark

_LIMITS_WITH_MEAN = {
    "kept": mark("{name} keeps the {metric} limit of {limit}, with {mean} on average."),
    "broken": mark("{name} breaks the {metric} limit of {limit}, with {mean} on average."),
    "not_shown": mark("{name} is not shown to keep the {metric} limit of {limit}, with {mean} on average."),
}
_LIMITS = {
    "kept": mark("{name} keeps the {metric} limit of {limit}."),
    "broken": mark("{name} breaks the {metric} limit of {limit}."),
    "not_shown": mark("{name} is not shown to keep the {metric} limit of {limit}."),
}


MOST_DATA = 2
"""Data sets that page one names."""
DATA_NAME = 24
"""Characters of a data set's name or version there."""


def listed(parts: list[Sentence]) -> Sentence:
    """Join parts by commas, the last two by "and"."""
    if len(parts) < 2:
        return say(*parts)
    return phrase("{first} and {last}", first=by_comma(parts[:-1]), last=parts[-1])


def by_comma(parts: list[Sentence]) -> Sentence:
    """Join parts by commas alone; by semicolons where a part has a comma of its own."""
    comma = "; " if any(", " in part.text for part in parts) else ", "
    joined = parts[0]
    for part in parts[1:]:
        joined = say(joined, comma, part)
    return joined


def by_middle_dot(parts: list[Sentence]) -> Sentence:
    """Join short notes by a middle dot."""
    joined = parts[0]
    for part in parts[1:]:
        joined = say(joined, " · ", part)
    return joined


def run_counts(story: Story) -> Sentence:
    """Say where every run went: "50 of 55 runs gave a result; 3 failed and 2 are still running."."""
    frozen = story.frozen
    usable, total = frozen.number("/runs/usable"), frozen.number("/runs/total")
    if not total.value:
        return phrase("There are no runs.")
    if story.state == "no_metric" and not story.nothing_finished:
        return phrases("{n} run was read.", "{n} runs were read.", n=total)
    if usable.value == total.value:
        return phrases("The one run gave a result.", "All {n} runs gave a result.", n=total)
    return _partly(story, usable, total)


def _partly(story: Story, usable: Number, total: Number) -> Sentence:
    """Say how many runs gave a result, and what became of the others."""
    outcomes = _outcomes(story)
    if not usable.value and not outcomes:
        return phrase("No run gave a result.")
    ends = listed(outcomes) if outcomes else say()
    if not usable.value:
        if story.frozen.number("/runs/by_status/running").value:
            return phrase("No run has given a result yet: {outcomes}.", outcomes=ends)
        return phrase("No run gave a result: {outcomes}.", outcomes=ends)
    if not outcomes:
        return phrases(
            "{usable} of {n} run gave a result.",
            "{usable} of {n} runs gave a result.",
            n=total,
            usable=usable,
        )
    if len(outcomes) <= 2:
        return phrases(
            "{usable} of {n} run gave a result; {outcomes}.",
            "{usable} of {n} runs gave a result; {outcomes}.",
            n=total,
            usable=usable,
            outcomes=ends,
        )
    return phrases(
        "{usable} of {n} run gave a result. Of the other {others}, {outcomes}.",
        "{usable} of {n} runs gave a result. Of the other {others}, {outcomes}.",
        n=total,
        usable=usable,
        others=story.frozen.number("/runs/without_result"),
        outcomes=ends,
    )


def _outcomes(story: Story) -> list[Sentence]:
    """Say what became of the runs without a result, each kind that there is."""
    number = story.frozen.number
    failed, interrupted = number("/runs/by_status/failed"), number("/runs/by_status/interrupted")
    pruned, unusable = number("/runs/by_status/pruned"), number("/runs/no_number")
    running = number("/runs/by_status/running")
    told = (
        (failed, phrases("{n} failed", "{n} failed", n=failed)),
        (interrupted, phrases("{n} was interrupted", "{n} were interrupted", n=interrupted)),
        (pruned, phrases("{n} was stopped early on purpose", "{n} were stopped early on purpose", n=pruned)),
        (unusable, phrases("{n} gave no usable number", "{n} gave no usable number", n=unusable)),
        (running, phrases("{n} is still running", "{n} are still running", n=running)),
    )
    return [sentence for count, sentence in told if count.value]


def left_out(story: Story) -> Sentence:
    """Say how many runs are not among the counted; empty if there is none."""
    excluded, skipped = story.frozen.number("/counts/excluded"), story.frozen.number("/counts/skipped")
    parts = []
    if excluded.value:
        parts.append(phrases("{n} run left out", "{n} runs left out", n=excluded))
    if skipped.value:
        parts.append(
            phrases("{n} folder that could not be read", "{n} folders that could not be read", n=skipped)
        )
    return phrase("Not counted: {parts}.", parts=listed(parts)) if parts else say()


def which_number(story: Story) -> Sentence:
    """Say by which of its values a run counts: the footnote wherever the deciding metric is shown."""
    if is_flattered(story.metric):
        return phrase("Runs count by their best value, which flatters them.")
    match story.metric.summary:
        case "last":
            return phrase("Runs count by their last value.")
        case "min":
            return phrase("Runs count by their smallest value.")
        case "max":
            return phrase("Runs count by their largest value.")
        case _:
            summary = Label(shorten(summary_words(story.metric.summary), 60))
            return phrase("Runs count by this value: {summary}.", summary=summary)


def progress(story: Story) -> Sentence:
    """Say how far an unfinished search is; empty for a finished one."""
    if not story.is_unfinished:
        return say()
    total, planned = story.frozen.number("/runs/total"), story.frozen.number("/runs/planned")
    if total.value >= planned.value:
        return phrase("Some of the {planned} planned runs are not done yet.", planned=planned)
    return phrase("{total} of {planned} planned runs have been started so far.", total=total, planned=planned)


def effort(story: Story) -> Sentence:
    """Say what all runs together took in time and money; empty where nothing was measured."""
    known = story.findings.effort
    sentences = []
    if known.total_s is not None and known.metered_runs:
        field, how = duration_format(known.total_s)
        time = story.frozen.number(f"/effort/{field}", how)
        sentences.append(_time_spent(story, time))
    if known.total_cost is not None and known.priced_runs:
        cost = story.frozen.number("/effort/total_cost", money(story))
        sentences.append(_money_spent(story, cost))
    return join_sentences(sentences)


def _time_spent(story: Story, time: Number) -> Sentence:
    missing, total = story.frozen.number("/effort/not_metered"), story.frozen.number("/runs/total")
    if missing.value:
        return phrases(
            "All runs together took at least {time} ({missing} of {n} run not metered).",
            "All runs together took at least {time} ({missing} of {n} runs not metered).",
            n=total,
            time=time,
            missing=missing,
        )
    return phrases("The run took {time}.", "All runs together took {time}.", n=total, time=time)


def _money_spent(story: Story, cost: Number) -> Sentence:
    known, total = story.findings.effort, story.frozen.number("/runs/total")
    missing = story.frozen.number("/effort/not_priced")
    if not missing.value:
        return phrase("They cost {cost}.", cost=cost)
    if known.priced_runs == known.metered_runs:  # said of the time already
        return phrase("They cost at least {cost}.", cost=cost)
    return phrases(
        "They cost at least {cost} ({missing} of {n} run not priced).",
        "They cost at least {cost} ({missing} of {n} runs not priced).",
        n=total,
        cost=cost,
        missing=missing,
    )


def data_version(story: Story) -> Sentence:
    """Say which data all runs used; empty where they differ or do not tell, which the caveats say."""
    versions = story.findings.quality.data
    if story.findings.quality.mixed_data or not 0 < len(versions) <= MOST_DATA:
        return say()
    if any(version.runs < story.findings.runs.total for version in versions):
        return say()
    named = []
    for place in range(len(versions)):
        at = pointer("quality", "data", place)
        name = story.frozen.label(f"{at}/name", DATA_NAME)
        if versions[place].version:
            version = story.frozen.label(f"{at}/version", DATA_NAME)
            named.append(phrase("{name}, version {version}", name=name, version=version))
        else:
            named.append(say(name))
    return phrase("Data: {data}.", data=listed(named))


def money(story: Story) -> NumberFormat:
    """Give the format of amounts of money."""
    return NumberFormat("number", 2, unit=story.findings.effort.currency)


def limit_sentence(story: Story, rail: GuardRail) -> Sentence:
    """Say whether a configuration keeps a limit, with its mean and the limit."""
    place = pointer("guard_rails", story.findings.guard_rails.index(rail), "limit")
    name, metric = story.name(rail.key), story.metric_label(rail.metric)
    limit = story.frozen.number(place, story.formats[rail.metric].value)
    if story.has_mean(rail.key, rail.metric):
        template = _LIMITS_WITH_MEAN[rail.state]
        found = story.findings.configuration(rail.key).metrics.get(rail.metric)
        if rail.state == "not_shown" and found is not None and found.n == 1:
            template = mark("{name} is not shown to keep the {metric} limit of {limit}: one run gave {mean}.")
        mean = story.metric_mean(rail.key, rail.metric)
        return phrase(template, name=name, metric=metric, limit=limit, mean=mean)
    return phrase(_LIMITS[rail.state], name=name, metric=metric, limit=limit)
