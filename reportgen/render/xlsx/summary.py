"""The foot of the first sheet: a link to every other sheet, and what one must know of the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn

from reportgen.document import Report
from reportgen.language import mark, time_text, tr
from reportgen.render.grid import LINE_WIDTH
from reportgen.render.measure import ROW_HEIGHT, split_lines
from reportgen.render.xlsx.canvas import Canvas
from reportgen.render.xlsx.names import one_line
from reportgen.render.xlsx.pages import Page
from reportgen.render.xlsx.rows import area
from reportgen.render.xlsx.styles import Look

_AUDIENCES = {"executive": mark("executives"), "team": mark("the team"), "public": mark("the public")}
_HEADERS = (mark("Sheet"), mark("What it shows"))
_HEADING = Look(bold=True, fill="tint", line="secondary")


class ContentsEntry(NamedTuple):
    """One line of the contents."""

    sheet: str
    shows: str


def write_contents(canvas: Canvas, page: Page, entries: list[ContentsEntry], name: str) -> None:
    """Write the contents as a small table, each sheet's name a link to it."""
    if not entries:
        return
    page.keep_together((len(entries) + 1) * (ROW_HEIGHT + 2))
    top = page.row
    for column, header in enumerate(map(tr, _HEADERS), 1):
        canvas.put(top, column, header, _HEADING)
    canvas.fill(top, range(1, page.columns + 1), _HEADING)
    room = (LINE_WIDTH - page.first_width - 2) / canvas.styles.text_scale
    for row, entry in enumerate(entries, top + 1):
        canvas.put(row, 1, entry.sheet, Look(color="focus", underline=True, line="hairline", middle=True))
        canvas.put(row, 2, _first_line(entry.shows, room) or entry.sheet, Look(line="hairline", middle=True))
        canvas.fill(row, range(1, page.columns + 1), Look(line="hairline", middle=True))
        canvas.link(row, 1, entry.sheet)
        canvas.heights[row] = ROW_HEIGHT + 2
    last = top + len(entries)
    columns = [TableColumn(id=i, name=header) for i, header in enumerate(map(tr, _HEADERS), 1)]
    # no filter: there is nothing to filter in a handful of links
    canvas.sheet.add_table(
        ExcelTable(displayName=name, name=name, ref=area((top, 1), (last, 2)), tableColumns=columns)
    )
    page.row = last + 1
    page.gap()


def write_about(canvas: Canvas, page: Page, report: Report) -> None:
    """Write who made the report from what and when."""
    meta = report.meta
    page.keep_together(11 * ROW_HEIGHT)
    canvas.put(page.row, 1, tr("About this report"), _HEADING)
    canvas.fill(page.row, range(1, page.columns + 1), _HEADING)
    page.row += 1
    room = (LINE_WIDTH - page.first_width) / canvas.styles.text_scale
    facts: list[tuple[str, str | int]] = [
        (tr("Decision asked for"), report.open_decision),
        (tr("Issue") if meta.issue else tr("Period"), meta.issue_name),
        (tr("Made on"), _moment(meta.built_at)),
        (tr("Data until"), _moment(meta.data_until) if meta.data_until else ""),
        (tr("Runs"), meta.runs),
        (tr("Owner"), meta.owner),
        (tr("Contact"), meta.contact),
        (tr("Written for"), tr(_AUDIENCES[meta.audience])),
        (tr("Data fingerprint"), meta.fingerprint),
        (tr("Made by"), f"reportgen {meta.version}"),
    ]
    for label, value in facts:
        if value == "":
            continue
        canvas.put(page.row, 1, label, Look(color="secondary"))
        look = Look(align="left")
        match value:
            case int():
                canvas.put(page.row, 2, value, replace(look, number_format="#,##0"))
            case str():
                for offset, line in enumerate(split_lines(value, room)):
                    page.row += offset > 0
                    canvas.put(page.row, 2, line, look)
        page.row += 1


def _moment(moment: datetime) -> str:
    """Write a date out: as a number it would not flow over into the next cell."""
    return time_text(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def _first_line(text: str, width: float) -> str:
    """Keep the contents one line an entry; the whole text is the title of the sheet itself."""
    lines = split_lines(one_line(text), width - 2)
    return lines[0] if len(lines) == 1 else f"{lines[0]} …"
