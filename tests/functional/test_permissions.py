"""What may not be read or written: told by name, the rest done, nothing half-written.

Real permissions on real files. Root may read and write everything, so as root the command runs without
the two capabilities that let it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.functional.conftest import log_study

_OBEDIENT = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
)


def run(*words: object) -> subprocess.CompletedProcess[str]:
    """Call the command line in a process that obeys permissions."""
    before = _OBEDIENT if os.geteuid() == 0 else ()
    command = [*before, sys.executable, "-m", "reportgen", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    """Give *path* other permissions for a while."""
    earlier = path.stat().st_mode
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(earlier)


@pytest.fixture
def runs(here: Path) -> Path:
    """Ten runs in the log directory of the current folder."""
    log_study(here / "runs")
    return here / "runs"


def test_a_folder_that_may_not_be_written_gets_no_output_and_that_is_told_once(
    runs: Path, here: Path
) -> None:
    (here / "out").mkdir()
    with mode(here / "out", 0o555):
        done = run("build", "--out", "out", "--title", "T")
    assert done.returncode == 1
    assert done.stdout == ""
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    assert len(errors) == 1
    assert "xlsx, pdf, html and json were not made: out: no permission to write there" in errors[0]
    assert "--out" in errors[0]
    assert list((here / "out").iterdir()) == []


def test_an_earlier_output_that_cannot_be_removed_is_called_old(runs: Path, here: Path) -> None:
    (here / "out").mkdir()
    (here / "out" / "t.json").write_text("old")
    with mode(here / "out", 0o555):
        done = run("build", "--out", "out", "--title", "T", "--format", "json")
    assert done.returncode == 1
    assert "from an earlier build and could not be removed" in done.stderr
    assert (here / "out" / "t.json").read_text() == "old"


def test_init_and_export_say_what_could_not_be_written(runs: Path, here: Path) -> None:
    with mode(here, 0o555):
        for words in (("init",), ("export", "--to", "runs.csv")):
            done = run(*words)
            assert done.returncode == 1
            (line,) = [line for line in done.stderr.splitlines() if "error:" in line]
            assert "Permission denied" in line
    assert [path.name for path in here.iterdir()] == ["runs"]


def test_what_may_not_be_read_is_counted_and_named(runs: Path, here: Path) -> None:
    folder, without_facts, without_points = sorted((runs / "digits").iterdir())[:3]
    with (
        mode(folder, 0),
        mode(without_facts / "run.csv", 0),
        mode(without_points / "metrics.csv", 0),
    ):
        done = run("build", "--format", "json", "--strict", "--no-cache")
    assert done.returncode == 3
    numbers = json.loads(Path(done.stdout.strip()).read_text("utf-8"))
    assert {Path(entry["address"]).name for entry in numbers["runs"]["skipped"]} == {
        folder.name,
        without_facts.name,
    }
    assert (numbers["runs"]["total"], numbers["runs"]["usable"]) == (8, 7)
    assert numbers["runs"]["without_value"] == 1
    assert f"note: {without_points.name}: metrics.csv cannot be read (Permission denied)" in done.stderr


def test_a_log_directory_that_may_not_be_read_is_an_error(runs: Path, here: Path) -> None:
    with mode(runs, 0):
        done = run("ls")
    assert done.returncode == 1
    assert "runs: the folder cannot be read (Permission denied)" in done.stderr


def test_where_no_cache_can_be_kept_the_report_is_made_all_the_same(
    runs: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "home").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "home"))
    with mode(runs, 0o555), mode(here / "home", 0o555):
        done = run("build", "--format", "json")
    assert done.returncode == 0
    assert "10 of 10 runs counted" in done.stderr
    assert not (runs / ".reportgen").exists()
