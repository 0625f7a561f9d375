"""Columns of Python's own objects: which type they are, and how each value becomes bytes."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_MISSING_TYPES = ("NAType", "NaTType")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall-clock times have no zone
_EPOCH_DAY = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (int, "int64"),
    (float, "float64"),
    (str, "string"),
    (bytes, "binary"),
    (datetime, "timestamp[us]"),
    (date, "date"),
    (time, "time"),
    (timedelta, "duration[us]"),
    (Decimal, "decimal"),
)


def without_missing(values: list[Any]) -> list[Any]:
    """Put None in the place of every missing value, and Python's values in that of NumPy's."""
    return [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - only "not a number" differs from itself
        return None
    if kind.__name__ in _MISSING_TYPES:
        return None
    if kind.__module__ == "numpy" and hasattr(value, "tolist"):
        plain = value.tolist()
        return value if type(plain) is kind else _plain(plain)
    return value


def kind_of(values: list[Any]) -> str:
    """Find one type that all values have; ``json`` for nested or mixed ones, ``null`` for none at all."""
    types = set(map(type, values)) - {type(None)}
    if not types:
        return "null"
    found = {next((name for base, name in _KINDS if issubclass(kind, base)), "json") for kind in types}
    if found == {"int64"} and not all(value is None or -(2**63) <= value < 2**63 for value in values):
        return "json"
    if found == {"timestamp[us]"}:
        zones = {str(value.tzinfo) if value.tzinfo else "" for value in values if value is not None}
        zone = zones.pop()
        return "json" if zones else f"timestamp[us, {zone}]" if zone else "timestamp[us]"
    return found.pop() if len(found) == 1 else "json"


def as_numbers(values: list[Any], kind: str) -> list[Any]:
    """Turn dates into days, and times and durations into microseconds, since 1970; others stay."""
    if kind == "date":
        return [None if value is None else value.toordinal() - _EPOCH_DAY for value in values]
    if kind.startswith("timestamp"):
        return [None if value is None else _microseconds(value) for value in values]
    if kind.startswith("duration"):
        return [None if value is None else value // _MICROSECOND for value in values]
    return values


def _microseconds(moment: datetime) -> int:
    offset = moment.utcoffset()
    wall = moment.replace(tzinfo=None)
    return (wall - _EPOCH - (offset or timedelta())) // _MICROSECOND


def encoder(name: str, kind: str) -> Callable[[Any], bytes]:
    """Give what turns one value of a type of any length into bytes."""
    if kind == "string":
        return lambda value: str(value).encode("utf-8", "surrogatepass")
    if kind == "binary":
        return bytes
    if kind == "time":
        return lambda value: value.isoformat().encode()
    if kind == "decimal":
        return lambda value: str(value).encode()
    return lambda value: _json(name, value)


def _json(name: str, value: Any) -> bytes:
    from reportgen.collect.tables import UnhashableError

    def plain(part: Any) -> Any:
        if isinstance(part, (datetime, date, time)):
            return part.isoformat()
        if isinstance(part, (Decimal, timedelta)):
            return str(part)
        if isinstance(part, (bytes, bytearray)):
            return part.hex()
        if isinstance(part, (set, frozenset)):
            return sorted(part)
        listed = getattr(part, "tolist", None) or getattr(part, "to_list", None)
        if callable(listed) and type(result := listed()) is not type(part):
            return result
        raise UnhashableError(f"column {name!r} holds values of type {type(part).__name__}")

    try:
        text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=plain)
    except (TypeError, ValueError, RecursionError) as error:
        if isinstance(error, UnhashableError):
            raise
        raise UnhashableError(f"column {name!r} holds a value that cannot be written ({error})") from error
    return text.encode()
