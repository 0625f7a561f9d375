"""Pages of running text: paragraphs, tiles, boxes and charts below one another, without merged cells."""

from __future__ import annotations

import math
from dataclasses import replace
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
    excel_factor,
)
from reportgen.render.xlsx.canvas import TEXT_WIDTH, Canvas, PlacedChart
from reportgen.render.xlsx.chart_parts import Palette
from reportgen.render.xlsx.chartdata import ChartData
from reportgen.render.xlsx.charts import build_chart, chart_height
from reportgen.render.xlsx.measure import (
    PIXELS_PER_ROW,
    ROW_HEIGHT,
    pixels,
    row_height,
    split_lines,
    text_width,
)
from reportgen.render.xlsx.plots import draw
from reportgen.render.xlsx.styles import Look, number_format, tone_color, tone_fill

FEWEST_COLUMNS: Final = 4
MOST_COLUMNS: Final = 6
BIG: Final = 20
CHART_GAP: Final = 14
"""Pixels between two charts side by side."""
PAGE_HEIGHT: Final = 500.0
"""Points of a printed page, landscape, without margins and footer."""
_EMU: Final = 9525
"""English metric units of one pixel."""

PageBlock = Paragraph | KeyFigures | Callout | Chart

TITLE_SIZES: Final = (18, 15, 13)


