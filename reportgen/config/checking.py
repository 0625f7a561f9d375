"""Reading one TOML table key by key: every mistake is kept with its line, and all are told at once."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Any

from reportgen.config.keylines import KeyPath
from reportgen.errors import ConfigError

_SECRETS = ("password", "passwd", "secret", "token", "api_key", "apikey", "credential", "private_key")


class Mistakes:
    """What is wrong in one file, in order of its lines."""

    def __init__(self, file: str, lines: Mapping[KeyPath, int]) -> None:
        """Start without any; *lines* is what `key_lines` found in *file*."""
        self._file = file
        self._lines = lines
        self._found: list[tuple[int, str]] = []

    def add(self, path: KeyPath, text: str) -> None:
        """Keep one mistake about the key at *path*."""
        line = next((self._lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self._lines), 0)
        self._found.append((line, text))

    def raise_all(self) -> None:
        """Tell all of them.

        Raises:
            ConfigError: There is at least one; each has a line of its own in the message.
        """
        if not self._found:
            return
        told = [
            f"{self._file}:{line}: {text}" if line else f"{self._file}: {text}"
            for line, text in sorted(self._found)
        ]
        if len(told) > 1:
            told.insert(0, f"{len(told)} mistakes in {self._file}:")
        raise ConfigError("\n".join(told))


class Table:
    """One TOML table: each known key is asked for once, `finish` reports what nobody asked for."""

    def __init__(self, values: Mapping[str, Any], path: KeyPath, name: str, mistakes: Mistakes) -> None:
        """Wrap the *values* found at *path*; *name* is what messages call the table, empty for the root."""
        self._values = values
        self._path = path
        self._name = name
        self._mistakes = mistakes
        self._known: list[str] = []

    def complain(self, key: str, text: str, *deeper: str | int) -> None:
        """Keep a mistake about *key*: its name is put before *text*."""
        self._mistakes.add((*self._path, key, *deeper), f"{self.called(key)} {text}")

    def called(self, key: str) -> str:
        """Give the key's name as messages show it: ``outputs.paper``."""
        return f"{self._name}.{key}" if self._name else key

    def take(self, key: str) -> Any:
        """Give the raw value, None where it is absent, and mark the key as known."""
        self._known.append(key)
        return self._values.get(key)

    def text(self, key: str) -> str | None:
        """Read text; empty text counts as absent."""
        value = self.take(key)
        if value is None or isinstance(value, str):
            return value or None
        self.complain(key, f"must be text in quotes, not {describe(value)}")
        return None

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Read a list of texts; None where it is absent or wrong."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, str):
            self.complain(key, f"must be a list; write [{value!r}]".replace("'", '"'))
            return None
        if not isinstance(value, list):
            self.complain(key, f"must be a list of texts, not {describe(value)}")
            return None
        wrong = [index for index, item in enumerate(value) if not isinstance(item, str) or not item]
        for index in wrong:
            self.complain(key, f"must hold texts in quotes only, not {describe(value[index])}", index)
        return None if wrong else tuple(value)

    def number(self, key: str, *, above: float | None = None) -> float | None:
        """Read a finite number, larger than *above* where that is given."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            self.complain(key, f"must be a number, not {describe(value)}")
            return None
        if above is not None and value <= above:
            self.complain(key, f"must be above {above:g}, not {value}")
            return None
        return float(value)

    def flag(self, key: str) -> bool | None:
        """Read true or false."""
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return value
        self.complain(key, f"must be true or false, not {describe(value)}")
        return None

    def choice(self, key: str, known: Sequence[str]) -> str | None:
        """Read one of the *known* words."""
        value = self.text(key)
        if value is None or value in known:
            return value
        self.complain(key, f"is {value!r}; {name_known(value, known)}")
        return None

    def moment(self, key: str) -> datetime | None:
        """Read a day or a time of day as an aware time in UTC; without a zone it is one of UTC."""
        value = self.take(key)
        if value is None:
            return None
        found = as_moment(value)
        if found is None:
            self.complain(key, f"must be a date such as 2026-11-01, not {describe(value)}")
        return found

    def table(self, key: str) -> Table:
        """Read a table inside of this one; an empty one where it is absent or wrong."""
        value = self.take(key)
        if value is not None and not isinstance(value, dict):
            self.complain(key, f"must be a table, not {describe(value)}")
            value = None
        return Table(value or {}, (*self._path, key), self.called(key), self._mistakes)

    def names(self) -> tuple[str, ...]:
        """Give the keys that stand in it: for tables whose keys are the user's own names."""
        return tuple(self._values)

    def finish(self) -> None:
        """Report every key that nobody asked for."""
        for key in self._values:
            if key not in self._known:
                place = f" in [{self._name}]" if self._name else ""
                hint = name_known(key, self._known)
                self._mistakes.add((*self._path, key), f"unknown key {key!r}{place}; {hint}")

    def refuse_secrets(self, do: str, aside: Collection[str] = ()) -> None:
        """Report keys that hold a secret, without showing it, and say in *do* where secrets belong.

        Keys *aside* only sound so.
        """
        for key in self._values:
            if key not in aside and any(word in key.lower().replace("-", "_") for word in _SECRETS):
                self._known.append(key)
                self.complain(key, f"is a secret and must not stand in this file. {do}")


def name_known(value: str, known: Collection[str]) -> str:
    """Name the nearest known word, or all of them where none is near."""
    near = get_close_matches(value, known, n=1)
    if near:
        return f"nearest is {near[0]!r}"
    return f"known {'is' if len(known) == 1 else 'are'} {', '.join(repr(word) for word in known)}"


def describe(value: object) -> str:
    """Say what a TOML value is, short enough for a message."""
    match value:
        case bool():
            said = "true" if value else "false"
        case str():
            said = f"the text {value!r}" if len(value) <= 40 else f"the text {value[:40]!r}..."
        case int() | float():
            said = f"the number {value}"
        case list():
            said = "a list"
        case dict():
            said = "a table"
        case _:
            said = f"the date or time {value}"
    return said


def as_moment(value: object) -> datetime | None:
    """Turn a date, a time stamp or its ISO 8601 text into an aware time in UTC; None if it is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return None
