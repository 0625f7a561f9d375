"""What no cell or page holds, whichever program reads it, and how long a text is for a spreadsheet."""

from __future__ import annotations

import re
from typing import Final

FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Control characters, halves of pairs, and what is no character: no XML holds them."""
STEERING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of all that follows: in a name, they would write our words and numbers backwards."""
_ASTRAL: Final = 0xFFFF


def line_feeds(text: str) -> str:
    """Make every end of a line one line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def without_forbidden(text: str) -> str:
    """Put a mark for every character that no cell holds."""
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def utf16_length(text: str) -> int:
    """Count as spreadsheets count: characters beyond the basic plane are two."""
    return len(text) + sum(ord(character) > _ASTRAL for character in text)
