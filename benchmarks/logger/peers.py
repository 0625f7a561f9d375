"""The same work by other loggers: 5 full-precision numbers a step, one process each, in turn, round by round.

Makes an environment of its own in ``.venv/peers`` with the newest of each peer that installs (some
hundred MB the first time), so it is not part of ``make bench``. No peer sends anything: telemetry is off, and wandb
is offline.

    python benchmarks/logger/peers.py [--rounds 3] [--peers tensorboardX,wandb] [--no-install]

Printed are medians: CPU of the calling thread and of all threads and child processes a step, as a
multiple of ours in the same round; CPU of the import; bytes a step; threads beside the caller's.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".venv" / "peers"

HARNESS = """
import json, os, random, resource, sys, threading, time
steps, directory = int(sys.argv[1]), sys.argv[2]
source = random.Random(1)
names = ("loss", "acc", "lr", "val_loss", "val_acc")
rows = [{name: source.random() for name in names} for _ in range(steps)]
def spent():
    return sum(part.ru_utime + part.ru_stime for part in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
began = spent()
SETUP
imported = spent()
START
started, thread = spent(), time.thread_time()
for step, row in enumerate(rows):
    LOG
called, threads = time.thread_time(), threading.active_count() - 1
FINISH
print("MEASURED", json.dumps([called - thread, spent() - started, imported - began, threads]), flush=True)
"""


class Peer(NamedTuple):
    """How one logger does the work."""

    package: str
    steps: int
    setup: str
    start: str
    log: str
    finish: str
    environment: Mapping[str, str] = MappingProxyType({})


PEERS = {
    "reportgen": Peer(
        "",
        20_000,
        "import reportgen; reportgen.start_run",
        "run = reportgen.start_run('e', directory=directory, capture=False)",
        "run.log_metrics(row, step=step)",
        "run.finish()",
    ),
    "csv and flush": Peer(
        "",
        20_000,
        "import csv",
        "file = open(directory + '/rows.csv', 'w', newline=''); out = csv.writer(file)",
        "out.writerow([time.time(), step, *row.values()]); file.flush()",
        "file.close()",
    ),
    "tensorboardX": Peer(
        "tensorboardX",
        4000,
        "from tensorboardX import SummaryWriter",
        "out = SummaryWriter(directory)",
        "[out.add_scalar(name, value, step) for name, value in row.items()]",
        "out.close()",
    ),
    "trackio": Peer(
        "trackio",
        4000,
        "import trackio",
        "trackio.init(project='p', name='r', embed=False)",
        "trackio.log(row, step=step)",
        "trackio.finish()",
        {
            "TRACKIO_DIR": "DIRECTORY",
            "GRADIO_ANALYTICS_ENABLED": "False",
            "HF_HUB_OFFLINE": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
        },
    ),
    "wandb offline": Peer(
        "wandb",
        3000,
        "import wandb",
        "run = wandb.init(project='p', dir=directory, mode='offline', settings=wandb.Settings("
        "x_disable_stats=True, x_disable_meta=True, disable_git=True, console='off', silent=True))",
        "run.log(row, step=step)",
        "run.finish()",
        {"WANDB_MODE": "offline", "WANDB_ERROR_REPORTING": "false", "WANDB_SILENT": "true"},
    ),
    "mlflow files": Peer(
        "mlflow",
        600,
        "import mlflow",
        "mlflow.set_tracking_uri('file://' + directory + '/store'); mlflow.set_experiment('e'); mlflow.start_run()",
        "mlflow.log_metrics(row, step=step)",
        "mlflow.end_run()",
        {"MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"},
    ),
    "mlflow sqlite": Peer(
        "mlflow",
        150,
        "import mlflow",
        "mlflow.set_tracking_uri('sqlite:///' + directory + '/m.db'); mlflow.set_experiment('e'); mlflow.start_run()",
        "mlflow.log_metrics(row, step=step)",
        "mlflow.end_run()",
        {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"},
    ),
    "dvclive": Peer(
        "dvclive",
        500,
        "from dvclive import Live",
        "live = Live(dir=directory + '/live', save_dvc_exp=False, report=None, dvcyaml=None)",
        "[live.log_metric(name, value) for name, value in row.items()]; live.next_step()",
        "live.end()",
        {"DVC_NO_ANALYTICS": "true", "DVC_STUDIO_OFFLINE": "true", "DO_NOT_TRACK": "1"},
    ),
}


class Measured(NamedTuple):
    """One logger's work: CPU seconds a step of the caller and of all, CPU seconds of the import."""

    caller: float
    everything: float
    imported: float
    threads: int
    size: float


def measure(peer: Peer) -> Measured:
    """Do one logger's work in a process of its own.

    Raises:
        RuntimeError: It failed; the message is the end of what it printed.
    """
    code = HARNESS
    for word, text in (
        ("SETUP", peer.setup),
        ("START", peer.start),
        ("LOG", peer.log),
        ("FINISH", peer.finish),
    ):
        code = code.replace(word, text, 1)
    with tempfile.TemporaryDirectory() as directory:
        given = {name: value.replace("DIRECTORY", directory) for name, value in peer.environment.items()}
        environment = {**os.environ, **given, "PYTHONPATH": str(ROOT), "HOME": directory}
        words = [str(HOME / "bin" / "python"), "-c", code, str(peer.steps), directory]
        done = subprocess.run(
            words, cwd=directory, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("MEASURED")]
        if not lines:
            raise RuntimeError((done.stderr.strip() or done.stdout.strip())[-300:])
        caller, everything, imported, threads = json.loads(lines[0].removeprefix("MEASURED"))
        size = sum(path.stat().st_size for path in Path(directory).rglob("*") if path.is_file())
    return Measured(caller / peer.steps, everything / peer.steps, imported, int(threads), size / peer.steps)


def install(packages: set[str]) -> None:
    """Make the environment and install the peers one by one: one that does not install stops no other."""
    if not (HOME / "bin" / "python").exists():
        venv.create(HOME, with_pip=True)
    for package in sorted(packages - {""}):
        words = [
            str(HOME / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            package,
        ]
        if subprocess.run(words, check=False, stderr=subprocess.DEVNULL).returncode:
            print(f"{package} does not install here; it is left out")


def main() -> None:
    """Install, measure round by round, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default=",".join(PEERS), help="names, with commas between")
    parser.add_argument("--no-install", action="store_true", help="take the environment as it is")
    chosen = parser.parse_args()
    names = [
        "reportgen",
        *(name for name in PEERS if name in chosen.peers.split(",") and name != "reportgen"),
    ]
    if not chosen.no_install:
        install({PEERS[name].package for name in names})
    found: dict[str, list[Measured]] = {name: [] for name in names}
    for number in range(chosen.rounds):
        for name in [*names]:
            try:
                found[name].append(measure(PEERS[name]))
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                print(f"{name} is left out in round {number + 1}: {error}", file=sys.stderr)
                names.remove(name)
    print_table({name: rounds for name, rounds in found.items() if rounds}, found["reportgen"])


def print_table(found: dict[str, list[Measured]], ours: list[Measured]) -> None:
    """Print medians, and of CPU the median of the ratios of each round."""
    print(
        f"{'':16s}{'caller µs':>11s}{'all µs':>11s}{'all / ours':>12s}{'import ms':>11s}{'bytes':>8s}{'threads':>9s}"
    )
    for name, rounds in found.items():
        middle = [statistics.median(column) for column in zip(*rounds, strict=True)]
        ratio = statistics.median(
            one.everything / other.everything for one, other in zip(rounds, ours, strict=False)
        )
        print(
            f"{name:16s}{middle[0] * 1e6:11.1f}{middle[1] * 1e6:11.1f}{ratio:12.1f}"
            f"{middle[2] * 1000:11.0f}{middle[4]:8.0f}{middle[3]:9.0f}"
        )


if __name__ == "__main__":
    main()
