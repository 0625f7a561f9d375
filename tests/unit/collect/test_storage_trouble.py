"""A full disk, a vanished folder, a folder that cannot be made: the training goes on, nothing is hushed up."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reportgen
from reportgen.collect import append
from reportgen.errors import RunStorageError
from reportgen.load import load_runs
from reportgen.schema import LIVE_DIRECTORIES

Rows = Callable[[Path], list[list[str]]]


class FullDisk:
    """Stands in for ``os.write``: lets so many bytes through and then says that the disk is full."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.real = os.write

    def __call__(self, fd: int, data: bytes) -> int:
        if fd <= 2:
            return self.real(fd, data)
        if self.room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        part = bytes(data)[: self.room]
        self.room -= len(part)
        return self.real(fd, part)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    full = FullDisk(10**9)
    monkeypatch.setattr(os, "write", full)
    return full


def start(directory: Path, **options: Any) -> reportgen.Run:
    return reportgen.start_run("e", directory=directory, capture=False, **options)


@pytest.mark.parametrize("room", range(0, 70, 3))
def test_rows_wait_for_room_on_the_disk(
    tmp_path: Path, disk: FullDisk, capsys: pytest.CaptureFixture[str], room: int
) -> None:
    with start(tmp_path) as run:
        disk.room = room
        for step in range(6):
            run.log_metrics({"loss": 0.5}, step=step, time=step)
        disk.room = 10**9
        run.log_metrics({"loss": 0.5}, step=6, time=6)
    expected = "time,step,loss\n" + "".join(f"{step}.000,{step},0.5\n" for step in range(7))
    assert (run.directory / "metrics.csv").read_text(encoding="utf-8") == expected
    told = capsys.readouterr().err
    assert told.count("reportgen:") == 1
    assert "No space left on device" in told


def test_what_could_not_be_written_is_told_at_the_end(
    tmp_path: Path, disk: FullDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    run = start(tmp_path)
    run.log_metrics({"loss": 0.5}, step=0)
    disk.room = 5
    for step in range(4):
        run.log_metrics({"loss": 0.5}, step=step)
    run.finish()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "Training goes on" in lines[0]
    assert f"run {run.id}" in lines[1]
    assert "5 log calls could not be written" in lines[1]  # four rows and the closing status


def test_memory_is_bounded_and_the_rest_counted(
    tmp_path: Path,
    disk: FullDisk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    read_rows: Rows,
) -> None:
    monkeypatch.setattr(append, "MAX_KEPT_BYTES", 100)
    with start(tmp_path) as run:
        disk.room = 0
        for step in range(50):
            run.log_metrics({"loss": 0.5}, step=step, time=0)
        disk.room = 10**9
    kept = len(read_rows(run.directory / "metrics.csv")) - 1
    assert 0 < kept < 10
    assert f"{50 - kept} log calls could not be written" in capsys.readouterr().err


def test_strict_runs_raise(tmp_path: Path, disk: FullDisk) -> None:
    run = start(tmp_path, strict=True)
    disk.room = 3
    with pytest.raises(RunStorageError, match=r"metrics\.csv.*No space left") as caught:
        run.log_metrics({"loss": 0.5}, step=1, time=1)
    assert isinstance(caught.value, OSError)
    disk.room = 10**9
    run.log_metrics({"loss": 0.5}, step=2, time=2)
    run.finish()
    text = (run.directory / "metrics.csv").read_text(encoding="utf-8")
    assert text == "time,step,loss\n1.000,1,0.5\n2.000,2,0.5\n"


def test_a_folder_that_cannot_be_made_does_not_stop_the_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "runs").write_text("a file in the way", encoding="utf-8")
    with start(tmp_path / "runs", params={"lr": 0.1}) as run:
        run.log_metrics({"loss": 0.5}, step=1)
    told = capsys.readouterr().err
    assert "Training goes on" in told
    assert "3 log calls could not be written" in told
    with pytest.raises(RunStorageError, match="cannot be written"):
        start(tmp_path / "runs", strict=True)


def test_a_folder_that_can_be_made_later_gets_everything(tmp_path: Path, read_rows: Rows) -> None:
    blocker = tmp_path / "runs"
    blocker.write_text("a file in the way", encoding="utf-8")
    with start(blocker, params={"lr": 0.1}) as run:
        run.log_metrics({"loss": 0.5}, step=1)
        blocker.unlink()
        run.log_metrics({"loss": 0.5}, step=2)
    assert [row[1] for row in read_rows(run.directory / "metrics.csv")] == ["step", "1", "2"]
    facts = [row[2] for row in read_rows(run.directory / "run.csv")]
    assert facts[1:] == ["schema", "id", "experiment", "started", "lr", "boot", "status", "status"]


