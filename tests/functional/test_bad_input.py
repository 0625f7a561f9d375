"""Whatever lies in a run folder or stands in the way: one clear message, never a traceback or a guess."""

from __future__ import annotations

import builtins
import errno
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import reportgen
from reportgen import schema
from tests.fakes.run_folders import START, run_text, simple_run, wide_text, write_run
from tests.functional.conftest import Answer, Cli, log_run

RUNS = Path("runs")


def numbers(done: Answer) -> dict[str, Any]:
    """The frozen numbers of a build with ``--format json``."""
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(Path(done.out.strip()).read_text("utf-8"))
    return found


def log_runs(metrics: dict[str, list[float]], **more: Any) -> None:
    """Log as many runs as there are values, two models in turn."""
    count = max(len(values) for values in metrics.values())
    for at in range(count):
        values = {name: values[at] for name, values in metrics.items()}
        log_run(RUNS, {"model": "ab"[at % 2], "seed": at // 2}, values, **more)


def test_an_empty_folder(here: Path, cli: Cli) -> None:
    RUNS.mkdir()
    for words in (("build",), ("ls",), ("export", "--to", "x.csv"), ("init",)):
        done = cli(*words)
        assert done.code == 1
        assert "no run" in done.error
        assert done.out == ""
    assert sorted(path.name for path in here.iterdir()) == ["runs"]


def test_a_path_that_does_not_exist(here: Path, cli: Cli) -> None:
    for words in (("build", "no/where"), ("ls", "no/where"), ("export", "no/where", "--to", "x.csv")):
        done = cli(*words)
        assert done.code == 1
        assert "no/where" in done.error
    assert list(here.iterdir()) == []


def test_a_file_instead_of_a_folder(here: Path, cli: Cli) -> None:
    Path("notes.txt").write_text("hello")
    done = cli("build", "notes.txt")
    assert done.code == 1
    assert "notes.txt" in done.error


def test_no_metric_in_common(here: Path, cli: Cli) -> None:
    for at, name in enumerate(("accuracy", "accuracy", "rmse", "rmse")):
        log_run(RUNS, {"model": name, "seed": at % 2}, {name: 0.5 + at / 100})
    found = numbers(cli("build", "--format", "json"))
    assert set(found["metrics"]) == {"accuracy", "rmse"}
    assert found["runs"]["total"] == 4
    assert sum(configuration["n"] for configuration in found["configurations"]) == 2


def test_runs_without_any_metric(here: Path, cli: Cli) -> None:
    for seed in range(3):
        log_run(RUNS, {"seed": seed}, {})
    done = cli("build", "--format", "json")
    found = numbers(done)
    assert found["primary"] is None
    assert found["runs"]["total"] == 3
    assert "0 of 3 runs counted" in done.err


def test_one_run_only(here: Path, cli: Cli) -> None:
    log_run(RUNS, {"model": "a"}, {"accuracy": 0.9})
    found = numbers(cli("build", "--format", "json"))
    (configuration,) = found["configurations"]
    assert (configuration["n"], configuration["mean"], configuration["interval"]) == (1, 0.9, None)
    assert found["comparisons"] == []


def fail(at: int) -> None:
    with reportgen.start_run("digits", params={"seed": at}, directory=RUNS, capture=False) as run:
        run.log_metric("accuracy", 0.5, step=0)
        raise ValueError("out of memory")


def test_every_run_failed(here: Path, cli: Cli) -> None:
    for at in range(3):
        with pytest.raises(ValueError, match="out of memory"):
            fail(at)
    done = cli("build", "--format", "json")
    found = numbers(done)
    assert found["runs"]["by_status"]["failed"] == found["runs"]["total"] == 3
    assert found["configurations"][0]["mean"] is None
    assert "0 of 3 runs counted; 3 failed" in done.err
    assert cli("build").code == 0


def test_a_metric_that_is_zero_everywhere_appears(here: Path, cli: Cli) -> None:
    log_runs({"accuracy": [0.0] * 6, "leaks": [0.0] * 6})
    found = numbers(cli("build", "--format", "json", "--baseline", "model=a"))
    assert {"accuracy", "leaks"} <= set(found["metrics"])
    assert [configuration["mean"] for configuration in found["configurations"]] == [0.0, 0.0]
    assert all(entry["metrics"]["leaks"]["mean"] == 0.0 for entry in found["configurations"])
    assert found["comparisons"][0]["verdict"] not in ("better", "worse")


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_all_values_are_no_numbers(here: Path, cli: Cli, value: float) -> None:
    log_runs({"accuracy": [value] * 4})
    done = cli("build", "--format", "json")
    found = numbers(done)
    assert found["runs"]["diverged"] == 4
    assert found["runs"]["by_status"]["finished"] == 4
    assert all(entry["mean"] is None for entry in found["configurations"])
    assert "4 diverged" in done.err
    assert len(cli("ls", "--json").out.splitlines()) == 4


def test_three_hundred_parameters(here: Path, cli: Cli) -> None:
    for at in range(4):
        params = {f"parameter_{number}": number * (at + 1) for number in range(300)}
        log_run(RUNS, params, {"accuracy": 0.9 + at / 100})
    done = cli("build")
    assert done.code == 0, done.err
    (frozen,) = Path("reports").glob("*.json")
    assert len(json.loads(frozen.read_text("utf-8"))["configurations"]) == 4
    assert cli("init").code == 0
    assert cli("build", "--format", "json").code == 0


ODD_NAMES = (
    "F1",
    "=cmd()",
    "../x",
    "n" * 200,
    "🚀 speed",
    "דיוק",
    "a,b;c|d",
    "quote \" and ' both",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "%s %d {0}",
    "con",
)


def test_odd_names_reach_every_output(here: Path, cli: Cli) -> None:
    log_runs({name: [0.1 * at + 0.5 for at in range(4)] for name in ODD_NAMES})
    done = cli("build", "--metric", "=cmd()", "--goal", "maximize", "--baseline", "model=a")
    assert done.code == 0, done.err
    assert len(done.out.splitlines()) == 4
    assert {path.parent for path in here.rglob("*.xlsx")} == {here / "reports"}
    (frozen,) = Path("reports").glob("*.json")
    assert set(ODD_NAMES) == set(json.loads(frozen.read_text("utf-8"))["metrics"])
    (page,) = Path("reports").glob("*.html")
    assert "<script>alert(1)" not in page.read_text("utf-8")
    assert cli("init").code == 0
    assert cli("build", "--format", "json").code == 0


def test_odd_experiments_and_titles_stay_in_their_folder(here: Path, cli: Cli) -> None:
    log_run(RUNS, {"seed": 1}, {"accuracy": 0.5}, name="=1+1")
    text = run_text("odd", facts=[("run", "name", "../../\x9bname")])
    metrics = wide_text(["accuracy"], [(START, 0, 0.5)])
    write_run(RUNS / "digits" / "odd", {"run.csv": text, "metrics.csv": metrics})
    for title in ("../../etc/passwd", "=cmd|' /C calc'!A0", "🚀", "a" * 300, "con"):
        done = cli("build", "--format", "json", "--title", title)
        assert done.code == 0
        assert Path(done.out.strip()).parent == Path("reports")
    assert "\x9b" not in cli("ls").out


def test_a_run_folder_without_its_facts(here: Path, cli: Cli) -> None:
    simple_run(RUNS, "good")
    write_run(RUNS / "digits" / "headless", {"metrics.csv": wide_text(["loss"], [(START, 0, 1.0)])})
    done = cli("build", "--format", "json", "--strict")
    assert done.code == 3
    (skipped,) = [line for line in done.err.splitlines() if line.startswith("skipped:")]
    assert "headless" in skipped
    assert "run.csv" in skipped


def test_half_a_line_at_the_end(here: Path, cli: Cli) -> None:
    text = wide_text(["loss"], [(START + at, at, 1.0 / (at + 1)) for at in range(4)])
    write_run(
        RUNS / "digits" / "torn", {"run.csv": run_text("torn"), "metrics.csv": text + "1770000009.0,4,0.0"}
    )
    done = cli("build", "--format", "json")
    assert numbers(done)["configurations"][0]["mean"] == 0.25
    assert any("note: torn:" in line and "cut off" in line for line in done.err.splitlines())


def test_binary_metrics(here: Path, cli: Cli) -> None:
    simple_run(RUNS, "good")
    rubbish = bytes(range(256)) * 20
    write_run(RUNS / "digits" / "binary", {"run.csv": run_text("binary"), "metrics.csv": rubbish})
    write_run(RUNS / "digits" / "all", {"run.csv": rubbish, "metrics.csv": rubbish})
    done = cli("build", "--format", "json")
    assert done.code == 0
    assert "binary" in done.err
    assert "digits/all" in done.err
    assert cli("ls").code == 0


def test_a_run_written_by_a_newer_version(here: Path, cli: Cli) -> None:
    simple_run(RUNS, "good")
    now = f"run,schema,int,{schema.FORMAT_VERSION}"
    text = run_text("newer").replace(now, f"run,schema,int,{schema.FORMAT_VERSION + 1}")
    assert now not in text
    write_run(RUNS / "digits" / "newer", {"run.csv": text})
    done = cli("build", "--format", "json", "--strict")
    assert done.code == 3
    (skipped,) = [line for line in done.err.splitlines() if line.startswith("skipped:")]
    assert "newer" in skipped
    assert str(schema.FORMAT_VERSION + 1) in skipped


def test_two_runs_with_one_id(here: Path, cli: Cli) -> None:
    simple_run(RUNS / "one", "same", losses=(3, 1, 2))
    simple_run(RUNS / "two", "same", losses=(3, 1, 9))
    done = cli("build", "--format", "json")
    found = numbers(done)
    assert found["runs"]["total"] + len(found["runs"]["skipped"]) == 2
    assert "same" in done.err


def test_a_baseline_that_fits_none_or_several(study: Path, here: Path, cli: Cli) -> None:
    none = cli("build", study, "--baseline", "model=forest")
    assert none.code == 1
    assert "'logreg', 'mlp'" in none.error
    unknown = cli("build", study, "--baseline", "modle=mlp")
    assert unknown.code == 1
    assert "no run has the parameter 'modle'; found 'model'" in unknown.error
    several = cli("build", study, "--where", "seed<2", "--baseline", "seed=1")
    assert several.code == 1
    assert "no configuration has seed=1" in several.error
    assert not Path("reports").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--metric", "val_acuracy"), "val_accuracy"),
        (("--where", "lr<0.1"), "'lr'"),
        (("--where", "nonsense"), "nonsense"),
        (("--since", "soon"), "soon"),
        (("--since", "2999-01-01"), "2999-01-01"),
        (("--exclude", "xyz=why"), "xyz"),
        (("--exclude", "xyz"), "reason"),
        (("--experiment", "digit"), "digits"),
    ],
)
def test_filters_that_do_not_fit(
    study: Path, here: Path, cli: Cli, words: tuple[str, str], told: str
) -> None:
    done = cli("build", study, *words)
    assert done.code == 1
    assert told in done.error
    assert not Path("reports").exists()


