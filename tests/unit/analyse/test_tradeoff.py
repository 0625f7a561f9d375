"""The front by averages, what cannot be told from it, and what is not weighed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config.settings import CompareConfig, Config
from reportgen.document import Chart, Table
from reportgen.errors import UnknownMetricError
from reportgen.findings import Findings
from reportgen.runs import Run
from tests.fakes.runsets import START, make_run, make_runset

SPREAD = (-1.0, 0.0, 1.0)


def runs_of(
    setups: Mapping[str, tuple[float, ...]], noise: float, tags: Mapping[str, str] | None = None
) -> list[Run]:
    """Three runs of each set-up around (accuracy, latency_ms, model_kb, fit_seconds), as many as given."""
    runs = list[Run]()
    for model, centers in setups.items():
        for seed, step in enumerate(SPREAD):
            names = ("accuracy", "latency_ms", "model_kb", "fit_seconds")
            values = {n: c * (1 + noise * step) for n, c in zip(names, centers, strict=False)}
            facts: dict[str, Any] = {"tags": {"machine": tags[model]}} if tags else {}
            runs.append(make_run(len(runs), {"model": model, "seed": seed}, values, **facts))
    return runs


def labels(found: Findings, keys: tuple[str, ...]) -> set[str]:
    return {found.configuration(key).label for key in keys}


FOUR = {"best": (0.90, 50.0), "close": (0.895, 51.0), "cheap": (0.80, 10.0), "poor": (0.60, 80.0)}


def test_what_overlaps_a_point_of_the_front_in_every_metric_is_near_it() -> None:
    found = analyse(make_runset(runs_of(FOUR, 0.02)), Config())
    assert labels(found, found.trade_off.frontier) == {"best", "cheap"}
    assert labels(found, found.trade_off.near) == {"close"}
    steady = analyse(make_runset(runs_of(FOUR, 0.0001)), Config())
    assert steady.trade_off.near == ()


def test_a_set_up_without_the_cost_is_listed_apart() -> None:
    found = analyse(make_runset(runs_of({**FOUR, "blind": (0.99,)}, 0.02)), Config())
    assert labels(found, found.trade_off.missing) == {"blind"}


def test_fronts_over_several_metrics_are_those_of_a_plain_search() -> None:
    draw = np.random.default_rng(9)
    setups = {f"m{i}": tuple(draw.uniform(1, 2, 4).tolist()) for i in range(40)}
    config = Config(compare=CompareConfig(trade_off=("latency_ms", "model_kb")))
    found = analyse(make_runset(runs_of(setups, 0.0)), config)
    assert found.trade_off.metrics == ("accuracy", "latency_ms", "model_kb")

    def beats(one: str, other: str) -> bool:
        ahead = [setups[one][0] - setups[other][0], *(setups[other][i] - setups[one][i] for i in (1, 2))]
        return bool(min(ahead) >= 0 < max(ahead))

    plain = {name for name in setups if not any(beats(other, name) for other in setups)}
    assert labels(found, found.trade_off.frontier) == plain


@pytest.mark.parametrize(
    ("setups", "wanted", "drawn"),
    [
        (FOUR, (), True),
        ({f"m{i}": (0.5 + i / 100, 10.0 + i) for i in range(8)}, (), False),
        (
            {n: (*v, 1.0, 1.0) for n, v in FOUR.items()},
            ("latency_ms", "model_kb", "fit_seconds"),
            False,
        ),
    ],
    ids=["two metrics", "all on the front", "four metrics"],
)
def test_too_many_metrics_or_front_points_make_a_table_and_no_chart(
    setups: Mapping[str, tuple[float, ...]], wanted: tuple[str, ...], drawn: bool
) -> None:
    config = Config(compare=CompareConfig(trade_off=wanted))
    findings = analyse(make_runset(runs_of(setups, 0.001)), config)
    blocks = list(compose(findings, config, built_at=START, version="1").blocks())
    charts = [block for block in blocks if isinstance(block, Chart) and block.kind == "scatter"]
    tables = [block for block in blocks if isinstance(block, Table) and block.id == "front"]
    assert bool(charts) == drawn
    assert len(tables[0].rows) >= len(findings.trade_off.frontier)
    assert len(tables[0].columns) == len(findings.trade_off.metrics) + 2


def test_times_of_different_machines_are_not_weighed() -> None:
    setups = {"a": (0.9, 50.0, 5.0, 10.0), "b": (0.8, 40.0, 4.0, 5.0)}
    config = Config(compare=CompareConfig(trade_off=("fit_seconds", "model_kb")))
    one = analyse(make_runset(runs_of(setups, 0.01, {"a": "x", "b": "x"})), config)
    assert one.trade_off.metrics == ("accuracy", "fit_seconds", "model_kb")
    two = analyse(make_runset(runs_of(setups, 0.01, {"a": "x", "b": "y"})), config)
    assert two.trade_off.metrics == ("accuracy", "model_kb")
    said = "\n".join(s.text for s in compose(two, config, built_at=START, version="1").sentences())
    assert "Times are not compared, for the runs were made on different machines." in said


def test_an_unknown_metric_to_weigh_is_an_error() -> None:
    config = Config(compare=CompareConfig(trade_off=("latency",)))
    with pytest.raises(UnknownMetricError, match="'latency'"):
        analyse(make_runset(runs_of(FOUR, 0.01)), config)
