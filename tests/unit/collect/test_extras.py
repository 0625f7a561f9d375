"""Seeds, system metrics, the picture in a notebook, and a run that travels to another process."""

from __future__ import annotations

import concurrent.futures
import math
import multiprocessing
import os
import pickle
import random
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import reportgen
from reportgen.load import load_runs

Rows = Callable[[Path], list[list[str]]]
Facts = Callable[[Path], dict[tuple[str, str], Any]]


def start(directory: Path, **options: Any) -> reportgen.Run:
    return reportgen.start_run("e", directory=directory, capture=False, **options)


def test_a_seed_makes_random_numbers_repeat_and_is_a_parameter(
    tmp_path: Path, read_facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch_seeds: list[int] = []  # Torch itself is too large to install for one call
    monkeypatch.setitem(__import__("sys").modules, "torch", SimpleNamespace(manual_seed=torch_seeds.append))
    drawn = []
    with start(tmp_path) as run:
        for _ in range(2):
            assert run.seed(7) == 7
            drawn.append((random.random(), np.random.rand()))  # noqa: NPY002, S311 - these are what is seeded
    assert drawn[0] == drawn[1]
    assert torch_seeds == [7, 7]
    assert read_facts(run.directory)["param", "seed"] == 7


def test_a_seed_loads_no_library(tmp_path: Path, start_script: Any, the_run: Callable[[], Path]) -> None:
    body = (
        "with reportgen.start_run('e', capture=False) as run:\n    run.seed(1)\n"
        "print([name for name in ('numpy', 'torch') if name in sys.modules])\n"
    )
    assert start_script(body).communicate() == ("[]\n", "")


@pytest.mark.parametrize("number", [-1, 2**32, 1.5, "3", True, None])
def test_what_is_no_seed_is_refused_and_changes_nothing(tmp_path: Path, number: Any) -> None:
    random.seed(1)
    expected = random.random()  # noqa: S311 - repeatable on purpose
    random.seed(1)
    with start(tmp_path) as run, pytest.raises(reportgen.LoggingError, match="is no seed"):
        run.seed(number)
    assert random.random() == expected  # noqa: S311 - repeatable on purpose


def test_system_metrics_are_sampled_while_the_run_lives(tmp_path: Path, read_rows: Rows) -> None:
    before = threading.active_count()
    with start(tmp_path) as run:
        assert threading.active_count() == before  # nobody asked for a thread
        run.log_metrics({"loss": 0.5}, step=1)
        run.log_system_metrics(every=0.1)
        end = time.monotonic() + 0.45
        while time.monotonic() < end:
            math.sqrt(2.0)
    assert threading.active_count() == before
    header, *rows = read_rows(run.directory / "metrics.system.csv")
    assert set(header[2:]) == {
        "system/process_cpu_percent",
        "system/cpu_percent",
        "system/memory_used_bytes",
        "system/process_memory_bytes",
    }
    assert 2 <= len(rows) <= 6
    assert max(float(row[2]) for row in rows) > 5
    assert read_rows(run.directory / "metrics.csv")[0] == ["time", "step", "loss"]
    (read,) = load_runs([str(tmp_path)], cache=False).runs
    assert read.metrics["system/process_memory_bytes"].last > 10 * 2**20
    assert read.metrics["loss"].points == 1


def test_devices_are_asked_of_nvidia_smi(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_facts: Facts, read_rows: Rows
) -> None:
    program = tmp_path / "bin" / "nvidia-smi"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\ncase "$1" in\n*name*) echo "NVIDIA A100, 40536, 550.54"; echo "NVIDIA A100, 40536, 550.54";;\n'
        '*) echo "0, 93, 20000"; echo "1, [N/A], 10";;\nesac\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    with reportgen.start_run("e", directory=tmp_path / "runs", capture={"gpu"}) as run:
        run.log_system_metrics(every=60)
    assert read_facts(run.directory)["env", "gpu"] == ["NVIDIA A100, 40536 MiB, driver 550.54"] * 2
    header, row = read_rows(run.directory / "metrics.system.csv")
    found = dict(zip(header[2:], row[2:], strict=True))
    assert found["system/gpu0_percent"] == "93.0"
    assert found["system/gpu0_memory_bytes"] == str(20000.0 * 2**20)
    assert not [name for name in found if "gpu1" in name]