def test_a_configuration_with_mistakes(here: Path, cli: Cli) -> None:
    Path("reportgen.toml").write_text('titel = "x"\naudience = "boss"\n')
    done = cli("build")
    assert done.code == 1
    assert done.err.splitlines() == [
        "reportgen: error: 2 mistakes in reportgen.toml:",
        "reportgen.toml:1: unknown key 'titel'; nearest is 'title'",
        "reportgen.toml:2: audience is 'boss'; known are 'executive', 'team', 'public'",
    ]


def test_a_file_where_the_folder_of_the_outputs_belongs(study: Path, here: Path, cli: Cli) -> None:
    Path("reports").write_text("in the way")
    done = cli("build", study)
    assert done.code == 1
    assert done.out == ""
    assert done.err.count("reportgen: error:") == 1
    assert "a file is where the folder for the outputs belongs" in done.err
    assert Path("reports").read_text() == "in the way"


def test_a_folder_where_an_output_belongs(study: Path, here: Path, cli: Cli) -> None:
    Path("reports/t.xlsx").mkdir(parents=True)
    done = cli("build", study, "--title", "T", "--format", "xlsx,json")
    assert done.code == 1
    assert done.out == "reports/t.json\n"
    assert "xlsx was not made: reports/t.xlsx:" in done.error
    assert Path("reports/t.xlsx").is_dir()


