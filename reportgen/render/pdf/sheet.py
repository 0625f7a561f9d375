"""A page as one tall sheet, for a picture of it: what a style sheet asks for in vain is left out."""

from __future__ import annotations

import logging

from reportgen.render.pdf.library import load_weasyprint
from reportgen.render.pdf.setting import page_fetcher

_TALLEST_PX = 8000
_AS_BROWSERS = "td { vertical-align: middle } table table { text-align: left }"
"""What browsers do by themselves: a centred cell centres the table in it, not its text."""


def set_sheet(html: str, width_px: int) -> bytes:
    """Set a page that holds all its pictures itself as a PDF of one sheet.

    Raises:
        MissingLibraryError: Pango is not installed.
    """
    weasyprint = load_weasyprint()
    style = f"@page {{ size: {width_px}px {_TALLEST_PX}px; margin: 0 }}{_AS_BROWSERS}"
    logger = logging.getLogger("weasyprint")
    was_disabled, logger.disabled = logger.disabled, True
    try:
        page = weasyprint.HTML(string=html, url_fetcher=page_fetcher(weasyprint, ()), media_type="screen")
        # a mail is laid out by attributes of its tables
        content: bytes = page.write_pdf(stylesheets=[weasyprint.CSS(string=style)], presentational_hints=True)
    finally:
        logger.disabled = was_disabled
    return content
