"""The rule that decided on a comparison, with its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.explain.interface import Recipe
from reportgen.explain.tree import Tree


def verdict_recipe(tree: Tree, entry: Mapping[str, Any], name: str) -> Recipe:
    """Explain a verdict: the first rule that fits decides."""
    verdict = str(entry["verdict"]).replace("_", " ")
    return Recipe(
        f"verdict: {verdict}, {name}",
        "the rules of docs/method.md in their order; the first that fits decides",
        tuple(tree.given(entry[who], entry["metric"]) for who in ("key", "baseline")),
        (),
        _rule(tree, entry),
        "Better, worse, not settled",
    )


def _rule(tree: Tree, entry: Mapping[str, Any]) -> str:
    alpha, runs = tree.threshold("alpha"), f"{tree.threshold('min_runs'):g}"
    smallest = tree.numbers["metrics"].get(entry["metric"], {}).get("smallest_difference")
    p, gain = entry["p_adjusted"], entry["difference"]
    adjusted = "no p value" if p is None else f"adjusted p {p:.6g}"
    sides = (tree.given(entry[who], entry["metric"]).values for who in ("key", "baseline"))
    vary = any(len(set(values)) > 1 for values in sides)
    reasons = {
        "data_differs": "the runs differ in something that had to be equal ([compare] same)",
        "conditions_differ": "the runs differ in something that had to be equal ([compare] same)",
        "unknown_conditions": "the runs do not tell something that had to be equal ([compare] same)",
        "too_few_runs": f"fewer than {runs} runs with a result on a side",
        "no_variation": "the gap is the same in every pair of runs"
        if vary
        else "every repeat gave the same number on both sides",
        "failures": f"{tree.threshold('failure_share'):.0%} or more of its runs failed, and more than of the other's; "
        "or the gap turns round once failed runs count as the worst",
        "noise": f"{adjusted} is not below {alpha:g}"
        + ("" if smallest is None else f", and the 90 % range is not inside ±{smallest:g}"),
        "size_unclear": f"{adjusted} is below {alpha:g}, but the gain {gain} may be smaller than {smallest}",
    }
    verdicts = {
        "better": f"{adjusted} is below {alpha:g}, the difference {gain} is a gain"
        + ("" if smallest is None else f" of at least {smallest:g}"),
        "worse": f"{adjusted} is below {alpha:g}, and the difference {gain} is a loss",
        "too_small": f"{adjusted} is below {alpha:g}, but the whole range lies below {smallest}",
        "about_the_same": f"{adjusted} is not below {alpha:g}, and the 90 % range lies inside ±{smallest}",
    }
    return reasons.get(str(entry["reason"])) or verdicts.get(entry["verdict"], "no rule of its own")
