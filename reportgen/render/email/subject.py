"""The subject line: the answer, so that a reader who opens nothing has read it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from reportgen.language import tr

LONGEST = 90
"""Characters; what is longer is cut off by most lists of mails."""
_LEAST = 40
"""Characters of the answer that are kept whatever stands before it."""
_SPACES = re.compile("[ \\t]+")
_CLAUSES = ("; ", ": ", " – ", ", ")


def mail_subject(answer: str, prefix: str, others: Sequence[str]) -> str:
    """Put the line together.

    Args:
        answer: The headline of the report.
        prefix: What the user wants before it; it is always there.
        others: What stands before it otherwise: the first of these that leaves room for the whole answer.
    """
    answer, prefix = _loose(answer), _loose(prefix)
    if prefix:
        room = max(LONGEST - len(_joined(prefix, "")), _LEAST)
        return _joined(prefix, shortened(answer, room))
    for other in map(_loose, others):
        if other and len(_joined(other, answer)) <= LONGEST:
            return _joined(other, answer)
    return shortened(answer, LONGEST)


def shortened(text: str, room: int) -> str:
    """Cut a text to so many characters, and show that it is cut.

    It is cut after a clause where half of the room is used by then, else after a word.
    """
    if len(text) <= room:
        return text
    for mark in _CLAUSES:
        end = text.rfind(mark, room // 2, room - 1 + len(mark))
        if end > 0 and text[:end].count("(") == text[:end].count(")"):
            return f"{text[:end]}…"
    end = text.rfind(" ", 1, room)
    return text[: end if end > 0 else room - 1].rstrip(" ,;:(–") + "…"


def plain_line(text: str) -> str:
    """Make one line of a text, without signs that steer: line ends, colours, directions of writing.

    Spaces that hold words together stay.
    """
    kept = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign
        for sign in text
        if not ("\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069")
    )
    return _SPACES.sub(" ", kept).strip()


def _loose(text: str) -> str:
    return plain_line(text).replace("\N{NO-BREAK SPACE}", " ")


def _joined(prefix: str, answer: str) -> str:
    return tr("{before}: {answer}", before=prefix, answer=answer)
