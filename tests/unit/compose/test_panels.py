"""Small multiples: the leading set-ups on every metric, in the page and in the workbook."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.document import Chart, Paragraph, Report
from reportgen.render.charts import chart_height, chart_svg
from reportgen.render.panels import apart
from reportgen.render.theme import load_theme
from tests.fakes.findings import STATES
from tests.fakes.setups import START

THEME = load_theme(ThemeConfig())


def report_of(state: str) -> Report:
    return compose(STATES[state](), Config(), built_at=START, version="1")


def panels_of(report: Report) -> Chart | None:
    return next((b for b in report.blocks() if isinstance(b, Chart) and b.kind == "multiples"), None)


def test_each_metric_has_a_panel_of_the_same_rows_with_its_own_numbers() -> None:
    report = report_of("digits")
    chart = panels_of(report)
    assert chart is not None
    assert len(chart.series) == report.numbers["counts"]["panels"] == 3
    assert len({tuple(point.label for point in series.points) for series in chart.series}) == 1
    by_label = {c["label"]: c for c in report.numbers["configurations"]}
    seconds = next(series for series in chart.series if "time" in series.label.lower())
    for point in seconds.points:
        assert point.x == by_label[point.label]["metrics"]["fit_seconds"]["mean"]
    assert all(series.axis is not None for series in chart.series)


def test_what_has_no_place_in_the_chart_is_said_with_where_it_is() -> None:
    findings = STATES["digits"]()
    names = list(findings.metrics)
    more = {
        f"extra_{n}": replace(findings.metrics[names[1]], name=f"extra_{n}", label=f"Extra {n}")
        for n in range(3)
    }

    def told(extra: int) -> str:
        added = dict(list(more.items())[:extra])
        configurations = tuple(
            replace(
                c,
                metrics={
                    **c.metrics,
                    **{name: c.metrics[names[1]] for name in added if names[1] in c.metrics},
                },
            )
            for c in findings.configurations
        )
        grown = replace(findings, metrics={**findings.metrics, **added}, configurations=configurations)
        chart = panels_of(compose(grown, Config(), built_at=START, version="1"))
        assert chart is not None
        return chart.subtitle.text.partition("Not drawn: ")[2]

    where = " All numbers stand in the comparison in the workbook and on the web page."
    rest = len(findings.configurations) - 6
    assert told(1) == f"{rest} more set-ups.{where}"
    assert told(2) == f"Extra 1 and {rest} more set-ups.{where}"
    assert told(3) == f"Extra 1, Extra 2 and {rest} more set-ups.{where}"


@pytest.mark.parametrize("state", ["many", "one_run", "no_metric", "all_failed", "nothing_at_all"])
def test_without_three_metrics_there_are_none(state: str) -> None:
    assert panels_of(report_of(state)) is None


@pytest.mark.parametrize(("width", "times"), [(178.0, 1), (92.0, 3)])
def test_names_stand_once_side_by_side_and_in_every_panel_below_one_another(width: float, times: int) -> None:
    chart = panels_of(report_of("digits"))
    assert chart is not None
    root = ET.fromstring(chart_svg(chart, THEME, width_mm=width, hover=True))  # noqa: S314 - our own drawing
    texts = ["".join(element.itertext()) for element in root.iter() if element.tag.endswith("text")]
    for point in chart.series[0].points:
        assert texts.count(point.label) == times
    told = [element.text or "" for element in root.iter() if element.tag.endswith("title")][1:]
    assert len(told) == 3 * len(chart.series[0].points)
    assert chart_height(chart, width_mm=92.0) > 2 * chart_height(chart, width_mm=178.0)


def test_a_workbook_has_a_native_chart_for_each_panel() -> None:
    chart = panels_of(report_of("digits"))
    assert chart is not None
    title, *found = apart(chart)
    assert isinstance(title, Paragraph)
    assert title.sentence == chart.title
    made = [block for block in found if isinstance(block, Chart)]
    assert [block.title.text for block in made] == [series.label for series in chart.series]
    assert [block.x for block in made] == [series.axis for series in chart.series]
    assert {(block.kind, block.width) for block in made} == {("dot_interval", "half")}
    assert all(block.alt == chart.alt for block in made)
