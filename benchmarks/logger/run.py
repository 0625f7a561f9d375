"""What the logger costs and what it loses, all goals in one run; ratios are of the same round.

The bar for a call is one ``os.write`` of the same row formatted by ``%r`` in the same process: what a
script without a logger would have to do for rows that survive SIGKILL.

    python benchmarks/logger/run.py [--long] [--rounds 9] [--trials 200]

``--long`` logs 10 million points instead of 1 million for the flatness of a run. Peers: see peers.py.
Exits with 1 if a row was lost or a run has the wrong status; a goal that was missed is only said, as
other programs on the machine may be the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import reportgen

ROOT = Path(__file__).parents[2]
NAMES = ("loss", "acc", "lr", "val_loss", "val_acc")
STEPS = 20_000
HUNDREDS = 1_000
FILES = 10_000


def report(what: str, value: float, limit: float, unit: str) -> None:
    """Print one figure beside its goal."""
    verdict = "met" if value <= limit else "MISSED"
    print(f"{what:66s} {value:9.2f} {unit:10s} (goal: at most {limit:g}) {verdict}", flush=True)


def rows(count: int, width: int = 5) -> list[dict[str, float]]:
    """Make rows of full-precision numbers, always the same."""
    source = random.Random(1)
    names = NAMES if width == len(NAMES) else tuple(f"metric_{number}" for number in range(width))
    return [{name: source.random() for name in names} for _ in range(count)]


def bare_cost(values: list[dict[str, float]], directory: str) -> float:
    """Give the CPU seconds a row of one write of a row formatted by ``%r``."""
    fd = os.open(f"{directory}/bare.csv", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    clock, write = time.time, os.write
    began = time.thread_time()
    for step, row in enumerate(values):
        write(fd, ("%.3f,%r,%r,%r,%r,%r,%r\n" % (clock(), step, *row.values())).encode())  # noqa: UP031 - that is the bar
    cost = (time.thread_time() - began) / len(values)
    os.close(fd)
    return cost


def logged_cost(values: list[dict[str, float]], directory: str) -> tuple[float, float]:
    """Give the CPU seconds and the bytes of one call."""
    with reportgen.start_run("cost", directory=directory, capture=False) as run:
        log = run.log_metrics
        began = time.thread_time()
        for step, row in enumerate(values):
            log(row, step=step)
        cost = (time.thread_time() - began) / len(values)
    return cost, (run.directory / "metrics.csv").stat().st_size / len(values)


def calls(rounds: int) -> None:
    """Measure calls with 5 and 100 numbers."""
    five, hundred = rows(STEPS), rows(HUNDREDS, 100)
    bare, ours, wide, size = [], [], [], 0.0
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(rounds + 1):
            bare.append(bare_cost(five, directory))
            cost, size = logged_cost(five, directory)
            ours.append(cost)
            wide.append(logged_cost(hundred, directory)[0])
    ratios = [mine / theirs for mine, theirs in zip(ours, bare, strict=True)][1:]
    wides = [many / few for many, few in zip(wide, ours, strict=True)][1:]
    print(
        f"log_metrics of 5 numbers: {statistics.median(ours[1:]) * 1e6:.2f} µs CPU; one os.write of the row by %r: "
        f"{statistics.median(bare[1:]) * 1e6:.2f} µs; of 100 numbers: {statistics.median(wide[1:]) * 1e6:.1f} µs"
    )
    report("log_metrics of 5 numbers / os.write of the row by %r", statistics.median(ratios), 1.6, "x")
    report("bytes a step of 5 numbers", size, 130, "bytes")
    report("log_metrics of 100 numbers / of 5", statistics.median(wides), 14, "x")


def resident() -> float:
    """Give this process's memory in MiB."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def chunk_costs(
    run: reportgen.Run, values: list[dict[str, float]], chunks: int
) -> Iterator[tuple[float, float]]:
    """Give CPU seconds a call, and memory, of one chunk of a long run after the other."""
    step = 0
    for _ in range(chunks):
        began = time.thread_time()
        for row in values:
            run.log_metrics(row, step=step)
            step += 1
        yield (time.thread_time() - began) / len(values), resident()


