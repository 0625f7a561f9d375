"""Every kind of place: runs come there whole and back the same; nothing there is lost or overwritten."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from fsspec.core import url_to_fs

import reportgen
from reportgen.cli import main
from reportgen.errors import AddressError, UsageError
from reportgen.load import load_runs
from reportgen.sync import SyncResult, sync_runs
from reportgen.sync.remote import RemotePlace
from tests.fakes.run_folders import PAST_NS, run_text, simple_run, wide_text, write_run
from tests.fakes.s3_server import SECRET, s3_server

Files = dict[str, bytes]


@pytest.fixture(scope="session")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3_server(tmp_path_factory.mktemp("s3") / "log.txt") as url:
        yield url


@pytest.fixture(params=["path", "file", "memory", pytest.param("s3", marks=pytest.mark.heavy)])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a place that does not exist yet, one of each kind."""
    match request.param:
        case "path":
            yield str(tmp_path / "elsewhere" / "runs")
        case "file":
            yield (tmp_path / "elsewhere" / "runs").as_uri()
        case "memory":
            yield "memory://bucket/runs"
            fsspec.filesystem("memory").store.clear()
        case "s3":
            monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("s3_url"))
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
            monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
            system = fsspec.filesystem("s3", use_listings_cache=False)
            bucket = f"bucket-{os.urandom(4).hex()}"
            system.mkdir(bucket)
            yield f"s3://{bucket}/team/runs"


def contents(address: str) -> Files:
    """All files of a place, read without the code under test; caches of ours are left out."""
    system, root = url_to_fs(address, use_listings_cache=False)
    root = root.rstrip("/")
    if not system.exists(root):
        return {}
    found = {path[len(root) + 1 :]: system.cat_file(path) for path in system.find(root)}
    return {path: data for path, data in found.items() if not path.startswith(".reportgen/")}


def put(address: str, path: str, data: bytes) -> None:
    system, root = url_to_fs(f"{address}/{path}", use_listings_cache=False)
    if not root.startswith("bucket"):
        system.makedirs(root.rpartition("/")[0], exist_ok=True)
    system.pipe_file(root, data)


def actions(result: SyncResult) -> dict[str, str]:
    return {outcome.path: outcome.action for outcome in result.files}


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Two runs; one has artifacts, and things that must not travel lie around."""
    top = tmp_path / "runs"
    simple_run(top, "a")
    folder = simple_run(top, "b")
    write_run(
        folder / "artifacts" / "deep",
        {"model.bin": os.urandom(5000), "alive": b"an artifact", "run.csv": b"no run", ".part-1-a": b"half"},
    )
    write_run(folder, {"code.diff": "diff", "alive": "", "alive.host-1": ""})
    write_run(top, {"notes.txt": "of no run"})
    return top


TRAVELS = {
    "digits/a/metrics.csv",
    "digits/a/run.csv",
    "digits/b/artifacts/deep/alive",
    "digits/b/artifacts/deep/model.bin",
    "digits/b/artifacts/deep/run.csv",
    "digits/b/code.diff",
    "digits/b/metrics.csv",
    "digits/b/run.csv",
}


def test_runs_come_there_whole_and_back_the_same(runs: Path, place: str, tmp_path: Path) -> None:
    there = sync_runs(str(runs), place)
    assert (there.runs, there.is_clean, set(actions(there).values())) == (2, True, {"copied"})
    assert there.copied_bytes == sum(map(len, contents(place).values()))
    back = sync_runs(place, str(tmp_path / "back"))
    assert back.is_clean
    expected = {path: (runs / path).read_bytes() for path in TRAVELS}
    assert contents(place) == contents(str(tmp_path / "back")) == expected


def test_a_second_time_nothing_is_copied_with_and_without_what_was_remembered(runs: Path, place: str) -> None:
    sync_runs(str(runs), place)
    for _ in range(2):
        again = sync_runs(str(runs), place)
        assert set(actions(again).values()) == {"same"}
    (runs / ".reportgen" / "sync.tsv").unlink(missing_ok=True)
    assert set(actions(sync_runs(str(runs), place)).values()) == {"same"}


def test_what_is_there_can_be_loaded_from_there(
    runs: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sync_runs(str(runs), place)
    here, there = load_runs([str(runs)], cache=False), load_runs([place], cache=False)
    assert [run.id for run in there.runs] == ["a", "b"]
    assert [run.metrics["loss"].last for run in there.runs] == [run.metrics["loss"].last for run in here.runs]
    assert [run.status for run in there.runs] == ["finished", "finished"]
    assert main(["ls", place, "--no-cache", "--json"]) == 0
    assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == ["a", "b"]


def test_only_what_is_new_or_has_grown_is_copied(runs: Path, place: str) -> None:
    sync_runs(str(runs), place)
    simple_run(runs, "c")
    with (runs / "digits" / "a" / "metrics.csv").open("a", encoding="utf-8") as file:
        file.write("1770000009,9,0.5\n")
    result = sync_runs(str(runs), place)
    assert {outcome.path for outcome in result.of("copied")} == {
        "digits/a/metrics.csv",
        "digits/c/metrics.csv",
        "digits/c/run.csv",
    }
    assert contents(place)["digits/a/metrics.csv"].endswith(b"1770000009,9,0.5\n")


def test_a_running_run_travels_to_its_last_whole_row_and_goes_on_later(tmp_path: Path, place: str) -> None:
    top = tmp_path / "runs"
    with reportgen.start_run("e", directory=top, capture=False) as run:
        run.log_metric("loss", 1.0, step=0)
        run.note('two\nlines, with "quotes"')
        folder = run.directory
        with (folder / "metrics.csv").open("a", encoding="utf-8") as file:
            file.write("1770000")  # as in the middle of a write
        with (folder / "run.csv").open("a", encoding="utf-8") as file:
            file.write('1770000000.000,note,,str,"torn\nnote')
        first = sync_runs(str(top), place)
        found = contents(place)
        assert first.is_clean
        assert found[f"e/{run.id}/metrics.csv"].endswith(b",0,1.0\n")
        assert found[f"e/{run.id}/run.csv"].endswith(b'with ""quotes"""\n')
        assert not [path for path in found if "alive" in path]
        with (folder / "metrics.csv").open("a", encoding="utf-8") as file:
            file.write("009,1,2.0\n")
        with (folder / "run.csv").open("a", encoding="utf-8") as file:
            file.write('"\n')
    second = sync_runs(str(top), place)
    assert second.is_clean
    assert contents(place)[f"e/{run.id}/metrics.csv"] == (folder / "metrics.csv").read_bytes()
    assert contents(place)[f"e/{run.id}/run.csv"] == (folder / "run.csv").read_bytes()


