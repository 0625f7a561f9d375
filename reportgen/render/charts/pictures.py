"""The letters of a chart that becomes a picture: no reader's program finds a font for them any more."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, TypeVar

from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, findfont, fontManager, get_font
from matplotlib.text import Text

from reportgen.document import Chart, Table, Words
from reportgen.render.charts.fonts import FAMILY, OUTLINES, clean, is_bundled
from reportgen.render.glyphs import spelled_out

_NORMAL = 400
_BOXES = "Last Resort"
"""Comes with matplotlib: a font of boxes, which has them for every letter."""
_Drawn = TypeVar("_Drawn", bound=Chart | Table)


def readable(chart: _Drawn) -> tuple[_Drawn, tuple[str, ...], tuple[str, ...]]:
    """Spell out the letters of a chart that no font of this machine has.

    Returns:
        The chart; the families of fonts that have what the bundled one lacks, in the order to try them; the
        letters that none has.
    """
    families: dict[str, None] = {}
    missing = []
    for character in sorted(set().union(*map(clean, _texts(chart)))):
        if is_bundled(character):
            continue
        family = _family_of(character)
        if family is None:
            missing.append(character)
        else:
            families.setdefault(family)
    return spelled_out(chart, missing), tuple(families), tuple(missing)


def set_fonts(figure: Figure, families: tuple[str, ...]) -> None:
    """Let the texts of a figure take their letters from these fonts where the bundled one lacks them."""
    for text in figure.findobj(Text):
        if isinstance(text, Text):
            text.set_fontfamily([FAMILY, *families])


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case tuple():
            for item in value:
                yield from _texts(item)
        case Words():
            yield value.text
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from _texts(getattr(value, field.name))


@lru_cache(maxsize=4096)
def _family_of(character: str) -> str | None:
    """Find a font with a character: the one that comes with matplotlib first, then those of the system."""
    if get_font(findfont(OUTLINES)).get_char_index(ord(character)):
        return OUTLINES
    return next((entry.name for entry in _system_fonts() if _has(entry.fname, character)), None)


@cache
def _system_fonts() -> tuple[FontEntry, ...]:
    """List the upright fonts of normal weight, those made for many scripts first; the order is always the same."""
    plain = [
        entry
        for entry in fontManager.ttflist
        if entry.style == "normal" and entry.weight == _NORMAL and not entry.name.startswith(_BOXES)
    ]
    return tuple(
        sorted(plain, key=lambda entry: (not entry.name.startswith("Noto Sans"), entry.name, entry.fname))
    )


def _has(file: str, character: str) -> bool:
    try:
        return bool(get_font(file).get_char_index(ord(character)))
    except (OSError, RuntimeError):  # a font of pictures, or a broken one
        return False
