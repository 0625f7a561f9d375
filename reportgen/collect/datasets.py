"""Data sets: what a file, a folder, a pattern, a table, an array or an address tells about itself."""

from __future__ import annotations

import os

from reportgen.collect.append import say
from reportgen.collect.digests import DigestCache
from reportgen.errors import LoggingError
from reportgen.schema import without_credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TOLD_BYTES = 2 * 2**30
"""Reading more than this for a hash is announced, since the training waits for it."""

_VERSION_KEYS = ("versionid", "generation")


def is_address(text: str) -> bool:
    """Tell an address such as ``s3://bucket/model`` or ``feast:stats@7`` from a path."""
    head, mark, _ = text.partition(":")
    return bool(mark) and len(head) > 1 and head[0].isalpha() and head.isascii() and _is_scheme(head)


def _is_scheme(text: str) -> bool:
    return text.replace("+", "").replace("-", "").replace(".", "").isalnum()


def described(data: Any, log_directory: str, *, name: str, digest: bool) -> dict[str, object]:
    """Give the facts that data tell by themselves.

    Args:
        data: Path, pattern, address, table or array.
        log_directory: Where the cache of hashes lies.
        name: The data set's, for messages.
        digest: Whether to read files for their hash.

    Raises:
        LoggingError: There is no such file, or nothing is known about data of this type.
        OSError: It cannot be read.
    """
    if isinstance(data, (str, os.PathLike)):
        path = os.fspath(data)
        if not isinstance(path, str):
            raise LoggingError("expected a path as text, not bytes", where=f"log_dataset {name!r}")
        return _of_path(path, log_directory, name=name, digest=digest)
    from reportgen.collect import frames
    from reportgen.collect.tables import UnhashableError

    if not frames.is_table(data):
        raise LoggingError(
            f"data of type {type(data).__name__} cannot be described",
            where=f"log_dataset {name!r}",
            found="known are paths, patterns, addresses, tables of pandas, Polars and PyArrow, NumPy arrays",
            do="Give one of these (of a lazy table its collect()), or only version= and source=.",
        )
    try:
        return frames.data_facts(data)
    except UnhashableError as error:
        raise OSError(0, f"{error}; give version= so that runs can be told apart") from error
    except Exception as error:  # a library's own trouble with its own data
        raise OSError(0, f"{type(error).__name__}: {error}") from error


def _of_path(path: str, log_directory: str, *, name: str, digest: bool) -> dict[str, object]:
    facts: dict[str, object] = {"source": without_credentials(path)}
    if os.path.isfile(path):
        return facts | _of_file(path, log_directory, name=name, digest=digest)
    from reportgen.collect import trees

    if os.path.isdir(path):
        files = trees.tree_files(path)
    elif is_address(path):
        return facts | _of_address(path)
    elif trees.has_wildcards(path):
        files = trees.glob_files(path)
        if not files:
            raise _nothing(f"no file fits {path!r}", name)
    else:
        raise _nothing(f"there is no file {path!r}", name)
    facts["kind"] = "folder"
    if not digest:
        return {**facts, "files": len(files), "bytes": sum(os.path.getsize(real) for _, real in files)}
    cache = DigestCache(log_directory)
    _announce([real for _, real in files], cache, name)
    facts |= trees.tree_facts(files, cache.digest)
    cache.save()
    return facts


def _of_file(path: str, log_directory: str, *, name: str, digest: bool) -> dict[str, object]:
    from reportgen.collect import pointers, tabular

    facts = pointers.pointer_facts(path)
    if facts is not None:
        return facts
    facts = {"kind": "file"}
    if digest:
        cache = DigestCache(log_directory)
        _announce([path], cache, name)
        facts["sha256"], facts["bytes"] = cache.digest(path)
        cache.save()
    else:
        facts["bytes"] = os.path.getsize(path)
    return facts | tabular.file_facts(path)


def _of_address(address: str) -> dict[str, object]:
    """Note an address; a version that it names itself counts."""
    facts: dict[str, object] = {"kind": "uri"}
    head, mark, fragment = address.partition("#")
    query = head.partition("?")[2]
    for part in query.split("&"):
        key, _, value = part.partition("=")
        if key.lower().replace("_", "") in _VERSION_KEYS and value:
            facts["version"] = value
    if address.startswith("gs://") and mark and fragment.isdecimal():
        facts["version"] = fragment  # Google's way to name a generation
    return facts


def _announce(paths: list[str], cache: DigestCache, name: str) -> None:
    """Say so before much is read: the training stands still meanwhile."""
    size = sum(os.path.getsize(path) for path in paths)
    if size < TOLD_BYTES or not (unread := sum(os.path.getsize(p) for p in paths if not cache.known(p))):
        return
    if unread >= TOLD_BYTES:
        say(
            f"reading {unread / 1e9:.1f} GB of data set {name!r} once for its hash; "
            "the next run finds it in the cache, and digest=False leaves it out."
        )


def _nothing(what: str, name: str) -> LoggingError:
    return LoggingError(
        what,
        where=f"log_dataset {name!r}",
        found=f"the current folder is {os.getcwd()!r}",
        do="Give an existing file or folder, a pattern, or an address such as s3://bucket/name; "
        "words about the data go into source=.",
    )
