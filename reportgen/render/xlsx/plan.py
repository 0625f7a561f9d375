"""Which sheets there are: one a section, and one for each table of data that needs a sheet of its own.

A table of data has a sheet for itself: it keeps its own filter, frozen header and column widths, nothing
lies below it that new rows would overwrite, and a program that reads the sheet finds exactly one table.
Small tables stand among text and charts on the section's page, as a person reads them; a tab each would
hide the answer behind twenty tabs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count, repeat
from typing import Final

from reportgen.document import (
    Block,
    Glossary,
    Paragraph,
    Report,
    Section,
    Sentence,
    Table,
)
from reportgen.language import mark, tr
from reportgen.render.grid import grid_widths, tile_count
from reportgen.render.panels import apart
from reportgen.render.sheets import details_last, glossary_table
from reportgen.render.xlsx.inset import fits_page
from reportgen.render.xlsx.names import MAX_SHEET_NAME, UniqueNames
from reportgen.render.xlsx.pages import PageBlock
from reportgen.render.xlsx.tables import split_table

ABOVE_TABLE: Final = 500
"""Characters of text that may stand above a table; the header is frozen and all above with it."""


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
    found = [panel for block in section.blocks for panel in apart(block)]
    blocks = [block for block in map(_as_table, found, repeat(section), count()) if block]
    tables = [block for block in blocks if isinstance(block, Table)]
    text = tuple(block for block in blocks if isinstance(block, Paragraph))
    long = sum(len(block.sentence.text) for block in text) > ABOVE_TABLE
    page = first or not tables or long or len(text) + len(tables) < len(blocks)
    widths = grid_widths(tile_count(blocks))
    # a section of one table and little text is a table's sheet, however small the table
    small = [table for table in tables if (page or len(tables) > 1) and fits_page(table, widths)]
    large = [table for table in tables if table not in small]
    if page or small:
        shown = tuple(block for block in blocks if not isinstance(block, Table) or block in small)
        plans: list[SheetPlan] = [PagePlan(name, section, shown)]
        for table in large:
            plans += _plan_table(table, None, table.title, names)
        return plans
    plans = [*_plan_table(large[0], name, section.title, names)]
    if isinstance(plans[0], TablePlan):
        plans[0] = replace(plans[0], text=text)
    for table in large[1:]:
        plans += _plan_table(table, None, table.title, names)
    return plans


def _as_table(block: Block, section: Section, number: int) -> PageBlock | None:
    """Give a block as a sheet takes it: a glossary is a table; a table without columns is nothing."""
    match block:
        case Table():
            return details_last(block) if block.columns else None
        case Glossary():
            return glossary_table(block, section, number)
        case _:
            return block


def _plan_table(table: Table, name: str | None, title: Sentence, names: UniqueNames) -> list[TablePlan]:
    parts = list(split_table(table))
    plans = []
    for number, part in enumerate(parts, 1):
        own = name if name and number == 1 else names.claim(name or _sheet_name(table))
        plans.append(TablePlan(own, title, part, number, len(parts)))
    return plans


_SHORT_NAMES: Mapping[str, str] = {
    "assumptions": mark("Assumptions"),
    "comparison": mark("Comparison"),
    "faults": mark("Faults"),
    "front": mark("Front"),
    "importance_shares": mark("Importance shares"),
    "not_readable": mark("Not readable"),
    "page_one_setups": mark("Page one setups"),
    "settings_constant": mark("Settings constant"),
    "settings_grid": mark("Settings grid"),
    "settings_varied": mark("Settings varied"),
    "setups": mark("Set-ups"),
    "task_means": mark("Task means"),
    "thresholds": mark("Thresholds"),
}
"""By id, for tables whose title may be too long in some language."""


def _sheet_name(table: Table) -> str:
    """Name a table's sheet by its title; by a short name where that is too long or changes with the numbers."""
    title = table.title.text.rstrip("?.!")
    stable = not any(character.isdigit() for character in title)
    if title and stable and len(title) <= MAX_SHEET_NAME:
        return title
    return tr(_SHORT_NAMES.get(table.id, table.id.replace("_", " ").capitalize()))
