"""Finds who explains a number, by its pointer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportgen.explain.changes import explain_change
from reportgen.explain.comparisons import explain_comparison
from reportgen.explain.configurations import explain_configuration, explain_limit, run_value
from reportgen.explain.counts import explain_counts, explain_effort, taken_over
from reportgen.explain.courses import explain_course, explain_curve, explain_every_metric
from reportgen.explain.interface import Explanation, Recipe
from reportgen.explain.luck import explain_luck
from reportgen.explain.project import (
    explain_importance,
    explain_tasks,
    explain_trade_off,
    explain_trend,
)
from reportgen.explain.tree import Tree

_UNKNOWN = Recipe("a value of the report", "taken over as it was read, declared or counted")


def explain_number(tree: Tree, pointer: str) -> Explanation:
    """Say how the value at *pointer* was made.

    Raises:
        KeyError: The pointer leads nowhere.
    """
    value = tree.at(pointer)
    path = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    found = None
    if len(path) > 1 and not isinstance(value, dict | list):
        found = _missing(path) if value is None else _recipe(tree, path) or taken_over(tree, path)
    return Explanation(pointer, value, found or _UNKNOWN)


def _missing(path: list[str]) -> Recipe:
    return Recipe(
        f"{path[-1].replace('_', ' ')} is not stated",
        "what it needs is not there; docs/method.md says when a number is given",
    )


def _recipe(tree: Tree, path: list[str]) -> Recipe | None:  # noqa: PLR0911 - one a field
    match path:
        case ["configurations", place, "comparison", *rest] if rest:
            entry = tree.numbers["configurations"][int(place)]["comparison"]
            return explain_comparison(tree, entry, tree.numbers["comparisons"], rest)
        case ["configurations", place, *rest] if rest:
            return explain_configuration(tree, int(place), rest)
        case ["comparisons" | "pairs" as which, place, *rest] if rest:
            among = tree.numbers[which]
            return explain_comparison(tree, among[int(place)], among, rest)
        case ["luck", field]:
            return explain_luck(tree, field)
        case ["guard_rails", place, field]:
            return explain_limit(tree, int(place), field)
        case ["rows", place, "values", metric]:
            return run_value(tree, tree.numbers["rows"][int(place)], metric)
    return _of_the_project(tree, path)


def _of_the_project(tree: Tree, path: list[str]) -> Recipe | None:  # noqa: PLR0911 - one a field
    match path:
        case ["tasks", *rest]:
            return explain_tasks(tree, rest)
        case ["importance", *rest]:
            return explain_importance(tree, rest)
        case ["trend", *rest]:
            return explain_trend(tree, rest)
        case ["changes", *rest]:
            return explain_change(tree, rest)
        case ["effort", field]:
            return explain_effort(tree, field)
        case ["trade_off", field]:
            return explain_trade_off(tree, field)
        case ["curves", place, *rest]:
            return explain_curve(tree, int(place), rest)
        case ["course", field]:
            return explain_course(tree, field)
        case ["every_metric", *rest]:
            return explain_every_metric(tree, rest)
        case ["runs" | "counts", *_]:
            return explain_counts(tree, path)
    return None


def numeric_pointers(node: Any, at: str = "") -> Iterator[str]:
    """Give the pointer of every number below *node*."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from numeric_pointers(value, f"{at}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from numeric_pointers(value, f"{at}/{place}")
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield at
