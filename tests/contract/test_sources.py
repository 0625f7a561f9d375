"""Every source of runs: addresses in, run folders out; nothing that is there goes unsaid."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from reportgen.errors import AddressError, NothingToReportError
from reportgen.load import RunSource, load_runs
from reportgen.load.folders import RunFolderSource
from reportgen.load.tables.source import TableSource
from reportgen.runs import RunSet
from tests.fakes.run_folders import START, run_text, simple_run, wide_text, write_run

SOURCES: list[RunSource] = [RunFolderSource()]


@pytest.fixture
def memory() -> Iterator[str]:
    """Give the address of three runs in an object store that lives in memory."""
    system = fsspec.filesystem("memory")
    for run_id in ("a", "b", "c"):
        system.pipe(f"/bucket/runs/digits/{run_id}/run.csv", run_text(run_id).encode())
        points = wide_text(["loss"], [(START, 0, 3), (START + 1, 1, 1)]).encode()
        system.pipe(f"/bucket/runs/digits/{run_id}/metrics.csv", points)
        system.pipe(f"/bucket/runs/digits/{run_id}/artifacts/run/run.csv", b"not a run")
    yield "memory://bucket/runs"
    system.rm("/bucket", recursive=True)


def ids(runs: RunSet) -> list[str]:
    return [run.id for run in runs.runs]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.kind)
def test_a_source_gives_folders_that_travel_to_another_process(source: RunSource, tmp_path: Path) -> None:
    simple_run(tmp_path, "a")
    found = source.discover(str(tmp_path))
    assert source.accepts(str(tmp_path))
    assert pickle.loads(pickle.dumps(found.folders)) == found.folders  # noqa: S301 - our own bytes
    assert pickle.loads(pickle.dumps(source.summarise))(found.folders).num_rows == 1  # noqa: S301 - the same


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.kind)
def test_a_source_says_where_it_looked_when_nothing_is_there(source: RunSource, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(AddressError) as caught:
        source.discover(str(tmp_path / "digits"))
    assert str(tmp_path / "digits") in caught.value.message
    assert "other" in caught.value.found
    assert caught.value.do


def test_a_run_is_found_by_itself_at_any_depth_by_a_pattern_and_by_a_file_url(tmp_path: Path) -> None:
    folder = simple_run(tmp_path / "team" / "runs", "a")
    simple_run(tmp_path / "team" / "runs", "b")
    for address, expected in (
        (folder, ["a"]),
        (tmp_path, ["a", "b"]),
        (tmp_path / "*" / "runs" / "digits" / "[b]", ["b"]),
        (f"file://{tmp_path}", ["a", "b"]),
    ):
        assert ids(load_runs([str(address)])) == expected


def test_a_folder_whose_name_is_a_pattern_is_taken_by_its_name(tmp_path: Path) -> None:
    simple_run(tmp_path / "runs[1]", "a")
    simple_run(tmp_path / "runs1", "b")
    assert ids(load_runs([str(tmp_path / "runs[1]")])) == ["a"]


def test_a_home_folder_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    simple_run(tmp_path / "runs", "a")
    assert ids(load_runs(["~/runs"])) == ["a"]


def test_an_object_store_gives_the_same_runs(
    memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    runs = load_runs([memory])
    assert ids(runs) == ["a", "b", "c"]
    assert runs.runs[0].metrics["loss"].min == 1
    assert runs.runs[0].address == "memory:///bucket/runs/digits/a"
    assert load_runs([memory]) == runs
    assert ids(load_runs(["memory://bucket/runs/*/b"])) == ["b"]
    assert runs.curves.read(["b"], ["loss"])[0].values == (3.0, 1.0)
    with pytest.raises(AddressError, match="nothing is there"):
        load_runs(["memory://bucket/other"])


def test_an_unknown_kind_of_address_is_named() -> None:
    with pytest.raises(AddressError, match="nosuch"):
        load_runs(["nosuch://bucket/runs"])


def test_overlapping_addresses_give_each_run_once(tmp_path: Path) -> None:
    folder = simple_run(tmp_path, "a")
    simple_run(tmp_path, "b")
    (tmp_path / "link").symlink_to(tmp_path / "digits")
    runs = load_runs([str(folder), str(tmp_path), str(tmp_path / "link"), str(tmp_path)])
    assert ids(runs) == ["a", "b"]
    assert [source.runs for source in runs.sources] == [1, 1, 0]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    folder = simple_run(tmp_path, "a")
    (folder.parent / "loop").symlink_to(tmp_path)
    assert ids(load_runs([str(tmp_path)])) == ["a"]


def test_foreign_files_and_hidden_folders_are_left_alone(tmp_path: Path) -> None:
    folder = simple_run(tmp_path, "a")
    write_run(folder / "artifacts" / "copy", {"run.csv": run_text("inner")})
    write_run(tmp_path / ".trash" / "old", {"run.csv": run_text("old")})
    (tmp_path / "runs.csv").write_text("id,name\n", encoding="utf-8")
    (tmp_path / "notes").mkdir()
    runs = load_runs([str(tmp_path)])
    assert ids(runs) == ["a"]
    assert runs.skipped == ()


def test_points_without_facts_are_skipped_with_a_reason(tmp_path: Path) -> None:
    simple_run(tmp_path, "a")
    write_run(tmp_path / "version_0", {"metrics.csv": "epoch,loss\n1,2\n"})
    skipped = load_runs([str(tmp_path)]).skipped
    assert [run.address for run in skipped] == [str(tmp_path / "version_0")]
    assert "no run.csv" in skipped[0].reason


def test_an_empty_folder_tells_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NothingToReportError, match="start_run") as caught:
        load_runs([str(tmp_path)])
    assert "1 folders looked at" in caught.value.found


def test_an_empty_folder_among_others_is_told(tmp_path: Path) -> None:
    simple_run(tmp_path / "full", "a")
    (tmp_path / "empty").mkdir()
    runs = load_runs([str(tmp_path / "empty"), str(tmp_path / "full")])
    assert ids(runs) == ["a"]
    assert [run.address for run in runs.skipped] == [str(tmp_path / "empty")]


def test_a_file_or_an_unreadable_pattern_is_no_address(tmp_path: Path) -> None:
    (tmp_path / "run.csv").write_text(run_text("a"), encoding="utf-8")
    with pytest.raises(AddressError, match="a file inside of a run, not a run"):
        load_runs([str(tmp_path / "run.csv")])
    with pytest.raises(AddressError, match="no folder fits"):
        load_runs([str(tmp_path / "nothing*")])
    with pytest.raises(AddressError, match="no address"):
        load_runs([])


def test_a_path_that_is_no_text_is_skipped_with_a_reason(tmp_path: Path) -> None:
    simple_run(tmp_path, "a")
    write_run(Path(os.fsdecode(os.fsencode(tmp_path) + b"/odd\xff")), {"run.csv": run_text("b")})
    runs = load_runs([str(tmp_path)])
    assert ids(runs) == ["a"]
    assert "UTF-8" in runs.skipped[0].reason


def test_a_table_gives_rows_that_travel_to_another_process(tmp_path: Path) -> None:
    table = tmp_path / "runs.csv"
    table.write_text("model,seed,accuracy\nm,1,0.9\nm,2,0.91\n", encoding="utf-8")
    source = TableSource()
    assert source.accepts(str(table))
    found = source.discover(str(table))
    assert pickle.loads(pickle.dumps(found.folders)) == found.folders  # noqa: S301 - our own bytes
    assert pickle.loads(pickle.dumps(source.summarise))(found.folders[1:]).num_rows == 1  # noqa: S301 - the same


def test_a_table_in_a_store_is_fetched_and_read(memory: str) -> None:
    fsspec.filesystem("memory").pipe("/bucket/runs/kept.csv", b"model,seed,accuracy\nm,1,0.9\nm,2,0.91\n")
    runs = load_runs([f"{memory}/kept.csv"])
    assert [(run.params["seed"], run.address) for run in runs.runs] == [
        (1, f"{memory}/kept.csv, row 2"),
        (2, f"{memory}/kept.csv, row 3"),
    ]
