"""Reading a run folder back by the format's own rules, and scripts run as processes of their own."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.schema import decode_value

ROOT = Path(__file__).parents[3]

Facts = dict[tuple[str, str], Any]


def rows_of(path: Path) -> list[list[str]]:
    """All rows of a file, the header too."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def read_rows() -> Callable[[Path], list[list[str]]]:
    return rows_of


@pytest.fixture
def read_facts() -> Callable[[Path], Facts]:
    """The latest value of each fact of a run folder, over all of its writers, in order of time."""

    def read(directory: Path) -> Facts:
        rows = [row for path in sorted(directory.glob("run*.csv")) for row in rows_of(path)[1:]]
        rows.sort(key=lambda row: float(row[0]))
        return {(kind, name): decode_value(value_type, text) for _, kind, name, value_type, text in rows}

    return read


@pytest.fixture
def start_script(tmp_path: Path) -> Callable[[str], subprocess.Popen[str]]:
    """Start a training script in a process of its own; its log directory is the test's folder."""

    def start(body: str) -> subprocess.Popen[str]:
        script = tmp_path / "train.py"
        head = "import os, sys, time\nimport reportgen\n"
        script.write_text(head + body, encoding="utf-8")
        environment = {
            "PYTHONPATH": str(ROOT),
            "REPORTGEN_DIR": str(tmp_path / "runs"),
            "PATH": "/usr/bin:/bin",
        }
        return subprocess.Popen(
            [sys.executable, str(script)],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.fixture
def the_run(tmp_path: Path) -> Callable[[], Path]:
    """The folder of the only run that a script made."""

    def find() -> Path:
        (found,) = (tmp_path / "runs").glob("*/*")
        return found

    return find
