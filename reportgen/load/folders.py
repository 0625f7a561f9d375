"""Finds run folders: a run folder, a folder with run folders at any depth, a glob, a URL."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from reportgen import schema
from reportgen.errors import AddressError
from reportgen.language import mark, message
from reportgen.load.contents import file_system, is_url
from reportgen.load.interface import Discovery, RunFolder, Series, StoredFile
from reportgen.runs import SkippedRun

if TYPE_CHECKING:
    import pyarrow as pa

_RUN_NAME = re.compile(r"run(\..+)?\.csv")
_METRICS_NAME = re.compile(r"metrics([.-].+)?\.csv")
_GLOB = re.compile(r"[*?\[]")
_READ_PREFIXES = ("run", "metrics")
_RUN_FILE, _ALIVE_FILE = schema.RUN_FILE, schema.ALIVE_FILE
# as their `_make`, without a Python call for each: a tree may hold 100,000 runs
_new_file = partial(tuple.__new__, StoredFile)
_new_folder = partial(tuple.__new__, RunFolder)
_GIVE_FOLDER = "Give a run folder, a folder that holds run folders, a pattern such as 'runs/*', or a URL."


class RunFolderSource:
    """Run folders as our logger writes them, on a disk or in any store that fsspec reaches."""

    kind: ClassVar[str] = mark("run folders")

    def accepts(self, address: str) -> bool:
        """Take every address: this is the source to ask when no other one knows it."""
        return bool(address)

    def discover(self, address: str) -> Discovery:
        """List the run folders at an address.

        Raises:
            AddressError: It leads nowhere, or the store cannot be reached.
        """
        if address.startswith("file://"):
            address = address.removeprefix("file://")
        return _discover_remote(address) if is_url(address) else _discover_local(address)

    def summarise(self, folders: Sequence[RunFolder]) -> pa.Table:
        """Read a batch of runs into a table."""
        from reportgen.load.summary import summarise

        return summarise(folders)

    def series(self, folder: RunFolder, metrics: Iterable[str]) -> Mapping[str, Series]:
        """Read all points of some metrics of one run."""
        from reportgen.load.series import read_series

        return read_series(folder, metrics)


class _Finder:
    """Collects run folders while a tree is walked."""

    def __init__(self) -> None:
        self.folders: dict[str, RunFolder] = {}
        self.skipped: list[SkippedRun] = []
        self.looked_at = 0

    def add(self, address: str, location: str, files: list[StoredFile], alive: list[str]) -> bool:
        """Take in the files of one folder; tell whether it is a run folder."""
        self.looked_at += 1
        if not files:
            return False
        names = [file[0] for file in files]
        if _RUN_FILE not in names and not any(map(_RUN_NAME.fullmatch, names)):
            metrics = sorted(name for name in names if _METRICS_NAME.fullmatch(name))
            if metrics:
                template = mark("it holds {file} but no {run_file}, so nothing tells which run this is")
                reason = message(template, file=metrics[0], run_file=schema.RUN_FILE)
                self.skipped.append(SkippedRun(address, reason))
            return False
        if not location.isascii() and not _is_text(location):
            self.skipped.append(
                SkippedRun(_shown(address), message("its path is not valid UTF-8; rename the folder"))
            )
            return True
        if location not in self.folders:
            files.sort(key=_reading_order if len(files) > 2 else None)
            locks = tuple(sorted(alive)) if alive else ()
            self.folders[location] = _new_folder((address, location, tuple(files), locks))
        return True

    def discovery(self, cache_root: str) -> Discovery:
        """Give what was found, in an order that does not depend on the file system's."""
        folders = tuple(map(self.folders.__getitem__, sorted(self.folders)))
        skipped = tuple(sorted(self.skipped, key=lambda run: run.address))
        return Discovery(folders, skipped, self.looked_at, cache_root)


def _discover_local(address: str) -> Discovery:
    path = str(Path(address).expanduser()) if address.startswith("~") else address
    pattern = None if os.path.lexists(path) else _GLOB.search(path)
    if pattern is None:
        top, roots = path, [path]
    else:
        top = str(Path(path[: pattern.start()] + "x").parent)
        found = glob.glob(path, recursive=True)  # noqa: PTH207 - a Path cannot take an absolute pattern
        roots = sorted(root for root in found if Path(root).is_dir())
    if not roots:
        looked = f"looked in {Path(top).absolute()}"
        raise AddressError("no folder fits this pattern", where=address, found=looked, do=_GIVE_FOLDER)
    finder = _Finder()
    for root in roots:
        _check_folder(Path(root), address)
        _walk_local(root, finder)
    return finder.discovery(_log_directory(os.path.realpath(top), finder))


def _check_folder(path: Path, address: str) -> None:
    if path.is_dir():
        try:
            os.scandir(path).close()
        except OSError as error:
            raise AddressError(
                f"the folder cannot be read ({error.strerror})", where=address, do="Check its permissions."
            ) from error
        return
    if os.path.lexists(path):
        raise AddressError("this is a file, not a folder", where=address, do=_GIVE_FOLDER)
    parent = next((parent for parent in path.absolute().parents if parent.is_dir()), Path("/"))
    try:
        names = sorted(
            inner.name for inner in parent.iterdir() if inner.is_dir() and not inner.name.startswith(".")
        )
    except OSError:
        names = []
    shown = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    raise AddressError(
        "there is no such folder",
        where=address,
        found=f"{parent} has the folders {shown}" if names else f"{parent} has no folders",
        do=_GIVE_FOLDER,
    )


