"""Opens a table file: a workbook in a process with limits, a CSV file here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.errors import AddressError
from reportgen.load.contents import file_system, is_url
from reportgen.load.tables.csvs import read_csv
from reportgen.load.tables.raw import Sheet, sheet_from

BOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXTS = (".csv", ".tsv")
MAX_BYTES = 100 << 20
"""Of the file, and twice as much of what a workbook holds unpacked."""
MAX_RATIO = 200
"""By how much a workbook over a megabyte may grow when it is unpacked."""
TIME_LIMIT_S = 120.0


def is_table(address: str) -> bool:
    """Tell whether an address names a workbook or a CSV file."""
    return address.lower().endswith((*BOOKS, *TEXTS))


def open_table(address: str) -> tuple[Sheet, ...]:
    """Read all sheets of a table file; a CSV file has one.

    Raises:
        AddressError: There is no such file, or it cannot be read within our limits.
    """
    with _local(address) as path:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _refused(address, f"it has {size >> 20} MB, and at most {MAX_BYTES >> 20} are read")
        if path.suffix.lower() in TEXTS:
            return (read_csv(path, address),)
        _check_unpacked_size(path, address)
        return _read_book(path, address)


@contextmanager
def _local(address: str) -> Iterator[Path]:
    """Give the file's path; one in a store is brought here for as long as it is read."""
    if not is_url(address):
        path = Path(address).expanduser()
        if not path.is_file():
            raise AddressError("there is no such file", where=address, do=_near(path))
        yield path
        return
    try:
        system, inner = file_system(address)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / ("table" + Path(inner).suffix.lower())
            system.get_file(inner, str(path))
            yield path
    except (OSError, ImportError, ValueError) as error:
        raise AddressError(f"the file cannot be fetched ({error})", where=address) from error


def _near(path: Path) -> str:
    parent = path.parent
    names = (
        sorted(entry.name for entry in parent.iterdir() if is_table(entry.name)) if parent.is_dir() else []
    )
    return f"{parent} has the tables {', '.join(names[:5])}." if names else "Check the path."


def _check_unpacked_size(path: Path, address: str) -> None:
    if not zipfile.is_zipfile(path):
        return  # an .xls is no archive
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    packed = path.stat().st_size
    if unpacked > 2 * MAX_BYTES or (unpacked > 1 << 20 and unpacked > MAX_RATIO * packed):
        told = f"its {packed:,} bytes unpack to {unpacked:,}"
        raise _refused(address, f"{told}, which no table kept by hand does")


def _read_book(path: Path, address: str) -> tuple[Sheet, ...]:
    package_folder = str(Path(__file__).parents[3])
    known = os.environ.get("PYTHONPATH")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([package_folder, *([known] if known else [])])}
    command = [sys.executable, "-m", "reportgen.load.tables.child", str(path)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, capture_output=True, env=environment, timeout=TIME_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _refused(address, f"reading it took more than {TIME_LIMIT_S:g} seconds") from error
    if done.returncode == 0:
        return tuple(sheet_from(sheet) for sheet in json.loads(done.stdout)["sheets"])
    if done.returncode == 3:
        raise _refused(address, done.stderr.decode(errors="replace").strip())
    raise _refused(address, "reading it needs more memory than a table kept by hand could")


def _refused(address: str, why: str) -> AddressError:
    return AddressError(
        f"this file cannot be read: {why}",
        where=address,
        do="Save it anew as .xlsx or .csv with one table of experiments, one row a run.",
    )
