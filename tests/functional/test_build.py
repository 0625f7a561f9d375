from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import Any

import pytest

from reportgen import pipeline
from tests.fakes.run_folders import run_text, simple_run, write_run
from tests.functional.conftest import Cli, log_run


def frozen(path: Path) -> dict[str, Any]:
    numbers: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return numbers


def test_zero_configuration_makes_four_outputs_and_names_them(study: Path, here: Path, cli: Cli) -> None:
    done = cli("build", study)
    assert done.code == 0
    made = [Path(line) for line in done.out.splitlines()]
    assert [path.suffix for path in made] == [".xlsx", ".pdf", ".html", ".json"]
    assert all(path.is_file() and path.parent == Path("reports") for path in made)
    assert sorted(path.name for path in Path("reports").iterdir()) == sorted(path.name for path in made)
    assert "10 of 10 runs counted" in done.err
    assert "--baseline" in done.err


def test_the_baseline_of_the_command_line_gives_a_verdict(study: Path, here: Path, cli: Cli) -> None:
    done = cli(
        "build", study, "--baseline", "model=logreg", "--format", "json", "--out", "o", "--title", "A & B"
    )
    assert (done.code, done.out) == (0, "o/a-b.json\n")
    numbers = frozen(here / "o" / "a-b.json")
    assert [entry["verdict"] for entry in numbers["comparisons"]] == ["better"]
    assert done.err.splitlines()[0] == numbers["findings"][0]["text"]


def test_json_on_stdout_says_all_of_it(study: Path, here: Path, cli: Cli) -> None:
    done = cli("build", study, "--format", "json", "--json", "--exclude", f"{first_id(study)}=by hand")
    said = json.loads(done.out)
    assert said["primary"] == "val_accuracy"
    assert [output["format"] for output in said["outputs"]] == ["json"]
    assert Path(said["outputs"][0]["path"]).is_file()
    assert said["runs"]["total"] == said["runs"]["usable"] == 9
    assert said["excluded"] == [{"id": first_id(study), "reason": "by hand"}]
    assert {"metric", "baseline"} <= {entry["what"] for entry in said["assumed"]}


def test_letters_without_a_font_are_a_warning_and_the_pdf_is_made(study: Path, here: Path, cli: Cli) -> None:
    """No font has the characters of this range, whatever is installed."""
    done = cli("build", str(study), "--title", "Study \U000e8000", "--format", "pdf,html", "--json")
    assert done.code == 0
    warning = "no installed font has characters without a name: one character of this report is written as [U+E8000]"
    made = {output["format"]: output for output in json.loads(done.out)["outputs"]}
    assert Path(made["pdf"]["path"]).is_file()
    assert [text.partition(".")[0] for text in made["pdf"]["warnings"]] == [warning]
    assert made["html"]["warnings"] == []
    assert f"warning: pdf: {warning}" in done.err


def first_id(study: Path) -> str:
    return min(path.parent.name for path in study.rglob("run.csv"))


