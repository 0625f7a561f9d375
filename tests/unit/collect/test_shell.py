"""``reportgen log``: from a shell script into the run around it, by many processes at once."""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.cli.words import typed_value
from reportgen.collect.append import RunFolder
from reportgen.collect.shell import SharedFile
from reportgen.config.command_line import parse_value
from reportgen.load import load_runs
from tests.unit.collect.shells import Shell, wait_until

SCRIPT = """\
#!/bin/bash
set -e
echo 'x,y' > train.csv; echo '1,2' >> train.csv; echo weights > model.bin
reportgen log --param lr=0.1 --param depth=3 --dataset train=train.csv --version v1
for epoch in 0 1 2; do
  reportgen log loss=0.$((9 - epoch)) val_accuracy=0.$((7 + epoch)) --step $epoch
done
reportgen log --tag stage=two --note 'a "note",
over two lines' --artifact model.bin --kind model
"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_a_script_without_python_makes_a_complete_run(shell: Shell) -> None:
    shell.script("train.sh", SCRIPT)
    done = shell.wrap("./train.sh", options=("--param", "seed=1"))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    run = shell.run()
    assert run.status == "finished"
    assert run.params == {"seed": 1, "lr": 0.1, "depth": 3}
    assert run.tags == {"stage": "two"}
    assert run.notes == ('a "note",\nover two lines',)
    loss, accuracy = run.metrics["loss"], run.metrics["val_accuracy"]
    assert (loss.points, loss.first, loss.last, loss.last_step) == (3, 0.9, 0.7, 2.0)
    assert (accuracy.points, accuracy.last) == (3, 0.9)
    assert (run.data["train"]["version"], run.data["train"]["rows"]) == ("v1", 1)
    assert run.artifacts["model.bin"]["kind"] == "model"
    assert (Path(run.address) / "artifacts" / "model.bin").read_text() == "weights\n"


@pytest.fixture
def open_run(shell: Shell) -> Path:
    """A run that its script left open, as one that was killed."""
    process = shell.start("run", "--experiment", "e", "--no-capture", "--", "sh", "-c", "echo up; sleep 60")
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate()
    return shell.run_folder()


def test_sixteen_at_once_lose_nothing(shell: Shell, open_run: Path) -> None:
    """All begin together, so that they race for the header too."""
    gate = shell.folder / "gate"
    loop = f"until [ -e {gate} ]; do :; done; for i in 1 2; do reportgen log m=$((100 * N + i)) --step $((100 * N + i)) --param p$N.$i=$N; done"
    environment = {**shell.environment, "REPORTGEN_RUN": str(open_run)}
    processes = [
        subprocess.Popen(["bash", "-c", loop], env={**environment, "N": str(number)}) for number in range(16)
    ]
    gate.touch()
    assert [process.wait() for process in processes] == [0] * 16
    with (open_run / "metrics.shell.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["time", "step", "name", "value"]
    expected = sorted(100.0 * number + i for number in range(16) for i in (1, 2))
    assert sorted(float(row[3]) for row in rows) == expected
    run = shell.run()  # and the loader sees nothing amiss
    assert run.metrics["m"].points == 32
    assert run.params == {f"p{number}.{i}": number for number in range(16) for i in (1, 2)}


RACE = """\
import os, sys, time
from reportgen.collect.append import RunFolder
from reportgen.collect.shell import SharedFile
directory, number = sys.argv[1], int(sys.argv[2])
folder = RunFolder(directory, strict=True)
folder.is_made = True
sys.stdin.readline()
for at in range(300):
    SharedFile(folder, f"metrics-{at}.csv", "time,step,name,value\\n").append(b"1,%d,a,1\\n2,%d,b,2\\n" % (number, number))
