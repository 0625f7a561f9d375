"""The model families of the digits sample, trained for real on images bundled with scikit-learn."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
LogStep = Callable[[Mapping[str, float], int], None]
Trainer = Callable[[Mapping[str, Any], "Split", LogStep], tuple[Any, float]]

CLASSES = np.arange(10)
EPOCHS = 25
STAGES = 40
VALIDATION_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class ImageSet:
    """Images with their digits, and a version made from the contents.

    Shape: ``images`` (n, 64) with grey values from 0 to 1, ``digits`` (n,).
    """

    images: Floats
    digits: Labels

    @property
    def version(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 over images and labels."""
        return self.sha256[:12]

    @property
    def sha256(self) -> str:
        """SHA-256 over the images' and the labels' bytes, hexadecimal."""
        digest = hashlib.sha256(np.ascontiguousarray(self.images, dtype="<f8").tobytes())
        digest.update(np.ascontiguousarray(self.digits, dtype="<i8").tobytes())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Split:
    """Images to learn from and images to be measured on."""

    train_x: Floats
    train_y: Labels
    val_x: Floats
    val_y: Labels


def load_images() -> ImageSet:
    """Load scikit-learn's 1,797 scanned digits of 8 by 8 pixels."""
    images, digits = load_digits(return_X_y=True)
    return ImageSet(images / 16.0, digits.astype(np.int64))


def rescan(original: ImageSet, noise: float = 0.2) -> ImageSet:
    """Make the images that a worse scanner would give: the same digits, with grey noise added."""
    generator = np.random.default_rng(2026)
    noisy = original.images + generator.normal(0.0, noise, original.images.shape)
    return ImageSet(np.clip(noisy, 0.0, 1.0), original.digits)


def split(images: ImageSet, seed: int) -> Split:
    """Set 30 % of the images aside for measuring, in the classes' shares; the seed decides which."""
    train_x, val_x, train_y, val_y = train_test_split(
        images.images,
        images.digits,
        test_size=VALIDATION_SHARE,
        random_state=seed,
        stratify=images.digits,
    )
    return Split(train_x, train_y, val_x, val_y)


def _fitted(model: Any, data: Split) -> tuple[Any, float]:
    """Fit in one go; gives the model and the seconds that it took."""
    began = time.perf_counter()
    model.fit(data.train_x, data.train_y)
    return model, time.perf_counter() - began


def _train_logreg(params: Mapping[str, Any], data: Split, log: LogStep) -> tuple[Any, float]:
    del log
    return _fitted(LogisticRegression(C=params["C"], max_iter=1000), data)


def _train_knn(params: Mapping[str, Any], data: Split, log: LogStep) -> tuple[Any, float]:
    del log
    return _fitted(KNeighborsClassifier(n_neighbors=params["k"]), data)


def _train_svm(params: Mapping[str, Any], data: Split, log: LogStep) -> tuple[Any, float]:
    del log
    return _fitted(SVC(C=params["C"]), data)


def _train_forest(params: Mapping[str, Any], data: Split, log: LogStep) -> tuple[Any, float]:
    del log
    model = RandomForestClassifier(
        n_estimators=params["trees"], max_depth=params["depth"], random_state=params["seed"]
    )
    return _fitted(model, data)


def _train_boosting(params: Mapping[str, Any], data: Split, log: LogStep) -> tuple[Any, float]:
    """Fit all stages, then measure the model as it was after each of them."""
    model = HistGradientBoostingClassifier(
        learning_rate=params["learning_rate"],
        max_depth=params["depth"],
        max_iter=STAGES,
        random_state=params["seed"],
    )
    model, seconds = _fitted(model, data)
    learned = model.staged_predict_proba(data.train_x)
    measured = model.staged_predict(data.val_x)
    for stage, (shares, answers) in enumerate(zip(learned, measured, strict=True), start=1):
        loss = float(log_loss(data.train_y, shares, labels=CLASSES))
        log({"loss": loss, "val_accuracy": float(np.mean(answers == data.val_y))}, stage)
    return model, seconds


