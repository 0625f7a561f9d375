from __future__ import annotations

import math
import platform
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reportgen import schema
from reportgen.load import load_runs
from reportgen.load.liveness import is_running, was_here
from tests.fakes.run_folders import START, run_text, write_run

HERE = platform.node()
HOLD = (
    "import fcntl, sys; file = open(sys.argv[1], 'w'); fcntl.lockf(file, fcntl.LOCK_EX);"
    "print('held', flush=True); sys.stdin.read()"
)


def status(root: Path, **facts: object) -> str:
    named = [("env", name, value) for name, value in facts.items()]
    write_run(root / "r", {"run.csv": run_text("r", status=None, facts=named)})
    return load_runs([str(root)]).runs[0].status


def test_a_lock_held_by_another_process_means_running_and_its_end_interrupted(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "alive").touch()
    lock = tmp_path / "r" / "alive.other-1"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    with holder:
        assert holder.stdout.readline() == b"held\n"
        assert status(tmp_path, host=HERE) == "running"
        holder.kill()
    assert status(tmp_path, host=HERE) == "interrupted"


def test_no_lock_tells_nothing_of_another_machines_run(tmp_path: Path) -> None:
    (tmp_path / "alive").touch()
    for here in (True, False):
        found = is_running(str(tmp_path), ["alive"], is_here=here, newest=time.time(), stale_before=START)
        assert found is not here


def test_a_machine_is_known_by_its_boot_or_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "boot_mark", lambda: "b1")
    assert was_here("b1", "other")
    assert was_here("b0", HERE)
    assert not was_here("b0", "other")
    monkeypatch.setattr(schema, "boot_mark", lambda: "")
    assert not was_here("", "")


@pytest.mark.parametrize(("age_s", "expected"), [(10.0, True), (7200.0, False), (math.nan, False)])
def test_without_locks_the_newest_rows_age_decides(tmp_path: Path, age_s: float, *, expected: bool) -> None:
    now = time.time()
    for location in (str(tmp_path), "memory://bucket/r"):
        found = is_running(location, [], is_here=True, newest=now - age_s, stale_before=now - 3600)
        assert found is expected


def test_a_run_of_this_very_process_is_running_and_its_lock_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "LIVE_DIRECTORIES", {str((tmp_path / "r").resolve())})
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "alive").touch()
    assert status(tmp_path, host=HERE) == "running"


def test_a_closing_status_needs_no_lock(tmp_path: Path) -> None:
    write_run(tmp_path / "r", {"run.csv": run_text("r", status="pruned")})
    assert load_runs([str(tmp_path)]).runs[0].status == "pruned"
