"""The digits report's numbers, computed again from the CSV files with pandas and scipy alone.

Nothing of reportgen reads or computes on this side; only the finished numbers come from it.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy import stats

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config.reading import read_config
from reportgen.load import load_runs

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "samples" / "digits"
PRIMARY = "val_accuracy"
SMALLEST_DIFFERENCE = 0.005
LATENCY_LIMIT_MS = 100.0
METRICS = ("val_accuracy", "latency_ms", "fit_seconds", "model_kb", "loss")
SCALE_ENDS = {
    "val_accuracy": (0.0, 1.0),
    "latency_ms": (0.0, math.inf),
    "fit_seconds": (0.0, math.inf),
    "model_kb": (0.0, math.inf),
    "loss": (-math.inf, math.inf),
}
"""Where an interval is cut: no accuracy lies above 1, no time or size below 0."""
Settings = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Recomputed:
    """What the CSV files say: a row a run, with its settings, status, and last value of each metric."""

    runs: pd.DataFrame

    @property
    def usable(self) -> pd.DataFrame:
        """Finished runs with a finite deciding metric."""
        return self.runs[(self.runs["status"] == "finished") & self.runs[PRIMARY].notna()]

    def values(self, settings: Settings, metric: str = PRIMARY) -> pd.Series[float]:
        """A metric's finite values over the usable runs of one configuration."""
        rows = self.usable[self.usable["settings"] == settings]
        return rows.sort_values("started")[metric].dropna().astype(float)


def read_run(folder: Path, metrics: tuple[str, ...] = METRICS) -> dict[str, Any]:
    """Read one run folder with pandas."""
    facts = pd.read_csv(folder / "run.csv", keep_default_na=False, dtype=str)
    latest = facts.drop_duplicates(["kind", "name"], keep="last").set_index(["kind", "name"])["value"]
    params = {str(name): str(value) for name, value in latest["param"].items()}
    params.pop("seed")
    tables = [pd.read_csv(path) for path in sorted(folder.glob("metrics*.csv"))]
    last: dict[str, float] = dict.fromkeys(metrics, math.nan)
    for table in tables:
        for name in table.columns[2:]:
            # "nan" and an empty cell both read as NaN: what is last is last by time, in these runs by row
            last[name] = float(table[name].iloc[-1])
    return {
        "id": latest["run", "id"],
        "status": latest["status", "status"],
        "started": float(facts["time"].iloc[0]),
        "points": sum(len(table) * (len(table.columns) - 2) for table in tables),
        "settings": tuple(sorted(params.items())),
        "role": latest.get(("tag", "role"), ""),
        **last,
    }


@pytest.fixture(scope="module")
def recomputed() -> Recomputed:
    """The digits sample as pandas reads it."""
    return Recomputed(pd.DataFrame([read_run(path.parent) for path in sorted(DIGITS.glob("*/run.csv"))]))


@pytest.fixture(scope="module")
def numbers() -> Any:
    """The digits sample as the pipeline's stages give it: the frozen numbers."""
    return frozen_numbers(DIGITS)


def frozen_numbers(sample: Path) -> Any:
    """Load, analyse and compose one sample."""
    config = read_config(sample / "reportgen.toml")
    findings = analyse(load_runs([str(sample)], cache=False, stale_after_s=0.0), config)
    return compose(findings, config, built_at=datetime(2026, 11, 22, tzinfo=UTC), version="0").numbers


def settings_of(configuration: dict[str, Any]) -> Settings:
    """Write a configuration's parameters the way that run.csv does."""
    return tuple(sorted((name, str(value)) for name, value in configuration["params"].items()))


def by_key(numbers: Any) -> dict[str, Settings]:
    return {configuration["key"]: settings_of(configuration) for configuration in numbers["configurations"]}


def t_interval(values: pd.Series[float]) -> tuple[float, float]:
    """95 % t interval of the mean, by scipy."""
    low, high = stats.t.interval(0.95, len(values) - 1, loc=values.mean(), scale=stats.sem(values))
    return float(low), float(high)


def same(left: float, right: float) -> bool:
    return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)


def test_every_run_is_counted_where_it_belongs(recomputed: Recomputed, numbers: Any) -> None:
    runs = recomputed.runs
    counted = numbers["runs"]
    assert len(runs) == counted["total"]
    assert counted["by_status"]["finished"] == (runs["status"] == "finished").sum()
    assert counted["by_status"]["failed"] == (runs["status"] == "failed").sum()
    assert counted["by_status"]["interrupted"] == (runs["status"] == "running").sum() == 1
    assert counted["diverged"] == ((runs["status"] == "finished") & runs[PRIMARY].isna()).sum() == 1
    assert counted["points"] == runs["points"].sum()


