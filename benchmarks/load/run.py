"""How fast runs are read, as ratios to what the machine does anyway, all measured in one process.

    python benchmarks/load/run.py            two data sets of 5 million points each: a minute
    python benchmarks/load/run.py --large    and 1.2 GB in 10,000 runs: peak memory

The yardsticks: one pandas C-parser call over the same metrics files' joined bytes (reading and joining
them counted, as any reader has to); and for the second load, a scan of the folders plus one Parquet
read of the cache. "The points" is what the parser call is the yardstick of: folders listed, metrics
files read, hashed and summarised per run and metric. "Load" reads run.csv too and makes the runs.
CPU seconds of this process; yardstick and figure take turns, and the median of the rounds counts.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.load import RunFolder

BATCH_RUNS = 500
METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "lr")
PAST_NS = 1_770_000_000_000_000_123


def write_runs(root: Path, first: int, runs: int, steps: int, seed: int = 1) -> None:
    """Write run folders; points are drawn from a pool, which is quick and as hard to parse."""
    rng = random.Random(seed)
    pool = [",".join(repr(rng.random() * 10 ** rng.randint(-4, 1)) for _ in METRICS) for _ in range(5000)]
    header = ",".join(("time", "step", *METRICS)) + "\n"
    for number in range(first, first + runs):
        folder = root / "digits" / f"20260202T024000Z-{number:08x}"
        folder.mkdir(parents=True)
        start = 1_770_000_000.0 + number
        at = rng.randrange(len(pool))
        rows = [f"{start + step * 0.25:.3f},{step},{pool[(at + step) % 5000]}\n" for step in range(steps)]
        (folder / "metrics.csv").write_text(header + "".join(rows), encoding="utf-8")
        (folder / "run.csv").write_text(run_facts(number, start, steps), encoding="utf-8")
        for path in folder.iterdir():
            os.utime(path, ns=(PAST_NS, PAST_NS))


def run_facts(number: int, start: float, steps: int) -> str:
    """Write what the logger writes of a run: 27 rows."""
    facts = [
        ("run,schema,int", 1), ("run,id,str", f"20260202T024000Z-{number:08x}"), ("run,name,str", f"mlp-{number}"),
        ("run,experiment,str", "digits"), ("run,group,null", ""), ("run,parent,null", ""),
        ("run,started,float", start), ("status,status,str", "running"),
        ("param,model,str", "mlp"), ("param,hidden,int", 2 ** (number % 8)), ("param,lr,float", 10.0 ** -(number % 5)),
        ("param,seed,int", number % 10), ("param,dropout,float", 0.1), ("tag,team,str", "vision"),
        ("code,commit,str", "8d0c47b2e8f84b1c9c0e1f6b7d7f1a2b3c4d5e6f"), ("code,branch,str", "main"),
        ("code,dirty,bool", "false"), ("code,entry_point,str", "train.py"), ("env,python,str", "3.11.7"),
        ("env,platform,str", "Linux-6.1-x86_64"), ("env,host,str", "node7"), ("env,user,str", "ada"),
        ("env,cpu,str", "64 cores"), ("env,gpu,str", "none"),
        ("env,packages,json", '"{' + ",".join(f'""package-{at}"":""1.{at}.0""' for at in range(60)) + '}"'),
    ]  # fmt: skip
    lines = ["time,kind,name,type,value\n", *(f"{start:.3f},{head},{value}\n" for head, value in facts)]
    lines.append(f"{start + steps * 0.25:.3f},status,status,str,finished\n")
    return "".join(lines)


def cpu(calls: dict[str, Callable[[], object]], rounds: int = 5) -> dict[str, float]:
    """Let calls take turns; give the median CPU seconds of each. Collecting garbage is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            gc.collect()
            start = time.process_time()
            call()
            seconds[name].append(time.process_time() - start)
    return {name: statistics.median(found) for name, found in seconds.items()}


def parse_joined(root: Path) -> None:
    """Read all metrics files, join them, parse them by one call of pandas' C parser."""
    import pandas as pd

    bodies = []
    for path in sorted(root.glob("*/*/metrics.csv")):
        data = path.read_bytes()
        bodies.append(data[data.find(b"\n") + 1 : data.rfind(b"\n") + 1])
    joined = io.BytesIO(b"".join(bodies))
    pd.read_csv(joined, header=None, names=["time", "step", *METRICS], float_precision=None, engine="c")


