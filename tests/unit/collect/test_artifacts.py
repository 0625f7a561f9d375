"""Artifacts: whole or not there, never overwritten, never outside of the run's folder."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
import plotly.graph_objects
import polars as pl
import pyarrow as pa
import pytest
from matplotlib.figure import Figure
from PIL import Image

import reportgen
from reportgen import Run
from reportgen.collect import artifacts
from reportgen.errors import LoggingError, RunStorageError

Facts = Callable[[Path], dict[tuple[str, str], Any]]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with reportgen.start_run("e", directory=tmp_path / "runs", capture=False, strict=True) as started:
        yield started


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.json"
    path.write_text("1", encoding="utf-8")
    return path


def names_in(run: Run) -> list[str]:
    home = run.directory / "artifacts"
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


def test_an_artifact_is_a_copy_with_size_hash_and_type(run: Run, model: Path, read_facts: Facts) -> None:
    run.log_artifact(model, kind="model")
    run.log_artifact(model, name="deep/er/best.json")
    run.log_artifact("s3://key:secret@bucket/m.bin")
    model.write_text("changed later", encoding="utf-8")
    facts = read_facts(run.directory)
    assert facts["artifact", "model.json"] == {
        "path": "artifacts/model.json",
        "sha256": hashlib.sha256(b"1").hexdigest(),
        "bytes": 1,
        "media_type": "application/json",
        "kind": "model",
    }
    assert (run.directory / "artifacts" / "model.json").read_text(encoding="utf-8") == "1"
    assert facts["artifact", "deep/er/best.json"]["path"] == "artifacts/deep/er/best.json"
    assert facts["artifact", "m.bin"]["uri"] == "s3://bucket/m.bin"


def test_a_name_is_for_one_content_and_the_error_says_how_to_go_on(run: Run, model: Path) -> None:
    run.log_artifact(model)
    run.log_artifact(model)  # the same content again: nothing to refuse
    model.write_text("2", encoding="utf-8")
    with pytest.raises(LoggingError, match=r"'model\.json' already.*name=f\"model-\{epoch\}\.json\""):
        run.log_artifact(model)
    for epoch in (1, 2):
        run.log_artifact(model, name=f"model-{epoch}.json")
    assert names_in(run) == ["model-1.json", "model-2.json", "model.json"]
    assert (run.directory / "artifacts" / "model.json").read_text(encoding="utf-8") == "1"


def test_a_file_made_in_the_artifacts_folder_is_noted_where_it_is(run: Run, read_facts: Facts) -> None:
    made_here = run.directory / "artifacts" / "plot.png"
    made_here.parent.mkdir()
    made_here.write_bytes(b"png")
    run.log_artifact(made_here)
    assert read_facts(run.directory)["artifact", "plot.png"]["path"] == "artifacts/plot.png"
    assert names_in(run) == ["plot.png"]


BAD_NAMES = [
    *("../x", "/etc/x", "a/../../x", "..\\x", "C:\\x", "", "a//b", ".", "a/. /b", "x.", "x ", " x"),
    *("nul", "CON.txt", "a/lpt1.log", "com¹", "a\0b", "a\nb", "what?", "x" * 251, "é" * 130, ".part-1"),
]


@pytest.mark.parametrize("number", range(len(BAD_NAMES)))
def test_names_that_lead_out_or_fail_on_some_system_are_refused(run: Run, model: Path, number: int) -> None:
    with pytest.raises(LoggingError):
        run.log_artifact(model, name=BAD_NAMES[number])
    with pytest.raises(LoggingError):
        run.log_text("x", BAD_NAMES[number])
    assert not (run.directory / "artifacts").exists()


@pytest.mark.parametrize("link", ["artifacts", "artifacts/sub"])
def test_a_link_does_not_lead_an_artifact_out_of_the_run(
    run: Run, model: Path, tmp_path: Path, link: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    place = run.directory / link
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(outside)
    with pytest.raises(LoggingError, match="through a link"):
        run.log_artifact(model, name="sub/model.json")
    assert list(outside.iterdir()) == []


def test_a_link_at_the_name_itself_is_not_written_through(run: Run, model: Path, tmp_path: Path) -> None:
    target = tmp_path / "outside.json"
    (run.directory / "artifacts").mkdir()
    (run.directory / "artifacts" / "model.json").symlink_to(target)
    with pytest.raises(LoggingError, match="already"):
        run.log_artifact(model)
    assert not target.exists()


def test_a_folder_is_one_artifact_with_a_hash_over_all(run: Run, tmp_path: Path, read_facts: Facts) -> None:
    folder = tmp_path / "checkpoint"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.bin").write_bytes(b"abc")
    (folder / "deep" / "b.bin").write_bytes(b"de")
    run.log_artifact(folder, kind="model")
    run.log_artifact(folder)
    found = read_facts(run.directory)["artifact", "checkpoint"]
    assert (found["path"], found["files"], found["bytes"]) == ("artifacts/checkpoint", 2, 5)
    assert found["media_type"] == "inode/directory"
    run.log_dataset("d", run.directory / "artifacts" / "checkpoint")
    assert read_facts(run.directory)["data", "d"]["sha256"] == found["sha256"]
    assert names_in(run) == ["checkpoint/a.bin", "checkpoint/deep/b.bin"]
    (folder / "a.bin").write_bytes(b"xyz")
    with pytest.raises(LoggingError, match="'checkpoint' already"):
        run.log_artifact(folder)
    run.log_text("x", "a-file.txt")
    with pytest.raises(LoggingError, match=r"'a-file\.txt' already"):
        run.log_artifact(folder, name="a-file.txt")
    with pytest.raises(LoggingError, match="the run's own artifacts"):
        run.log_artifact(run.directory)


def test_a_reference_stays_where_it_is(run: Run, model: Path, tmp_path: Path, read_facts: Facts) -> None:
    run.log_artifact(model, copy=False)
    run.log_artifact(tmp_path / "model.json", name="odd:name?", copy=False)
    facts = read_facts(run.directory)
    assert facts["artifact", "model.json"] == {
        "uri": model.as_uri(),
        "sha256": hashlib.sha256(b"1").hexdigest(),
        "bytes": 1,
        "media_type": "application/json",
    }
    assert ("artifact", "odd:name?") in facts
    assert not (run.directory / "artifacts").exists()


def test_a_hard_link_is_made_only_when_asked_for(run: Run, model: Path) -> None:
    run.log_artifact(model)
    run.log_artifact(model, name="linked.json", copy="hardlink")
    home = run.directory / "artifacts"
    assert not (home / "model.json").samefile(model)
    assert (home / "linked.json").samefile(model)
    with pytest.raises(LoggingError, match="copy='symlink'"):
        run.log_artifact(model, copy="symlink")


def test_a_file_system_without_links_still_never_overwrites(
    run: Run, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    run.log_artifact(model, copy="hardlink")
    model.write_text("2", encoding="utf-8")
    with pytest.raises(LoggingError, match="already"):
        run.log_artifact(model)
    assert (run.directory / "artifacts" / "model.json").read_text(encoding="utf-8") == "1"


def test_a_copy_that_shares_blocks_is_read_for_its_own_hash(
    run: Run, model: Path, monkeypatch: pytest.MonkeyPatch, read_facts: Facts
) -> None:
    """Few test machines have such a file system: the call's effect is put in its place."""

    def share(in_fd: int, out_fd: int) -> bool:
        os.write(out_fd, os.pread(in_fd, 100, 0))
        os.lseek(out_fd, 0, os.SEEK_SET)
        return True

    monkeypatch.setattr(artifacts, "_share_blocks", share)
    run.log_artifact(model)
    assert read_facts(run.directory)["artifact", "model.json"]["bytes"] == 1


