"""Messages of the stages that read and reckon: English there and in every file, retold in a report's language.

A fault in a file is found while runs are read, perhaps in another process, and kept in the cache; what
was assumed is printed on the terminal. So such texts are plain English strings, made by `message` from
a template of the catalogue. `retold` finds the template again and says it in the spoken language.
"""

from __future__ import annotations

import re
from functools import cache

from reportgen.language.language import ENGLISH, Language
from reportgen.language.speaking import places, spoken

NESTED = frozenset(("problem", "hint", "more", "told", "why"))
"""Places that hold a message themselves; every other one holds a name, a number or a path."""
_LEAST_LITERAL = 8
"""Characters of our own that a template needs to be told from a user's text."""


def message(template: str, /, **values: object) -> str:
    """Make the English text of a message; the template is a plain literal, and a key of the catalogue."""
    return template.format_map(values) if values else template


def retold(text: str) -> str:
    """Say a message in the spoken language; a text that is none stays as it is."""
    now = spoken()
    if now is ENGLISH or not text:
        return text
    return _retold(now, text)


def _retold(now: Language, text: str) -> str:
    if text in now.texts:
        return now.texts[text][0]
    for literal, pattern, template in _patterns(now.code):
        # looking for a piece of text is far quicker than a pattern that begins with a place
        match = pattern.fullmatch(text) if literal in text else None
        if match is not None:
            parts = {
                name: _retold(now, value) if name in NESTED and value else value
                for name, value in match.groupdict().items()
            }
            return now.texts[template][0].format_map(parts)
    return text


@cache
def _patterns(code: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Give all templates as patterns, each behind its longest piece; those with the most words of ours first."""
    del code  # the templates are those of the language that is spoken: one list each
    found = []
    for template in spoken().texts:
        pieces = places(template)
        literal = sum(len(text) for text, _ in pieces)
        if literal >= _LEAST_LITERAL and any(name for _, name in pieces):
            found.append((literal, template))
    found.sort(key=lambda entry: (-entry[0], entry[1]))
    return tuple(
        (max((text for text, _ in places(template)), key=len), _pattern(template), template)
        for _, template in found
    )


def _pattern(template: str) -> re.Pattern[str]:
    seen: set[str] = set()
    pattern = ""
    for text, name in places(template):
        pattern += re.escape(text)
        if name is not None:  # a nested message may be empty
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>.{'*' if name in NESTED else '+'}?)"
            seen.add(name)
    return re.compile(pattern, re.DOTALL)
