from __future__ import annotations

import math
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import NothingToReportError
from reportgen.load import InProcess, LocalPool, contents, load_runs, points, reading
from reportgen.runs import MetricSummary, Run
from tests.fakes.run_folders import START, fact_line, run_text, simple_run, wide_text, write_run


def the_run(root: Path) -> Run:
    runs = load_runs([str(root)]).runs
    assert len(runs) == 1
    return runs[0]


def test_a_run_comes_back_as_it_was_logged(tmp_path: Path) -> None:
    facts = [
        ("param", "lr", 1e-05), ("param", "id", "01"), ("param", "deep", True), ("param", "none", None),
        ("param", "layers", [1, {"a": math.inf}]), ("param", "big", 2**70), ("param", 'odd, "name"', "a\nb"),
        ("tag", "team", "vision"), ("note", "", "first"), ("note", "", 'second,\nwith "quotes"'),
        ("code", "commit", "abc"), ("env", "host", "elsewhere"), ("env", "packages", {"numpy": "2.0"}),
        ("data", "train", {"version": "3", "rows": 10}), ("artifact", "model", {"path": "artifacts/m", "bytes": 5}),
        ("run", "group", "sweep"), ("status", "reason", "ran out of patience"),
    ]  # fmt: skip
    points = wide_text(["loss"], [(START, 0, 3), (START + 1, 1, 0.5), (START + 2, 2, 2)])
    write_run(
        tmp_path / "x" / "r", {"run.csv": run_text("r", facts=facts, status="failed"), "metrics.csv": points}
    )
    run = the_run(tmp_path)
    assert run.params == {
        "lr": 1e-05, "id": "01", "deep": True, "none": None, "layers": [1, {"a": math.inf}], "big": 2**70,
        'odd, "name"': "a\nb",
    }  # fmt: skip
    assert type(run.params["lr"]) is float
    assert (run.tags, run.notes) == ({"team": "vision"}, ("first", 'second,\nwith "quotes"'))
    assert (run.code, run.env["packages"]) == ({"commit": "abc"}, {"numpy": "2.0"})
    assert run.data == {"train": {"version": "3", "rows": 10}}
    assert run.artifacts == {"model": {"path": "artifacts/m", "bytes": 5}}
    assert (run.id, run.name, run.experiment, run.group, run.parent) == (
        "r",
        "name of r",
        "digits",
        "sweep",
        None,
    )
    assert (run.status, run.reason, run.duration_s) == ("failed", "ran out of patience", 60.0)
    assert run.started == datetime.fromtimestamp(START, UTC)
    assert run.ended == datetime.fromtimestamp(START + 60, UTC)
    assert run.metrics == {"loss": MetricSummary(3, 3, 3.0, 2.0, 0.5, 3.0, 1.0, 0.0, 2.0)}
    assert type(run.metrics["loss"].points) is int


def test_the_same_from_the_cache(tmp_path: Path) -> None:
    for at in range(5):
        simple_run(tmp_path, f"r{at}", losses=[at, math.nan, -at])
    write_run(tmp_path / "digits" / "r0", {"metrics.csv": b"time,step,loss\n1.0,0,x\n2.0"})
    first = load_runs([str(tmp_path)])
    second = load_runs([str(tmp_path)])
    bare = load_runs([str(tmp_path)], cache=False)
    assert (tmp_path / ".reportgen" / "runs.parquet").is_file()
    assert repr(first) == repr(second) == repr(bare)
    assert first.digest == second.digest == bare.digest
    assert {note.kind for note in second.notes} == {"torn_line", "bad_row"}


def test_the_digest_follows_the_contents_and_nothing_else(tmp_path: Path) -> None:
    simple_run(tmp_path / "a", "r1")
    simple_run(tmp_path / "a", "r2")
    digest = load_runs([str(tmp_path / "a")]).digest
    shutil.copytree(tmp_path / "a" / "digits", tmp_path / "b" / "elsewhere")
    assert load_runs([str(tmp_path / "b")]).digest == digest
    write_run(tmp_path / "b" / "elsewhere" / "r1", {"metrics.csv": wide_text(["loss"], [(START, 0, 9)])})
    assert load_runs([str(tmp_path / "b")]).digest != digest


