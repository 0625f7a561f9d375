"""Words for runs that never differ, are too few, or all failed."""

from __future__ import annotations

import math
import shlex
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from reportgen.analyse import analyse
from reportgen.cli.build import BUILD
from reportgen.compose import compose
from reportgen.config import (
    CommandLine,
    CompareConfig,
    Config,
    MetricConfig,
    SelectConfig,
    merge_command_line,
)
from reportgen.config.command_line import parse_exclusions, parse_pairs, parse_since
from reportgen.document import Missing, Report, Table
from reportgen.runs import Status
from tests.fakes.runsets import START, make_run, make_runset, sweep


def report_of(results: Mapping[str, Sequence[float | None]], config: Config | None = None) -> Report:
    config = config or Config()
    return compose(analyse(sweep(results), config), config, built_at=START, version="0")


def words(report: Report) -> str:
    said = [sentence.text for sentence in report.sentences()]
    return " ".join([*said, *(caveat["text"] for caveat in report.numbers["caveats"])])


def test_repeats_that_are_all_the_same_do_not_vary_too_much() -> None:
    said = words(report_of({"mlp": [0.0] * 3, "svm": [0.0] * 3}))
    assert "vary too much" not in said
    assert "every repeat gave the same number" in said


def test_identical_repeats_are_not_called_lucky() -> None:
    assert "part of any lead is luck" not in words(
        report_of({m: [v] * 5 for m, v in zip("abc", (0.1, 0.2, 0.3), strict=True)})
    )


def test_repeats_that_are_all_the_same_are_not_too_few() -> None:
    report = report_of({m: [v] * 5 for m, v in zip("abc", (0.1, 0.2, 0.3), strict=True)}, Config(compare=A))
    assert "Repeats never differ, so there are no ranges." in words(report)
    assert "too few repeats" not in words(report)
    compared = next(
        block for block in report.blocks() if isinstance(block, Table) and block.id == "comparison"
    )
    reasons = {cell.reason for row in compared.rows for cell in row.cells if isinstance(cell, Missing)}
    assert "no range" in reasons
    assert "too few runs" not in reasons
    alone = words(report_of({"a": [0.1] * 5}))
    assert f"All 5 repeats gave 10.0{NBSP}%, so there is no range." in alone
    assert "too few for a range" not in alone


def test_two_repeats_have_no_range_that_could_be_rough() -> None:
    said = words(report_of({"mlp": [0.80, 0.81], "svm": [0.80, 0.83]}))
    assert "2 repeats only: too few for a range." in said
    assert "rough" not in said


def test_one_that_stands_behind_the_best_is_not_called_the_best_that_was_picked() -> None:
    """The best gave no result too often to be the answer, and stands above it in the table."""
    centers = {"old": 0.80, "a": 0.81, "b": 0.82, "c": 0.83, "best": 0.84}
    results: dict[str, list[float | None]] = {
        name: [center + step / 1000 for step in (0, 1, 2, -1, -2)] for name, center in centers.items()
    }
    assert "We picked the best of 4" in words(report_of(results, Config(compare=OLD)))
    results["best"][3:] = [None, None]
    report = report_of(results, Config(compare=OLD))
    said = words(report)
    assert "Repeat c with fresh runs before it replaces old." in said
    assert "It was picked from 4 set-ups, which flatters it." in said
    assert "We picked the best" not in said
    assert "The best of 5 set-ups looks a little better than it is" in said


def test_an_average_that_leaves_runs_out_says_so() -> None:
    """A run with an endless latency must not vanish behind "keeps the limit"."""
    runs = [
        make_run(
            seed + 5 * place,
            {"model": model, "seed": seed},
            {
                "accuracy": 0.8 + place / 10 + seed / 1000,
                "latency_ms": math.inf if seed < spoilt else 8.0 + seed,
            },
        )
        for place, (model, spoilt) in enumerate({"old": 0, "new": 2}.items())
        for seed in range(5)
    ]
    metrics = {
        "accuracy": MetricConfig("accuracy", primary=True),
        "latency_ms": MetricConfig("latency_ms", limit=20.0),
    }
    config = Config(metrics=metrics, compare=OLD)
    said = words(compose(analyse(make_runset(runs), config), config, built_at=START, version="0"))
    assert "of new rests on 3 of its 5 runs: the others have no usable number." in said
    assert "of old rests on" not in said


def test_one_result_of_many_runs_is_not_one_run() -> None:
    report = report_of({"mlp": [0.8, None, None], "svm": [None] * 3})
    said = words(report)
    assert report.sections[0].title.text == f"Only one run gave a result: mlp reached 80.0{NBSP}% on Accuracy"
    assert "Look at why the other runs gave no result" in said
    assert "Repeat the run a few times" not in said
    assert words(report_of({"mlp": [0.8]})).startswith("One run only: ")