def test_the_same_input_and_time_give_the_same_bytes(
    study: Path, here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    sums = []
    for folder in ("one", "two"):
        assert cli("build", study, "--out", folder).code == 0
        sums.append(
            {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path(folder).iterdir()}
        )
    assert len(sums[0]) == 4
    assert sums[0] == sums[1]


def test_a_wrong_source_date_is_told(
    study: Path, here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    done = cli("build", study)
    assert done.code == 2
    assert "SOURCE_DATE_EPOCH is 'yesterday'" in done.error
    assert not Path("reports").exists()


def test_the_configuration_of_the_folder_is_used(study: Path, here: Path, cli: Cli) -> None:
    Path("reportgen.toml").write_text(
        f'title = "Mine"\nruns = ["{study}"]\n[outputs]\nformats = ["json"]\ndirectory = "out"\n'
        '[metrics.latency_ms]\nprimary = true\nlabel = "Wait"\n'
    )
    done = cli("build")
    assert (done.code, done.out) == (0, "out/mine.json\n")
    numbers = frozen(Path("out/mine.json"))
    assert numbers["primary"] == "latency_ms"
    assert numbers["metrics"]["latency_ms"]["label"] == "Wait"
    assert "settings: reportgen.toml" in done.err


def test_every_option_reaches_the_report(study: Path, here: Path, cli: Cli) -> None:
    words = ["--metric", "latency_ms", "--goal", "maximize", "--audience", "executive", "--paper", "Letter"]
    words += ["--experiment", "digits", "--where", "seed<4", "--where", "seed>0", "--since", "2020-01-01"]
    done = cli("build", study, "--format", "json", "--no-cache", "--out", "o", *words)
    assert done.code == 0
    (path,) = Path("o").iterdir()
    numbers = frozen(path)
    assert numbers["primary"] == "latency_ms"
    assert numbers["metrics"]["latency_ms"]["goal"] == "maximize"
    assert numbers["audience"] == "executive"
    assert numbers["runs"]["total"] == 6
    assert len(numbers["runs"]["excluded"]) == 4


def test_a_run_that_cannot_be_read_is_told_and_strict_makes_it_an_exit_code(here: Path, cli: Cli) -> None:
    for number in range(3):
        simple_run(here / "runs", f"r{number}")
    write_run(here / "runs" / "digits" / "bad", {"run.csv": "not,a,run\n"})
    done = cli("build", "--format", "json")
    assert done.code == 0
    assert "bad" in next(line for line in done.err.splitlines() if line.startswith("skipped:"))
    strict = cli("build", "--format", "json", "--strict")
    assert strict.code == 3
    assert Path(strict.out.strip()).is_file()
    assert cli("build", "runs/digits/r0", "runs/digits/r1", "--format", "json", "--strict").code == 0


def test_open_shows_the_page(study: Path, here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def show(url: str) -> bool:
        shown.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", show)
    assert cli("build", study, "--format", "json,html", "--open").code == 0
    (page,) = Path("reports").glob("*.html")
    assert shown == [page.resolve().as_uri()]


def test_open_says_so_where_there_is_no_browser(
    study: Path, here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    done = cli("build", study, "--format", "json", "--open")
    assert done.code == 0
    assert "no program was found" in done.err


def test_an_interrupt_is_quiet(study: Path, here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "build", interrupted)
    done = cli("build", study)
    assert (done.code, done.err) == (130, "reportgen: interrupted\n")


def test_a_broken_pipe_is_quiet(study: Path, here: Path) -> None:
    """The reader has gone before anything is written, as with ``reportgen ls | head``."""
    command = [sys.executable, "-m", "reportgen", "ls", "--json", *[str(study)]]
    shell = 'set -o pipefail; "$@" | true'
    done = subprocess.run(
        ["bash", "-c", shell, "bash", *command], cwd=here, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == ""


def test_the_module_is_the_command(study: Path, here: Path) -> None:
    command = [sys.executable, "-m", "reportgen", "build", str(study), "--format", "json"]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    (line,) = done.stdout.splitlines()
    assert (here / line).is_file()


def test_a_sweep_that_is_not_done_says_how_far_it_is(here: Path, cli: Cli) -> None:
    for at in range(12):
        log_run(
            here / "runs", {"lr": at % 3, "seed": at // 3}, {"accuracy": at / 20}, tags={"sweep_size": 40}
        )
    done = cli("build", "--format", "json")
    numbers = frozen(Path(done.out.strip()))
    assert (numbers["runs"]["planned"], numbers["runs"]["not_started"]) == (40, 28)
    assert "so far" in done.err.splitlines()[0].lower()
    assert "12 of 12 runs counted; 40 planned" in done.err
    assert any(
        "12 of 40 planned runs have been started so far" in entry["text"] for entry in numbers["caveats"]
    )


def test_a_setting_that_fits_no_metric_is_a_warning(study: Path, here: Path, cli: Cli) -> None:
    Path("own.toml").write_text(f'runs = ["{study}"]\n[metrics.val_acuracy]\nlabel = "A"\n')
    done = cli("build", "--config", "own.toml", "--format", "json", "--json")
    told = "[metrics.val_acuracy] describes a metric that none of these runs has; the nearest that they have is val_accuracy."
    assert f"warning: {told}" in done.err.splitlines()
    assert told in json.loads(done.out)["warnings"]


def test_init_keeps_the_title_that_a_build_without_it_has(study: Path, here: Path, cli: Cli) -> None:
    """Else the reports of before and after would lie side by side under two names."""
    before = cli("build", study, "--format", "json").out
    assert cli("init", study).code == 0
    assert cli("build", "--format", "json").out == before


def test_a_run_still_going_on_is_counted(here: Path, cli: Cli) -> None:
    for number in range(3):
        simple_run(here / "runs", f"r{number}")
    write_run(here / "runs" / "digits" / "dead", {"run.csv": run_text("dead", status=None)})
    done = cli("build", "--format", "json")
    assert "1 interrupted" in done.err


def test_a_second_build_reads_what_changed(here: Path, cli: Cli) -> None:
    """With the cache of the first build lying there: same runs, changed runs, one more run."""
    for number in range(3):
        simple_run(here / "runs", f"r{number}", losses=(3, 1))
    means = []
    for last in (1, 1, 7):
        if last != 1:
            for number in range(3):
                simple_run(here / "runs", f"r{number}", losses=(3, 1, last))
        done = cli("build", "--format", "json")
        means.append(frozen(Path(done.out.strip()))["configurations"][0]["mean"])
    assert means == [1.0, 1.0, 7.0]
    assert (here / "runs" / ".reportgen").is_dir()
    simple_run(here / "runs", "r9", losses=(3, 7))
    assert "4 of 4 runs counted" in cli("build", "--format", "json").err
