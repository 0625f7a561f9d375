from __future__ import annotations

import math
import tomllib

import pytest

from reportgen.analyse import analyse
from reportgen.config.settings import Config, MetricConfig
from reportgen.errors import ConfigError, UnknownMetricError
from reportgen.findings import Findings
from tests.fakes.runsets import TableCurves, make_run, make_runset, sweep


def found_for(*logged: dict[str, float], **metrics: MetricConfig) -> Findings:
    return analyse(
        make_runset([make_run(n, {"seed": n}, entry) for n, entry in enumerate(logged)]),
        Config(metrics=metrics),
    )


@pytest.mark.parametrize(
    ("logged", "primary"),
    [
        (("loss", "accuracy", "val_loss", "val_accuracy"), "val_accuracy"),
        (("train_loss", "test_loss"), "test_loss"),
        (("latency_ms", "fit_seconds", "my_metric"), "my_metric"),
        (("latency_ms", "rmse"), "rmse"),
        (("train_accuracy", "val_loss"), "val_loss"),
        (("fit_seconds",), "fit_seconds"),
        (("system/cpu_percent", "system/process_memory_bytes", "zork"), "zork"),
        (("system/cpu_percent", "fit_seconds"), "fit_seconds"),
        (("system/cpu_percent",), "system/cpu_percent"),
    ],
)
def test_the_deciding_metric_is_found_by_its_name(logged: tuple[str, ...], primary: str) -> None:
    entry = dict.fromkeys(logged, 0.5)
    found = found_for(entry, entry)
    assert found.primary == primary
    assert next(iter(found.metrics)) == primary
    assert {assumption.what for assumption in found.assumed} >= {"metric", "goal", "summary"}


def test_what_most_runs_share_goes_before_what_sounds_better() -> None:
    assert found_for({"accuracy": 0.5, "loss": 1.0}, {"loss": 1.0}, {"loss": 1.0}).primary == "loss"


def test_no_shared_metric_still_gives_counts() -> None:
    found = found_for({"a": 1.0}, {"b": 1.0})
    assert found.primary is None
    assert (found.runs.total, found.runs.without_value, found.runs.usable) == (2, 2, 0)
    assert found.comparisons == found.pairs == ()
    assert set(found.metrics) == {"a", "b"}


def test_the_way_to_say_it_can_be_typed_as_it_stands() -> None:
    """Names that TOML or a shell would read otherwise are quoted."""
    found = found_for({"top 5 = x": 0.5})
    change = {entry.what: entry.change for entry in found.assumed}
    assert change["goal"].startswith("--metric 'top 5 = x' with --goal maximize or minimize")
    assert tomllib.loads(change["summary"].rpartition(" under ")[2]) == {"metrics": {"top 5 = x": {}}}


def test_the_users_metric_decides_and_nothing_is_assumed_of_it() -> None:
    said = MetricConfig(
        "foo",
        label="Foo!",
        unit="m",
        goal="minimize",
        summary="min",
        target=0.1,
        primary=True,
        definition="D",
    )
    found = found_for({"foo": 2.0, "accuracy": 1.0}, {"foo": 3.0}, foo=said)
    metric = found.metrics["foo"]
    assert found.primary == "foo"
    assert (metric.label, metric.unit, metric.goal, metric.summary, metric.target, metric.definition) == (
        "Foo!", "m", "minimize", "min", 0.1, "D",
    )  # fmt: skip
    assert not [entry for entry in found.assumed if "foo" in entry.why]


def test_an_unknown_metric_is_refused_with_what_there_is() -> None:
    with pytest.raises(UnknownMetricError, match=r"'acuracy'; found 'accuracy'"):
        found_for({"accuracy": 1.0, "loss": 2.0}, acuracy=MetricConfig("acuracy", primary=True))


def test_a_named_metric_is_no_error_where_no_run_logged_anything() -> None:
    runs = make_runset([make_run(0, status="failed"), make_run(1, status="failed")])
    found = analyse(runs, Config(metrics={"accuracy": MetricConfig("accuracy", primary=True)}))
    assert (found.primary, found.runs.by_status["failed"], found.configurations[0].mean) == (
        "accuracy",
        2,
        None,
    )


