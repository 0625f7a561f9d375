"""Page one holds the whole answer, as usual or set a little closer; else the rest follows without a gap."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_SECOND = re.compile(r'<section id="([^"]+)" class="section later">')
_STANDING = '<body class="print">'
_TIGHT = '<body class="print tight">'
_FLOWING = '<body class="print flowing">'
_END = "</main></div></body></html>"
_BLOCK = re.compile(r'class="(?:pair|tiles|table-block)\b')
_ROW_PX, _BLOCK_PX, _HEAD_PX = 3.2, 4.4, 8.0
"""The least that each saves where print.css sets the answer closer; the head is headline and first sentence."""
_LOST_PX = 24.0
"""More than a break between pages swallows: a block's margin, and the padding below its last line."""


def lay_out(html: str, lay: Callable[[str], Any]) -> Any:
    """Lay out the page with the answer alone on page one, if it can be.

    The answer is laid out by itself first, which is cheap. Where it is a little too long, what it takes when it is
    set closer is reckoned, and looked up in the pages that come out; it is tried only where that leaves a doubt.

    Args:
        html: The page.
        lay: Lays out a page; gives WeasyPrint's document.
    """
    alone = answer_alone(html)
    if not alone:
        return lay(html)
    tried = lay(alone)
    if len(tried.pages) == 1:
        return lay(html)
    tight = html.replace(_STANDING, _TIGHT, 1)
    document = lay(tight) if _overrun(tried) <= _saved(alone) else None
    if document is not None and _has_second_page_for_second_section(document, html):
        return document
    if len(lay(alone.replace(_STANDING, _TIGHT, 1)).pages) == 1:
        return document or lay(tight)
    return lay(html.replace(_STANDING, _FLOWING, 1))


def answer_alone(html: str) -> str:
    """Cut the page after its first section, the answer; empty if nothing follows it."""
    second = _SECOND.search(html)
    return f"{html[: second.start()]}{_END}" if second is not None else ""


def _overrun(document: Any) -> float:
    """Say by how many pixels the pages hold more than one does, rather more than less."""
    first = document.pages[0]._page_box  # noqa: SLF001 - where things stand is in no public place
    height = sum(_filled(page._page_box) for page in document.pages)  # noqa: SLF001
    return float(height + _LOST_PX * (len(document.pages) - 1) - first.height)


def _filled(page: Any) -> float:
    """Say how far down a page has text and pictures."""
    body = page.children[0]
    ends = [box.position_y + box.margin_height() for box in body.descendants() if not box.children]
    return float(max(ends, default=page.content_box_y()) - page.content_box_y())


def _saved(alone: str) -> float:
    """Say how many pixels the answer takes less when it is set closer, rather less than more."""
    blocks = len(_BLOCK.findall(alone)) - 1
    return alone.count("<tr") * _ROW_PX + max(blocks, 0) * _BLOCK_PX + _HEAD_PX


def _has_second_page_for_second_section(document: Any, html: str) -> bool:
    second = _SECOND.search(html)
    return second is not None and len(document.pages) > 1 and second.group(1) in document.pages[1].anchors
