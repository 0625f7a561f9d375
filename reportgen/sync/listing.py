"""Which files belong to runs, and in which order they travel."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from itertools import groupby

from reportgen import schema
from reportgen.sync.interface import Stored

RUN_NAME = re.compile(r"run(\..+)?\.csv")
_METRICS_NAME = re.compile(r"metrics([.-].+)?\.csv")

CACHE_FOLDER = ".reportgen"
PART_PREFIX = ".part-"
"""Begins the name of a file that is being made."""

_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]' if os.name == "nt" else r"\x00")


def runs_of(files: Iterable[Stored]) -> dict[str, list[Stored]]:
    """Group files by the run folder that they lie in; files of no run are left out.

    A run's files come in the order in which they must arrive: what ``run.csv`` speaks of before
    ``run.csv`` itself, so that a run that has arrived by halves never looks finished.
    """
    kept = [file for file in files if not _is_passing(file.path)]
    folders = {_folder(file.path) for file in kept if RUN_NAME.fullmatch(_name(file.path))}
    owned = [
        (owner, file)
        for file in kept
        if (owner := _owner(file.path, folders)) is not None and not _is_lock(file.path, owner)
    ]
    owned.sort(key=lambda entry: (entry[0], _arrival(entry[1].path, entry[0]), entry[1].path))
    return {
        owner: [file for _, file in entries] for owner, entries in groupby(owned, key=lambda entry: entry[0])
    }


def is_row_file(path: str, folder: str) -> bool:
    """Tell a file of rows that its writer may still be adding to."""
    return _folder(path) == folder and bool(
        RUN_NAME.fullmatch(_name(path)) or _METRICS_NAME.fullmatch(_name(path))
    )


def is_facts_file(path: str) -> bool:
    """Tell a file of facts, in whose cells there may be line ends."""
    return bool(RUN_NAME.fullmatch(_name(path)))


def path_problem(path: str) -> str:
    """Say why a path from a store must not become a local one; empty if it may."""
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "it leads out of its folder"
    if _FORBIDDEN.search(path):
        return "it holds characters that are no part of a file's name"
    return ""


def _is_passing(path: str) -> bool:
    """Tell caches and files that are being made."""
    return any(part.startswith(PART_PREFIX) or part == CACHE_FOLDER for part in path.split("/"))


def _is_lock(path: str, folder: str) -> bool:
    """Tell a lock file: what it says is true on its own machine only."""
    name = _name(path)
    is_called_so = name == schema.ALIVE_FILE or name.startswith(f"{schema.ALIVE_FILE}.")
    return is_called_so and _folder(path) == folder


def _owner(path: str, folders: set[str]) -> str | None:
    """Give the outermost run folder that a file lies in."""
    parts = path.split("/")
    return next((head for at in range(len(parts)) if (head := "/".join(parts[:at])) in folders), None)


def _arrival(path: str, folder: str) -> int:
    if not is_row_file(path, folder):
        return 0
    return 2 if is_facts_file(path) else 1


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _name(path: str) -> str:
    return path.rpartition("/")[2]