def scan(root: str) -> int:
    """List all folders and ask size and time of each file that carries facts or points."""
    total = 0
    pending = [root]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if not entry.name.startswith("."):
                        pending.append(entry.path)
                elif entry.name.endswith(".csv"):
                    total += entry.stat().st_size
    return total


def summarise_points(root: str) -> None:
    """List the folders and summarise their metrics files alone."""
    from reportgen.load.folders import RunFolderSource

    source = RunFolderSource()
    folders = [
        folder._replace(files=tuple([file for file in folder.files if file.name != "run.csv"]))
        for folder in source.discover(root).folders
    ]
    for batch in batches(folders):
        source.summarise(batch)


def read_cache(file: Path) -> None:
    """Read the whole cache by one call."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as table:
        table.read(use_threads=False)


def tell(name: str, seconds: float, yardstick: float, goal: float | None = None) -> None:
    """Print one figure, its ratio, and beside it the goal."""
    ratio = seconds / yardstick
    verdict = "" if goal is None else f"(goal: at most {goal:g}; {'met' if ratio <= goal else 'MISSED'})"
    print(f"  {name:40s} {seconds:7.3f}  {ratio:5.2f}  {verdict}".rstrip())


def compare(runs: int, steps: int) -> None:
    """Measure one data set and print its table."""
    from reportgen.analyse import analyse
    from reportgen.config import Config
    from reportgen.load import load_runs

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_runs(root, 0, runs, steps)
        cache = root / ".reportgen" / "runs.parquet"

        def load_first() -> None:
            cache.unlink(missing_ok=True)
            load_runs([folder])

        calls: dict[str, Callable[[], object]] = {
            "parser": lambda: parse_joined(root),
            "points": lambda: summarise_points(folder),
            "bare": lambda: load_runs([folder], cache=False),
            "first": load_first,
        }
        cpu(calls, rounds=1)
        found = cpu(calls)
        found |= cpu(
            {
                "scan": lambda: scan(folder),
                "parquet": lambda: read_cache(cache),
                "second": lambda: load_runs([folder]),
            },
            rounds=9,
        )
        read = load_runs([folder])
        found |= cpu({"analyse": lambda: analyse(read, Config())}, rounds=1)
        write_runs(root, runs, max(1, runs // 100), steps, seed=2)
        before = cache.read_bytes()

        def load_grown() -> None:
            cache.write_bytes(before)
            load_runs([folder])

        found |= cpu({"grown": load_grown})
        print(
            f"\n{runs:,} runs x {steps:,} steps x {len(METRICS)} metrics, {scan(folder) / 1e6:.0f} MB; CPU s"
        )
    tell("one parser call on the joined bytes", found["parser"], found["parser"])
    tell("the points, summarised", found["points"], found["parser"], 2)
    tell("load, without cache", found["bare"], found["parser"], 2)
    tell("first load, cache written", found["first"], found["parser"], 2)
    limit = found["scan"] + found["parquet"]
    tell("scan + one Parquet read", limit, limit)
    tell("second load, nothing changed", found["second"], limit, 2)
    tell("with 1 % new runs, against the first", found["grown"], found["first"], 0.3)
    tell("load and analyse, against load", found["bare"] + found["analyse"], found["bare"])


def batches(folders: Sequence[RunFolder]) -> Iterator[Sequence[RunFolder]]:
    """Cut as many folders as one batch may have at most; the bytes are few enough here."""
    for start in range(0, len(folders), BATCH_RUNS):
        yield folders[start : start + BATCH_RUNS]


def measure_large() -> None:
    """Measure the peak memory of reading 1.2 GB in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        write_runs(Path(folder), 0, 10_000, 1_000)
        code = (
            "import sys, time; from reportgen.load import load_runs; start = time.process_time();"
            "n = len(load_runs([sys.argv[1]]).runs); used = time.process_time() - start;"
            # not ru_maxrss, which a child inherits from the process that started it
            "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'));"
            "print(f'  {n:,} runs: {used:.1f} CPU s, peak {int(peak.split()[1]) / 1024:.0f} MB (at most 400)')"
        )
        print(
            f"\n10,000 runs x 1,000 steps x {len(METRICS)} metrics, {scan(folder) / 1e6:.0f} MB", flush=True
        )
        subprocess.run([sys.executable, "-c", code, folder], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--large", action="store_true", help="also read 1.2 GB and tell the peak memory")
    options = parser.parse_args()
    compare(1_000, 1_000)
    compare(10_000, 100)
    if options.large:
        measure_large()
