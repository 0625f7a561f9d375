"""On paper every column gets the width that it needs, or is named as left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.document import Column, NumberFormat, Row, Table, say
from reportgen.render.html.cells import bar_scale
from reportgen.render.html.tables import table_view
from reportgen.render.html.widths import Room, choose_columns, column_rooms, share_width, split_columns


def columns(count: int, details: tuple[int, ...] = ()) -> tuple[Column, ...]:
    return tuple(Column(f"c{n}", f"C {n}", detail=n in details) for n in range(count))


def test_columns_that_fit_are_all_kept() -> None:
    assert choose_columns(columns(4, (2, 3)), [Room(20, 30)] * 4, 178) == ((0, 1, 2, 3), False)


def test_details_go_from_the_last_until_the_rest_fits() -> None:
    assert choose_columns(columns(5, (2, 3, 4)), [Room(50, 60)] * 5, 178) == ((0, 1, 2), False)


def test_details_go_where_there_are_many_columns() -> None:
    chosen, dense = choose_columns(columns(9, (4, 8)), [Room(10, 12)] * 9, 178)
    assert (chosen, dense) == ((0, 1, 2, 3, 5, 6, 7), False)


def test_what_still_does_not_fit_is_set_smaller_then_split_with_the_first_column_in_each_part() -> None:
    rooms = [Room(30, 40)] * 8
    chosen, dense = choose_columns(columns(8), rooms, 178)
    assert dense
    assert split_columns(chosen, rooms, 178, dense=True) == ((0, 1, 2, 3, 4, 5, 6), (0, 7))


rooms_of_tables = st.lists(
    st.tuples(st.floats(1, 60), st.floats(0, 40)).map(lambda pair: Room(pair[0], pair[0] + pair[1])),
    min_size=1,
    max_size=30,
)


@given(rooms_of_tables)
def test_every_chosen_column_is_printed_and_no_part_is_wider_than_the_page(rooms: list[Room]) -> None:
    chosen, dense = choose_columns(columns(len(rooms)), rooms, 178)
    parts = split_columns(chosen, rooms, 178, dense=dense)
    assert sorted({number for part in parts for number in part}) == list(chosen)
    for part in parts:
        assert part[0] == chosen[0]
        shares = share_width([rooms[number] for number in part])
        assert abs(sum(shares) - 100) < 1e-6
        assert all(share > 0 for share in shares)


def test_the_widest_text_gets_what_is_left_once_short_columns_stand_on_one_line() -> None:
    identity, long_name, date = Room(30, 30, 30), Room(20, 90, 90), Room(12, 35, 35)
    shares = share_width([identity, long_name, date], 120)
    widths = [share * 1.2 for share in shares]
    assert widths[2] >= 35 - 1e-6
    assert widths[1] >= 90 / 2


def test_a_heading_breaks_before_the_rows_do() -> None:
    headed, filled = Room(10, 60, 12), Room(10, 40, 40)
    shares = share_width([headed, filled], 60)
    assert shares[1] * 0.6 >= 40 - 1e-6


def test_rows_of_many_lines_are_set_smaller() -> None:
    table = columns(3)
    assert choose_columns(table, [Room(40, 40, 40), Room(20, 200, 200), Room(40, 40, 40)], 120)[1]
    assert not choose_columns(table, [Room(40, 40, 40), Room(20, 60, 60), Room(40, 40, 40)], 120)[1]


def test_a_time_never_breaks() -> None:
    table = (Column("run", "Run"), Column("started", "Started"))
    rows = [Row(("a", datetime(2026, 11, 22, 23, 25, tzinfo=UTC))), Row(("b", "a text of the same column"))]
    alone, mixed = (column_rooms(table, kept)[1] for kept in (rows[:1], rows))
    assert alone.least == alone.ease > 30
    assert mixed.least >= alone.least


def test_room_to_spare_goes_to_texts_that_would_break() -> None:
    """A short answer between two long texts stays narrow, so that the texts take one line each."""
    question, answer, why = Room(20, 61, 61, 70), Room(20, 24, 24, 24), Room(20, 61, 61, 80)
    shares = share_width([question, answer, why], 178)
    widths = [share * 1.78 for share in shares]
    assert widths[0] >= 70
    assert widths[2] >= 80
    assert widths[1] < 30


def test_words_stand_apart_from_the_figures_before_them() -> None:
    figure, words = Column("n", "N", NumberFormat()), Column("w", "W")
    rows = [Row((5, "word"))]
    after_figure = column_rooms([figure, words], rows)[1]
    assert after_figure.least > column_rooms([words, words], [Row(("a", "word"))])[1].least


def test_a_small_table_takes_half_the_width() -> None:
    small = Table(
        "t", say("T"), (Column("a", "Outcome"), Column("n", "Runs", NumberFormat())), (Row(("failed", 3)),)
    )
    wide = replace(small, rows=(Row(("failed " * 20, 3)),))
    assert [table_view(table, "print").narrow for table in (small, wide)] == [True, False]
    assert not table_view(small, "screen").narrow


def test_the_number_of_a_bar_has_room_however_long_it_is() -> None:
    bars = Column("b", "B", NumberFormat(decimals=2), bar=True)
    scale = bar_scale(bars, [-1.5e9, -3.0])
    assert scale.zero == pytest.approx(99.0)
    assert scale.unit * 1.5e9 <= 41
    assert bar_scale(bars, [-2.0, -3.0]).unit * 3.0 == pytest.approx(72.0)