def test_shorter_or_other_content_never_takes_the_place_of_what_is_there(runs: Path, place: str) -> None:
    sync_runs(str(runs), place)
    longer = contents(place)["digits/a/metrics.csv"] + b"1770000009,9,0.5\n"
    put(place, "digits/a/metrics.csv", longer)
    put(place, "digits/b/metrics.csv", wide_text(["loss"], [(1, 1, 7)] * 50).encode())
    put(place, "digits/b/artifacts/deep/model.bin", b"another model")
    (runs / "digits" / "b" / "run.csv").write_text(run_text("b") + run_text("b"), encoding="utf-8")
    before = contents(place)
    result = sync_runs(str(runs), place)
    found = actions(result)
    assert found["digits/a/metrics.csv"] == "ahead"
    assert found["digits/b/metrics.csv"] == found["digits/b/artifacts/deep/model.bin"] == "conflict"
    assert found["digits/b/run.csv"] == "failed"  # without its metrics it would tell something false
    assert not result.is_clean
    assert contents(place) == before


def test_a_torn_last_row_at_the_target_is_mended(runs: Path, place: str) -> None:
    whole = (runs / "digits" / "a" / "metrics.csv").read_bytes()
    cut = whole[: whole.rfind(b"\n", 0, -1) + 1]
    put(place, "digits/a/metrics.csv", cut + b"17xx")  # its writer died there; the resumed one wrote on here
    assert sync_runs(str(runs), place).is_clean
    assert contents(place)["digits/a/metrics.csv"] == whole


def test_an_interrupted_copy_is_taken_up(runs: Path, place: str) -> None:
    model = (runs / "digits" / "b" / "artifacts" / "deep" / "model.bin").read_bytes()
    put(place, "digits/b/artifacts/deep/model.bin", model[:1234])
    assert sync_runs(str(runs), place).is_clean
    assert contents(place)["digits/b/artifacts/deep/model.bin"] == model


def test_a_dry_run_says_the_same_and_changes_nothing(runs: Path, place: str) -> None:
    dry = sync_runs(str(runs), place, is_dry=True)
    assert contents(place) == {}
    assert not (runs / ".reportgen").exists()
    real = sync_runs(str(runs), place)
    assert actions(dry) == actions(real)
    assert dry.copied_bytes == real.copied_bytes


