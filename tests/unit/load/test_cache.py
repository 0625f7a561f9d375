from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from reportgen.load import load_runs
from reportgen.load.summary import summarise
from tests.fakes.run_folders import PAST_NS, START, run_text, simple_run, wide_text, write_run


@pytest.fixture
def read_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Give the list in which the addresses of runs appear whenever they are really read."""
    seen: list[str] = []

    def spy(folders: list[object]) -> object:
        seen.extend(Path(folder.address).name for folder in folders)  # type: ignore[attr-defined]  # run folders
        return summarise(folders)  # type: ignore[arg-type]  # the same

    monkeypatch.setattr("reportgen.load.summary.summarise", spy)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user-cache"))
    return seen


def test_only_what_changed_is_read_again(tmp_path: Path, read_runs: list[str]) -> None:
    for run_id in "abc":
        simple_run(tmp_path / "runs", run_id)
    load_runs([str(tmp_path / "runs")])
    simple_run(tmp_path / "runs", "d")
    points = tmp_path / "runs" / "digits" / "b" / "metrics.csv"
    points.write_text(wide_text(["loss"], [(START, 0, 42)]), encoding="utf-8")
    read_runs.clear()
    runs = load_runs([str(tmp_path / "runs")])
    assert sorted(read_runs) == ["b", "d"]
    assert [run.metrics["loss"].max for run in runs.runs] == [3, 42, 3, 3]
    assert repr(load_runs([str(tmp_path / "runs")], cache=False)) == repr(runs)


def test_the_same_size_with_another_time_is_read_again(tmp_path: Path, read_runs: list[str]) -> None:
    folder = simple_run(tmp_path, "a", losses=[3])
    load_runs([str(tmp_path)])
    write_run(folder, {"metrics.csv": wide_text(["loss"], [(START, 0, 4)])}, mtime_ns=PAST_NS + 1)
    assert load_runs([str(tmp_path)]).runs[0].metrics["loss"].last == 4


def test_a_file_that_changed_right_before_it_was_read_is_not_trusted(
    tmp_path: Path, read_runs: list[str]
) -> None:
    folder = simple_run(tmp_path, "a", losses=[3])
    now = time.time_ns()
    os.utime(folder / "metrics.csv", ns=(now, now))
    load_runs([str(tmp_path)])
    write_run(folder, {"metrics.csv": wide_text(["loss"], [(START, 0, 4)])}, mtime_ns=now)
    assert load_runs([str(tmp_path)]).runs[0].metrics["loss"].last == 4


@pytest.mark.parametrize("damage", [b"", b"not parquet", b"PAR1" + b"\0" * 500 + b"PAR1"])
def test_a_damaged_cache_is_ignored_and_written_anew(
    tmp_path: Path, read_runs: list[str], damage: bytes
) -> None:
    simple_run(tmp_path, "a")
    expected = load_runs([str(tmp_path)])
    file = tmp_path / ".reportgen" / "runs.parquet"
    file.write_bytes(damage)
    read_runs.clear()
    assert load_runs([str(tmp_path)]) == expected
    assert read_runs == ["a"]
    assert load_runs([str(tmp_path)]) == expected
    assert read_runs == ["a"]


def test_flipped_bytes_never_change_what_is_told(tmp_path: Path, read_runs: list[str]) -> None:
    simple_run(tmp_path, "a")
    expected = load_runs([str(tmp_path)])
    file = tmp_path / ".reportgen" / "runs.parquet"
    good = file.read_bytes()
    for place in range(4, len(good), 97):
        file.write_bytes(good[:place] + bytes([good[place] ^ 0x40]) + good[place + 1 :])
        assert load_runs([str(tmp_path)]) == expected, place


def test_a_foreign_or_older_cache_is_ignored(
    tmp_path: Path, read_runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    simple_run(tmp_path, "a")
    expected = load_runs([str(tmp_path)])
    monkeypatch.setattr("reportgen.load.cache.CACHE_VERSION", "other")
    read_runs.clear()
    assert load_runs([str(tmp_path)]) == expected
    pq.write_table(pa.table({"a": [1]}), tmp_path / ".reportgen" / "runs.parquet")
    assert load_runs([str(tmp_path)]) == expected
    assert read_runs == ["a", "a"]


def test_where_the_log_directory_cannot_be_written_the_users_cache_folder_serves(
    tmp_path: Path, read_runs: list[str]
) -> None:
    simple_run(tmp_path / "runs", "a")
    (tmp_path / "runs" / ".reportgen").write_text("in the way", encoding="utf-8")
    expected = load_runs([str(tmp_path / "runs")])
    assert len(list((tmp_path / "user-cache" / "reportgen").glob("*.parquet"))) == 1
    assert load_runs([str(tmp_path / "runs")]) == expected
    assert read_runs == ["a"]


def test_where_nothing_can_be_written_reading_is_just_slower(
    tmp_path: Path, read_runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    simple_run(tmp_path / "runs", "a")
    (tmp_path / "runs" / ".reportgen").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "runs" / ".reportgen"))
    expected = load_runs([str(tmp_path / "runs")])
    assert load_runs([str(tmp_path / "runs")]) == expected
    assert read_runs == ["a", "a"]


def test_one_experiment_and_its_log_directory_share_a_cache(tmp_path: Path, read_runs: list[str]) -> None:
    folder = simple_run(tmp_path, "a")
    simple_run(tmp_path, "b", experiment="other")
    load_runs([str(tmp_path)])
    load_runs([str(tmp_path / "digits")])
    load_runs([str(folder)])
    load_runs([str(tmp_path)])
    assert sorted(read_runs) == ["a", "b"]
    assert not (tmp_path / "digits" / ".reportgen").exists()


def test_runs_that_went_leave_the_cache(tmp_path: Path, read_runs: list[str]) -> None:
    import pyarrow.parquet as pq

    folder = simple_run(tmp_path, "a")
    simple_run(tmp_path, "b")
    load_runs([str(tmp_path)])
    folder.rename(tmp_path / "digits" / "c")
    assert [run.id for run in load_runs([str(tmp_path)]).runs] == ["a", "b"]
    with pq.ParquetFile(tmp_path / ".reportgen" / "runs.parquet") as file:
        assert file.read().column("location").to_pylist() == ["digits/b", "digits/c"]


def test_a_moved_log_directory_keeps_its_cache(tmp_path: Path, read_runs: list[str]) -> None:
    simple_run(tmp_path / "old", "a")
    load_runs([str(tmp_path / "old")])
    (tmp_path / "old").rename(tmp_path / "new")
    assert load_runs([str(tmp_path / "new")]).runs[0].address == str(tmp_path / "new" / "digits" / "a")
    assert read_runs == ["a"]


def test_a_run_that_could_not_be_read_is_tried_again(tmp_path: Path, read_runs: list[str]) -> None:
    folder = simple_run(tmp_path, "a")
    write_run(folder, {"metrics.csv": "time,step,loss\n1.0,0,1\n"})
    (folder / "metrics.csv").rename(folder / "kept")
    (folder / "metrics.csv").symlink_to(folder / "kept")
    load_runs([str(tmp_path)])
    text = run_text("b", status=None)
    write_run(tmp_path / "digits" / "b", {"run.csv": text})
    (tmp_path / "digits" / "b" / "alive").touch()
    for stale, expected in ((1e12, "running"), (1.0, "interrupted")):
        runs = load_runs([str(tmp_path)], stale_after_s=stale).runs
        assert next(run.status for run in runs if run.id == "b") == expected
