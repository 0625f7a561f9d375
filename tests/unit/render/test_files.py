"""An output file is whole or not there, whatever goes wrong."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import OutputError, RenderError
from reportgen.render.files import make_folder, write_whole


def filled(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def failing(error: Exception) -> Callable[[Path], None]:
    """Write half of something, then fail."""

    def write(path: Path) -> None:
        path.write_bytes(b"half")
        raise error

    return write


def test_write_whole_replaces_the_earlier_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"earlier")
    write_whole(target, filled(b"new"))
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_write_whole_gives_the_file_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    write_whole(tmp_path / "a.txt", filled(b"new"))
    assert (tmp_path / "a.txt").stat().st_mode == plain.stat().st_mode


def test_write_whole_is_seen_by_others_only_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"earlier")

    def write(path: Path) -> None:
        path.write_bytes(b"new")
        assert target.read_bytes() == b"earlier"
        assert path.parent == target.parent

    write_whole(target, write)


@pytest.mark.parametrize(
    "error",
    [RenderError("no"), ValueError("a fault"), OSError(errno.ENOSPC, "No space left on device")],
)
def test_a_failed_write_leaves_neither_half_nor_stale_file(tmp_path: Path, error: Exception) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"earlier")
    with pytest.raises((type(error), OutputError)):
        write_whole(target, failing(error))
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    def write(path: Path) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a.txt", write)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_even_if_a_library_wrapped_it(tmp_path: Path) -> None:
    wrapped = RuntimeError("cannot save")
    wrapped.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OutputError, match=r"a\.txt: the disk is full; nothing half-written was left"):
        write_whole(tmp_path / "a.txt", failing(wrapped))


@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
def test_a_disk_that_fills_at_any_moment_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Creating the file, flushing it and renaming it each meet a full disk."""

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if call == "replace":
        monkeypatch.setattr(Path, "replace", full)
    else:
        monkeypatch.setattr(os, call, full)
    with pytest.raises(OutputError, match="the disk is full"):
        write_whole(tmp_path / "a.txt", filled(b"new"))
    assert list(tmp_path.iterdir()) == []


def test_a_real_full_disk_leaves_nothing(tmp_path: Path) -> None:
    def write(path: Path) -> None:
        path.write_bytes(b"half")
        with Path("/dev/full").open("wb", buffering=0) as device:
            device.write(b"more")

    with pytest.raises(OutputError, match="the disk is full"):
        write_whole(tmp_path / "a.txt", write)
    assert list(tmp_path.iterdir()) == []


def test_a_file_held_by_another_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(*_: Any) -> None:
        raise PermissionError(errno.EACCES, "being used by another process")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(OutputError, match=r"a\.txt: .*open in another program.*Close it and build again"):
        write_whole(tmp_path / "a.txt", filled(b"new"))


def test_a_folder_in_the_place_of_the_file_is_named_and_kept(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.mkdir()
    (target / "theirs").write_bytes(b"kept")
    with pytest.raises(OutputError, match=r"a\.txt: a folder of this name"):
        write_whole(target, filled(b"new"))
    assert (target / "theirs").read_bytes() == b"kept"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "no permission to write there"),
        (errno.EROFS, "no permission to write there"),
        (errno.ENAMETOOLONG, "name is too long"),
        (errno.EIO, "could not be written"),
    ],
)
def test_every_refusal_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OutputError, match=words) as caught:
        write_whole(tmp_path / "a.txt", filled(b"new"))
    assert caught.value.do


def test_make_folder_makes_the_folders_above_too(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path, below: str) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(OutputError, match="a file is where the folder"):
        make_folder(tmp_path / "a" / below)
