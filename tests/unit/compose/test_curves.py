"""The table beneath the learning curves: what it says of the end, in words that fit the band."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import Chart, Report, Table
from reportgen.findings import CurvePoint, LearningCurve
from tests.fakes.findings import digits
from tests.fakes.setups import START


def report_with(**changes: object) -> Report:
    made = digits()
    curves = tuple(replace(curve, **changes) for curve in made.curves)  # type: ignore[arg-type]
    return compose(replace(made, curves=curves), Config(), built_at=START, version="1")


def table_of(report: Report) -> Table:
    return next(block for block in report.blocks() if isinstance(block, Table) and block.id == "curve_ends")


def test_the_end_is_where_all_runs_still_are() -> None:
    points = tuple(
        CurvePoint(float(step), 0.5 + step / 10, 0.4, 0.9, n) for step, n in ((0, 2), (1, 3), (2, 3), (3, 1))
    )
    curve = LearningCurve("a", "acc", points, 3)
    assert curve.last == points[2]
    assert replace(curve, runs=4).last == points[3]
    assert replace(curve, points=()).last is None


def test_what_the_table_says_is_what_the_numbers_say() -> None:
    made = digits().curves[0]
    early = (*made.points[:-1], replace(made.points[-1], n=1, mean=0.1))
    report = report_with(points=early)
    row = table_of(report).rows[0]
    assert early[-2].mean in row.cells
    assert report.numbers["curves"][0]["last"]["mean"] == early[-2].mean


@pytest.mark.parametrize(
    ("band", "headings"),
    [
        ("runs", ("Lowest run", "Highest run")),
        ("interval", ("Low end of the band", "High end of the band")),
        ("quartiles", ("Low end of the band", "High end of the band")),
    ],
)
def test_a_band_that_is_not_of_runs_is_not_called_so(band: str, headings: tuple[str, str]) -> None:
    columns = {column.key: column.heading for column in table_of(report_with(band=band)).columns}
    assert (columns["low"], columns["high"]) == headings


def test_single_runs_stand_behind_their_own_set_up() -> None:
    lines = tuple(((0.0, 0.1), (1.0, height)) for height in (0.2, 0.3))
    report = report_with(lines=lines)
    chart = next(b for b in report.blocks() if isinstance(b, Chart) and b.id == "curves")
    drawn = {series.label for series in chart.series if series.style != "faint"}
    faint = [series.label for series in chart.series if series.style == "faint"]
    assert set(faint) <= drawn
    assert len(faint) == 2 * len(set(faint))