def test_a_full_disk(study: Path, here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flushing the finished workbook to the disk fails; the stale one must not pass for it."""
    assert cli("build", study, "--title", "T", "--format", "xlsx,json").code == 0
    flush = os.fsync

    def full(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().suffix == ".xlsx":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    done = cli("build", study, "--title", "T", "--format", "xlsx,json")
    assert done.code == 1
    assert done.out == "reports/t.json\n"
    assert "the disk is full" in done.error
    assert [path.name for path in Path("reports").iterdir()] == ["t.json"]


def test_a_full_disk_while_exporting(
    study: Path, here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    done = cli("export", study, "--to", "runs.csv")
    assert done.code == 1
    assert "No space left" in done.error
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed(study: Path, here: Path, closed: str) -> None:
    """As daemons start programs; what is asked is answered with no."""
    (here / "reportgen.toml").write_text(
        f'runs = ["{study}"]\n[schedule]\nevery = "day 08:00"\n'
        '[email]\nto = "a@example.com"\nfrom = "b@example.com"\nhost = "127.0.0.1"\nsecurity = "none"\n'
    )
    for words, code in (("ls", 0), ("schedule show", 0), ("schedule install --cron", 2)):
        command = f"'{sys.executable}' -m reportgen {words} {closed}"
        done = subprocess.run(
            ["/bin/sh", "-c", command], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr
        assert done.returncode == code, words


def test_stdout_that_takes_nothing(study: Path, here: Path) -> None:
    command = [sys.executable, "-m", "reportgen", "explain"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "No space left" in line


def test_no_pango(study: Path, here: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF is not made and says which command helps; the other three are."""
    real = builtins.__import__

    def without_pango(name: str, *rest: Any, **more: Any) -> Any:
        if name == "weasyprint" or name.startswith("weasyprint."):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_pango)
    done = cli("build", study)
    assert done.code == 1
    assert [Path(line).suffix for line in done.out.splitlines()] == [".xlsx", ".html", ".json"]
    assert "pdf was not made" in done.error
    assert "Install it with: " in done.error
    doctor = cli("doctor")
    assert doctor.code == 1
    (line,) = [line for line in doctor.out.splitlines() if line.startswith("✗")]
    assert "Pango" in line
    assert "Install it with: " in line
