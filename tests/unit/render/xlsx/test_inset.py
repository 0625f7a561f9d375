from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.document import Column, Label, Missing, Row, Sentence, Table, say
from reportgen.render.grid import MOST_ROWS, TEXT_WIDTH, grid_widths, tile_count
from reportgen.render.xlsx.inset import fits_page
from tests.fakes.reports import full_report

WIDTHS = grid_widths(4)


def table(*cells: str, rows: int = 1) -> Table:
    columns = tuple(Column(f"c{number}", f"C{number}") for number in range(len(cells)))
    return Table("t", Sentence(()), columns, (Row(cells),) * rows)


@pytest.mark.parametrize("tiles", [4, 5, 6])
def test_columns_fill_the_page_and_the_second_half_begins_at_one_of_them(tiles: int) -> None:
    widths = grid_widths(tiles)
    assert sum(widths) == pytest.approx(TEXT_WIDTH)
    assert len(widths) == 2 * tiles - 1
    assert sum(widths[: tiles - 1]) == pytest.approx(TEXT_WIDTH / 2)


def test_a_page_has_room_for_all_key_figures() -> None:
    assert tile_count(()) == 4
    assert tile_count(full_report().blocks()) >= 4


def test_small_tables_fit() -> None:
    assert fits_page(table("svm", "better", "A gap this large would be rare by luck alone."), WIDTHS)


@pytest.mark.parametrize(
    "too_large",
    [
        table("x", rows=MOST_ROWS + 1),
        table(*"abcdefgh"),
        table("word " * 40, "b"),
        table("a", "word " * 20, "c"),
        table("a", "word " * 40),
        table("a", "one\ntwo"),
        replace(table("a"), rows=(Row(("a",), sub="a second line"),)),
        Table(
            "t", say(Label("t")), (Column("a", "A"), Column("b", "B")), (Row(("a", Missing("why " * 60))),)
        ),
    ],
    ids=["rows", "columns", "first", "middle", "last", "lines", "second line", "reason"],
)
def test_tables_that_would_be_cut_do_not_fit(too_large: Table) -> None:
    assert not fits_page(too_large, WIDTHS)


def test_a_page_of_narrow_columns_holds_less() -> None:
    wide = table("a", "word word word word", "c")
    assert fits_page(wide, grid_widths(4))
    assert not fits_page(table("a", "word " * 8, "c"), grid_widths(6))
