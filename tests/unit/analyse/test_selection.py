from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reportgen.analyse import select_runs
from reportgen.config.settings import SelectConfig
from reportgen.errors import FilterError, NothingToReportError, UnknownRunError
from reportgen.runs import ReadingNote, RunSet, SkippedRun
from tests.fakes.runsets import START, make_run, make_runset


@pytest.fixture
def runs() -> RunSet:
    entries = [
        make_run(0, {"lr": 0.1, "model": "mlp", "big": True}, {"accuracy": 0.9}, tags={"split": "a"}),
        make_run(1, {"lr": 0.01, "model": "mlp", "code": "01"}, {"accuracy": [0.5, 0.8]}),
        make_run(2, {"lr": "0.001", "model": "cnn"}, {}, experiment="other", status="failed"),
        make_run(3, {"model": "cnn", "lr": None}, {"accuracy": float("nan")}),
    ]
    return make_runset(
        entries, notes=(ReadingNote(entries[0].id, "torn_line", "metrics.csv", 3, 1, "cut off"),)
    )


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("lr<0.1", [1, 2]),
        ("lr <= 1e-1", [0, 1, 2]),
        ("lr=0.10", [0]),
        ("lr=null", [3]),
        ("lr!=0.1", [1, 2, 3]),
        ("model=mlp", [0, 1]),
        ("model==mlp", [0, 1]),
        ("model='mlp'", [0, 1]),
        ("model!=mlp", [2, 3]),
        ("big=true", [0]),
        ("code=01", [1]),
        ("code!=1", [0, 1, 2, 3]),
        ("code='1'", []),
        ("split=a", [0]),
        ("tag.split=a", [0]),
        ("accuracy>=0.8", [0, 1]),
        ("accuracy>0.8", [0]),
        ("metric.accuracy<0.85", [1]),
        ("experiment=other", [2]),
    ],
)
def test_conditions(runs: RunSet, condition: str, kept: list[int]) -> None:
    select = SelectConfig(where=(condition,))
    if not kept:
        with pytest.raises(NothingToReportError):
            select_runs(runs, select)
        return
    selection = select_runs(runs, select)
    assert [run.address[-1] for run in selection.runs.runs] == [str(number) for number in kept]
    assert [reason for _, reason in selection.excluded] == [f"filter {condition}"] * (4 - len(kept))


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("lrr<0.1", "'lr'"),
        ("lr", "NAME"),
        ("lr<abc", "'abc'"),
        ("lr<nan", "'nan'"),
        ("model<'5'", "'5'"),
        ("<3", "''"),
    ],
)
def test_a_bad_condition_is_one_clear_error(runs: RunSet, condition: str, told: str) -> None:
    with pytest.raises(FilterError, match=r"--where") as error:
        select_runs(runs, SelectConfig(where=(condition,)))
    assert told in error.value.message


def test_a_name_with_an_operator_in_it_is_found(runs: RunSet) -> None:
    odd = make_runset([make_run(0, {"a=b": 1}), make_run(1, {"a=b": 2})])
    assert len(select_runs(odd, SelectConfig(where=("a=b=2",))).runs.runs) == 1


def test_every_excluded_run_is_named_with_its_reason(runs: RunSet) -> None:
    first = runs.runs[0].id
    select = SelectConfig(
        experiments=("digits",), since=START + timedelta(hours=1), exclude={first: "wrong data"}
    )
    selection = select_runs(runs, select)
    assert selection.excluded == (
        (first, "wrong data"),
        (runs.runs[2].id, "experiment other was not asked for"),
    )
    assert selection.runs.notes == ()
    assert selection.runs.points == 3


def test_since_names_the_day_and_takes_unknown_starts_out() -> None:
    runs = make_runset([make_run(0, started=None), make_run(1), make_run(500)])
    selection = select_runs(runs, SelectConfig(since=datetime(2026, 11, 20)))  # noqa: DTZ001 - naive on purpose
    assert [reason for _, reason in selection.excluded] == [
        "its start is not known, so it may be before 2026-11-20",
        "started before 2026-11-20",
    ]
    aware = select_runs(runs, SelectConfig(since=datetime(2026, 11, 20, tzinfo=UTC)))
    assert aware.excluded == selection.excluded


