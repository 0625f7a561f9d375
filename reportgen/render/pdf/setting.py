"""HTML becomes a PDF: nothing is fetched from outside, and nothing may be missing."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from reportgen.errors import RenderError
from reportgen.render.glyphs import missing_characters
from reportgen.render.memory import without_collection
from reportgen.render.pdf.archive import declare_spaces
from reportgen.render.pdf.fit import lay_out
from reportgen.render.pdf.library import load_weasyprint
from reportgen.render.pdf.page import forget_styles, load_page, without_style
from reportgen.render.pdf.tags import mend_tags, write_out
from reportgen.render.templates import template_folders
from reportgen.render.theme import Theme

_PAYLOAD = re.compile(r"(;base64,.{16})[^'\s]+")


class Pages(NamedTuple):
    """What was set."""

    content: bytes
    """The PDF."""
    missing: tuple[str, ...]
    """Characters that no installed font has: empty boxes stand in their place."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a PDF says of itself."""

    standard: str = "pdf/ua-1"
    """As WeasyPrint names it."""
    properties: Mapping[str, str] = field(default_factory=dict)
    """Further entries of the document's information."""


_ACCESSIBLE = Claims()


def set_pdf(html: str, theme: Theme, claims: Claims = _ACCESSIBLE) -> Pages:
    """Set a page as a tagged PDF.

    Args:
        html: The whole page, for paper.
        theme: Says which folders the page may take files from.
        claims: The standard that it keeps, and its properties.

    Raises:
        MissingLibraryError: Pango is not installed.
        RenderError: WeasyPrint left something out: it says so only in its log.
    """
    content, records = _set(html, theme, claims)
    missing = missing_characters(records)
    others = [record for record in records if not missing_characters([record])]
    if others:
        told = _PAYLOAD.sub(r"\1...", "; ".join(others))
        raise RenderError(
            f"the page could not be set as it should be: {told}",
            where="pdf",
            do="If you use templates of your own, correct them; else please report this.",
        )
    return Pages(content, missing)


def _set(html: str, theme: Theme, claims: Claims) -> tuple[bytes, list[str]]:
    """Set the page; return it with what WeasyPrint warned of, each once."""
    weasyprint = load_weasyprint()
    folders = tuple(folder.resolve() for folder in template_folders(theme.templates))
    settings = {
        "base_url": f"{folders[0].as_uri()}/",
        "url_fetcher": page_fetcher(weasyprint, folders),
        "media_type": "print",
        "own": theme.templates is not None and any(theme.templates.rglob("*.j2")),
    }
    # one for all of this report; one for the process would make a second report's bytes others
    fonts: Any = weasyprint.text.fonts.FontConfiguration()
    is_ours = theme.templates is None
    with _watched_log() as records, without_collection():
        page, sheets = without_style(weasyprint, html) if is_ours else (html, [])
        document = lay_out(
            page,
            lambda part: load_page(weasyprint, part, **settings).render(
                font_config=fonts, pdf_variant=claims.standard, stylesheets=sheets
            ),
            own=not is_ours,
        )

        def finish(_: object, pdf: Any) -> None:
            mend_tags(pdf, claims.properties)
            if claims.standard.startswith("pdf/a"):
                declare_spaces(pdf)
            write_out(pdf)

        content: bytes = document.write_pdf(pdf_variant=claims.standard, pdf_identifier=True, finisher=finish)
    if records:
        forget_styles()
    return content, list(dict.fromkeys(records))


def allowed(url: str, folders: tuple[Path, ...]) -> bool:
    """Tell whether a page may load an address: data inside of it, or a file inside *folders*."""
    parts = urlsplit(url)
    if parts.scheme == "data":
        return True
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        return False
    path = Path(url2pathname(parts.path)).resolve()
    return any(path.is_relative_to(folder) for folder in folders)


def page_fetcher(weasyprint: ModuleType, folders: tuple[Path, ...]) -> Any:
    """Give what fetches for a page: data inside of it, and files inside *folders*."""
    fetcher_class: Any = weasyprint.urls.URLFetcher

    class TemplateFetcher(fetcher_class):  # type: ignore[misc]  # the library has no types
        """Refuses every address that leads out of the template folders."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            """Fetch *url* if the page may."""
            if not allowed(url, folders):
                raise ValueError(f"not inside the template folders: {url[:200]}")
            return super().fetch(url, headers)

    return TemplateFetcher(timeout=5, allowed_protocols={"file", "data"}, allow_redirects=False)


@contextmanager
def _watched_log() -> Iterator[list[str]]:
    """Collect what WeasyPrint warns of: a picture or a style that is missing raises nothing."""
    records: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record.getMessage())

    logger = logging.getLogger("weasyprint")
    collector = Collector(logging.WARNING)
    level, propagate = logger.level, logger.propagate
    logger.addHandler(collector)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield records
    finally:
        logger.removeHandler(collector)
        logger.setLevel(level)
        logger.propagate = propagate
