"""Runs are made column by column: a row must not take the values of its neighbour."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reportgen.load import load_runs
from tests.fakes.run_folders import START, run_text, simple_run, wide_text, write_run


def test_runs_between_unreadable_ones_keep_their_own_values(tmp_path: Path) -> None:
    for at in range(6):
        simple_run(tmp_path, f"r{at}", losses=[at, at * 10])
    for at in (0, 3):
        (tmp_path / "digits" / f"r{at}" / "run.csv").write_text("something else\n", encoding="utf-8")
    facts = [("tag", "only", "r4"), ("note", "", 'two\nlines, "quoted"'), ("data", "train", {"rows": 7})]
    write_run(
        tmp_path / "digits" / "r4",
        {
            "run.csv": run_text("r4", status=None, facts=facts),
            "metrics.csv": wide_text(["f1"], [(START + 5, 1, 2)]),
        },
    )
    found = load_runs([str(tmp_path)])
    assert [run.address for run in found.skipped] == [str(tmp_path / "digits" / f"r{at}") for at in (0, 3)]
    assert [run.id for run in found.runs] == ["r1", "r2", "r4", "r5"]
    odd = found.runs[2]
    assert (odd.tags, odd.notes, odd.data) == (
        {"only": "r4"},
        ('two\nlines, "quoted"',),
        {"train": {"rows": 7}},
    )
    assert (odd.status, odd.duration_s, list(odd.metrics)) == ("interrupted", 5.0, ["f1"])
    for run, at in zip((found.runs[0], found.runs[1], found.runs[3]), (1, 2, 5), strict=True):
        assert (run.status, run.tags, run.duration_s) == ("finished", {}, 60.0)
        assert run.metrics["loss"].last == at * 10
        assert run.address == str(tmp_path / "digits" / f"r{at}")
        assert run.started == datetime.fromtimestamp(START, UTC)
    assert load_runs([str(tmp_path)]) == found  # from the cache


@pytest.mark.parametrize("started", [float("inf"), float("-inf"), float("nan"), 10**400, "not a date", True])
def test_a_start_that_is_no_time_is_unknown(tmp_path: Path, started: object) -> None:
    facts = [("run", "started", started)]
    points = wide_text(["loss"], [(START, 0, 1)])
    write_run(tmp_path / "a", {"run.csv": run_text("a", facts=facts), "metrics.csv": points})
    simple_run(tmp_path, "b")
    odd, plain = sorted(load_runs([str(tmp_path)], cache=False).runs, key=lambda run: run.id)
    assert (odd.started, odd.duration_s) == (None, None)
    assert plain.duration_s == 60.0
