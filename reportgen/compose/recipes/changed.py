"""All sentences about what changed, with what they are about and how much they matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reportgen.compose.recipes.changed_results import SAID_OF_RESULTS
from reportgen.compose.recipes.changed_runs import SAID_OF_RUNS, SAID_OF_SET_UPS
from reportgen.compose.recipes.since import entries_of
from reportgen.compose.story import Story
from reportgen.document import Sentence, phrase, phrases
from reportgen.findings import CHANGE_KINDS

Topic = Literal["results", "set-ups", "runs"]
_TOPICS: tuple[tuple[Topic, tuple[str, ...]], ...] = (
    ("results", tuple(SAID_OF_RESULTS)),
    ("set-ups", tuple(SAID_OF_SET_UPS)),
    ("runs", tuple(SAID_OF_RUNS)),
)
"""With their kinds in reading order."""
_FIRST = -1


@dataclass(frozen=True, slots=True)
class Said:
    """One or a few sentences about one kind of change."""

    topic: Topic
    importance: int
    """The smaller, the more it matters."""
    sentence: Sentence

    @property
    def is_warning(self) -> bool:
        """Whether it is about the issue itself: made too early, or from old runs."""
        return self.importance == _FIRST


def what_changed(story: Story) -> list[Said]:
    """Say everything that changed, by topic and the most important first."""
    said = list(_said(story))
    if not said:
        said.append(Said("results", 0, phrase("Nothing changed since the issue before.")))
    return said


def _said(story: Story) -> Iterator[Said]:
    found = entries_of(story)
    sayings = {**SAID_OF_RESULTS, **SAID_OF_SET_UPS, **SAID_OF_RUNS}
    if (story.frozen.tree.get("issue") or {}).get("partial"):
        yield Said("results", _FIRST, phrase("The period is not over: all numbers are so far."))
    if story.findings.changes.leader and "runs_added" in found and "data" not in found:
        yield Said("results", CHANGE_KINDS.index("new_leader"), _no_new_best(story))
    for topic, kinds in _TOPICS:
        for kind in (kind for kind in kinds if kind in found):
            yield Said(topic, CHANGE_KINDS.index(kind), sayings[kind](found[kind]))
    if story.findings.changes.newest_age_days is not None:
        yield Said("runs", _FIRST, _stale(story, is_without_new="runs_added" not in found))


def _no_new_best(story: Story) -> Sentence:
    key = story.findings.changes.leader
    return phrase("No new best: {name} still leads, with {mean}.", name=story.name(key), mean=story.mean(key))


def _stale(story: Story, *, is_without_new: bool) -> Sentence:
    days = story.frozen.number("/changes/newest_age_days")
    if is_without_new:
        return phrases(
            "No run was added. The newest run is {n} day old.",
            "No run was added. The newest run is {n} days old.",
            n=days,
        )
    return phrases("The newest run is {n} day old.", "The newest run is {n} days old.", n=days)
