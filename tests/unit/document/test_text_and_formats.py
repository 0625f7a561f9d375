from __future__ import annotations

import pytest

from reportgen.document import (
    INTEGER,
    Chart,
    Column,
    Label,
    Number,
    NumberFormat,
    Row,
    Table,
    Words,
    excel_factor,
    excel_format,
    format_number,
    join_sentences,
    resolve_pointer,
    say,
)
from reportgen.document.blocks import Axis, Point, Series

SPACE = "\N{NO-BREAK SPACE}"


def test_words_refuse_digits() -> None:
    with pytest.raises(ValueError, match="must come from a finding"):
        Words("93 percent")


def test_sentence_splices_and_knows_its_numbers() -> None:
    number = Number(0.931, NumberFormat("percent", 1), "/mean")
    sentence = say("It reached ", number, " with ", say(Label("lr 0.1")), ".")
    assert sentence.text == f"It reached 93.1{SPACE}% with lr 0.1."
    assert sentence.numbers == (number,)


def test_joining_skips_empty_sentences() -> None:
    assert join_sentences([say("One."), say(), say("Two.")]).text == "One. Two."


@pytest.mark.parametrize(
    ("value", "how", "text"),
    [
        (0.9996, NumberFormat("percent"), f"99.96{SPACE}%"),
        (1.0, NumberFormat("percent"), f"100{SPACE}%"),
        (0.0004, NumberFormat("number", 1), "0.0004"),
        (-0.021, NumberFormat("points", 1, signed=True), f"−2.1{SPACE}points"),
        (0.01, NumberFormat("points"), f"1{SPACE}point"),
        (12034.0, INTEGER, "12,034"),
        (9_876_543_210_123.0, INTEGER, "9,876,543,210,123"),
        (1_391_527_692_725_826.5, NumberFormat(unit="points"), f"1.39e+15{SPACE}points"),
        (-4.017e14, NumberFormat("number", 1, signed=True), "−4.017e+14"),
        (1e300, NumberFormat(signed=True), "+1.00e+300"),
        (2.154e-13, NumberFormat(decimals=6), "2.2e−13"),
        (2.154e-13, NumberFormat(decimals=8), "2.154e−13"),
        (-2.4e-12, NumberFormat("number", 1), "−2.4e−12"),
        (float("nan"), INTEGER, "not a number"),
        (float("-inf"), INTEGER, "−infinite"),
        (0.017, NumberFormat("points", 1, bare=True), "1.7"),
        (1.7, NumberFormat("number", 1, unit="ms", bare=True), "1.7"),
    ],
)
def test_numbers_read_as_they_are(value: float, how: NumberFormat, text: str) -> None:
    assert format_number(value, how) == text


def test_workbook_formats_keep_the_value() -> None:
    assert excel_format(NumberFormat("percent", 1)) == "#,##0.0%"
    assert excel_format(NumberFormat("points", 1, signed=True)) == "+#,##0.0;-#,##0.0;#,##0.0"
    assert excel_factor(NumberFormat("points")) == 100.0
    assert excel_factor(NumberFormat("percent")) == 1.0


def test_pointer_that_leads_nowhere_raises() -> None:
    assert resolve_pointer({"a": [1, {"b": 2}]}, "/a/1/b") == 2
    for wrong in ("/a/7", "/x", "/a/b", "/a/0/b"):
        with pytest.raises(KeyError):
            resolve_pointer({"a": [1, {"b": 2}]}, wrong)


def test_table_checks_its_shape() -> None:
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        Table("t", say("T"), (Column("a", "A"), Column("b", "B")), (Row(("x",)),))
    with pytest.raises(ValueError, match="share a key"):
        Table("t", say("T"), (Column("a", "A"), Column("a", "B")), ())


def test_chart_needs_finite_points() -> None:
    axis = Axis("x", INTEGER)
    for points in ((), (Point(float("nan")),)):
        with pytest.raises(ValueError, match="chart c"):
            Chart("c", "bars", say("T"), say("S"), axis, axis, (Series("s", points),), say("A"))
