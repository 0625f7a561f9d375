"""On paper every column gets the width that it needs, or is named as left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.document import Badge, Column, NumberFormat, Row, Table, say
from reportgen.render.html.cells import bar_scale
from reportgen.render.html.letters import FAMILY, wider
from reportgen.render.html.tables import table_view
from reportgen.render.html.widths import (
    DENSE,
    FULL_MM,
    Room,
    choose_columns,
    column_rooms,
    share_width,
    split_columns,
)

MLP = "mlp (scanner A, hidden 16, learning rate 0.01)"


def columns(count: int, details: tuple[int, ...] = ()) -> tuple[Column, ...]:
    return tuple(Column(f"c{n}", f"C {n}", detail=n in details) for n in range(count))


def room(*lines: float, heads: tuple[float, ...] = (1.0,), broken: int = 1) -> Room:
    """A column that takes one line in the first width, two in the second and so on; it may be as narrow as the last."""
    return Room(lines[-1], lines, heads, broken)


def widths(rooms: list[Room], width: float) -> list[float]:
    return [share * width / 100 for share in share_width(rooms, width)]


def test_columns_that_fit_are_all_kept() -> None:
    assert choose_columns(columns(4, (2, 3)), [room(30, 20)] * 4, 178) == ((0, 1, 2, 3), False)


def test_details_go_from_the_last_until_the_rest_fits() -> None:
    assert choose_columns(columns(5, (2, 3, 4)), [room(50)] * 5, 178) == ((0, 1, 2), False)


def test_details_go_where_there_are_many_columns() -> None:
    chosen, dense = choose_columns(columns(9, (4, 8)), [room(12, 10)] * 9, 178)
    assert (chosen, dense) == ((0, 1, 2, 3, 5, 6, 7), False)


def test_what_still_does_not_fit_is_set_smaller_then_split_with_the_first_column_in_each_part() -> None:
    rooms = [room(40, 30)] * 8
    chosen, dense = choose_columns(columns(8), rooms, 178)
    assert dense
    assert split_columns(chosen, rooms, 178, dense=True) == ((0, 1, 2, 3, 4, 5, 6), (0, 7))


rooms_of_tables = st.lists(
    st.tuples(st.floats(1, 60), st.floats(0, 40), st.floats(0, 40)).map(
        lambda three: room(sum(three), three[0] + three[1], three[0], heads=(three[1] + 1, three[2] + 1))
    ),
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
    identity, long_name, date = room(30), room(90, 45, 30, 20), room(35, 12)
    got = widths([identity, long_name, date], 120)
    assert got[2] >= 35 - 1e-6
    assert got[1] >= 45


def test_a_heading_breaks_before_the_rows_do() -> None:
    headed, filled = Room(10, (12,), (60, 20)), Room(10, (40, 20), (10,))
    assert widths([headed, filled], 60)[1] >= 40 - 1e-6


def test_type_gets_smaller_before_names_break_but_not_for_sentences() -> None:
    name, sentence, rest = room(60, 31), room(110, 56, 40), room(70)
    assert choose_columns(columns(2), [name, rest], 120)[1]
    assert not choose_columns(columns(2), [name, rest], 131)[1]
    assert not choose_columns(columns(2), [sentence, rest], 160)[1]


def test_rows_of_many_lines_are_set_smaller() -> None:
    long = room(200, 100, 67, 50, 40, 20)
    assert choose_columns(columns(3), [room(40), long, room(40)], 120)[1]


def test_room_that_is_too_little_for_all_goes_where_most_rows_gain() -> None:
    names, reasons = room(60, 40, broken=20), room(25, 12, broken=2)
    got = widths([names, reasons, room(20)], 95)
    assert got[0] >= 60 - 1e-6
    assert got[1] < 25


def test_set_ups_of_a_table_with_many_columns_stay_on_two_lines_and_headings_on_as_many() -> None:
    """The runs of a sweep: identities, times and figures with headings of several words beside the names."""
    figure, unit = NumberFormat(decimals=1), NumberFormat(unit="ms", decimals=1)
    table = Table(
        "runs",
        say("Runs"),
        (
            Column("run", "Run"),
            Column("setup", "Set-up"),
            Column("status", "Status"),
            Column("accuracy", "Typical error", figure),
            Column("time", "Time for 1,000 images", unit),
            Column("seed", "Seed", figure),
            Column("started", "Started"),
            Column("duration", "Duration", unit),
        ),
        tuple(
            Row(
                (
                    "20261122T232639Z-2544d71f",
                    MLP,
                    Badge("finished", "neutral", "●"),
                    1.5,
                    2.5,
                    3,
                    datetime(2026, 11, 22, tzinfo=UTC),
                    0.1,
                )
            )
            for _ in range(12)
        ),
    )
    rooms = column_rooms(table.columns, table.rows)
    view = table_view(table, "print")
    assert view.dense
    assert len(view.parts) == 1
    shares = [float(head.width.removesuffix("%")) for head in view.parts[0].heads]
    for column, share in zip(rooms, shares, strict=True):
        assert share * FULL_MM / DENSE / 100 >= column.need(2, 2) - 0.1


def test_a_time_never_breaks() -> None:
    table = (Column("run", "Run"), Column("started", "Started"))
    rows = [Row(("a", datetime(2026, 11, 22, 23, 25, tzinfo=UTC))), Row(("b", "a text of the same column"))]
    alone, mixed = (column_rooms(table, kept)[1] for kept in (rows[:1], rows))
    assert alone.least == alone.whole > 30
    assert mixed.least >= alone.least


def test_room_to_spare_goes_to_texts_that_would_break() -> None:
    """A short answer between two long texts stays narrow, so that the texts take one line each."""
    question, answer, why = room(70, 36, 20), room(24), room(80, 41, 20)
    got = widths([question, answer, why], 178)
    assert got[0] >= 70
    assert got[2] >= 80
    assert got[1] < 30


def test_no_line_ends_inside_of_a_setting() -> None:
    """The least width of a column of set-ups holds the widest of them that is no longer than is kept together."""
    setups = [Row(("learning rate 0.01", MLP)), Row(("C = 1", "svm (C = 10, scanner A)"))]
    names, settings = Column("a", "A"), Column("setup", "Set-up")
    whole = column_rooms([names, settings], setups)
    assert whole[1].least >= column_rooms([names, names], [Row(("rate", "rate_0.01)"))])[1].least * 1.5
    html = table_view(Table("t", say("T"), (names, settings), tuple(setups)), "print").parts[0].rows
    assert html[0].cells[1].text == "mlp (scanner\xa0A, hidden\xa016, learning\xa0rate\xa00.01)"
    assert html[1].cells[0].text == "C\xa0=\xa01"


def test_names_on_the_screen_stay_as_they_are_for_elements_hold_them_together() -> None:
    table = Table("t", say("T"), (Column("setup", "Set-up"),), (Row((MLP,)), Row(("knn (k = 3)",))))
    shown = [row.cells[0].text for row in table_view(table, "screen").parts[0].rows]
    assert shown == [MLP, "knn (k = 3)"]


def test_a_user_s_wider_font_asks_for_more() -> None:
    rows = [Row(("knn (k = 3)",))]
    bundled, arial = (column_rooms([Column("a", "A")], rows, wider(name)) for name in (FAMILY, "Arial"))
    assert arial[0].whole > bundled[0].whole


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
    assert [table_view(table, "screen").narrow for table in (small, wide)] == [True, False]


def test_the_number_of_a_bar_has_room_however_long_it_is() -> None:
    bars = Column("b", "B", NumberFormat(decimals=2), bar=True)
    scale = bar_scale(bars, [-1.5e9, -3.0])
    assert scale.zero == pytest.approx(99.0)
    assert scale.unit * 1.5e9 <= 41
    assert bar_scale(bars, [-2.0, -3.0]).unit * 3.0 == pytest.approx(72.0)
