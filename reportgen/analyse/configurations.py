"""Group runs into configurations: runs that are equal in every parameter but the seed."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.analyse.labels import label_configurations
from reportgen.analyse.parameters import EXPERIMENT, Parameters
from reportgen.analyse.values import canonical_text
from reportgen.runs import Run

_KEY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Group:
    """One configuration before anything is computed about it."""

    key: str
    label: str
    params: Mapping[str, Any]
    """The parameters that configurations are told apart by."""
    members: tuple[int, ...]
    """Places of its runs in the table of runs, in order of start."""


def group_runs(runs: tuple[Run, ...], parameters: Parameters) -> tuple[Group, ...]:
    """Group *runs*, in order of label and key: never in the order of the input."""
    members: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for index, run in enumerate(runs):
        members[tuple(parameters.value(run, name) for name in parameters.varied)].append(index)
    places = list(members.values())
    first = [runs[place[0]] for place in places]
    keys = _short_keys([_identity(run, parameters) for run in first])
    params = [_told_apart(run, parameters) for run in first]
    run_names = [_shared_name(runs, place) for place in places]
    labels = label_configurations(keys, params, run_names, _fallback(runs))
    groups = [
        Group(key, label, entry, tuple(place))
        for key, label, entry, place in zip(keys, labels, params, places, strict=True)
    ]
    return tuple(sorted(groups, key=lambda group: (group.label, group.key)))


def _told_apart(run: Run, parameters: Parameters) -> dict[str, Any]:
    values = parameters.of(run)
    return {name: values[name] for name in parameters.varied if name in values}


def _identity(run: Run, parameters: Parameters) -> str:
    """Write out what a configuration's key is made from, the same whatever other runs there are."""
    if parameters.identity is not None:
        values = _told_apart(run, parameters)
    else:
        aside = (parameters.seed, parameters.task)
        values = {f"param {name}": value for name, value in run.params.items() if name not in aside}
        if parameters.task != EXPERIMENT:
            values[EXPERIMENT] = run.experiment
    return "\n".join(f"{name!r}={canonical_text(values[name])}" for name in sorted(values))


def _short_keys(identities: list[str]) -> list[str]:
    """Shorten hashes as far as they stay apart."""
    digests = [hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest() for text in identities]
    length = dict.fromkeys(digests, _KEY_DIGITS)
    clashing = list(length)
    while clashing:
        counts = Counter(digest[: length[digest]] for digest in length)
        clashing = [digest for digest in length if counts[digest[: length[digest]]] > 1]
        for digest in clashing:
            length[digest] += 1
    return [f"c-{digest[: length[digest]]}" for digest in digests]


def _shared_name(runs: tuple[Run, ...], members: list[int]) -> str | None:
    names = {runs[index].name for index in members}
    return names.pop() or None if len(names) == 1 else None


def _fallback(runs: tuple[Run, ...]) -> str:
    names = {"" if run.name == run.id else run.name for run in runs}
    if len(names) == 1 and (name := names.pop()):
        return name
    return runs[0].experiment or "all runs"