"""


def test_the_race_for_the_header_has_one_winner(tmp_path: Path) -> None:
    """Three hundred new files, each begun by eight processes at about the same moment."""
    processes = [
        subprocess.Popen([sys.executable, "-c", RACE, str(tmp_path), str(number)], stdin=subprocess.PIPE)
        for number in range(8)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0] * 8
    for at in range(300):
        lines = (tmp_path / f"metrics-{at}.csv").read_text().splitlines()
        assert lines[0] == "time,step,name,value"
        assert sorted(lines[1:]) == sorted(
            [f"1,{n},a,1" for n in range(8)] + [f"2,{n},b,2" for n in range(8)]
        )
        assert all(
            lines[i + 1] == lines[i].replace("1,", "2,", 1).replace("a,1", "b,2") for i in range(1, 17, 2)
        )


def test_what_a_killed_writer_left_of_a_row_is_cut_off(tmp_path: Path) -> None:
    folder = RunFolder(str(tmp_path), strict=True)
    for name, torn in (("run.shell.csv", '1.0,note,,str,"half of\n'), ("metrics.shell.csv", "1.0,1,lo")):
        (tmp_path / name).write_text(f"head\n{torn}")
        SharedFile(folder, name, "head\n").append(b"row\n")
        assert (tmp_path / name).read_text() == "head\nrow\n"
    (tmp_path / "run.shell.csv").write_text("he")
    SharedFile(folder, "run.shell.csv", "head\n").append(b"row\n")
    assert (tmp_path / "run.shell.csv").read_text() == "head\nrow\n"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["loss=high"], 2, "metric 'loss': 'high' is no number"),
        (["loss=0,31"], 2, "'0,31' is no number"),
        (["loss=1_000"], 2, "'1_000' is no number"),
        (["loss"], 2, "'loss' is no NAME=NUMBER"),
        (["a=1", "a=2"], 2, "metric 'a' is given twice"),
        ([], 2, "there is nothing to log"),
        (["a=1", "--step", "one"], 2, "--step: 'one' is no number"),
        (["a=1", "--step", "nan"], 1, "nan is no step"),
        (["a=1", "--time", "yesterday"], 2, "--time 'yesterday' is no time"),
        (["--param", "lr"], 2, "--param 'lr' is no NAME=VALUE"),
        (["--tag", "x=1", "--step", "1"], 2, "--step says more about a metric"),
        (["--tag", "x=1", "--reason", "y"], 2, "--reason says more about --status"),
        (["a=1", "--artifact", "no.bin"], 1, "there is no file 'no.bin'"),
        (["a=1", "--dataset", "train=no.csv"], 1, "there is no"),
        (["a=1", "--run", "2025"], 1, "there is no run '2025'"),
        (["a" * 251 + "=1"], 1, "at most 250 characters"),
    ],
)
def test_a_mistake_is_told_and_nothing_of_the_call_is_written(
    shell: Shell, open_run: Path, words: list[str], code: int, told: str
) -> None:
    shell.environment["REPORTGEN_RUN"] = str(open_run)
    before = sorted(path.name for path in open_run.iterdir())
    done = shell.call("log", *words)
    error = done.stderr.decode()
    assert done.returncode == code, error
    assert told in error
    assert "Traceback" not in error
    assert sorted(path.name for path in open_run.iterdir()) == before


def test_outside_of_a_run_the_error_says_what_to_do(shell: Shell) -> None:
    done = shell.call("log", "loss=1")
    assert done.returncode == 1
    assert b"REPORTGEN_RUN is not set" in done.stderr
    assert b"reportgen run --experiment" in done.stderr


def test_a_run_is_named_by_folder_id_or_the_start_of_it(shell: Shell, open_run: Path) -> None:
    for name in (str(open_run), open_run.name, open_run.name[:18]):
        done = shell.call("log", "a=1", "--run", name)
        assert done.returncode == 0, done.stderr
    assert shell.run().metrics["a"].points == 3
    shell.wrap("true")
    done = shell.call("log", "a=1", "--run", "20")
    assert done.returncode == 1
    assert b"'20' fits 2 runs" in done.stderr


def test_a_finished_run_takes_words_but_no_numbers(shell: Shell) -> None:
    shell.wrap("true")
    run = shell.run_folder()
    refused = shell.call("log", "a=1", "--run", str(run))
    assert refused.returncode == 1
    assert f"the run {run.name} is finished".encode() in refused.stderr
    assert shell.call("log", "--tag", "checked=true", "--note", "fine", "--run", str(run)).returncode == 0
    assert (shell.run().tags, shell.run().notes, shell.run().status) == (
        {"checked": True},
        ("fine",),
        "finished",
    )


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("reportgen log --status pruned --reason 'no better'", ("pruned", "no better")),
        ("reportgen log --status failed --reason 'bad data'; exit 7", ("failed", "bad data")),
        ("reportgen log --status pruned; exit 7", ("pruned", "")),
    ],
)
def test_the_script_may_say_how_it_ended(shell: Shell, script: str, expected: tuple[str, str]) -> None:
    shell.wrap("bash", "-c", script)
    assert (shell.run().status, shell.run().reason) == expected


def test_a_full_disk_does_not_end_a_script(shell: Shell) -> None:
    """The limit of a file's size stands for it: the write fails, and `set -e` must not notice."""
    script = (
        "set -e; reportgen log a=1; f=$REPORTGEN_RUN/metrics.shell.csv;"
        "(trap '' XFSZ; ulimit -f 0; reportgen log a=2; ! reportgen log a=3 --strict); reportgen log a=4; echo on"
    )
    done = shell.wrap("bash", "-c", script)
    assert done.stdout == b"on\n"
    assert b"cannot be written (File too large). Nothing was logged. The script goes on" in done.stderr
    metric = shell.run().metrics["a"]
    assert (metric.points, metric.last) == (2, 4.0)


