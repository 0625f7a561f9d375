"""Sentences whose numbers are known by reference, never typed.

A `Sentence` is made of spans. Plain words hold no digits (checked), so a number can come into a
sentence in two ways only: as a `Number`, which points at a frozen number, or inside a `Label`,
which is the user's own name for something.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.document.formats import NumberFormat, format_number
from reportgen.language import places, spoken

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
    """Put a sentence together as it is: text becomes `Words`, spans stay, sentences are spliced in.

    Nothing is translated: what has words comes from `phrase`.
    """
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


def phrase(template: str, /, **parts: Span | Sentence | str) -> Sentence:
    """Say a whole sentence, or a part that stands by itself, in the spoken language.

    Args:
        template: The English text with a named place for every number and name: ``"{name} reached
            {mean}."``. It is the key of the catalogue: a plain literal, never put together.
        parts: What stands in the places; a ``str`` is our words, said in the spoken language already.

    Raises:
        KeyError: A place has no part.
        ValueError: There is a digit in the words.
    """
    return _filled(spoken().text(template), parts)


def phrases(one: str, many: str, /, n: Number, **parts: Span | Sentence | str) -> Sentence:
    """Say a sentence in the form that goes with the count *n*: ``phrases("{n} run", "{n} runs", n=runs)``.

    Raises:
        KeyError: A place has no part.
        ValueError: There is a digit in the words.
    """
    return _filled(spoken().counted(one, many, n.value), {"n": n, **parts})


def _filled(template: str, parts: Mapping[str, Span | Sentence | str]) -> Sentence:
    spliced: list[str | Span | Sentence] = []
    for text, name in places(template):
        spliced.append(text)
        if name is not None:
            spliced.append(parts[name])
    return say(*spliced)


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
