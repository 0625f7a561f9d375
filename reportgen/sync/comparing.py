"""Are two files the same, or one the beginning of the other? By hashes, reading as little as possible."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from reportgen.schema import whole_length
from reportgen.sync.interface import Place, Stored
from reportgen.sync.ledger import Ledger
from reportgen.sync.listing import is_facts_file
from reportgen.sync.remote import part_bytes

_MD5 = re.compile(r"[0-9a-f]{32}")
_PARTS_MD5 = re.compile(r"[0-9a-f]{32}-\d+")
_TAIL_BYTES = 1 << 16


class Hashes:
    """SHA-256 of what passes, and what an object store would call it.

    Args:
        size: Of the whole file, in bytes: it says in which parts it is sent.
    """

    def __init__(self, size: int) -> None:
        """Begin with nothing."""
        self.size = 0
        self._sha256 = hashlib.sha256()
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._part_bytes = part_bytes(size)
        self._parts: list[bytes] = []
        self._part = hashlib.md5(usedforsecurity=False)
        self._in_part = 0

    def add(self, block: bytes) -> None:
        """Take in some bytes."""
        self.size += len(block)
        self._sha256.update(block)
        self._md5.update(block)
        view = memoryview(block)
        while view:
            piece = view[: self._part_bytes - self._in_part]
            self._part.update(piece)
            self._in_part += len(piece)
            view = view[len(piece) :]
            if self._in_part == self._part_bytes:
                self._end_part()

    def through(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """Let blocks pass and take them in."""
        for block in blocks:
            self.add(block)
            yield block

    def _end_part(self) -> None:
        self._parts.append(self._part.digest())
        self._part = hashlib.md5(usedforsecurity=False)
        self._in_part = 0

    @property
    def sha256(self) -> str:
        """The SHA-256 of what has passed."""
        return self._sha256.hexdigest()

    def confirms(self, etag: str) -> bool:
        """Tell whether an object store's tag says that it holds just these bytes.

        That it does not confirm says nothing: stores are free in what they use.
        """
        if _MD5.fullmatch(etag):
            return etag == self._md5.hexdigest()
        if not _PARTS_MD5.fullmatch(etag):
            return False
        parts = [*self._parts, *([self._part.digest()] if self._in_part else [])]
        whole = hashlib.md5(b"".join(parts), usedforsecurity=False).hexdigest()
        return etag == f"{whole}-{len(parts)}"


def sha256_of(place: Place, file: Stored, length: int, ledger: Ledger) -> str:
    """Give the SHA-256 of the first *length* bytes, from the ledger where it knows.

    Raises:
        OSError: The file cannot be read.
    """
    is_whole = length == file.size
    if is_whole and (known := ledger.digest(place, file)):
        return known
    digest = hashlib.sha256()
    for block in place.read(file.path, 0, length):
        digest.update(block)
    if is_whole:
        ledger.note(place, file, digest.hexdigest())
    return digest.hexdigest()


def begin_alike(
    sides: tuple[tuple[Place, Stored], tuple[Place, Stored]], length: int, ledger: Ledger
) -> bool:
    """Tell whether two files have the same first *length* bytes.

    A store's own tag spares reading over the network, where it is an MD5.

    Raises:
        OSError: One of them cannot be read.
    """
    if not length:
        return True
    for (there, far), (here, near) in (sides, sides[::-1]):
        is_asked = far.etag and far.size == length and not ledger.digest(there, far) and here.is_local
        if not is_asked:
            continue
        hashes = Hashes(length)
        for block in here.read(near.path, 0, length):
            hashes.add(block)
        if hashes.confirms(far.etag):
            ledger.note(there, far, hashes.sha256)
            if near.size == length:
                ledger.note(here, near, hashes.sha256)
            return True
    first, second = (sha256_of(place, file, length, ledger) for place, file in sides)
    return first == second


def whole_bytes(place: Place, file: Stored) -> int:
    """Give the length of a file of rows up to the end of its last whole row.

    Raises:
        OSError: It cannot be read.
    """
    if not file.size:
        return 0
    if is_facts_file(file.path):
        return whole_length(b"".join(place.read(file.path, 0, file.size)))
    end = file.size
    while end:
        start = max(0, end - _TAIL_BYTES)
        at = b"".join(place.read(file.path, start, end)).rfind(b"\n")
        if at >= 0:
            return start + at + 1
        end = start
    return 0
