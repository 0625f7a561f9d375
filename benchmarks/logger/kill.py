"""Kills trainings at random moments and counts what was lost: rows that were acknowledged, runs, right endings.

Each trial is a process that logs and, after each call has returned, writes the step's number into a
pipe. It is killed, its run is read with reportgen's own reader, and it is resumed, every other time
after a torn row.

    python benchmarks/logger/kill.py [--trials 200] [--ends 10] [--seed 1]

Exits with 1 if a single acknowledged row is missing, or one run has the wrong status.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import reportgen
from reportgen.load import load_runs
from reportgen.runs import Run

ROOT = Path(__file__).parents[2]
TRAINING = """
import os, sys, time
import reportgen
directory, pace, is_forking, end_at, way = sys.argv[1:]
run = reportgen.start_run("killed", directory=directory, params={"pace": pace}, capture=False)
if is_forking == "1":  # a data loader's worker, which outlives its parent
    worker = os.fork()
    if not worker:
        os.close(1)
        time.sleep(60)
        os._exit(0)
    os.write(1, b"worker %d\\n" % worker)
step = 0
while True:
    run.log_metrics({"loss": 1 / (step + 3), "acc": step / 7, "lr": 1e-3 / 3, "val": 0.1, "t": 2 / 3}, step=step)
    os.write(1, b"%d\\n" % step)
    if step == int(end_at):
        if way == "SIGTERM":
            os.kill(os.getpid(), 15)
        raise ValueError("out of data")
    step += 1
    if pace == "slow":
        time.sleep(0.005)
"""
ENDS = {"SIGTERM": ("interrupted", "SIGTERM"), "exception": ("failed", "ValueError: out of data")}


def start(
    directory: str, *, pace: str, is_forking: bool, end_at: int = -1, way: str = ""
) -> subprocess.Popen[bytes]:
    """Start a training whose acknowledgements come through its standard output."""
    words = [sys.executable, "-c", TRAINING, directory, pace, str(int(is_forking)), str(end_at), way]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)


def acknowledged(process: subprocess.Popen[bytes], kill_after: float | None) -> tuple[int, int]:
    """Read acknowledgements to the end; kill on the way. Gives their number, and the worker that is alive."""
    assert process.stdout is not None
    first = process.stdout.readline()
    worker = int(first.split()[1]) if first.startswith(b"worker") else 0
    if kill_after is not None:
        time.sleep(kill_after)
        process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.wait()
    whole = ((b"" if worker else first) + rest).count(b"\n")
    return whole, worker


def read(directory: str) -> Run:
    """Read the only run there is, as reportgen reads all runs."""
    (run,) = load_runs([directory], cache=False).runs
    return run


def resume(directory: str, run: Run) -> Run:
    """Go on with a killed run for three steps."""
    with reportgen.start_run(run.experiment, directory=directory, resume=run.id, capture=False) as again:
        for step in range(3):
            again.log_metrics({"loss": 0.5, "acc": 0.5}, step=10_000_000 + step)
    return read(directory)


def kill_once(source: random.Random, number: int) -> Counter[str]:
    """Kill one training and judge what is left of it."""
    found: Counter[str] = Counter(trials=1)
    pace = "slow" if number % 2 else "flat out"
    with tempfile.TemporaryDirectory() as directory:
        process = start(directory, pace=pace, is_forking=number % 3 == 0)
        told, worker = acknowledged(process, source.uniform(0, 0.3 if pace == "slow" else 0.12))
        folder = next(Path(directory).glob("*/*"))
        torn = (folder / "metrics.csv").read_bytes() if (folder / "metrics.csv").exists() else b"\n"
        run = read(directory)
        kept = run.metrics["loss"].points if "loss" in run.metrics else 0
        found.update(rows=told, lost=max(0, told - kept), torn=not torn.endswith(b"\n"), workers=worker > 0)
        found.update(wrong_status=run.status != "interrupted", wrong_values=not is_right(run, kept))
        if number % 2:  # a kill seldom tears a row: a tail as a power cut leaves it
            with (folder / "metrics.csv").open("ab") as file:
                file.write(b"1795000000.000,7,0.12")
        again = resume(directory, run)
        found.update(lost=again.metrics["loss"].points != kept + 3, wrong_status=again.status != "finished")
        if worker:
            os.kill(worker, signal.SIGKILL)
    return found


def is_right(run: Run, kept: int) -> bool:
    """Tell whether the last row that was kept is the one that was logged."""
    if not kept:
        return True
    loss = run.metrics["loss"]
    return loss.last_step == kept - 1 and loss.last == 1 / (kept + 2)


def end_once(way: str, step: int) -> Counter[str]:
    """Let a training end by itself, by SIGTERM or an exception, and judge what is left."""
    with tempfile.TemporaryDirectory() as directory:
        told, _ = acknowledged(
            start(directory, pace="flat out", is_forking=False, end_at=step, way=way), None
        )
        run = read(directory)
        is_wrong = int((run.status, run.reason) != ENDS[way])
        return Counter(
            trials=1, rows=told, lost=max(0, told - run.metrics["loss"].points), wrong_status=is_wrong
        )


def judge(trials: int, ends: int, seed: int) -> bool:
    """Run all trials, print what came out, and tell whether nothing was lost."""
    source = random.Random(seed)
    kills: Counter[str] = Counter()
    for number in range(trials):
        kills.update(kill_once(source, number))
    print(
        f"SIGKILL: {kills['trials']} trials, {kills['workers']} with a forked worker alive, "
        f"{kills['rows']:,} rows acknowledged: {kills['lost']} lost, {kills['wrong_values']} wrong last values, "
        f"{kills['wrong_status']} wrong statuses; {kills['torn']} files had a torn last row"
    )
    bad = kills["lost"] + kills["wrong_values"] + kills["wrong_status"]
    for way in ENDS:
        done: Counter[str] = Counter()
        for _ in range(ends):
            done.update(end_once(way, source.randrange(2000)))
        print(
            f"{way}: {done['trials']} trials, {done['rows']:,} rows acknowledged: "
            f"{done['lost']} lost, {done['wrong_status']} wrong statuses"
        )
        bad += done["lost"] + done["wrong_status"]
    return bad == 0


def main() -> None:
    """Read the number of trials and run them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=200, help="trainings to kill")
    parser.add_argument(
        "--ends", type=int, default=10, help="trainings to end by SIGTERM and by an exception"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which they are killed")
    chosen = parser.parse_args()
    sys.exit(0 if judge(chosen.trials, chosen.ends, chosen.seed) else 1)


if __name__ == "__main__":
    main()