def test_a_given_time_counts(shell: Shell, open_run: Path) -> None:
    shell.call("log", "a=1", "--time", "2026-11-01T08:00+01:00", "--run", str(open_run))
    shell.call("log", "a=2", "--time", "1700000000.5", "--run", str(open_run))
    text = (open_run / "metrics.shell.csv").read_text()
    assert text == "time,step,name,value\n1793516400.000,,a,1.0\n1700000000.500,,a,2.0\n"


def test_log_is_light(shell: Shell, open_run: Path) -> None:
    """CPU of one call against that of a bare interpreter: nothing but the standard library, and little of it."""
    code = (
        "import sys; before = set(sys.modules)\n"
        "from reportgen.cli import main\n"
        f"assert main(['log', 'a=1', '--param', 'b=2', '--run', {str(open_run)!r}]) == 0\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before} - {'reportgen'}\n"
        "print(sorted(new - set(sys.stdlib_module_names) | new & {'subprocess', 'dataclasses', 'asyncio'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    log = min(_cpu(shell, "reportgen", "log", "a=1", "--run", str(open_run)) for _ in range(5))
    bare = min(_cpu(shell, sys.executable, "-c", "pass") for _ in range(5))
    assert log - bare < 0.1


def _cpu(shell: Shell, *command: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=shell.environment, cwd=shell.folder, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize(
    "text",
    ["1", "-2", "+3", "0", "007", "1.5", "1.", ".5", "1e5", "1e-05", "1E3", "e5", "nan", "inf", "true", "True", "null",
     "none", '"01"', "'a b'", '"', "", "1_000", "a=b", "-", "--x", "1,2", "²"],
)  # fmt: skip
def test_values_are_read_as_those_of_build(text: str) -> None:
    ours, theirs = typed_value(text), parse_value(text)
    assert (type(ours), ours) == (type(theirs), theirs)


def test_json_is_a_value_and_what_only_looks_like_it_is_text() -> None:
    assert typed_value('{"a": [1, null]}') == {"a": [1, None]}
    assert typed_value("[1, 2") == "[1, 2"


def test_a_note_of_a_slow_script_reaches_the_run_while_it_runs(shell: Shell) -> None:
    process = shell.start("run", "--experiment", "e", "--", "sh", "-c", "reportgen log a=1; echo up; read x")
    assert process.stdout is not None
    process.stdout.readline()
    (run,) = load_runs([str(shell.folder / "runs")], cache=False).runs
    assert (run.status, run.metrics["a"].points) == ("running", 1)
    process.communicate(b"\n", timeout=20)
    wait_until(lambda: shell.run().status == "finished")
