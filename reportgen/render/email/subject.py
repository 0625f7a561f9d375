"""The subject line: the answer, so that a reader who opens nothing has read it."""

from __future__ import annotations

import re
import unicodedata

from reportgen.language import tr
from reportgen.render.texts import STEERING

LONGEST = 90
"""Characters; what is longer is cut off by most lists of mails."""
_LEAST = 40
"""Characters of the answer that are kept whatever stands before it."""
_SPACES = re.compile("[ \\t]+")
_CLAUSES = ("; ", ": ", " – ", ", ")


def mail_subject(answer: str, prefix: str, title: str, period: str) -> str:
    """Put the line together.

    Args:
        answer: The headline of the report; cut where it leaves too little room for the rest.
        prefix: What the user wants before it; it is always there.
        title: Of the report; stands before the answer where there is no prefix and room for everything.
        period: Of an issue, as people say it; it is always there. Empty for a report that is no issue.
    """
    answer, prefix, title, period = map(_loose, (answer, prefix, title, period))
    if not prefix:
        whole = _joined(_before(title, period), answer)
        if title and len(whole) <= LONGEST:
            return whole
    before = _before(prefix, period)
    if not before:
        return shortened(answer, LONGEST)
    return _joined(before, shortened(answer, max(LONGEST - len(_joined(before, "")), _LEAST)))


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
        for sign in STEERING.sub("", text)
    )
    return _SPACES.sub(" ", kept).strip()


def _loose(text: str) -> str:
    return plain_line(text).replace("\N{NO-BREAK SPACE}", " ")


def _before(name: str, period: str) -> str:
    """Say what stands before the answer: a name, a period, or both."""
    if name and period:
        return tr("{name}, {period}", name=name, period=period)
    return name or period[:1].upper() + period[1:]


def _joined(prefix: str, answer: str) -> str:
    if ": " in prefix + answer:  # one colon is enough
        return tr("{before} – {answer}", before=prefix, answer=answer)
    return tr("{before}: {answer}", before=prefix, answer=answer)
