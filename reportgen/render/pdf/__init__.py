"""The report on paper: the page set by WeasyPrint, its tags mended by pikepdf."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from reportgen.document import STAMP, Report, stamp
from reportgen.render.html import page_html
from reportgen.render.memory import without_collection
from reportgen.render.pdf.setting import set_pdf
from reportgen.render.pdf.tags import mend_tags
from reportgen.render.theme import Theme

__all__ = ["PdfRenderer"]

_FOR_ALL, _ARCHIVE = "pdf/ua-1", "pdf/a-3a"
"""One file cannot claim both: WeasyPrint writes one claim, and two would not be valid XMP."""


class PdfRenderer:
    """``<slug>.pdf``: tagged, bookmarked, fonts inside; the same report gives the same bytes."""

    format: ClassVar[str] = "pdf"
    suffix: ClassVar[str] = ".pdf"

    def render(self, report: Report, theme: Theme, target: Path) -> None:
        """Write the PDF.

        Raises:
            MissingLibraryError: Pango is not installed; names the command that installs it.
            TemplateError: A template, a style sheet or the logo is missing or has a mistake.
            RenderError: Something in the page could not be set: a picture or style is missing.
        """
        with without_collection():
            page = page_html(report, theme, "print")
            content = set_pdf(page, theme, _ARCHIVE if report.meta.archive else _FOR_ALL)
            content = mend_tags(content, {STAMP: stamp(report)})
        target.write_bytes(content)
