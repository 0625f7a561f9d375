"""Numbers about the whole project: tasks, importance, trend, time and money, counts."""

from __future__ import annotations

from typing import Any

from reportgen.explain.interface import Recipe
from reportgen.explain.tree import Tree

NUMPY, STATS = "import numpy as np", "from scipy import stats"
SEED = 20_261_125


def explain_tasks(tree: Tree, path: list[str]) -> Recipe | None:
    """Explain ``/tasks/...``."""
    tasks = tree.numbers["tasks"]
    standings = tasks["standings"]
    means = [entry["means"] for entry in standings]
    sign = "" if tree.is_minimized(tree.primary) else "-"
    head = (
        NUMPY,
        STATS,
        f"means = np.array({means})  # set-ups x tasks",
        f"ranks = stats.rankdata({sign}means, axis=0)",
    )
    k_n = "k, n = ranks.shape"
    chi = "chi_square = 12 * n / (k * (k + 1)) * (sum(ranks.mean(axis=1) ** 2) - k * (k + 1) ** 2 / 4)"
    f = "f = (n - 1) * chi_square / (n * (k - 1) - chi_square)"
    rule = (
        f"tested from {tree.threshold('tasks_for_test'):g} tasks on; ties are not corrected for (Demšar 2006)"
    )
    match path:
        case ["chi_square"]:
            return Recipe(
                "Friedman's statistic over the tasks",
                "12 n / (k (k + 1)) x (sum of squared mean ranks - k (k + 1)² / 4)",
                (),
                (*head, k_n, chi, "result = chi_square"),
                rule,
            )
        case ["f_statistic"]:
            return Recipe(
                "Iman and Davenport's F",
                "(n - 1) chi² / (n (k - 1) - chi²)",
                (),
                (*head, k_n, chi, f, "result = f"),
                rule,
            )
        case ["p_value"] if tasks["f_statistic"] is not None:
            return Recipe("p value that ranks differ at all", "F distribution with k - 1 and (k - 1)(n - 1) degrees of freedom", (),
                          (*head, k_n, chi, f, "result = stats.f.sf(f, k - 1, (k - 1) * (n - 1))"), rule)  # fmt: skip
        case ["standings", place, field]:
            return _standing(tree, int(place), field, head)
        case ["standings", place, "means", task]:
            return Recipe(
                f"mean of {tree.metric(tree.primary)} of {tree.label(standings[int(place)]['key'])} on task {tasks['tasks'][int(task)]}",
                "mean of its usable runs on that task", (), (), "every task counts alike, whatever its number of runs",
            )  # fmt: skip
    return None


def _standing(tree: Tree, place: int, field: str, head: tuple[str, ...]) -> Recipe | None:  # noqa: PLR0911 - one a field
    standings = tree.numbers["tasks"]["standings"]
    who = tree.label(standings[place]["key"])
    control = next((i for i, s in enumerate(standings) if tree.configuration(s["key"])["baseline"]), None)
    if field == "mean_rank":
        return Recipe(
            f"mean rank of {who} over the tasks",
            "1 is best; equal means share a rank",
            (),
            (*head, f"result = ranks[{place}].mean()"),
        )
    if control is None or (place == control and field != "mean_rank"):
        return None
    if field == "p_value":
        if len(standings) == 2:
            code = (*head, f"wins = int(sum(ranks[{place}] < ranks[{control}]))", "decided = int(sum(ranks[0] != ranks[1]))",
                    "result = stats.binomtest(wins, decided).pvalue")  # fmt: skip
            return Recipe(
                f"p value of {who} against the control",
                "exact sign test over the tasks that are no ties",
                (),
                code,
            )
        code = (*head, "k, n = ranks.shape",
                f"z = (ranks[{place}].mean() - ranks[{control}].mean()) / np.sqrt(k * (k + 1) / (6 * n))", "result = 2 * stats.norm.sf(abs(z))")  # fmt: skip
        return Recipe(
            f"p value of the mean rank of {who} against the control's",
            "z = difference / square root of (k (k + 1) / (6 n)), two-sided (Demšar 2006)",
            (),
            code,
        )
    if field == "p_adjusted":
        p_values = sorted(s["p_value"] for s in standings if s["p_value"] is not None)
        code = (f"p_values, m, own = {p_values}, {max(1, len(standings) - 1)}, {standings[place]['p_value']!r}",
                "result = min(1.0, max((m - p_values.index(p)) * p for p in p_values if p <= own))")  # fmt: skip
        return Recipe(
            f"p value of {who}, adjusted by Holm",
            "as for comparisons, over all set-ups but the control",
            (),
            code,
            f"below {tree.threshold('alpha'):g}, and the ranks differ at all",
        )
    sign = {"wins": "<", "ties": "==", "losses": ">"}.get(field)
    if sign:
        return Recipe(
            f"{field} of {who} against the control",
            "tasks on which its rank is better, equal, worse",
            (),
            (*head, f"result = int(sum(ranks[{place}] {sign} ranks[{control}]))"),
        )
    return None


