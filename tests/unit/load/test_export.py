from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from reportgen.errors import OutputError, UsageError
from reportgen.load import load_runs, runs_table, write_table
from reportgen.runs import RunSet
from tests.fakes.run_folders import run_text, simple_run, write_run


@pytest.fixture
def runs(tmp_path: Path) -> RunSet:
    """Give two runs with parameters of equal and of different types."""
    facts = [
        ("param", "lr", 0.1), ("param", "layers", 3), ("param", "mixed", 1), ("param", "=cmd", "=1+1"),
        ("param", "minus", "-x"), ("param", "deep", True), ("tag", "list", [1, 2]),
    ]  # fmt: skip
    write_run(tmp_path / "runs" / "a", {"run.csv": run_text("a", facts=facts)})
    more = [("param", "lr", 1), ("param", "mixed", "01"), ("note", "", "@home")]
    write_run(tmp_path / "runs" / "b", {"run.csv": run_text("b", facts=more)})
    simple_run(tmp_path / "runs", "c", losses=[2, 1])
    return load_runs([str(tmp_path / "runs")])


def test_a_column_has_one_type_and_keeps_every_value(runs: RunSet) -> None:
    table = runs_table(runs)
    assert list(table["id"]) == ["a", "b", "c"]
    assert [str(table[f"param.{name}"].dtype) for name in ("lr", "layers", "deep")] == [
        "float64",
        "Int64",
        "boolean",
    ]
    assert table["param.mixed"].tolist()[:2] == ["1", '"01"']
    assert table["tag.list"][0] == "[1, 2]"
    assert table["metric.loss.min"][2] == 1.0
    assert str(table["started"].dt.tz) == "UTC"
    assert runs_table(runs.runs).equals(table)


def test_csv_holds_no_formula(runs: RunSet, tmp_path: Path) -> None:
    write_table(runs, tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    table = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False)
    assert table["param.=cmd"][0] == "'=1+1"
    assert table["param.minus"][0] == "'-x"
    assert table["notes"][1] == "'@home"
    assert table["metric.loss.points"][2] == "2"
    assert "\r" not in text


def test_numbers_below_zero_stay_numbers(tmp_path: Path) -> None:
    simple_run(tmp_path, "a", losses=[-1.5])
    write_table(load_runs([str(tmp_path)]), tmp_path / "out.csv")
    assert pd.read_csv(tmp_path / "out.csv")["metric.loss.last"].tolist() == [-1.5]


def test_parquet_gives_the_table_back(runs: RunSet, tmp_path: Path) -> None:
    write_table(runs, tmp_path / "out.parquet")
    table = pd.read_parquet(tmp_path / "out.parquet")
    assert table["param.layers"].tolist()[0] == 3
    assert table["param.=cmd"][0] == "=1+1"
    assert [path.name for path in tmp_path.glob("out*")] == ["out.parquet"]


def test_another_suffix_and_a_missing_folder_are_told(runs: RunSet, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.xls.*known are \.csv and \.parquet"):
        write_table(runs, tmp_path / "out.xls")
    with pytest.raises(OutputError, match="cannot be written"):
        write_table(runs, tmp_path / "missing" / "out.csv")
