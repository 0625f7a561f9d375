"""Every Python example of the logging guide runs, in the order of the page, and makes what the page says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
EXAMPLES = re.findall(
    r"^```python\n(.*?)^```",
    (ROOT / "docs" / "logging.md").read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE,
)
EXPERIMENTS = ["first", "more", "data", "files", "long", "table", "busy", "earlier"]


def test_the_guide_has_these_examples() -> None:
    found = [re.findall(r'start_run\("(\w+)"', example)[0] for example in EXAMPLES]
    assert found == EXPERIMENTS


@pytest.mark.parametrize(("number", "experiment"), list(enumerate(EXPERIMENTS)))
def test_example_runs_and_its_run_is_finished(
    tmp_path: Path, number: int, experiment: str, read_facts: Callable[[Path], dict[tuple[str, str], Any]]
) -> None:
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    answer = subprocess.run(
        [sys.executable, "-c", EXAMPLES[number]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stderr == ""
    (folder,) = (tmp_path / "runs" / experiment).iterdir()
    assert read_facts(folder)["status", "status"] == "finished"
    assert "loss" in (folder / "metrics.csv").read_text(encoding="utf-8")
