"""Whether colours can be read on one another, by the contrast ratio of WCAG 2.2 (section 1.4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reportgen.render.colors import mixed
from reportgen.render.shades import DARKEST

TEXT: Final = 4.5
"""Least contrast of text."""
MARKS: Final = 3.0
"""Least contrast of what is drawn, by WCAG 2.2 section 1.4.11."""
_TEXTS: Final = ("ink", "secondary", "focus", "good", "bad", "caution")
_TINTED: Final = ("focus", "good", "bad", "caution")
_SHADE: Final = "the darkest shade of focus"
_STEPS: Final = 200


def luminance(color: str) -> float:
    """Give the relative luminance of ``#rrggbb``: 0 is black, 1 is white."""
    parts = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def nearest_readable(color: str, wanted: Sequence[tuple[str, float]]) -> str | None:
    """Give the colour nearest to this one, on the way to black or white, that is readable everywhere.

    None where no such colour is readable on all of its backgrounds.

    Args:
        color: As ``#rrggbb``.
        wanted: Backgrounds that it stands on, each with the least contrast.
    """
    goal = "#000000" if luminance(wanted[0][0]) > 0.18 else "#ffffff"
    for step in range(_STEPS + 1):
        share = step / _STEPS
        tried = mixed(goal, color, share)
        if all(contrast(tried, background) >= least for background, least in wanted):
            return tried
    return None


def _pairs() -> list[tuple[str, str, float]]:
    """Give what stands on what in a report: foreground, background, and the least contrast."""
    pairs = [(name, ground, TEXT) for name in ("ink", "secondary") for ground in ("paper", "tint")]
    pairs += [(name, "paper", TEXT) for name in _TEXTS[2:]]
    pairs += [(name, f"{name}_tint", TEXT) for name in _TINTED]
    pairs += [("ink", f"{name}_tint", TEXT) for name in _TINTED]
    pairs += [("ink", _SHADE, TEXT), ("other", "paper", MARKS)]
    return pairs


def grounds(colors: Mapping[str, str]) -> dict[str, str]:
    """Give all that a theme's colours stand on, by name: colours of the theme, and what tables mix of them."""
    return {**colors, _SHADE: mixed(colors["focus"], colors["paper"], DARKEST)}


def unreadable(colors: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    """Give every pair of a theme's colours that cannot be read, with the contrast that it wants."""
    behind = grounds(colors)
    for name, ground, least in _pairs():
        if contrast(colors[name], behind[ground]) < least:
            yield name, ground, least


def readable(name: str, colors: Mapping[str, str]) -> str | None:
    """Give the nearest colour to a theme's one of this name that can be read wherever it stands."""
    behind = grounds(colors)
    return nearest_readable(colors[name], [(behind[on], least) for own, on, least in _pairs() if own == name])
