"""Reading runs back, by the format's own rules, and the examples of the guide."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reportgen.schema import decode_value

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class ReadRun:
    """A run as its files tell it."""

    directory: Path
    facts: dict[tuple[str, str], Any]
    """The latest value of each fact."""
    notes: list[str]
    points: dict[str, list[tuple[str, float]]]
    """Steps, as they are written, and values of each metric, in order of the rows."""

    @property
    def status(self) -> str:
        return str(self.facts["status", "status"])

    @property
    def reason(self) -> str:
        return str(self.facts.get(("status", "reason"), ""))

    @property
    def params(self) -> dict[str, Any]:
        return {name: value for (kind, name), value in self.facts.items() if kind == "param"}

    @property
    def tags(self) -> dict[str, Any]:
        return {name: value for (kind, name), value in self.facts.items() if kind == "tag"}

    def steps(self, metric: str) -> list[str]:
        return [step for step, _ in self.points[metric]]

    def values(self, metric: str) -> list[float]:
        return [value for _, value in self.points[metric]]


def read_run(directory: Path) -> ReadRun:
    facts: dict[tuple[str, str], Any] = {}
    notes = []
    with (directory / "run.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            value = decode_value(row["type"], row["value"])
            facts[row["kind"], row["name"]] = value
            if row["kind"] == "note":
                notes.append(str(value))
    points: dict[str, list[tuple[str, float]]] = {}
    for path in sorted(directory.glob("metrics*.csv")):
        assert "long" not in path.name
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            names = next(rows)[2:]
            for _, step, *cells in rows:
                for name, cell in zip(names, cells, strict=True):
                    if cell:
                        points.setdefault(name, []).append((step, float(cell)))
    return ReadRun(directory, facts, notes, points)


@pytest.fixture
def log_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the runs of a test go; it is the current folder too, for what frameworks leave behind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_DIR", str(tmp_path / "runs"))
    for name in ("RANK", "LOCAL_RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "runs"


@pytest.fixture
def runs(log_directory: Path) -> Callable[[], list[ReadRun]]:
    """All runs so far, in order of their start."""

    def read() -> list[ReadRun]:
        found = [read_run(path.parent) for path in log_directory.glob("*/*/run.csv")]
        return sorted(found, key=lambda run: float(run.facts["run", "started"]))

    return read


@pytest.fixture
def the_run(runs: Callable[[], list[ReadRun]]) -> Callable[[], ReadRun]:
    """The only run there is."""

    def read() -> ReadRun:
        (run,) = runs()
        return run

    return read


def examples(heading: str, language: str = "python") -> list[str]:
    """The examples below a heading of the guide."""
    text = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
    (section,) = re.findall(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.DOTALL | re.MULTILINE)


@pytest.fixture
def run_script(log_directory: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a script, as a file in the test's folder, in a process of its own."""

    def run(code: str, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        script = log_directory.parent / "train.py"
        script.write_text(code, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": "torch", "HF_HUB_OFFLINE": "1"}
        return subprocess.run(
            [sys.executable, str(script), *words],
            cwd=log_directory.parent,
            env=environment,
            capture_output=True,
            text=True,
            check=check,
        )

    return run
