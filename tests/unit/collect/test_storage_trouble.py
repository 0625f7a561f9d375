"""A full disk, a vanished folder, a folder that cannot be made: the training goes on, nothing is hushed up."""

from __future__ import annotations

import errno
import os
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
    assert "log calls could not be written" in told


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
