"""What must hold for any set of runs at all."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config.settings import Audience, CompareConfig, Config, MetricConfig
from reportgen.runs import STATUSES, Run, RunSet
from tests.fakes.runsets import make_run, make_runset

MODELS = ("a", "b", "c", "d")
NUMBERS = st.one_of(
    st.floats(0.0, 1.0),
    st.sampled_from([0.0, 0.5, 1.0, 1e300, -1e300, 1e-300, math.nan, math.inf, -math.inf]),
)
FLIPPED = {"better": "worse", "worse": "better"}


@st.composite
def run_sets(draw: st.DrawFn) -> RunSet:
    """Runs of up to four models, of every status, with and without a usable number."""
    runs: list[Run] = []
    for number in range(draw(st.integers(1, 24))):
        params = {"model": draw(st.sampled_from(MODELS)), "seed": draw(st.integers(0, 4))}
        value = draw(st.one_of(st.none(), NUMBERS))
        metrics = {} if value is None else {"accuracy": value}
        runs.append(make_run(number, params, metrics, status=draw(st.sampled_from(STATUSES))))
    return make_runset(runs)


def config(goal: str = "maximize", model: str | None = None) -> Config:
    metric = MetricConfig("accuracy", goal="maximize" if goal == "maximize" else "minimize", primary=True)
    baseline = None if model is None else {"model": model}
    return Config(metrics={"accuracy": metric}, compare=CompareConfig(baseline=baseline))


@given(run_sets())
@settings(max_examples=80, deadline=None)
def test_every_run_is_counted_exactly_once(runs: RunSet) -> None:
    counts = analyse(runs, config()).runs
    by_status = counts.by_status
    assert counts.total == len(runs.runs) == sum(by_status.values())
    assert by_status["finished"] == counts.usable + counts.diverged + counts.without_value
    ended_otherwise = sum(by_status[status] for status in ("failed", "interrupted", "running", "pruned"))
    assert counts.total == counts.usable + counts.diverged + counts.without_value + ended_otherwise


@given(run_sets())
@settings(max_examples=50, deadline=None)
def test_configurations_share_out_all_runs(runs: RunSet) -> None:
    findings = analyse(runs, config())
    ids = Counter(run_id for c in findings.configurations for run_id in c.run_ids)
    assert ids == Counter(run.id for run in runs.runs)
    for c in findings.configurations:
        assert (
            c.started
            == len(c.run_ids)
            == c.n + c.failed + c.diverged + c.unfinished + c.pruned + c.without_value
        )
        assert len(c.values) == c.n
        assert (c.rank is None) == (c.n == 0)
        assert c.leading <= (c.n > 0)
        assert (c.interval is None) or c.n >= 3
        assert (c.interval is not None) == c.interval_method.startswith("t")
    assert sum(c.n for c in findings.configurations) == findings.runs.usable


@given(run_sets(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_the_input_does_not_matter(runs: RunSet, chance: random.Random) -> None:
    shuffled = list(runs.runs)
    chance.shuffle(shuffled)
    model = runs.runs[0].params["model"]
    first = analyse(runs, config(model=model))
    second = analyse(replace(runs, runs=tuple(shuffled)), config(model=model))
    assert repr(first) == repr(second)


@given(run_sets())
@settings(max_examples=50, deadline=None)
def test_turning_the_direction_turns_better_and_worse_exactly(runs: RunSet) -> None:
    model = runs.runs[0].params["model"]
    up, down = analyse(runs, config("maximize", model)), analyse(runs, config("minimize", model))
    turned = {entry.key: entry for entry in down.comparisons}
    assert len(turned) == len(up.comparisons)
    for entry in up.comparisons:
        other = turned[entry.key]
        assert other.verdict == FLIPPED.get(entry.verdict, entry.verdict)
        assert other.reason == entry.reason
        assert other.p_adjusted == entry.p_adjusted
        assert (entry.difference is None) == (other.difference is None)
        if entry.difference is not None and other.difference is not None:
            assert other.difference == -entry.difference
        if entry.interval is not None and other.interval is not None:
            assert other.interval == (-entry.interval[1], -entry.interval[0])
    means = [c.mean for c in up.configurations if c.mean is not None]
    assert means == sorted(means, reverse=True)
    assert [c.mean for c in down.configurations if c.mean is not None] == sorted(means)


@given(run_sets())
@settings(max_examples=50, deadline=None)
def test_a_claim_and_its_range_never_contradict(runs: RunSet) -> None:
    findings = analyse(runs, config(model=runs.runs[0].params["model"]))
    for entry in (*findings.comparisons, *findings.pairs):
        claimed = entry.verdict in ("better", "worse")
        if claimed:
            assert entry.interval is not None
            assert not entry.interval[0] <= 0 <= entry.interval[1]
        if entry.reason == "noise" and entry.interval is not None:
            assert entry.interval[0] <= 0 <= entry.interval[1]
        assert (entry.next_step == "") == (
            entry.verdict in ("better", "worse", "about_the_same", "too_small")
        )
        assert not any(char.isdigit() for char in entry.next_step)


def test_equal_configurations_are_rarely_called_better() -> None:
    """Two thousand sweeps of ten equal configurations: at most 5 % hold any claim of "better".

    All sweeps go through one comparison of arrays each, as a sweep of real runs would.
    """
    from reportgen.analyse.statistics import holm, moments, welch, welch_testable

    draw = np.random.default_rng(20261122)
    groups = np.repeat(np.arange(10), 4)
    others, reference = np.arange(1, 10), np.zeros(9, dtype=np.int64)
    sweeps, claims = 2000, 0
    for _ in range(sweeps):
        sample = moments(groups, draw.normal(0.9, 0.01, groups.size), 10)
        result = welch(sample, others, reference, welch_testable(sample, others, reference))
        adjusted, _ = holm(result.p, 9)
        claims += bool(((adjusted < 0.05) & (result.difference > 0)).any())
    assert claims / sweeps <= 0.05


def test_equal_configurations_are_rarely_called_better_by_the_whole_path() -> None:
    draw = np.random.default_rng(7)
    sweeps, claims, left_out = 150, 0, 0
    for _ in range(sweeps):
        runs = [
            make_run(10 * k + s, {"model": f"m{k}", "seed": s}, {"accuracy": float(draw.normal(0.9, 0.01))})
            for k in range(10)
            for s in range(4)
        ]
        findings = analyse(make_runset(runs), config(model="m0"))
        claims += any(entry.verdict == "better" for entry in findings.comparisons)
        left_out += not all(c.leading for c in findings.configurations)
    assert claims / sweeps <= 0.05
    assert left_out / sweeps <= 0.05


def test_a_planted_gain_is_found() -> None:
    """Twenty standard deviations with five runs each: always found, so that silence is no way to be honest."""
    draw = np.random.default_rng(3)
    for _ in range(20):
        runs = [
            make_run(
                10 * k + s,
                {"model": f"m{k}", "seed": s},
                {"accuracy": float(draw.normal(0.8 + 0.1 * (k == 3), 0.005))},
            )
            for k in range(6)
            for s in range(5)
        ]
        findings = analyse(make_runset(runs), config(model="m0"))
        found = [entry.key for entry in findings.comparisons if entry.verdict == "better"]
        best = findings.configurations[0]
        assert found == [best.key]
        assert [c.key for c in findings.configurations if c.leading] == [best.key]
        assert best.params["model"] == "m3"


@given(
    run_sets(), st.sampled_from(["maximize", "minimize"]), st.sampled_from(["team", "executive", "public"])
)
@settings(max_examples=60, deadline=None)
def test_a_report_against_itself_has_not_changed(runs: RunSet, goal: str, audience: Audience) -> None:
    wanted = replace(config(goal), audience=audience)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    report = compose(analyse(runs, wanted, now), wanted, built_at=now, version="1")
    read_back = json.loads(json.dumps(report.numbers, allow_nan=False))
    assert analyse(runs, wanted, now, read_back).changes.entries == ()
