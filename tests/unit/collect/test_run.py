"""What a run folder holds after the calls of a training script."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reportgen
from reportgen.errors import LoggingError
from reportgen.schema import LIVE_DIRECTORIES

Rows = Callable[[Path], list[list[str]]]
Facts = Callable[[Path], dict[tuple[str, str], Any]]


def start(directory: Path, **options: Any) -> reportgen.Run:
    return reportgen.start_run("digits", directory=directory, capture=False, **options)


def test_run_folder_lies_below_its_experiment_and_its_id_sorts_by_time(tmp_path: Path) -> None:
    with start(tmp_path) as run:
        assert run.directory.parent == tmp_path / "digits"
        assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", run.id)
        assert sorted(path.name for path in run.directory.iterdir()) == ["alive", "run.csv"]


def test_log_directory_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_DIR", str(tmp_path / "there"))
    with reportgen.start_run("e", capture=False) as run:
        assert run.directory.parent == tmp_path / "there" / "e"


def test_default_log_directory_is_runs_and_stays_put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REPORTGEN_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    with reportgen.start_run("e", capture=False) as run:
        os.chdir("/")
        run.log_metric("loss", 1.0)
    assert run.directory.parent == tmp_path / "runs" / "e"
    assert (run.directory / "metrics.csv").exists()


def test_facts_come_back_with_their_types(tmp_path: Path, read_facts: Facts) -> None:
    params = {
        "text": "01",
        "whole": 3,
        "real": 1e-05,
        "yes": True,
        "none": None,
        "sizes": [64, 64],
        "nested": {"a": [1, {"b": "c"}]},
        "np_int": np.int64(7),
        "np_float": np.float32(0.5),
        "np_bool": np.bool_(False),
        "array": np.array([1, 2]),
        "path": Path("data") / "train",
        'quote "and", comma': "a\nb\r\nc",
    }
    with start(tmp_path, name="mlp-64", params=params, tags={"team": "a"}, group="fold", parent="p") as run:
        run.log_param("late", 2)
        run.set_tags({"team": "b"})
    facts = read_facts(run.directory)
    assert facts["param", "text"] == "01"
    assert facts["param", "real"] == 1e-05
    assert facts["param", "yes"] is True
    assert facts["param", "none"] is None
    assert facts["param", "nested"] == {"a": [1, {"b": "c"}]}
    assert (facts["param", "np_int"], type(facts["param", "np_int"])) == (7, int)
    assert facts["param", "np_float"] == 0.5
    assert facts["param", "np_bool"] is False
    assert facts["param", "array"] == [1, 2]
    assert facts["param", "path"] == str(Path("data") / "train")
    assert facts["param", 'quote "and", comma'] == "a\nb\r\nc"
    assert facts["param", "late"] == 2
    assert facts["tag", "team"] == "b"
    assert facts["run", "schema"] == 1
    assert facts["run", "id"] == run.id
    assert [facts["run", key] for key in ("experiment", "name", "group", "parent")] == [
        "digits",
        "mlp-64",
        "fold",
        "p",
    ]
    assert facts["status", "status"] == "finished"


def test_all_notes_are_kept_in_order(tmp_path: Path, read_rows: Rows) -> None:
    with start(tmp_path) as run:
        run.note("first\nwith a second line")
        run.note("")
        run.note("third")
    notes = [row[4] for row in read_rows(run.directory / "run.csv") if row[1] == "note"]
    assert notes == ["first\nwith a second line", "", "third"]


def test_metrics_are_wide_and_exact(tmp_path: Path) -> None:
    with start(tmp_path) as run:
        run.log_metrics({"loss": 0.1, "acc": float("nan")}, step=1, time=12.3456)
        run.log_metrics({"acc": float("-inf"), "loss": 5e-324}, step=2, time=13)
        run.log_metrics({"acc": float("inf")}, step=0.5, time=14)
        run.log_metrics({"loss": 3}, time=datetime(1970, 1, 1, 0, 0, 15, tzinfo=UTC))
    text = (run.directory / "metrics.csv").read_text(encoding="utf-8")
    assert text == (
        "time,step,loss,acc\n12.346,1,0.1,nan\n13.000,2,5e-324,-inf\n14.000,0.5,,inf\n15.000,,3.0,\n"
    )


@pytest.mark.parametrize(
    "value", [np.float32(0.5), np.float64(0.5), np.array(0.5), np.array([0.5]), np.float16(0.5)]
)
def test_numbers_of_other_libraries_are_numbers(tmp_path: Path, value: object, read_rows: Rows) -> None:
    with start(tmp_path) as run:
        run.log_metric("m", value, step=np.int64(3))  # type: ignore[arg-type]  # NumPy's step is an int by its index
    assert read_rows(run.directory / "metrics.csv")[1][1:] == ["3", "0.5"]


def test_a_call_without_a_metric_writes_nothing(tmp_path: Path) -> None:
    with reportgen.start_run("e", directory=tmp_path, capture=False) as run:
        run.log_metrics({}, step=1)
    assert list(run.directory.glob("metrics*.csv")) == []


def test_a_new_set_of_names_gets_the_next_file_and_the_ninth_the_long_one(tmp_path: Path) -> None:
    with start(tmp_path) as run:
        for number in range(8):
            run.log_metrics({f"m{number}": 1.0, "loss": 2.0}, step=number, time=number)
        run.log_metrics({"loss": 9.0}, step=8, time=8)  # the first file has it
        run.log_metrics({"new, one": 1.0, "loss": 0.5}, step=9, time=9)
        run.log_metrics({"new, one": 2.0}, step=10, time=10)
    names = sorted(path.name for path in run.directory.glob("metrics*.csv"))
    assert names == [
        "metrics-2.csv",
        *(f"metrics-{n}.csv" for n in range(3, 9)),
        "metrics-long.csv",
        "metrics.csv",
    ]
    assert (run.directory / "metrics.csv").read_text(encoding="utf-8").endswith("8.000,8,,9.0\n")
    assert (run.directory / "metrics-long.csv").read_text(encoding="utf-8") == (
        'time,step,name,value\n9.000,9,"new, one",1.0\n9.000,9,loss,0.5\n10.000,10,"new, one",2.0\n'
    )


def test_same_names_in_another_order_go_under_their_own_columns(tmp_path: Path, read_rows: Rows) -> None:
    with start(tmp_path) as run:
        run.log_metrics({"a": 1.0, "b": 2.0, "c": 3.0})
        run.log_metrics({"c": 6.0, "a": 4.0, "b": 5.0})
        run.log_metrics({"c": 9.0, "b": 8.0})
    rows = [row[2:] for row in read_rows(run.directory / "metrics.csv")]
    assert rows == [["a", "b", "c"], ["1.0", "2.0", "3.0"], ["4.0", "5.0", "6.0"], ["", "8.0", "9.0"]]


def test_metrics_called_time_and_step_are_columns_of_their_own(tmp_path: Path, read_rows: Rows) -> None:
    with start(tmp_path) as run:
        run.log_metrics({"step": 1.0, "time": 2.0}, step=7, time=3)
    assert read_rows(run.directory / "metrics.csv") == [
        ["time", "step", "step", "time"],
        ["3.000", "7", "1.0", "2.0"],
    ]


def test_each_call_is_one_write_of_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    real = os.write

    def spy(fd: int, data: bytes) -> int:
        written.append(bytes(data))
        return real(fd, data)

    with start(tmp_path) as run:
        monkeypatch.setattr(os, "write", spy)
        run.log_metrics({"loss": 1.0}, step=1, time=1)
        run.log_params({"a": 1, "b": 2})
        monkeypatch.undo()
    assert written[0] == b"time,step,loss\n1.000,1,1.0\n"
    assert [data.count(b"\n") for data in written] == [2, 2]


def test_threads_never_mix_their_rows(tmp_path: Path, read_rows: Rows) -> None:
    with start(tmp_path) as run:

        def work(number: int) -> None:
            for step in range(200):
                run.log_metrics({f"m{number % 3}": float(number)}, step=step)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    rows = [row for path in run.directory.glob("metrics*.csv") for row in read_rows(path)[1:]]
    assert len(rows) == 1200
    assert {len(row) for row in rows} == {3}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"loss": "0.5"}, ["loss", "'0.5'", "str"]),
        ({"loss": None}, ["loss", "NoneType"]),
        ({"loss": 1j}, ["loss", "complex"]),
        ({"loss": [1.0]}, ["loss", "list"]),
        ({"loss": np.array([1.0, 2.0])}, ["loss", "ndarray"]),
        ({"loss": 10**400}, ["loss", "int"]),
        ({"": 1.0}, ["empty"]),
        ({"a\nb": 1.0}, ["U+000A"]),
        ({"x" * 251: 1.0}, ["250", "251"]),
        ({3: 1.0}, ["int"]),
        ([("loss", 1.0)], ["list", "dict"]),
    ],
)
def test_wrong_metrics_raise_at_once_and_write_nothing(tmp_path: Path, values: Any, words: list[str]) -> None:
    with start(tmp_path) as run:
        with pytest.raises(LoggingError) as caught:
            run.log_metrics(values)
        assert [word for word in words if word not in str(caught.value)] == []
        assert list(run.directory.glob("metrics*")) == []
        run.log_metrics({"loss": 1.0})
    assert [path.name for path in run.directory.glob("metrics*")] == ["metrics.csv"]


@pytest.mark.parametrize("step", ["1", True, float("nan"), [1]])
def test_wrong_steps_raise(tmp_path: Path, step: Any) -> None:
    with start(tmp_path) as run, pytest.raises(LoggingError, match="is no step"):
        run.log_metrics({"loss": 1.0}, step=step)


@pytest.mark.parametrize("time", ["now", datetime(2026, 1, 1), float("nan"), -1, 1e300])  # noqa: DTZ001 - the mistake that is tested
def test_wrong_times_raise(tmp_path: Path, time: Any) -> None:
    with start(tmp_path) as run, pytest.raises(LoggingError, match="is no time"):
        run.log_metrics({"loss": 1.0}, time=time)


@pytest.mark.parametrize(
    ("value", "words"),
    [("a\0b", "NUL"), ("\ud800", "surrogate"), ({1, 2}, "set"), (object(), "object"), ([b"x"], "bytes")],
)
def test_values_that_cannot_be_written_raise_with_their_name(
    tmp_path: Path, value: object, words: str
) -> None:
    with start(tmp_path) as run:
        before = (run.directory / "run.csv").read_bytes()
        with pytest.raises(LoggingError, match=f"(?s)param 'bad'.*{words}"):
            run.log_params({"good": 1, "bad": value})
        assert (run.directory / "run.csv").read_bytes() == before


def test_a_mistake_in_start_run_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(LoggingError, match="param 'bad'"):
        start(tmp_path, params={"bad": object()})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "experiment", ["", "..", "a/b", "a\\b", ".hidden", "x ", "con", "a:b", "a\nb", "é" * 150]
)
def test_an_experiment_that_is_no_folder_name_is_refused(tmp_path: Path, experiment: str) -> None:
    with pytest.raises(LoggingError, match="experiment"):
        reportgen.start_run(experiment, directory=tmp_path)


def test_logging_after_finish_raises_and_finishing_twice_does_nothing(
    tmp_path: Path, read_facts: Facts
) -> None:
    run = start(tmp_path)
    run.finish("pruned", reason="no hope")
    run.finish("failed")
    with pytest.raises(LoggingError, match="is finished"):
        run.log_metric("a", 1)
    with pytest.raises(LoggingError, match="is finished"):
        run.note("x")
    with pytest.raises(LoggingError, match="is finished"):
        run.log_artifact(__file__)
    facts = read_facts(run.directory)
    assert (facts["status", "status"], facts["status", "reason"]) == ("pruned", "no hope")
    assert not (run.directory / "artifacts").exists()


def test_an_unknown_closing_status_raises(tmp_path: Path) -> None:
    with start(tmp_path) as run, pytest.raises(LoggingError, match=r"'done'.*finished, failed"):
        run.finish("done")


def test_a_record_entered_later_keeps_its_own_times(tmp_path: Path, read_rows: Rows) -> None:
    with start(tmp_path, started=1_000_000.0) as run:
        run.log_metrics({"loss": 1.0}, step=1, time=1_000_050)
    rows = read_rows(run.directory / "run.csv")
    assert run.id.startswith("19700112T134640Z-")
    assert rows[1][0] == "1000000.000"
    assert rows[-1] == ["1000050.000", "status", "status", "str", "finished"]


def test_the_registry_of_live_folders_follows_the_run(tmp_path: Path) -> None:
    run = start(tmp_path)
    assert str(run.directory.resolve()) in LIVE_DIRECTORIES
    run.finish()
    assert str(run.directory.resolve()) not in LIVE_DIRECTORIES


def test_data_sets_tell_their_content(tmp_path: Path, read_facts: Facts) -> None:
    table = tmp_path / "train.csv"
    table.write_bytes(b'x,text\n1,"two\nlines"\n2,b\n')
    other = tmp_path / "blob.bin"
    other.write_bytes(b"abc")
    with start(tmp_path) as run:
        run.log_dataset("train", table, version="v1", split="train")
        run.log_dataset("blob", other, source="made by hand")
        run.log_dataset("web", "https://me:pw@host/d.parquet?X-Amz-Signature=abc&part=1")
        run.log_dataset("named", version="2026-11-20")
        with pytest.raises(LoggingError, match=r"there is no file 'nowhere\.csv'"):
            run.log_dataset("lost", "nowhere.csv")
    facts = read_facts(run.directory)
    assert facts["data", "train"]["rows"] == 2
    assert facts["data", "train"]["bytes"] == len(table.read_bytes())
    assert facts["data", "train"]["version"] == "v1"
    assert (
        facts["data", "blob"]["sha256"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert facts["data", "blob"]["source"] == "made by hand"
    assert facts["data", "web"] == {
        "source": "https://host/d.parquet?X-Amz-Signature=[redacted]&part=1",
        "kind": "uri",
    }
    assert facts["data", "named"] == {"version": "2026-11-20"}
    assert ("data", "lost") not in facts


def test_durable_runs_ask_the_disk_for_every_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr("reportgen.collect.append.sync_file", calls.append)
    with start(tmp_path, durable=True) as run:
        calls.clear()
        run.log_metric("loss", 1.0)
        run.log_metric("loss", 2.0)
        assert len(calls) == 2


def test_json_cells_are_json(tmp_path: Path, read_rows: Rows) -> None:
    with start(tmp_path, params={"layers": {"a": (1, 2.5, "é")}}) as run:
        cell = next(row[4] for row in read_rows(run.directory / "run.csv") if row[2] == "layers")
    assert json.loads(cell) == {"a": [1, 2.5, "é"]}
