"""Sentences whose numbers are known by reference, never typed.

A `Sentence` is made of spans. Plain words hold no digits (checked), so a number can come into a
sentence in two ways only: as a `Number`, which points at a frozen number, or inside a `Label`,
which is the user's own name for something.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportgen.document.formats import NumberFormat, format_number

_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its format and the frozen number that it is."""

    value: float
    format: NumberFormat
    ref: str
    """JSON pointer into the frozen numbers; the value there is *value*."""

    @property
    def text(self) -> str:
        """The number as running text shows it, unit included."""
        return format_number(self.value, self.format)


@dataclass(frozen=True, slots=True)
class Label:
    """A name given by the user or the data: a configuration, a metric, a run, a version, a date."""

    text: str
    ref: str = ""
    """JSON pointer to where it stands in the frozen numbers, if it does."""


@dataclass(frozen=True, slots=True)
class Words:
    """Our own words. They hold no digits.

    Raises:
        ValueError: There is a digit: a number must be a `Number`, a name a `Label`.
    """

    text: str

    def __post_init__(self) -> None:
        """Refuse digits."""
        if _DIGIT.search(self.text):
            raise ValueError(f"a number in a sentence must come from a finding: {self.text!r}")


Span = Words | Label | Number


@dataclass(frozen=True, slots=True)
class Sentence:
    """Spans that read as one or more sentences."""

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The whole as plain text."""
        return "".join(span.text for span in self.spans)

    @property
    def numbers(self) -> tuple[Number, ...]:
        """All numbers in it."""
        return tuple(span for span in self.spans if isinstance(span, Number))


def say(*parts: str | Span | Sentence) -> Sentence:
    """Build a sentence: text becomes `Words`, spans stay, sentences are spliced in."""
    spans: list[Span] = []
    for part in parts:
        match part:
            case str():
                if part:
                    spans.append(Words(part))
            case Sentence():
                spans.extend(part.spans)
            case _:
                spans.append(part)
    return Sentence(tuple(spans))


def join_sentences(sentences: tuple[Sentence, ...] | list[Sentence]) -> Sentence:
    """Put sentences behind one another with a space between."""
    parts: list[str | Span | Sentence] = []
    for sentence in sentences:
        if not sentence.spans:
            continue
        if parts:
            parts.append(" ")
        parts.append(sentence)
    return say(*parts)
