"""Pages of text, key figures, boxes, charts and small tables, below one another and without merged cells."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from reportgen.document import (
    Callout,
    Chart,
    KeyFigure,
    KeyFigures,
    Label,
    Missing,
    Number,
    Paragraph,
    Table,
    excel_factor,
)
from reportgen.language import tr
from reportgen.render.cellformats import number_format
from reportgen.render.colors import tone_color, tone_fill
from reportgen.render.grid import BIG_SIZES, TEXT_WIDTH, TITLE_SIZES, grid_widths, tile_count
from reportgen.render.gsheet.book import Book
from reportgen.render.gsheet.canvas import Area, Canvas
from reportgen.render.gsheet.charts import Charts, remarks
from reportgen.render.gsheet.looks import Look
from reportgen.render.gsheet.rules import add_rules
from reportgen.render.gsheet.tables import SheetTable
from reportgen.render.gsheet.values import Value, one_line
from reportgen.render.measure import largest_size, pixels, split_lines, text_width

PageBlock = Paragraph | KeyFigures | Callout | Chart | Table

ROW_PIXELS: Final = 21
QUIET: Final = Look(color="secondary")
_SMALL: Final = Look(size=10, color="secondary")


class Page:
    """Writes blocks onto a canvas from the top down."""

    def __init__(self, book: Book, canvas: Canvas, charts: Charts, blocks: tuple[PageBlock, ...]) -> None:
        """Choose the columns by what the page is to hold."""
        self._book, self._canvas, self._charts = book, canvas, charts
        self._tiles = tile_count(blocks)
        self._units = grid_widths(self._tiles)
        for column, units in enumerate(self._units):
            canvas.widths[column] = pixels(units)
        canvas.reach(1, len(self._units))
        self.row = 0

    @property
    def columns(self) -> int:
        """Columns of the page."""
        return len(self._units)

    @property
    def first_width(self) -> float:
        """Width of the first column in units of text."""
        return self._units[0]

    def text(self, text: str, look: Look, *, width: float = TEXT_WIDTH, column: int = 0) -> None:
        """Write a text, a line a row."""
        room = width / self._book.scale
        for line in split_lines(text, room, look.size or 11, bold=bool(look.bold)):
            self._canvas.put(self.row, column, line or None, look)
            self.row += 1

    def gap(self) -> None:
        """Leave a row empty."""
        self.row += 1

    def write(self, blocks: tuple[PageBlock, ...]) -> None:
        """Write the blocks; two half-wide charts in a row share it."""
        waiting: Chart | None = None
        for block in blocks:
            if isinstance(block, Chart) and block.width == "half":
                if waiting is not None:
                    self._pair(waiting, block)
                    waiting = None
                else:
                    waiting = block
                continue
            if waiting is not None:
                self._chart(waiting)
                waiting = None
            self._write_one(block)
        if waiting is not None:
            self._chart(waiting)

    def _write_one(self, block: PageBlock) -> None:
        match block:
            case Paragraph():
                self.text(block.sentence.text, paragraph_look(block))
                self.gap()
            case KeyFigures():
                for first in range(0, len(block.items), self._tiles):
                    self._tile_row(block.items[first : first + self._tiles])
            case Callout():
                self._callout(block)
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)

    def _table(self, block: Table) -> None:
        canvas = self._canvas
        table = SheetTable(block, self._book, words=True)
        if block.title.text:
            self.text(block.title.text, Look(size=12, bold=True))
        table.write(canvas, self.row)
        self._fit(table)
        marks = add_rules(self._book, canvas, table, self.row, block.id)
        self.row += 1 + len(table.rows)
        note = " ".join(part for part in (block.note.text if block.note else "", *marks) if part)
        if note:
            self.text(note, _SMALL)
        self.gap()

    def _fit(self, table: SheetTable) -> None:
        """Wrap what does not fit its column; the last column's texts flow over the free ones at its right."""
        last = len(table.columns) - 1
        for number, values in enumerate(table.values(), self.row + 1):
            for column, value in enumerate(values):
                if isinstance(value, str) and (column < last or last == self.columns - 1):
                    room = (self._units[column] - 1.5) / self._book.scale
                    if text_width(value) > room:
                        self._canvas.paint(Area(number, column, number + 1, column + 1), Look(wrap="WRAP"))
        if last < self.columns - 1:  # the rule of the header goes on to the edge of the page
            self._canvas.paint(Area(self.row, last + 1, self.row + 1, self.columns), Look(fill="tint"))

    def _tile_row(self, items: tuple[KeyFigure, ...]) -> None:
        """Write key figures side by side: label, big number, change and note, each in rows of its own."""
        room = (self.first_width - 3) / self._book.scale
        notes = [split_lines(item.note.text, room, 10) if item.note else [] for item in items]
        changes = [
            split_lines(f"{item.change.sign} {item.change.sentence.text}".strip(), room, bold=True)
            if item.change
            else []
            for item in items
        ]
        labels = [split_lines(one_line(item.label), room, 10, bold=True) for item in items]
        top = self.row
        self._lines(labels, [Look(size=10, bold=True, color="secondary")] * len(items))
        for place, item in enumerate(items):
            value, look = self._big(item)
            self._canvas.put(self.row, _tile_column(place), value, replace(look, align="LEFT"))
        self.row += 1
        colors = [tone_color(item.change.tone) if item.change else "ink" for item in items]
        self._lines(changes, [Look(bold=True, color=color) for color in colors])
        self._lines(notes, [_SMALL] * len(items))
        trends = [item.trend for item in items]
        if any(len(trend) > 1 for trend in trends):
            self._trends(trends)
        for place in range(len(items)):
            first = _tile_column(place)
            self._canvas.paint(
                Area(top, first, self.row, first + (1 if place == 0 else 2)), Look(fill="tint")
            )
        self.gap()

    def _lines(self, texts: list[list[str]], looks: list[Look]) -> None:
        for offset in range(max(map(len, texts), default=0)):
            for place, (lines, look) in enumerate(zip(texts, looks, strict=True)):
                if offset < len(lines):
                    self._canvas.put(self.row, _tile_column(place), lines[offset], look)
            self.row += 1

    def _trends(self, trends: list[tuple[float, ...]]) -> None:
        """Write the sparklines of key figures."""
        for place, trend in enumerate(trends):
            if len(trend) > 1:
                self._canvas.put(self.row, _tile_column(place), self._charts.trend(trend))
        self.row += 1

    def _big(self, item: KeyFigure) -> tuple[Value, Look]:
        width = (self.first_width - 3) / self._book.scale
        look = Look(bold=True, color="focus")
        match item.value:
            case Number(value=value, format=how) if math.isfinite(value):
                cell = self._units[-1] * (2 if self.columns > 1 else 1) / self._book.scale
                code = number_format(value, how, with_unit=True)
                return value * excel_factor(how), replace(
                    look, size=largest_size(item.value.text, cell / 2, BIG_SIZES), code=code
                )
            case Number() | Label():
                lines = split_lines(one_line(item.value.text), width, BIG_SIZES[-1], bold=True)
                shown = lines[0] if len(lines) == 1 else f"{lines[0]} \N{HORIZONTAL ELLIPSIS}"
                return shown, replace(look, size=largest_size(shown, width, BIG_SIZES))
            case Missing():
                quiet = Look(size=12, bold=False, italic=True, color="secondary")
                return one_line(item.value.reason) or tr("no reason given"), quiet

    def _callout(self, block: Callout) -> None:
        top, color = self.row, tone_color(block.tone)
        self.text(one_line(block.title), Look(size=12, bold=True, color=color), width=TEXT_WIDTH - 4)
        for sentence in block.sentences:
            self.text(sentence.text, Look(), width=TEXT_WIDTH - 4)
        self._canvas.paint(Area(top, 0, self.row, self.columns), Look(fill=tone_fill(block.tone)))
        self.gap()

    def _pair(self, left: Chart, right: Chart) -> None:
        total = sum(map(pixels, self._units))
        middle, start = 0, 0
        while start + pixels(self._units[middle]) <= total / 2:
            start += pixels(self._units[middle])
            middle += 1
        tall = self._charts.place(self._canvas, left, self.row, 0, start - 12)
        tall = max(tall, self._charts.place(self._canvas, right, self.row, middle, total - start))
        self._below(tall, [(left, 0, TEXT_WIDTH / 2 - 4), (right, middle, TEXT_WIDTH / 2 - 4)])

    def _chart(self, chart: Chart) -> None:
        tall = self._charts.place(self._canvas, chart, self.row, 0, sum(map(pixels, self._units)))
        self._below(tall, [(chart, 0, TEXT_WIDTH)])

    def _below(self, tall: int, charts: list[tuple[Chart, int, float]]) -> None:
        """Leave room for charts; what is drawn stands below each."""
        self.row += -(-(tall + 10) // ROW_PIXELS)
        first = last = self.row
        for chart, column, width in charts:
            self.row = first
            self.text(" ".join((chart.subtitle.text, *remarks(chart))), _SMALL, width=width, column=column)
            last = max(last, self.row)
        self.row = last
        self.gap()


def paragraph_look(block: Paragraph) -> Look:
    """Choose how a paragraph looks."""
    match block.style:
        case "lead":
            return Look(size=13)
        case "body":
            return Look()
        case "note":
            return Look(italic=True, color="secondary")
        case "heading":
            return Look(size=12, bold=True)


def title_look(text: str, width: float = TEXT_WIDTH) -> Look:
    """Choose the largest size in which a title stays on one line."""
    return Look(size=largest_size(text, width, TITLE_SIZES), bold=True, color="focus")


def _tile_column(place: int) -> int:
    return 0 if place == 0 else 2 * place - 1
