"""Text of the page: sentences, dates and single values."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

from reportgen.document import (
    Label,
    Missing,
    Number,
    NumberFormat,
    Sentence,
    Words,
    format_number,
    held_equations,
    held_settings,
)
from reportgen.language import spoken, with_minus
from reportgen.render.html.names import held
from reportgen.render.measure import TURNED, is_turned
from reportgen.render.texts import STEERING

_GAP = "\N{NO-BREAK SPACE}"
"""Between a number and its unit."""
_BREAKABLE = re.compile(r"[^\w.,%\N{NO-BREAK SPACE}\N{MINUS SIGN}+]", re.ASCII)
"""Where a line might break within a number and its unit; elsewhere no element needs to hold it together."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def printable(html: str) -> str:
    """Put a question mark for every character that a page cannot hold, and leave out those that steer."""
    return _UNPRINTABLE.sub("?", STEERING.sub("", html))


def prose(sentence: Sentence, *, hold: bool = False) -> Markup:
    """Give a sentence as HTML: numbers kept on one line, names apart from the direction of our words.

    With *hold* lines do not end inside of a name's pieces (see `names`).
    """
    parts = []
    for span in sentence.spans:
        match span:
            case Words():
                parts.append(escape(span.text))
            case Label():
                name = held(span.text) if hold else escape(held_name(span))
                apart = _apart(span.text if hold else held_name(span))
                parts.append(apart or Markup("<bdi>{}</bdi>").format(name))
            case Number():
                figure = _figure(span.text)
                is_one = spoken().direction == "ltr" and not _BREAKABLE.search(span.text)
                parts.append(figure if is_one else Markup('<span class="num">{}</span>').format(figure))
    return Markup().join(parts)


def held_name(label: Label) -> str:
    """Give a name in which lines end between settings only, if it is a set-up's."""
    of_setup = label.ref.startswith("/configurations/") or "(" in label.text
    return held_settings(label.text) if of_setup else held_equations(label.text)


def held_text(sentence: Sentence) -> str:
    """Give the text of a sentence as `prose` breaks it."""
    return "".join(held_name(span) if isinstance(span, Label) else span.text for span in sentence.spans)


def isolated(text: str) -> Markup:
    """Give a text that may be a name in a script from right to left, its order kept apart from what is around."""
    return _apart(text) or escape(text)


def named(text: str) -> Markup:
    """Give a text that may be a set-up's name, as `isolated` does, with its pieces held together."""
    return _apart(text) or held(text)


def _apart(text: str) -> Markup | None:
    """Set a text with letters that run from right to left in the direction of its first letter.

    The PDF's engine takes a direction from an attribute only, and a browser does as well. In a language that
    is written from right to left, so do numbers and names in other scripts.
    """
    turned = spoken().direction == "rtl"
    if text.isascii() and not turned:
        return None
    if not turned and not is_turned(text):
        return None
    kinds = map(unicodedata.bidirectional, text)
    first = next((kind for kind in kinds if kind in {"L", *TURNED}), "L")
    return Markup('<bdi dir="{}">{}</bdi>').format("ltr" if first == "L" else "rtl", text)


def _figure(text: str) -> Markup:
    """Give a number with its unit: the digits from left to right in every language, words of a unit in theirs."""
    if spoken().direction == "ltr":
        return escape(text)
    digits, gap, unit = text.partition(_GAP)
    if is_turned(unit):
        return Markup('<bdi dir="ltr">{}</bdi>{}{}').format(digits, gap, unit)
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


def linked(text: str) -> Markup:
    """Give a text in which mail addresses can be clicked."""
    parts, end = [], 0
    for match in _MAIL.finditer(text):
        parts.append(escape(text[end : match.start()]))
        parts.append(Markup('<a href="mailto:{0}">{0}</a>').format(match.group()))
        end = match.end()
    return Markup().join([*parts, escape(text[end:])])


def number_text(value: Number | Label | Missing) -> tuple[str, str]:
    """Give a key figure as its digits and its unit; words have no unit."""
    match value:
        case Number():
            digits = format_number(value.value, value.format, with_unit=False)
            return digits, value.text.removeprefix(digits).strip()
        case Label():
            return value.text, ""
        case Missing():
            return value.reason, ""


def plain_number(value: float, how: NumberFormat | None) -> str:
    """Give a number in a column: by its format without the unit, which the heading says."""
    if how is not None:
        return format_number(value, how, with_unit=False)
    if isinstance(value, int):
        return with_minus(f"{value}")
    return with_minus(f"{value:.6g}")
