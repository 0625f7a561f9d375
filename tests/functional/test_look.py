"""ls, show, compare, export and init on real runs."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import reportgen
from reportgen.config import read_config
from tests.fakes.run_folders import simple_run
from tests.functional.conftest import Cli, log_run


def ids(study: Path) -> list[str]:
    return [path.parent.name for path in study.rglob("run.csv")]


def test_ls_shows_every_run_with_whole_id_and_values(
    study: Path, here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    done = cli("ls", study)
    lines = done.out.splitlines()
    assert done.code == 0
    assert lines[0].split() == [
        "run",
        "experiment",
        "status",
        "started",
        "duration",
        "val_accuracy",
        "latency_ms",
    ]
    assert {line.split()[0] for line in lines[1:]} == set(ids(study))
    assert all(len(line) <= 140 for line in lines)


def test_ls_keeps_the_ids_whole_on_a_narrow_terminal(
    study: Path, here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    done = cli("ls", study)
    assert {line.split()[0] for line in done.out.splitlines()[1:]} == set(ids(study))
    assert "1 more metric: --json shows all" in done.err


def test_ls_json_is_one_object_a_run(study: Path, here: Path, cli: Cli) -> None:
    runs = [json.loads(line) for line in cli("ls", study, "--json").out.splitlines()]
    assert {run["id"] for run in runs} == set(ids(study))
    assert all({"id", "experiment", "status", "params", "metrics"} <= set(run) for run in runs)
    assert {run["params"]["model"] for run in runs} == {"logreg", "mlp"}
    assert all(0.8 < run["metrics"]["val_accuracy"] < 1 for run in runs)


def test_show_finds_a_run_by_folder_and_by_id(study: Path, here: Path, cli: Cli) -> None:
    folder = next(study.rglob("run.csv")).parent
    by_folder = cli("show", folder, "--json")
    by_id = cli("show", folder.name, "--in", study, "--json")
    assert by_folder.code == by_id.code == 0
    first, second = json.loads(by_folder.out), json.loads(by_id.out)
    assert first["id"] == second["id"] == folder.name
    assert first["metrics"] == second["metrics"]
    assert first["metrics"]["val_accuracy"]["points"] == 1
    text = cli("show", folder).out
    assert folder.name in text
    assert "latency_ms" in text
    assert "model" in text


def test_show_keeps_its_headings_whole_beside_a_long_reason(
    here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    reason = "no better than the median of the runs before it, " * 3
    with reportgen.start_run("digits", directory=here / "runs", capture=False) as run:
        run.finish("pruned", reason=reason)
    shown = cli("show", run.id).out
    assert f"pruned: {reason}".strip() in shown
    assert {"experiment", "status", "started (UTC)"} <= {line.split("  ")[0] for line in shown.splitlines()}


def test_show_tells_how_a_command_ended(here: Path, cli: Cli) -> None:
    words = [
        "run",
        "--experiment",
        "digits",
        "--name",
        "crash",
        "--",
        sys.executable,
        "-c",
        "print('last words'); exit(3)",
    ]
    assert cli(*words).code == 3
    told = json.loads(cli("show", "crash", "--json").out)
    assert (told["exit_code"], told["signal"], told["output"]) == (3, None, "last words")
    lines = cli("show", "crash").out.splitlines()
    assert "exit code      3" in lines
    assert lines[-2:] == ["last output", "  last words"]


def test_show_of_a_run_that_no_command_made_tells_no_exit_code(study: Path, here: Path, cli: Cli) -> None:
    run_id = ids(study)[0]
    told = json.loads(cli("show", run_id, "--in", study, "--json").out)
    assert (told["exit_code"], told["signal"], told["output"]) == (None, None, "")
    assert "exit code" not in cli("show", run_id, "--in", study).out


def test_show_looks_into_the_log_directory(here: Path, cli: Cli) -> None:
    run_id = log_run(here / "runs", {"lr": 0.1}, {"loss": 1.0}, tags={"role": "test"})
    done = cli("show", run_id[:-2])
    assert done.code == 0
    assert "role  test" in done.out


def test_show_of_an_unknown_run_says_where_it_looked(study: Path, here: Path, cli: Cli) -> None:
    done = cli("show", "nothing", "--in", study)
    assert done.code == 1
    assert "no run 'nothing' among 10" in done.error
    assert cli("show", "nothing").code == 2


def test_compare_tells_what_differs_and_which_way(here: Path, cli: Cli) -> None:
    first = log_run(
        here / "runs", {"lr": 0.1, "n": 3}, {"accuracy": 0.9, "latency_ms": 5.0, "foo": 1.0, "same": 2.0}
    )
    second = log_run(
        here / "runs", {"lr": 0.2, "n": 3}, {"accuracy": 0.95, "latency_ms": 6.0, "foo": 3.0, "same": 2.0}
    )
    said = json.loads(cli("compare", first, second, "--json").out)
    assert said["runs"] == [first, second]
    assert said["params"] == {"lr": {"first": 0.1, "second": 0.2}}
    assert {name: found["words"] for name, found in said["metrics"].items()} == {
        "accuracy": "0.05 better",
        "latency_ms": "1 worse",
        "foo": "2 higher",
    }
    text = cli("compare", first, second).out
    assert "0.05 better" in text
    assert "same" not in text


def test_compare_takes_directions_from_the_configuration(here: Path, cli: Cli) -> None:
    first = log_run(here / "runs", {}, {"foo": 1.0})
    second = log_run(here / "runs", {}, {"foo": 3.0})
    Path("reportgen.toml").write_text('[metrics.foo]\ngoal = "minimize"\n')
    assert "2 worse" in cli("compare", first, second).out
    assert "parameters that differ: none" in cli("compare", first, second).out


@pytest.mark.parametrize("name", ["runs.csv", "runs.parquet"])
def test_export_writes_one_row_a_run(study: Path, here: Path, cli: Cli, name: str) -> None:
    done = cli("export", study, "--to", name)
    assert (done.code, done.out) == (0, f"{name}\n")
    if name.endswith(".csv"):
        with Path(name).open(newline="") as file:
            found = [row["id"] for row in csv.DictReader(file)]
    else:
        found = pq.read_table(name).column("id").to_pylist()
    assert sorted(found) == sorted(ids(study))


def test_init_writes_a_file_that_is_read_and_builds(study: Path, here: Path, cli: Cli) -> None:
    done = cli("init", study)
    assert (done.code, done.out) == (0, "reportgen.toml\n")
    config = read_config(Path("reportgen.toml"))
    assert config.runs == (str(study),)
    assert config.primary is not None
    assert (config.primary.name, config.primary.goal, config.primary.unit) == (
        "val_accuracy",
        "maximize",
        "%",
    )
    assert config.metrics["latency_ms"].goal == "minimize"
    text = Path("reportgen.toml").read_text()
    assert "# smallest_difference = " in text
    assert '# baseline = { model = "logreg" }' in text
    assert cli("build", "--format", "json").code == 0


def test_what_init_comments_out_may_be_taken_in(study: Path, here: Path, cli: Cli) -> None:
    cli("init", study)
    text = Path("reportgen.toml").read_text()
    for line in ('# owner = "Model team"', '# by = ["model"]', '# baseline = { model = "logreg" }'):
        assert line in text
        text = text.replace(line, line.removeprefix("# "))
    Path("reportgen.toml").write_text(text)
    config = read_config(Path("reportgen.toml"))
    assert (config.owner, config.compare.by) == ("Model team", ("model",))
    assert config.compare.baseline == {"model": "logreg"}
    assert cli("build", "--format", "json").code == 0


def test_what_init_says_of_mail_and_schedule_may_be_taken_in(study: Path, here: Path, cli: Cli) -> None:
    cli("init", study)
    rest = Path("reportgen.toml").read_text().partition("# [email]\n")
    taken = [line.removeprefix("# ") for line in rest[2].splitlines()[:-1]]
    Path("reportgen.toml").write_text("\n".join([rest[0], "[email]", *taken, ""]))
    config = read_config(Path("reportgen.toml"))
    assert (config.email.to, config.email.host) == (("ada@example.com",), "smtp.example.com")
    assert config.schedule.timezone == "Europe/Berlin"


def test_init_finds_the_baseline_that_the_runs_tell(here: Path, cli: Cli) -> None:
    for model in ("a", "b"):
        for seed in (1, 2, 3):
            tags = {"role": "baseline"} if model == "a" else {}
            log_run(here / "runs", {"model": model, "seed": seed}, {"accuracy": 0.5}, tags=tags)
    assert cli("init").code == 0
    assert read_config(Path("reportgen.toml")).compare.baseline == {"model": "a"}


def test_init_never_overwrites(study: Path, here: Path, cli: Cli) -> None:
    Path("reportgen.toml").write_text("# mine\n")
    done = cli("init", study)
    assert done.code == 2
    assert "never overwrites" in done.error
    assert Path("reportgen.toml").read_text() == "# mine\n"
    assert cli("init", study, "--to", "other.toml").code == 0


def test_init_writes_addresses_as_seen_from_the_file(here: Path, cli: Cli) -> None:
    simple_run(here / "runs", "r1")
    (here / "sub").mkdir()
    assert cli("init", "--to", "sub/x.toml").code == 0
    assert read_config(Path("sub/x.toml")).runs == (str(Path("sub/../runs")),)
    assert cli("ls", "--config", "sub/x.toml").code == 0


def test_init_copes_with_any_name(here: Path, cli: Cli) -> None:
    """Names that TOML has to quote, and values that it cannot hold."""
    odd = {'a "b" \\ #': 1, "x.y": None, "名": [1, {"k": "v"}], "": 0}
    del odd[""]
    for number in range(2):
        log_run(here / "runs", {**odd, "n": number}, {'F1 "top" = #1': 0.5, "名.a": 1.0})
    assert cli("init").code == 0
    config = read_config(Path("reportgen.toml"))
    assert set(config.metrics) == {'F1 "top" = #1', "名.a"}


@pytest.mark.parametrize("words", [("--to", "x.txt"), ("--to", "pyproject.toml"), ("--to", "no/x.toml")])
def test_init_refuses_names_that_nothing_would_find(
    study: Path, here: Path, cli: Cli, words: tuple[str, str]
) -> None:
    assert cli("init", study, *words).code == 2
    assert list(here.iterdir()) == []


def test_init_without_runs_says_what_to_do(here: Path, cli: Cli) -> None:
    done = cli("init")
    assert done.code == 2
    assert "reportgen init path/to/runs" in done.error
