"""What was compared before: the SHA-256 of files that have not changed since, on both sides.

``.reportgen/sync.tsv`` of the local side, one line a file, append-only. An entry counts only where
size and stamp are the same; without a stamp nothing is remembered. Losing it costs time only.
"""

from __future__ import annotations

import threading
from pathlib import Path

from reportgen.sync.interface import Place, Stored
from reportgen.sync.listing import CACHE_FOLDER

LEDGER_FILE = "sync.tsv"
MAX_LEDGER_BYTES = 64 * 2**20
"""A larger ledger starts anew."""

_FIELDS = 5


class Ledger:
    """Remembers digests.

    Args:
        directory: The local side's folder, in whose ``.reportgen`` the ledger lies; None for none.
    """

    def __init__(self, directory: Path | None) -> None:
        """Read what is known."""
        self._path = None if directory is None else directory / CACHE_FOLDER / LEDGER_FILE
        self._mutex = threading.Lock()
        self._known: dict[tuple[str, str], tuple[str, str, str]] = {}
        self._new: list[str] = []
        for line in self._lines():
            fields = line.split("\t")
            if len(fields) == _FIELDS and len(fields[4]) == 64:
                self._known[fields[0], fields[1]] = (fields[2], fields[3], fields[4])

    def digest(self, place: Place, file: Stored) -> str:
        """Give the SHA-256 of a file that was read before; else nothing."""
        size, stamp, digest = self._known.get((place.address, file.path), ("", "", ""))
        return digest if file.stamp and (size, stamp) == (str(file.size), file.stamp) else ""

    def note(self, place: Place, file: Stored, digest: str) -> None:
        """Remember the SHA-256 of a file as it is now."""
        fields = (place.address, file.path, str(file.size), file.stamp, digest)
        if not file.stamp or any("\t" in text or "\n" in text for text in fields):
            return
        if self.digest(place, file) == digest:
            return
        with self._mutex:
            self._known[fields[0], fields[1]] = (fields[2], fields[3], fields[4])
            self._new.append("\t".join(fields) + "\n")

    def save(self) -> None:
        """Write down what was learnt; trouble with that costs the next call some time, no more."""
        with self._mutex:
            new, self._new = self._new, []
        if self._path is None or not new:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            is_full = self._path.exists() and self._path.stat().st_size > MAX_LEDGER_BYTES
            with self._path.open("ab") as file:
                if is_full:
                    file.truncate(0)
                file.write(("\n" + "".join(new)).encode("utf-8", "surrogateescape"))  # a torn line ends here
        except OSError:
            return

    def _lines(self) -> list[str]:
        if self._path is None:
            return []
        try:
            return self._path.read_bytes().decode("utf-8", "surrogateescape").split("\n")
        except OSError:
            return []
