"""Small columns in cells that show the course of a run, and the sheet that they read.

openpyxl does not know sparklines: they are an extension of 2010, put into the sheet's XML as text.
Programs without it show an empty cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

from lxml.etree import _Element

from reportgen.document import Column, Missing, NumberFormat, Report, Row, Section, Table, phrase
from reportgen.language import mark, tr
from reportgen.render.sheets import sheet_address
from reportgen.render.xlsx.cells import COURSE_KEY
from reportgen.render.xlsx.extensions import MAIN, X14, XM, add_extension
from reportgen.render.xlsx.rows import area, column_letter

COURSES_SHEET: Final = mark("Courses")
RUNS: Final = "runs"
TOP: Final = 5
"""Row of the headings of the sheet of courses."""
_EXTENSION: Final = "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"


@dataclass(frozen=True, slots=True)
class Sparklines:
    """One column of small charts: where each reads and where it stands, in one colour (``RRGGBB``)."""

    places: tuple[tuple[str, str], ...]
    """Range that is read, and cell."""
    color: str


def courses_of(report: Report) -> dict[str, tuple[float, ...]]:
    """Give the course of every run whose points were read, by the run's id."""
    rows: Sequence[Mapping[str, Any]] = report.numbers.get("rows", ())
    return {str(row["id"]): tuple(row["course"]) for row in rows if row.get("course")}


def course_format(report: Report) -> NumberFormat | None:
    """Give the format in which the table of runs shows the deciding metric."""
    primary = str(report.numbers.get("primary") or "").replace("~", "~0").replace("/", "~1")
    tables = (block for block in report.blocks() if isinstance(block, Table) and block.id == RUNS)
    columns = (column for table in tables for column in table.columns)
    return next((column.format for column in columns if column.field == f"/values/{primary}"), None)


def with_courses(report: Report, courses: Mapping[str, Sequence[float]]) -> Report:
    """Add an empty column for the small charts to the table of runs, before the readers' own."""
    return replace(report, sections=tuple(_section(section, courses) for section in report.sections))


def _section(section: Section, courses: Mapping[str, Sequence[float]]) -> Section:
    if section.id != RUNS:
        return section
    blocks = tuple(
        _table(block, courses) if isinstance(block, Table) and block.id == RUNS else block
        for block in section.blocks
    )
    return replace(section, blocks=blocks)


def _table(table: Table, courses: Mapping[str, Sequence[float]]) -> Table:
    none = Missing(tr("none drawn"))
    rows = tuple(
        replace(row, cells=(*row.cells, "" if str(row.cells[0]) in courses else none)) for row in table.rows
    )
    column = Column(COURSE_KEY, tr("Course over the run"), detail=True)
    return replace(table, columns=(*table.columns, column), rows=rows)


def courses_table(courses: Mapping[str, Sequence[float]], how: NumberFormat | None) -> Table:
    """Give the sheet that the small charts read: one run a row, shown in the metric's format."""
    width = max(map(len, courses.values()))
    columns = (
        Column("run", tr("Run")),
        *(Column(f"point_{n}", tr("Point {n}", n=str(n)), how) for n in range(1, width + 1)),
    )
    gap = Missing(tr("none"))
    rows = tuple(Row((run, *values, *([gap] * (width - len(values))))) for run, values in courses.items())
    return Table("courses", phrase("The courses of single runs"), columns, rows)


def sparklines(
    table: Table, top: int, courses: Mapping[str, Sequence[float]], sheet: str, color: str
) -> Sparklines:
    """Say what each small chart of a written table of runs reads.

    Args:
        table: The table of runs.
        top: The row of its headings.
        courses: By run, in the order of the sheet that is read.
        sheet: Name of that sheet.
        color: Of the columns.
    """
    column = next(place for place, entry in enumerate(table.columns, 1) if entry.key == COURSE_KEY)
    lines = {run: line for line, run in enumerate(courses, TOP + 1)}
    places = []
    for row, entry in enumerate(table.rows, top + 1):
        line = lines.get(str(entry.cells[0]))
        if line is not None:
            read = area((line, 2), (line, 1 + len(courses[str(entry.cells[0])])))
            places.append((f"{sheet_address(sheet)}!{read}", f"{column_letter(column)}{row}"))
    return Sparklines(tuple(places), color)


def add_sparklines(root: _Element, groups: Sequence[Sparklines]) -> None:
    """Add the small charts to a sheet's XML."""
    held = "".join(_group(group) for group in groups if group.places)
    if held:
        add_extension(
            root,
            f'<ext xmlns="{MAIN}" uri="{_EXTENSION}" xmlns:x14="{X14}">'
            f'<x14:sparklineGroups xmlns:xm="{XM}">{held}</x14:sparklineGroups></ext>',
        )


def _group(group: Sparklines) -> str:
    lines = "".join(
        f"<x14:sparkline><xm:f>{escape(read, quote=False)}</xm:f><xm:sqref>{cell}</xm:sqref></x14:sparkline>"
        for read, cell in group.places
    )
    # each on its own scale: the shape of a run's course is what is to be seen
    return (
        '<x14:sparklineGroup type="column" displayEmptyCellsAs="gap" minAxisType="individual" '
        f'maxAxisType="individual"><x14:colorSeries rgb="FF{group.color}"/><x14:sparklines>{lines}</x14:sparklines>'
        "</x14:sparklineGroup>"
    )
