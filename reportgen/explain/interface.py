"""What an explanation is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Given:
    """Runs that went in, each with its number."""

    label: str
    runs: tuple[tuple[str, float], ...]
    """(run id, number)."""

    @property
    def values(self) -> list[float]:
        """The numbers alone."""
        return [value for _, value in self.runs]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one number is made, before it is known which number it is."""

    what: str
    """What the number is, in a few words."""
    formula: str = ""
    """In words and symbols."""
    given: tuple[Given, ...] = ()
    code: tuple[str, ...] = ()
    """Lines of Python, imports included, that leave the number in ``result``; empty where none can be given."""
    rule: str = ""
    """The threshold or rule that decided."""
    section: str = ""
    """Of docs/method.md."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one number of a report was made."""

    pointer: str
    value: Any
    recipe: Recipe
