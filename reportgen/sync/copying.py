"""One file: is it there already, is it new, has it grown, or does something else stand in its place?"""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.sync.comparing import Hashes, begin_alike, sha256_of, whole_bytes
from reportgen.sync.interface import FileOutcome, Place, Stored
from reportgen.sync.ledger import Ledger
from reportgen.sync.listing import is_row_file

_CONFLICT = "the two differ and neither is the beginning of the other; nothing was changed"


@dataclass(frozen=True, slots=True)
class Route:
    """From where to where, and how."""

    source: Place
    target: Place
    ledger: Ledger
    is_dry: bool


def bring(route: Route, file: Stored, there: Stored | None, folder: str) -> FileOutcome:
    """Bring one file of the run in *folder* to the target.

    Args:
        route: The two places.
        file: The file as the source lists it.
        there: What the target has under its name.
        folder: The run's folder.

    Returns:
        What became of it; trouble with this file is a value, not an exception.
    """
    try:
        return _bring(route, file, there, folder)
    except OSError as error:
        return FileOutcome(file.path, "failed", reason=error.strerror or str(error))


def _bring(
    route: Route,
    file: Stored,
    there: Stored | None,
    folder: str,
) -> FileOutcome:
    source, target = route.source, route.target
    has_rows = is_row_file(file.path, folder)
    if there is not None and there.size == file.size and _alike(route, file, there, file.size):
        return FileOutcome(file.path, "same")
    size = whole_bytes(source, file) if has_rows else file.size
    if there is not None:
        length = min(size, there.size)
        if not _alike(route, file, there, length):
            kept = whole_bytes(target, there) if has_rows else there.size
            # only a torn last row of the target may differ: what its writer never finished
            if kept == there.size or kept > size or not _alike(route, file, there, kept):
                return FileOutcome(file.path, "conflict", reason=_CONFLICT)
        elif there.size >= size:
            return FileOutcome(file.path, "same" if there.size == size else "ahead")
        if target.is_written_here(folder):
            reason = "a process of this machine is writing this run; nothing was changed"
            return FileOutcome(file.path, "conflict", reason=reason)
    elif not size and has_rows:
        return FileOutcome(file.path, "same")  # not one whole row yet
    if not route.is_dry:
        _copy(route, file, size)
    return FileOutcome(file.path, "copied", size)


def _alike(route: Route, file: Stored, there: Stored, length: int) -> bool:
    return begin_alike(((route.source, file), (route.target, there)), length, route.ledger)


def _copy(route: Route, file: Stored, size: int) -> None:
    """Copy the first *size* bytes and make sure that they have arrived.

    Raises:
        OSError: They have not.
    """
    hashes = Hashes(size)
    route.target.write(file.path, hashes.through(route.source.read(file.path, 0, size)), size)
    arrived = route.target.look(file.path)
    if arrived is None or arrived.size != size:
        raise OSError(f"{size} bytes were sent, and {arrived.size if arrived else 'none'} are there")
    if size == file.size and file.stamp:
        known = route.ledger.digest(route.source, file)
        if known and known != hashes.sha256:
            raise OSError("it has changed while it was read; it is tried again with the next call")
        route.ledger.note(route.source, file, hashes.sha256)
    if (
        not hashes.confirms(arrived.etag)
        and sha256_of(route.target, arrived, size, Ledger(None)) != hashes.sha256
    ):
        raise OSError("what has arrived is not what was sent; it is tried again with the next call")
    route.ledger.note(route.target, arrived, hashes.sha256)
