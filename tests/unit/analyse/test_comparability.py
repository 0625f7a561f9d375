"""Runs measured under different conditions are not compared silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config.reading import read_config
from reportgen.config.settings import CompareConfig, Config, OnMismatch
from reportgen.errors import ConfigError
from reportgen.findings import Findings
from reportgen.runs import Run, RunSet
from tests.fakes.runsets import START, make_run, make_runset

MODELS = {"old": 0.80, "new": 0.90}


def runs_of(facts: Mapping[str, Sequence[Mapping[str, Any]]]) -> RunSet:
    """Three runs of each model; the facts of a model's runs in their order."""
    runs: list[Run] = []
    for model, mean in MODELS.items():
        for seed in range(3):
            params = {"model": model, "seed": seed}
            runs.append(
                make_run(
                    len(runs),
                    params,
                    {"accuracy": mean + seed / 100},
                    **facts[model][seed % len(facts[model])],
                )
            )
    return make_runset(runs)


def compared(
    facts: Mapping[str, Sequence[Mapping[str, Any]]],
    same: tuple[str, ...] = (),
    on_mismatch: OnMismatch = "separate",
) -> tuple[Findings, str]:
    config = Config(compare=CompareConfig(baseline={"model": "old"}, same=same, on_mismatch=on_mismatch))
    findings = analyse(runs_of(facts), config)
    report = compose(findings, config, built_at=START, version="1")
    return findings, " ".join(entry["text"] for entry in report.numbers["caveats"]).replace(
        "\N{NO-BREAK SPACE}", " "
    )


V1, V2 = ({"data": {"digits": {"version": version, "split": "a"}}} for version in ("v1", "v2"))


def test_other_data_is_told_in_one_sentence() -> None:
    findings, said = compared({"old": [V1], "new": [V2]})
    assert (findings.comparisons[0].verdict, findings.comparisons[0].reason) == (
        "not_comparable",
        "data_differs",
    )
    assert (
        "1 set-up differs from old in the version of the data set digits, so there is no comparison." in said
    )


@pytest.mark.parametrize(
    ("same", "old", "new", "words"),
    [
        ("code", {"code": {"commit": "aa"}}, {"code": {"commit": "bb"}}, "in the version of the code"),
        (
            "code",
            {"code": {"commit": "aa", "diff_sha256": "1"}},
            {"code": {"commit": "aa", "diff_sha256": "2"}},
            "in the version of the code",
        ),
        (
            "split.digits",
            {"data": {"digits": {"version": "v1", "split": "a"}}},
            {"data": {"digits": {"version": "v1", "split": "b"}}},
            "in the split of the data set digits",
        ),
        ("tag.judge", {"tags": {"judge": "x"}}, {"tags": {"judge": "y"}}, "in the tag judge"),
    ],
)
def test_what_must_be_the_same_is_compared_only_where_it_is(
    same: str, old: Mapping[str, Any], new: Mapping[str, Any], words: str
) -> None:
    findings, said = compared({"old": [old], "new": [new]}, (same,))
    entry = findings.comparisons[0]
    assert (entry.verdict, entry.reason) == ("not_comparable", "conditions_differ")
    assert entry.next_step == "Run both under the same conditions."
    assert words in said
    assert compared({"old": [old], "new": [old]}, (same,))[0].comparisons[0].verdict == "better"


def test_an_evaluator_tag_is_looked_at_unasked() -> None:
    findings, said = compared(
        {"old": [{"tags": {"evaluator": "1.0"}}], "new": [{"tags": {"evaluator": "1.1"}}]}
    )
    assert findings.comparisons[0].reason == "conditions_differ"
    assert "in the tag evaluator" in said


def test_unknown_is_not_equal() -> None:
    findings, said = compared({"old": [V1], "new": [{}]}, ("data.digits",))
    assert (findings.comparisons[0].verdict, findings.comparisons[0].reason) == (
        "not_comparable",
        "unknown_conditions",
    )
    assert "1 set-up does not tell the version of the data set digits, so there is no comparison." in said


def test_a_configuration_on_two_versions_becomes_two() -> None:
    wanted = CompareConfig(baseline={"model": "old", "data.digits": "v1"}, same=("data.digits",))
    findings = analyse(runs_of({"old": [V1], "new": [V1, V2]}), Config(compare=wanted))
    new = [c for c in findings.configurations if c.params["model"] == "new"]
    assert {(c.params["data.digits"], c.n) for c in new} == {("v1", 2), ("v2", 1)}
    reasons = {c.key: c.reason for c in findings.comparisons}
    by_version = {c.params["data.digits"]: c.key for c in new}
    assert reasons[by_version["v2"]] == "data_differs"
    assert reasons[by_version["v1"]] == "too_few_runs"


def test_with_block_a_mixed_configuration_stays_one_and_is_not_compared() -> None:
    findings, _ = compared({"old": [V1], "new": [V1, V2]}, ("data.digits",), "block")
    assert len(findings.configurations) == 2
    assert findings.comparisons[0].verdict == "not_comparable"


def test_with_warn_all_is_compared_and_the_difference_told() -> None:
    findings, said = compared({"old": [V1], "new": [V2]}, ("data.digits",), "warn")
    assert findings.comparisons[0].verdict == "better"
    assert "in the version of the data set digits; compared all the same, as asked." in said


def test_a_failed_run_without_data_spoils_nothing() -> None:
    runs = list(runs_of({"old": [V1], "new": [V1]}).runs)
    runs.append(make_run(9, {"model": "new", "seed": 9}, {}, status="failed"))
    config = Config(compare=CompareConfig(baseline={"model": "old"}, same=("data.digits",)))
    entry = analyse(make_runset(runs), config).comparisons[0]
    assert entry.reason == "failures"
    assert entry.difference == pytest.approx(0.1)


def test_mixed_splits_are_told() -> None:
    other = {"data": {"digits": {"version": "v1", "split": "b"}}}
    assert "The runs split digits in different ways." in compared({"old": [V1], "new": [other]})[1]


def test_words_of_the_configuration_are_checked(tmp_path: Any) -> None:
    path = tmp_path / "reportgen.toml"
    path.write_text('[compare]\nsame = ["code", "split.x", "colour.x"]\non_mismatch = "ignore"\n')
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert "'colour.x'" in str(caught.value)
    assert "'split.x'" not in str(caught.value)
    assert "compare.on_mismatch is 'ignore'" in str(caught.value)