def test_an_nvidia_smi_that_hangs_or_fails_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_facts: Facts
) -> None:
    monkeypatch.setattr("reportgen.collect.gpu._PATIENCE_S", 0.2)
    program = tmp_path / "bin" / "nvidia-smi"
    program.parent.mkdir()
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    for body in ("exec sleep 60", "echo broken; exit 9", "echo one, two"):
        program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        program.chmod(0o755)
        began = time.monotonic()
        with reportgen.start_run("e", directory=tmp_path / "runs", capture={"gpu"}) as run:
            run.log_system_metrics(every=60)
        assert time.monotonic() - began < 3
        assert ("env", "gpu") not in read_facts(run.directory)


@pytest.mark.parametrize("every", [0, -1, "10", math.inf, math.nan, True, None])
def test_a_wrong_time_between_samples_is_refused(tmp_path: Path, every: Any) -> None:
    with start(tmp_path) as run, pytest.raises(reportgen.LoggingError, match="every"):
        run.log_system_metrics(every)


def test_system_metrics_of_a_finished_run_are_refused(tmp_path: Path) -> None:
    run = start(tmp_path)
    run.finish()
    with pytest.raises(reportgen.LoggingError, match="is finished"):
        run.log_system_metrics()
    with pytest.raises(reportgen.LoggingError, match="is finished"):
        run.seed(1)


def test_trouble_of_the_sampling_thread_is_told_and_never_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    run = start(tmp_path, strict=True)
    monkeypatch.setattr(os, "write", full)
    run.log_system_metrics(every=0.1)
    time.sleep(0.3)
    monkeypatch.undo()
    run.finish()
    assert "system metrics are no longer logged" in capsys.readouterr().err


def test_a_forked_child_has_no_sampling_thread(
    start_script: Any, the_run: Callable[[], Path], read_facts: Facts
) -> None:
    body = (
        "run = reportgen.start_run('e', capture=False)\nrun.log_system_metrics(every=0.1)\n"
        "if not os.fork():\n    run.log_metric('loss', 1.0)\n    run.finish()\n    os._exit(0)\n"
        "print(os.wait()[1])\nrun.finish()\n"
    )
    assert start_script(body).communicate(timeout=30) == ("0\n", "")
    assert read_facts(the_run())["status", "status"] == "finished"


def test_a_notebook_shows_status_parameters_latest_metrics_and_folder(tmp_path: Path) -> None:
    with start(tmp_path, name="<b>mlp</b>", params={"a&b": "<script>", "none": None}) as run:
        for step in range(3):
            run.log_metrics({"loss": 0.5 / 2**step, "acc": 0.25}, step=step)
        for number in range(9):
            run.log_metrics({f"m{number}": 1.0 + number}, step=3)  # the last ones in the long file
        shown = run._repr_html_()
    assert "<caption>Run &lt;b&gt;mlp&lt;/b&gt;</caption>" in shown
    for name, value in (
        ("status", "running"),
        ("a&amp;b", "&lt;script&gt;"),
        ("none", "None"),
        ("loss", "0.125"),
        ("m8", "9.0"),
        ("folder", str(run.directory)),
    ):
        assert f"<tr><th>{name}</th><td>{value}</td></tr>" in shown
    assert "<tr><th>status</th><td>finished</td></tr>" in run._repr_html_()
    shutil.rmtree(run.directory)
    assert str(run.directory) in run._repr_html_()


def test_a_long_run_is_shown_in_short(tmp_path: Path) -> None:
    with start(tmp_path, params={f"p{number}": "x" * 10_000 for number in range(50)}) as run:
        for step in range(20_000):
            run.log_metrics({"loss": 1.0 / (step + 1)}, step=step)
        began = time.process_time()
        shown = run._repr_html_()
    assert time.process_time() - began < 0.5
    assert len(shown) < 20_000
    assert f"<td>{1.0 / 20_000!r}</td>" in shown
    assert "and 20 more" in shown


def log_one(run: reportgen.Run, number: int) -> int:
    run.log_metrics({"loss": float(number)}, step=number)
    return os.getpid()


