"""The report on paper: the page set by WeasyPrint, its tags mended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from reportgen.document import STAMP, Report, stamp
from reportgen.errors import RenderError
from reportgen.render.glyphs import font_warnings, spelled, spelled_out
from reportgen.render.html import page_html
from reportgen.render.memory import without_collection
from reportgen.render.pdf.setting import Claims, set_pdf
from reportgen.render.theme import Theme

__all__ = ["PdfRenderer"]

_FOR_ALL, _ARCHIVE = "pdf/ua-1", "pdf/a-3a"
"""One file cannot claim both: WeasyPrint writes one claim, and two would not be valid XMP."""
_MOST_TRIES = 3
"""What stands in for a character may itself need a font, but not for long."""


class PdfRenderer:
    """``<slug>.pdf``: tagged, bookmarked, fonts inside; the same report gives the same bytes."""

    format: ClassVar[str] = "pdf"
    suffix: ClassVar[str] = ".pdf"

    def render(self, report: Report, theme: Theme, target: Path) -> tuple[str, ...]:
        """Write the PDF; what no installed font has is spelled out, and a warning says so.

        Raises:
            MissingLibraryError: Pango is not installed; names the command that installs it.
            TemplateError: A template, a style sheet or the logo is missing or has a mistake.
            RenderError: Something in the page could not be set: a picture or style is missing.
        """
        with without_collection():
            content, missing = _set_readable(report, theme)
        target.write_bytes(content)
        return font_warnings(missing)


def _set_readable(report: Report, theme: Theme) -> tuple[bytes, tuple[str, ...]]:
    """Set the report, again with the characters spelled out that turn out to have no font."""
    claims = Claims(_ARCHIVE if report.meta.archive else _FOR_ALL, {STAMP: stamp(report)})
    page = page_html(report, theme, "print")
    content, boxes = set_pdf(page, theme, claims)
    missing = boxes
    for _ in range(_MOST_TRIES):
        if not boxes:
            return content, missing
        # in the report, so that charts and tables have room for it; then in the templates' own words
        sections = spelled_out(report.sections, missing)
        head, end, body = page_html(replace(report, sections=sections), theme, "print").partition("</head>")
        content, boxes = set_pdf(f"{head}{end}{spelled(body, missing)}", theme, claims)
        missing += boxes
    raise RenderError(
        f"no installed font has {', '.join(f'U+{ord(character):04X}' for character in boxes[:5])}",
        where="pdf",
        do="Install a font of a common kind, such as Noto Sans.",
    )