def test_runs_come_by_start_then_id_whatever_the_folders_are_called(tmp_path: Path) -> None:
    for folder, run_id, started in (("a", "z", 5.0), ("b", "y", 3.0), ("c", "x", 5.0), ("d", "w", 4.0)):
        write_run(tmp_path / folder, {"run.csv": run_text(run_id, started=START + started)})
    assert [run.id for run in load_runs([str(tmp_path)]).runs] == ["y", "w", "x", "z"]


def test_a_series_is_all_its_cells_of_all_files_in_order_of_time(tmp_path: Path) -> None:
    files = {
        "run.csv": run_text("r"),
        "metrics.csv": wide_text(["loss", "acc"], [(START + 4, 4, 1, 0.5), (START + 5, 5, 7, None)]),
        "metrics-2.csv": wide_text(["loss"], [(START + 1, 1, 9), (START + 9, 5, 3)]),
        "metrics-long.csv": f"time,step,name,value\n{START + 3},3,loss,1\n{START + 10},,loss,2\n",
        "metrics.shell.csv": f"time,step,name,value\n{START},0,shell,8\n",
        "metrics.host-1.csv": wide_text(["loss"], [(START + 2, 4, 1)]),
    }
    write_run(tmp_path / "r", files)
    runs = load_runs([str(tmp_path)])
    metrics = runs.runs[0].metrics
    assert repr(metrics["loss"]) == repr(MetricSummary(7, 7, 9.0, 2.0, 1.0, 9.0, 4.0, 1.0, math.nan))
    assert list(metrics) == ["loss", "acc", "shell"]
    assert [(note.kind, note.count) for note in runs.notes] == [("repeated_step", 2)]
    assert runs.points == 9


def test_faults_are_counted_with_file_and_line(tmp_path: Path) -> None:
    facts = (
        run_text("r") + "x,param,a,int,1\n1.0,param,b,int,one\n1.0,odd,b,int,1\n1.0,param\n1.0,param,c,int,2"
    )
    rows = "time,step,loss\n1.0,0,1\n2.0,1\n3.0,2,x\n4.0,3,4\n5.0,4,"
    write_run(tmp_path / "r", {"run.csv": facts, "metrics.csv": rows})
    runs = load_runs([str(tmp_path)])
    lines = facts.count("\n")
    assert {(note.kind, note.file, note.line, note.count) for note in runs.notes} == {
        ("bad_row", "run.csv", lines - 3, 3),
        ("unknown_kind", "run.csv", lines - 1, 1),
        ("torn_line", "run.csv", lines + 1, 1),
        ("bad_row", "metrics.csv", 3, 2),
        ("torn_line", "metrics.csv", 6, 1),
    }
    assert runs.runs[0].metrics["loss"].points == 2
    assert all(note.run_id == "r" and note.text for note in runs.notes)


def test_metrics_that_are_none_of_ours_leave_the_run_with_a_note(tmp_path: Path) -> None:
    write_run(tmp_path / "r", {"run.csv": run_text("r"), "metrics.csv": bytes(range(256)) * 50})
    runs = load_runs([str(tmp_path)])
    assert runs.runs[0].metrics == {}
    assert [(note.kind, note.file) for note in runs.notes] == [("missing_metrics", "metrics.csv")]


def test_a_newer_format_is_skipped_and_says_upgrade(tmp_path: Path) -> None:
    simple_run(tmp_path, "a")
    write_run(tmp_path / "new", {"run.csv": run_text("b", facts=[("run", "schema", 7)])})
    skipped = load_runs([str(tmp_path)]).skipped
    assert [run.address for run in skipped] == [str(tmp_path / "new")]
    assert "format 7" in skipped[0].reason
    assert "upgrade" in skipped[0].reason


def test_a_foreign_run_file_is_skipped_and_shown(tmp_path: Path) -> None:
    write_run(tmp_path / "r", {"run.csv": "distance,heart rate\n10,150\n"})
    with pytest.raises(NothingToReportError, match="distance,heart rate"):
        load_runs([str(tmp_path)])


def test_a_run_killed_before_it_told_its_name_is_kept(tmp_path: Path) -> None:
    write_run(tmp_path / "digits" / "r9", {"run.csv": ""})
    runs = load_runs([str(tmp_path)])
    assert [(run.id, run.experiment, run.status) for run in runs.runs] == [("r9", "digits", "interrupted")]
    assert "name of its folder" in runs.notes[0].text


