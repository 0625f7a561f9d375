"""``reportgen sync`` as its user meets it: what it says, where, and with which exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from reportgen.cli import main
from reportgen.sync import sync_runs
from reportgen.sync.interface import Stored
from reportgen.sync.remote import RemotePlace
from tests.fakes.run_folders import simple_run


@pytest.fixture
def bucket() -> Iterator[str]:
    yield "memory://bucket/runs"
    fsspec.filesystem("memory").store.clear()


def test_it_tells_what_it_did_and_where_the_runs_are(
    tmp_path: Path, bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    simple_run(tmp_path, "a")
    assert main(["sync", str(tmp_path), bucket, "--dry-run"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == ["digits/a/metrics.csv", "digits/a/run.csv"]
    assert told.err.startswith("1 run: 2 files would be copied (")
    assert main(["sync", str(tmp_path), bucket]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err[:24]) == (f"{bucket}\n", "1 run: 2 files copied (4")
    assert main(["sync", str(tmp_path), bucket, "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["same"] == 2
    assert told.err == ""


def test_a_conflict_is_told_and_the_exit_code_says_so(
    tmp_path: Path, bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    simple_run(tmp_path / "one", "a")
    simple_run(tmp_path / "two", "a", losses=[9, 9])
    assert main(["sync", str(tmp_path / "one"), bucket]) == 0
    capsys.readouterr()
    assert main(["sync", str(tmp_path / "two"), bucket]) == 1
    told = capsys.readouterr().err
    assert "conflict: digits/a/metrics.csv: the two differ" in told
    assert "1 in conflict, 1 failed" in told
    assert main(["sync", str(tmp_path / "two"), bucket, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["conflicts"][0]["path"] == "digits/a/metrics.csv"


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    simple_run(tmp_path, "a")
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.setattr(
        sys.modules["fsspec.registry"], "registry", {}
    )  # kinds of stores that were used before
    assert main(["sync", str(tmp_path), "s3://bucket/runs"]) == 1
    assert "pip install 'reportgen-ml[s3]'" in capsys.readouterr().err
    assert main(["ls", "s3://bucket/runs"]) == 1
    assert "pip install 'reportgen-ml[s3]'" in capsys.readouterr().err


def test_credentials_in_an_address_are_never_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    simple_run(tmp_path, "a")
    for address in ("sftp://me:hunter2@127.0.0.1:1/runs", "nosuch://me:hunter2@host/runs"):
        assert main(["sync", str(tmp_path), address]) == 1
        told = capsys.readouterr()
        assert "hunter2" not in told.out + told.err
        assert "reportgen: error: " in told.err


def test_a_place_where_nothing_can_be_written_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bucket: str
) -> None:
    for number in range(40):
        simple_run(tmp_path, f"run-{number}")
    tried: list[str] = []

    def refuse(_: object, path: str, *__: object) -> None:
        tried.append(path)
        raise OSError("Access Denied")

    monkeypatch.setattr(RemotePlace, "write", refuse)
    assert main(["sync", str(tmp_path), bucket]) == 1
    assert "memory://bucket/runs: nothing can be copied: Access Denied" in capsys.readouterr().err
    assert len(tried) < 40


@pytest.mark.parametrize("path", ["digits/a/../../../evil.txt", "digits/a//evil.txt", "digits/a/e\0.txt"])
def test_a_store_cannot_write_outside_of_the_folder(
    tmp_path: Path, bucket: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    simple_run(tmp_path / "one", "a")
    sync_runs(str(tmp_path / "one"), bucket)
    files = RemotePlace.files
    monkeypatch.setattr(RemotePlace, "files", lambda self: [*files(self), Stored(path, 4, "x")])
    result = sync_runs(bucket, str(tmp_path / "two" / "runs"))
    assert [outcome.path for outcome in result.of("failed")] == [path]
    assert len(result.of("copied")) == 2
    assert not list(tmp_path.rglob("evil*"))


def test_what_arrives_damaged_is_an_error_and_is_brought_again(
    tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    simple_run(tmp_path, "a")
    system = fsspec.filesystem("memory")
    pipe = type(system).pipe_file

    def damage(self: Any, path: str, value: bytes, **how: Any) -> None:
        pipe(self, path, value[:-3] + b"9\n\n" if path.endswith("metrics.csv") else value, **how)

    monkeypatch.setattr(type(system), "pipe_file", damage)
    result = sync_runs(str(tmp_path), bucket)
    reasons = [outcome.reason for outcome in result.of("failed")]
    assert "what has arrived is not what was sent" in reasons[0]
    assert "held back" in reasons[1]
    assert not system.exists("/bucket/runs/digits/a/run.csv")


def test_links_out_of_a_run_are_not_followed(tmp_path: Path, bucket: str) -> None:
    folder = simple_run(tmp_path / "runs", "a")
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "key").write_text("mine", encoding="utf-8")
    (folder / "artifacts").mkdir()
    (folder / "artifacts" / "out").symlink_to(tmp_path / "private")
    (folder / "artifacts" / "key").symlink_to(tmp_path / "private" / "key")
    (folder / "artifacts" / "again.csv").symlink_to(folder / "metrics.csv")
    result = sync_runs(str(tmp_path / "runs"), bucket)
    assert {outcome.path for outcome in result.files} == {
        "digits/a/artifacts/again.csv",
        "digits/a/metrics.csv",
        "digits/a/run.csv",
    }
