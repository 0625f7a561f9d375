"""Setting one value in the user's own file: everything else, comments and layout too, stays as it is."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

from reportgen.config.keylines import find_places
from reportgen.config.reading import PROJECT_FILE
from reportgen.config.toml import toml_key, toml_value
from reportgen.errors import ConfigError, OutputError


def write_setting(path: Path, table: str, key: str, value: str) -> None:
    """Set ``key`` of ``[table]`` in a ``reportgen.toml`` or pyproject.toml, or begin the file with it.

    Raises:
        ConfigError: The file is no TOML, or the value cannot be put into it without changing more.
        OutputError: It cannot be written.
    """
    root = ("tool", "reportgen") if path.name == PROJECT_FILE else ()
    try:
        before = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        before = ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("it cannot be read", where=str(path)) from error
    _replace(path, with_setting(before, (*root, table), key, value, str(path)))


def with_setting(text: str, table: tuple[str, ...], key: str, value: str, where: str = "") -> str:
    """Give a TOML text with one value set, and all else as it was.

    Raises:
        ConfigError: It is no TOML, or there is no such way.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    try:
        wanted = _set(tomllib.loads(body), table, key, value)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML: {error}", where=where) from error
    if wanted is not None:
        edited = _edit(body, table, key, value)
        with suppress(tomllib.TOMLDecodeError):
            if tomllib.loads(edited) == wanted:
                return mark + edited
    raise ConfigError(
        f"{key} cannot be set in [{'.'.join(table)}] without changing more of the file",
        where=where,
        do=f"Set it by hand: {key} = {toml_value(value)}",
    )


def _set(values: dict[str, Any], table: tuple[str, ...], key: str, value: str) -> dict[str, Any] | None:
    """Give what the edited text has to say; None where something else stands in the way."""
    wanted = deepcopy(values)
    inner: Any = wanted
    for name in table:
        inner = inner.setdefault(name, {})
        if not isinstance(inner, dict):
            return None
    inner[key] = value
    return wanted


def _edit(text: str, table: tuple[str, ...], key: str, value: str) -> str:
    """Put the value in its place: over the old one, below the header, into the inline table, or at the end."""
    places = find_places(text)
    new, end = toml_value(value), "\r\n" if "\r\n" in text else "\n"
    line = f"{toml_key(key)} = {new}"
    if (*table, key) in places.values:
        begin, stop = places.values[*table, key]
        return text[:begin] + new + text[stop:]
    if table in places.headers:
        stop = text.find("\n", places.headers[table])
        if stop < 0:
            return f"{text}{end}{line}{end}"
        return f"{text[: stop + 1]}{line}{end}{text[stop + 1 :]}"
    if table in places.values:  # an inline table
        begin, stop = places.values[table]
        rest = text[begin + 1 : stop]
        return f"{text[:begin]}{{ {line}{',' if rest.strip(' }') else ''}{rest}{text[stop:]}"
    for path, (at, _) in places.values.items():
        if path[: len(table)] == table and (prefix := _dotted_prefix(text, at)):
            begin = text.rfind("\n", 0, at) + 1
            return f"{text[:begin]}{prefix}.{line}{end}{text[begin:]}"
    gap = "" if not text else end if text.endswith("\n") else end * 2
    return f"{text}{gap}[{'.'.join(map(toml_key, table))}]{end}{line}{end}"


def _dotted_prefix(text: str, at: int) -> str:
    """Give ``sheet`` for a value in a line ``sheet.share = ...``."""
    begin = text.rfind("\n", 0, at) + 1
    return text[begin:at].rpartition("=")[0].strip().rpartition(".")[0]


def _replace(path: Path, text: str) -> None:
    """Write the whole file or nothing; a link stays one, and who may read it stays the same."""
    target = path.resolve()
    fresh = None
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        fresh = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
        if target.exists():
            shutil.copymode(target, fresh)
        else:
            fresh.chmod(0o666 & ~_umask())
        fresh.replace(target)
    except OSError as error:
        raise OutputError(f"it cannot be written ({error.strerror})", where=str(path)) from error
    finally:
        if fresh:
            fresh.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
