from __future__ import annotations

import pytest

from reportgen.analyse import analyse
from reportgen.analyse.thresholds import MAX_PAIRS
from reportgen.config.settings import CompareConfig, Config
from reportgen.errors import BaselineError
from reportgen.findings import Findings
from reportgen.runs import Run
from tests.fakes.runsets import make_run, make_runset, sweep


def ranked(
    results: dict[str, list[float | None]], metric: str = "accuracy", baseline: str | None = None
) -> Findings:
    wanted = None if baseline is None else {"model": baseline}
    return analyse(sweep(results, metric), Config(compare=CompareConfig(baseline=wanted)))


def leaders(found: Findings) -> list[str]:
    return [c.label for c in found.configurations if c.leading]


def test_equal_means_share_a_rank_and_the_dead_come_last() -> None:
    found = ranked({"a": [0.5, 0.7], "b": [0.6, 0.6], "c": [0.9], "dead": [None], "d": [0.1]})
    assert [(c.label, c.rank) for c in found.configurations] == [
        ("c", 1),
        ("a", 2),
        ("b", 2),
        ("d", 4),
        ("dead", None),
    ]


def test_a_lower_loss_ranks_first() -> None:
    assert [c.label for c in ranked({"a": [2.0], "b": [1.0]}, "loss").configurations] == ["b", "a"]


def test_what_cannot_be_told_from_the_best_leads_with_it() -> None:
    found = ranked({"a": [0.90, 0.91, 0.92], "b": [0.905, 0.895, 0.915], "c": [0.50, 0.51, 0.52]})
    assert leaders(found) == ["a", "b"]


def test_one_poor_run_does_not_lead() -> None:
    found = ranked({"a": [0.90, 0.91, 0.92, 0.9], "near": [0.9], "far": [0.1]})
    assert leaders(found) == ["a", "near"]


def test_without_repeats_nothing_can_be_told_apart() -> None:
    assert leaders(ranked({"a": [0.9], "b": [0.1], "dead": [None]})) == ["a", "b"]


def test_one_lucky_run_at_the_top_does_not_lead_alone() -> None:
    found = ranked({"lucky": [0.93], "a": [0.90, 0.92, 0.94], "b": [0.1, 0.12, 0.11]})
    assert leaders(found) == ["lucky", "a"]


def test_the_group_ends_at_the_first_that_is_shown_worse() -> None:
    """A noisy configuration far below is not among the leaders because it is noisy."""
    found = ranked({"a": [0.900, 0.901, 0.902], "b": [0.800, 0.801, 0.802], "noisy": [0.1, 0.5, 0.9]})
    assert leaders(found) == ["a"]


def test_the_group_agrees_with_the_comparison_with_the_baseline() -> None:
    results: dict[str, list[float | None]] = {f"m{k}": [0.5 + k / 1000, 0.51, 0.52, 0.53] for k in range(30)}
    results |= {"old": [0.90, 0.92, 0.94, 0.93], "new": [0.96, 0.98, 0.97, 0.99]}
    found = ranked(results, baseline="old")
    best = found.configurations[0]
    decided = {entry.key: entry.verdict for entry in found.comparisons}
    assert (best.label, decided[best.key]) in {("new", "better"), ("new", "not_settled")}
    assert found.baseline is not None
    assert found.baseline.leading == (decided[best.key] == "not_settled")
    assert not any(c.leading and decided.get(c.key) == "worse" for c in found.configurations)


def test_pairs_hold_every_two_configurations_and_agree_with_the_comparisons() -> None:
    found = ranked({"a": [0.9, 0.91, 0.92], "b": [0.7, 0.71, 0.72], "c": [0.5, 0.51, 0.52]}, baseline="b")
    keys = {c.label: c.key for c in found.configurations}
    pairs = {(entry.key, entry.baseline): entry for entry in found.pairs}
    assert set(pairs) == {(keys["a"], keys["b"]), (keys["c"], keys["b"]), (keys["a"], keys["c"])}
    assert all(pairs[(entry.key, entry.baseline)] == entry for entry in found.comparisons)


