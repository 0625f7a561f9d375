"""start_run: checks the arguments, makes or resumes the run folder, and writes what is known at the start."""

from __future__ import annotations

import os
import sys
from time import gmtime, strftime
from time import time as clock

from reportgen.collect import exits
from reportgen.collect.alive import AliveLock, host_name, take_further_lock, take_lock
from reportgen.collect.append import RunFolder
from reportgen.collect.outer import look_around
from reportgen.collect.ranks import found_job, take_seat
from reportgen.collect.rows import checked_name, epoch_seconds, fact_row, named_facts
from reportgen.collect.run import Run
from reportgen.errors import LoggingError, RunStorageError
from reportgen.schema import FORMAT_VERSION, boot_mark, run_file_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from reportgen.collect.ranks import Job
    from reportgen.collect.rows import Fact

DIRECTORY_VARIABLE = "REPORTGEN_DIR"
DEFAULT_DIRECTORY = "runs"
CAPTURE_PARTS = ("command", "git", "diff", "machine", "gpu", "packages", "user")
"""What can be found out by itself at the start of a run."""

_FORBIDDEN_IN_FOLDERS = '<>:"/\\|?*'
_RESERVED_ON_WINDOWS = ("con", "prn", "aux", "nul")
_MAX_FOLDER_BYTES = 200


def start_run(  # noqa: PLR0913 - the front door: one required word, the rest by keyword and optional
    experiment: str,
    *,
    name: str | None = None,
    params: Mapping[str, object] | None = None,
    tags: Mapping[str, object] | None = None,
    group: str | None = None,
    parent: str | None = None,
    directory: str | os.PathLike[str] | None = None,
    resume: str | None = None,
    durable: bool = False,
    started: float | datetime | None = None,
    capture: bool | Iterable[str] = True,
    capture_user: bool = True,
    strict: bool = False,
) -> Run:
    """Start a run: make its folder ``<directory>/<experiment>/<run id>/`` and log what is known.

    Inside of ``reportgen run`` a process's first run of the same experiment is the one that this command
    has started, unless name, group or a parameter differ; every other one has it as its parent.

    Args:
        experiment: What the runs to be compared have in common; becomes a folder.
        name: What people call this run.
        params: Settings that may differ between runs.
        tags: Words about the run that are no settings.
        group: Runs that belong together, such as the folds of one cross-validation.
        parent: Id of the run that started this one, such as a search.
        directory: The log directory; ``REPORTGEN_DIR`` or ``./runs`` by default.
        resume: Id of a run of this experiment to go on with.
        durable: Also wait for the disk at each call (about 50 times slower; survives a power cut).
        started: Seconds since 1970 (UTC) or a ``datetime`` with a time zone, for records that are
            entered later; now by default.
        capture: What is found out by itself: True for all, False for nothing, or some of ``command``,
            ``git``, ``diff``, ``machine``, ``gpu``, ``packages`` and ``user``, as in ``{"git", "packages"}``;
            with a minus all but those, as in ``{"-diff"}``.
        capture_user: Log also the names of host and user.
        strict: Raise :class:`~reportgen.errors.RunStorageError` where the logger cannot write, instead of
            telling it on standard error and going on.

    Raises:
        LoggingError: An argument is wrong, or there is no such run to resume.
        RunStorageError: The folder cannot be made or written; with ``strict=True`` only.
    """
    home = os.path.join(_log_directory(directory), _checked_experiment(experiment))
    begun = clock() if started is None else epoch_seconds(started, "start_run started")
    facts = _given_facts(name, group, parent)
    facts += named_facts("param", params or {}) + named_facts("tag", tags or {})
    for fact in facts:
        fact_row(begun, *fact)  # a mistake shows before a folder is made
    parts = _chosen_parts(capture=capture, with_user=capture_user)
    host = _host_in_file_names(is_named="user" in parts)
    around = look_around(resume, parent)
    if started is None:
        around.take(home, experiment, facts, is_named=directory is not None)
    job = None if around.goes_on else found_job(repr(facts))
    facts += around.parent_facts
    options = {"durable": durable, "strict": strict}
    found = around.directory if around.goes_on else _found_run(home, resume)
    if found:
        run = _resume(RunFolder(found, **options), experiment, host, job, is_beside=around.goes_on)
    elif job is not None:
        run, begun = _join(job, home, begun, experiment, host, options)
    else:
        run = _begin(_new_folder(home, begun, **options), experiment, host)
    if started is not None:
        run.has_own_start = True
    exits.watch(run)
    if "ipykernel" in sys.modules:
        from reportgen.collect.notebook import close_run_of_same_cell

        close_run_of_same_cell(run)
    try:
        if found and started is None:
            begun = run.now()
        _write_start(run, facts, begun, is_new=not found)
        if parts and (run.tells_start or around.goes_on):
            _write_captured(run, at=None if started is None else begun, parts=parts)
    except RunStorageError:  # a strict run: nobody will get it, so nobody could close it
        run.close_quietly("failed", "the run folder cannot be written")
        raise
    finally:
        around.release()
    return run


