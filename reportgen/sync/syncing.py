"""The way of a synchronisation: list both sides, then bring run after run, several at a time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from reportgen.errors import AddressError, UsageError
from reportgen.sync.copying import Route, bring
from reportgen.sync.interface import FileOutcome, Place, Stored, SyncResult
from reportgen.sync.ledger import Ledger
from reportgen.sync.listing import is_row_file, path_problem, runs_of
from reportgen.sync.local import LocalPlace
from reportgen.sync.remote import RemotePlace

GIVE_UP_AFTER = 20
"""Number of files that fail before a single one has worked."""

_GLOB = re.compile(r"[*?\[]")

Progress = Callable[[int, int], None]


def sync_runs(
    source: str, target: str, *, is_dry: bool = False, progress: Progress | None = None
) -> SyncResult:
    """Bring all runs of one place to another: what is new, and what has grown.

    Args:
        source: A folder or URL with run folders at any depth, or a run folder.
        target: A folder or URL; made where it is not there.
        is_dry: Only say what would be done.
        progress: Called with the number of runs done and of all.

    Raises:
        AddressError: One of them cannot be reached, the source holds no runs, or nothing can be copied.
        MissingLibraryError: The package for a kind of store is not installed.
        UsageError: One lies within the other, or the source is a pattern.
    """
    from_place, to_place = _place(source), _place(target)
    _check_apart(from_place, to_place)
    found = from_place.files()
    runs = runs_of(found)
    if not runs:
        raise AddressError(
            "it holds no runs" if found else "nothing is there",
            where=from_place.address,
            do="Give a folder or URL with run folders in it; the source comes first, then the target.",
        )
    there = {file.path: file for file in to_place.files()}
    near = next((place for place in (from_place, to_place) if isinstance(place, LocalPlace)), None)
    ledger = Ledger(near.root if near else None)
    route = Route(from_place, to_place, ledger, is_dry)
    try:
        outcomes = _bring_all(route, runs, there, progress or _silent)
    finally:
        if not is_dry:
            ledger.save()
    return SyncResult(from_place.address, to_place.address, len(runs), tuple(outcomes), is_dry)


def _place(address: str) -> Place:
    if address.startswith("file://"):
        address = address.removeprefix("file://")
    if "://" in address:
        return RemotePlace(address)
    if _GLOB.search(address) and not Path(address).exists():
        raise UsageError(f"{address!r} is a pattern", do="Name one folder or URL with runs in it.")
    return LocalPlace(Path(address).expanduser(), now_ns=time.time_ns())


def _check_apart(source: Place, target: Place) -> None:
    first, second = source.address + "/", target.address + "/"
    if first.startswith(second) or second.startswith(first):
        raise UsageError(
            f"{source.address!r} and {target.address!r} lie within one another",
            do="Name two places that have nothing to do with each other.",
        )


def _bring_all(
    route: Route, runs: dict[str, list[Stored]], there: dict[str, Stored], progress: Progress
) -> list[FileOutcome]:
    """Bring the runs, several at a time.

    Raises:
        AddressError: Nothing at all works.
    """
    outcomes: list[FileOutcome] = []
    waiting = list(runs.items())[::-1]
    done = 0
    at_once = min(route.source.at_once, route.target.at_once)
    with ThreadPoolExecutor(at_once) as pool:
        pending: set[Future[list[FileOutcome]]] = set()
        while pending or waiting:
            while waiting and len(pending) < at_once:
                pending.add(pool.submit(_bring_run, route, *waiting.pop(), there))
            finished, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in finished:
                outcomes += future.result()
                done += 1
            progress(done, len(runs))
            if len(outcomes) >= GIVE_UP_AFTER and all(outcome.action == "failed" for outcome in outcomes):
                raise AddressError(
                    f"nothing can be copied: {outcomes[0].reason}",
                    where=route.target.address,
                    do="Check the address, the network and your credentials for this store.",
                )
    outcomes.sort(key=lambda outcome: outcome.path)
    return outcomes


def _bring_run(route: Route, folder: str, files: list[Stored], there: dict[str, Stored]) -> list[FileOutcome]:
    """Bring one run's files in order; the facts stay behind if something before them has not arrived.

    Without its metrics a run that its facts call finished would be a false one.
    """
    outcomes: list[FileOutcome] = []
    stopped = ""
    for file in files:
        problem = path_problem(file.path) if route.target.is_local else ""
        if problem or stopped:
            reason = (
                f"its name is not used: {problem}" if problem else f"held back, since {stopped} is not there"
            )
            outcomes.append(FileOutcome(file.path, "failed", reason=reason))
            continue
        outcome = bring(route, file, there.get(file.path), folder)
        outcomes.append(outcome)
        is_stuck = outcome.action == "conflict" and is_row_file(file.path, folder)
        if outcome.action == "failed" or is_stuck:
            stopped = file.path
    return outcomes


def _silent(done: int, total: int) -> None:
    del done, total
