"""Means, spreads, intervals and counts of one configuration, and the bounds of its limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.explain.interface import Given, Recipe
from reportgen.explain.luck import shrunken_recipe
from reportgen.explain.tree import Tree

SECTION = "A set-up's result"
NUMPY, STATS = "import numpy as np", "from scipy import stats"


def explain_configuration(tree: Tree, place: int, path: list[str]) -> Recipe | None:  # noqa: PLR0911 - one a field
    """Explain ``/configurations/<place>/<path>``."""
    c = tree.numbers["configurations"][place]
    if path[0] == "metrics":
        return _statistic(tree, c, path[1], path[2:])
    if path[0] in ("mean", "spread", "interval", "n"):
        return _statistic(tree, c, tree.primary, path)
    if path[0] == "values":
        return _one_run(tree, c, int(path[1]))
    if path[0] == "rank":
        return _rank(tree, c)
    if path[0] == "shrunken":
        return shrunken_recipe(tree, c["key"])
    if path[0] in ("success_interval", "items_interval"):
        return _wilson(tree, c, *path)
    if path[0] == "search_mean":
        given = tree.searched(c["key"])
        return Recipe(
            "mean of the runs of the search, which are set aside because fresh runs decide",
            "sum of the values / number of runs",
            (given,),
            (NUMPY, f"result = np.mean({given.values})"),
            f"from {tree.threshold('min_fresh_runs'):g} fresh runs with a result on, these decide alone",
            "The best of many",
        )
    return _count(tree, c, path[0])


def _statistic(tree: Tree, c: Mapping[str, Any], metric: str, path: list[str]) -> Recipe | None:
    given = tree.given(c["key"], metric)
    values, few = given.values, f"{tree.threshold('min_runs'):g}"
    match path:
        case ["mean"]:
            return Recipe(
                f"mean of {given.label}", "sum of the values / number of runs", (given,),
                (NUMPY, f"result = np.mean({values})"), "every run with a usable number counts once", SECTION,
            )  # fmt: skip
        case ["spread"]:
            return Recipe(
                f"standard deviation of single runs, {given.label}",
                "square root of (sum of squared distances from the mean / (n - 1))", (given,),
                (NUMPY, f"result = np.std({values}, ddof=1)"), "needs two runs", SECTION,
            )  # fmt: skip
        case ["n"]:
            return Recipe(
                f"runs with a usable number, {given.label}", "count", (given,),
                (f"result = len({[run for run, _ in given.runs]})",), "", SECTION,
            )  # fmt: skip
        case ["interval", end]:
            shown = (c if metric == tree.primary else c["metrics"][metric])["interval"][int(end)]
            return Recipe(
                f"{'lower' if end == '0' else 'upper'} end of the 95 % range of the mean, {given.label}",
                "mean -/+ t(n - 1 degrees of freedom) x standard deviation / square root of n", (given,),
                (NUMPY, STATS, f"a = {values}",
                 f"interval = stats.t.interval({tree.threshold('confidence')!r}, len(a) - 1, loc=np.mean(a), scale=stats.sem(a))",
                 _cut(int(end), shown)),
                f"needs {few} runs that are not all the same; it ends where the metric's scale ends", SECTION,
            )  # fmt: skip
    return None


def _cut(end: int, shown: float) -> str:
    """Cut an interval that would pass the end of the metric's scale."""
    if end == 0 and shown == 0.0:
        return "result = max(0.0, interval[0])"
    if end == 1 and shown == 1.0:
        return "result = min(1.0, interval[1])"
    return f"result = interval[{end}]"


def _one_run(tree: Tree, c: Mapping[str, Any], number: int) -> Recipe:
    return run_value(tree, tree.counted_rows(c["key"])[number], tree.primary)


def run_value(tree: Tree, row: Mapping[str, Any], metric: str) -> Recipe:
    """Explain the one number by which a metric stands for a run."""
    summary = tree.numbers["metrics"].get(metric, {}).get("summary", "last")
    value = row["values"][metric]
    return Recipe(
        f"the number by which {tree.metric(metric)} stands for run {row['id']}",
        f"{summary} of all values of {metric!r} that the run logged",
        () if value is None else (Given(f"run {row['id']}", ((str(row["id"]), float(value)),)),),
        (),
        f"summary = {summary!r} under [metrics.{metric}] in reportgen.toml, or the default",
        "One number a run",
    )


