"""Characters that no installed font has: an empty box on paper would hide what stood there."""

from __future__ import annotations

import dataclasses
import re
import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reportgen.document import Label, Words

_MISSING = re.compile(r"^\.notdef glyph rendered .*\(U\+([0-9A-F]{4,6})\)$", re.DOTALL)
_TWO_WORDS = frozenset(
    (
        *(
            "OLD",
            "NEW",
            "LINEAR",
            "TAI",
            "OL",
            "MEETEI",
            "SYLOTI",
            "KAYAH",
            "CANADIAN",
            "SORA",
            "WARANG",
            "PAU",
        ),
        *("INSCRIPTIONAL", "IMPERIAL", "EGYPTIAN", "ANATOLIAN", "MENDE", "NYIAKENG", "HANIFI", "GUNJALA"),
        *("MASARAM", "PAHAWH", "BASSA", "CAUCASIAN", "MEROITIC"),
    )
)
"""First words of the names of scripts that have two."""
_SIGNS, _UNKNOWN, _CJK = "signs", "characters without a name", "CJK"
_PACKAGES: Sequence[tuple[str, str, Mapping[str, str], str]] = (
    (
        "apt-get",
        "sudo apt-get install",
        {_CJK: "fonts-noto-cjk", _SIGNS: "fonts-noto-color-emoji"},
        "fonts-noto-core",
    ),
    (
        "dnf",
        "sudo dnf install",
        {_CJK: "google-noto-sans-cjk-fonts", _SIGNS: "google-noto-color-emoji-fonts"},
        "google-noto-fonts-all",
    ),
    ("pacman", "sudo pacman -S", {_CJK: "noto-fonts-cjk", _SIGNS: "noto-fonts-emoji"}, "noto-fonts"),
    ("apk", "sudo apk add", {_CJK: "font-noto-cjk", _SIGNS: "font-noto-emoji"}, "font-noto-all"),
)
"""By program: its command, the packages of some scripts, and that of all others."""
_OTHERWISE = {_CJK: "Noto Sans CJK", _SIGNS: "Noto Color Emoji"}


def missing_characters(records: Iterable[str]) -> tuple[str, ...]:
    """Give the characters that WeasyPrint's log says it had no glyph for."""
    matches = (_MISSING.match(record) for record in records)
    return tuple(dict.fromkeys(chr(int(match.group(1), 16)) for match in matches if match))


def is_symbol(character: str) -> bool:
    """Tell whether a character is a picture or sign, and not a letter of a script."""
    category = unicodedata.category(character)
    if category == "Cn":
        # younger than this Python: in these planes it is an emoji, elsewhere likely a letter
        return 0x1F000 <= ord(character) <= 0x1FFFF
    return category[0] == "S" or category in {"Cf", "Cc"} or character == "\N{VARIATION SELECTOR-16}"


def spelled(text: str, missing: Iterable[str]) -> str:
    """Spell out the characters of a text that no font has.

    A sign becomes its name, ``:rocket:``; a form of an ASCII character that one; letters of a script
    their codes, ``[U+6A21 U+578B]``: two names that differ stay different, and can be looked up.
    """
    letters = "".join(re.escape(character) for character in missing)
    return re.sub(f"[{letters}]+", lambda match: _stand_ins(match.group()), text) if letters else text


def spelled_out(value: Any, missing: Sequence[str]) -> Any:
    """Spell out every text in a section, a block or whatever a report is made of."""
    match value:
        case str():
            return spelled(value, missing)
        case tuple():
            return tuple(spelled_out(item, missing) for item in value)
        case Words():
            text = spelled(value.text, missing)
            return value if text == value.text else Label(text)  # codes have digits
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    fields = dataclasses.fields(value)
    return dataclasses.replace(
        value, **{field.name: spelled_out(getattr(value, field.name), missing) for field in fields}
    )


def font_warnings(missing: Iterable[str]) -> tuple[str, ...]:
    """Say which scripts have no font here, what stands in their place and what to install: one a script."""
    scripts: dict[str, list[str]] = {}
    for character in dict.fromkeys(missing):
        scripts.setdefault(_script(character), []).append(character)
    return tuple(_warning(script, characters) for script, characters in scripts.items())


def _stand_ins(run: str) -> str:
    parts: list[str] = []
    codes: list[str] = []
    for character in run:
        plain = unicodedata.normalize("NFKD", character)
        if is_symbol(character) or (plain.isascii() and plain != character):
            parts += [*_bracketed(codes), plain if plain.isascii() else _name(character)]
            codes = []
        elif not _is_selector(character):
            codes.append(f"U+{ord(character):04X}")
    return "".join([*parts, *_bracketed(codes)])


def _bracketed(codes: Sequence[str]) -> list[str]:
    return [f"[{' '.join(codes)}]"] if codes else []


def _name(character: str) -> str:
    """Give a sign's name; nothing for one that only joins or styles others."""
    if unicodedata.category(character) in {"Cf", "Cc"} or _is_selector(character):
        return ""
    return f":{unicodedata.name(character, f'U+{ord(character):04X}').lower()}:"


def _is_selector(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF


def _script(character: str) -> str:
    """Name the script of a character by the first words of its own name."""
    if is_symbol(character):
        return _SIGNS
    first, *others = unicodedata.name(character, "").split() or [""]
    if not first:
        return _UNKNOWN
    if first in {"CJK", "HANGUL", "HIRAGANA", "KATAKANA", "BOPOMOFO", "FULLWIDTH", "IDEOGRAPHIC"}:
        return _CJK
    return " ".join([first, *others[: first in _TWO_WORDS]]).title()


def _warning(script: str, characters: Sequence[str]) -> str:
    shown = next((text for text in map(_stand_ins, characters) if text), "nothing")
    named = {_CJK: "Chinese, Japanese or Korean", _SIGNS: "some signs"}.get(script, script)
    if len(characters) == 1:
        return f"no installed font has {named}: one character of this report is written as {shown}. {_remedy(script)}"
    return (
        f"no installed font has {named}: {len(characters)} characters of this report are written by name or code, "
        f"such as {shown}. {_remedy(script)}"
    )


def _remedy(script: str) -> str:
    if script == _UNKNOWN:
        return "Install the font that they were written for."
    for program, command, some, others in _PACKAGES:
        if shutil.which(program):
            return f"Install a font that has them: {command} {some.get(script, others)}"
    return f"Install a font that has them, such as {_OTHERWISE.get(script, 'Noto Sans')}."
