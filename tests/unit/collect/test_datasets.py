"""What log_dataset finds out about files, folders, patterns, pointers and addresses."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import reportgen
from reportgen.collect import digests
from reportgen.errors import LoggingError
from reportgen.load import load_runs

Facts = Callable[[Path], dict[tuple[str, str], Any]]


@pytest.fixture
def facts_of(tmp_path: Path, read_facts: Facts) -> Callable[..., dict[str, Any]]:
    """Log one data set in a run of its own and give what was written about it."""

    def log(data: Any, **how: Any) -> dict[str, Any]:
        with reportgen.start_run("e", directory=tmp_path / "runs", capture=False, strict=True) as run:
            run.log_dataset("d", data, **how)
        found: dict[str, Any] = read_facts(run.directory)["data", "d"]
        return found

    return log


def age(path: Path, seconds: float = 60) -> None:
    """Make a file look as if it was written some time ago; only its times within are in our hands."""
    os.utime(path, (time.time() - seconds, time.time() - seconds))


def test_the_same_file_under_two_names_has_the_same_hash_and_a_changed_byte_another(
    tmp_path: Path, facts_of: Callable[..., dict[str, Any]]
) -> None:
    for name, text in (("a.csv", "x,y\n1,2\n"), ("b.csv", "x,y\n1,2\n"), ("c.csv", "x,y\n1,3\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    one, same, other = (facts_of(tmp_path / name) for name in ("a.csv", "b.csv", "c.csv"))
    assert one["sha256"] == same["sha256"] != other["sha256"]
    assert (one["kind"], one["rows"], one["columns"], one["schema"]) == (
        "file",
        1,
        2,
        {"x": "text", "y": "text"},
    )


def test_a_folder_and_a_pattern_over_it_are_the_same_data(
    tmp_path: Path, facts_of: Callable[..., dict[str, Any]]
) -> None:
    folder = tmp_path / "images"
    (folder / "cats").mkdir(parents=True)
    (folder / "cats" / "1.png").write_bytes(b"cat")
    (folder / "2.png").write_bytes(b"dog")
    (folder / ".DS_Store").write_bytes(b"a system's own")
    (folder / "loop").symlink_to(folder)
    whole = facts_of(folder)
    assert (whole["kind"], whole["files"], whole["bytes"]) == ("folder", 2, 6)
    lines = [
        ["2.png", 3, hashlib.sha256(b"dog").hexdigest()],
        ["cats/1.png", 3, hashlib.sha256(b"cat").hexdigest()],
    ]
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    assert whole["sha256"] == hashlib.sha256(f"reportgen tree 1\n{text}".encode()).hexdigest()
    (folder / "loop").unlink()
    assert facts_of(f"{folder}/**")["sha256"] == whole["sha256"]
    assert facts_of(f"{folder}/*.png")["files"] == 1
    (folder / "2.png").rename(folder / "3.png")
    assert facts_of(folder)["sha256"] != whole["sha256"]


def test_a_pointer_of_git_lfs_has_the_hash_of_the_file_it_stands_for(
    tmp_path: Path, facts_of: Callable[..., dict[str, Any]]
) -> None:
    real = tmp_path / "real.bin"
    real.write_bytes(b"content")
    digest = hashlib.sha256(b"content").hexdigest()
    pointer = tmp_path / "pointer.bin"
    pointer.write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 7\n", encoding="utf-8"
    )
    found = facts_of(pointer)
    assert (found["sha256"], found["bytes"], found["pointer"]) == (digest, 7, "git-lfs")
    assert facts_of(real)["sha256"] == digest


DVC_FILE = """\
outs:
- md5: 22e3f61e52c0ba45334d973244efc155
  size: 64128504
  hash: md5
  path: data.xml
"""
DVC_FOLDER = """\
md5: 0123
frozen: true
deps:
- path: https://example.org/data
  md5: aaaa
  size: 1
outs:
- md5: 196a322c107c2572335158503c64bfba.dir
  size: 42
  nfiles: 7
  path: images
  desc: 'all of them'
