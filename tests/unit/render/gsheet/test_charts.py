"""Native charts: each reads cells with what it shows, says it in words, and stays where somebody dragged it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from reportgen.document import (
    Axis,
    Chart,
    KeyFigure,
    KeyFigures,
    Label,
    NumberFormat,
    Paragraph,
    Point,
    Report,
    Series,
    say,
)
from tests.fakes.reports import charts, full_report
from tests.unit.render.gsheet.reports import run_row, section, small_report
from tests.unit.render.gsheet.sheets import Spreadsheet

PLAIN = NumberFormat(decimals=1)


def with_charts(*made: Chart, text: str = "") -> Report:
    blocks = ((Paragraph(say(Label(text))),) if text else ()) + made
    return small_report([run_row(0)], section("curves", "Charts", *blocks))


def read(sheet: Spreadsheet, source: Any) -> list[Any]:
    """Give what a chart's range holds, its heading first."""
    (area,) = source["sourceRange"]["sources"]
    tab = sheet.by_id(area["sheetId"])
    rows = range(area["startRowIndex"], area["endRowIndex"])
    cells = (tab.cells.get((row, area["startColumnIndex"])) for row in rows)
    return [None if held is None else next(iter(held.values())) for held in cells]


def drawn(sheet: Spreadsheet, title: str) -> tuple[dict[str, Any], list[Any], dict[str, list[Any]]]:
    """Give a chart's spec, its domain, and its series by heading."""
    spec = next(
        entry["spec"]
        for tab in sheet.tabs
        for entry in tab.parts["charts"]
        if entry["spec"]["title"].startswith(title)
    )
    basic = spec["basicChart"]
    domain = read(sheet, basic["domains"][0]["domain"])
    series = {found[0]: found[1:] for found in (read(sheet, one["series"]) for one in basic["series"])}
    return spec, domain[1:], series


def lines(*series: Series, **changes: Any) -> Chart:
    made = Chart(
        "lines",
        "lines",
        say("A course"),
        say("What."),
        Axis("Step", PLAIN),
        Axis("Loss", PLAIN),
        series,
        say("Alt."),
    )
    return replace(made, **changes)


def test_every_chart_has_a_native_one_with_words_for_those_who_cannot_see_it(digits: Report) -> None:
    sheet = Spreadsheet()
    sheet.publish(digits)
    wanted = {
        " ".join(block.alt.text.split())
        for block in digits.blocks()
        if isinstance(block, Chart) and block.kind != "multiples"
    }
    found = {entry["spec"]["altText"] for tab in sheet.tabs for entry in tab.parts["charts"]}
    assert wanted <= found


def test_a_range_is_drawn_from_the_numbers_of_the_report() -> None:
    dots, *_ = charts()
    sheet = Spreadsheet()
    sheet.publish(with_charts(dots))
    _, names, series = drawn(sheet, dots.title.text)
    points = dots.series[0].points
    assert names == [point.label for point in points]
    assert series[dots.series[0].label] == [pytest.approx(point.x) for point in points]
    (low,) = (values for name, values in series.items() if name.endswith("lower end of range"))
    assert low == [point.low for point in points]
    for reference in dots.references:
        assert set(series[reference.label]) == {reference.value}
    assert "Here the ends of a range are marked by small diamonds." in " ".join(sheet.tab("Charts").column())


def test_a_logarithmic_axis_holds_powers_of_ten_and_says_so() -> None:
    axis = Axis("Time", NumberFormat(decimals=1, unit="ms"), log=True)
    points = (Point(1.0, 0.5, label="a"), Point(1000.0, 0.9, label="b"))
    chart = Chart(
        "s", "scatter", say("T"), say("What."), axis, Axis("Y", PLAIN), (Series("all", points),), say("Alt.")
    )
    sheet = Spreadsheet()
    sheet.publish(with_charts(chart))
    spec, domain, series = drawn(sheet, "T")
    assert domain == [pytest.approx(0), pytest.approx(3)]
    assert series["all"] == [0.5, 0.9]
    assert spec["basicChart"]["axis"][0]["title"] == "Time (ms), in powers of ten"
    (label,) = (one["dataLabel"] for one in spec["basicChart"]["series"])
    assert read(sheet, label["customLabelData"])[1:] == ["a", "b"]


