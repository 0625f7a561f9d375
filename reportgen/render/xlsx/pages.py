"""Pages of running text: paragraphs, tiles, boxes and charts below one another, without merged cells."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import zip_longest
from typing import Any, Final

from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.worksheet.pagebreak import Break

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
from reportgen.language import mark, tr
from reportgen.render.cellformats import number_format
from reportgen.render.colors import tone_color, tone_fill
from reportgen.render.grid import BIG_SIZES, LINE_WIDTH, TEXT_WIDTH, TITLE_SIZES, grid_widths, tile_count
from reportgen.render.left_out import left_out
from reportgen.render.measure import (
    PIXELS_PER_ROW,
    ROW_HEIGHT,
    largest_size,
    pixels,
    split_lines,
)
from reportgen.render.xlsx.canvas import Canvas, PlacedChart
from reportgen.render.xlsx.chart_parts import Palette
from reportgen.render.xlsx.chartdata import ChartData
from reportgen.render.xlsx.charts import build_chart, chart_height
from reportgen.render.xlsx.logo import LOGO_HEIGHT, Logo
from reportgen.render.xlsx.names import UniqueNames
from reportgen.render.xlsx.plots import MAX_BANDS, draw
from reportgen.render.xlsx.rules import add_rules
from reportgen.render.xlsx.styles import Look
from reportgen.render.xlsx.tables import TableSheet

CHART_GAP: Final = 14
"""Pixels between two charts side by side."""
_EMU: Final = 9525
"""English metric units of one pixel."""

PageBlock = Paragraph | KeyFigures | Callout | Chart | Table

BEST: Final = mark("Bold green: the best value of a column.")
_TILE_PARTS: Final = (20.0, 31.0, ROW_HEIGHT + 2, ROW_HEIGHT)
"""Heights of a tile's lines: label, big number, change, note."""
_BIG_PART: Final = 1


