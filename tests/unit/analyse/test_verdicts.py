from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.analyse import analyse
from reportgen.analyse.verdicts import HOPELESS, NEXT_STEPS, Evidence, judge, swapped
from reportgen.config.settings import CompareConfig, Config, MetricConfig
from reportgen.errors import ConfigError
from reportgen.findings import Comparison
from reportgen.runs import Run
from tests.fakes.runsets import make_run, make_runset, sweep

CLEAR = Evidence(
    data_differ=False, n=5, n_reference=5, flat=False, failure_share=0.0, failure_share_reference=0.0, difference=0.02,
    p_adjusted=0.001, interval=(0.01, 0.03), equivalence_interval=(0.012, 0.028), smallest_difference=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "verdict", "reason"),
    [
        ({}, "better", None),
        ({"difference": -0.02, "interval": (-0.03, -0.01)}, "worse", None),
        ({"p_adjusted": 0.05}, "not_settled", "noise"),
        ({"p_adjusted": 0.049}, "better", None),
        ({"smallest_difference": 0.02}, "better", None),
        ({"smallest_difference": 0.025}, "not_settled", "size_unclear"),
        ({"smallest_difference": 0.03}, "not_settled", "size_unclear"),
        ({"smallest_difference": 0.031}, "too_small", None),
        ({"smallest_difference": 0.031, "difference": -0.02}, "worse", None),
        ({"p_adjusted": 0.2, "smallest_difference": 0.029}, "about_the_same", None),
        ({"p_adjusted": 0.2, "smallest_difference": 0.028}, "not_settled", "noise"),
        ({"n": 2}, "not_settled", "too_few_runs"),
        ({"n_reference": 2}, "not_settled", "too_few_runs"),
        ({"flat": True}, "not_settled", "no_variation"),
        ({"failure_share": 0.2}, "not_settled", "failures"),
        ({"failure_share": 0.19}, "better", None),
        ({"failure_share": 0.4, "failure_share_reference": 0.4}, "better", None),
        ({"failure_share": 0.5, "n": 2}, "not_settled", "too_few_runs"),
        ({"data_differ": True, "n": 1}, "not_comparable", "data_differs"),
    ],
)
def test_the_rules_apply_in_their_order(change: dict[str, object], verdict: str, reason: str | None) -> None:
    assert judge(replace(CLEAR, **change)) == (verdict, reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("difference", "interval", "one_way", "other_way"),
    [
        (0.02, (0.015, 0.025), "better", "worse"),
        (-0.02, (-0.025, -0.015), "worse", "better"),
        (0.003, (0.001, 0.005), "too_small", "worse"),
        (-0.003, (-0.005, -0.001), "worse", "too_small"),
        (-0.008, (-0.014, -0.002), "worse", "not_settled"),  # the gain may be worth having, or not
    ],
)
def test_the_other_way_round_is_judged_by_the_same_rules(
    difference: float, interval: tuple[float, float], one_way: str, other_way: str
) -> None:
    evidence = replace(
        CLEAR,
        difference=difference,
        interval=interval,
        equivalence_interval=interval,
        smallest_difference=0.01,
        beats_with_failures=float(difference > 0),
    )
    assert judge(evidence)[0] == one_way
    assert judge(swapped(evidence))[0] == other_way
    assert judge(swapped(swapped(evidence))) == judge(evidence)


def test_failures_count_on_the_side_on_which_they_are() -> None:
    """The one without failures is better; the other, of which too many fail, is not said to be anything."""
    found = compare({"old": [0.95, 0.951, 0.949, 0.95], "new": [0.9, 0.901, 0.899, None, None, None]})
    assert (found["new"].verdict, found["new"].reason) == ("not_settled", "failures")
    assert found["new"].other_way == "better"


def test_next_steps_hold_no_digits() -> None:
    assert not any(char.isdigit() for step in (*NEXT_STEPS.values(), HOPELESS) for char in step)


def compare(results: dict[str, list[float | None]], delta: float | None = None) -> dict[str, Comparison]:
    metric = MetricConfig("accuracy", primary=True, smallest_difference=delta)
    config = Config(metrics={"accuracy": metric}, compare=CompareConfig(baseline={"model": "old"}))
    found = analyse(sweep(results), config)
    return {found.configuration(entry.key).label: entry for entry in found.comparisons}


def test_crashed_configurations_count_in_the_family() -> None:
    found = compare(
        {"old": [0.8, 0.81, 0.82], "new": [0.9, 0.91, 0.92], "dead": [None, None], "dead too": [None]}
    )
    assert {entry.family for entry in found.values()} == {3}
    new = found["new"]
    assert new.p_value is not None
    assert new.p_adjusted == pytest.approx(3 * new.p_value)
    assert new.level == pytest.approx(1 - 0.05 / 3)
    assert (found["dead"].verdict, found["dead"].reason) == ("not_settled", "too_few_runs")
    assert (found["dead"].difference, found["dead"].interval, found["dead"].method) == (None, None, "none")


