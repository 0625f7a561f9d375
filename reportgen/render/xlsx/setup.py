"""Document properties, print set-up and views: what every sheet has in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from itertools import accumulate
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.document import STAMP, Report, ReportMeta, stamp
from reportgen.language import spoken, tr
from reportgen.render.grid import TEXT_WIDTH
from reportgen.render.measure import pixels
from reportgen.render.xlsx.names import one_line
from reportgen.render.xlsx.rows import column_letter

_PAPER: Final = {"Letter": 1, "A4": 9}
_MARGIN: Final = 0.5
"""Inches."""
_FOOTER_TITLE: Final = 100
_PORTRAIT_HEIGHT: Final = {"Letter": 890.0, "A4": 985.0}
"""Points of rows on an upright page, on which a page of text is printed at three quarters of its size."""
_LANDSCAPE_WIDTH: Final = 720.0
"""Points of columns on the narrower of the two papers."""
_PLAIN_WIDTH: Final = 8.43
"""Of a column whose width nobody set."""
_SMALLEST_SCALE: Final = 0.6
"""Text of 11 points is still read at this scale."""


def set_up_workbook(workbook: Workbook, report: Report) -> None:
    """Set the document's properties; its dates are the report's, so that the bytes repeat."""
    meta, headline = report.meta, report.sections[0].title.text
    built = meta.built_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties = workbook.properties
    properties.title = one_line(meta.title)[:250]
    properties.creator = one_line(meta.owner)[:250] or "reportgen"
    properties.lastModifiedBy = properties.creator
    properties.subject = one_line(headline)[:250]
    properties.description = one_line(
        tr(
            "Made by reportgen {version} from data {fingerprint}.",
            version=meta.version,
            fingerprint=meta.fingerprint,
        )
    )
    properties.language = one_line(meta.language)[:20] or "en"
    properties.created = properties.modified = built
    own_properties: Any = workbook.custom_doc_props  # type: ignore[attr-defined]  # the stubs lack it
    own_properties.append(StringProperty(name=STAMP, value=stamp(report)))
    workbook.calculation.fullCalcOnLoad = False  # else Excel asks to save a file that nobody changed


def set_up_sheet(sheet: Worksheet, meta: ReportMeta) -> None:
    """Set paper, margins and footer, one page wide."""
    sheet.sheet_view.showGridLines = False
    turned = spoken().direction == "rtl"
    if turned:
        sheet.sheet_view.rightToLeft = True
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    setup = sheet.page_setup
    setup.orientation = "landscape"
    setup.paperSize = _PAPER[meta.paper]
    setup.fitToWidth, setup.fitToHeight = 1, 0
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = _MARGIN
    margins.bottom = 0.7
    title = one_line(meta.title)[:_FOOTER_TITLE].replace("&", "&&")
    footer: Any = sheet.oddFooter  # Any: the stubs take its parts for optional
    start, end = (footer.right, footer.left) if turned else (footer.left, footer.right)
    start.text, end.text = title, tr("Page {page} of {pages}", page="&P", pages="&N")


def set_portrait(sheet: Worksheet, meta: ReportMeta) -> float:
    """Print the first sheet upright, so that its page one holds the whole answer; give the room for rows."""
    sheet.page_setup.orientation = "portrait"
    return _PORTRAIT_HEIGHT[meta.paper]


def leave_out_hindrances(workbook: Workbook) -> None:
    """Take away frozen panes and filter buttons.

    The British guidance on spreadsheets for statistics (Analysis Function, "Releasing statistics in
    spreadsheets") asks for neither: people who enlarge the screen or hear it read get stuck in them.
    """
    for sheet in workbook.worksheets:
        sheet.freeze_panes = None
        for table in sheet.tables.values():
            table.autoFilter = None


def print_width(widths: Sequence[float], main: int) -> int:
    """Choose how many of a table's columns are printed, so that one page is wide enough and legible.

    Args:
        widths: Of all columns.
        main: Number of columns, from the left, that matter on paper.
    """
    room = _LANDSCAPE_WIDTH / _SMALLEST_SCALE
    ends = list(accumulate(pixels(width) * 0.75 for width in widths))
    if ends[-1] <= room:
        return len(ends)
    return max(1, min(main, sum(1 for end in ends if end <= room)))


def print_columns(sheet: Worksheet, count: int, last_row: int) -> None:
    """Print only the first columns, up to a row."""
    sheet.print_area = f"A1:{column_letter(count)}{last_row}"


def print_head(sheet: Worksheet, last_row: int) -> None:
    """Print the rows above a table alone, as wide as their text may be: nobody wants its rows on paper."""
    count, width = 0, 0.0
    while width < TEXT_WIDTH:
        count += 1
        letter = column_letter(count)
        known = sheet.column_dimensions  # which makes a column that is asked for
        width += known[letter].width if letter in known else _PLAIN_WIDTH
    print_columns(sheet, count, last_row)
