"""Keep the value, attach the format, resolve it per output.

A `NumberFormat` says how a number is to be shown; `format_number` makes the text that PDF, page and
sentences show, `excel_format` the number format of the same value in a workbook cell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from reportgen.language import MINUS, localised_digits, tr, with_minus

Style = Literal["number", "percent", "points", "general"]

NARROW = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How one number, or a column of numbers, is shown."""

    style: Style = "number"
    """``percent``: a fraction shown times 100 with a percent sign; ``points``: a difference of
    fractions shown times 100 in percentage points; ``number``: as it is, with the decimals;
    ``general``: as a person would type it, for settings (0.0003 and 50 in one column)."""
    decimals: int = 0
    unit: str = ""
    """Put behind the number in running text (``ms``); column headings carry it in tables."""
    signed: bool = False
    """Show a plus sign: for changes."""
    grouped: bool = True
    """Separate thousands by commas from 10,000 on."""
    bare: bool = False
    """Leave the unit out, in a heading too: the first of two numbers, as in "1.7 to 2.9 points", or a table that
    names it elsewhere."""

    @property
    def factor(self) -> float:
        """What the value is multiplied by to be shown."""
        return 100.0 if self.style in ("percent", "points") else 1.0

    @property
    def heading_unit(self) -> str:
        """The unit as a column heading or an axis says it: ``%``, ``points``, ``ms`` or empty."""
        return "" if self.bare else self.unit_name

    @property
    def unit_name(self) -> str:
        """The same where it is said whatever stands beside it: in a workbook each column is by itself."""
        return {"percent": "%", "points": tr("points")}.get(self.style, self.unit)


INTEGER = NumberFormat()
HUGE = 1e13
"""From here on numbers are shown as powers of ten: nobody reads so many digits, and few places have room."""
HUGE_DECIMALS = 2
"""Decimals of the factor in front of a power of ten, beside those of the format."""
MOST_DECIMALS = 6
"""Of numbers written out. Smaller numbers are told by their power of ten; a format with more asks for more
digits in front of it."""
_FINER = 2
"""Decimals beyond its format that a range may take to be seen at all."""


def format_number(value: float, how: NumberFormat, *, with_unit: bool = True) -> str:
    """Format a number for reading: ``93.1 %``, ``+2.1 points``, ``12,034``, ``−0.4 ms``.

    From `HUGE` on the power of ten is told: ``1.39e+15``. Rounding never lies: a value that is not 0 or 100 %
    is not shown as such; decimals are added until it is not (at most four more). Non-finite values are words.
    """
    if math.isnan(value):
        return tr("not a number")
    if math.isinf(value):
        return tr("infinite") if value > 0 else f"{MINUS}{tr('infinite')}"
    text = plain_digits(value, how)
    is_one = text.lstrip("+" + MINUS) == "1"
    text = localised_digits(text)
    if not with_unit or how.bare:
        return text
    match how.style:
        case "percent":
            return f"{text}{NARROW}%"
        case "points":
            return f"{text}{NARROW}{tr('point') if is_one else tr('points')}"
        case _:
            return f"{text}{NARROW}{how.unit}" if how.unit else text


def plain_digits(value: float, how: NumberFormat) -> str:
    """Give the digits of a finite number as `format_number` does, with the signs of English: for who counts them."""
    return _digits(value * how.factor, how)


def range_format(low: float, high: float, how: NumberFormat) -> NumberFormat | None:
    """Give the format that shows a range as one: *how*, or a finer one where its ends would read alike.

    None where they read alike with two more decimals too: then the value alone says as much. A value
    that is told beside its range takes the same format.
    """
    for more in range(_FINER + 1):
        finer = replace(how, decimals=how.decimals + more) if more else how
        if format_number(low, finer, with_unit=False) != format_number(high, finer, with_unit=False):
            return finer
    return None


def _digits(shown: float, how: NumberFormat) -> str:
    if how.style == "general":
        return with_minus(f"{shown:.10g}")
    decimals = _honest_decimals(shown, how)
    if abs(shown) >= HUGE:
        text = f"{abs(shown):.{HUGE_DECIMALS + how.decimals}e}"
    elif shown and abs(shown) < 10 ** -(decimals + 0.3) and decimals > how.decimals:
        text = f"{abs(shown):.{max(1, how.decimals - MOST_DECIMALS + 1)}e}"
    else:
        grouped = how.grouped and abs(shown) >= 10_000
        text = f"{abs(shown):{',' if grouped else ''}.{decimals}f}"
    is_zero = float(text.replace(",", "")) == 0
    text = with_minus(text)
    if shown < 0 and not is_zero:
        return MINUS + text
    return f"+{text}" if how.signed and shown > 0 else text


def _honest_decimals(shown: float, how: NumberFormat) -> int:
    """Find the decimals at which the text is neither a false 0 nor a false 100 %."""
    for decimals in range(how.decimals, how.decimals + 5):
        rounded = round(abs(shown), decimals)
        false_zero = rounded == 0 and shown != 0
        false_hundred = how.style == "percent" and rounded == 100 and abs(shown) != 100
        if not (false_zero or false_hundred):
            return decimals
    return how.decimals + 4


def excel_format(how: NumberFormat) -> str:
    """Give the workbook's number format for a value times `excel_factor`."""
    if how.style == "general":
        return "General"
    digits = "0" if how.decimals == 0 else "0." + "0" * how.decimals
    if how.grouped:
        digits = f"#,##{digits}"
    if how.style == "percent":
        digits += "%"
    return f"+{digits};-{digits};{digits}" if how.signed else digits


def excel_factor(how: NumberFormat) -> float:
    """Give what a value is multiplied by in a cell: 100 for points, whose format has no percent sign."""
    return 100.0 if how.style == "points" else 1.0
