"""A folder of this machine as one side of a synchronisation."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from reportgen import schema
from reportgen.errors import AddressError
from reportgen.sync.interface import BLOCK_BYTES, Stored
from reportgen.sync.listing import CACHE_FOLDER, PART_PREFIX, RUN_NAME

try:
    import fcntl
except ImportError:  # Windows: nothing tells whether a run is being written there
    fcntl = None  # type: ignore[assignment]  # the rest asks for None

_RACY_NS = 3_000_000_000
"""A file that was written within this time may change again without its times telling."""


class LocalPlace:
    """A folder of this machine.

    Args:
        root: The folder; as a target it need not exist.
        now_ns: The time that counts as now, in nanoseconds since the epoch.
    """

    is_local = True
    at_once = 8

    def __init__(self, root: Path, *, now_ns: int) -> None:
        """Remember the folder; nothing is read yet."""
        self.root = Path(os.path.realpath(root))
        self.address = str(self.root)
        self._quiet_before_ns = now_ns - _RACY_NS

    def files(self) -> list[Stored]:
        """List all files at any depth; nothing if the folder does not exist yet."""
        if not self.root.is_dir():
            if os.path.lexists(self.root):
                raise AddressError("this is a file, not a folder", where=self.address)
            return []
        found: list[Stored] = []
        self._walk(str(self.root), "", (str(self.root),), found, run="")
        return found

    def _walk(
        self, folder: str, inside: str, above: tuple[str, ...], found: list[Stored], *, run: str
    ) -> None:
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as error:
            raise AddressError(
                f"the folder cannot be read ({error.strerror})", where=folder, do="Check its permissions."
            ) from error
        # facts first: metrics that are listed later hold at least what the facts speak of
        entries.sort(key=lambda entry: not RUN_NAME.fullmatch(entry.name))
        if not run and entries and RUN_NAME.fullmatch(entries[0].name):
            run = os.path.realpath(folder)
        for entry in entries:
            real = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
            if run and entry.is_symlink() and not real.startswith(run + os.sep):
                continue  # a link out of a run's folder: what it leads to is not the run's
            if entry.is_dir():
                if real not in above and entry.name != CACHE_FOLDER:
                    self._walk(entry.path, f"{inside}{entry.name}/", (*above, real), found, run=run)
            elif entry.is_file():
                with suppress(FileNotFoundError):  # gone since it was listed
                    found.append(self._stored(f"{inside}{entry.name}", entry.path))

    def look(self, path: str) -> Stored | None:
        """Give one file as it is now."""
        try:
            return self._stored(path, str(self.root / path))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _stored(self, path: str, real: str) -> Stored:
        status = Path(real).stat()
        is_quiet = max(status.st_mtime_ns, status.st_ctime_ns) < self._quiet_before_ns
        stamp = f"{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_ino}" if is_quiet else ""
        return Stored(path, status.st_size, stamp)

    def read(self, path: str, start: int, end: int) -> Iterator[bytes]:
        """Give the bytes of a file from *start* up to *end*."""
        with (self.root / path).open("rb") as file:
            file.seek(start)
            left = end - start
            while left:
                block = file.read(min(left, BLOCK_BYTES))
                if not block:
                    raise OSError(f"it became shorter while it was read: {left} bytes are missing")
                left -= len(block)
                yield block

    def write(self, path: str, blocks: Iterable[bytes], size: int) -> None:
        """Write beside the place, and put it there whole.

        Nothing is forced to the disk: what a power cut takes is found short and brought again.
        """
        del size
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{PART_PREFIX}{os.getpid()}-{os.urandom(4).hex()}")
        try:
            with part.open("xb") as file:
                for block in blocks:
                    file.write(block)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def is_written_here(self, folder: str) -> bool:
        """Tell whether a process of this machine holds a lock of the run in this folder."""
        directory = self.root / folder
        if str(directory.resolve()) in schema.LIVE_DIRECTORIES:
            return True  # this very process writes it: opening its lock file would drop the lock
        return any(_is_held(path) for path in directory.glob(f"{schema.ALIVE_FILE}*"))


def _is_held(path: Path) -> bool:
    if fcntl is None:
        return False
    try:
        with path.open("rb") as file:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return True
    except OSError:
        return False
    return False