def test_a_vanished_folder_is_noticed_and_not_brought_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("reportgen.collect.run._CHECK_EVERY_S", 0.0)
    with start(tmp_path) as run:
        run.log_metrics({"loss": 0.5}, step=1)
        shutil.rmtree(run.directory)
        run.log_metrics({"loss": 0.5}, step=2)
        run.log_metrics({"loss": 0.5}, step=3)
    assert not run.directory.exists()
    told = capsys.readouterr().err
    assert "deleted while it was written" in told
    # the closing status and two steps after; the start's facts and one step before
    assert "3 log calls could not be written, 2 were written to files that somebody deleted" in told


def test_rows_of_the_last_second_before_a_deletion_was_noticed_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = start(tmp_path)
    for step in range(7):
        run.log_metrics({"loss": 0.5}, step=step)
    shutil.rmtree(run.directory)
    for step in range(5):
        run.log_metrics({"loss": 0.5}, step=step)
    run.finish()
    told = capsys.readouterr().err
    assert "0 log calls could not be written, 14 were written to files that somebody deleted" in told
    assert told.count("reportgen:") == 2


def test_an_artifact_that_does_not_fit_is_told_and_leaves_no_half_copy(
    tmp_path: Path, disk: FullDisk, capsys: pytest.CaptureFixture[str], read_rows: Rows
) -> None:
    model = tmp_path / "model.bin"
    model.write_bytes(b"x" * 5000)
    with start(tmp_path / "runs") as run:
        disk.room = 1000
        run.log_artifact(model)
        disk.room = 10**9
    assert list((run.directory / "artifacts").iterdir()) == []
    assert "artifact" not in [row[1] for row in read_rows(run.directory / "run.csv")]
    assert "artifact 'model.bin' could not be logged (No space left on device)" in capsys.readouterr().err


def test_no_standard_error_is_no_trouble(
    tmp_path: Path, disk: FullDisk, monkeypatch: pytest.MonkeyPatch, read_rows: Rows
) -> None:
    monkeypatch.setattr("sys.stderr", None)
    with start(tmp_path) as run:
        disk.room = 0
        run.log_metrics({"loss": 0.5}, step=1)
        disk.room = 10**9
    assert len(read_rows(run.directory / "metrics.csv")) == 2


def test_the_lock_is_taken_back_when_other_code_closed_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing any descriptor of ``alive`` in this process drops the lock; a second later it is back."""
    check = (
        "import fcntl, sys\nfile = open(sys.argv[1], 'r+b')\n"
        "try:\n    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\nexcept BlockingIOError:\n    print('held')\n"
    )
    monkeypatch.setattr("reportgen.collect.run._CHECK_EVERY_S", 0.0)
    with start(tmp_path) as run:
        run.log_metric("loss", 1.0)
        alive = run.directory / "alive"
        alive.read_bytes()
        command = [sys.executable, "-c", check, str(alive)]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""
        run.log_metric("loss", 1.0)
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "held\n"


def test_a_strict_run_that_cannot_start_is_not_left_open(tmp_path: Path, disk: FullDisk) -> None:
    disk.room = 10
    with pytest.raises(RunStorageError, match=r"run\.csv"):
        start(tmp_path, strict=True)
    assert set() == LIVE_DIRECTORIES


def test_a_read_only_file_system_does_not_stop_the_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``/sys`` is one that not even root may write to."""
    with start(Path("/sys/reportgen"), params={"lr": 0.1}) as run:
        for step in range(3):
            run.log_metrics({"loss": 0.5}, step=step)
        run.log_artifact(__file__)
    told = capsys.readouterr().err
    assert told.count("Training goes on") == 2  # once for the rows, once for the artifact
    assert "5 log calls could not be written, and 1 artifacts" in told
    with pytest.raises(RunStorageError, match="cannot be written"):
        start(Path("/sys/reportgen"), strict=True)


FULL_DISK = """
import os, sys
import reportgen
run = reportgen.start_run("e", directory=sys.argv[1], capture=False)
with open(os.path.join(sys.argv[1], "ballast"), "wb", buffering=0) as file:
    file.write(bytes(1 << 20))
step = 0
while os.statvfs(sys.argv[1]).f_bavail:
    run.log_metrics({"loss": 1.0 / 3, "acc": 2.0 / 7}, step=step)
    step += 1
written = step
for step in range(written, written + 10_000):
    run.log_metrics({"loss": 1.0 / 3, "acc": 2.0 / 7}, step=step)
if sys.argv[2] == "freed":
    os.unlink(os.path.join(sys.argv[1], "ballast"))
run.finish()
text = (run.directory / "metrics.csv").read_bytes()
whole = text[: text.rfind(b"\\n")].decode().splitlines()[1:]
assert [int(row.split(",")[1]) for row in whole] == list(range(len(whole)))
assert len(whole) >= written, (len(whole), written)
print(step + 1, len(whole), (run.directory / "run.csv").read_text().count("finished"))
"""


