"""No range is printed with two equal ends, however narrow it is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import (
    Chart,
    Column,
    Number,
    NumberFormat,
    Point,
    Report,
    Row,
    Table,
    format_number,
    range_format,
)
from reportgen.findings import Findings
from reportgen.render.ranges import range_text, row_format
from tests.fakes.findings import digits_setups, noisy
from tests.fakes.setups import ACCURACY, LATENCY, SECONDS, START, Setup, build

SPREADS = st.sampled_from([1e-12, 1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 4e-3, 2e-2])
ENDS = st.floats(-1e9, 1e9, allow_subnormal=False)
FORMATS = st.builds(
    NumberFormat,
    st.sampled_from(["number", "percent", "points"]),
    st.integers(0, 4),
    st.sampled_from(["", "ms"]),
)
EQUAL_ENDS = re.compile(r"(?<![\d.,])([−+]?[\d.,]*\d) (?:to|and) \1(?![\d.,]*\d)")


@given(ENDS, ENDS, FORMATS)
def test_the_ends_of_a_range_read_apart_in_its_format(first: float, second: float, how: NumberFormat) -> None:
    low, high = sorted((first, second))
    finer = range_format(low, high, how)
    if finer is not None:
        texts = [format_number(end, finer, with_unit=False) for end in (low, high)]
        assert texts[0] != texts[1]
        assert how.decimals <= finer.decimals <= how.decimals + 2
    elif low < high:
        assert high * how.factor - low * how.factor < 1.01 * 10.0 ** -(how.decimals + 2)


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.971, 0.989, "98\xa0% (97 to 99)"),
        (0.976, 0.984, "98.0\xa0% (97.6 to 98.4)"),
        (0.9798, 0.9804, "98.00\xa0% (97.98 to 98.04)"),
        (0.98, 0.98, "98\xa0% ()"),
        (0.97999999, 0.98000001, "98\xa0% ()"),
    ],
)
def test_a_row_says_its_range_with_more_digits_or_its_value_alone(low: float, high: float, told: str) -> None:
    point, how = Point(0.98, low=low, high=high), NumberFormat("percent", 0)
    assert f"{format_number(point.x, row_format(point, how))} ({range_text(point, how)})" == told


def ranged(spreads: list[float], *, sweep_by_time: bool) -> Findings:
    """Eight set-ups whose repeats vary as much as told, each by another amount."""
    primary = SECONDS if sweep_by_time else replace(ACCURACY, target=0.9731)
    setups = [
        replace(setup, values=noisy(setup.values[0], spread, 5, place), further=setup.further)
        for place, (setup, spread) in enumerate(zip(digits_setups(), spreads, strict=True))
    ]
    return build(setups, primary=primary, further=(LATENCY,))


def every_text(report: Report) -> list[str]:
    rows = [
        range_text(point, (series.axis or block.x).format)
        for block in report.blocks()
        if isinstance(block, Chart)
        for series in block.series
        for point in series.points
    ]
    return [*(sentence.text.replace("\xa0", " ") for sentence in report.sentences()), *rows]


def printed(column: Column, row: Row, place: int) -> str | None:
    cell = row.cells[place]
    if isinstance(cell, Number):
        return format_number(cell.value, cell.format, with_unit=False)
    return format_number(cell, column.format) if isinstance(cell, float) and column.format else None


def equal_ends_in_tables(report: Report) -> list[tuple[str, str]]:
    found = []
    for table in (block for block in report.blocks() if isinstance(block, Table)):
        keys = [column.key for column in table.columns]
        for low, high in (("low", "high"), ("difference_low", "difference_high")):
            if low in keys:
                places = keys.index(low), keys.index(high)
                for row in table.rows:
                    ends = [printed(table.columns[place], row, place) for place in places]
                    found += [(table.id, ends[0])] if ends[0] and ends[0] == ends[1] else []
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SPREADS, min_size=8, max_size=8), st.booleans())
def test_no_range_in_a_report_has_equal_ends(spreads: list[float], sweep_by_time: bool) -> None:
    findings = ranged(spreads, sweep_by_time=sweep_by_time)
    report = compose(findings, Config(), built_at=START, version="1")
    assert [text for text in every_text(report) if EQUAL_ENDS.search(text)] == []
    assert equal_ends_in_tables(report) == []


def test_the_digits_follow_the_set_up_that_the_answer_is_about() -> None:
    """One more digit for all, where the first range would read "98 to 98"."""
    wide, narrow = (0.96, 0.97, 0.98, 0.99), (0.981, 0.983, 0.9815, 0.9835)
    setups = [Setup({"model": f"m{place}"}, tuple(v - place / 100 for v in wide)) for place in range(6)]
    made = build([setups[0], Setup({"model": "best"}, narrow), *setups[1:]], further=())
    report = compose(made, Config(), built_at=START, version="1")
    dots = next(block for block in report.blocks() if isinstance(block, Chart))
    told = {point.label: range_text(point, dots.x.format) for point in dots.series[0].points}
    assert (told["best"], told["m0"]) == ("98.0 to 98.4", "95.4 to 99.6")