def test_a_logarithm_of_nothing_is_never_taken() -> None:
    axis = Axis("Time", PLAIN, log=True)
    chart = Chart(
        "s",
        "scatter",
        say("T"),
        say("W."),
        axis,
        axis,
        (Series("all", (Point(0.0, -1.0), Point(9.0, 1.0))),),
        say("A."),
    )
    sheet = Spreadsheet()
    sheet.publish(with_charts(chart))
    assert drawn(sheet, "T")[1] == [0.0, 9.0]


def test_a_gap_between_stretches_stays_a_gap() -> None:
    one = Series("", (Point(1.0, 1.0), Point(2.0, 2.0)), "focus")
    two = Series("best", (Point(4.0, 4.0),), "focus")
    sheet = Spreadsheet()
    sheet.publish(with_charts(lines(one, two)))
    spec, steps, series = drawn(sheet, "A course")
    assert (steps, series) == ([1.0, 2.0, None, 4.0], {"best": [1.0, 2.0, None, 4.0]})
    assert spec["basicChart"]["interpolateNulls"] is False


def test_steps_go_up_at_their_place_and_bands_are_thin_lines() -> None:
    steps = Series("steps", (Point(1.0, 1.0), Point(3.0, 2.0)), style="steps")
    banded = Series("mean", (Point(1.0, 1.0, 0.5, 1.5), Point(2.0, 2.0, 1.5, 2.5)), "focus")
    sheet = Spreadsheet()
    sheet.publish(with_charts(lines(steps, banded)))
    _, xs, series = drawn(sheet, "A course")
    assert [(x, y) for x, y in zip(xs, series["steps"], strict=True) if y is not None] == [
        (1.0, 1.0),
        (3.0, 1.0),
        (3.0, 2.0),
    ]
    assert [v for v in series["mean, lower end of range"] if v is not None] == [0.5, 1.5]
    assert [v for v in series["mean, upper end of range"] if v is not None] == [1.5, 2.5]


def test_single_runs_are_one_faint_series_behind_the_others() -> None:
    faint = [Series("a", (Point(0.0, v), Point(1.0, v)), style="faint") for v in (1.0, 2.0)]
    sheet = Spreadsheet()
    sheet.publish(with_charts(lines(*faint, Series("a", (Point(0.0, 1.5), Point(1.0, 1.5))))))
    spec, _, series = drawn(sheet, "A course")
    assert list(series) == ["Single runs", "a"]
    assert [v for v in series["Single runs"] if v is not None] == [1.0, 1.0, 2.0, 2.0]
    assert spec["basicChart"]["series"][0]["lineStyle"]["width"] == 1


def test_a_small_line_with_a_value_that_no_cell_holds_has_a_gap() -> None:
    figures = KeyFigures((KeyFigure("Best", Label("a"), trend=(1.0, math.nan, 2.0)),))
    sheet = Spreadsheet()
    sheet.publish(small_report([run_row(0)], section("curves", "Charts", figures)))
    tab = sheet.tab("Chart data")
    row, _ = tab.find("Small line")
    assert [tab.text(row, column) for column in range(1, 4)] == ["1.0", "", "2.0"]


def test_a_long_line_keeps_its_ends() -> None:
    sheet = Spreadsheet()
    sheet.publish(with_charts(lines(Series("a", tuple(Point(float(n), n % 7) for n in range(5_000))))))
    _, xs, _ = drawn(sheet, "A course")
    assert len(xs) == 150
    assert (xs[0], xs[-1]) == (0.0, 4999.0)


