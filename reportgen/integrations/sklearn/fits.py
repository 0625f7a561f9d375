"""autolog: every ``fit`` inside a block becomes a run."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FunctionType
from typing import Any, Unpack

from reportgen.collect import Run, start_run
from reportgen.integrations.feed import RunOptions
from reportgen.integrations.sklearn.names import changed_parameters, model_name, own_score
from reportgen.integrations.sklearn.search import log_search
from reportgen.integrations.values import settings, split_numbers

_CURVES = {"loss_curve_": "loss", "validation_scores_": "validation_score"}
"""What models keep of each round of their training, and the metric that it becomes."""

_CONDITIONAL = "_AvailableIfDescriptor"
"""scikit-learn's descriptor of a method that depends on the model inside."""


@contextmanager
def autolog(experiment: str, *, train_score: bool = True, **options: Unpack[RunOptions]) -> Iterator[FitLog]:
    """Make a run of every ``fit`` of a model inside this block, with its parameters and scores.

    Logged are the model's class and the parameters that are not at their defaults; ``fit_seconds``; the score
    on the training data; the loss curve of models that keep one; and, added later, the result of
    ``model.score(X, y)``, named ``accuracy``, ``r2`` or ``score``. A search is written as
    :func:`~reportgen.integrations.sklearn.log_search` does. A fit that raises is a failed run.

    Fits inside of other fits are part of those. Fits in other threads and processes (``n_jobs``) are not
    seen. Transformers, which predict nothing, make no run of their own.

    Args:
        experiment: The experiment of the runs.
        train_score: Also measure the score on the training data, which costs a prediction.
        options: As for :func:`reportgen.start_run`; ``params`` and ``tags`` go into each run.

    Yields:
        The log, whose ``runs`` are the ids of the runs so far.
    """
    log = FitLog(experiment, options, train_score=train_score)
    with _patched(log):
        yield log


