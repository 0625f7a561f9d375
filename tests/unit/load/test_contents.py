from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.load import contents, summary
from reportgen.load.contents import Contents
from reportgen.load.folders import RunFolderSource
from tests.fakes.run_folders import simple_run


def test_what_was_read_ahead_is_what_the_files_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for run_id in ("a", "b"):
        simple_run(tmp_path, run_id)
    (tmp_path / "digits" / "b" / "metrics.csv").write_bytes(b"x" * 5000)
    monkeypatch.setattr(contents, "CHUNK_BYTES", 4000)  # too large to be read ahead
    folders = RunFolderSource().discover(str(tmp_path)).folders
    read = Contents(folders)
    read.read_ahead(folders)
    for folder in folders:
        for file in folder.files:
            expected = Path(folder.location, file.name).read_bytes()
            assert read.whole(folder, file) == expected
            assert read.whole(folder, file) == expected  # once more, from the disk


def test_a_file_that_has_gone_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    simple_run(tmp_path, "a")
    folders = RunFolderSource().discover(str(tmp_path)).folders
    (tmp_path / "digits" / "a" / "metrics.csv").unlink()
    read = Contents(folders)
    read.read_ahead(folders)
    run, metrics = sorted(folders[0].files, key=lambda file: file.name, reverse=True)
    assert read.whole(folders[0], run)
    with pytest.raises(FileNotFoundError):
        read.whole(folders[0], metrics)


@pytest.mark.parametrize(("runs", "size"), [(1, 1 << 30), (2, 1 << 30), (100, 1)])
def test_how_much_is_read_ahead_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: int, size: int
) -> None:
    for at in range(5):
        simple_run(tmp_path, f"r{at}", losses=[at, at + 1])
    (tmp_path / "digits" / "r2" / "run.csv").write_text("something else\n", encoding="utf-8")
    folders = RunFolderSource().discover(str(tmp_path)).folders
    expected = summary.summarise(folders).to_pylist()
    monkeypatch.setattr(summary, "AHEAD_RUNS", runs)
    monkeypatch.setattr(summary, "AHEAD_BYTES", size)
    assert repr(summary.summarise(folders).to_pylist()) == repr(expected)
    assert [row["problem"] != "" for row in expected] == [False, False, True, False, False]
