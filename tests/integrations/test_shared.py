"""What all integrations share: whose run it is, numbers and settings; and that nothing heavy is imported."""

from __future__ import annotations

import copy
import gc
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reportgen
from reportgen.errors import LoggingError
from reportgen.integrations.feed import RunFeeder
from reportgen.integrations.values import metric_name, plain, settings
from tests.integrations.conftest import ROOT, ReadRun

Runs = Callable[[], list[ReadRun]]
TheRun = Callable[[], ReadRun]
FRAMEWORKS = (
    "sklearn",
    "torch",
    "lightning",
    "keras",
    "transformers",
    "xgboost",
    "lightgbm",
    "catboost",
    "optuna",
    "hydra",
)
WITHOUT_A_BASE_CLASS = ("sklearn", "torch", "lightgbm", "catboost", "optuna", "logging")


def test_importing_loads_no_framework_where_none_has_to_be() -> None:
    code = (
        "import sys\n"
        + "".join(f"import reportgen.integrations.{name}\n" for name in WITHOUT_A_BASE_CLASS)
        + f"print([name for name in {(*FRAMEWORKS, 'numpy', 'pandas')!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("keras", "keras"),
        ("xgboost", "xgboost"),
        ("lightning", "lightning"),
        ("transformers", "transformers"),
        ("hydra", "hydra-core"),
    ],
)
def test_a_missing_framework_is_named_with_the_command_that_installs_it(name: str, package: str) -> None:
    code = f"import sys\nsys.modules[{name!r}] = None\nimport reportgen.integrations.{name}\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert f"MissingFrameworkError: reportgen.integrations.{name}: {name} cannot be imported" in done.stderr
    assert done.stderr.rstrip().endswith(f"Install it: pip install {package}")


def test_wrong_use_is_refused_at_once(log_directory: Path) -> None:
    with reportgen.start_run("x") as run:
        wrong: list[dict[str, Any]] = [
            {},
            {"run": run, "experiment": "x"},
            {"run": run, "params": {"lr": 1}},
        ]
        for arguments in wrong:
            with pytest.raises(LoggingError, match="either a run, or an experiment"):
                RunFeeder(**arguments)


def test_a_run_that_is_handed_over_stays_open_and_gets_no_settings(
    log_directory: Path, the_run: TheRun
) -> None:
    with reportgen.start_run("x", params={"lr": 1}) as run:
        feeder = RunFeeder(run)
        feeder.feed.begin(feeder, lambda: {"lr": 2})
        feeder.feed.end()
        feeder.feed.log({"loss": 1.0}, step=0)
    assert the_run().params == {"lr": 1}
    assert the_run().steps("loss") == ["0"]


def test_own_settings_count_and_the_frameworks_are_logged_only_without_any(
    log_directory: Path, runs: Runs
) -> None:
    for options in ({}, {"params": {"lr": 1}}):
        feeder = RunFeeder(experiment="x", **options)  # type: ignore[arg-type]  # two kinds of options in one loop
        feeder.feed.begin(feeder, lambda: {"lr": 2, "api_key": "abc"})
        feeder.feed.end()
    assert [run.params for run in runs()] == [{"lr": 2, "api_key": "[redacted]"}, {"lr": 1}]


def test_a_training_whose_end_nobody_tells_is_interrupted_once_the_callback_is_gone(
    log_directory: Path, the_run: TheRun
) -> None:
    feeder = RunFeeder(experiment="x")
    feeder.feed.begin(feeder)
    del feeder
    gc.collect()
    assert the_run().status == "interrupted"
    assert "ended before its end" in the_run().reason


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (ValueError("bad batch"), "failed", "ValueError: bad batch"),
        (KeyboardInterrupt(), "interrupted", "KeyboardInterrupt"),
    ],
)
def test_a_with_block_closes_its_own_run_with_the_right_status(
    log_directory: Path, the_run: TheRun, error: BaseException, status: str, reason: str
) -> None:
    def train() -> None:
        with RunFeeder(experiment="x") as feeder:
            feeder.feed.begin(feeder)
            raise error

    with pytest.raises(type(error)):
        train()
    assert (the_run().status, the_run().reason) == (status, reason)


def test_what_is_measured_after_the_end_is_added_and_the_status_stays(
    log_directory: Path, the_run: TheRun
) -> None:
    feeder = RunFeeder(experiment="x")
    feeder.feed.begin(feeder)
    feeder.feed.end("failed", "no memory")
    feeder.feed.log({"test_loss": 0.5})
    assert the_run().values("test_loss") == [0.5]
    assert (the_run().status, the_run().reason) == ("failed", "no memory")