def _write_start(run: Run, facts: list[Fact], begun: float, *, is_new: bool) -> None:
    """Write what is known at the start, all in one ``write``."""
    if is_new:
        head: list[Fact] = [
            ("run", "schema", FORMAT_VERSION),
            ("run", "id", run.id),
            ("run", "experiment", run.experiment),
            ("run", "started", begun),
        ]
        facts = head + facts
    rows = [fact_row(begun, *fact) for fact in facts]
    if run.tells_start:
        status: list[Fact] = [("run", "boot", boot_mark() or None)]
        if not run.is_further_writer:
            status.append(("status", "status", "running"))
            if not is_new:
                status.append(("status", "reason", None))  # the reason of the earlier end no longer counts
        at = begun if is_new else run.now()
        rows += [fact_row(at, *fact) for fact in status]
    run.write_rows("".join(rows))


def _write_captured(run: Run, *, at: float | None, parts: frozenset[str]) -> None:
    """Write what is found out; of a run that was around us only which Python this process has."""
    from reportgen.collect.capture import captured_facts, interpreter_facts

    if run.tells_start:
        run.write_facts(captured_facts(run.real_directory, parts), at=at)
    else:
        run.write_facts(interpreter_facts(parts))


def _chosen_parts(*, capture: bool | Iterable[str], with_user: bool) -> frozenset[str]:
    """Give the parts of the capture that are wanted.

    Raises:
        LoggingError: A part that is not known, or some to take beside some to leave out.
    """
    everything = frozenset(CAPTURE_PARTS)
    if isinstance(capture, bool):
        parts = everything if capture else frozenset()
    else:
        names = [capture] if isinstance(capture, str) else list(capture)
        wanted = {name for name in names if name in everything}
        unwanted = {name[1:] for name in names if isinstance(name, str) and name[:1] == "-"}
        if len(wanted) + len(unwanted & everything) < len(set(names)) or (wanted and unwanted):
            raise LoggingError(
                f"{names!r} cannot be captured",
                where="start_run capture",
                found=f"there are {', '.join(CAPTURE_PARTS)}",
                do='Name the parts to take, {"git", "packages"}, or those to leave out, {"-diff"}.',
            )
        parts = frozenset(wanted) if wanted else everything - unwanted if unwanted else frozenset()
    return parts if with_user else parts - {"user"}


def _log_directory(directory: str | os.PathLike[str] | None) -> str:
    chosen = directory if directory is not None else os.environ.get(DIRECTORY_VARIABLE) or DEFAULT_DIRECTORY
    path = os.fspath(chosen)
    if not isinstance(path, str) or not path or "\0" in path:
        raise LoggingError(f"{path!r} is no folder's name", where="start_run directory")
    return os.path.abspath(os.path.expanduser(path))


def _checked_experiment(experiment: object) -> str:
    """Give the experiment back if it can be a folder's name on every system."""
    name = checked_name(experiment, "experiment")
    problem = ""
    if any(char in _FORBIDDEN_IN_FOLDERS for char in name):
        problem = f"must not hold any of {' '.join(_FORBIDDEN_IN_FOLDERS)}"
    elif name.startswith(".") or name != name.strip() or name.endswith("."):
        problem = "must not begin with a dot or a space, nor end with one"
    elif name.lower().partition(".")[0] in _RESERVED_ON_WINDOWS:
        problem = "is reserved on Windows"
    elif len(name.encode()) > _MAX_FOLDER_BYTES:
        problem = f"is longer than {_MAX_FOLDER_BYTES} bytes"
    if problem:
        raise LoggingError(
            f"{name!r} cannot be a folder's name: it {problem}",
            where="start_run experiment",
            do="Choose a plain name such as 'digits'; put the rest into name, group or tags.",
        )
    return name


