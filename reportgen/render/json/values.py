"""Values as JSON can hold them: nothing that is not a number passes for one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from reportgen.errors import RenderError


def plain(value: Any, pointer: str) -> Any:
    """Give *value* as JSON-able data; mappings sorted by key, NaN and infinities null.

    Args:
        value: Any part of the frozen numbers.
        pointer: Where it stands, for the error.

    Raises:
        RenderError: It is of a type that JSON has no form for.
    """
    match value:
        case None | bool() | str():
            return value
        case int():
            return int(value)
        case float():
            return float(value) if math.isfinite(value) else None
        case Mapping():
            names = sorted(value, key=str)
            return {str(name): plain(value[name], f"{pointer}/{name}") for name in names}
        case list() | tuple():
            return [plain(item, f"{pointer}/{place}") for place, item in enumerate(value)]
        case date():
            return value.isoformat()
        case _:
            raise RenderError(
                f"a value of type {type(value).__name__} cannot be written as JSON",
                where=pointer or "/",
                do="This is a fault in reportgen: please report it.",
            )
