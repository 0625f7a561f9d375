"""Words and tables on a terminal: results go to stdout, everything else to stderr."""

from __future__ import annotations

import json
import math
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

NARROWEST_COLUMN = 8
GAP = "  "
DEFAULT_WIDTH = 120
"""Of output that goes to no terminal and where COLUMNS says nothing."""


def say(text: str) -> None:
    """Write a line for people to stderr."""
    print(printable(text, keep="\n"), file=sys.stderr)


def result(text: str) -> None:
    """Write a result to stdout, on one line."""
    print(printable(text))


def result_json(value: Any) -> None:
    """Write one JSON object on one line to stdout."""
    print(json.dumps(jsonable(value), ensure_ascii=False))


def printable(text: str, keep: str = "") -> str:
    """Show control characters as their codes: a run's name must not steer somebody's terminal."""
    if text.isprintable():
        return text
    return "".join(
        char if char in keep or unicodedata.category(char) != "Cc" else f"\\x{ord(char):02x}" for char in text
    )


def jsonable(value: Any) -> Any:
    """Turn a value into what JSON can hold; NaN and infinities become texts, so that nothing is lost."""
    match value:
        case float() if not math.isfinite(value):
            plain: Any = str(value)
        case datetime():
            plain = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Mapping():
            plain = {str(key): jsonable(item) for key, item in value.items()}
        case list() | tuple():
            plain = [jsonable(item) for item in value]
        case None | bool() | int() | float() | str():
            plain = value
        case _:
            plain = str(value)
    return plain


def show_value(value: Any) -> str:
    """Show a parameter, tag or metric as one line of text."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.6g}"
        case list() | tuple() | Mapping():
            return json.dumps(jsonable(value), ensure_ascii=False)
        case _:
            return str(value)


def show_time(moment: datetime | None) -> str:
    """Show a time in UTC to the second; empty where it is not known."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def show_duration(seconds: float | None) -> str:
    """Show a duration with its two largest units; empty where it is not known."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"


def screen_width() -> int:
    """Give the number of characters in a line: the terminal's, or that of COLUMNS."""
    import shutil  # its archives take long to import, and few commands show a table

    return shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns


def table_lines(
    rows: Sequence[Sequence[str]],
    width: int,
    *,
    right: frozenset[int] = frozenset(),
    whole: frozenset[int] = frozenset(),
) -> list[str]:
    """Align the cells of *rows* (the first one holds the headings) in columns.

    Args:
        rows: All of the same length.
        width: Of a line; the widest columns are cut until they fit.
        right: Indices of the columns that are aligned to the right.
        whole: Indices of the columns that are never cut, since people copy from them.
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(text_width(cell) for cell in column) for column in zip(*cells, strict=True)]
    spare = width - len(GAP) * (len(widths) - 1)
    cut = [index for index in range(len(widths)) if index not in whole]
    while sum(widths) > spare and cut:
        widest = max(cut, key=lambda index: widths[index])
        if widths[widest] <= NARROWEST_COLUMN:
            break
        widths[widest] -= 1
    return [
        GAP.join(
            _pad(_cut(cell, widths[index]), widths[index], to_right=index in right)
            for index, cell in enumerate(row)
        ).rstrip()
        for row in cells
    ]


def text_width(text: str) -> int:
    """Count the terminal's columns that a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _cut(text: str, width: int) -> str:
    if text_width(text) <= width:
        return text
    used = 0
    for at, char in enumerate(text):
        used += text_width(char)
        if used > width - 1:
            return f"{text[:at]}…"
    return text


def _pad(text: str, width: int, *, to_right: bool) -> str:
    blank = " " * (width - text_width(text))
    return blank + text if to_right else text + blank


class ProgressLine:
    """One line on a terminal that is overwritten while work goes on; nothing anywhere else."""

    def __init__(self) -> None:
        """Look whether stderr is a terminal."""
        self._shown = sys.stderr.isatty()
        self._length = 0

    def step(self, text: str, done: int = 0, total: int = 0) -> None:
        """Show what is being done, with a bar where the amount of work is known."""
        if not self._shown:
            return
        if total:
            filled = min(20, 20 * done // total)
            text = f"{text} [{'#' * filled}{'.' * (20 - filled)}] {done} of {total}"
        text = _cut(printable(text), screen_width() - 1)
        print(f"\r{text.ljust(self._length)}", end="", file=sys.stderr, flush=True)
        self._length = text_width(text)

    def clear(self) -> None:
        """Take the line away, so that the next one starts at the left."""
        if self._shown and self._length:
            print(f"\r{' ' * self._length}\r", end="", file=sys.stderr, flush=True)
            self._length = 0
