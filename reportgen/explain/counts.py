"""Time and money, and the counts of runs and set-ups."""

from __future__ import annotations

from reportgen.explain.interface import Recipe
from reportgen.explain.tree import Tree

_SECONDS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}
_TIMES = {
    "": "total",
    "total": "total",
    "median": "median",
    "per_usable": "per usable run",
    "least": "least",
    "most": "most",
}


def explain_effort(tree: Tree, field: str) -> Recipe | None:
    """Explain ``/effort/<field>``."""
    effort, rows = tree.numbers["effort"], tree.numbers["rows"]
    usable = tree.numbers["runs"]["usable"]
    if field.endswith("cost") or field.startswith("cost"):
        costs = [row["cost"] for row in rows if row["cost"] is not None]
        gain = next((c for c in tree.numbers["comparisons"] if c["key"] == effort["gained_by"]), None)
        units = 100.0 if tree.numbers["metrics"].get(tree.primary, {}).get("unit") == "%" else 1.0
        last = {"total_cost": "sum(costs)", "cost_per_usable": f"sum(costs) / {usable}"}
        if gain is not None:
            last["cost_per_gain"] = f"sum(costs) / ({gain['difference']!r} * {units!r})"
        code: tuple[str, ...] = (f"costs = {costs}", f"result = {last[field]}") if field in last else ()
        return Recipe(
            f"cost of all runs, {effort['currency']}",
            "price an hour x duration, over all runs with both, failed ones included",
            (),
            code,
            "prices under [cost] in reportgen.toml",
        )
    name, _, unit = field.rpartition("_")
    if unit in _SECONDS or unit == "s":
        durations = [row["duration_s"] for row in rows if row["duration_s"] is not None]
        how = {"median": "statistics.median(durations)", "least": "min(durations)", "most": "max(durations)",
               "per_usable": f"math.fsum(durations) / {usable}"}.get(name, "math.fsum(durations)")  # fmt: skip
        code = (
            "import math, statistics",
            f"durations = {durations}",
            f"result = {how} / {_SECONDS.get(unit, 1.0)!r}",
        )
        return Recipe(
            f"time of runs: {_TIMES.get(name, name)}, in {'seconds' if unit == 's' else unit}",
            "from start to end of each run, failed ones included",
            (),
            code,
            f"{effort['metered_runs']} runs tell their duration",
        )
    return None


_VERDICTS = ("better", "worse", "about_the_same", "too_small", "not_settled", "not_comparable")
_WORDS = {
    "charted": "set-ups in the chart of page one",
    "joint_first": "set-ups whose mean prints like the first one's",
    "better_but_limit": "set-ups that are better, but break a limit for sure",
    "not_on_page_one": "set-ups that are not in the table of page one",
    "lines": "learning curves that are drawn",
    "lines_not_drawn": "learning curves that are not drawn, to keep the chart legible",
    "settings": "settings that tell set-ups apart",
    "weeks": "weeks with runs",
    "tasks": "tasks that set-ups are ranked over",
    "tasks_incomplete": "set-ups without a result on some task",
    "excluded": "runs that were left out, by the user or because they only started others",
    "skipped": "things that were named and could not be read",
    "assumed": "things that were not said and had to be assumed",
    "far_worse": "runs far below the other repeats of their set-up",
    "far_better": "runs far above the other repeats of their set-up",
    "second_look": "gains that are not settled, but stand out by Benjamini and Hochberg's method",
    "points": "metric values in all runs",
    "planned": "size of the search, as the runs or the grid tell it",
    "not_started": "planned runs that are not there yet",
    "note_count": "faults in files that were read all the same",
    "runs_without_data": "runs that do not say which data they used",
    "runs_without_code": "runs that do not say which code they used",
    "runs_with_changes": "runs made with changes to the code that are in no commit",
    "code_versions": "different versions of the code",
    "metered_runs": "runs that tell how long they took",
    "not_metered": "runs that do not tell how long they took",
    "priced_runs": "runs with a duration and a price",
    "not_priced": "runs without a duration or a price",
    "machine_kinds": "different kinds of machines",
    "frontier_size": "set-ups that none beats in both metrics",
    "near_size": "set-ups that cannot be told from one on the front",
    "missing_size": "set-ups that lack one of the two metrics",
    "best_mean": "best mean of a set-up over that week's own runs with a result",
    "best_so_far": "best of the weekly bests up to that week",
    "tries": "results so far: one a week and set-up that gave one",
    "luck": "rise of the best so far that so many tries would give by luck alone",
    "reference": "mean of that week's runs of the set-up compared with",
    "runs": "runs, counted",
    "usable": "runs with a usable number, counted",
    "configurations": "set-ups, counted",
    "others": "other repeats of the set-up, counted",
}
"""What is counted or taken over, by the last name of the pointer."""


