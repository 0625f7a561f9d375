"""What differs from the issue before: whose number it is, and by which test a difference was judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.explain.comparisons import explain_comparison
from reportgen.explain.interface import Recipe
from reportgen.explain.tree import Tree

SECTION = "Since the issue before"
_AGAIN = frozenset(("regression", "gain", "small_gain", "steady"))
_TURNED = {("difference",): ["size"], ("interval", "0"): ["size_low"], ("interval", "1"): ["size_high"]}
"""Parts of a comparison that is told the other way round: its difference is then a size, and so are its ends."""
_JUDGED = frozenset(("difference", "interval", "size", "size_low", "size_high"))


def explain_change(tree: Tree, path: list[str]) -> Recipe | None:
    """Explain ``/changes/...``."""
    match path:
        case ["entries", place, *rest] if rest:
            return _entry(tree, tree.numbers["changes"]["entries"][int(place)], rest)
        case ["number"]:
            return Recipe("number of the issue before", "taken over from it", section=SECTION)
        case ["newest_age_days"]:
            return Recipe("age of the newest run", "whole days from its end to built_at", section=SECTION)
    return Recipe("a number of changes", "counted from entries", section=SECTION)


def _entry(tree: Tree, entry: Mapping[str, Any], rest: list[str]) -> Recipe:
    kind = entry["kind"].replace("_", " ")
    if rest[0] in _JUDGED:
        return _judged(tree, entry, rest) or Recipe(
            kind, "limits of the usual range", section="From week to week"
        )
    if entry["kind"] == "outside_range" and rest[0].startswith("before"):
        return Recipe(
            f"{kind}: before", "mean of all weeks, the middle of the usual range", section="From week to week"
        )
    if rest[0].startswith("before"):
        told = (
            "mean of its runs up to the issue before"
            if entry["kind"] in _AGAIN
            else "as the issue before had it"
        )
        return Recipe(f"{kind}: before", told, section=SECTION)
    if rest[0].startswith("after"):
        told = "mean of its runs since" if entry["kind"] in _AGAIN else "as this report has it"
        return Recipe(f"{kind}: after", told, section=SECTION)
    among_new = entry["kind"] != "runs_removed" and entry.get("of_added") is not False
    told = (
        "among the runs that the issue before did not have"
        if among_new
        else "in this report and in the issue before"
    )
    return Recipe(f"{kind}: runs", f"counted {told}", section=SECTION)


def _judged(tree: Tree, entry: Mapping[str, Any], rest: list[str]) -> Recipe | None:
    """Explain a difference: by the comparison that it was taken from, or by the test of runs since and before."""
    if entry["kind"] in _AGAIN:
        return Recipe(
            f"{tree.label(entry['key'])}: its runs since against those up to the issue before",
            "Welch's t test, adjusted by Holm for all set-ups that were run again; positive is better",
            rule=f"verdict {entry['verdict']}, by the rules of every comparison",
            section=SECTION,
        )
    for among in (tree.numbers["comparisons"], tree.numbers["pairs"]):
        for found in among:
            sides = {found["key"], found["baseline"]}
            if found["metric"] == tree.primary and sides == {entry["key"], entry["against"]}:
                turned = found["key"] != entry["key"]
                return explain_comparison(
                    tree, found, among, _TURNED.get(tuple(rest), rest) if turned else rest
                )
    return None
