"""The table of two settings: only where it is a grid, each result in its own cell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import Missing, Number, Report, Table
from reportgen.render.html.tables import table_view
from tests.fakes.findings import STATES
from tests.fakes.setups import START


def report_of(state: str) -> Report:
    return compose(STATES[state](), Config(), built_at=START, version="1")


def grid_of(report: Report) -> Table | None:
    return next((b for b in report.blocks() if isinstance(b, Table) and b.id == "settings_grid"), None)


def test_each_result_stands_where_its_settings_meet() -> None:
    report = report_of("grid")
    table = grid_of(report)
    assert table is not None
    assert [column.heading for column in table.columns] == ["lr", "layers 1", "layers 2", "layers 3"]
    assert [row.cells[0] for row in table.rows] == ["lr 0.001", "lr 0.01", "lr 0.1", "lr 1"]
    means = {(c["params"]["lr"], c["params"]["layers"]): c["mean"] for c in report.numbers["configurations"]}
    for row, lr in zip(table.rows, (0.001, 0.01, 0.1, 1.0), strict=True):
        for cell, layers in zip(row.cells[1:], (1, 2, 3), strict=True):
            if isinstance(cell, Number):
                assert cell.value == means[lr, layers]
    assert table.rows[0].cells[1] == Missing("no result")
    assert table.rows[3].cells[3] == Missing("not tried")


def test_the_unit_is_said_once_and_not_behind_a_setting() -> None:
    report = report_of("grid")
    table = grid_of(report)
    assert table is not None
    assert table.note is not None
    assert table.note.text == "Averages of repeats, in %. The darker, the better."
    heads = [head.text for head in table_view(table, "screen").parts[0].heads]
    assert heads == ["lr", "layers 1", "layers 2", "layers 3"]
    numbers = [cell for row in table.rows for cell in row.cells if isinstance(cell, Number)]
    assert all("%" not in cell.text for cell in numbers)


def test_the_best_is_the_darkest_whichever_way_the_metric_runs() -> None:
    table = grid_of(report_of("grid"))
    assert table is not None
    for heat, darkest in (("maximize", max), ("minimize", min)):
        view = table_view(replace(table, heat=heat), "screen")  # type: ignore[arg-type]
        shades = {
            cell.number: cell.shade
            for row in view.parts[0].rows
            for cell in row.cells
            if cell.number is not None
        }
        best = darkest(shades)
        assert shades[best] == 1.0
        assert min(s for s in shades.values() if s is not None) == 0.0


@pytest.mark.parametrize(
    "state", ["digits", "many", "one_run", "no_direction", "no_metric", "nothing_at_all"]
)
def test_without_a_grid_there_is_no_such_table(state: str) -> None:
    assert grid_of(report_of(state)) is None
