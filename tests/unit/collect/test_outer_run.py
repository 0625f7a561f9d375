"""Scripts that log by themselves, inside of ``reportgen run``: one run appears, and others as its children."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.unit.collect.shells import Shell, is_alive, wait_until

HEAD = "import os, sys\nimport reportgen\n"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def wrap(shell: Shell, body: str, *options: str, command: str = "exec python train.py") -> int:
    """Run a Python script by a shell script by ``reportgen run``."""
    shell.script("train.py", HEAD + body)
    done = shell.wrap("bash", "-c", command, options=("--no-capture", *options))
    assert b"reportgen:" not in done.stderr, done.stderr
    code: int = done.returncode
    return code


TRAIN = """
with reportgen.start_run("e", name="inner", params={"lr": 0.1}, tags={"by": "script"}) as run:
    for step in range(3):
        run.log_metrics({"loss": 1.0 / (step + 1)}, step=step)
    print(run.id)
"""


def test_a_script_s_run_is_the_outer_one(shell: Shell) -> None:
    assert wrap(shell, TRAIN, "--param", "seed=1", "--param", "lr=0.1", "--tag", "team=vision") == 0
    run = shell.run()
    assert (run.status, run.name, run.parent) == ("finished", "inner", None)
    assert run.params == {"seed": 1, "lr": 0.1}
    assert run.tags == {"team": "vision", "by": "script"}
    assert run.metrics["loss"].points == 3
    assert run.env["python"] == sys.version.split()[0]  # of the script, not of the command line


def test_the_outer_run_goes_on_after_the_script_s_end(shell: Shell) -> None:
    command = "python train.py && reportgen log after=1 && exit 3"
    assert wrap(shell, TRAIN, command=command) == 3
    run = shell.run()
    assert (run.status, run.metrics["after"].points, run.metrics["loss"].points) == ("failed", 1, 3)


def test_scripts_one_after_the_other_are_one_run(shell: Shell) -> None:
    assert wrap(shell, TRAIN, command="python train.py; python train.py") == 0
    assert shell.runs_without_notes()[0].metrics["loss"].points == 6


@pytest.mark.parametrize(
    "start",
    [
        'reportgen.start_run("other")',
        'reportgen.start_run("e", params={"seed": 2})',
        'reportgen.start_run("e", name="another")',
        'reportgen.start_run("e", group="another")',
        'reportgen.start_run("e", started=1_700_000_000)',
        'reportgen.start_run("e", directory="elsewhere")',
    ],
)
def test_another_experiment_or_a_contradiction_makes_a_child(shell: Shell, start: str) -> None:
    options = ("--param", "seed=1", "--name", "outer", "--group", "g")
    assert wrap(shell, f"with {start} as run:\n    run.log_metric('loss', 1)\n", *options) == 0
    (shell.folder / "elsewhere").mkdir(exist_ok=True)
    (shell.folder / "elsewhere").rename(shell.folder / "runs" / "elsewhere")
    outer, inner = sorted(shell.runs(), key=lambda run: bool(run.metrics))
    assert (outer.name, outer.parent, dict(outer.metrics)) == ("outer", None, {})
    assert inner.parent == outer.id
    assert inner.metrics["loss"].points == 1
    assert (inner.status, outer.status) == ("finished", "finished")


def test_the_second_run_of_a_process_is_a_child(shell: Shell) -> None:
    body = """
for seed in range(3):
    with reportgen.start_run("e", params={"seed": seed}) as run:
        run.log_metric("loss", seed)
"""
    assert wrap(shell, body) == 0
    first, *others = sorted(shell.runs(), key=lambda run: run.params["seed"])
    assert [run.parent for run in others] == [first.id, first.id]
    assert [run.metrics["loss"].last for run in (first, *others)] == [0, 1, 2]


def test_workers_of_a_search_never_share_a_run(shell: Shell) -> None:
    """Eight processes that start at the same moment with parameters of their own."""
    body = """
with reportgen.start_run("e", params={"lr": int(sys.argv[1]) / 8}) as run:
    run.log_metric("loss", int(sys.argv[1]))
"""
    command = "for i in 0 1 2 3 4 5 6 7; do python train.py $i & done; wait"
    assert wrap(shell, body, command=command) == 0
    runs = shell.runs()
    assert sorted((run.params["lr"] * 8, run.metrics["loss"].last) for run in runs) == [
        (i, i) for i in range(8)
    ]
    (outer,) = (run for run in runs if run.parent is None)
    assert {run.parent for run in runs if run is not outer} == {outer.id}


def test_ranks_of_a_job_go_on_with_the_run_around_them(shell: Shell) -> None:
    body = """
with reportgen.start_run("e", params={"lr": 0.1}) as run:
    run.log_metric("rank_" + os.environ["RANK"], 1)
