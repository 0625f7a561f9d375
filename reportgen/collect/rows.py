"""Names and values become the cells of a row; what cannot be logged is refused at once, by name."""

from __future__ import annotations

import operator
import os

from reportgen.collect.secrets import without_secrets
from reportgen.errors import LoggingError
from reportgen.schema import encode_value, name_problem, quote_cell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Fact = tuple[str, str, object]
    """One fact of a run: kind, name, value."""


def checked_name(name: object, what: str) -> str:
    """Give a name back, or refuse it.

    Raises:
        LoggingError: The name is empty, too long, no text, or holds a control character.
    """
    problem = name_problem(name)
    if problem:
        raise LoggingError(problem, where=f"{what} {_shown(name)}")
    return str.__str__(name)


def checked_mapping(values: Any, what: str) -> Mapping[object, object]:
    """Give a mapping of names to values back, or refuse what is none.

    Raises:
        LoggingError: It has no names and values.
    """
    if not hasattr(values, "items"):
        raise LoggingError(
            f"expected names and values, not {type(values).__name__}",
            where=what,
            do='Give a dict such as {"lr": 0.1}.',
        )
    mapping: Mapping[object, object] = values
    return mapping


def fact_row(at: float, kind: str, name: str, value: object) -> str:
    """Write one line of ``run.csv``.

    Args:
        at: Seconds since the Unix epoch, UTC.
        kind: One of :data:`reportgen.schema.KINDS`.
        name: A checked name, or nothing (notes have none).
        value: Text, number, boolean, None, list or dict; NumPy's and Torch's are taken as Python's.

    Raises:
        LoggingError: The value cannot be written.
    """
    try:
        value_type, text = encode_value(plain_value(value))
    except (TypeError, ValueError, RecursionError) as error:
        raise LoggingError(
            str(error),
            where=f"{kind} {_shown(name)}",
            found="a value is text, a number, True, False, None, or a list or dict of these",
            do="Give it as text, for example str(value).",
        ) from error
    return f"{at:.3f},{kind},{quote_cell(name)},{value_type},{quote_cell(text)}\n"


def named_facts(kind: str, values: object) -> list[Fact]:
    """Check the names of parameters or tags and take the secrets out of their values.

    Raises:
        LoggingError: No mapping, or a bad name.
    """
    facts: list[Fact] = []
    for name, value in checked_mapping(values, f"{kind}s").items():
        text = checked_name(name, kind)
        facts.append((kind, text, without_secrets(text, plain_value(value))))
    return facts


def plain_value(value: object) -> object:
    """Turn NumPy's and Torch's values, paths and their nests into plain Python, by what they can do."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, dict):
        return {_plain_key(key): plain_value(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_value(part) for part in value]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    convert = getattr(value, "tolist", None) or getattr(value, "item", None)
    return convert() if callable(convert) else value


def _plain_key(key: object) -> object:
    item = getattr(key, "item", None)
    return item() if callable(item) else key


def metric_number(name: object, value: Any) -> float:
    """Give a metric's value as a float: any number, also NumPy's and Torch's of one element.

    Raises:
        LoggingError: It is no real number (text, None, a list, a complex number, many elements).
    """
    item = getattr(value, "item", None)
    try:
        plain = item() if callable(item) else value
        if not isinstance(plain, str) and hasattr(type(plain), "__float__"):
            return float(plain)
    except Exception as error:
        raise LoggingError(
            f"{type(value).__name__} is not one number ({error})",
            where=f"metric {_shown(name)}",
            do="Log one number, such as the mean.",
        ) from error
    raise LoggingError(
        f"{_shown(value)} is no number but {type(value).__name__}",
        where=f"metric {_shown(name)}",
        do="Log numbers (nan for a missing one); text belongs in tags or notes.",
    )


def step_cell(step: Any) -> str:
    """Write a step: a whole number, or a finite fraction such as 0.5 of an epoch; empty for None.

    Raises:
        LoggingError: It is no finite number.
    """
    if step is None:
        return ""
    if not isinstance(step, bool):
        item = getattr(step, "item", None)
        plain = item() if callable(item) else step
        try:
            return int.__repr__(operator.index(plain))
        except TypeError:
            number = float(plain) if isinstance(plain, float) else float("nan")
        if number - number == 0:
            return int.__repr__(int(number)) if number.is_integer() else float.__repr__(number)
    raise LoggingError(f"{_shown(step)} is no step", where="log_metrics", do="Give a number or None.")


def epoch_seconds(time: object, what: str) -> float:
    """Give a time as seconds since the Unix epoch: a number, or a ``datetime`` that knows its zone.

    Raises:
        LoggingError: It is neither, or the ``datetime`` has no time zone.
    """
    convert = getattr(time, "timestamp", None)
    if callable(convert) and getattr(time, "tzinfo", None) is not None:
        return float(convert())
    if isinstance(time, (int, float)) and not isinstance(time, bool) and 0 <= time < 1e11:
        return float(time)
    raise LoggingError(
        f"{_shown(time)} is no time",
        where=what,
        do="Give seconds since 1970 (UTC), or a datetime with a time zone.",
    )


def checked_text(text: object, what: str) -> str:
    """Give a text back, or refuse what is none.

    Raises:
        LoggingError: It is no text.
    """
    if not isinstance(text, str):
        raise LoggingError(f"expected text, not {type(text).__name__}", where=what)
    return str.__str__(text)


def _shown(value: object) -> str:
    """Show an offending value in a message, short."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a value that cannot even be shown must not hide the mistake
        return f"<{type(value).__name__}>"
    return text if len(text) <= 80 else text[:77] + "..."
