"""The published table of metric names: which direction is better, which unit, what people call it.

A name is cut into words (``val_top5_accuracy`` → val, top5, accuracy), words that name a split or a
way of averaging are set aside, and the longest entry that the rest *ends* with counts. So
``val_accuracy`` is an accuracy and ``accuracy_drop`` is not. Without a hit nothing is assumed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reportgen.findings import Goal

Kind = Literal["score", "error", "time", "size", "cost", "speed"]
Split = Literal["validation", "test", "none", "train"]

_FRACTIONS = (
    "accuracy", "acc", "balanced accuracy", "precision", "recall", "sensitivity", "specificity",
    "true positive rate", "tpr", "true negative rate", "tnr", "exact match", "success rate", "win rate",
    "hit rate", "pass rate",
)  # fmt: skip
_SCORES = (
    *_FRACTIONS,
    "f1", "f1 score", "f2", "f2 score", "fbeta", "fbeta score", "f score", "f measure",
    "auc", "roc auc", "auc roc", "auroc", "pr auc", "auc pr", "auprc", "average precision", "ap", "map",
    "mcc", "matthews corrcoef", "matthews correlation", "kappa", "cohen kappa", "quadratic weighted kappa",
    "iou", "miou", "jaccard", "jaccard score", "dice", "dice score", "dice coefficient",
    "r2", "r2 score", "r squared", "explained variance", "explained variance score",
    "pearson", "pearsonr", "spearman", "spearmanr", "kendall tau",
    "ndcg", "mrr", "hits", "bleu", "sacrebleu", "rouge", "rouge1", "rouge2", "rougel", "rougelsum",
    "meteor", "chrf", "bertscore", "psnr", "ssim", "inception score", "silhouette", "silhouette score",
    "ari", "adjusted rand score", "adjusted rand index", "nmi", "reward", "return", "returns",
    "log likelihood", "loglik", "elbo", "profit", "revenue",
)  # fmt: skip
_SHARES = (
    "f1", "f1 score", "f2", "f2 score", "fbeta", "fbeta score", "f score", "f measure",
    "auc", "roc auc", "auc roc", "auroc", "pr auc", "auc pr", "auprc", "average precision", "ap", "map",
    "iou", "miou", "jaccard", "jaccard score", "dice", "dice score", "dice coefficient",
    "ndcg", "mrr", "nmi", "bleu", "rouge", "rouge1", "rouge2", "rougel", "rougelsum", "meteor",
)  # fmt: skip
"""Scores between 0 and 1 by what they are, which some people log times 100."""
_ERROR_FRACTIONS = (
    "error rate", "false positive rate", "fpr", "false negative rate", "fnr", "equal error rate", "eer",
)  # fmt: skip
_ERRORS = (
    *_ERROR_FRACTIONS,
    "loss", "losses", "error", "errors", "err", "mse", "rmse", "mae", "mape", "smape", "mase", "rmsle",
    "msle", "medae", "crps", "nll", "negative log likelihood", "neg log likelihood", "cross entropy",
    "perplexity", "ppl", "bits per byte", "bpb", "bits per character", "bpc", "bits per dim", "bpd",
    "word error rate", "wer", "character error rate", "cer", "ter", "brier", "brier score",
    "calibration error", "ece", "fid", "kid", "lpips", "chamfer distance", "hausdorff distance",
    "edit distance", "regret", "davies bouldin score", "hinge", "deviance",
)  # fmt: skip
_TIMES = (
    "latency", "duration", "time", "runtime", "walltime", "elapsed", "seconds", "secs", "sec", "s",
    "milliseconds", "millis", "ms", "microseconds", "us", "minutes", "hours",
)  # fmt: skip
_SIZES = ("model size", "file size", "checkpoint size", "memory", "mem", "ram", "vram", "memory footprint")
_COSTS = ("cost", "costs", "price", "kwh", "co2", "emissions", "usd", "eur")
_SPEEDS = (
    "throughput", "samples per second", "samples per sec", "samples per s", "tokens per second",
    "tokens per sec", "tokens per s", "images per second", "images per s", "steps per second",
    "requests per second", "queries per second", "per second", "per sec", "per s", "fps", "qps",
)  # fmt: skip

_KINDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("score", _SCORES),
    ("error", _ERRORS),
    ("time", _TIMES),
    ("size", _SIZES),
    ("cost", _COSTS),
    ("speed", _SPEEDS),
)
_ENTRIES: dict[tuple[str, ...], Kind] = {
    tuple(entry.split()): kind for kind, entries in _KINDS for entry in entries
}
_ORDER = {entry: index for index, entry in enumerate(_ENTRIES)}
_LONGEST = max(len(entry) for entry in _ENTRIES)
_FRACTION_ENTRIES = {tuple(entry.split()) for entry in (*_FRACTIONS, *_ERROR_FRACTIONS)}
_SHARE_ENTRIES = {tuple(entry.split()) for entry in _SHARES}
_SIGNED_ERRORS = {
    tuple(entry.split())
    for entry in (
        "loss", "losses", "error", "errors", "err", "nll", "negative log likelihood", "neg log likelihood",
        "cross entropy", "regret", "hinge", "deviance",
    )
}  # fmt: skip
"""Errors that may lie below zero, unlike a squared or absolute one."""
_WHOLE_NAMES: dict[str, Kind] = {"score": "score", "size": "size"}
"""Too vague as an ending (``risk_score``, ``batch_size``): counted where the name says nothing else."""
GOALS: dict[Kind, Goal] = {
    "score": "maximize",
    "speed": "maximize",
    "error": "minimize",
    "time": "minimize",
    "size": "minimize",
    "cost": "minimize",
}
COST_KINDS: tuple[Kind, ...] = ("time", "size", "cost")
"""What quality is traded against."""

_SPLITS: dict[str, Split] = {
    **dict.fromkeys(
        ("val", "valid", "validation", "dev", "eval", "holdout", "heldout", "oof", "cv"), "validation"
    ),
    "test": "test",
    **dict.fromkeys(("train", "training"), "train"),
}
_AVERAGES = frozenset(
    (
        "mean", "avg", "average", "median", "overall", "total", "macro", "micro", "weighted", "final", "last",
        "best", "epoch", "at", "p50", "p90", "p95", "p99", "top", "top1", "top3", "top5", "top10",
    )
)  # fmt: skip
"""Words that say which of many numbers this one is, and not what it measures."""
_UNIT_WORDS: dict[str, str] = {
    **dict.fromkeys(("s", "sec", "secs", "seconds"), "s"),
    **dict.fromkeys(("ms", "millis", "milliseconds"), "ms"),
    **dict.fromkeys(("us", "microseconds"), "µs"),
    "minutes": "min",
    "hours": "h",
    "bytes": "B",
    "kb": "kB",
    "mb": "MB",
    "gb": "GB",
    "usd": "USD",
    "eur": "EUR",
    "kwh": "kWh",
}
_BYTES = frozenset(("B", "kB", "MB", "GB"))
_STORED = frozenset(("model", "checkpoint", "file", "weights"))
"""Things whose size in bytes is their size: ``model_kb``."""
_BLOCKERS = frozenset(
    (
        "delta", "diff", "difference", "change", "drop", "gap", "std", "stdev", "stddev", "var", "variance",
        "sem", "stderr", "inverse", "inv", "reciprocal", "norm", "weight", "scale", "threshold", "free",
        "available", "standard", "remaining", "left", "count", "num", "no", "non",
    )
)  # fmt: skip
"""Words that turn a known name into something else, whose direction nobody can know."""
_WRITTEN: dict[str, str] = {
    "val": "validation", "valid": "validation", "dev": "validation", "acc": "accuracy", "avg": "mean",
    "err": "error", "mem": "memory",
    **{
        word: word.upper()
        for word in (
            "auc", "f1", "f2", "r2", "mse", "rmse", "mae", "mape", "smape", "mase", "nll", "iou", "mcc", "wer", "cer",
            "bleu", "fid", "ece", "psnr", "ssim", "ndcg", "mrr", "cpu", "gpu", "ram", "id", "lr",
        )
    },
    "auroc": "AUROC", "auprc": "AUPRC", "roc": "ROC", "pr": "PR", "co2": "CO2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownName:
    """What the table knows of a metric's name; all empty without a hit."""

    kind: Kind | None
    split: Split
    unit: str
    """The unit that the name ends in, such as ``ms``; never ``%``, which the values decide."""
    fraction: bool
    """A share of something, shown in percent where all values lie between 0 and 1."""
    order: int
    """Place in the table: earlier entries are more likely to be what a report is about."""
    share: bool = False
    """A score that lies between 0 and 1 by what it is, such as F1, but is not spoken of in percent."""
    never_negative: bool = False
    """Cannot lie below zero by what it is: a time, a size, an absolute error."""
    negated: bool = False
    """Logged with its sign turned, such as scikit-learn's ``neg_mean_squared_error``."""

    @property
    def goal(self) -> Goal | None:
        """Which direction is better; None without a hit."""
        if self.kind is None:
            return None
        if self.negated:
            return "minimize" if GOALS[self.kind] == "maximize" else "maximize"
        return GOALS[self.kind]


