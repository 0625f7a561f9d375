"""On which line of a TOML file each key stands: `tomllib` gives the values, but no lines.

Works on text that `tomllib` has accepted, so it only finds its way and checks nothing. Keys inside
of inline tables, dotted and quoted keys, elements of arrays, arrays of tables and values over
several lines are followed exactly.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]
"""From the root: names of tables and keys, indices of array elements."""

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # up to two quotes may stand right before the closing three
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)
_PLAIN_VALUE = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*|[^\s,\]}#]+")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Give the line, counted from 1, of every key and array element of a valid TOML text."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand in a TOML text, as positions of characters."""

    values: Mapping[KeyPath, tuple[int, int]]
    """Begin and end of each key's value."""
    headers: Mapping[KeyPath, int]
    """The position right behind the header of each table, such as behind ``[sheet]``."""


def find_places(text: str) -> Places:
    """Find the values and the headers of a valid TOML text."""
    scanner = _Scanner(text)
    scanner.document()
    return Places(scanner.values, scanner.headers)


class _Scanner:
    """Walks over the text once, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[KeyPath, int] = {}
        self.values: dict[KeyPath, tuple[int, int]] = {}
        self.headers: dict[KeyPath, int] = {}
        self._at = 0
        self._line = 1
        self._arrays: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while self._skip(_BLANK):
            if self._next("["):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        double = self.text.startswith("[[", self._at)
        self._at += 2 if double else 1
        keys = self._keys()
        self._at += 2 if double else 1
        path = self._resolve(keys[:-1]) + keys[-1:]
        if double:
            self._arrays[path] = self._arrays.get(path, 0) + 1
        path = self._resolve(keys)
        self._note(path)
        self.headers[path] = self._at
        return path

    def _resolve(self, keys: tuple[str, ...]) -> KeyPath:
        """A name of an array of tables means its newest element."""
        path: KeyPath = ()
        for key in keys:
            path += (key,)
            if path in self._arrays:
                path += (self._arrays[path] - 1,)
        return path

    def _pair(self, table: KeyPath) -> None:
        path = table + self._keys()
        self._note(path)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        begin = self._at
        self._value(path)
        self.values[path] = (begin, self._at)

    def _keys(self) -> tuple[str, ...]:
        """Read a key with its dots, up to the sign behind it."""
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            if self._next('"') or self._next("'"):
                keys.append(str(tomllib.loads(f"key = {self._take(_STRING)}")["key"]))
            else:
                keys.append(self._take(_BARE_KEY))
            self._skip(_SPACE)
            if not self._next("."):
                return tuple(keys)
            self._at += 1

    def _value(self, path: KeyPath) -> None:
        if self._next('"') or self._next("'"):
            self._take(_STRING)
        elif self._next("["):
            self._array(path)
        elif self._next("{"):
            self._inline_table(path)
        else:
            self._take(_PLAIN_VALUE)

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        index = 0
        while self._skip(_BLANK) and not self._next("]"):
            self._note((*path, index))
            self._value((*path, index))
            index += 1
            self._comma()
        self._at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while self._skip(_BLANK) and not self._next("}"):
            self._pair(path)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        self._skip(_BLANK)
        if self._next(","):
            self._at += 1

    def _note(self, path: KeyPath) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], self._line)

    def _next(self, sign: str) -> bool:
        return self.text.startswith(sign, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Go past what matches, and tell whether anything is left behind it."""
        self._take(pattern)
        return self._at < len(self.text)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self._at)
        found = match.group() if match else ""
        self._line += found.count("\n")
        self._at += len(found)
        return found