def test_one_run_is_no_average() -> None:
    config = Config(metrics={"accuracy": MetricConfig("accuracy", limit=0.9)})
    assert f"limit of 90.0{NBSP}%: one run gave 80.0{NBSP}%." in words(report_of({"mlp": [0.8]}, config))
    assert "on average" in words(report_of({"mlp": [0.8, 0.81]}, config))


def test_single_runs_are_not_said_to_vary() -> None:
    said = words(report_of({"mlp": [0.80], "svm": [0.83]}))
    assert "There are too few repeats to tell the leading set-ups apart." in said
    assert "vary too much" not in said
    assert "vary too much" in words(report_of({"mlp": STEADY, "svm": STEADY}))


def test_nobody_is_asked_for_a_second_set_up_where_one_was_tried() -> None:
    said = words(report_of({"mlp": STEADY, "svm": [None] * 3}))
    assert "Look at why the other set-ups gave no result" in said
    assert "Run a second set-up" not in said
    assert "Run a second set-up" in words(report_of({"mlp": STEADY}))


def test_runs_that_all_failed_are_called_so() -> None:
    report = report_of({"mlp": [None] * 3, "svm": [None] * 3})
    assert report.sections[0].title.text == "No result: none of the 6 runs gave a usable number"
    assert "Log a metric" not in words(report)


NBSP = "\N{NO-BREAK SPACE}"
A = CompareConfig(baseline={"model": "a"})
OLD = CompareConfig(baseline={"model": "old"})
STEADY = [0.80, 0.81, 0.79, 0.80, 0.80]


def test_what_became_of_the_runs_adds_up_to_those_started() -> None:
    """Whatever a run's end, it is in one column of the comparison."""
    values = {"old": STEADY, "new": [0.95, 0.96, 0.95]}
    runs = [
        make_run(place, {"model": model, "seed": seed}, {"accuracy": value})
        for place, (model, seed, value) in enumerate(
            (model, seed, value) for model, found in values.items() for seed, value in enumerate(found)
        )
    ]
    ends: list[tuple[Status, dict[str, float]]] = [
        ("finished", {}),
        ("finished", {"accuracy": math.nan}),
        ("failed", {}),
        ("interrupted", {}),
        ("pruned", {"accuracy": 0.5}),
    ]
    for seed, (status, metrics) in enumerate(ends, 3):
        runs.append(make_run(len(runs), {"model": "new", "seed": seed}, metrics, status=status))
    config = Config(compare=OLD)
    report = compose(analyse(make_runset(runs), config), config, built_at=START, version="0")
    compared = next(
        block
        for section in report.sections
        if section.id == "comparison"
        for block in section.blocks
        if isinstance(block, Table)
    )
    row = dict(
        zip(
            [column.heading for column in compared.columns],
            next(row.cells for row in compared.rows if row.cells[0] == "new"),
            strict=True,
        )
    )
    kinds = ("Failed", "No usable number", "Unfinished", "Stopped early on purpose")
    assert [row[kind] for kind in kinds] == [1, 2, 1, 1]
    assert row["Repeats"] == 3
    assert row["Runs started"] == 8
    assert "3 of 8 runs of new gave a result." in words(report)


def test_a_leader_with_one_repeat_is_not_settled() -> None:
    report = report_of({"new": [0.95], "old": STEADY, "svm": [0.70, 0.71, 0.70]})
    said = words(report)
    assert report.sections[0].title.text == "Not settled: new has the highest Accuracy, but too few repeats"
    assert "Repeat new until it has at least three runs with a result." in said
    assert report.numbers["findings"][0]["id"] == "too-few-runs"


def test_survivors_of_many_failures_get_no_range_of_the_gap() -> None:
    said = words(report_of({"new": [0.95, 0.96, 0.95, None, None], "old": STEADY}, Config(compare=OLD)))
    assert "Only 3 of 5 runs of new gave a result, which may flatter it." in said
    assert "true gap may lie" not in said


def unclear(models: Sequence[str]) -> Report:
    metric = MetricConfig("accuracy", smallest_difference=0.05, primary=True)
    results = {"old": STEADY, **{model: [0.83, 0.85, 0.82, 0.84, 0.86] for model in models}}
    config = Config(compare=OLD, metrics={"accuracy": metric})
    report = report_of(results, config)
    assert {entry["reason"] for entry in report.numbers["comparisons"]} == {"size_unclear"}
    return report


def test_a_real_gain_of_unclear_size_is_not_said_to_be_absent() -> None:
    one, two = (unclear(models).sections[0].title.text for models in (["new"], ["new", "svm"]))
    assert one == "Not settled: new may gain too little over old to matter"
    assert two == "Not settled: no set-up is shown to be better than old by enough to matter"


def test_one_verdict_for_all_is_said_of_all() -> None:
    assert "The one set-up compared is better." in words(
        report_of({"new": [0.9, 0.91, 0.9], "old": STEADY}, Config(compare=OLD))
    )
    assert "It is not settled for either of the two set-ups compared." in words(unclear(["new", "svm"]))


