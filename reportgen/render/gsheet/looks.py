"""How cells look: few looks, each turned into a format and the mask of exactly the fields that it sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from reportgen.language import spoken
from reportgen.render.theme import Theme

Align = Literal["LEFT", "CENTER", "RIGHT"]
Wrap = Literal["OVERFLOW_CELL", "CLIP", "WRAP"]

BODY: Final = 11
"""Points of normal text."""
AUTOMATIC: Final = "General"
"""The pattern that leaves it to the sheet how a number is shown."""


@dataclass(frozen=True, slots=True)
class Look:
    """What to set of a cell's format; None leaves a field as it is. Colours are names of the theme."""

    size: int | None = None
    bold: bool | None = None
    italic: bool | None = None
    color: str | None = None
    fill: str | None = None
    """Empty takes a colour away; else a name of the theme, or ``#rrggbb``."""
    code: str | None = None
    """Number format."""
    align: Align | None = None
    """LEFT for text, RIGHT for numbers; the sheet's own choice where it is None in `PLAIN`."""
    middle: bool | None = None
    wrap: Wrap | None = None
    apart: bool | None = None
    """Whether the text keeps a distance from a number that ends at its left."""


PLAIN: Final = Look(BODY, bold=False, italic=False, color="ink", code=AUTOMATIC, middle=True)
"""Normal text of a table; people's own fills stay."""

_PATHS: Final = {
    "size": "textFormat.fontSize",
    "bold": "textFormat.bold",
    "italic": "textFormat.italic",
    "color": "textFormat.foregroundColorStyle",
    "fill": "backgroundColorStyle",
    "code": "numberFormat",
    "align": "horizontalAlignment",
    "middle": "verticalAlignment",
    "wrap": "wrapStrategy",
    "apart": "padding",
}
"""Where a cell's format holds each field."""


def cell_format(look: Look, theme: Theme) -> dict[str, Any]:
    """Give the look as a cell's format; words stand at the right in a language that begins there."""
    turned = spoken().direction == "rtl"
    text: dict[str, Any] = {}
    if look.size is not None:
        text["fontSize"] = look.size
    if look.bold is not None:
        text["bold"] = look.bold
    if look.italic is not None:
        text["italic"] = look.italic
    if look.color is not None:
        text["foregroundColorStyle"] = color_style(look.color, theme)
    made: dict[str, Any] = {"textFormat": text} if text else {}
    if look.fill:
        made["backgroundColorStyle"] = color_style(look.fill, theme)
    if look.code is not None and look.code != AUTOMATIC:
        made["numberFormat"] = {"type": _kind(look.code), "pattern": look.code}
    if look.align:
        made["horizontalAlignment"] = "RIGHT" if turned and look.align == "LEFT" else look.align
    if look.middle is not None:
        made["verticalAlignment"] = "MIDDLE" if look.middle else "BOTTOM"
    if look.wrap:
        made["wrapStrategy"] = look.wrap
    if look.apart:
        made["padding"] = {"top": 2, "right": 12 if turned else 3, "bottom": 2, "left": 3 if turned else 12}
    return made


def mask(look: Look) -> str:
    """Name the fields that the look sets, each by its whole path."""
    return ",".join(f"userEnteredFormat.{path}" for name, path in _PATHS.items() if _given(look, name))


def reset(look: Look, font: str, theme: Theme) -> tuple[dict[str, Any], str]:
    """Give format and mask that bring every field of ours to *look*, or clear it where *look* says nothing.

    Fills are people's own where the look has none.
    """
    made = cell_format(look, theme)
    made.setdefault("textFormat", {})["fontFamily"] = font
    paths = [path for name, path in _PATHS.items() if name != "fill" or look.fill is not None]
    return made, ",".join(f"userEnteredFormat.{path}" for path in (*paths, "textFormat.fontFamily"))


def color_style(color: str, theme: Theme) -> dict[str, Any]:
    """Give a colour, by its name in the theme or as ``#rrggbb``, as the interface takes it."""
    return {"rgbColor": rgb(theme.colors.get(color, color))}


def rgb(color: str) -> dict[str, float]:
    """Give ``#rrggbb`` as shares of red, green and blue."""
    parts = bytes.fromhex(color.removeprefix("#"))
    return {name: part / 255 for name, part in zip(("red", "green", "blue"), parts, strict=True)}


def _kind(code: str) -> str:
    if "yy" in code:
        return "DATE_TIME" if "hh" in code else "DATE"
    if "E+" in code:
        return "SCIENTIFIC"
    return "PERCENT" if "%" in code else "NUMBER"


def _given(look: Look, name: str) -> bool:
    return getattr(look, name) is not None