def test_configurations_hold_the_same_runs(recomputed: Recomputed, numbers: Any) -> None:
    expected: dict[Settings, set[str]] = {}
    for settings, run_id in zip(recomputed.runs["settings"], recomputed.runs["id"], strict=True):
        expected.setdefault(settings, set()).add(run_id)
    assert {settings_of(one): set(one["run_ids"]) for one in numbers["configurations"]} == expected


def test_means_spreads_and_intervals_are_the_same(recomputed: Recomputed, numbers: Any) -> None:
    for one in numbers["configurations"]:
        values = recomputed.values(settings_of(one))
        assert one["n"] == len(values)
        assert sorted(one["values"]) == sorted(values)
        if len(values) == 0:
            assert one["mean"] is None
            assert one["interval"] is None
            continue
        assert same(one["mean"], values.mean())
        assert same(one["spread"], values.std(ddof=1))
        low, high = t_interval(values)
        assert same(one["interval"][0], max(low, SCALE_ENDS[PRIMARY][0]))
        assert same(one["interval"][1], min(high, SCALE_ENDS[PRIMARY][1]))


def test_other_metrics_have_the_same_means_and_intervals(recomputed: Recomputed, numbers: Any) -> None:
    compared = 0
    for one, metric in itertools.product(numbers["configurations"], METRICS):
        values = recomputed.values(settings_of(one), metric)
        stated = one["metrics"].get(metric)
        if len(values) == 0:
            assert stated is None or stated["n"] == 0
            continue
        compared += 1
        assert stated["n"] == len(values)
        assert same(stated["mean"], values.mean())
        if values.max() > values.min():
            low, high = t_interval(values)
            assert same(stated["interval"][0], max(low, SCALE_ENDS[metric][0]))
            assert same(stated["interval"][1], min(high, SCALE_ENDS[metric][1]))
    assert compared > 100


def test_order_and_ranks_follow_the_means(recomputed: Recomputed, numbers: Any) -> None:
    ranked = [one for one in numbers["configurations"] if one["rank"] is not None]
    means = [recomputed.values(settings_of(one)).mean() for one in ranked]
    assert means == sorted(means, reverse=True)
    assert [one["rank"] for one in ranked] == [1 + sum(m > mean for m in means) for mean in means]


def test_the_baseline_is_the_tagged_configuration(recomputed: Recomputed, numbers: Any) -> None:
    (tagged,) = recomputed.runs.loc[recomputed.runs["role"] == "baseline", "settings"].unique()
    assert [tagged] == [settings_of(one) for one in numbers["configurations"] if one["baseline"]]


@dataclass(frozen=True)
class Expected:
    """One comparison with the baseline, by scipy; None where it cannot be tested."""

    difference: float
    welch: Any
    p_adjusted: float
    level: float


def holm(p_values: dict[str, float], family: int) -> dict[str, tuple[float, float]]:
    """Adjust p-values, each with the level of its own step (Holm 1979).

    Those that are not rejected share the level of the first step that fails.
    """
    adjusted: dict[str, tuple[float, float]] = {}
    highest, failing = 0.0, 0.0
    for step, (key, p_value) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        highest = max(highest, min(1.0, (family - step) * p_value))
        own = 1 - 0.05 / (family - step)
        if highest >= 0.05 and failing == 0.0:
            failing = own
        adjusted[key] = (highest, failing or own)
    return adjusted


def expected_comparisons(recomputed: Recomputed, numbers: Any) -> dict[str, Expected]:
    """Compare every configuration that has enough runs with the baseline."""
    settings = by_key(numbers)
    (base,) = [one["key"] for one in numbers["configurations"] if one["baseline"]]
    reference = recomputed.values(settings[base])
    tests: dict[str, Any] = {}
    gains: dict[str, float] = {}
    for key, own in settings.items():
        values = recomputed.values(own)
        if key != base and len(values) >= 3:
            tests[key] = stats.ttest_ind(values, reference, equal_var=False)
            gains[key] = float(values.mean() - reference.mean())
    adjusted = holm({key: float(test.pvalue) for key, test in tests.items()}, family=len(settings) - 1)
    return {key: Expected(gains[key], tests[key], *adjusted[key]) for key in tests}


