"""The report's story as tabs, in the order and the words of the workbook: one a section, large tables apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reportgen.document import (
    Glossary,
    Missing,
    Number,
    Paragraph,
    Report,
    Section,
    Table,
)
from reportgen.language import tr
from reportgen.render.grid import MOST_ROWS, TEXT_WIDTH
from reportgen.render.gsheet.book import Book, back_link, link
from reportgen.render.gsheet.canvas import Canvas
from reportgen.render.gsheet.charts import Charts
from reportgen.render.gsheet.limits import cap_rows
from reportgen.render.gsheet.live import LiveTabs
from reportgen.render.gsheet.looks import Look
from reportgen.render.gsheet.pages import Page, PageBlock, title_look
from reportgen.render.gsheet.sheettab import TableTab
from reportgen.render.gsheet.summary import write_foot, write_head
from reportgen.render.gsheet.values import one_line
from reportgen.render.measure import text_width
from reportgen.render.panels import apart
from reportgen.render.sheets import details_last, glossary_table

COMPARISON: Final = "comparison"
_PAGE_COLUMNS: Final = 7
_MOST_LINES: Final = 3
_ABOVE: Final = 500
"""Characters of text that may stand above a table: the header is frozen and all above with it."""
_MAX_TITLE: Final = 60


class Story:
    """Writes all tabs of a report."""

    def __init__(self, book: Book, report: Report) -> None:
        self._book, self._report = book, report
        self._charts = Charts(book)
        self._live = LiveTabs(book, report)
        self._contents: list[tuple[Canvas, str]] = []
        self._tables = TableTab(book, report)

    def write(self) -> None:
        """Write the tabs in the order of the report; those for the sheet's own use come last."""
        sections = self._report.sections
        summary = self._book.tab(sections[0].id, sections[0].short)
        pages: list[tuple[Canvas, Page]] = []
        known = self._book.inventory.tabs
        for number, section in enumerate(sections):
            blocks = tuple(_blocks(section))
            # a table that had a tab of its own keeps it, however small it is now: people link to it
            kept = {t.id for t in blocks if isinstance(t, Table) and self._key(section, t) in known}
            small, large = _sorted(blocks, kept, first=number == 0, live=self._is_live(section))
            if number == 0 or small or self._is_live(section):
                canvas = summary if number == 0 else self._book.tab(section.id, section.short)
                self._contents.append((canvas, section.title.text))
                page, rows = self._page(canvas, section, small, large)
                pages.append((canvas, page))
            else:
                text = tuple(block for block in blocks if isinstance(block, Paragraph))
                self._table(section, large.pop(0), text, own=section.short)
                canvas, rows = summary, []
            for table in large:
                other = self._table(section, table, (), own=None)
                if rows:
                    see = link(other, tr("See the table: {name}", name=other.title))
                    canvas.put(rows.pop(0), 0, see, Look(color="focus"))
        write_foot(self._book, self._report, *pages[0], self._contents[1:])
        for canvas, page in pages:
            canvas.fitted = page.row
            canvas.reach(page.row, 1)  # a chart at the foot lies inside the tab
        self._book.tabs.sort(key=lambda canvas: canvas.kind == "data")

    def _key(self, section: Section, table: Table) -> str:
        return f"{section.id}.{table.id}"

    def _is_live(self, section: Section) -> bool:
        return section.id == COMPARISON and bool(self._live)

    def _page(
        self, canvas: Canvas, section: Section, blocks: tuple[PageBlock, ...], large: list[Table]
    ) -> tuple[Page, list[int]]:
        page = Page(self._book, canvas, self._charts, blocks)
        title = one_line(section.title.text) or canvas.title
        page.text(title, title_look(title, TEXT_WIDTH / self._book.scale))
        if canvas.key == self._report.sections[0].id:
            write_head(self._book, self._report, canvas, page)
        else:
            canvas.put(page.row, 0, back_link(self._book), Look(color="focus"))
            page.row += 1
        # rows for links to the section's tables, which are made after it
        rows = [] if canvas.key == self._report.sections[0].id else [page.row + n for n in range(len(large))]
        page.row += len(rows)
        page.gap()
        page.write(blocks)
        if self._is_live(section):
            self._live.write(page, canvas)
        return page, rows

    def _table(self, section: Section, table: Table, text: tuple[Paragraph, ...], own: str | None) -> Canvas:
        key = section.id if own else self._key(section, table)
        canvas = self._book.tab(key, own or _table_title(table), "table")
        title = section.title if own else table.title
        self._contents.append((canvas, title.text))
        self._tables.write(canvas, cap_rows(self._book, table), title.text, text)
        return canvas


def write_story(book: Book, report: Report) -> None:
    """Write all tabs of a report into the book."""
    Story(book, report).write()


def _blocks(section: Section) -> Iterator[PageBlock]:
    panels = (panel for found in section.blocks for panel in apart(found))
    for number, block in enumerate(panels):
        match block:
            case Table():
                if block.columns:
                    yield details_last(block)
            case Glossary():
                yield glossary_table(block, section, number)
            case _:
                yield block


def _sorted(
    blocks: tuple[PageBlock, ...], kept: set[str], *, first: bool, live: bool
) -> tuple[tuple[PageBlock, ...], list[Table]]:
    """Tell what stands on the section's page, and which tables have a tab of their own."""
    tables = [block for block in blocks if isinstance(block, Table)]
    text = [block for block in blocks if isinstance(block, Paragraph)]
    long = sum(len(block.sentence.text) for block in text) > _ABOVE
    page = first or live or not tables or long or len(text) + len(tables) < len(blocks)
    small = [
        t for t in tables if (page or len(tables) > 1) and not live and t.id not in kept and _fits_page(t)
    ]
    large = [table for table in tables if not any(table is one for one in small)]
    if not page and not small:
        return (), large
    return tuple(b for b in blocks if not isinstance(b, Table) or any(b is one for one in small)), large


def _fits_page(table: Table) -> bool:
    """Tell whether a table can stand in a page's columns with no text longer than a few lines.

    The texts of the last column flow on over what is free at its right.
    """
    last = len(table.columns) - 1
    if last >= _PAGE_COLUMNS or len(table.rows) > MOST_ROWS or any(row.sub for row in table.rows):
        return False
    rooms = [TEXT_WIDTH / 4, *[TEXT_WIDTH / 8] * max(last - 1, 0)][:last]
    rooms = [room * _MOST_LINES for room in rooms] + [TEXT_WIDTH * 1.5]
    return all(
        text_width(str(getattr(cell, "text", cell))) <= room
        for row in table.rows
        for cell, room in zip(row.cells, rooms, strict=True)
        if not isinstance(cell, (Missing, Number))
    )


def _table_title(table: Table) -> str:
    """Name a table's tab by its title; by its id where the title is too long or changes with the numbers."""
    title = one_line(table.title.text).rstrip("?.!")
    if title and len(title) <= _MAX_TITLE and not any(character.isdigit() for character in title):
        return title
    return table.id.replace("_", " ").capitalize()
