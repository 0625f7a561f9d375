"""The order of columns on the screen."""

from __future__ import annotations

from dataclasses import replace

from reportgen.document import Badge, Column, NumberFormat, Row, Table, say
from reportgen.render.html.tables import as_seen, table_view

COLUMNS = (
    Column("setup", "Set-up"),
    Column("low", "Low", NumberFormat(), detail=True),
    Column("mean", "Mean", NumberFormat()),
    Column("gap", "Gap", NumberFormat(signed=True), bar=True),
    Column("cost", "Cost", NumberFormat()),
    Column("verdict", "Verdict"),
)
TABLE = Table("t", say("T"), COLUMNS, (Row(("a", 1, 2, 3, 4, Badge("better", "good", "▲"))),))


def keys(table: Table) -> list[str]:
    return [column.key for column in table.columns]


def test_a_verdict_stands_behind_its_bar_and_specialists_columns_last() -> None:
    assert keys(as_seen(TABLE)) == ["setup", "mean", "gap", "verdict", "cost", "low"]
    (part,) = table_view(TABLE, "screen").parts
    assert [cell.text for cell in part.rows[0].cells] == ["a", "2", "+3", "better", "4", "1"]
    (printed,) = table_view(TABLE, "print").parts
    assert [head.text for head in printed.heads] == ["Set-up", "Low", "Mean", "Gap", "Cost", "Verdict"]


def test_without_a_bar_what_became_of_a_row_is_among_the_first_three() -> None:
    plain = replace(TABLE, columns=tuple(replace(column, bar=False) for column in COLUMNS))
    assert keys(as_seen(plain)) == ["setup", "mean", "verdict", "gap", "cost", "low"]
    first = replace(
        plain,
        columns=(
            *COLUMNS[:1],
            replace(COLUMNS[1], key="status"),
            *COLUMNS[2:5],
            replace(COLUMNS[5], key="x"),
        ),
    )
    assert keys(
        as_seen(replace(first, columns=tuple(replace(c, detail=False, bar=False) for c in first.columns)))
    ) == keys(first)
