"""Many processes, people and machines at once: every row is read back once, and nothing is merged wrongly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import reportgen
from reportgen.load import load_runs

ROOT = Path(__file__).parents[2]
TRAINING = """
import sys
import reportgen
number = int(sys.argv[2])
with reportgen.start_run("e", directory=sys.argv[1], name=f"mlp", params={"number": number}, capture=False) as run:
    for step in range(1000):
        run.log_metrics({"loss": number + step / 1024, "acc": 0.5}, step=step)
"""


def train_in(count: int, directory: Path, **environment: str) -> None:
    """Run so many trainings at once."""
    base: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(ROOT)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TRAINING, str(directory), str(number)],
            env={**base, **environment, **({"RANK": str(number)} if environment else {})},
        )
        for number in range(count)
    ]
    assert [process.wait() for process in processes] == [0] * count


def test_sixteen_processes_share_a_log_directory(tmp_path: Path) -> None:
    train_in(16, tmp_path)
    found = load_runs([str(tmp_path)], cache=False)
    assert (found.skipped, found.notes) == ((), ())
    assert sorted(run.params["number"] for run in found.runs) == list(range(16))
    for run in found.runs:
        loss = run.metrics["loss"]
        number = run.params["number"]
        assert (run.status, loss.points, loss.last_step) == ("finished", 1000, 999)
        assert (loss.min, loss.max, loss.last) == (number, number + 999 / 1024, number + 999 / 1024)


def test_eight_ranks_share_a_run(tmp_path: Path) -> None:
    train_in(8, tmp_path, MASTER_ADDR="localhost", MASTER_PORT="1", WORLD_SIZE="8")
    found = load_runs([str(tmp_path)], cache=False)
    (run,) = found.runs
    loss = run.metrics["loss"]
    assert (run.status, loss.points, loss.min, loss.max) == ("finished", 8000, 0, 7 + 999 / 1024)
    rows: list[tuple[str, ...]] = []
    for path in (tmp_path / "e" / run.id).glob("metrics*.csv"):
        rows += [tuple(line.split(",")[1:3]) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    assert len(rows) == len(set(rows)) == 8000


def log(directory: Path, loss: float, **options: str) -> reportgen.Run:
    with reportgen.start_run("e", directory=directory, name="mlp", capture=False, **options) as run:  # type: ignore[arg-type]  # texts only
        run.log_metrics({"loss": loss}, step=0)
    return run


def test_runs_of_two_people_with_the_same_names_are_copied_together(tmp_path: Path) -> None:
    for person in ("ann", "bob"):
        for loss in (0.5, 0.25):
            log(tmp_path / person, loss)
        shutil.copytree(tmp_path / person, tmp_path / "both", dirs_exist_ok=True)
    found = load_runs([str(tmp_path / "both")], cache=False)
    assert [run.name for run in found.runs] == ["mlp"] * 4
    assert sorted(run.metrics["loss"].last for run in found.runs) == [0.25, 0.25, 0.5, 0.5]
    assert found.skipped == ()


def test_copies_of_one_run_taken_at_two_times_are_counted_once(tmp_path: Path) -> None:
    run = log(tmp_path / "here", 0.5)
    shutil.copytree(tmp_path / "here", tmp_path / "backup")
    log(tmp_path / "here", 0.25, resume=run.id)
    found = load_runs([str(tmp_path / "backup"), str(tmp_path / "here")], cache=False)
    (read,) = found.runs
    assert (read.metrics["loss"].points, read.metrics["loss"].last) == (2, 0.25)
    (skipped,) = found.skipped
    assert run.id in skipped.reason  # the reader is told that there was another one


def test_writers_of_two_machines_in_one_run_folder_are_copied_together(tmp_path: Path) -> None:
    """Each machine has its own copy of the run's folder, goes on with it, and both come home."""
    run = log(tmp_path / "shared", 1.0)
    for machine in ("one", "two"):
        shutil.copytree(tmp_path / "shared", tmp_path / machine)
        code = (
            "import reportgen, sys\nimport reportgen.collect.start as start\n"
            f"start.host_name = lambda: {machine!r}\n"
            "first = reportgen.start_run('e', directory=sys.argv[1], resume=sys.argv[2], capture={'user'})\n"
            "with reportgen.start_run('e', directory=sys.argv[1], resume=sys.argv[2], capture={'user'}) as run:\n"
            f"    run.log_metrics({{'from_{machine}': 1.0}}, step=1)\n"
            "first.finish()\n"
        )
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / machine), run.id],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=True,
        )
        own = [path for path in (tmp_path / machine / "e" / run.id).iterdir() if f".{machine}-" in path.name]
        assert own
        for path in own:
            assert not (tmp_path / "shared" / "e" / run.id / path.name).exists()
            shutil.copy(path, tmp_path / "shared" / "e" / run.id)
    (read,) = load_runs([str(tmp_path / "shared")], cache=False).runs
    assert {name: metric.points for name, metric in read.metrics.items()} == {
        "loss": 1,
        "from_one": 1,
        "from_two": 1,
    }
