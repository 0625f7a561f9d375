"""A page as WeasyPrint takes it, prepared so that it is set in less time and looks the same."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

_DOCTYPE = re.compile(r"\s*<!doctype html>", re.IGNORECASE)
_STYLE = re.compile(r"<style([^>]*)>([^<]*)</style>")
_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_STYLE_WITH_ENTITY = re.compile(r"<style[^>]*>[^<]*&")
_NOTES = re.compile(r"footnote|note\(")
"""How a style sheet asks for notes: ``float: footnote`` or ``position: note()``."""
_NOTE_RULE = re.compile(r"^::(?:foot)?note-.*$", re.MULTILINE)
_MARKER_RULE = re.compile(r"^::marker\b", re.MULTILINE)


def parsed(html: str) -> ET.Element | None:
    """Parse a page that is XML as well, as one of our own templates is; None for any other.

    The parser of XML is a hundred times as fast as one of HTML, which must expect anything.
    """
    doctype = _DOCTYPE.match(html)
    if doctype is None or _STYLE_WITH_ENTITY.search(html):
        return None  # in a style sheet, HTML leaves an entity as it is
    try:
        return ET.fromstring(html[doctype.end() :])  # noqa: S314 - without a doctype it declares no entities
    except ET.ParseError:
        return None


def load_page(weasyprint: ModuleType, html: str, *, own: bool, **settings: Any) -> Any:
    """Give a page to be set.

    Args:
        weasyprint: The library.
        html: The page.
        own: Whether a user's own template made it, which may count on what a parser of HTML mends.
        settings: Of `weasyprint.HTML`.
    """
    return _page_class(weasyprint)(html, None if own else parsed(html), settings)


def without_style(weasyprint: ModuleType, html: str) -> tuple[str, list[Any]]:
    """Take the style sheets out of a page of ours, but for the faces of its fonts.

    Returns:
        The page, and the style sheets as WeasyPrint reads them, which is done once in a process.
    """
    if _NOTES.search(html):
        return html, []
    sheets = []

    def take(match: re.Match[str]) -> str:
        faces = "".join(_FACE.findall(match[2]))
        sheets.append(_sheet(weasyprint, _FACE.sub("", match[2])))
        return f"<style{match[1]}>{faces}</style>" if faces else ""

    return _STYLE.sub(take, html), sheets


def forget_styles() -> None:
    """Read style sheets anew the next time, as WeasyPrint tells mistakes only when it reads."""
    _sheet.cache_clear()


@lru_cache(maxsize=8)
def _sheet(weasyprint: ModuleType, text: str) -> Any:
    return weasyprint.CSS(string=text, media_type="print", url_fetcher=_nothing)


def _nothing(url: str, *_: object, **__: object) -> Any:
    """Fetch nothing: our own style sheets refer to no file but the fonts."""
    raise ValueError(f"not for a style sheet: {url[:200]}")


@cache
def _page_class(weasyprint: ModuleType) -> Any:
    html_class: Any = weasyprint.HTML

    class Page(html_class):  # type: ignore[misc]  # the library has no types
        """WeasyPrint's page, which may be parsed already."""

        def __init__(self, text: str, tree: ET.Element | None, settings: dict[str, Any]) -> None:
            self.has_notes = _NOTES.search(text) is not None
            if tree is None:
                super().__init__(string=text, **settings)
                return
            self.base_url = settings["base_url"]
            self.url_fetcher = settings["url_fetcher"]
            self.media_type = settings["media_type"]
            self.wrapper_element = weasyprint.cssselect2.ElementWrapper.from_html_root(
                tree, content_language=None
            )
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> Any:  # noqa: FBT001, FBT002 - as it is called
            return super()._ua_stylesheets(forms) if self.has_notes or forms else [_plain_style(weasyprint)]

    return Page


@cache
def _plain_style(weasyprint: ModuleType) -> Any:
    """Give the style that all pages start from, without that of notes.

    WeasyPrint works out six styles for marks of notes and lists for every single element.
    """
    source: str = _NOTE_RULE.sub("", weasyprint.html.UA)
    return weasyprint.CSS(
        string=_MARKER_RULE.sub(":is(li, summary)::marker", source),
        counter_style=weasyprint.css.counters.CounterStyle(),
    )