class Page:
    """Writes blocks onto a canvas from the top down."""

    __slots__ = ("_canvas", "_data", "_page_start", "_palette", "columns", "row")

    def __init__(
        self, canvas: Canvas, data: ChartData, palette: Palette, blocks: tuple[PageBlock, ...]
    ) -> None:
        self._canvas, self._data, self._palette = canvas, data, palette
        tiles = [len(block.items) for block in blocks if isinstance(block, KeyFigures)]
        self.columns = FEWEST_COLUMNS if max(tiles, default=0) <= FEWEST_COLUMNS else MOST_COLUMNS
        """Equal columns that all tiles share; an even number, so that two charts side by side fit as well."""
        for column in range(1, self.columns + 1):
            canvas.widen(column, self.column_width)
        self.row = self._page_start = 1

    @property
    def column_width(self) -> float:
        """Width of each column."""
        return TEXT_WIDTH / self.columns

    def write(self, blocks: tuple[PageBlock, ...]) -> None:
        """Write the blocks; two half-wide charts in a row share it."""
        waiting: Chart | None = None
        for block in blocks:
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
                    self._paragraph(block)
                case KeyFigures():
                    for first in range(0, len(block.items), self.columns):
                        self._tiles(block.items[first : first + self.columns])
                case Callout():
                    self._callout(block)
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
        if used and used + height > PAGE_HEIGHT:
            self._canvas.sheet.row_breaks.append(Break(id=self.row - 1))
            self._page_start = self.row

    def _paragraph(self, block: Paragraph) -> None:
        self.row = self._canvas.text(self.row, block.sentence.text, paragraph_look(block))
        self.gap()

    def _tiles(self, items: tuple[KeyFigure, ...]) -> None:
        canvas, room = self._canvas, self.column_width - 3
        self.keep_together(110)
        heights = [ROW_HEIGHT + 5, 31.0, 0.0, 0.0]
        for column, item in enumerate(items, 1):
            base = Look(fill="tint", gap=True, align="left", indent=1, wrap=True)
            first = replace(base, size=10, color="secondary", bold=True, middle=True)
            canvas.put(self.row, column, item.label, first)
            self._big(self.row + 1, column, item)
            change = f"{item.change.sign} {item.change.sentence.text}".strip() if item.change else ""
            words = tone_color(item.change.tone) if item.change else "ink"
            note = item.note.text if item.note else ""
            for offset, text, look in (
                (2, change, replace(base, bold=True, color=words)),
                (3, note, replace(base, size=9.5, color="secondary")),
            ):
                if text:
                    canvas.put(self.row + offset, column, text, look)
                    lines = len(split_lines(text, room, look.size, bold=look.bold))
                    heights[offset] = max(heights[offset], row_height(lines) + 2)
                else:
                    canvas.fill(self.row + offset, range(column, column + 1), base)
        for offset, height in enumerate(heights):
            canvas.heights[self.row + offset] = height or 4.0
        self.row += len(heights)
        self.gap(12)

    def _big(self, row: int, column: int, item: KeyFigure) -> None:
        look = Look(
            size=BIG, bold=True, color="focus", fill="tint", gap=True, align="left", indent=1, middle=True
        )
        match item.value:
            case Number(value=value, format=how) if math.isfinite(value):
                code = number_format(value, how, with_unit=True)
                look = replace(look, number_format=code)
                self._canvas.put(row, column, value * excel_factor(how), look)
            case Number() | Label():
                size = next(
                    (
                        s
                        for s in (BIG, 15, 12)
                        if text_width(item.value.text, s, bold=True) < self.column_width - 3
                    ),
                    10,
                )
                self._canvas.put(row, column, item.value.text, replace(look, size=size, wrap=size == 10))
            case Missing():
                quiet = replace(look, size=12, bold=False, italic=True, color="secondary")
                self._canvas.put(row, column, item.value.reason or "no reason given", quiet)

    def _callout(self, block: Callout) -> None:
        canvas, last = self._canvas, self.columns
        fill, color = tone_fill(block.tone), tone_color(block.tone)
        base = Look(fill=fill, edge=color, indent=1, align="left", middle=True)
        self.keep_together(20.0 + ROW_HEIGHT * len(block.sentences))
        first = self.row
        self.row = canvas.text(
            self.row, block.title, replace(base, bold=True, color=color, size=12), TEXT_WIDTH - 4
        )
        canvas.heights[first] = 20.0
        for sentence in block.sentences:
            self.row = canvas.text(self.row, sentence.text, base, TEXT_WIDTH - 4)
        for row in range(first, self.row):
            canvas.fill(row, range(1, 2), base)
            canvas.fill(row, range(2, last + 1), Look(fill=fill))
        self.gap()

    def _charts(self, charts: tuple[Chart, ...]) -> None:
        total = pixels(self.column_width) * self.columns
        half = (total - CHART_GAP) // 2
        drawings = [draw(chart) for chart in charts]
        height = max(map(chart_height, drawings))
        width = total if charts[0].width == "full" else half
        self.keep_together((height / PIXELS_PER_ROW + 2) * ROW_HEIGHT)
        for index, drawing in enumerate(drawings):
            data = self._data.add(drawing)
            made = build_chart(drawing, data, self._palette, (width, height))
            self._anchor(made, index * (half + CHART_GAP), (width, height))
            self._canvas.sheet.add_chart(made)
            self._canvas.charts.append(PlacedChart(made, drawing.chart.alt.text))
        rows = -(-(height + 10) // PIXELS_PER_ROW)
        for row in range(self.row, self.row + rows):
            self._canvas.heights[row] = ROW_HEIGHT
        self.row += rows
        self._captions(charts)

    def _captions(self, charts: tuple[Chart, ...]) -> None:
        """Write what is drawn below each chart: programs differ in how they show a second line of a title."""
        room = TEXT_WIDTH / len(charts) - 4 if charts[0].width == "half" else TEXT_WIDTH
        look = Look(size=9.5, color="secondary", align="left")
        texts = [split_lines(chart.subtitle.text, room, look.size) for chart in charts]
        for offset in range(max(map(len, texts))):
            for index, lines in enumerate(texts):
                if offset < len(lines) and lines[offset]:
                    column = 1 + index * self.columns // 2
                    self._canvas.put(self.row, column, lines[offset], replace(look, indent=index))
            self._canvas.heights[self.row] = ROW_HEIGHT
            self.row += 1
        self._canvas.reach(self.row - 1, self.columns)
        self.gap()

    def _anchor(self, chart: Any, left: int, size: tuple[int, int]) -> None:
        column, offset = divmod(left, pixels(self.column_width))
        start = AnchorMarker(col=column, colOff=offset * _EMU, row=self.row - 1, rowOff=4 * _EMU)
        chart.anchor = OneCellAnchor(_from=start, ext=XDRPositiveSize2D(size[0] * _EMU, size[1] * _EMU))


def paragraph_look(block: Paragraph) -> Look:
    """Choose how a paragraph looks."""
    match block.style:
        case "lead":
            return Look(size=13)
        case "body":
            return Look()
        case "note":
            return Look(italic=True, color="secondary")


def title_look(text: str, width: float = TEXT_WIDTH) -> Look:
    """Choose the largest size in which a title stays on one line."""
    size = next((s for s in TITLE_SIZES if text_width(text, s, bold=True) <= width), TITLE_SIZES[-1])
    return Look(size=size, bold=True, color="focus")
