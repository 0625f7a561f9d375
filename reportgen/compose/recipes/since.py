"""One entry of what changed, as sentences use it: its numbers and names by their pointers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reportgen.compose.numbers import pointer
from reportgen.compose.story import HEADLINE_NAME, Story
from reportgen.document import INTEGER, Label, Number, NumberFormat, Sentence, phrase, say
from reportgen.findings import Change


@dataclass(frozen=True)
class Entry:
    """A change with its place in the frozen numbers."""

    story: Story
    place: int
    change: Change

    @cached_property
    def at(self) -> str:
        """Where it stands in the frozen numbers."""
        return pointer("changes", "entries", self.place)

    def number(self, field: str, how: NumberFormat = INTEGER) -> Number:
        """Give one of its numbers."""
        return self.story.frozen.number(f"{self.at}/{field}", how)

    def value(self, field: str) -> Number:
        """Give one of its values of the deciding metric."""
        return self.number(field, self.story.primary_formats.value)

    def label(self, field: str) -> Label:
        """Give one of its texts."""
        return self.story.frozen.label(f"{self.at}/{field}", HEADLINE_NAME)

    @property
    def name(self) -> Label:
        """The configuration that it is about; as the earlier issue called it, where it is gone."""
        return self.story.name(self.change.key) if self.is_here else self.label("label")

    @property
    def is_here(self) -> bool:
        """Whether the configuration that it is about is in this report."""
        return self.change.key in self.story.positions

    @property
    def against(self) -> Label:
        """The configuration that it is compared with."""
        here = self.change.against in self.story.positions
        return self.story.name(self.change.against) if here else self.label("against_label")

    @property
    def sizes(self) -> Mapping[str, Number]:
        """The size of the difference and, where there is a range to tell, its ends ``low`` and ``high``."""
        how, at = self.story.primary_formats.size, self.at
        has_range = self.change.interval is not None
        ends = self.story.frozen.ends(f"{at}/size_low", f"{at}/size_high", how) if has_range else None
        if ends is None:
            return {"size": self.number("size", how)}
        return {"size": self.number("size", ends[1].format), "low": ends[0], "high": ends[1]}

    @property
    def is_named(self) -> bool:
        """Whether this audience may read what it was called in the earlier issue."""
        return bool(self.change.label)


Entries = Sequence[Entry]
"""All of one kind, at least one, in the order of the frozen numbers."""
Saying = Callable[[Entries], Sentence]


def entries_of(story: Story) -> dict[str, list[Entry]]:
    """Give the changes by their kind, the most important kind first."""
    found: dict[str, list[Entry]] = {}
    for place, change in enumerate(story.findings.changes.entries):
        found.setdefault(change.kind, []).append(Entry(story, place, change))
    return found


def how_many(entries: Entries) -> Number:
    """Give the number of entries of this kind."""
    first = entries[0]
    return first.story.frozen.number(pointer("changes", "counts", first.change.kind))


def not_compared(story: Story) -> Sentence:
    """Say that the series breaks; empty where it goes on."""
    if not story.findings.changes.breaks:
        return say()
    return phrase("Results before and after are not compared.")