"""


def test_dvc_files_tell_hash_and_size_without_dvc(
    tmp_path: Path, facts_of: Callable[..., dict[str, Any]]
) -> None:
    (tmp_path / "data.xml.dvc").write_text(DVC_FILE, encoding="utf-8")
    (tmp_path / "images.dvc").write_text(DVC_FOLDER, encoding="utf-8")
    (tmp_path / "broken.dvc").write_text("outs:\n- path: x\n", encoding="utf-8")
    found = facts_of(tmp_path / "data.xml.dvc")
    assert (found["md5"], found["bytes"]) == ("22e3f61e52c0ba45334d973244efc155", 64128504)
    assert (found["kind"], found["pointer"], "sha256" in found) == ("file", "dvc", False)
    folder = facts_of(tmp_path / "images.dvc")
    assert (folder["kind"], folder["files"], folder["bytes"]) == ("folder", 7, 42)
    assert "sha256" in facts_of(tmp_path / "broken.dvc")  # not what its name says: a file like any other


@pytest.mark.parametrize(
    ("address", "version"),
    [
        ("s3://bucket/train.parquet?versionId=abc123", "abc123"),
        ("gs://bucket/train.parquet#1712345", "1712345"),
        ("https://account.blob.core.windows.net/c/d?versionid=2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("s3://bucket/train.parquet", None),
        ("feast:driver_hourly_stats@7", None),
    ],
)
def test_an_address_is_noted_with_the_version_that_it_names(
    facts_of: Callable[..., dict[str, Any]], address: str, version: str | None
) -> None:
    found = facts_of(address)
    assert found == {"source": address, "kind": "uri"} | ({"version": version} if version else {})
    assert facts_of(address, version="mine")["version"] == "mine"


def test_files_of_tables_tell_rows_columns_and_types(
    tmp_path: Path, facts_of: Callable[..., dict[str, Any]]
) -> None:
    frame = pd.DataFrame(
        {"i": [1, 2, 3], "s": ["a", "b", None], "f": [0.5, 1, 2], "t": pd.Timestamp("2026-01-01", tz="UTC")}
    )
    frame["l"] = [[1], [2, 3], []]
    frame.to_parquet(tmp_path / "one.parquet")
    pl.from_pandas(frame).write_parquet(tmp_path / "two.parquet")
    np.save(tmp_path / "x.npy", np.zeros((5, 2), np.float32))
    (tmp_path / "r.jsonl").write_text('{"a": 1}\n{"a": 2}\n', encoding="utf-8")
    for name in ("one.parquet", "two.parquet"):
        found = facts_of(tmp_path / name)
        assert (found["rows"], found["columns"], list(found["schema"])) == (3, 5, ["i", "s", "f", "t", "l"])
        kinds = list(found["schema"].values())
        assert (kinds[:3], kinds[4]) == (["int64", "string", "float64"], "list")
        assert kinds[3] in ("timestamp[us, UTC]", "timestamp[ns, UTC]")
    array = facts_of(tmp_path / "x.npy")
    assert (array["rows"], array["columns"], array["schema"]["type"]) == (5, 2, "<f4")
    assert facts_of(tmp_path / "r.jsonl")["rows"] == 2


def test_a_damaged_parquet_file_has_a_hash_all_the_same(
    tmp_path: Path, facts_of: Callable[..., dict[str, Any]]
) -> None:
    good = tmp_path / "good.parquet"
    pd.DataFrame({"x": [1, 2]}).to_parquet(good)
    data = bytearray(good.read_bytes())
    for at in range(len(data) - 9, len(data) - 200, -7):
        damaged = data.copy()
        damaged[at] ^= 0xFF
        (tmp_path / "bad.parquet").write_bytes(damaged)
        found = facts_of(tmp_path / "bad.parquet")
        assert found["sha256"] == hashlib.sha256(damaged).hexdigest()


def test_without_digest_nothing_is_read(tmp_path: Path, facts_of: Callable[..., dict[str, Any]]) -> None:
    (tmp_path / "a.bin").write_bytes(b"abc")
    assert facts_of(tmp_path / "a.bin", digest=False) == {
        "kind": "file",
        "bytes": 3,
        "source": str(tmp_path / "a.bin"),
    }
    (tmp_path / "f").mkdir()
    assert facts_of(tmp_path / "f", digest=False)["files"] == 0


def test_wrong_data_says_what_is_known(tmp_path: Path) -> None:
    with reportgen.start_run("e", directory=tmp_path, capture=False) as run:
        with pytest.raises(LoggingError, match=r"data of type object cannot be described.*NumPy arrays"):
            run.log_dataset("d", object())
        with pytest.raises(LoggingError, match="data of type LazyFrame"):
            run.log_dataset("d", pl.DataFrame({"a": [1]}).lazy())
        with pytest.raises(LoggingError, match=r"no file fits '.*nothing\*'"):
            run.log_dataset("d", str(tmp_path / "nothing*"))
    with pytest.raises(LoggingError, match="is finished"):
        run.log_dataset("d", "s3://b/x")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read for their hash, as they are."""
    found: list[str] = []
    read = digests.file_digest

    def counting(path: str) -> tuple[str, int]:
        found.append(Path(path).name)
        return read(path)

    monkeypatch.setattr(digests, "file_digest", counting)
    return found


