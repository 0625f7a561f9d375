"""Names, numbers and settings of a framework, as the logger takes them: plain, short, the same in each run."""

from __future__ import annotations

import dataclasses
import enum
import math
import re
import types
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from reportgen.schema import MAX_NAME_LENGTH, name_problem

MAX_TEXT_LENGTH = 2000
"""Characters of a setting's text; what is longer is cut, and says so."""
MAX_ITEMS = 100
"""Entries of a list among the settings; of a longer one its size is said instead."""
_MAX_DEPTH = 8
_MEMORY_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def metric_name(*parts: object) -> str:
    """Join the parts with ``/`` into a name that can be logged, whatever characters they hold."""
    return _tidy("/".join(str(part) for part in parts))


def _tidy(text: str) -> str:
    if not name_problem(text):
        return text
    return _CONTROL.sub(" ", text).strip()[:MAX_NAME_LENGTH] or "unnamed"


def as_number(value: Any) -> float | None:
    """Give a value as a float if it is one real number, also NumPy's or Torch's of one element; else None."""
    if value is None or isinstance(value, (str, bytes, complex)):
        return None
    try:
        item = getattr(value, "item", None)
        plain = item() if callable(item) else value
        if isinstance(plain, (str, bytes, complex)):
            return None
        return float(plain)
    except Exception:  # noqa: BLE001 - whatever a foreign object raises: it is no number
        return None


def split_numbers(values: Mapping[Any, Any]) -> tuple[dict[str, float], dict[str, str]]:
    """Split metrics into those that are numbers and the types of those that are none.

    Nested mappings are taken apart: ``{"val": {"loss": 0.3}}`` is ``val/loss``.
    """
    numbers: dict[str, float] = {}
    others: dict[str, str] = {}
    for path, value in _leaves(values, ()):
        name = metric_name(*path)
        number = as_number(value)
        if number is None:
            others[name] = type(value).__name__
        else:
            numbers[name] = number
    return numbers, others


def settings(values: object) -> dict[str, object]:
    """Turn a framework's settings into parameters: nested ones with dots in their names, values plain.

    Args:
        values: A mapping, a namespace, a dataclass, any object with attributes, or None.
    """
    return {
        _tidy(".".join(str(part) for part in path)): plain(value)
        for path, value in _leaves(as_mapping(values), ())
    }


def as_mapping(values: object) -> Mapping[Any, Any]:
    """Give settings as a mapping, whichever of the usual forms they have."""
    if values is None:
        return {}
    if isinstance(values, Mapping):
        return values
    if dataclasses.is_dataclass(values) and not isinstance(values, type):
        return {field.name: getattr(values, field.name) for field in dataclasses.fields(values)}
    return dict(getattr(values, "__dict__", None) or {"value": values})


def _leaves(values: Mapping[Any, Any], path: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value and len(path) < _MAX_DEPTH:
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def plain(value: Any, depth: int = 0) -> object:
    """Give a setting as text, number, boolean, None, or list or dict of these.

    Large arrays become a description and objects their text, without the memory address, which would make
    two equal runs differ.
    """
    if isinstance(value, enum.Enum):
        value = value.value
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (float, str)):
        return float(value) if isinstance(value, float) else _short(str(value))
    nested = _plain_nest(value, depth) if depth < _MAX_DEPTH else None
    return _text_of(value) if nested is None else nested


def _plain_nest(value: Any, depth: int) -> object:
    """Give a mapping, a list or an array as plain Python; None for what is none of these."""
    if isinstance(value, Mapping):
        return {str(key): plain(part, depth + 1) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return _plain_list(value, depth)
    if hasattr(value, "tolist") and hasattr(value, "shape"):
        return _plain_array(value, depth)
    return None


def _plain_list(values: Collection[Any], depth: int) -> object:
    if len(values) > MAX_ITEMS:
        return f"{type(values).__name__} of {len(values)}"
    parts = [plain(part, depth + 1) for part in values]
    return sorted(parts, key=repr) if isinstance(values, (set, frozenset)) else parts


def _plain_array(value: Any, depth: int) -> object:
    shape = tuple(value.shape)
    if math.prod(shape) > MAX_ITEMS:
        return f"{type(value).__name__} of shape {shape}"
    return plain(value.tolist(), depth + 1)


def _text_of(value: Any) -> str:
    if isinstance(value, (type, types.FunctionType)):
        return f"{value.__module__}.{value.__qualname__}"
    try:
        text = str(value)
    except Exception:  # noqa: BLE001 - an object that cannot be shown is named at least
        text = type(value).__qualname__
    return _short(_MEMORY_ADDRESS.sub("", text))


def _short(text: str) -> str:
    text = text.replace("\0", "")
    if len(text) <= MAX_TEXT_LENGTH:
        return text
    return f"{text[:MAX_TEXT_LENGTH]}… ({len(text)} characters)"
