"""What the page tells of a comparison with another set-up, against a report that names that set-up from the start."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen import pipeline
from reportgen.config import Config
from reportgen.config.reading import read_config
from reportgen.document import Report
from reportgen.render.html.compare import compare_data
from tests.conftest import ROOT, SAMPLES
from tests.functional.conftest import log_run

pytestmark = pytest.mark.heavy
SETTLED = {"better", "worse"}


def told_by(report: Report) -> dict[str, Any]:
    """Give what the page's script reads."""
    made = str(compare_data(report))
    told: dict[str, Any] = json.loads(made[made.index("{") : made.rindex("}") + 1])
    return told


def compared(report: Report) -> list[dict[str, Any]]:
    """Give the set-ups in the order of the page."""
    return [c for c in report.numbers["configurations"] if c["mean"] is not None]


def built(config: Config, baseline: dict[str, Any]) -> Report:
    return pipeline.report(replace(config, compare=replace(config.compare, baseline=baseline)))


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_can_be_picked_never_contradicts_a_report_that_names_it(sample: str) -> None:
    """Averages and differences are the same; a verdict is the same, or not settled, as more pairs were looked at."""
    config = read_config(ROOT / "samples" / sample / "reportgen.toml")
    report = pipeline.report(config)
    told, setups, checked = told_by(report), compared(report), 0
    factor = 100 if report.numbers["metrics"][report.numbers["primary"]]["unit"] == "%" else 1
    for base in told["choices"]:
        other = built(config, setups[base]["params"])
        again, places = told_by(other), {c["key"]: place for place, c in enumerate(compared(other))}
        assert again["named"]
        assert again["baseline"] == places[setups[base]["key"]]
        frozen = {c["key"]: c for c in other.numbers["comparisons"]}
        for place, setup in enumerate(setups):
            there = places[setup["key"]]
            assert setup["mean"] == pytest.approx(compared(other)[there]["mean"], rel=1e-12)
            for metric in range(len(told["metrics"])):
                pair = told["pairs"].get(f"{metric},{base},{place}")
                same = again["pairs"].get(f"{metric},{again['baseline']},{there}")
                if place == base or pair is None or same is None:
                    continue
                said, its = told["words"][pair[0]]["text"], again["words"][same[0]]["text"]
                assert said == its or (said == "not settled" and its in SETTLED), (setup["label"], metric)
                checked += 1
            if place != base:
                gap = told["pairs"][f"0,{base},{place}"][1]
                exact = frozen[setup["key"]]["difference"]
                assert (gap == "\N{EN DASH}") == (exact is None)
                if exact is not None:
                    rounded = 0.5001 * 10.0 ** -decimals(gap)
                    assert as_number(gap) == pytest.approx(exact * factor, abs=rounded)
    assert checked > 100


def as_number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def decimals(text: str) -> int:
    """Count the decimals of a printed number."""
    return len(re.sub(r"^[^.]*\.?", "", text))


@pytest.mark.parametrize(("tags", "named"), [({"role": "baseline"}, True), ({}, False)])
def test_the_page_knows_whether_a_report_names_a_set_up(
    tags: dict[str, str], named: bool, tmp_path: Path
) -> None:
    """Without one, nothing else in the report is a comparison with the one that is picked first."""
    for model, value in (("a", 0.5), ("b", 0.7)):
        for seed in range(3):
            log_run(
                tmp_path,
                {"model": model, "seed": seed},
                {"accuracy": value + seed / 100},
                tags=tags if model == "a" else {},
            )
    report = pipeline.report(replace(Config(), runs=(str(tmp_path),)))
    assert told_by(report)["named"] == named
    assert bool(report.numbers["comparisons"]) == named
