"""The processes of one distributed job end in one run; processes that are no job do not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import reportgen
from reportgen.collect import ranks
from reportgen.load import load_runs
from reportgen.runs import Run

ROOT = Path(__file__).parents[3]
HEAD = "import os, sys, time\nimport reportgen\nrank = int(os.environ.get('RANK', os.environ.get('SLURM_PROCID', 0)))\n"
STEPS = HEAD + (
    "with reportgen.start_run('e', params={'lr': 0.1}, capture=False) as run:\n"
    "    for step in range(50):\n        run.log_metrics({'loss': rank + step / 64}, step=step)\n"
)
READY = HEAD + (
    "run = reportgen.start_run('e', capture=False)\nrun.log_metric('loss', 1.0 * rank)\n"
    "print('ready', flush=True)\nsys.stdin.readline()\n"
)
TORCH = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500", "TORCHELASTIC_RUN_ID": "none"}
SLURM = {"SLURM_JOB_ID": "77", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "3"}

Launch = Callable[..., "subprocess.Popen[str]"]


def torch_rank(rank: int, size: int = 8, **further: str) -> dict[str, str]:
    return {**TORCH, "RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": str(size), **further}


def slurm_rank(rank: int, **further: str) -> dict[str, str]:
    return {**SLURM, "SLURM_PROCID": str(rank), **further}


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Start one rank as a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
        home = {"PYTHONPATH": str(ROOT), "REPORTGEN_DIR": str(tmp_path / "runs"), "PATH": "/usr/bin:/bin"}
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**home, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def end(*processes: subprocess.Popen[str]) -> None:
    """Let processes come to their end, and see that none had a complaint."""
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * len(
        processes
    )


def read(tmp_path: Path) -> tuple[Run, ...]:
    found = load_runs([str(tmp_path / "runs")], cache=False)
    assert found.skipped == ()
    assert {note.kind for note in found.notes} <= {"repeated_step"}  # each rank has a loss of step 0
    return found.runs


def test_eight_ranks_make_one_run_with_every_row_of_each(launch: Launch, tmp_path: Path) -> None:
    end(*[launch(STEPS, torch_rank(rank)) for rank in range(8)])
    (run,) = read(tmp_path)
    assert (run.status, run.params) == ("finished", {"lr": 0.1})
    assert run.metrics["loss"].points == 8 * 50
    folder = tmp_path / "runs" / "e" / run.id
    assert len(list(folder.glob("metrics*.csv"))) == 8
    own = (folder / "metrics.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[2] for row in own[1:3]] == ["0.0", "0.015625"]  # rank 0 has the plain names


def test_ranks_that_come_before_rank_0_wait_for_nobody_and_are_joined_by_it(
    launch: Launch, tmp_path: Path
) -> None:
    end(launch(STEPS, torch_rank(2)), launch(STEPS, torch_rank(1)))
    (early,) = read(tmp_path)
    assert early.metrics["loss"].points == 100
    end(launch(STEPS, torch_rank(0)))
    (run,) = read(tmp_path)
    assert (run.id, run.status, run.metrics["loss"].points) == (early.id, "finished", 150)
    assert run.started == early.started


def test_the_nth_run_of_each_rank_is_one_run(launch: Launch, tmp_path: Path) -> None:
    code = HEAD + (
        "for fold in range(3):\n    with reportgen.start_run('e', params={'fold': fold}, capture=False) as run:\n"
        "        run.log_metric('loss', rank)\n        time.sleep(0.02 * rank)\n"
    )
    end(*[launch(code, torch_rank(rank)) for rank in range(4)])
    runs = read(tmp_path)
    assert [(run.params["fold"], run.metrics["loss"].points) for run in runs] == [(0, 4), (1, 4), (2, 4)]


def test_the_next_job_at_the_same_address_has_a_run_of_its_own(launch: Launch, tmp_path: Path) -> None:
    for _ in range(3):
        end(*[launch(STEPS, torch_rank(rank)) for rank in (1, 0)])
    assert [run.metrics["loss"].points for run in read(tmp_path)] == [100, 100, 100]


LAUNCHER = """
import os, subprocess, sys
children = [subprocess.Popen([sys.executable, "-c", sys.argv[1]], env={**os.environ, "RANK": rank})
            for rank in sys.argv[2:]]
