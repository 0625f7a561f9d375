"""Folders and groups of files: which files belong to them, and one hash for all."""

from __future__ import annotations

import hashlib
import os

from reportgen.collect.tables import json_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TREE_FORM = "reportgen tree 1"

LEFT_OUT = frozenset(
    {".DS_Store", "Thumbs.db", "desktop.ini", ".git", ".svn", "__pycache__", ".ipynb_checkpoints"}
)
"""What systems and tools put into folders by themselves: none of it is data."""

_MAGIC = frozenset("*?[")


def tree_files(folder: str) -> list[tuple[str, str]]:
    """List the files of a folder at any depth: the path inside of it, with ``/``, and the real one.

    Links are followed, but never in a circle; what is no regular file is left out.

    Raises:
        OSError: A folder cannot be read.
    """
    return sorted(_walk(folder, "", (os.path.realpath(folder),)), key=_order)


def _order(entry: tuple[str, str]) -> bytes:
    return entry[0].encode("utf-8", "surrogateescape")


def _walk(folder: str, inside: str, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    with os.scandir(folder) as entries:
        found = list(entries)
    for entry in found:
        if entry.name in LEFT_OUT:
            continue
        if entry.is_dir():
            real = os.path.realpath(entry.path)
            if real not in above:
                yield from _walk(entry.path, f"{inside}{entry.name}/", (*above, real))
        elif entry.is_file():
            yield inside + entry.name, entry.path


def glob_files(pattern: str) -> list[tuple[str, str]]:
    """List the files that fit a pattern: the path below the part without wildcards, and the real one."""
    import glob

    parts = pattern.replace(os.sep, "/").split("/")
    plain = next((at for at, part in enumerate(parts) if _MAGIC & set(part)), len(parts))
    base = "/".join(parts[:plain])
    paths = {path for path in glob.iglob(pattern, recursive=True) if os.path.isfile(path)}
    names = ((os.path.relpath(path, base or os.curdir).replace(os.sep, "/"), path) for path in paths)
    kept = [(name, path) for name, path in names if not LEFT_OUT & set(name.split("/"))]
    return sorted(kept, key=_order)


def has_wildcards(path: str) -> bool:
    """Tell a pattern from a path."""
    return bool(_MAGIC & set(path))


def tree_facts(files: list[tuple[str, str]], digest: Callable[[str], tuple[str, int]]) -> dict[str, object]:
    """Describe files as one: number, bytes together, and a SHA-256 over their names and contents.

    Args:
        files: Path inside of the folder and real path, in order.
        digest: Gives a file's SHA-256 and size.

    Raises:
        OSError: A file cannot be read.
    """
    whole = hashlib.sha256(f"{TREE_FORM}\n".encode())
    total = 0
    for name, path in files:
        sha256, size = digest(path)
        whole.update(json_line([name, size, sha256]))
        total += size
    return {"sha256": whole.hexdigest(), "bytes": total, "files": len(files)}
