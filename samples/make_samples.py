"""Make the samples: really train models on bundled data and record every run with reportgen.

Usage: ``python samples/make_samples.py [--out DIRECTORY] [digits] [regression] [weekly] [tasks]``

Results are reproducible (every seed is fixed); times vary with the machine. Runs already in the
target folders are replaced. Needs a POSIX system: one run is ended by SIGKILL.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ("digits", "regression", "weekly", "tasks")


def main() -> None:
    """Read the arguments and make the samples asked for, all of them by default."""
    parser = argparse.ArgumentParser(description="Train the models of the samples and record their runs.")
    parser.add_argument("samples", nargs="*", metavar="SAMPLE", help=f"one of {', '.join(SAMPLES)}")
    parser.add_argument("--out", type=Path, default=ROOT / "samples", help="folder that they go to")
    parser.add_argument("--until-killed", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    unknown = set(arguments.samples) - set(SAMPLES)
    if unknown:
        parser.error(f"unknown sample {', '.join(sorted(unknown))}; there are {', '.join(SAMPLES)}")

    os.environ["OMP_NUM_THREADS"] = "1"  # one core a model: times that compare, no busy waiting
    os.environ["GIT_DIR"] = os.devnull  # the commit of the tree that makes the samples tells readers nothing
    sys.path.insert(0, str(ROOT))
    if arguments.until_killed:
        from samples.digit_runs import record_until_killed

        record_until_killed(arguments.out)
    for name in arguments.samples or SAMPLES:
        make(name, arguments.out)


def make(name: str, out: Path) -> None:
    """Make one sample in ``<out>/<name>``, replacing the runs that are there."""
    from samples.digit_runs import make_digits
    from samples.regression_runs import make_regression
    from samples.task_runs import make_tasks
    from samples.weekly_runs import make_weekly

    folder = out / name
    for run_file in list(folder.rglob("run.csv")):
        shutil.rmtree(run_file.parent)
    if name == "digits":
        make_digits(out)
    elif name == "regression":
        make_regression(out)
    elif name == "weekly":
        make_weekly(folder)
    else:
        make_tasks(out)
    made = list(folder.rglob("run.csv"))
    for run_file in made:
        leave_out_machine(run_file)
    print(f"{name}: {len(made)} runs in {folder}", file=sys.stderr)


def leave_out_machine(run_file: Path) -> None:
    """Shorten the platform to system and processor, and leave out the mark of when the machine was started.

    Samples are published; the kernel's build and the mark, which tells an ended run from a living one, are not.
    """
    system = os.uname()
    text = run_file.read_text(encoding="utf-8")
    full = f"{system.sysname} {system.release} {system.machine}"
    kept = [line for line in text.splitlines(keepends=True) if ",run,boot," not in line]
    run_file.write_text("".join(kept).replace(full, f"{system.sysname} {system.machine}"), encoding="utf-8")


if __name__ == "__main__":
    main()
