"""Which sheets there are: one a section, and one a table where a section has more than one sheet can hold.

One table a sheet: each keeps its own filter, frozen header and column widths, nothing lies below it
that new rows would overwrite, and a program that reads the sheet finds exactly one table. Text and
charts share a sheet of their own where there are charts or boxes, since above a table they would
be frozen with its header, and beside it they would lie out of sight.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from reportgen.document import Column, Glossary, Paragraph, Report, Row, Section, Sentence, Table
from reportgen.render.xlsx.names import UniqueNames
from reportgen.render.xlsx.pages import PageBlock
from reportgen.render.xlsx.tables import split_table

ABOVE_TABLE: Final = 500
"""Characters of text that may stand above a table; the header is frozen and all above with it."""
_GLOSSARY_COLUMNS: Final = (Column("term", "Term"), Column("definition", "Definition"))


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A sheet with one table."""

    name: str
    title: Sentence
    table: Table
    part: int = 1
    parts: int = 1
    text: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class PagePlan:
    """A sheet of text and charts."""

    name: str
    section: Section
    blocks: tuple[PageBlock, ...]


SheetPlan = PagePlan | TablePlan


def plan_sheets(report: Report, names: UniqueNames) -> list[list[SheetPlan]]:
    """Decide on the sheets of each section; names of sections are given out before names of tables."""
    claimed = [names.claim(section.short) for section in report.sections]
    return [
        _plan_section(section, name, names, first=number == 0)
        for number, (section, name) in enumerate(zip(report.sections, claimed, strict=True))
    ]


def _plan_section(section: Section, name: str, names: UniqueNames, *, first: bool) -> list[SheetPlan]:
    tables: list[Table] = []
    others: list[PageBlock] = []
    for block in section.blocks:
        match block:
            case Table():
                tables.append(block)
            case Glossary():
                tables.append(_glossary_table(block, section, len(tables)))
            case _:
                others.append(block)
    tables = [table for table in tables if table.columns]
    text = tuple(block for block in others if isinstance(block, Paragraph))
    long = sum(len(block.sentence.text) for block in text) > ABOVE_TABLE
    if first or not tables or long or len(text) < len(others):
        plans: list[SheetPlan] = [PagePlan(name, section, tuple(others))]
        for table in tables:
            plans += _plan_table(table, None, table.title, names, f"{section.short} table")
        return plans
    plans = [*_plan_table(tables[0], name, section.title, names, section.short)]
    if isinstance(plans[0], TablePlan):
        plans[0] = replace(plans[0], text=text)
    for table in tables[1:]:
        plans += _plan_table(table, None, table.title, names, section.short)
    return plans


def _plan_table(
    table: Table, name: str | None, title: Sentence, names: UniqueNames, wanted: str
) -> list[TablePlan]:
    parts = list(split_table(table))
    plans = []
    for number, part in enumerate(parts, 1):
        own = name if name and number == 1 else names.claim(wanted)
        plans.append(TablePlan(own, title, part, number, len(parts)))
    return plans


def _glossary_table(block: Glossary, section: Section, number: int) -> Table:
    rows = tuple(Row((entry.term, entry.definition)) for entry in block.entries)
    return Table(f"{section.id}_words{number or ''}", section.title, _GLOSSARY_COLUMNS, rows)
