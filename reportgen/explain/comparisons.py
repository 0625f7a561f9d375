"""Differences between two configurations: sizes, ranges, p values, ratios, runs needed, verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportgen.explain.holm import adjusted_recipe, level_recipe
from reportgen.explain.interface import Given, Recipe
from reportgen.explain.tree import Tree
from reportgen.explain.verdict import verdict_recipe

SECTION = "Better, worse, not settled"
NUMPY, STATS = "import numpy as np", "from scipy import stats"
_DERIVED = {
    "size": "result = abs(difference)",
    "size_low": "result = low if difference >= 0 else -high",
    "size_high": "result = high if difference >= 0 else -low",
    "worst_case": "result = -low if difference >= 0 else high",
}
"""What sentences say of a difference whose direction is told in words."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """One comparison with the numbers that went in."""

    tree: Tree
    entry: Mapping[str, Any]
    first: Given
    second: Given

    @property
    def minimized(self) -> bool:
        """Whether low values are good, so that an improvement is second less first."""
        return self.tree.is_minimized(self.entry["metric"])

    @property
    def name(self) -> str:
        """Who against whom."""
        e, tree = self.entry, self.tree
        return f"{tree.label(e['key'])} against {tree.label(e['baseline'])}, {tree.metric(e['metric'])}"

    @property
    def sides(self) -> tuple[list[float], list[float]]:
        """The numbers to be subtracted from one another, paired by seed where they were."""
        if self.entry["pairs"] is None:
            return self.first.values, self.second.values
        seeds = {
            str(row["id"]): None if row["seed"] is None else repr((row.get("task"), row["seed"]))
            for row in self.tree.numbers["rows"]
        }
        ours, theirs = _by_seed(self.first, seeds), _by_seed(self.second, seeds)
        common = [seed for seed in ours if seed in theirs]
        return [ours[seed] for seed in common], [theirs[seed] for seed in common]

    def lines(self, *, logarithms: bool = False) -> tuple[str, ...]:
        """Write the numbers down, and the difference with its standard error and degrees of freedom."""
        a, b = self.sides
        take = "np.log(np.array({}))" if logarithms else "np.array({})"
        minus = "b - a" if self.minimized and not logarithms else "a - b"
        head = (NUMPY, STATS, f"a = {take.format(a)}", f"b = {take.format(b)}")
        if self.entry["pairs"] is not None:
            return (*head, "test = stats.ttest_rel(a, b)", f"difference = np.mean({minus})",
                    "error, df = stats.sem(a - b), len(a) - 1")  # fmt: skip
        mean = "np.mean(b) - np.mean(a)" if minus == "b - a" else "np.mean(a) - np.mean(b)"
        lines = (*head, "test = stats.ttest_ind(a, b, equal_var=False)", f"difference = {mean}",
                 "error, df = np.hypot(stats.sem(a), stats.sem(b)), test.df")  # fmt: skip
        if len(a) == len(b):
            return lines
        fewer, more = sorted((len(a), len(b)))
        return (
            *lines,
            f"df = min(df, ({fewer} - 1) * (1 + ({fewer} / {more}) ** 0.5))  # the limit of docs/method.md",
        )

    @property
    def is_plain(self) -> bool:
        """Whether the library's own p value is the one: no limit on the degrees of freedom."""
        return self.entry["pairs"] is not None or len(self.first.runs) == len(self.second.runs)

    @property
    def test(self) -> str:
        """The test in words."""
        if self.entry["pairs"] is not None:
            return "t test of the differences within pairs of the same seed"
        return "Welch's t test (unequal spreads)"


