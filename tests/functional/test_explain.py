"""`reportgen explain` on runs: a number, a finding, and what there is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.cli import main
from tests.fakes.run_folders import START, run_text, wide_text, write_run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with runs of two models, four repeats each."""
    for model, mean in (("small", 0.81), ("large", 0.93)):
        for seed in range(4):
            name = f"{model}-{seed}"
            facts = [("param", "model", model), ("param", "seed", seed)]
            text = run_text(name, started=START + seed, facts=facts)
            rows = [(START, 0, mean + seed / 100)]
            files = {"run.csv": text, "metrics.csv": wide_text(["accuracy"], rows)}
            write_run(tmp_path / "runs" / "digits" / name, files)
    (tmp_path / "reportgen.toml").write_text('[compare]\nbaseline = {model = "small"}\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_number_of_the_runs_here(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "/configurations/0/mean"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("/configurations/0/mean = 0.94")
    assert "large-3  0.96" in said
    assert "result = np.mean([0.93, 0.9400000000000001, 0.9500000000000001, 0.9600000000000001])" in said
    assert 'docs/method.md, "A set-up\'s result"' in said


def test_a_finding_with_each_of_its_numbers(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--format", "json", "--no-cache"]) == 0
    report = next((home / "reports").glob("*.json"))
    finding = next(f for f in json.loads(report.read_text("utf-8"))["findings"] if f["id"] == "explanation")
    capsys.readouterr()
    assert main(["explain", "explanation", "--from", str(report)]) == 0
    said = capsys.readouterr().out
    assert finding["text"] in said
    assert all(f"\n{pointer} = " in said for pointer in finding["evidence"])
    assert main(["explain", "/findings/0", "--from", str(report)]) == 0
    assert json.loads(report.read_text("utf-8"))["findings"][0]["text"] in capsys.readouterr().out
    assert "stats.ttest_ind(a, b, equal_var=False)" in said


def test_a_finding_means_something_without_runs_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["explain", "few-repeats"]) == 0
    assert "rough" in capsys.readouterr().out
    assert main(["explain", "/configurations/0/mean"]) == 2
    assert "there are no runs here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("/comparisons/0/p_adjust", "'p_adjusted'"),
        ("/comparisons/9/mean", "/comparisons has 1 entries, numbered from 0"),
        ("/configuration", "'configurations'"),
        ("few-repeat", "'few-repeats'"),
    ],
)
def test_unknown_names_get_the_nearest(
    home: Path, name: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", name]) == 2
    assert hint in capsys.readouterr().err


def test_a_number_of_a_report_that_was_built_with_a_baseline_is_found_as_the_message_says(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "reportgen.toml").unlink()
    build = ["build", "runs", "--baseline", "model=small", "--title", "T", "--format", "json", "--no-cache"]
    assert main(build) == 0
    pointer = "/comparisons/0/p_adjusted"
    assert main(["explain", pointer]) == 2
    said = capsys.readouterr().err
    assert f"reportgen explain {pointer} --from reports/NAME.json" in said
    assert main(["explain", pointer, "--from", "reports/t.json"]) == 0
    assert capsys.readouterr().out.startswith(f"{pointer} = ")
    assert main(["explain", "/comparisons/9/p_adjusted", "--from", "reports/t.json"]) == 2
    assert "--from reports/NAME.json" not in capsys.readouterr().err


def test_a_report_that_holds_no_single_runs(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--format", "json", "--audience", "public", "--no-cache"]) == 0
    report = next((home / "reports").glob("*.json"))
    assert main(["explain", "/configurations/0/mean", "--from", str(report)]) == 2
    assert "holds no single runs" in capsys.readouterr().err
