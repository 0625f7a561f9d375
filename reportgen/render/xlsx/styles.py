"""How cells look: few looks, each turned into one cell format of the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from reportgen.language import spoken
from reportgen.render.measure import BODY_SIZE, font_scale, is_turned
from reportgen.render.theme import Theme


@dataclass(frozen=True, slots=True)
class Look:
    """One cell format. Colours are names of the theme."""

    size: float = BODY_SIZE
    bold: bool = False
    italic: bool = False
    underline: bool = False
    color: str = "ink"
    fill: str = ""
    number_format: str = "General"
    align: Literal["left", "right", "general"] = "general"
    middle: bool = False
    wrap: bool = False
    indent: int = 0
    line: str = ""
    """Colour of a thin line below."""
    edge: str = ""
    """Colour of a thick line at the left."""
    gap: bool = False
    """A thick line in the colour of the paper at the right: parts one tile from the next."""
    turned: bool = False
    """Text with letters that run from right to left, in a language that does: its full stop stands at the left."""
    quoted: bool = False
    """Text that begins like a formula: stays text when somebody edits the cell."""


_FROM_RIGHT: Final = 2
"""Reading order of a cell; 0 leaves it to the first letter, which may be of a Latin name in a sentence."""


def turns(text: object) -> bool:
    """Tell whether a cell's text is to be read from right to left, whatever it begins with."""
    return isinstance(text, str) and not text.isascii() and spoken().direction == "rtl" and is_turned(text)


class Stylebook:
    """Turns looks into style numbers of one workbook, each once."""

    __slots__ = ("_ids", "_scratch", "text_scale", "theme")

    def __init__(self, workbook: Workbook, theme: Theme) -> None:
        self.theme = theme
        self.text_scale = font_scale(theme.fonts["workbook"])
        """How much wider texts are than `measure` says."""
        self._scratch = workbook.create_sheet("scratch")
        workbook.remove(self._scratch)
        self._ids: dict[Look, int] = {}

    def number(self, look: Look) -> int:
        """Give the style number of a look."""
        found = self._ids.get(look)
        if found is None:
            found = self._ids[look] = self._register(look)
        return found

    def rgb(self, name: str) -> str:
        """Give a colour of the theme as ``RRGGBB``."""
        return rgb(self.theme.colors[name])

    def _register(self, look: Look) -> int:
        cell: Any = WriteOnlyCell(self._scratch)  # Any: the stubs lack quotePrefix and style_id
        cell.font = Font(
            name=self.theme.fonts["workbook"],
            sz=look.size,
            b=look.bold,
            i=look.italic,
            u="single" if look.underline else None,
            color="FF" + self.rgb(look.color),
        )
        if look.fill:
            cell.fill = PatternFill("solid", fgColor="FF" + self.rgb(look.fill))
        turned = spoken().direction == "rtl"
        cell.alignment = Alignment(
            horizontal="right" if turned and look.align in {"general", "left"} else look.align,
            vertical="center" if look.middle else "top",
            wrap_text=look.wrap,
            indent=look.indent,
            readingOrder=_FROM_RIGHT if look.turned else 0,
        )
        cell.border = Border(  # in a sheet from right to left, the left border stands at the right
            bottom=Side("thin", "FF" + self.rgb(look.line)) if look.line else None,
            left=Side("thick", "FF" + self.rgb(look.edge)) if look.edge else None,
            right=Side("thick", "FF" + self.rgb("paper")) if look.gap else None,
        )
        cell.number_format = look.number_format
        cell.quotePrefix = look.quoted
        return int(cell.style_id)


def rgb(color: str) -> str:
    """Turn ``#rrggbb`` into ``RRGGBB``."""
    return color.removeprefix("#").upper()