@lru_cache(maxsize=4096)
def look_up(name: str) -> KnownName:
    """Look a metric's name up in the table."""
    words = _words(name)
    split: Split = next((_SPLITS[word] for word in words if word in _SPLITS), "none")
    unit = _unit(words)
    bare = [word for word in words if word not in _SPLITS]
    for attempt in (bare, _trimmed(bare)):
        entry = _ending(attempt)
        if entry is None:
            continue
        before = attempt[: len(attempt) - len(entry)]
        if _BLOCKERS.intersection(before):
            break
        negated = before[-1:] in (["neg"], ["negative"]) or "neg" in before[:1]
        return KnownName(
            _ENTRIES[entry],
            split,
            unit,
            entry in _FRACTION_ENTRIES,
            _ORDER[entry],
            share=entry in _SHARE_ENTRIES and not negated,
            never_negative=not negated and _never_negative(entry),
            negated=negated,
        )
    bare = _trimmed(bare)
    if unit in _BYTES and bare[-1:] and bare[-1] in _STORED and not _BLOCKERS.intersection(bare):
        return KnownName("size", split, unit, fraction=False, order=len(_ORDER), never_negative=True)
    whole = " ".join(bare)
    if whole in _WHOLE_NAMES:
        return KnownName(_WHOLE_NAMES[whole], split, unit, fraction=False, order=len(_ORDER))
    if "per" in bare and bare[bare.index("per") - 1] in _TIMES and not _BLOCKERS.intersection(bare):
        return KnownName("time", split, unit, fraction=False, order=len(_ORDER), never_negative=True)
    return KnownName(None, split, unit, fraction=False, order=len(_ORDER))


