"""Hugging Face's Trainer: what it logs, evaluations, checkpoints, errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reportgen
from tests.integrations.conftest import ReadRun

TheRun = Callable[[], ReadRun]
pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.filterwarnings("ignore"),  # what the library warns of is its own
]


def make_trainer(callback: Any, **options: Any) -> Any:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=32, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    words = torch.randint(0, 32, (32, 4))
    data = [{"input_ids": row, "labels": (row[0] > 15).long()} for row in words]
    usual: dict[str, Any] = {
        "num_train_epochs": 2,
        "logging_steps": 2,
        "eval_strategy": "epoch",
        "save_strategy": "epoch",
        "report_to": "none",
        "use_cpu": True,
        "disable_tqdm": True,
        "learning_rate": 0.001,
    }
    arguments = TrainingArguments("checkpoints", **{**usual, **options})
    return Trainer(
        BertForSequenceClassification(config),
        arguments,
        train_dataset=data,
        eval_dataset=data,
        compute_metrics=lambda _: {"half": 0.5, "table": [[1, 2], [3, 4]]},
        callbacks=[callback],
    )


def test_own_run_has_settings_steps_evaluations_and_what_comes_after(
    log_directory: Path, the_run: TheRun
) -> None:
    from reportgen.integrations.transformers import RunCallback

    trainer = make_trainer(RunCallback(experiment="hf"), load_best_model_at_end=True, hub_token="abc")  # noqa: S106
    trainer.train()
    run = the_run()
    assert run.status == "finished"
    assert run.steps("loss") == ["2", "4", "6", "8"]
    assert run.steps("eval_loss") == ["4", "8"]
    assert run.values("eval_half") == [0.5, 0.5]
    assert len(run.points["learning_rate"]) == 4
    assert run.params["model"] == "bert"
    assert run.params["learning_rate"] == 0.001
    assert run.params["num_train_epochs"] == 2
    assert run.params["seed"] == 42
    assert run.params.get("hub_token", "[redacted]") == "[redacted]"
    assert "output_dir" not in run.params
    assert run.params["model_parameters"] > 100
    assert run.tags["best_step"] in (4, 8)
    (note,) = run.notes
    assert "eval_table (list)" in note
    trainer.evaluate()
    trainer.predict(trainer.eval_dataset)
    assert len(the_run().points["eval_loss"]) == 3
    assert len(the_run().points["test_loss"]) == 1
    assert the_run().status == "finished"


def test_a_training_goes_on_from_a_checkpoint_in_its_run(log_directory: Path, the_run: TheRun) -> None:
    from reportgen.integrations.transformers import RunCallback

    make_trainer(RunCallback(experiment="hf"), num_train_epochs=1).train()
    first = the_run().directory.name
    trainer = make_trainer(RunCallback(experiment="hf", resume=first), num_train_epochs=2)
    trainer.train(resume_from_checkpoint="checkpoints/checkpoint-4")
    assert the_run().steps("loss") == ["2", "4", "6", "8"]


def test_a_training_that_raises_is_failed(log_directory: Path, the_run: TheRun) -> None:
    from reportgen.integrations.transformers import RunCallback

    def train() -> None:
        with reportgen.start_run("hf", params={"lr": 0.001}) as run:
            trainer = make_trainer(RunCallback(run))
            trainer.compute_metrics = lambda _: 1 / 0
            trainer.train()

    with pytest.raises(ZeroDivisionError):
        train()
    assert (the_run().status, the_run().reason) == ("failed", "ZeroDivisionError: division by zero")
    assert the_run().params == {"lr": 0.001}


def test_early_stopping_ends_as_finished(log_directory: Path, the_run: TheRun) -> None:
    from transformers import EarlyStoppingCallback

    from reportgen.integrations.transformers import RunCallback

    trainer = make_trainer(
        RunCallback(experiment="hf"),
        num_train_epochs=9,
        load_best_model_at_end=True,
        metric_for_best_model="half",
    )
    trainer.add_callback(EarlyStoppingCallback(1))
    trainer.train()
    assert the_run().status == "finished"
    assert the_run().tags["best_metric"] == 0.5
    assert len(the_run().points["eval_loss"]) < 9


def test_only_the_first_process_logs(log_directory: Path) -> None:
    from transformers import TrainerState

    from reportgen.integrations.transformers import RunCallback

    callback, state = RunCallback(experiment="hf"), TrainerState(is_world_process_zero=False)
    callback.on_train_begin(None, state, None)
    callback.on_log(None, state, None, logs={"loss": 1.0})
    callback.on_train_end(None, state, None)
    assert not log_directory.exists()


def test_an_evaluation_before_the_training_is_part_of_its_run(log_directory: Path, the_run: TheRun) -> None:
    from reportgen.integrations.transformers import RunCallback

    trainer = make_trainer(RunCallback(experiment="hf"))
    trainer.evaluate()
    trainer.train()
    assert the_run().steps("eval_loss") == ["0", "4", "8"]
    assert the_run().params["model"] == "bert"
    assert the_run().status == "finished"


def test_the_trials_of_a_search_are_runs(log_directory: Path, runs: Callable[[], list[ReadRun]]) -> None:
    from reportgen.integrations.transformers import RunCallback

    trainer = make_trainer(RunCallback(experiment="hf"), num_train_epochs=1)
    model, trainer.model_init = trainer.model, lambda: model
    trainer.hyperparameter_search(
        hp_space=lambda trial: {"learning_rate": trial.suggest_float("learning_rate", 0.1, 0.9)},
        n_trials=2,
        backend="optuna",
        compute_objective=lambda metrics: metrics["eval_loss"],
    )
    assert len({run.params["learning_rate"] for run in runs()}) == len(runs()) == 2
    assert all(0.1 <= run.params["learning_rate"] <= 0.9 for run in runs())
    assert {run.status for run in runs()} == {"finished"}
