"""What a language is: the translations of our words, its rule for plurals, and the signs in its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Language:
    """One language that a report can be written in."""

    code: str
    """ISO 639-1, such as ``de``."""
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the English text: the translation, or one for each plural form."""
    plural: Callable[[int], int] = lambda count: int(count != 1)
    """Which plural form goes with a count."""
    decimal: str = "."
    group: str = ","
    direction: Literal["ltr", "rtl"] = "ltr"
    """Where its lines begin: at the left, or at the right."""

    def text(self, english: str) -> str:
        """Give the translation of a text, or the text itself where there is none."""
        return self.texts.get(english, (english,))[0]

    def counted(self, one: str, many: str, count: float) -> str:
        """Give the form of a text that goes with *count*, which need not be whole."""
        if one not in self.texts:
            return one if count == 1 else many
        forms = self.texts[one]
        place = self.plural(int(count)) if count == int(count) else len(forms) - 1
        return forms[min(place, len(forms) - 1)]


ENGLISH = Language("en")
