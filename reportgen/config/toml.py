"""Python values as TOML text: the standard library reads TOML and does not write it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def toml_key(name: str) -> str:
    """Write a name as a key, in quotes where TOML wants them."""
    return name if _BARE_KEY.fullmatch(name) else toml_value(name)


def toml_value(value: Any) -> str:
    """Write a value on one line.

    Raises:
        ValueError: TOML cannot hold it (None, a lone surrogate).
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            value.encode("utf-8")  # UnicodeEncodeError, a ValueError, for a lone surrogate
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list() | tuple():
            return f"[{', '.join(toml_value(item) for item in value)}]"
        case Mapping():
            return inline_table(value)
        case _:
            raise ValueError(f"TOML has no form for {value!r}")


def inline_table(values: Mapping[str, Any]) -> str:
    """Write a table on one line.

    Raises:
        ValueError: TOML cannot hold one of its values.
    """
    pairs = ", ".join(f"{toml_key(str(name))} = {toml_value(value)}" for name, value in values.items())
    return f"{{ {pairs} }}" if pairs else "{}"
