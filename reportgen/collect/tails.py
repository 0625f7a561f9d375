"""The ends of files that an earlier life of a run left: cut at the last whole row, and read for their times."""

from __future__ import annotations

import os

_TAIL_BYTES = 4096
_TAIL_ROWS = 5
_LARGEST_SKEW_S = 86_400.0


def cut_torn_tail(path: str, *, has_newlines_in_cells: bool) -> None:
    """Cut a torn last row off, so that the next one starts on a line of its own.

    Args:
        path: The file; nothing happens without it.
        has_newlines_in_cells: Newlines inside of quotes end no row (``run.csv``).

    Raises:
        OSError: It cannot be read or cut.
    """
    from reportgen.schema import whole_length

    try:
        fd = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return
    try:
        size = os.fstat(fd).st_size
        block = size if has_newlines_in_cells else 1 << 16
        end = size
        whole = 0
        while end > 0 and not whole:
            start = max(0, end - block)
            os.lseek(fd, start, os.SEEK_SET)
            data = _read_exactly(fd, end - start)
            whole = whole_length(data) if has_newlines_in_cells else data.rfind(b"\n") + 1
            whole += start if whole else 0
            end = start
        if whole < size:
            os.ftruncate(fd, whole)
    finally:
        os.close(fd)


def newest_time(directory: str, now: float) -> float:
    """Give the time of the newest row that any writer of a run has written; 0 without one.

    Whoever goes on with a run on a machine whose clock is slow must not write rows that look older: of
    a fact and of a repeated step the latest counts. A time of more than a day ahead is no slow clock
    but a wrong row, and passed over.

    Args:
        directory: The run folder.
        now: This machine's time.

    Raises:
        OSError: The folder cannot be read.
    """
    newest = 0.0
    for name in os.listdir(directory):
        if not (name.endswith(".csv") and name.startswith(("run", "metrics"))):
            continue
        fd = os.open(os.path.join(directory, name), os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            size = os.fstat(fd).st_size
            os.lseek(fd, max(0, size - _TAIL_BYTES), os.SEEK_SET)
            lines = _read_exactly(fd, min(size, _TAIL_BYTES)).splitlines()[-_TAIL_ROWS:]
        finally:
            os.close(fd)
        for line in lines:
            try:
                time = float(line.partition(b",")[0])
            except ValueError:  # a header, or a piece of a note
                continue
            if newest < time < now + _LARGEST_SKEW_S:
                newest = time
    return newest


def _read_exactly(fd: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