def test_two_equal_set_ups_are_both_and_not_the_first_two() -> None:
    said = words(report_of({"mlp": [0.5] * 3, "svm": [0.5] * 3}))
    assert "Both set-ups reached" in said


def test_the_command_that_makes_the_report_again_names_what_was_asked() -> None:
    asked = SelectConfig(("digits",), ("accuracy>0.5",), START, {"20261116T000009Z": "not well"})
    metrics = {"accuracy": MetricConfig("accuracy", goal="maximize", primary=True)}
    config = Config(title="Which?", compare=OLD, select=asked, metrics=metrics)
    report = report_of({"new": STEADY, "old": STEADY}, config)
    parser = ArgumentParser()
    BUILD.add_arguments(parser)
    typed = parser.parse_args(shlex.split(report.numbers["inputs"]["command"])[2:])
    assert (typed.addresses, typed.title) == (["runs/digits"], "Which?")
    assert (typed.metric, typed.goal, typed.baseline) == ("accuracy", "maximize", "model=old")
    selected = tuple(typed.experiment), tuple(typed.where), parse_since(typed.since)
    assert SelectConfig(*selected, parse_exclusions(typed.exclude)) == asked


def test_the_command_names_the_file_and_what_was_said_beside_it() -> None:
    """A filter that stood on the command line alone is lost to nobody who builds the report again."""
    said = CommandLine(where=("accuracy>0.5",), exclude={"20261116T000009Z": "not well"})
    config = merge_command_line(Config(compare=OLD, path=Path("conf/own.toml")), said)
    report = report_of({"new": STEADY, "old": STEADY}, config)
    assert shlex.split(report.numbers["inputs"]["command"]) == [
        "reportgen", "build", "--config", "conf/own.toml", "--where", "accuracy>0.5",
        "--exclude", "20261116T000009Z=not well",
    ]  # fmt: skip


def test_no_folder_of_a_machine_stands_in_the_command(tmp_path: Path) -> None:
    report = report_of({"new": STEADY, "old": STEADY}, Config(compare=OLD, path=tmp_path / "own.toml"))
    assert report.numbers["inputs"]["command"] == "reportgen build --config own.toml"


@pytest.mark.parametrize("value", [1, 0, 1.5, True, None, "1", "true", "a,b", "mlp"], ids=repr)
def test_the_baseline_in_the_command_is_read_back_as_it_was(value: object) -> None:
    runs = [make_run(n, {"x": x, "seed": n}, {"accuracy": n / 9}) for n, x in enumerate([value, "other"] * 3)]
    config = Config(compare=CompareConfig(baseline={"x": value}))
    report = compose(analyse(make_runset(runs), config), config, built_at=START, version="0")
    words = shlex.split(report.numbers["inputs"]["command"])
    read = parse_pairs(words[words.index("--baseline") + 1], "--baseline")["x"]
    assert (type(read), read) == (type(value), value)


def test_the_number_of_set_ups_picked_from_is_the_same_everywhere() -> None:
    results = {"new": [0.9, 0.91, 0.9], "old": STEADY, "svm": [0.7, 0.71, 0.7]}
    report = report_of({**results, "cnn": [None, None, None]}, Config(compare=OLD))
    said = words(report)
    assert said.count("The best of 3 set-ups looks a little better") >= 2  # beside the next step, and in full
    assert "best of 4" not in said


def test_a_leading_group_of_all_the_better_ones_is_not_counted_twice() -> None:
    report = report_of({"new": [0.9, 0.91, 0.9], "svm": [0.9, 0.9, 0.91], "old": STEADY}, Config(compare=OLD))
    assert report.sections[0].title.text == "2 set-ups are better than old; which is best is not settled"


def test_many_set_ups_that_never_differ_are_one_caveat() -> None:
    report = report_of({model: [0.5 + n / 10] * 3 for n, model in enumerate(("mlp", "svm", "knn", "cnn"))})
    alike = [caveat for caveat in report.numbers["caveats"] if "gave the same number" in caveat["text"]]
    assert [caveat["text"].partition(";")[0] for caveat in alike] == [
        "In 4 set-ups, cnn and knn among them, all repeats gave the same number"
    ]


def test_a_run_without_a_name_is_not_called_by_its_id() -> None:
    run = make_run(0, {"seed": 1}, {"accuracy": 0.8})
    runs = make_runset([run._replace(name=run.id)])
    report = compose(analyse(runs, Config()), Config(), built_at=START, version="0")
    assert (
        report.sections[0].title.text.replace(NBSP, " ") == "One run only: digits reached 80.0 % on Accuracy"
    )


def test_page_one_does_not_speak_of_seeds() -> None:
    report = report_of({"new": [0.9] * 3, "old": [0.8] * 3}, Config(compare=OLD))
    assert "Check what should differ between repeats" in words(report)