def test_a_copy_to_the_byte_counts_once_and_is_noted(tmp_path: Path) -> None:
    folder = simple_run(tmp_path / "one", "a")
    shutil.copytree(folder, tmp_path / "two" / "digits" / "a")
    runs = load_runs([str(tmp_path / "one"), str(tmp_path / "two")])
    assert [run.address for run in runs.runs] == [str(folder)]
    assert "is a copy of" in runs.notes[0].text
    assert runs.skipped == ()


def test_of_two_copies_that_differ_the_one_with_the_newest_rows_is_read(tmp_path: Path) -> None:
    simple_run(tmp_path / "old", "a", losses=[3])
    newer = simple_run(tmp_path / "new", "a", losses=[3, 2] + [1] * 90)
    runs = load_runs([str(tmp_path / "old"), str(tmp_path / "new")])
    assert [run.address for run in runs.runs] == [str(newer)]
    assert [run.address for run in runs.skipped] == [str(tmp_path / "old" / "digits" / "a")]
    assert str(newer) in runs.skipped[0].reason


def test_a_record_entered_later_does_not_last_until_it_was_entered(tmp_path: Path) -> None:
    late = START + 1e6
    facts = run_text("r", started=late, ended=late) + fact_line("run", "started", START, late)
    points = wide_text(["loss"], [(START, 0, 3), (START + 30, 1, 1)])
    write_run(tmp_path / "r", {"run.csv": facts, "metrics.csv": points})
    assert the_run(tmp_path).duration_s == 30.0


def test_a_resumed_run_forgets_the_reason_of_its_former_end(tmp_path: Path) -> None:
    text = run_text("r", status="failed", facts=[("status", "reason", "killed")])
    text += fact_line("status", "status", "running", START + 70) + fact_line(
        "status", "status", "finished", START + 90
    )
    write_run(tmp_path / "r", {"run.csv": text})
    run = the_run(tmp_path)
    assert (run.status, run.reason, run.duration_s) == ("finished", "", 90.0)


def test_a_file_read_in_pieces_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(1)  # noqa: S311 - test data
    rows = [
        (START + at, rng.randrange(150), rng.random(), None if at % 3 else rng.random()) for at in range(400)
    ]
    write_run(tmp_path / "r", {"run.csv": run_text("r"), "metrics.csv": wide_text(["a", "b"], rows)[:-3]})
    whole = load_runs([str(tmp_path)], cache=False)
    curves = whole.curves.read(["r"], ["b"])
    from reportgen.load import summary

    for module in (contents, summary):
        monkeypatch.setattr(module, "CHUNK_BYTES", 1000)
    monkeypatch.setattr(points, "BUFFER_BYTES", 1500)
    pieces = load_runs([str(tmp_path)], cache=False)
    assert pieces == whole
    assert pieces.curves.read(["r"], ["b"]) == curves
    assert [note.kind for note in whole.notes] == ["repeated_step", "torn_line"]


def test_batches_make_no_difference_and_progress_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(7):
        simple_run(tmp_path, f"r{at}", losses=[at])
    whole = load_runs([str(tmp_path)], cache=False)
    monkeypatch.setattr(reading, "BATCH_RUNS", 3)
    told: list[tuple[int, int]] = []
    assert load_runs([str(tmp_path)], cache=False, progress=lambda *at: told.append(at)) == whole
    assert told == [(3, 7), (6, 7), (7, 7)]


def test_an_executor_of_ones_own_is_used(tmp_path: Path) -> None:
    class Counting:
        seen = 0

        def map(self, function: Callable[[Any], Any], batches: Sequence[Any]) -> Iterator[Any]:
            self.seen += len(batches)
            return InProcess().map(function, batches)

    simple_run(tmp_path, "a")
    executor = Counting()
    load_runs([str(tmp_path)], executor=executor, cache=False)
    assert executor.seen == 1


def test_several_processes_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in range(4):
        simple_run(tmp_path, f"r{at}", losses=[at])
    whole = load_runs([str(tmp_path)], cache=False)
    monkeypatch.setattr(reading, "BATCH_RUNS", 2)
    assert load_runs([str(tmp_path)], cache=False, executor=LocalPool(2, least_batches=2)) == whole


def test_the_package_itself_loads_nothing_heavy() -> None:
    code = "import sys, reportgen.load; print(sorted({'numpy', 'pandas', 'pyarrow', 'fsspec'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_needs_no_pandas(tmp_path: Path) -> None:
    simple_run(tmp_path, "a")
    code = (
        "import sys; from reportgen.load import load_runs; load_runs([sys.argv[1]]);"
        "print(sorted({'pandas', 'fsspec'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