def taken_over(tree: Tree, path: list[str]) -> Recipe | None:
    """Explain what has no formula of its own: counts, and what was declared or fixed."""
    match path:
        case ["metrics", metric, name]:
            return Recipe(
                f"{name.replace('_', ' ')} of {tree.metric(metric)}",
                "as declared",
                (),
                (),
                f"{name} under [metrics.{metric}] in reportgen.toml",
            )
        case ["configurations", place, "params", name]:
            label = tree.label(tree.numbers["configurations"][int(place)]["key"])
            return Recipe(f"setting {name} of {label}", "as its runs logged it")
        case ["thresholds", name]:
            return Recipe(
                f"the limit {name.replace('_', ' ')}",
                "fixed before anybody looked; the same in every report",
                (),
                (),
                "reportgen/analyse/thresholds.py",
            )
        case ["collapses", place, "others_mean"]:
            run = tree.numbers["collapses"][int(place)]
            given = tree.given(run["key"], tree.primary)
            others = [value for run_id, value in given.runs if run_id != run["run_id"]]
            return Recipe(
                f"mean of the other repeats of {tree.label(run['key'])}",
                "sum of the values / number of runs",
                (given,),
                (f"values = {others}", "result = sum(values) / len(values)"),
                f"the run lies more than {tree.threshold('collapse_spreads'):g} robust standard deviations from them",
                "A set-up's result",
            )
        case [*_, name] if name in _WORDS:
            return Recipe(_WORDS[name], "counted or taken over")
    return None


def explain_counts(tree: Tree, path: list[str]) -> Recipe | None:
    """Explain ``/runs/...`` and ``/counts/...``."""
    return _runs(tree, path[1:]) if path[0] == "runs" else _setups(tree, path[1:])


def _runs(tree: Tree, path: list[str]) -> Recipe | None:
    runs, c = tree.numbers["runs"], tree.numbers["configurations"]
    statuses = [row["status"] for row in tree.numbers["rows"]]
    if path[0] == "by_status" and len(path) == 2:
        code = (f"statuses = {statuses}", f"result = statuses.count({path[1]!r})")
        return Recipe(f"runs whose last status is {path[1]!r}", "count", (), code, "", "Failures")
    over_setups = "sum over the set-ups"
    found = {
        "total": ("all runs that were read and not left out", "count", f"len({statuses})"),
        "usable": (
            "finished runs with a finite number of the deciding metric",
            over_setups,
            f"sum({[entry['n'] + entry['set_aside'] for entry in c]})",
        ),
        "without_result": (
            "runs without a usable number",
            "all runs - usable runs",
            f"{runs['total']} - {runs['usable']}",
        ),
        "diverged": (
            "finished runs whose deciding number is not finite",
            over_setups,
            f"sum({[entry['diverged'] for entry in c]})",
        ),
        "without_value": (
            "finished runs without any value of the deciding metric",
            over_setups,
            f"sum({[entry['without_value'] for entry in c]})",
        ),
        "no_number": (
            "finished runs without a usable number",
            "diverged + without a value",
            f"{runs['diverged']} + {runs['without_value']}",
        ),
    }.get(path[0])
    if found is None:
        return None
    what, formula, code_of = found
    return Recipe(what, formula, (), (f"result = {code_of}",), "left-out runs are listed apart", "Failures")


def _setups(tree: Tree, path: list[str]) -> Recipe | None:
    c, name = tree.numbers["configurations"], path[0]
    verdicts = [entry["verdict"] for entry in tree.numbers["comparisons"] if entry["metric"] == tree.primary]
    if name in _VERDICTS:
        code = (f"verdicts = {verdicts}", f"result = verdicts.count({name!r})")
        what = f"set-ups with the verdict {name.replace('_', ' ')}"
        return Recipe(what, "count", (), code, "", "Better, worse, not settled")
    counted = {
        "compared": [True for _ in verdicts],
        "configurations": [True for _ in c],
        "with_result": [entry["n"] > 0 for entry in c],
        "with_one_run": [entry["n"] == 1 for entry in c],
        "leading": [entry["leading"] for entry in c],
    }.get(name)
    if counted is None:
        return None
    return Recipe(f"set-ups: {name.replace('_', ' ')}", "count", (), (f"result = sum({counted})",))
