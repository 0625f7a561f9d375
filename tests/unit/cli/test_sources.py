from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.cli.sources import find_run, find_source
from reportgen.config import Config
from reportgen.errors import UnknownRunError, UsageError
from reportgen.runs import Run, RunSet


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REPORTGEN_DIR", raising=False)
    return tmp_path


def run(name: str, run_id: str) -> Run:
    return Run(
        id=run_id,
        experiment="e",
        name=name,
        group=None,
        parent=None,
        started=None,
        ended=None,
        status="finished",
        reason="",
        params={},
        tags={},
        notes=(),
        code={},
        env={},
        data={},
        artifacts={},
        metrics={},
        address=run_id,
    )


def test_nothing_named_and_nothing_here_says_what_to_do(here: Path) -> None:
    with pytest.raises(UsageError, match="Say where the runs are"):
        find_source([], None)


def test_the_folder_runs_counts_where_there_is_no_configuration(here: Path) -> None:
    (here / "runs").mkdir()
    assert find_source([], None) == Config(runs=("runs",))


def test_the_log_directory_of_the_logger_counts(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "logs").mkdir()
    monkeypatch.setenv("REPORTGEN_DIR", "logs")
    assert find_source([], None).runs == ("logs",)


def test_the_configuration_of_this_folder_counts_where_nothing_is_named(here: Path) -> None:
    (here / "reportgen.toml").write_text('title = "T"\nruns = ["a"]')
    assert (find_source([], None).title, find_source([], None).runs) == ("T", ("a",))


def test_a_configuration_without_runs_takes_those_beside_it(here: Path) -> None:
    (here / "p" / "runs").mkdir(parents=True)
    (here / "p" / "reportgen.toml").write_text('title = "T"')
    assert find_source([], Path("p/reportgen.toml")).runs == (str(Path("p/runs")),)
    (here / "p" / "runs").rmdir()
    with pytest.raises(UsageError, match="names no runs"):
        find_source([], Path("p/reportgen.toml"))


def test_named_runs_leave_the_configuration_of_this_folder_out_and_say_so(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "reportgen.toml").write_text('title = "T"\nruns = ["a"]')
    assert find_source(["b"], None) == Config(runs=("b",))
    assert "add --config reportgen.toml" in capsys.readouterr().err
    both = find_source(["b"], Path("reportgen.toml"))
    assert (both.title, both.runs) == ("T", ("b",))


def test_runs_are_found_by_id_start_of_id_and_name() -> None:
    runs = RunSet((run("one", "20260101T000000Z-aa"), run("two", "20260101T000000Z-ab")), ())
    assert find_run(runs, "20260101T000000Z-aa").name == "one"
    assert find_run(runs, "20260101T000000Z-ab").name == "two"
    assert find_run(runs, "two").id.endswith("ab")
    with pytest.raises(UnknownRunError, match="fits 2 runs"):
        find_run(runs, "2026")
    with pytest.raises(UnknownRunError, match="no run 'x' among 2"):
        find_run(runs, "x")


def test_a_whole_id_wins_over_a_longer_one_that_starts_with_it() -> None:
    runs = RunSet((run("a", "r1"), run("b", "r10")), ())
    assert find_run(runs, "r1").name == "a"
