"""The frozen numbers as sentences may use them: by pointer only, so that no sentence can state another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reportgen.document import INTEGER, Label, Number, NumberFormat, range_format, resolve_pointer, told_apart


def pointer(*parts: str | int) -> str:
    """Build a JSON pointer (RFC 6901) from names and positions."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def shorten(text: str, limit: int) -> str:
    """Cut the middle out of a long name, for its beginning and its end tell it apart."""
    return told_apart([text], lambda cut: len(cut) <= limit)[0]


class Frozen:
    """Reads the frozen numbers by pointer."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        """Wrap the tree that `freeze` made."""
        self.tree = tree

    def get(self, ref: str) -> Any:
        """Give what stands at *ref*.

        Raises:
            KeyError: Nothing stands there.
        """
        return resolve_pointer(self.tree, ref)

    def has(self, ref: str) -> bool:
        """Tell whether a finite number stands at *ref*."""
        try:
            value = self.get(ref)
        except KeyError:
            return False
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

    def number(self, ref: str, how: NumberFormat = INTEGER) -> Number:
        """Give the number at *ref* for a sentence.

        Raises:
            KeyError: Nothing stands there, or no number.
        """
        value = self.get(ref)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise KeyError(ref)
        return Number(float(value), how, ref)

    def ends(self, low: str, high: str, how: NumberFormat) -> tuple[Number, Number] | None:
        """Give both ends of a range for a sentence, the lower one without its unit.

        With finer digits where the ends would read alike; None where they do even then.

        Raises:
            KeyError: Nothing stands there, or no number.
        """
        ends = self.number(low), self.number(high)
        finer = range_format(ends[0].value, ends[1].value, how)
        if finer is None:
            return None
        return replace(ends[0], format=replace(finer, bare=True)), replace(ends[1], format=finer)

    def label(self, ref: str, limit: int | None = None) -> Label:
        """Give the text at *ref* for a sentence, its middle cut out beyond *limit* characters."""
        text = str(self.get(ref))
        return Label(shorten(text, limit) if limit else " ".join(text.split()), ref)