def _walk_local(root: str, finder: _Finder) -> None:
    real = os.path.realpath(root)
    visited = {real}
    pending = [(real, root)]
    while pending:
        path, shown = pending.pop()
        files: list[StoredFile] = []
        alive: list[str] = []
        below: list[os.DirEntry[str]] = []
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    name = entry.name
                    if name.endswith(".csv"):
                        if name.startswith(_READ_PREFIXES) and entry.is_file():
                            status = entry.stat()
                            files.append(_new_file((name, status.st_size, str(status.st_mtime_ns))))
                    elif name.startswith(_ALIVE_FILE):
                        alive.append(name)
                    elif name[0] != "." and entry.is_dir():
                        below.append(entry)
        except OSError as error:
            finder.skipped.append(
                SkippedRun(shown, message("the folder cannot be read ({error})", error=error.strerror))
            )
            continue
        is_run = finder.add(shown, path, files, alive)
        if below:
            base = shown.rstrip(os.sep) + os.sep
            pending += [
                (inner, base + entry.name)
                for entry in below
                if not (is_run and entry.name == schema.ARTIFACTS_DIRECTORY)
                and (inner := _real_folder(entry, real, visited) if entry.is_symlink() else entry.path)
            ]


def _real_folder(entry: os.DirEntry[str], root: str, visited: set[str]) -> str:
    """Give where a link leads; empty if that is back to where the walk is or was."""
    inner = os.path.realpath(entry.path)
    if inner in visited or root.startswith(inner + os.sep):
        return ""
    visited.add(inner)
    return inner


def _reading_order(file: StoredFile) -> str:
    """Put ``metrics.csv`` before ``metrics-2.csv``, and that before other writers' files."""
    return file.name.removesuffix(".csv")


def _discover_remote(address: str) -> Discovery:
    try:
        system, path = file_system(address)
        roots = sorted(map(str, system.glob(path))) if _GLOB.search(path) else [path]
        listings = [system.find(root, detail=True) for root in roots]
        exists = any(listings) or any(system.exists(root) for root in roots)
    except ImportError as error:
        do = "pip install 'reportgen-ml[s3]'" if address.startswith("s3") else ""
        raise AddressError(f"this kind of address needs a package ({error})", where=address, do=do) from error
    except Exception as error:  # each store has errors of its own
        raise AddressError(
            f"it cannot be read: {type(error).__name__}: {str(error)[:200]}",
            where=address,
            do="Check the address, the network and your credentials for this store.",
        ) from error
    if not exists:
        raise AddressError("nothing is there", where=address, do=_GIVE_FOLDER)
    finder = _Finder()
    protocol = address.partition("://")[0]
    for root, listing in zip(roots, listings, strict=True):
        _group_remote(protocol, root, listing, finder)
    return finder.discovery(address.rstrip("/"))


def _group_remote(protocol: str, root: str, listing: dict[str, Any], finder: _Finder) -> None:
    files: dict[str, list[StoredFile]] = {}
    alive: dict[str, list[str]] = {}
    for path, info in listing.items():
        parent, _, name = str(path).rpartition("/")
        if any(part.startswith(".") for part in parent[len(root) :].split("/")):
            continue
        found = files.setdefault(parent, [])
        if name.endswith(".csv") and name.startswith(_READ_PREFIXES):
            found.append(StoredFile(name, int(info.get("size") or 0), _remote_stamp(info)))
        elif name == schema.ALIVE_FILE or name.startswith(schema.ALIVE_FILE + "."):
            alive.setdefault(parent, []).append(name)
    run_folders: set[str] = set()
    for parent in sorted(files):
        if any(
            parent.startswith(f"{run}/{schema.ARTIFACTS_DIRECTORY}")
            for run in _ancestors(parent, run_folders)
        ):
            continue
        url = f"{protocol}://{parent}"
        if finder.add(url, url, files[parent], alive.get(parent, [])):
            run_folders.add(parent)


def _ancestors(path: str, known: set[str]) -> list[str]:
    parts = path.split("/")
    return [head for at in range(len(parts)) if (head := "/".join(parts[:at])) in known]


def _remote_stamp(info: dict[str, Any]) -> str:
    for key in ("ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "created"):
        if info.get(key):
            return str(info[key])
    return ""


def _log_directory(top: str, finder: _Finder) -> str:
    """Tell the log directory that an address belongs to: one experiment's folder lies right below it."""
    first = next(iter(finder.folders), None)
    if first is None:
        return top
    run = Path(first)
    folder = run.parent if first == top else Path(top)
    if run.parent == folder and _experiment(run) == folder.name:
        folder = folder.parent
    return str(folder)


def _experiment(run: Path) -> str:
    """Read the experiment from the first rows of a run folder; empty where they do not tell."""
    try:
        with (run / schema.RUN_FILE).open(encoding="utf-8", errors="replace") as file:
            head = file.read(4096)
    except OSError:
        return ""
    match = re.search(r'^[^,\n]*,run,experiment,str,"?([^\n"]*)', head, re.MULTILINE)
    return match.group(1) if match else ""


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    return path.encode("utf-8", errors="replace").decode()