def test_failures_forbid_a_verdict_on_the_survivors() -> None:
    results: dict[str, list[float | None]] = {"old": [0.8, 0.81, 0.82], "new": [0.9, 0.91, 0.92, 0.91, None]}
    assert compare(results)["new"].reason == "failures"
    results["old"] = [0.8, 0.81, 0.82, 0.81, None]
    assert compare(results)["new"].verdict == "better"


def test_pruned_and_running_runs_are_no_failures() -> None:
    def runs(status: str) -> list[Run]:
        made = [make_run(n, {"model": "old", "seed": n}, {"accuracy": 0.8 + n / 100}) for n in range(4)]
        made += [make_run(9 + n, {"model": "new", "seed": n}, {"accuracy": 0.9 + n / 100}) for n in range(3)]
        return [*made, make_run(20, {"model": "new", "seed": 9}, {"accuracy": 0.1}, status=status)]  # type: ignore[arg-type]

    config = Config(compare=CompareConfig(baseline={"model": "old"}))
    verdicts = {
        status: analyse(make_runset(runs(status)), config).comparisons[0].verdict
        for status in ("pruned", "running", "interrupted", "failed")
    }
    assert verdicts == {
        "pruned": "better",
        "running": "better",
        "interrupted": "not_settled",
        "failed": "not_settled",
    }


def test_noise_says_how_many_runs_would_show_it() -> None:
    noisy = compare({"old": [0.80, 0.82, 0.84], "new": [0.83, 0.85, 0.87]})["new"]
    assert (noisy.verdict, noisy.reason) == ("not_settled", "noise")
    assert noisy.n_needed is not None
    assert 3 < noisy.n_needed <= 30
    hopeless = compare({"old": [0.80, 0.82, 0.84], "new": [0.801, 0.821, 0.841]})["new"]
    assert (hopeless.n_needed, hopeless.next_step) == (None, HOPELESS)


def test_identical_repeats_settle_nothing() -> None:
    found = compare({"old": [0.1 + 0.2] * 3, "new": [0.3, 0.3, 0.3]})["new"]
    assert (found.reason, found.p_value, found.interval) == ("no_variation", None, None)


def test_one_varying_side_is_enough_for_a_test() -> None:
    found = compare({"old": [0.5] * 5, "new": [0.9, 0.91, 0.92]})["new"]
    assert found.verdict == "better"
    assert found.relative == pytest.approx(0.82)


@pytest.mark.parametrize("baseline", [0.0, -0.5])
def test_no_relative_change_over_nothing(baseline: float) -> None:
    found = compare({"old": [baseline, baseline + 0.001, baseline - 0.001], "new": [0.9, 0.91, 0.92]})["new"]
    assert found.relative is None
    assert found.verdict == "better"


def on_data(old: str, new: str, kind: str = "sha256") -> list[Run]:
    return [
        make_run(
            n + 10 * is_new,
            {"model": "new" if is_new else "old", "seed": n},
            {"accuracy": 0.8 + is_new * 0.1 + n / 100},
            data={"train": {kind: new if is_new else old}},
            tags={"split": new if is_new else old},
        )
        for is_new in (0, 1)
        for n in range(3)
    ]


@pytest.mark.parametrize("kind", ["sha256", "version"])
def test_different_data_is_not_compared(kind: str) -> None:
    config = Config(compare=CompareConfig(baseline={"model": "old"}))
    (entry,) = analyse(make_runset(on_data("a", "b", kind)), config).comparisons
    assert (entry.verdict, entry.reason, entry.difference, entry.p_value) == (
        "not_comparable",
        "data_differs",
        None,
        None,
    )
    assert analyse(make_runset(on_data("a", "a", kind)), config).comparisons[0].verdict == "better"


def test_what_the_user_wants_to_be_the_same_must_be() -> None:
    runs = make_runset([run._replace(data={}) for run in on_data("a", "b")])
    loose = Config(compare=CompareConfig(baseline={"model": "old"}))
    assert analyse(runs, loose).comparisons[0].verdict == "better"
    strict = Config(compare=CompareConfig(baseline={"model": "old"}, same=("tag.split",)))
    assert analyse(runs, strict).comparisons[0].verdict == "not_comparable"
    untold = Config(compare=CompareConfig(baseline={"model": "old"}, same=("data.train",)))
    found = analyse(runs, untold)
    assert found.comparisons[0].verdict == "better"
    assert [about for about, _ in found.quality.warnings] == ["data.train"]
    with pytest.raises(ConfigError, match=r"data\.NAME"):
        analyse(runs, Config(compare=CompareConfig(same=("split",))))
