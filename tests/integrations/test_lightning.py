"""Lightning: the whole contract of a logger, with its real Trainer."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reportgen
from tests.integrations.conftest import ReadRun, examples

TheRun = Callable[[], ReadRun]
EXAMPLE = examples("Lightning")[0]
pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.filterwarnings("ignore"),  # what the library warns of is its own
]


def make_module(error: BaseException | None = None) -> tuple[Any, Any]:
    """A module that may raise in its third step, and its data."""
    import lightning
    import torch

    class Line(lightning.LightningModule):  # type: ignore[misc]  # untyped where it is not installed
        def __init__(self, lr: float = 0.1, optimizer: dict[str, float] | None = None) -> None:
            super().__init__()
            self.save_hyperparameters()
            del lr, optimizer
            self.layer = torch.nn.Linear(3, 1)

        def training_step(self, batch: Any, index: int) -> Any:
            if error is not None and index == 2:
                raise error
            loss = torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1])
            self.log("train/loss", loss, on_step=True, on_epoch=True)
            return loss

        def validation_step(self, batch: Any, index: int) -> None:
            del index
            self.log("val_loss", torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1]))

        def test_step(self, batch: Any, index: int) -> None:
            del index
            self.log("test_loss", torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1]))

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    torch.manual_seed(1)
    inputs = torch.randn(32, 3)
    data = torch.utils.data.TensorDataset(inputs, inputs.sum(dim=1, keepdim=True))
    return Line(lr=0.1, optimizer={"momentum": 0.5}), torch.utils.data.DataLoader(data, batch_size=8)


def make_trainer(logger: Any, **options: Any) -> Any:
    import lightning

    return lightning.Trainer(
        max_epochs=2,
        logger=logger,
        log_every_n_steps=1,
        accelerator="cpu",
        enable_progress_bar=False,
        enable_model_summary=False,
        **options,
    )


def test_fit_and_test_make_one_run_with_hyperparameters_steps_and_checkpoint(
    log_directory: Path, the_run: TheRun
) -> None:
    from reportgen.integrations.lightning import RunLogger

    module, data = make_module()
    logger = RunLogger(experiment="lit", params={"seed": 1}, log_checkpoint=True)
    trainer = make_trainer(logger)
    trainer.fit(module, data, data)
    assert the_run().status == "finished"
    trainer.test(module, data, verbose=False)
    run = the_run()
    assert run.status == "finished"
    assert run.params == {"seed": 1, "lr": 0.1, "optimizer.momentum": 0.5}
    assert run.steps("train/loss_step") == [str(step) for step in range(8)]
    assert run.steps("val_loss") == ["3", "7"]
    assert len(run.points["test_loss"]) == 1
    assert (logger.name, logger.version) == ("lit", run.directory.name)
    assert logger.save_dir == str(log_directory)
    assert logger.log_dir == str(run.directory)
    assert list((run.directory / "checkpoints").glob("*.ckpt"))
    (artifact,) = [value for (kind, _), value in run.facts.items() if kind == "artifact"]
    assert artifact["kind"] == "checkpoint"
    assert (run.directory / artifact["path"]).stat().st_size == artifact["bytes"]


@pytest.mark.parametrize(
    ("error", "raised", "status", "reason"),
    [
        (ValueError("bad batch"), ValueError, "failed", "ValueError: bad batch"),
        (KeyboardInterrupt(), SystemExit, "interrupted", "KeyboardInterrupt"),
    ],
)
def test_what_ends_a_fit_is_the_runs_status(
    log_directory: Path,
    the_run: TheRun,
    error: BaseException,
    raised: type[BaseException],
    status: str,
    reason: str,
) -> None:
    import signal

    from reportgen.integrations.lightning import RunLogger

    module, data = make_module(error)
    before = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(raised):
            make_trainer(RunLogger(experiment="lit")).fit(module, data)
    finally:
        signal.signal(signal.SIGINT, before)  # Lightning ignores Ctrl-C from then on
    assert (the_run().status, the_run().reason) == (status, reason)
    assert the_run().steps("train/loss_step") == ["0", "1"]


def test_a_run_that_is_handed_over_is_left_to_its_block(log_directory: Path, the_run: TheRun) -> None:
    from reportgen.integrations.lightning import RunLogger

    module, data = make_module()
    with reportgen.start_run("lit", params={"seed": 2}) as run:
        make_trainer(RunLogger(run)).fit(module, data)
        run.log_metric("after", 1.0)
    assert the_run().values("after") == [1.0]
    assert the_run().params["lr"] == 0.1


def test_hyperparameters_of_all_kinds(log_directory: Path, the_run: TheRun) -> None:
    from reportgen.integrations.lightning import RunLogger

    logger = RunLogger(experiment="lit")
    logger.log_hyperparams(Namespace(depth=3, activation=max, api_key="abc"))
    logger.log_hyperparams({"layers": [{"size": 3}]})
    logger.log_hyperparams(None)
    logger.finalize("success")
    logger.finalize("success")
    assert the_run().params["depth"] == 3
    assert the_run().params["api_key"] == "[redacted]"
    assert the_run().params["layers"] == [{"size": 3}]


def test_a_trial_run_of_the_trainer_leaves_no_run(log_directory: Path) -> None:
    from reportgen.integrations.lightning import RunLogger

    module, data = make_module()
    make_trainer(RunLogger(experiment="lit"), fast_dev_run=True).fit(module, data)
    assert not log_directory.exists()


def test_only_the_first_process_has_a_run(log_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lightning.pytorch.utilities import rank_zero_only

    from reportgen.integrations.lightning import RunLogger

    monkeypatch.setattr(rank_zero_only, "rank", 1, raising=False)
    logger = RunLogger(experiment="lit")
    logger.log_hyperparams({"lr": 0.1})
    logger.log_metrics({"loss": 1.0}, step=0)
    logger.finalize("success")
    assert (logger.experiment, logger.version, logger.save_dir) == (None, None, None)
    assert not log_directory.exists()


def test_a_training_goes_on_from_a_checkpoint_in_its_run(log_directory: Path, the_run: TheRun) -> None:
    import lightning

    from reportgen.integrations.lightning import RunLogger

    module, data = make_module()
    first = RunLogger(experiment="lit")
    make_trainer(first).fit(module, data)
    (checkpoint,) = the_run().directory.glob("checkpoints/*.ckpt")
    again = RunLogger(experiment="lit", resume=str(first.version))
    trainer = lightning.Trainer(
        max_epochs=3, logger=again, log_every_n_steps=1, accelerator="cpu", enable_progress_bar=False
    )
    trainer.fit(module, data, ckpt_path=str(checkpoint))
    assert the_run().steps("train/loss_step") == [str(step) for step in range(12)]
    assert the_run().status == "finished"


def test_the_package_of_the_older_name_works_too(run_script: Callable[..., Any], the_run: TheRun) -> None:
    code = EXAMPLE.replace("import lightning\n", "import pytorch_lightning as lightning\n")
    code += "\nimport sys\nassert isinstance(logger, lightning.loggers.Logger) and 'lightning.pytorch' not in sys.modules\n"
    run_script(code)
    assert the_run().status == "finished"
    assert the_run().params["lr"] == 0.1


def test_a_validation_before_the_fit_is_part_of_its_run(log_directory: Path, the_run: TheRun) -> None:
    from reportgen.integrations.lightning import RunLogger

    module, data = make_module()
    trainer = make_trainer(RunLogger(experiment="lit"))
    trainer.validate(module, data, verbose=False)
    trainer.fit(module, data, data)
    assert len(the_run().points["val_loss"]) == 3
    assert the_run().status == "finished"


def test_two_processes_make_one_run_with_checkpoints_in_it(
    run_script: Callable[..., Any], the_run: TheRun
) -> None:
    code = EXAMPLE.replace('accelerator="cpu"', 'accelerator="cpu", devices=2, strategy="ddp"')
    run_script(code)
    assert the_run().status == "finished"
    assert the_run().params["lr"] == 0.1
    assert the_run().steps("train_loss") == ["1", "3", "5"]
    assert list(the_run().directory.glob("checkpoints/*.ckpt"))
