"""May two configurations be compared at all, or were they run on different data?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reportgen.analyse.configurations import Group
from reportgen.analyse.statistics import Booleans, Integers
from reportgen.analyse.values import ABSENT, Canonical, canonical
from reportgen.errors import ConfigError
from reportgen.runs import Run

Signature = tuple[tuple[str, frozenset[Canonical]], ...]


class Comparability:
    """Answers for pairs of configurations whether they may be compared."""

    def __init__(self, runs: Sequence[Run], groups: Sequence[Group], same: Sequence[str]) -> None:
        """Collect what each configuration's runs say about their data.

        Raises:
            ConfigError: An entry of ``compare.same`` is neither ``data.NAME`` nor ``tag.NAME``.
        """
        wanted = tuple(_parse(entry) for entry in same)
        kinds: dict[Signature, int] = {}
        self._group_kind = np.array(
            [kinds.setdefault(_signature(runs, group, wanted), len(kinds)) for group in groups],
            dtype=np.int64,
        )
        self._signatures = [dict(signature) for signature in kinds]

    def differ(self, first: Integers, second: Integers) -> Booleans:
        """Tell which pairs of configurations must not be compared.

        Shape: (pairs,) each; numbers of configurations.
        """
        kinds = np.stack([self._group_kind[first], self._group_kind[second]], axis=1)
        distinct, place = np.unique(kinds, axis=0, return_inverse=True)
        answers = [_differ(self._signatures[one], self._signatures[other]) for one, other in distinct]
        return np.array(answers, dtype=np.bool_)[place.reshape(-1)]


def _parse(entry: str) -> tuple[str, str]:
    place, _, name = entry.partition(".")
    if place not in ("data", "tag") or not name:
        raise ConfigError(
            f"{entry!r} cannot be required to be the same",
            where="compare.same",
            found="there are data.NAME and tag.NAME",
        )
    return place, name


def _signature(runs: Sequence[Run], group: Group, wanted: Sequence[tuple[str, str]]) -> Signature:
    seen: dict[str, set[Canonical]] = {}
    for index in group.members:
        run = runs[index]
        for name, facts in run.data.items():
            for fact in ("sha256", "version"):
                if facts.get(fact) is not None:
                    seen.setdefault(f"{fact} {name}", set()).add(canonical(facts[fact]))
        for place, name in wanted:
            seen.setdefault(f"same {place} {name}", set()).add(_wanted_value(run, place, name))
    return tuple((name, frozenset(values)) for name, values in sorted(seen.items()))


def _wanted_value(run: Run, place: str, name: str) -> Canonical:
    if place == "tag":
        return canonical(run.tags[name]) if name in run.tags else ABSENT
    facts: Mapping[str, Any] = run.data.get(name, {})
    told = next((facts[fact] for fact in ("sha256", "version") if facts.get(fact) is not None), None)
    return ABSENT if told is None else canonical(told)


def _differ(first: Mapping[str, frozenset[Canonical]], second: Mapping[str, frozenset[Canonical]]) -> bool:
    """Compare two signatures; a hash counts before a version, and only what both have counts.

    Configurations that each ran on the same several versions (folds, say) are comparable, unless the
    user wants this fact to be the same in all runs.
    """
    for name in first.keys() & second.keys():
        kind, _, rest = name.partition(" ")
        if kind == "version" and f"sha256 {rest}" in first and f"sha256 {rest}" in second:
            continue
        if first[name] != second[name] or (kind == "same" and len(first[name]) > 1):
            return True
    return False
