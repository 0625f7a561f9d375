"""Bars in cells that grow from zero to both sides.

openpyxl writes the bars of 2007, which start at the smallest value and know no negative side. The
bars of 2010 are an extension of the same rule; older programs ignore it and show the plain bar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree
from lxml.etree import _Element

from reportgen.render.xlsx.extensions import MAIN, X14, XM, add_extension

_RULE_EXTENSION: Final = "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}"
_SHEET_EXTENSION: Final = "{78C0D931-6437-407d-A8EE-F0AAD7539E65}"
_BEHIND: Final = ("dataValidations", "hyperlinks", "printOptions", "pageMargins")
"""What may follow the conditional formats in a sheet; margins are always there."""


@dataclass(frozen=True, slots=True)
class DataBar:
    """Bars over one range; colours are ``RRGGBB``."""

    ref: str
    positive: str
    negative: str
    low: float
    """Smallest value of the range, or 0 if that is larger."""
    high: float
    """Largest value of the range, or 0 if that is smaller."""


def add_data_bars(root: _Element, bars: list[DataBar]) -> None:
    """Add the bars to a sheet's XML: each rule twice, plain for all and extended for newer programs."""
    if not bars:
        return
    follower = next(child for name in _BEHIND for child in root.iterchildren(f"{{{MAIN}}}{name}"))
    blocks = {block.get("sqref"): block for block in root.iterchildren(f"{{{MAIN}}}conditionalFormatting")}
    priority = len(root.findall(f".//{{{MAIN}}}cfRule"))
    extended = []
    for number, bar in enumerate(bars, 1):
        key = f"{{00000000-0000-4000-8000-{number:012d}}}"
        block = blocks.get(bar.ref)
        if block is None:
            block = etree.Element(f"{{{MAIN}}}conditionalFormatting", sqref=bar.ref)
            follower.addprevious(block)
        block.append(_plain(bar, key, priority + number))
        extended.append(_extended(bar, key))
    add_extension(
        root,
        f'<ext xmlns="{MAIN}" uri="{_SHEET_EXTENSION}" xmlns:x14="{X14}">'
        f"<x14:conditionalFormattings>{''.join(extended)}</x14:conditionalFormattings></ext>",
    )


def _plain(bar: DataBar, key: str, priority: int) -> _Element:
    return _parse(
        f'<cfRule xmlns="{MAIN}" type="dataBar" priority="{priority}"><dataBar>'
        f'<cfvo type="num" val="{bar.low!r}"/><cfvo type="num" val="{bar.high!r}"/>'
        f'<color rgb="FF{bar.positive}"/></dataBar>'
        f'<extLst><ext uri="{_RULE_EXTENSION}" xmlns:x14="{X14}"><x14:id>{key}</x14:id></ext></extLst>'
        "</cfRule>"
    )


def _extended(bar: DataBar, key: str) -> str:
    def limit(value: float) -> str:
        return f'<x14:cfvo type="num"><xm:f>{value!r}</xm:f></x14:cfvo>'

    return (
        f'<x14:conditionalFormatting xmlns:xm="{XM}"><x14:cfRule type="dataBar" id="{key}">'
        '<x14:dataBar minLength="0" maxLength="100" gradient="0">'
        f"{limit(bar.low)}{limit(bar.high)}"
        f'<x14:negativeFillColor rgb="FF{bar.negative}"/><x14:axisColor rgb="FF808080"/>'
        f"</x14:dataBar></x14:cfRule><xm:sqref>{bar.ref}</xm:sqref></x14:conditionalFormatting>"
    )


def _parse(text: str) -> _Element:
    return etree.fromstring(text)
