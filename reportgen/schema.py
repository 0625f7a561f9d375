"""The run folder on disk, format 1: file names, columns, kinds, and how a value becomes text and back.

Shared by the logger, which writes it, and the loader, which reads it. Standard library only and
light (no ``dataclasses``, no ``typing``): the logger imports this file inside somebody's training.
``docs/format.md`` is the same contract for people.
"""

from __future__ import annotations

import json
import math

FORMAT_VERSION = 1

RUN_FILE = "run.csv"
METRICS_FILE = "metrics.csv"
LONG_METRICS_FILE = "metrics-long.csv"
SHELL_METRICS_FILE = "metrics.shell.csv"
ARTIFACTS_DIRECTORY = "artifacts"
CODE_DIFF_FILE = "code.diff"
ALIVE_FILE = "alive"

RUN_HEADER = ("time", "kind", "name", "type", "value")
LONG_HEADER = ("time", "step", "name", "value")
WIDE_KEY = ("time", "step")
MAX_WIDE_FILES = 8

KINDS = ("run", "param", "tag", "note", "code", "env", "data", "artifact", "status")
STATUSES = ("running", "finished", "failed", "interrupted", "pruned")
VALUE_TYPES = ("str", "int", "float", "bool", "null", "json")

MAX_NAME_LENGTH = 250
DEFAULT_STALE_AFTER_S = 3600.0
REDACTED = "[redacted]"
SECRET_WORDS = (
    "token",
    "password",
    "passwd",
    "secret",
    "api_key",
    "apikey",
    "access_key",
    "private_key",
    "credential",
)
"""A parameter or tag whose name holds one of these (case and ``-``/``.`` aside) is a secret."""


def looks_secret(name: str) -> bool:
    """Tell whether a name looks like that of a secret, whose value must not be written."""
    flat = name.lower().replace("-", "_").replace(".", "_").replace(" ", "_")
    return any(word in flat for word in SECRET_WORDS)


def name_problem(name: object) -> str:
    """Say what is wrong with a name of a metric, parameter, tag or artifact; empty if nothing is."""
    if not isinstance(name, str):
        return f"a name must be text, not {type(name).__name__}"
    if not name:
        return "a name must not be empty"
    if len(name) > MAX_NAME_LENGTH:
        return f"a name may have at most {MAX_NAME_LENGTH} characters, this one has {len(name)}"
    for char in name:
        code = ord(char)
        if code < 32 or 127 <= code < 160 or 0xD800 <= code <= 0xDFFF:
            return f"a name must not hold the control character U+{code:04X}"
    return ""


def format_float(value: float) -> str:
    """Write a float so that it reads back bit by bit: ``0.1``, ``1e-05``, ``nan``, ``inf``, ``-inf``."""
    return float.__repr__(value)


def encode_value(value: object) -> tuple[str, str]:
    """Turn a Python value into its ``(type, text)`` cells.

    Raises:
        TypeError: The value is not text, number, boolean, None, or JSON-able list or dict.
        ValueError: The text holds NUL or a lone surrogate, which no CSV reader can be given.
    """
    kind, text = _encode(value)
    if "\0" in text:
        raise ValueError("a value must not hold the character NUL (U+0000)")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("a value must not hold a lone surrogate (half a character)") from error
    return kind, text


def _encode(value: object) -> tuple[str, str]:
    if value is None:
        return "null", ""
    if isinstance(value, bool):
        return "bool", "true" if value else "false"
    if isinstance(value, str):
        return "str", str(value)
    if isinstance(value, int):
        return "int", int.__repr__(value)
    if isinstance(value, float):
        return "float", format_float(value)
    if isinstance(value, (list, tuple, dict)):
        return "json", json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    raise TypeError(f"cannot log a value of type {type(value).__name__}")


def decode_value(kind: str, text: str) -> object:
    """Turn ``(type, text)`` cells back into the value that was logged.

    Raises:
        ValueError: The type is unknown or the text does not fit it.
    """
    match kind:
        case "str":
            return text
        case "int":
            return int(text)
        case "float":
            return float(text)
        case "bool":
            if text not in ("true", "false"):
                raise ValueError(f"a bool is 'true' or 'false', not {text!r}")
            return text == "true"
        case "null":
            return None
        case "json":
            return json.loads(text)
        case _:
            raise ValueError(f"unknown type {kind!r}; known are {', '.join(VALUE_TYPES)}")


def quote_cell(text: str) -> str:
    """Quote a CSV cell by RFC 4180 where it must be, and only there."""
    if any(char in text for char in ',"\n\r') or text[:1].isspace() or text[-1:].isspace():
        return '"' + text.replace('"', '""') + '"'
    return text


def is_finite(value: float) -> bool:
    """Tell whether a logged number is usable: neither NaN nor an infinity."""
    return math.isfinite(value)
