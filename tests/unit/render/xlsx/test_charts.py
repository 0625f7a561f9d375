from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from reportgen.config import ThemeConfig
from reportgen.document import (
    INTEGER,
    Axis,
    Chart,
    Label,
    NumberFormat,
    Point,
    Reference,
    Report,
    Section,
    Series,
    say,
)
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from reportgen.render.xlsx.chart_parts import tick_format
from reportgen.render.xlsx.chartdata import ChartData, cell_value
from reportgen.render.xlsx.plots import draw
from tests.fakes.reports import PERCENT, POINTS, charts, meta


def workbook_with(tmp_path: Path, *blocks: Chart) -> Any:
    report = Report(meta(), (Section("answer", say("The answer"), "Summary", blocks),), {})
    target = tmp_path / "a.xlsx"
    XlsxRenderer().render(report, load_theme(ThemeConfig()), target)
    return load_workbook(target)


def rows_of(workbook: Any) -> list[list[Any]]:
    sheet = workbook["Chart data"]
    (table,) = sheet.tables.values()
    return [[cell.value for cell in row] for row in sheet[table.ref]]


def cells_at(workbook: Any, reference: str) -> list[Any]:
    sheet, _, cells = reference.rpartition("!")
    found = workbook[sheet.strip("'")][cells.replace("$", "")]
    return [row[0].value for row in found] if isinstance(found, tuple) else [found.value]


@pytest.mark.parametrize("index", range(4))
def test_charts_read_the_cells_that_hold_their_values(tmp_path: Path, index: int) -> None:
    chart = charts()[index]
    workbook = workbook_with(tmp_path, chart)
    (native,) = workbook["Summary"]._charts
    found = set()
    for series in native.series:
        source = series.val or series.xVal
        found |= set(cells_at(workbook, source.numRef.f))
        cached = [point.v for point in source.numRef.numCache.pt]
        assert cached == pytest.approx(cells_at(workbook, source.numRef.f))
        assert cells_at(workbook, series.tx.strRef.f) == [point.v for point in series.tx.strRef.strCache.pt]
    assert {point.x for one in chart.series for point in one.points} <= found


def test_lines_named_in_a_legend_differ_in_colour_or_dashes(tmp_path: Path) -> None:
    lines = tuple(Series(f"set-up {i}", (Point(0.0, 0.5), Point(1.0, 0.9 + i / 1000))) for i in range(6))
    chart = replace(charts()[3], series=lines, references=())
    (native,) = workbook_with(tmp_path, chart)["Summary"]._charts
    strokes = [one.graphicalProperties.line for one in native.series]
    looks = {(str(stroke.solidFill), stroke.prstDash) for stroke in strokes}
    assert len(looks) == len(lines)


def test_a_long_chart_title_gets_smaller_before_it_breaks(tmp_path: Path) -> None:
    title = say("Validation accuracy of each set-up against logreg", Label(", C 1"))
    chart = replace(charts()[0], width="half", title=title)
    (native,) = workbook_with(tmp_path, chart)["Summary"]._charts
    (paragraph,) = native.title.tx.rich.p
    assert paragraph.r[0].rPr.sz < 1300


def test_names_apart_from_their_points_take_no_room_from_the_plot(tmp_path: Path) -> None:
    points = tuple(Point(5 + x / 10, 5 + y / 10) for x in range(-2, 3) for y in range(-3, 4))
    corners = (Point(0.0, 0.0), Point(10.0, 10.0))
    named = Point(5.1, 5.1, label="in the middle", tone="focus")
    axis = Axis("Value", INTEGER)
    series = (Series("Others", (*points, *corners, named)),)
    chart = replace(charts()[0], kind="scatter", series=series, x=axis, y=axis, references=(), width="half")
    (native,) = workbook_with(tmp_path, chart)["Summary"]._charts
    assert "in the middle" in {one.tx.strRef.strCache.pt[0].v for one in native.series}
    assert native.layout.manualLayout.w > 0.75


def test_chart_data_say_that_they_must_not_be_sorted(tmp_path: Path) -> None:
    sheet = workbook_with(tmp_path, charts()[0])["Chart data"]
    assert "do not sort" in sheet["A2"].value
    (table,) = sheet.tables.values()
    assert table.autoFilter is None


def test_ranges_are_written_as_distances_from_the_mark(tmp_path: Path) -> None:
    rows = rows_of(workbook_with(tmp_path, charts()[0]))
    (first,) = (row for row in rows if row[2] == "MLP, hidden 64")
    assert first[5:] == pytest.approx([0.003, 0.003])


def test_points_are_shown_times_a_hundred_in_cells_and_axes(tmp_path: Path) -> None:
    chart = replace(charts()[0], x=Axis("Difference", POINTS), references=())
    workbook = workbook_with(tmp_path, chart)
    (native,) = workbook["Summary"]._charts
    assert 97.31 in [row[3] for row in rows_of(workbook)]
    assert native.x_axis.scaling.max > 90


def test_dates_are_days_in_cells_and_axes(tmp_path: Path) -> None:
    day = datetime(2026, 11, 22, tzinfo=UTC)
    axis = Axis("Built", INTEGER, dates=True)
    points = tuple(Point(day.timestamp() + 86_400 * i, float(i)) for i in range(5))
    chart = replace(charts()[3], x=axis, series=(Series("a", points),), references=())
    workbook = workbook_with(tmp_path, chart)
    (native,) = workbook["Summary"]._charts
    assert rows_of(workbook)[1][3] == day.replace(tzinfo=None)
    assert cell_value(day.timestamp(), axis) == 46348.0
    assert native.x_axis.scaling.max == 46352.0
    assert native.x_axis.number_format.formatCode == "d mmm yyyy"


@pytest.mark.parametrize("extreme", [1e308, -1e308, 5e-324, 0.0])
@pytest.mark.parametrize("kind", ["dot_interval", "bars", "lines", "scatter"])
@pytest.mark.parametrize("flag", ["plain", "log", "dates"])
def test_hostile_charts_are_still_written(tmp_path: Path, extreme: float, kind: Any, flag: str) -> None:
    axis = Axis("\ud800=x", PERCENT, log=flag == "log", dates=flag == "dates")
    points = (
        Point(extreme, extreme, label="=1+1\x00"),
        Point(1.0, 1.0, low=0.5, high=2.0, label="\ud800" * 99),
    )
    chart = Chart(
        "c", kind, say(Label("\ufffe" * 400)), say(Label("_x0041_")), axis, axis,
        (Series("\x07" * 300, points),), say(Label("\ud800" * 300)), (Reference(extreme, "=r"),),
    )  # fmt: skip
    assert workbook_with(tmp_path, chart)["Summary"]._charts


def test_a_chart_of_the_same_series_twice_gets_ranges_of_its_own() -> None:
    data = ChartData("Chart data")
    first, second = (data.add(draw(charts()[2])) for _ in range(2))
    assert first[0].x.ref == "'Chart data'!$D$6:$D$7"
    assert second[0].x.ref == "'Chart data'!$D$8:$D$9"


@pytest.mark.parametrize(
    ("how", "step", "code"),
    [
        (PERCENT, 0.02, "#,##0%"),
        (PERCENT, 0.005, "#,##0.0%"),
        (INTEGER, 0.25, "#,##0.00"),
        (POINTS, 0.05, "+#,##0;-#,##0;#,##0"),
        (NumberFormat(decimals=3, unit="ms"), 10.0, "#,##0"),
    ],
)
def test_ticks_have_as_many_decimals_as_their_distance(how: NumberFormat, step: float, code: str) -> None:
    assert tick_format(Axis("x", how), step) == code