"""
    launch = "export MASTER_ADDR=127.0.0.1 MASTER_PORT=29500 WORLD_SIZE=4;"
    command = launch + "for r in 0 1 2 3; do RANK=$r LOCAL_RANK=$r python train.py & done; wait"
    assert wrap(shell, body, command=command) == 0
    run = shell.run()
    assert (run.status, dict(run.params)) == ("finished", {"lr": 0.1})
    assert set(run.metrics) == {f"rank_{rank}" for rank in range(4)}


def test_a_nested_command_is_a_child(shell: Shell) -> None:
    command = "reportgen run --experiment e --no-capture --param lr=0.1 -- python train.py"
    assert wrap(shell, TRAIN, command=command) == 0
    outer, inner = sorted(shell.runs(), key=lambda run: bool(run.metrics))
    assert (inner.parent, inner.metrics["loss"].points) == (outer.id, 3)
    assert dict(outer.params) == {}


def test_a_command_may_go_on_with_a_run(shell: Shell) -> None:
    wrap(shell, TRAIN, command="python train.py; exit 3")
    first = shell.run()
    assert (first.status, first.metrics["loss"].points) == ("failed", 3)
    shell.environment["REPORTGEN_RUN"] = str(shell.run_folder())  # that it is around us makes no parent of it
    wrap(shell, "run = reportgen.start_run('e')\nrun.log_metric('loss', 9, step=9)\n", "--resume", first.id)
    again = shell.run()
    assert (again.id, again.parent, again.status, again.reason) == (first.id, None, "finished", "")
    assert (again.metrics["loss"].points, again.metrics["loss"].last) == (4, 9)


def test_a_resumed_run_is_the_one_that_was_named(shell: Shell) -> None:
    wrap(shell, TRAIN)
    first = shell.run().id
    body = f'with reportgen.start_run("e", resume={first!r}) as run:\n    run.log_metric("loss", 9, step=9)\n'
    assert wrap(shell, body, "--name", "second") == 0
    second, again = sorted(shell.runs(), key=lambda run: bool(run.metrics))
    assert (again.id, again.parent, again.metrics["loss"].last) == (first, None, 9)
    assert second.name == "second"


@pytest.mark.parametrize(
    ("end", "code", "status", "reason"),
    [
        ("raise ValueError('no\\nmemory')", 1, "failed", "ValueError: no"),
        ("sys.exit(4)", 4, "failed", "exit code 4"),
        ("run.finish('pruned', reason='no better')", 0, "pruned", "no better"),
        ("os.kill(os.getpid(), 15)", -signal.SIGTERM, "interrupted", "SIGTERM"),
        ("os.kill(os.getpid(), 9)", -signal.SIGKILL, "interrupted", "SIGKILL"),
    ],
)
def test_what_the_script_says_of_its_end_counts(
    shell: Shell, end: str, code: int, status: str, reason: str
) -> None:
    assert wrap(shell, f'with reportgen.start_run("e") as run:\n    {end}\n') == code
    run = shell.run()
    assert (run.status, run.reason) == (status, reason)


def test_a_failure_that_a_second_attempt_made_good_does_not_count(shell: Shell) -> None:
    body = 'with reportgen.start_run("e", params={"a": 1}) as run:\n    sys.exit(int(sys.argv[1]))\n'
    assert wrap(shell, body, command="python train.py 3 || python train.py 0") == 0
    assert shell.run().status == "finished"


def test_a_failure_that_a_script_passes_over_counts(shell: Shell) -> None:
    body = 'with reportgen.start_run("e", params={"a": 1}) as run:\n    sys.exit(3)\n'
    assert wrap(shell, body, command="python train.py || true") == 0
    assert (shell.run().status, shell.run().reason) == ("failed", "exit code 3")


def test_what_starts_after_the_outer_run_s_end_is_a_child(shell: Shell) -> None:
    shell.wrap("true")
    outer = shell.run()
    shell.environment["REPORTGEN_RUN"] = str(shell.run_folder())
    body = 'import reportgen\nwith reportgen.start_run("e") as run: run.log_metric("loss", 1)\n'
    shell.script("late.py", body)
    shell.wrap("true")  # makes a child too
    process = shell.start_program(sys.executable, "late.py")
    assert process.communicate() == (b"", b"")
    runs = shell.runs()
    assert [run.parent for run in runs] == [None, outer.id, outer.id]
    assert [len(run.metrics) for run in runs] == [0, 0, 1]


def test_a_variable_that_leads_nowhere_is_told_and_training_goes_on(shell: Shell) -> None:
    shell.environment["REPORTGEN_RUN"] = str(shell.folder / "gone")
    shell.script("train.py", HEAD + TRAIN)
    process = shell.start_program(sys.executable, "train.py")
    assert b"no run folder" in process.communicate()[1]
    assert (process.returncode, shell.run().status) == (0, "finished")


def test_a_script_whose_command_line_was_killed_is_running_until_it_ends(shell: Shell) -> None:
    body = 'import time\nwith reportgen.start_run("e") as run:\n    print(os.getpid(), flush=True)\n    time.sleep(60)\n'
    shell.script("train.py", HEAD + body)
    process = shell.start("run", "--experiment", "e", "--", "python", "train.py")
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.kill()
    process.communicate()
    assert shell.run().status == "running"
    os.kill(child, signal.SIGKILL)
    wait_until(lambda: not is_alive(child))
    assert shell.run().status == "interrupted"


def test_build_shows_one_run(shell: Shell) -> None:
    for seed in (1, 2):
        wrap(shell, TRAIN, "--param", f"seed={seed}")
    done = shell.call("build", "runs", "--format", "json", "--json", "--no-cache")
    assert done.returncode == 0, done.stderr
    assert b"2 runs" in done.stderr