def label_of(name: str) -> str:
    """Write a metric's name for people: ``val_accuracy`` → Validation accuracy, ``latency_ms`` → Latency.

    A name that holds anything but ASCII words is left as it is.
    """
    if not re.fullmatch(r"[A-Za-z0-9_./ -]+", name):
        return name
    words = [word for word in re.split(r"[_./ -]+", name) if word]
    lower = [word.lower() for word in words]
    if len(words) > 1 and _unit(lower):
        at = max(index for index, word in enumerate(lower) if word in _UNIT_WORDS)
        words = words[:at] + words[at + 1 :]
        if lower[at] in _TIMES and not set(lower[:at]).intersection(_TIMES):
            words.append("time")
    text = " ".join(_WRITTEN.get(word.lower(), word) for word in words)
    return text[:1].upper() + text[1:] if text else name


def _never_negative(entry: tuple[str, ...]) -> bool:
    return _ENTRIES[entry] != "score" and entry not in _SIGNED_ERRORS


def _words(name: str) -> list[str]:
    words = [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]
    if _ending(words) is None and len(words) == 1:  # valAccuracy, testLoss
        parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
        if len(parts) > 1:
            return [part.lower() for part in parts]
    return words


def _trimmed(words: list[str]) -> list[str]:
    kept = list(words)
    while kept and (kept[-1] in _AVERAGES or kept[-1] in ("kb", "mb", "gb", "bytes") or kept[-1].isdigit()):
        kept.pop()
    return kept


def _ending(words: list[str]) -> tuple[str, ...] | None:
    for length in range(min(_LONGEST, len(words)), 0, -1):
        entry = tuple(words[-length:])
        if entry in _ENTRIES and not (entry == ("s",) and len(words) == 1):
            return entry
    return None


def _unit(words: list[str]) -> str:
    kept = list(words)
    while kept and kept[-1] in _AVERAGES:
        kept.pop()
    if len(kept) < 2 and kept not in (["seconds"], ["milliseconds"]):
        return ""
    if "per" in kept:  # a rate, whose unit would need two words
        return ""
    return _UNIT_WORDS.get(kept[-1], "")
