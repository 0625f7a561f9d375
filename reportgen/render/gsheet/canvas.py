"""One tab while it is put together: cells, looks, charts and all that lies on them. Rows and columns count from 0."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from reportgen.render.gsheet.looks import PLAIN, Look
from reportgen.render.gsheet.values import Value, clean_text


class Area(NamedTuple):
    """A rectangle of cells; ends are not in it."""

    top: int
    left: int
    bottom: int
    right: int

    def grid(self, sheet_id: int) -> dict[str, int]:
        """Give it as the interface takes it."""
        return {
            "sheetId": sheet_id,
            "startRowIndex": self.top,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left,
            "endColumnIndex": self.right,
        }

    def meets(self, other: Area) -> bool:
        """Tell whether the two share a cell."""
        apart = self.bottom <= other.top or other.bottom <= self.top
        return not (apart or self.right <= other.left or other.right <= self.left)


@dataclass(frozen=True, slots=True)
class PlacedChart:
    """A chart: what it draws, and where it stands when it is first made."""

    key: str
    spec: Mapping[str, Any]
    row: int
    column: int
    size: tuple[int, int]
    """Pixels."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A conditional format with a condition of ours, which is an expression without its sign."""

    key: str
    area: Area
    test: str
    format: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FilterView:
    """A ready filter for everybody's own use: conditions by column."""

    key: str
    title: str
    area: Area
    conditions: Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Input:
    """A cell that people choose in: what stands there at first, and the range that it may come from."""

    row: int
    column: int
    value: str
    choices: str
    """As a formula names it, such as ``'Live data'!$A$6:$A$20``."""
    allowed: tuple[str, ...]
    prompt: str


class Named(NamedTuple):
    """What a name for people's own formulas stands for."""

    area: Area
    origin: str = ""
    """Fingerprint of what it holds, where another column may come to the same name."""
    lasting: bool = False
    """Whether that tells one metric from all others at any time."""


@dataclass(slots=True)
class Canvas:
    """One tab."""

    key: str
    title: str
    sheet_id: int
    kind: Literal["page", "table", "data"] = "page"
    """``data`` is for the sheet's own use, and hidden."""
    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    paints: list[tuple[Area, Look]] = field(default_factory=list)
    """Looks in the order in which they are laid over one another."""
    widths: dict[int, int] = field(default_factory=dict)
    """Pixels by column."""
    frozen: tuple[int, int] = (0, 0)
    """Rows and columns that stay in sight."""
    charts: list[PlacedChart] = field(default_factory=list)
    banded: list[Area] = field(default_factory=list)
    filter: Area | None = None
    views: list[FilterView] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    names: dict[str, Named] = field(default_factory=dict)
    """Named ranges by the wanted name."""
    moored: dict[str, Area] = field(default_factory=dict)
    """Named ranges of ours that nothing is called by now, by their id, and the cells that they are led to."""
    inputs: list[Input] = field(default_factory=list)
    volatile: set[tuple[int, int]] = field(default_factory=set)
    """Cells that change with every publication: they are written always, and no hash holds them."""
    fills: list[tuple[Area, str]] = field(default_factory=list)
    """Formulas that go on over a range, each cell's moved along."""
    fitted: int = 0
    """Rows from the first on whose height is to follow what they hold."""
    plain: Look = PLAIN
    rows: int = 0
    columns: int = 0
    """How far its content reaches."""

    def put(self, row: int, column: int, value: Value, look: Look | None = None) -> None:
        """Write one cell."""
        if isinstance(value, str):
            value = clean_text(value) or None
        elif isinstance(value, float) and not math.isfinite(value):
            value = None  # a gap in what a chart reads; tables say in words why there is no number
        if value is not None:
            self.cells[row, column] = value
        self.reach(row + 1, column + 1)
        if look is not None:
            self.paint(Area(row, column, row + 1, column + 1), look)

    def put_row(self, row: int, values: Sequence[Value], look: Look | None = None) -> None:
        """Write cells side by side from the first column on."""
        for column, value in enumerate(values):
            self.put(row, column, value)
        if look is not None and values:
            self.paint(Area(row, 0, row + 1, len(values)), look)

    def paint(self, area: Area, look: Look) -> None:
        """Lay a look over a range; ranges of one look that touch become one."""
        self.reach(area.bottom, area.right)
        if self.paints:
            last, same = self.paints[-1]
            if same == look and last[:1] + last[2:3] == area[:1] + area[2:3] and last.right == area.left:
                self.paints[-1] = (Area(last.top, last.left, last.bottom, area.right), look)
                return
            if same == look and last[1::2] == area[1::2] and last.bottom == area.top:
                self.paints[-1] = (Area(last.top, last.left, area.bottom, last.right), look)
                return
        self.paints.append((area, look))

    def reach(self, rows: int, columns: int) -> None:
        """Make room for so many rows and columns."""
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)

    def grid(self) -> list[list[Value]]:
        """Give all cells, row by row, as they are first written."""
        grid: list[list[Value]] = [[None] * self.columns for _ in range(self.rows)]
        for (row, column), value in self.cells.items():
            grid[row][column] = value
        return grid

    @property
    def left_out(self) -> frozenset[tuple[int, int]]:
        """Cells that are nobody's edit when they differ: people choose there, or every publication writes."""
        return frozenset(self.volatile) | {(entry.row, entry.column) for entry in self.inputs}