def test_a_run_goes_to_the_processes_of_a_pool(tmp_path: Path) -> None:
    with start(tmp_path) as run:
        run.log_metrics({"loss": -1.0}, step=-1)
        method = multiprocessing.get_context("spawn")
        with concurrent.futures.ProcessPoolExecutor(2, mp_context=method) as pool:
            processes = set(pool.map(log_one, [run] * 20, range(20)))
    (read,) = load_runs([str(tmp_path)], cache=False).runs
    assert (read.status, read.metrics["loss"].points) == ("finished", 21)
    assert os.getpid() not in processes


def test_a_copy_of_a_run_closes_nothing(tmp_path: Path, read_facts: Facts) -> None:
    with start(tmp_path, strict=True) as run:
        copy = pickle.loads(pickle.dumps(run))  # noqa: S301 - our own
        copy.log_metric("loss", 2.0)
        copy.finish("failed")
        run.log_metric("loss", 1.0)
        assert read_facts(run.directory)["status", "status"] == "running"
    assert read_facts(run.directory)["status", "status"] == "finished"
    assert len(list(run.directory.glob("metrics*.csv"))) == 2


def test_a_thread_pool_loses_and_mixes_nothing(tmp_path: Path) -> None:
    with start(tmp_path) as run, concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: run.log_metrics({"a": number, "b": -number}, step=number), range(2000)))
        list(pool.map(lambda number: run.log_params({f"p{number}": number}), range(50)))
    (read,) = load_runs([str(tmp_path)], cache=False).runs
    assert read.metrics["a"].points == 2000
    assert read.metrics["a"].max == -read.metrics["b"].min == 1999
    assert len(read.params) == 50


@pytest.mark.parametrize("room", [10**9, 400])
def test_a_signal_handler_may_log_in_the_middle_of_a_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_rows: Rows, room: int
) -> None:
    """Also while rows wait for room on the disk: then the outer call is in the middle of writing them."""
    real, left, logged = os.write, [room], [0]
    run = start(tmp_path)

    def disk(descriptor: int, data: bytes) -> int:
        if left[0] <= 0:
            left[0] = 1000  # the next time there is room again
            raise OSError(28, "No space left on device")
        part = data[: left[0]]
        left[0] -= len(part) if room < 10**9 else 0
        done = real(descriptor, part)
        signal.raise_signal(signal.SIGUSR1)  # it comes between the write and all that follows
        return done

    def handler(number: int, frame: object) -> None:
        if logged[0] % 3 == 0:
            logged[0] += 1
            run.log_metrics({"from_handler": float(logged[0])}, step=logged[0])
            run.log_metrics({"loss": -1.0}, step=-logged[0])
        else:
            logged[0] += 1

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        monkeypatch.setattr(os, "write", disk)
        for step in range(300):
            run.log_metrics({"loss": 1.0}, step=step)
        monkeypatch.undo()
    finally:
        signal.signal(signal.SIGUSR1, before)
    run.finish()
    rows = [row for row in read_rows(run.directory / "metrics.csv")[1:] if len(row) == 3]
    steps = [int(row[1]) for row in rows]
    assert sorted(step for step in steps if step >= 0) == list(range(300))
    assert len(set(steps)) == len(steps)
    assert len(steps) - 300 == len(read_rows(run.directory / "metrics-2.csv")) - 1 > 10


def test_a_signal_handler_that_logs_new_names_takes_no_file_from_the_call_it_breaks_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportgen.collect.append import RunFolder

    run = start(tmp_path)
    real = RunFolder.open_file
    is_first = [True]

    def open_file(folder: RunFolder, name: str, header: str) -> Any:
        opened = real(folder, name, header)
        if is_first[0]:
            is_first[0] = False
            run.log_metrics(
                {"from_handler": 1.0, "more": 2.0}, step=0
            )  # as a handler would, at the worst moment
        return opened

    monkeypatch.setattr(RunFolder, "open_file", open_file)
    run.log_metrics({"loss": 0.5}, step=0)
    run.finish()
    found = load_runs([str(tmp_path)], cache=False)
    (read,) = found.runs
    assert found.notes == ()
    assert {name: metric.last for name, metric in read.metrics.items()} == {
        "loss": 0.5,
        "from_handler": 1.0,
        "more": 2.0,
    }
