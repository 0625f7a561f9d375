"""Hydra: a job is a run; sweeps, errors, what the configuration holds."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.errors import LoggingError
from tests.integrations.conftest import ReadRun

Runs = Callable[[], list[ReadRun]]
TheRun = Callable[[], ReadRun]
Script = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.filterwarnings("ignore"),  # what the library warns of is its own
]
CONFIGURATION = """
lr: 0.1
wider: ${model.hidden}
missing: ???
model: {name: mlp, hidden: 64, layers: [1, 2]}
db: {password: abc}
hydra:
  job: {chdir: true}
  callbacks:
    reportgen:
      _target_: reportgen.integrations.hydra.RunCallback
      tags: {purpose: test}
      params: {seed: 7}
"""
SCRIPT = """
import hydra
from reportgen.integrations.hydra import current_run

@hydra.main(config_path=".", config_name="config", version_base="1.3")
def train(config):
    current_run().log_metrics({"loss": config.lr}, step=0)
    if config.lr > 1:
        raise ValueError("diverges")
    if config.lr < 0:
        raise KeyboardInterrupt
    return {"accuracy": 0.5, "words": "well"}

train()
"""


@pytest.fixture
def start(log_directory: Path, run_script: Script, monkeypatch: pytest.MonkeyPatch) -> Script:
    monkeypatch.delenv("REPORTGEN_DIR")  # so that runs/ in the folder of the start is what is tested
    (log_directory.parent / "config.yaml").write_text(CONFIGURATION, encoding="utf-8")
    return lambda *words: run_script(SCRIPT, *words, check=False)


def test_a_job_is_a_run_beside_the_folder_of_the_start(start: Script, the_run: TheRun) -> None:
    assert start("model.hidden=32", "db.password=def").returncode == 0
    run = the_run()
    assert (run.status, run.directory.parent.name) == ("finished", "train")
    assert run.params == {
        "lr": 0.1,
        "wider": 32,
        "missing": "???",
        "model.name": "mlp",
        "model.hidden": 32,
        "model.layers": [1, 2],
        "db.password": "[redacted]",
        "seed": 7,
    }
    assert run.tags["hydra.overrides"] == ["model.hidden=32", "db.password=[redacted]"]
    assert run.tags["purpose"] == "test"
    assert run.values("accuracy") == [0.5]
    written = "".join(path.read_text("utf-8") for path in run.directory.rglob("*.*"))
    assert "abc" not in written
    assert "db.password=def" not in written


def test_a_sweep_with_a_job_that_raises(start: Script, runs: Runs) -> None:
    assert start("--multirun", "lr=0.5,2", "missing=1").returncode != 0
    first, second = runs()
    assert (first.status, second.status) == ("finished", "failed")
    assert second.reason == "ValueError: diverges"
    assert second.values("loss") == [2.0]
    assert first.facts["run", "group"] == second.facts["run", "group"]
    assert second.facts["run", "name"] == "train 1"


def test_ctrl_c_is_interrupted(start: Script, the_run: TheRun) -> None:
    assert start("lr=-1").returncode != 0
    assert (the_run().status, the_run().reason) == ("interrupted", "KeyboardInterrupt")


def test_outside_of_a_job_there_is_no_run() -> None:
    from reportgen.integrations.hydra import current_run

    with pytest.raises(LoggingError, match=r"hydra\.callbacks"):
        current_run()
