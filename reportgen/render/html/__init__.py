"""One self-contained page: the report in a browser, and what the PDF is set from."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from reportgen.document import Report
from reportgen.render.html.page import Medium, page_html
from reportgen.render.memory import without_collection
from reportgen.render.theme import Theme

__all__ = ["HtmlRenderer", "Medium", "page_html"]


class HtmlRenderer:
    """``<slug>.html``."""

    format: ClassVar[str] = "html"
    suffix: ClassVar[str] = ".html"

    def render(self, report: Report, theme: Theme, target: Path) -> tuple[str, ...]:
        """Write the page: styles and charts inside, nothing from anywhere else.

        Raises:
            TemplateError: A template, or the logo, is missing or has a mistake.
        """
        with without_collection():
            page = page_html(report, theme, "screen")
        target.write_text(page, "utf-8", newline="\n")
        return ()