def test_a_long_line_keeps_its_peak_and_its_low() -> None:
    points = [Point(float(n), n % 7) for n in range(5_000)]
    points[777], points[4_321] = Point(777.0, 99.0), Point(4_321.0, -99.0)
    sheet = Spreadsheet()
    sheet.publish(with_charts(lines(Series("a", tuple(points)))))
    _, steps, series = drawn(sheet, "A course")
    heights = dict(zip(steps, series["a"], strict=True))
    assert (heights[777.0], heights[4_321.0]) == (99.0, -99.0)


def test_days_are_days_of_the_sheet() -> None:
    chart = lines(
        Series("a", (Point(1_790_000_000.0, 1.0), Point(1_790_086_400.0, 2.0))),
        x=Axis("Day", PLAIN, dates=True),
    )
    sheet = Spreadsheet()
    sheet.publish(with_charts(chart))
    _, days, _ = drawn(sheet, "A course")
    assert days[1] - days[0] == pytest.approx(1)
    assert days[0] == pytest.approx(46286.5926, abs=1e-3)  # 21 September 2026, 14:13 UTC


def test_a_chart_keeps_the_place_that_somebody_dragged_it_to() -> None:
    sheet = Spreadsheet()
    chart = lines(Series("a", (Point(0.0, 1.0), Point(1.0, 2.0))))
    sheet.publish(with_charts(chart))
    (entry,) = sheet.tab("Charts").parts["charts"]
    anchor = entry["position"]["overlayPosition"]["anchorCell"]
    anchor["rowIndex"], anchor["columnIndex"] = 40, 3
    for text in ("More text.", "And more. " * 60):
        sheet.publish(with_charts(chart, text=text))
        (entry,) = sheet.tab("Charts").parts["charts"]
        anchor = entry["position"]["overlayPosition"]["anchorCell"]
        assert (anchor["rowIndex"], anchor["columnIndex"]) == (40, 3)


def test_a_chart_that_nobody_dragged_moves_with_the_text() -> None:
    sheet = Spreadsheet()
    chart = lines(Series("a", (Point(0.0, 1.0), Point(1.0, 2.0))))
    sheet.publish(with_charts(chart))
    (entry,) = sheet.tab("Charts").parts["charts"]
    before, chart_id = entry["position"]["overlayPosition"]["anchorCell"]["rowIndex"], entry["chartId"]
    sheet.publish(with_charts(chart, text="And more. " * 60))
    (entry,) = sheet.tab("Charts").parts["charts"]
    assert entry["position"]["overlayPosition"]["anchorCell"]["rowIndex"] > before
    assert entry["chartId"] == chart_id


def test_a_chart_reads_its_new_numbers() -> None:
    sheet = Spreadsheet()
    sheet.publish(with_charts(lines(Series("a", (Point(0.0, 1.0), Point(1.0, 2.0))))))
    sheet.publish(with_charts(lines(Series("a", tuple(Point(float(n), 3.0) for n in range(9))))))
    assert drawn(sheet, "A course")[2] == {"a": [3.0] * 9}


def test_key_figures_have_their_small_lines() -> None:
    sheet = Spreadsheet()
    sheet.publish(full_report())
    formulas = [h["formulaValue"] for h in sheet.tab("Summary").cells.values() if "formulaValue" in h]
    (formula,) = (text for text in formulas if "SPARKLINE" in text)
    assert formula.startswith("=SPARKLINE('Chart data'!$B$")
    data = sheet.tab("Chart data")
    row, _ = data.find("Small line")
    assert [data.cells[row, column]["numberValue"] for column in range(1, 5)] == [0.90, 0.92, 0.95, 0.97]


@pytest.mark.parametrize("kind", ["dot_interval", "bars"])
def test_names_on_an_axis_are_short_and_differ(kind: Any) -> None:
    sheet = Spreadsheet()
    names = [f"mlp (scanner A, hidden {2**n}, learning rate 0.01)" for n in range(5)]
    points = tuple(Point(0.9 + n / 100, label=name) for n, name in enumerate(names))
    chart = lines(Series("Accuracy", points), kind=kind)
    sheet.publish(with_charts(chart))
    _, domain, _ = drawn(sheet, "A course")
    assert domain == [f"mlp (scanner A, hidden {2**n}, …)" for n in range(5)]
