from __future__ import annotations

import pytest

from reportgen.analyse.dictionary import label_of, look_up

UP = [
    "accuracy", "val_accuracy", "val/acc", "Accuracy", "valAccuracy", "top5_accuracy", "accuracy_top5", "recall@10",
    "mAP", "mIoU", "f1_macro", "macro_f1", "roc_auc", "AUC", "r2", "r2_score", "score", "samples_per_second",
    "log_likelihood", "neg_mean_squared_error", "neg_log_loss", "explained_variance", "episode_reward",
]  # fmt: skip
DOWN = [
    "loss", "train_loss", "testLoss", "test_error", "rmse", "val_rmse", "nll", "neg_log_likelihood", "perplexity",
    "latency", "latency_ms", "latency_ms_p95", "p95_latency_ms", "fit_seconds", "fit_s", "time", "ms_per_token",
    "model_kb", "model_size_mb", "size_mb", "memory_gb", "cost_usd", "word_error_rate", "brier_score", "error_rate",
]  # fmt: skip
UNKNOWN = [
    "accuracy_drop", "delta_loss", "loss_scale", "std_accuracy", "risk_score", "batch_size", "learning_rate", "lr",
    "uptime", "s", "准确率", "x", "foo_bar", "standard_error", "num_errors", "free_memory", "@", "",
]  # fmt: skip


@pytest.mark.parametrize("name", UP)
def test_higher_is_better(name: str) -> None:
    assert look_up(name).goal == "maximize"


@pytest.mark.parametrize("name", DOWN)
def test_lower_is_better(name: str) -> None:
    assert look_up(name).goal == "minimize"


@pytest.mark.parametrize("name", UNKNOWN)
def test_no_direction_is_assumed(name: str) -> None:
    assert look_up(name).goal is None


@pytest.mark.parametrize(
    ("name", "unit"),
    [("fit_seconds", "s"), ("fit_s", "s"), ("latency_ms", "ms"), ("latency_ms_p95", "ms"), ("size_mb", "MB"),
     ("samples_per_second", ""), ("ms_per_token", ""), ("accuracy", ""), ("s", "")],
)  # fmt: skip
def test_the_unit_is_read_from_the_end(name: str, unit: str) -> None:
    assert look_up(name).unit == unit


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("val_loss", "validation"),
        ("eval/loss", "validation"),
        ("test.acc", "test"),
        ("train_acc", "train"),
        ("acc", "none"),
    ],
)
def test_the_split_is_known(name: str, split: str) -> None:
    assert look_up(name).split == split


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("val_accuracy", "Validation accuracy"),
        ("roc_auc", "ROC AUC"),
        ("latency_ms", "Latency"),
        ("fit_seconds", "Fit time"),
        ("f1", "F1"),
        ("recall@10", "recall@10"),
        ("دقة", "دقة"),
        ("x" * 200, "X" + "x" * 199),
        ("_", "_"),
    ],
)
def test_labels_are_for_people(name: str, label: str) -> None:
    assert label_of(name) == label


def test_only_what_cannot_be_negative_has_a_floor() -> None:
    assert [look_up(name).never_negative for name in ("rmse", "latency_ms", "model_kb", "loss", "nll", "r2")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
