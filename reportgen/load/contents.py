"""Reads the bytes of run files: from a local disk by the shortest way, from elsewhere through fsspec."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reportgen.load.interface import RunFolder, StoredFile

CHUNK_BYTES = 16 << 20
"""Larger files are read in parts of this size, so that memory stays bounded."""

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def is_url(location: str) -> bool:
    """Tell whether a location is a URL for fsspec rather than a local path."""
    return "://" in location


def file_system(location: str) -> tuple[Any, str]:
    """Give the fsspec file system of a URL, and the path inside it."""
    from fsspec.core import url_to_fs

    system, path = url_to_fs(location)
    return system, str(path)


class Contents:
    """The bytes of the files of one batch of run folders.

    Small files of an object store are fetched together at the first question, since each request
    alone costs a round trip.
    """

    def __init__(self, folders: Sequence[RunFolder]) -> None:
        """Remember the batch; nothing is read yet."""
        self._folders = folders
        self._fetched: dict[str, bytes | BaseException] | None = None
        self._ahead: dict[str, bytes | OSError] = {}

    def read_ahead(self, folders: Iterable[RunFolder]) -> None:
        """Read the small local files of some runs at once; `whole` then gives each once.

        System calls between other work make both slower (they empty the processor's caches): reading
        a few hundred files first saves a fifth of the time of a batch.
        """
        ahead = self._ahead
        ahead.clear()
        for folder in folders:
            if not is_url(folder.location):
                for name, size, _ in folder.files:
                    if size <= CHUNK_BYTES:
                        path = f"{folder.location}{os.sep}{name}"
                        try:
                            ahead[path] = _read_local(path, size)
                        except OSError as error:
                            ahead[path] = error

    def chunks(self, folder: RunFolder, file: StoredFile) -> Iterator[bytes]:
        """Give a file's bytes in parts of at most `CHUNK_BYTES`.

        Raises:
            OSError: The file cannot be read.
        """
        if is_url(folder.location):
            yield from self._remote_chunks(folder, file)
        else:
            yield from _local_chunks(f"{folder.location}{os.sep}{file.name}", file.size)

    def whole(self, folder: RunFolder, file: StoredFile) -> bytes:
        """Give all bytes of a file.

        Raises:
            OSError: The file cannot be read.
        """
        if is_url(folder.location):
            return b"".join(self.chunks(folder, file))
        path = f"{folder.location}{os.sep}{file.name}"
        data = self._ahead.pop(path, None)
        if data is None:
            return _read_local(path, file.size)
        if isinstance(data, OSError):
            raise data
        return data

    def _remote_chunks(self, folder: RunFolder, file: StoredFile) -> Iterator[bytes]:
        system, root = file_system(folder.location)
        path = f"{root}/{file.name}"
        if file.size > CHUNK_BYTES:
            try:
                with system.open(path, "rb", block_size=CHUNK_BYTES) as stream:
                    while data := stream.read(CHUNK_BYTES):
                        yield data
            except OSError:
                raise
            except Exception as error:  # each store has errors of its own
                raise OSError(str(error)) from error
            return
        if self._fetched is None:
            self._fetched = self._fetch(system)
        data = self._fetched.get(path, b"")
        if isinstance(data, BaseException):
            raise OSError(str(data) or type(data).__name__)
        yield data

    def _fetch(self, system: Any) -> dict[str, bytes | BaseException]:
        wanted = [
            f"{file_system(folder.location)[1]}/{file.name}"
            for folder in self._folders
            for file in folder.files
            if is_url(folder.location) and file.size <= CHUNK_BYTES
        ]
        found = system.cat(wanted, on_error="return")
        if isinstance(found, dict):
            return found
        return {wanted[0]: found}  # some stores give bare bytes for a single path


def _read_local(path: str, size: int) -> bytes:
    descriptor = os.open(path, _OPEN_FLAGS)
    try:
        data = os.read(descriptor, size + 1)
        if len(data) == size:
            return data
        parts = [data]
        while parts[-1]:  # it has grown since it was listed, or is shorter
            parts.append(os.read(descriptor, CHUNK_BYTES))
        return b"".join(parts)
    finally:
        os.close(descriptor)


def _local_chunks(path: str, size: int) -> Iterator[bytes]:
    descriptor = os.open(path, _OPEN_FLAGS)
    try:
        total = 0
        while True:
            asked = min(CHUNK_BYTES, max(size - total, 0) + 1)
            data = os.read(descriptor, asked)
            total += len(data)
            if data:
                yield data
            if not data or (len(data) < asked and total == size):
                return
    finally:
        os.close(descriptor)