def test_one_run_alone_can_travel(runs: Path, place: str) -> None:
    assert sync_runs(str(runs / "digits" / "a"), f"{place}/digits/a").is_clean
    assert set(contents(place)) == {"digits/a/run.csv", "digits/a/metrics.csv"}


def test_a_place_without_runs_is_told(tmp_path: Path, place: str, runs: Path) -> None:
    with pytest.raises(AddressError, match="nothing is there"):
        sync_runs(place, str(tmp_path / "back"))
    put(place, "x.txt", b"no run")
    with pytest.raises(AddressError, match="holds no runs"):
        sync_runs(place, str(tmp_path / "back"))
    with pytest.raises(UsageError, match="within one another"):
        sync_runs(str(runs), str(runs / "copy"))
    with pytest.raises(UsageError, match="is a pattern"):
        sync_runs(str(runs / "*"), place)


def test_runs_of_two_machines_come_together(tmp_path: Path, place: str) -> None:
    for machine in ("one", "two"):
        simple_run(tmp_path / machine, f"run-of-{machine}")
        sync_runs(str(tmp_path / machine), place)
    simple_run(tmp_path / "one", "later")
    for machine in ("one", "two"):
        sync_runs(str(tmp_path / machine), place)
        sync_runs(place, str(tmp_path / machine))
    ids = [[run.id for run in load_runs([str(tmp_path / m)], cache=False).runs] for m in ("one", "two")]
    assert ids[0] == ids[1] == ["later", "run-of-one", "run-of-two"]


def test_a_large_file_travels_in_parts_and_is_known_again(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than two parts of the size that a store is sent; the parts' ends are no ends of anything."""
    folder = simple_run(tmp_path / "runs", "a")
    data = os.urandom(1 << 20) * 37 + b"end"
    write_run(folder / "artifacts", {"large.bin": data})
    assert sync_runs(str(tmp_path / "runs"), place).is_clean
    assert sync_runs(place, str(tmp_path / "back")).is_clean
    copy = (tmp_path / "back" / "digits" / "a" / "artifacts" / "large.bin").read_bytes()
    assert hashlib.sha256(copy).digest() == hashlib.sha256(data).digest()
    reads: list[str] = []

    def note_reading(_: object, path: str, *__: object) -> Iterator[bytes]:
        reads.append(path)
        return iter(())

    monkeypatch.setattr(RemotePlace, "read", note_reading)
    (tmp_path / "runs" / ".reportgen" / "sync.tsv").unlink(missing_ok=True)
    if place.startswith("s3"):  # its tags tell the content: nothing is fetched to compare
        assert set(actions(sync_runs(str(tmp_path / "runs"), place)).values()) == {"same"}
        assert reads == []


def test_a_run_that_is_being_written_here_is_not_touched(tmp_path: Path, place: str) -> None:
    with reportgen.start_run("e", directory=tmp_path / "runs", capture=False) as run:
        run.log_metric("loss", 1.0, step=0)
        sync_runs(str(tmp_path / "runs"), place)
        inside = f"e/{run.id}/metrics.csv"
        put(place, inside, contents(place)[inside] + b"1770000000,1,2.0\n")
        result = sync_runs(place, str(tmp_path / "runs"))
        assert actions(result)[inside] == "conflict"
        assert "is writing this run" in result.of("conflict")[0].reason
        run.log_metric("loss", 3.0, step=1)
    assert (run.directory / "metrics.csv").read_text(encoding="utf-8").endswith(",1,3.0\n")
    assert os.stat(run.directory / "metrics.csv").st_mtime_ns > PAST_NS  # noqa: PTH116 - nanoseconds


def test_a_run_that_another_process_is_writing_here_is_not_touched(tmp_path: Path, place: str) -> None:
    code = (
        "import sys, reportgen\n"
        "run = reportgen.start_run('e', directory=sys.argv[1], capture=False)\n"
        "run.log_metric('loss', 1.0, step=0)\nprint(run.id, flush=True)\nsys.stdin.read()\n"
    )
    top = tmp_path / "runs"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(top)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        inside = f"e/{writer.stdout.readline().strip()}/metrics.csv"
        sync_runs(str(top), place)
        put(place, inside, contents(place)[inside] + b"1770000000,1,2.0\n")
        assert actions(sync_runs(place, str(top)))[inside] == "conflict"
        writer.communicate()
    assert actions(sync_runs(place, str(top)))[inside] == "copied"  # now nobody writes it any more