class Page:
    """Writes blocks onto a canvas from the top down."""

    __slots__ = ("_canvas", "_data", "_page_start", "_palette", "_table_names", "_tiles", "_widths", "row")

    def __init__(self, canvas: Canvas, data: ChartData, palette: Palette, names: UniqueNames) -> None:
        """Begin a page; *names* are those of the tables."""
        self._canvas, self._data, self._palette, self._table_names = canvas, data, palette, names
        self._tiles = tile_count(())
        self._widths = grid_widths(self._tiles)
        self.row = self._page_start = 1

    @property
    def columns(self) -> int:
        """Columns of the page."""
        return len(self._widths)

    @property
    def first_width(self) -> float:
        """Width of the first column."""
        return self._widths[0]

    def set_columns(self, blocks: tuple[PageBlock, ...]) -> None:
        """Choose the columns by what the page is to hold."""
        self._tiles = tile_count(blocks)
        self._widths = grid_widths(self._tiles)
        for column, width in enumerate(self._widths, 1):
            self._canvas.widen(column, width)

    def write(self, blocks: tuple[PageBlock, ...]) -> None:
        """Write the blocks; two half-wide charts in a row share it."""
        waiting: Chart | None = None
        for block, following in zip_longest(blocks, blocks[1:]):
            if isinstance(block, Chart) and block.width == "half":
                if waiting is None:
                    waiting = block
                else:
                    self._charts((waiting, block))
                    waiting = None
                continue
            if waiting:
                self._charts((waiting,))
                waiting = None
            match block:
                case Paragraph():
                    self._paragraph(block, following)
                case KeyFigures():
                    for first in range(0, len(block.items), self._tiles):
                        self._tile_row(block.items[first : first + self._tiles])
                case Callout():
                    self._callout(block)
                case Table():
                    self._table(block)
                case Chart():
                    self._charts((block,))
        if waiting:
            self._charts((waiting,))

    def gap(self, height: float = ROW_HEIGHT / 2) -> None:
        """Leave a row empty."""
        self._canvas.heights[self.row] = height
        self.row += 1

    def keep_together(self, height: float) -> None:
        """Begin a new printed page where a block of this height in points would be cut."""
        used = sum(self._canvas.heights.get(row, ROW_HEIGHT) for row in range(self._page_start, self.row))
        if used and used + height > self._canvas.page_height:
            self._canvas.sheet.row_breaks.append(Break(id=self.row - 1))
            self._page_start = self.row

    def _paragraph(self, block: Paragraph, following: PageBlock | None) -> None:
        if block.style == "heading" and isinstance(following, Chart):
            self.keep_together((chart_height(draw(following)) / PIXELS_PER_ROW + 5) * ROW_HEIGHT)
        self.row = self._canvas.text(self.row, block.sentence.text, paragraph_look(block))
        self.gap()

    def _table(self, block: Table) -> None:
        canvas = self._canvas
        table = TableSheet(canvas, block, self._widths)
        note = block.note.text if block.note else ""
        if table.marks_best:
            note = f"{note} {tr(BEST)}".strip()
        self.keep_together(table.page_height() + 50.0)
        if block.title.text:
            self.row = canvas.text(self.row, block.title.text, Look(size=12, bold=True))
        self.row = table.write_on_page(self.row, self._table_names.claim(block.id))
        add_rules(canvas, table)
        if note:
            self.gap(3.0)
            self.row = canvas.text(self.row, note, Look(size=9.5, color="secondary"))
        self.gap()

    def _tile_row(self, items: tuple[KeyFigure, ...]) -> None:
        """Write key figures side by side, each below the one before in its own columns, line by line."""
        room = (self.first_width - 4) / self._canvas.styles.text_scale
        tiles = [_tile_lines(item, room) for item in items]
        self.keep_together(110)
        first = self.row
        for part in range(len(_TILE_PARTS)):
            part_lines = max(len(tile[part]) for tile in tiles)
            for offset in range(part_lines):
                for place, (item, tile) in enumerate(zip(items, tiles, strict=True)):
                    text = tile[part][offset] if offset < len(tile[part]) else ""
                    self._tile_line(place, item, part, text)
                self._canvas.heights[self.row] = _TILE_PARTS[part]
                self.row += 1
        if self.row > first:
            self.gap(12)

    def _tile_line(self, place: int, item: KeyFigure, part: int, text: str) -> None:
        columns = range(1, 2) if place == 0 else range(2 * place, 2 * place + 2)
        base = Look(fill="tint", align="left", indent=1, middle=True)
        change = tone_color(item.change.tone) if item.change else "ink"
        look = (
            replace(base, size=10, color="secondary", bold=True),
            replace(base, bold=True, color="focus"),
            replace(base, bold=True, color=change),
            replace(base, size=9.5, color="secondary"),
        )[part]
        look = replace(look, gap=len(columns) == 1)
        if part == _BIG_PART:
            self._big(columns, item, look)
        elif text:
            self._canvas.put(self.row, columns[0], text, look)
        self._canvas.fill(self.row, columns[:-1], base)
        self._canvas.fill(self.row, columns[-1:], replace(base, gap=True))

    def _big(self, columns: range, item: KeyFigure, look: Look) -> None:
        scale = self._canvas.styles.text_scale
        width, cell = (self.first_width - 4) / scale, (self._widths[columns[0] - 1] - 2) / scale
        match item.value:
            case Number(value=value, format=how) if math.isfinite(value):
                # a number does not flow over into the next cell as text does
                size = largest_size(item.value.text, cell, BIG_SIZES)
                code = number_format(value, how, with_unit=True)
                self._canvas.put(
                    self.row,
                    columns[0],
                    value * excel_factor(how),
                    replace(look, size=size, number_format=code),
                )
            case Number() | Label():
                text = split_lines(item.value.text, width, BIG_SIZES[-1], bold=True)
                shown = text[0] if len(text) == 1 else f"{text[0]} …"
                self._canvas.put(
                    self.row, columns[0], shown, replace(look, size=largest_size(shown, width, BIG_SIZES))
                )
            case Missing():
                quiet = replace(look, size=12, bold=False, italic=True, color="secondary")
                self._canvas.put(self.row, columns[0], item.value.reason or "no reason given", quiet)

    def _callout(self, block: Callout) -> None:
        canvas, last = self._canvas, self.columns
        fill, color = tone_fill(block.tone), tone_color(block.tone)
        base = Look(fill=fill, edge=color, indent=1, align="left", middle=True)
        self.keep_together(20.0 + ROW_HEIGHT * len(block.sentences))
        first = self.row
        self.row = canvas.text(
            self.row, block.title, replace(base, bold=True, color=color, size=12), LINE_WIDTH - 2
        )
        canvas.heights[first] = 20.0
        for sentence in block.sentences:
            self.row = canvas.text(self.row, sentence.text, base, LINE_WIDTH - 2)
        for row in range(first, self.row):
            canvas.fill(row, range(1, 2), base)
            canvas.fill(row, range(2, last + 1), Look(fill=fill))
        self.gap()

    def _charts(self, charts: tuple[Chart, ...]) -> None:
        total = sum(map(pixels, self._widths))
        half = (total - CHART_GAP) // 2
        drawings = [draw(chart) for chart in charts]
        height = max(map(chart_height, drawings))
        width = total if charts[0].width == "full" else half
        self.keep_together((height / PIXELS_PER_ROW + 2) * ROW_HEIGHT)
        for index, drawing in enumerate(drawings):
            data = self._data.add(drawing)
            made = build_chart(drawing, data, self._palette, (width, height))
            self._anchor(made, index * (half + CHART_GAP), self.row, (width, height))
            self._canvas.sheet.add_chart(made)
            self._canvas.charts.append(PlacedChart(made, drawing.chart.alt.text))
        rows = -(-(height + 10) // PIXELS_PER_ROW)
        for row in range(self.row, self.row + rows):
            self._canvas.heights[row] = ROW_HEIGHT
        self.row += rows
        self._captions(charts)

    def _captions(self, charts: tuple[Chart, ...]) -> None:
        """Write what is drawn below each chart: programs differ in how they show a second line of a title."""
        room = TEXT_WIDTH / len(charts) - 4 if charts[0].width == "half" else LINE_WIDTH
        look = Look(size=9.5, color="secondary", align="left")
        room /= self._canvas.styles.text_scale
        said = [
            " ".join((c.subtitle.text, *left_out(c, most_bands=MAX_BANDS, draws_thin=False))).strip()
            for c in charts
        ]
        texts = [split_lines(text, room, look.size) for text in said]
        for offset in range(max(map(len, texts))):
            for index, lines in enumerate(texts):
                if offset < len(lines) and lines[offset]:
                    column = 1 + index * (self._tiles - 1)  # where the second half begins
                    self._canvas.put(self.row, column, lines[offset], replace(look, indent=index))
            self._canvas.heights[self.row] = ROW_HEIGHT
            self.row += 1
        self._canvas.reach(self.row - 1, self.columns)
        self.gap()

    def place_logo(self, logo: Logo) -> None:
        """Put the logo at the right end of the first row."""
        left = sum(map(pixels, self._widths)) - logo.width
        self._anchor(logo, left, 1, (logo.width, logo.height))
        self._canvas.logo = logo
        self._canvas.heights[1] = max(self._canvas.heights.get(1, 0.0), LOGO_HEIGHT)

    def _anchor(self, drawn: Any, left: int, row: int, size: tuple[int, int]) -> None:
        column = 0
        while left >= pixels(self._widths[column]):
            left -= pixels(self._widths[column])
            column += 1
        start = AnchorMarker(col=column, colOff=left * _EMU, row=row - 1, rowOff=4 * _EMU)
        drawn.anchor = OneCellAnchor(_from=start, ext=XDRPositiveSize2D(size[0] * _EMU, size[1] * _EMU))


def _tile_lines(item: KeyFigure, room: float) -> tuple[list[str], ...]:
    """Give the lines of each part of a tile; the big number is one line."""
    change = f"{item.change.sign} {item.change.sentence.text}".strip() if item.change else ""
    note = item.note.text if item.note else ""
    return (
        split_lines(item.label, room, 10, bold=True),
        [""],
        split_lines(change, room, bold=True) if change else [],
        split_lines(note, room, 9.5) if note else [],
    )


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


def title_look(text: str, width: float = LINE_WIDTH) -> Look:
    """Choose the largest size in which a title stays on one line."""
    return Look(size=largest_size(text, width, TITLE_SIZES), bold=True, color="focus")