def test_without_a_direction_nothing_is_ranked() -> None:
    found = analyse(
        sweep({"b": [3.0] * 3, "a": [1.0, 2.0, 3.0], "baseline": [2.0] * 4}, metric="foo"), Config()
    )
    assert [c.label for c in found.configurations] == ["a", "b", "baseline"]
    assert not any(c.rank or c.leading for c in found.configurations)
    assert [len(x) for x in (found.comparisons, found.pairs, found.guard_rails)] == [0, 0, 0]
    (goal,) = [entry for entry in found.assumed if entry.what == "goal"]
    assert "--goal" in goal.change


@pytest.mark.parametrize(
    ("values", "unit"), [((0.0, 1.0), "%"), ((0.5, 93.1), ""), ((-0.1, 0.5), ""), ((math.nan, math.nan), "")]
)
def test_percent_only_where_all_values_are_shares(values: tuple[float, float], unit: str) -> None:
    found = found_for(*({"accuracy": value} for value in values))
    assert found.metrics["accuracy"].unit == unit
    assert any(entry.what == "unit" for entry in found.assumed) == (unit == "%")


def test_equal_labels_are_told_apart() -> None:
    found = found_for({"latency_ms": 1.0, "latency_s": 0.001})
    assert {metric.label for metric in found.metrics.values()} == {
        "Latency (latency_ms)",
        "Latency (latency_s)",
    }


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("foo", {"summary": "best"}, "best needs a goal"),
        ("foo", {"limit": 3.0}, "a limit needs a goal"),
        ("foo", {"summary": "mean of last 0"}, "is no summary"),
        ("foo", {"summary": "at best bar"}, "'bar'"),
    ],
)
def test_settings_that_cannot_be_applied_are_refused(name: str, said: dict[str, object], told: str) -> None:
    with pytest.raises((ConfigError, UnknownMetricError), match=told):
        found_for({name: 1.0}, **{name: MetricConfig(name, **said)})  # type: ignore[arg-type]


SERIES = [0.2, 0.9, math.nan, 0.5]


@pytest.mark.parametrize(
    ("summary", "goal", "value"),
    [
        ("last", "maximize", 0.5),
        ("best", "maximize", 0.9),
        ("best", "minimize", 0.2),
        ("min", "maximize", 0.2),
        ("max", "minimize", 0.9),
        ("mean of last 1", "maximize", 0.5),
        ("mean of last 2", "maximize", math.nan),
        ("mean of last  9", "maximize", math.nan),
        ("at best loss", "maximize", 0.9),
        ("at best late", "maximize", None),
    ],
)
def test_one_number_stands_for_a_run(summary: str, goal: str, value: float | None) -> None:
    run = make_run(
        0, {}, {"accuracy": SERIES, "loss": [0.9, 0.8, 0.1, 0.4], "late": [math.nan, math.nan, 1.0]}
    )
    table = {
        (run.id, "accuracy"): [0.2, 0.9, math.nan, 0.5],
        (run.id, "loss"): [0.9, 0.1, 0.8, 0.4],
    }
    metrics = {
        "accuracy": MetricConfig(
            "accuracy", goal="maximize" if goal == "maximize" else "minimize", summary=summary, primary=True
        ),
        "late": MetricConfig("late", goal="maximize"),
    }
    found = analyse(make_runset([run], TableCurves(table)), Config(metrics=metrics))
    values = found.rows[0].values
    if value is None:
        assert "accuracy" not in values
        assert found.runs.without_value == 1
    else:
        assert values["accuracy"] == pytest.approx(value, nan_ok=True)
        assert found.runs.usable == (not math.isnan(value))
        assert found.runs.diverged == math.isnan(value)


def test_a_mean_of_the_last_values_is_read_unthinned() -> None:
    series = [float(n) for n in range(3000)]
    run = make_run(0, {}, {"foo": series})
    config = Config(metrics={"foo": MetricConfig("foo", summary="mean of last 1000", primary=True)})
    found = analyse(make_runset([run], TableCurves({(run.id, "foo"): series})), config)
    assert found.rows[0].values["foo"] == pytest.approx(2499.5)


def test_the_reason_names_the_measures_that_could_have_decided_too() -> None:
    found = found_for(*[{"r2": 0.5, "rmse": 50.0, "fit_seconds": 1.0}] * 3)
    assert found.assumed[0].why.startswith("The runs are judged by r2, not by rmse: ")
