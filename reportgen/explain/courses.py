"""Numbers of the learning curves, and of what their chart and that of every metric are titled by."""

from __future__ import annotations

from typing import Any

from reportgen.explain.interface import Recipe
from reportgen.explain.tree import Tree

SECTION = "Learning curves"
_PACE = {
    "target": "the average that the other ends with",
    "end": "the step at which the other ends",
    "step": "the first step from which its average is as good as the other's last one, and stays so",
    "near": "the first step from which the other's own average stays that good, but for the smallest difference",
    "reason": "why nothing is said",
    "against": "the baseline, or without its curve the best of the others",
}


def explain_curve(tree: Tree, place: int, path: list[str]) -> Recipe | None:
    """Explain ``/curves/<place>/...``: the gain at the end, and the pace."""
    curve = tree.numbers["curves"][place]
    who = tree.label(curve["key"])
    match path:
        case ["gained"]:
            return _gained(tree, curve, who)
        case ["pace", field] if field in _PACE:
            return _pace(tree, curve, who, field)
    return None


def _whole(curve: dict[str, Any]) -> list[tuple[float, float]]:
    """Give step and average of the points that all runs reach, as they are drawn."""
    return [
        (point["step"], point["mean"])
        for point in curve["points"]
        if point["n"] == curve["runs"] and None not in (point["step"], point["mean"])
    ]


def _gained(tree: Tree, curve: dict[str, Any], who: str) -> Recipe:
    sign = "-" if tree.is_minimized(tree.primary) else ""
    share = 1.0 - tree.threshold("curve_tail")
    code = (
        f"points = {_whole(curve)}  # step, average",
        "first, last = points[0], points[-1]",
        f"before = [p for p in points if p[0] <= first[0] + {share!r} * (last[0] - first[0])][-1]",
        f"result = {sign}(last[1] - before[1])",
    )
    least = tree.numbers["metrics"][tree.primary]["smallest_difference"]
    needed = f"{least!r}" if least else f"{tree.threshold('curve_matters'):.0%} of its range"
    return Recipe(
        f"improvement of the average of {who} over the last {tree.threshold('curve_tail'):.0%} of its steps",
        "last average - average at the last point before; positive is better",
        (),
        code,
        f"still improving from {needed} on, where the last average is the best",
        SECTION,
    )


def _pace(tree: Tree, curve: dict[str, Any], who: str, field: str) -> Recipe:
    pace = curve["pace"]
    other = next(one for one in tree.numbers["curves"] if one["key"] == pace["against"])
    what = f"{who} against {tree.label(pace['against'])}: {_PACE[field]}"
    if field in ("reason", "against"):
        return Recipe(what, "by the rules of the section", (), (), "", SECTION)
    sign = -1.0 if tree.is_minimized(tree.primary) else 1.0
    least = tree.numbers["metrics"][tree.primary]["smallest_difference"]
    share = f"{tree.threshold('curve_matters')!r} * (max(mean for _, mean in other) - min(mean for _, mean in other))"
    own, less = (curve, "0.0") if field == "step" else (other, repr(least) if least else share)
    code: tuple[str, ...] = (f"other = {_whole(other)}  # step, average",)
    if field in ("target", "end"):
        code = (*code, f"result = other[-1][{1 if field == 'target' else 0}]")
    else:
        code = (
            *code,
            f"own = {_whole(own)}",
            "target = other[-1][1]",
            f"slack = {less} + {tree.threshold('flat_tolerance')!r} * max(1, abs(target))  # rounding",
            f"fits = [{sign!r} * (mean - target) >= -slack for _, mean in own]",
            "result = next(step for at, (step, _) in enumerate(own) if all(fits[at:]))",
        )
    rule = "told where the step comes before the one from which the other itself stays near its end"
    return Recipe(what, "over the points that all runs reach, as they are drawn", (), code, rule, SECTION)


_COURSE = {
    "kind": "what the curves show",
    "reason": "why the chart is titled by its topic",
    "place": "place of the highlighted curve in /curves",
    "runs_low": "fewest runs of a line that the title tells of",
    "runs_high": "most runs of a line that the title tells of",
    "key": "the highlighted set-up",
    "against": "the set-up that it is held against",
    "verdict": "verdict on the two, by the deciding metric",
}


def explain_course(tree: Tree, field: str) -> Recipe | None:
    """Explain ``/course/<field>``."""
    if field == "ends_apart":
        curves, lines = tree.numbers["curves"], tree.numbers["course"]["lines"]
        ends = [whole[-1][1] for place in lines if (whole := _whole(curves[place]))]
        return Recipe(
            "how far the last averages of the lines drawn lie apart",
            "largest - smallest, each at the last point that all runs of its set-up reach",
            (),
            (f"ends = {ends}", "result = max(ends) - min(ends)"),
            "said where it is smaller than the smallest difference that matters",
            SECTION,
        )
    rule = "all improving, else one sooner, else all ends close, else none"
    return Recipe(_COURSE[field], "", (), (), rule, SECTION) if field in _COURSE else None


def explain_every_metric(tree: Tree, path: list[str]) -> Recipe | None:
    """Explain ``/every_metric/...``."""
    found = tree.numbers["every_metric"]
    if path[0] in ("better", "worse") and found["verdicts"]:
        verdicts = list(found["verdicts"].values())
        return Recipe(
            f"metrics drawn on which {tree.label(found['key'])} is {path[0]} than {tree.label(found['against'])}",
            "count of the verdicts, each corrected for all set-ups tried, not for the number of metrics",
            (),
            (f"verdicts = {verdicts}", f"result = verdicts.count({path[0]!r})"),
            "told where there is a verdict on every metric drawn",
            "Several metrics",
        )
    rule = "told where there is a verdict on every metric drawn"
    return Recipe(f"{path[0]} of the panels of every metric", "", (), (), rule, "Several metrics")
