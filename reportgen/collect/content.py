"""Data sets and artifacts: copies, sizes, digests, rows."""

from __future__ import annotations

import os

from reportgen.collect.rows import checked_name
from reportgen.errors import LoggingError
from reportgen.schema import ARTIFACTS_DIRECTORY, without_credentials

MAX_COUNTED_CSV_BYTES = 16 * 2**20
"""The rows of a CSV file are counted up to this size; above it the count would hold the training up."""

_BLOCK = 1 << 20


def is_url(address: str) -> bool:
    """Tell an address such as ``s3://bucket/model`` from a path."""
    head, mark, _ = address.partition("://")
    return bool(mark) and head.replace("+", "").replace("-", "").replace(".", "").isalnum()


def checked_artifact_name(source: str, name: object) -> str:
    """Give the artifact's name, by default its source's own, or refuse it.

    Raises:
        LoggingError: It is no good name, or leads out of the run's folder.
    """
    if name is None:
        name = _last_part(source) if is_url(source) else os.path.basename(source)
    text = checked_name(name, "artifact")
    if is_url(source):
        return text
    parts = text.replace("\\", "/").split("/")
    if ":" in text or any(part.strip(" .") == "" for part in parts):
        raise LoggingError(
            f"{name!r} leads out of the run's folder or to no file",
            where="log_artifact",
            do="Give a plain name such as 'model.pkl' or 'models/best.pkl'.",
        )
    return "/".join(parts)


def _last_part(url: str) -> str:
    return url.partition("?")[0].rstrip("/").rpartition("/")[2]


def data_facts(path: str, facts: dict[str, object]) -> dict[str, object]:
    """Add to the facts of a data set what its file or URL tells: source, bytes, sha256, rows.

    Raises:
        LoggingError: There is no such file or folder.
        OSError: The file cannot be read.
    """
    facts.setdefault("source", without_credentials(path))
    if is_url(path) or os.path.isdir(path):
        return facts
    _must_be_file(path, "log_dataset")
    with open(path, "rb") as file:
        digest, size = _copy(file.fileno(), -1)
    facts.update(sha256=digest, bytes=size)
    rows = _count_rows(path, size)
    if rows is not None:
        facts["rows"] = rows
    return facts


def artifact_facts(directory: str, source: str, name: str) -> dict[str, object]:
    """Copy a file into the run's folder, next to older ones of its name, and describe it; of a URL note it.

    Raises:
        LoggingError: There is no such file.
        OSError: It cannot be read or written.
    """
    if is_url(source):
        return {"uri": without_credentials(source), "media_type": _media_type(_last_part(source))}
    _must_be_file(source, "log_artifact")
    home = os.path.realpath(os.path.join(directory, ARTIFACTS_DIRECTORY))
    inside = os.path.relpath(os.path.realpath(source), home)
    in_fd = os.open(source, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        if not inside.startswith(os.pardir) and not os.path.isabs(inside):  # it lies there already
            relative = inside.replace(os.sep, "/")
            digest, size = _copy(in_fd, -1)
        else:
            relative, digest, size = _copy_beside(in_fd, home, name)
    finally:
        os.close(in_fd)
    return {
        "path": f"{ARTIFACTS_DIRECTORY}/{relative}",
        "sha256": digest,
        "bytes": size,
        "media_type": _media_type(name),
    }


def _media_type(name: str) -> str:
    """Guess the media type from a name; ``application/octet-stream`` where it does not tell."""
    import mimetypes

    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _must_be_file(path: str, where: str) -> None:
    if os.path.isfile(path):
        return
    if os.path.isdir(path):
        raise LoggingError(
            f"{path!r} is a folder", where=where, do="Log its files one by one, or pack them into one file."
        )
    raise LoggingError(
        f"there is no file {path!r}",
        where=where,
        found=f"the current folder is {os.getcwd()!r}",
        do="Give the path of an existing file, or a URL such as s3://bucket/name.",
    )


def _copy_beside(in_fd: int, home: str, name: str) -> tuple[str, str, int]:
    """Copy into the folder under a name that is free there; a copy that fails half-way leaves nothing."""
    relative, out_fd = _create_beside(home, name)
    is_whole = False
    try:
        digest, size = _copy(in_fd, out_fd)
        is_whole = True
    finally:
        os.close(out_fd)
        if not is_whole:  # half a copy, which no row names: its room is better used by the metrics
            os.unlink(os.path.join(home, *relative.split("/")))
    return relative, digest, size


def _create_beside(home: str, name: str) -> tuple[str, int]:
    """Create a file of this name, or ``name-2``, ``name-3``, ...: no artifact is ever overwritten."""
    stem, suffix = os.path.splitext(name)
    number = 1
    while True:
        relative = name if number == 1 else f"{stem}-{number}{suffix}"
        path = os.path.join(home, *relative.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            return relative, os.open(path, flags, 0o666)
        except FileExistsError:
            number += 1


def _copy(in_fd: int, out_fd: int) -> tuple[str, int]:
    """Read to the end, copy on the way if there is a target, and give the SHA-256 and the size."""
    import hashlib

    digest = hashlib.sha256()
    size = 0
    while block := os.read(in_fd, _BLOCK):
        digest.update(block)
        size += len(block)
        while out_fd >= 0 and block:
            block = block[os.write(out_fd, block) :]
    return digest.hexdigest(), size


def _count_rows(path: str, size: int) -> int | None:
    """Count the records of a CSV or TSV file below its header; None where that is not cheap or not sure."""
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in (".csv", ".tsv") or size > MAX_COUNTED_CSV_BYTES:
        return None
    import csv

    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter="\t" if suffix == ".tsv" else ",")
            records = sum(1 for record in reader if record)
    except (csv.Error, UnicodeDecodeError):
        return None
    return max(0, records - 1)
