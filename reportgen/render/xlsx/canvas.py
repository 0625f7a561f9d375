"""One sheet while it is built: cells, sizes, links and charts, gathered before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from openpyxl.chart._chart import ChartBase
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.language import tr
from reportgen.render.cellformats import DATE_FORMAT
from reportgen.render.grid import LINE_WIDTH
from reportgen.render.measure import row_height, split_lines
from reportgen.render.sheets import sheet_address
from reportgen.render.xlsx.clean import Notes, clean, starts_like_formula
from reportgen.render.xlsx.databars import DataBar
from reportgen.render.xlsx.logo import Logo
from reportgen.render.xlsx.rows import Formula, PlacedCell, cell_xml, column_letter, row_xml
from reportgen.render.xlsx.sparklines import Sparklines
from reportgen.render.xlsx.styles import Look, Stylebook, turns

PAGE_HEIGHT: Final = 500.0
"""Points of rows on a printed page, landscape, without margins and footer."""


@dataclass(slots=True)
class PlacedChart:
    """A chart on a sheet, with its alternative text."""

    chart: ChartBase
    alt: str


@dataclass(slots=True)
class Canvas:
    """One sheet; *sheet* holds what openpyxl writes, everything else is written by this package."""

    sheet: Worksheet
    styles: Stylebook
    notes: Notes
    cells: dict[int, list[PlacedCell]] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    links: list[Hyperlink] = field(default_factory=list)
    charts: list[PlacedChart] = field(default_factory=list)
    logo: Logo | None = None
    bars: list[DataBar] = field(default_factory=list)
    sparklines: list[Sparklines] = field(default_factory=list)
    body: Callable[[], Iterator[str]] | None = None
    """Makes the rows of a long table, after all of *cells*, one text a row."""
    page_height: float = PAGE_HEIGHT
    """Points of a printed page's rows at the size they are printed in."""
    text_width: float = LINE_WIDTH
    """Of running text; less where less than that is printed."""
    last_row: int = 1
    last_column: int = 1

    @property
    def title(self) -> str:
        """The sheet's name."""
        return str(self.sheet.title)

    def put(self, row: int, column: int, value: object, look: Look) -> None:
        """Put one value into one cell, through the gate."""
        cleaned = clean(value)
        if cleaned.note:
            self.notes.add(self.title, cleaned.note)
        if cleaned.is_date and look.number_format == "General":
            look = replace(look, number_format=DATE_FORMAT)
        if isinstance(cleaned.value, str) and starts_like_formula(cleaned.value):
            look = replace(look, quoted=True)
        if turns(cleaned.value):
            look = replace(look, turned=True)
        self._place(row, PlacedCell(column, cleaned.value, self.styles.number(look)))

    def formula(self, row: int, column: int, text: str, result: str | float, look: Look) -> None:
        """Put a formula of ours into one cell, with its result."""
        if turns(result):
            look = replace(look, turned=True)
        self._place(row, PlacedCell(column, Formula(text, result), self.styles.number(look)))

    def fill(self, row: int, columns: range, look: Look) -> None:
        """Format empty cells of a row."""
        style = self.styles.number(look)
        taken = {cell.column for cell in self.cells.get(row, ())}
        for column in columns:
            if column not in taken:
                self._place(row, PlacedCell(column, None, style))

    def text(self, row: int, value: str, look: Look, width: float | None = None) -> int:
        """Write running text from the first column on, a row a line; give the next free row."""
        room = self.text_width if width is None else width
        for line in split_lines(value, room / self.styles.text_scale, look.size, bold=look.bold):
            if line:
                self.put(row, 1, line, look)
            self.heights[row] = row_height(1, max(look.size, 11))
            row += 1
        return row

    def link(self, row: int, column: int, sheet: str) -> None:
        """Make a cell lead to the top of another sheet."""
        self.links.append(
            Hyperlink(
                ref=f"{column_letter(column)}{row}",
                location=f"{sheet_address(sheet)}!A1",
                tooltip=tr("Go to {sheet}", sheet=sheet)[:255],
            )
        )

    def widen(self, column: int, width: float) -> None:
        """Set a column's width."""
        self.sheet.column_dimensions[column_letter(column)].width = round(min(width, 255.0), 2)

    def reach(self, row: int, column: int) -> None:
        """Note that the sheet reaches so far."""
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)

    def row_texts(self) -> Iterator[str]:
        """Write all rows, top first."""
        for row in sorted(self.cells.keys() | self.heights.keys()):
            cells = sorted(self.cells.get(row, ()), key=lambda cell: cell.column)
            yield row_xml(row, [cell_xml(row, cell) for cell in cells], self.heights.get(row))
        if self.body:
            yield from self.body()

    def _place(self, row: int, cell: PlacedCell) -> None:
        self.cells.setdefault(row, []).append(cell)
        self.reach(row, cell.column)
