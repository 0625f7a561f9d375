"""What starting costs: `import reportgen` against a standard-library peer, and `reportgen --help`.

Prints CPU seconds of whole processes (user and system, medians of interleaved rounds) and their ratio.

    python benchmarks/startup/run.py [--rounds 21]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "bare interpreter": ["-c", "pass"],
    "import csv, json, threading": ["-c", "import csv, json, threading"],
    "import reportgen": ["-c", "import reportgen"],
    "import reportgen; start_run": ["-c", "import reportgen; reportgen.start_run"],
    "reportgen --help": ["-m", "reportgen", "--help"],
}


def cpu_of(arguments: list[str]) -> float:
    """Run one interpreter to its end and give its CPU seconds."""
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Measure all commands in turn, round by round, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds + 1):
        for name, arguments in COMMANDS.items():
            times[name].append(cpu_of(arguments))
    medians = {name: statistics.median(values[1:]) for name, values in times.items()}
    for name, value in medians.items():
        print(f"{name:34s} {value * 1000:8.1f} ms CPU")
    ratio = medians["import reportgen"] / medians["import csv, json, threading"]
    print(f"import reportgen / import csv, json, threading: {ratio:.2f} (goal: at most 1.5)")
    print(f"reportgen --help: {medians['reportgen --help']:.3f} s CPU (goal: at most 0.3)")


if __name__ == "__main__":
    main()
