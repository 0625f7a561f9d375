"""Fresh runs of a configuration that a search has picked: from five on, they alone speak for it.

A run is fresh where it carries the tag ``purpose = "confirmation"``: whoever starts it says so before its
result is known. The baseline was not picked by looking, so all of its runs count as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportgen.analyse.outcomes import Outcome
from reportgen.analyse.table import Table
from reportgen.analyse.thresholds import MIN_FRESH_RUNS
from reportgen.language import mark, message
from reportgen.runs import Run

TAG = "purpose"
VALUE = "confirmation"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The runs as they count, and as the search left them."""

    counted: Table
    """Where enough fresh runs speak for a configuration, its other usable runs are set aside."""
    search: Table
    """The other way round: there its fresh runs are set aside."""
    waiting: tuple[tuple[int, int], ...]
    """(number of the configuration, its fresh runs with a result): too few so far, so that they count like
    any other run."""


def confirm(table: Table, baseline: int | None) -> Confirmation:
    """Set aside, in every configuration but the baseline, what the fresh runs make up for."""
    fresh = {index for index, run in enumerate(table.runs) if is_fresh(run)}
    if not fresh:
        return Confirmation(table, table, ())
    decided: dict[int, frozenset[int]] = {}
    waiting = []
    for number, group in enumerate(table.groups):
        own = frozenset(fresh.intersection(group.members))
        if not own or number == baseline:
            continue
        usable = sum(table.outcomes[index] == "usable" for index in own)
        if usable >= MIN_FRESH_RUNS:
            decided[number] = own
        else:
            waiting.append((number, usable))
    of_search = {
        index for number, own in decided.items() for index in table.groups[number].members if index not in own
    }
    of_check = {index for own in decided.values() for index in own}
    return Confirmation(
        counted=replace(table, outcomes=tuple(_set_aside(table.outcomes, of_search)), fresh=decided),
        search=replace(table, outcomes=tuple(_set_aside(table.outcomes, of_check))),
        waiting=tuple(waiting),
    )


def is_fresh(run: Run) -> bool:
    """Tell whether a run was started to confirm what a search had found."""
    return run.tags.get(TAG) == VALUE


def _set_aside(outcomes: Sequence[Outcome], places: set[int]) -> Iterator[Outcome]:
    for index, outcome in enumerate(outcomes):
        yield "set_aside" if index in places and outcome == "usable" else outcome


def waiting_notes(confirmation: Confirmation) -> Iterator[tuple[str, str]]:
    """Tell which fresh runs are too few to decide, as (key, sentence)."""
    for number, usable in confirmation.waiting:
        group = confirmation.counted.groups[number]
        template = mark(
            "{name} has fresh runs with a result, {usable} of the {needed} that would confirm it: they count like "
            "any other."
        )
        yield group.key, message(template, name=group.label, usable=usable, needed=MIN_FRESH_RUNS)
