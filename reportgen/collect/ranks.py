"""Ranks: how the processes of one distributed job end in one run, without any server.

Whichever rank calls ``start_run`` first makes the run folder and leaves its id in a small record in
``<experiment>/.jobs/``, which the others find by what they all know of their job. Nobody waits for
anybody. Rank 0 is the run's own writer; the others are further writers with files of their own.

    <digest of the job>-<number of the start_run>-<attempt>         the record: id, start, who made it
    <digest of the job>-<number of the start_run>-<attempt>.<rank>  this rank has joined

A job is known by names that are used again: the same address and port next time, the same id of a
rendezvous. A rank that has joined a record already, or finds that its launcher is gone, knows that the
record is of an earlier launch and goes on to the next attempt.
"""

from __future__ import annotations

import os
from time import monotonic, sleep
from time import time as clock

from reportgen.collect.alive import holder
from reportgen.errors import LoggingError
from reportgen.schema import JOBS_DIRECTORY, RUN_FILE, boot_mark

RANKS_VARIABLE = "REPORTGEN_RANKS"
"""``separate`` in this environment variable gives each process a run of its own."""

_WAIT_FOR_RECORD_S = 2.0
_SAME_LAUNCH_S = 600.0
"""Ranks on other machines, whose launcher cannot be looked at, start within this time of one another."""
_MAX_ATTEMPTS = 10_000
_LATEST_RUNS = 100

_started: dict[str, int] = {}
"""Number of runs that this process has started, by job and experiment: the n-th of each rank are one run."""


class Job:
    """This process's place in a distributed job.

    Args:
        rank: From 0.
        key: What all ranks of the job have in common and other jobs have not, or have at other times.
        is_unique: Whether no other job will ever have this key.
    """

    __slots__ = ("is_started_by_rank_0", "is_unique", "key", "rank")

    def __init__(self, rank: int, key: str, *, is_unique: bool) -> None:
        self.rank = rank
        self.key = key
        self.is_unique = is_unique
        self.is_started_by_rank_0 = False
        """Whether rank 0 may be the process that started this one, before it knew of a job."""


def found_job(settings: str) -> Job | None:
    """Tell by the environment whether this process is one of several ranks of a job.

    Torch's launchers set ``RANK``, Slurm ``SLURM_PROCID``, launchers for one machine ``LOCAL_RANK``.
    A rank alone is not enough: without something that all ranks share each has its own run.

    Args:
        settings: Name, group and parameters that the run is started with. The tasks of a Slurm step are
            as often the trials of a search as the ranks of one training: they are one run only
            if they start it with the same settings, or have an address to meet at.

    Raises:
        LoggingError: ``REPORTGEN_RANKS`` has an unknown value.
    """
    get = os.environ.get
    wish = get(RANKS_VARIABLE) or "joined"
    if wish not in ("joined", "separate"):
        raise LoggingError(
            f"{wish!r} is no way to log ranks",
            where=f"environment variable {RANKS_VARIABLE}",
            do="Set it to 'joined' (one run a job, the default) or 'separate' (one run a process).",
        )
    if wish == "separate":
        return None
    meeting = [get(name, "") for name in ("TORCHELASTIC_RUN_ID", "MASTER_ADDR", "MASTER_PORT")]
    has_meeting = bool(meeting[1] and meeting[2])
    restarts = get("TORCHELASTIC_RESTART_COUNT", ""), get("SLURM_RESTART_COUNT", "")
    step = get("SLURM_JOB_ID", ""), get("SLURM_STEP_ID", "")
    slurm_rank = _whole(get("SLURM_PROCID")) if all(step) else None
    tasks = get("SLURM_STEP_NUM_TASKS") or get("SLURM_NTASKS")
    rank = _whole(get("RANK"))
    if rank is not None and has_meeting:
        return _job(rank, get("WORLD_SIZE"), ["torch", *meeting, *step, *restarts], is_unique=False)
    if slurm_rank is not None:
        shared = ["slurm", get("SLURM_CLUSTER_NAME", ""), *step, restarts[1]]
        shared += meeting if has_meeting else [settings]
        return _job(slurm_rank, tasks, shared, is_unique=True)
    rank = _whole(get("LOCAL_RANK"))
    if rank is not None and has_meeting and (get("NODE_RANK") or "0") == "0":
        job = _job(rank, get("WORLD_SIZE"), ["local", *meeting, *restarts], is_unique=False)
        if job is not None:
            job.is_started_by_rank_0 = rank > 0
        return job
    return None


class Seat:
    """A record that this rank has joined.

    Args:
        run_id: The run that another rank has made; empty if this one is to make it.
        started: Its start, in seconds since the epoch.
        fd: Descriptor of the record that is still to be written, or -1.
    """

    __slots__ = ("_fd", "run_id", "started")

    def __init__(self, run_id: str = "", started: float = 0.0, fd: int = -1) -> None:
        self.run_id = run_id
        self.started = started
        self._fd = fd

    def publish(self, run_id: str, started: float) -> None:
        """Tell the other ranks which run this rank has made; without an id that it could make none."""
        fd, self._fd = self._fd, -1
        if fd < 0:
            return
        try:
            if run_id:
                space, pid, began = _launcher()
                cells = (run_id, repr(started), boot_mark(), space, pid, began, repr(clock()))
                os.write(fd, (",".join(cells) + "\n").encode())
            os.close(fd)
        except OSError:
            return  # the others make a run of their own: nothing is lost