@pytest.mark.parametrize("is_freed", [False, True])
def test_a_real_full_disk_keeps_what_was_written_and_counts_the_rest(tmp_path: Path, is_freed: bool) -> None:
    """On a file system of 2 MiB, mounted for this process alone; where that is not allowed, on ``/dev/full``'s error."""
    mount = tmp_path / "small"
    mount.mkdir()
    script = tmp_path / "train.py"
    script.write_text(FULL_DISK, encoding="utf-8")
    words = [sys.executable, str(script), str(mount), "freed" if is_freed else "full"]
    shell = f"mount -t tmpfs -o size=2m none {shlex.quote(str(mount))} && exec {shlex.join(words)}"
    root = Path(reportgen.__file__).parents[1]
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", shell],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this system lets nobody mount; the faults at os.write above stand for it")
    assert done.returncode == 0, done.stderr
    logged, read, finished = map(int, done.stdout.split())
    told = done.stderr.splitlines()
    assert "No space left on device" in told[0]
    if is_freed:
        assert (logged, finished, len(told)) == (read, 1, 1)
    else:
        missing = logged - read + 1 - finished  # the closing status is a call too
        assert len(told) == 2
        assert f": {missing} log calls could not be written" in told[1]


def test_a_process_that_ends_without_a_word_leaves_an_interrupted_run(
    start_script: Callable[[str], subprocess.Popen[str]], tmp_path: Path
) -> None:
    body = "run = reportgen.start_run('e', capture=False)\nrun.log_metric('loss', 1.0)\nos._exit(0)\n"
    start_script(body).communicate()
    (read,) = load_runs([str(tmp_path / "runs")], cache=False).runs
    assert (read.status, read.metrics["loss"].points) == ("interrupted", 1)


def test_a_clock_that_is_set_back_changes_no_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_rows: Rows
) -> None:
    now = [2_000_000.0]
    monkeypatch.setattr("reportgen.collect.run.clock", lambda: now[0])
    monkeypatch.setattr("reportgen.collect.start.clock", lambda: now[0])
    with start(tmp_path) as run:
        for step in range(3):
            run.log_metrics({"loss": 1.0 - step / 4}, step=step)
            now[0] -= 3600
    assert [row[0] for row in read_rows(run.directory / "metrics.csv")[1:]] == ["2000000.000"] * 3
    (read,) = load_runs([str(tmp_path)], cache=False).runs
    assert (read.status, read.metrics["loss"].last, read.duration_s) == ("finished", 0.5, 0.0)


def test_a_machine_with_a_slow_clock_goes_on_with_a_run_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [2_000_000.0]
    monkeypatch.setattr("reportgen.collect.run.clock", lambda: now[0])
    monkeypatch.setattr("reportgen.collect.start.clock", lambda: now[0])
    with start(tmp_path, params={"lr": 0.1}) as run:
        run.log_metrics({"loss": 1.0}, step=5)
        run.note("x" * 10_000)
    now[0] -= 1800
    with start(tmp_path, resume=run.id, params={"lr": 0.2}) as again:
        again.log_metrics({"loss": 0.25}, step=5)
        (read,) = load_runs([str(tmp_path)], cache=False).runs
        assert (read.status, read.params["lr"]) == ("running", 0.2)
    (read,) = load_runs([str(tmp_path)], cache=False).runs
    assert (read.status, read.metrics["loss"].last, read.duration_s) == ("finished", 0.25, 0.0)


def test_a_run_with_windows_line_ends_is_resumed_and_read(tmp_path: Path) -> None:
    with start(tmp_path, params={"lr": 0.1}) as run:
        run.log_metrics({"loss": 1.0, "acc": 0.5}, step=0)
        run.note("two\nlines")
    for path in run.directory.glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with (run.directory / "metrics.csv").open("ab") as file:
        file.write(b"1.0,1,0.")  # torn
    with start(tmp_path, resume=run.id) as again:
        again.log_metrics({"acc": 0.75, "loss": 0.5}, step=1)
    found = load_runs([str(tmp_path)], cache=False)
    (read,) = found.runs
    assert (found.notes, found.skipped, read.status, read.params) == ((), (), "finished", {"lr": 0.1})
    assert (read.metrics["loss"].points, read.metrics["loss"].last, read.metrics["acc"].last) == (
        2,
        0.5,
        0.75,
    )
