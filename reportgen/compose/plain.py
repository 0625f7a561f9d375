"""Values as JSON has them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from numbers import Integral, Real
from typing import Any

_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def plain(value: Any) -> Any:
    """Turn a value into what JSON can hold: NaN and infinities are null, times ISO 8601 in UTC.

    Records are turned into dictionaries of their fields, whole numbers and reals of any library into
    Python's own; what is left becomes its text.
    """
    kind = type(value)
    if kind is float:  # the common kinds first: a report may have a million values
        return value if math.isfinite(value) else None
    if kind in _AS_THEY_ARE or isinstance(value, str):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else None
    return _time(value) if isinstance(value, date) else _structure(value)


def _time(value: date) -> str:
    return time_text(value) if isinstance(value, datetime) else value.isoformat()


def _structure(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if hasattr(type(value), "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in type(value).__dataclass_fields__}
    return str(value)


def time_text(time: datetime) -> str:
    """Write a time as ``2026-11-22T08:00:00Z``; a naive one counts as UTC."""
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")