def take_seat(job: Job, home: str) -> Seat | None:
    """Join the run of this job in an experiment's folder; None where no record can be kept.

    Args:
        job: This process's place.
        home: The experiment's folder.
    """
    from hashlib import sha256

    key = os.path.join(home, JOBS_DIRECTORY, sha256(job.key.encode()).hexdigest()[:16])
    number = _started[key] = _started.get(key, 0) + 1
    try:
        if job.is_started_by_rank_0:
            seat = _seat_beside_parent(home)
            if seat is not None:
                return seat
        os.makedirs(os.path.dirname(key), exist_ok=True)
        for attempt in range(1, _MAX_ATTEMPTS):
            seat = _try_record(f"{key}-{number}-{attempt}", job)
            if seat is not None:
                return seat
    except OSError:
        return None
    return None


def _seat_beside_parent(home: str) -> Seat | None:
    """Join the run that the process which started this one has open: the newest, if it has several."""
    import re

    for run_id in sorted(os.listdir(home), reverse=True)[:_LATEST_RUNS]:
        directory = os.path.join(home, run_id)
        if holder(directory) == os.getppid():
            with open(os.path.join(directory, RUN_FILE), encoding="utf-8", errors="replace") as file:
                started = re.search(r",run,started,float,(.+)", file.read(4096))
            return Seat(run_id, float(started.group(1)) if started else clock())
    return None


def _try_record(record: str, job: Job) -> Seat | None:
    """Join a record, or make it; None if it is of an earlier launch."""
    if os.path.exists(f"{record}.{job.rank}"):
        return None  # this rank's process of an earlier launch has joined it
    fd = _create(record)
    if fd < 0:
        cells = _read_record(record)
        if len(cells) < 7 or (not job.is_unique and _is_of_earlier_launch(cells)):
            return None
        claim = _create(f"{record}.{job.rank}")
        if claim < 0:
            return None
        os.close(claim)
        return Seat(cells[0], float(cells[1]))
    claim = _create(f"{record}.{job.rank}")
    if claim >= 0:
        os.close(claim)
    return Seat(fd=fd)


def _create(path: str) -> int:
    """Create a file and give its descriptor; -1 if it is there already."""
    try:
        return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    except FileExistsError:
        return -1


def _read_record(path: str) -> list[str]:
    """Read a record, which may be made at this very moment; empty if its maker died before writing it."""
    end = monotonic() + _WAIT_FOR_RECORD_S
    while True:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read(1000)
        if text.endswith("\n"):
            return text.rstrip("\n").split(",")
        if monotonic() > end:
            return []
        sleep(0.005)


def _is_of_earlier_launch(cells: list[str]) -> bool:
    """Tell whether a record was made by a job that is gone, as far as this machine can know."""
    _, _, boot, space, pid, began, written = cells[:7]
    mine = _launcher()
    if boot and boot == boot_mark() and space and space == mine[0]:
        return (pid, began) != mine[1:] and _process_start(pid) != began
    return float(written) < _own_start() - _SAME_LAUNCH_S


def _launcher() -> tuple[str, str, str]:
    """Name the process that started this rank: its space of process numbers, number, and start."""
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        space = ""
    pid = str(os.getppid())
    return space, pid, _process_start(pid)


def _process_start(pid: str) -> str:
    """Give a process's start in the kernel's ticks since boot; empty if there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _own_start() -> float:
    """Give the start of this process in seconds since the epoch; now where the system does not tell."""
    ticks = _process_start("self")
    if not ticks:
        return clock()
    from time import CLOCK_BOOTTIME, clock_gettime

    return clock() - (clock_gettime(CLOCK_BOOTTIME) - int(ticks) / os.sysconf("SC_CLK_TCK"))


def end_of_rank(directory: str, writer: str, status: str, reason: str) -> tuple[str, str]:
    """Give what this rank has to say of the run's end: status and reason, or empty texts for nothing.

    If one rank has failed, the launcher ends the others, but the run failed. Where rank 0 logs nothing
    (some programs log on their last rank only), the others say how it ended.

    Args:
        directory: The run folder, in which the other ranks have told how they ended.
        writer: Empty for rank 0.
        status: How this rank ended.
        reason: Why.
    """
    if status not in ("finished", "interrupted"):
        return status, reason
    if writer and os.path.exists(os.path.join(directory, RUN_FILE)):
        return "", ""
    try:
        failure = _failure_of_others(directory)
    except OSError:
        failure = None
    return (status, reason) if failure is None else ("failed", failure)


def _failure_of_others(directory: str) -> str | None:
    """Give the reason of a failure that another rank has logged; None if none has failed."""
    import csv

    for name in sorted(os.listdir(directory)):
        if not (name.startswith("run.") and name.endswith(".csv") and name != RUN_FILE):
            continue
        with open(os.path.join(directory, name), encoding="utf-8", errors="replace", newline="") as file:
            rows = [row[2:] for row in csv.reader(file) if len(row) == 5 and row[1] == "status"]
        facts = {fact: value for fact, _, value in rows}
        if facts.get("status") == "failed":
            return facts.get("reason", "")
    return None


def _job(rank: int, size: str | None, shared: list[str], *, is_unique: bool) -> Job | None:
    """Make the job unless it has one rank only."""
    return None if size == "1" else Job(rank, "\0".join(shared), is_unique=is_unique)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
