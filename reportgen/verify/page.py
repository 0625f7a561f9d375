"""What a web page holds: its texts in reading order, each with the section, row and column it stands in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from reportgen.document import STAMP
from reportgen.verify.interface import Item

_BLOCKS = frozenset(
    ("title", "h1", "h2", "h3", "p", "li", "th", "td", "text", "desc", "div", "section", "dt", "dd")
)
"""Elements whose text stands by itself."""
_SILENT = frozenset(("style", "script"))
_VOID = frozenset(("meta", "link", "br", "hr", "img", "col", "input", "wbr"))
_SPOKEN = ("aria-label", "alt", "content", "title")
"""Attributes that people read or hear."""


def read_stamp(path: Path) -> str | None:
    """Give the page's stamp; None without one."""
    return _read(path).stamp


def page_items(path: Path) -> Iterator[Item]:
    """Give every text of the page; cells by table, row and column, everything else by section and order."""
    yield from _read(path).items


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text("utf-8", "replace"))
    page.close()
    page.flush()
    return page


class _Page(HTMLParser):
    """Walks the page once and gathers its texts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.items: list[Item] = []
        self.stamp: str | None = None
        self._open: list[str] = []
        self._text: list[str] = []
        self._section, self._table, self._title = "", "", ""
        self._heads: list[str] = []
        self._row, self._column = "", -1
        self._used: Counter[tuple[str, ...]] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("name") == STAMP:
            self.stamp = given.get("content")
            return
        if tag in _BLOCKS:
            self.flush()
        self._enter(tag, given)
        for name in _SPOKEN:
            if given.get(name):
                self._add(("attribute", self._section, tag, name), f"{self._where()} ({name})", given[name])
        if tag not in _VOID:
            self._open.append(tag)

    def _enter(self, tag: str, given: dict[str, str]) -> None:
        if tag == "section":
            self._section = given.get("id", "").removeprefix("section-")
        elif tag == "table":
            self._table, self._heads = self._title or "table", []
        elif tag == "tr":
            self._row, self._column = "", -1
        elif tag in {"td", "th"}:
            self._column += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "table":
            self._table = ""
        elif tag in {"section", "main"}:
            self._section = ""

    def handle_data(self, data: str) -> None:
        if not _SILENT.intersection(self._open):
            self._text.append(data)

    def flush(self) -> None:
        """Take what was gathered as one text."""
        text = " ".join("".join(self._text).split())
        self._text = []
        if not text:
            return
        block = next((tag for tag in reversed(self._open) if tag in _BLOCKS), "")
        if block == "h2":
            self._title = text
        if self._table and block in {"td", "th"}:
            self._cell(text, is_head="thead" in self._open)
        else:
            self._add(("text", self._section, block), self._where(), text)

    def _cell(self, text: str, *, is_head: bool) -> None:
        if is_head:
            self._heads.append(text)
            self._add(("head", self._section, self._table), f"{self._where()}, head", text)
            return
        if self._column == 0:
            self._row = text
        column = (
            self._heads[self._column] if self._column < len(self._heads) else f"column {self._column + 1}"
        )
        place = f"{self._where()}, row {self._row!r}, column {column!r}"
        self._add(("cell", self._section, self._table, self._row, column), place, text)

    def _where(self) -> str:
        where = f"section {self._section!r}" if self._section else "page"
        return f"{where}, table {self._table!r}" if self._table else where

    def _add(self, key: tuple[str, ...], place: str, text: str) -> None:
        self._used[key] += 1
        self.items.append(Item((*key, str(self._used[key])), place, text))