class FitLog:
    """The fits of one block.

    Args:
        experiment: The experiment of the runs.
        options: What else they are started with.
        train_score: Whether to measure the score on the training data.
    """

    def __init__(self, experiment: str, options: RunOptions, *, train_score: bool) -> None:
        self.runs: list[str] = []
        """The ids of the runs, in order."""
        self._experiment = experiment
        self._options = options
        self._train_score = train_score
        self._thread = threading.get_ident()
        self._is_inside = False
        self._run_of: weakref.WeakKeyDictionary[Any, Run] = weakref.WeakKeyDictionary()
        self._data_of: weakref.WeakKeyDictionary[Any, Callable[[], Any]] = weakref.WeakKeyDictionary()

    def fit(self, original: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
        """Stand in for a model's ``fit``."""
        if self._is_inside or threading.get_ident() != self._thread or not hasattr(model, "predict"):
            return original(model, *args, **kwargs)
        self._is_inside = True
        try:
            if hasattr(model, "_run_search"):
                return self._fit_search(original, model, *args, **kwargs)
            return self._fit_model(original, model, *args, **kwargs)
        finally:
            self._is_inside = False

    def score(self, original: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
        """Stand in for a model's ``score``: its result goes into the model's run."""
        result = original(model, *args, **kwargs)
        is_ours = not self._is_inside and threading.get_ident() == self._thread
        run = self._run_of.get(model) if is_ours else None
        if run is not None:
            trained_on = self._data_of.get(model, _nothing)()
            is_training_data = trained_on is not None and trained_on is _data(args, kwargs)
            name = own_score(model)
            values, _ = split_numbers({f"train_{name}" if is_training_data else name: result})
            home = run.directory.parent.parent
            with start_run(self._experiment, resume=run.id, directory=home, capture=False) as again:
                again.log_metrics(values)
        return result

    def _fit_model(self, original: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
        with self._start(model) as run:
            began = time.perf_counter()
            fitted = original(model, *args, **kwargs)
            seconds = time.perf_counter() - began
            for attribute, name in _CURVES.items():
                for step, value in enumerate(getattr(model, attribute, None) or ()):
                    run.log_metrics({name: value}, step=step)
            measured = self._training_score(run, model, args, kwargs) if self._train_score else {}
            run.log_metrics({"fit_seconds": seconds, **measured})
        self._run_of[model] = run
        with contextlib.suppress(TypeError):  # a list, say, cannot be referred to: not recognised later
            self._data_of[model] = weakref.ref(_data(args, kwargs))
        return fitted

    def _fit_search(self, original: Callable[..., Any], search: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            fitted = original(search, *args, **kwargs)
        except BaseException as error:
            self._start(search.estimator).__exit__(type(error), error, None)
            raise
        self.runs += log_search(search, self._experiment, **self._options)
        return fitted

    def _start(self, model: Any) -> Run:
        options = self._options.copy()
        told = {"model": model_name(model), **settings(changed_parameters(model))}
        options["params"] = {**told, **(self._options.get("params") or {})}
        run = start_run(self._experiment, **options)
        self.runs.append(run.id)
        return run

    def _training_score(self, run: Run, model: Any, args: Any, kwargs: Any) -> dict[str, float]:
        data = {name: kwargs[name] for name in ("X", "y", "sample_weight") if name in kwargs}
        try:
            score = model.score(*args[:2], **data)
        except Exception as error:  # noqa: BLE001 - a model that cannot score itself is trained all the same
            run.note(f"There is no score on the training data: {type(error).__name__}: {error}")
            return {}
        return split_numbers({f"train_{own_score(model)}": score})[0]


def _data(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    return args[0] if args else kwargs.get("X")


def _nothing() -> None:
    return None


@contextmanager
def _patched(log: FitLog) -> Iterator[None]:
    """Let the log stand in for ``fit`` and ``score`` of all models, also of classes that come later."""
    from sklearn.base import BaseEstimator

    replaced: list[tuple[type, str, object, object]] = []
    seen: set[type] = set()

    def patch(kind: type) -> None:
        for base in set(kind.__mro__) - seen - {object}:
            seen.add(base)
            for name, stand_in in (("fit", log.fit), ("score", log.score)):
                original = base.__dict__.get(name)
                if isinstance(original, FunctionType) or type(original).__name__ == _CONDITIONAL:
                    replacement = _standing_in(original, stand_in)
                    setattr(base, name, replacement)
                    replaced.append((base, name, original, replacement))

    before = BaseEstimator.__dict__.get("__init_subclass__")

    def patch_new(cls: type, /, **kwargs: Any) -> None:
        if before is None:
            super(BaseEstimator, cls).__init_subclass__(**kwargs)
        else:
            before.__func__(cls, **kwargs)
        patch(cls)

    for kind in _all_subclasses(BaseEstimator):
        patch(kind)
    BaseEstimator.__init_subclass__ = classmethod(patch_new)
    try:
        yield
    finally:
        if before is None:
            del BaseEstimator.__init_subclass__
        else:
            BaseEstimator.__init_subclass__ = before
        for base, name, original, replacement in reversed(replaced):
            if base.__dict__.get(name) is replacement:
                setattr(base, name, original)


def _standing_in(original: Any, stand_in: Callable[..., Any]) -> object:
    if not isinstance(original, FunctionType):
        return _ConditionalStandIn(original, stand_in)

    @functools.wraps(original)
    def call(model: Any, *args: Any, **kwargs: Any) -> Any:
        return stand_in(original, model, *args, **kwargs)

    return call


class _ConditionalStandIn:
    """Stands in for a method that a model has under a condition only, such as a pipeline's ``score``."""

    def __init__(self, original: Any, stand_in: Callable[..., Any]) -> None:
        self._original = original
        self._stand_in = stand_in

    def __get__(self, model: Any, owner: type | None = None) -> Any:
        bound = self._original.__get__(model, owner)  # raises where the model does not have it
        if model is None:
            return bound

        @functools.wraps(bound)
        def call(*args: Any, **kwargs: Any) -> Any:
            return self._stand_in(lambda _, *same, **named: bound(*same, **named), model, *args, **kwargs)

        return call


def _all_subclasses(kind: type) -> Iterator[type]:
    child: type
    for child in kind.__subclasses__():
        yield child
        yield from _all_subclasses(child)