def test_too_many_pairs_are_only_those_with_the_best_and_the_baseline() -> None:
    runs = [
        make_run(3 * k + s, {"k": k, "seed": s}, {"loss": k + s / 10, "rmse": 1.0})
        for k in range(70)
        for s in range(3)
    ]
    config = Config(compare=CompareConfig(baseline={"k": 5}))
    found = analyse(make_runset(runs), config)
    assert found.primary == "loss"
    assert len(found.pairs) <= MAX_PAIRS
    reference = found.baseline
    assert reference is not None
    ends = {found.configurations[0].key, reference.key}
    assert all({entry.key, entry.baseline} & ends for entry in found.pairs)
    assert {entry.metric for entry in found.pairs} == {"loss", "rmse"}


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"name": "baseline"}, True),
        ({"name": "Baseline-v2"}, True),
        ({"name": "resnet baseline"}, True),
        ({"tags": {"role": "reference"}}, True),
        ({"tags": {"baseline": True}}, True),
        ({"tags": {"control": "yes"}}, True),
        ({"name": "control 1"}, True),
        ({"name": "controlnet"}, False),
        ({"name": "control-net-v1"}, False),
        ({"name": "no-baseline"}, False),
        ({"name": "beats baseline"}, False),
        ({"tags": {"baseline": False}}, False),
        ({"tags": {"reference": "Smith 2020"}}, False),
    ],
)
def test_a_baseline_is_taken_only_where_something_says_so(facts: dict[str, object], found: bool) -> None:
    def made(number: int, lr: float, **more: object) -> Run:
        return make_run(number, {"lr": lr}, {"accuracy": 0.5}, **more)  # type: ignore[arg-type]

    result = analyse(make_runset([made(0, 0.1, **facts), made(1, 0.2), made(2, 0.3)]), Config())
    assert (result.baseline is not None) is found
    assert any(entry.what == "baseline" for entry in result.assumed)
    twice = analyse(make_runset([made(0, 0.1, **facts), made(1, 0.2, **facts), made(2, 0.3)]), Config())
    assert twice.baseline is None


def asked(baseline: dict[str, object]) -> Findings:
    params: list[dict[str, object]] = [
        {"model": "mlp", "lr": 0.1, "code": "01"}, {"model": "mlp", "lr": 0.2, "code": "1"}, {"model": "cnn", "code": 1},
    ]  # fmt: skip
    runs = [make_run(n, entry, {"accuracy": 0.5}) for n, entry in enumerate(params)]
    return analyse(make_runset(runs), Config(compare=CompareConfig(baseline=baseline)))


@pytest.mark.parametrize(
    ("baseline", "label"),
    [
        ({"model": "cnn"}, "cnn (code 1)"),
        ({"lr": 0.2}, "mlp (lr 0.2, code 1)"),
        ({"lr": "0.2"}, "mlp (lr 0.2, code 1)"),
        ({"code": "01"}, "mlp (lr 0.1, code 01)"),
        ({"code": "1"}, "mlp (lr 0.2, code 1)"),
        ({"code": 1}, "cnn (code 1)"),
    ],
)
def test_the_named_baseline_matches_exactly_one(baseline: dict[str, object], label: str) -> None:
    found = asked(baseline).baseline
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    ("baseline", "told"),
    [
        (
            {"model": "mlp"},
            r"model=mlp fits 2 configurations; found 'mlp \(lr 0.1, code 01\)', 'mlp \(lr 0.2, code 1\)'\.",
        ),
        ({"model": "mlp"}, r"exactly one of them, as in model=mlp,lr=0\.1\.$"),
        ({"model": "rnn"}, r"no configuration has model=rnn; found 'cnn \(code 1\)', .* as in model=cnn\.$"),
        ({"modell": "mlp"}, "no run has the parameter 'modell'; found 'model'"),
        ({}, "nothing fits 3 configurations"),
    ],
)
def test_a_baseline_that_is_none_or_several_is_refused_with_candidates(
    baseline: dict[str, object], told: str
) -> None:
    with pytest.raises(BaselineError, match=told):
        asked(baseline)
