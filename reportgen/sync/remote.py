"""A store behind fsspec as one side of a synchronisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reportgen.errors import AddressError, MissingLibraryError
from reportgen.schema import without_credentials
from reportgen.sync.interface import BLOCK_BYTES, MAX_PARTS, Stored

_PACKAGES = {
    "s3": "'reportgen-ml[s3]'",
    "s3a": "'reportgen-ml[s3]'",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "sftp": "paramiko",
    "ssh": "paramiko",
}
"""What to install for a kind of store."""

_STAMPS = ("ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "created")
_WITHOUT_FOLDERS = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs"})
"""Object stores: to "make a folder" there could make a bucket."""
_CHECK = "Check the address, the network and your credentials for this store."


class RemotePlace:
    """A folder of a store that fsspec reaches.

    Args:
        url: Such as ``s3://bucket/runs``.

    Raises:
        MissingLibraryError: The package for this kind of store is not installed.
        AddressError: The kind of store is unknown, or it does not let us in.
    """

    is_local = False

    def __init__(self, url: str) -> None:
        """Connect to the store; nothing is read yet."""
        self.address = without_credentials(url.rstrip("/"))
        self._system, self._root = _connect(url.rstrip("/"), self.address)
        # others (SFTP, say) have one connection, which is not for several threads
        self.at_once = 8 if getattr(self._system, "async_impl", False) else 1

    def files(self) -> list[Stored]:
        """List all files at any depth; nothing if there is nothing yet."""
        try:
            self._system.invalidate_cache()
            listing = self._system.find(self._root, detail=True)
        except FileNotFoundError:
            return []
        except Exception as error:  # each store has errors of its own
            raise AddressError(f"it cannot be read: {told(error)}", where=self.address, do=_CHECK) from error
        top = self._root + "/"
        files = [
            self._stored(str(path)[len(top) :], info)
            for path, info in listing.items()
            if str(path).startswith(top) and str(path) != top and info.get("type", "file") == "file"
        ]
        return [file for file in files if not file.path.endswith("/")]  # some mark folders by empty objects

    def look(self, path: str) -> Stored | None:
        """Give one file as it is now."""
        try:
            self._system.invalidate_cache()
            return self._stored(path, self._system.info(f"{self._root}/{path}"))
        except FileNotFoundError:
            return None
        except Exception as error:
            raise OSError(told(error)) from error

    def _stored(self, path: str, info: dict[str, Any]) -> Stored:
        stamp = next((str(info[key]) for key in _STAMPS if info.get(key)), "")
        etag = str(info.get("ETag") or info.get("etag") or "").strip('"')
        return Stored(path, int(info.get("size") or 0), stamp, etag)

    def read(self, path: str, start: int, end: int) -> Iterator[bytes]:
        """Give the bytes of a file from *start* up to *end*."""
        while start < end:
            stop = min(end, start + BLOCK_BYTES)
            try:
                block = bytes(self._system.cat_file(f"{self._root}/{path}", start=start, end=stop))
            except Exception as error:
                raise OSError(told(error)) from error
            if len(block) != stop - start:
                raise OSError(f"{len(block)} bytes came where {stop - start} were asked for")
            start = stop
            yield block

    def write(self, path: str, blocks: Iterable[bytes], size: int) -> None:
        """Put a file there; object stores show it once it is whole."""
        target = f"{self._root}/{path}"
        try:
            if size <= BLOCK_BYTES:
                data = b"".join(blocks)
                self._make_parent(target)
                self._system.pipe_file(target, data)
                return
            self._make_parent(target)
            with self._system.open(target, "wb", block_size=part_bytes(size)) as file:
                for block in blocks:
                    file.write(block)
        except Exception as error:
            raise OSError(told(error)) from error

    def _make_parent(self, target: str) -> None:
        """Make the folder where a store has folders; object stores have none and do nothing."""
        protocol = self._system.protocol
        if not _WITHOUT_FOLDERS & ({protocol} if isinstance(protocol, str) else set(protocol)):
            self._system.makedirs(target.rpartition("/")[0], exist_ok=True)

    def is_written_here(self, folder: str) -> bool:
        """Nobody writes into a store directly: the logger needs a disk."""
        del folder
        return False


def part_bytes(size: int) -> int:
    """Give the size of the parts that a large file is sent in."""
    return max(BLOCK_BYTES, -(-size // MAX_PARTS))


def told(error: Exception) -> str:
    """Say what a store's error says, without credentials and in one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return without_credentials(text)[:300]


def _connect(url: str, address: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    protocol = url.partition("://")[0]
    try:
        system, root = url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        package = _PACKAGES.get(protocol)
        raise MissingLibraryError(
            f"{protocol}:// needs a package that is not installed",
            where=address,
            do=f"Install it: pip install {package}" if package else f"It says: {told(error)}",
        ) from error
    except Exception as error:
        raise AddressError(f"it cannot be opened: {told(error)}", where=address, do=_CHECK) from error
    return system, str(root).rstrip("/")
