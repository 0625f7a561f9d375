"""Which parameters tell configurations apart, which only repeats a run, and which never change."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.analyse.assumptions import listed_names
from reportgen.analyse.statistics import Integers
from reportgen.analyse.values import ABSENT, Canonical, canonical
from reportgen.config.settings import CompareConfig
from reportgen.errors import ConfigError
from reportgen.findings import Assumption
from reportgen.language import message
from reportgen.runs import Run

SEED_NAMES = (
    "seed",
    "random_seed",
    "random_state",
    "rng_seed",
    "seed_everything",
    "global_seed",
    "manual_seed",
    "torch_seed",
    "np_seed",
    "numpy_seed",
    "fold",
    "cv_fold",
)
"""Names of parameters that only repeat a run, the surest first; ``trainer.seed`` counts as ``seed``.

One that varies comes before one that does not: of a cross-validation with one seed the folds are the repeats.
"""
EXPERIMENT = "experiment"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a set of runs, by what they are for."""

    seed: str | None
    varied: tuple[str, ...]
    """Those that tell configurations apart, in the order in which runs log them."""
    constant: Mapping[str, Any]
    """Those with one and the same value in all runs."""
    experiment: str | None
    """Name of the parameter that stands for the run's experiment; None for one experiment."""
    identity: tuple[str, ...] | None
    """Names that a configuration's key is made from; None: all but the seed."""
    other: tuple[str, ...]
    """Those that vary, and that neither tell apart nor repeat: left out by ``compare.by``."""
    assumed: tuple[Assumption, ...]
    task: str | None = None
    """The one that tells the task of a run: one configuration is tried on many."""

    def value(self, run: Run, name: str) -> Canonical:
        """Give a run's value of a parameter, comparable; the experiment included."""
        if name == self.experiment:
            return ("text", run.experiment)
        return canonical(run.params[name]) if name in run.params else ABSENT

    def pairing(self, runs: Sequence[Run], tasks: Sequence[Canonical] | None = None) -> Integers:
        """Number the runs' seeds, equal ones alike, on each of the *tasks* apart; -1 for a run without one.

        Shape: (runs,), of *tasks* as well.

        Raises:
            ConfigError: There is no seed.
        """
        if self.seed is None:
            raise ConfigError(
                "runs cannot be paired without a seed", where="compare.paired", do='Add seed = "NAME".'
            )
        numbers: dict[tuple[Canonical, Canonical], int] = {}
        seeds = [self.value(run, self.seed) for run in runs]
        found = [
            -1 if seed == ABSENT else numbers.setdefault((task, seed), len(numbers))
            for seed, task in zip(seeds, tasks or [ABSENT] * len(seeds), strict=True)
        ]
        return np.array(found, dtype=np.int64)

    def of(self, run: Run) -> Mapping[str, Any]:
        """Give all parameters of a run, the experiment included where it is one."""
        return run.params if self.experiment is None else {self.experiment: run.experiment, **run.params}


def find_parameters(runs: tuple[Run, ...], compare: CompareConfig, known: Iterable[str]) -> Parameters:
    """Sort the parameters of *runs*; *known* are the names in all runs that were read.

    Raises:
        ConfigError: ``compare.seed`` or ``compare.by`` names a parameter that no run has.
    """
    distinct = _distinct(runs)
    task = compare.task
    experiment = None if task == EXPERIMENT and task not in distinct else _experiment_name(runs, distinct)
    names = {*known, *distinct}
    seed = _find_seed(distinct, compare, names)
    varying = tuple(name for name, values in distinct.items() if len(values) > 1 and name not in (seed, task))
    if experiment is not None:
        varying = (experiment, *varying)
    varied = varying
    if compare.by is not None:
        for name in compare.by:
            if name not in names and name not in (experiment, EXPERIMENT):
                raise _unknown("by", name, names)
        varied = tuple(dict.fromkeys(experiment if n == EXPERIMENT and experiment else n for n in compare.by))
    constant = {
        name: runs[0].params[name]
        for name, values in distinct.items()
        if len(values) == 1 and name in runs[0].params
    }
    return Parameters(
        seed=seed,
        varied=varied,
        constant=constant,
        experiment=experiment,
        identity=None if compare.by is None else varied,
        other=tuple(name for name in varying if name not in varied),
        assumed=_assumptions(compare, seed, varied),
        task=task,
    )


def _distinct(runs: tuple[Run, ...]) -> dict[str, set[Canonical]]:
    """Collect each parameter's distinct values, at most three: more are not looked at."""
    found: dict[str, set[Canonical]] = {}
    seen: dict[str, int] = {}
    first: dict[str, Any] = {}
    for run in runs:
        for name, value in run.params.items():
            seen[name] = seen.get(name, 0) + 1
            if name not in found:
                found[name], first[name] = {canonical(value)}, value
            elif len(found[name]) < 3 and value is not first[name]:
                found[name].add(canonical(value))
    for name, values in found.items():
        if seen[name] < len(runs):
            values.add(ABSENT)
    return found


def _experiment_name(runs: tuple[Run, ...], distinct: Mapping[str, Any]) -> str | None:
    if len({run.experiment for run in runs}) < 2:
        return None
    name = EXPERIMENT
    while name in distinct:
        name = f"{name} of the run" if name == EXPERIMENT else f"{name}_"
    return name


def _find_seed(distinct: Mapping[str, set[Canonical]], compare: CompareConfig, names: set[str]) -> str | None:
    if compare.seed is not None:
        if compare.seed not in names:
            raise _unknown("seed", compare.seed, names)
        return compare.seed
    candidates = [
        (len(values) < 2, SEED_NAMES.index(_last_word(name)), name)
        for name, values in distinct.items()
        if _last_word(name) in SEED_NAMES and name not in (compare.by or ())
    ]
    return min(candidates)[-1] if candidates else None


def _last_word(name: str) -> str:
    return name.replace("/", ".").rsplit(".", 1)[-1].lower().replace("-", "_")


def _unknown(key: str, name: str, names: set[str]) -> ConfigError:
    near = difflib.get_close_matches(name, sorted(names), n=3) or sorted(names)[:10]
    found = "found " + ", ".join(repr(entry) for entry in near) if near else "no run has any parameter"
    return ConfigError(f"no run has the parameter {name!r}", where=f"compare.{key}", found=found)


def _assumptions(compare: CompareConfig, seed: str | None, varied: tuple[str, ...]) -> tuple[Assumption, ...]:
    assumed = []
    if compare.seed is None and seed is not None:
        assumed.append(
            Assumption(
                "seed",
                message(
                    "Runs that differ only in {seed} are repeats of one configuration: the name says so.",
                    seed=seed,
                ),
                message('seed = "NAME" under [compare]'),
            )
        )
    if compare.seed is None and seed is None:
        assumed.append(
            Assumption(
                "seed",
                message(
                    "No parameter is named like a seed, so runs are repeats only where all their parameters "
                    "are equal."
                ),
                message('seed = "NAME" under [compare]'),
            )
        )
    if compare.by is None and varied:
        shown = listed_names(varied)
        assumed.append(
            Assumption(
                "parameters",
                message("Set-ups are told apart by every setting that varies ({names}).", names=shown),
                message('by = ["NAME", ...] under [compare]'),
            )
        )
    return tuple(assumed)