def test_until_leaves_out_later_runs_without_a_word_and_unknown_starts_with_one() -> None:
    runs = make_runset([make_run(0, started=None), make_run(1), make_run(500)])
    until = runs.runs[2].started
    assert until is not None
    selection = select_runs(runs, SelectConfig(until=until))
    assert [run.id for run in selection.runs.runs] == [runs.runs[1].id]
    day = until.strftime("%Y-%m-%d %H:%M")
    assert [reason for _, reason in selection.excluded] == [
        f"its start is not known, so it may be after {day}"
    ]
    assert len(select_runs(runs, SelectConfig(until=until + timedelta(seconds=1))).runs.runs) == 2


def test_a_report_on_no_run_at_all_is_refused_with_the_date() -> None:
    runs = make_runset([make_run(1)])
    with pytest.raises(NothingToReportError, match="no run began before 2026-11-01; 1 began later"):
        select_runs(runs, SelectConfig(until=datetime(2026, 11, 1, tzinfo=UTC)))


def test_a_unique_prefix_names_a_run(runs: RunSet) -> None:
    prefix = runs.runs[3].id.split("-")[0]
    assert select_runs(runs, SelectConfig(exclude={prefix: "x"})).excluded == ((runs.runs[3].id, "x"),)


@pytest.mark.parametrize(
    ("name", "told"), [("2026", "4 runs begin"), ("20261116T00000Z", "nearest"), ("", "no run")]
)
def test_an_unclear_run_is_refused(runs: RunSet, name: str, told: str) -> None:
    with pytest.raises(UnknownRunError, match=told) as error:
        select_runs(runs, SelectConfig(exclude={name: "x"}))
    assert runs.runs[1].id in error.value.message


def test_an_unknown_experiment_is_refused(runs: RunSet) -> None:
    with pytest.raises(FilterError, match="found 'digits'"):
        select_runs(runs, SelectConfig(experiments=("digit",)))


def test_nothing_left_says_what_filtered(runs: RunSet) -> None:
    with pytest.raises(NothingToReportError, match=r"none of the 4 runs is left.*4 by: filter lr>5"):
        select_runs(runs, SelectConfig(where=("lr>5",)))
    with pytest.raises(NothingToReportError, match="1 could not be read"):
        select_runs(RunSet((), (), (SkippedRun("x", "broken"),)), SelectConfig())


def test_no_filter_keeps_everything(runs: RunSet) -> None:
    selection = select_runs(runs, SelectConfig())
    assert selection.runs is runs
    assert selection.excluded == ()


def test_a_run_that_only_started_others_is_left_out_with_its_reason() -> None:
    """A search is no run that gave no result; one with numbers of its own is a run like any other."""
    outer = make_run(0, {}, {}, experiment="search", status="failed", reason="exit code 3")
    scored = make_run(1, {"lr": 1}, {"accuracy": 0.8})
    entries = [
        outer,
        scored,
        make_run(2, {"lr": 2}, {"accuracy": 0.9}, parent=outer.id),
        make_run(3, {"lr": 3}, {"accuracy": 0.7}, parent=scored.id),
        make_run(4, {"lr": 4}, {}, parent=outer.id),
    ]
    selection = select_runs(make_runset(entries), SelectConfig())
    assert [run.id for run in selection.runs.runs] == [run.id for run in entries[1:]]
    reason = "it only started other runs and has no metrics of its own; status: failed (exit code 3)"
    assert (selection.excluded, selection.only_started_others) == (((outer.id, reason),), 1)
    asked = select_runs(make_runset(entries), SelectConfig(exclude={outer.id: "mine"}))
    assert (asked.excluded, asked.only_started_others) == (((outer.id, "mine"),), 0)
    entries[0] = make_run(0, {}, {}, experiment="search")
    finished = select_runs(make_runset(entries), SelectConfig())
    assert finished.excluded[0][1] == "it only started other runs and has no metrics of its own"
