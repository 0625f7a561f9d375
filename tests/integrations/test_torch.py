"""A loop of one's own in PyTorch: true means, the learning rate, and every way out of the loop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import reportgen
from reportgen.integrations.torch import TrainingLog, parameters_of
from tests.integrations.conftest import ReadRun

TheRun = Callable[[], ReadRun]
pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.filterwarnings("ignore"),  # what the library warns of is its own
]


def test_means_count_the_size_of_batches_and_rates_follow_the_schedule(
    log_directory: Path, the_run: TheRun
) -> None:
    import torch

    layer = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5)
    with reportgen.start_run("x") as run:
        log = TrainingLog(run, optimizer)
        for epoch in log.epochs(5, start=3):
            loss = layer(torch.ones(1, 2)).mean() * 0 + epoch
            assert loss.requires_grad
            log.add({"loss": loss}, count=3)
            log.add({"loss": torch.tensor(10.0)}, count=1)
            log.add({"val_accuracy": 0.5})
            optimizer.step()
            schedule.step()
    assert the_run().points["loss"] == [("3", 3 * 0.75 + 2.5), ("4", 4 * 0.75 + 2.5)]
    assert the_run().values("learning_rate") == pytest.approx([0.05, 0.025])
    assert the_run().values("val_accuracy") == [0.5, 0.5]
    assert len(the_run().points["epoch_seconds"]) == 2


def test_long_epochs_keep_their_precision(log_directory: Path, the_run: TheRun) -> None:
    import torch

    with reportgen.start_run("x") as run:
        log = TrainingLog(run)
        for _ in log.epochs(1):
            for _ in range(20_000):
                log.add({"loss": torch.tensor(0.1)}, count=64)
    assert the_run().values("loss") == pytest.approx([0.1], rel=1e-6)


@pytest.mark.parametrize("way_out", ["break", "error"])
def test_an_epoch_that_is_cut_short_is_logged(log_directory: Path, the_run: TheRun, way_out: str) -> None:
    def train() -> None:
        with reportgen.start_run("x") as run:
            log = TrainingLog(run)
            for epoch in log.epochs(5):
                log.add({"loss": epoch})
                if epoch == 2:
                    if way_out == "error":
                        raise ValueError("no batch")
                    break

    if way_out == "error":
        with pytest.raises(ValueError, match="no batch"):
            train()
    else:
        train()
    assert the_run().steps("loss")[:2] == ["0", "1"]
    assert the_run().status == ("failed" if way_out == "error" else "finished")
    if way_out == "break":
        assert the_run().steps("loss") == ["0", "1", "2"]


def test_several_groups_of_parameters_have_a_rate_each(log_directory: Path, the_run: TheRun) -> None:
    import torch

    weights = [torch.nn.Parameter(torch.zeros(1)) for _ in range(2)]
    groups = [{"params": [weights[0]], "lr": 0.5}, {"params": [weights[1]], "lr": 0.25}]
    with reportgen.start_run("x") as run:
        log = TrainingLog(run, torch.optim.SGD(groups))
        for _ in log.epochs(1):
            log.add({"loss": 1.0})
    assert (the_run().values("learning_rate/0"), the_run().values("learning_rate/1")) == ([0.5], [0.25])


def test_only_the_first_process_logs(
    log_directory: Path, the_run: TheRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "1")
    with reportgen.start_run("x") as run:
        log = TrainingLog(run)
        for _ in log.epochs(2):
            log.add({"loss": 1.0})
    assert the_run().points == {}


def test_settings_of_model_and_optimizer(log_directory: Path) -> None:
    import torch

    model = torch.nn.Linear(3, 2)
    told = parameters_of(model, torch.optim.Adam(model.parameters(), lr=0.01))
    assert told["model"] == "Linear"
    assert told["model_parameters"] == 8
    assert told["optimizer.name"] == "Adam"
    assert told["optimizer.lr"] == 0.01
    assert told["optimizer.betas"] == [0.9, 0.999]
