"""log_search: a fitted search becomes a run for each candidate and fold."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any, Unpack

from reportgen.collect import start_run
from reportgen.errors import LoggingError
from reportgen.integrations.feed import RunOptions
from reportgen.integrations.sklearn.names import model_name, search_score
from reportgen.integrations.values import metric_name, settings

FOLD = "fold"
"""The parameter that tells the folds of one candidate apart; a report takes it for the repeat."""

_DURATION = "mean over the folds"


def log_search(search: Any, experiment: str, **options: Unpack[RunOptions]) -> list[str]:
    """Write a fitted search: a run for each candidate and fold, with the scores on that fold.

    The candidate's parameters, the estimator's class (``model``) and the ``fold`` are the parameters of a
    run. Metrics are named as scikit-learn names scores (``accuracy``, ``neg_log_loss``; ``score`` is called
    ``accuracy`` or ``r2`` where it is that), those on the training part with ``train_`` before. A run lasts
    as long as scikit-learn took for the candidate's folds on average. A fold whose fit raised is *failed*.

    Args:
        search: A fitted ``GridSearchCV``, ``RandomizedSearchCV``, halving search or the like.
        experiment: The experiment of the runs.
        options: As for :func:`reportgen.start_run`; ``params`` and ``tags`` go into each run.

    Returns:
        The ids of the runs, candidate by candidate.

    Raises:
        LoggingError: It has no results: it is not fitted, or no search.
    """
    results = getattr(search, "cv_results_", None)
    if not isinstance(results, Mapping) or "params" not in results:
        raise LoggingError(
            f"{type(search).__name__} has no results of a search",
            where="log_search",
            do="Give a GridSearchCV or the like, after fit.",
        )
    options.setdefault("group", f"{type(search).__name__} {time.strftime('%Y-%m-%d %H:%M:%S')}")
    return [
        _write_fold(search, results, place, fold, experiment, options)
        for place in range(len(results["params"]))
        for fold in range(search.n_splits_)
    ]


def _write_fold(
    search: Any, results: Mapping[str, Any], place: int, fold: int, experiment: str, given: RunOptions
) -> str:
    """Write the run of one candidate on one fold, and give its id."""
    candidate = {"model": model_name(search.estimator), **settings(results["params"][place])}
    if "n_resources" in results:  # a halving search measures a candidate with more and more of them
        candidate["n_resources"] = int(results["n_resources"][place])
    is_best = place == getattr(search, "best_index_", None)
    options = given.copy()
    options["params"] = {**candidate, FOLD: fold, **(given.get("params") or {})}
    options["tags"] = {"best_candidate": is_best, "duration": _DURATION, **(given.get("tags") or {})}
    seconds = sum(
        float(results[name][place]) for name in ("mean_fit_time", "mean_score_time") if name in results
    )
    ended = time.time()
    run = start_run(experiment, started=ended - seconds, **options)
    scores = _scores_of(search, results, place, fold)
    if scores:
        run.log_metrics(scores, time=ended)
    is_failed = bool(scores) and all(math.isnan(score) for score in scores.values())
    reason = "the fit or the scoring raised: all scores are nan" if is_failed else ""
    run.finish("failed" if is_failed else "finished", reason=reason, time=ended)
    return run.id


def _scores_of(search: Any, results: Mapping[str, Any], place: int, fold: int) -> dict[str, float]:
    scores = {}
    for part, prefix in (("test", ""), ("train", "train_")):
        start = f"split{fold}_{part}_"
        for column in results:
            if column.startswith(start):
                name = search_score(search, column.removeprefix(start))
                scores[metric_name(prefix + name)] = float(results[column][place])
    return scores