def flatness(points: int) -> None:
    """Compare the first and the last fifth of a long run, chunk by chunk."""
    values = rows(STEPS)
    chunks = points // (STEPS * len(NAMES))
    fifth = max(2, chunks // 5)
    with (
        tempfile.TemporaryDirectory() as directory,
        reportgen.start_run("long", directory=directory, capture=False) as run,
    ):
        found = list(chunk_costs(run, values, chunks + 1))[1:]
    first, last = (statistics.median(cost for cost, _ in part) for part in (found[:fifth], found[-fifth:]))
    print(f"{points:,} points in one run: {first * 1e6:.2f} µs a call at first, {last * 1e6:.2f} µs at last")
    report("cost of a call at the end of a long run / at its start", last / first, 1.15, "x")
    report("memory added between start and end of a long run", found[-1][1] - found[0][1], 1.0, "MiB")


COMMANDS = {
    "bare": "pass",
    "peer": "import csv, json, os, threading",
    "import": "import reportgen",
    "started": "import reportgen; reportgen.start_run('e', directory=DIRECTORY, capture=False)",
}


def cpu_of(code: str, directory: str) -> float:
    """Run one interpreter to its end and give its CPU seconds."""
    process = subprocess.Popen(
        [sys.executable, "-c", code.replace("DIRECTORY", repr(directory))],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, code
    return usage.ru_utime + usage.ru_stime


def imports(rounds: int) -> None:
    """Measure whole processes that import the logger and start a run."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(rounds + 1):
            for name, code in COMMANDS.items():
                times[name].append(cpu_of(code, directory))
    medians = {name: statistics.median(values[1:]) for name, values in times.items()}
    over = statistics.median(b - a for a, b in zip(times["bare"][1:], times["started"][1:], strict=True))
    print(", ".join(f"{name} {value * 1000:.1f} ms CPU" for name, value in medians.items()))
    report(
        "import reportgen / import csv, json, os, threading", medians["import"] / medians["peer"], 1.5, "x"
    )
    report("import and start_run(capture=False) over a bare interpreter", over * 1000, 20, "ms CPU")


START = """
import json, os, sys, threading, time
import reportgen
start = reportgen.start_run
directory, capture = sys.argv[1], sys.argv[2] == "full"
began, spent = time.perf_counter(), time.thread_time()
run = start("e", directory=directory, capture=capture)
started, start_cpu = time.perf_counter(), time.thread_time() - spent
run.log_metrics({"loss": 0.5}, step=1)
spent = time.thread_time()
run.finish()
finish_cpu = time.thread_time() - spent
with open(f"/proc/self/task/{os.getpid()}/children") as file:
    left = threading.active_count() - 1 + len(file.read().split())
print(json.dumps([1000 * (started - began), 1000 * start_cpu, 1000 * finish_cpu, left]))
"""


def make_repository(directory: Path) -> None:
    """Make a git repository of 10,000 files with one change that is not committed."""
    for number in range(FILES):
        path = directory / f"part{number % 100}" / f"module{number}.py"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(f"value = {number}\n" * 20, "utf-8")
    (directory / "train.py").write_text(START, "utf-8")
    identity = ["git", "-c", "user.name=b", "-c", "user.email=b@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        subprocess.run([*identity, *words], cwd=directory, check=True)
    (directory / "part0" / "module0.py").write_text("value = -1\n", "utf-8")
    time.sleep(1.1)  # git looks into files again that are as young as its index
    subprocess.run(["git", "status", "-s"], cwd=directory, check=True, stdout=subprocess.DEVNULL)


def starts(rounds: int) -> None:
    """Measure start and finish in new processes: the first start_run of a training, nothing warmed up.

    Full capture waits for git, so its time is that of the clock; the rest is CPU, which on an idle machine
    is the same and on a busy one does not count the turns of other programs.
    """
    found: dict[str, list[list[float]]] = {"full": [], "none": []}
    with tempfile.TemporaryDirectory() as home:
        repository = Path(home, "code")
        make_repository(repository)
        for _ in range(rounds + 1):
            for capture, times in found.items():
                words = [sys.executable, "train.py", f"{home}/runs", capture]
                environment = {**os.environ, "PYTHONPATH": str(ROOT)}
                done = subprocess.run(words, cwd=repository, env=environment, check=True, capture_output=True)
                times.append(json.loads(done.stdout))
        assert len(list(Path(home, "runs").glob("e/*/code.diff"))) == rounds + 1
    full, none = (
        [statistics.median(column) for column in zip(*times[1:], strict=True)] for times in found.values()
    )
    report(f"start_run with full capture in a repository of {FILES:,} files", full[0], 80, "ms wall")
    report("start_run(capture=False)", none[1], 1, "ms CPU")
    report("finish", max(full[2], none[2]), 1, "ms CPU")
    report("threads and child processes left", max(full[3], none[3]), 0, "")


def main() -> None:
    """Measure everything and print each figure beside its goal."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--long", action="store_true", help="10 million points instead of 1 million")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--trials", type=int, default=200, help="trainings to kill")
    chosen = parser.parse_args()
    calls(chosen.rounds)
    flatness(10_000_000 if chosen.long else 1_000_000)
    imports(2 * chosen.rounds + 3)
    starts(chosen.rounds)
    sys.exit(
        subprocess.run(
            [sys.executable, Path(__file__).parent / "kill.py", f"--trials={chosen.trials}"], check=False
        ).returncode
    )


if __name__ == "__main__":
    main()