sys.exit(max(child.wait() for child in children))
"""


def test_a_rank_that_the_job_before_never_had_does_not_join_that_one(tmp_path: Path) -> None:
    environment = {
        **TORCH,
        "WORLD_SIZE": "8",
        "PYTHONPATH": str(ROOT),
        "REPORTGEN_DIR": str(tmp_path / "runs"),
        "PATH": "/usr/bin:/bin",
    }
    for present in (("0", "1"), ("2",), ("0", "1", "2")):
        command = [sys.executable, "-c", LAUNCHER, STEPS, *present]
        subprocess.run(command, env=environment, cwd=tmp_path, check=True)
    assert [run.metrics["loss"].points for run in read(tmp_path)] == [100, 50, 150]


def test_a_job_that_its_launcher_started_anew_has_a_new_run(launch: Launch, tmp_path: Path) -> None:
    for count in ("0", "1"):
        end(*[launch(STEPS, torch_rank(rank, TORCHELASTIC_RESTART_COUNT=count)) for rank in range(2)])
    assert [run.metrics["loss"].points for run in read(tmp_path)] == [100, 100]


@pytest.mark.parametrize(
    "environment",
    [
        {"RANK": "1"},  # nothing that all ranks share
        {"LOCAL_RANK": "1"},
        {"SLURM_PROCID": "1", "SLURM_JOB_ID": "7"},  # a batch script itself, which is no step
        torch_rank(1, size=1),
        torch_rank(1, REPORTGEN_RANKS="separate"),
        {**torch_rank(0), "RANK": "one"},
    ],
)
def test_what_is_no_job_of_several_ranks_logs_a_run_a_process(
    launch: Launch, tmp_path: Path, environment: dict[str, str]
) -> None:
    environment = {name: value for name, value in environment.items() if value != "one"}
    if "RANK" not in environment:
        environment.pop("LOCAL_RANK", None) if "MASTER_ADDR" in environment else None
    end(*[launch(STEPS, environment) for _ in range(2)])
    runs = read(tmp_path)
    assert [(run.status, run.metrics["loss"].points) for run in runs] == [("finished", 50)] * 2
    assert not (tmp_path / "runs" / "e" / ".jobs").exists()


def test_tasks_of_a_slurm_step_with_the_same_settings_are_one_run(launch: Launch, tmp_path: Path) -> None:
    end(*[launch(STEPS, slurm_rank(rank)) for rank in range(3)])
    (run,) = read(tmp_path)
    assert (run.status, run.metrics["loss"].points) == ("finished", 150)


def test_tasks_of_a_slurm_step_with_other_settings_are_trials_of_a_search(
    launch: Launch, tmp_path: Path
) -> None:
    code = STEPS.replace("0.1", "0.1 * rank")
    end(*[launch(code, slurm_rank(rank)) for rank in range(3)])
    runs = read(tmp_path)
    assert sorted(run.params["lr"] for run in runs) == [0.0, 0.1, 0.2]
    assert {run.metrics["loss"].points for run in runs} == {50}
    # none of them is closed, or told where it ran, by a rank 0 that is another run
    assert [run.status for run in runs] == ["finished"] * 3


def test_an_unknown_wish_for_ranks_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REPORTGEN_RANKS", "merged")
    with pytest.raises(reportgen.LoggingError, match=r"'merged'.*REPORTGEN_RANKS|REPORTGEN_RANKS.*'merged'"):
        reportgen.start_run("e", directory=tmp_path)


@pytest.mark.parametrize("how", ["terminated", "finished"])
def test_a_run_has_failed_if_one_of_its_ranks_has(launch: Launch, tmp_path: Path, how: str) -> None:
    first, other, third = (launch(READY, torch_rank(rank)) for rank in range(3))
    failing = launch(
        HEAD + "run = reportgen.start_run('e', capture=False)\nraise ValueError('nan in gradient')\n",
        torch_rank(3),
    )
    for process in (first, other, third):
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    failing.communicate()
    for process in (first, other, third):
        if how == "terminated":
            process.send_signal(signal.SIGTERM)
        process.communicate("go\n" if how == "finished" else None)
    (run,) = read(tmp_path)
    assert (run.status, run.reason) == ("failed", "ValueError: nan in gradient")


def test_a_job_of_which_all_ranks_were_killed_is_interrupted_at_once(launch: Launch, tmp_path: Path) -> None:
    processes = [launch(READY, torch_rank(rank)) for rank in range(3)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    (running,) = read(tmp_path)
    assert running.status == "running"
    for process in processes:
        process.kill()
        process.communicate()
    (run,) = read(tmp_path)
    assert (run.status, run.metrics["loss"].points) == ("interrupted", 3)


def test_a_program_that_logs_on_its_last_rank_only_has_a_whole_run(launch: Launch, tmp_path: Path) -> None:
    end(launch(STEPS.replace(", capture=False", ""), torch_rank(7)))
    (run,) = read(tmp_path)
    assert (run.status, run.metrics["loss"].points) == ("finished", 50)
    assert run.env["python"] == sys.version.split()[0]
    process = launch(READY, torch_rank(7, TORCHELASTIC_RESTART_COUNT="1"))
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate()
    assert [run.status for run in read(tmp_path)] == ["finished", "interrupted"]


def test_ranks_that_resume_leave_the_plain_names_to_rank_0(launch: Launch, tmp_path: Path) -> None:
    end(*[launch(STEPS, torch_rank(rank)) for rank in range(2)])
    (run,) = read(tmp_path)
    code = STEPS.replace("capture=False", f"capture=False, resume={run.id!r}")
    end(launch(code, torch_rank(1)), launch(code, torch_rank(0)))
    (again,) = read(tmp_path)
    assert (again.id, again.status, again.metrics["loss"].points) == (run.id, "finished", 200)
    rows = (tmp_path / "runs" / "e" / run.id / "metrics.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 101


def in_rank(monkeypatch: pytest.MonkeyPatch, rank: int) -> None:
    """Make this process a rank that has started no run yet."""
    monkeypatch.setattr(ranks, "_started", {})
    for name, value in torch_rank(rank).items():
        monkeypatch.setenv(name, value)


def started(directory: Path) -> reportgen.Run:
    return reportgen.start_run("e", directory=directory, capture=False)


def test_a_record_whose_maker_died_over_it_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ranks, "_WAIT_FOR_RECORD_S", 0.05)
    in_rank(monkeypatch, 1)
    with started(tmp_path) as first:
        pass
    (record,) = (path for path in (tmp_path / "e" / ".jobs").iterdir() if not path.suffix)
    record.write_bytes(b"2026")
    for rank in (0, 2):
        in_rank(monkeypatch, rank)
        with started(tmp_path) as run:
            assert run.id != first.id
    assert len([path for path in (tmp_path / "e").iterdir() if path.name != ".jobs"]) == 2


def test_a_record_of_another_machine_counts_for_ranks_that_start_about_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_rank(monkeypatch, 1)
    with started(tmp_path) as first:
        pass
    (record,) = (path for path in (tmp_path / "e" / ".jobs").iterdir() if not path.suffix)
    cells = record.read_text(encoding="utf-8").rstrip("\n").split(",")
    cells[2] = "feedfacecafe"  # the mark of another machine
    record.write_text(",".join(cells) + "\n", encoding="utf-8")
    in_rank(monkeypatch, 0)
    with started(tmp_path) as run:
        assert run.id == first.id
    cells[6] = repr(float(cells[6]) - 86_400)
    record.write_text(",".join(cells) + "\n", encoding="utf-8")
    in_rank(monkeypatch, 2)
    with started(tmp_path) as later:
        assert later.id != first.id


def test_ranks_without_a_folder_go_on_without_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "runs").write_text("in the way", encoding="utf-8")
    in_rank(monkeypatch, 3)
    with started(tmp_path / "runs") as run:
        run.log_metric("loss", 1.0)
    assert "could not be written" in capsys.readouterr().err


def test_a_subprocess_of_a_rank_has_a_run_of_its_own(launch: Launch, tmp_path: Path) -> None:
    code = (
        STEPS + "    import subprocess\n    subprocess.run([sys.executable, '-c', sys.argv[1]], check=True)\n"
    )
    environment = torch_rank(0)
    end(launch(code.replace("sys.argv[1]", repr(STEPS)), environment), launch(STEPS, torch_rank(1)))
    assert sorted(run.metrics["loss"].points for run in read(tmp_path)) == [50, 100]
    assert os.environ.get("RANK") is None


def test_ranks_that_rank_0_starts_itself_join_the_run_it_has_open(launch: Launch, tmp_path: Path) -> None:
    """As launchers for one machine do: the first process runs the script, then starts it again for each rank."""
    code = (
        "import os, subprocess, sys\nimport reportgen\nrank = int(os.environ.get('LOCAL_RANK', 0))\n"
        "if not rank:\n    old = reportgen.start_run('e', capture=False)\n    old.finish()\n"
        "run = reportgen.start_run('e', params={'lr': 0.1}, capture=False)\n"
        "if not rank:\n    job = {'MASTER_ADDR': 'localhost', 'MASTER_PORT': '4711', 'WORLD_SIZE': '3'}\n"
        "    ranks = [subprocess.Popen([sys.executable, *sys.argv], env={**os.environ, **job, 'LOCAL_RANK': str(k)})"
        " for k in (1, 2)]\n"
        "for step in range(50):\n    run.log_metrics({'loss': rank + step / 64}, step=step)\n"
        "if not rank:\n    print([rank.wait() for rank in ranks])\n"
        "run.finish()\n"
    )
    (tmp_path / "train.py").write_text(code, encoding="utf-8")
    process = launch("import runpy, sys; sys.argv = ['train.py']; runpy.run_path('train.py')", {})
    assert process.communicate() == ("[0, 0]\n", "")
    old, run = read(tmp_path)
    assert (old.metrics, run.status, run.metrics["loss"].points) == ({}, "finished", 150)


def test_facts_of_ranks_are_those_of_the_run(launch: Launch, tmp_path: Path, read_facts: Any) -> None:
    code = HEAD + (
        "with reportgen.start_run('e', name='big', tags={'team': 'a'}, capture=False) as run:\n"
        "    run.log_params({f'of_rank_{rank}': rank})\n"
    )
    end(*[launch(code, torch_rank(rank)) for rank in range(3)])
    (run,) = read(tmp_path)
    assert (run.name, run.tags) == ("big", {"team": "a"})
    assert run.params == {"of_rank_0": 0, "of_rank_1": 1, "of_rank_2": 2}
