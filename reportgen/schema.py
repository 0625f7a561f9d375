"""The run folder on disk, format 1: file names, columns, kinds, and how a value becomes text and back.

Shared by the logger, which writes it, and the loader, which reads it. Standard library only and
light (no ``dataclasses``, no ``typing``): the logger imports this file inside somebody's training.
``docs/format.md`` is the same contract for people.
"""

from __future__ import annotations

import json
import math
import re

FORMAT_VERSION = 1

RUN_FILE = "run.csv"
METRICS_FILE = "metrics.csv"
LONG_METRICS_FILE = "metrics-long.csv"
SHELL_METRICS_FILE = "metrics.shell.csv"
SHELL_RUN_FILE = "run.shell.csv"
ARTIFACTS_DIRECTORY = "artifacts"
CODE_DIFF_FILE = "code.diff"
ALIVE_FILE = "alive"
JOBS_DIRECTORY = ".jobs"
"""In an experiment's folder: by what the ranks of a job find one another. Readers pass over it."""

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

SYSTEM_METRICS = "system/"
"""How the names of metrics begin that tell how busy the machine was."""

LIVE_DIRECTORIES: set[str] = set()
"""Real paths of the run folders that this very process is writing.

A reader in the same process asks here instead of opening ``alive``: closing any descriptor of that
file would drop the writer's lock.
"""

# Patterns are compiled at their first use: compiling takes longer than importing this file.
_WORDS_OF_THE_TRADE = (
    r"tokeni[sz]|tokens_(?:per|seen|total|count)"
    r"|(?:^|_)(?:n|num|max|min|total|seen|new|of|per|pad|mask|bos|eos|special)_tokens?(?:_|$)"
)
_URL_USER = r"(\b[A-Za-z][A-Za-z0-9+.-]*://)[^/?#\s@\"']*(?:@[^/?#\s@\"']*)*@"
_URL_QUERY = r"([?&;#])([^=&;?#\s\"']{1,80})=([^&;#\s\"']*)"
_SIGNING_KEYS = ("signature", "sig", "auth", "authorization", "key")


def looks_secret(name: str) -> bool:
    """Tell whether a name looks like that of a secret, whose value must not be written.

    Words of the trade that only sound like one (``tokenizer``, ``max_tokens``) are none.
    """
    flat = name.lower().replace("-", "_").replace(".", "_").replace(" ", "_")
    if "token" in flat:
        flat = re.sub(_WORDS_OF_THE_TRADE, "_", flat)
    return any(word in flat for word in SECRET_WORDS)


def without_credentials(text: str) -> str:
    """Take user, password and signed query values out of every URL in a text."""
    if "://" not in text:
        return text
    text = re.sub(_URL_USER, r"\1", text)
    return re.sub(_URL_QUERY, _hide_query_value, text)


def _hide_query_value(match: re.Match[str]) -> str:
    mark, name = match.group(1), match.group(2)
    words = name.lower().replace("-", "_").split("_")
    if looks_secret(name) or any(word in _SIGNING_KEYS for word in words):
        return f"{mark}{name}={REDACTED}"
    return match.group(0)


def run_file_name(writer: str = "") -> str:
    """Name the facts' file of a writer: ``run.csv``, or ``run.<writer>.csv`` for a further one."""
    return f"run.{writer}.csv" if writer else RUN_FILE


def wide_file_name(number: int, writer: str = "") -> str:
    """Name a writer's wide file, from 1: ``metrics.csv``, ``metrics-2.csv``, ``metrics.<writer>-2.csv``."""
    stem = f"metrics.{writer}" if writer else "metrics"
    return f"{stem}.csv" if number == 1 else f"{stem}-{number}.csv"


def long_file_name(writer: str = "") -> str:
    """Name a writer's long file: ``metrics-long.csv``, or ``metrics.<writer>-long.csv``."""
    return f"metrics.{writer}-long.csv" if writer else LONG_METRICS_FILE


def alive_file_name(writer: str = "") -> str:
    """Name a writer's lock file: ``alive``, or ``alive.<writer>``."""
    return f"{ALIVE_FILE}.{writer}" if writer else ALIVE_FILE


def is_long_file(name: str) -> bool:
    """Tell a file of points in the long form by its name.

    Its header cannot tell: a wide file of two metrics called ``name`` and ``value`` has the same one.
    """
    return name == SHELL_METRICS_FILE or (name.startswith("metrics") and name.endswith("-long.csv"))


def boot_mark() -> str:
    """Give a mark of this machine's present life: the first digits of Linux's random boot id.

    Locks can tell about a run that bears the same mark, even from another container; nobody can tell
    from the mark which machine it was. Empty on systems that have none.
    """
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="utf-8") as file:  # noqa: PTH123 - no pathlib here
            return file.read(36).replace("-", "")[:12]
    except (OSError, ValueError):
        return ""


def whole_length(data: bytes) -> int:
    """Count the bytes up to the end of the last whole row; what follows is torn.

    A row ends at a newline outside of quotes: a note may hold newlines, and a cut inside of its
    quotes must take the whole note away, or the rest of the file would be read as part of it.
    """
    end = data.rfind(b"\n") + 1
    quotes = data.count(b'"', 0, end)
    while end and quotes % 2:
        before = data.rfind(b"\n", 0, end - 1) + 1
        quotes -= data.count(b'"', before, end)
        end = before
    return end


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
        return "str", str.__str__(value)
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
