"""Artifacts: files and folders copied into the run, noted where they are, or made from an object.

A copy is made beside its place under a name that begins with ``.part-`` and put there when it is
whole, by a call that fails if something is there: nobody ever sees half an artifact, and none is
overwritten. Where the file system can share blocks (Btrfs, XFS, ...) a copy takes no room. A hard
link takes none anywhere, but a training that later writes into the same file would change the
artifact with it: so it is made only when asked for.
"""

from __future__ import annotations

import os

from reportgen.collect.digests import copy_bytes, file_digest
from reportgen.collect.trees import tree_facts, tree_files
from reportgen.errors import LoggingError
from reportgen.schema import ARTIFACTS_DIRECTORY, without_credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER_TYPE = "inode/directory"
_FICLONE = 0x40049409  # Linux: share the blocks of one file with another
_BINARY = getattr(os, "O_BINARY", 0)


def is_url(address: str) -> bool:
    """Tell an address such as ``s3://bucket/model`` from a path."""
    head, mark, _ = address.partition("://")
    return bool(mark) and head.replace("+", "").replace("-", "").replace(".", "").isalnum()


def last_part(address: str) -> str:
    """Give the last part of a path or of a URL."""
    if is_url(address):
        return address.partition("?")[0].rstrip("/").rpartition("/")[2]
    return os.path.basename(os.path.abspath(address))


def media_type(name: str) -> str:
    """Guess the media type from a name; ``application/octet-stream`` where it does not tell."""
    import mimetypes

    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def url_facts(url: str) -> dict[str, object]:
    """Describe what lies at a URL by its name alone."""
    return {"uri": without_credentials(url), "media_type": media_type(last_part(url))}


def reference_facts(source: str) -> dict[str, object]:
    """Describe a file or folder that stays where it is.

    Raises:
        OSError: It cannot be read.
    """
    from pathlib import Path

    facts: dict[str, object] = {"uri": Path(source).absolute().as_uri()}
    if os.path.isdir(source):
        return {**facts, **tree_facts(tree_files(source), file_digest), "media_type": FOLDER_TYPE}
    facts["sha256"], facts["bytes"] = file_digest(source)
    return {**facts, "media_type": media_type(source)}


def must_exist(path: str) -> None:
    """Refuse a path to nothing, or to what is neither file nor folder.

    Raises:
        LoggingError: There is none.
    """
    if os.path.isfile(path) or os.path.isdir(path):
        return
    raise LoggingError(
        f"there is no file {path!r}",
        where="log_artifact",
        found=f"the current folder is {os.getcwd()!r}",
        do="Give the path of an existing file or folder, or a URL such as s3://bucket/name.",
    )


