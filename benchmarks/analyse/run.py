"""What analysing many runs costs: CPU seconds and memory that `analyse` adds, per size of the sweep.

    python benchmarks/analyse/run.py            50,000 runs (10,000 configurations, 5 repeats), within 5 s and 500 MB
    python benchmarks/analyse/run.py --long     and 100,000 runs, within 20 s

The runs are made in memory, with three metrics, five parameters, a data version and 2 % failures; each size
has a process of its own. Importance has a benchmark of its own and is switched off here.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

SIZES = {
    "short": ((10_000, 5, 5.0, 500.0),),
    "long": ((10_000, 5, 5.0, 500.0), (20_000, 5, 20.0, float("inf"))),
}
"""Configurations, repeats, CPU seconds allowed, MB allowed (peak of the process less what the runs take)."""
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def main() -> int:
    """Measure every size in a process of its own; 1 if one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--one", nargs=4, metavar=("CONFIGURATIONS", "REPEATS", "SECONDS", "MB"))
    arguments = parser.parse_args()
    if arguments.one:
        configurations, repeats, seconds, megabytes = (float(text) for text in arguments.one)
        return measure(int(configurations), int(repeats), seconds, megabytes)
    failed = 0
    for configurations, repeats, seconds, megabytes in SIZES["long" if arguments.long else "short"]:
        size = [str(number) for number in (configurations, repeats, seconds, megabytes)]
        failed |= subprocess.run([sys.executable, __file__, "--one", *size], check=False).returncode
    return failed


def measure(configurations: int, repeats: int, seconds: float, megabytes: float) -> int:
    """Analyse one sweep and print what it cost."""
    root = Path(__file__).resolve().parents[2]
    sys.path.insert(0, str(root))
    from reportgen.analyse import analyse
    from reportgen.config.settings import CompareConfig, Config, MetricConfig
    from reportgen.runs import Run
    from tests.fakes.runsets import make_run, make_runset

    draw = random.Random(1)
    runs: list[Run] = []
    for number in range(configurations):
        shared = {
            "lr": round(10.0 ** -draw.uniform(1, 5), 8),
            "layers": number % 7,
            "width": 2 ** (number % 9),
        }
        shared |= {"optimiser": ("adam", "sgd", "lion")[number % 3], "data": "digits", "trial": number}
        level = draw.gauss(0.9, 0.02)
        for seed in range(repeats):
            place = len(runs)
            usable = number == 0 or draw.random() > 0.02
            values = {"accuracy": draw.gauss(level, 0.01), "fit_s": draw.uniform(5, 9), "loss": draw.random()}
            runs.append(
                make_run(
                    place, {**shared, "seed": seed}, values if usable else {},
                    status="finished" if usable else "failed",
                    started=START + timedelta(minutes=place),
                    data={"train": {"version": "v1"}},
                )
            )  # fmt: skip
    config = Config(
        metrics={"accuracy": MetricConfig("accuracy", goal="maximize", primary=True)},
        compare=CompareConfig(baseline={"trial": 0}, importance=False),
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    findings = analyse(make_runset(runs), config)
    took = time.process_time() - start
    added = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    total = findings.runs.total
    print(
        f"{total} runs, {len(findings.configurations)} configurations: {took:.1f} s CPU (limit {seconds:g}),"
    )
    print(f"  {added:.0f} MB on top of the runs themselves (limit {megabytes:g})")
    return int(took > seconds or added > megabytes)


if __name__ == "__main__":
    sys.exit(main())
