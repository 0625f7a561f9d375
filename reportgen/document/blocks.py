"""The parts of a report, neutral to any output: what is said, not how it looks.

Every renderer must handle every block (`Block`) and every cell (`Cell`); a contract test holds
them to it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reportgen.document.formats import NumberFormat
from reportgen.document.text import Label, Number, Sentence

Tone = Literal["neutral", "focus", "baseline", "good", "bad", "caution"]
"""What a thing means; the theme gives each tone a colour, and word or sign always say it too."""
Width = Literal["full", "half"]


@dataclass(frozen=True, slots=True)
class Missing:
    """A cell without a value, with the reason to print: "not measured", "one run"."""

    reason: str
    short: str = ""
    """What PDF and page print instead where the reason fills half a table; the table's note explains it."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A short word with a tone and a sign, such as ``▲ better``."""

    text: str
    tone: Tone
    sign: str = ""
    """One character that carries the meaning without colour: ▲ ▼ ● ○ ?"""


@dataclass(frozen=True, slots=True)
class Chip:
    """How a key figure changed: a tone, a sign and a short sentence ("▲" and "2.1 points better")."""

    sentence: Sentence
    tone: Tone
    sign: str = ""


Cell = float | int | str | bool | datetime | Number | Label | Badge | Missing
"""``float``/``int`` take the column's format; ``str`` is our words or a user's text."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    key: str
    """Unique in the table; lower-case words joined by underscores."""
    heading: str
    """Without the unit; renderers append `NumberFormat.heading_unit` in brackets."""
    format: NumberFormat | None = None
    """Of numeric cells; None for a column of text."""
    goal: Literal["maximize", "minimize"] | None = None
    """Which way is good, for colours and arrows; None where neither is."""
    bar: bool = False
    """Draw a bar in the cell: diverging from zero for signed formats, from zero else."""
    field: str = ""
    """JSON pointer behind the row's ``ref`` where the cell's value stands in the frozen numbers."""
    detail: bool = False
    """May be left out where space is short (PDF, phone); always in the workbook."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: as many cells as the table has columns."""

    cells: tuple[Cell, ...]
    tone: Tone = "neutral"
    ref: str = ""
    """JSON pointer of what the row is about, such as ``/configurations/0``."""
    sub: str = ""
    """A second, smaller line under the first cell."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    sentence: Sentence
    style: Literal["lead", "body", "note", "heading"] = "body"
    """``heading``: of several charts that follow, where an output has no other place for it."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One big number on page one."""

    label: str
    value: Number | Label | Missing
    change: Chip | None = None
    note: Sentence | None = None
    """A small line: "baseline 90.1 %, target 97.0 %"."""
    trend: tuple[float, ...] = ()
    """A sparkline, oldest first."""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Three to five big numbers in a row."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Raises:
        ValueError: A row has not as many cells as there are columns, or two columns share a key.
    """

    id: str
    """Unique in the report, lower-case with underscores: file-safe and a safe Excel table name."""
    title: Sentence
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Sentence | None = None
    print_rows: int = 60
    """PDF and page show at most so many rows and say where the rest is; the workbook shows all."""
    heat: Literal["", "maximize", "minimize"] = ""
    """Where given, all numbers share one scale of shades, the better the darker."""

    def __post_init__(self) -> None:
        """Check the shape."""
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"table {self.id}: two columns share a key")
        for number, row in enumerate(self.rows):
            if len(row.cells) != len(keys):
                raise ValueError(
                    f"table {self.id}, row {number}: {len(row.cells)} cells for {len(keys)} columns"
                )


ChartKind = Literal["dot_interval", "dumbbell", "multiples", "bars", "lines", "scatter"]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a chart."""

    label: str
    format: NumberFormat
    log: bool = False
    dates: bool = False
    """Values are seconds since the Unix epoch (UTC) and shown as dates."""


@dataclass(frozen=True, slots=True)
class Point:
    """One mark.

    In ``dot_interval``, ``dumbbell`` and ``bars`` *label* names the row and *x* is the value; in a ``dumbbell``
    *low* is the value that it is held against.
    """

    x: float
    y: float = 0.0
    low: float | None = None
    high: float | None = None
    label: str = ""
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together: a line, or all dots of one meaning."""

    label: str
    points: tuple[Point, ...]
    tone: Tone = "neutral"
    style: Literal["plain", "dashed", "faint", "steps"] = "plain"
    """Of a line: ``dashed`` where it rests on fewer runs than before, ``faint`` for what lies behind another, whose
    label it has if it stands in for that one's band."""
    axis: Axis | None = None
    """Of ``multiples``: the values of this panel."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A line across the chart at one value of the value axis: baseline, target, limit."""

    value: float
    label: str
    tone: Tone = "baseline"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, once, for all back ends.

    ``multiples``: as ``dot_interval``, one panel a series, each with an axis of its own.
    ``dumbbell``: as ``dot_interval``; a second series, without points, names what the rows are held against.
    ``dot_interval`` and ``bars``: one series; points in reading order, top first; values on *x*.
    ``lines`` and ``scatter``: values on *y*; ``low``/``high`` of a line's points make its band.

    Raises:
        ValueError: No point, or a coordinate that is not finite.
    """

    id: str
    kind: ChartKind
    title: Sentence
    """The finding."""
    subtitle: Sentence
    """What is drawn, with the unit and what the bars or bands mean."""
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    alt: Sentence
    """For people who cannot see it: kind, what is compared, the finding; at most 250 characters."""
    references: tuple[Reference, ...] = ()
    width: Width = "full"

    def __post_init__(self) -> None:
        """Check that there is something finite to draw."""
        points = [point for series in self.series for point in series.points]
        if not points:
            raise ValueError(f"chart {self.id}: no points")
        for point in points:
            for value in (point.x, point.y, point.low or 0.0, point.high or 0.0):
                if not math.isfinite(value):
                    raise ValueError(f"chart {self.id}: a coordinate is not finite")


@dataclass(frozen=True, slots=True)
class Callout:
    """A box that stands out: the verdict, a caveat, a decision asked for."""

    title: str
    sentences: tuple[Sentence, ...]
    tone: Tone = "neutral"
    width: Width = "full"


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the glossary."""

    term: str
    definition: str
    forms: tuple[str, ...] = ()
    """How it is written where it is used, such as ``run`` and ``runs``; without any it is explained in any case."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """Words used in the report, explained."""

    entries: tuple[Term, ...]


Block = Paragraph | KeyFigures | Table | Chart | Callout | Glossary
