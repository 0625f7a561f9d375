"""SHA-256 of files, read once: a small cache in the log directory knows those that have not changed.

The cache is ``.reportgen/digests.tsv`` of the log directory: one line a file, append-only, written
with one ``write``. An entry counts only if size, both times and the file's number are all the same;
a file that was written within the last seconds gets no entry, since it might change again without
its times telling. A missing, damaged or read-only cache costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import os
from time import time as clock

CACHE_FOLDER = ".reportgen"
CACHE_FILE = "digests.tsv"
MAX_CACHE_BYTES = 32 * 2**20
"""A larger cache starts anew."""
RACY_S = 3.0
"""Seconds for which a file's times may stay the same though it changes, on the coarsest file systems."""

_BLOCK = 1 << 20
_FIELDS = 7


def file_digest(path: str) -> tuple[str, int]:
    """Read a file to its end and give its SHA-256 and size in bytes.

    Raises:
        OSError: It cannot be read.
    """
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        return copy_bytes(fd, -1)
    finally:
        os.close(fd)


def copy_bytes(in_fd: int, out_fd: int) -> tuple[str, int]:
    """Read to the end, copy on the way if there is a target, and give the SHA-256 and the size.

    Raises:
        OSError: Reading or writing fails.
    """
    digest = hashlib.sha256()
    size = 0
    while block := os.read(in_fd, _BLOCK):
        digest.update(block)
        size += len(block)
        while out_fd >= 0 and block:
            block = block[os.write(out_fd, block) :]
    return digest.hexdigest(), size


class DigestCache:
    """Gives digests of files, from the cache where nothing about a file has changed.

    Args:
        log_directory: Its ``.reportgen`` holds the cache.
    """

    def __init__(self, log_directory: str) -> None:
        self._path = os.path.join(log_directory, CACHE_FOLDER, CACHE_FILE)
        self._known: dict[str, list[str]] | None = None
        self._new: list[str] = []

    def known(self, path: str) -> str:
        """Give the SHA-256 of a file that was read before and has not changed since; else nothing.

        Raises:
            OSError: There is no such file.
        """
        return self._look_up(os.path.realpath(path), os.stat(path))

    def digest(self, path: str) -> tuple[str, int]:
        """Give a file's SHA-256 and size, and remember them.

        Raises:
            OSError: It cannot be read.
        """
        real = os.path.realpath(path)
        before = os.stat(real)
        known = self._look_up(real, before)
        if known:
            return known, before.st_size
        begun = clock()
        digest, size = file_digest(real)
        after = os.stat(real)
        is_quiet = max(before.st_mtime, before.st_ctime) < begun - RACY_S
        if is_quiet and _stamp(before) == _stamp(after) and not set("\t\n\r") & set(real):
            self._new.append("\t".join([real, *_stamp(before), digest]))
        return digest, size

    def save(self) -> None:
        """Write down what was learnt; trouble with that is nobody's."""
        if not self._new:
            return
        lines = "".join(f"{line}\n" for line in self._new)
        self._new = []
        try:
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
            is_full = os.path.exists(self._path) and os.path.getsize(self._path) > MAX_CACHE_BYTES
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
            fd = os.open(self._path, flags | (os.O_TRUNC if is_full else 0), 0o666)
            try:
                os.write(fd, f"\n{lines}".encode("utf-8", "surrogateescape"))  # a torn line ends here
            finally:
                os.close(fd)
        except OSError:
            return

    def _look_up(self, real: str, status: os.stat_result) -> str:
        if self._known is None:
            self._known = self._read()
        entry = self._known.get(real)
        return entry[-1] if entry is not None and entry[1:-1] == _stamp(status) else ""

    def _read(self) -> dict[str, list[str]]:
        try:
            with open(self._path, "rb") as file:
                text = file.read(2 * MAX_CACHE_BYTES).decode("utf-8", "surrogateescape")
        except OSError:
            return {}
        entries = (line.split("\t") for line in text.split("\n"))
        return {entry[0]: entry for entry in entries if len(entry) == _FIELDS and len(entry[-1]) == 64}


def _stamp(status: os.stat_result) -> list[str]:
    """Give all that changes when a file does."""
    return [
        str(number)
        for number in (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_dev, status.st_ino)
    ]
