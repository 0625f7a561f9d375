"""Page one holds the whole answer, as usual or set a little closer; else the rest follows without a gap."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_FIRST = re.compile(r'<section id="[^"]+" class="section first">')
_SECOND = re.compile(r'<section id="[^"]+" class="section later">')
_STANDING = '<body class="print">'
_TIGHT = '<body class="print tight">'
_FLOWING = '<body class="print flowing">'
_END = "</main></div></body></html>"
_HEAD_END = "</head>"


@dataclass(frozen=True, slots=True)
class Halves:
    """A page cut between its first section, the answer, and what follows."""

    answer: str
    rest: str
    """Its first section is empty and takes page one, so that the others count on from there."""

    def answer_of(self, pages: int) -> str:
        """Give the answer where the whole has so many pages."""
        style = f'<style>.page-count::after {{ content: "{pages}" }}</style>{_HEAD_END}'
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
        return _lay_out_whole(html, parts, lay)
    rest = lay(parts.rest)
    answer = parts.answer_of(len(rest.pages))
    for body in (_STANDING, _TIGHT):
        document = lay(answer.replace(_STANDING, body, 1))
        if len(document.pages) == 1:
            return document.copy([*document.pages, *rest.pages[1:]])
    return lay(html.replace(_STANDING, _FLOWING, 1))


def _lay_out_whole(html: str, parts: Halves, lay: Callable[[str], Any]) -> Any:
    """Lay out the whole page at once, after trying the answer alone."""
    for body in (_STANDING, _TIGHT):
        if len(lay(parts.answer.replace(_STANDING, body, 1)).pages) == 1:
            return lay(html.replace(_STANDING, body, 1))
    return lay(html.replace(_STANDING, _FLOWING, 1))