def test_threads_that_log_the_same_name_at_once_leave_one_whole_file(run: Run) -> None:
    contents = [str(number) * 200_000 for number in range(8)]
    refused: list[int] = []

    def log(number: int) -> None:
        try:
            run.log_text(contents[number], "shared.txt")
        except LoggingError:
            refused.append(number)

    threads = [threading.Thread(target=log, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 7
    assert (run.directory / "artifacts" / "shared.txt").read_text(encoding="utf-8") in contents
    assert [path.name for path in (run.directory / "artifacts").iterdir()] == ["shared.txt"]


def test_trouble_with_an_artifact_never_reaches_the_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], read_facts: Facts
) -> None:
    class Broken:
        def savefig(self, *_: object, **__: object) -> None:
            raise RuntimeError("no backend")

    with reportgen.start_run("e", directory=tmp_path, capture=False) as run:
        run.log_figure(Broken(), "f")
        (run.directory / "artifacts").write_text("a file in the way", encoding="utf-8")
        run.log_text("x", "deep/x.txt")
        run.log_metric("loss", 1.0)
    told = capsys.readouterr().err
    assert "artifact 'f' could not be logged (RuntimeError: no backend)" in told
    assert "artifact 'deep/x.txt' could not be logged" in told
    assert "2 artifacts or data sets could not be read or copied" in told
    assert read_facts(run.directory)["status", "status"] == "finished"


