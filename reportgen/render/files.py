"""Output files are whole or not there: written beside their place, flushed to disk, then renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from reportgen.errors import OutputError, ReportgenError

_CLOSE_IT = "Close it and build again."


def write_whole(target: Path, write: Callable[[Path], object]) -> None:
    """Let *write* fill a temporary file beside *target*, then put it in *target*'s place at once.

    Whatever goes wrong, no temporary file stays, and the earlier file at *target*, which would pass
    for the new one, is removed as well.

    Raises:
        OutputError: The disk is full, the folder or file cannot be written, or something is in the way.
        ReportgenError: What *write* itself raised.
    """
    if target.is_dir():
        raise OutputError(
            "a folder of this name is where the file belongs",
            where=str(target),
            do="Move or rename the folder and build again.",
        )
    temporary = target.with_name(f".{target.stem[:80]}.{secrets.token_hex(4)}{target.suffix}")
    try:
        with _explained(target):
            _create(temporary)
            write(temporary)
            _flush(temporary)
            _replace(temporary, target)
    except BaseException:
        _remove(temporary)
        _remove(target)
        raise
    _flush_folder(target.parent)


def make_folder(directory: Path) -> None:
    """Create the folder of the outputs, and those above it.

    Raises:
        OutputError: It cannot be made.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise OutputError(
            "a file is where the folder for the outputs belongs",
            where=str(directory),
            do="Remove or rename that file, or choose another folder: --out, or directory under [outputs].",
        ) from error
    except OSError as error:
        raise explain(error, directory) from error


def explain(error: OSError, target: Path) -> OutputError:
    """Say in plain words why *target* could not be written."""
    where = str(target)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return OutputError(
            "the disk is full; nothing half-written was left",
            where=where,
            do="Free some space and build again.",
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return OutputError(
            "no permission to write there",
            where=where,
            do="Choose another folder (--out, or directory under [outputs]), or ask for permission to write in this one.",
        )
    if error.errno == errno.ENAMETOOLONG:
        return OutputError(
            "the file's name is too long for this file system",
            where=where,
            do="Give the report a shorter title.",
        )
    return OutputError(
        f"could not be written ({error.strerror or error})",
        where=where,
        do="Choose another folder: --out, or directory under [outputs].",
    )


@contextlib.contextmanager
def _explained(target: Path) -> Iterator[None]:
    """Turn an error of the operating system, however deep a library has wrapped it, into ours."""
    try:
        yield
    except ReportgenError:
        raise
    except Exception as error:
        cause = _operating_system(error)
        if cause is None:
            raise
        raise explain(cause, target) from error


def _operating_system(error: BaseException | None) -> OSError | None:
    """Find the failed write behind an exception, if that is what it is."""
    while error is not None:
        if isinstance(error, OSError) and error.errno is not None:
            return error
        error = error.__cause__ or error.__context__
    return None


def _create(path: Path) -> None:
    # the user's umask decides who may read it, as for any file of theirs
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _replace(temporary: Path, target: Path) -> None:
    try:
        temporary.replace(target)
    except PermissionError as error:
        # the folder took the temporary file: it is the earlier file that is held
        raise OutputError(
            "the earlier file is open in another program or protected", where=str(target), do=_CLOSE_IT
        ) from error


def _flush_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be flushed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