def test_what_is_no_number_is_left_out_and_noted_once(log_directory: Path, the_run: TheRun) -> None:
    with reportgen.start_run("x") as run:
        feed = RunFeeder(run).feed
        for step in range(3):
            values: dict[str, Any] = {
                "loss": np.float32(0.5),
                "confusion": np.zeros((2, 2)),
                "best": "yes",
                "val": {"f1": [1.0], "auc": np.array(0.75)},
            }
            feed.log(values, step=step)
    assert set(the_run().points) == {"loss", "val/auc"}
    assert the_run().steps("loss") == ["0", "1", "2"]
    (note,) = the_run().notes
    for named in ("confusion (ndarray)", "best (str)", "val/f1 (list)"):
        assert named in note


def test_all_processes_but_the_first_log_nothing(
    log_directory: Path, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "1")
    with RunFeeder(experiment="x") as feeder:
        feeder.feed.begin(feeder, lambda: {"lr": 1})
        feeder.feed.log({"loss": 1.0})
        feeder.feed.set_tags({"a": 1})
    assert feeder.run is None
    assert runs() == []


def test_a_copy_of_a_callback_makes_a_run_of_its_own(log_directory: Path, runs: Runs) -> None:
    first = RunFeeder(experiment="x", params={"lr": 1})
    first.feed.begin(first)
    for other in (copy.deepcopy(first), pickle.loads(pickle.dumps(first))):  # noqa: S301 - our own bytes
        other.feed.begin(other)
        other.feed.log({"loss": 1.0})
        other.feed.end()
    first.feed.end()
    assert len(runs()) == 3
    assert [run.params for run in runs()] == [{"lr": 1}] * 3


def test_a_run_is_not_handed_to_another_process(log_directory: Path) -> None:
    with reportgen.start_run("x") as run, pytest.raises(LoggingError, match="another process"):
        pickle.dumps(RunFeeder(run))


def test_files_of_a_framework_never_fail_on_their_names(log_directory: Path, tmp_path: Path) -> None:
    with reportgen.start_run("e", directory=tmp_path / "runs", capture=False) as run:
        for content in ("1", "2", "2"):
            best = tmp_path / "loss:0.3.ckpt"
            best.write_text(content, encoding="utf-8")
            RunFeeder(run).feed.log_artifact(str(best), kind="checkpoint")
        kept = {path.name: path.read_text("utf-8") for path in (run.directory / "artifacts").iterdir()}
    assert kept == {"loss_0.3.ckpt": "1", "loss_0.3-2.ckpt": "2"}


def test_settings_become_plain_short_and_the_same_in_each_run() -> None:
    class Odd:
        pass

    told = settings(
        {
            "optimizer": {"lr": np.float64(0.1), "betas": (0.9, 0.99)},
            "activation": len,
            "function": metric_name,
            "kind": Odd,
            "object": Odd(),
            "weights": np.zeros((1000, 3)),
            "classes": np.array([1, 2]),
            "many": list(range(1000)),
            "names": {"b", "a"},
            "path": Path("data"),
            "text": "x" * 5000,
            "empty": {},
        }
    )
    assert told["optimizer.lr"] == 0.1
    assert told["optimizer.betas"] == [0.9, 0.99]
    assert told["function"] == "reportgen.integrations.values.metric_name"
    assert told["kind"].endswith("Odd")  # type: ignore[attr-defined]  # fails if it is no text
    assert "0x" not in str(told["object"])
    assert told["weights"] == "ndarray of shape (1000, 3)"
    assert told["classes"] == [1, 2]
    assert told["many"] == "list of 1000"
    assert told["names"] == ["a", "b"]
    assert told["path"] == "data"
    assert len(str(told["text"])) < 2100
    assert told["empty"] == {}


def test_settings_that_hold_themselves_end() -> None:
    loop: dict[str, Any] = {"a": 1}
    loop["self"] = loop
    with reportgen.start_run("x", capture=False, directory="/nonexistent-for-sure/x") as run:
        run.log_params(settings(loop))  # as long as it is plain, the logger takes it


@pytest.mark.parametrize("name", ["a\nb", "", "x" * 300, "\x00"])
def test_any_name_of_a_metric_can_be_logged(log_directory: Path, name: str) -> None:
    with reportgen.start_run("x") as run:
        run.log_metrics({metric_name(name): 1.0})


def test_numbers_of_other_kinds_stay_what_they_are() -> None:
    assert plain(np.int64(3)) == 3
    assert type(plain(np.float64(0.5))) is float
    assert plain(np.bool_(1)) is True
