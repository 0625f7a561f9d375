"""What luck does to the best of many: the line, the expected lead, the means drawn towards their average."""

from __future__ import annotations

from reportgen.explain.interface import Given, Recipe
from reportgen.explain.tree import Tree

SECTION = "The best of many"
NUMPY = "import numpy as np"
_RULE = (
    "candidates are all comparable set-ups with a result but the baseline; their spread counts from "
    "{df:g} degrees of freedom on"
)
_SHRINK = (
    "n, means = np.array([len(g) for g in groups]), np.array([np.mean(g) for g in groups])",
    "within = sum((len(g) - 1) * np.var(g, ddof=1) for g in groups if len(g) > 1) / sum(n - 1)",
    "center = sum(n * means) / sum(n)",
    "among = sum(n * (means - center) ** 2) / (len(n) - 1)",
    "typical = (sum(n) - sum(n**2) / sum(n)) / (len(n) - 1)",
    "between = max(0.0, (among - within) / typical)",
    "weights = 1 / (between + within / n)",
    "average = sum(weights * means) / sum(weights)",
)
_SHRINK_WORDS = (
    "average + B x (mean - average), B = between / (between + within / n): 'within' is the pooled variance of "
    "runs, 'between' that of true levels (method of moments)"
)


def candidates(tree: Tree) -> dict[str, Given]:
    """Give the set-ups that the best was picked from, with the results of the search."""
    found = {
        c["key"]: tree.searched(c["key"])
        for c in tree.numbers["configurations"]
        if c["rank"] is not None and not c["baseline"]
    }
    return {key: given for key, given in found.items() if given.runs}


def shrunken_recipe(tree: Tree, key: str) -> Recipe:
    """Explain a configuration's shrunken mean."""
    tried = candidates(tree)
    place = list(tried).index(key)
    groups = [given.values for given in tried.values()]
    code = (
        NUMPY,
        f"groups = {groups}",
        *_SHRINK,
        f"result = average + between * weights[{place}] * (means[{place}] - average)",
    )
    return Recipe(
        f"what is likely left of the mean of {tree.label(key)} once luck is taken off",
        _SHRINK_WORDS,
        (tried[key],),
        code,
        f"from {tree.threshold('shrink_min_configurations'):g} candidates on",
        SECTION,
    )


def explain_luck(tree: Tree, field: str) -> Recipe | None:
    """Explain ``/luck/<field>``."""
    luck = tree.numbers["luck"]
    tried = candidates(tree)
    groups = [given.values for given in tried.values()]
    rule = _RULE.format(df=tree.threshold("luck_min_df"))
    if len(tried) != luck["tried"]:
        return None
    match field:
        case "tried":
            return Recipe(
                "set-ups that the best was picked from",
                "count",
                (),
                (f"result = len({list(tried)})",),
                rule,
                SECTION,
            )
        case "spread":
            known = groups + [
                tree.searched(c["key"]).values for c in tree.numbers["configurations"] if c["baseline"]
            ]
            return Recipe(
                "standard deviation of single runs, pooled over all set-ups with repeats",
                "square root of (sum of (n - 1) s² / sum of (n - 1))", (),
                (NUMPY, f"groups = {[g for g in known if len(g) > 1]}",
                 "result = np.sqrt(sum((len(g) - 1) * np.var(g, ddof=1) for g in groups) / sum(len(g) - 1 for g in groups))"),
                rule, SECTION,
            )  # fmt: skip
        case "average":
            shrunk = (*_SHRINK, "result = average")
            plain = ("result = sum(map(sum, groups)) / sum(map(len, groups))",)
            code = (NUMPY, f"groups = {groups}", *(shrunk if luck["source"] == "repeats" else plain))
            return Recipe(
                "average of the candidates' means, each weighed by what is known of it",
                "sum of w x mean / sum of w, w = 1 / (between + within / n)",
                (),
                code,
                rule,
                SECTION,
            )
        case "expected":
            return Recipe(
                "lead over the average that the best would have if all candidates were equal",
                "mean of the largest of independent normal values around zero, with standard errors spread / square root of n", (),
                (NUMPY, "from scipy import integrate, stats", f"n = np.array({[len(g) for g in groups]})",
                 f"errors = {luck['spread']!r} / np.sqrt(n)", "far = 12 * max(errors)",
                 "below = lambda x: np.prod(stats.norm.cdf(x / errors))",
                 "result = integrate.quad(lambda x: 1 - below(x), 0, far)[0] - integrate.quad(below, -far, 0)[0]"),
                rule, SECTION,
            )  # fmt: skip
    return _lead(tree, tried, field)


def _lead(tree: Tree, tried: dict[str, Given], field: str) -> Recipe | None:
    luck = tree.numbers["luck"]
    rule = _RULE.format(df=tree.threshold("luck_min_df"))
    sign = "-" if tree.is_minimized(tree.primary) else "+"
    match field:
        case "line":
            return Recipe("where luck alone would put the best", f"average {sign} expected lead", (),
                          (f"result = {luck['average']!r} {sign} {luck['expected']!r}",), rule, SECTION)  # fmt: skip
        case "lead":
            best = tried[luck["key"]]
            order = "average - mean" if sign == "-" else "mean - average"
            return Recipe(f"lead of {tree.label(luck['key'])} over the average", f"{order}, never below 0", (best,),
                          (NUMPY, f"mean, average = np.mean({best.values}), {luck['average']!r}", f"result = max(0.0, {order})"), rule, SECTION)  # fmt: skip
        case "share":
            return Recipe("share of the lead that luck alone would give", "expected lead / lead seen, at most 1", (),
                          (f"result = min(1.0, {luck['expected']!r} / {luck['lead']!r})" if luck["lead"] > 0 else "result = 1.0",), rule, SECTION)  # fmt: skip
    return None
