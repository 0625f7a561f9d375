"""How the lines of a chart look, so that colour, form of the marks and width each tell them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reportgen.document import Series
from reportgen.render.charts.canvas import MARKERS, Canvas

_FORMS: Final = (("o", 5.2), ("s", 4.6), ("^", 5.8), ("v", 5.8), ("X", 5.6), ("p", 5.8))
"""Marks of lines without a tone, each with its size in points; a diamond is the baseline's."""
_MARKS: Final = 4
"""Marks along a line without a tone, where there are several: dashes say that repeats have ended."""


@dataclass(frozen=True, slots=True)
class LineLook:
    """How one line looks."""

    color: str
    width: float
    marker: str
    size: float
    place: int = 0
    """Among the lines without a tone, from 0; those of other tones have 0."""
    along: bool = False
    """Whether it has marks along it, not at its end only."""

    def marked(self, count: int) -> list[int]:
        """Give which of *count* points have a mark: the last, and if along, a few that differ from line to line."""
        if not self.along or count < 3 * _MARKS:
            return [count - 1]
        gap = (count - 1) / _MARKS
        shift = (self.place % len(_FORMS) + 0.5) / len(_FORMS)
        return [*(int(gap * (number + shift)) for number in range(_MARKS)), count - 1]


def line_looks(canvas: Canvas, series: Sequence[Series]) -> Mapping[int, LineLook]:
    """Give the look of each line, by its place in *series*.

    Lines without a tone differ in grey and marks. A stretch without a name belongs to the named line before it,
    one that lies behind others to the line of its name, or without one to the next that is named.
    """
    plain = [at for at, one in enumerate(series) if one.tone == "neutral" and _is_named(one)]
    found: dict[int, LineLook] = {}
    for at, one in enumerate(series):
        if one.tone != "neutral":
            width = 1.9 if one.tone == "focus" else 1.4
            found[at] = LineLook(canvas.color(one.tone), width, *MARKERS[one.tone])
            continue
        number = plain.index(_owner(series, plain, at)) if plain else 0
        form, size = _FORMS[number % len(_FORMS)]
        grey = canvas.theme.colors["secondary"] if number % 2 else canvas.color("neutral")
        found[at] = LineLook(grey, 1.1, form, size, number, along=len(plain) > 1)
    return found


def _is_named(one: Series) -> bool:
    return bool(one.label) and one.style != "faint"


def _owner(series: Sequence[Series], plain: Sequence[int], at: int) -> int:
    """Find the named line that a stretch belongs to."""
    if at in plain:
        return at
    one = series[at]
    alike = [place for place in plain if one.label and series[place].label == one.label]
    later, earlier = [p for p in plain if p > at], [p for p in plain if p < at]
    near = later[:1] or earlier[-1:] if one.style == "faint" else earlier[-1:] or later[:1]
    return (alike or near)[0]