def _rank(tree: Tree, c: Mapping[str, Any]) -> Recipe:
    others = [o["mean"] for o in tree.numbers["configurations"] if o["rank"] is not None]
    sign = "<" if tree.is_minimized(tree.primary) else ">"
    return Recipe(
        f"rank of {tree.label(c['key'])} by {tree.metric(tree.primary)}",
        "1 + number of comparable set-ups with a better mean; equal means share a rank",
        (),
        (f"means = {others}", f"result = 1 + sum(mean {sign} {c['mean']!r} for mean in means)"),
        "a rank says nothing about luck: the leading group and the verdicts do",
        SECTION,
    )


def _wilson(tree: Tree, c: Mapping[str, Any], kind: str, end: str) -> Recipe | None:
    side, level = "low" if end == "0" else "high", tree.threshold("confidence")
    if kind == "success_interval":
        counted = tree.failures(c["key"])
        if counted is None:
            return None
        ended, failed = counted
        return Recipe(
            f"95 % range of the chance that a run of {tree.label(c['key'])} gives a result",
            f"Wilson's score interval of {ended - failed} in {ended}: runs with a result in runs that have ended",
            (),
            (STATS, f"result = stats.binomtest({ended - failed}, {ended}).proportion_ci({level!r}, method='wilson').{side}"),
            "running runs and those stopped early on purpose are in neither number",
            "Failures",
        )  # fmt: skip
    items = c["test_items"]
    return Recipe(
        f"95 % range of {tree.metric(tree.primary)} of the one run of {tree.label(c['key'])}, from its test items alone",
        f"Wilson's score interval of the share {c['mean']!r} of {items} items",
        (tree.given(c["key"], tree.primary),),
        (STATS, f"result = stats.binomtest(round({c['mean']!r} * {items}), {items}).proportion_ci({level!r}, method='wilson').{side}"),
        "with one run only; it says nothing about training again",
        SECTION,
    )  # fmt: skip


_COUNTS = {
    "started": "all runs of the set-up, whatever became of them",
    "failed": "runs that ended with an error",
    "diverged": "runs that finished, but whose deciding number is not finite",
    "no_number": "runs that finished without a usable number: diverged + without_value",
    "unfinished": "runs that were interrupted or are still going",
    "pruned": "runs that were stopped early on purpose",
    "without_value": "runs that finished without any value of the deciding metric",
    "set_aside": "runs of the search that do not count, since fresh runs decide",
    "test_items": "items that the one run was tested on, as logged or configured",
}


def _count(tree: Tree, c: Mapping[str, Any], name: str) -> Recipe | None:
    if name not in _COUNTS:
        return None
    runs = c["run_ids"] if name == "started" else []
    code = (f"result = len({list(runs)})",) if name == "started" else ()
    rule = "started = n + failed + diverged + unfinished + pruned + without_value + set_aside"
    return Recipe(f"{tree.label(c['key'])}: {_COUNTS[name]}", "count", (), code, rule, "Failures")


def explain_limit(tree: Tree, place: int, field: str) -> Recipe | None:
    """Explain ``/guard_rails/<place>/<field>``."""
    rail = tree.numbers["guard_rails"][place]
    given, level = tree.given(rail["key"], rail["metric"]), tree.threshold("guard_confidence")
    states = (
        "kept: the bound on the bad side is inside; broken: that on the good side is outside; else not shown"
    )
    if field == "limit":
        return Recipe(
            f"limit of {tree.metric(rail['metric'])}", "as configured", (), (), "limit in reportgen.toml"
        )
    if field not in ("bound", "state"):
        return None
    sign = "+" if tree.is_minimized(rail["metric"]) else "-"
    return Recipe(
        f"one-sided 95 % bound of the mean, {given.label}",
        f"mean {sign} t(0.95, n - 1) x standard deviation / square root of n",
        (given,),
        (NUMPY, STATS, f"a = {given.values}",
         f"result = np.mean(a) {sign} stats.t.ppf({level!r}, len(a) - 1) * stats.sem(a)"),
        f"limit {rail['limit']!r}; {states}. State: {rail['state']}",
        "Limits",
    )  # fmt: skip
