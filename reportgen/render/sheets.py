"""What workbooks and online sheets (and pages, of tables) make alike: the order of columns, the glossary as a table, addresses, the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.document import Column, Glossary, Row, Section, Table
from reportgen.language import tr


def details_last(table: Table) -> Table:
    """Put the columns for specialists behind the others, which are seen at once and go on paper; the names stay first."""
    order = sorted(range(len(table.columns)), key=lambda index: index > 0 and table.columns[index].detail)
    return table if order == list(range(len(order))) else in_order(table, order)


def in_order(table: Table, order: Sequence[int]) -> Table:
    """Give a table with its columns in another order."""
    rows = tuple(replace(row, cells=tuple(row.cells[index] for index in order)) for row in table.rows)
    return replace(table, columns=tuple(table.columns[index] for index in order), rows=rows)


def glossary_table(block: Glossary, section: Section, number: int) -> Table:
    """Make a table of a glossary, the section's block with this number."""
    rows = tuple(Row((entry.term, entry.definition)) for entry in block.entries)
    columns = (Column("term", tr("Term")), Column("definition", tr("Definition")))
    return Table(f"{section.id}_words{number or ''}", section.title, columns, rows)


def sheet_address(title: str) -> str:
    """Quote a sheet's name for a formula, a range or a link."""
    return "'" + title.replace("'", "''") + "'"


def back_text(first: str) -> str:
    """Word the way back to the first sheet."""
    return tr("← Back to {sheet}", sheet=first)
