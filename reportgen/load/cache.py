"""Keeps what was read in Parquet, so that the next build reads only what changed.

The cache is never needed: it may be deleted at any time, and one that is damaged, foreign or of
another version is ignored and written anew. A row counts only if size and modification time of
every file of its run are as they were.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reportgen.load.arrays import integers, texts
from reportgen.load.contents import is_url
from reportgen.load.interface import RunFolder
from reportgen.load.table import SCHEMA, stamp_of

CACHE_VERSION = "2"
"""To be raised whenever what is read, or how, changes."""

CACHE_FOLDER = ".reportgen"
CACHE_FILE = "runs.parquet"
_VERSION_KEY = b"reportgen.cache"
_COARSE_NS, _FINE_NS = 2_100_000_000, 60_000_000


class Cache:
    """The cache of one log directory.

    Args:
        root: The log directory, a path or a URL.
    """

    def __init__(self, root: str) -> None:
        """Read the cache if there is a good one."""
        self._root = root
        self._paths = _paths(root)
        self._table = next((table for path in self._paths if (table := _read(path)) is not None), None)

    def split(self, folders: Sequence[RunFolder]) -> tuple[pa.Table, list[RunFolder]]:
        """Give the rows of the folders that have not changed, in their order, and the other folders."""
        if self._table is None:
            return pa.Table.from_batches([], schema=SCHEMA), list(folders)
        names = self._table.column("location").to_pylist()
        stamps = self._table.column("stamp").to_pylist()
        keys = self._keys(folder.location for folder in folders)
        found = list(map(stamp_of, folders))
        if keys == names and found == stamps and all(found):  # nothing has changed
            return self._table, []
        place = {name: at for at, name in enumerate(names)}
        hits: list[int] = []
        changed: list[RunFolder] = []
        for folder, key, stamp in zip(folders, keys, found, strict=True):
            at = place.get(key, -1)
            if at >= 0 and stamp and stamps[at] == stamp:
                hits.append(at)
            else:
                changed.append(folder)
        return self._table.take(integers(hits)), changed

    def save(
        self, table: pa.Table, folders: Sequence[RunFolder], changed: Iterable[RunFolder], *, read_at_ns: int
    ) -> None:
        """Keep these rows, and those of runs that this build did not look at.

        Args:
            table: The rows of all runs of this build, old ones as `split` gave them.
            folders: Their folders, in the same order.
            changed: Those of them that were read anew.
            read_at_ns: When their files were listed; a file that changed right before may change
                again without a new modification time, so its row is not trusted later.
        """
        racy = {folder.location for folder in changed if _is_racy(folder, read_at_ns)}
        keys = self._keys(folder.location for folder in folders)
        names = keys
        if racy:
            kept = [at for at, folder in enumerate(folders) if folder.location not in racy]
            table, names = table.take(integers(kept)), [keys[at] for at in kept]
        at = SCHEMA.get_field_index("location")
        table = table.set_column(at, SCHEMA.field(at), texts(names))
        if self._table is not None:
            seen = set(keys)
            known = self._table.column("location").to_pylist()
            others = [at for at, name in enumerate(known) if name not in seen and self._is_there(name)]
            if others:
                table = pa.concat_tables([table, self._table.take(integers(others))])
                names = [*names, *(known[at] for at in others)]
        table = table.unify_dictionaries()
        order = sorted(range(len(names)), key=names.__getitem__)
        if order != list(range(len(names))):
            table = table.take(integers(order))
        for path in self._paths:
            if _write(path, table):
                return

    def _keys(self, locations: Iterable[str]) -> list[str]:
        """Name runs by their way from the log directory, so that a moved one keeps its cache."""
        root = self._root
        length = len(root)
        return [
            (location[length:].lstrip("/\\") or ".") if location.startswith(root) else location
            for location in locations
        ]

    def _is_there(self, key: str) -> bool:
        return is_url(self._root) or Path(self._root, key).is_dir()


def _paths(root: str) -> list[Path]:
    """Give the places where the cache may lie: in the log directory, else in the user's cache folder."""
    name = hashlib.sha256(root.encode("utf-8", errors="replace")).hexdigest()[:32]
    elsewhere = _user_cache_folder() / f"{name}.parquet"
    return [elsewhere] if is_url(root) else [Path(root, CACHE_FOLDER, CACHE_FILE), elsewhere]


def _user_cache_folder() -> Path:
    home = Path.home()
    if sys.platform == "win32":
        start = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        start = home / "Library" / "Caches"
    else:
        start = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    return Path(start, "reportgen")


def _read(path: Path) -> pa.Table | None:
    try:
        # not pq.read_table: its thread pool can abort a process that ends right after
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read(use_threads=False)
    except (OSError, pa.ArrowException, ValueError):
        return None
    metadata = table.schema.metadata or {}
    if metadata.get(_VERSION_KEY) != CACHE_VERSION.encode():
        return None
    table = table.replace_schema_metadata(None)
    return table if table.schema.equals(SCHEMA) else None


def _write(path: Path, table: pa.Table) -> bool:
    """Write the whole file or none; tell whether it worked."""
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".runs-", suffix=".tmp")
        os.close(descriptor)
        temporary = Path(name)
        named = table.replace_schema_metadata({_VERSION_KEY: CACHE_VERSION.encode()})
        pq.write_table(named, temporary, compression="snappy", write_page_checksum=True)
        temporary.replace(path)
    except (OSError, pa.ArrowException):
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        return False
    return True


def _is_racy(folder: RunFolder, read_at_ns: int) -> bool:
    """Tell whether a file changed so shortly before it was listed that its time may not tell the next change."""
    for file in folder.files:
        if file.stamp.isdigit():
            changed = int(file.stamp)
            margin = _FINE_NS if changed % 1_000_000_000 else _COARSE_NS
            if changed > read_at_ns - margin:
                return True
    return False
