"""The benchmark that kills trainings, in short: nothing acknowledged is lost, every ending is right."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_killed_trainings_lose_nothing_and_are_seen_to_be_dead() -> None:
    command = [sys.executable, "benchmarks/logger/kill.py", "--trials", "12", "--ends", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    kills, *ends = done.stdout.splitlines()
    assert kills.startswith("SIGKILL: 12 trials, 4 with a forked worker alive, ")
    assert re.search(r" acknowledged: 0 lost, 0 wrong last values, 0 wrong statuses;", kills)
    assert [line.partition(":")[0] for line in ends] == ["SIGTERM", "exception"]
    assert all("2 trials" in line and line.endswith("0 lost, 0 wrong statuses") for line in ends)
    (rows,) = re.findall(r"([\d,]+) rows acknowledged", kills)
    assert int(rows.replace(",", "")) > 100


def test_a_logger_that_loses_rows_would_be_caught(tmp_path: Path) -> None:
    """The same trials with a logger that writes only every other call: the benchmark must say so."""
    broken = (
        "import runpy, sys\nsys.path.insert(0, 'benchmarks/logger')\nimport kill\n"
        "kill.TRAINING = kill.TRAINING.replace('    run.log_metrics(', '    if step % 2: run.log_metrics(')\n"
        "sys.exit(0 if kill.judge(2, 1, 1) else 1)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"[1-9]\d* lost", done.stdout)