def _given_facts(name: str | None, group: str | None, parent: str | None) -> list[Fact]:
    given = {"name": name, "group": group, "parent": parent}
    return [
        ("run", key, checked_name(value, f"start_run {key}"))
        for key, value in given.items()
        if value is not None
    ]


def _host_in_file_names(*, is_named: bool) -> str:
    """Give this machine's name as a piece of a file's name; a digest of it where it must not be told."""
    name = host_name().partition(".")[0]
    if not is_named:
        number = int.from_bytes(name.encode(), "big")  # no module is worth loading for this at every start
        return f"{(number + 1) * 2_654_435_761 % 4_294_967_291:08x}"
    return "".join(char if char.isascii() and char.isalnum() else "_" for char in name) or "host"


def _new_folder(home: str, begun: float, *, durable: bool, strict: bool) -> RunFolder:
    """Make a folder that no other process has made: the id holds the start's second and 32 random bits."""
    stamp = strftime("%Y%m%dT%H%M%SZ", gmtime(begun))
    while True:
        folder = RunFolder(
            os.path.join(home, f"{stamp}-{os.urandom(4).hex()}"), durable=durable, strict=strict
        )
        try:
            os.makedirs(home, exist_ok=True)
            os.mkdir(folder.directory)
        except FileExistsError:
            if os.path.lexists(folder.directory):
                continue
            folder.report(NotADirectoryError(20, "a file stands where a folder should be"), home)
        except OSError as error:
            folder.report(error, folder.directory)
        else:
            folder.is_made = True
        return folder


def _found_run(home: str, run_id: object) -> str:
    """Give the folder of the run to go on with; empty if none is named."""
    if run_id is None:
        return ""
    directory = os.path.join(home, checked_name(run_id, "start_run resume"))
    is_plain = os.path.basename(directory) == run_id and run_id not in (".", "..")
    if is_plain and os.path.exists(os.path.join(directory, run_file_name())):
        return directory
    try:
        known = sorted(os.listdir(home))
    except OSError:
        known = []
    raise LoggingError(
        f"there is no run {run_id!r} to resume in {home}",
        where="start_run resume",
        found=f"the latest there are {', '.join(known[-3:])}" if known else "there are no runs at all",
        do="Give a run's id, as run.id has it, and the same experiment and directory.",
    )


def _begin(folder: RunFolder, experiment: str, host: str) -> Run:
    lock = None
    try:
        lock = take_lock(folder.directory) if folder.is_made else None
    except OSError as error:
        folder.report(error, folder.directory)
    return Run(folder, experiment, "", lock or AliveLock(), host)


def _join(
    job: Job, home: str, begun: float, experiment: str, host: str, options: Mapping[str, bool]
) -> tuple[Run, float]:
    """Start as one of the ranks of a job: rank 0 as the run's own writer, the others beside it."""
    seat = take_seat(job, home)
    if seat is not None and seat.run_id:
        folder = RunFolder(os.path.join(home, seat.run_id), **options)
        folder.is_made, begun = True, seat.started
    else:
        run_id = ""
        try:
            folder = _new_folder(home, begun, **options)
            run_id = os.path.basename(folder.directory) if folder.is_made else ""
        finally:
            if seat is not None:
                seat.publish(run_id, begun)
    run = _resume(folder, experiment, host, job) if job.rank else _begin(folder, experiment, host)
    run.is_rank = True
    run.tells_start |= seat is None or not seat.run_id
    return run, begun


def _resume(
    folder: RunFolder, experiment: str, host: str, job: Job | None, *, is_beside: bool = False
) -> Run:
    """Go on as the run's own writer if the one before is dead for sure and that is wanted, else beside it."""
    folder.is_made = True
    try:
        lock, writer = None, ""
        if not is_beside and (job is None or not job.rank):
            lock = take_lock(folder.directory)
        if lock is None or not lock.is_real:
            lock, writer = take_further_lock(folder.directory, host)
        run = Run(folder, experiment, writer, lock, host)
        run.adopt_files()
    except OSError as error:
        folder.report(error, folder.directory)
        writer = f"{host}-{os.getpid()}x{os.urandom(3).hex()}"
        run = Run(folder, experiment, writer, AliveLock(), host)
    run.is_rank = job is not None
    return run
