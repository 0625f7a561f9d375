"""May two configurations be compared at all, or were they measured under different conditions?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from reportgen.analyse.configurations import Group
from reportgen.analyse.facts import HASHES, Fact, parse_fact, value_of
from reportgen.analyse.statistics import Booleans, Integers
from reportgen.analyse.values import ABSENT, Canonical, canonical
from reportgen.config.settings import OnMismatch
from reportgen.findings import Comparison, Mismatch, Reason
from reportgen.language import mark
from reportgen.runs import Run

TELLING_TAGS = ("evaluator", "evaluator_version", "metric_version", "data_version")
"""Tags that are compared unasked, where both sides have them."""
TASK = Fact("task", "")
NEXT_STEPS: Mapping[Reason, str] = {
    "conditions_differ": mark("Run both under the same conditions."),
    "unknown_conditions": mark("Log what had to be the same in every run, and run both again."),
}
Signature = tuple[tuple[Fact, frozenset[Canonical]], ...]


@dataclass(frozen=True, slots=True)
class _Difference:
    fact: Fact
    kind: Literal["different", "unknown"]


class Comparability:
    """Answers for pairs of configurations whether they may be compared."""

    over_tasks: bool
    """Whether runs are on several tasks, so that those of a configuration are no repeats."""

    def __init__(
        self,
        runs: Sequence[Run],
        groups: Sequence[Group],
        same: Sequence[str],
        on_mismatch: OnMismatch = "separate",
        tasks: Sequence[Canonical] | None = None,
    ) -> None:
        """Collect what each configuration's runs say about how they were measured.

        Args:
            runs: All runs.
            groups: Their configurations.
            same: What the user wants to be the same (see `facts.parse_fact`).
            on_mismatch: With ``warn`` everything may be compared, and differences are only told.
            tasks: Each run's task, where tasks are declared.

        Raises:
            ConfigError: An entry of *same* names no fact.
        """
        wanted = [
            fact for fact in map(parse_fact, same) if any(value_of(run, fact) != ABSENT for run in runs)
        ]
        self._wanted = frozenset(wanted)
        self._allowed = on_mismatch == "warn"
        self.over_tasks = tasks is not None and len(set(tasks)) > 1
        kinds: dict[Signature, int] = {}
        self._group_kind = np.array(
            [kinds.setdefault(_signature(runs, group, wanted, tasks), len(kinds)) for group in groups],
            dtype=np.int64,
        )
        self._signatures = [dict(signature) for signature in kinds]

    def differ(self, first: Integers, second: Integers) -> Booleans:
        """Tell which pairs of configurations must not be compared.

        Shape: (pairs,) each; numbers of configurations.
        """
        if self._allowed:
            return np.zeros(len(first), dtype=np.bool_)
        kinds = np.stack([self._group_kind[first], self._group_kind[second]], axis=1)
        distinct, place = np.unique(kinds, axis=0, return_inverse=True)
        answers = [self._difference(one, other) is not None for one, other in distinct]
        return np.array(answers, dtype=np.bool_)[place.reshape(-1)]

    def explained(self, compared: Sequence[Comparison], keys: Sequence[str]) -> tuple[Comparison, ...]:
        """Give refused comparisons their true reason; *keys* are those of the groups."""
        place = {key: number for number, key in enumerate(keys)}
        return tuple(
            self._explain(entry, place) if entry.reason == "data_differs" else entry for entry in compared
        )

    def _explain(self, entry: Comparison, place: Mapping[str, int]) -> Comparison:
        first, second = (self._group_kind[place[key]] for key in (entry.key, entry.baseline))
        found = self._difference(first, second)
        if found is None or (found.kind == "different" and found.fact.place == "data"):
            return entry
        reason: Reason = "unknown_conditions" if found.kind == "unknown" else "conditions_differ"
        return replace(entry, reason=reason, next_step=NEXT_STEPS[reason])

    def mismatches(self, reference: int) -> tuple[Mismatch, ...]:
        """Count, for each fact, the configurations that differ in it from the *reference*, or do not tell it.

        A configuration is counted once, by the first fact.
        """
        counts: dict[_Difference, int] = {}
        for number, kind in enumerate(self._group_kind):
            if number != reference:
                found = self._difference(kind, self._group_kind[reference])
                if found is not None:
                    counts[found] = counts.get(found, 0) + 1
        return tuple(
            Mismatch(difference.fact.place, difference.fact.name, difference.kind, count, self._allowed)
            for difference, count in counts.items()
        )

    def _difference(self, first: int, second: int) -> _Difference | None:
        return next(self._differences(self._signatures[first], self._signatures[second]), None)

    def _differences(
        self, first: Mapping[Fact, frozenset[Canonical]], second: Mapping[Fact, frozenset[Canonical]]
    ) -> Iterator[_Difference]:
        """Compare two signatures: what the user wants first, then what both tell unasked.

        Unasked, configurations that each ran on the same several versions (folds, say) are comparable.
        What the user wants to be the same must have one value in all runs, and a known one.
        """
        for fact in first.keys() & second.keys() & self._wanted:
            if ABSENT in first[fact] or ABSENT in second[fact]:
                yield _Difference(fact, "unknown")
            elif first[fact] != second[fact] or len(first[fact]) > 1:
                yield _Difference(fact, "different")
        for fact in sorted(first.keys() & second.keys() - self._wanted):
            if fact.place == "data version" and _have_hash(first.keys() & second.keys(), fact.name):
                continue
            if first[fact] != second[fact]:
                yield _Difference(Fact(fact.place.split(" ")[0], fact.name), "different")


def _signature(
    runs: Sequence[Run], group: Group, wanted: Sequence[Fact], tasks: Sequence[Canonical] | None
) -> Signature:
    """Collect what a configuration's finished runs tell (all of its runs, where none is finished)."""
    finished = [index for index in group.members if runs[index].status == "finished"]
    seen: dict[Fact, set[Canonical]] = {}
    for index in finished or group.members:
        for fact, value in _told(runs[index]):
            # one data set for each task is no other data: the tasks themselves are compared
            if tasks is None or not fact.place.startswith("data"):
                seen.setdefault(fact, set()).add(value)
        for fact in wanted:
            seen.setdefault(fact, set()).add(value_of(runs[index], fact))
        if tasks is not None:
            seen.setdefault(TASK, set()).add(tasks[index])
    return tuple((fact, frozenset(values)) for fact, values in sorted(seen.items()))


def _have_hash(both: frozenset[Fact] | set[Fact], data: str) -> bool:
    """Tell whether both sides have a hash of the same kind of these data: then versions do not count."""
    places = tuple(f"data {hashed} " for hashed in HASHES)
    return any(fact.name == data and fact.place.startswith(places) for fact in both)


def _told(run: Run) -> Iterator[tuple[Fact, Canonical]]:
    for name, facts in run.data.items():
        # a table's hash says nothing about a file's: only like is compared with like
        of = facts.get("kind") or "file"
        for hashed in HASHES:
            if facts.get(hashed) is not None:
                yield Fact(f"data {hashed} {of}", name), canonical(facts[hashed])
        if facts.get("version") is not None:
            yield Fact("data version", name), canonical(facts["version"])
    for tag in TELLING_TAGS:
        if tag in run.tags:
            yield Fact("tag", tag), canonical(run.tags[tag])
