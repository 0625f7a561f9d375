"""The edges of the input, and the questions that are answered beside the comparison."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest

from reportgen.analyse import analyse, draft_config
from reportgen.analyse.thresholds import THRESHOLDS
from reportgen.config.settings import CompareConfig, Config, CostConfig, MetricConfig, SelectConfig
from reportgen.errors import NothingToReportError
from reportgen.findings import Findings
from reportgen.runs import ReadingNote, Run, RunSet, SkippedRun
from tests.fakes.runsets import START, TableCurves, make_run, make_runset, sweep


def of(runs: list[Run], **config: Any) -> Findings:
    return analyse(make_runset(runs), Config(**config))


def warned(found: Findings) -> str:
    return " ".join(sentence for _, sentence in found.quality.warnings)


def test_one_run_only() -> None:
    found = of([make_run(0, {"lr": 0.1, "seed": 1}, {"accuracy": 0.9})])
    (only,) = found.configurations
    assert (only.n, only.mean, only.spread, only.interval, only.interval_method) == (
        1,
        0.9,
        None,
        None,
        "none: one run",
    )
    assert (only.rank, only.leading, only.label) == (1, True, "digits")
    assert found.constant == {"lr": 0.1, "seed": 1}
    assert [len(x) for x in (found.comparisons, found.pairs, found.curves, found.history)] == [0, 0, 0, 0]
    assert found.title == "digits: results"
    assert dict(found.thresholds) == dict(THRESHOLDS)


def test_two_runs_have_a_spread_and_no_interval() -> None:
    (only,) = of([make_run(n, {"seed": n}, {"accuracy": 0.5 + n / 10}) for n in range(2)]).configurations
    assert only.spread == pytest.approx(0.1 / math.sqrt(2))
    assert (only.interval, only.interval_method) == (None, "none: two runs")


def test_every_run_failed() -> None:
    found = of([make_run(n, {"model": m}, status="failed") for n, m in enumerate("aab")])
    assert [(c.started, c.failed, c.n, c.rank, c.leading) for c in found.configurations] == [
        (2, 2, 0, None, False),
        (1, 1, 0, None, False),
    ]
    assert found.runs.by_status["failed"] == 3


def test_zero_everywhere_is_a_number_like_any_other() -> None:
    found = analyse(sweep({"a": [0.0] * 3, "baseline": [0.0] * 3}), Config())
    assert [(c.mean, c.rank, c.interval_method) for c in found.configurations] == [
        (0.0, 1, "none: identical runs")
    ] * 2
    assert found.comparisons[0].reason == "no_variation"
    assert "check that seed is used" in warned(found)


def test_all_nan_is_diverged_and_counted() -> None:
    found = analyse(sweep({"a": [math.nan, math.inf], "b": [-math.inf]}), Config())
    assert (found.runs.diverged, found.runs.usable, found.primary) == (3, 0, "accuracy")
    assert [c.diverged for c in found.configurations] == [2, 1]
    assert [row.diverged for row in found.rows] == [True] * 3


@pytest.mark.parametrize("name", ["دقة النموذج", "точность", "精度", "x" * 200, "<b>&\"'", "=1+1"])
def test_odd_metric_names_are_kept(name: str) -> None:
    found = analyse(sweep({"a": [0.5, 0.6, 0.7]}, metric=name), Config())
    assert (found.primary, set(found.metrics)) == (name, {name})


def test_a_repeated_step_of_huge_and_tiny_numbers_is_no_error() -> None:
    found = analyse(
        sweep({"a": [1e308, -1e308, 1e308], "b": [1e-308, 2e-308, 3e-308]}, metric="loss"), Config()
    )
    means = {c.label: c.mean for c in found.configurations}
    assert means == {"a": pytest.approx(1e308 / 3), "b": pytest.approx(2e-308)}


def test_an_interval_ends_where_the_scale_ends() -> None:
    found = analyse(sweep({"a": [0.5, 1.0, 1.0], "b": [0.6, 0.7, 0.65]}), Config())
    cut, whole = found.configurations
    assert cut.interval is not None
    assert cut.interval[1] == 1.0
    assert cut.interval_method == "t, cut at the end of the scale"
    assert whole.interval_method == "t"


@pytest.mark.parametrize(
    ("metric", "top", "end"),
    [
        ("macro_f1", 1.0, 1.0),
        ("roc_auc", 1.0, 1.0),
        ("macro_f1", 100.0, None),  # logged times 100
        ("r2", 1.0, None),
        ("profit", 1.0, None),
    ],
)
def test_a_score_that_ends_at_one_has_no_range_beyond(metric: str, top: float, end: float | None) -> None:
    found = analyse(
        sweep({"a": [0.9 * top, top, top], "b": [0.6 * top, 0.7 * top, 0.6 * top]}, metric), Config()
    )
    interval = found.configurations[0].interval
    assert interval is not None
    assert interval[1] == end if end else interval[1] > top


def test_excluded_and_skipped_runs_are_named_and_not_counted() -> None:
    runs = [make_run(n, {"lr": n}, {"accuracy": 0.5}) for n in range(3)]
    noted = make_runset(
        runs,
        skipped=(SkippedRun("x", "broken"),),
        notes=(ReadingNote(runs[0].id, "bad_row", "f", 1, 2, "T"),),
    )
    found = analyse(noted, Config(select=SelectConfig(where=("lr<2",))))
    assert (found.runs.total, found.runs.excluded, found.runs.skipped) == (
        2,
        ((runs[2].id, "filter lr<2"),),
        (("x", "broken"),),
    )
    assert found.quality.notes == ((runs[0].id, "T", 2),)


def test_a_sweep_tells_its_size() -> None:
    runs = [make_run(n, {"lr": n}, {}, tags={"sweep_size": 40}) for n in range(12)]
    assert of(runs).runs.planned == 40
    assert of([*runs, make_run(50, experiment="other")]).runs.planned is None
    assert of(runs[:1], select=SelectConfig()).runs.planned == 40


def test_quality_warns_of_what_may_mislead() -> None:
    seeds = of([make_run(n, {"seed": n, "fold": n, "lr": n % 2}) for n in range(4)])
    assert "fold changes exactly with seed" in warned(seeds)
    paths = of([make_run(n, {"out": f"run {n}", "lr": n % 2}) for n in range(4)])
    assert "out has a value of its own in every run" in warned(paths)
    case = of([make_run(n, {"model": m}) for n, m in enumerate(("MLP", "mlp", "cnn"))])
    assert "differ in capital letters only and are counted apart: MLP, mlp" in warned(case)
    pooled = of([make_run(n, {"lr": n, "seed": 0}) for n in range(3)], compare=CompareConfig(by=("seed",)))
    assert "differ in lr" in warned(pooled)
    twice = of([make_run(n, {"seed": 1}) for n in range(2)])
    assert "more than once with the same seed" in warned(twice)
    tasks = [make_run(n, {"seed": n % 2, "data": n // 2}) for n in range(4)]
    apart = of(tasks, compare=CompareConfig(seed="seed", task="data"))
    assert "more than once with the same seed" not in warned(apart), "each task has its own"
    unused = of([make_run(0)], metrics={"f1": MetricConfig("f1")})
    assert "[metrics.f1] describes a metric that none of these runs has" in warned(unused)
    assert of([make_run(n, {"lr": n / 10, "seed": n % 3}) for n in range(9)]).quality.warnings == ()


def test_quality_counts_versions_of_data_and_code() -> None:
    old = {"train": {"version": "1", "sha256": "a", "rows": 10, "source": "s", "split": "p"}}
    code = {"commit": "abc", "branch": "main", "dirty": True, "entry_point": "t.py"}
    runs = [
        make_run(0, data=old, code=code),
        make_run(1, data=old),
        make_run(2, data={"train": {"version": "2"}}),
        make_run(3),
    ]
    quality = of(runs).quality
    assert [(entry.version, entry.rows, entry.runs) for entry in quality.data] == [
        ("1", 10, 2),
        ("2", None, 1),
    ]
    assert (quality.mixed_data, quality.runs_without_data, quality.runs_without_code) == (("train",), 1, 3)
    assert [(entry.commit, entry.dirty, entry.runs) for entry in quality.code] == [("abc", True, 1)]
    assert "not committed" in " ".join(sentence for _, sentence in quality.warnings)


def test_effort_counts_failed_runs_and_prices_by_machine() -> None:
    runs = [
        make_run(0, duration_s=3600.0, tags={"machine": "a100"}),
        make_run(1, duration_s=1800.0, status="failed"),
        make_run(2, duration_s=None),
    ]
    found = of(runs, cost=CostConfig("EUR", {"a100": 4.0, "default": 1.0}))
    effort = found.effort
    assert (effort.total_s, effort.metered_runs, effort.median_s) == (5400.0, 2, 2700.0)
    assert (effort.currency, effort.total_cost, effort.priced_runs) == ("EUR", 4.5, 2)
    assert [row.cost for row in found.rows] == [4.0, 0.5, None]
    assert of(runs).effort.total_cost is None


def test_the_environment_is_counted() -> None:
    envs = [
        {"python": "3.11", "packages": {"numpy": "2.0"}},
        {"python": "3.11", "packages": {"numpy": "2.1"}},
        {},
    ]
    found = of([make_run(n, env=env) for n, env in enumerate(envs)]).environment
    assert (found.python, dict(found.packages)) == ((("3.11", 2),), {"numpy": "2.0, 2.1"})


def trade(costs: dict[str, tuple[float, float]], **config: Any) -> Findings:
    runs = [
        make_run(n, {"model": m}, {"accuracy": a, "latency_ms": c, "fit_seconds": 1.0})
        for n, (m, (a, c)) in enumerate(costs.items())
    ]
    return of(runs, **config)


def test_the_frontier_holds_what_none_beats_in_both() -> None:
    found = trade(
        {
            "best": (0.9, 9.0),
            "cheap": (0.5, 1.0),
            "beaten": (0.5, 2.0),
            "worse": (0.4, 1.0),
            "twin": (0.9, 9.0),
        }
    )
    labels = [found.configuration(key).label for key in found.trade_off.frontier]
    assert found.trade_off.metrics == ("accuracy", "latency_ms")
    assert labels == ["best", "twin", "cheap"]
    assert len(found.trade_off.points) == 5


def test_durations_stand_in_for_a_cost_on_one_machine_only() -> None:
    def runs(hosts: str) -> list[Run]:
        return [
            make_run(n, {"model": m}, {"accuracy": 0.9 - n / 10}, env={"host": h}, duration_s=100.0 - n)
            for n, (m, h) in enumerate(zip("abc", hosts, strict=True))
        ]

    assert of(runs("xxx")).trade_off.metrics == ("accuracy", "duration_s")
    assert len(of(runs("xxx")).trade_off.frontier) == 3
    assert of(runs("xxy")).trade_off.metrics == ()


def test_a_limit_is_kept_broken_or_not_shown() -> None:
    results = {
        "fast": [10.0, 11.0, 12.0],
        "slow": [90.0, 91.0, 92.0],
        "near": [15.0, 20.0, 24.0],
        "few": [1.0, 1.0],
        "same": [5.0] * 3,
    }
    runs = [
        make_run(10 * k + s, {"model": m, "seed": s}, {"accuracy": 0.5 + s / 10, "latency_ms": value})
        for k, (m, values) in enumerate(results.items())
        for s, value in enumerate(values)
    ]
    found = of(runs, metrics={"latency_ms": MetricConfig("latency_ms", limit=20.0)})
    states = {found.configuration(rail.key).label: rail.state for rail in found.guard_rails}
    assert states == {
        "fast": "kept",
        "slow": "broken",
        "near": "not_shown",
        "few": "not_shown",
        "same": "kept",
    }


def test_learning_curves_are_of_usable_runs_with_enough_steps() -> None:
    series = {"a": [0.1, 0.2, 0.3, 0.4, 0.5], "short": [0.9, 0.95]}
    runs = [
        make_run(10 * k + s, {"model": m, "seed": s}, {"accuracy": values})
        for k, (m, values) in enumerate(series.items())
        for s in range(2)
    ]
    runs.append(make_run(99, {"model": "a", "seed": 7}, {"accuracy": series["a"]}, status="failed"))
    table = {(run.id, "accuracy"): series[str(run.params["model"])] for run in runs}
    found = analyse(make_runset(runs, TableCurves(table)), Config())
    assert [(found.configuration(c.key).label, c.runs, len(c.points)) for c in found.curves] == [("a", 2, 5)]


def weekly(days: list[int]) -> RunSet:
    return make_runset(
        [
            make_run(n, {"lr": n}, {"loss": 9.0 - d}, started=START + timedelta(days=d))
            for n, d in enumerate(days)
        ]
    )


def test_history_lists_every_week_from_three_on() -> None:
    assert analyse(weekly([0, 7]), Config()).history == ()
    history = analyse(weekly([0, 1, 14]), Config()).history
    assert [(p.name, p.runs, p.usable, p.best_mean, p.best_so_far) for p in history] == [
        ("2026-W47", 2, 2, 8.0, 8.0),
        ("2026-W48", 0, 0, None, 8.0),
        ("2026-W49", 1, 1, -5.0, -5.0),
    ]
    assert history[0].start == START.replace(hour=0)


def test_nothing_to_report_is_said() -> None:
    for call in (lambda runs: analyse(runs, Config()), draft_config):
        with pytest.raises(NothingToReportError):
            call(RunSet((), ()))


def test_a_draft_holds_what_can_be_guessed() -> None:
    runs = [
        make_run(n, {"model": m, "seed": 1}, {"val_accuracy": 0.5, "foo": 2.0})
        for n, m in enumerate(("baseline", "mlp"))
    ]
    draft = draft_config(make_runset(runs))
    assert (draft.title, draft.primary, draft.varied, draft.seed) == (
        "digits: results",
        "val_accuracy",
        ("model",),
        "seed",
    )
    assert draft.baseline == {"model": "baseline"}
    assert [(m.name, m.unit, m.goal) for m in draft.metrics] == [
        ("val_accuracy", "%", "maximize"),
        ("foo", "", None),
    ]


@pytest.mark.parametrize(
    ("names", "title"),
    [
        ("a", "a: results"),
        ("ab", "a and b: results"),
        ("abc", "a, b and c: results"),
        ("abcd", "a, b, c and more: results"),
    ],
)
def test_the_title_is_made_of_the_experiments(names: str, title: str) -> None:
    assert of([make_run(n, experiment=name) for n, name in enumerate(names)]).title == title
    assert of([make_run(0)], title="Own").title == "Own"


def test_scipy_and_numpy_are_not_loaded_by_the_nouns() -> None:
    import subprocess
    import sys

    code = "import sys, reportgen.findings, reportgen.runs; print('scipy' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_search_that_holds_the_runs_does_not_count_and_does_not_hide_what_was_planned() -> None:
    search = make_run(0, {}, {}, experiment="digits", tags={"planned_runs": 4})
    trials = [
        make_run(n, {"lr": n}, {"accuracy": 0.9}, parent=search.id, tags={"planned_runs": 4}) for n in (1, 2)
    ]
    found = analyse(make_runset([search, *trials]), Config())
    assert (found.runs.total, found.runs.usable, found.runs.without_value, found.runs.planned) == (2, 2, 0, 4)
    assert [run for run, _ in found.runs.excluded] == [search.id]
    assert len(found.configurations) == 2