def _train_mlp(params: Mapping[str, Any], data: Split, log: LogStep) -> tuple[Any, float]:
    """Train scikit-learn's neural network one pass over the images at a time."""
    model = MLPClassifier(
        hidden_layer_sizes=(params["hidden"],),
        learning_rate_init=params["learning_rate"],
        batch_size=64,
        random_state=params["seed"],
    )
    seconds = 0.0
    for epoch in range(1, EPOCHS + 1):
        began = time.perf_counter()
        model.partial_fit(data.train_x, data.train_y, classes=CLASSES)
        seconds += time.perf_counter() - began
        log({"loss": float(model.loss_), "val_accuracy": accuracy_of(model, data)}, epoch)
    return model, seconds


@dataclass(slots=True)
class PlainNetwork:
    """A one-layer network with plain gradient descent and nothing that stops it from diverging."""

    hidden: int
    learning_rate: float
    seed: int
    weights: list[Floats] = field(default_factory=list)

    def start(self, inputs: int, classes: int) -> np.random.Generator:
        """Draw the first weights; gives the generator that the order of images is drawn from."""
        generator = np.random.default_rng(self.seed)
        sizes = ((inputs, self.hidden), (self.hidden, classes))
        self.weights = [generator.normal(0.0, (2.0 / size[0]) ** 0.5, size) for size in sizes]
        return generator

    def scores(self, images: Floats) -> Floats:
        """Score each image for each digit. Shape: (n, 64) → (n, 10)."""
        return _leaky(images @ self.weights[0]) @ self.weights[1]

    def predict(self, images: Floats) -> Floats:
        """Name the digit with the highest score; NaN where a score is not a number."""
        scores = self.scores(images)
        usable = np.isfinite(scores).all(axis=1)
        return np.where(usable, scores.argmax(axis=1), np.nan)

    def descend(self, images: Floats, wanted: Floats) -> float:
        """Take one step down the squared error; gives the error before the step."""
        inner = images @ self.weights[0]
        outer = _leaky(inner)
        miss = outer @ self.weights[1] - wanted
        back = (miss @ self.weights[1].T) * np.where(inner > 0, 1.0, 0.01)
        self.weights[1] = self.weights[1] - self.learning_rate * (outer.T @ miss) / len(images)
        self.weights[0] = self.weights[0] - self.learning_rate * (images.T @ back) / len(images)
        return float(np.mean(miss**2))


def _leaky(values: Floats) -> Floats:
    return np.where(values > 0, values, 0.01 * values)


def _train_plain_network(params: Mapping[str, Any], data: Split, log: LogStep) -> tuple[Any, float]:
    model = PlainNetwork(params["hidden"], params["learning_rate"], params["seed"])
    generator = model.start(data.train_x.shape[1], len(CLASSES))
    wanted = np.eye(len(CLASSES))[data.train_y]
    seconds = 0.0
    with np.errstate(over="ignore", invalid="ignore"):  # diverging is what one run is here to show
        for epoch in range(1, EPOCHS + 1):
            began = time.perf_counter()
            batches = np.array_split(generator.permutation(len(wanted)), len(wanted) // 32)
            losses = [model.descend(data.train_x[batch], wanted[batch]) for batch in batches]
            seconds += time.perf_counter() - began
            log({"loss": float(np.mean(losses)), "val_accuracy": accuracy_of(model, data)}, epoch)
    return model, seconds


TRAINERS: Mapping[str, Trainer] = {
    "logreg": _train_logreg,
    "knn": _train_knn,
    "svm": _train_svm,
    "forest": _train_forest,
    "boosting": _train_boosting,
    "mlp": _train_mlp,
    "plain-network": _train_plain_network,
}


def accuracy_of(model: Any, data: Split) -> float:
    """Share of validation images named correctly; NaN where the model does not give an answer at all."""
    answers = np.asarray(model.predict(data.val_x), dtype=np.float64)
    if not np.isfinite(answers).all():
        return float("nan")
    return float(np.mean(answers == data.val_y))


def latency_ms_of(model: Any, data: Split, repeats: int = 5) -> float:
    """Milliseconds to name 1,000 images: the median of some repeats, on one core."""
    images = np.resize(data.val_x, (1000, data.val_x.shape[1]))
    taken = []
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(repeats):
            began = time.perf_counter()
            model.predict(images)
            taken.append(time.perf_counter() - began)
    return float(np.median(taken)) * 1000.0
