"""The words follow the data alone: turned data turn the words, noise takes every claim away, counts add up."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config import Config
from reportgen.config.settings import CompareConfig, MetricConfig
from reportgen.document import Report
from reportgen.runs import Run, RunSet
from tests.fakes.runsets import START, make_run

SETUPS = {"old": 0.80, "near": 0.80, "good": 0.90, "great": 0.95, "poor": 0.70}
WORDS = re.compile(r"\b(better|worse)\b")


def runs(gain: float, *, sign: float = 1.0, chance: int = 1) -> RunSet:
    """Give five repeats of each set-up: *gain* times its lead over the old one, and a little noise."""
    noise = random.Random(chance)  # noqa: S311 - a fixed one, for a test
    made: list[Run] = []
    for model, level in SETUPS.items():
        for seed in range(5):
            value = 0.8 + gain * (level - 0.8) + noise.gauss(0, 0.01)
            made.append(make_run(len(made), {"model": model, "seed": seed}, {"score": sign * value}))
    return RunSet(tuple(made), ())


def report(data: RunSet, goal: str = "maximize") -> Report:
    metric = MetricConfig("score", goal=goal, primary=True)  # type: ignore[arg-type]
    config = Config(metrics={"score": metric}, compare=CompareConfig(baseline={"model": "old"}))
    return compose(analyse(data, config, START), config, built_at=START, version="1")


def verdicts(made: Report) -> dict[str, str]:
    labels = {c["key"]: c["label"] for c in made.numbers["configurations"]}
    return {labels[c["key"]]: c["verdict"] for c in made.numbers["comparisons"]}


def test_the_other_direction_swaps_better_and_worse_and_sorts_anew() -> None:
    up, down = report(runs(1.0)), report(runs(1.0), "minimize")
    assert verdicts(up) == {"great": "better", "good": "better", "near": "not_settled", "poor": "worse"}
    swap = {"better": "worse", "worse": "better", "not_settled": "not_settled"}
    assert verdicts(down) == {name: swap[verdict] for name, verdict in verdicts(up).items()}
    order = [c["label"] for c in up.numbers["configurations"]]
    assert [c["label"] for c in down.numbers["configurations"]] == order[::-1]
    assert up.sections[0].title.text.startswith("2 set-ups are better than old")
    assert down.sections[0].title.text == "poor is better than old"


def test_mirrored_data_in_the_other_direction_say_the_same() -> None:
    plain, mirrored = report(runs(1.0)), report(runs(1.0, sign=-1.0), "minimize")
    assert verdicts(mirrored) == verdicts(plain)
    assert mirrored.sections[0].title.text == plain.sections[0].title.text
    for one, two in zip(plain.numbers["comparisons"], mirrored.numbers["comparisons"], strict=True):
        assert two["difference"] == pytest.approx(one["difference"])


@pytest.mark.parametrize("chance", range(8))
def test_noise_takes_every_claim_away(chance: int) -> None:
    made = report(runs(0.0, chance=chance))
    assert set(verdicts(made).values()) == {"not_settled"}
    assert made.sections[0].title.text == "Not settled: no set-up is shown to be better than old"
    said = [record["text"] for record in made.numbers["findings"]]
    claims = [text for text in said if WORDS.search(text)]
    assert [
        text for text in claims if "not settled" not in text.lower() and "The true gap may lie" not in text
    ] == []


def test_counts_add_up_to_the_runs_that_were_started() -> None:
    data = runs(1.0)
    ended = ("failed", "interrupted", "running", "pruned")
    changed = [replace_status(run, ended[at]) if at < len(ended) else run for at, run in enumerate(data.runs)]
    changed[5] = replace_metric(changed[5], float("nan"))
    made = report(replace(data, runs=tuple(changed)))
    counted = made.numbers["runs"]
    outcomes = counted["by_status"]
    assert counted["total"] == 25
    assert counted["usable"] + counted["no_number"] == outcomes["finished"]
    assert sum(outcomes.values()) == 25
    text = next(f["text"] for f in made.numbers["findings"] if f["id"] == "run-counts")
    assert text.startswith("20 of 25 runs gave a result. Of the other 5, ")


def replace_status(run: Run, status: str) -> Run:
    return run._replace(status=status)  # type: ignore[arg-type]


def replace_metric(run: Run, value: float) -> Run:
    return make_run(int(run.id[9:15]), run.params, {"score": value})
