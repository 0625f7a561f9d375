"""Number formats of cells, in the notation that workbooks and online sheets share."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from reportgen.document import HUGE, HUGE_DECIMALS, NumberFormat, excel_format, plain_digits

DATE_FORMAT: Final = "yyyy-mm-dd hh:mm"
DAY_FORMAT: Final = "d mmm yyyy"


def number_format(value: float, how: NumberFormat, *, with_unit: bool = False) -> str:
    """Give the number format for one cell: the column's, with more decimals where it would lie.

    What is not 0 is not shown as 0, and what is not 100 % not as 100 %, as in the running text.
    """
    if how.style == "general":
        return _with_unit(_typed_format(value, how), how, with_unit=with_unit)
    shown = abs(value * how.factor)
    if shown >= HUGE and how.style != "percent":
        code = f"0.{'0' * (HUGE_DECIMALS + how.decimals)}E+00"
        return _with_unit(f"+{code};-{code}" if how.signed else code, how, with_unit=with_unit)
    rounded = round(shown, how.decimals)
    if (rounded == 0 and shown != 0) or (how.style == "percent" and rounded == 100 != shown):
        return _with_unit(_honest_format(value, how), how, with_unit=with_unit)
    return _plain_format(how, with_unit=with_unit)


@lru_cache(maxsize=256)
def _plain_format(how: NumberFormat, *, with_unit: bool) -> str:
    return _with_unit(excel_format(how), how, with_unit=with_unit)


def _typed_format(value: float, how: NumberFormat) -> str:
    """Give the format that shows a setting with just the digits that somebody typed."""
    mantissa, powers, _ = plain_digits(value, how).partition("e")
    decimals = len(mantissa.partition(".")[2])
    return ("0." + "0" * decimals if decimals else "0") + ("E+00" if powers else "")


def _honest_format(value: float, how: NumberFormat) -> str:
    digits = plain_digits(value, how)
    if "e" in digits:
        decimals = len(digits.partition("e")[0].partition(".")[2])
        code = f"0.{'0' * decimals}E+00{'%' if how.style == 'percent' else ''}"
        return f"+{code};-{code};{code}" if how.signed else code
    decimals = len(digits.partition(".")[2])
    return excel_format(NumberFormat(how.style, decimals, how.unit, how.signed, how.grouped))


def _with_unit(code: str, how: NumberFormat, *, with_unit: bool) -> str:
    unit = how.heading_unit if how.style != "percent" else ""
    if not (with_unit and unit) or how.bare:
        return code
    ending = '" ' + unit.replace('"', "")[:40] + '"'
    return ";".join(part + ending for part in code.split(";"))
