from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from reportgen.config import ThemeConfig
from reportgen.document import (
    INTEGER,
    Axis,
    Block,
    Callout,
    Chart,
    Chip,
    Column,
    KeyFigure,
    KeyFigures,
    Label,
    Number,
    NumberFormat,
    Paragraph,
    Point,
    Report,
    Row,
    Section,
    Series,
    Table,
    say,
)
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from tests.fakes.reports import PERCENT, charts, meta

SMALL = Table(
    "page_one",
    say("The first set-ups"),
    (Column("setup", "Set-up"), Column("score", "Score", PERCENT, "maximize"), Column("why", "Why")),
    (Row(("svm", 0.9, "Ahead of all.")), Row(("knn", 0.8, "A long reason that flows over the page."))),
    say("Two more stand in the comparison."),
)


def summary_of(tmp_path: Path, *blocks: Block, font: str = "Calibri", **changes: Any) -> Any:
    report = Report(meta(**changes), (Section("answer", say("The answer"), "Summary", blocks),), {})
    theme = load_theme(ThemeConfig())
    theme = replace(theme, fonts={**theme.fonts, "workbook": font})
    XlsxRenderer().render(report, theme, tmp_path / "a.xlsx")
    return load_workbook(tmp_path / "a.xlsx").worksheets[0]


def place(sheet: Any, text: str) -> tuple[int, int]:
    """Row and column of the cell with this text."""
    ((row, column),) = [(c.row, c.column) for row in sheet.iter_rows() for c in row if c.value == text]
    return row, column


def figures(count: int) -> KeyFigures:
    one = KeyFigure(
        "Runs with a result",
        Number(1_234_567.0, INTEGER, ""),
        Chip(say("more than last week, which had fewer runs than any other week"), "good", "▲"),
        say("of all that were started in the weeks that this report is about"),
    )
    return KeyFigures((one,) * count)


def test_a_small_table_stands_in_its_place_in_the_text(tmp_path: Path) -> None:
    sheet = summary_of(tmp_path, Paragraph(say("Before.")), SMALL, Paragraph(say("After.")))
    table = sheet.tables["tbl_page_one"]
    left, top, right, bottom = range_boundaries(table.ref)
    assert (left, right) == (1, 3)
    assert top
    assert bottom
    assert [cell.value for cell in sheet[top][:3]] == ["Set-up", "Score (%)", "Why"]
    assert place(sheet, "Before.")[0] < place(sheet, "The first set-ups")[0] == top - 1
    assert bottom < place(sheet, "After.")[0]
    assert table.autoFilter is None
    assert sheet.freeze_panes == "A2"


def test_a_small_tables_note_and_colours_come_with_it(tmp_path: Path) -> None:
    sheet = summary_of(tmp_path, SMALL)
    place(sheet, "Two more stand in the comparison. Bold green: the best value of a column.")
    ranges = [str(area.sqref) for area in sheet.conditional_formatting]
    left, top, _, bottom = range_boundaries(sheet.tables["tbl_page_one"].ref)
    assert left == 1
    assert ranges == [f"B{(top or 0) + 1}:B{bottom}"]


def test_last_texts_flow_over_the_page_instead_of_wrapping(tmp_path: Path) -> None:
    sheet = summary_of(tmp_path, SMALL)
    row, column = place(sheet, "A long reason that flows over the page.")
    assert not sheet.cell(row, column).alignment.wrap_text
    assert all(sheet.cell(row, free).value is None for free in range(column + 1, 8))
    assert sheet.cell(row, 7).border.bottom.style == "thin"


@pytest.mark.parametrize("count", [1, 3, 4, 5, 6, 7])
def test_key_figures_stand_apart_and_are_not_cut(tmp_path: Path, count: int) -> None:
    sheet = summary_of(tmp_path, figures(count))
    numbers = [c for row in sheet.iter_rows() for c in row if c.value == 1_234_567.0]
    assert len(numbers) == count
    for cell in numbers:
        width = sheet.column_dimensions[cell.column_letter].width
        assert len("1,234,567") * cell.font.sz / 11 <= width * 1.05, "a number too wide is shown as ####"
    for row in sheet.iter_rows():
        texts = [cell for cell in row if cell.value == "Runs with a result"]
        assert len({cell.column for cell in texts}) == len(texts)


