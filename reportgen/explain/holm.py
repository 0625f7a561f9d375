"""Holm's adjustment: of all comparisons of one family at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportgen.explain.interface import Recipe
from reportgen.explain.tree import Tree

SECTION = "Better, worse, not settled"


def _family(tree: Tree, entry: Mapping[str, Any], among: Sequence[Mapping[str, Any]]) -> list[float]:
    """Give the p values of the comparisons that are adjusted together, smallest first."""
    baseline = next((c["key"] for c in tree.numbers["configurations"] if c["baseline"]), None)
    return sorted(
        other["p_value"]
        for other in among
        if other["p_value"] is not None
        and other["metric"] == entry["metric"]
        and other["family"] == entry["family"]
        and (other["baseline"] == baseline) == (entry["baseline"] == baseline)
    )


def adjusted_recipe(
    tree: Tree, entry: Mapping[str, Any], among: Sequence[Mapping[str, Any]], name: str
) -> Recipe:
    """Explain an adjusted p value."""
    m, own = entry["family"], entry["p_value"]
    return Recipe(
        f"p value adjusted by Holm for {m} comparison{'s' if m > 1 else ''}, {name}",
        "of one comparison, p as it is"
        if m == 1
        else f"p values in order of size; the smallest times {m}, the next times {m - 1}, and so on; "
        "never below one before it, at most 1",
        (),
        (f"p_values = {_family(tree, entry, among)}", f"m, own = {m}, {own!r}",
         "result = min(1.0, max((m - p_values.index(p)) * p for p in p_values if p <= own))"),
        f"below {tree.threshold('alpha'):g} is a claim"
        + (f"; comparisons that could not be tested count in {m}" if m > 1 else ""),
        SECTION,
    )  # fmt: skip


def level_recipe(
    tree: Tree, entry: Mapping[str, Any], among: Sequence[Mapping[str, Any]], name: str
) -> Recipe:
    """Explain the level of a difference's range."""
    alpha = tree.threshold("alpha")
    return Recipe(
        f"level of the range, {name}",
        "1 - alpha / (m - i), i the place in Holm's order from 0; for all that are not shown, that of the first that fails",
        (),
        (f"p_values = {_family(tree, entry, among)}", f"m, own, alpha = {entry['family']}, {entry['p_value']!r}, {alpha!r}",
         "adjusted = [max((m - p_values.index(q)) * q for q in p_values if q <= p) for p in p_values]",
         "failing = next((i for i, p in enumerate(adjusted) if p >= alpha), len(p_values))",
         "place = min(p_values.index(own), failing)",
         "result = 1 - alpha / (m - p_values.index(p_values[place]))"),
        f"alpha {alpha:g}",
        SECTION,
    )  # fmt: skip
