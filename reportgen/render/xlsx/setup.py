"""Document properties, print set-up and views: what every sheet has in common."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.document import ReportMeta
from reportgen.render.xlsx.names import one_line

_PAPER: Final = {"Letter": 1, "A4": 9}
_MARGIN: Final = 0.5
"""Inches."""
_FOOTER_TITLE: Final = 100


def set_up_workbook(workbook: Workbook, meta: ReportMeta, headline: str) -> None:
    """Set the document's properties; its dates are the report's, so that the bytes repeat."""
    built = meta.built_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties = workbook.properties
    properties.title = one_line(meta.title)[:250]
    properties.creator = one_line(meta.owner)[:250] or "reportgen"
    properties.lastModifiedBy = properties.creator
    properties.subject = one_line(headline)[:250]
    properties.description = one_line(f"Made by reportgen {meta.version} from data {meta.fingerprint}.")
    properties.language = one_line(meta.language)[:20] or "en"
    properties.created = properties.modified = built
    workbook.calculation.fullCalcOnLoad = False  # else Excel asks to save a file that nobody changed


def set_up_sheet(sheet: Worksheet, meta: ReportMeta) -> None:
    """Set paper, margins and footer, one page wide."""
    sheet.sheet_view.showGridLines = False
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
    footer.left.text, footer.right.text = title, "Page &P of &N"
