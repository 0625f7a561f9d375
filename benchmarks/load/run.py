"""How fast runs are read, as ratios to what the machine does anyway, all measured in one process.

    python benchmarks/load/run.py            two data sets of 5 million points each
    python benchmarks/load/run.py --large    and 1.2 GB in 10,000 runs: peak memory

The yardsticks: one pandas C-parser call over the same files' joined bytes (reading and joining them
counted, as any reader has to); and for the second load, a scan of the folders plus one Parquet read
of the cache. CPU seconds of this process, best of several rounds.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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


def cpu(call: Callable[[], object], rounds: int = 3, prepare: Callable[[], object] | None = None) -> float:
    """Give the least CPU seconds of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        if prepare is not None:
            prepare()
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best


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


def compare(runs: int, steps: int) -> None:
    """Measure one data set and print its table."""
    import pyarrow.parquet as pq

    from reportgen.load import load_runs

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_runs(root, 0, runs, steps)
        cache = root / ".reportgen"

        def forget() -> None:
            shutil.rmtree(cache, ignore_errors=True)

        def read_cache() -> None:
            with pq.ParquetFile(cache / "runs.parquet") as file:
                file.read(use_threads=False)

        load_runs([folder])
        parse_joined(root)
        parser = cpu(lambda: parse_joined(root))
        bare = cpu(lambda: load_runs([folder], cache=False))
        first = cpu(lambda: load_runs([folder]), prepare=forget)
        second = cpu(lambda: load_runs([folder]), rounds=5)
        limit = cpu(lambda: scan(folder), rounds=5) + cpu(read_cache, rounds=5)
        write_runs(root, runs, max(1, runs // 100), steps, seed=2)
        start = time.process_time()
        total = len(load_runs([folder]).runs)
        grown = time.process_time() - start
        size = scan(folder) / 1e6
        print(f"\n{runs:,} runs x {steps:,} steps x {len(METRICS)} metrics, {size:.0f} MB; CPU s")
        print(f"  one parser call on the joined bytes   {parser:6.2f}   1.00")
        print(f"  load without cache                    {bare:6.2f}   {bare / parser:4.2f}   (at most 2)")
        print(f"  first load, cache written             {first:6.2f}   {first / parser:4.2f}")
        print(f"  scan + one Parquet read               {limit:6.2f}   1.00")
        print(f"  second load, nothing changed          {second:6.2f}   {second / limit:4.2f}   (at most 2)")
        print(
            f"  with 1 % new runs, against first      {grown:6.2f}   {grown / first:4.2f}   (at most 0.3; {total:,})"
        )


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
