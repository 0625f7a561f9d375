"""Colours of the theme: by tone, and mixed."""

from __future__ import annotations

from reportgen.document import Tone


def tone_color(tone: Tone) -> str:
    """Name the theme's colour for words of this tone; neutral words are in ink."""
    return "ink" if tone in {"neutral", "baseline"} else tone


def tone_fill(tone: Tone) -> str:
    """Name the theme's pale background for this tone."""
    return "tint" if tone in {"neutral", "baseline"} else f"{tone}_tint"


def mixed(color: str, ground: str, share: float) -> str:
    """Mix a colour into the ground it lies on, both as ``#rrggbb``; *share* is the colour's, 0 to 1."""
    pairs = zip(bytes.fromhex(color.removeprefix("#")), bytes.fromhex(ground.removeprefix("#")), strict=True)
    return "#" + bytes(round(c * share + g * (1 - share)) for c, g in pairs).hex()
