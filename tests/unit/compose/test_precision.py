from __future__ import annotations

import pytest

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.compose.precision import (
    adds_up,
    duration_format,
    formats_of,
    margin_decimals,
    metric_formats,
    reads_the_same,
    value_decimals,
)
from reportgen.compose.recipes.tried import value_text
from reportgen.compose.slug import make_slug
from reportgen.config import CompareConfig, Config, MetricConfig
from reportgen.document import Missing, NumberFormat, Paragraph, Table, format_number
from tests.fakes.findings import STATES
from tests.fakes.runsets import START, sweep
from tests.fakes.setups import ACCURACY, LATENCY


@pytest.mark.parametrize(
    ("margin", "decimals"),
    [(0.31, 1), (0.096, 1), (0.094, 2), (12.0, 0), (0.0031, 3), (1.0, 0), (0.96, 0), (0.0, 0), (1e-12, 6)],
)
def test_margin_shows_one_digit(margin: float, decimals: int) -> None:
    assert margin_decimals(margin) == decimals


@pytest.mark.parametrize(("value", "decimals"), [(93.146, 1), (0.5, 3), (1234.0, 0), (0.0, 0), (9.99, 2)])
def test_value_without_margin_has_three_digits(value: float, decimals: int) -> None:
    assert value_decimals(value) == decimals


def test_percent_metric_shows_points_for_differences() -> None:
    formats = metric_formats(ACCURACY, 1)
    assert format_number(0.931, formats.value) == "93.1\N{NO-BREAK SPACE}%"
    assert format_number(0.021, formats.difference) == "+2.1\N{NO-BREAK SPACE}points"
    assert format_number(0.021, formats.size) == "2.1\N{NO-BREAK SPACE}points"
    assert format_number(0.021, formats.size_low) == "2.1"
    assert format_number(0.9996, formats.value) != "100.0\N{NO-BREAK SPACE}%"


def test_metric_with_a_unit_keeps_it() -> None:
    formats = metric_formats(LATENCY, 2)
    assert format_number(-1.5, formats.difference) == "−1.50\N{NO-BREAK SPACE}ms"
    assert formats.low.bare


def test_one_run_has_three_significant_digits() -> None:
    assert formats_of(STATES["one_run"]())["val_accuracy"].value == NumberFormat("percent", 1)


def test_printed_gap_is_that_of_the_printed_values() -> None:
    percent = NumberFormat("percent", 0)
    assert not adds_up(0.975, 0.901, percent)
    assert adds_up(0.975, 0.901, NumberFormat("percent", 1))
    assert formats_of(STATES["unfinished"]())["val_accuracy"].value.decimals == 1


def test_reading_alike_depends_on_the_decimals() -> None:
    assert reads_the_same(0.9312, 0.9314, NumberFormat("percent", 1))
    assert not reads_the_same(0.9312, 0.9314, NumberFormat("percent", 2))


@pytest.mark.parametrize(
    ("seconds", "text"), [(5.25, "5.2 s"), (90.0, "90 s"), (1800.0, "30 minutes"), (9000.0, "2.5 hours")]
)
def test_durations_use_the_unit_of_a_person(seconds: float, text: str) -> None:
    field, how = duration_format(seconds)
    value = {"seconds": seconds, "minutes": seconds / 60, "hours": seconds / 3600}[field]
    assert format_number(value, how).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("digits: results", "digits-results"),
        ("Änderungen & Größe", "anderungen-grosse"),
        ("../../etc/passwd", "etc-passwd"),
        ("x" * 100, "x" * 60),
        ("Digit recognition: which model should we ship to all of our customers now?",
         "digit-recognition-which-model-should-we-ship-to-all-of-our"),
    ],
)  # fmt: skip
def test_slug_of_a_title(title: str, slug: str) -> None:
    assert make_slug(title) == slug


@pytest.mark.parametrize("title", ["数字认识", "", "???", "CON", "нейросеть 5"])
def test_slug_without_latin_letters_comes_from_a_digest(title: str) -> None:
    slug = make_slug(title)
    assert slug.startswith("report-")
    assert slug != make_slug(title + "x")
    assert slug.isascii()


def test_the_digits_of_huge_numbers_are_not_added_until_they_add_up() -> None:
    values = {"a": 9.898e14, "b": 1.3915e15}
    results = {model: [value * (1 + step / 300) for step in range(5)] for model, value in values.items()}
    config = Config(
        metrics={"accuracy": MetricConfig("accuracy", unit="points")},
        compare=CompareConfig(baseline={"model": "a"}),
    )
    report = compose(analyse(sweep(results), config), config, built_at=START, version="0")
    lead = report.sections[0].blocks[0]
    assert isinstance(lead, Paragraph)
    said = lead.sentence.text.replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith(
        "b reached 1.40e+15 points on Accuracy against 9.96e+14 points, 4.04e+14 points better"
    )


def test_a_gap_that_is_not_settled_is_not_told_as_a_part_of_the_gap_between_the_printed_values() -> None:
    results = {"a": [0.960, 0.962, 0.985, 0.974, 0.980], "b": [0.965, 0.966, 0.990, 0.978, 0.986]}
    config = Config(metrics={"f1": MetricConfig("f1")}, compare=CompareConfig(baseline={"model": "a"}))
    findings = analyse(sweep(results, "f1"), config)
    coarse = metric_formats(findings.metrics["f1"], 2)
    assert [format_number(value, coarse.value) for value in (0.9770, 0.9722)] == ["0.98", "0.97"]
    assert format_number(0.9770 - 0.9722, coarse.difference) == "+0.005"
    report = compose(findings, config, built_at=START, version="0")
    lead = report.sections[0].blocks[0]
    assert isinstance(lead, Paragraph)
    assert lead.sentence.text.startswith("b reached 0.977 on F1 against 0.972.")


def test_ranges_of_tiny_numbers_are_seen() -> None:
    results = {"a": [2.18e-13, 2.20e-13, 2.22e-13], "b": [2.45e-13, 2.46e-13, 2.47e-13]}
    config = Config(metrics={"loss": MetricConfig("loss")}, compare=CompareConfig(baseline={"model": "a"}))
    report = compose(analyse(sweep(results, "loss"), config), config, built_at=START, version="0")
    compared = next(
        block for block in report.blocks() if isinstance(block, Table) and block.id == "comparison"
    )
    assert not any(
        isinstance(cell, Missing) and "hardly" in cell.reason for row in compared.rows for cell in row.cells
    )


def test_values_of_settings_that_differ_read_differently() -> None:
    assert [value_text(value) for value in (0.1, 0.1000001, 1234567.5)] == ["0.1", "0.1000001", "1234567.5"]
