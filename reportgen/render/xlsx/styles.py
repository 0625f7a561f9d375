"""How cells look: few looks, each turned into one cell format of the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from reportgen.document import NumberFormat, Tone, excel_format, format_number
from reportgen.render.theme import Theme
from reportgen.render.xlsx.measure import BODY_SIZE, font_scale

DATE_FORMAT = "yyyy-mm-dd hh:mm"
DAY_FORMAT = "d mmm yyyy"
HUGE = 1e15
"""From here on numbers are shown as powers of ten: the digits would not fit."""


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
    quoted: bool = False
    """Text that begins like a formula: stays text when somebody edits the cell."""


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
        cell.alignment = Alignment(
            horizontal=look.align,
            vertical="center" if look.middle else "top",
            wrap_text=look.wrap,
            indent=look.indent,
        )
        cell.border = Border(
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


def tone_color(tone: Tone) -> str:
    """Name the theme's colour for words of this tone; neutral words are in ink."""
    return "ink" if tone in {"neutral", "baseline"} else tone


def tone_fill(tone: Tone) -> str:
    """Name the theme's pale background for this tone."""
    return "tint" if tone in {"neutral", "baseline"} else f"{tone}_tint"


def number_format(value: float, how: NumberFormat, *, with_unit: bool = False) -> str:
    """Give the number format for one cell: the column's, with more decimals where it would lie.

    What is not 0 is not shown as 0, and what is not 100 % not as 100 %, as in the running text.
    """
    if how.style == "general":
        return _with_unit(_typed_format(value, how), how, with_unit=with_unit)
    shown = abs(value * how.factor)
    if shown >= HUGE and how.style != "percent":
        return _with_unit("+0.0E+00;-0.0E+00" if how.signed else "0.0E+00", how, with_unit=with_unit)
    rounded = round(shown, how.decimals)
    if (rounded == 0 and shown != 0) or (how.style == "percent" and rounded == 100 != shown):
        return _with_unit(_honest_format(value, how), how, with_unit=with_unit)
    return _plain_format(how, with_unit=with_unit)


@lru_cache(maxsize=256)
def _plain_format(how: NumberFormat, *, with_unit: bool) -> str:
    return _with_unit(excel_format(how), how, with_unit=with_unit)


def _typed_format(value: float, how: NumberFormat) -> str:
    """Give the format that shows a setting with just the digits that somebody typed."""
    mantissa, powers, _ = format_number(value, how, with_unit=False).partition("e")
    decimals = len(mantissa.partition(".")[2])
    return ("0." + "0" * decimals if decimals else "0") + ("E+00" if powers else "")


def _honest_format(value: float, how: NumberFormat) -> str:
    digits = format_number(value, how, with_unit=False)
    if "e" in digits:
        code = "0.0E+00%" if how.style == "percent" else "0.0E+00"
        return f"+{code};-{code};{code}" if how.signed else code
    decimals = len(digits.partition(".")[2])
    return excel_format(NumberFormat(how.style, decimals, how.unit, how.signed, how.grouped))


def _with_unit(code: str, how: NumberFormat, *, with_unit: bool) -> str:
    unit = how.heading_unit if how.style != "percent" else ""
    if not (with_unit and unit) or how.bare:
        return code
    ending = '" ' + unit.replace('"', "")[:40] + '"'
    return ";".join(part + ending for part in code.split(";"))