def explain_importance(tree: Tree, path: list[str]) -> Recipe:
    """Explain ``/importance/...``: which model, with which seed."""
    found: Any = tree.numbers["importance"]
    if path[:1] == ["branches"] and len(path) > 1:
        found = found["branches"][int(path[1])]["importance"]
    t = tree.threshold
    forest = (
        "sklearn.ensemble.RandomForestRegressor(200, oob_score=True, max_samples=min(n, 1000), "
        f"max_features=1.0 if settings.shape[1] < 12 else 1 / 3, random_state={SEED}).fit(settings, means); shares by shuffling each setting on the rows left out of "
        f"{t('importance_resamples'):g} resamples (numpy.random.default_rng({SEED}))"
    )
    grid = (
        "sums of squares of settings (and, from three on, pairs) over the full grid, less what noise alone would put "
        f"there; ranges from {t('importance_resamples'):g} redrawn sets of residuals (numpy.random.default_rng({SEED}))"
    )
    return Recipe(
        "share of the differences between set-ups that goes together with a setting, or what its statement rests on",
        {"random forest": forest, "analysis of variance": grid}.get(str(found["method"]), "not worked out"),
        (),
        (),
        f"one row a set-up ({found['configurations']}), the mean of its runs; at least {t('importance_min_configurations'):g} set-ups and "
        f"{t('importance_per_setting'):g} a setting; predicted R² {found['predicted']} must be {t('importance_min_predicted'):g} "
        f"({t('importance_first_only'):g} for the first alone); first in {t('importance_stable'):.0%} of resamples"
        + (f". Refused: {found['reason']}" if found["reason"] else ""),
    )


def explain_trend(tree: Tree, path: list[str]) -> Recipe | None:
    """Explain ``/trend/...``."""
    trend = tree.numbers["trend"]
    recent: list[dict[str, Any]] = []
    for period in tree.numbers["history"]:
        recent = [period] if period["breaks"] else [*recent, period]
    whole = [period for period in recent if not period["partial"]]
    field = "reference" if trend["series"] == "reference" else "best_mean"
    points = [(place, p[field]) for place, p in enumerate(whole) if p[field] is not None]
    head = (
        NUMPY,
        STATS,
        f"places = {[place for place, _ in points]}",
        f"values = np.array({[value for _, value in points]})",
    )
    slope = f"slope = stats.theilslopes(values, places, {tree.threshold('confidence')!r})"
    half = "half = 2.66 * np.mean(abs(np.diff(values)))"
    last = {
        ("center",): ("result = np.mean(values)",),
        ("low",): (half, "result = np.mean(values) - half"),
        ("high",): (half, "result = np.mean(values) + half"),
        ("slope",): (slope, "result = slope.slope"),
        ("size",): (slope, "result = abs(slope.slope)"),
        ("slope_interval", "0"): (slope, "result = slope.low_slope"),
        ("slope_interval", "1"): (slope, "result = slope.high_slope"),
        ("tau",): ("result = stats.kendalltau(places, values).statistic",),
        ("p_value",): ("result = stats.kendalltau(places, values).pvalue",),
    }.get(tuple(path))
    if last is None or not points:
        return None
    return Recipe(
        f"course over {len(points)} whole weeks since {trend['since']}",
        "limits: mean -/+ 2.66 x mean range of neighbours; slope: Theil and Sen's; trend: Kendall's tau",
        (),
        (*head, *last),
        f"from {tree.threshold('trend_min_periods'):g} whole weeks without a break on",
    )


def explain_trade_off(tree: Tree, field: str) -> Recipe | None:
    """Explain the size of a trade-off."""
    t = tree.numbers["trade_off"]
    if field not in ("quality_gap", "cost_ratio") or not t["alternative"]:
        return None
    best, other = t["frontier"][0], t["alternative"]
    given = tuple(tree.given(key, t["metrics"][0 if field == "quality_gap" else 1]) for key in (best, other))
    if not all(entry.runs for entry in given):
        return None
    means = (
        NUMPY,
        *(f"{name} = np.mean({entry.values})" for name, entry in zip(("best", "other"), given, strict=True)),
    )
    last = "abs(best - other)" if field == "quality_gap" else "max(best, other) / min(best, other)"
    return Recipe(
        f"{field.replace('_', ' ')} of {tree.label(best)} and {tree.label(other)}",
        last,
        given,
        (*means, f"result = {last}"),
    )
