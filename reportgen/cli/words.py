"""``NAME=VALUE`` words of the commands that log, and the errors for those that are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WORDS = {"true": True, "false": False, "null": None, "none": None}
_INTEGER = r"[+-]?(?:0|[1-9][0-9]*)"
_FLOAT = r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][+-]?[0-9]+)?"


def named_values(words: Sequence[str], option: str) -> dict[str, Any]:
    """Read ``lr=0.1``: numbers, ``true``, ``false``, ``null`` and JSON are typed, quotes make text.

    Raises:
        UsageError: A word has no name or no ``=``.
    """
    values: dict[str, Any] = {}
    for word in words:
        name, text = split_word(word, option)
        values[name] = typed_value(text)
    return values


def split_word(word: str, option: str) -> tuple[str, str]:
    """Split ``NAME=TEXT`` at the first ``=``.

    Raises:
        UsageError: There is no name or no ``=``.
    """
    name, equals, text = word.partition("=")
    if not name or not equals:
        raise UsageError(f"{option} {word!r} is no NAME=VALUE", do=f"Write it as {option} lr=0.1.")
    return name, text


def typed_value(text: str) -> Any:
    """Read one value: as ``--baseline`` and ``--where`` do, and JSON's lists and objects.

    ``64`` is a number; ``064``, ``"64"`` and whatever else has no other meaning are texts. That the two
    agree is tested; to import the other one takes longer than all of ``reportgen log``.
    """
    if len(text) > 1 and text[0] in "\"'" and text[0] == text[-1]:
        return text[1:-1]
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(_INTEGER, text):
        return int(text)
    if re.fullmatch(_FLOAT, text):
        return float(text)
    return _from_json(text) if text[:1] in ("[", "{") else text


def _from_json(text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except ValueError:
        return text


def named_numbers(words: Sequence[str]) -> dict[str, float]:
    """Read metrics: ``loss=0.31``; the name ends at the last ``=``.

    Raises:
        UsageError: A word has no name, or no number.
    """
    numbers: dict[str, float] = {}
    for word in words:
        name, equals, text = word.rpartition("=")
        if not name or not equals:
            raise UsageError(
                f"{word!r} is no NAME=NUMBER", do="Write metrics as in: reportgen log loss=0.31 --step 3"
            )
        if name in numbers:
            raise UsageError(f"metric {name!r} is given twice", do="Give each metric once in a call.")
        numbers[name] = plain_number(text, f"metric {name!r}")
    return numbers


def plain_number(text: str, what: str) -> float:
    """Read a number.

    Raises:
        UsageError: It is none.
    """
    try:
        if "_" not in text:  # Python's own way of writing thousands
            return float(text)
    except ValueError:
        pass
    raise UsageError(
        f"{what}: {text!r} is no number", do="Write it as 0.31, -2, 1e-05, nan or inf; text belongs in --tag."
    )


def moment(text: str) -> float:
    """Read a time: seconds since 1970, or a date and time with a zone; give seconds.

    Raises:
        UsageError: It is neither.
    """
    try:
        return float(text)
    except ValueError:
        pass
    from datetime import datetime

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise UsageError(
            f"--time {text!r} is no time",
            do="Give seconds since 1970, or a time with its zone: 2026-11-01T08:00Z.",
        )
    return found.timestamp()
