"""What a call costs, with room for a busy machine; benchmarks/logger/run.py has the figures themselves."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import reportgen

ROOT = Path(__file__).parents[3]
ROOM = 1.5
"""How much worse than its goal a figure may be here."""


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "logger_benchmark", ROOT / "benchmarks" / "logger" / "run.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_call_costs_little_more_than_the_write_of_its_row(benchmark: ModuleType, tmp_path: Path) -> None:
    values = benchmark.rows(3000)
    ratios = []
    for _ in range(5):
        bare = benchmark.bare_cost(values, str(tmp_path))
        ours, size = benchmark.logged_cost(values, str(tmp_path))
        ratios.append(ours / bare)
    assert min(ratios) < 1.6 * ROOM
    assert size < 130


def test_the_cost_of_many_numbers_grows_with_their_count(benchmark: ModuleType, tmp_path: Path) -> None:
    few, many = benchmark.rows(2000), benchmark.rows(200, 100)
    ratios = []
    for _ in range(5):
        five, _ = benchmark.logged_cost(few, str(tmp_path))
        hundred, _ = benchmark.logged_cost(many, str(tmp_path))
        ratios.append(hundred / five)
    assert min(ratios) < 14 * ROOM


def test_a_long_run_needs_no_more_memory_and_time_at_its_end(benchmark: ModuleType, tmp_path: Path) -> None:
    with reportgen.start_run("e", directory=tmp_path, capture=False) as run:
        found = list(benchmark.chunk_costs(run, benchmark.rows(5000), 8))[1:]
    assert found[-1][1] - found[0][1] < 2.0
    assert min(cost for cost, _ in found[4:]) < ROOM * min(cost for cost, _ in found[:3])


@pytest.mark.parametrize("capture", ["full", "none"])
def test_a_run_leaves_no_thread_and_no_child_process(
    benchmark: ModuleType, tmp_path: Path, capture: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", benchmark.START, str(tmp_path / "runs"), capture],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout)[3] == 0
