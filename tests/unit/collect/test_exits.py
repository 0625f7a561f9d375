"""How runs end in processes of their own: killed, interrupted, failed, left open, forked."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reportgen
from reportgen.schema import boot_mark

Script = Callable[[str], subprocess.Popen[str]]
Facts = Callable[[Path], dict[tuple[str, str], Any]]
Rows = Callable[[Path], list[list[str]]]
Folder = Callable[[], Path]

STEPS = """
run = reportgen.start_run("e", capture=False)
step = 0
while True:
    run.log_metrics({"loss": 1.0 / 3, "acc": step / 7}, step=step)
    os.write(1, b"%d\\n" % step)
    step += 1
"""


def ending(facts: dict[tuple[str, str], Any]) -> tuple[str, str | None]:
    return facts["status", "status"], facts.get(("status", "reason"))


def is_locked(path: Path) -> bool:
    """Whether another process holds the lock on a run's ``alive``."""
    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@pytest.mark.parametrize("round_", range(3))
def test_sigkill_loses_no_row_whose_call_had_returned(
    start_script: Script, the_run: Folder, read_facts: Facts, round_: int
) -> None:
    process = start_script(STEPS)
    assert process.stdout is not None
    for _ in range(200 + 331 * round_):
        process.stdout.readline()
    alive = the_run() / "alive"
    assert is_locked(alive)
    process.kill()
    acknowledged = [
        line for line in process.communicate()[0].splitlines(keepends=True) if line.endswith("\n")
    ]
    text = (the_run() / "metrics.csv").read_text(encoding="utf-8")
    whole = text[: text.rfind("\n")].splitlines()[1:]
    assert len(whole) > int(acknowledged[-1]) if acknowledged else len(whole) >= 200
    assert [int(row.split(",")[1]) for row in whole] == list(range(len(whole)))
    assert not is_locked(alive)
    facts = read_facts(the_run())
    assert facts["status", "status"] == "running"
    assert facts["run", "boot"] == boot_mark()


@pytest.mark.parametrize(
    ("body", "expected", "code"),
    [
        ("raise ValueError('no\\nmemory')", ("failed", "ValueError: no"), 1),
        ("raise KeyboardInterrupt", ("interrupted", "KeyboardInterrupt"), None),
        ("sys.exit(0)", ("finished", None), 0),
        ("sys.exit()", ("finished", None), 0),
        ("sys.exit(3)", ("failed", "exit code 3"), 3),
        ("sys.exit('bad data')", ("failed", "sys.exit: bad data"), 1),
        ("pass", ("finished", None), 0),
        ("os.kill(os.getpid(), 15)", ("interrupted", "SIGTERM"), -signal.SIGTERM),
    ],
)
@pytest.mark.parametrize("is_in_block", [True, False])
def test_the_way_out_is_the_status(  # noqa: PLR0917 - fixtures are arguments
    start_script: Script,
    the_run: Folder,
    read_facts: Facts,
    body: str,
    expected: tuple[str, str | None],
    code: int | None,
    is_in_block: bool,
) -> None:
    head = (
        'with reportgen.start_run("e", capture=False) as run:\n    '
        if is_in_block
        else ('run = reportgen.start_run("e", capture=False)\n')
    )
    process = start_script(f"{head}{body}\n")
    process.communicate()
    assert ending(read_facts(the_run())) == expected
    assert code is None or process.returncode == code


def test_a_sys_exit_that_was_caught_does_not_count(
    start_script: Script, the_run: Folder, read_facts: Facts
) -> None:
    body = 'reportgen.start_run("e", capture=False)\ntry:\n    sys.exit(2)\nexcept SystemExit:\n    pass\n'
    start_script(body).communicate()
    assert ending(read_facts(the_run())) == ("finished", None)


def test_sys_exit_deep_inside_counts(start_script: Script, the_run: Folder, read_facts: Facts) -> None:
    body = 'def main():\n    reportgen.start_run("e", capture=False)\n    sys.exit(2)\nmain()\n'
    start_script(body).communicate()
    assert ending(read_facts(the_run())) == ("failed", "exit code 2")


HANDLER = """
import signal
def handler(number, frame):
    print("mine", flush=True)
    {what}
signal.signal(signal.SIGTERM, handler)
run = reportgen.start_run("e", capture=False)
os.kill(os.getpid(), signal.SIGTERM)
run.log_metric("loss", 1.0)
run.finish()
assert signal.getsignal(signal.SIGTERM) is handler
"""


