"""Every example of the guide runs as it is written, and makes the run that the guide says."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integrations.conftest import ROOT, ReadRun, examples

Runs = Callable[[], list[ReadRun]]
Script = Callable[..., subprocess.CompletedProcess[str]]

ONE_RUN = {
    "PyTorch": ("line", "loss", 5),
    "Lightning": ("lightning", "train_loss", 6),
    "Keras": ("keras", "val_loss", 5),
    "Hugging Face": ("bert", "loss", 4),
    "XGBoost": ("xgboost", "valid/rmse", 20),
    "LightGBM": ("lightgbm", "valid_0/rmse", 20),
    "CatBoost": ("catboost", "validation/RMSE", 20),
}
"""By heading: experiment, a metric, how many points it has."""
IN_THE_CORE = ["scikit-learn", "Warnings as notes"]
OTHERS = ["Optuna", "Hydra"]


def test_every_heading_with_an_example_is_run_here() -> None:
    text = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert sorted(heading for heading in headings if examples(heading)) == sorted(
        [*ONE_RUN, *IN_THE_CORE, *OTHERS]
    )


@pytest.mark.frameworks
@pytest.mark.parametrize("heading", ONE_RUN)
def test_example_makes_one_finished_run(
    heading: str, run_script: Script, the_run: Callable[[], ReadRun]
) -> None:
    (example,) = examples(heading)
    run_script(example)
    experiment, metric, count = ONE_RUN[heading]
    run = the_run()
    assert (run.status, run.directory.parent.name) == ("finished", experiment)
    assert len(run.points[metric]) == count
    assert run.params


def test_example_of_a_search_is_reported_with_folds_as_repeats(run_script: Script, runs: Runs) -> None:
    run_script(examples("scikit-learn")[0])
    assert len(runs()) == 4 * 5
    assert {run.status for run in runs()} == {"finished"}


def test_example_of_fits_has_the_scores(run_script: Script, runs: Runs) -> None:
    run_script(examples("scikit-learn")[1])
    assert [run.params["seed"] for run in runs()] == [0, 1, 2]
    assert all(run.values("accuracy")[0] > 0.9 for run in runs())


def test_example_of_warnings_has_two_notes_and_still_prints_them(
    run_script: Script, the_run: Callable[[], ReadRun]
) -> None:
    done = run_script(examples("Warnings as notes")[0])
    first, second = the_run().notes
    assert first == "WARNING data: 3 of 100 images cannot be read"
    assert "UserWarning: the learning rate is 0" in second
    assert "3 of 100 images cannot be read" in done.stderr
    assert "the learning rate is 0" in done.stderr


@pytest.mark.frameworks
def test_example_of_optuna_has_twelve_runs_of_which_some_are_pruned(run_script: Script, runs: Runs) -> None:
    run_script(examples("Optuna")[0])
    assert len(runs()) == 12
    assert {run.status for run in runs()} == {"finished", "pruned"}
    assert all(("error" in run.points) == (run.status == "finished") for run in runs())


@pytest.mark.frameworks
def test_example_of_hydra_has_four_runs_in_one_group(
    log_directory: Path, run_script: Script, runs: Runs
) -> None:
    (log_directory.parent / "config.yaml").write_text(examples("Hydra", "yaml")[0], encoding="utf-8")
    run_script(examples("Hydra")[0], "--multirun", "lr=0.1,0.2", "seed=1,2")
    assert sorted((run.params["lr"], run.params["seed"]) for run in runs()) == [
        (0.1, 1),
        (0.1, 2),
        (0.2, 1),
        (0.2, 2),
    ]
    assert {run.status for run in runs()} == {"finished"}
    assert len({run.facts["run", "group"] for run in runs()}) == 1
    assert [run.values("objective") for run in runs()] == [[run.params["lr"]] for run in runs()]
