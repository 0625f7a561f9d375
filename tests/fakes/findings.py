"""Findings for tests: a sweep over digits, and every state that a report can be in."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal

from reportgen.findings import (
    Assumption,
    Change,
    Changes,
    CodeVersion,
    Collapse,
    Configuration,
    CurvePoint,
    DataVersion,
    Findings,
    GuardRail,
    Importance,
    LearningCurve,
    Luck,
    Metric,
    ParameterShare,
    Period,
    Quality,
    Reason,
    TradeOff,
    Verdict,
)
from tests.fakes.setups import ACCURACY, LATENCY, OTHER_WAY, SECONDS, START, Setup, build


def noisy(center: float, spread: float, n: int, seed: int) -> tuple[float, ...]:
    """Normal values around a centre, always the same for the same seed."""
    source = random.Random(seed)  # noqa: S311 - repeatable test values, no secret
    return tuple(source.gauss(center, spread) for _ in range(n))


DIGITS: tuple[tuple[dict[str, Any], float, float, float], ...] = (
    ({"model": "logreg"}, 0.9012, 0.2, 0.3),
    ({"model": "mlp", "hidden": 64}, 0.9731, 3.1, 1.8),
    ({"model": "mlp", "hidden": 256}, 0.9742, 9.4, 4.1),
    ({"model": "mlp", "hidden": 16}, 0.9524, 1.9, 0.9),
    ({"model": "knn", "k": 3}, 0.9688, 0.1, 12.4),
    ({"model": "knn", "k": 9}, 0.9603, 0.1, 12.6),
    ({"model": "tree", "depth": 8}, 0.8421, 0.1, 0.1),
    ({"model": "forest", "trees": 100}, 0.9655, 1.2, 9.0),
)


def digits_setups(n: int = 5, *, noise_only: bool = False) -> tuple[Setup, ...]:
    """Eight setups with *n* runs each; with noise only, all have the same centre."""
    setups = []
    for place, (params, center, seconds, latency) in enumerate(DIGITS):
        further = {
            "fit_seconds": noisy(seconds, seconds / 20, n, 100 + place),
            "predict_ms": noisy(latency, latency / 20, n, 200 + place),
        }
        values = noisy(0.9 if noise_only else center, 0.004, n, place + 11)
        setups.append(Setup(params, values, further=further))
    return tuple(setups)


def digits(**changes: Any) -> Findings:
    """The full sample: everything that a report can show."""
    setups = list(digits_setups())
    setups[6] = replace(setups[6], failed=3, diverged=1, running=1)
    made = build(setups, further=(SECONDS, LATENCY))
    keys = [c.key for c in made.configurations]
    rails = tuple(_rail(c) for c in made.configurations)
    front = ("c-2", "c-1", "c-4")
    return replace(
        made,
        guard_rails=rails,
        trade_off=TradeOff(("val_accuracy", "fit_seconds"), front),
        curves=tuple(_curve(c) for c in made.configurations),
        history=weeks(4, keys[0]),
        quality=full_quality(made.runs.total),
        assumed=(
            Assumption(
                "goal",
                "Higher is better was taken from the metric's name.",
                'goal = "maximize" under [metrics]',
            ),
        ),
        importance=Importance(
            stated=True,
            reason=None,
            parameters=(ParameterShare("model", 0.71, (0.6, 0.8)), ParameterShare("hidden", 0.2, None)),
            method="random forest",
            predicted=0.91,
            top_share=1.0,
            configurations=8,
            available=8,
            settings=5,
        ),
        runs=replace(
            made.runs,
            excluded=(("r-x", "wrong labels"),),
            skipped=(("/data/alice/broken", "run.csv line 3: no time"),),
        ),
        **changes,
    )


def _rail(configuration: Configuration) -> GuardRail:
    of = configuration.metrics["predict_ms"]
    if of.mean is None or of.interval is None:
        return GuardRail(configuration.key, "predict_ms", 5.0, None, "not_shown")
    low, high = of.interval
    state: Literal["kept", "broken", "not_shown"] = (
        "kept" if high < 5 else "broken" if low > 5 else "not_shown"
    )
    return GuardRail(configuration.key, "predict_ms", 5.0, high, state)


def _curve(configuration: Configuration) -> LearningCurve:
    top = configuration.mean or 0.0
    points = tuple(
        CurvePoint(float(s), top - 0.4 / (s + 1), top - 0.42 / (s + 1), top - 0.38 / (s + 1), configuration.n)
        for s in range(20)
    )
    return LearningCurve(configuration.key, "val_accuracy", points, configuration.n)


def weeks(count: int, key: str) -> tuple[Period, ...]:
    """Some weeks with a slowly rising best."""
    return tuple(
        Period(
            f"2026-W{43 + i}",
            START - timedelta(weeks=count - 1 - i),
            10,
            9,
            key,
            0.96 + i / 300,
            0.96 + i / 300,
        )
        for i in range(count)
    )


def full_quality(total: int) -> Quality:
    """Notes, mixed data and two code versions."""
    return Quality(
        (("r-1-0", "metrics.csv: the last line was cut off; it is left out", 1),),
        (
            DataVersion("train", "v1", "ab" * 32, "/data/alice/digits.parquet", "train", 1437, total - 5),
            DataVersion("train", "v2", "cd" * 32, "/data/alice/digits2.parquet", "train", 1440, 5),
        ),
        0,
        (
            CodeVersion("0123456789abcdef", "main", False, "train.py", total - 2),
            CodeVersion("fedcba9876543210", "wip", True, "train.py", 2),
        ),
        0,
        ("train",),
        (("identical-repeats", "2 repeats of knn gave the same number."),),
    )


def no_baseline() -> Findings:
    return build(digits_setups(), baseline=None)


def not_settled() -> Findings:
    return build(digits_setups(noise_only=True))


def nothing_better() -> Findings:
    setups = digits_setups()
    return build([setups[1], setups[6], replace(setups[3], values=tuple(v - 0.05 for v in setups[3].values))])


def one_candidate() -> Findings:
    return build(digits_setups()[:2])


def all_failed() -> Findings:
    return build([Setup(params, (), failed=3) for params, *_ in DIGITS[:4]])


def one_run() -> Findings:
    return build([Setup({"model": "mlp"}, (0.93146,))], baseline=None)


def single_runs() -> Findings:
    return build(digits_setups(1))


def no_direction() -> Findings:
    return build(digits_setups(), primary=replace(ACCURACY, goal=None), baseline=None)


def no_metric() -> Findings:
    return build(digits_setups(), primary=None, baseline=None)


def many(count: int = 200) -> Findings:
    setups = [
        Setup({"lr": round(0.0001 * (i + 1), 4), "layers": i % 7}, noisy(0.9 + i % 13 / 400, 0.004, 3, i))
        for i in range(count)
    ]
    return build(setups)


def grid() -> Findings:
    """Two settings on a grid; one place was not tried, one gave nothing."""
    setups = [
        Setup({"lr": lr, "layers": layers}, noisy(0.8 + place / 60 + layers / 100, 0.004, 3, place + layers))
        for place, lr in enumerate((0.001, 0.01, 0.1, 1.0))
        for layers in (1, 2, 3)
        if (lr, layers) != (1.0, 3)
    ]
    setups[0] = replace(setups[0], values=(), failed=3)
    return build(setups)


def long_names() -> Findings:
    long = "a very long name that somebody gave to a set-up in a hurry, with every parameter in it: "
    setups = [replace(s, label=long * 2 + str(i)) for i, s in enumerate(digits_setups())]
    metric = replace(
        ACCURACY, label="Share of images that were recognised correctly on the validation set " * 3
    )
    return build(setups, primary=metric)


def unfinished() -> Findings:
    made = build(digits_setups(3)[:4])
    return replace(made, runs=replace(made.runs, planned=40))


def with_verdict(verdict: Verdict, reason: Reason | None) -> Findings:
    """The sweep with every comparison given the same verdict, whatever its numbers say."""
    setups = digits_setups(noise_only=True)
    made = build(setups, primary=replace(ACCURACY, smallest_difference=0.01))
    other_way = OTHER_WAY.get(verdict, verdict)
    changed = tuple(
        replace(c, verdict=verdict, reason=reason, next_step="", other_way=other_way)
        for c in made.comparisons
    )
    return replace(made, comparisons=changed)


def picked() -> Findings:
    """A search of which everything about luck can be said: line, fairer figure, fresh runs, runs far off."""
    made = build(digits_setups())
    best = next(c for c in made.configurations if not c.baseline)
    others = [replace(c, shrunken=(c.mean or 0.0) - 0.002) for c in made.configurations if c.key != best.key]
    confirmed = replace(best, started=best.started + 3, set_aside=3, search_mean=(best.mean or 0.0) + 0.004)
    comparisons = [
        replace(c, sureness="confirmed", ratio=1.07, ratio_interval=(1.06, 1.08)) if c.key == best.key else c
        for c in made.comparisons
    ]
    last = next(c for c in reversed(made.configurations) if not c.baseline)
    return replace(
        made,
        configurations=(confirmed, *others),
        comparisons=tuple(comparisons),
        luck=Luck(7, best.key, 0.94, 0.004, "repeats", 0.0024, 0.9424, 0.03),
        collapses=(Collapse(last.run_ids[0], last.key, last.values[0], "worse", 4, 0.9),),
    )


def open_search() -> Findings:
    """Nothing is settled: runs needed, pairs, gains worth a second look, many runs far off, luck alone."""
    made = build(digits_setups(noise_only=True))
    comparisons = [
        replace(c, n_needed=12, pairs=5, second_look=True, ratio=0.99, ratio_interval=(0.9, 1.1))
        for c in made.comparisons
    ]
    first = made.configurations[0]
    collapses = [
        Collapse(c.run_ids[0], c.key, c.values[0], side, 4, 0.9)
        for c, side in zip(made.configurations, _SIDES, strict=False)
    ]
    luck = Luck(7, first.key, 0.9, 0.004, "baseline", 0.0024, 0.9024, 0.001)
    return replace(made, comparisons=tuple(comparisons), luck=luck, collapses=tuple(collapses))


_SIDES: tuple[Literal["worse", "better"], ...] = ("worse", "better", "worse", "worse", "better")


def one_tested_run() -> Findings:
    made = one_run()
    only = replace(made.configurations[0], test_items=263, items_interval=(0.894, 0.956))
    return replace(made, configurations=(only,))


def about_the_same() -> Findings:
    return with_verdict("about_the_same", None)


def too_small() -> Findings:
    return with_verdict("too_small", None)


def not_comparable() -> Findings:
    return with_verdict("not_comparable", "data_differs")


def six_metrics() -> Findings:
    """A sweep of which six metrics are shown, the deciding one among them."""
    more = (
        replace(SECONDS, name="energy_wh", label="Energy", unit="Wh"),
        replace(SECONDS, name="model_mb", label="Model size", unit="MB"),
        replace(SECONDS, name="memory_mb", label="Memory", unit="MB"),
    )
    scales = {"energy_wh": 0.4, "model_mb": 7.0, "memory_mb": 90.0}
    setups = [
        replace(
            setup,
            further={
                **setup.further,
                **{n: tuple(k * v + k for v in setup.further["fit_seconds"]) for n, k in scales.items()},
            },
        )
        for setup in digits_setups()
    ]
    made = build(setups, further=(SECONDS, LATENCY, *more))
    front = ("c-2", "c-1", "c-4")
    return replace(
        made,
        guard_rails=tuple(_rail(c) for c in made.configurations),
        trade_off=TradeOff(("val_accuracy", "fit_seconds"), front),
    )


def breaks_limit() -> Findings:
    """The only better set-up is too slow."""
    made = build(digits_setups()[::4], further=(SECONDS, LATENCY))
    return replace(made, guard_rails=tuple(_rail(c) for c in made.configurations))


def one_setup() -> Findings:
    return build(digits_setups()[1:2], baseline=None)


def all_running() -> Findings:
    return build([Setup({"model": "mlp"}, (), running=3)], baseline=None)


def nothing_at_all() -> Findings:
    return build([], baseline=None)


def error_rates() -> Findings:
    """The sweep told in errors, of which fewer are better."""
    metric = replace(ACCURACY, name="val_error", label="Error rate", goal="minimize", target=0.01)
    setups = [replace(s, values=tuple(1 - v for v in s.values)) for s in digits_setups()]
    return build(setups, primary=metric)


def joint_first() -> Findings:
    """Two set-ups whose averages print alike lead."""
    setups = digits_setups()
    twin = replace(setups[1], params={"model": "twin"}, values=tuple(v + 1e-5 for v in setups[1].values))
    return build([setups[0], setups[1], twin], baseline=None)


def strange_values() -> Findings:
    """Non-finite numbers, odd names and a metric that nobody has an interval of."""
    odd = Metric("loss/a~b", "Loss [a/b]\n~", "", "minimize", "last", None, None, "")
    setups = [
        Setup({"model": "a"}, (1e-9, 2e-9, 3e-9), label="a\tb  c", diverged=2, further={}),
        Setup({"model": None, "list": [1, 2]}, (1e9, 2e9), label="Ünïcode 名前"),
    ]
    return build(setups, primary=odd)


def changed() -> Findings:
    """An issue that follows another, with a change of every kind that an issue can have beside others."""
    best, second, baseline = "c-2", "c-1", "c-0"
    gap: dict[str, Any] = {"difference": 0.012, "interval": (0.004, 0.02)}
    loss: dict[str, Any] = {"difference": -0.02, "interval": (-0.03, -0.01)}
    entries = (
        Change("data", "train", "v1", "v2", count=5),
        Change("baseline", baseline, "tree", "logreg", label="tree"),
        Change("first_better", best, 0, 6, against=baseline),
        Change("target_reached", best, 0.96, 0.993),
        Change("target", "val_accuracy", 0.98, 0.99),
        Change("new_best", best, 0.96, 0.974, against=second, verdict="better", **gap),
        Change("regression", baseline, 0.90, 0.88, verdict="worse", **loss),
        Change("gain", "c-4", 0.95, 0.962, verdict="better", **gap),
        Change("small_gain", "c-3", 0.95, 0.951, verdict="too_small", **gap),
        Change("outside_range", "2026-W46", 0.97, 0.96, interval=(0.965, 0.975)),
        Change("verdict", second, "not_settled", "better", against=baseline),
        Change("failures", "", 0, 4, count=4, of_added=True),
        Change("steady", "c-5", 0.95, 0.951, verdict="not_settled", reason="noise"),
        Change("new", best, None, 0.974, count=5),
        Change("new", "c-6", None, None, count=5),
        Change("vanished", "c-9", 0.9, None, label="svm, C 1"),
        Change("runs_removed", "", 30, 44, count=2),
        Change("code", "", "a1b2", "c3d4", count=3),
        Change("runs_added", "", 30, 44, count=16),
        Change("time", "", 600.0, 1200.0),
        Change("cost", "", 1.5, 2.5),
        Change("renamed", second, "mlp", "mlp, hidden 64", label="mlp"),
    )
    made = datetime(2026, 11, 9, 8, tzinfo=UTC)
    return digits(changes=Changes("2026-W45", entries, 4, made, newest_age_days=9))


def crowded() -> Findings:
    """An issue in which everything takes much room: names of four settings, and changes of every kind."""
    made = changed()
    named = tuple(
        replace(c, label=f"mlp (scanner {'AB'[n % 2]}, hidden {16 * 2**n}, learning rate 0.0{n + 1})")
        for n, c in enumerate(made.configurations)
    )
    return replace(made, configurations=named)


_BUILDERS: Mapping[str, Callable[[], Findings]] = {
    "digits": digits,
    "no_baseline": no_baseline,
    "not_settled": not_settled,
    "nothing_better": nothing_better,
    "one_candidate": one_candidate,
    "all_failed": all_failed,
    "one_run": one_run,
    "single_runs": single_runs,
    "no_direction": no_direction,
    "no_metric": no_metric,
    "many": many,
    "grid": grid,
    "six_metrics": six_metrics,
    "long_names": long_names,
    "unfinished": unfinished,
    "about_the_same": about_the_same,
    "too_small": too_small,
    "not_comparable": not_comparable,
    "breaks_limit": breaks_limit,
    "one_setup": one_setup,
    "all_running": all_running,
    "nothing_at_all": nothing_at_all,
    "error_rates": error_rates,
    "joint_first": joint_first,
    "picked": picked,
    "open_search": open_search,
    "one_tested_run": one_tested_run,
    "strange_values": strange_values,
    "changed": changed,
    "crowded": crowded,
}
STATES: Mapping[str, Callable[[], Findings]] = {name: cache(made) for name, made in _BUILDERS.items()}
"""Every state by name; each is computed once a process (findings are frozen)."""
