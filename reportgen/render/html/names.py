"""Names that stay together in a browser: a line ends between the settings of a set-up, never inside of one.

The page's script has the same rules, for rows that it puts up.
"""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

SHORT: Final = 13
"""Letters that stay together on a phone, too; a wide one counts twice."""
LONG: Final = 22
"""The same where there is more room: two thirds of a telephone's width in its largest type."""
GROUP: Final = 38
"""The same of what stands in one pair of brackets in a headline that is wide."""
ID: Final = 26
"""The same of a word with hyphens, such as the id of a run; in a table, of a word that is never cut."""
NAME: Final = 90
"""Letters of the longest text with names in it, such as a question; what is longer is prose."""
_ENDS: Final = re.compile(r" (?=\()|(?<=[,)]) ")
_VALUE: Final = re.compile(r"[=\d]")
_WIDE: Final = frozenset("mw@%\N{EM DASH}\N{HORIZONTAL ELLIPSIS}")
_OURS: Final = re.compile(r"[\u0000-\u052f\u2000-\u22ff]*")
"""Scripts whose letters are about as wide as ours, with dashes and signs."""


def held(text: str) -> Markup:
    """Give a name as HTML whose pieces each stay on one line: ``mlp``, ``(rate 0.01,`` and ``hidden 64)``."""
    if len(text) > NAME or "\n" in text or not _OURS.fullmatch(text):
        return escape(text)
    groups: list[list[str]] = []
    depth = 0
    for piece in _ENDS.split(text):
        if depth > 0:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        depth += piece.count("(") - piece.count(")")
    whole = Markup(" ").join(map(_group, groups))
    return _hold(whole, text) if "</span>" in whole and len(groups) > 1 and _size(text) <= LONG else whole


def has_long_word(text: str) -> bool:
    """Tell whether a text has a word that a table's column should not be as wide as."""
    return max(map(len, text.split()), default=0) > ID


def _group(pieces: list[str]) -> Markup:
    """Hold what one pair of brackets holds; longer ones only where a headline is wide enough."""
    told = (_piece(piece, is_inside=bool(at) or piece.startswith("(")) for at, piece in enumerate(pieces))
    content, text = Markup(" ").join(told), " ".join(pieces)
    if len(pieces) == 1 or _size(text) > GROUP:
        return content
    return (
        _hold(content, text)
        if _size(text) <= LONG
        else Markup('<span class="group">{}</span>').format(content)
    )


def _piece(text: str, *, is_inside: bool) -> Markup:
    """Hold what has a value in it or stands in brackets; on a phone, of a longer one its last two words."""
    words = text.split(" ")
    if len(words) == 1 or _size(text) > LONG or not (is_inside or _VALUE.search(text)):
        parts = text.replace(" = ", "\n=\n").split(" ")
        return Markup(" ").join(_word(part.replace("\n", " ")) for part in parts)
    if _size(text) <= SHORT or len(words) == 2:
        return _hold(escape(text), text)
    last = " ".join(words[-2:])
    return _hold(Markup(" ").join([*map(escape, words[:-2]), _hold(escape(last), last)]), text)


def _word(text: str) -> Markup:
    """Hold an equation, and an id with hyphens, where the rest may break."""
    is_one = _size(text) <= LONG if " = " in text else "-" in text[1:-1] and len(text) <= ID
    return _hold(escape(text), text) if is_one else escape(text)


def _hold(content: Markup, text: str) -> Markup:
    return Markup('<span class="{}">{}</span>').format(
        "held" if _size(text) <= SHORT else "held long", content
    )


def _size(text: str) -> int:
    return len(text) + sum(letter.isupper() or letter in _WIDE for letter in text)