class Shelf:
    """The folder ``artifacts/`` of a run.

    Args:
        directory: The run folder.
    """

    def __init__(self, directory: str) -> None:
        self._run = os.path.realpath(directory)
        self._home = os.path.join(self._run, ARTIFACTS_DIRECTORY)

    def keep(self, source: str, name: str, *, by_link: bool) -> dict[str, object]:
        """Take in a file or a folder, and describe it.

        Raises:
            LoggingError: The name is taken by other content, or leads out of the folder.
            OSError: It cannot be read or written.
        """
        real = os.path.realpath(source)
        is_folder = os.path.isdir(real)
        if is_folder and (self._home + os.sep).startswith(real.rstrip(os.sep) + os.sep):
            raise LoggingError(f"{source!r} holds the run's own artifacts", where="log_artifact")
        if real.startswith(self._home + os.sep):  # made there by the training itself
            name = os.path.relpath(real, self._home).replace(os.sep, "/")
            return self._described(real, name)
        if is_folder:
            return self._keep_folder(real, name, by_link=by_link)
        target = self._place(name)
        if os.path.lexists(target):
            if not os.path.isfile(target) or os.path.getsize(target) != os.path.getsize(real):
                raise taken(name)  # known without reading either
            return self._the_same(target, name, *file_digest(real))
        digest, size = self._put(target, lambda part: _copy_file(real, part, by_link=by_link), name)
        return self._file_facts(name, digest, size)

    def keep_bytes(self, data: bytes, name: str) -> dict[str, object]:
        """Write an artifact from memory, and describe it.

        Raises:
            LoggingError: The name is taken by other content, or leads out of the folder.
            OSError: It cannot be written.
        """
        target = self._place(name)
        digest, size = self._put(target, lambda part: _write_file(data, part), name)
        return self._file_facts(name, digest, size)

    def _place(self, name: str) -> str:
        """Give the path for a name, whose folders are made; no link may lead out of the run."""
        target = os.path.join(self._home, *name.split("/"))
        folder = os.path.dirname(target)
        real = os.path.realpath(folder)
        if real != folder and not real.startswith(self._run + os.sep):
            raise LoggingError(
                f"{name!r} leads out of the run's folder through a link to {real!r}",
                where="log_artifact",
                do="Take the link away, or choose another name.",
            )
        os.makedirs(folder, exist_ok=True)
        return target

    def _put(self, target: str, make: Callable[[str], tuple[str, int]], name: str) -> tuple[str, int]:
        """Make a file beside its place and put it there, unless something is there."""
        part = os.path.join(os.path.dirname(target), f".part-{os.getpid()}-{os.urandom(4).hex()}")
        try:
            digest, size = make(part)
            if not _publish(part, target):
                self._the_same(target, name, digest, size)
        finally:
            _remove(part)
        return digest, size

    def _keep_folder(self, source: str, name: str, *, by_link: bool) -> dict[str, object]:
        files = tree_files(source)
        target = self._place(name)
        if os.path.lexists(target):
            facts = tree_facts(files, file_digest)
            there = self._described(target, name)
            if there.get("files") is None or there["sha256"] != facts["sha256"]:
                raise taken(name)
            return there
        part = os.path.join(os.path.dirname(target), f".part-{os.getpid()}-{os.urandom(4).hex()}")
        copied: dict[str, tuple[str, int]] = {}
        try:
            os.mkdir(part)
            for inside, path in files:
                place = os.path.join(part, *inside.split("/"))
                os.makedirs(os.path.dirname(place), exist_ok=True)
                copied[path] = _copy_file(path, place, by_link=by_link)
            try:
                os.rename(part, target)
            except OSError as error:
                if os.path.lexists(target):
                    raise taken(name) from error
                raise
        finally:
            _remove_tree(part)
        return self._folder_facts(name, tree_facts(files, copied.__getitem__))

    def _described(self, path: str, name: str) -> dict[str, object]:
        if os.path.isdir(path):
            return self._folder_facts(name, tree_facts(tree_files(path), file_digest))
        return self._file_facts(name, *file_digest(path))

    def _the_same(self, target: str, name: str, digest: str, size: int) -> dict[str, object]:
        """Take what is there for it if it has the same content."""
        is_same = os.path.isfile(target) and os.path.getsize(target) == size
        if not is_same or file_digest(target)[0] != digest:
            raise taken(name)
        return self._file_facts(name, digest, size)

    @staticmethod
    def _file_facts(name: str, digest: str, size: int) -> dict[str, object]:
        path = f"{ARTIFACTS_DIRECTORY}/{name}"
        return {"path": path, "sha256": digest, "bytes": size, "media_type": media_type(name)}

    @staticmethod
    def _folder_facts(name: str, tree: dict[str, object]) -> dict[str, object]:
        return {"path": f"{ARTIFACTS_DIRECTORY}/{name}", **tree, "media_type": FOLDER_TYPE}


def taken(name: str) -> LoggingError:
    """Make the error for a name that other content has already."""
    stem, suffix = os.path.splitext(name)
    return LoggingError(
        f"this run has another artifact {name!r} already, with other content; nothing is overwritten",
        where="log_artifact",
        do=f'Give each its own name, as in name=f"{stem}-{{epoch}}{suffix}".',
    )


def _copy_file(source: str, target: str, *, by_link: bool) -> tuple[str, int]:
    """Make a new file with the content of another, and give its SHA-256 and size."""
    if by_link:
        try:
            os.link(source, target)
        except OSError:
            pass  # another file system, or one without links: copy
        else:
            return file_digest(target)
    in_fd = os.open(source, os.O_RDONLY | _BINARY)
    try:
        out_fd = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
        try:
            if _share_blocks(in_fd, out_fd):
                return copy_bytes(out_fd, -1)  # of the copy: the source may change meanwhile
            return copy_bytes(in_fd, out_fd)
        finally:
            os.close(out_fd)
    finally:
        os.close(in_fd)


def _share_blocks(in_fd: int, out_fd: int) -> bool:
    """Make one file the copy of another without copying, where the file system can."""
    try:
        import fcntl

        fcntl.ioctl(out_fd, _FICLONE, in_fd)
    except (ImportError, OSError):
        return False
    return True


def _write_file(data: bytes, target: str) -> tuple[str, int]:
    import hashlib

    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(fd, rest) :]
    finally:
        os.close(fd)
    return hashlib.sha256(data).hexdigest(), len(data)


def _publish(part: str, target: str) -> bool:
    """Give a whole copy its name; false if something has it already."""
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without links: hold the name with an empty file, then replace that
        try:
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        os.replace(part, target)
    return True


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _remove_tree(path: str) -> None:
    if os.path.isdir(path):
        import shutil

        shutil.rmtree(path, ignore_errors=True)
