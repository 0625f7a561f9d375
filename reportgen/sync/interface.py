"""What the parts of sync hand to one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

BLOCK_BYTES = 16 << 20
"""Files travel in blocks of this size, so that memory stays bounded."""

MAX_PARTS = 9000
"""Number of blocks that a file travels in at most: object stores take ten thousand."""


class Stored(NamedTuple):
    """One file as a place lists it."""

    path: str
    """Below the place's root, with ``/``."""
    size: int
    """Bytes."""
    stamp: str
    """Changes whenever the content does; empty where nothing tells."""
    etag: str = ""
    """What an object store says of the content; often its MD5."""


class Place(Protocol):
    """One side of a synchronisation."""

    address: str
    """For people and for the ledger: without credentials."""
    is_local: bool
    at_once: int
    """Number of files that may travel at the same time."""

    def files(self) -> list[Stored]:
        """List all files at any depth; nothing if the place does not exist yet.

        Raises:
            AddressError: It cannot be reached or read.
        """

    def look(self, path: str) -> Stored | None:
        """Give one file as it is now; None if it is not there.

        Raises:
            OSError: The place cannot be reached.
        """

    def read(self, path: str, start: int, end: int) -> Iterator[bytes]:
        """Give the bytes of a file from *start* up to *end*.

        Raises:
            OSError: It cannot be read, or ends before.
        """

    def write(self, path: str, blocks: Iterable[bytes], size: int) -> None:
        """Put a file there, whole or (where the store can) not at all.

        Raises:
            OSError: It cannot be written.
        """

    def is_written_here(self, folder: str) -> bool:
        """Tell whether a process of this machine is writing the run in this folder."""


Action = Literal["copied", "same", "ahead", "conflict", "failed"]


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file."""

    path: str
    action: Action
    """``ahead``: the target has all that the source has, and more."""
    bytes: int = 0
    """Size of a copied file, also where the target had its beginning already."""
    reason: str = ""
    """Of a conflict or a failure."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a synchronisation did, or would do."""

    source: str
    target: str
    runs: int
    files: tuple[FileOutcome, ...] = field(default=())
    is_dry: bool = False

    def of(self, action: Action) -> tuple[FileOutcome, ...]:
        """Give the files of one outcome."""
        return tuple(outcome for outcome in self.files if outcome.action == action)

    @property
    def copied_bytes(self) -> int:
        """Size of all copied files together."""
        return sum(outcome.bytes for outcome in self.of("copied"))

    @property
    def is_clean(self) -> bool:
        """Whether everything is at the target."""
        return not self.of("conflict") and not self.of("failed")
