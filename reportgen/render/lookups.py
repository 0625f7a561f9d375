"""Names that a look-up in a sheet finds: short, without patterns, each once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

MAX_NAME: Final = 80
_ROOM: Final = MAX_NAME - 6
"""Characters of a metric's name with its unit: a number may have to follow it."""
_WILDCARDS: Final = str.maketrans(
    {"*": "\N{ASTERISK OPERATOR}", "?": "\N{FULLWIDTH QUESTION MARK}", "~": "\N{TILDE OPERATOR}"}
)
"""MATCH would read them as patterns."""


def with_its_unit(label: str) -> str:
    """Cut a metric's name that is too long, and never the unit behind it."""
    name, _, unit = label.rpartition(" (")
    room = _ROOM - len(unit) - 2
    return label if len(label) <= _ROOM else f"{name[:room].rstrip()} ({unit}"


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Make names that a look-up finds: short, without patterns, each once whatever its case."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = re.sub(r"\s+", " ", name.translate(_WILDCARDS))[:MAX_NAME].strip() or "\N{EN DASH}"
        number, tried = 1, plain
        while tried.casefold() in taken:
            number += 1
            tried = f"{plain[: MAX_NAME - 6]} ({number})"
        taken.add(tried.casefold())
        found.append(tried)
    return tuple(found)
