from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reportgen.config import CommandLine, Config, MetricConfig, merge_command_line
from reportgen.config.command_line import parse_exclusions, parse_formats, parse_pairs, parse_since
from reportgen.config.settings import CompareConfig, OutputConfig, SelectConfig
from reportgen.errors import FilterError, UsageError

CONFIG = Config(
    title="T",
    runs=("a",),
    metrics={"acc": MetricConfig("acc", label="A", primary=True), "loss": MetricConfig("loss")},
    compare=CompareConfig(seed="s", baseline={"model": "x"}),
    select=SelectConfig(experiments=("e",), where=("lr<1",), exclude={"r1": "old"}),
    outputs=OutputConfig(paper="Letter"),
)


def test_nothing_said_changes_nothing() -> None:
    assert merge_command_line(CONFIG, CommandLine()) == CONFIG


def test_what_was_said_last_wins_and_conditions_add_up() -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    merged = merge_command_line(
        CONFIG,
        CommandLine(
            addresses=("b",),
            title="New",
            audience="public",
            baseline={"model": "y"},
            experiments=("f",),
            where=("n>2",),
            since=since,
            exclude={"r2": "bad"},
            out=Path("o"),
            formats=("pdf",),
            paper="A4",
        ),
    )
    assert (merged.title, merged.runs, merged.audience) == ("New", ("b",), "public")
    assert merged.compare == CompareConfig(seed="s", baseline={"model": "y"})
    assert merged.select == SelectConfig(("f",), ("lr<1", "n>2"), since, {"r1": "old", "r2": "bad"})
    assert merged.outputs == OutputConfig(Path("o"), ("pdf",), "A4")
    until = datetime(2026, 11, 8, tzinfo=UTC)
    assert merge_command_line(merged, CommandLine(until=until)).select == replace(merged.select, until=until)


def test_what_was_said_is_kept_as_it_is_typed() -> None:
    said = CommandLine(
        addresses=("b",),
        metric="loss",
        goal="minimize",
        baseline={"model": "y", "code": "1", "a,b": None},
        where=("n>2",),
        since=datetime(2026, 11, 1, tzinfo=UTC),
        until=datetime(2026, 11, 8, 12, tzinfo=UTC),
        exclude={"r2": "bad disk"},
        audience="team",
    )
    words = merge_command_line(CONFIG, said).said
    assert words == (
        "b", "--metric", "loss", "--goal", "minimize", "--baseline", 'model=y,code="1","a,b"=null',
        "--where", "n>2", "--since", "2026-11-01", "--until", "2026-11-08T12:00:00", "--exclude", "r2=bad disk", "--audience", "team",
    )  # fmt: skip
    assert parse_pairs(words[6], "--baseline") == said.baseline


def test_a_title_of_blanks_is_none() -> None:
    assert merge_command_line(CONFIG, CommandLine(title="  ")).title == "T"


def test_the_metric_becomes_the_only_primary_and_keeps_its_entry() -> None:
    merged = merge_command_line(CONFIG, CommandLine(metric="loss", goal="minimize"))
    assert merged.metrics["loss"] == MetricConfig("loss", goal="minimize", primary=True)
    assert merged.metrics["acc"] == MetricConfig("acc", label="A")
    assert merged.primary == merged.metrics["loss"]


def test_a_goal_goes_to_the_primary_metric_of_the_file() -> None:
    merged = merge_command_line(CONFIG, CommandLine(goal="maximize"))
    assert merged.metrics["acc"] == MetricConfig("acc", label="A", goal="maximize", primary=True)


def test_a_goal_without_any_metric_is_refused() -> None:
    with pytest.raises(UsageError, match="--metric"):
        merge_command_line(Config(), CommandLine(goal="maximize"))


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("model=logreg", {"model": "logreg"}),
        ("model=mlp, hidden=64,lr=1e-3", {"model": "mlp", "hidden": 64, "lr": 0.001}),
        ("a=true,b=false,c=null", {"a": True, "b": False, "c": None}),
        ("""a="64",b='x,y=z'""", {"a": "64", "b": "x,y=z"}),
        ("a=01,b=-3,c=.5,d=1.,e=1_0", {"a": "01", "b": -3, "c": 0.5, "d": 1.0, "e": "1_0"}),
        ('"a,b"=1', {"a,b": 1}),
        ("name=", {"name": ""}),
    ],
)
def test_pairs_are_typed_as_they_would_have_been_logged(text: str, pairs: dict[str, Any]) -> None:
    found = parse_pairs(text, "--baseline")
    assert found == pairs
    assert [type(value) for value in found.values()] == [type(value) for value in pairs.values()]


@pytest.mark.parametrize("text", ["", "logreg", "model=a,hidden", "=x", ","])
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--baseline"):
        parse_pairs(text, "--baseline")


def test_exclusions_need_a_reason() -> None:
    assert parse_exclusions(["r1=wrong = data", "r2=x"]) == {"r1": "wrong = data", "r2": "x"}
    for entry in ("r1", "r1=", "=x"):
        with pytest.raises(FilterError, match="reason"):
            parse_exclusions([entry])


def test_since_must_be_a_date() -> None:
    assert parse_since("2026-11-01") == datetime(2026, 11, 1, tzinfo=UTC)
    with pytest.raises(FilterError, match="--since 'yesterday' is no date"):
        parse_since("yesterday")
    with pytest.raises(FilterError, match="--until 'tomorrow' is no date"):
        parse_since("tomorrow", "--until")


def test_formats_are_split_checked_and_named_once() -> None:
    assert parse_formats("pdf, XLSX,pdf") == ("pdf", "xlsx")
    with pytest.raises(UsageError, match="nearest is 'xlsx'"):
        parse_formats("xslx")
    with pytest.raises(UsageError, match="known are"):
        parse_formats(",")
