"""When are two logged values the same? Numbers as numbers, text exactly, absent apart from null."""

from __future__ import annotations

import json
import math
from typing import Any

Canonical = tuple[str, Any]
"""A hashable stand-in for a value: its kind and its content."""

ABSENT: Canonical = ("absent", None)


def canonical(value: Any) -> Canonical:
    """Give the stand-in that is equal for equal values: 1 and 1.0, but not 1, "1" and True."""
    kind = type(value)
    if kind is str or isinstance(value, str):
        return ("text", value)
    if kind is int:
        return ("number", value)
    if value is None:
        return ("null", None)
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, (int, float)):
        return ("number", "nan" if value != value else value)  # noqa: PLR0124 - the test for NaN
    return ("json", json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, default=str))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def canonical_text(value: Any) -> str:
    """Write a value as text that is equal exactly for equal values; made for hashing."""
    kind, content = canonical(value)
    if isinstance(content, float) and content.is_integer():
        content = int(content)
    if isinstance(content, int) and not isinstance(content, bool):
        return f"{kind}:{content:x}"
    return f"{kind}:{content!r}"


def as_number(value: Any) -> float | None:
    """Read a number, or text that is written like one; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float, str)):
        try:
            return float(value)
        except (ValueError, OverflowError):
            return None
    return None


def matches(value: Any, wanted: Any) -> bool:
    """Tell whether a logged value is the one that was asked for.

    What was asked for may come from a command line, where everything is text: ``0.10`` then means the
    number 0.1, ``true`` the boolean and ``null`` nothing. A logged text only matches the same text.
    """
    if canonical(value) == canonical(wanted):
        return True
    if not isinstance(wanted, str) or isinstance(value, str):
        return False
    if value is None or isinstance(value, bool):
        return wanted.lower() in {None: ("null", "none"), True: ("true",), False: ("false",)}[value]
    if isinstance(value, (int, float)):
        number = as_number(wanted)
        return number is not None and (number == value or (math.isnan(number) and value != value))  # noqa: PLR0124
    try:
        return canonical(json.loads(wanted)) == canonical(value)
    except ValueError:
        return False


def show(value: Any) -> str:
    """Write a value for people, exactly: numbers in full, text as it is, lists as JSON."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)
