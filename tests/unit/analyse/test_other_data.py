"""Configurations that ran on other data neither lead nor stand on the front; labels name a lone letter."""

from __future__ import annotations

from reportgen.analyse import analyse
from reportgen.config.settings import CompareConfig, Config
from reportgen.findings import Findings
from reportgen.runs import Run
from tests.fakes.runsets import make_run, make_runset


def on_two_scanners() -> Findings:
    runs: list[Run] = []
    for model, scanner, mean in (("old", "A", 0.80), ("new", "A", 0.81), ("new", "B", 0.99)):
        for seed in range(3):
            params = {"model": model, "scanner": scanner, "seed": seed}
            metrics = {"accuracy": mean + seed / 100, "latency_ms": 100 * (1 - mean)}
            runs.append(make_run(len(runs), params, metrics, data={"digits": {"sha256": scanner}}))
    wanted = CompareConfig(baseline={"model": "old", "scanner": "A"})
    return analyse(make_runset(runs), Config(compare=wanted))


def test_other_data_neither_leads_nor_ranks_nor_stands_on_the_front() -> None:
    found = on_two_scanners()
    last = found.configurations[-1]
    assert (last.label, last.rank, last.leading, last.n) == ("new (scanner B)", None, False, 3)
    assert [c.rank for c in found.configurations[:-1]] == [1, 2]
    assert last.key not in found.trade_off.frontier
    assert last.key in {key for key, _, _ in found.trade_off.points}


def test_a_lone_letter_among_other_settings_is_named() -> None:
    assert on_two_scanners().configurations[0].label == "new (scanner A)"