def test_a_handler_that_goes_on_keeps_the_run_open(
    start_script: Script, the_run: Folder, read_facts: Facts
) -> None:
    process = start_script(HANDLER.format(what="pass"))
    assert process.communicate() == ("mine\n", "")
    assert ending(read_facts(the_run())) == ("finished", None)
    assert (the_run() / "metrics.csv").exists()


def test_a_handler_that_exits_is_an_interruption(
    start_script: Script, the_run: Folder, read_facts: Facts
) -> None:
    process = start_script(HANDLER.format(what="sys.exit(0)"))
    assert process.communicate() == ("mine\n", "")
    assert process.returncode == 0
    assert ending(read_facts(the_run())) == ("interrupted", "SIGTERM")


def test_an_ignored_sigterm_stays_ignored(start_script: Script, the_run: Folder, read_facts: Facts) -> None:
    body = (
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        'with reportgen.start_run("e", capture=False) as run:\n'
        "    os.kill(os.getpid(), signal.SIGTERM)\n    run.log_metric('loss', 1.0)\n"
    )
    assert start_script(body).communicate() == ("", "")
    assert ending(read_facts(the_run())) == ("finished", None)


def test_hooks_are_taken_out_with_the_last_run(tmp_path: Path) -> None:
    exit_before, handler_before = sys.exit, signal.getsignal(signal.SIGTERM)
    first = reportgen.start_run("e", directory=tmp_path, capture=False)
    second = reportgen.start_run("e", directory=tmp_path, capture=False)
    assert sys.exit is not exit_before
    first.finish()
    assert signal.getsignal(signal.SIGTERM) is not handler_before
    second.finish()
    assert sys.exit is exit_before
    assert signal.getsignal(signal.SIGTERM) is handler_before


def test_somebody_elses_wrapper_around_our_hooks_makes_no_loop(
    start_script: Script, tmp_path: Path, read_facts: Facts
) -> None:
    body = """
import signal
first = reportgen.start_run("first", capture=False)
ours_exit, ours_handler = sys.exit, signal.getsignal(signal.SIGTERM)
sys.exit = lambda code=None: ours_exit(code)
signal.signal(signal.SIGTERM, lambda *words: ours_handler(*words))
first.finish()
run = reportgen.start_run("second", capture=False)
os.kill(os.getpid(), signal.SIGTERM)
"""
    process = start_script(body)
    process.communicate()
    assert process.returncode == -signal.SIGTERM
    (second,) = (tmp_path / "runs" / "second").iterdir()
    assert ending(read_facts(second)) == ("interrupted", "SIGTERM")


FORK = """
with reportgen.start_run("e", capture=False) as run:
    run.log_metric("loss", 1.0, step=1)
    child = os.fork()
    if child == 0:
        {child}
    os.waitpid(child, 0)
    run.log_metric("loss", 2.0, step=2)
"""


@pytest.mark.parametrize(
    "child", ["sys.exit(0)", "raise ValueError('in the child')", "run.finish('failed'); os._exit(0)"]
)
def test_a_forked_child_neither_writes_nor_closes_the_parents_run(
    start_script: Script, the_run: Folder, read_rows: Rows, child: str
) -> None:
    process = start_script(FORK.format(child=child))
    process.communicate()
    assert process.returncode == 0
    assert sorted(path.name for path in the_run().iterdir()) == ["alive", "metrics.csv", "run.csv"]
    assert [row[4] for row in read_rows(the_run() / "run.csv") if row[2] == "status"] == [
        "running",
        "finished",
    ]
    assert len(read_rows(the_run() / "metrics.csv")) == 3


def test_a_forked_child_that_logs_gets_files_of_its_own(
    start_script: Script, the_run: Folder, read_rows: Rows, read_facts: Facts
) -> None:
    process = start_script(
        FORK.format(child="run.log_metric('loss', 9.0, step=9); run.set_tags({'rank': 1}); sys.exit(1)")
    )
    process.communicate()
    (own,) = the_run().glob("metrics.*.csv")
    assert own.name.removesuffix(".csv").rpartition("-")[2].isdigit()
    assert [row[1:] for row in read_rows(own)] == [["step", "loss"], ["9", "9.0"]]
    assert [row[1] for row in read_rows(the_run() / "metrics.csv")] == ["step", "1", "2"]
    assert read_facts(the_run())["tag", "rank"] == 1
    assert ending(read_facts(the_run())) == ("finished", None)