def test_in_a_strict_run_trouble_is_raised(run: Run) -> None:
    (run.directory / "artifacts").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(RunStorageError, match=r"artifact 'x\.txt'"):
        run.log_text("x", "x.txt")
    (run.directory / "artifacts").unlink()


def test_figures_of_each_library_become_files(run: Run, read_facts: Facts) -> None:
    mpl.use("agg")
    figure = Figure()
    axes = figure.subplots()
    axes.plot([1, 2])
    run.log_figure(figure, "curve")
    run.log_figure(axes, "curve.svg")
    run.log_figure(Image.new("RGB", (2, 2)), "dot.jpg")
    chart = plotly.graph_objects.Figure(data=[{"type": "scatter", "y": [1, 2]}])
    run.log_figure(chart, "web")
    run.log_figure(chart, "web.json")
    home = run.directory / "artifacts"
    assert (home / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (home / "curve.svg").read_bytes()
    assert (home / "dot.jpg").read_bytes().startswith(b"\xff\xd8")
    assert b"<html>" in (home / "web.html").read_bytes()
    assert json.loads((home / "web.json").read_text(encoding="utf-8"))["data"][0]["y"] == [1, 2]
    found = read_facts(run.directory)["artifact", "curve.png"]
    assert (found["kind"], found["media_type"]) == ("figure", "image/png")
    with pytest.raises(LoggingError, match="str is no figure"):
        run.log_figure("x", "y")


def test_tables_of_each_library_become_the_same_csv(run: Run) -> None:
    columns = {"a": [1, 2], "b": ["x,y", "é"]}
    forms = {
        "pandas": pd.DataFrame(columns),
        "polars": pl.DataFrame(columns),
        "arrow": pa.table(columns),
        "columns": columns,
        "rows": [{"a": 1, "b": "x,y"}, {"a": 2, "b": "é"}],
    }
    for name, form in forms.items():
        run.log_table(form, name)
    texts = {(run.directory / "artifacts" / f"{name}.csv").read_text(encoding="utf-8") for name in forms}
    assert texts == {'a,b\n1,"x,y"\n2,é\n'}
    run.log_table(pd.DataFrame(columns, index=["p", "q"]), "named.csv")
    assert (run.directory / "artifacts" / "named.csv").read_text(encoding="utf-8").splitlines()[
        1
    ] == 'p,1,"x,y"'
    run.log_table(forms["polars"], "t.parquet")
    assert pd.read_parquet(run.directory / "artifacts" / "t.parquet")["a"].tolist() == [1, 2]
    with pytest.raises(LoggingError, match=r"known are \.csv and \.parquet"):
        run.log_table(forms["pandas"], "t.xlsx")
    with pytest.raises(LoggingError, match="int cannot be written as csv"):
        run.log_table(3, "t")


def test_a_text_is_kept_as_it_is(run: Run) -> None:
    run.log_text("first\r\nsecond é", "notes")
    assert (run.directory / "artifacts" / "notes.txt").read_bytes() == "first\r\nsecond é".encode()