def test_differences_welch_intervals_and_holm_values_are_the_same(
    recomputed: Recomputed, numbers: Any
) -> None:
    expected = expected_comparisons(recomputed, numbers)
    assert len(expected) >= 30
    stated = {one["key"]: one for one in numbers["comparisons"]}
    assert set(stated) == set(by_key(numbers)) - {one["baseline"] for one in stated.values()}
    for key, one in stated.items():
        if key not in expected:
            assert one["interval"] is None
            assert one["p_value"] is None
            continue
        mine = expected[key]
        assert one["metric"] == PRIMARY
        assert same(one["difference"], mine.difference)
        assert math.isclose(one["p_value"], mine.welch.pvalue, rel_tol=1e-6)
        assert math.isclose(one["p_adjusted"], mine.p_adjusted, rel_tol=1e-6)
        assert same(one["level"], mine.level)
        low, high = mine.welch.confidence_interval(mine.level)
        assert math.isclose(one["interval"][0], low, rel_tol=1e-6, abs_tol=1e-12)
        assert math.isclose(one["interval"][1], high, rel_tol=1e-6, abs_tol=1e-12)


def test_verdicts_follow_from_the_recomputed_numbers(recomputed: Recomputed, numbers: Any) -> None:
    """The words say what the rule says: enough runs, few failures, Holm p, size, equivalence."""
    expected = expected_comparisons(recomputed, numbers)
    configurations = {one["key"]: one for one in numbers["configurations"]}
    for one in numbers["comparisons"]:
        mine = expected.get(one["key"])
        runs = recomputed.runs[recomputed.runs["settings"] == settings_of(configurations[one["key"]])]
        lost = (len(runs) - len(recomputed.values(runs["settings"].iloc[0]))) / len(runs)
        assert (one["verdict"], one["reason"]) == expected_verdict(mine, lost), one


def expected_verdict(mine: Expected | None, lost: float) -> tuple[str, str | None]:
    """Judge one comparison by the published rule, in its order; the baseline lost no run."""
    if mine is None:
        return "not_settled", "too_few_runs"
    if lost >= 0.2:
        return "not_settled", "failures"
    if mine.p_adjusted < 0.05:
        return ("worse", None) if mine.difference < 0 else expected_gain(mine)
    low90, high90 = mine.welch.confidence_interval(0.90)
    is_small = low90 > -SMALLEST_DIFFERENCE and high90 < SMALLEST_DIFFERENCE
    return ("about_the_same", None) if is_small else ("not_settled", "noise")


def expected_gain(mine: Expected) -> tuple[str, str | None]:
    """Judge the size of a gain that is no luck."""
    if mine.difference >= SMALLEST_DIFFERENCE:
        return "better", None
    high = mine.welch.confidence_interval(mine.level).high  # of the range that is shown beside the words
    return ("too_small", None) if high < SMALLEST_DIFFERENCE else ("not_settled", "size_unclear")


def test_the_latency_limit_is_judged_by_a_one_sided_bound(recomputed: Recomputed, numbers: Any) -> None:
    settings = by_key(numbers)
    rails = [rail for rail in numbers["guard_rails"] if rail["metric"] == "latency_ms"]
    judged = 0
    for rail in rails:
        values = recomputed.values(settings[rail["key"]], "latency_ms")
        assert rail["limit"] == LATENCY_LIMIT_MS
        if len(values) < 3:
            assert rail["state"] == "not_shown"
            continue
        judged += 1
        reach = stats.t.ppf(0.95, len(values) - 1) * stats.sem(values)
        if values.mean() + reach <= LATENCY_LIMIT_MS:
            assert (rail["state"], same(rail["bound"], values.mean() + reach)) == ("kept", True)
        elif values.mean() - reach > LATENCY_LIMIT_MS:
            assert rail["state"] == "broken"
        else:
            assert rail["state"] == "not_shown"
    assert judged >= 30


def test_a_lower_error_counts_as_an_improvement() -> None:
    """Regression, where the goal is to minimise: positive differences mean a lower error."""
    folders = sorted((ROOT / "samples" / "regression").glob("*/run.csv"))
    runs = pd.DataFrame([read_run(path.parent, ("rmse", "r2", "fit_seconds")) for path in folders])
    numbers = frozen_numbers(ROOT / "samples" / "regression")
    settings = by_key(numbers)
    assert len(numbers["comparisons"]) == 12
    for one in numbers["comparisons"]:
        values = runs.loc[runs["settings"] == settings[one["key"]], "rmse"].astype(float)
        reference = runs.loc[runs["settings"] == settings[one["baseline"]], "rmse"].astype(float)
        welch = stats.ttest_ind(reference, values, equal_var=False)
        low, high = welch.confidence_interval(one["level"])
        assert same(one["difference"], reference.mean() - values.mean())
        assert math.isclose(one["p_value"], welch.pvalue, rel_tol=1e-6)
        assert math.isclose(one["interval"][0], low, rel_tol=1e-6)
        assert math.isclose(one["interval"][1], high, rel_tol=1e-6)
        assert (one["verdict"] == "better") == (one["p_adjusted"] < 0.05)