def test_a_killed_run_is_resumed_after_its_last_whole_row(
    start_script: Script, tmp_path: Path, the_run: Folder, read_rows: Rows, read_facts: Facts
) -> None:
    start_script(
        'run = reportgen.start_run("e", capture=False)\n'
        "run.log_metrics({'loss': 1.0, 'acc': 0.5}, step=1)\nrun.log_metric('late', 1.0)\n"
        "run.note('two\\nlines')\nos.kill(os.getpid(), 9)\n"
    ).communicate()
    folder = the_run()
    with (folder / "metrics.csv").open("ab") as file:
        file.write(b"1.0,2,10")
    with (folder / "metrics-2.csv").open("wb") as file:
        file.write(b"time,st")
    with (folder / "run.csv").open("ab") as file:
        file.write(b'5.0,note,,str,"torn in the\nmiddle of a')
    with reportgen.start_run("e", directory=tmp_path / "runs", resume=folder.name, capture=False) as run:
        run.log_metrics({"acc": 0.75, "loss": 2.0}, step=2)
        run.log_metric("late", 2.0)
    assert run.directory == folder
    assert [row[1:] for row in read_rows(folder / "metrics.csv")] == [
        ["step", "loss", "acc"],
        ["1", "1.0", "0.5"],
        ["2", "2.0", "0.75"],
    ]
    assert [row[2:] for row in read_rows(folder / "metrics-2.csv")] == [["late"], ["2.0"]]
    assert [row[4] for row in read_rows(folder / "run.csv") if row[1] == "note"] == ["two\nlines"]
    assert ending(read_facts(folder)) == ("finished", None)
    assert sorted(path.name for path in folder.iterdir()) == [
        "alive",
        "metrics-2.csv",
        "metrics.csv",
        "run.csv",
    ]


def test_the_reason_of_an_earlier_end_does_not_outlive_a_resume(tmp_path: Path, read_facts: Facts) -> None:
    with (
        pytest.raises(ValueError, match="boom"),
        reportgen.start_run("e", directory=tmp_path, capture=False) as run,
    ):
        raise ValueError("boom")
    assert ending(read_facts(run.directory)) == ("failed", "ValueError: boom")
    reportgen.start_run("e", directory=tmp_path, resume=run.id, capture=False).finish()
    assert ending(read_facts(run.directory)) == ("finished", None)


def test_a_second_writer_beside_a_living_one_has_files_of_its_own(
    start_script: Script, tmp_path: Path, the_run: Folder, read_rows: Rows, read_facts: Facts
) -> None:
    process = start_script(
        'run = reportgen.start_run("e", capture=False)\nrun.log_metric("loss", 1.0, step=1)\n'
        'print("ready", flush=True)\nsys.stdin.readline()\nrun.log_metric("loss", 2.0, step=2)\nrun.finish()\n'
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    folder = the_run()
    with reportgen.start_run("e", directory=tmp_path / "runs", resume=folder.name, capture=False) as run:
        run.log_metric("loss", 10.0, step=1)
        run.log_metric("other", 1.0, step=1)
        assert is_locked(folder / "alive")
    assert read_facts(folder)["status", "status"] == "running"
    process.communicate("go\n")
    names = {path.name for path in folder.iterdir()}
    own = {name for name in names if f"-{os.getpid()}" in name}
    assert names - own == {"alive", "metrics.csv", "run.csv"}
    assert sorted(name.partition(".")[0] for name in own) == ["alive", "metrics", "metrics"]
    assert [row[2] for row in read_rows(folder / "metrics.csv")] == ["loss", "1.0", "2.0"]
    assert ending(read_facts(folder)) == ("finished", None)


def test_a_second_writer_of_the_same_process_keeps_the_first_ones_lock(tmp_path: Path) -> None:
    with reportgen.start_run("e", directory=tmp_path, capture=False) as first:
        with reportgen.start_run("e", directory=tmp_path, resume=first.id, capture=False) as second:
            second.log_metric("loss", 2.0)
        check = (
            "import fcntl, sys\nfile = open(sys.argv[1], 'r+b')\n"
            "try:\n    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\nexcept BlockingIOError:\n    print('held')\n"
        )
        answer = subprocess.run(
            [sys.executable, "-c", check, str(first.directory / "alive")],
            capture_output=True,
            text=True,
            check=True,
        )
        assert answer.stdout == "held\n"
        first.log_metric("loss", 1.0)
    assert len(list(first.directory.glob("metrics*.csv"))) == 2


@pytest.mark.parametrize("run_id", ["nothing", "..", "../e", ""])
def test_resuming_what_is_not_there_names_what_is(tmp_path: Path, run_id: str) -> None:
    run = reportgen.start_run("e", directory=tmp_path, capture=False)
    run.finish()
    with pytest.raises(reportgen.LoggingError) as caught:
        reportgen.start_run("e", directory=tmp_path, resume=run_id)
    assert not run_id or run.id in str(caught.value)
