"""Page one holds the whole answer, as usual or set a little closer; else the rest follows without a gap."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_FIRST = re.compile(r'<section id="[^"]+" class="section first">')
_SECOND = re.compile(r'<section id="[^"]+" class="section later">')
_STANDING = '<body class="print">'
_END = "</main></div></body></html>"
_HEAD_END = "</head>"
_BLOCK = re.compile(r'class="(?:pair|tiles|table-block)\b')
_BOX = re.compile(r'class="callout\b')
_LEVELS = (
    ("close", 1.5, 3.4, 3.5, 2.5),
    ("tight", 3.3, 5.3, 12.0, 16.0),
    ("closest", 4.9, 6.6, 16.0, 55.0),
    ("closest fullest", 4.9, 8.0, 22.0, 70.0),
)
"""Classes that set the answer closer, and how many pixels each row, block, box and the head at the top save by it."""
_NAMES = tuple(name for name, *_ in _LEVELS)


@dataclass(frozen=True, slots=True)
class Halves:
    """A page cut between its first section, the answer, and what follows."""

    answer: str
    rest: str
    """Its first section is empty and takes page one, so that the others count on from there."""

    def answer_of(self, pages: int) -> str:
        """Give the answer where the whole has so many pages."""
        counted = f'attr(data-before) counter(page) attr(data-between) "{pages}" attr(data-after)'
        style = f"<style>.pages::after {{ content: {counted} }}</style>{_HEAD_END}"
        return self.answer.replace(_HEAD_END, style, 1)


def halves(html: str) -> Halves | None:
    """Cut a page between its answer and the rest; None if nothing follows the answer."""
    first, second = _FIRST.search(html), _SECOND.search(html)
    if first is None or second is None:
        return None
    return Halves(
        f"{html[: second.start()]}{_END}", f"{html[: first.end()]}</section>{html[second.start() :]}"
    )


def lay_out(html: str, lay: Callable[[str], Any], *, own: bool) -> Any:
    """Lay out the page with the answer alone on page one, if it can be.

    The rest and the answer are laid out each by itself and put together, so that an answer that turns out too
    long for page one is all that is laid out again.

    Args:
        html: The page.
        lay: Lays out a page; gives WeasyPrint's document.
        own: Whether a user's own templates made it: then what it looks like may hang on the whole of it.
    """
    parts = halves(html)
    if parts is None:
        return lay(html)
    if own:
        level, _ = _fitting(parts.answer, lay)
        return lay(_set(html, level))
    rest = lay(parts.rest)
    level, page = _fitting(parts.answer_of(len(rest.pages)), lay)
    if page is None:
        return lay(_set(html, level))
    return page.copy([*page.pages, *rest.pages[1:]])


def _fitting(answer: str, lay: Callable[[str], Any]) -> tuple[str, Any]:
    """Find how close an answer has to be set to fit page one: the class of the body, and the page, if it does at all."""
    tried = lay(answer)
    if len(tried.pages) == 1:
        return "", tried
    for level in _worth_trying(tried, answer):
        document = lay(_set(answer, level))
        if len(document.pages) == 1:
            return level, document
    return "flowing", None


def _worth_trying(tried: Any, answer: str) -> Sequence[str]:
    """Give the levels from the first that may do, by reckoning; if none may, the last all the same."""
    overrun = _overrun(tried)
    enough = [overrun <= _saved(answer, *saves) for _, *saves in _LEVELS]
    return _NAMES[enough.index(True) :] if any(enough) else _NAMES[-1:]


def _set(html: str, level: str) -> str:
    return html.replace(_STANDING, f'<body class="print {level}">', 1) if level else html


def _overrun(document: Any) -> float:
    """Say by how many pixels the pages hold more than one does, but for what a break between them swallows."""
    first = document.pages[0]._page_box  # noqa: SLF001 - where things stand is in no public place
    height = sum(_filled(page._page_box) for page in document.pages)  # noqa: SLF001
    return float(height - first.height)


def _filled(page: Any) -> float:
    """Say how far down a page has text and pictures."""
    body = page.children[0]
    ends = [box.position_y + box.margin_height() for box in body.descendants() if not box.children]
    return float(max(ends, default=page.content_box_y()) - page.content_box_y())


def _saved(answer: str, row: float, block: float, box: float, head: float) -> float:
    """Say how many pixels the answer takes less when it is set closer, rather less than more."""
    # the space below the last block is of no use
    rows, blocks = answer.count("<tr"), max(len(_BLOCK.findall(answer)) - 1, 0)
    return rows * row + blocks * block + len(_BOX.findall(answer)) * box + head