def _by_seed(given: Given, seeds: Mapping[str, str | None]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for run, value in given.runs:
        if (seed := seeds[run]) is not None:
            found.setdefault(seed, []).append(value)
    return {seed: sum(values) / len(values) for seed, values in found.items()}


def explain_comparison(
    tree: Tree, entry: Mapping[str, Any], among: Sequence[Mapping[str, Any]], path: list[str]
) -> Recipe | None:
    """Explain one field of a comparison; *among* are all of its list."""
    pair = Pairing(
        tree, entry, tree.given(entry["key"], entry["metric"]), tree.given(entry["baseline"], entry["metric"])
    )
    field = path[0]
    if field in ("p_adjusted", "level", "family"):
        make = {"p_adjusted": adjusted_recipe, "level": level_recipe, "family": _family}[field]
        return replace(make(tree, entry, among, pair.name), given=(pair.first, pair.second))
    if field in ("verdict", "reason", "sureness", "second_look"):
        return verdict_recipe(tree, entry, pair.name)
    if field in ("beats", "beats_with_failures"):
        return _beats(pair, with_failures=field == "beats_with_failures")
    if field in ("ratio", "ratio_interval", "change", "change_low", "change_high"):
        return _ratio(pair, path)
    if field == "n_needed":
        return _needed(pair)
    return _difference(pair, path)


def _difference(pair: Pairing, path: list[str]) -> Recipe | None:  # noqa: PLR0911 - one a field
    entry, given = pair.entry, (pair.first, pair.second)
    order = "second - first" if pair.minimized else "first - second"
    match path:
        case ["difference"]:
            return Recipe(f"improvement, {pair.name}", f"mean {order}: positive is better", given,
                          (*pair.lines(), "result = difference"), "", SECTION)  # fmt: skip
        case ["relative"]:
            return Recipe(f"improvement as a share, {pair.name}", "difference / mean of the second, where that is above zero", given,
                          (*pair.lines(), f"result = difference / np.mean({pair.second.values})"), "", SECTION)  # fmt: skip
        case ["interval" | "equivalence_interval" as which, end]:
            level = entry["level"] if which == "interval" else pair.tree.threshold("equivalence_confidence")
            rule = (
                "the level is that of the comparison's own Holm step, so that range and verdict agree"
                if which == "interval"
                else "about the same: this range lies inside plus or minus the smallest difference that matters"
            )
            return Recipe(
                f"{'lower' if end == '0' else 'upper'} end of the {100 * level:.6g} % range of the improvement, {pair.name}",
                "difference -/+ t(df) x standard error", given,
                (*pair.lines(), f"result = difference {'-+'[int(end)]} stats.t.ppf((1 + {level!r}) / 2, df) * error"),
                rule, SECTION,
            )  # fmt: skip
        case ["p_value"]:
            last = (
                "result = test.pvalue"
                if pair.is_plain
                else "result = 2 * stats.t.sf(abs(difference / error), df)"
            )
            return Recipe(f"p value before adjustment, {pair.name}", f"{pair.test}, two-sided", given,
                          (*pair.lines(), last), f"needs {pair.tree.threshold('min_runs'):g} runs on both sides, and variation", SECTION)  # fmt: skip
        case ["pairs"]:
            return Recipe(f"complete pairs of runs with the same seed, {pair.name}", "count", given,
                          (f"result = len({pair.sides[0]})",), f"paired = true, and at least {pair.tree.threshold('min_pairs'):g} pairs", SECTION)  # fmt: skip
        case [field] if field in _DERIVED:
            interval = entry["interval"] or [None, None]
            code = (*pair.lines(), f"low, high = {interval[0]!r}, {interval[1]!r}", _DERIVED[field])
            return Recipe(
                f"{field.replace('_', ' ')} of the gap, {pair.name}",
                "the difference and its range, with the direction left to words",
                given,
                code,
                "",
                SECTION,
            )
    return None


def _beats(pair: Pairing, *, with_failures: bool) -> Recipe:
    a, b = pair.first.values, pair.second.values
    one, other = ("b", "a") if pair.minimized else ("a", "b")
    won = f"stats.mannwhitneyu({one}, {other}).statistic" if a and b else "0.0  # no pairing of two results"
    lines = (STATS, f"a, b = {a}, {b}", f"won = {won}")
    if not with_failures:
        return Recipe(f"share of pairings that the first wins, {pair.name}", "Mann and Whitney's U / (n x m); ties are halves",
                      (pair.first, pair.second), (*lines, "result = won / (len(a) * len(b))"), "", SECTION)  # fmt: skip
    counted = [pair.tree.failures(pair.entry[who]) for who in ("key", "baseline")]
    known = [entry[1] for entry in counted if entry is not None]
    words = "how often each failed is told by the run folders alone, since fresh runs decide"
    code: tuple[str, ...] = ()
    if len(known) == 2:
        mine, theirs = known
        words = f"the first failed {mine} times, the second {theirs} times; failures against each other are halves"
        code = (*lines, f"won = won + len(a) * {theirs} + 0.5 * {mine} * {theirs}",
                f"result = won / ((len(a) + {mine}) * (len(b) + {theirs}))")  # fmt: skip
    rule = "a gap among results that turns round here is not settled"
    return Recipe(
        f"the same with failed runs as the worst of all, {pair.name}",
        words,
        (pair.first, pair.second),
        code,
        rule,
        "Failures",
    )


def _ratio(pair: Pairing, path: list[str]) -> Recipe | None:
    level, given = pair.entry["level"], (pair.first, pair.second)
    lines = pair.lines(logarithms=True)
    ends = tuple(f"np.exp(difference {sign} stats.t.ppf((1 + {level!r}) / 2, df) * error)" for sign in "-+")
    words = f"geometric mean of the first / that of the second, {pair.name}"
    formula = "exp(mean of logarithms, first - second); its range from the same test of the logarithms"
    rule = "only for times, sizes, costs, speeds and losses; no range where it would disagree with that of the difference"
    match path:
        case ["ratio"]:
            return Recipe(words, formula, given, (*lines, "result = np.exp(difference)"), rule, SECTION)
        case ["ratio_interval", end]:
            return Recipe(
                f"{'lower' if end == '0' else 'upper'} end of the range: {words}",
                formula,
                given,
                (*lines, f"result = {ends[int(end)]}"),
                rule,
                SECTION,
            )
        case ["change"]:
            return Recipe(
                f"change as a share: {words}",
                "|ratio - 1|",
                given,
                (*lines, "result = abs(np.exp(difference) - 1)"),
                rule,
                SECTION,
            )
        case ["change_low" | "change_high" as which]:
            number = 0 if which == "change_low" else 1
            return Recipe(f"{'smaller' if number == 0 else 'larger'} end of the change: {words}", "|end of the range - 1|, the smaller first", given,
                          (*lines, f"result = sorted(abs(end - 1) for end in ({ends[0]}, {ends[1]}))[{number}]"), rule, SECTION)  # fmt: skip
    return None


def _needed(pair: Pairing) -> Recipe:
    entry, tree = pair.entry, pair.tree
    smallest = tree.numbers["metrics"][entry["metric"]].get("smallest_difference") or 0.0
    gap = (
        f"{smallest!r} - abs(difference)"
        if entry["reason"] == "size_unclear"
        else f"max(abs(difference), {smallest!r})"
    )
    is_paired = entry["pairs"] is not None
    spread = "np.std(a - b, ddof=1)" if is_paired else "np.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / 2)"
    sides = 1 if is_paired else 2
    power = tree.threshold("power")
    least, most = (int(tree.threshold(name)) for name in ("min_runs", "max_runs_needed"))
    code = (
        *pair.lines(),
        f"effect = min(({gap}) / {spread}, 10.0)",
        "def power(n):",
        f"    df, centre = {sides} * (n - 1), effect * np.sqrt(n / {sides})",
        f"    return 1 - stats.nct.cdf(stats.t.ppf((1 + {entry['level']!r}) / 2, df), df, centre)",
        f"found = next(n for n in range({least}, {most + 1}) if power(n) >= {power!r})",
        "result = max(found, min(len(a), len(b)) + 1)",
    )
    return Recipe(
        f"{'pairs of runs' if entry['pairs'] else 'runs a side'} that would probably settle it, {pair.name}",
        "smallest n at which a t test finds the gap seen (or the smallest that matters) with the stated power, by the "
        "noncentral t distribution; at least one more than there are",
        (pair.first, pair.second), code,
        f"power {power:g}, at the level of the comparison's Holm step; nothing above {most}", SECTION,
    )  # fmt: skip


def _family(tree: Tree, entry: Mapping[str, Any], among: Sequence[Mapping[str, Any]], name: str) -> Recipe:
    del tree, among
    return Recipe(
        f"comparisons that the p value is adjusted for, {name}",
        "all set-ups tried but the one compared with, those without a test among them; fresh runs are a family of their own",
        (), (f"result = {entry['family']}",), "", SECTION,
    )  # fmt: skip
