"""Characters that no installed font has: an empty box on paper would hide what stood there."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence

from reportgen.errors import MissingLibraryError

_MISSING = re.compile(r"^\.notdef glyph rendered .*\(U\+([0-9A-F]{4,6})\)$", re.DOTALL)
_COMMANDS = (
    ("apt-get", "sudo apt-get install fonts-noto-core fonts-noto-cjk"),
    ("dnf", "sudo dnf install google-noto-sans-fonts google-noto-sans-cjk-fonts"),
    ("pacman", "sudo pacman -S noto-fonts noto-fonts-cjk"),
    ("apk", "sudo apk add font-noto-all font-noto-cjk"),
)


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
    return category[0] in "SC" or character == "\N{VARIATION SELECTOR-16}"


def spelled(character: str) -> str:
    """Give a sign by its name: ``:rocket:``."""
    if unicodedata.category(character) in {"Cf", "Mn"}:
        return ""
    return f":{unicodedata.name(character, f'U+{ord(character):04X}').lower()}:"


def no_font_for(missing: Sequence[str]) -> MissingLibraryError:
    """Say which characters cannot be set, and what to install."""
    named = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing[:5])
    more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
    known = (command for program, command in _COMMANDS if shutil.which(program))
    command = next(known, "")
    return MissingLibraryError(
        f"no installed font has the characters {named}{more}",
        where="pdf",
        do=f"Install fonts that have them: {command}"
        if command
        else "Install fonts that have them, such as Noto Sans and Noto Sans CJK.",
    )