def test_an_unchanged_file_is_read_once_and_a_changed_one_again(
    tmp_path: Path, facts_of: Callable[..., dict[str, Any]], reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "RACY_S", -1.0)  # the clock's part: as if the files were old
    data = tmp_path / "a.bin"
    data.write_bytes(b"first")
    first = facts_of(data)
    assert facts_of(data)["sha256"] == first["sha256"]
    assert reads == ["a.bin"]
    status = data.stat()
    data.write_bytes(b"other")  # same size, and the same time as before:
    os.utime(data, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert facts_of(data)["sha256"] == hashlib.sha256(b"other").hexdigest()
    assert reads == ["a.bin", "a.bin"]


def test_a_file_written_just_now_is_not_trusted_to_the_cache(
    tmp_path: Path, facts_of: Callable[..., dict[str, Any]], reads: list[str]
) -> None:
    data = tmp_path / "a.bin"
    data.write_bytes(b"first")
    age(data)  # its own times say old; the time of the change of its entry does not
    facts_of(data)
    facts_of(data)
    assert reads == ["a.bin", "a.bin"]


@pytest.mark.parametrize("damage", ["", "x", "\t\t\t\t\t\t\n", "torn"])
def test_a_damaged_cache_costs_time_only(
    tmp_path: Path,
    facts_of: Callable[..., dict[str, Any]],
    reads: list[str],
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
) -> None:
    monkeypatch.setattr(digests, "RACY_S", -1.0)
    data = tmp_path / "a.bin"
    data.write_bytes(b"first")
    first = facts_of(data)
    cache = tmp_path / "runs" / ".reportgen" / "digests.tsv"
    whole = cache.read_text(encoding="utf-8")
    cache.write_text(whole[:-20] if damage == "torn" else damage, encoding="utf-8")
    assert facts_of(data) == first == facts_of(data)
    assert reads == ["a.bin", "a.bin"]  # read again once, then known again behind the damage


def test_the_cache_is_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "RACY_S", -1.0)
    data = tmp_path / "a.bin"
    data.write_bytes(b"first")
    with reportgen.start_run("e", directory=tmp_path / "runs", capture=False) as run:
        run.log_dataset("d", data)
    assert (tmp_path / "runs" / ".reportgen" / "digests.tsv").exists()
    runs = load_runs([str(tmp_path / "runs")])
    assert [found.id for found in runs.runs] == [run.id]
    assert runs.runs[0].data["d"]["kind"] == "file"


def test_much_reading_is_announced_and_only_when_it_is_done(
    tmp_path: Path,
    facts_of: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(digests, "RACY_S", -1.0)
    monkeypatch.setattr("reportgen.collect.datasets.TOLD_BYTES", 5_000_000)
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "a.bin").write_bytes(bytes(6_000_000))
    (tmp_path / "f" / "b.bin").write_bytes(b"small")
    facts_of(tmp_path / "f")
    assert "reading 0.0 GB of data set 'd' once for its hash" in capsys.readouterr().err
    facts_of(tmp_path / "f")
    facts_of(tmp_path / "f" / "b.bin")
    assert capsys.readouterr().err == ""
