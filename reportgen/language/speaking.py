"""The language that is spoken now, and the few functions that every text of a report goes through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from string import Formatter

from reportgen.language.catalogue import languages, read_language
from reportgen.language.language import ENGLISH, Language

MINUS = "\N{MINUS SIGN}"

_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Speak a language until the block is left.

    Raises:
        KeyError: There is no catalogue of that language.
    """
    token = _spoken.set(read_language(code))
    try:
        yield _spoken.get()
    finally:
        _spoken.reset(token)


def spoken() -> Language:
    """Give the language that is spoken now."""
    return _spoken.get()


def mark(text: str) -> str:
    """Mark a text that stands in a constant for the catalogue; `tr` says it when it is used."""
    return text


def tr(text: str, /, **values: object) -> str:
    """Say a text in the spoken language, with *values* in its named places."""
    said = _spoken.get().text(text)
    return said.format_map(values) if values else said


def in_every_language(text: str) -> frozenset[str]:
    """Give a text as each language says it: to know it again in a file that another report wrote."""
    return frozenset(read_language(code).text(text) for code in languages())


def ntr(one: str, many: str, count: float, /, **values: object) -> str:
    """Say a text in the form that goes with *count*, with *values* in its named places."""
    said = _spoken.get().counted(one, many, count)
    return said.format_map(values) if values else said


@cache
def places(template: str) -> tuple[tuple[str, str | None], ...]:
    """Cut a template into pieces: a text, and the name of the place behind it (None at the end)."""
    return tuple((text, name) for text, name, _, _ in Formatter().parse(template))


def with_minus(text: str) -> str:
    """Give a number that is written as programs do a minus sign for each hyphen, its exponent's too."""
    return text.replace("-", MINUS)


def localised_digits(text: str) -> str:
    """Give a number that is written as in English the spoken language's signs for decimals and groups."""
    now = _spoken.get()
    if now is ENGLISH:
        return text
    return text.translate({ord("."): now.decimal, ord(","): now.group})