def test_long_words_below_a_key_figure_are_kept_whole(tmp_path: Path) -> None:
    sheet = summary_of(tmp_path, figures(2))
    column = " ".join(str(row[0].value) for row in sheet.iter_rows() if row[0].value)
    assert "▲ more than last week, which had fewer runs than any other week" in column
    assert "of all that were started in the weeks that this report is about" in column


def test_a_decision_in_a_box_is_not_said_again_at_the_foot(tmp_path: Path) -> None:
    box = Callout("Decision needed", (say("Choose the model."),))
    sheet = summary_of(tmp_path, box, decision="Choose the model.")
    place(sheet, "Choose the model.")
    without = summary_of(tmp_path, decision="Choose the model.")
    place(without, "Choose the model.")


def test_dates_at_the_foot_are_words_that_flow_over(tmp_path: Path) -> None:
    sheet = summary_of(tmp_path)
    row, _ = place(sheet, "Made on")
    assert str(sheet.cell(row, 2).value).endswith(" UTC")


def test_the_font_is_the_themes_and_wider_fonts_get_more_room(tmp_path: Path) -> None:
    question = "Is svm, C ten better than logreg, C?"
    columns = (Column("a", "Question"), Column("b", "Answer"))
    table = Table("t", say("How sure are we?"), columns, (Row((question, "yes")),))
    heights = []
    for font in ("Calibri", "Verdana"):
        sheet = summary_of(tmp_path, Paragraph(say("word " * 40)), table, font=font)
        row, column = place(sheet, question)
        assert sheet.cell(row, column).font.name == font
        heights.append(sheet.row_dimensions[row].height)
    assert heights[1] > heights[0]


def test_half_charts_stand_side_by_side(tmp_path: Path) -> None:
    first, second = (replace(chart, width="half") for chart in charts()[:2])
    sheet = summary_of(tmp_path, first, second)
    left, right = (chart.anchor for chart in sheet._charts)
    assert left._from.row == right._from.row
    assert left._from.col == 0
    start = sum(
        int(sheet.column_dimensions["ABCDEFG"[number]].width * 7 + 5) for number in range(right._from.col)
    )
    assert left.ext.width // 9525 < start + right._from.colOff // 9525


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0.0003, "0.0000"),
        (50.0, "0"),
        (1e-05, "0E+00"),
        (0.25, "0.00"),
        (-0.001, "0.000"),
        (2.5e-07, "0.0E+00"),
    ],
)
def test_settings_show_the_digits_that_were_typed(tmp_path: Path, value: float, code: str) -> None:
    column = Column("rate", "rate", NumberFormat("general"))
    sheet = summary_of(tmp_path, Table("t", say(Label("t")), (column,), (Row((value,)),)))
    _, _, _, bottom = range_boundaries(sheet.tables["tbl_t"].ref)
    assert bottom
    assert sheet.cell(bottom, 1).value == value
    assert sheet.cell(bottom, 1).number_format == code


@pytest.mark.parametrize(
    ("series", "said"),
    [
        (
            (Series("svm", (Point(0.0, 0.1), Point(1.0, 0.2)), "focus", "faint"),),
            "What. Thin lines are not drawn here.",
        ),
        ((Series("", (Point(0.0, 0.1), Point(1.0, 0.2)), "focus", "faint"),), "What."),
        (
            tuple(Series(f"line {n}", (Point(0.0, 0.1, 0.0, 0.2),)) for n in range(4)),
            "What. Bands are not drawn here.",
        ),
        (tuple(Series(f"line {n}", (Point(0.0, 0.1, 0.0, 0.2),)) for n in range(3)), "What."),
        (
            tuple(
                series
                for n in range(4)
                for series in (
                    Series(f"line {n}", (Point(0.0, 0.1, 0.0, 0.2),)),
                    Series(f"line {n}", (Point(0.0, 0.1),), "neutral", "faint"),
                )
            ),
            "What. Thin lines are not drawn here.",
        ),
    ],
)
def test_words_below_a_chart_say_what_of_them_is_not_drawn(
    tmp_path: Path, series: tuple[Series, ...], said: str
) -> None:
    line = Series("svm", (Point(0.0, 0.15), Point(1.0, 0.3)), "focus")
    axes = Axis("Step", INTEGER), Axis("Accuracy", PERCENT)
    chart = Chart("c", "lines", say("Title"), say("What."), *axes, (*series, line), say("Lines."))
    place(summary_of(tmp_path, chart), said)
