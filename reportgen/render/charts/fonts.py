"""The bundled font inside matplotlib, and the width of a text set in it."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from reportgen.document import told_apart
from reportgen.render.templates import builtin_templates
from reportgen.render.texts import STEERING

FAMILY = "Source Sans 3"
OUTLINES = "DejaVu Sans"
"""Comes with matplotlib and has Arabic and Hebrew."""
PT_MM = 25.4 / 72
"""Millimetres a point."""
WIDER = 1.14
"""How much wider the fonts are that a browser takes where the bundled one is not installed."""
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

Weight = Literal["normal", "bold"]
WEIGHTS: dict[Weight, int] = {"normal": 400, "bold": 600}
_FILES: dict[Weight, str] = {
    "normal": "SourceSans3_400Regular.ttf",
    "bold": "SourceSans3_600SemiBold.ttf",
}
_MARK = "\N{LEFT-TO-RIGHT MARK}"
_NUMBER = re.compile(r"[-+−]?\d(?:[\d.,]*\d)?(?:\s?%)?")
_LAUNDER = {ord("\n"): " ", ord("\r"): " ", ord("\t"): " "}


@cache
def register_fonts() -> None:
    """Make the bundled font files known to matplotlib, once a process.

    Where the user's home cannot be written, matplotlib takes a temporary folder for its cache and
    logs about it; that is no news to the reader of a report, so it is kept quiet.
    """
    logger = logging.getLogger("matplotlib")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        from matplotlib import font_manager

        for name in _FILES.values():
            font_manager.fontManager.addfont(_font_file(name))
    finally:
        logger.setLevel(before)


def clean(text: str) -> str:
    """Give a label on one line, without control characters, lone surrogates and signs that steer."""
    kept = (
        " " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c
        for c in STEERING.sub("", text.translate(_LAUNDER))
    )
    return " ".join("".join(kept).split())


def text_width(text: str, size_pt: float, weight: Weight = "normal") -> float:
    """Give the width of a text in millimetres; characters that the font lacks count by their class."""
    return sum(_advance(character, weight) for character in text) * size_pt * PT_MM


def fit(text: str, width_mm: float, size_pt: float, weight: Weight = "normal") -> str:
    """Give the text, its middle cut out where it is wider than *width_mm*."""
    return fit_apart([text], width_mm, size_pt, weight)[0]


def fit_apart(
    texts: Sequence[str], width_mm: float, size_pt: float, weight: Weight = "normal"
) -> tuple[str, ...]:
    """Cut the texts that are wider than *width_mm*, so that no two of them read alike."""
    return told_apart(
        [clean(text) for text in texts], lambda text: text_width(text, size_pt, weight) <= width_mm
    )


def wrapped(text: str, width_mm: float, size_pt: float, *, bold: bool) -> list[str]:
    """Break a text into lines no wider than this; a word that is wider has a line of its own.

    No line ends at a space that does not break.
    """
    lines: list[str] = []
    for word in filter(None, text.split(" ")):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size_pt, "bold" if bold else "normal") <= width_mm:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def runs_right_to_left(text: str) -> bool:
    """Tell whether a text must be shaped here: letters one by one would stand in the wrong order."""
    if not any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text):
        return False
    from matplotlib.font_manager import findfont, get_font

    fonts = [get_font(_font_file(_FILES["normal"])), get_font(findfont(OUTLINES))]
    return all(any(font.get_char_index(ord(c)) for font in fonts) for c in text)


def in_order(text: str) -> str:
    """Keep a number in a text from right to left together: its sign before it and its percent sign behind it."""
    return _NUMBER.sub(f"{_MARK}\\g<0>{_MARK}", text)


@lru_cache(maxsize=4096)
def is_bundled(character: str) -> bool:
    """Tell whether the bundled font has a character, so that its width is known."""
    from matplotlib.font_manager import get_font

    return bool(get_font(_font_file(_FILES["normal"])).get_char_index(ord(character)))


def _font_file(name: str) -> Path:
    return builtin_templates() / "fonts" / name


@lru_cache(maxsize=4096)
def _advance(character: str, weight: Weight) -> float:
    """Give a character's advance in em."""
    from matplotlib.font_manager import get_font

    if unicodedata.combining(character):
        return 0.0
    font = get_font(_font_file(_FILES[weight]))
    if not font.get_char_index(ord(character)):
        # set in another font, which we do not know: wide scripts and emoji fill a square
        wide = unicodedata.east_asian_width(character) in "WF" or ord(character) > 0xFFFF
        return 1.25 if wide else 0.7
    font.set_size(1000, 72)
    return float(font.load_char(ord(character)).linearHoriAdvance) / 65536 / 1000
